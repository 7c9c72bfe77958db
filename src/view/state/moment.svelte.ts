/**
 * The moment: what is so at the playhead, apart from mere movement. Worked out anew only when something has happened, so
 * that between two events a frame costs next to nothing.
 */
import type { Instant } from '../../base/time.ts';
import { ROOT } from '../../dns/name.ts';
import { isBackground } from '../../trace/background.ts';
import { describeMessage } from '../../trace/describe.ts';
import { messagesUpTo, type Position, type Scene, sceneAt } from '../../trace/scene.ts';
import { STEP_NUMBERS, type StepNumber, type StepState } from '../../trace/steps.ts';
import { timelineOf } from '../../trace/timeline.ts';
import type { Trace } from '../../trace/trace.ts';
import { visitsOf } from '../../trace/visits.ts';
import { castOf, nameInHand } from '../geometry/cast.ts';
import { hopStories } from '../geometry/map/hops.ts';
import { type StepNames, stepNames } from '../geometry/stepNames.ts';
import { tickAt } from '../geometry/ticks.ts';
import type { Player } from './player.svelte.ts';
import { inSteps, type Seldom } from './seldom.svelte.ts';

export class Moment {
  #trace: () => Trace;
  #player: Player;
  #at: Seldom<number>;
  #read: Seldom<number>;

  constructor(trace: () => Trace, player: Player) {
    this.#trace = trace;
    this.#player = player;
    this.#at = player.seldom((now) => tickAt(this.trace, now));
    this.#read = player.seldom((now) => inSteps(now, player.glance, player.playing));
  }

  trace = $derived.by(() => this.#trace());
  visits = $derived(visitsOf(this.trace));
  timeline = $derived(timelineOf(this.trace));
  /** The playhead, which moves every frame. */
  now: Instant = $derived.by(() => this.#player.now);
  /** When something last happened. */
  at: Instant = $derived.by(() => this.#at.value as Instant);
  /** The playhead for words that tell the time: while playing, no faster than one can read. */
  read: Instant = $derived.by(() => Math.max(this.at, this.#read.value) as Instant);
  #turn = $derived.by(() => this.#player.turn);
  #move = $derived.by(() => this.#player.move);
  #position: Position = $derived({
    at: this.at,
    ...(this.#turn === undefined ? {} : { turn: this.#turn, ...(this.#move === undefined ? {} : { move: this.#move }) }),
  });
  scene: Scene = $derived(sceneAt(this.trace, this.#position));
  /** The visit at hand; before anything has happened, the one to come. */
  visit = $derived(this.scene.visit ?? this.visits[0]);
  /** Whether anything has happened yet. */
  begun = $derived(this.scene.visit !== undefined);
  turn = $derived(this.scene.turn?.id ?? -1);
  /** The messages of the visit that have left by now. */
  sent = $derived.by(() => {
    const first = this.scene.visit?.turn;
    return first === undefined
      ? []
      : messagesUpTo(this.trace, this.#position).filter((id) => {
          const turn = this.trace.messages[id]?.turn ?? 0;
          return turn >= first && !isBackground(this.trace, turn);
        });
  });
  name = $derived(nameInHand(this.trace, this.visit, this.sent) ?? ROOT);
  cast = $derived(castOf(this.trace, this.visit, this.name));
  stories = $derived(hopStories(this.trace, this.scene, this.cast));

  /** Whether the visit at hand is over. */
  ended = $derived.by(() => {
    const { visit, turn } = this.scene;
    return visit?.to !== undefined && (turn?.id ?? -1) >= (visit.endTurn ?? Number.POSITIVE_INFINITY);
  });
  /** The step at hand: the last active one; between two, the one just done. */
  step: StepNumber = $derived.by(() => {
    const { steps } = this.scene;
    const active = steps.findLast(({ state }) => state === 'active');
    if (active) return active.step.number;
    const over = steps.filter(({ state }) => state === 'done' || state === 'failed');
    return over.sort((a, b) => (a.step.to ?? 0) - (b.step.to ?? 0) || a.step.number - b.step.number).at(-1)?.step.number ?? 1;
  });
  stepNames: StepNames = $derived(stepNames(this.scene, this.cast));
  /** The nine for the rail that stands apart from the chart. */
  rail = $derived.by(() =>
    STEP_NUMBERS.map((number) => {
      const why = this.scene.steps[number - 1]?.why;
      const title = this.stepNames.full(number)[0] ?? '';
      return { number, title, state: this.stepState(number), ...(why === undefined ? {} : { why }) };
    }),
  );
  /** Every hop of the visit so far, in words. */
  hopsSoFar = $derived(this.sent.map((id) => describeMessage(this.trace, id).title));

  stepState(number: number): StepState {
    if (!this.begun) return number === 1 ? 'active' : 'pending';
    return this.scene.steps[number - 1]?.state ?? 'pending';
  }
}
