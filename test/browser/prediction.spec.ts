/** Questions that are asked before the thing happens: offered by the lesson, never put upon anybody. */
import { AxeBuilder } from '@axe-core/playwright';
import { faultsOf } from './faults.ts';
import { expect, type Stage, test } from './stage.ts';

/** The first lesson at its first question. */
async function askedWhoIsNext(stage: Stage): Promise<void> {
  await stage.page.addInitScript(() => localStorage.setItem('rootwalk.preferences', JSON.stringify({ askFirst: true })));
  await stage.open('first-visit@50ms');
  await stage.button('Next step').click();
}

test('asked first, a lesson halts before the step, takes a guess by key, and says why', async ({ stage, page }) => {
  await stage.open();
  await page.getByRole('checkbox', { name: 'Ask me first: 2 questions on the way' }).check();
  await stage.go.click();
  const question = page.getByRole('heading', { name: 'Whom does the resolver ask next?' });
  await expect(question).toBeVisible();
  await expect(stage.button('Play')).toBeVisible();
  await expect(stage.narration).toHaveText('A question: Whom does the resolver ask next?');
  expect((await stage.steps())[4]).toBe('5 pending');

  const choices = page.getByRole('list', { name: 'Whom does the resolver ask next?' }).getByRole('listitem');
  const wrong = await choices.filter({ hasText: 'ns-2049' }).locator('.letter').textContent();
  await page.keyboard.press(wrong ?? '');
  await expect(choices.filter({ hasText: 'ns-2049' })).toContainText('your guess');
  await expect(choices.filter({ hasText: 'ns-2048' })).toContainText('this happens');
  await expect(page.getByText('It holds the same zone, but only its name came.')).toBeVisible();
  // Whoever hears the page learns what is drawn as a frame and a tick.
  await expect(page.getByText(/^No\. [A-D] happens: .*ns-2048/)).toBeAttached();

  await page.keyboard.press(' ');
  await expect(question).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'How many questions has the resolver sent?' })).toBeVisible();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(stage.step(7)).toHaveAttribute('data-state', 'active');
});

test('nobody is asked who does not want to be', async ({ stage }) => {
  await stage.open('first-visit@50ms');
  await stage.button('Next step').click();
  await expect(stage.step(5)).toHaveAttribute('data-state', 'active');
});

test('a question before somebody does something stays open until it is answered', async ({ stage, page }) => {
  await page.addInitScript(() => localStorage.setItem('rootwalk.preferences', JSON.stringify({ askFirst: true })));
  await stage.open('record-change@99s');
  await page.keyboard.press('ArrowRight');
  await expect(
    page.getByRole('heading', { name: 'You change the address of www. How many packets does that cause?' }),
  ).toBeVisible();
  await page.getByRole('button', { name: 'none' }).click();
  await expect(page.getByText('Whoever keeps a copy asks again when it has run out.')).toBeVisible();
});

test('a question is asked beside the picture of a registration as well', async ({ stage, page }) => {
  await page.addInitScript(() => localStorage.setItem('rootwalk.preferences', JSON.stringify({ askFirst: true })));
  await stage.open('transfer-domain@432599s');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('region', { name: 'Registration' })).toBeVisible();
  await page.getByRole('button', { name: 'those of the new registrar' }).click();
  await expect(page.getByText('What the registry publishes stays as it is.')).toBeVisible();
});

test('its letters stand at the stations and in the future, and tell what is seen once there is a guess', async ({
  stage,
  page,
}) => {
  await askedWhoIsNext(stage);
  const choices = page.getByRole('list', { name: 'Whom does the resolver ask next?' }).getByRole('listitem');
  const letter = async (text: string): Promise<string> =>
    (await choices.filter({ hasText: text }).locator('.letter').textContent()) ?? '';
  const [both, right, wrong] = await Promise.all(['a root or .com server', 'ns-2048', 'ns-2049'].map(letter));
  const four = [both, both, right, wrong].sort();
  const onMap = stage.map.locator('.letters text');
  const ahead = page.getByRole('region', { name: 'Timetable' }).locator('.futures');
  await expect(onMap).toHaveCount(4);
  // Their names would give the answer away.
  await expect(stage.step(5)).toBeHidden();
  await expect(ahead).toContainText('what comes next is your guess');
  expect((await onMap.allTextContents()).sort()).toEqual(four);
  await expect(ahead.locator('g text')).toHaveCount(4);

  await page.keyboard.press(wrong ?? '');
  await expect(ahead).toContainText(`${right}: the answer comes at once`);
  await expect(ahead).toContainText(`${wrong}: three questions more before it can be asked`);

  await stage.button(`Try ${wrong} instead`).click();
  await expect(choices).toHaveCount(0);
  await expect(onMap).toHaveCount(0);
  await expect(page.getByText('what if: stop ns-2048')).toBeVisible();
  await expect(stage.button('Pause')).toBeVisible();
  await stage.button(/^Undo guess/).click();
  await expect(page.getByText('what if: stop ns-2048')).toHaveCount(0);
});

test('what no line of a scenario makes come about is not offered', async ({ stage, page }) => {
  await page.addInitScript(() => localStorage.setItem('rootwalk.preferences', JSON.stringify({ askFirst: true })));
  await stage.open('record-change@99s');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'one for each resolver' }).click();
  await expect(page.getByText('Route 53 does not know who they are.')).toBeVisible();
  await expect(stage.button('See it happen Space')).toBeVisible();
  await expect(stage.button(/^Try . instead$/)).toHaveCount(0);
});

test('the clock says that it stands for a question, and each choice tells what is so once there is a guess', async ({
  stage,
  page,
}) => {
  await askedWhoIsNext(stage);
  await expect(page.getByText('since Enter, paused for a question')).toBeVisible();
  await expect(page.getByText('Its address came enclosed.')).toHaveCount(0);
  await page.getByRole('button', { name: 'ns-2049' }).last().click();
  for (const fact of ['Its address came enclosed.', 'They have said all they know.', 'Named, but no address.'])
    await expect(page.getByText(fact)).toBeVisible();
  await page.keyboard.press(' ');
  await expect(page.getByText('paused for a question')).toHaveCount(0);
});

test('on a wall a wrong guess can be tried, by a button as large as the words', async ({ stage, page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await askedWhoIsNext(stage);
  await page.keyboard.press('f');
  await page.getByRole('button', { name: /a root or \.com server/ }).click();
  const attempt = stage.button(/^Try . instead$/);
  await expect(attempt).toBeVisible();
  expect(await attempt.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThanOrEqual(27);
  await attempt.click();
  await expect(page.getByRole('heading', { name: 'Whom does the resolver ask next?' })).toHaveCount(0);
});

test('a lesson that somebody has changed asks nothing more: what is right was written for the lesson as it stands', async ({
  stage,
  page,
}) => {
  await askedWhoIsNext(stage);
  await page.getByRole('button', { name: /a root or \.com server/ }).click();
  await stage.button(/^Try . instead$/).click();
  await expect(page.getByText('what if: isp starts anew')).toBeVisible();
  await page.keyboard.press('End');
  await expect(stage.step(9)).toHaveAttribute('data-state', 'done');
  await expect(page.getByRole('heading', { name: 'How many questions has the resolver sent?' })).toHaveCount(0);
});

const FORMS = [
  { form: 'wide', width: 1440, height: 900 },
  { form: 'low', width: 1280, height: 720 },
  { form: 'tablet', width: 1024, height: 768 },
  { form: 'phone', width: 390, height: 844 },
  { form: 'presenter', width: 1920, height: 1080 },
] as const;
for (const { form, ...viewport } of FORMS)
  test(`all of a question can be read and heard, before a guess and after it, ${form}`, async ({ stage, page }) => {
    await page.setViewportSize(viewport);
    await askedWhoIsNext(stage);
    if (form === 'presenter') await page.keyboard.press('f');
    const read = async (): Promise<readonly string[]> => {
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      return [
        ...(await faultsOf(page)),
        ...violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`)),
      ];
    };
    await expect(stage.map.locator('.letters text')).toHaveCount(4);
    expect(await read()).toEqual([]);
    await page.getByRole('button', { name: 'ns-2049' }).last().click();
    await expect(page.getByText('your guess', { exact: true })).toBeVisible();
    expect(await read()).toEqual([]);
  });
