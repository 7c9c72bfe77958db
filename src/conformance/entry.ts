/** An entry of a replay file: a message in the suites' own notation, and how to match or to adjust it. */
import { parseHex } from '../base/octets.ts';
import type { Edns, EdnsOption, Flags, Message, Opcode, Question, Rcode } from '../dns/message.ts';
import { NO_FLAGS } from '../dns/message.ts';
import { parseName } from '../dns/name.ts';
import { parseRecord } from '../dns/presentation/parse.ts';
import { parseClass, parseType, type RecordClass, type ResourceRecord } from '../dns/record.ts';
import { readOptions } from '../dns/wire/options.ts';
import { reader } from '../dns/wire/reader.ts';
import { mistake, next, type Reader, readDirective } from './lines.ts';

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

/** An entry that says nothing, where one is missing. */
export const noEntry = (line: number): Entry => ({ line, match: [], adjust: [], message: EMPTY });

/** Reads an entry after its `ENTRY_BEGIN`, to its `ENTRY_END`. */
export function readEntry(r: Reader): Entry {
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
