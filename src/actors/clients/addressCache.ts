/** A client's cache of addresses: the browser's, or the operating system's. What has run out is passed over. */
import type { Instant } from '../../base/time.ts';
import type { Question } from '../../dns/message.ts';
import { key } from '../../dns/name.ts';
import type { CacheEntry } from '../../trace/trace.ts';

export interface AddressCache {
  /** What is kept for this name and type and is still good. */
  lookup(question: Question, at: Instant): CacheEntry | undefined;
}

/** The cache as its host keeps it. */
export interface WritableAddressCache extends AddressCache {
  remember(entry: CacheEntry): void;
  /** Without a key: everything. */
  forget(entryKey: string | undefined): void;
}

export const entryKey = ({ name, type }: Pick<Question, 'name' | 'type'>): string => `${key(name)} ${type}`;

/** An empty cache. */
export function makeAddressCache(): WritableAddressCache {
  const entries = new Map<string, CacheEntry>();
  return {
    lookup(question, at) {
      const entry = entries.get(entryKey(question));
      return entry && entry.expiresAt > at ? entry : undefined;
    },
    remember: (entry) => void entries.set(entry.key, entry),
    forget(one) {
      if (one === undefined) entries.clear();
      else entries.delete(one);
    },
  };
}
