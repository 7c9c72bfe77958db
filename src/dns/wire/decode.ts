/** Decoding: octets become a message, or a form error with the part that parsed. */
import { octetCount } from '../../base/text.ts';
import type { Edns, Flags, Message, Question } from '../message.ts';
import { opcodeName, rcodeName } from '../message.ts';
import { ROOT } from '../name.ts';
import type { Opaque, OtherRecord, ResourceRecord } from '../record.ts';
import { className, typeCode, typeName } from '../record.ts';
import { misplacedOpt, readOptions } from './options.ts';
import { readData } from './rdata.ts';
import type { Reader } from './reader.ts';
import { fail, has, octets, reader, readName, u16 } from './reader.ts';

/** Why octets are no DNS message: its framing is broken, so what follows cannot be told apart. */
export interface FormError {
  /** Where the framing broke, in octets from the start. */
  readonly offset: number;
  /** One sentence: what was found, what would be right. */
  readonly problem: string;
  /** Where the rule is written. */
  readonly source: string;
  /** All that could be read before; absent when not even the header is whole. */
  readonly partial?: Message;
}

export type Decoded = { readonly ok: true; readonly message: Message } | { readonly ok: false; readonly error: FormError };

/**
 * The message that `bytes` spell (RFC 1035 §4.1). Total: any octets whatever give a message or a form error, in time
 * linear in their number. RDATA unfit for its type stays as octets and says so; octets behind the last record are
 * counted in `trailing`. `work`, when given, receives how many steps it took, which is never above 64 × the length.
 */
export function decode(bytes: Uint8Array, work?: { steps: number }): Decoded {
  const total = bytes.length;
  if (total < 12) {
    const problem = `a message begins with a header of 12 octets, and ${total === 1 ? 'only 1 is' : `only ${total} are`} here`;
    return { ok: false, error: { offset: total, problem, source: 'RFC 1035 §4.1.1' } };
  }
  const r = reader(bytes);
  const id = u16(r);
  const bits = u16(r);
  r.at = 12;
  const question = readQuestions(r, pair(bytes, 4));
  const answer = readRecords(r, pair(bytes, 6), undefined);
  const authority = readRecords(r, pair(bytes, 8), undefined);
  const opt: OptRecord = { edns: undefined, rcode: 0 };
  const additional = readRecords(r, pair(bytes, 10), opt);
  const message: { -readonly [K in keyof Message]: Message[K] } = {
    id,
    opcode: opcodeName((bits >> 11) & 15),
    rcode: rcodeName((opt.rcode << 4) | (bits & 15)),
    flags: flagsOf(bits),
    question,
    answer,
    authority,
    additional,
  };
  if (opt.edns !== undefined) message.edns = opt.edns;
  if (work) work.steps = r.steps;
  if (r.problem !== '')
    return { ok: false, error: { offset: r.problemAt, problem: r.problem, source: r.problemSource, partial: message } };
  if (r.at < total) message.trailing = total - r.at;
  return { ok: true, message };
}

/** The number in two octets. */
const pair = (bytes: Uint8Array, at: number): number => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

/** The flags of the header's second pair of octets (RFC 1035 §4.1.1; AD and CD: RFC 4035 §3.2). */
const flagsOf = (bits: number): Flags => ({
  qr: (bits & 0x8000) !== 0,
  aa: (bits & 0x0400) !== 0,
  tc: (bits & 0x0200) !== 0,
  rd: (bits & 0x0100) !== 0,
  ra: (bits & 0x0080) !== 0,
  z: (bits & 0x0040) !== 0,
  ad: (bits & 0x0020) !== 0,
  cd: (bits & 0x0010) !== 0,
});

function readQuestions(r: Reader, count: number): Question[] {
  const questions: Question[] = [];
  const total = r.bytes.length;
  for (let i = 0; i < count; i++) {
    const name = readName(r, total);
    if (r.problem !== '' || !has(r, 4, total)) break;
    questions.push({ name, type: typeName(u16(r)), class: className(u16(r)) });
  }
  return questions;
}

/** What the OPT record of the additional section says, when one has been read. */
interface OptRecord {
  edns: Edns | undefined;
  /** The upper eight bits of the response code. */
  rcode: number;
}

/** Reads `count` records. The first sound OPT goes into `opt`; outside of the additional section there is none. */
function readRecords(r: Reader, count: number, opt: OptRecord | undefined): ResourceRecord[] {
  const records: ResourceRecord[] = [];
  const { bytes } = r;
  const total = bytes.length;
  for (let i = 0; i < count; i++) {
    const name = readName(r, total);
    if (r.problem !== '' || !has(r, 10, total)) break;
    const { at } = r;
    const code = pair(bytes, at);
    const klass = pair(bytes, at + 2);
    const ttl = ((pair(bytes, at + 4) << 16) | pair(bytes, at + 6)) >>> 0;
    const length = pair(bytes, at + 8);
    r.at = at + 10;
    const end = r.at + length;
    r.steps++;
    if (end > total) {
      fail(r, `${octetCount(length)} of data announced, ${octetCount(total - r.at)} left`, r.at - 2, 'RFC 1035 §4.1.3');
      break;
    }
    if (code === OPT) {
      const unfit = readOpt(r, end, name === ROOT, klass, ttl, opt);
      if (unfit === undefined) continue;
      r.problem = '';
      r.at = end - length;
      records.push({ name, type: 'OPT', class: className(klass), ttl, data: { opaque: octets(r, length), unfit } });
    } else {
      // The type says what the data is, which the compiler cannot follow.
      const data = readData(r, code, end) as Opaque;
      const type = typeName(code) as OtherRecord['type'];
      // A TTL with its highest bit set counts as zero (RFC 2181 §8).
      records.push({ name, type, class: className(klass), ttl: ttl > 0x7fffffff ? 0 : ttl, data });
    }
  }
  return records;
}

const OPT = typeCode('OPT');

/** Reads an OPT record's data as EDNS (RFC 6891 §6.1) into `opt`. Gives the reason when it cannot be the message's EDNS. */
function readOpt(r: Reader, end: number, atRoot: boolean, udpSize: number, ttl: number, opt?: OptRecord): string | undefined {
  const misplaced = misplacedOpt(opt !== undefined, opt?.edns === undefined, atRoot);
  if (misplaced !== undefined || opt === undefined) return misplaced;
  const options = readOptions(r, end);
  if (r.problem !== '') return r.problem;
  const version = (ttl >>> 16) & 0xff;
  const signatures = (ttl & 0x8000) !== 0;
  const z = ttl & 0x7fff;
  opt.edns = z === 0 ? { version, udpSize, do: signatures, options } : { version, udpSize, do: signatures, z, options };
  opt.rcode = ttl >>> 24;
  return undefined;
}
