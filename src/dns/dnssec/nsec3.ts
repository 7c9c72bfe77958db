/** Proof that something does not exist, by NSEC3 records: as NSEC, but over the hashes of names (RFC 5155 §8). */
import { base32Text, hexText } from '../../base/octets.ts';
import type { Name } from '../name.ts';
import { ancestor, labelCount, labels, parent, sameName } from '../name.ts';
import { nsec3Hash } from '../nsec3.ts';
import type { RecordType } from '../record.ts';
import { dataOf } from '../record.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import { isExpanded, isParentSide } from './nsec.ts';

/** How names are hashed. */
export interface HashParameters {
  readonly iterations: number;
  readonly salt: Uint8Array;
}

/** One NSEC3 record that has been checked. Hashes are in base32hex, upper case, which sorts as the octets do. */
export interface Nsec3Proof extends HashParameters {
  readonly hash: string;
  readonly next: string;
  /** Names of unsigned delegations may lie between (RFC 5155 §6). */
  readonly optOut: boolean;
  readonly types: readonly RecordType[];
  readonly set: SignedRRset;
}

/** The hash of a name in base32hex. */
export const hashOf = (name: Name, how: HashParameters): string => base32Text(nsec3Hash(name, how));

/** The proof that a checked NSEC3 set of `zone` makes; undefined for one whose hash or flags we do not know (RFC 5155 §8.1, §8.2). */
export function nsec3Proof(zone: Name, set: SignedRRset): Nsec3Proof | undefined {
  const data = dataOf(set.records[0] as SignedRRset['records'][number], 'NSEC3');
  if (!data || set.records.length !== 1 || data.algorithm !== 1 || data.flags > 1) return undefined;
  if (!sameName(parent(set.name), zone) || isExpanded(set)) return undefined;
  const { iterations, salt, types } = data;
  const hash = (labels(set.name)[0] as string).toUpperCase();
  return { hash, next: base32Text(data.nextHash), optOut: data.flags === 1, iterations, salt, types, set };
}

/** The proofs that share the parameters of the first: a response must not mix them (RFC 5155 §7.2, §8.2). */
export function sameParameters(proofs: readonly Nsec3Proof[]): Nsec3Proof[] {
  const [first] = proofs;
  const salt = first && hexText(first.salt);
  return proofs.filter((p) => p.iterations === first?.iterations && hexText(p.salt) === salt);
}

/** What NSEC3 records say about a name. */
export type Nsec3Finding =
  | { readonly kind: 'exists'; readonly proof: Nsec3Proof }
  /**
   * It does not exist, or is an unsigned delegation when `optOut` says so. Above it `encloser` does exist.
   */
  | {
      readonly kind: 'missing';
      readonly encloser: Name;
      readonly optOut: boolean;
      readonly proofs: readonly [encloser: Nsec3Proof, nextCloser: Nsec3Proof];
    };

/** What the proofs, all of one set of parameters, say about `name`; undefined when they say nothing (RFC 5155 §8.3). */
export function findNsec3(proofs: readonly Nsec3Proof[], zone: Name, name: Name): Nsec3Finding | undefined {
  const [first] = proofs;
  if (!first) return undefined;
  const depth = labelCount(name);
  for (let count = depth; count >= labelCount(zone); count--) {
    const hash = hashOf(ancestor(name, count), first);
    const match = proofs.find((p) => p.hash === hash);
    if (!match) continue;
    if (count === depth) return { kind: 'exists', proof: match };
    // A cut or a DNAME on the way: this zone does not speak for what lies below (RFC 5155 §8.3).
    if (isParentSide(match.types) || match.types.includes('DNAME')) return undefined;
    const covering = coveringNsec3(proofs, ancestor(name, count + 1));
    if (!covering) return undefined;
    return { kind: 'missing', encloser: ancestor(name, count), optOut: covering.optOut, proofs: [match, covering] };
  }
  return undefined;
}

/** The proof that the hash of `name` lies between two that follow one another. */
export function coveringNsec3(proofs: readonly Nsec3Proof[], name: Name): Nsec3Proof | undefined {
  const [first] = proofs;
  if (!first) return undefined;
  const hash = hashOf(name, first);
  return proofs.find((p) => (p.hash < p.next ? p.hash < hash && hash < p.next : p.hash < hash || hash < p.next));
}
