/** What tests of the resolver's decisions start from: records as text, messages, caches. */
import { type Instant, instant } from '../../../src/base/time.ts';
import { type Flags, type Message, type Question, query, response } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import type { RecordType, ResourceRecord } from '../../../src/dns/record.ts';
import { type Cache, type CachedSet, makeCache, RANK, type Rank, weigh } from '../../../src/dns/resolve/cache.ts';
import type { Lesson } from '../../../src/dns/resolve/learn.ts';
import { type SignedSet, signedSets } from '../../../src/dns/resolve/sets.ts';
import { DEFAULT_SETTINGS, type ResolverSettings } from '../../../src/dns/resolve/settings.ts';
import { parseMasterFile } from '../../../src/dns/zone/masterFile.ts';

/** Records of a master file whose origin is the root; TTLs must be given. */
export function records(text: string): readonly ResourceRecord[] {
  const file = parseMasterFile(text, { origin: name('.'), file: 'test' });
  const [mistake] = file.mistakes;
  if (mistake) throw new Error(`${mistake.found}: ${mistake.expected}`);
  return file.records;
}

export const sets = (text: string): SignedSet[] => signedSets(records(text));
export const set = (text: string): SignedSet => sets(text)[0] as SignedSet;

export const ask = (owner: string, type: RecordType): Question => ({ name: name(owner), type, class: 'IN' });

/** A response to a question; each section as master file text. */
export function reply(
  question: Question,
  parts: { answer?: string; authority?: string; additional?: string; rcode?: Message['rcode']; flags?: Partial<Flags> },
): Message {
  return response(query(1, question), {
    rcode: parts.rcode ?? 'NOERROR',
    flags: { aa: true, ...parts.flags },
    answer: records(parts.answer ?? ''),
    authority: records(parts.authority ?? ''),
    additional: records(parts.additional ?? ''),
  });
}

export const settingsWith = (change: Partial<ResolverSettings>): ResolverSettings => ({ ...DEFAULT_SETTINGS, ...change });

export const at = (seconds: number): Instant => instant(seconds * 1_000_000);

export const lesson = (seconds: number, change: Partial<ResolverSettings> = {}): Lesson => ({
  cache: 'isp',
  at: at(seconds),
  learnedFrom: undefined,
  leeway: 0 as Lesson['leeway'],
  errors: [],
  security: 'unchecked' as const,
  scope: undefined,
  settings: settingsWith(change),
});

/** A cache that has learned sets at instants, by the rules. */
export function cacheOf(
  ...known: readonly {
    text: string;
    seconds?: number;
    rank?: Rank;
    parental?: boolean;
    ttlSettings?: Partial<ResolverSettings>;
  }[]
): Cache {
  const cache = makeCache(1_000);
  for (const { text, seconds = 0, rank = RANK.authoritative, parental = false, ttlSettings = {} } of known)
    for (const one of sets(text)) {
      const { keep } = weigh(cache.view, one, sourceAt(seconds, rank, parental), settingsWith(ttlSettings));
      if (keep) cache.remember(keep);
    }
  return cache;
}

export const sourceAt = (seconds: number, rank: Rank, parental = false) => ({
  cache: 'isp',
  at: at(seconds),
  rank,
  parental,
  leeway: 0 as Lesson['leeway'],
  security: 'unchecked' as const,
});

/** "www.example.com. A" for a cached set. */
export const label = (cached: Pick<CachedSet, 'name' | 'type'>): string => `${cached.name} ${cached.type}`;
