/** Addresses between octets and canonical text, quickly: every address record that is decoded or encoded passes here. */
import { ASCII_MARGIN, asciiText } from './ascii.ts';

const COLON = 0x3a;
const DOT = 0x2e;
/** "0" to "255", and the same with a dot behind: turning a number into text costs more than finding it. */
const NUMBERS: readonly string[] = Array.from({ length: 256 }, (_, n) => `${n}`);
const DOTTED: readonly string[] = Array.from({ length: 256 }, (_, n) => `${n}.`);
const entry = (table: readonly string[], octet: number | undefined): string => table[octet as number] as string;
const DIGITS = new TextEncoder().encode('0123456789abcdef');

/*
 * Texts made lately, one for each rough hash: the same few servers come up all the time, and a text that is found
 * again costs a third of a new one. All places hold the zero address at first, which belongs to zero octets.
 */
const PLACES = 256;
const octets4 = new Int32Array(PLACES);
const octets6 = new Int32Array(PLACES * 4);
const texts4: string[] = new Array(PLACES).fill('0.0.0.0');
const texts6: string[] = new Array(PLACES).fill('::');
const placeOf = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> 24;

/** The text of the 4 octets from `at`. */
export function ipv4Text(b: Uint8Array, at: number): string {
  const word = wordAt(b, at);
  const place = placeOf(word);
  if (octets4[place] === word) return texts4[place] as string;
  const text = entry(DOTTED, b[at]) + entry(DOTTED, b[at + 1]) + (entry(DOTTED, b[at + 2]) + entry(NUMBERS, b[at + 3]));
  octets4[place] = word;
  texts4[place] = text;
  return text;
}

/** The text of the 16 octets from `at`, as RFC 5952 wants it. */
export function ipv6Text(b: Uint8Array, at: number): string {
  const w0 = wordAt(b, at);
  const w1 = wordAt(b, at + 4);
  const w2 = wordAt(b, at + 8);
  const w3 = wordAt(b, at + 12);
  const place = placeOf(w0 ^ Math.imul(w1, 31) ^ Math.imul(w2, 37) ^ Math.imul(w3, 41));
  const i = place * 4;
  if (octets6[i] === w0 && octets6[i + 1] === w1 && octets6[i + 2] === w2 && octets6[i + 3] === w3)
    return texts6[place] as string;
  octets6[i] = w0;
  octets6[i + 1] = w1;
  octets6[i + 2] = w2;
  octets6[i + 3] = w3;
  const text = newIPv6Text(b, at);
  texts6[place] = text;
  return text;
}

const wordAt = (b: Uint8Array, at: number): number =>
  ((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number);

const codes = new Uint8Array(40 + ASCII_MARGIN);

/** Lower case, no leading zeros, the longest run of zero groups (the first of equals, two at least) as "::" (RFC 5952 §4). */
function newIPv6Text(b: Uint8Array, at: number): string {
  let run = -1;
  let runLength = 1;
  for (let i = 0, zeros = 0; i < 8; i++) {
    zeros = b[at + i * 2] === 0 && b[at + i * 2 + 1] === 0 ? zeros + 1 : 0;
    if (zeros > runLength) {
      runLength = zeros;
      run = i + 1 - zeros;
    }
  }
  let n = 0;
  for (let i = 0; i < 8; i++) {
    if (i === run) {
      codes[n++] = COLON;
      if (i === 0) codes[n++] = COLON;
      i += runLength - 1;
      continue;
    }
    const high = b[at + i * 2] as number;
    const low = b[at + i * 2 + 1] as number;
    if (high > 15) codes[n++] = DIGITS[high >> 4] as number;
    if (high > 0) codes[n++] = DIGITS[high & 15] as number;
    if (high > 0 || low > 15) codes[n++] = DIGITS[low >> 4] as number;
    codes[n++] = DIGITS[low & 15] as number;
    if (i < 7) codes[n++] = COLON;
  }
  return asciiText(codes, 0, n);
}

/** Writes the octets of a canonical address to `bytes` at `at`; gives how many, 4 or 16. */
export function putAddressOctets(text: string, bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0, to = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === DOT) {
      bytes[to++] = value;
      value = 0;
    } else if (c >= 0x30 && c <= 0x39) value = value * 10 + c - 0x30;
    else return putIPv6(text, bytes, at);
    if (i === text.length - 1) bytes[to] = value;
  }
  return 4;
}

/** Groups before "::" go to the front and those behind it to the end; what lies between is zero. */
function putIPv6(text: string, bytes: Uint8Array, at: number): number {
  const end = at + 16;
  let to = at;
  let gap = -1;
  let value = 0;
  let digits = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : COLON;
    if (c !== COLON) {
      value = (value << 4) | (c <= 0x39 ? c - 0x30 : (c & 0x5f) - 0x37);
      digits++;
    } else if (digits > 0) {
      bytes[to++] = value >> 8;
      bytes[to++] = value;
      value = 0;
      digits = 0;
    } else if (i < text.length) gap = to;
  }
  if (to < end) {
    const from = gap < 0 ? to : gap;
    const tail = to - from;
    for (let i = 1; i <= tail; i++) bytes[end - i] = bytes[to - i] as number;
    bytes.fill(0, from, end - tail);
  }
  return 16;
}
