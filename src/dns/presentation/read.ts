/** RDATA from presentation format: the field table says which tokens a type is made of. */

import { parseAddress } from '../../base/address.ts';
import { parseBase32, parseBase64, parseHex } from '../../base/octets.ts';
import type { DataByType, KnownType, RecordType } from '../record.ts';
import { parseType, typeCode } from '../record.ts';
import type { Field } from '../wire/fields.ts';
import { FIELDS, isKnownType } from '../wire/fields.ts';
import { decodeData } from '../wire/nameOctets.ts';
import type { Data } from '../wire/rdata.ts';
import type { Cursor } from './cursor.ts';
import { atEnd, characterString, domainName, fail, restJoined, signatureTime, span, wholeNumber, word } from './cursor.ts';
import { wordsOf } from './mnemonics.ts';
import { readLocation } from './readLocation.ts';
import { readServiceParameters } from './readService.ts';
import { tokenText } from './scan.ts';

/** How strict to be. */
export interface ReadOptions {
  /** Whether octets at the end may be absent (a signature of zero octets), as test files of resolvers have it. */
  readonly emptyOctets?: boolean;
}

/**
 * Reads the data of one record up to the end of the entry. Undefined, with the cursor's `problem` set, when it
 * does not fit. "\# 4 C0000201" is understood for every type (RFC 3597 §5).
 */
export function readData(c: Cursor, type: RecordType, options: ReadOptions): Data | undefined {
  if (!atEnd(c) && tokenText(c.scanner, c.next) === '\\#') return readGeneric(c, type);
  if (!isKnownType(type)) return fail(c, `\\# and the octets: ${type} has no other form (RFC 3597 §5)`);
  const data = type === 'LOC' ? readLocation(c) : readFields(c, type, options);
  if (data !== undefined && !atEnd(c)) return fail(c, `the end of the record: ${type} takes no more`);
  return data;
}

function readFields<T extends KnownType>(c: Cursor, type: T, options: ReadOptions): DataByType[T] | undefined {
  const data: Record<string, unknown> = {};
  for (const field of FIELDS[type].fields as readonly Field[]) {
    const value = readField(c, type, field, options);
    if (value === undefined) return undefined;
    data[field.name] = value;
  }
  return data as unknown as DataByType[T];
}

function readField(c: Cursor, type: KnownType, field: Field, options: ReadOptions): unknown {
  switch (field.kind) {
    case 'u8':
      return number(c, type, field.name, 0xff);
    case 'u16':
      return number(c, type, field.name, 0xffff);
    case 'u32':
      return isSpan(field.name) ? span(c, 0xffffffff) : wholeNumber(c, 0xffffffff);
    case 'ipv4':
      return address(c, false);
    case 'ipv6':
      return address(c, true);
    case 'compressible-name':
    case 'name':
      return domainName(c);
    case 'string':
      return characterString(c);
    case 'text':
      return characterString(c, 0xffff);
    case 'strings':
      return strings(c);
    case 'type': {
      const text = word(c, 'a record type');
      return text === undefined ? undefined : (parseType(text) ?? fail(c, 'a record type', c.next - 1));
    }
    case 'types':
      return types(c);
    case 'time':
      return signatureTime(c);
    case 'hex':
      return octets(c, parseHex, 'octets in hexadecimal', options);
    case 'base64':
      return octets(c, parseBase64, 'octets in base64', options);
    case 'counted-hex':
      return counted(c, parseHex, 'octets in hexadecimal, or "-" for none');
    case 'counted-base32':
      return counted(c, parseBase32, 'a hash in base32hex');
    case 'service-parameters':
      return readServiceParameters(c);
    case 'location':
      return undefined;
  }
}

/** Lengths of time in SOA and RRSIG may be written with units, as BIND has it. */
const isSpan = (field: string): boolean => ['refresh', 'retry', 'expire', 'minimum', 'originalTtl'].includes(field);

function number(c: Cursor, type: KnownType, field: string, most: number): number | undefined {
  const words = wordsOf(type, field);
  if (words && !atEnd(c)) {
    const value = words[tokenText(c.scanner, c.next).toUpperCase()];
    if (value !== undefined) {
      c.next++;
      return value;
    }
  }
  return wholeNumber(c, most);
}

function address(c: Cursor, six: boolean): string | undefined {
  const expected = six ? 'an IPv6 address' : 'an IPv4 address';
  const text = word(c, expected);
  if (text === undefined) return undefined;
  return (text.includes(':') === six ? parseAddress(text) : undefined) ?? fail(c, expected, c.next - 1);
}

function strings(c: Cursor): Uint8Array[] | undefined {
  const pieces: Uint8Array[] = [];
  do {
    const piece = characterString(c);
    if (piece === undefined) return undefined;
    pieces.push(piece);
  } while (!atEnd(c));
  return pieces;
}

/** Types up to the end, in the order of the wire's bitmap and each once (RFC 4034 §4.1.2). */
function types(c: Cursor): RecordType[] | undefined {
  const found = new Set<RecordType>();
  for (; !atEnd(c); c.next++) {
    const type = parseType(tokenText(c.scanner, c.next));
    if (type === undefined) return fail(c, 'a record type');
    found.add(type);
  }
  return [...found].sort((a, b) => typeCode(a) - typeCode(b));
}

type OctetsParser = (text: string) => Uint8Array | undefined;

function octets(c: Cursor, parse: OctetsParser, expected: string, options: ReadOptions): Uint8Array | undefined {
  if (atEnd(c) && !options.emptyOctets) return fail(c, expected);
  const text = restJoined(c, expected);
  const value = text === undefined ? undefined : parse(text);
  if (value === undefined) return fail(c, expected);
  c.next = c.scanner.count;
  return value;
}

function counted(c: Cursor, parse: OctetsParser, expected: string): Uint8Array | undefined {
  const text = word(c, expected);
  if (text === undefined) return undefined;
  const value = text === '-' ? new Uint8Array(0) : parse(text);
  return value === undefined || value.length > 255 ? fail(c, expected, c.next - 1) : value;
}

/** "\# length hex": octets as they are on the wire. Those of a known type are understood where they fit it. */
function readGeneric(c: Cursor, type: RecordType): Data | undefined {
  c.next++;
  const length = wholeNumber(c, 0xffff);
  if (length === undefined) return undefined;
  const start = c.next;
  const expected = `${length} octets in hexadecimal`;
  const text = restJoined(c, expected);
  const value = text === undefined ? undefined : parseHex(text);
  if (value?.length !== length) return fail(c, expected, start);
  c.next = c.scanner.count;
  return decodeData(type, value);
}
