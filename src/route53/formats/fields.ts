/** Reading fields of an API object: what is missing, of the wrong kind, or unknown becomes a fault or is kept. */
import type { ErrorCode, Fault } from '../faults.ts';
import type { UnknownField } from '../records.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';
import { foundText, isList, isObject } from './json.ts';

/** Where the readers of one document put what they find. */
export interface Findings {
  readonly faults: Fault[];
  /** Fields that Rootwalk does not know, with paths from the root of what is being read. */
  readonly unknown: UnknownField[];
}

export const newFindings = (): Findings => ({ faults: [], unknown: [] });

/** Notes a fault. Always undefined, to be returned. */
export function refuse(
  findings: Findings,
  code: ErrorCode,
  text: string,
  expected: string,
  source: string,
  path: JsonPath = [],
): undefined {
  findings.faults.push({ code, text, expected, path, source });
  return undefined;
}

/** Notes that the value at `path` is of the wrong kind, in the words of the command line's parameter check. */
export function refuseKind(findings: Findings, value: JsonValue | undefined, expected: string, path: JsonPath): undefined {
  const field = path.filter((step) => typeof step === 'string').at(-1) ?? 'document';
  const text =
    value === undefined
      ? `Missing required parameter in input: "${field}"`
      : `Invalid type for parameter ${field}, value: ${foundText(value)}`;
  return refuse(findings, 'InvalidInput', text, expected, 'API Reference, request syntax', path);
}

export function readText(findings: Findings, value: JsonValue | undefined, expected: string, path: JsonPath): string | undefined {
  return typeof value === 'string' ? value : refuseKind(findings, value, expected, path);
}

/** A whole number within bounds. */
export function readWhole(
  findings: Findings,
  value: JsonValue | undefined,
  least: number,
  most: number,
  path: JsonPath,
): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuseKind(findings, value, `a whole number from ${least} to ${most}`, path);
}

export function readFlag(findings: Findings, value: JsonValue | undefined, path: JsonPath): boolean | undefined {
  return typeof value === 'boolean' ? value : refuseKind(findings, value, 'true or false', path);
}

export function readObject(
  findings: Findings,
  value: JsonValue | undefined,
  expected: string,
  path: JsonPath,
): JsonObject | undefined {
  return isObject(value) ? value : refuseKind(findings, value, expected, path);
}

export function readList(
  findings: Findings,
  value: JsonValue | undefined,
  expected: string,
  path: JsonPath,
): readonly JsonValue[] | undefined {
  return isList(value) ? value : refuseKind(findings, value, expected, path);
}

/** Keeps every field of `object` that `known` does not list. */
export function keepUnknown(findings: Findings, object: JsonObject, known: ReadonlySet<string>, path: JsonPath): void {
  for (const key in object) if (!known.has(key)) findings.unknown.push({ path: [...path, key], value: object[key] as JsonValue });
}

/** A JSON value that may still be written to, while a document is put together. */
export type Draft = { [key: string]: Draft } | Draft[] | string | number | boolean | null;

/**
 * Puts kept fields back where they stood. A field whose surroundings are gone (a value was deleted) has no place
 * any more and goes with them.
 */
export function restoreUnknown(document: Draft, unknown: readonly UnknownField[] | undefined): void {
  for (const { path, value } of unknown ?? []) {
    let here: Draft | undefined = document;
    for (const step of path.slice(0, -1)) here = memberOf(here, step);
    const last = path.at(-1);
    if (typeof here !== 'object' || here === null || last === undefined) continue;
    if (Array.isArray(here)) {
      if (typeof last === 'number' && last === here.length) here.push(value as Draft);
    } else if (!Object.hasOwn(here, last))
      Object.defineProperty(here, last, { value, enumerable: true, writable: true, configurable: true });
  }
}

function memberOf(here: Draft | undefined, step: string | number): Draft | undefined {
  if (typeof here !== 'object' || here === null) return undefined;
  if (Array.isArray(here)) return typeof step === 'number' ? here[step] : undefined;
  return Object.hasOwn(here, step) ? here[step] : undefined;
}
