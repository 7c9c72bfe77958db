/** The scenario library as tests use it: every file loaded, and run once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mistakeText } from '../../src/base/mistake.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { parseYaml } from '../../src/scenario/parse.ts';
import { run } from '../../src/scenario/run.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import type { Trace } from '../../src/trace/trace.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'scenarios');

export const scenarioNames: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))
  .sort();

/** A scenario of the library; throws with all mistakes when it has some. */
export function scenarioNamed(name: string): Scenario {
  return scenarioFrom(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8'), `${name}.yaml`);
}

/** A scenario from YAML text. */
export function scenarioFrom(text: string, file = 'test.yaml'): Scenario {
  const { data, places, mistakes: syntax } = parseYaml(text, file);
  const { scenario, mistakes } = loadScenario(data, { file, places });
  if (!scenario) throw new Error([...syntax, ...mistakes].map(mistakeText).join('\n'));
  return scenario;
}

const traces = new Map<string, Trace>();

/** The trace of a scenario of the library, run once. */
export function traceOf(name: string): Trace {
  const trace = traces.get(name) ?? run(scenarioNamed(name), { name });
  traces.set(name, trace);
  return trace;
}
