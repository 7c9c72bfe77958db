/**
 * What is played: a scenario, what the reader has added to it, and the trace of both together.
 *
 * Everything that a reader does is a line of the scenario. The run is made again from zero; determinism guarantees that the
 * past is unchanged. The engine is fetched when it is first needed: the first lesson comes with its trace.
 */
import { type Duration, type Instant, later, minutes, parseDuration } from '../../base/time.ts';
import type { Line, Scenario } from '../../scenario/schema.ts';
import type { Position } from '../../trace/scene.ts';
import { BEGINNING } from '../../trace/timeline.ts';
import type { Trace } from '../../trace/trace.ts';
import type { Player } from './player.svelte.ts';

/** One thing that the reader did. `instead` takes the place of the scenario's own line of that number. */
export interface Change {
  readonly line: Line;
  readonly instead?: number;
  /** For the undo button: "drop of query"; absent for what undo does not count (asking, letting time pass). */
  readonly words?: string;
}

export interface Played {
  readonly name: string;
  readonly scenario: Scenario;
  readonly changes: readonly Change[];
  /** The run, when somebody has made it already. */
  readonly trace?: Trace;
}

const engine = () => import('../../scenario/run.ts');

export class Theatre {
  name = $state.raw('');
  scenario = $state.raw<Scenario>({ title: '', stimuli: [] });
  changes = $state.raw<readonly Change[]>([]);
  #undone = $state.raw<readonly Change[]>([]);
  /** What stands in the browser's address bar. */
  address = $state.raw('');
  /** A run that our own code could not finish; the last good trace stays on the screen. */
  fault = $state.raw<string | undefined>();
  /** Absent until the first scenario is there. */
  #trace = $state.raw<Trace | undefined>();
  player!: Player;
  /** Changes wait for one another: each is made to what the one before it has left. */
  #queue: Promise<unknown> = Promise.resolve();

  ready = $derived(this.#trace !== undefined);
  /** What-ifs in force: lines that the reader added besides visiting and waiting. */
  whatIfs = $derived(this.changes.filter((change) => change.words !== undefined));
  canRedo = $derived(this.#undone.length > 0);
  undoWords = $derived(this.whatIfs.at(-1)?.words);

  get trace(): Trace {
    if (!this.#trace) throw new Error('nothing is played yet');
    return this.#trace;
  }

  /** Begins a scenario; `at` is where to stand. False when it cannot be run. */
  async open({ name, scenario, changes, trace }: Played, at: Position = BEGINNING): Promise<boolean> {
    const made = trace ?? (await this.#run(scenario, changes, name));
    if (!made) return false;
    this.player.seek(at);
    this.name = name;
    this.scenario = scenario;
    this.changes = changes;
    this.#undone = [];
    this.#trace = made;
    this.address = typedFirst(effective(scenario, changes)) ?? '';
    return true;
  }

  /** Fetches the engine before it is needed. */
  warm(): void {
    void engine();
  }

  /** Enter in the address bar: plays what the lesson has prepared, or asks for what was typed, now. */
  enter(): void {
    const typed = this.address.trim();
    const { player } = this;
    if (typed === '') return;
    if (!player.atStart) {
      const at = exact(this.#present);
      void this.#change((changes) => [...changes, { line: { visit: typed, at, ...this.#visitor() } }]).then(() => player.play());
      return;
    }
    const number = this.scenario.stimuli.findIndex((line) => 'visit' in line);
    if (number < 0 || typed === typedFirst(effective(this.scenario, this.changes))) {
      player.play();
      return;
    }
    const own = this.scenario.stimuli[number] as Line & { visit: string };
    void this.#change((changes) => [
      ...changes.filter((change) => change.instead !== number),
      { line: { ...own, visit: typed }, instead: number },
    ]).then(() => player.play());
  }

  /** Lets time pass: the playhead moves on, and the run is made longer if it ends before. */
  async pass(by: string): Promise<void> {
    const { player } = this;
    const from = player.now;
    const target = (from + (parseDuration(by) ?? 0)) as Instant;
    // Health checkers go on as long as the run does: long enough to notice what has happened, no longer.
    const probed = this.trace.hosts.some(({ role }) => role === 'health-checker');
    const end = probed ? (Math.min(target, later(from, FOLLOWED)) as Instant) : target;
    if (target > this.trace.end) await this.#change((changes) => [...changes, { line: { wait: by, at: exact(end) } }]);
    player.jumpTo(target);
  }

  /** A what-if at the present moment. */
  async whatIf(line: Line, words: string): Promise<void> {
    const at = this.#present;
    if (!(await this.#change((changes) => [...changes, { line: { ...line, at: exact(at) }, words }]))) return;
    this.#undone = [];
    if (at > this.player.now) this.player.position = { at };
  }

  /**
   * When a change is made that belongs to the present. Of things at one instant a run takes what somebody does first; so that
   * what stands on the screen stays past, a change comes a microsecond after an event at which the playhead stands.
   */
  get #present(): Instant {
    const { now, atStart } = this.player;
    return atStart || !this.trace.turns.some((turn) => turn.at === now) ? now : (later(now, 1 as Duration) as Instant);
  }

  async undo(): Promise<void> {
    const taken = this.whatIfs.at(-1);
    if (taken && (await this.#change((changes) => changes.filter((change) => change !== taken))))
      this.#undone = [...this.#undone, taken];
  }

  async redo(): Promise<void> {
    const last = this.#undone.at(-1);
    if (last && (await this.#change((changes) => [...changes, last]))) this.#undone = this.#undone.slice(0, -1);
  }

  #change(make: (changes: readonly Change[]) => readonly Change[]): Promise<boolean> {
    const turn = this.#queue.then(async () => {
      const changes = make(this.changes);
      const trace = await this.#run(this.scenario, changes, this.name);
      if (!trace) return false;
      this.changes = changes;
      this.#trace = trace;
      return true;
    });
    this.#queue = turn;
    return turn;
  }

  async #run(scenario: Scenario, changes: readonly Change[], name: string): Promise<Trace | undefined> {
    try {
      const { run } = await engine();
      const trace = run(effective(scenario, changes), {
        name,
        budget: MOST_TURNS,
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

/** The page stands still while a run is made: so many turns take a few seconds, and are thirty times those of the longest lesson. */
const MOST_TURNS = 100_000;
/** How much of the time that is let pass is played in full: ten misses in a row, thirty seconds apart, and a little more. */
const FOLLOWED = minutes(6);

/** The scenario with the lines that the reader typed in place of its own. */
function effective(scenario: Scenario, changes: readonly Change[]): Scenario {
  const instead = new Map(
    changes.flatMap((change) => (change.instead === undefined ? [] : [[change.instead, change.line] as const])),
  );
  if (instead.size === 0) return scenario;
  return { ...scenario, stimuli: scenario.stimuli.map((line, i) => instead.get(i) ?? line) };
}

function typedFirst(scenario: Scenario): string | undefined {
  const line = scenario.stimuli.find((one) => 'visit' in one || 'ask' in one);
  return line && ('visit' in line ? line.visit : 'ask' in line ? line.ask.split(/\s+/)[0] : undefined);
}

/** An instant as scenarios write it, exact to the microsecond. */
const exact = (at: Instant): string => `${at} us`;
