/**
 * What caches keep, as wedges for a timetable in seconds, minutes or days: full height when fresh, a point where the entry
 * ends. A wedge may be cut off before its point, when something else took its place.
 */
import { type Instant, seconds } from '../../../base/time.ts';
import { key, type Name } from '../../../dns/name.ts';
import { dataText } from '../../../dns/presentation.ts';
import { cacheHistories } from '../../../trace/caches.ts';
import { memoised } from '../../../trace/memo.ts';
import type { CacheEntry, CacheId, HostId, Trace } from '../../../trace/trace.ts';

/** One entry of one cache, from being kept to its end. Instants in microseconds. */
export interface Wedge {
  readonly id: string;
  readonly cache: CacheId;
  readonly host: HostId;
  readonly name: Name;
  /** An answer; a "no" (RFC 2308), or a failure; or where to ask further. */
  readonly kind: 'answer' | 'no' | 'delegation';
  readonly from: Instant;
  /** Where its point is. */
  readonly end: Instant;
  /** Where it was cut off; `end` when it was not. */
  readonly to: Instant;
  /** Seconds, as stored. */
  readonly ttl: number;
  /** "192.0.2.60", "no such name", "4 servers". */
  readonly value: string;
  /** How many other values this cached name has had before, in any cache: 0 for the first, so that a new value is told apart. */
  readonly change: number;
}

/** The wedges of a trace, in order of being kept; built-in entries and addresses of name servers are left out. */
export const wedgesOf: (trace: Trace) => readonly Wedge[] = memoised((trace) => {
  const made: Omit<Wedge, 'change'>[] = [];
  for (const [cache, history] of cacheHistories(trace))
    for (const [id, versions] of history)
      for (const [i, { entry }] of versions.entries()) {
        const kind = entry && kindOf(entry);
        if (!entry || kind === undefined || entry.expiresAt <= entry.storedAt) continue;
        const next = versions[i + 1];
        const taken = next && (next.entry?.storedAt ?? trace.turns[next.turn]?.at);
        // A list of servers that the zone's own takes the place of in the same lookup is the same list.
        if (kind === 'delegation' && taken !== undefined && taken - entry.storedAt < SAME) continue;
        made.push({
          id: `${cache} ${id} ${i}`,
          cache,
          host: cache.split('/')[0] as HostId,
          name: entry.name,
          kind,
          from: entry.storedAt,
          end: entry.expiresAt,
          to: Math.min(entry.expiresAt, taken ?? entry.expiresAt) as Instant,
          ttl: entry.ttl,
          value: saidBy(entry, kind),
        });
      }
  made.sort((a, b) => a.from - b.from);
  const values = new Map<string, string[]>();
  return made.map((wedge) => {
    const about = `${wedge.kind === 'delegation' ? 'NS' : ''} ${key(wedge.name)}`;
    const seen = values.get(about) ?? [];
    if (!seen.includes(wedge.value)) seen.push(wedge.value);
    values.set(about, seen);
    return { ...wedge, change: seen.indexOf(wedge.value) };
  });
});

const SAME = 1_000_000;

function kindOf({ kind, type, trust, learnedFrom }: CacheEntry): Wedge['kind'] | undefined {
  if (kind === 'delegation' || type === 'NS') return learnedFrom === undefined ? undefined : 'delegation';
  if (kind === 'negative' || kind === 'failure') return 'no';
  return trust.startsWith('answer') && type !== 'RRSIG' && type !== 'DNSKEY' && type !== 'DS' ? 'answer' : undefined;
}

/** Values in any order are the same answer. */
function saidBy({ records, kind, rcode, type }: CacheEntry, shape: Wedge['kind']): string {
  if (shape === 'delegation') return `${records.length} servers`;
  if (kind === 'failure') return 'no answer to be had';
  if (shape === 'no') return rcode === 'NXDOMAIN' ? 'no such name' : `no ${type}`;
  return records
    .map((record) => dataText(record.type, record.data))
    .sort()
    .join(', ');
}

/** The part of a wedge's full height that is left at an instant, 0 to 1. */
export const heightAt = ({ from, end, ttl }: Pick<Wedge, 'from' | 'end' | 'ttl'>, at: number): number =>
  Math.min(1, Math.max(0, (end - at) / Math.max(1, Math.max(end - from, seconds(ttl)))));
