/** The chart as a hand uses it. */
import { expect, test } from './stage.ts';

test('a click on a step goes to its beginning, and Enter on a stroke opens its packet', async ({ stage }) => {
  await stage.open('first-visit@45ms');
  await stage.step(3).getByRole('button').click();
  await expect(stage.time).toHaveAttribute('aria-valuetext', /^Step 3 of 9, 7\.0 ms\./);
  await stage.step(8).getByRole('button').click();
  await expect(stage.time).toHaveAttribute('aria-valuetext', /^Step 8 of 9, 90\.0 ms\./);
  const query = stage.page
    .getByRole('region', { name: 'Timetable' })
    .getByRole('button', { name: 'Referral, root server to resolver, 840 bytes' });
  await query.focus();
  await stage.page.keyboard.press('Enter');
  await expect(stage.page.getByRole('tab', { name: 'Packets' })).toHaveAttribute('aria-selected', 'true');
});

for (const view of ['Map', 'Statecharts'])
  test(`under ${view}, a press takes the now-line there, and it follows the hand until it is let go`, async ({ stage, page }) => {
    await stage.open('first-visit@45ms');
    await page.getByRole('tab', { name: view }).click();
    const nowX = async (): Promise<number> => {
      const box = await stage.time.boundingBox();
      return Math.round((box?.x ?? 0) + (box?.width ?? 0) / 2);
    };
    const x = await nowX();
    const y = ((await stage.time.boundingBox())?.y ?? 0) + 120;
    await page.mouse.move(x - 200, y);
    await page.mouse.down();
    await expect.poll(nowX).toBe(x - 200);
    await page.mouse.move(x - 60, y);
    await expect.poll(nowX).toBe(x - 60);
    await expect(stage.time).toHaveAttribute('aria-valuenow', '39');
    await page.mouse.up();
    await page.mouse.move(x - 300, y);
    expect(await nowX()).toBe(x - 60);
  });

test('a stroke that has the focus is outlined and keeps its hue; what is to come cannot be pressed', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  const chart = page.getByRole('region', { name: 'Timetable' });
  const stroke = chart.getByRole('button', { name: 'Referral, root server to resolver, 840 bytes' });
  await stage.time.focus();
  await page.keyboard.press('Shift+Tab');
  await stroke.focus();
  const [outline, focus] = await stroke.evaluate((element) => {
    const { stroke: line, strokeWidth, fill } = getComputedStyle(element);
    const probe = document.createElement('i');
    probe.style.color = 'var(--focus)';
    document.body.append(probe);
    return [{ line, strokeWidth, fill }, getComputedStyle(probe).color];
  });
  expect(outline).toEqual({ line: focus, strokeWidth: '2px', fill: 'rgba(0, 0, 0, 0)' });
  await expect(chart.getByRole('button', { name: /^Query, resolver to .com server/ })).toHaveCount(1);
  await expect(chart.getByRole('button', { name: /web server to browser/ })).toHaveCount(0);
});
