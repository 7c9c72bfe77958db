/** Proof that something does not exist, by NSEC records: each names the next name of its zone, so nothing lies between (RFC 4035 §5.4). */
import type { Name } from '../name.ts';
import { ancestor, canonicalKey, isBelow, isSubdomain, labelCount, ROOT, sameName } from '../name.ts';
import type { RecordType } from '../record.ts';
import { dataOf } from '../record.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import { wildcardOf } from './canonical.ts';

/** One NSEC record that has been checked. */
export interface NsecProof {
  readonly owner: Name;
  readonly next: Name;
  readonly types: readonly RecordType[];
  /** Owner and next name as they sort. */
  readonly from: string;
  readonly to: string;
  readonly set: SignedRRset;
}

/** The proof that a checked NSEC set of `zone` makes; undefined for a set that proves nothing. */
export function nsecProof(zone: Name, set: SignedRRset): NsecProof | undefined {
  const data = dataOf(set.records[0] as SignedRRset['records'][number], 'NSEC');
  if (!data || set.records.length !== 1 || !isSubdomain(data.next, zone) || isExpanded(set)) return undefined;
  return { owner: set.name, next: data.next, types: data.types, from: canonicalKey(set.name), to: canonicalKey(data.next), set };
}

/** A proof made from a wildcard would stand under a name that it says nothing about (RFC 4035 §5.4). */
export const isExpanded = (set: SignedRRset): boolean =>
  set.signatures.some((r) => {
    const signature = dataOf(r, 'RRSIG');
    return signature !== undefined && wildcardOf(set.name, signature) !== undefined;
  });

/** What NSEC records say about a name. */
export type NsecFinding =
  | { readonly kind: 'exists'; readonly proof: NsecProof }
  /** It holds nothing, but names lie below it. */
  | { readonly kind: 'empty'; readonly proof: NsecProof }
  /** It does not exist; `encloser` is the longest existing name above it (RFC 4592 §3.3.1). */
  | { readonly kind: 'missing'; readonly proof: NsecProof; readonly encloser: Name };

/** What the proofs say about `name`; undefined when none of them says anything. */
export function findNsec(proofs: readonly NsecProof[], name: Name): NsecFinding | undefined {
  const at = canonicalKey(name);
  for (const proof of proofs) {
    if (proof.from === at) return { kind: 'exists', proof };
    if (!covers(proof, name, at)) continue;
    if (isBelow(proof.next, name)) return { kind: 'empty', proof };
    return { kind: 'missing', proof, encloser: encloserBy(proof, name) };
  }
  return undefined;
}

/**
 * Whether `name` lies between the proof's two names. The last NSEC of a zone leads back to its start. One at a zone cut or a
 * DNAME says nothing about names below itself (RFC 6840 §4.1, RFC 6672 §5.3.4.1).
 */
function covers({ owner, from, to, types }: NsecProof, name: Name, at: string): boolean {
  const between = from < to ? from < at && at < to : from < at;
  if (!between) return false;
  return !(isParentSide(types) || types.includes('DNAME')) || !isBelow(name, owner);
}

/** The NS bit without the SOA bit: the upper side of a zone cut. */
export const isParentSide = (types: readonly RecordType[]): boolean => types.includes('NS') && !types.includes('SOA');

/**
 * Whether the types at an existing name show that `type` is not there. An alias would have to be followed instead; and each
 * side of a zone cut speaks for its own types only: the parent for DS, the child for all others (RFC 6840 §4.1, §4.4).
 */
export function lacksType(types: readonly RecordType[], type: RecordType, owner: Name): boolean {
  if (type === 'ANY' || types.includes(type) || (types.includes('CNAME') && type !== 'CNAME')) return false;
  if (type === 'DS' && owner !== ROOT) return !types.includes('SOA');
  return !isParentSide(types);
}

/** The longest name above `name` that an NSEC record shows to exist: what it shares with the names at either end. */
function encloserBy(proof: NsecProof, name: Name): Name {
  const shared = Math.max(sharedLabels(name, proof.owner), sharedLabels(name, proof.next));
  return ancestor(name, shared);
}

function sharedLabels(a: Name, b: Name): number {
  for (let count = Math.min(labelCount(a), labelCount(b)); count > 0; count--)
    if (sameName(ancestor(a, count), ancestor(b, count))) return count;
  return 0;
}
