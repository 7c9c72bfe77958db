/** Choosing a lesson, and opening a scenario of one's own. */
import { expect, test } from './stage.ts';

const OWN = `title: My own
stimuli:
  - at: 0
    visit: shop.example.com
`;

const WRONG = `title: My own
stimuli:
  - at: 0
    visit: 5
  - at: soon
    visit: www.example.com
colour: blue
`;

const file = (name: string, text: string) => ({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) });

test('the combobox finds a lesson by any of its words', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  await page.keyboard.press('/');
  const box = page.getByRole('combobox', { name: 'Lesson' });
  await expect(box).toBeFocused();
  expect(await page.getByRole('option').count()).toBeGreaterThan(10);
  await box.fill('no such');
  await expect(page.getByRole('option')).toHaveText(['No such name', 'No such type']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(stage.address).toHaveValue('wwww.example.com');
  await expect(page.getByRole('option', { name: 'No such name' })).toHaveAttribute('aria-selected', 'true');
});

test('at the beginning the lessons lie open, in teaching order, and one click opens one', async ({ stage, page }) => {
  await stage.open();
  await expect(page.getByRole('option').first()).toHaveText('First visit');
  await expect(page).toHaveTitle('How does a name become a page? · Rootwalk');
  await page.getByRole('option', { name: 'Another host' }).click();
  await expect(page).toHaveTitle('Same domain, new name: back to the root? · Rootwalk');
  await expect(stage.button(/^Another host/)).toBeVisible();
  await expect(page.getByText('A new name is not a new journey.')).toBeVisible();
});

test('every lesson of the library opens and plays to its end', async ({ stage, page }) => {
  // So many lessons take a busy machine more than a minute.
  test.slow();
  await stage.open();
  const names = (await page.getByRole('option').allTextContents()).map((name) => name.trim());
  // The first lesson is open already, so its name in the header would tell nothing; it is last.
  for (const name of [...names.slice(1), ...names.slice(0, 1)]) {
    await page.keyboard.press('Home');
    await page.getByRole('option', { name, exact: true }).click();
    await expect(stage.button(new RegExp(`^${name}(,|$)`))).toBeVisible();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('End');
    await expect(stage.alert).toHaveCount(0);
    await expect(stage.narration).toContainText(/^Step \d of 9\./);
  }
});

test('a scenario file opens, and its link carries it', async ({ stage, page }) => {
  await stage.open();
  await page.getByLabel('Open a scenario file').setInputFiles(file('mine.yaml', OWN));
  await expect(stage.address).toHaveValue('shop.example.com');
  await stage.button('Copy link').click();
  await expect(stage.alert).toContainText('Link copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('about:blank');
  await page.goto(link);
  await expect(stage.address).toHaveValue('shop.example.com');
});

test('every mistake of a file is listed with its line, what was found and what was expected', async ({ stage, page }) => {
  await stage.open();
  await page.getByLabel('Open a scenario file').setInputFiles(file('wrong.yaml', WRONG));
  const dialog = page.getByRole('dialog', { name: /^wrong\.yaml cannot be played: 3 mistakes/ });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('row')).toHaveCount(4);
  for (const line of ['4', '5', '7']) await expect(dialog.getByRole('cell', { name: line, exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(stage.address).toHaveValue('www.example.com');
});

for (const [what, octets] of [
  ['a picture', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff]],
  ['a text in UTF-16', [0xff, 0xfe, 0x74, 0x00, 0x69, 0x00]],
] as const)
  test(`${what} is said to be no text, once`, async ({ stage, page }) => {
    await stage.open();
    await page
      .getByLabel('Open a scenario file')
      .setInputFiles({ name: 'mine.yaml', mimeType: 'application/yaml', buffer: Buffer.from(octets) });
    const dialog = page.getByRole('dialog', { name: 'mine.yaml cannot be played: 1 mistake' });
    await expect(dialog.getByRole('cell', { name: 'octets that are no text' })).toBeVisible();
  });

test('a file dropped on the page opens', async ({ stage, page }) => {
  await stage.open();
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.yaml'));
    return data;
  }, OWN);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(stage.address).toHaveValue('shop.example.com');
});

test('a scenario too long for a link is offered as a file, which opens again', async ({ stage, page }) => {
  await stage.open();
  const words = Array.from({ length: 2_400 }, (_, i) => ((i * 7919) % 65_521).toString(36)).join(' ');
  await page.getByLabel('Open a scenario file').setInputFiles(file('long.yaml', `${OWN}notice:\n  - ${words}\n`));
  await expect(stage.address).toHaveValue('shop.example.com');
  await stage.button('Copy link').click();
  await expect(stage.alert).toContainText('too much for a link');
  const waiting = page.waitForEvent('download');
  await stage.alert.getByRole('link', { name: 'Save the file' }).click();
  const saved = await waiting;
  await stage.open('no-such-name');
  await page.getByLabel('Open a scenario file').setInputFiles(
    await saved.path().then(async (path) => ({
      name: saved.suggestedFilename(),
      mimeType: 'application/json',
      buffer: await import('node:fs/promises').then((fs) => fs.readFile(path)),
    })),
  );
  await expect(stage.address).toHaveValue('shop.example.com');
});
