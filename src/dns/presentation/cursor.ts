/** A cursor over the tokens of one entry: small readers of numbers, names, times and octets that remember what failed. */

import { quoted } from '../../base/mistake.ts';
import type { Name } from '../name.ts';
import { join, MAX_LABEL, MAX_NAME, parseName } from '../name.ts';
import { octetsOf } from './octets.ts';
import type { Scanner } from './scan.ts';
import { PLAIN, QUOTED, tokenText } from './scan.ts';
import { signatureTimeSeconds } from './signatureTime.ts';

export interface Cursor {
  readonly scanner: Scanner;
  /** The token to be read next. */
  next: number;
  /** Completes names that have no final dot. */
  origin: Name;
  /** The first thing that did not fit; readers give undefined once it is set. */
  problem: Problem | undefined;
}

export interface Problem {
  /** Where in the scanner's text. */
  readonly at: number;
  readonly found: string;
  readonly expected: string;
}

export const atEnd = (c: Cursor): boolean => c.next >= c.scanner.count;

/** Notes what was expected of token `i`; the first note of an entry stays. Always undefined, to be returned. */
export function fail(c: Cursor, expected: string, i = c.next, offset = 0): undefined {
  const s = c.scanner;
  if (i < s.count) c.problem ??= { at: (s.starts[i] as number) + offset, found: quoted(tokenText(s, i)), expected };
  else c.problem ??= { at: s.end, found: s.end >= s.text.length ? 'the end of the text' : 'the end of the record', expected };
  return undefined;
}

/** The next token as written, or undefined with `expected` noted. */
export function word(c: Cursor, expected: string): string | undefined {
  if (atEnd(c)) return fail(c, expected);
  return tokenText(c.scanner, c.next++);
}

/** A whole number from 0 to `most`. */
export function wholeNumber(c: Cursor, most: number): number | undefined {
  const value = digitsAt(c);
  if (value < 0 || value > most) return fail(c, `a number from 0 to ${most}`);
  c.next++;
  return value;
}

/** The value of the next token when it is digits only; else −1. Too many digits give a value too large for any field. */
function digitsAt(c: Cursor): number {
  const s = c.scanner;
  if (atEnd(c)) return -1;
  const end = s.ends[c.next] as number;
  let value = 0;
  let i = s.starts[c.next] as number;
  if (i === end) return -1;
  for (; i < end; i++) {
    const digit = s.text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The greatest TTL (RFC 2181 §8). */
export const MAX_TTL = 0x7fffffff;

/** A length of time in seconds, "5400" or "1h30m" (units w d h m s, any letter case). */
export function span(c: Cursor, most: number): number | undefined {
  const value = digitsAt(c);
  const total = value >= 0 || atEnd(c) ? value : unitsOf(tokenText(c.scanner, c.next));
  if (total < 0 || total > most) return fail(c, `seconds from 0 to ${most}, as a number or as in 1h30m`);
  c.next++;
  return total;
}

/** The seconds of "1h30m", or −1 when the text is not made of numbers with units. */
function unitsOf(text: string): number {
  let total = 0;
  let number = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) number = Math.max(number, 0) * 10 + code - 48;
    else {
      const seconds = UNIT_SECONDS[text.charAt(i).toLowerCase()];
      if (number < 0 || seconds === undefined) return -1;
      total += number * seconds;
      number = -1;
    }
  }
  return number < 0 ? total : -1;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** A domain name, completed with the origin when it has no final dot. */
export function domainName(c: Cursor): Name | undefined {
  const s = c.scanner;
  if (atEnd(c)) return fail(c, 'a domain name');
  const text = tokenText(s, c.next);
  // Most names are short and plain: nothing in them can be wrong but their length together with the origin's.
  if (s.kinds[c.next] === PLAIN && text.length <= MAX_LABEL && c.origin.length + text.length < MAX_NAME) {
    c.next++;
    return text.charCodeAt(text.length - 1) === 46 ? (text as Name) : join(text, c.origin);
  }
  const parsed = parseName(text, c.origin);
  if (typeof parsed !== 'string') return fail(c, `a domain name (${parsed.problem})`, c.next, text === '' ? 0 : parsed.at);
  c.next++;
  return parsed;
}

/** One character-string, quoted or not, of at most `most` octets (RFC 1035 §5.1). */
export function characterString(c: Cursor, most = 255): Uint8Array | undefined {
  if (atEnd(c)) return fail(c, 'a text, in quotation marks where it holds blanks');
  const octets = octetsOf(tokenText(c.scanner, c.next));
  if (octets === undefined) return fail(c, 'a text whose escapes are \\DDD, at most \\255, or a backslash and one character');
  if (octets.length > most) return fail(c, `a text of at most ${most} octets, not ${octets.length}`);
  c.next++;
  return octets;
}

/** All tokens that are left, joined: hex and base64 may be split by blanks. Quoted tokens are refused. */
export function restJoined(c: Cursor, expected: string): string | undefined {
  let text = '';
  for (let i = c.next; i < c.scanner.count; i++) {
    if (c.scanner.kinds[i] === QUOTED) return fail(c, expected, i);
    text += tokenText(c.scanner, i);
  }
  return text;
}

/** Seconds since 1970 modulo 2^32, written YYYYMMDDHHmmSS or as a number (RFC 4034 §3.2). */
export function signatureTime(c: Cursor): number | undefined {
  const expected = 'a time as YYYYMMDDHHmmSS, or seconds since 1970';
  const text = atEnd(c) ? '' : tokenText(c.scanner, c.next);
  if (/^\d{1,10}$/.test(text)) return wholeNumber(c, 0xffffffff);
  if (!/^\d{14}$/.test(text)) return fail(c, expected);
  const seconds = signatureTimeSeconds(text);
  if (seconds === undefined) return fail(c, `${expected} that the calendar has`);
  c.next++;
  return (seconds % 2 ** 32) >>> 0;
}
