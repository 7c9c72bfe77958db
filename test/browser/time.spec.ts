/** Time: back and forth, two visits, minutes and days, and motion in steps. */
import { expect, type Stage, test } from './stage.ts';

test('stepping back from the end to the start shows every picture again', async ({ stage }) => {
  await stage.open();
  // The chart is fetched when it is first seen.
  await stage.page.keyboard.press('ArrowRight');
  await expect(stage.time).toBeVisible();
  await stage.page.keyboard.press('Home');
  const forth = await walk(stage, 'ArrowRight');
  expect(forth.length).toBeGreaterThan(12);
  const back = await walk(stage, 'ArrowLeft');
  expect(back.length).toBe(forth.length);
  for (const [i, picture] of back.toReversed().entries()) expect(picture).toBe(forth[i]);
});

test('a picture reached by playing is the picture reached by going there', async ({ stage, page }) => {
  await stage.open();
  await stage.go.click();
  await expect(stage.slip('Query, resolver to root server, 44 bytes')).toBeVisible();
  await page.keyboard.press(' ');
  await page.keyboard.press('Shift+ArrowRight');
  const played = await stage.picture();
  await stage.open('first-visit@26.5ms');
  await expect(stage.time).toHaveAttribute('aria-valuetext', /^Step 4/);
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowRight');
  expect(await stage.picture()).toBe(played);
});

test('a second visit skips steps 2 to 7, each with its reason', async ({ stage }) => {
  await stage.open('second-visit');
  await stage.page.keyboard.press('End');
  expect(await stage.steps()).toEqual([
    '1 done',
    '2 skipped',
    '3 skipped',
    '4 skipped',
    '5 skipped',
    '6 skipped',
    '7 skipped',
    '8 done',
    '9 done',
  ]);
  for (const number of [2, 3, 4, 5, 6, 7]) {
    await expect(stage.step(number)).toContainText(/skipped: The browser still knows the address, for 30(\.\d+)? s\./);
  }
});

test('a visit answered by the browser itself still shows its name', async ({ stage, page }) => {
  await stage.open('second-visit');
  await page.keyboard.press('End');
  await expect(stage.map.getByRole('img', { name: /www/ })).toBeVisible();
});

test('another host of the domain skips steps 3 and 4 and says for how long the four servers are known', async ({ stage }) => {
  await stage.open('another-host');
  await stage.page.keyboard.press('End');
  expect(await stage.steps()).toEqual([
    '1 done',
    '2 done',
    '3 skipped',
    '4 skipped',
    '5 done',
    '6 done',
    '7 done',
    '8 done',
    '9 done',
  ]);
  for (const number of [3, 4]) await expect(stage.step(number)).toContainText(/skipped: .*47 h 59/);
  expect((await stage.hops()).filter((hop) => / (root|\.com) server/.test(hop))).toEqual([]);
});

test('time that passes ages the caches: after five minutes only the address is asked for again', async ({ stage }) => {
  await stage.open('first-visit@300ms');
  const cache = stage.page.getByRole('region', { name: 'Resolver cache' });
  await expect(cache.getByRole('button', { name: /^www\.example\.com\. A 1, 4 m 59 s/ })).toBeVisible();
  await stage.button('+5 min').click();
  await expect(cache.getByRole('button', { name: /^www\.example\.com\. A 1, ran out/ })).toBeVisible();
  await expect(cache.getByRole('button', { name: /^example\.com\. NS 4, 47 h 54 m/ })).toBeVisible();
  await visitAgain(stage);
  expect(await stage.steps()).toEqual([
    '1 done',
    '2 done',
    '3 skipped',
    '4 skipped',
    '5 done',
    '6 done',
    '7 done',
    '8 done',
    '9 done',
  ]);
  await expect(stage.step(4)).toContainText(/47 h 54/);
});

test('after two days the whole walk is made again', async ({ stage }) => {
  await stage.open('first-visit@300ms');
  await stage.page.keyboard.press('Shift+Digit3');
  await expect(
    stage.page.getByRole('region', { name: 'Resolver cache' }).getByRole('button', { name: /^com\. NS 13, ran out/ }),
  ).toBeVisible();
  await visitAgain(stage);
  expect(await stage.steps()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${number} done`));
});

test('with reduced motion nothing glides: a slip stands at the sender, then at the receiver', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    baseURL: baseURL ?? '',
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await page.goto('./');
  await expect(page.locator('html')).toHaveAttribute('data-motion', 'steps');
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  const places = await page.evaluate(async () => {
    const seen = new Set<string>();
    const until = performance.now() + 3_000;
    while (performance.now() < until) {
      for (const slip of document.querySelectorAll('[aria-label="Map"] g.slip'))
        seen.add(`${slip.getAttribute('aria-label')} at ${slip.getAttribute('transform')}`);
      await new Promise((next) => requestAnimationFrame(next));
    }
    return [...seen];
  });
  const query = places.filter((place) => place.startsWith('Query, browser to resolver'));
  expect(query.length).toBeGreaterThan(0);
  expect(query.length).toBeLessThanOrEqual(2);
  expect(places.length).toBeLessThanOrEqual(8);
  await context.close();
});

async function visitAgain(stage: Stage): Promise<void> {
  await stage.page.keyboard.press('l');
  await stage.page.keyboard.press('Enter');
  await expect(stage.button('Pause')).toBeVisible();
  await stage.page.keyboard.press('End');
}

/** The pictures on the way from here to where the key leads no further; two turns of one instant may look the same. */
async function walk(stage: Stage, key: string): Promise<readonly string[]> {
  const pictures = [await stage.picture()];
  for (let same = 0, i = 0; same < 3 && i < 60; i++) {
    await stage.page.keyboard.press(key);
    const picture = await stage.picture();
    same = picture === pictures.at(-1) ? same + 1 : 0;
    if (same === 0) pictures.push(picture);
  }
  return pictures;
}
