/** The built site on a host that disappears: from any folder, and without a network after the first visit. */
import { resolve } from 'node:path';
import { preview } from 'vite';
import { expect, Stage, test } from './stage.ts';

test.use({ serviceWorkers: 'allow' });

test('the site works from any folder of a host, and without the host after the first visit', async ({ page, context }) => {
  const root = resolve(import.meta.dirname, '../..');
  const host = await preview({
    root,
    configFile: false,
    base: '/some/where/deep/',
    logLevel: 'silent',
    build: { outDir: 'dist/site' },
    preview: { host: '127.0.0.1', port: 0 },
  });
  const address = host.resolvedUrls?.local[0] ?? '';
  const outside: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(address)) outside.push(request.url());
  });
  const stage = new Stage(page);
  try {
    await page.goto(address);
    await stage.ready();
    await page.evaluate(async () => {
      const { serviceWorker } = navigator;
      await serviceWorker.ready;
      if (!serviceWorker.controller)
        await new Promise((taken) => serviceWorker.addEventListener('controllerchange', taken, { once: true }));
    });
    expect(outside).toEqual([]);
  } finally {
    await host.close();
  }

  await expect(page.request.get(address)).rejects.toThrow();
  await page.goto('about:blank');
  await page.goto(`${address}#another-host@10020ms`);
  await stage.ready();
  await expect(stage.step(4)).toHaveAttribute('data-state', 'skipped');
  for (const [key, view] of [
    ['p', 'Packet'],
    ['s', 'Statechart'],
    ['z', 'Hosted zone'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('region', { name: view, exact: true }).first()).toBeVisible();
  }
  await page.keyboard.press('m');
  await page.keyboard.press('x');
  await expect(stage.button(/^Undo drop of/)).toBeVisible();
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Lesson' }).fill('typo');
  await page.keyboard.press('Enter');
  await expect(stage.address).toHaveValue('wwww.example.com');
});
