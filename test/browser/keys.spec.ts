/** Every key that the sheet of keys lists, pressed where it means something. */
import type { Page } from '@playwright/test';
import { COMMANDS } from '../../src/view/state/keys.ts';
import { expect, type Stage, test } from './stage.ts';

interface Trial {
  /** Where it is pressed. */
  readonly at: string;
  readonly does: (stage: Stage, page: Page) => Promise<void>;
}

const told = (stage: Stage, text: RegExp): Promise<void> => expect(stage.time).toHaveAttribute('aria-valuetext', text);
const chosen = (page: Page, view: string): Promise<void> =>
  expect(page.getByRole('tab', { name: view })).toHaveAttribute('aria-selected', 'true');

const TRIALS: Readonly<Record<string, Trial>> = {
  'play, pause': {
    at: '',
    does: async (stage, page) => {
      await page.keyboard.press('Space');
      await expect(stage.button('Pause')).toBeVisible();
      await page.keyboard.press('Space');
      await expect(stage.button('Play')).toBeVisible();
    },
  },
  'previous, next event': {
    at: 'first-visit@2ms',
    does: async (stage, page) => {
      await page.keyboard.press('ArrowRight');
      await told(stage, /, 7\.0 ms/);
      await page.keyboard.press('ArrowLeft');
      await told(stage, /, 2\.0 ms/);
    },
  },
  'previous, next of the nine steps': {
    at: 'first-visit@30ms',
    does: async (stage, page) => {
      await page.keyboard.press('Shift+ArrowRight');
      await told(stage, /^Step 5 of 9/);
      await page.keyboard.press('Shift+ArrowLeft');
      await told(stage, /^Step 4 of 9/);
    },
  },
  'go to a step': {
    at: 'first-visit',
    does: async (stage, page) => {
      for (const number of [9, 1, 8, 2, 7, 3, 6, 4, 5]) {
        await page.keyboard.press(String(number));
        await told(stage, new RegExp(`^Step ${number} of 9`));
      }
    },
  },
  'slower, faster': {
    at: 'first-visit@30ms',
    does: async (_stage, page) => {
      const speed = page.getByRole('slider', { name: 'Speed' });
      await page.keyboard.press('.');
      await expect(speed).toHaveAttribute('aria-valuetext', /^2 times/);
      await page.keyboard.press(',');
      await expect(speed).toHaveAttribute('aria-valuetext', /^1 times/);
    },
  },
  'let 5 min, 1 h, 2 days pass': {
    at: 'first-visit@300ms',
    does: async (stage, page) => {
      for (const [key, since] of [
        ['Shift+Digit1', /, 5 min/],
        ['Shift+Digit2', /, 1 h 5 m/],
        ['Shift+Digit3', /, 2 days 1 h/],
      ] as const) {
        await page.keyboard.press(key);
        await told(stage, since);
      }
    },
  },
  'beginning, end': {
    at: 'first-visit@30ms',
    does: async (stage, page) => {
      await page.keyboard.press('End');
      await expect(stage.step(9)).toHaveAttribute('data-state', 'done');
      await page.keyboard.press('Home');
      await expect(stage.step(2)).toHaveAttribute('data-state', 'pending');
    },
  },
  map: {
    at: 'first-visit@30ms',
    does: async (stage, page) => {
      await page.keyboard.press('z');
      await page.keyboard.press('m');
      await chosen(page, 'Map');
      await stage.open('dnssec-secure@200ms');
      await expect(page.getByRole('region', { name: 'Chain of trust' })).toBeVisible();
      await expect(stage.map).toBeHidden();
      await page.keyboard.press('m');
      await expect(stage.map).toBeVisible();
    },
  },
  'packet of the moment': {
    at: 'first-visit@45ms',
    does: async (_stage, page) => {
      await page.keyboard.press('p');
      await chosen(page, 'Packets');
      await expect(page.getByRole('region', { name: 'Packet', exact: true })).toContainText('199');
    },
  },
  statechart: {
    at: 'first-visit@45ms',
    does: async (_stage, page) => {
      await page.keyboard.press('s');
      await chosen(page, 'Statecharts');
    },
  },
  'hosted zone': {
    at: 'first-visit@45ms',
    does: async (_stage, page) => {
      await page.keyboard.press('z');
      await chosen(page, 'Hosted zone');
    },
  },
  'compare two visits': {
    at: 'five-minutes-later@301s',
    does: async (_stage, page) => {
      const view = page.getByRole('region', { name: 'Compare' });
      await page.keyboard.press('c');
      await expect(view).toBeVisible();
      await page.keyboard.press('c');
      await expect(view).toHaveCount(0);
    },
  },
  'transitions of the chosen actor': {
    at: 'first-visit@45ms',
    does: async (stage, page) => {
      await page.keyboard.press('s');
      const before = await stage.time.getAttribute('aria-valuetext');
      await page.keyboard.press(']');
      await expect(stage.time).not.toHaveAttribute('aria-valuetext', before ?? '');
      await page.keyboard.press('[');
      await page.keyboard.press('[');
      await expect(stage.time).not.toHaveAttribute('aria-valuetext', before ?? '');
    },
  },
  'address bar': {
    at: 'first-visit@45ms',
    does: async (stage, page) => {
      await page.keyboard.press('l');
      await expect(stage.address).toBeFocused();
    },
  },
  'what if': {
    at: 'first-visit@45ms',
    does: async (_stage, page) => {
      await page.keyboard.press('w');
      await expect(page.getByRole('dialog', { name: /what if/i })).toBeVisible();
    },
  },
  'drop the packet in flight': {
    at: 'first-visit@45ms',
    does: async (stage, page) => {
      await page.keyboard.press('x');
      await expect(stage.button(/^Undo/)).toBeVisible();
    },
  },
  'undo a what-if': {
    at: 'first-visit@45ms',
    does: async (stage, page) => {
      await page.keyboard.press('x');
      await expect(stage.button(/^Undo/)).toBeVisible();
      await page.keyboard.press('Control+z');
      await expect(stage.button(/^Undo/)).toHaveCount(0);
    },
  },
  redo: {
    at: 'first-visit@45ms',
    does: async (stage, page) => {
      await page.keyboard.press('x');
      await expect(stage.button(/^Undo/)).toBeVisible();
      await page.keyboard.press('Control+z');
      await expect(stage.button(/^Undo/)).toHaveCount(0);
      await page.keyboard.press('Control+Shift+Z');
      await expect(stage.button(/^Undo/)).toBeVisible();
    },
  },
  'find a lesson': {
    at: 'first-visit@45ms',
    does: async (stage, page) => {
      await page.keyboard.press('/');
      await expect(page.getByRole('combobox', { name: 'Lesson' })).toBeFocused();
      await page.keyboard.type('failover');
      await page.keyboard.press('Enter');
      await expect(stage.address).toHaveValue('api.example.com');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    },
  },
  present: {
    at: 'first-visit@45ms',
    does: async (_stage, page) => {
      await page.keyboard.press('f');
      await expect(page.locator('html')).toHaveAttribute('data-present', 'on');
      await page.keyboard.press('f');
      await expect(page.locator('html')).toHaveAttribute('data-present', 'off');
    },
  },
  'dark, light': {
    at: 'first-visit@45ms',
    does: async (_stage, page) => {
      await page.keyboard.press('d');
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
      await page.keyboard.press('d');
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    },
  },
  'answer a question, while one is open': {
    at: '',
    does: async (stage, page) => {
      await page.getByRole('checkbox', { name: /^Ask me first/ }).check();
      await stage.address.press('Enter');
      const choices = page.getByRole('list', { name: 'Whom does the resolver ask next?' }).getByRole('listitem');
      await expect(choices.first()).toBeVisible({ timeout: 20_000 });
      await page.keyboard.press('b');
      await expect(choices.filter({ hasText: 'this happens' })).toHaveCount(1);
    },
  },
  'these keys': {
    at: 'first-visit@45ms',
    does: async (_stage, page) => {
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    },
  },
  back: {
    at: 'first-visit@45ms',
    does: async (_stage, page) => {
      await page.keyboard.press('w');
      await expect(page.getByRole('dialog')).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await page.keyboard.press('p');
      await page.keyboard.press('Escape');
      await chosen(page, 'Map');
    },
  },
};

for (const { keys, words } of COMMANDS)
  test(`${keys.join(' ')}: ${words}`, async ({ stage, page }) => {
    const trial = TRIALS[words];
    if (!trial) throw new Error(`nobody presses ${keys.join(' ')}`);
    await stage.open(trial.at);
    await trial.does(stage, page);
  });

test('the sheet lists what is pressed, and nothing else', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' }).getByRole('definition')).toHaveText(
    ['Time', 'Views', 'The map', 'The page'].flatMap((group) =>
      COMMANDS.filter((one) => one.group === group).map((one) => one.words),
    ),
  );
});

test('whoever opens a packet from the map is in its panel then, and in the map’s after Escape', async ({ stage, page }) => {
  await stage.open('first-visit@45ms');
  await stage.slip(/^Referral, \.com server/).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tabpanel', { name: 'Packets' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tabpanel', { name: 'Map' })).toBeFocused();
});

test('while playing, a screen reader is not told the same two sentences a hundred times', async ({ stage, page }) => {
  await stage.open('weighted@30s');
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    const status = document.querySelector('[aria-label="Narration"]') as Element;
    new MutationObserver(() => said.push(status.textContent ?? '')).observe(status, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  for (let i = 0; i < 3; i++) await page.keyboard.press('.');
  await page.keyboard.press('Space');
  await expect(stage.narration).toContainText('Many draws come near 70 and 30.', { timeout: 60_000 });
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  expect(said.length).toBeLessThan(10);
});
