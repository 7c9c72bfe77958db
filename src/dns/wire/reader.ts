/**
 * Reading octets: numbers, names and character-strings, without ever throwing.
 *
 * A reader that meets something wrong notes the first problem and where it was, and goes on with dummies; who
 * called it looks at `problem` when a whole thing is read. So bad input costs no more than good input.
 */

import type { Address } from '../../base/address.ts';
import { ipv4Text, ipv6Text } from '../../base/addressOctets.ts';
import { ASCII_MARGIN, asciiText } from '../../base/ascii.ts';
import { octetCount } from '../../base/text.ts';
import type { Name } from '../name.ts';
import { labelText, MAX_NAME, ROOT } from '../name.ts';

export interface Reader {
  readonly bytes: Uint8Array;
  /** The next octet to read. */
  at: number;
  /** Labels, pointers and fields read so far: what the work is measured by. */
  steps: number;
  /** The first thing that was wrong; empty when nothing was. */
  problem: string;
  /** Where it was, and where the rule that it breaks is written. */
  problemAt: number;
  problemSource: string;
  /** Whether names may hold pointers: in a message yes, in a lone piece of RDATA no. */
  readonly pointers: boolean;
  /** How many names have been remembered for pointers. */
  names: number;
}

export const reader = (bytes: Uint8Array, pointers = true): Reader => ({
  bytes,
  at: 0,
  steps: 0,
  problem: '',
  problemAt: 0,
  problemSource: '',
  pointers,
  names: 0,
});

/**
 * The most pointers one name may follow. A name has at most 127 labels and the root, and a pointer that leads to
 * another pointer serves nobody; the bound keeps the work linear in the message's length.
 */
export const MAX_POINTERS = 127;

export function fail(r: Reader, problem: string, at = r.at, source = 'RFC 1035 §4.1'): void {
  if (r.problem !== '') return;
  r.problem = problem;
  r.problemAt = at;
  r.problemSource = source;
}

/** Whether `count` octets are left before `end`; notes a problem when not. */
export function has(r: Reader, count: number, end: number): boolean {
  if (r.at + count <= end) return true;
  fail(r, `${octetCount(count)} should follow, ${octetCount(Math.max(0, end - r.at))} left`);
  return false;
}

/** The number in the next octet. The caller knows that it is there. */
export const u8 = (r: Reader): number => r.bytes[r.at++] as number;

export function u16(r: Reader): number {
  const at = r.at;
  r.at = at + 2;
  return ((r.bytes[at] as number) << 8) | (r.bytes[at + 1] as number);
}

export function u32(r: Reader): number {
  const at = r.at;
  r.at = at + 4;
  const b = r.bytes;
  return (((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number)) >>> 0;
}

/** The next `count` octets, copied, so that no record keeps its packet alive. The caller knows that they are there. */
export function octets(r: Reader, count: number): Uint8Array {
  const at = r.at;
  r.at = at + count;
  return new Uint8Array(r.bytes.subarray(at, at + count));
}

export function address(r: Reader, length: 4 | 16): Address {
  const at = r.at;
  r.at = at + length;
  return (length === 4 ? ipv4Text(r.bytes, at) : ipv6Text(r.bytes, at)) as Address;
}

/** 1 for each octet that stands in a name's text with an escape, 0 for the plain ones. */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, octet) => Number(labelText([octet]).length > 1));

const POINTERS = 'RFC 1035 §4.1.4';
/** Pointers have 14 bits, so they reach the offsets below this one (RFC 1035 §4.1.4). */
const REACH = 0x4000;

/**
 * The names of the message at hand that pointers can lead to: `slotOf[offset]` is a slot only if that slot is in
 * use and holds this offset, so nothing needs clearing between messages.
 */
const slotOf = new Uint16Array(REACH);
const slotOffset = new Uint16Array(REACH);
const slotLength = new Uint8Array(REACH);
const slotHops = new Uint8Array(REACH);
const slotText: Name[] = [];

/** A name's text while it is made; an escaped octet takes four characters. */
const text = new Uint8Array(MAX_NAME * 4 + ASCII_MARGIN);
const DOT = 0x2e;

/**
 * The name that begins here and lies before `end`, pointers followed (RFC 1035 §4.1.4). Each pointer must lead to
 * before the place where the labels that it ends began, so that no chain of them can run in a circle.
 */
export function readName(r: Reader, end: number): Name {
  const { bytes } = r;
  const start = r.at;
  const known = knownName(r, start, end);
  if (known !== undefined) return known;
  let at = start;
  let limit = end;
  let segment = start;
  let after = 0;
  let used = 0;
  let tail: Name = ROOT;
  let length = 1;
  let hops = 0;
  let own = start;
  let hopsToOwn = 0;
  let steps = 0;
  for (;;) {
    steps++;
    if (at >= limit) return broken(r, 'a name runs over the end', at);
    const count = bytes[at] as number;
    if (count === 0) {
      at++;
      break;
    }
    if (count < 64) {
      const stop = at + 1 + count;
      length += count + 1;
      if (stop > limit) return broken(r, `a label of ${octetCount(count)} runs over the end`, at);
      if (length > MAX_NAME) return broken(r, `a name is longer than ${MAX_NAME} octets`, start, 'RFC 1035 §2.3.4');
      let escapes = 0;
      for (let i = at + 1; i < stop; i++) {
        const octet = bytes[i] as number;
        text[used++] = octet;
        escapes |= ESCAPED[octet] as number;
      }
      if (escapes !== 0) used = putEscaped(bytes, at + 1, stop, used - count);
      text[used++] = DOT;
      at = stop;
      continue;
    }
    if (count < 192) return broken(r, `a label begins with the bits ${count < 128 ? '01' : '10'}, which mean nothing`, at);
    if (at + 2 > limit) return broken(r, 'half a pointer stands at the end', at, POINTERS);
    if (!r.pointers) return broken(r, 'a pointer stands where names are written out', at, POINTERS);
    const target = ((count & 0x3f) << 8) | (bytes[at + 1] as number);
    if (target >= segment) return broken(r, `a pointer leads to octet ${target}, not to before its own labels`, at, POINTERS);
    if (after === 0) after = at + 2;
    hops++;
    if (used === 0) {
      own = target;
      hopsToOwn = hops;
    }
    const slot = slotOf[target] as number;
    const isKnown = slot < r.names && slotOffset[slot] === target;
    if (isKnown) {
      length += (slotLength[slot] as number) - 1;
      hops += slotHops[slot] as number;
      tail = slotText[slot] as Name;
    }
    if (length > MAX_NAME) return broken(r, `a name is longer than ${MAX_NAME} octets`, start, 'RFC 1035 §2.3.4');
    if (hops > MAX_POINTERS) return broken(r, `a name follows more than ${MAX_POINTERS} pointers`, start, POINTERS);
    if (isKnown) break;
    at = target;
    segment = target;
    limit = bytes.length;
  }
  r.steps += steps;
  r.at = after === 0 ? at : after;
  const name = nameOf(used, tail);
  remember(r, own, name, length, hops - hopsToOwn);
  return name;
}

/** The name that a pointer right here leads to, if it was met before: by far the most frequent case, so it comes first. */
function knownName(r: Reader, at: number, end: number): Name | undefined {
  const { bytes } = r;
  const first = bytes[at] as number;
  if (first < 192 || at + 2 > end) return undefined;
  const target = ((first & 0x3f) << 8) | (bytes[at + 1] as number);
  const slot = slotOf[target] as number;
  if (slot >= r.names || slotOffset[slot] !== target || target >= at || (slotHops[slot] as number) >= MAX_POINTERS)
    return undefined;
  r.steps++;
  r.at = at + 2;
  return slotText[slot];
}

/** The name whose first `used` characters are in `text` and whose other labels are those of `tail`. */
function nameOf(used: number, tail: Name): Name {
  if (used === 0) return tail;
  const head = asciiText(text, 0, used);
  return (tail === ROOT ? head : head + tail) as Name;
}

/** Keeps the name at `offset`, its length and how many pointers it follows: the same, however it was come by. */
function remember(r: Reader, offset: number, name: Name, length: number, hops: number): void {
  if (offset >= REACH || r.names >= REACH || !r.pointers) return;
  const slot = r.names++;
  slotOf[offset] = slot;
  slotOffset[slot] = offset;
  slotLength[slot] = length;
  slotHops[slot] = hops;
  slotText[slot] = name;
}

/** Writes the octets from `at` to `stop` to `text` at `used`, with escapes; gives where the next character goes. */
function putEscaped(bytes: Uint8Array, at: number, stop: number, used: number): number {
  const printed = labelText(bytes.subarray(at, stop));
  for (let i = 0; i < printed.length; i++) text[used + i] = printed.charCodeAt(i);
  return used + printed.length;
}

function broken(r: Reader, problem: string, at: number, source = 'RFC 1035 §3.1'): Name {
  fail(r, problem, at, source);
  return ROOT;
}
