/** Encoding: a message becomes octets, in the smallest compressed form, within a size limit. */
import type { Edns, Message } from '../message.ts';
import { opcodeCode, rcodeCode } from '../message.ts';
import { isSubdomain, sameName } from '../name.ts';
import type { ResourceRecord, RRset } from '../record.ts';
import { classCode, dataOf, rrsets, typeCode } from '../record.ts';
import { writeOptions } from './options.ts';
import { writeData } from './rdata.ts';
import type { Writer } from './writer.ts';
import { beginLength, endLength, forgetNames, namesKnown, put8, put16, put32, putName } from './writer.ts';

/** The longest message that fits the two octets of length in front of it over TCP (RFC 1035 §4.2.2). */
export const LONGEST_MESSAGE = 65_535;

/** RFC 1035 §4.2.1: without EDNS nobody need take more by UDP. */
const PLAIN_LIMIT = 512;

/**
 * How large a response by UDP may be, in octets: what the asker's EDNS takes and `largest` of our own allows, but at least 512
 * (RFC 6891 §6.2.3 to §6.2.5); 512 without EDNS.
 */
export const datagramLimit = ({ edns }: Message, largest: number): number =>
  edns ? Math.max(PLAIN_LIMIT, Math.min(edns.udpSize, largest)) : PLAIN_LIMIT;

/**
 * The octets of `message`, of at most `limit` (names compressed as RFC 1035 §4.1.4 and RFC 3597 §4 allow, letter for
 * letter, so that every name keeps its case). What does not fit goes by whole RRsets (RFC 2181 §9): optional
 * additional ones first and silently; when the answer, the authority section or a referral's in-domain glue does not
 * fit, TC is set (RFC 9471 §3). Header, question and OPT always stay. Throws on a message that has no wire form:
 * an extended rcode without EDNS, a text of more than 255 octets, data that is not of its type.
 */
export function encode(message: Message, limit: number = LONGEST_MESSAGE): Uint8Array {
  for (;;) {
    const w: Writer = { bytes: chunk, start: used, at: used };
    writeWhole(w, message);
    if (w.at - w.start > Math.min(limit, LONGEST_MESSAGE)) {
      w.at = w.start;
      writeLimited(w, message, Math.min(limit, LONGEST_MESSAGE));
    }
    if (w.at <= chunk.length) {
      used = w.at;
      return chunk.subarray(w.start, w.at);
    }
    chunk = new Uint8Array(Math.max(CHUNK, w.at - w.start));
    used = 0;
  }
}

/** Messages share chunks of this size, since a fresh array for each costs more than writing it. */
const CHUNK = 16_384;
let chunk = new Uint8Array(CHUNK);
let used = 0;

function writeWhole(w: Writer, m: Message): void {
  forgetNames(0);
  writeHeader(w, m, m.flags.tc, m.answer.length, m.authority.length, m.additional.length);
  writeQuestions(w, m);
  for (const record of m.answer) writeRecord(w, record);
  for (const record of m.authority) writeRecord(w, record);
  for (const record of m.additional) writeRecord(w, record);
  if (m.edns) writeOpt(w, m.edns, m);
}

function writeLimited(w: Writer, m: Message, limit: number): void {
  forgetNames(0);
  w.at += 12;
  writeQuestions(w, m);
  const end = w.start + limit - (m.edns ? sizeOfOpt(m.edns, m) : 0);
  const answer = fill(w, rrsets(m.answer), end, 'stop');
  const authority = answer.whole ? fill(w, rrsets(m.authority), end, 'stop') : NOTHING_FITS;
  const additional = rrsets(m.additional);
  const glue = additional.filter((set) => isInDomainGlue(set, m));
  const required = authority.whole ? fill(w, glue, end, 'stop') : NOTHING_FITS;
  const optional = required.whole ? additional.filter((set) => !glue.includes(set)) : [];
  const rest = fill(w, optional, end, 'skip');
  if (m.edns) writeOpt(w, m.edns, m);
  const { at } = w;
  w.at = w.start;
  writeHeader(w, m, m.flags.tc || !required.whole, answer.count, authority.count, required.count + rest.count);
  w.at = at;
}

interface Filled {
  /** How many records went in. */
  readonly count: number;
  /** Whether all of them did. */
  readonly whole: boolean;
}

const NOTHING_FITS: Filled = { count: 0, whole: false };

/** Writes RRsets up to `end`; at one that does not fit, stops or tries the next. */
function fill(w: Writer, sets: readonly RRset[], end: number, otherwise: 'stop' | 'skip'): Filled {
  let count = 0;
  let whole = true;
  for (const set of sets) {
    const { at } = w;
    const mark = namesKnown();
    for (const record of set.records) writeRecord(w, record);
    if (w.at <= end) count += set.records.length;
    else {
      w.at = at;
      forgetNames(mark);
      whole = false;
      if (otherwise === 'stop') break;
    }
  }
  return { count, whole };
}

/**
 * Whether a referral is of no use without these records: addresses of a name server that lies in the very zone that
 * is delegated (RFC 9471 §3.1).
 */
function isInDomainGlue(set: RRset, m: Message): boolean {
  if (set.type !== 'A' && set.type !== 'AAAA') return false;
  if (m.answer.length > 0 || m.flags.aa) return false;
  return m.authority.some((record) => {
    const data = dataOf(record, 'NS');
    return data !== undefined && sameName(data.nameServer, set.name) && isSubdomain(data.nameServer, record.name);
  });
}

function writeHeader(w: Writer, m: Message, tc: boolean, answers: number, authorities: number, additionals: number): void {
  const { flags } = m;
  const rcode = rcodeCode(m.rcode);
  if (rcode > 15 && !m.edns) throw new Error(`response code ${m.rcode} needs EDNS to carry its upper bits`);
  put16(w, m.id);
  put16(
    w,
    (flags.qr ? 0x8000 : 0) |
      (opcodeCode(m.opcode) << 11) |
      (flags.aa ? 0x0400 : 0) |
      (tc ? 0x0200 : 0) |
      (flags.rd ? 0x0100 : 0) |
      (flags.ra ? 0x0080 : 0) |
      (flags.z ? 0x0040 : 0) |
      (flags.ad ? 0x0020 : 0) |
      (flags.cd ? 0x0010 : 0) |
      (rcode & 15),
  );
  put16(w, m.question.length);
  put16(w, answers);
  put16(w, authorities);
  put16(w, additionals + (m.edns ? 1 : 0));
}

function writeQuestions(w: Writer, m: Message): void {
  for (const question of m.question) {
    putName(w, question.name, true);
    put16(w, typeCode(question.type));
    put16(w, classCode(question.class));
  }
}

function writeRecord(w: Writer, record: ResourceRecord): void {
  putName(w, record.name, true);
  const code = typeCode(record.type);
  put16(w, code);
  put16(w, classCode(record.class));
  put32(w, record.ttl);
  const begin = beginLength(w);
  writeData(w, code, record.data, true);
  const length = endLength(w, begin);
  if (length > 0xffff) throw new Error(`the data of "${record.name}" ${record.type} has ${length} octets; 65535 is the most`);
}

/** The OPT record: sender's size in the class, extended rcode, version and flags in the TTL (RFC 6891 §6.1.3). */
function writeOpt(w: Writer, edns: Edns, m: Message): void {
  put8(w, 0);
  put16(w, typeCode('OPT'));
  put16(w, edns.udpSize);
  put8(w, rcodeCode(m.rcode) >> 4);
  put8(w, edns.version);
  put16(w, (edns.do ? 0x8000 : 0) | ((edns.z ?? 0) & 0x7fff));
  const begin = beginLength(w);
  writeOptions(w, edns.options);
  endLength(w, begin);
}

function sizeOfOpt(edns: Edns, m: Message): number {
  const w: Writer = { bytes: new Uint8Array(0), start: 0, at: 0 };
  writeOpt(w, edns, m);
  return w.at;
}
