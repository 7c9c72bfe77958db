/** RRsets as a resolver handles them: with the key they are kept under, and with their signatures. */
import type { Message } from '../message.ts';
import type { Name } from '../name.ts';
import { key } from '../name.ts';
import type { RecordClass, RecordType, ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';

/** Owner in lower case and type, with the class when it is not IN: "www.example.com. A". */
export type SetKey = string & { readonly __setKey: unique symbol };

export const setKey = (owner: Name, type: RecordType, klass: RecordClass = 'IN'): SetKey =>
  (klass === 'IN' ? `${key(owner)} ${type}` : `${key(owner)} ${type} ${klass}`) as SetKey;

/** The records of one owner, class and type, and the RRSIG records that cover them (RFC 4035 §2.2). */
export interface SignedRRset {
  readonly name: Name;
  readonly class: RecordClass;
  readonly type: RecordType;
  /** The lowest of the records' TTLs (RFC 2181 §5.2), in seconds. */
  readonly ttl: number;
  /** Never empty. */
  readonly records: readonly ResourceRecord[];
  readonly signatures: readonly ResourceRecord[];
}

/** One with its key. A set in the cache is one, too. */
export interface SignedSet extends SignedRRset {
  readonly key: SetKey;
}

/** No signatures: shared, since most sets have none. */
export const UNSIGNED: readonly ResourceRecord[] = [];

interface Gathering {
  key: SetKey;
  name: Name;
  class: RecordClass;
  type: RecordType;
  ttl: number;
  records: ResourceRecord[];
  signatures: readonly ResourceRecord[];
}

/**
 * Groups the records of one section into sets, in order of first appearance. Equal records are kept once (RFC 2181 §5).
 * Signatures go to the set that they cover when that is in the section too; else they form a set of type RRSIG.
 */
export function signedSets(records: readonly ResourceRecord[]): SignedSet[] {
  if (records.length === 0) return [];
  const sets: Gathering[] = [];
  const known = new Map<SetKey, Gathering>();
  let signatures: ResourceRecord[] | undefined;
  for (const r of records) {
    if (r.type === 'RRSIG' && dataOf(r, 'RRSIG')) {
      if (signatures) signatures.push(r);
      else signatures = [r];
      continue;
    }
    add(sets, known, r);
  }
  if (signatures) for (const r of signatures) attach(sets, known, r);
  return sets;
}

/** The three sections of a message as sets. */
export interface SignedSections {
  readonly answer: readonly SignedSet[];
  readonly authority: readonly SignedSet[];
  readonly additional: readonly SignedSet[];
}

/**
 * Groups the records of a whole message. A signature goes to the set that it covers even when that stands in another section:
 * where it belongs the records say, and whether it fits the keys will (RFC 4035 §3.1.1). When signatures themselves are asked
 * for they are the answer, and stay where they are.
 */
export function signedSections({ answer, authority, additional, question }: Message): SignedSections {
  const sections: SignedSection[] = [signedSets(answer), signedSets(authority), signedSets(additional)];
  const astray = sections.some((sets) => sets.some((set) => set.type === 'RRSIG'));
  if (!astray || question[0]?.type === 'RRSIG') return inOrder(sections);
  const signatures = sections.flatMap((sets) => sets.filter((set) => set.type === 'RRSIG').flatMap((set) => set.records));
  const covers = (set: SignedSet) => (r: ResourceRecord) =>
    setKey(r.name, dataOf(r, 'RRSIG')?.typeCovered as RecordType, r.class) === set.key;
  const placed = new Set<ResourceRecord>();
  const signed = sections.map((sets) =>
    sets.map((set) => {
      const more = set.type === 'RRSIG' ? [] : signatures.filter(covers(set));
      for (const r of more) placed.add(r);
      const news = more.filter((r, i) => ![...set.signatures, ...more.slice(0, i)].some((known) => sameData(known, r)));
      return news.length === 0 ? set : { ...set, signatures: [...set.signatures, ...news] };
    }),
  );
  return inOrder(signed.map((sets) => sets.flatMap((set) => (set.type === 'RRSIG' ? (without(set, placed) ?? []) : [set]))));
}

type SignedSection = readonly SignedSet[];

const inOrder = ([answer = [], authority = [], additional = []]: readonly SignedSection[]): SignedSections => ({
  answer,
  authority,
  additional,
});

function without(set: SignedSet, placed: ReadonlySet<ResourceRecord>): SignedSet | undefined {
  const records = set.records.filter((r) => !placed.has(r));
  return records.length === 0 ? undefined : { ...set, records };
}

function add(sets: Gathering[], known: Map<SetKey, Gathering>, r: ResourceRecord): void {
  const id = setKey(r.name, r.type, r.class);
  const set = known.get(id);
  if (!set) {
    const fresh = { key: id, name: r.name, class: r.class, type: r.type, ttl: r.ttl, records: [r], signatures: UNSIGNED };
    known.set(id, fresh);
    sets.push(fresh);
    return;
  }
  if (r.ttl < set.ttl) set.ttl = r.ttl;
  if (!set.records.some((other) => sameData(other, r))) set.records.push(r);
}

function attach(sets: Gathering[], known: Map<SetKey, Gathering>, r: ResourceRecord): void {
  const covered = dataOf(r, 'RRSIG')?.typeCovered as RecordType;
  const set = known.get(setKey(r.name, covered, r.class));
  if (!set) add(sets, known, r);
  else if (!set.signatures.some((other) => sameData(other, r))) set.signatures = [...set.signatures, r];
}

/** Whether two records of one owner and type hold the same data; letter case does not count (RFC 4343 §3). */
export const sameData = (a: ResourceRecord, b: ResourceRecord): boolean => a.data === b.data || equal(a.data, b.data);

/** Whether two sets hold the same records, in whatever order. */
export function sameRecords(a: readonly ResourceRecord[], b: readonly ResourceRecord[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((r, i) => sameData(r, b[i] as ResourceRecord) || b.some((other) => sameData(r, other)));
}

function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'string') return typeof b === 'string' && sameText(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length && a.every((octet, i) => octet === b[i]);
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  let fields = 0;
  for (const field in left) {
    if (!equal(left[field], right[field])) return false;
    fields++;
  }
  for (const _ in right) fields--;
  return fields === 0;
}

/** Equal but for the case of ASCII letters. Most texts differ early, so this is quicker than to fold them whole. */
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y && fold(x) !== fold(y)) return false;
  }
  return true;
}

const fold = (code: number): number => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code);
