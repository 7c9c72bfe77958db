/**
 * The playhead: the only thing on the screen that moves by itself. Everything else is computed from where it stands.
 *
 * Playing shows network time slowed down (at 1×, a second on screen is 10 ms) and hurries through stretches in which
 * nothing is on its way.
 */
import { type Instant, instant } from '../../base/time.ts';
import { isEvent } from '../../trace/background.ts';
import type { Position } from '../../trace/scene.ts';
import type { StepNumber } from '../../trace/steps.ts';
import {
  BEGINNING,
  nextMove,
  nextStep,
  nextTurn,
  previousMove,
  previousStep,
  previousTurn,
  stepPosition,
  timelineOf,
} from '../../trace/timeline.ts';
import type { Trace, TurnId } from '../../trace/trace.ts';
import { type Quiet, quietAt, quietStretches } from '../geometry/quiet.ts';
import { eased } from '../geometry/span.ts';
import { Seldom, type Standing } from './seldom.svelte.ts';

export const SPEEDS = [0.1, 0.2, 0.5, 1, 2, 5, 10] as const;
/** Microseconds of network time to a millisecond of screen time at 1×. */
export const PACE = 10;
/** Milliseconds of screen time for letting time pass (`--m-jump`). */
const HURRY = 900;
/** Milliseconds of screen time for which words that tell the time stand still, so that they can be read. */
const GLANCE = 100;
/** Milliseconds between events when motion is stepped. */
const STEP = 900;

export class Player {
  /** The instant of the playhead. */
  now = $state.raw<Instant>(BEGINNING.at);
  /** The turn and the move at which it stands, when it was put there; apart from the instant, which alone moves in a frame. */
  turn = $state.raw<TurnId | undefined>(BEGINNING.turn);
  move = $state.raw<number | undefined>();
  playing = $state.raw(false);
  speed = $state.raw<number>(1);
  #trace: () => Trace;
  #stepped: () => boolean;
  #jump: { readonly from: number; readonly to: number; spent: number; readonly after?: (() => void) | undefined } | undefined;
  #last: number | undefined;
  #rest = 0;
  #quiet: { trace: Trace; stretches: readonly Quiet[] } | undefined;

  /** Before anything has happened. */
  atStart = $derived(this.turn === -1);
  #seldom: Seldom<string | number>[] = [];

  constructor(trace: () => Trace, stepped: () => boolean) {
    this.#trace = trace;
    this.#stepped = stepped;
  }

  get position(): Position {
    const { now: at, turn, move } = this;
    return { at, ...(turn === undefined ? {} : { turn, ...(move === undefined ? {} : { move }) }) };
  }
  set position({ at, turn, move }: Position) {
    this.now = at;
    this.turn = turn;
    this.move = move;
    for (const one of this.#seldom) one.look();
  }

  /** What is made from the playhead and seldom changes. */
  seldom<T extends string | number>(make: (now: Instant) => Standing<T>): Seldom<T> {
    const one = new Seldom(() => this.now, make);
    this.#seldom.push(one as unknown as Seldom<string | number>);
    return one;
  }

  /** While playing, words and bars that tell the time are read anew after so many microseconds: ten times a second. */
  get glance(): number {
    return GLANCE * PACE * this.speed;
  }

  get end(): Instant {
    return timelineOf(this.#trace()).pieces.at(-1)?.to ?? this.#trace().end;
  }

  play(): void {
    if (this.playing) return;
    if (this.now >= this.end && !this.atStart) this.position = BEGINNING;
    this.playing = true;
    this.#last = undefined;
    this.#rest = 0;
    requestAnimationFrame(this.#frame);
  }

  pause(): void {
    this.playing = false;
    if (this.#jump) this.#finishJump();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  restart(): void {
    this.pause();
    this.position = BEGINNING;
  }

  /** Puts the playhead somewhere and leaves it there. */
  seek(to: Position): void {
    this.pause();
    this.position = to;
  }

  seekInstant(at: number): void {
    this.seek({ at: instant(Math.min(this.end, Math.max(0, at))) });
  }

  nextEvent = (): void => this.#go(this.#event(nextTurn));
  previousEvent = (): void => this.#go(this.#event(previousTurn));
  nextMove = (): void => this.#go(nextMove(this.#trace(), this.position));
  previousMove = (): void => this.#go(previousMove(this.#trace(), this.position));
  nextStep = (): void => this.#go(nextStep(this.#trace(), this.position));
  previousStep = (): void => this.#go(previousStep(this.#trace(), this.position));
  step = (number: StepNumber): boolean => {
    const found = stepPosition(this.#trace(), this.position, number);
    this.#go(found);
    return found !== undefined;
  };

  slower(): void {
    this.speed = SPEEDS.findLast((s) => s < this.speed) ?? this.speed;
  }

  faster(): void {
    this.speed = SPEEDS.find((s) => s > this.speed) ?? this.speed;
  }

  /** Lets time pass, quickly but visibly: all bars drain together. */
  jumpTo(at: Instant, after?: () => void): void {
    this.playing = false;
    if (this.#stepped()) {
      this.position = { at };
      after?.();
      return;
    }
    const running = this.#jump !== undefined;
    this.#jump = { from: this.now, to: at, spent: 0, after };
    this.#last = undefined;
    if (!running) requestAnimationFrame(this.#frame);
  }

  /** The next event in a direction: probes that change nothing are passed by. */
  #event(step: typeof nextTurn): Position | undefined {
    const trace = this.#trace();
    let to = step(trace, this.position);
    while (to?.turn !== undefined && to.turn >= 0 && !isEvent(trace, to.turn)) to = step(trace, to);
    return to;
  }

  #go(to: Position | undefined): void {
    this.pause();
    if (to) this.position = to;
  }

  #finishJump(): void {
    const jump = this.#jump;
    this.#jump = undefined;
    if (!jump) return;
    this.position = { at: jump.to as Instant };
    jump.after?.();
  }

  #frame = (time: number): void => {
    if (!this.playing && !this.#jump) return;
    // A gap of more than half a second means that the page slept, not that time passed.
    const spent = this.#last === undefined ? 0 : time - this.#last;
    this.#last = time;
    this.#advance(spent > 500 ? 16 : spent);
    requestAnimationFrame(this.#frame);
  };

  #advance(spent: number): void {
    if (this.#jump) {
      this.#jump.spent += spent;
      const part = Math.min(1, this.#jump.spent / HURRY);
      if (part >= 1) this.#finishJump();
      else this.position = { at: instant(this.#jump.from + (this.#jump.to - this.#jump.from) * eased(part)) };
      return;
    }
    if (this.#stepped()) {
      this.#rest += spent;
      if (this.#rest < STEP) return;
      this.#rest = 0;
      const next = this.#event(nextTurn);
      if (next) this.position = next;
      else this.playing = false;
      return;
    }
    const at = this.#glide(this.now, spent);
    const { end } = this;
    if (at >= end) this.playing = false;
    this.position = { at: instant(Math.min(at, end)) };
  }

  /** Where the playhead is after so many milliseconds of screen time. */
  #glide(from: number, spent: number): number {
    const trace = this.#trace();
    if (this.#quiet?.trace !== trace) this.#quiet = { trace, stretches: quietStretches(trace, this.end) };
    let at = from;
    let left = spent;
    for (let i = 0; i < 8 && left > 0; i++) {
      const quiet = quietAt(this.#quiet.stretches, at);
      const inside = quiet !== undefined && at >= quiet.from;
      const rate = inside ? Math.max((quiet.to - quiet.from) / quiet.shown, PACE * this.speed) : PACE * this.speed;
      const edge = inside ? quiet.to : (quiet?.from ?? Number.POSITIVE_INFINITY);
      const needed = (edge - at) / rate;
      if (needed > left) return at + rate * left;
      at = edge;
      left -= needed;
      if (edge >= this.end) return this.end;
    }
    return at;
  }
}
