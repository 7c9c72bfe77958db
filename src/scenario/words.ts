/**
 * The small pieces of the scenario format. Each says, in words that read well after "expected", what would be right; the same
 * words become the description in the published JSON Schema.
 */
import * as v from 'valibot';
import { parseAddress } from '../base/address.ts';
import { type Duration, days, parseDuration } from '../base/time.ts';
import { parseName } from '../dns/name.ts';
import { parseType } from '../dns/record.ts';

export type Schema<T = unknown> = v.GenericSchema<unknown, T>;

/** JSON Schema of a leaf, and what a choice chooses among: kept with the schema, for `jsonschema.ts`. */
export interface About {
  readonly json?: object;
  readonly options?: readonly Schema[];
  /** Words of which one was meant. */
  readonly words?: readonly string[];
}

/** A value that `fits`, or else `expected`. */
export const leaf = <T>(expected: string, fits: (input: unknown) => boolean, json: object): Schema<T> =>
  v.pipe(
    v.custom<T>(fits, expected),
    v.metadata({ json: { ...json, description: expected } } satisfies About & Record<string, unknown>),
  ) as Schema<T>;

/** One of several forms, told apart by a look at the input, so that a mistake is reported against the form that was meant. */
export const choice = <T>(pick: (input: unknown) => Schema, options: readonly Schema[]): Schema<T> =>
  v.pipe(v.lazy(pick), v.metadata({ options } satisfies About & Record<string, unknown>)) as Schema<T>;

/** What a mapping is checked against when it has none of the keys that would say what it is: nothing fits. */
export const noneOf = (what: string, words: readonly string[]): Schema<never> =>
  v.pipe(
    v.custom<never>(() => false, `${what} with ${oneOf(words)}`),
    v.metadata({ words } satisfies About & Record<string, unknown>),
  ) as Schema<never>;

const isText = (input: unknown): input is string => typeof input === 'string' && input.trim() !== '';

export const text = (expected: string): Schema<string> => leaf(expected, isText, { type: 'string', minLength: 1 });

export const word = <const W extends readonly string[]>(words: W): Schema<W[number]> =>
  leaf(oneOf(words), (input) => words.includes(input as string), { enum: words });

export const whole = (expected: string, least = 0, most = Number.MAX_SAFE_INTEGER): Schema<number> =>
  leaf(expected, (input) => Number.isSafeInteger(input) && (input as number) >= least && (input as number) <= most, {
    type: 'integer',
    minimum: least,
    ...(most < Number.MAX_SAFE_INTEGER ? { maximum: most } : {}),
  });

export const yes = (expected: string): Schema<boolean> =>
  leaf(expected, (input) => typeof input === 'boolean', { type: 'boolean' });

export const share = (expected: string): Schema<number> =>
  leaf(expected, (input) => typeof input === 'number' && input >= 0 && input <= 1, { type: 'number', minimum: 0, maximum: 1 });

/** Text as `parseDuration` reads it, or the number 0. */
export const duration: Schema<string | number> = leaf(
  'a length of time with its unit, at most ten years ("5 min 0.2 s", "376 ms", "2 days")',
  (input) => input === 0 || (isText(input) && (parseDuration(input) ?? Number.POSITIVE_INFINITY) <= TEN_YEARS),
  { type: ['string', 'number'] },
);
/** Instants stay whole numbers that are exact, and runs end. */
const TEN_YEARS = days(3653);

/** What `duration` has let pass, as it is meant. */
export function durationOf(said: string | number): Duration {
  const length = parseDuration(String(said));
  if (length === undefined) throw new Error(`"${said}" is no length of time`);
  return length;
}

export const address: Schema<string> = leaf(
  'an IPv4 or IPv6 address ("192.0.2.44", "2001:db8::1")',
  (input) => isText(input) && parseAddress(input) !== undefined,
  { type: 'string' },
);

export const domainName: Schema<string> = leaf(
  'a domain name ("www.example.com")',
  (input) => isText(input) && typeof parseName(input) === 'string',
  { type: 'string' },
);

/** "www.example.com AAAA": a name, and a type that is A when left out. */
export const question: Schema<string> = leaf(
  'a domain name and a record type ("www.example.com AAAA")',
  (input) => isText(input) && parseQuestionText(input) !== undefined,
  { type: 'string' },
);

/** Reads "www.example.com AAAA"; undefined when it is no question. */
export function parseQuestionText(input: string) {
  const [first, second = 'A', ...more] = input.trim().split(/\s+/);
  const name = parseName(first as string);
  const type = parseType(second);
  return more.length === 0 && typeof name === 'string' && type !== undefined ? { name, type } : undefined;
}

/** A mapping with these keys and no others. */
export const mapping = <E extends v.ObjectEntries>(entries: E, expected = `a mapping with ${oneOf(Object.keys(entries))}`) =>
  v.strictObject(entries, expected);

export const list = <S extends Schema>(item: S, expected: string) => v.array(item, expected);

/** A mapping whose keys the author names. */
export const named = <S extends Schema>(value: S, expected: string) => v.record(v.string(), value, expected);

/** One, or a list. */
export const oneOrMore = <T>(item: Schema<T>, expected: string): Schema<T | T[]> => {
  const many = list(item, expected);
  return choice<T | T[]>((input) => (Array.isArray(input) ? many : item), [item, many]);
};

export const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? 'nothing') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
