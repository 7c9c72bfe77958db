/** Two visits side by side. */
import { expect, test } from './stage.ts';

test('two visits stand on one axis, with what the second was spared', async ({ stage, page }) => {
  await stage.open('five-minutes-later@301s');
  await page.keyboard.press('c');
  const view = page.getByRole('region', { name: 'Compare' });
  await expect(view.getByRole('heading', { level: 1 })).toHaveText('Half the way to the address was asking whom to ask.');
  await expect(view.getByRole('row', { name: /^Time to the address/ })).toHaveText(/88\.0\s*43\.0\s*45\.0/);
  await expect(view.getByRole('group', { name: 'A: First visit' }).getByRole('button')).toHaveCount(12);
  await expect(view.getByRole('group', { name: 'B: Second visit' }).getByRole('button')).toHaveCount(8);
  await page.keyboard.press('Escape');
  await expect(stage.map).toBeVisible();
});

test('a stroke opens its packet, and a press beside it takes the moment there', async ({ stage, page }) => {
  await stage.open('five-minutes-later@301s');
  await page.keyboard.press('c');
  const lane = page.getByRole('group', { name: 'B: Second visit' });
  const box = await lane.boundingBox();
  if (!box) throw new Error('the lane is not there');
  await page.mouse.click(box.x + 250, box.y + 30);
  await expect(stage.step(5)).toHaveAttribute('data-state', 'active');
  await expect(stage.step(8)).toHaveAttribute('data-state', 'pending');
  await page
    .getByRole('group', { name: 'A: First visit' })
    .getByRole('button', { name: /^Referral, root server to resolver/ })
    .press('Enter');
  await expect(page.getByRole('tab', { name: 'Packets' })).toHaveAttribute('aria-selected', 'true');
});

test('whoever has one visit only is offered the second', async ({ stage, page }) => {
  await stage.open('first-visit@300ms');
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Let 5 min pass and ask again' }).click();
  const view = page.getByRole('region', { name: 'Compare' });
  await expect(view.getByRole('heading', { level: 1 })).toHaveText(/^Half the way to the address/, { timeout: 20_000 });
  await expect(stage.step(7)).toHaveAttribute('data-state', 'done', { timeout: 20_000 });
});

test('of many visits any two can be chosen', async ({ stage, page }) => {
  await stage.open('record-change@310400ms');
  await page.keyboard.press('c');
  await page.getByRole('combobox', { name: 'Visit B' }).selectOption({ label: 'Second visit' });
  await page.getByRole('combobox', { name: 'Visit A' }).selectOption({ label: 'First visit' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The same way, twice.');
});

test('a link leads back to the comparison', async ({ stage, page }) => {
  await stage.open('five-minutes-later@301s');
  await page.keyboard.press('c');
  await stage.button('Copy link').click();
  await expect(stage.alert).toContainText('copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('region', { name: 'Compare' })).toBeVisible();
});

test('two resolvers keep each its own copy, and hear of a change each at its own time', async ({ stage, page }) => {
  await stage.open('record-change@401s');
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Two resolvers' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing spreads. Old answers run out.');
  await expect(page.getByRole('row', { name: /^late by/ })).toHaveText(/3 min 30 s\s*5 min/);
  await expect(page.getByRole('img', { name: 'A: Resolver A: .44, .44, .45, .45' })).toBeVisible();
});
