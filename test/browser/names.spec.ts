/** Every part of the screen has the role and the name under which product.md promises it: tests and screen readers find it by them. */
import { expect, test } from './stage.ts';

test('browser, map, rail, narration and lessons', async ({ stage, page }) => {
  await stage.open();
  await expect(stage.address).toHaveValue('www.example.com');
  await expect(stage.go).toBeVisible();
  await expect(stage.map).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Lesson' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Copy link' })).toBeVisible();
  expect(await stage.steps()).toEqual(['1 active', ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${number} pending`)]);
  await stage.open('another-host@10020ms');
  for (const number of [3, 4]) {
    await expect(stage.step(number)).toHaveAttribute('data-state', 'skipped');
    await expect(stage.step(number)).toContainText(/skipped: .{20}/);
  }
  await expect(stage.narration).toHaveAttribute('aria-live', 'polite');
  await expect(stage.narration).toHaveText(/^Step 5 of 9\. \S/);
});

test('timetable and transport', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  await expect(page.getByRole('region', { name: 'Timetable' })).toBeVisible();
  await expect(stage.time).toHaveAttribute('aria-valuetext', /^Step 4 of 9, 39\.0 ms/);
  for (const name of ['Play', 'Next step', 'Previous step', 'Next event', 'Previous event', 'Restart'])
    await expect(stage.button(name)).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Speed' })).toHaveAttribute('aria-valuetext', /10 milliseconds of network time/);
  const pass = page.getByRole('group', { name: 'Let time pass' });
  await expect(pass.getByRole('button')).toHaveText(['+5 min', '+1 h', '+2 days']);
  await stage.button('Play').click();
  await expect(stage.button('Pause')).toBeVisible();
});

test('views, messages, packets, charts, zones and caches', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  await expect(page.getByRole('tab')).toHaveText(['Map', 'Packets', 'Statecharts', 'Hosted zone']);
  const named = 'Referral, .com server to resolver, 199 bytes';
  await expect(stage.slip(named)).toBeVisible();
  const timetable = page.getByRole('region', { name: 'Timetable' });
  await timetable.getByRole('button', { name: named }).press('Enter');
  const packet = page.getByRole('region', { name: 'Packet', exact: true });
  await expect(packet).toBeVisible();
  const fields = packet.getByRole('tree').getByRole('treeitem');
  for (const item of await fields.all()) {
    await expect(item).toHaveAttribute('data-start', /^\d+$/);
    await expect(item).toHaveAttribute('data-end', /^\d+$/);
  }
  await expect(packet.locator('[data-offset]').first()).toHaveText('6f');
  await page.keyboard.press('s');
  await expect(page.getByRole('region', { name: 'Statechart' })).toBeVisible();
  await page.keyboard.press('z');
  await expect(page.getByRole('region', { name: 'Hosted zone' }).first()).toBeVisible();
  await page.keyboard.press('m');
  await expect(page.getByRole('region', { name: 'Resolver cache' })).toContainText('47 h 59 m');
});

test('a handshake has a stroke, which opens its packet; another lesson forgets it', async ({ stage, page }) => {
  await stage.open('first-visit@300ms');
  await page
    .getByRole('region', { name: 'Timetable' })
    .getByRole('button', { name: /^TCP SYN,? browser/i })
    .press('Enter');
  await expect(page.getByRole('region', { name: 'Packet', exact: true })).toContainText(/SYN/);
  await page.evaluate(() => {
    location.hash = '#no-such-name@45ms';
  });
  await expect(stage.address).toHaveValue('wwww.example.com');
  await page.keyboard.press('p');
  await expect(page.getByRole('heading', { name: 'Referral from a .com server to the resolver' })).toBeVisible();
  await page.getByRole('button', { name: /Follow the moment/ }).click();
  await expect(page.getByRole('button', { name: /Follow the moment/ })).toHaveCount(0);
});
