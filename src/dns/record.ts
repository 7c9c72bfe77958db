/**
 * Resource records: types, classes and the data of each type as plain values.
 *
 * Records travel through Rootwalk as these values and cross the network as bytes; `wire/fields.ts` says how the
 * one becomes the other. A type without an entry in `DataByType` is carried as `Opaque` octets (RFC 3597), and so
 * is data of a known type that does not fit it.
 */
import type { Address } from '../base/address.ts';
import type { Name } from './name.ts';
import { key } from './name.ts';

/** Octets of RDATA kept as they came: an unknown type, or data unfit for its type (then `unfit` says why). */
export interface Opaque {
  readonly opaque: Uint8Array;
  readonly unfit?: string;
}

/** Text as octets: one character-string of up to 255 octets (RFC 1035 §3.3). Octets, since TXT may hold any. */
export type CharacterString = Uint8Array;

/** One service parameter of SVCB and HTTPS, typed by its key (RFC 9460 §7, §14.3). */
export type ServiceParameter =
  | { readonly key: 'mandatory'; readonly keys: readonly number[] }
  | { readonly key: 'alpn'; readonly ids: readonly CharacterString[] }
  | { readonly key: 'no-default-alpn' }
  | { readonly key: 'port'; readonly port: number }
  | { readonly key: 'ipv4hint'; readonly addresses: readonly Address[] }
  | { readonly key: 'ech'; readonly config: Uint8Array }
  | { readonly key: 'ipv6hint'; readonly addresses: readonly Address[] }
  | { readonly key: 'dohpath'; readonly template: Uint8Array }
  | { readonly key: `key${number}`; readonly value: Uint8Array };

/** The data of a service binding (RFC 9460 §2). Priority 0 is alias mode. */
export interface ServiceBinding {
  readonly priority: number;
  readonly target: Name;
  readonly parameters: readonly ServiceParameter[];
}

export interface DelegationSigner {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: Uint8Array;
}

export interface PublicKey {
  readonly flags: number;
  readonly protocol: number;
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
}

/** The data of every type that Rootwalk understands. */
export interface DataByType {
  A: { readonly address: Address };
  NS: { readonly nameServer: Name };
  CNAME: { readonly target: Name };
  SOA: {
    readonly primary: Name;
    readonly mailbox: Name;
    readonly serial: number;
    readonly refresh: number;
    readonly retry: number;
    readonly expire: number;
    readonly minimum: number;
  };
  PTR: { readonly target: Name };
  HINFO: { readonly cpu: CharacterString; readonly os: CharacterString };
  MX: { readonly preference: number; readonly exchange: Name };
  TXT: { readonly strings: readonly CharacterString[] };
  SPF: { readonly strings: readonly CharacterString[] };
  AAAA: { readonly address: Address };
  LOC: {
    readonly version: number;
    readonly size: number;
    readonly horizontalPrecision: number;
    readonly verticalPrecision: number;
    readonly latitude: number;
    readonly longitude: number;
    readonly altitude: number;
  };
  SRV: { readonly priority: number; readonly weight: number; readonly port: number; readonly target: Name };
  NAPTR: {
    readonly order: number;
    readonly preference: number;
    readonly flags: CharacterString;
    readonly services: CharacterString;
    readonly regexp: CharacterString;
    readonly replacement: Name;
  };
  DNAME: { readonly target: Name };
  DS: DelegationSigner;
  CDS: DelegationSigner;
  SSHFP: { readonly algorithm: number; readonly fingerprintType: number; readonly fingerprint: Uint8Array };
  RRSIG: {
    readonly typeCovered: RecordType;
    readonly algorithm: number;
    readonly labels: number;
    readonly originalTtl: number;
    /** Seconds since 1970, modulo 2^32. */
    readonly expiration: number;
    readonly inception: number;
    readonly keyTag: number;
    readonly signer: Name;
    readonly signature: Uint8Array;
  };
  NSEC: { readonly next: Name; readonly types: readonly RecordType[] };
  DNSKEY: PublicKey;
  CDNSKEY: PublicKey;
  NSEC3: {
    readonly algorithm: number;
    readonly flags: number;
    readonly iterations: number;
    readonly salt: Uint8Array;
    readonly nextHash: Uint8Array;
    readonly types: readonly RecordType[];
  };
  NSEC3PARAM: { readonly algorithm: number; readonly flags: number; readonly iterations: number; readonly salt: Uint8Array };
  TLSA: { readonly usage: number; readonly selector: number; readonly matching: number; readonly association: Uint8Array };
  SVCB: ServiceBinding;
  HTTPS: ServiceBinding;
  URI: { readonly priority: number; readonly weight: number; readonly target: Uint8Array };
  CAA: { readonly flags: number; readonly tag: CharacterString; readonly value: Uint8Array };
}

export type KnownType = keyof DataByType;

/** A record type by its mnemonic, or "TYPE1234" for one without (RFC 3597 §5). */
export type RecordType = KnownType | MetaType | `TYPE${number}`;

/** Types that have a mnemonic but no stored data of their own here. OPT lives in `Message.edns`. */
export type MetaType = 'OPT' | 'ANY' | 'AXFR' | 'IXFR' | 'NULL' | 'PX' | 'TKEY' | 'TSIG';

export type RecordClass = 'IN' | 'CH' | 'HS' | 'NONE' | 'ANY' | `CLASS${number}`;

/** One resource record. `type` tells what `data` holds, unless the data is `Opaque`. */
export type ResourceRecord = { [T in KnownType]: RecordOf<T> }[KnownType] | OtherRecord;

export interface RecordOf<T extends KnownType> extends RecordFrame {
  readonly type: T;
  readonly data: DataByType[T] | Opaque;
}

export interface OtherRecord extends RecordFrame {
  readonly type: MetaType | `TYPE${number}`;
  readonly data: Opaque;
}

interface RecordFrame {
  /** Owner name. */
  readonly name: Name;
  readonly class: RecordClass;
  /** Seconds, 0 to 2^31 − 1. */
  readonly ttl: number;
}

/** Records of one owner, class and type (RFC 2181 §5). All have the same TTL. Never empty. */
export interface RRset {
  readonly name: Name;
  readonly class: RecordClass;
  readonly type: RecordType;
  readonly ttl: number;
  readonly records: readonly ResourceRecord[];
}

export const isOpaque = (data: object): data is Opaque => 'opaque' in data;

/** The understood data of a record, when it is of type `type` and its data fits; else undefined. */
export function dataOf<T extends KnownType>(record: ResourceRecord, type: T): DataByType[T] | undefined {
  return record.type === type && !isOpaque(record.data) ? (record.data as DataByType[T]) : undefined;
}

/** A record of class IN. */
export function record<T extends KnownType>(name: Name, type: T, ttl: number, data: DataByType[T]): RecordOf<T> {
  return { name, type, class: 'IN', ttl, data };
}

/** Groups records into RRsets, in order of first appearance; differing TTLs give the lowest (RFC 2181 §5.2). */
export function rrsets(records: readonly ResourceRecord[]): RRset[] {
  const sets = new Map<string, { name: Name; class: RecordClass; type: RecordType; ttl: number; records: ResourceRecord[] }>();
  for (const r of records) {
    const id = `${key(r.name)} ${r.class} ${r.type}${signatureSuffix(r)}`;
    const set = sets.get(id);
    if (set) {
      set.records.push(r);
      set.ttl = Math.min(set.ttl, r.ttl);
    } else sets.set(id, { name: r.name, class: r.class, type: r.type, ttl: r.ttl, records: [r] });
  }
  return [...sets.values()];
}

/** Signatures form a set for each type they cover, not one set for all (RFC 4035 §2.2). */
const signatureSuffix = (r: ResourceRecord): string => {
  const data = dataOf(r, 'RRSIG');
  return data ? ` ${data.typeCovered}` : '';
};

/** Code points by mnemonic (IANA, "DNS Parameters"). */
const TYPE_CODES: Readonly<Record<KnownType | MetaType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  NULL: 10,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  PX: 26,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  CDS: 59,
  CDNSKEY: 60,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  URI: 256,
  CAA: 257,
};
/** A map, since a lookup by a text that varies is slow in an object. */
const CODES_BY_NAME: ReadonlyMap<string, number> = new Map(Object.entries(TYPE_CODES));
/** By code, in an array: every record that is decoded asks. */
const TYPE_NAMES: (RecordType | undefined)[] = new Array(258).fill(undefined);
for (const [mnemonic, code] of Object.entries(TYPE_CODES)) TYPE_NAMES[code] = mnemonic as RecordType;
const CLASS_CODES: Readonly<Record<string, number>> = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 };
const CLASS_NAMES: (RecordClass | undefined)[] = new Array(256).fill(undefined);
for (const [mnemonic, code] of Object.entries(CLASS_CODES)) CLASS_NAMES[code] = mnemonic as RecordClass;

export const typeName = (code: number): RecordType => TYPE_NAMES[code] ?? `TYPE${code}`;
export const typeCode = (type: RecordType): number => CODES_BY_NAME.get(type) ?? Number(type.slice(4));
export const className = (code: number): RecordClass => CLASS_NAMES[code] ?? `CLASS${code}`;
export const classCode = (c: RecordClass): number => (c === 'IN' ? 1 : CLASS_CODES[c]) ?? Number(c.slice(5));

/**
 * Whether a server can be asked for records of a type: not for those that only messages have (OPT, TSIG), nor for a mark such as
 * NXNAME (type 128), nor for what is no longer in use (MAILA, MAILB) (RFC 6895 §3.1, RFC 9824 §3.5).
 */
export function canBeAsked(type: RecordType): boolean {
  const code = typeCode(type);
  return type !== 'OPT' && (code < 128 || code > 255 || type === 'ANY' || type === 'AXFR' || type === 'IXFR');
}

/** Reads a type mnemonic, any letter case, "TYPE257" included; undefined when there is none such. */
export function parseType(text: string): RecordType | undefined {
  const upper = text.toUpperCase();
  if (Object.hasOwn(TYPE_CODES, upper)) return upper as RecordType;
  return /^TYPE\d{1,5}$/.test(upper) && Number(upper.slice(4)) <= 0xffff ? typeName(Number(upper.slice(4))) : undefined;
}

/** Reads a class mnemonic, any letter case, "CLASS3" included; undefined when there is none such. */
export function parseClass(text: string): RecordClass | undefined {
  const upper = text.toUpperCase();
  if (Object.hasOwn(CLASS_CODES, upper)) return upper as RecordClass;
  return /^CLASS\d{1,5}$/.test(upper) && Number(upper.slice(5)) <= 0xffff ? className(Number(upper.slice(5))) : undefined;
}
