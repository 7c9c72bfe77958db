/**
 * QNAME minimisation (RFC 9156): a zone is shown only as much of the name as it needs to refer or to answer.
 */
import type { Question } from '../message.ts';
import type { Name } from '../name.ts';
import { ancestor, labelCount, sameName } from '../name.ts';
import type { RecordType } from '../record.ts';

/** How far the name has been shown. */
export interface Showing {
  /** False: the whole name is asked for, as without minimisation. */
  readonly on: boolean;
  /** Labels of the name asked last in this zone; undefined at its beginning. */
  readonly labels: number | undefined;
  /** How many names have been asked for this question. */
  readonly steps: number;
  /** Timeouts at the present name. */
  readonly timeouts: number;
}

/** At the beginning, and where there is nothing to minimise. */
export const SHOWING_FROM_START: Showing = { on: true, labels: undefined, steps: 0, timeouts: 0 };
export const SHOWING_ALL: Showing = { on: false, labels: undefined, steps: 0, timeouts: 0 };

/** RFC 9156 §2.3: at most so many names, the first few by one label each. */
const MAX_STEPS = 10;
const ONE_LABEL_STEPS = 4;

/** What to ask the servers of `zone`: a part of the name, or the question itself when no part is left to be shown before. */
export function nextShown(
  question: Question,
  zone: Name,
  showing: Showing,
  type: RecordType,
): { question: Question; showing: Showing } {
  if (!showing.on) return { question, showing };
  const total = labelCount(question.name);
  const before = showing.labels ?? labelCount(zone);
  const labels = Math.min(total, before + bite(total, before, showing.steps + 1));
  const done = before >= total || (labels === total && (question.type === type || question.type === 'DS'));
  if (done) return { question, showing: { ...showing, on: false } };
  const name = labels === total ? question.name : ancestor(question.name, labels);
  return { question: { ...question, name, type }, showing: { ...showing, labels, steps: showing.steps + 1, timeouts: 0 } };
}

/** How many labels to add: one, or, of a long name and after the first few steps, an even share of what is left. */
function bite(total: number, before: number, step: number): number {
  const left = total - before;
  if (total <= MAX_STEPS || left <= 1 || step <= ONE_LABEL_STEPS) return 1;
  if (step >= MAX_STEPS) return left;
  return Math.max(1, Math.ceil(left / (MAX_STEPS - step + 1)));
}

/** Whether only a part of the question was asked. */
export const isPart = (asked: Question, whole: Question): boolean =>
  asked.type !== whole.type || !sameName(asked.name, whole.name);
