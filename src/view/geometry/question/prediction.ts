/** Questions that are asked before the thing happens: where the run stops for each, and in which order its choices stand. */
import { instant } from '../../../base/time.ts';
import type { Scenario } from '../../../scenario/schema.ts';
import { findAll } from '../../../trace/pattern.ts';
import { cursorAt, type Position } from '../../../trace/scene.ts';
import type { Trace, TurnId } from '../../../trace/trace.ts';

export type Question = NonNullable<Scenario['questions']>[number];
export type Choice = Question['choices'][number];

export interface Stop {
  /** Just before it: late enough to see what it rests on, and nothing of it. */
  readonly position: Position;
  /** The turn in which it happens, and which of its effects it is, counted from 1; 0 for the turn itself. */
  readonly turn: TurnId;
  readonly effect: number;
  /** Which of the nine steps it belongs to, where that is one. */
  readonly step?: number;
}

/** A choice as it stands on the screen: open until somebody has guessed, or has gone on. */
export interface Offered {
  readonly letter: string;
  readonly choice: Choice;
  readonly state: 'open' | 'right' | 'guess' | 'rest';
}

/** Microseconds: so long before the thing itself, unless something else happens in between. */
const BEFORE = 500;

/**
 * Where a run stops to ask: when what the answer rests on has just come and lies there to be read, else a little before.
 * Undefined when what is asked about does not happen in this run, or nothing comes before it.
 */
export function stopOf(trace: Trace, { before }: Question): Stop | undefined {
  const found = findAll(trace, before)[0];
  const turn = trace.turns[found?.turn ?? -1];
  const previous = trace.turns[(found?.turn ?? 0) - 1];
  if (!found || !turn || !previous) return undefined;
  const came = turn.cause.kind === 'packet' ? trace.packets[turn.cause.packet]?.fate.at : undefined;
  const at = instant(Math.max(previous.at, came ?? found.at - BEFORE));
  // Somebody who types a name begins with the first step.
  const step = found.fields.action === 'visit' ? 1 : found.fields.step;
  return {
    position: at < found.at ? { at } : { at, turn: previous.id },
    turn: found.turn,
    effect: found.effect,
    ...(typeof step === 'number' ? { step } : {}),
  };
}

/** Whether what a question is about has happened at a position. */
export function hasHappened(trace: Trace, { turn, effect }: Stop, position: Position): boolean {
  const cursor = cursorAt(trace, position);
  return cursor.turn > turn || (cursor.turn === turn && cursor.effects >= effect);
}

/** The choices as they are offered. Authors write the right one first; a hash of its letters gives each its place, for good. */
export function choicesOf({ ask, choices }: Question): readonly Choice[] {
  // FNV-1a: small and evenly spread.
  const place = (text: string): number =>
    [...`${ask}${text}`].reduce((hash, c) => Math.imul(hash ^ (c.codePointAt(0) ?? 0), 0x01000193) >>> 0, 0x811c9dc5);
  return [...choices].sort((a, b) => place(a.text) - place(b.text));
}

/** The choices with their letters, once `guess`, counted from 0, is made, with what became of them. */
export function offeredIn(question: Question, guess: number | undefined): readonly Offered[] {
  return choicesOf(question).map((choice, i) => ({
    letter: String.fromCodePoint(65 + i),
    choice,
    state: guess === undefined ? 'open' : choice.right ? 'right' : i === guess ? 'guess' : 'rest',
  }));
}
