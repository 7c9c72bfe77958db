/**
 * Writing octets into a shared arena, names compressed.
 *
 * Messages are written one behind the other into large chunks, because an allocation for each costs more than
 * writing it. Octets that fall behind the chunk's end are lost, and `at` tells: whoever encodes looks once, at the
 * end, and repeats in a fresh chunk.
 */

import type { Name } from '../name.ts';
import { MAX_LABEL, MAX_NAME } from '../name.ts';

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

/*
 * Which names stand where, for the message at hand: a hash table of labels, each known by its own octets and by the
 * offset of the label that follows it. Reading a name from its right end, one probe per label finds the longest
 * tail that was written before, letter for letter: case is kept, so "Example" is not "example" here.
 * Pointers reach 14 bits far, so names that begin beyond are looked up and never entered.
 */
const SLOTS = 0x8000;
const REACH = 0x4000;
/** The label's offset plus one; 0 where the slot is free. */
const slotOffset = new Uint16Array(SLOTS);
const slotNext = new Uint16Array(SLOTS);
/** The slots in use, in the order in which they were filled. */
const filled = new Uint16Array(SLOTS);
let filledCount = 0;

/** A mark to return to: how many names are known by now. */
export const namesKnown = (): number => filledCount;

/** Forgets the names entered after `mark`. The last one entered goes first, which leaves every probe's path whole. */
export function forgetNames(mark: number): void {
  while (filledCount > mark) slotOffset[filled[--filledCount] as number] = 0;
}

const labelStart = new Uint32Array(128);

/**
 * Writes a name. With `compress`, its longest tail that stands in the message already becomes a pointer (RFC 1035
 * §4.1.4). Without, it is written out, and still serves later names as a target.
 */
export function putName(w: Writer, name: Name, compress: boolean): void {
  const { bytes, start } = w;
  const first = w.at;
  const labels = writeOut(w, name);
  const base = first - start;
  let next = 0;
  let known = labels;
  let pointer = 0;
  let pointerAt = labels;
  for (let i = labels - 1; i >= 0; i--) {
    const at = labelStart[i] as number;
    const length = bytes[at] as number;
    let hash = next * 31 + length;
    for (let j = at + 1; j <= at + length; j++) hash = (Math.imul(hash, 33) ^ (bytes[j] as number)) | 0;
    hash ^= hash >>> 15;
    let slot = hash & (SLOTS - 1);
    let found = 0;
    for (;;) {
      found = slotOffset[slot] as number;
      if (found === 0) break;
      if (slotNext[slot] === next && sameLabel(bytes, start + found - 1, at, length)) break;
      slot = (slot + 1) & (SLOTS - 1);
    }
    const offset = at - start;
    if (found !== 0 && known === i + 1) {
      known = i;
      next = found - 1;
      if (found - 1 < REACH) {
        pointer = found - 1;
        pointerAt = i;
      }
    } else {
      if (base < REACH) {
        slotOffset[slot] = offset + 1;
        slotNext[slot] = next;
        filled[filledCount++] = slot;
      }
      next = offset;
    }
  }
  if (compress && pointerAt < labels) {
    w.at = labelStart[pointerAt] as number;
    put16(w, 0xc000 | pointer);
  }
}

function sameLabel(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i <= length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

/** Writes a name out, its labels' places in `labelStart`; gives how many labels it has. */
function writeOut(w: Writer, name: Name): number {
  const { bytes } = w;
  let at = w.at;
  let labels = 0;
  if (name.length > 1) {
    let lengthAt = at++;
    for (let i = 0; i < name.length; i++) {
      let c = name.charCodeAt(i);
      if (c === 0x2e) {
        const length = at - lengthAt - 1;
        if (length < 1 || length > MAX_LABEL || labels === 127) throw new Error(`"${name}" is no domain name`);
        bytes[lengthAt] = length;
        labelStart[labels++] = lengthAt;
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
      bytes[at++] = c;
    }
    if (at !== lengthAt + 1) throw new Error(`"${name}" does not end with a dot`);
    at = lengthAt;
  }
  bytes[at++] = 0;
  if (at - w.at > MAX_NAME) throw new Error(`"${name}" is longer than ${MAX_NAME} octets`);
  w.at = at;
  return labels;
}
