/** The first lesson as a teacher gives it: by clicks, and again without a mouse. */
import { expect, test } from './stage.ts';

const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const SLIPS: Readonly<Record<number, string>> = {
  2: 'Query, browser to resolver, 33 bytes',
  3: 'Query, resolver to root server, 44 bytes',
  4: 'Query, resolver to .com server, 44 bytes',
  5: 'Query, resolver to example.com server, 44 bytes',
  6: 'Answer, example.com server to resolver, 199 bytes',
  7: 'Answer, resolver to browser, 49 bytes',
};

test('nine steps turn the name into the page, by clicks', async ({ stage }) => {
  await stage.open();
  await expect(stage.address).toHaveValue('www.example.com');
  await stage.go.click();
  // Slips fly on for less than half a second each: what one looks at is looked at while time stands still.
  await stage.button('Pause').click();
  await expect(stage.button('Play')).toBeVisible();
  await stage.button('Restart').click();

  const told = new Set<string>();
  await stage.button('Next step').click();
  for (const number of NUMBERS.slice(1)) {
    await stage.button('Next step').click();
    await expect(stage.step(number)).toHaveAttribute('data-state', 'active');
    await expect(stage.narration).toContainText(`Step ${number} of 9.`);
    const slip = SLIPS[number];
    if (slip) await expect(stage.slip(slip)).toBeVisible();
    told.add(await stage.narration.innerText());
  }
  expect(told.size).toBe(8);

  await stage.button('Next step').click();
  expect(await stage.steps()).toEqual(NUMBERS.map((number) => `${number} done`));
  await expect(stage.map.getByText('Example Domain')).toBeVisible();
  await expect(stage.map.getByText('This page came from 192.0.2.44.')).toBeVisible();
  expect(await stage.hops()).toEqual([
    'Query, browser to resolver, 33 bytes',
    'Query, resolver to root server, 44 bytes',
    'Referral, root server to resolver, 840 bytes',
    'Query, resolver to .com server, 44 bytes',
    'Referral, .com server to resolver, 199 bytes',
    'Query, resolver to example.com server, 44 bytes',
    'Answer, example.com server to resolver, 199 bytes',
    'Answer, resolver to browser, 49 bytes',
    'HTTP request, browser to web server, 105 bytes',
    'HTTP response, web server to browser, 208 bytes',
  ]);
});

test('the first words stand in the page before any script has come', async ({ stage, page, request }) => {
  const html = (await (await request.get('./')).text()).replace(/\s+/g, ' ');
  await stage.open();
  await expect(page.locator('#beginning')).toHaveCount(0);
  const words = await page.locator('[aria-label="What happens now"]').locator('h1, .plain').allInnerTexts();
  expect(words).toHaveLength(2);
  for (const text of words) expect(html).toContain(text);
});

test('playing from Enter to the page ends by itself with every step done', async ({ stage }) => {
  await stage.open();
  await stage.page.getByRole('slider', { name: 'Speed' }).press('End');
  await expect(stage.page.getByRole('slider', { name: 'Speed' })).toHaveAttribute('aria-valuetext', /^10 times/);
  await stage.go.click();
  await expect(stage.step(9)).toHaveAttribute('data-state', 'done', { timeout: 20_000 });
  await expect(stage.button('Play')).toBeVisible();
  await expect(stage.map.getByText('Example Domain')).toBeVisible();
});

test('the whole lesson by keyboard alone', async ({ stage }) => {
  const { page } = stage;
  const press = (keys: string): Promise<void> => page.keyboard.press(keys);
  await stage.open();
  await press('Tab');
  await expect(stage.address).toBeFocused();
  await press('Enter');
  await expect(stage.button('Pause')).toBeVisible();
  await press(' ');
  await expect(stage.button('Play')).toBeVisible();

  for (const number of NUMBERS) {
    await press(String(number));
    await expect(stage.step(number)).toHaveAttribute('data-state', 'active');
  }
  await press('Shift+ArrowLeft');
  await expect(stage.time).toHaveAttribute('aria-valuetext', /^Step 8 of 9/);
  await press('Home');
  await press('Shift+ArrowRight');
  await press('Shift+ArrowRight');
  await expect(stage.time).toHaveAttribute('aria-valuetext', /^Step 2 of 9, 2\.0 ms/);
  await press('ArrowRight');
  await expect(stage.time).toHaveAttribute('aria-valuetext', /^Step 3 of 9, 7\.0 ms/);
  await press('ArrowLeft');
  await expect(stage.time).toHaveAttribute('aria-valuetext', /^Step 2 of 9, 2\.0 ms/);
  await press('End');
  expect(await stage.steps()).toEqual(NUMBERS.map((number) => `${number} done`));

  const speed = page.getByRole('slider', { name: 'Speed' });
  await press('.');
  await expect(speed).toHaveAttribute('aria-valuetext', /^2 times/);
  await press(',');
  await press(',');
  await expect(speed).toHaveAttribute('aria-valuetext', /^0\.5 times/);

  for (const [key, view] of [
    ['p', 'Packets'],
    ['s', 'Statecharts'],
    ['z', 'Hosted zone'],
    ['m', 'Map'],
  ] as const) {
    await press(key);
    await expect(page.getByRole('tab', { name: view })).toHaveAttribute('aria-selected', 'true');
  }
  await press('p');
  await press('Escape');
  await expect(stage.map).toBeVisible();

  await press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await press('d');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await press('f');
  await expect(page.locator('html')).toHaveAttribute('data-present', 'on');
  await press('Escape');
  await expect(page.locator('html')).toHaveAttribute('data-present', 'off');
  await press('l');
  await expect(stage.address).toBeFocused();
  await page.keyboard.type('shop.example.com');
  await press('Enter');
  await expect(stage.button('Pause')).toBeVisible();
});

test('keys rest while typing, and single keys can be switched off', async ({ stage }) => {
  const { page } = stage;
  await stage.open('first-visit@45ms');
  const before = await stage.time.getAttribute('aria-valuetext');
  await stage.address.fill('');
  await page.keyboard.type('psmzdf1x');
  await expect(stage.address).toHaveValue('psmzdf1x');
  await expect(stage.map).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: 'Single keys are commands' }).uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await page.keyboard.press('4');
  await expect(stage.map).toBeVisible();
  await expect(stage.time).toHaveAttribute('aria-valuetext', before ?? '');
});

test('Tab walks address, map, narration, transport, timetable, and the header last', async ({ stage }) => {
  const { page } = stage;
  await stage.open('first-visit@45ms');
  const places: string[] = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const place = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return undefined;
      if (at.getAttribute('aria-label') === 'Address') return 'address';
      return at.closest('header')
        ? 'header'
        : at.closest('[aria-label="Transport"]')
          ? 'transport'
          : at.closest('[aria-label="Timetable"]')
            ? 'timetable'
            : at.closest('[aria-label="What happens now"]')
              ? 'narration'
              : at.closest('[aria-label="Map"]')
                ? 'map'
                : `outside: ${at.outerHTML.slice(0, 80)}`;
    });
    if (place === undefined) break;
    if (places.at(-1) !== place) places.push(place);
  }
  expect(places).toEqual(['address', 'map', 'narration', 'transport', 'timetable', 'header']);
});
