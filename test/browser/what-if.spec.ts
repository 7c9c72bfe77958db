/** What if? A change at the present moment: the past stays, the future is run again, and undo takes it back. */
import { expect, test } from './stage.ts';

test('a dropped referral is asked for again; undo brings the first run back, redo the second', async ({ stage, page }) => {
  const dialog = page.getByRole('dialog', { name: 'What if' });
  await stage.open('first-visit@45ms');
  await page.keyboard.press('End');
  const straight = await stage.hops();
  await stage.open('first-visit@45ms');
  const past = await stage.hops();
  await page.keyboard.press('w');
  await expect(dialog).toContainText('45.0 ms');
  await dialog.getByRole('button', { name: /^Drop this packet/ }).click();
  await expect(stage.button(/^Undo drop of referral/)).toBeVisible();
  await expect(dialog).toHaveCount(0);
  expect(await stage.hops()).toEqual(past);

  await page.keyboard.press('End');
  const dropped = await stage.hops();
  expect(dropped.slice(0, past.length)).toEqual(past);
  expect(dropped.filter((hop) => hop.startsWith('Query, resolver to .com server'))).toHaveLength(2);
  await expect(stage.map.getByText('Example Domain')).toBeVisible();

  const undo = stage.button(/^Undo drop of referral/);
  await undo.click();
  await expect(undo).toHaveCount(0);
  await page.keyboard.press('End');
  expect(await stage.hops()).toEqual(straight);
  await page.keyboard.press('Control+Shift+Z');
  await expect(undo).toBeVisible();
  await page.keyboard.press('End');
  expect(await stage.hops()).toEqual(dropped);
  await page.keyboard.press('Control+z');
  await expect(undo).toHaveCount(0);
  await page.keyboard.press('End');
  expect(await stage.hops()).toEqual(straight);
});

test('X drops what is flying at once', async ({ stage, page }) => {
  await stage.open('first-visit@30ms');
  await page.keyboard.press('x');
  await expect(stage.button(/^Undo drop of query/)).toBeVisible();
  await page.keyboard.press('End');
  expect((await stage.hops()).filter((hop) => hop.startsWith('Query, resolver to .com server'))).toHaveLength(2);
});

test('at the very moment of an event, what is dropped or stopped comes after it', async ({ stage, page }) => {
  await stage.open('first-visit');
  for (let event = 0; event < 3; event++) await page.keyboard.press('ArrowRight');
  const past = await stage.hops();
  expect(past.at(-1)).toMatch(/^Query, resolver to root server/);
  await page.keyboard.press('x');
  await expect(stage.button(/^Undo drop of query/)).toBeVisible();
  await page.keyboard.press('End');
  expect((await stage.hops()).filter((hop) => hop.startsWith('Query, resolver to root server'))).toHaveLength(2);

  // What ns-2048 has sent at 68 ms it has sent, though it stops at 68 ms.
  await stage.open('first-visit@68ms');
  const answered = await stage.hops();
  await page.keyboard.press('w');
  await page
    .getByRole('dialog', { name: 'What if' })
    .getByRole('button', { name: /^Stop this server/ })
    .click();
  await expect(stage.button(/^Undo stop of/)).toBeVisible();
  expect(await stage.hops()).toEqual(answered);
  await page.keyboard.press('End');
  expect((await stage.hops()).slice(0, answered.length)).toEqual(answered);
});

test('a stopped server is replaced by another of its zone', async ({ stage, page }) => {
  await stage.open('first-visit@30ms');
  await page.keyboard.press('w');
  await page
    .getByRole('dialog', { name: 'What if' })
    .getByRole('button', { name: /^Stop this server/ })
    .click();
  await expect(stage.button(/^Undo stop of d/)).toBeVisible();
  await page.keyboard.press('End');
  expect((await stage.hops()).filter((hop) => hop.startsWith('Query, resolver to .com server')).length).toBeGreaterThan(1);
  await expect(stage.map.getByText('Example Domain')).toBeVisible();
});

test('a record changed before it is asked for is answered with its new TTL', async ({ stage, page }) => {
  const dialog = page.getByRole('dialog', { name: 'What if' });
  await stage.open('first-visit@45ms');
  await page.keyboard.press('w');
  await dialog.getByRole('button', { name: /^Change this record/ }).click();
  await dialog.getByRole('spinbutton', { name: 'TTL' }).fill('60');
  await page.keyboard.press('Enter');
  await expect(stage.button(/^Undo change of www/)).toBeVisible();
  await page.keyboard.press('End');
  await expect(
    page.getByRole('region', { name: 'Resolver cache' }).getByRole('button', { name: /^www\.example\.com\. A 1, 59 s/ }),
  ).toBeVisible();
});

test('a cleared cache forgets everything but where to begin', async ({ stage, page }) => {
  await stage.open('first-visit@300ms');
  await page.keyboard.press('w');
  await page
    .getByRole('dialog', { name: 'What if' })
    .getByRole('button', { name: /^Clear this cache/ })
    .click();
  await expect(stage.button(/^Undo clearing of the cache/)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('region', { name: 'Resolver cache' }).getByRole('button', { name: /^com\. NS/ })).toHaveCount(0);
});
