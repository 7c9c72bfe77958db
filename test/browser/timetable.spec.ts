/** The chart as a hand uses it. */
import { expect, test } from './stage.ts';

test('a click on a step goes to its beginning, and a click on the chart to its instant', async ({ stage }) => {
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
