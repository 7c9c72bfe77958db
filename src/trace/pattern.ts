/** Matching of patterns (see `pattern-fields.ts`) against a trace: what fits, in order of time, with its fields. */
import { memoised } from './memo.ts';
import { occurrencesOf } from './occurrences.ts';
import type { FieldValue, Occurrence, Subject } from './patternFields.ts';
import type { Trace } from './trace.ts';

export type Scalar = string | number | boolean;
/** One value, any of several, all but some, or a range. */
export type Matcher = Scalar | readonly Scalar[] | { readonly not?: Matcher; readonly min?: number; readonly max?: number };
/** Fields of one subject; all must fit. */
export type Selector = { readonly [field: string]: Matcher | undefined };
/** A subject and its fields: `{ message: { kind: referral } }`. Exactly one. */
export type Pattern = { readonly [S in Subject]?: Selector };

/** What fits a pattern, in order of time. */
export function findAll(trace: Trace, pattern: Pattern): readonly Occurrence[] {
  const { subject, selector } = partsOf(pattern);
  const { nth, ...others } = selector;
  const fitting = all(trace)(subject).filter((one) => differences(one.fields, others).length === 0);
  return nth === undefined ? fitting : fitting.filter((_, i) => fits(i + 1, nth));
}

/** The subject of a pattern and its fields. */
export function partsOf(pattern: Pattern): { subject: Subject; selector: Selector } {
  const [subject] = Object.keys(pattern) as Subject[];
  if (subject === undefined) throw new Error('a pattern has no subject');
  return { subject, selector: pattern[subject] ?? {} };
}

/** A field that is not as a selector wants it. */
export interface Difference {
  readonly field: string;
  readonly wanted: Matcher;
  readonly found: FieldValue;
}

/** The fields that a selector does not fit; none when it fits. */
export function differences(fields: Occurrence['fields'], selector: Selector): Difference[] {
  return Object.entries(selector).flatMap(([field, wanted]) => {
    const found = fields[field];
    return wanted === undefined || fits(found, wanted) ? [] : [{ field, wanted, found }];
  });
}

/** Whether a value is as wanted; of several values one must be. Text is compared without letter case and final dots. */
export function fits(value: FieldValue, wanted: Matcher): boolean {
  if (isList(wanted)) return wanted.some((one) => fits(value, one));
  if (typeof wanted === 'object') {
    if (wanted.not !== undefined) return !fits(value, wanted.not);
    const numbers = (isList(value) ? value : [value]).filter((one) => typeof one === 'number');
    return numbers.some((n) => n >= (wanted.min ?? Number.NEGATIVE_INFINITY) && n <= (wanted.max ?? Number.POSITIVE_INFINITY));
  }
  if (isList(value)) return value.some((one) => fits(one, wanted));
  if (value === undefined) return false;
  if (typeof wanted === 'boolean') return (value !== 0) === wanted;
  return typeof value === 'number' && typeof wanted === 'number' ? value === wanted : plain(value) === plain(wanted);
}

const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
const plain = (value: string | number): string =>
  String(value)
    .toLowerCase()
    .replace(/(?<=.)\.$/, '');

const all: (trace: Trace) => (subject: Subject) => readonly Occurrence[] = memoised((trace) => {
  const known = new Map<Subject, readonly Occurrence[]>();
  return (subject) => {
    const found = known.get(subject) ?? occurrencesOf(trace, subject);
    known.set(subject, found);
    return found;
  };
});
