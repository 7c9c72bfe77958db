/** How long the simulator takes to run the first lesson, in a warm process. */
import { run } from '../../src/scenario/run.ts';
import { scenarioNamed } from '../scenario/library.ts';
import type { BenchRow } from './row.ts';
import { median } from './row.ts';

export function bench(): readonly BenchRow[] {
  const scenario = scenarioNamed('first-visit');
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    const start = performance.now();
    run(scenario);
    if (round >= 20) times.push(performance.now() - start);
  }
  return [{ what: 'run of first-visit, warm process', measured: median(times), target: 10, better: 'lower', unit: 'ms' }];
}
