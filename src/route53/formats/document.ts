/** A JSON document on its way in and out: faults become mistakes with their places, unknown fields are named. */
import type { Mistake } from '../../base/mistake.ts';
import type { Reason } from '../../base/reason.ts';
import type { Fault } from '../faults.ts';
import type { UnknownField } from '../records.ts';
import type { JsonPath, JsonValue } from './json.ts';
import { foundText, locate, parseJson, pathText, placeOf, syntaxMistake, valueAt } from './json.ts';

/** What came of reading a file. Without `value` there is at least one mistake. */
export interface Imported<T> {
  readonly value?: T;
  readonly mistakes: readonly Mistake[];
  /** Fields that Rootwalk does not know, by path: kept, and written out again. */
  readonly unknown: readonly string[];
  /** What is assumed where the file names something without saying what it is. */
  readonly notes: readonly Reason[];
}

/** More mistakes than these help nobody. */
const MAX_MISTAKES = 200;

/** A JSON text as a value, or the mistake that it is none. */
export function readDocument(
  text: string,
  file: string,
): { readonly value: JsonValue } | { readonly mistakes: readonly Mistake[] } {
  const result = parseJson(text);
  return result.ok ? { value: result.value } : { mistakes: [syntaxMistake(file, text, result.fault)] };
}

/** Faults as mistakes of the file that they were found in, in order of place. */
export function mistakesOf(text: string, file: string, document: JsonValue, faults: readonly Fault[]): Mistake[] {
  const first = faults.slice(0, MAX_MISTAKES);
  const offsets = locate(
    text,
    first.map((fault) => fault.path),
  );
  const mistakes = first.map((fault, i) => ({ fault, offset: offsets[i] ?? 0 }));
  mistakes.sort((a, b) => a.offset - b.offset);
  return mistakes.map(({ fault, offset }) => ({
    file,
    ...placeOf(text, offset),
    ...(fault.path.length === 0 ? {} : { path: pathText(fault.path) }),
    found: foundText(valueAt(document, fault.path)),
    expected: fault.expected,
  }));
}

export const unknownPaths = (unknown: readonly UnknownField[] | undefined, at: JsonPath = []): string[] =>
  (unknown ?? []).map((field) => pathText([...at, ...field.path]));

/** The text of a document, indented as the AWS command line does it. */
export const documentText = (document: JsonValue): string => `${JSON.stringify(document, null, 4)}\n`;
