/**
 * What is played: a scenario, what the reader has added to it, and the trace of both together.
 *
 * Everything that a reader does is a line of the scenario. The run is made again from zero; determinism guarantees that the
 * past is unchanged.
 */
import { formatDuration, type Instant, parseDuration } from '../../base/time.ts';
import { run } from '../../scenario/run.ts';
import type { Line, Scenario } from '../../scenario/schema.ts';
import type { Position } from '../../trace/scene.ts';
import { BEGINNING } from '../../trace/timeline.ts';
import type { Trace } from '../../trace/trace.ts';
import type { Player } from './player.svelte.ts';

/** One thing that the reader did. `instead` takes the place of the scenario's own line of that number. */
export interface Change {
  readonly line: Line;
  readonly instead?: number;
  /** For the undo button: "drop of query 1"; absent for what undo does not count (asking, letting time pass). */
  readonly words?: string;
}

export interface Played {
  readonly name: string;
  readonly scenario: Scenario;
  readonly changes: readonly Change[];
}

export class Theatre {
  name = $state.raw('first-visit');
  scenario = $state.raw<Scenario>(EMPTY);
  changes = $state.raw<readonly Change[]>([]);
  #undone = $state.raw<readonly Change[]>([]);
  /** What stands in the browser's address bar. */
  address = $state('');
  /** A run that our own code could not finish; the last good trace stays on the screen. */
  fault = $state.raw<string | undefined>();
  trace = $state.raw<Trace>(run(EMPTY));
  player!: Player;

  /** What-ifs in force: lines that the reader added besides visiting and waiting. */
  whatIfs = $derived(this.changes.filter((change) => change.words !== undefined));
  canRedo = $derived(this.#undone.length > 0);
  undoWords = $derived(this.whatIfs.at(-1)?.words);

  /** Begins a scenario; `at` is where to stand. */
  open({ name, scenario, changes }: Played, at: Position = BEGINNING): boolean {
    const trace = this.#run(scenario, changes, name);
    if (!trace) return false;
    this.name = name;
    this.scenario = scenario;
    this.changes = changes;
    this.#undone = [];
    this.trace = trace;
    this.address = typedFirst(effective(scenario, changes)) ?? 'www.example.com';
    this.player.seek(at);
    return true;
  }

  /** Enter in the address bar: plays what the lesson has prepared, or asks for what was typed, now. */
  enter(): void {
    const typed = this.address.trim();
    const { player } = this;
    if (player.atStart) {
      const number = this.scenario.stimuli.findIndex((line) => 'visit' in line);
      const prepared = typedFirst(effective(this.scenario, this.changes));
      if (typed !== prepared && number >= 0) {
        const rest = this.changes.filter((change) => change.instead !== number);
        const own = this.scenario.stimuli[number] as Line & { visit: string };
        if (!this.#change([...rest, { line: { ...own, visit: typed }, instead: number }])) return;
      }
      player.play();
      return;
    }
    this.#insert({ line: { visit: typed, at: exact(player.now), ...this.#visitor() } });
    player.play();
  }

  /** Lets time pass: the playhead moves on, and the run is made longer if it ends before. */
  pass(by: string): void {
    const length = parseDuration(by) ?? 0;
    const { player } = this;
    const target = (player.now + length) as Instant;
    if (target > this.trace.end) this.#insert({ line: { wait: by, at: exact(player.now) } });
    player.jumpTo(target);
  }

  /** A what-if at the present moment. */
  whatIf(line: Line, words: string): void {
    this.#undone = [];
    this.#insert({ line: { ...line, at: exact(this.player.now) }, words });
  }

  undo(): void {
    const last = this.changes.findLastIndex((change) => change.words !== undefined);
    const taken = this.changes[last];
    if (!taken) return;
    const undone = [...this.#undone, taken];
    if (this.#change(this.changes.filter((_, i) => i !== last))) this.#undone = undone;
  }

  redo(): void {
    const last = this.#undone.at(-1);
    if (!last) return;
    const undone = this.#undone.slice(0, -1);
    if (this.#change([...this.changes, last])) this.#undone = undone;
  }

  #insert(change: Change): void {
    this.#change([...this.changes, change]);
  }

  #change(changes: readonly Change[]): boolean {
    const trace = this.#run(this.scenario, changes, this.name);
    if (!trace) return false;
    this.changes = changes;
    this.trace = trace;
    if (this.player.now > trace.end && this.player.now > this.player.end) this.player.seekInstant(trace.end);
    return true;
  }

  #run(scenario: Scenario, changes: readonly Change[], name: string): Trace | undefined {
    try {
      const trace = run(effective(scenario, changes), {
        name,
        whatIf: changes.filter((change) => change.instead === undefined).map((change) => change.line),
      });
      this.fault = undefined;
      return trace;
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  /** Who visits next: whoever visited last. */
  #visitor(): { by?: string } {
    const last = this.trace.stimuli.findLast((stimulus) => stimulus.action === 'visit' && stimulus.at <= this.player.now);
    return last?.host === undefined ? {} : { by: last.host };
  }
}

/** The scenario with the lines that the reader typed in place of its own. */
function effective(scenario: Scenario, changes: readonly Change[]): Scenario {
  const instead = new Map(changes.flatMap((change) => (change.instead === undefined ? [] : [[change.instead, change.line] as const])));
  if (instead.size === 0) return scenario;
  return { ...scenario, stimuli: scenario.stimuli.map((line, i) => instead.get(i) ?? line) };
}

function typedFirst(scenario: Scenario): string | undefined {
  const line = scenario.stimuli.find((one) => 'visit' in one);
  return line && 'visit' in line ? line.visit : undefined;
}

/** An instant as scenarios write it, exact to the microsecond. */
const exact = (at: Instant): string => `${at} us`;

export const momentText = (at: Instant): string => formatDuration(at as never);

const EMPTY: Scenario = { title: '', stimuli: [{ visit: 'www.example.com' }] };
