/**
 * JSON that can be pointed at: a reader that says where a text stops being JSON, and where the value at a path stands.
 *
 * Reading keeps no positions, since faults are rare: `locate` walks the text again for the few places that are needed.
 * Stricter than the platform's reader in two points that would lose data silently: a key may stand only once in an
 * object, and a whole number must be one that is written again with the same digits.
 */

import type { Mistake } from '../../base/mistake.ts';
import { quoted } from '../../base/mistake.ts';
import { shortened } from '../../base/text.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Where a value stands in a document: keys and indices from the outside in. */
export type JsonPath = readonly (string | number)[];

/** What keeps a text from being JSON, and at which offset. */
export interface JsonFault {
  readonly at: number;
  readonly found: string;
  readonly expected: string;
}

export type JsonResult = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly fault: JsonFault };

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

/** Reads a whole text as one JSON value (RFC 8259). Total: whatever the text, no exception. */
export function parseJson(text: string): JsonResult {
  const reader: Reader = { text, at: text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0, depth: 0, fault: undefined };
  const value = readValue(reader);
  if (!reader.fault) {
    skipBlanks(reader);
    if (reader.at < text.length) fail(reader, 'the end of the document');
  }
  return reader.fault ? { ok: false, fault: reader.fault } : { ok: true, value: value as JsonValue };
}

/**
 * The offsets at which the values at `paths` start, found in one walk; for a path that leads nowhere, that of the
 * deepest value on the way. The text must be JSON.
 */
export function locate(text: string, paths: readonly JsonPath[]): number[] {
  const offsets = paths.map(() => 0);
  const reader: Reader = { text, at: text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0, depth: 0, fault: undefined };
  walk(
    reader,
    paths.map((path, i) => ({ path, i })),
    0,
    offsets,
  );
  return offsets;
}

/** The value at a path; undefined when there is none. */
export function valueAt(document: JsonValue, path: JsonPath): JsonValue | undefined {
  let here: JsonValue | undefined = document;
  for (const step of path) {
    if (isList(here) && typeof step === 'number') here = here[step];
    else if (isObject(here) && typeof step === 'string') here = Object.hasOwn(here, step) ? here[step] : undefined;
    else return undefined;
  }
  return here;
}

/** Line and column, from 1, of an offset. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { line, column: [...text.slice(start, offset)].length + 1 };
}

/** A path as people read it: `ResourceRecordSets[2].TTL`. */
export const pathText = (path: JsonPath): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');

/** A value as `Mistake.found` shows it. */
export const foundText = (value: JsonValue | undefined): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? quoted(value) : shortened(JSON.stringify(value));

/** The mistake that a text is no JSON. */
export const syntaxMistake = (file: string, text: string, fault: JsonFault): Mistake => ({
  file,
  ...placeOf(text, fault.at),
  found: fault.found,
  expected: fault.expected,
});

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  fault: JsonFault | undefined;
}

const MAX_DEPTH = 100;
const BYTE_ORDER_MARK = 0xfeff;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

function fail(reader: Reader, expected: string, at = reader.at): undefined {
  const { text } = reader;
  const word = /^[\w.+-]+|^[\s\S]?/u.exec(text.slice(at, at + 40))?.[0] ?? '';
  reader.fault ??= { at, found: at >= text.length ? 'the end of the file' : quoted(word), expected };
  return undefined;
}

function skipBlanks(reader: Reader): number {
  const { text } = reader;
  let c = text.charCodeAt(reader.at);
  while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = text.charCodeAt(++reader.at);
  return c;
}

function readValue(reader: Reader): JsonValue | undefined {
  const c = skipBlanks(reader);
  if (c === QUOTE) return readString(reader);
  if (c === OPEN_OBJECT) return readObject(reader);
  if (c === OPEN_LIST) return readList(reader);
  return readWord(reader);
}

function readObject(reader: Reader): JsonObject | undefined {
  if (++reader.depth > MAX_DEPTH) return fail(reader, `at most ${MAX_DEPTH} levels of nesting`);
  const object: Record<string, JsonValue> = {};
  reader.at++;
  if (skipBlanks(reader) === CLOSE_OBJECT) reader.at++;
  else
    for (;;) {
      const start = reader.at;
      if (skipBlanks(reader) !== QUOTE) return fail(reader, 'a key in double quotes');
      const key = readString(reader);
      if (key === undefined) return undefined;
      if (Object.hasOwn(object, key)) return duplicate(reader, start, key);
      if (skipBlanks(reader) !== COLON) return fail(reader, '":" after the key');
      reader.at++;
      const value = readValue(reader);
      if (value === undefined) return undefined;
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
      else object[key] = value;
      const next = skipBlanks(reader);
      reader.at++;
      if (next === CLOSE_OBJECT) break;
      if (next !== COMMA) return fail(reader, '"," or "}"', reader.at - 1);
      skipBlanks(reader);
    }
  reader.depth--;
  return object;
}

function duplicate(reader: Reader, at: number, key: string): undefined {
  reader.fault ??= { at, found: `${quoted(key)} a second time`, expected: 'each key once in an object' };
  return undefined;
}

function readList(reader: Reader): readonly JsonValue[] | undefined {
  if (++reader.depth > MAX_DEPTH) return fail(reader, `at most ${MAX_DEPTH} levels of nesting`);
  const list: JsonValue[] = [];
  reader.at++;
  if (skipBlanks(reader) === CLOSE_LIST) reader.at++;
  else
    for (;;) {
      const value = readValue(reader);
      if (value === undefined) return undefined;
      list.push(value);
      const next = skipBlanks(reader);
      reader.at++;
      if (next === CLOSE_LIST) break;
      if (next !== COMMA) return fail(reader, '"," or "]"', reader.at - 1);
    }
  reader.depth--;
  return list;
}

/** Reads a string from its opening quote. Text without escapes is cut out in one piece. */
function readString(reader: Reader): string | undefined {
  const { text } = reader;
  const start = reader.at + 1;
  let i = start;
  for (let c = text.charCodeAt(i); c !== QUOTE && c !== BACKSLASH; c = text.charCodeAt(++i))
    if (!(c >= 0x20)) return fail(reader, i < text.length ? '\\n, \\t or \\u00XX for a control character' : 'a closing quote', i);
  if (text.charCodeAt(i) === QUOTE) {
    reader.at = i + 1;
    return text.slice(start, i);
  }
  let result = text.slice(start, i);
  for (;;) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      reader.at = i + 1;
      return result;
    }
    if (!(c >= 0x20)) return fail(reader, i < text.length ? '\\n, \\t or \\u00XX for a control character' : 'a closing quote', i);
    if (c !== BACKSLASH) {
      result += text[i++];
      continue;
    }
    const mark = text[i + 1] ?? '';
    const plain = ESCAPES[mark];
    const hex = mark === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(i + 2, i + 6))?.[0] : undefined;
    if (plain !== undefined) result += plain;
    else if (hex !== undefined) result += String.fromCharCode(Number.parseInt(hex, 16));
    else return fail(reader, 'an escape of JSON (\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00XX)', i);
    i += hex === undefined ? 2 : 6;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function readWord(reader: Reader): JsonValue | undefined {
  WORD.lastIndex = reader.at;
  const word = WORD.exec(reader.text)?.[0];
  if (word === undefined) return fail(reader, 'a JSON value (text in double quotes, a number, true, false, null, [ or {)');
  const constant = WORDS[word];
  if (constant === undefined) {
    const value = Number(word);
    if (!Number.isFinite(value) || (/^-?\d{16,}$/.test(word) && String(value) !== word))
      return fail(reader, 'a number that can be kept exactly (or text in quotes)');
    reader.at += word.length;
    return value;
  }
  reader.at += word.length;
  return constant;
}

interface Wanted {
  readonly path: JsonPath;
  /** Which of the offsets is meant. */
  readonly i: number;
}

/** Walks the value at the reader, `depth` steps down, and notes where the wanted ones stand. */
function walk(reader: Reader, wanted: readonly Wanted[], depth: number, offsets: number[]): void {
  const opening = skipBlanks(reader);
  for (const { i } of wanted) offsets[i] = reader.at;
  const deeper = wanted.filter(({ path }) => path.length > depth);
  if (deeper.length === 0 || (opening !== OPEN_OBJECT && opening !== OPEN_LIST)) {
    readValue(reader);
    return;
  }
  const steps = new Map<string | number | undefined, Wanted[]>();
  for (const one of deeper) steps.set(one.path[depth], [...(steps.get(one.path[depth]) ?? []), one]);
  reader.at++;
  for (let index = 0; ; index++) {
    const c = skipBlanks(reader);
    if (c === CLOSE_LIST || c === CLOSE_OBJECT || reader.at >= reader.text.length) break;
    let step: string | number | undefined = index;
    if (opening === OPEN_OBJECT) {
      step = readString(reader);
      skipBlanks(reader);
      reader.at++;
    }
    const inside = step === undefined ? undefined : steps.get(step);
    if (inside) walk(reader, inside, depth + 1, offsets);
    else readValue(reader);
    if (skipBlanks(reader) === COMMA) reader.at++;
  }
  reader.at++;
}
