/** RDATA: how the data of each type is read and written, following the table in `fields.ts`. */

import type { Address } from '../../base/address.ts';
import { octetCount } from '../../base/text.ts';
import type { Name } from '../name.ts';
import type { CharacterString, DataByType, KnownType, Opaque, RecordType } from '../record.ts';
import { isOpaque, typeCode, typeName } from '../record.ts';
import { readBitmap, writeBitmap } from './bitmap.ts';
import type { Field, FieldKind } from './fields.ts';
import { FIELDS, isKnownType, LOCATION } from './fields.ts';
import { readParameters, writeParameters } from './parameters.ts';
import type { Reader } from './reader.ts';
import { address, fail, has, octets, readName, u8, u16, u32 } from './reader.ts';
import type { Writer } from './writer.ts';
import { put8, put16, put32, putAddress, putName, putOctets } from './writer.ts';

export type Data = DataByType[KnownType] | Opaque;

/**
 * The data of a record whose type has the code `code`, in the octets up to `end`; the reader then stands at `end`.
 * Data that does not fit its type comes back as octets with the reason: the frame around it is whole, so it is no
 * form error.
 */
export function readData(r: Reader, code: number, end: number): Data {
  const start = r.at;
  const data = readFrequent(r, code, end) ?? (CODECS[code] ?? OCTETS).read(r, end);
  if (r.problem === '' && r.at === end) return data;
  const unfit = r.problem === '' ? `${octetCount(end - r.at)} too many for a record of type ${typeName(code)}` : r.problem;
  r.problem = '';
  r.at = start;
  return { opaque: octets(r, end - start), unfit };
}

/** The types that make up most of all traffic, read without a detour through the table; undefined for the others. */
function readFrequent(r: Reader, code: number, end: number): Data | undefined {
  switch (code) {
    case 1:
      return has(r, 4, end) ? { address: address(r, 4) } : NO_DATA;
    case 28:
      return has(r, 16, end) ? { address: address(r, 16) } : NO_DATA;
    case 2:
      return { nameServer: readName(r, end) };
    case 5:
      return { target: readName(r, end) };
    default:
      return undefined;
  }
}

/** Writes the data of a record, without its length. Names are compressed only where `compress` and the type allow it. */
export function writeData(w: Writer, code: number, data: Data, compress: boolean): void {
  if (writeFrequent(w, code, data, compress)) return;
  const codec = isOpaque(data) ? OCTETS : CODECS[code];
  if (codec === undefined) throw new Error(`data of type ${typeName(code)} is not understood, so only octets can be written`);
  codec.write(w, data, compress);
}

/** The counterpart of `readFrequent`; false for the other types, and for octets. */
function writeFrequent(w: Writer, code: number, data: Data, compress: boolean): boolean {
  switch (code) {
    case 1:
    case 28: {
      const { address } = data as Partial<DataByType['A']>;
      if (address !== undefined) putAddress(w, address);
      return address !== undefined;
    }
    case 2: {
      const { nameServer } = data as Partial<DataByType['NS']>;
      if (nameServer !== undefined) putName(w, nameServer, compress);
      return nameServer !== undefined;
    }
    case 5: {
      const { target } = data as Partial<DataByType['CNAME']>;
      if (target !== undefined) putName(w, target, compress);
      return target !== undefined;
    }
    default:
      return false;
  }
}

/** The value of one field of kind `kind` that lies before `end`. */
export const readField = (r: Reader, kind: SingleKind, end: number): unknown => KINDS[kind].read(r, end);

/** The fields of a type as they stand on the wire, LOC's one by one. */
export const wireFields = (type: KnownType): readonly WireField[] =>
  (FIELDS[type].fields as readonly Field[]).flatMap((f): readonly WireField[] =>
    f.kind === 'location' ? LOCATION : [f as WireField],
  );

/** A kind that is one value on the wire. */
export type SingleKind = Exclude<FieldKind, 'location'>;
export interface WireField {
  readonly name: string;
  readonly kind: SingleKind;
}

interface FieldCodec {
  /** Reads one value that lies before `end`. */
  read(r: Reader, end: number): unknown;
  write(w: Writer, value: unknown, compress: boolean): void;
}

const number = (size: number, read: (r: Reader) => number, write: (w: Writer, value: number) => void): FieldCodec => ({
  read: (r, end) => (has(r, size, end) ? read(r) : 0),
  write: (w, value) => write(w, value as number),
});
const ip = (size: 4 | 16): FieldCodec => ({
  read: (r, end) => (has(r, size, end) ? address(r, size) : ''),
  write: (w, value) => putAddress(w, value as Address),
});
const name = (compressible: boolean): FieldCodec => ({
  read: readName,
  write: (w, value, compress) => putName(w, value as Name, compress && compressible),
});
const counted: FieldCodec = { read: readCounted, write: (w, value) => writeCounted(w, value as Uint8Array) };
const rest: FieldCodec = {
  read: (r, end) => octets(r, end - r.at),
  write: (w, value) => putOctets(w, value as Uint8Array),
};

const KINDS: Readonly<Record<SingleKind, FieldCodec>> = {
  u8: number(1, u8, put8),
  u16: number(2, u16, put16),
  u32: number(4, u32, put32),
  time: number(4, u32, put32),
  ipv4: ip(4),
  ipv6: ip(16),
  'compressible-name': name(true),
  name: name(false),
  string: counted,
  'counted-hex': counted,
  'counted-base32': counted,
  strings: {
    read(r, end) {
      const strings: CharacterString[] = [];
      do strings.push(readCounted(r, end));
      while (r.at < end && r.problem === '');
      return strings;
    },
    write(w, value) {
      for (const text of value as readonly CharacterString[]) writeCounted(w, text);
    },
  },
  type: {
    read: (r, end) => (has(r, 2, end) ? typeName(u16(r)) : 'A'),
    write: (w, value) => put16(w, typeCode(value as RecordType)),
  },
  types: { read: readBitmap, write: (w, value) => writeBitmap(w, value as readonly RecordType[]) },
  hex: rest,
  base64: rest,
  text: rest,
  'service-parameters': { read: readParameters, write: (w, value) => writeParameters(w, value as never) },
};

function readCounted(r: Reader, end: number): Uint8Array {
  r.steps++;
  if (!has(r, 1, end)) return NOTHING;
  const count = u8(r);
  return has(r, count, end) ? octets(r, count) : NOTHING;
}

function writeCounted(w: Writer, octets: Uint8Array): void {
  if (octets.length > 255) throw new Error(`${octets.length} octets do not fit a field of at most 255`);
  put8(w, octets.length);
  putOctets(w, octets);
}

const NOTHING = new Uint8Array(0);
const NO_DATA: Data = { opaque: NOTHING };

/** What the fields of a type cannot say: rules that need the values. Gives the problem, if there is one. */
const RULES: { readonly [T in KnownType]?: (data: DataByType[T]) => string | undefined } = {
  LOC: (d) => (d.version === 0 ? undefined : `version ${d.version} of LOC is not known`),
  CAA: (d) => (d.tag.length > 0 ? undefined : 'the tag is empty'),
};

interface DataCodec {
  read(r: Reader, end: number): Data;
  write(w: Writer, data: Data, compress: boolean): void;
}

/** The codec of a type, from its line in the table. */
function codecOf(type: KnownType): DataCodec {
  const fields = wireFields(type).map((f) => ({ name: f.name, codec: KINDS[f.kind] }));
  const rule = RULES[type] as ((data: Data) => string | undefined) | undefined;
  return {
    read(r, end) {
      const data: Record<string, unknown> = {};
      const start = r.at;
      for (const f of fields) {
        r.steps++;
        data[f.name] = f.codec.read(r, end);
        if (r.problem !== '') break;
      }
      const problem = r.problem === '' ? rule?.(data as unknown as Data) : undefined;
      if (problem !== undefined) fail(r, problem, start);
      return data as unknown as Data;
    },
    write(w, data, compress) {
      for (const f of fields) f.codec.write(w, (data as unknown as Record<string, unknown>)[f.name], compress);
    },
  };
}

const OCTETS: DataCodec = {
  read: (r, end) => ({ opaque: octets(r, end - r.at) }),
  write: (w, data) => putOctets(w, (data as Opaque).opaque),
};
/** By type code; types that are not known have none. */
const CODECS: readonly (DataCodec | undefined)[] = Array.from({ length: 260 }, (_, code) => {
  const type = typeName(code);
  return isKnownType(type) ? codecOf(type) : undefined;
});
