/**
 * What every test of the site stands on: a page that may neither complain on its console nor ask another origin for
 * anything, and the site's parts by the names that people and screen readers find them by.
 */
import { test as base, expect, type Locator, type Page } from '@playwright/test';

export { expect };

/** Playwright says this itself where the service worker is left out. */
const EXPECTED = 'Service Worker registration blocked by Playwright';

export const test = base.extend<{ quiet: undefined; stage: Stage }>({
  quiet: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      context.on('console', (line) => {
        if (['error', 'warning'].includes(line.type()) && !line.text().includes(EXPECTED))
          complaints.push(`${line.type()}: ${line.text()}`);
      });
      context.on('weberror', (one) => complaints.push(`uncaught: ${one.error().stack ?? one.error().message}`));
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1') complaints.push(`asked another origin: ${url.href}`);
      });
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  stage: async ({ page }, use) => {
    await use(new Stage(page));
  },
});

export class Stage {
  readonly page: Page;
  readonly address: Locator;
  readonly go: Locator;
  readonly map: Locator;
  readonly narration: Locator;
  readonly rail: Locator;
  readonly time: Locator;
  readonly alert: Locator;

  constructor(page: Page) {
    this.page = page;
    this.address = page.getByRole('textbox', { name: 'Address' });
    this.go = page.getByRole('button', { name: 'Go', exact: true });
    this.map = page.getByRole('region', { name: 'Map' });
    this.narration = page.getByRole('status', { name: 'Narration' });
    this.rail = page.getByRole('list', { name: 'Nine steps' });
    this.time = page.getByRole('slider', { name: 'Time' });
    this.alert = page.getByRole('alert');
  }

  /** Opens the site at a lesson and a moment, as a person writes them in a link: "first-visit@45ms". */
  async open(fragment = ''): Promise<void> {
    // Only from another page is every address a new one: a fragment alone would be followed, or be where we are.
    if (this.page.url() !== 'about:blank') await this.page.goto('about:blank');
    await this.page.goto(fragment === '' ? './' : `./#${fragment}`);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.rail.locator('[data-step]')).toHaveCount(9);
    await this.page.evaluate(() => document.fonts.ready.then(() => undefined));
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  /** One of the nine steps, in whatever form the rail has on this screen. */
  step(number: number): Locator {
    return this.rail.locator(`[data-step="${number}"]`);
  }

  /** The states of the nine in the order in which they stand in the list, as "1 done". */
  async steps(): Promise<readonly string[]> {
    const items = this.rail.locator('[data-step]');
    await expect(items).toHaveCount(9);
    return items.evaluateAll((all) => all.map((item) => `${item.getAttribute('data-step')} ${item.getAttribute('data-state')}`));
  }

  /** A slip on the map. */
  slip(name: string | RegExp): Locator {
    return this.map.getByRole('button', { name });
  }

  /** The map's text twin. */
  hops(): Promise<readonly string[]> {
    return this.map.getByRole('list', { name: 'Hops so far' }).getByRole('listitem').allTextContents();
  }

  /** Everything drawn for this moment, as text: equal pictures are equal texts, in whatever order attributes were set. */
  picture(): Promise<string> {
    return this.page.evaluate(async () => {
      await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
      const lines: string[] = [];
      const write = (node: Node, depth: number): void => {
        const indent = ' '.repeat(depth);
        if (node instanceof Text && node.data.trim() !== '') lines.push(indent + node.data.trim());
        if (!(node instanceof Element)) return;
        const attributes = [...node.attributes]
          .filter(({ value }) => value !== '')
          .map(({ name, value }) => `${name}="${value}"`);
        lines.push(`${indent}<${[node.localName, ...attributes.sort()].join(' ')}>`);
        for (const child of node.childNodes) write(child, depth + 1);
      };
      for (const part of document.querySelectorAll('main, section[aria-label="Timetable"]')) write(part, 0);
      return lines.join('\n');
    });
  }
}
