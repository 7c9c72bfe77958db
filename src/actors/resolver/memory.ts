/** A recursive resolver's memory: one cache, which its host alone changes. */
import { reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import { days, later, START } from '../../base/time.ts';
import type { DenialView } from '../../dns/dnssec/denialStore.ts';
import { denialStore } from '../../dns/dnssec/denialStore.ts';
import type { GoodSet } from '../../dns/dnssec/judge.ts';
import { ROOT } from '../../dns/name.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import { record } from '../../dns/record.ts';
import type { CachedMessage, CachedSet, CacheView } from '../../dns/resolve/cache.ts';
import { makeCache, RANK, TRUST } from '../../dns/resolve/cache.ts';
import type { SignedSet } from '../../dns/resolve/sets.ts';
import { signedSets } from '../../dns/resolve/sets.ts';
import type { ConfiguredServer, ResolverSettings } from '../../dns/resolve/settings.ts';
import type { CacheEntry, CacheId } from '../../trace/trace.ts';
import type { Memory } from '../host.ts';

/** What the machines of a resolver see of its memory. */
export interface ResolverView extends CacheView {
  /** Proofs that hold, to answer from (RFC 8198). */
  readonly denial: DenialView;
}

/** What an effect `remember` of a resolver carries as `store`: everything that goes into the cache with the entry shown. */
export type Store = readonly (CachedSet | CachedMessage | Proven)[];

/** Sets whose signatures hold. */
export interface Proven {
  readonly kind: 'proven';
  readonly good: readonly GoodSet[];
}

/**
 * The memory of a resolver with the cache id `cache`. With `isPrimed`, it starts as one that asked a root server for the list
 * of root servers just now (RFC 9609 §3): 13 names for six days.
 */
export function resolverMemory(cache: CacheId, settings: ResolverSettings, isPrimed: boolean): Memory<ResolverView> {
  const kept = makeCache(settings.cacheSize);
  const proofs = denialStore();
  if (isPrimed) for (const set of primedSets(cache, settings.rootHints)) kept.remember(set);
  return {
    view: { ...kept.view, denial: proofs.view },
    remember: (_entry: CacheEntry, store: unknown, at: Instant) => {
      for (const item of store as Store) {
        if (item.kind === 'proven') proofs.remember(item.good, at);
        else kept.remember(item);
      }
    },
    forget: (_cache, key) => {
      kept.forget(key);
      if (key === undefined) proofs.forget();
    },
  };
}

const SIX_DAYS = 518_400;

/** The list of root servers as a root server gives it, learned at the start of the run. */
export function primedSets(cache: CacheId, hints: readonly ConfiguredServer[]): readonly CachedSet[] {
  const known = primed.get(hints) ?? new Map<CacheId, readonly CachedSet[]>();
  primed.set(hints, known);
  const sets = known.get(cache) ?? makePrimedSets(cache, hints);
  known.set(cache, sets);
  return sets;
}

/** The lists that caches have been born with, by the hints that they were made from. */
const primed = new WeakMap<readonly ConfiguredServer[], Map<CacheId, readonly CachedSet[]>>();

function makePrimedSets(cache: CacheId, hints: readonly ConfiguredServer[]): CachedSet[] {
  const records: ResourceRecord[] = [];
  for (const { name } of hints) if (name !== undefined) records.push(record(ROOT, 'NS', SIX_DAYS, { nameServer: name }));
  for (const { name, addresses } of hints)
    for (const address of addresses)
      if (name !== undefined)
        records.push(
          address.includes(':') ? record(name, 'AAAA', SIX_DAYS, { address }) : record(name, 'A', SIX_DAYS, { address }),
        );
  return signedSets(records).map((set) => primedSet(cache, set, START));
}

function primedSet(cache: CacheId, set: SignedSet, at: Instant): CachedSet {
  const rank = set.type === 'NS' ? RANK.answer : RANK.glue;
  return {
    ...set,
    cache,
    kind: 'rrset',
    rcode: 'NOERROR',
    storedAt: at,
    expiresAt: later(at, days(6)),
    rank,
    trust: TRUST[rank],
    security: 'unchecked',
    parental: false,
    reasons: [reason('priming', 'The resolver asked a root server for this list when it started.', 'RFC 9609 §3')],
  };
}
