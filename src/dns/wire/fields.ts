/**
 * What the RDATA of each type is made of: one table, a type's fields in wire order.
 *
 * Decoding, encoding, byte layout, and reading and printing of presentation format all follow this table; a new
 * type is a line here and a line in `DataByType`.
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
  /** Plain words for the packet view: what this field is for. */
  readonly about: string;
}

type FieldTable = { readonly [T in KnownType]: { readonly source: string; readonly fields: readonly Field<T>[] } };

const field = <N extends string, K extends FieldKind>(name: N, kind: K, about: string) => ({ name, kind, about });

const texts = [field('strings', 'strings', 'Text, in pieces of at most 255 octets')];
const delegationSigner = [
  field('keyTag', 'u16', 'Short number that helps to find the key'),
  field('algorithm', 'u8', 'Signature algorithm of the key'),
  field('digestType', 'u8', 'How the key was hashed'),
  field('digest', 'hex', 'Hash of the child zone’s key'),
];
const publicKey = [
  field('flags', 'u16', '256: signs the zone; 257: signs the keys'),
  field('protocol', 'u8', 'Always 3'),
  field('algorithm', 'u8', 'Signature algorithm'),
  field('publicKey', 'base64', 'The public key'),
];
const serviceBinding = [
  field('priority', 'u16', '0 points to another name; otherwise lower is tried first'),
  field('target', 'name', 'Host that offers the service'),
  field('parameters', 'service-parameters', 'How to connect'),
];

export const FIELDS: FieldTable = {
  A: { source: 'RFC 1035 §3.4.1', fields: [field('address', 'ipv4', 'IPv4 address of the host')] },
  NS: { source: 'RFC 1035 §3.3.11', fields: [field('nameServer', 'compressible-name', 'A server that has the zone')] },
  CNAME: { source: 'RFC 1035 §3.3.1', fields: [field('target', 'compressible-name', 'The name that this one stands for')] },
  SOA: {
    source: 'RFC 1035 §3.3.13',
    fields: [
      field('primary', 'compressible-name', 'The zone’s primary server'),
      field('mailbox', 'compressible-name', 'Mail address of who looks after it, with a dot for the @'),
      field('serial', 'u32', 'Version of the zone'),
      field('refresh', 'u32', 'Seconds between checks by secondary servers'),
      field('retry', 'u32', 'Seconds until a failed check is tried again'),
      field('expire', 'u32', 'Seconds after which a secondary gives up the zone'),
      field('minimum', 'u32', 'Upper bound, in seconds, on how long a “no” is kept (RFC 2308 §4)'),
    ],
  },
  PTR: { source: 'RFC 1035 §3.3.12', fields: [field('target', 'compressible-name', 'The name that belongs here')] },
  HINFO: {
    source: 'RFC 1035 §3.3.2',
    fields: [field('cpu', 'string', 'Kind of machine'), field('os', 'string', 'Operating system')],
  },
  MX: {
    source: 'RFC 1035 §3.3.9',
    fields: [
      field('preference', 'u16', 'The lowest is tried first'),
      field('exchange', 'compressible-name', 'Host that takes the mail'),
    ],
  },
  TXT: { source: 'RFC 1035 §3.3.14', fields: texts },
  SPF: { source: 'RFC 7208 §3.1', fields: texts },
  AAAA: { source: 'RFC 3596 §2.2', fields: [field('address', 'ipv6', 'IPv6 address of the host')] },
  LOC: { source: 'RFC 1876 §2', fields: [field('version', 'location', 'A place on the Earth')] },
  SRV: {
    source: 'RFC 2782',
    fields: [
      field('priority', 'u16', 'The lowest is tried first'),
      field('weight', 'u16', 'Share among equals'),
      field('port', 'u16', 'Port of the service'),
      field('target', 'name', 'Host that offers it'),
    ],
  },
  NAPTR: {
    source: 'RFC 3403 §4.1',
    fields: [
      field('order', 'u16', 'Rules are read in this order'),
      field('preference', 'u16', 'Order among equals'),
      field('flags', 'string', 'What comes next'),
      field('services', 'string', 'What is offered'),
      field('regexp', 'string', 'How the text is rewritten'),
      field('replacement', 'name', 'Name to ask next'),
    ],
  },
  DNAME: { source: 'RFC 6672 §2.1', fields: [field('target', 'name', 'Names below this one continue there')] },
  DS: { source: 'RFC 4034 §5.1', fields: delegationSigner },
  CDS: { source: 'RFC 7344 §3.1', fields: delegationSigner },
  SSHFP: {
    source: 'RFC 4255 §3.1',
    fields: [
      field('algorithm', 'u8', 'Kind of key'),
      field('fingerprintType', 'u8', 'How it was hashed'),
      field('fingerprint', 'hex', 'Hash of the host’s key'),
    ],
  },
  RRSIG: {
    source: 'RFC 4034 §3.1',
    fields: [
      field('typeCovered', 'type', 'The type whose records are signed'),
      field('algorithm', 'u8', 'Signature algorithm'),
      field('labels', 'u8', 'Labels of the owner, a wildcard’s star not counted'),
      field('originalTtl', 'u32', 'The TTL that was signed'),
      field('expiration', 'time', 'Not good after'),
      field('inception', 'time', 'Not good before'),
      field('keyTag', 'u16', 'Short number that helps to find the key'),
      field('signer', 'name', 'The zone that signed'),
      field('signature', 'base64', 'The signature'),
    ],
  },
  NSEC: {
    source: 'RFC 4034 §4.1',
    fields: [
      field('next', 'name', 'The next name that exists; none lies between'),
      field('types', 'types', 'The types that exist here'),
    ],
  },
  DNSKEY: { source: 'RFC 4034 §2.1', fields: publicKey },
  CDNSKEY: { source: 'RFC 7344 §3.2', fields: publicKey },
  NSEC3: {
    source: 'RFC 5155 §3.2',
    fields: [
      field('algorithm', 'u8', 'Hash algorithm'),
      field('flags', 'u8', '1: unsigned delegations may lie between'),
      field('iterations', 'u16', 'Extra rounds of hashing'),
      field('salt', 'counted-hex', 'Mixed into the hash'),
      field('nextHash', 'counted-base32', 'The next hash that exists; none lies between'),
      field('types', 'types', 'The types that exist here'),
    ],
  },
  NSEC3PARAM: {
    source: 'RFC 5155 §4.2',
    fields: [
      field('algorithm', 'u8', 'Hash algorithm'),
      field('flags', 'u8', 'Always 0'),
      field('iterations', 'u16', 'Extra rounds of hashing'),
      field('salt', 'counted-hex', 'Mixed into the hash'),
    ],
  },
  TLSA: {
    source: 'RFC 6698 §2.1',
    fields: [
      field('usage', 'u8', 'What the certificate must be'),
      field('selector', 'u8', 'Whole certificate or its key'),
      field('matching', 'u8', 'Whole or hashed'),
      field('association', 'hex', 'What it is compared with'),
    ],
  },
  SVCB: { source: 'RFC 9460 §2.2', fields: serviceBinding },
  HTTPS: { source: 'RFC 9460 §9', fields: serviceBinding },
  URI: {
    source: 'RFC 7553 §4.1',
    fields: [
      field('priority', 'u16', 'The lowest is tried first'),
      field('weight', 'u16', 'Share among equals'),
      field('target', 'text', 'The URI'),
    ],
  },
  CAA: {
    source: 'RFC 8659 §4.1',
    fields: [
      field('flags', 'u8', '128: must be understood'),
      field('tag', 'string', 'What is regulated'),
      field('value', 'text', 'Who may issue'),
    ],
  },
};

/** The 16 octets of kind 'location', in wire order: sizes as base and power of ten, positions offset by 2^31 (RFC 1876 §2). */
export const LOCATION = [
  field('version', 'u8', 'Always 0'),
  field('size', 'u8', 'Diameter of the place, in centimetres: a digit and how many zeros'),
  field('horizontalPrecision', 'u8', 'How far off the position may be, written like the size'),
  field('verticalPrecision', 'u8', 'How far off the altitude may be, written like the size'),
  field('latitude', 'u32', 'Thousandths of an arc second; 2147483648 is the equator, more is north'),
  field('longitude', 'u32', 'Thousandths of an arc second; 2147483648 is Greenwich, more is east'),
  field('altitude', 'u32', 'Centimetres above 100 km below the sea'),
] as const satisfies readonly Field<'LOC'>[];

/** Whether a type has fields of its own here; all others are carried as octets. */
export const isKnownType = (type: string): type is KnownType => Object.hasOwn(FIELDS, type);
