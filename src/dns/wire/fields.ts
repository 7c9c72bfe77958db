/**
 * What the RDATA of each type is made of: one table, a type's fields in wire order.
 *
 * Decoding, encoding, byte layout, and reading and printing of presentation format all follow this table; a new
 * type is a line here, a line in `DataByType`, and its words in `about.ts`.
 */
import type { DataByType, KnownType } from '../record.ts';

export type FieldKind =
  | 'u8'
  | 'u16'
  | 'u32'
  | 'ipv4'
  | 'ipv6'
  /** A name that RFC 1035 allows to be compressed. */
  | 'compressible-name'
  /** A name that is sent uncompressed (RFC 3597 §4) and compared as it is. */
  | 'name'
  /** One character-string, its length in front. */
  | 'string'
  /** One or more character-strings up to the end. */
  | 'strings'
  /** One record type. */
  | 'type'
  /** A bitmap of types up to the end (RFC 4034 §4.1.2). */
  | 'types'
  /** Seconds since 1970, printed as YYYYMMDDHHmmSS (RFC 4034 §3.2). */
  | 'time'
  /** Octets up to the end: printed as hex, as base64, or as one quoted text. */
  | 'hex'
  | 'base64'
  | 'text'
  /** Octets with their count in front: printed as hex ("-" when none), as base32hex. */
  | 'counted-hex'
  | 'counted-base32'
  | 'service-parameters'
  /** The 16 octets of LOC, with a printed form of their own (RFC 1876 §3). */
  | 'location';

export interface Field<T extends KnownType = KnownType> {
  readonly name: keyof DataByType[T] & string;
  readonly kind: FieldKind;
}

type FieldTable = { readonly [T in KnownType]: { readonly fields: readonly Field<T>[] } };

const field = <N extends string, K extends FieldKind>(name: N, kind: K) => ({ name, kind });

const texts = [field('strings', 'strings')];
const delegationSigner = [field('keyTag', 'u16'), field('algorithm', 'u8'), field('digestType', 'u8'), field('digest', 'hex')];
const publicKey = [field('flags', 'u16'), field('protocol', 'u8'), field('algorithm', 'u8'), field('publicKey', 'base64')];
const serviceBinding = [field('priority', 'u16'), field('target', 'name'), field('parameters', 'service-parameters')];

export const FIELDS: FieldTable = {
  A: { fields: [field('address', 'ipv4')] },
  NS: { fields: [field('nameServer', 'compressible-name')] },
  CNAME: { fields: [field('target', 'compressible-name')] },
  SOA: {
    fields: [
      field('primary', 'compressible-name'),
      field('mailbox', 'compressible-name'),
      field('serial', 'u32'),
      field('refresh', 'u32'),
      field('retry', 'u32'),
      field('expire', 'u32'),
      field('minimum', 'u32'),
    ],
  },
  PTR: { fields: [field('target', 'compressible-name')] },
  HINFO: {
    fields: [field('cpu', 'string'), field('os', 'string')],
  },
  MX: {
    fields: [field('preference', 'u16'), field('exchange', 'compressible-name')],
  },
  TXT: { fields: texts },
  SPF: { fields: texts },
  AAAA: { fields: [field('address', 'ipv6')] },
  LOC: { fields: [field('version', 'location')] },
  SRV: {
    fields: [field('priority', 'u16'), field('weight', 'u16'), field('port', 'u16'), field('target', 'name')],
  },
  NAPTR: {
    fields: [
      field('order', 'u16'),
      field('preference', 'u16'),
      field('flags', 'string'),
      field('services', 'string'),
      field('regexp', 'string'),
      field('replacement', 'name'),
    ],
  },
  DNAME: { fields: [field('target', 'name')] },
  DS: { fields: delegationSigner },
  CDS: { fields: delegationSigner },
  SSHFP: {
    fields: [field('algorithm', 'u8'), field('fingerprintType', 'u8'), field('fingerprint', 'hex')],
  },
  RRSIG: {
    fields: [
      field('typeCovered', 'type'),
      field('algorithm', 'u8'),
      field('labels', 'u8'),
      field('originalTtl', 'u32'),
      field('expiration', 'time'),
      field('inception', 'time'),
      field('keyTag', 'u16'),
      field('signer', 'name'),
      field('signature', 'base64'),
    ],
  },
  NSEC: {
    fields: [field('next', 'name'), field('types', 'types')],
  },
  DNSKEY: { fields: publicKey },
  CDNSKEY: { fields: publicKey },
  NSEC3: {
    fields: [
      field('algorithm', 'u8'),
      field('flags', 'u8'),
      field('iterations', 'u16'),
      field('salt', 'counted-hex'),
      field('nextHash', 'counted-base32'),
      field('types', 'types'),
    ],
  },
  NSEC3PARAM: {
    fields: [field('algorithm', 'u8'), field('flags', 'u8'), field('iterations', 'u16'), field('salt', 'counted-hex')],
  },
  TLSA: {
    fields: [field('usage', 'u8'), field('selector', 'u8'), field('matching', 'u8'), field('association', 'hex')],
  },
  SVCB: { fields: serviceBinding },
  HTTPS: { fields: serviceBinding },
  URI: {
    fields: [field('priority', 'u16'), field('weight', 'u16'), field('target', 'text')],
  },
  CAA: {
    fields: [field('flags', 'u8'), field('tag', 'string'), field('value', 'text')],
  },
};

/** The 16 octets of kind 'location', in wire order: sizes as base and power of ten, positions offset by 2^31 (RFC 1876 §2). */
export const LOCATION = [
  field('version', 'u8'),
  field('size', 'u8'),
  field('horizontalPrecision', 'u8'),
  field('verticalPrecision', 'u8'),
  field('latitude', 'u32'),
  field('longitude', 'u32'),
  field('altitude', 'u32'),
] as const satisfies readonly Field<'LOC'>[];

/** Whether a type has fields of its own here; all others are carried as octets. */
export const isKnownType = (type: string): type is KnownType => Object.hasOwn(FIELDS, type);
