/** Packets, byte by byte: the tree and the bytes show one another. */
import type { Locator } from '@playwright/test';
import { expect, test } from './stage.ts';

const colour = (one: Locator): Promise<string> => one.evaluate((element) => getComputedStyle(element).backgroundColor);

test('the packet of the moment opens with every byte, fields beside them', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  await page.keyboard.press('p');
  const packet = page.getByRole('region', { name: 'Packet' });
  await expect(packet.getByRole('heading', { name: 'Referral from a .com server to the resolver' })).toBeVisible();
  await expect(packet.locator('[data-offset]')).toHaveCount(199);
  await expect(packet.getByRole('tree')).toBeVisible();
  const covered = await packet
    .getByRole('treeitem')
    .evaluateAll((items) =>
      items
        .filter((item) => item.getAttribute('aria-level') === '1')
        .map((item) => [Number(item.getAttribute('data-start')), Number(item.getAttribute('data-end'))]),
    );
  expect(covered[0]?.[0]).toBe(0);
  expect(covered.at(-1)?.[1]).toBe(199);
  for (const [i, [start]] of covered.entries()) if (i > 0) expect(start).toBe(covered[i - 1]?.[1]);
});

test('a field under the pointer lights its bytes, and a byte its field', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  await page.keyboard.press('p');
  const packet = page.getByRole('region', { name: 'Packet' });
  const field = packet.getByRole('treeitem', { name: /^Authority records, 4/ });
  const byte = (offset: number): Locator => packet.locator(`[data-offset="${offset}"]`);
  const start = Number(await field.getAttribute('data-start'));
  const end = Number(await field.getAttribute('data-end'));
  expect([start, end]).toEqual([8, 10]);
  const resting = await colour(byte(start));

  await field.hover();
  await expect.poll(() => colour(byte(start))).not.toBe(resting);
  expect(await colour(byte(end - 1))).toBe(await colour(byte(start)));
  expect(await colour(byte(end))).toBe(resting);

  const before = await colour(field);
  await page.mouse.move(0, 0);
  await expect.poll(() => colour(byte(start))).toBe(resting);
  await byte(end - 1).hover();
  await expect.poll(() => colour(byte(start))).not.toBe(resting);
  expect(await colour(field)).toBe(before);
});

test('by keyboard: arrows walk the fields and the bytes, and each follows the other', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  await page.keyboard.press('p');
  const packet = page.getByRole('region', { name: 'Packet' });
  const chosen = packet.locator('[role="treeitem"][aria-selected="true"]');
  await chosen.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(packet.locator('[role="treeitem"]:focus')).toHaveAttribute('data-start', '0');
  await page.keyboard.press('ArrowDown');
  await expect(packet.locator('[role="treeitem"]:focus')).toHaveAttribute('data-start', '2');
  await packet.locator('[data-offset="2"]').focus();
  for (const offset of [3, 4]) {
    await page.keyboard.press('ArrowRight');
    await expect(packet.locator(`[data-offset="${offset}"]`)).toBeFocused();
  }
  await expect(chosen).toHaveAttribute('data-start', '4');
});

test('every packet so far opens from the strip, handshakes too, and the cache shows where it learned', async ({
  stage,
  page,
}) => {
  await stage.open('first-visit@300ms');
  await page
    .getByRole('region', { name: 'Resolver cache' })
    .getByRole('button', { name: /^com\. NS/ })
    .click();
  const packet = page.getByRole('region', { name: 'Packet' });
  await expect(packet.getByRole('heading', { name: 'Referral from a root server to the resolver' })).toBeVisible();
  const strip = page.getByRole('navigation', { name: 'Packets so far' });
  const buttons = strip.locator('button[aria-label]');
  const count = await buttons.count();
  expect(count).toBeGreaterThanOrEqual(13);
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) {
    await buttons.nth(i).click();
    await expect(buttons.nth(i)).toHaveAttribute('aria-current', 'true');
    expect(await packet.locator('[data-offset]').count()).toBeGreaterThan(0);
    seen.add(await packet.getByRole('heading', { level: 1 }).innerText());
  }
  expect(seen.size).toBeGreaterThan(6);
  await page.keyboard.press('Escape');
  await expect(stage.map).toBeVisible();
});

test('a slip on the map is a button that opens its packet', async ({ stage, page }) => {
  await stage.open('first-visit@12ms');
  await stage.slip('Query, resolver to root server, 44 bytes').click();
  await expect(page.getByRole('region', { name: 'Packet' }).locator('[data-offset]')).toHaveCount(44);
});
