/**
 * `npm run bench`: every figure is a ratio against a peer, or a bound, measured in this one process.
 *
 * Prints a table for people, or rows with `--json`. Never passes or fails: a slow machine is not a fault.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { BenchRow } from './row.ts';

// What is kept in memory can only be told when the rest has been thrown away.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc') as NonNullable<typeof globalThis.gc>;

const PARTS = ['codec', 'zone', 'resolve', 'run', 'route53'] as const;

const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const rows: BenchRow[] = [];
for (const part of PARTS) {
  if (only.length > 0 && !only.includes(part)) continue;
  const module = (await import(`./${part}.ts`)) as { bench: () => readonly BenchRow[] | Promise<readonly BenchRow[]> };
  rows.push(...(await module.bench()));
}

if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2));
else {
  const width = Math.max(...rows.map((row) => row.what.length));
  console.log(`${'what'.padEnd(width)}  measured  target`);
  for (const row of rows) {
    const sign = row.better === 'higher' ? '≥' : '≤';
    const met = row.better === 'higher' ? row.measured >= row.target : row.measured <= row.target;
    const measured = row.measured >= 1_000 ? Math.round(row.measured).toLocaleString('en') : row.measured.toPrecision(3);
    console.log(
      `${row.what.padEnd(width)}  ${measured.padStart(8)}  ${sign} ${row.target.toLocaleString('en')} ${row.unit}${met ? '' : '   (not met)'}`,
    );
  }
}
