/**
 * What a recursive resolver remembers, and the rules by which new data take the place of old.
 *
 * RRsets are kept once, with the trust of the place they came from (RFC 2181 §5.4.1). A message (the response to one
 * question) only names its sets, so that it shows them as they are now. Nothing here asks for the time; an entry is good
 * while `at` < `expiresAt`.
 */
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Duration, Instant } from '../../base/time.ts';
import { between, later, seconds, wholeSeconds } from '../../base/time.ts';
import type { Rcode } from '../message.ts';
import type { Name } from '../name.ts';
import type { RecordClass, RecordType, ResourceRecord } from '../record.ts';
import type { SetKey, SignedSet } from './sets.ts';
import { sameRecords } from './sets.ts';
import type { ResolverSettings } from './settings.ts';

/** How far data may be trusted, by where they stood (RFC 2181 §5.4.1). More is better. */
export const RANK = {
  /** Additional section of a response that is not authoritative: glue. */
  glue: 1,
  /** Authority section of a referral: the parent's list of name servers. */
  referral: 2,
  /** Additional section of an authoritative response. */
  additional: 3,
  /** Answer section of a response that is not authoritative. */
  answer: 5,
  /** Authority section of an authoritative response. */
  authority: 6,
  /** Answer section of an authoritative response. */
  authoritative: 7,
  /** Checked with DNSSEC. */
  validated: 8,
} as const;

export type Rank = (typeof RANK)[keyof typeof RANK];

/** The rank in words. */
export const TRUST: Readonly<Record<Rank, string>> = {
  1: 'glue: an address that came along with a referral',
  2: 'the parent’s list of name servers',
  3: 'came along with an answer of the zone’s server',
  5: 'answer passed on by a server that does not have the zone',
  6: 'named by the zone’s server beside its answer',
  7: 'answer of the zone’s server',
  8: 'answer of the zone’s server, its signature checked',
};

/** What DNSSEC says of data (RFC 4033 §5). `unchecked`: nobody has looked. */
export type Security = 'unchecked' | 'indeterminate' | 'insecure' | 'secure' | 'bogus';

/** An RRset in the cache. Its shape is that of the trace's cache entry, so that what is kept is what is shown. */
export interface CachedSet {
  /** Whose cache. */
  readonly cache: string;
  readonly key: SetKey;
  /** `delegation`: an NS set as the parent gave it. */
  readonly kind: 'rrset' | 'delegation';
  readonly name: Name;
  readonly class: RecordClass;
  readonly type: RecordType;
  readonly rcode: Rcode;
  readonly records: readonly ResourceRecord[];
  readonly signatures: readonly ResourceRecord[];
  /** Seconds as stored, after caps. */
  readonly ttl: number;
  readonly storedAt: Instant;
  readonly expiresAt: Instant;
  readonly learnedFrom?: number;
  readonly rank: Rank;
  readonly trust: string;
  readonly security: Security;
  readonly reasons: readonly Reason[];
  /** Whether a referral brought it: the parent's word on a zone's servers. */
  readonly parental: boolean;
  /** What the parent said, when the zone's own data have taken its place: the way back when those servers fail. */
  readonly parentSide?: CachedSet;
  /** Of an alias made from a wildcard: the sets that prove that it had to be (RFC 4035 §3.1.3.3). */
  readonly proofs?: readonly SetKey[];
}

/** The response to one question, by the keys of its sets. */
export interface CachedMessage {
  readonly cache: string;
  readonly key: MessageKey;
  readonly kind: 'answer' | 'negative' | 'failure';
  readonly name: Name;
  /** "ANY" for NXDOMAIN, which holds for every type (RFC 2308 §5). */
  readonly type: RecordType;
  readonly rcode: Rcode;
  /** The sets of each section. */
  readonly answer: readonly SetKey[];
  readonly authority: readonly SetKey[];
  readonly additional: readonly SetKey[];
  /** For a no: the SOA record and proofs as they came. */
  readonly records: readonly ResourceRecord[];
  /** Seconds as stored, after caps. */
  readonly ttl: number;
  readonly storedAt: Instant;
  readonly expiresAt: Instant;
  readonly learnedFrom?: number;
  readonly trust: string;
  readonly security: Security;
  readonly reasons: readonly Reason[];
  /** For a failure: how often in a row. */
  readonly failures?: number;
  /** Extended errors that go with it. */
  readonly errors?: readonly ExtendedError[];
}

export interface ExtendedError {
  readonly code: number;
  readonly text: string;
}

/** The key of a message: a question, or a name for a no of all types. */
export type MessageKey = string & { readonly __messageKey: unique symbol };

/** The cache as those see it who decide: entries as they were stored, whether still good or not. */
export interface CacheView {
  set(key: SetKey): CachedSet | undefined;
  message(key: MessageKey): CachedMessage | undefined;
}

/** Something good at `at`, or undefined. */
export const fresh = <T extends { readonly expiresAt: Instant }>(entry: T | undefined, at: Instant): T | undefined =>
  entry !== undefined && at < entry.expiresAt ? entry : undefined;

export const freshSet = (view: CacheView, setKey: SetKey, at: Instant): CachedSet | undefined => fresh(view.set(setKey), at);

/** Whole seconds left, rounded down (never promise more than is left), 0 when none are. */
export const secondsLeft = (entry: { readonly expiresAt: Instant }, at: Instant): number =>
  Math.max(0, wholeSeconds(between(at, entry.expiresAt)));

/** A TTL within the bounds that the settings set (RFC 2181 §8, RFC 8767 §4). */
export const capTtl = (ttl: number, settings: ResolverSettings): number =>
  Math.min(Math.max(ttl, settings.minTtl), settings.maxTtl);

/** What became of new data when they met those in the cache. */
export interface Weighed {
  /** What is to be kept under the key from now on; undefined: what is there stays as it is. */
  readonly keep: CachedSet | undefined;
  /** The set as a response made from this message shows it: the cached one where that holds the same and for less long. */
  readonly shown: CachedSet;
}

/** Where new data come from. */
export interface Source {
  readonly cache: string;
  readonly at: Instant;
  readonly rank: Rank;
  readonly learnedFrom?: number | undefined;
  /** Whether it comes from a referral. */
  readonly parental: boolean;
  /** What is cached no longer than this counts as expired already: it is being renewed. */
  readonly leeway: Duration;
  /** When the question went out, if not at the same instant. */
  readonly askedAt?: Instant;
  readonly security: Security;
}

/** Weighs a set from a message against what the cache holds under its key (RFC 2181 §5.4.1). */
export function weigh(view: CacheView, set: SignedSet, source: Source, settings: ResolverSettings): Weighed {
  const { at, rank } = source;
  const old = view.set(set.key);
  const ttl = capTtl(set.ttl, settings);
  const incoming = entryOf(set, ttl, later(at, seconds(ttl)), source, RANK_REASONS[rank]);
  if (!old || countsFrom(set.type, source) >= old.expiresAt) return { keep: incoming, shown: incoming };
  const same = sameRecords(old.records, set.records);
  if (rank < old.rank || (rank === old.rank && same)) return superior(old, incoming, same);
  const fromParent = isServerData(set.type) && !source.parental ? parentDataOf(old) : undefined;
  // Neither an NS set nor a server's address outlives what it replaces: a zone could else keep itself alive for ever
  // after its parent has dropped it ("ghost domains").
  const held = isServerData(set.type) && old.expiresAt < incoming.expiresAt && (set.type === 'NS' || fromParent !== undefined);
  const lasting = held ? { ...incoming, expiresAt: old.expiresAt, ttl: old.ttl, reasons: GHOST_REASONS } : incoming;
  const keep = fromParent ? withParentSide(lasting, fromParent) : lasting;
  return { keep, shown: incoming };
}

/**
 * The instant at which what is cached must have run out to give way. A zone's own list of servers must have run out when the
 * question went to them: else an answer that comes late could keep a zone alive that its parent has dropped ("ghost domains").
 */
const countsFrom = (type: RecordType, { at, askedAt = at, leeway, parental }: Source): Instant =>
  type === 'NS' && !parental ? later(askedAt, leeway) : later(at, leeway);

/** The cached set stays. New parent-side data are put behind it, where they serve as the way back. */
function superior(old: CachedSet, incoming: CachedSet, same: boolean): Weighed {
  const known = same ? withNews(old, incoming) : old;
  const shown = same && old.expiresAt < incoming.expiresAt && incoming.storedAt < old.expiresAt ? known : incoming;
  if (!incoming.parental || old.parental) return { keep: known === old ? undefined : known, shown };
  const behind = old.parentSide;
  if (behind && incoming.storedAt < behind.expiresAt && sameRecords(behind.records, incoming.records))
    return { keep: undefined, shown };
  return { keep: withParentSide(old, incoming), shown };
}

/** The same data, which somebody has checked by now, or which have come with other signatures: the old ones may not fit. */
function withNews(old: CachedSet, { security, signatures }: CachedSet): CachedSet {
  if (old.security !== 'unchecked') return old;
  const isNewlySigned = signatures.length > 0 && !sameRecords(old.signatures, signatures);
  if (security === 'unchecked' && !isNewlySigned) return old;
  return { ...old, security, signatures: isNewlySigned ? signatures : old.signatures };
}

/** Assigned, not spread: V8 gives every object that grows while it is spread a hidden class of its own. */
const withParentSide = (set: CachedSet, parentSide: CachedSet): CachedSet => Object.assign({ ...set }, { parentSide });

/** What of the old entry came from the parent, when the zone's own data take its place. */
const parentDataOf = (old: CachedSet): CachedSet | undefined => (old.parental ? old : old.parentSide);

/** Types that lead to servers: NS sets, and addresses, which may be glue. */
const isServerData = (type: RecordType): boolean => type === 'NS' || type === 'A' || type === 'AAAA';

function entryOf(set: SignedSet, ttl: number, expiresAt: Instant, source: Source, reasons: readonly Reason[]): CachedSet {
  return {
    cache: source.cache,
    key: set.key,
    kind: set.type === 'NS' && source.parental ? 'delegation' : 'rrset',
    name: set.name,
    class: set.class,
    type: set.type,
    rcode: 'NOERROR',
    records: set.records,
    signatures: set.signatures,
    ttl,
    storedAt: source.at,
    expiresAt,
    ...(source.learnedFrom === undefined ? {} : { learnedFrom: source.learnedFrom }),
    rank: source.rank,
    trust: TRUST[source.rank],
    security: source.security,
    reasons,
    parental: source.parental && isServerData(set.type),
  };
}

const RANK_REASONS: Readonly<Record<Rank, readonly Reason[]>> = {
  1: [reason('glue', 'It serves to reach the server, and is never given out as an answer.', 'RFC 2181 §5.4.1')],
  2: [reason('referral', 'The parent names these servers; the zone’s own list would count for more.', 'RFC 2181 §5.4.1')],
  3: [reason('additional', 'It came along with an answer, unasked.', 'RFC 2181 §5.4.1')],
  5: [reason('answer', 'It answers the question, but comes from a server that does not have the zone.', 'RFC 2181 §5.4.1')],
  6: [reason('authority', 'The zone’s own server says so, beside its answer.', 'RFC 2181 §5.4.1')],
  7: [reason('authoritative', 'The zone’s own server answers the question.', 'RFC 2181 §5.4.1')],
  8: [reason('validated', 'The zone’s own server answers, and the signature fits.', 'RFC 4035 §5')],
};

const GHOST_REASONS: readonly Reason[] = [
  reason(
    'no-longer-than-before',
    'It takes the place of what the parent said, but does not last longer: else a zone could outlive its own removal.',
    'RFC 2181 §5.4.1',
  ),
];

/** A cache that changes: what the host keeps. `remember` replaces what stands under the key. */
export interface Cache {
  readonly view: CacheView;
  remember(item: CachedSet | CachedMessage): void;
  /** Without a key: all. */
  forget(key?: string): void;
  /** How many sets and messages there are. */
  size(): number;
}

/** An empty cache that keeps at most `most` sets and as many messages; what was stored longest ago goes first. */
export function makeCache(most: number): Cache {
  let sets = new Map<SetKey, CachedSet>();
  let messages = new Map<MessageKey, CachedMessage>();
  return {
    view: { set: (k) => sets.get(k), message: (k) => messages.get(k) },
    remember(item) {
      if (isSet(item)) put(sets, item.key, item, most);
      else put(messages, item.key, item, most);
    },
    forget(k) {
      if (k === undefined) {
        sets = new Map();
        messages = new Map();
      } else {
        sets.delete(k as SetKey);
        messages.delete(k as MessageKey);
      }
    },
    size: () => sets.size + messages.size,
  };
}

const isSet = (item: CachedSet | CachedMessage): item is CachedSet => item.kind === 'rrset' || item.kind === 'delegation';

/** What is stored anew goes to the end of the line: a map keeps the order of its insertions. */
function put<K, V>(into: Map<K, V>, k: K, value: V, most: number): void {
  if (!into.delete(k) && into.size >= most) {
    const oldest = into.keys().next();
    if (!oldest.done) into.delete(oldest.value);
  }
  into.set(k, value);
}

/** The cache as it will be when `items` have been remembered. */
export function withItems(view: CacheView, items: readonly (CachedSet | CachedMessage)[]): CacheView {
  const over = makeCache(Number.POSITIVE_INFINITY);
  for (const item of items) over.remember(item);
  return { set: (k) => over.view.set(k) ?? view.set(k), message: (k) => over.view.message(k) ?? view.message(k) };
}
