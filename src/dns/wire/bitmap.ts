/** The bitmap of record types that NSEC and NSEC3 carry: windows of 256 types (RFC 4034 §4.1.2). */

import { octetCount } from '../../base/text.ts';
import type { RecordType } from '../record.ts';
import { typeCode, typeName } from '../record.ts';
import type { Reader } from './reader.ts';
import { fail, has, u8 } from './reader.ts';
import type { Writer } from './writer.ts';
import { put8 } from './writer.ts';

/** The types of the bitmap that fills the octets up to `end`, in the order of their codes. */
export function readBitmap(r: Reader, end: number): RecordType[] {
  const types: RecordType[] = [];
  let last = -1;
  while (r.at < end && r.problem === '') {
    r.steps++;
    if (!has(r, 2, end)) break;
    const window = u8(r);
    const length = u8(r);
    if (window <= last) fail(r, `window ${window} of the types does not come after window ${last}`, r.at - 2);
    if (length < 1 || length > 32) fail(r, `a window of types has ${octetCount(length)}, 1 to 32 are right`, r.at - 1);
    if (r.problem !== '' || !has(r, length, end)) break;
    last = window;
    if (r.bytes[r.at + length - 1] === 0) fail(r, `window ${window} of the types ends in a zero octet`, r.at + length - 1);
    for (let i = 0; i < length; i++) {
      const octet = u8(r);
      for (let bit = 0; bit < 8; bit++) if (octet & (0x80 >> bit)) types.push(typeName((window << 8) | (i << 3) | bit));
    }
  }
  return types;
}

export function writeBitmap(w: Writer, types: readonly RecordType[]): void {
  const codes = [...new Set(types.map(typeCode))].sort((a, b) => a - b);
  for (let i = 0; i < codes.length; ) {
    const window = (codes[i] as number) >> 8;
    const octets = new Uint8Array(32);
    let length = 0;
    for (; i < codes.length && (codes[i] as number) >> 8 === window; i++) {
      const low = (codes[i] as number) & 0xff;
      octets[low >> 3] = (octets[low >> 3] as number) | (0x80 >> (low & 7));
      length = (low >> 3) + 1;
    }
    put8(w, window);
    put8(w, length);
    for (let j = 0; j < length; j++) put8(w, octets[j] as number);
  }
}
