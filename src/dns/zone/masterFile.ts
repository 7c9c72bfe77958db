/** Master files: zones as text (RFC 1035 §5, RFC 2308 §4 for $TTL). Every mistake of a file is reported, at once. */
import type { Mistake } from '../../base/mistake.ts';
import { quoted } from '../../base/mistake.ts';
import type { Name } from '../name.ts';
import { ROOT } from '../name.ts';
import type { Cursor, Problem } from '../presentation/cursor.ts';
import { atEnd, domainName, fail, MAX_TTL, span, word } from '../presentation/cursor.ts';
import { readHead, readOwner } from '../presentation/entry.ts';
import { readData } from '../presentation/read.ts';
import { nextEntry, type Scanner, scanner, tokenText } from '../presentation/scan.ts';
import type { DataByType, RecordClass, RecordType, ResourceRecord } from '../record.ts';
import { isOpaque } from '../record.ts';
import { generate } from './generate.ts';

export interface MasterFileOptions {
  /** The name of the file, as mistakes give it. */
  readonly file: string;
  /** Completes names without a final dot until $ORIGIN says otherwise; the root by default. */
  readonly origin?: Name;
  /** Seconds for records without a TTL, until $TTL says otherwise. */
  readonly defaultTtl?: number;
  /** Gives the text of a file that $INCLUDE names, or undefined when there is none. Without it nothing is included. */
  readonly include?: (path: string, fromFile: string) => string | undefined;
}

export interface MasterFile {
  /** In the order of the file. */
  readonly records: readonly ResourceRecord[];
  readonly mistakes: readonly Mistake[];
  /** Where a record stands, by its very data object, for who finds a mistake in it later; the file's start for any other. */
  placeOf(record?: ResourceRecord): Place;
}

type Place = Pick<Mistake, 'file' | 'line' | 'column'>;

/** How deep files may include one another, and how many may be included in all: a loop ends in one mistake. */
const MAX_DEPTH = 16;
const MAX_INCLUDES = 256;
/** More mistakes than these help nobody. */
const MAX_MISTAKES = 500;
/** The most records that one $GENERATE may make, and that all may make together. */
const MAX_GENERATED = 65_536;

/** Reads a master file and the files it includes. What could be read is given even when there are mistakes. */
export function parseMasterFile(text: string, options: MasterFileOptions): MasterFile {
  const session: Session = {
    options,
    records: [],
    origins: [],
    offsets: [],
    mistakes: [],
    defaultTtl: options.defaultTtl,
    lastTtl: undefined,
    lastClass: 'IN',
    includes: 0,
    generated: 0,
  };
  readFile(session, { file: options.file, depth: 0, cursor: cursorOver(text, options.origin ?? ROOT), owner: undefined });
  // Whoever asks for the place of each record must not make a long file longer with every record.
  let numbers: Map<ResourceRecord['data'], number> | undefined;
  const placeOf = (record?: ResourceRecord): Place => {
    numbers ??= new Map(session.records.map(({ data }, i) => [data, i]));
    const i = record && numbers.get(record.data);
    const source = i === undefined ? undefined : session.origins[i];
    return source ? placeIn(source, session.offsets[i as number] as number) : { file: options.file, line: 1, column: 1 };
  };
  return { records: session.records, mistakes: session.mistakes, placeOf };
}

/** What all files of one reading share. */
interface Session {
  readonly options: MasterFileOptions;
  readonly records: ResourceRecord[];
  /** Of each record, what it was read from and where in it. */
  readonly origins: Source[];
  readonly offsets: number[];
  readonly mistakes: Mistake[];
  /** From $TTL or the caller. */
  defaultTtl: number | undefined;
  /** The TTL and class stated last, which count where a record states none (RFC 1035 §5.1). */
  lastTtl: number | undefined;
  lastClass: RecordClass;
  includes: number;
  generated: number;
}

/** One file being read. */
interface Source {
  readonly file: string;
  readonly depth: number;
  readonly cursor: Cursor;
  /** The owner of the record before. */
  owner: Name | undefined;
  /** Where mistakes are reported instead of where they stand: the directive that made the text. */
  readonly place?: Place;
}

const cursorOver = (text: string, origin: Name): Cursor => ({
  scanner: scanner(text, start(text)),
  next: 0,
  origin,
  problem: undefined,
});

/** A byte order mark is no part of the first owner. */
const start = (text: string): number => (text.charCodeAt(0) === 0xfeff ? 1 : 0);

function readFile(session: Session, source: Source): void {
  const { cursor } = source;
  const s = cursor.scanner;
  while (session.mistakes.length < MAX_MISTAKES && nextEntry(s)) {
    cursor.next = 0;
    cursor.problem = s.fault;
    if (!cursor.problem) {
      const first = s.text.charCodeAt(s.starts[0] as number);
      if (first === DOLLAR && !s.indented) readDirective(session, source);
      else readRecord(session, source);
    }
    if (cursor.problem) report(session, source, cursor.problem);
  }
}

const DOLLAR = 36;

function readRecord(session: Session, source: Source): void {
  const { cursor } = source;
  const owner = readOwner(cursor, source.owner);
  // A wrong owner is one mistake, not one more for each record that leaves its own out.
  source.owner = owner ?? source.owner ?? cursor.origin;
  const head = owner && readHead(cursor);
  if (!head) return;
  if (NOT_STORED.has(head.type)) {
    fail(cursor, 'a record type that zones can hold', cursor.next - 1);
    return;
  }
  if (head.class !== undefined) session.lastClass = head.class;
  const data = readData(cursor, head.type, {});
  if (data === undefined) return;
  const ttl = head.ttl ?? ttlOf(session, head.type, data);
  if (ttl === undefined) {
    fail(cursor, 'a TTL: neither the record nor $TTL gives one', cursor.scanner.indented ? 0 : 1);
    return;
  }
  if (head.ttl !== undefined) session.lastTtl = ttl;
  session.origins.push(source);
  session.offsets.push(cursor.scanner.starts[0] as number);
  session.records.push({ name: owner, type: head.type, class: session.lastClass, ttl, data } as ResourceRecord);
}

/** Types that only questions and messages have (RFC 1035 §3.2.3, RFC 6891 §6.1.1). */
const NOT_STORED: ReadonlySet<RecordType> = new Set<RecordType>(['ANY', 'AXFR', 'IXFR', 'OPT']);

/** The TTL of a record that states none: $TTL, else the TTL stated last, else for SOA its minimum (RFC 2308 §4). */
function ttlOf(session: Session, type: RecordType, data: ResourceRecord['data']): number | undefined {
  const known = session.defaultTtl ?? session.lastTtl;
  if (known !== undefined || type !== 'SOA' || isOpaque(data)) return known;
  session.lastTtl = Math.min((data as DataByType['SOA']).minimum, MAX_TTL);
  return session.lastTtl;
}

function readDirective(session: Session, source: Source): void {
  const { cursor } = source;
  const directive = tokenText(cursor.scanner, 0).toUpperCase();
  cursor.next = 1;
  switch (directive) {
    case '$ORIGIN': {
      const origin = domainName(cursor);
      if (origin !== undefined && nothingMore(cursor, directive)) cursor.origin = origin;
      return;
    }
    case '$TTL': {
      const ttl = span(cursor, MAX_TTL);
      if (ttl !== undefined && nothingMore(cursor, directive)) session.defaultTtl = ttl;
      return;
    }
    case '$INCLUDE':
      include(session, source);
      return;
    case '$GENERATE': {
      const lines = generate(cursor, Math.min(MAX_GENERATED, MAX_GENERATED - session.generated));
      if (lines === undefined) return;
      const place = placeIn(source, cursor.scanner.starts[0] as number);
      for (const text of lines) {
        session.generated++;
        const before = session.mistakes.length;
        readFile(session, {
          file: source.file,
          depth: source.depth,
          cursor: cursorOver(text, cursor.origin),
          owner: undefined,
          place,
        });
        // Every line of a range would be wrong in the same way: one mistake tells it.
        if (session.mistakes.length > before) return;
      }
      return;
    }
    default:
      fail(cursor, '$ORIGIN, $TTL, $INCLUDE or $GENERATE', 0);
  }
}

const nothingMore = (c: Cursor, directive: string): boolean => {
  if (!atEnd(c)) fail(c, `the end of the line: ${directive} takes no more`);
  return c.problem === undefined;
};

/** $INCLUDE file [origin]: neither origin nor owner of the including file change (RFC 1035 §5.1). */
function include(session: Session, source: Source): void {
  const { cursor } = source;
  const path = word(cursor, 'the name of a file');
  if (path === undefined) return;
  const origin = atEnd(cursor) ? cursor.origin : domainName(cursor);
  if (origin === undefined || !nothingMore(cursor, '$INCLUDE')) return;
  if (session.includes > MAX_INCLUDES) return;
  if (source.depth >= MAX_DEPTH || session.includes === MAX_INCLUDES) {
    const limit = source.depth >= MAX_DEPTH ? `${MAX_DEPTH} files inside one another` : `${MAX_INCLUDES} files in all`;
    session.includes = MAX_INCLUDES + 1;
    fail(cursor, `at most ${limit}: do they include themselves?`, 1);
    return;
  }
  session.includes++;
  const text = session.options.include?.(path, source.file);
  if (text === undefined) {
    fail(cursor, session.options.include ? 'a file that exists' : 'no $INCLUDE: there are no other files here', 1);
    return;
  }
  readFile(session, { file: path, depth: source.depth + 1, cursor: cursorOver(text, origin), owner: source.owner });
}

function report(session: Session, source: Source, { at, found, expected }: Problem): void {
  if (session.mistakes.length >= MAX_MISTAKES) return;
  const last = session.mistakes.length === MAX_MISTAKES - 1;
  session.mistakes.push({
    ...placeIn(source, at),
    found: source.place ? `${found} in the generated ${quoted(source.cursor.scanner.text.trimEnd())}` : found,
    expected: last ? `${expected} (too many mistakes: the rest of the file is not read)` : expected,
  });
}

function placeIn(source: Source, at: number): Place {
  if (source.place) return source.place;
  const starts = lineStarts(source.cursor.scanner);
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return { file: source.file, line: low + 1, column: at - (starts[low] as number) + 1 };
}

/** Where each line of a text begins; counted once for each text. */
function lineStarts(scanner: Scanner): readonly number[] {
  const known = linesOf.get(scanner);
  if (known) return known;
  const starts = [0];
  for (let i = scanner.text.indexOf('\n'); i >= 0; i = scanner.text.indexOf('\n', i + 1)) starts.push(i + 1);
  linesOf.set(scanner, starts);
  return starts;
}
const linesOf = new WeakMap<Scanner, readonly number[]>();
