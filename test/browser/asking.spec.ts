/** Any name may be typed. What this Internet does not have it says truthfully, as a browser does. */
import { expect, type Stage, test } from './stage.ts';

async function ask(stage: Stage, typed: string): Promise<void> {
  await stage.address.fill(typed);
  await stage.page.keyboard.press('Enter');
  await expect(stage.time).toBeVisible();
  await stage.page.keyboard.press('End');
}

test('a name that nobody has gets NXDOMAIN from the server that would know', async ({ stage }) => {
  await stage.open();
  await ask(stage, 'nowhere.example.com');
  await expect(stage.map.getByText('nowhere.example.com does not exist')).toBeVisible();
  await expect(stage.map.getByText('DNS_PROBE_FINISHED_NXDOMAIN')).toBeVisible();
  expect((await stage.hops()).some((hop) => hop.startsWith('No such name, example.com server to resolver'))).toBe(true);
});

test('the page for a name that does not exist says which names do', async ({ stage }) => {
  await stage.open();
  await ask(stage, 'nowhere.example.com');
  await expect(stage.map).toContainText(/www\.example\.com/);
  await expect(stage.map).toContainText(/shop\.example\.com/);
});

test('a domain that nobody has registered is refused by its parent', async ({ stage }) => {
  await stage.open();
  await ask(stage, 'www.unregistered.com');
  await expect(stage.map.getByText('www.unregistered.com does not exist')).toBeVisible();
  expect((await stage.hops()).some((hop) => hop.startsWith('No such name, .com server to resolver'))).toBe(true);
});

test('the address bar says what was typed for the visit at hand, also on the way back', async ({ stage, page }) => {
  await stage.open('another-host@10020ms');
  await expect(stage.address).toHaveValue('shop.example.com');
  await page.keyboard.press('Home');
  await expect(stage.address).toHaveValue('www.example.com');
  await page.keyboard.press('End');
  await expect(stage.address).toHaveValue('shop.example.com');
  await stage.address.fill('www.example.net');
  await expect(stage.address).toHaveValue('www.example.net');
});

for (const [typed, why, told] of [
  ['localhost', 'refused to connect', 'That is this computer itself.'],
  ['printer.local', 'No resolver is asked', 'For such a name no resolver is asked.'],
] as const)
  test(`${typed} never leaves the computer, and a page says so at once`, async ({ stage }) => {
    await stage.open();
    await ask(stage, typed);
    await expect(stage.map.getByText(why)).toBeVisible();
    await expect(stage.page.getByRole('heading', { name: told })).toBeVisible();
    await expect(stage.time).toHaveAttribute('aria-valuetext', / [0-9](\.[0-9])? ms/);
    expect(await stage.hops()).toEqual([]);
  });

for (const [typed, code] of [
  ['not a name', /ERR_|INVALID|DNS_PROBE/],
  ['http://[', /ERR_/],
  ['a..b.example', /ERR_/],
] as const) {
  test(`“${typed}” is no name: the browser says so itself, and asks nobody`, async ({ stage }) => {
    await stage.open();
    await ask(stage, typed);
    await expect(stage.map.getByText('This is no web address')).toBeVisible();
    await expect(stage.map.getByText(code)).toBeVisible();
    expect(await stage.hops()).toEqual([]);
  });
}

test('another name can be asked in the middle of a run, and a whole URL may be typed', async ({ stage, page }) => {
  await stage.open('first-visit@300ms');
  await stage.address.fill('http://shop.example.com/cart?x=1');
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  await expect(stage.button('Pause')).toBeVisible();
  await page.keyboard.press('End');
  await expect(stage.step(9)).toHaveAttribute('data-state', 'done');
  await expect(stage.step(3)).toHaveAttribute('data-state', 'skipped');
});
