/** How long a "no" is kept (RFC 2308). */
import type { ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import type { SignedSet } from './sets.ts';
import type { ResolverSettings } from './settings.ts';

/** A no without an SOA record says nothing about its lifetime: a few seconds (RFC 2308 §5 would not keep it at all). */
export const TTL_WITHOUT_SOA = 5;

/** The SOA set of a negative response, when it has one (RFC 2308 §3). */
export const soaOf = (authority: readonly SignedSet[]): SignedSet | undefined => authority.find((set) => set.type === 'SOA');

/** Seconds that a no is good for: the smaller of the SOA's own TTL and its last field (RFC 2308 §5), within bounds. */
export function negativeTtl(soa: SignedSet | undefined, settings: ResolverSettings): number {
  if (!soa) return TTL_WITHOUT_SOA;
  const minimum = dataOf(soa.records[0] as ResourceRecord, 'SOA')?.minimum ?? 0;
  return Math.min(Math.max(Math.min(soa.ttl, minimum), settings.minNegativeTtl), settings.maxNegativeTtl);
}

/** The same set with another TTL on every record. */
export function withTtl(set: SignedSet, ttl: number): SignedSet {
  if (set.ttl === ttl && set.records.every((r) => r.ttl === ttl)) return set;
  const change = (r: ResourceRecord): ResourceRecord => (r.ttl === ttl ? r : { ...r, ttl });
  return { ...set, ttl, records: set.records.map(change), signatures: set.signatures.map(change) };
}
