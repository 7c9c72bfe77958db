/** Validated proofs, zone by zone and in order, so that the one that bears on a name is found quickly (RFC 8198 §5). */
import type { Instant } from '../../base/time.ts';
import { later, seconds } from '../../base/time.ts';
import type { Name, NameKey } from '../name.ts';
import { ancestor, canonicalKey, key, labelCount } from '../name.ts';
import { dataOf } from '../record.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import { wildcardOf } from './canonical.ts';
import type { GoodSet } from './judge.ts';
import type { NsecProof } from './nsec.ts';
import { nsecProof } from './nsec.ts';
import type { Nsec3Proof } from './nsec3.ts';
import { hashOf, nsec3Proof, sameParameters } from './nsec3.ts';

export interface Kept {
  readonly set: SignedRRset;
  /** Until when it serves; a proof no longer than a no of its zone is good (RFC 9077 §3). */
  readonly expiresAt: Instant;
  /** Until when the set itself is good: the TTL that it shows. */
  readonly goodUntil: Instant;
}

interface KeptProof<P> extends Kept {
  readonly proof: P;
  /** Where its gap begins, as it sorts. */
  readonly from: string;
}

/** What is known of one zone. Proofs are sorted by where their gap begins. */
export interface KeptZone {
  readonly nsec: KeptProof<NsecProof>[];
  readonly nsec3: KeptProof<Nsec3Proof>[];
  /** Sets made from wildcards, under the wildcard's own name: "*.example.com. A". */
  readonly wildcards: Map<string, Kept>;
  soa: Kept | undefined;
}

export interface DenialView {
  zone(id: NameKey): KeptZone | undefined;
}

/** A store that changes: what the resolver's host keeps beside its cache. */
export interface DenialStore {
  readonly view: DenialView;
  /** Keeps what of a reply's validated sets can serve again: proofs, the SOA record, sets made from wildcards. */
  remember(good: readonly GoodSet[], at: Instant): void;
  forget(): void;
}

/** An empty store of at most `most` zones; the one first heard of longest ago goes first. */
export function denialStore(most = 1000): DenialStore {
  const zones = new Map<NameKey, KeptZone>();
  return {
    view: { zone: (id) => zones.get(id) },
    remember(good, at) {
      const longest = longestNo(good);
      for (const { set, ttl } of good) {
        const signature = set.signatures[0] && dataOf(set.signatures[0], 'RRSIG');
        if (!signature || ttl <= 0) continue;
        const goodUntil = later(at, seconds(ttl));
        const wildcard = wildcardOf(set.name, signature);
        if (wildcard === undefined && set.type !== 'NSEC' && set.type !== 'NSEC3' && set.type !== 'SOA') continue;
        const zone = zoneAt(zones, key(signature.signer), most);
        if (wildcard !== undefined) zone.wildcards.set(`${key(wildcard)} ${set.type}`, { set, expiresAt: goodUntil, goodUntil });
        else if (set.type === 'SOA') zone.soa = { set, expiresAt: goodUntil, goodUntil };
        else keepProof(zone, signature.signer, { set, expiresAt: later(at, seconds(Math.min(ttl, longest))), goodUntil });
      }
    },
    forget: () => zones.clear(),
  };
}

/** How long a no may be kept by the SOA record that came along, in seconds (RFC 2308 §5). */
function longestNo(good: readonly GoodSet[]): number {
  const soa = good.find(({ set }) => set.type === 'SOA');
  const minimum = soa?.set.records[0] && dataOf(soa.set.records[0], 'SOA')?.minimum;
  return soa && minimum !== undefined ? Math.min(soa.ttl, minimum) : Number.POSITIVE_INFINITY;
}

function zoneAt(zones: Map<NameKey, KeptZone>, id: NameKey, most: number): KeptZone {
  const known = zones.get(id);
  if (known) return known;
  const oldest = zones.size >= most ? zones.keys().next() : undefined;
  if (oldest && !oldest.done) zones.delete(oldest.value);
  const fresh: KeptZone = { nsec: [], nsec3: [], wildcards: new Map(), soa: undefined };
  zones.set(id, fresh);
  return fresh;
}

function keepProof(kept: KeptZone, zone: Name, one: Kept): void {
  const { set } = one;
  const plain = set.type === 'NSEC' ? nsecProof(zone, set) : undefined;
  if (plain) insert(kept.nsec, { ...one, proof: plain, from: plain.from }, plain.to);
  const hashed = set.type === 'NSEC3' ? nsec3Proof(zone, set) : undefined;
  // An opt-out says too little to make answers of (RFC 8198 §5.2 through RFC 5155 §6).
  if (!hashed || hashed.optOut) return;
  const [first] = kept.nsec3;
  // After a change of salt the old hashes mean nothing to the new ones.
  if (first && sameParameters([first.proof, hashed]).length < 2) kept.nsec3.length = 0;
  insert(kept.nsec3, { ...one, proof: hashed, from: hashed.hash }, hashed.next);
}

/** Puts a proof in its place. What stood inside of its gap is gone from the zone. */
function insert<P>(list: KeptProof<P>[], entry: KeptProof<P>, to: string): void {
  const start = lastUpTo(list, entry.from);
  const same = list[start]?.from === entry.from;
  let end = start + 1;
  while (end < list.length && (entry.from >= to || (list[end] as KeptProof<P>).from < to)) end++;
  const at = same ? start : start + 1;
  list.splice(at, end - at, entry);
}

/** The index of the last entry that begins at or before a place; −1 when all begin after it. */
function lastUpTo<P>(list: readonly KeptProof<P>[], place: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as KeptProof<P>).from <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The NSEC proof in whose gap `name` lies, or that stands at it, if it is still good. */
export function nsecNear(kept: KeptZone, name: Name, at: Instant): KeptProof<NsecProof> | undefined {
  const found = kept.nsec[lastUpTo(kept.nsec, canonicalKey(name))];
  return found && at < found.expiresAt ? found : undefined;
}

/** The NSEC3 proofs that stand at `name` and at the names above it within the zone, or in whose gaps they lie. */
export function nsec3Near(kept: KeptZone, zone: Name, name: Name, at: Instant): KeptProof<Nsec3Proof>[] {
  const [first] = kept.nsec3;
  if (!first) return [];
  const found = new Set<KeptProof<Nsec3Proof>>();
  for (let count = labelCount(zone); count <= labelCount(name); count++) {
    // The gap before the first hash is the end of the last one's.
    const near = kept.nsec3.at(lastUpTo(kept.nsec3, hashOf(ancestor(name, count), first.proof)));
    if (near && at < near.expiresAt) found.add(near);
  }
  return [...found];
}
