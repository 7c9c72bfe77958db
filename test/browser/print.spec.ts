/** On paper: the moment as it stands on the screen, whole, in light, on one page. */
import type { Page } from '@playwright/test';
import { faultsOf } from './faults.ts';
import { expect, test } from './stage.ts';

/** How many pages a document has, by its own page objects. */
const pages = async (page: Page, format: string): Promise<number> =>
  (await page.pdf({ format, preferCSSPageSize: false, landscape: true })).toString('latin1').match(/\/Type\s*\/Page\b/g)
    ?.length ?? 0;

for (const { form, width, height, key } of [
  { form: 'wide', width: 1440, height: 900, key: undefined },
  { form: 'tablet', width: 1024, height: 768, key: undefined },
  { form: 'phone', width: 390, height: 844, key: undefined },
  { form: 'presenter', width: 1920, height: 1080, key: 'f' },
])
  test(`a moment fits on one page, light and uncut, ${form}`, async ({ stage, page }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: 'dark' });
    await stage.open('first-visit@48.6ms');
    if (key !== undefined) await page.keyboard.press(key);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect([await pages(page, 'A4'), await pages(page, 'Letter')]).toEqual([1, 1]);

    const app = page.locator('.app');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const { scheme, box } = await app.evaluate((element) => ({
      scheme: getComputedStyle(element).colorScheme,
      box: element.getBoundingClientRect(),
    }));
    expect(scheme).toBe('light');
    // What is free on Letter, lying, with margins of a centimetre: 259 × 196 mm.
    expect(box.width).toBeLessThanOrEqual(979);
    expect(box.height).toBeLessThanOrEqual(740);
    // The drawing was made for the map's size on the screen: neither is larger than the other.
    const cut = await stage.map.evaluate((map) => {
      const [frame, drawing] = [map, map.querySelector('svg') as Element].map((one) => one.getBoundingClientRect());
      return [frame?.right, frame?.bottom].map((edge, i) =>
        Math.abs(Math.round((edge ?? 0) - ([drawing?.right, drawing?.bottom][i] ?? 0))),
      );
    });
    expect(cut).toEqual([0, 0]);
    expect(await faultsOf(page)).toEqual([]);
  });

for (const { form, width, height, link, octets } of [
  { form: 'wide', width: 1440, height: 900, link: 'first-visit@48.6ms', octets: 199 },
  { form: 'phone', width: 390, height: 844, link: 'first-visit@48.6ms', octets: 199 },
  { form: 'wide', width: 1440, height: 900, link: 'truncated-then-tcp@300290ms', octets: 2024 },
])
  test(`an open packet of ${octets} octets is printed with every one of them, on one light page, ${form}`, async ({
    stage,
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: 'dark' });
    await stage.open(link);
    await page.keyboard.press('p');
    await page.getByRole('region', { name: 'Packet', exact: true }).waitFor();
    if (octets > 1000) await page.getByRole('button', { name: /2024 bytes/ }).click();
    expect([await pages(page, 'A4'), await pages(page, 'Letter')]).toEqual([1, 1]);

    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const sheet = page.getByRole('region', { name: 'Packet on paper' });
    await expect(sheet).toBeVisible();
    await expect(page.getByRole('tree')).toBeHidden();
    const { width: wide = 0, height: high = 0, x = -1, y = -1 } = (await sheet.boundingBox()) ?? {};
    expect([x >= 0, y >= 0, x + wide <= 979, y + high <= 740]).toEqual([true, true, true, true]);
    const printed = await sheet.locator('[data-octet]').evaluateAll((all) => ({
      count: all.length,
      pairs: all.every((one) => /^[0-9a-f]{2}$/.test(one.textContent ?? '')),
      smallest: Math.min(...all.map((one) => Number.parseFloat(getComputedStyle(one).fontSize))),
      right: Math.max(...all.map((one) => one.getBoundingClientRect().right)),
      bottom: Math.max(...all.map((one) => one.getBoundingClientRect().bottom)),
    }));
    expect(printed).toMatchObject({ count: octets, pairs: true });
    expect(printed.smallest).toBeGreaterThanOrEqual(8);
    expect(printed.right).toBeLessThanOrEqual(x + wide);
    expect(printed.bottom).toBeLessThanOrEqual(y + high);
    expect(await sheet.evaluate((element) => getComputedStyle(element).colorScheme)).toBe('light');
  });
