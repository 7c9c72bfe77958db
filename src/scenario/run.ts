/**
 * A scenario to a trace: the whole simulator as one function. It reads no clock and keeps nothing; equal arguments give equal
 * traces. "What if?" appends lines and runs again from zero, and what came before them is the same to the byte.
 */
import { makeSimulation, type SimulationOptions } from '../actors/driver/simulation.ts';
import type { Reaction, Stimulus } from '../actors/world.ts';
import { type Duration, instant, START } from '../base/time.ts';
import type { HostId, Trace } from '../trace/trace.ts';
import { delayOfOne, effectOf } from './lines.ts';
import { reactionOf } from './route53/attach.ts';
import { actionOf, type Line, type Scenario, type World } from './schema.ts';
import { durationOf } from './words.ts';
import { buildWorld, type LivingWorld } from './world.ts';

export interface RunOptions {
  /** What the trace is called: the scenario's file name. */
  readonly name?: string;
  /** In place of the scenario's own. */
  readonly seed?: number;
  /** Lines to append; each has an absolute `at`. */
  readonly whatIf?: readonly Line[];
  /** Sees every macrostep of every machine. */
  readonly witness?: SimulationOptions['witness'];
  /** The most turns that it may take; a run of a lesson takes from a dozen to a few thousand. Beyond it `run` throws. */
  readonly budget?: number;
  /** A world to lay over the scenario's own, field by field of each host and zone. */
  readonly overlay?: World;
}

/** Runs a scenario to its end. */
export function run(scenario: Scenario, options: RunOptions = {}): Trace {
  const { world, ...prepared } = prepare(scenario, options);
  const simulation = makeSimulation({
    ...prepared,
    record: { name: options.name ?? 'scenario', title: scenario.title },
    ...(options.witness ? { witness: options.witness } : {}),
    ...(options.budget === undefined ? {} : { budget: options.budget }),
  });
  simulation.run();
  return { ...simulation.trace(), kept: world.kept };
}

/** A scenario's world, and what a simulation of it takes. */
export function prepare(
  scenario: Scenario,
  options: RunOptions = {},
): Omit<SimulationOptions, 'record' | 'witness'> & { readonly world: LivingWorld } {
  const lines = [...scenario.stimuli, ...(options.whatIf ?? [])];
  const world = buildWorld([scenario.world ?? AS_BUILT, ...(options.overlay ? [options.overlay] : [])], lines);
  const stimuli = [
    ...world.down.map(({ host, how }) => stopped(host, how)),
    ...lines.flatMap((line, i) => (line.on ? [] : [stimulusFor(line, i, world, i >= scenario.stimuli.length)])),
  ];
  const lateness = lines.flatMap((line, i) => delayOfOne(line, i));
  return {
    world,
    seed: options.seed ?? scenario.seed ?? 1,
    hosts: world.hosts,
    rules: [...world.rules, ...lateness],
    zones: world.zones,
    stimuli,
    reactions: reactionsTo(lines, world),
  };
}

/** The built-in Internet as it is; one object, since what is built is kept by its layers. */
const AS_BUILT: World = {};

/** What machines may trigger: Route 53's own news, and the lines that wait for an alarm. */
function reactionsTo(lines: readonly Line[], world: LivingWorld): ReadonlyMap<string, Reaction> {
  const reactions = new Map(world.route53?.reactions);
  for (const [i, line] of lines.entries()) {
    const name = reactionOf(line);
    if (name === undefined) continue;
    const before = reactions.get(name);
    const { apply } = effectOf(line, i, world);
    reactions.set(name, (actors, about) => {
      before?.(actors, about);
      apply(actors);
    });
  }
  return reactions;
}

// --- stimuli

const stopped = (host: HostId, how: 'down' | 'refusing'): Stimulus => ({
  at: START,
  action: 'stop',
  host,
  text: `${host} is ${how === 'down' ? 'down' : 'up, its programs stopped,'} from the start`,
  whatIf: false,
  line: { stop: host, how },
  apply: (actors) => actors.stop(host, how),
});

function stimulusFor(line: Line, number: number, world: LivingWorld, whatIf: boolean): Stimulus {
  const action = actionOf(line);
  if (!action) throw new Error('a line of the scenario does nothing');
  const { host, text, apply, after } = effectOf(line, number, world);
  const at =
    line.at !== undefined
      ? instant(durationOf(line.at))
      : number === 0 && line.after === undefined
        ? START
        : { after: after ?? timeAfter(line) };
  return { at, action, ...(host === undefined ? {} : { host }), text, whatIf, line, apply };
}

/** A line without a time of its own follows the end of the one before at once. */
const timeAfter = ({ after }: Line): Duration => (after === undefined ? (0 as Duration) : durationOf(after));
