/** Traces for the view's tests: lessons of the library, run once for each test file. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseYaml } from '../../src/scenario/parse.ts';
import { run } from '../../src/scenario/run.ts';
import type { Line, Scenario } from '../../src/scenario/schema.ts';
import { messagesUpTo, type Position, sceneAt } from '../../src/trace/scene.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { castOf, nameInHand } from '../../src/view/geometry/cast.ts';
import { hopStories } from '../../src/view/geometry/map/hops.ts';

export function played(name: string, whatIf: readonly Line[] = []): Trace {
  const file = resolve(import.meta.dirname, `../../scenarios/${name}.yaml`);
  return run(parseYaml(readFileSync(file, 'utf8'), file).data as Scenario, { name, whatIf });
}

/** What the map stands on at a moment, in milliseconds. */
export function momentOf(trace: Trace, ms: number) {
  const position = { at: Math.round(ms * 1000) } as Position;
  const scene = sceneAt(trace, position);
  const first = scene.visit?.turn ?? 0;
  const sent = messagesUpTo(trace, position).filter((id) => (trace.messages[id]?.turn ?? 0) >= first);
  const name = nameInHand(trace, scene.visit, sent);
  if (name === undefined) throw new Error('nobody has asked for a name yet');
  const cast = castOf(trace, scene.visit, name);
  return { position, scene, sent, cast, stories: hopStories(trace, scene, cast) };
}
