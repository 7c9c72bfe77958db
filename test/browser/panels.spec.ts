/** Every view and panel in every form and both themes: all text can be read, and a screen reader hears it all. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { faultsOf } from './faults.ts';
import { expect, test } from './stage.ts';

interface Panel {
  readonly name: string;
  readonly at: string;
  /** How it is opened from the map. */
  readonly keys?: readonly string[];
}
type Form = 'wide' | 'low' | 'tablet' | 'phone' | 'presenter';

const SIZES: Readonly<Record<Form, { readonly width: number; readonly height: number }>> = {
  wide: { width: 1440, height: 900 },
  low: { width: 1280, height: 720 },
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
  presenter: { width: 1920, height: 1080 },
};

/** The forms whose parts differ; the others are the wide one in other measures, and sound the same. */
const HEARD: readonly Form[] = ['wide', 'phone', 'presenter'];

const PANELS: readonly Panel[] = [
  { name: 'the beginning', at: '' },
  { name: 'a query in flight', at: 'first-visit@30ms' },
  { name: 'a referral in flight', at: 'first-visit@45ms' },
  { name: 'the end of a visit', at: 'first-visit@300ms' },
  { name: 'skipped steps', at: 'another-host@10020ms' },
  { name: 'a firm no', at: 'no-such-name@80ms' },
  { name: 'a lost slip', at: 'packet-loss@300ms' },
  { name: 'a cut-short answer', at: 'truncated-then-tcp@100ms' },
  { name: 'health checkers', at: 'failover@42s' },
  { name: 'a refused connection', at: 'failover@45040ms' },
  { name: 'checks of many kinds', at: 'calculated-check@90s' },
  { name: 'a chain of trust', at: 'dnssec-secure@200ms' },
  { name: 'a broken chain of trust', at: 'dnssec-bogus@200ms' },
  { name: 'an old copy', at: 'failover@50s' },
  { name: 'a page on its way', at: 'first-visit@142ms' },
  { name: 'packets', at: 'first-visit@45ms', keys: ['p'] },
  { name: 'statecharts', at: 'first-visit@45ms', keys: ['s'] },
  { name: 'hosted zone', at: 'first-visit@70ms', keys: ['z'] },
  { name: 'two visits compared', at: 'five-minutes-later@301s', keys: ['c'] },
  { name: 'two visits of many compared', at: 'record-change@401s', keys: ['c'] },
  { name: 'one visit to compare', at: 'first-visit@300ms', keys: ['c'] },
  { name: 'what if', at: 'first-visit@45ms', keys: ['w'] },
  { name: 'keys', at: 'first-visit@45ms', keys: ['?'] },
  { name: 'lessons', at: 'first-visit@45ms', keys: ['/'] },
];

for (const form of Object.keys(SIZES) as Form[]) {
  test.describe(form, () => {
    test.use({ viewport: SIZES[form], hasTouch: form === 'phone' });

    test(`every panel can be read, ${form}`, async ({ stage, page }) => {
      test.setTimeout(180_000);
      const wrong: string[] = [];
      for (const { name, at, keys = [] } of PANELS) {
        await page.emulateMedia({ colorScheme: 'light' });
        await stage.open(at);
        if (form === 'presenter') await page.keyboard.press('f');
        for (const key of keys) await page.keyboard.press(key);
        await settled(page);
        const found = [...(await faultsOf(page))];
        if (HEARD.includes(form)) {
          found.push(...(await heard(page)));
          await page.emulateMedia({ colorScheme: 'dark' });
          await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
          await settled(page);
          found.push(...(await heard(page, ['color-contrast'])).map((line) => `dark: ${line}`));
        }
        wrong.push(...found.map((line) => `${name}: ${line}`));
      }
      expect(wrong).toEqual([]);
    });
  });
}

test('on a wall no type of the map, its words and its stops is smaller than the last row can read', async ({ stage, page }) => {
  test.setTimeout(120_000);
  await page.setViewportSize(SIZES.presenter);
  const small: string[] = [];
  for (const { name, at } of PANELS.filter(({ keys }) => keys === undefined)) {
    await stage.open(at);
    await page.keyboard.press('f');
    await settled(page);
    small.push(...(await page.evaluate(smallType, 27)).map((line) => `${name}: ${line}`));
  }
  expect(small).toEqual([]);
});

for (const size of [
  { width: 1440, height: 600 },
  { width: 1024, height: 690 },
])
  test(`in a window of ${size.width} × ${size.height} the page scrolls, and nothing lies over anything`, async ({
    stage,
    page,
  }) => {
    await page.setViewportSize(size);
    await stage.open('first-visit@45ms');
    await settled(page);
    const bottom = async (part: Locator): Promise<number> => {
      const box = await part.boundingBox();
      return box ? box.y + box.height : Number.NaN;
    };
    const controls = page.getByRole('group', { name: 'Transport' });
    expect(await bottom(page.getByRole('region', { name: 'What happens now' }))).toBeLessThanOrEqual(
      (await controls.boundingBox())?.y ?? 0,
    );
    await controls.scrollIntoViewIfNeeded();
    await expect(stage.button('Play')).toBeInViewport();
    await stage.button('Next step').click();
    await expect(stage.button('Play')).toBeInViewport();
  });

/** Every text that can be seen in type smaller than `least` pixels, drawings scaled as they are. Runs inside the page. */
function smallType(least: number): string[] {
  const found = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = (node.textContent ?? '').trim();
    if (!element || text === '' || element.closest('script, style, option, title, .unseen')) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const matrix = element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
    const size = Number.parseFloat(getComputedStyle(element).fontSize) * (matrix ? Math.hypot(matrix.a, matrix.b) : 1);
    if (size < least - 0.1) found.add(`“${text.slice(0, 40)}” in ${size.toFixed(1)} px`);
  }
  return [...found];
}

/** Until lazy parts have come and the page has been laid out with its own fonts. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined)));
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  });
}

/** What axe finds, a line for each element. Frames of other origins, for which it would open a page of its own, we have none. */
async function heard(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  const scan = new AxeBuilder({ page }).setLegacyMode(true).options({
    resultTypes: ['violations'],
    ...(rules ? { runOnly: { type: 'rule', values: [...rules] } } : {}),
  });
  const { violations } = await scan.analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 3)
      .map((node) => `${id}: ${help}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`),
  );
}
