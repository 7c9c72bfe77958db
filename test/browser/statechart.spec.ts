/** Statecharts: the machine itself, with its live state and the transition just taken. */
import { expect, test } from './stage.ts';

test('the resolver’s chart has the live state lit, and brackets walk its transitions', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  await page.keyboard.press('s');
  const view = page.getByRole('region', { name: 'Statechart', exact: true });
  const chart = view.getByRole('img', { name: /Live state:/ });
  await expect(chart).toHaveAttribute('aria-label', /Live state: waiting for a reply\./);
  await expect(view.getByRole('listitem').filter({ hasText: /^waiting for a reply, live\b/ })).toHaveCount(1);
  await expect(view.getByRole('listitem').filter({ hasText: /^choosing whom to ask, visited\b/ })).toHaveCount(1);
  await expect(view.getByRole('listitem').filter({ hasText: /^giving up, not visited\b/ })).toHaveCount(1);

  const seen = [];
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press(']');
    await expect(chart).not.toHaveAttribute('aria-label', seen.at(-1) ?? 'none');
    seen.push(await chart.getAttribute('aria-label'));
  }
  expect(seen.join('\n')).toMatch(/Live state: reading the reply/);
  for (const then of seen.toReversed().slice(1)) {
    await page.keyboard.press('[');
    await expect(chart).toHaveAttribute('aria-label', then ?? '');
  }
});

test('every actor has its chart, and what was asked on the way is told with its answers', async ({ stage, page }) => {
  await stage.open('first-visit@75ms');
  await page.keyboard.press('s');
  const view = page.getByRole('region', { name: 'Statechart', exact: true });
  await expect(view.getByRole('complementary', { name: 'Transition just taken' })).toContainText(
    'Deepest zone whose servers are known?',
  );
  const actors = view.getByRole('navigation', { name: 'Actors' }).getByRole('button');
  const count = await actors.count();
  expect(count).toBeGreaterThanOrEqual(6);
  const charts = new Set<string | null>();
  for (let i = 0; i < count; i++) {
    await actors.nth(i).click();
    await expect(actors.nth(i)).toHaveAttribute('aria-current', 'true');
    await expect(view.getByRole('img', { name: /state/i }).first()).toBeVisible();
    charts.add(await view.getByRole('img', { name: /state/i }).first().getAttribute('aria-label'));
  }
  expect(charts.size).toBeGreaterThanOrEqual(4);
  await actors.filter({ hasText: 'Resolver' }).click();
  await view
    .getByRole('navigation', { name: 'Machines of Resolver' })
    .getByRole('button', { name: /^Listener/ })
    .click();
  await expect(view.getByRole('img', { name: /waiting for questions/ })).toBeVisible();
});
