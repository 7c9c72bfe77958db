/**
 * Writing octets into a shared arena, names compressed.
 *
 * Messages are written one behind the other into large chunks, because an allocation for each costs more than
 * writing it. Octets that fall behind the chunk's end are lost, and `at` tells: whoever encodes looks once, at the
 * end, and repeats in a fresh chunk.
 */

import type { Address } from '../../base/address.ts';
import { putAddressOctets } from '../../base/addressOctets.ts';
import type { Name } from '../name.ts';
import { MAX_LABEL, MAX_NAME, ROOT } from '../name.ts';

export interface Writer {
  bytes: Uint8Array;
  /** Where the message begins in `bytes`; offsets on the wire count from here. */
  start: number;
  /** Where the next octet goes. */
  at: number;
}

export function put8(w: Writer, value: number): void {
  w.bytes[w.at++] = value;
}

export function put16(w: Writer, value: number): void {
  const { bytes, at } = w;
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
  w.at = at + 2;
}

/** Leaves room for the length of what follows, in two octets; `endLength` fills it in. */
export function beginLength(w: Writer): number {
  w.at += 2;
  return w.at;
}

/** Writes how many octets there are since `begin`, and says it. */
export function endLength(w: Writer, begin: number): number {
  const { at } = w;
  w.at = begin - 2;
  put16(w, at - begin);
  w.at = at;
  return at - begin;
}

export function put32(w: Writer, value: number): void {
  const { bytes, at } = w;
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
  w.at = at + 4;
}

export function putOctets(w: Writer, octets: Uint8Array): void {
  if (w.at + octets.length <= w.bytes.length) w.bytes.set(octets, w.at);
  w.at += octets.length;
}

/** Writes the 4 or 16 octets of an address. */
export function putAddress(w: Writer, address: Address): void {
  w.at += putAddressOctets(address, w.bytes, w.at);
}

/*
 * Which names stand where, for the message at hand: a hash table of labels, each known by its own octets and by the
 * offset of the label that follows it. Reading a name from its right end, one probe per label finds the longest
 * tail that was written before, letter for letter: case is kept, so "Example" is not "example" here.
 * Names that begin beyond the reach of a pointer's 14 bits are looked up and never entered.
 */
const SLOTS = 0x8000;
const REACH = 0x4000;
/** The label's offset plus one; 0 where the slot is free. */
const slotOffset = new Uint16Array(SLOTS);
const slotNext = new Uint16Array(SLOTS);
/** The slots in use, in the order in which they were filled. */
const filled = new Uint16Array(SLOTS);
let filledCount = 0;

/*
 * Whole names written lately, because most names of a message stand in it more than once, as the same text: the glue
 * of a referral repeats its name servers. One place for each rough hash; the era tells this message's from older ones.
 */
const wholeName: Name[] = new Array(256).fill(ROOT);
const wholeOffset = new Uint16Array(256);
const wholeEra = new Float64Array(256);
let era = 1;

/** A mark to return to: how many names are known by now. */
export const namesKnown = (): number => filledCount;

/** Forgets the names entered after `mark`. The last one entered goes first, which leaves every probe's path whole. */
export function forgetNames(mark: number): void {
  while (filledCount > mark) slotOffset[filled[--filledCount] as number] = 0;
  era++;
}

/**
 * Writes a name. With `compress`, its longest tail that stands in the message already becomes a pointer (RFC 1035
 * §4.1.4). Without, it is written out, and still serves later names as a target.
 */
export function putName(w: Writer, name: Name, compress: boolean): void {
  const rough = roughHash(name);
  if (compress && wholeName[rough] === name && wholeEra[rough] === era) {
    put16(w, 0xc000 | (wholeOffset[rough] as number));
    return;
  }
  const offset = w.at - w.start;
  const labels = writeOut(w, name);
  if (labels === 0) return;
  let pointer = REACH;
  let pointerAt = labels;
  let next = 0;
  let i = labels - 1;
  for (; i >= 0; i--) {
    const slot = slotOf(w, i, next);
    if (slotOffset[slot] === 0) break;
    next = (slotOffset[slot] as number) - 1;
    if (next < REACH) {
      pointer = next;
      pointerAt = i;
    }
  }
  if (offset < REACH) for (; i >= 0; i--) next = enter(w, i, next);
  if (compress && pointerAt < labels) {
    w.at = labelStart[pointerAt] as number;
    put16(w, 0xc000 | pointer);
  }
  const target = pointerAt === 0 ? pointer : offset;
  if (target < REACH) {
    wholeName[rough] = name;
    wholeOffset[rough] = target;
    wholeEra[rough] = era;
  }
}

/** A few letters and the length: enough to keep most names of a message apart. */
const roughHash = (name: Name): number => {
  const n = name.length;
  return (name.charCodeAt(0) * 31 + name.charCodeAt(n >> 2) * 17 + name.charCodeAt(n >> 1) * 7 + n * 3) & 255;
};

/** Of the name at hand: where its labels begin, and a hash of each. */
const labelStart = new Uint32Array(128);
const labelHash = new Int32Array(128);

/** The slot that holds label `i` of the name at hand before the label at `next`, or the free slot where it belongs. */
function slotOf(w: Writer, i: number, next: number): number {
  const { bytes, start } = w;
  const at = labelStart[i] as number;
  let slot = Math.imul((labelHash[i] as number) ^ Math.imul(next, 0x9e3779b1), 0x85ebca6b) >>> 17;
  for (;;) {
    const found = slotOffset[slot] as number;
    if (found === 0 || (slotNext[slot] === next && sameLabel(bytes, start + found - 1, at))) return slot;
    slot = (slot + 1) & (SLOTS - 1);
  }
}

/** Enters label `i` of the name at hand, known to be new; gives its offset. */
function enter(w: Writer, i: number, next: number): number {
  const slot = slotOf(w, i, next);
  const offset = (labelStart[i] as number) - w.start;
  slotOffset[slot] = offset + 1;
  slotNext[slot] = next;
  filled[filledCount++] = slot;
  return offset;
}

function sameLabel(bytes: Uint8Array, a: number, b: number): boolean {
  const length = bytes[b] as number;
  for (let i = 0; i <= length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

/** Writes a name out and notes its labels; gives how many there are. */
function writeOut(w: Writer, name: Name): number {
  const { bytes } = w;
  const end = name.length;
  let at = w.at;
  let labels = 0;
  if (name !== ROOT) {
    let lengthAt = at++;
    let hash = 0;
    for (let i = 0; i < end; i++) {
      let c = name.charCodeAt(i);
      if (c === 0x2e) {
        const length = at - lengthAt - 1;
        if (length < 1 || length > MAX_LABEL || labels === 127) throw new Error(`"${name}" is no domain name`);
        bytes[lengthAt] = length;
        labelStart[labels] = lengthAt;
        labelHash[labels++] = hash;
        hash = 0;
        lengthAt = at++;
        continue;
      }
      if (c === 0x5c) {
        c = name.charCodeAt(++i);
        if (c >= 0x30 && c <= 0x39) {
          c = (c - 0x30) * 100 + (name.charCodeAt(i + 1) - 0x30) * 10 + (name.charCodeAt(i + 2) - 0x30);
          i += 2;
        }
      }
      hash = (Math.imul(hash, 33) ^ c) | 0;
      bytes[at++] = c;
    }
    if (at !== lengthAt + 1 || labels === 0) throw new Error(`"${name}" does not end with a dot`);
    at = lengthAt;
  }
  bytes[at++] = 0;
  if (at - w.at > MAX_NAME) throw new Error(`"${name}" is longer than ${MAX_NAME} octets`);
  w.at = at;
  return labels;
}
