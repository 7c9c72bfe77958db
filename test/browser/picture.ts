/**
 * Takes the README's picture of the running site: step 4 of the first visit, a referral on its way.
 *
 * `npx vite build && npx tsx test/browser/picture.ts`
 */
import { mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { FLAGS, findChromium } from './chromium.ts';
import { Stage } from './stage.ts';

const root = resolve(import.meta.dirname, '../..');
const file = resolve(root, 'docs/pictures/stage.png');
const LARGEST = 300_000;

const server = await preview({
  root,
  configFile: false,
  logLevel: 'silent',
  build: { outDir: 'dist/site' },
  preview: { host: '127.0.0.1', port: 0 },
});
const browser = await chromium.launch({ executablePath: await findChromium(), args: [...FLAGS] });
try {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    serviceWorkers: 'block',
    ...(server.resolvedUrls?.local[0] ? { baseURL: server.resolvedUrls.local[0] } : {}),
  });
  const stage = new Stage(page);
  await stage.open('first-visit@48.6ms');
  await stage.time.waitFor();
  mkdirSync(resolve(file, '..'), { recursive: true });
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  await server.close();
}
const { size } = statSync(file);
if (size > LARGEST) throw new Error(`the picture has ${size} bytes, of ${LARGEST} allowed`);
console.log(`docs/pictures/stage.png, ${size} bytes`);
