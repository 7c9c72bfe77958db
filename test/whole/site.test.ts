/** The built site as files: what a first visit loads, and that nothing in it needs another place. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Gzipped bytes of script before the first lesson stands there with its words. */
const BUDGET = 120_000;

const root = resolve(import.meta.dirname, '../..');
const site = mkdtempSync(join(tmpdir(), 'rootwalk-site-'));
let files: readonly string[] = [];

const text = (file: string): string => readFileSync(join(site, file), 'utf8');
const named = (pattern: RegExp): readonly string[] => files.filter((file) => pattern.test(file));

beforeAll(() => {
  const { NODE_ENV: _, ...env } = process.env;
  const vite = resolve(root, 'node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', site, '--emptyOutDir'], { cwd: root, env });
  files = readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(site, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}, 120_000);

afterAll(() => rmSync(site, { recursive: true, force: true }));

test('the first visit loads at most 120 kB of script, gzipped', () => {
  const wanted = new Set(
    [...text('index.html').matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((found) => found[1] as string),
  );
  for (const file of named(/^assets\/(?:first-visit|telling)-[\w-]+\.js$/)) wanted.add(file);
  // A set that grows while it is walked: what a script imports at its top is loaded with it.
  for (const file of wanted)
    for (const [, other] of text(file).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w-]+\.js)["']/g)) wanted.add(`assets/${other}`);
  const sizes = [...wanted].map((file) => ({ file: basename(file), bytes: gzipSync(readFileSync(join(site, file))).length }));
  const whole = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(sizes.length).toBeGreaterThan(1);
  expect(whole, sizes.map(({ file, bytes }) => `${bytes} ${file}`).join('\n')).toBeLessThanOrEqual(BUDGET);
});

test('the first words wait for nothing but the page itself', () => {
  const html = text('index.html');
  expect(
    [...html.matchAll(/<link[^>]*rel="stylesheet"[^>]*>/g)].map(([link]) => link).filter((link) => !link.includes(' disabled')),
  ).toEqual([]);
  expect(
    [...html.matchAll(/<script\b[^>]*\bsrc=[^>]*>/g)]
      .map(([script]) => script)
      .filter((script) => !script.includes('type="module"')),
  ).toEqual([]);
  const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
  expect(style).toContain('#beginning');
  // Addresses in it are those of the page, not of the file that it was in.
  const addresses = [...style.matchAll(/url\(["']?([^)"']*)/g)].map((found) => found[1] as string);
  expect(addresses.length).toBeGreaterThan(0);
  expect(addresses.filter((address) => !files.includes(address.replace('./', '')))).toEqual([]);
});

test('every address in the site is relative to the page, so it works from any folder', () => {
  const html = [...text('index.html').matchAll(/\b(?:src|href)="([^"]*)"/g)].map((found) => found[1]);
  const css = named(/\.css$/).flatMap((file) => [...text(file).matchAll(/url\(["']?([^)"']*)/g)].map((found) => found[1]));
  const manifest = JSON.parse(text('site.webmanifest')) as { start_url: string; scope: string; icons: { src: string }[] };
  const all = [...html, ...css, manifest.start_url, manifest.scope, ...manifest.icons.map(({ src }) => src)];
  expect(all.length).toBeGreaterThan(8);
  expect(all.filter((address) => !/^(\.{1,2}\/|#|data:)/.test(address ?? ''))).toEqual([]);
});

test('no script fetches, imports or connects to a written address', () => {
  const found = named(/\.js$/).flatMap((file) =>
    [
      ...text(file).matchAll(
        /\b(?:import|fetch|importScripts|EventSource|WebSocket|Worker|sendBeacon)\(\s*["'`](?:https?:|wss?:|\/)[^"'`]*/g,
      ),
    ].map(([what]) => `${file}: ${what}`),
  );
  expect(found).toEqual([]);
});

test('the service worker keeps every file of the site', () => {
  const worker = text('sw.js');
  expect(worker).not.toContain('__FILES__');
  expect(worker).not.toContain('__VERSION__');
  expect(files.filter((file) => !['sw.js', 'index.html'].includes(file) && !worker.includes(`"${file}"`))).toEqual([]);
});

test('what only the build and the tests need does not ship', () => {
  const scripts = named(/\.js$/).map((file) => ({ file, code: text(file) }));
  for (const sign of ['org.eclipse.elk', 'dns-packet', 'fast-check'])
    expect(scripts.filter(({ code }) => code.includes(sign)).map(({ file }) => file)).toEqual([]);
  expect(named(/\.map$/)).toEqual([]);
});
