/** Links carry the lesson, the changes and the moment; a bad one says so and opens the nearest thing. */
import { expect, Stage, test } from './stage.ts';

test('a copied link restores scenario, changes, moment and view exactly', async ({ stage, page, context }) => {
  await stage.open('first-visit@45ms');
  await page.keyboard.press('x');
  await expect(stage.button(/^Undo drop of referral/)).toBeVisible();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowRight');
  await stage.button('Copy link').click();
  await expect(stage.alert).toContainText('Link copied');
  await stage.alert.getByRole('button', { name: 'Close' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.length).toBeLessThan(8_000);

  const other = new Stage(await context.newPage());
  await other.page.goto(link);
  await other.ready();
  await expect(other.button(/^Undo drop of referral/)).toBeVisible();
  expect(await other.picture()).toBe(await stage.picture());
  await other.page.keyboard.press('Control+z');
  await expect(other.button(/^Undo/)).toHaveCount(0);
  await other.page.keyboard.press('End');
  expect((await other.hops()).filter((hop) => hop.startsWith('Query, resolver to .com server'))).toHaveLength(1);

  await page.keyboard.press('p');
  await stage.button('Copy link').click();
  await expect(stage.alert).toContainText('Link copied');
  const toPacket = await page.evaluate(() => navigator.clipboard.readText());
  await other.page.goto('about:blank');
  await other.page.goto(toPacket);
  await expect(other.page.getByRole('tab', { name: 'Packets' })).toHaveAttribute('aria-selected', 'true');
});

test('a link followed on the open page is obeyed', async ({ stage, page }) => {
  await stage.open();
  await page.evaluate(() => {
    location.hash = '#no-such-name@70ms';
  });
  await expect(stage.address).toHaveValue('wwww.example.com');
  await expect(page.getByRole('group', { name: 'Transport' })).toContainText('70.0 ms');
});

const BROKEN = [
  { what: 'a damaged link', fragment: 'r=xyz', says: /damaged/ },
  { what: 'a link to a lesson that is not there', fragment: 'no-such-lesson', says: /no lesson “no-such-lesson”/ },
  { what: 'a link to no moment', fragment: 'first-visit@soon', says: /“soon” is no moment/ },
] as const;

for (const { what, fragment, says } of BROKEN) {
  test(`${what} says so and opens the first lesson`, async ({ stage }) => {
    await stage.open(fragment);
    await expect(stage.alert).toContainText(says);
    await expect(stage.address).toHaveValue('www.example.com');
    await stage.go.click();
    await expect(stage.button('Pause')).toBeVisible();
  });
}

test('a link to a lesson at no moment opens that lesson from its beginning', async ({ stage }) => {
  await stage.open('no-such-name@50%ms');
  await expect(stage.alert).toContainText('“50%ms” is no moment');
  await expect(stage.address).toHaveValue('wwww.example.com');
});
