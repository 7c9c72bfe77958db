/** The failover picture: who checks, what the zone gives since when, which server the road leads to, and how long a move takes. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './stage.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;

const checkersOf = (page: Page): Locator => page.getByRole('region', { name: 'Health checkers' });
const given = (page: Page): Locator => page.getByRole('list', { name: 'What the zone gives' }).getByRole('listitem');
const chart = (page: Page): Locator => page.getByRole('region', { name: 'Timetable' });

test('the checkers count their misses until Route 53 switches', async ({ stage, page }) => {
  await stage.open('failover@5s');
  await expect(checkersOf(page)).toContainText('16 in 8 Regions, each asks every 10 s by itself');
  await expect(checkersOf(page)).toContainText('16 of 16 say healthy: 100 %.');
  await expect(given(page)).toHaveText([/^primary\s*192\.0\.2\.60\s*given$/, /^secondary\s*192\.0\.2\.61\s*in reserve$/]);

  await stage.open('failover@37.9s');
  await expect(checkersOf(page)).toContainText('2 of 16 say healthy: 12.5 %. Healthy would need more than 18 %.');
  await expect(checkersOf(page).getByRole('img')).toHaveAccessibleName(
    /^N\. Virginia: failing, failing; .*Ireland: healthy, failing; /,
  );
  await expect(given(page)).toHaveText([/^primary\s*192\.0\.2\.60\s*failing$/, /^secondary\s*192\.0\.2\.61\s*since 37\.9 s$/]);
  await expect(stage.map).toContainText('Primary, refuses connections');
  await expect(stage.map).toContainText('3, 4 root and .com: not asked, their referrals are in the cache for 47 h 59 m');
});

test('the checkers make way for the terraces that are asked, and stay while they are not', async ({ stage, page }) => {
  await stage.open('failover@50ms');
  await expect(stage.map.getByText('root zone, 13 server names')).toBeVisible();
  await expect(checkersOf(page)).toBeHidden();
  await stage.open('failover@45.02s');
  await expect(checkersOf(page)).toBeVisible();
  await expect(stage.map.getByText('root zone, 13 server names')).toBeHidden();
});

test('a refused connection had an address: the slip is torn, and the words are right', async ({ stage, page }) => {
  await stage.open('failover@45.04s');
  await expect(stage.slip(/^TCP reset/)).toContainText('RefusedTCP RST from 192.0.2.60');
  await stage.open('failover@45.2s');
  await expect(stage.narration).toContainText('The address is right. Nobody listens there.');
  await expect(page.getByText('nowhere to go')).toHaveCount(0);
});

test('the narration says who has the old answer, and what each clock may take', async ({ stage, page }) => {
  await stage.open('failover@42s');
  await expect(page.getByRole('heading', { name: 'Route 53 has switched. The resolver has not.' })).toBeVisible();
  const moves = page.getByRole('region', { name: 'How long until users move?' });
  await expect(moves).toContainText(/3 misses, 10 s apart\s*20 to 30 s/);
  await expect(moves).toContainText(/this time, from stop to page\s*not yet/);
  await stage.open('failover@100s');
  await expect(moves).toContainText(/this time, from stop to page\s*1 min 5\.1 s/);
  await expect(checkersOf(page)).toContainText('Ana was told at 1 min 38 s: ALARM');
});

test('between visits the timetable is a clock with wedges, a staircase and misses', async ({ stage, page }) => {
  await stage.open('failover@60.5s');
  for (const text of ['60 s', 'Primary stops', 'Route 53 switches', '37.9 s: gives .61 from now on', 'miss 3', 'refused', '18 %'])
    await expect(chart(page).getByText(text, { exact: true })).toBeVisible();
  await expect(chart(page).getByText('old answer, 192.0.2.60, TTL 60 s')).toBeVisible();
  await expect(stage.rail.locator('[data-step]')).toHaveCount(9);
  await stage.open('record-change@250s');
  await expect(chart(page).getByText('1 min 40 s: gives .45 from now on')).toBeVisible();
});

test('an arrow key goes from one change of mind to the next, not from probe to probe', async ({ stage, page }) => {
  await stage.open('failover@20s');
  const seen: string[] = [];
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('ArrowRight');
    seen.push((await checkersOf(page).textContent()) ?? '');
  }
  expect(seen.map((text) => /(\d+) of 16/.exec(text)?.[1])).toEqual(['15', '14', '13']);
});

test('the map says who was told and what a function did, and lists checks that nobody probes', async ({ stage, page }) => {
  await stage.open('calculated-check@90s');
  await expect(checkersOf(page)).toContainText('A function ran at 1 min 18 s: edit example.com');
  await expect(checkersOf(page)).toContainText(/search\s*Alarm slow search is ALARM\s*failing/);
  await stage.open('multivalue@0.2s');
  await page.getByRole('button', { name: '+5 min' }).click();
  await expect(checkersOf(page)).toContainText('9 of 10 healthy; m4-check failing');
});

for (const { width, height } of SIZES)
  test(`at ${width} × ${height} it is named, in place, and legible in both themes`, async ({ stage, page }) => {
    await page.setViewportSize({ width, height });
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await stage.open('failover@42s');
      await expect(checkersOf(page)).toContainText('0 of 16 say healthy');
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${theme} ${id}: ${node.target.join(' ')}`))).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide).toBeLessThanOrEqual(0);
      const box = await checkersOf(page).boundingBox();
      const map = await stage.map.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((map?.x ?? 0) + (map?.width ?? 0) + 1);
      expect(await page.locator('main svg *').count()).toBeLessThan(420);
    }
  });
