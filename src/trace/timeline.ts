/**
 * The time axis: stretches in which something happens at their own length, idle stretches folded to a fixed width; and the
 * stops on it for the transport: events (turns), moves and the nine steps.
 *
 * Pieces are laid out from the left, so that a change at some instant leaves everything before it where it was.
 */
import {
  between,
  type Duration,
  formatDuration,
  type Instant,
  later,
  microseconds,
  milliseconds,
  START,
  seconds,
} from '../base/time.ts';
import { foregroundPackets, isBackground } from './background.ts';
import { lastIndexWhere } from './intervals.ts';
import { memoised } from './memo.ts';
import { cursorAt, type Position } from './scene.ts';
import type { StepNumber } from './steps.ts';
import type { Trace, Turn } from './trace.ts';
import { visitsOf } from './visits.ts';

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
  /** Without gaps, from 0 to `length`, in order; at least one. */
  readonly pieces: readonly Piece[];
  readonly length: number;
}

/** Idle stretches longer than this are folded: longer than any time that a resolver waits for a first response. */
export const FOLD_OVER: Duration = seconds(1);
/** How wide a fold is, as time shown. */
export const FOLD_WIDTH: Duration = milliseconds(24);
/** What is shown of an idle stretch before it is folded. */
const MARGIN: Duration = milliseconds(6);

/** Before the first turn. */
export const BEGINNING: Position = { at: START, turn: -1 };

/** The axis of a trace; worked out once. */
export const timelineOf: (trace: Trace) => Timeline = memoised((trace) => {
  const pieces: Piece[] = [];
  const add = (kind: Piece['kind'], from: Instant, to: Instant): void => {
    if (to <= from && pieces.length > 0) return;
    const start = pieces.at(-1)?.end ?? 0;
    const width = kind === 'fold' ? FOLD_WIDTH : between(from, to);
    const label = kind === 'fold' ? { label: formatDuration(between(from, to)) } : {};
    pieces.push({ kind, from, to, start, end: start + width, ...label });
  };
  let from: Instant = START;
  let busyUntil: Instant = START;
  const happen = (at: Instant, until: Instant): void => {
    if (between(busyUntil, at) > FOLD_OVER) {
      add('activity', from, later(busyUntil, MARGIN));
      add('fold', later(busyUntil, MARGIN), at);
      from = at;
    }
    if (until > busyUntil) busyUntil = until;
  };
  for (const { at, until } of happenings(trace)) happen(at, until);
  happen(trace.end, trace.end);
  add('activity', from, later(busyUntil, MARGIN));
  return { pieces, length: pieces.at(-1)?.end ?? 0 };
});

/** When something is going on: turns, and packets under way, probes left out. In order of beginning. */
function happenings(trace: Trace): { readonly at: Instant; readonly until: Instant }[] {
  return [
    ...trace.turns.flatMap(({ at, id }) => (isBackground(trace, id) ? [] : [{ at, until: at }])),
    ...foregroundPackets(trace).map(({ sentAt, fate }) => ({ at: sentAt, until: fate.kind === 'underway' ? sentAt : fate.at })),
    ...trace.stimuli.map(({ at }) => ({ at, until: at })),
  ].sort((a, b) => a.at - b.at);
}

/** The place of an instant on the axis; before the start 0, after the end `length`. */
export function placeOf(line: Timeline, at: Instant): number {
  const piece = line.pieces[lastIndexWhere(line.pieces, (one) => one.from <= at)];
  if (!piece) return 0;
  if (at >= piece.to) return piece.end;
  return piece.start + ((piece.end - piece.start) * (at - piece.from)) / (piece.to - piece.from);
}

/** The instant at a place of the axis; inside a fold proportionally. */
export function instantAt(line: Timeline, place: number): Instant {
  const piece = line.pieces[lastIndexWhere(line.pieces, (one) => one.start <= place)] ?? line.pieces[0];
  if (!piece) return START;
  const share = Math.min(1, Math.max(0, (place - piece.start) / (piece.end - piece.start || 1)));
  return later(piece.from, microseconds((piece.to - piece.from) * share));
}

/** The next turn; absent at the end. */
export function nextTurn(trace: Trace, position: Position): Position | undefined {
  const cursor = cursorAt(trace, position);
  const { moves = [] } = trace.turns[cursor.turn] ?? {};
  return cursor.moves < moves.length ? atTurn(trace, cursor.turn) : atTurn(trace, cursor.turn + 1);
}

/** The turn before; absent before the first. */
export function previousTurn(trace: Trace, position: Position): Position | undefined {
  const { turn } = cursorAt(trace, position);
  if (turn < 0) return undefined;
  const past = (trace.turns[turn] as Turn).at < position.at;
  if (past) return atTurn(trace, turn);
  return turn === 0 ? BEGINNING : atTurn(trace, turn - 1);
}

/** The next move; a turn without moves is one stop. */
export function nextMove(trace: Trace, position: Position): Position | undefined {
  const cursor = cursorAt(trace, position);
  const turn = trace.turns[cursor.turn];
  if (turn && cursor.moves < turn.moves.length) return { at: turn.at, turn: turn.id, move: cursor.moves + 1 };
  const next = trace.turns[cursor.turn + 1];
  return next && { at: next.at, turn: next.id, ...(next.moves.length > 0 ? { move: 1 } : {}) };
}

/** The move before. */
export function previousMove(trace: Trace, position: Position): Position | undefined {
  const cursor = cursorAt(trace, position);
  const turn = trace.turns[cursor.turn];
  if (!turn) return undefined;
  if (turn.at < position.at) return atTurn(trace, turn.id);
  if (cursor.moves > 1) return { at: turn.at, turn: turn.id, move: cursor.moves - 1 };
  return turn.id === 0 ? BEGINNING : atTurn(trace, turn.id - 1);
}

/** The beginning of the next of the nine steps, over all visits; after the last the end of the run. */
export function nextStep(trace: Trace, position: Position): Position | undefined {
  const { turn } = cursorAt(trace, position);
  const stop = stepStops(trace).find((one) => one > turn);
  if (stop !== undefined) return atTurn(trace, stop);
  const last = trace.turns.length - 1;
  return turn < last ? atTurn(trace, last) : undefined;
}

/** The beginning of the step at hand, or, when that is where we are, of the one before. */
export function previousStep(trace: Trace, position: Position): Position | undefined {
  const { turn } = cursorAt(trace, position);
  if (turn < 0) return undefined;
  const past = (trace.turns[turn] as Turn).at < position.at;
  const stop = stepStops(trace).findLast((one) => (past ? one <= turn : one < turn));
  return stop === undefined ? BEGINNING : atTurn(trace, stop);
}

/** Where step `number` of the visit at hand begins (of the first one, before any); absent when it does not happen. */
export function stepPosition(trace: Trace, position: Position, number: StepNumber): Position | undefined {
  const { turn } = cursorAt(trace, position);
  const visits = visitsOf(trace);
  const visit = visits.findLast((one) => one.turn <= turn) ?? visits[0];
  const first = visit?.steps[number - 1]?.passes[0];
  return first && atTurn(trace, first.fromTurn);
}

/** The turns with which passes of steps begin, in order, each once. */
const stepStops: (trace: Trace) => readonly number[] = memoised((trace) => {
  const stops = visitsOf(trace).flatMap((visit) => visit.steps.flatMap((step) => step.passes.map((pass) => pass.fromTurn)));
  return [...new Set(stops)].sort((a, b) => a - b);
});

const atTurn = (trace: Trace, id: number): Position | undefined => {
  const turn = trace.turns[id];
  return turn && { at: turn.at, turn: id };
};
