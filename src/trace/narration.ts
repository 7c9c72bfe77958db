/**
 * The words of the moment: which lines are told where, standing ones (`standing.ts`) and a scenario's own notes.
 *
 * A line opens when what it speaks of leaves and closes when that has been read. Numbers stand in braces and are filled in from
 * the trace: `{ttl}`, or with a form `{left s}`, `{ttl words}`, `{ns count}`; `{left s = 30 s}` says besides what the
 * scenario's own run must give.
 */
import { type Duration, formatDuration, type Instant, seconds } from '../base/time.ts';
import { findAll, type Pattern } from './pattern.ts';
import type { FieldValue, Occurrence } from './patternFields.ts';
import { cursorAt, type Position } from './scene.ts';
import type { Telling } from './standing.ts';
import type { Trace, TurnId } from './trace.ts';
import { numberWord } from './why.ts';

/** A telling at one place of the trace, its braces filled in. */
export interface Line {
  readonly at: Instant;
  readonly turn: TurnId;
  /** How many effects of that turn come before it. */
  readonly effect: number;
  readonly until: Instant;
  readonly untilTurn: TurnId;
  readonly headline: string;
  readonly plain?: string;
  readonly term?: string;
  /** Whose word the term is, where what is told leaves no doubt. */
  readonly vocabulary?: Vocabulary;
  readonly standing?: number;
  /** The visit that it tells of, by number. */
  readonly visit?: number;
}

/** The fields from which terms come. */
export type Vocabulary = 'DNS' | 'HTTP' | 'SMTP' | 'TCP' | 'Route 53';

/** The lines of a trace, in order of opening. A scenario's own line takes the place of a standing one for the very same thing. */
export function narrate(trace: Trace, tellings: readonly Telling[]): readonly Line[] {
  const lines = tellings.flatMap((telling) => findAll(trace, telling.when).map((occurrence) => lineFrom(telling, occurrence)));
  const place = ({ turn, effect }: Line): string => `${turn} ${effect}`;
  const own = new Set(lines.filter((line) => line.standing === undefined).map(place));
  return lines
    .filter((line) => line.standing === undefined || !own.has(place(line)))
    .sort((a, b) => a.turn - b.turn || a.effect - b.effect || (a.standing ?? 0) - (b.standing ?? 0));
}

/** What is told at a position. */
export interface Told {
  /** The line last opened. */
  readonly line?: Line;
  /** Others that opened in the same turn before it: there was no time in between to read them. */
  readonly before: readonly Line[];
  /** Whether what it speaks of still goes on. */
  readonly open: boolean;
  /** The first line of a later turn. */
  readonly next?: Line;
}

export function lineAt(trace: Trace, lines: readonly Line[], position: Position): Told {
  const { turn, effects } = cursorAt(trace, position);
  const opened = lines.filter((line) => line.turn < turn || (line.turn === turn && line.effect <= effects));
  const line = opened.at(-1);
  if (!line) return { before: [], open: false, ...(lines[0] ? { next: lines[0] } : {}) };
  const next = lines.find((one) => one.turn > line.turn);
  const open = turn < line.untilTurn || (turn === line.untilTurn && position.at <= line.until);
  return { line, before: opened.slice(0, -1).filter((one) => one.turn === line.turn), open, ...(next ? { next } : {}) };
}

/** What the control plane, the registrar, the health checks and the routing policies decide. */
const ROUTE53_DECISIONS: ReadonlySet<FieldValue> = new Set([
  'adoption',
  'change',
  'function',
  'health',
  'insync',
  'probe',
  'quiet',
  'refusal',
  'registration',
  'route',
  'told',
]);

function vocabularyOf(when: Pattern, { fields }: Occurrence): Vocabulary | undefined {
  if ('decision' in when) return ROUTE53_DECISIONS.has(fields.about) ? 'Route 53' : 'DNS';
  if (!('message' in when || 'stimulus' in when || 'kept' in when || 'held' in when)) return undefined;
  const kind = String(fields.kind ?? '');
  return kind.startsWith('http') ? 'HTTP' : kind === 'smtp' ? 'SMTP' : 'DNS';
}

function lineFrom({ when, headline, plain, term, standing }: Telling, occurrence: Occurrence): Line {
  const { at, turn, effect, until, untilTurn, fields } = occurrence;
  const vocabulary = vocabularyOf(when, occurrence);
  const words = (text: string | undefined, key: string) => (text === undefined ? {} : { [key]: filled(text, occurrence) });
  return {
    at,
    turn,
    effect,
    until,
    untilTurn,
    headline: sentence(headline, filled(headline, occurrence)),
    ...(plain === undefined ? {} : { plain: sentence(plain, filled(plain, occurrence)) }),
    ...words(term, 'term'),
    ...(vocabulary ? { vocabulary } : {}),
    ...(standing === undefined ? {} : { standing }),
    ...(typeof fields.visit === 'number' ? { visit: fields.visit } : {}),
  };
}

/** A place to fill in: field, form, and what must come out. */
export interface Brace {
  readonly text: string;
  readonly field: string;
  readonly form: string | undefined;
  readonly wanted: string | undefined;
}

const BRACES = /\{ *(\w+)(?: +(\w+))?(?: *= *([^}]*?))? *\}/g;

/** The braces of a text. */
export const bracesIn = (text: string): Brace[] =>
  [...text.matchAll(BRACES)].map(([whole, field, form, wanted]) => ({ text: whole, field: field as string, form, wanted }));

/** What a brace stands for, in an occurrence. */
export function braceValue({ field, form }: Pick<Brace, 'field' | 'form'>, occurrence: Occurrence): string {
  const value = occurrence.fields[field];
  const first: FieldValue = typeof value === 'object' ? value[0] : value;
  if (first === undefined) return `{${field}}`;
  const write = form === undefined ? undefined : FORMS[form];
  return write && typeof first === 'number' ? write(first) : String(first);
}

const filled = (text: string, occurrence: Occurrence): string =>
  bracesIn(text).reduce((done, brace) => done.replace(brace.text, braceValue(brace, occurrence)), text);

const several = (n: number, one: string, many: string): string => `${n === 0 ? 'no' : numberWord(n)} ${n < 2 ? one : many}`;

/** Ways to write a number. */
export const FORMS: Readonly<Record<string, (n: number) => string>> = {
  s: (n) => `${n} s`,
  ms: (n) => `${n} ms`,
  /** "four". */
  count: numberWord,
  /** "four names", "one name". */
  names: (n) => several(n, 'name', 'names'),
  /** "no address", "26 addresses". */
  addresses: (n) => several(n, 'address', 'addresses'),
  /** "two days", "300 s". */
  words: (n) => (n > 0 && n % 86_400 === 0 ? `${numberWord(n / 86_400)} ${n === 86_400 ? 'day' : 'days'}` : `${n} s`),
  /** "47 h 54 m". */
  clock: (n) => formatDuration(seconds(n) as Duration),
};

/** A sentence begins with a capital, but what was filled in there may be a host's name, which stays as it is: "ns-2048", "g-ns-52". */
const sentence = (telling: string, text: string): string =>
  /^[{a-z]/.test(telling) && /^[a-z][^ ]*[-.\d]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
