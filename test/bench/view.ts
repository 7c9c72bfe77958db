/**
 * `npm run bench:view`: how fast the built site is in the headless browser found on this machine. Prints a table, or rows with
 * `--json`; never passes or fails, for a busy machine is no fault of the site.
 */
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type CDPSession, chromium, type Page, type Response } from '@playwright/test';
import { preview } from 'vite';
import { FLAGS, findChromium } from '../browser/chromium.ts';
import type { BenchRow } from './row.ts';

const site = resolve(import.meta.dirname, '../..');
const SIZE = { width: 1440, height: 900 };

/** How a stretch of time went. */
interface Recorded {
  readonly framesPerSecond: number;
  /** Milliseconds of main-thread work in a frame, at the 95th percentile. */
  readonly work: number;
}

export async function bench(): Promise<BenchRow[]> {
  const server = await preview({
    root: site,
    configFile: false,
    logLevel: 'silent',
    build: { outDir: 'dist/site' },
    preview: { host: '127.0.0.1', port: 0 },
  });
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...FLAGS] });
  try {
    const address = server.resolvedUrls?.local[0] ?? '';
    const plain = await playing(browser, address, 1);
    const throttled = await playing(browser, address, 4);
    return [
      {
        what: 'first load, script gzipped',
        measured: (await firstLoad(browser, address)) / 1000,
        target: 120,
        better: 'lower',
        unit: 'kB',
      },
      { what: 'playing the first lesson', measured: plain.framesPerSecond, target: 60, better: 'higher', unit: 'frames/s' },
      { what: 'main-thread work per frame, p95', measured: plain.work, target: 4, better: 'lower', unit: 'ms' },
      {
        what: 'main-thread work per frame, p95, processor throttled 4 ×',
        measured: throttled.work,
        target: 8,
        better: 'lower',
        unit: 'ms',
      },
      { what: 'seek to anywhere, p95', measured: await seeking(browser, address), target: 8, better: 'lower', unit: 'ms' },
      {
        what: 'Enter to the first moving slip',
        measured: await fromEnter(browser, address),
        target: 100,
        better: 'lower',
        unit: 'ms',
      },
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Bytes of script, gzipped one by one, until the first lesson stands there. */
async function firstLoad(browser: Browser, address: string): Promise<number> {
  const page = await browser.newPage({ viewport: SIZE, serviceWorkers: 'block' });
  const scripts: Promise<number>[] = [];
  const weigh = (response: Response): void => {
    if (response.request().resourceType() === 'script') scripts.push(response.body().then((body) => gzipSync(body).length));
  };
  page.on('response', weigh);
  await page.goto(address);
  await standing(page);
  page.off('response', weigh);
  const sizes = await Promise.all(scripts);
  await page.close();
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Plays the first lesson at its own speed, from Enter for eight seconds. */
async function playing(browser: Browser, address: string, throttle: number): Promise<Recorded> {
  const page = await browser.newPage({ viewport: SIZE, serviceWorkers: 'block' });
  const devtools = await page.context().newCDPSession(page);
  await page.goto(address);
  await standing(page);
  await page.waitForTimeout(1_500);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  await page.waitForTimeout(500);
  const recording = await recorded(devtools);
  await page.waitForTimeout(8_000);
  const played = await recording();
  await page.close();
  return played;
}

/**
 * Begins to record the main thread; what it gives back ends the recording. The work of a frame is that of all tasks of the
 * page's own thread from one animation frame to the next.
 */
async function recorded(devtools: CDPSession): Promise<() => Promise<Recorded>> {
  interface Event {
    readonly name: string;
    readonly ph: string;
    readonly ts: number;
    readonly dur?: number;
    /** Time that the thread itself ran, without what other programs took meanwhile. */
    readonly tdur?: number;
    readonly pid: number;
    readonly tid: number;
  }
  const events: Event[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as Event[])));
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] },
  });
  return async () => {
    const complete = new Promise((done) => devtools.once('Tracing.tracingComplete', done));
    await devtools.send('Tracing.end');
    await complete;
    const fired = events.filter(({ name }) => name === 'FireAnimationFrame').sort((a, b) => a.ts - b.ts);
    const thread = fired[0];
    if (!thread) return { framesPerSecond: 0, work: Number.NaN };
    const tasks = events
      .filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && pid === thread.pid && tid === thread.tid)
      .sort((a, b) => a.ts - b.ts);
    // Several callbacks may run in one frame: a frame begins with the first of those that lie close together.
    const starts = fired.map(({ ts }) => ts).filter((ts, i, all) => i === 0 || ts - (all[i - 1] as number) > 4_000);
    const work = starts.slice(0, -1).map((from, i) => {
      const to = starts[i + 1] as number;
      return (
        tasks
          .filter(({ ts, dur = 0 }) => ts + dur > from && ts + dur <= to)
          .reduce((sum, { dur = 0, tdur = dur }) => sum + tdur, 0) / 1_000
      );
    });
    const spent = (starts.at(-1) as number) - (starts[0] as number);
    return { framesPerSecond: (work.length * 1e6) / spent, work: percentile(work, 0.95) };
  };
}

/** Milliseconds of main-thread work for a seek, its layout and painting: a key for another step in every frame. */
async function seeking(browser: Browser, address: string): Promise<number> {
  const page = await browser.newPage({ viewport: SIZE, serviceWorkers: 'block' });
  const devtools = await page.context().newCDPSession(page);
  await page.goto(`${address}#first-visit@45ms`);
  await standing(page);
  await page.getByRole('slider', { name: 'Time' }).waitFor();
  // The first round, which is not counted, warms the compiler.
  await seek(page, 3);
  const seeks = await recorded(devtools);
  await seek(page, 15);
  const { work } = await seeks();
  await page.close();
  return work;
}

const seek = (page: Page, rounds: number): Promise<void> =>
  page.evaluate(async (times) => {
    for (let i = 0; i < times * 9; i++) {
      const step = String(1 + ((i * 4) % 9));
      await new Promise((next) => requestAnimationFrame(next));
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: step, code: `Digit${step}`, bubbles: true, cancelable: true }),
      );
    }
  }, rounds);

/** Milliseconds from Enter to the first frame in which a slip stands on the map; the median of five first visits. */
async function fromEnter(browser: Browser, address: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const page = await browser.newPage({ viewport: SIZE, serviceWorkers: 'block' });
    await page.goto(address);
    await standing(page);
    const time = page.evaluate(async () => {
      const begun = await new Promise<number>((entered) =>
        addEventListener('submit', () => entered(performance.now()), { capture: true, once: true }),
      );
      while (!document.querySelector('[aria-label="Map"] g.slip')) await new Promise((next) => requestAnimationFrame(next));
      await new Promise((next) => requestAnimationFrame(next));
      return performance.now() - begun;
    });
    await page.getByRole('textbox', { name: 'Address' }).press('Enter');
    times.push(await time);
    await page.close();
  }
  return percentile(times, 0.5);
}

async function standing(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Map' }).waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

if (process.argv[1] === import.meta.filename) {
  const rows = await bench();
  if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2));
  else
    for (const { what, measured, target, better, unit } of rows) {
      const met = better === 'lower' ? measured <= target : measured >= target;
      console.log(
        `${what.padEnd(58)} ${measured.toFixed(1).padStart(7)}  ${better === 'lower' ? '≤' : '≥'} ${target} ${unit}${met ? '' : '   (not met)'}`,
      );
    }
}
