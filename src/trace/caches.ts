/** What every cache held at any moment of a trace. */

import type { Name } from '../dns/name.ts';
import { key } from '../dns/name.ts';
import type { RecordType } from '../dns/record.ts';
import { lastIndexWhere } from './intervals.ts';
import { memoised } from './memo.ts';
import type { CacheEntry, CacheId, Trace, TurnId } from './trace.ts';

/** A moment between two effects: `effects` of the turn have been performed, and everything before the turn. */
export interface Moment {
  readonly turn: TurnId;
  readonly effects: number;
}

/** The state of one key from a moment on: an entry, or nothing. */
interface Version extends Moment {
  readonly entry: CacheEntry | undefined;
}

/** All that ever happened to one cache, by key, in order of the keys' first being kept. */
export type CacheHistory = ReadonlyMap<string, readonly Version[]>;

/** The histories of all caches, in order of their first use. */
export const cacheHistories: (trace: Trace) => ReadonlyMap<CacheId, CacheHistory> = memoised((trace) => {
  const caches = new Map<CacheId, Map<string, Version[]>>();
  const cacheOf = (id: CacheId): Map<string, Version[]> => {
    const cache = caches.get(id) ?? new Map<string, Version[]>();
    caches.set(id, cache);
    return cache;
  };
  for (const entry of trace.kept ?? []) cacheOf(entry.cache).set(entry.key, [{ turn: -1, effects: 0, entry }]);
  for (const turn of trace.turns) {
    for (const [i, effect] of turn.effects.entries()) {
      const moment = { turn: turn.id, effects: i + 1 };
      if (effect.kind === 'remember') {
        const cache = cacheOf(effect.entry.cache);
        const version = { ...moment, entry: effect.entry };
        const versions = cache.get(effect.entry.key);
        if (versions) versions.push(version);
        else cache.set(effect.entry.key, [version]);
      } else if (effect.kind === 'forget') {
        const cache = cacheOf(effect.cache);
        const gone = effect.key === undefined ? [...cache.values()] : [cache.get(effect.key) ?? []];
        for (const versions of gone) if (versions.length > 0) versions.push({ ...moment, entry: undefined });
      }
    }
  }
  return caches;
});

/** What a cache holds at a moment, expired entries included, in order of the keys' first being kept. */
export function entriesAt(history: CacheHistory, moment: Moment): CacheEntry[] {
  const entries: CacheEntry[] = [];
  for (const versions of history.values()) {
    const entry = lastBefore(versions, moment)?.entry;
    if (entry) entries.push(entry);
  }
  return entries;
}

/** What the caches of a host hold just before a turn's effects. */
export function entriesOfHost(trace: Trace, host: string, turn: TurnId): CacheEntry[] {
  const found: CacheEntry[] = [];
  for (const [id, history] of cacheHistories(trace))
    if (id === host || id.startsWith(`${host}/`)) found.push(...entriesAt(history, { turn, effects: 0 }));
  return found;
}

/** The entry of a name and type among several. */
export const entryFor = (entries: readonly CacheEntry[], name: Name, type: RecordType): CacheEntry | undefined =>
  entries.find((entry) => entry.type === type && key(entry.name) === key(name));

const lastBefore = (versions: readonly Version[], moment: Moment): Version | undefined =>
  versions[lastIndexWhere(versions, (version) => !isAfter(version, moment))];

const isAfter = (a: Moment, b: Moment): boolean => a.turn > b.turn || (a.turn === b.turn && a.effects > b.effects);
