/**
 * The time axis: stretches in which something happens at their own length, idle stretches folded to a fixed width; and the
 * stops on it for the transport: events (turns), moves and the nine steps.
 *
 * Pieces are laid out from the left, so that a change at some instant leaves everything before it where it was.
 */
import type { Duration, Instant } from '../base/time.ts';
import type { Position } from './scene.ts';
import type { StepNumber } from './steps.ts';
import type { Trace } from './trace.ts';

/** A stretch of the axis. `start` and `end` are places on it, in microseconds as shown. */
export interface Piece {
  readonly kind: 'activity' | 'fold';
  readonly from: Instant;
  readonly to: Instant;
  readonly start: number;
  readonly end: number;
  /** On a fold: how much time it stands for, "5 min". */
  readonly label?: string;
}

export interface Timeline {
  /** Without gaps, from 0 to `length`, in order. */
  readonly pieces: readonly Piece[];
  readonly length: number;
}

/** Idle stretches longer than this are folded. */
export declare const FOLD_OVER: Duration;
export declare function timeline(trace: Trace): Timeline;
/** The place of an instant on the axis; before the start 0, after the end `length`. */
export declare function placeOf(line: Timeline, at: Instant): number;
/** The instant at a place of the axis; inside a fold proportionally. */
export declare function instantAt(line: Timeline, place: number): Instant;
/** The next or previous turn; absent at the ends. */
export declare function nextTurn(trace: Trace, position: Position): Position | undefined;
export declare function previousTurn(trace: Trace, position: Position): Position | undefined;
/** The next or previous move, turn by turn. */
export declare function nextMove(trace: Trace, position: Position): Position | undefined;
export declare function previousMove(trace: Trace, position: Position): Position | undefined;
/** The beginning of the next or previous of the nine steps, over all visits; the very end counts as a stop. */
export declare function nextStep(trace: Trace, position: Position): Position | undefined;
export declare function previousStep(trace: Trace, position: Position): Position | undefined;
/** Where step `number` of the visit at hand begins; absent when it does not happen. */
export declare function stepPosition(trace: Trace, position: Position, number: StepNumber): Position | undefined;
