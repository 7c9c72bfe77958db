/** What one benchmark found. */
export interface BenchRow {
  readonly what: string;
  readonly measured: number;
  readonly target: number;
  readonly better: 'higher' | 'lower';
  /** "× dns-packet", "ms", "MB". */
  readonly unit: string;
}

/** The median of `rounds` timings of `work`, in operations a second; `work` tells how many operations it did. */
export function rate(work: () => number, rounds = 7): number {
  work();
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const operations = work();
    rates.push((operations * 1_000) / (performance.now() - start));
  }
  return median(rates);
}

/** Rates of two kinds of work taken in turns, so that a drifting machine slows both: median of a ÷ b. */
export function ratio(a: () => number, b: () => number, rounds = 7): number {
  a();
  b();
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) ratios.push(once(a) / once(b));
  return median(ratios);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function once(work: () => number): number {
  const start = performance.now();
  const operations = work();
  return operations / (performance.now() - start);
}
