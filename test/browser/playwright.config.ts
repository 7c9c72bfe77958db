/** The built site in a real browser. It is served as any static host would serve it, on a port that is free. */
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { FLAGS, findChromium } from './chromium.ts';

const root = resolve(import.meta.dirname, '../..');

// Every worker reads this file again; what the first reading has found, they inherit.
process.env.ROOTWALK_PORT ??= String(await freePort());
const port = process.env.ROOTWALK_PORT;
const address = `http://127.0.0.1:${port}/`;

export default defineConfig({
  testDir: '.',
  outputDir: resolve(root, 'test-results'),
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.stdout.isTTY ? 'list' : 'dot',
  use: {
    baseURL: address,
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    permissions: ['clipboard-read', 'clipboard-write'],
    // One test is about the service worker; the others shall not wait until it has fetched the whole site.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: await findChromium(), args: [...FLAGS] },
  },
  retries: 0,
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    cwd: root,
    url: address,
  },
});

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const at = probe.address();
      probe.close(() => (at !== null && typeof at === 'object' ? found(at.port) : failed(new Error('no port is free'))));
    });
  });
}
