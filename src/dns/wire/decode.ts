/** Decoding: octets become a message, or a form error with the part that parsed. */
import type { Edns, Flags, Message, Question } from '../message.ts';
import { opcodeName, rcodeName } from '../message.ts';
import { ROOT } from '../name.ts';
import type { RecordType, ResourceRecord } from '../record.ts';
import { className, typeName } from '../record.ts';
import { misplacedOpt, readOptions } from './options.ts';
import { readData } from './rdata.ts';
import type { Reader } from './reader.ts';
import { fail, has, octets, reader, readName, u16, u32 } from './reader.ts';

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
  const decoded = decodeWith(reader(bytes), work);
  return decoded;
}

function decodeWith(r: Reader, work?: { steps: number }): Decoded {
  const { bytes } = r;
  const total = bytes.length;
  if (total < 12) {
    const problem = `a message begins with a header of 12 octets, and ${total === 1 ? 'only 1 is' : `only ${total} are`} here`;
    return { ok: false, error: { offset: total, problem, source: 'RFC 1035 §4.1.1' } };
  }
  const id = u16(r);
  const bits = u16(r);
  const questions = u16(r);
  const answers = u16(r);
  const authorities = u16(r);
  const additionals = u16(r);
  const question = readQuestions(r, questions);
  const answer = readRecords(r, answers);
  const authority = readRecords(r, authorities);
  const additional: ResourceRecord[] = [];
  const extra: OptRecord = { edns: undefined, rcode: 0 };
  readRecords(r, additionals, additional, extra);
  const { edns } = extra;
  const trailing = r.problem === '' ? total - r.at : 0;
  const message: Message = {
    id,
    opcode: opcodeName((bits >> 11) & 15),
    rcode: rcodeName((extra.rcode << 4) | (bits & 15)),
    flags: flagsOf(bits),
    question,
    answer,
    authority,
    additional,
    ...(edns && { edns }),
    ...(trailing > 0 && { trailing }),
  };
  if (work) work.steps = r.steps;
  if (r.problem === '') return { ok: true, message };
  return { ok: false, error: { offset: r.problemAt, problem: r.problem, source: 'RFC 1035 §4.1', partial: message } };
}

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

interface OptRecord {
  edns: Edns | undefined;
  /** The upper eight bits of the response code. */
  rcode: number;
}

/** Reads `count` records into `records`; the first sound OPT goes into `opt`, where one is given. */
function readRecords(r: Reader, count: number, records: ResourceRecord[] = [], opt?: OptRecord): ResourceRecord[] {
  const total = r.bytes.length;
  for (let i = 0; i < count && r.problem === ''; i++) {
    const name = readName(r, total);
    if (r.problem !== '' || !has(r, 10, total)) break;
    const type = typeName(u16(r));
    const klass = u16(r);
    const ttl = u32(r);
    const length = u16(r);
    r.steps++;
    if (r.at + length > total) {
      fail(r, `${length} octets of data are announced, ${total - r.at} are left`, r.at - 2);
      break;
    }
    const end = r.at + length;
    if (type === 'OPT') {
      const unfit = readOpt(r, end, name === ROOT, klass, ttl, opt);
      if (unfit === undefined) continue;
      r.problem = '';
      r.at = end - length;
      records.push({ name, type, class: className(klass), ttl, data: { opaque: octets(r, length), unfit } });
      continue;
    }
    const data = readData(r, type, end);
    records.push(recordOf(name, type, klass, ttl, data));
  }
  return records;
}

/** A TTL with its highest bit set counts as zero (RFC 2181 §8). */
const recordOf = (name: ResourceRecord['name'], type: RecordType, klass: number, ttl: number, data: unknown): ResourceRecord =>
  ({ name, type, class: className(klass), ttl: ttl > 0x7fffffff ? 0 : ttl, data }) as ResourceRecord;

/** Reads an OPT record's data as EDNS (RFC 6891 §6.1) into `opt`. Gives the reason when it cannot be the message's EDNS. */
function readOpt(r: Reader, end: number, atRoot: boolean, udpSize: number, ttl: number, opt?: OptRecord): string | undefined {
  const misplaced = misplacedOpt(opt !== undefined, opt?.edns === undefined, atRoot);
  if (misplaced !== undefined || opt === undefined) return misplaced;
  const options = readOptions(r, end);
  if (r.problem !== '') return r.problem;
  const z = ttl & 0x7fff;
  const edns = { version: (ttl >>> 16) & 0xff, udpSize, do: (ttl & 0x8000) !== 0 };
  opt.edns = z === 0 ? { ...edns, options } : { ...edns, z, options };
  opt.rcode = ttl >>> 24;
  return undefined;
}
