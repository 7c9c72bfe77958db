/**
 * Reads scenario files of the two public resolver test suites ("replay" files): Unbound's and Deckard's dialect.
 *
 * A file is a configuration, ranges of canned responses by server address, and numbered steps. This module turns the text
 * into data; `options.ts` makes resolver settings of the configuration, `runner.ts` plays the steps.
 */
import type { Address } from '../base/address.ts';
import { parseAddress } from '../base/address.ts';
import type { Mistake } from '../base/mistake.ts';
import { quoted } from '../base/mistake.ts';
import { parseHex } from '../base/octets.ts';
import type { Edns, EdnsOption, Flags, Message, Opcode, Question, Rcode } from '../dns/message.ts';
import { NO_FLAGS } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { parseName, ROOT } from '../dns/name.ts';
import { parseRecord } from '../dns/presentation/parse.ts';
import type { RecordClass, ResourceRecord } from '../dns/record.ts';
import { parseClass, parseType } from '../dns/record.ts';
import { readOptions } from '../dns/wire/options.ts';
import { reader } from '../dns/wire/reader.ts';

export type Dialect = 'unbound' | 'deckard';

/** One file. */
export interface Replay {
  readonly title: string;
  readonly dialect: Dialect;
  /** The configuration as `key: value` pairs in order; in Unbound's dialect clause heads stand among them with an empty value. */
  readonly configuration: readonly ConfigurationLine[];
  readonly ranges: readonly Range[];
  readonly steps: readonly Step[];
}

export interface ConfigurationLine {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Canned responses of some servers while the current step lies in `first` to `last`. */
export interface Range {
  readonly first: number;
  readonly last: number;
  /** None: any server. */
  readonly addresses: readonly Address[];
  readonly entries: readonly Entry[];
}

export type Step = { readonly number: number; readonly line: number } & (
  | { readonly type: 'QUERY'; readonly entry: Entry; readonly address: Address }
  | { readonly type: 'CHECK_ANSWER' | 'CHECK_OUT_QUERY' | 'REPLY'; readonly entry: Entry }
  | { readonly type: 'TIME_PASSES'; readonly seconds: number }
  | { readonly type: 'INFRA_RTT'; readonly address: Address; readonly milliseconds: number }
  | { readonly type: 'TIMEOUT' | 'ERROR' | 'TRAFFIC' }
);

/** A message, and how to match it or to adjust it before it is sent. */
export interface Entry {
  readonly line: number;
  /** The words of all `MATCH` lines, lower case except transports. None: matches everything. */
  readonly match: readonly string[];
  readonly adjust: readonly string[];
  readonly message: Message;
  /** These octets instead of the message. */
  readonly octets?: Uint8Array;
}

export type ReadReplay =
  | { readonly ok: true; readonly replay: Replay }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Reads a file; every mistake with its line, all at once. */
export function readReplay(text: string, file: string, dialect: Dialect): ReadReplay {
  const r: Reader = { file, dialect, lines: text.split('\n'), at: 0, origin: ROOT, ttl: DEFAULT_TTL, mistakes: [] };
  const configuration = readConfiguration(r);
  const title = skipTo(r, 'SCENARIO_BEGIN') ?? '';
  const ranges: Range[] = [];
  const steps: Step[] = [];
  for (let line = next(r); line !== undefined && line !== 'SCENARIO_END'; line = next(r)) {
    if (line.startsWith('RANGE_BEGIN')) ranges.push(readRange(r, line));
    else if (line.startsWith('STEP')) {
      const step = readStep(r, line);
      const before = steps.at(-1);
      if (step && before && step.number <= before.number) mistake(r, line, `a step number above ${before.number}`);
      if (step) steps.push(step);
    } else readDirective(r, line);
  }
  if (steps.length === 0 && r.mistakes.length === 0) mistake(r, 'no step', 'SCENARIO_BEGIN and at least one STEP');
  return r.mistakes.length > 0
    ? { ok: false, mistakes: r.mistakes }
    : { ok: true, replay: { title, dialect, configuration, ranges, steps } };
}

/** Without `$TTL` records live for an hour, in both dialects. */
const DEFAULT_TTL = 3_600;

interface Reader {
  readonly file: string;
  readonly dialect: Dialect;
  readonly lines: readonly string[];
  /** The line that comes next, counted from 0. */
  at: number;
  origin: Name;
  ttl: number;
  readonly mistakes: Mistake[];
}

function mistake(r: Reader, found: string, expected: string): void {
  r.mistakes.push({ file: r.file, line: r.at, column: 1, found: quoted(found), expected });
}

/** The next line that says something, without its comment and outer blanks. */
function next(r: Reader): string | undefined {
  while (r.at < r.lines.length) {
    const line = withoutComment(r.lines[r.at++] as string).trim();
    if (line !== '') return line;
  }
  return undefined;
}

function skipTo(r: Reader, keyword: string): string | undefined {
  for (let line = next(r); line !== undefined; line = next(r))
    if (line.startsWith(keyword)) return line.slice(keyword.length).trim();
  return undefined;
}

/** A semicolon outside quotes starts a comment; a hash does at the start of a line. */
function withoutComment(line: string): string {
  if (/^\s*#/.test(line)) return '';
  let inQuotes = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\') i++;
    else if (line[i] === '"') inQuotes = !inQuotes;
    else if (line[i] === ';' && !inQuotes) return line.slice(0, i);
  }
  return line;
}

function readConfiguration(r: Reader): ConfigurationLine[] {
  const found: ConfigurationLine[] = [];
  for (let line = next(r); line !== undefined && line !== 'CONFIG_END'; line = next(r)) {
    const tokens = r.dialect === 'unbound' ? withoutHash(line).match(/"[^"]*"|'[^']*'|\S+/g) : [line];
    if (r.dialect === 'deckard') {
      const [, key, value] = /^([a-z0-9-]+)\s*:\s*(.*)$/.exec(withoutHash(line)) ?? [];
      if (key === undefined || value === undefined) mistake(r, line, 'a "key: value" line');
      else found.push({ key, value: unquoted(value.trim()), line: r.at });
      continue;
    }
    for (const token of tokens ?? []) {
      if (/^[a-z][a-z0-9-]*:$/.test(token)) found.push({ key: token.slice(0, -1), value: '', line: r.at });
      else {
        const last = found.at(-1);
        if (!last) mistake(r, token, 'an option name with a colon');
        else
          found[found.length - 1] = { ...last, value: last.value === '' ? unquoted(token) : `${last.value} ${unquoted(token)}` };
      }
    }
  }
  return found;
}

const withoutHash = (line: string): string => line.replace(/#(?=(?:[^"]*"[^"]*")*[^"]*$).*$/, '').trim();
const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

function readRange(r: Reader, line: string): Range {
  const [, first, last, ...rest] = line.split(/\s+/);
  if (first === undefined || last === undefined || !/^\d+$/.test(first) || !/^\d+$/.test(last))
    mistake(r, line, 'RANGE_BEGIN and two step numbers');
  const addresses: Address[] = [];
  const entries: Entry[] = [];
  const take = (text: string | undefined) => {
    const address = parseAddress(text ?? '');
    if (address) addresses.push(address);
    else mistake(r, text ?? '', 'an IP address after ADDRESS');
  };
  if (rest[0] === 'ADDRESS') take(rest[1]);
  for (let inner = next(r); inner !== undefined && inner !== 'RANGE_END'; inner = next(r)) {
    if (inner.startsWith('ADDRESS')) take(inner.split(/\s+/)[1]);
    else if (inner === 'ENTRY_BEGIN') entries.push(readEntry(r));
    else readDirective(r, inner);
  }
  return { first: Number(first), last: Number(last), addresses, entries };
}

/** `$ORIGIN` and `$TTL`; all else between ranges and steps is passed over, as the suites' own runners do. */
function readDirective(r: Reader, line: string): boolean {
  const [word, value] = line.split(/\s+/);
  if (word === '$ORIGIN') {
    const origin = parseName(value ?? '', ROOT);
    if (typeof origin === 'string') r.origin = origin;
    else mistake(r, line, 'a name after $ORIGIN');
  } else if (word === '$TTL') {
    if (/^\d+$/.test(value ?? '')) r.ttl = Number(value);
    else mistake(r, line, 'seconds after $TTL');
  } else return false;
  return true;
}

function readStep(r: Reader, line: string): Step | undefined {
  const [, count, type, ...rest] = line.split(/\s+/);
  const base = { number: Number(count), line: r.at };
  if (!/^\d+$/.test(count ?? '')) return void mistake(r, line, 'STEP and its number');
  switch (type) {
    case 'QUERY': {
      const address = parseAddress(rest[0] === 'ADDRESS' ? (rest[1] ?? '') : '127.0.0.1');
      if (!address) return void mistake(r, line, 'an IP address after ADDRESS');
      return { ...base, type, address, entry: readStepEntry(r) };
    }
    case 'CHECK_ANSWER':
    case 'CHECK_OUT_QUERY':
    case 'REPLY':
      return { ...base, type, entry: readStepEntry(r) };
    case 'TIMEOUT':
    case 'ERROR':
      return { ...base, type };
    case 'NOTHING':
    case 'TRAFFIC':
      return { ...base, type: 'TRAFFIC' };
    case 'TIME_PASSES': {
      const elapsed = Number(rest[1]);
      if (rest[0] !== 'ELAPSE' || !Number.isFinite(elapsed))
        return void mistake(r, line, 'TIME_PASSES ELAPSE and seconds (macros are not read)');
      return { ...base, type, seconds: elapsed };
    }
    case 'INFRA_RTT': {
      const address = parseAddress(rest[0] ?? '');
      if (!address) return void mistake(r, line, 'INFRA_RTT, an address, a zone and milliseconds');
      return { ...base, type, address, milliseconds: Number(rest[2]) };
    }
    default:
      return void mistake(r, line, 'a known kind of step (QUERY, CHECK_ANSWER, REPLY, TIME_PASSES, TIMEOUT, ERROR, TRAFFIC …)');
  }
}

function readStepEntry(r: Reader): Entry {
  const line = next(r);
  if (line === 'ENTRY_BEGIN') return readEntry(r);
  mistake(r, line ?? 'the end of the file', 'ENTRY_BEGIN');
  return { line: r.at, match: [], adjust: [], message: { ...EMPTY, question: [] } };
}

const EMPTY: Message = {
  id: 0,
  opcode: 'QUERY',
  rcode: 'NOERROR',
  flags: NO_FLAGS,
  question: [],
  answer: [],
  authority: [],
  additional: [],
};
const OPCODES = new Set(['QUERY', 'IQUERY', 'STATUS', 'NOTIFY', 'UPDATE']);
const RCODES: Readonly<Record<string, Rcode>> = {
  NOERROR: 'NOERROR',
  FORMERR: 'FORMERR',
  SERVFAIL: 'SERVFAIL',
  NXDOMAIN: 'NXDOMAIN',
  NOTIMPL: 'NOTIMP',
  NOTIMP: 'NOTIMP',
  REFUSED: 'REFUSED',
  YXDOMAIN: 'YXDOMAIN',
  YXRRSET: 'YXRRSET',
  NXRRSET: 'NXRRSET',
  NOTAUTH: 'NOTAUTH',
  NOTZONE: 'NOTZONE',
  BADVERS: 'BADVERS',
  BADCOOKIE: 'BADCOOKIE',
};
const FLAGS = new Set(['QR', 'AA', 'TC', 'RD', 'RA', 'AD', 'CD']);

/** What an entry's lines add up to while they are read. */
interface Draft {
  readonly match: string[];
  readonly adjust: string[];
  opcode: Opcode;
  rcode: Rcode;
  flags: Flags;
  do: boolean;
  edns: boolean;
  options: readonly EdnsOption[];
  section: string;
  readonly question: Question[];
  readonly records: Record<'ANSWER' | 'AUTHORITY' | 'ADDITIONAL', ResourceRecord[]>;
  octets: Uint8Array | undefined;
}

function readEntry(r: Reader): Entry {
  const line = r.at;
  const d: Draft = {
    match: [],
    adjust: [],
    opcode: 'QUERY',
    rcode: 'NOERROR',
    flags: NO_FLAGS,
    do: false,
    edns: false,
    options: [],
    section: '',
    question: [],
    records: { ANSWER: [], AUTHORITY: [], ADDITIONAL: [] },
    octets: undefined,
  };
  for (let inner = next(r); inner !== undefined && inner !== 'ENTRY_END'; inner = next(r)) readEntryLine(r, d, inner);
  const udpSize = r.dialect === 'unbound' ? 1232 : 4096;
  const edns: Edns = { version: 0, udpSize, do: d.do, options: d.options };
  const message: Message = {
    id: 0,
    opcode: d.opcode,
    rcode: d.rcode,
    flags: d.flags,
    question: d.question,
    answer: d.records.ANSWER,
    authority: d.records.AUTHORITY,
    additional: d.records.ADDITIONAL,
    ...(d.edns ? { edns } : {}),
  };
  return { line, match: d.match, adjust: d.adjust, message, ...(d.octets ? { octets: d.octets } : {}) };
}

function readEntryLine(r: Reader, d: Draft, line: string): void {
  const words = line.split(/\s+/);
  const rest = words.slice(1);
  switch (words[0]) {
    case 'MATCH':
      d.match.push(...rest);
      return;
    case 'ADJUST':
      d.adjust.push(...rest);
      return;
    case 'REPLY':
    case 'FLAGS':
      for (const word of rest) readReplyWord(r, d, word);
      return;
    case 'SECTION':
      d.section = rest[0] ?? '';
      if (d.section !== 'QUESTION' && !Object.hasOwn(d.records, d.section))
        mistake(r, line, 'SECTION QUESTION, ANSWER, AUTHORITY or ADDITIONAL');
      return;
    case 'HEX_ANSWER_BEGIN':
      d.octets = readHexLines(r, 'HEX_ANSWER_END');
      return;
    case 'HEX_EDNSDATA_BEGIN':
      readEdnsOptions(r, d);
      return;
    case 'RAW':
      d.octets = parseHex((next(r) ?? '').replace(/\s/g, ''));
      return;
    case 'MANDATORY':
      return;
    default:
      if (!readDirective(r, line)) readRecordLine(r, d, line);
  }
}

/** The OPT record's data in hex; it makes the message one with EDNS. */
function readEdnsOptions(r: Reader, d: Draft): void {
  const octets = readHexLines(r, 'HEX_EDNSDATA_END');
  if (!octets) return;
  const from = reader(octets);
  d.edns = true;
  d.options = readOptions(from, octets.length);
  if (from.problem !== '') mistake(r, from.problem, 'EDNS options in hex');
}

function readReplyWord(r: Reader, d: Draft, word: string): void {
  if (FLAGS.has(word)) d.flags = { ...d.flags, [word.toLowerCase()]: true };
  else if (word === 'DO') Object.assign(d, { do: true, edns: true });
  // The flag "compact answers OK" (RFC 9824 §5.1) changes nothing here but that there is an OPT record.
  else if (word === 'CO') d.edns = true;
  else if (Object.hasOwn(RCODES, word)) d.rcode = RCODES[word] as Rcode;
  else if (OPCODES.has(word)) d.opcode = word as Opcode;
  else mistake(r, word, 'an opcode, a response code or a flag');
}

function readHexLines(r: Reader, end: string): Uint8Array | undefined {
  let text = '';
  for (let line = next(r); line !== undefined && line !== end; line = next(r)) text += line.replace(/\s/g, '');
  const octets = parseHex(text);
  if (!octets) mistake(r, text, 'octets in hex');
  return octets;
}

function readRecordLine(r: Reader, d: Draft, line: string): void {
  if (d.section === 'QUESTION') {
    const question = readQuestion(r, line);
    if (question) d.question.push(question);
    return;
  }
  const section = d.records[d.section as keyof Draft['records']];
  const parsed = parseRecord(line, { origin: r.origin, ttl: r.ttl, file: r.file, line: r.at });
  if (!section) mistake(r, line, 'a SECTION line before records');
  else if (parsed.ok) section.push(parsed.value);
  else r.mistakes.push(parsed.mistake);
}

/** "owner [class] type"; ANY is a class only when a type follows it. */
function readQuestion(r: Reader, line: string): Question | undefined {
  const words = line.split(/\s+/);
  const name = parseName(words[0] ?? '', r.origin);
  const middle: RecordClass | undefined = words.length > 2 ? parseClass(words[1] as string) : 'IN';
  const type = parseType(words.at(-1) ?? '');
  if (typeof name === 'string' && middle !== undefined && type !== undefined && words.length <= 3)
    return { name, class: middle, type };
  return void mistake(r, line, 'a question: a name, perhaps a class, and a type');
}
