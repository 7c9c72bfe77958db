/** Copies of an answer that somebody still holds, beside what the zone says by now. */
import type { Instant } from '../../../base/time.ts';
import { type Name, sameName } from '../../../dns/name.ts';
import { dataOf } from '../../../dns/record.ts';
import { entryAt, type Scene } from '../../../trace/scene.ts';
import type { CacheId, Trace } from '../../../trace/trace.ts';
import { givenAt, shortValues } from '../health/given.ts';
import { timeLeft } from './ledger.ts';

export interface Copy {
  /** Of the first address, ".60" where the zone's others share the rest of it. */
  readonly short: string;
  /** Part of its time to live that is left, 0 to 1, and in words. */
  readonly fraction: number;
  readonly left: string;
  /** The zone no longer gives any of its addresses. */
  readonly old: boolean;
}

/** The addresses of a name that a cache holds at an instant; absent when it holds none that is still good. */
export function copyIn(trace: Trace, scene: Scene, cache: CacheId | undefined, name: Name, at: Instant): Copy | undefined {
  const kept = scene.caches.find((one) => one.cache === cache)?.entries ?? [];
  const fresh = kept
    .filter(({ entry }) => entry.kind === 'rrset' && (entry.type === 'A' || entry.type === 'AAAA') && sameName(entry.name, name))
    .map(({ entry }) => entryAt(entry, at))
    .find(({ expired }) => !expired);
  if (!fresh) return undefined;
  const addresses = fresh.entry.records.map((record) => (dataOf(record, 'A') ?? dataOf(record, 'AAAA'))?.address ?? '');
  const choices = givenAt(trace, name, at)?.choices ?? [];
  const given = choices.filter(({ live }) => live).flatMap(({ values }) => values);
  const all = [...addresses, ...choices.flatMap(({ values }) => values)];
  return {
    short: shortValues(addresses, all)[0] ?? '',
    fraction: fresh.fraction,
    left: timeLeft(fresh.left),
    // What the zone gives by another name, or not by this model, is no reason to call a copy old.
    old: given.some(isAddress) && !addresses.some((address) => given.includes(address)),
  };
}

const isAddress = (value: string): boolean => /^[\d.]+$|:/.test(value);
