/** Registering a name: from the page that says it does not exist to the page that comes, with the waiting in between. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { faultsOf } from './faults.ts';
import { expect, type Stage, test } from './stage.ts';

const pictureOf = (page: Page): Locator => page.getByRole('region', { name: 'Registration' });
const stopOf = (page: Page, title: string): Locator =>
  pictureOf(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: title }) });
const formOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Register a domain' });

/** Asks for a name, and goes to where the browser has its answer. */
async function askFor(stage: Stage, name: string): Promise<void> {
  await stage.open();
  await stage.address.fill(name);
  await stage.page.keyboard.press('Enter');
  await expect(stage.step(2)).toHaveAttribute('data-state', /active|done/);
  await stage.page.keyboard.press('End');
}

test('a name that nobody has is ordered, published, given a record, waited for, and then its page comes', async ({
  stage,
  page,
}) => {
  await askFor(stage, 'www.blue-otter.com');
  await expect(stage.map).toContainText('www.blue-otter.com does not exist');
  await expect(stage.map).toContainText('Nobody has registered blue-otter.com.');
  await stage.button('Register it').click();
  await expect(formOf(page).getByLabel('Domain')).toHaveValue('blue-otter.com');
  await formOf(page).getByRole('button', { name: 'Order blue-otter.com' }).click();

  await expect(pictureOf(page).getByRole('heading', { name: 'blue-otter.com. ordered' })).toBeVisible();
  await expect(stage.narration).toHaveText(/^Stop a of five, a to e\. The name is ordered\./);
  await stopOf(page, 'A hosted zone appears')
    .getByRole('button', { name: /^Wait 2 min/ })
    .click();
  await expect(stopOf(page, 'A hosted zone appears').getByRole('table')).toContainText('ns-2051.awsdns-67.co.uk.');
  await stopOf(page, 'The registry publishes')
    .getByRole('button', { name: /^Wait 1 min/ })
    .click();
  await expect(stopOf(page, 'The registry publishes')).toContainText('blue-otter.com. NS 4');
  await stopOf(page, 'You add a record').getByRole('button', { name: 'Add the record' }).click();
  await expect(stopOf(page, 'You add a record')).toContainText('PENDING');

  // The resolver keeps the no that it was told before the order.
  await pictureOf(page).getByRole('button', { name: 'Ask for www.blue-otter.com now' }).click();
  await expect(stage.map).toBeVisible();
  await page.keyboard.press('End');
  await expect(stage.map).toContainText('blue-otter.com is registered. The resolver keeps its old “no”.');
  await stage.map.getByRole('button', { name: /^Wait 10 min/ }).click();
  await expect(stopOf(page, 'All can resolve')).toContainText('No cache remembers the time before.');
  await expect(stopOf(page, 'You add a record')).toContainText('INSYNC');

  await pictureOf(page).getByRole('button', { name: 'Ask for www.blue-otter.com now' }).click();
  await expect(stage.map).toBeVisible();
  await page.keyboard.press('End');
  await expect(stage.map.getByText('Example Domain')).toBeVisible();
});

test('all of it goes by keyboard, lands in undo, and travels in the link', async ({ stage, page }) => {
  await askFor(stage, 'blue-otter.net');
  await stage.button('Register it').press('Enter');
  await expect(formOf(page).getByLabel('Domain')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(formOf(page)).toBeHidden();
  await expect(stage.map).toBeVisible();
  await stage.button('Register it').press('Enter');
  // The form takes the focus when it is there; an Enter before that would press the button again.
  await expect(formOf(page).getByLabel('Domain')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(pictureOf(page)).toBeVisible();
  await stage.button('Copy link').click();
  await expect(page.getByText('Link copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('Control+z');
  await expect(pictureOf(page)).toBeHidden();
  await expect(stage.button('Register it')).toBeVisible();
  await page.goto('about:blank');
  await page.goto(link);
  await expect(stage.button('Packets')).toBeVisible();
  await stage.button('Registration').click();
  await expect(stopOf(page, 'You order the name')).toContainText('blue-otter.net');
});

test('a name that cannot be ordered is refused in words', async ({ stage, page }) => {
  await askFor(stage, 'blue-otter.com');
  await stage.button('Register it').click();
  const domain = formOf(page).getByLabel('Domain');
  for (const [typed, words] of [
    ['example.com', 'somebody has registered it'],
    ['com', 'it belongs to a registry'],
    ['www.blue-otter.com', 'it lies below blue-otter.com'],
    ['blue-otter.xyz', 'Sold here: .com, .net'],
    ['blue_otter.com', 'letters, digits and inner hyphens'],
  ] as const) {
    await domain.fill(typed);
    await expect(formOf(page)).toContainText(words);
    await expect(domain).toHaveAttribute('aria-invalid', 'true');
  }
  await domain.press('Enter');
  await expect(formOf(page)).toBeVisible();
});

test('a name whose contact nobody verifies is on hold after 15 days, until the link is followed', async ({ stage, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await askFor(stage, 'blue-otter.com');
  await stage.button('Register it').click();
  await formOf(page)
    .getByRole('radio', { name: /Not yet/ })
    .check();
  await expect(formOf(page)).toContainText('vanishes from .com');
  await formOf(page).getByRole('button', { name: 'Order blue-otter.com' }).click();
  await expect(stopOf(page, 'You order the name')).toContainText('not verified');
  for (let day = 2; day <= 16; day += 2) {
    await stage.button('+2 days').click();
    await expect(page.getByRole('group', { name: 'Transport' })).toContainText(`${day} days`);
  }
  await expect(stopOf(page, 'The registry takes it out')).toContainText('clientHold');
  await stage.button('Follow the link in the e-mail').click();
  await expect(stopOf(page, 'The registry publishes')).toContainText('blue-otter.com. NS 4');
});

test('a name that another registrar has is transferred, once its lock is off; its name servers stay', async ({ stage, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await askFor(stage, 'blue-otter.com');
  await stage.button('Register it').click();
  await formOf(page).getByLabel('Domain').fill('example.net');
  await expect(formOf(page).getByRole('button', { name: 'Transfer example.net here' })).toBeDisabled();
  await formOf(page).getByLabel('authorization code').fill('Heron-7');
  await formOf(page).getByRole('button', { name: 'Transfer example.net here' }).click();
  await expect(stopOf(page, 'You order the transfer')).toContainText('clientTransferProhibited');
  await stage.button('Have the old registrar open the lock').click();
  await stage.button('Order the transfer again').click();
  await expect(stopOf(page, 'You order the transfer')).toContainText('accepted');
  await stopOf(page, 'The name changes hands').getByRole('button', { name: /^Wait/ }).click();
  await expect(stopOf(page, 'The name changes hands')).toContainText('example.net. NS 2');
});

test('a name below a registered domain is not offered', async ({ stage }) => {
  await askFor(stage, 'nowhere.example.com');
  await expect(stage.map).toContainText('Names that exist here');
  await expect(stage.button('Register it')).toHaveCount(0);
});

test('between visits the registration stands in the map’s place; a button brings the packets back', async ({ stage, page }) => {
  await stage.open('register-and-wait@400s');
  await expect(pictureOf(page)).toBeVisible();
  await expect(stage.map).toBeHidden();
  await stage.button('Packets').click();
  await expect(stage.map).toBeVisible();
  await expect(pictureOf(page)).toBeHidden();
  await stage.button('Registration').click();
  await expect(pictureOf(page)).toContainText('Two resolvers, asked at 5:30');
});

for (const { form, width, height } of [
  { form: 'screen', width: 1440, height: 900 },
  { form: 'low screen', width: 1280, height: 720 },
  { form: 'tablet', width: 1024, height: 768 },
  { form: 'phone', width: 390, height: 844 },
])
  test(`the pictures and the order form can be read and heard on a ${form}, in both themes`, async ({ stage, page }) => {
    test.setTimeout(180_000);
    await page.setViewportSize({ width, height });
    const wrong: string[] = [];
    const seen = async (what: string): Promise<void> => {
      const found = await faultsOf(page);
      wrong.push(...found.filter((fault) => !fault.includes('div.chart')).map((fault) => `${what}: ${fault}`));
    };
    const heard = async (what: string): Promise<void> => {
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        wrong.push(...violations.map(({ id, nodes }) => `${what}, ${colorScheme}: ${id}: ${nodes[0]?.html}`));
      }
    };
    for (const at of [
      'register-and-wait@200s',
      'register-and-wait@400s',
      'moving-dns@700s',
      'never-verified@1400000s',
      'transfer-domain@62s',
    ]) {
      await stage.open(at);
      await expect(pictureOf(page)).toBeVisible();
      await expect(stage.narration).toHaveText(/^Stop [a-e] of /);
      await seen(at);
    }
    await heard('a transfer that is refused');
    await askFor(stage, 'www.blue-otter.com');
    await expect(stage.button('Register it')).toBeVisible();
    await seen('the offer');
    await stage.button('Register it').click();
    await expect(formOf(page)).toBeVisible();
    await seen('the order form');
    await heard('the order form');
    await formOf(page).getByRole('button', { name: 'Order blue-otter.com' }).click();
    await expect(stopOf(page, 'You order the name')).toBeVisible();
    await heard('the picture');
    expect(wrong).toEqual([]);
  });

test('on a wall the stop at hand is large enough for the last row, and the stops stand in a row at the foot', async ({
  stage,
  page,
}) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  for (const [moment, letter, title, seen] of [
    ['register-and-wait@270s', 'b', 'A hosted zone appears', 'ns-2051.awsdns-67.co.uk.'],
    ['moving-dns@700s', 'c', 'Both are asked', 'Both services must answer, and alike.'],
  ] as const) {
    await stage.open(moment);
    await page.keyboard.press('f');
    const row = page.getByRole('list', { name: 'Stops of the order' });
    await expect(row.locator('[aria-current=step]')).toHaveText(`${letter}${title}`);
    await expect(pictureOf(page)).toContainText(seen);
    await expect(pictureOf(page).getByRole('button')).toHaveCount(0);
    expect(await faultsOf(page)).toEqual([]);
    const smallest = await page.evaluate(() =>
      Math.min(
        ...[...document.querySelectorAll<HTMLElement>('[aria-label=Registration] *, [aria-label="Stops of the order"] *')]
          .filter(
            (one) =>
              !one.closest('svg, .unseen') && [...one.childNodes].some((node) => node instanceof Text && node.data.trim() !== ''),
          )
          .map(
            (one) => (Number.parseFloat(getComputedStyle(one).fontSize) * one.getBoundingClientRect().height) / one.offsetHeight,
          ),
      ),
    );
    expect(smallest).toBeGreaterThanOrEqual(27);
  }
});
