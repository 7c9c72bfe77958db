/** What the cache says to a question (RFC 1034 §5.3.3 step 1). */
import type { Explained, Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import type { Question } from '../message.ts';
import type { Name } from '../name.ts';
import { parent, ROOT } from '../name.ts';
import type { ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import type { CachedMessage, CachedSet, CacheView } from './cache.ts';
import { fresh, freshSet, RANK, secondsLeft } from './cache.ts';
import { synthesised } from './dname.ts';
import { failureKey, messageKey, noNameKey } from './learn.ts';
import { sameRecords, setKey } from './sets.ts';
import type { ResolverSettings } from './settings.ts';

/** What was found. */
export type Found =
  | FoundMessage
  /** The name is an alias: `sets` is the CNAME, or a DNAME and the CNAME made of it. */
  | {
      readonly kind: 'alias';
      readonly target: Name;
      readonly sets: readonly CachedSet[];
      /** What shows that a wildcard had to serve. */
      readonly proofs?: readonly CachedSet[];
      readonly renewBefore: Instant | undefined;
    }
  /** The question was tried a short while ago, in vain. */
  | { readonly kind: 'failure'; readonly message: CachedMessage }
  | { readonly kind: 'miss' };

/** A whole response, with its sets as they stand. */
export interface FoundMessage {
  readonly kind: 'message';
  readonly message: CachedMessage;
  readonly answer: readonly CachedSet[];
  readonly authority: readonly CachedSet[];
  readonly additional: readonly CachedSet[];
  /** When it runs out, if it is in the last tenth of its life. */
  readonly renewBefore: Instant | undefined;
}

/** Looks a question up. What is found is good at `at`. */
export function lookUp(view: CacheView, question: Question, at: Instant, settings: ResolverSettings): Explained<Found> {
  const own = freshMessage(view, fresh(view.message(messageKey(question)), at), at);
  if (own) return found(own, own.message.kind === 'negative' ? CACHED_NODATA : HIT);
  const noName = fresh(view.message(noNameKey(question)), at);
  const none = freshMessage(view, noName, at);
  if (none) return found(none, CACHED_NXDOMAIN);
  const alias =
    question.type === 'CNAME' || question.type === 'DS' || question.type === 'ANY' ? undefined : cachedAlias(view, question, at);
  if (alias) return { value: alias, reasons: [ALIAS] };
  const all = question.type === 'ANY' ? everything(view, question, at) : undefined;
  if (all) return found(all, HIT);
  const above = settings.nxdomainCut === 'off' ? undefined : cutAbove(view, question, at, settings);
  if (above) return found(above, CUT);
  const failure = fresh(view.message(failureKey(question)), at);
  if (failure) return { value: { kind: 'failure', message: failure }, reasons: [FAILED_BEFORE, ...failure.reasons] };
  return MISS;
}

const found = (value: FoundMessage, why: Reason): Explained<Found> => ({ value, reasons: [why] });

/** Whether nobody has checked the signatures of what was found: it came on the way to something else. */
export function isUnchecked(found: Found): boolean {
  if (found.kind === 'message')
    return found.message.security === 'unchecked' || found.answer.some((set) => set.security === 'unchecked');
  return found.kind === 'alias' && found.sets.some((set) => set.security === 'unchecked');
}

/** A message with its sets, when all of them are good. */
function freshMessage(view: CacheView, message: CachedMessage | undefined, at: Instant): FoundMessage | undefined {
  return message && gather(view, message, (set) => at < set.expiresAt, at);
}

/** A message with its sets, each of which must pass `good`. */
export function gather(
  view: CacheView,
  message: CachedMessage,
  good: (set: CachedSet) => boolean,
  at: Instant,
): FoundMessage | undefined {
  const answer = setsOf(view, message.answer, good);
  const authority = setsOf(view, message.authority, good);
  const additional = setsOf(view, message.additional, good);
  if (!answer || !authority || !additional) return undefined;
  const ownSoa = message.kind === 'negative' ? authority.map((set) => asKept(set, message)) : authority;
  return { kind: 'message', message, answer, authority: ownSoa, additional, renewBefore: aging(message, at) };
}

/** The SOA record of a no shows how long this no is good, unless the zone has another SOA record by now. */
function asKept(set: CachedSet, message: CachedMessage): CachedSet {
  if (
    set.type !== 'SOA' ||
    !sameRecords(
      set.records,
      message.records.filter((r) => r.type === 'SOA'),
    )
  )
    return set;
  return { ...set, expiresAt: message.expiresAt, ttl: message.ttl };
}

function setsOf(view: CacheView, keys: CachedMessage['answer'], good: (set: CachedSet) => boolean): CachedSet[] | undefined {
  const out: CachedSet[] = [];
  for (const k of keys) {
    const set = view.set(k);
    if (!set || !good(set)) return undefined;
    out.push(set);
  }
  return out;
}

/** In the last tenth of its life something is worth renewing before it runs out. */
const aging = (entry: { readonly ttl: number; readonly expiresAt: Instant }, at: Instant): Instant | undefined =>
  secondsLeft(entry, at) <= entry.ttl / 10 ? entry.expiresAt : undefined;

function cachedAlias(view: CacheView, question: Question, at: Instant): Found | undefined {
  return cachedDname(view, question, at) ?? cachedCname(view, question, at);
}

/**
 * A DNAME above the name, and the CNAME made of it. An unsigned one serves only for names that its server has been asked about
 * (RFC 6672 §3.4 lets a resolver go further).
 */
function cachedDname(view: CacheView, question: Question, at: Instant): Found | undefined {
  for (let owner = question.name; owner !== ROOT; ) {
    owner = parent(owner);
    const dname = freshSet(view, setKey(owner, 'DNAME', question.class), at);
    if (!dname || dname.rank < RANK.answer) continue;
    const made = synthesised(question.name, dname);
    if (made === undefined || made === 'too-long') return undefined;
    const known = freshSet(view, made.key, at);
    if (dname.security !== 'secure' && !known) return undefined;
    const target = dataOf(made.records[0] as ResourceRecord, 'CNAME')?.target;
    const alias: CachedSet = { ...dname, ...made };
    return target && { kind: 'alias', target, sets: [dname, alias], renewBefore: aging(dname, at) };
  }
  return undefined;
}

function cachedCname(view: CacheView, question: Question, at: Instant): Found | undefined {
  const set = freshSet(view, setKey(question.name, 'CNAME', question.class), at);
  if (!set || set.rank < RANK.answer) return undefined;
  const target = dataOf(set.records[0] as ResourceRecord, 'CNAME')?.target;
  // An alias made from a wildcard is worth nothing without its proof (RFC 4035 §5.3.4).
  const proofs = setsOf(view, set.proofs ?? [], (proof) => at < proof.expiresAt);
  return target && proofs && { kind: 'alias', target, sets: [set], proofs, renewBefore: aging(set, at) };
}

/** For a query of type ANY: the common types that are known of the name. It asks for what there is, not for all there may be. */
function everything(view: CacheView, question: Question, at: Instant): FoundMessage | undefined {
  const answer = COMMON_TYPES.flatMap((type) => {
    const set = freshSet(view, setKey(question.name, type, question.class), at);
    return set && set.rank >= RANK.answer ? [set] : [];
  });
  const [first] = answer;
  if (!first) return undefined;
  const { cache, name, ttl, storedAt, expiresAt, trust, security } = first;
  const keys = answer.map((set) => set.key);
  const message: CachedMessage = {
    ...{ cache, name, ttl, storedAt, expiresAt, trust, security },
    key: messageKey(question),
    kind: 'answer',
    type: 'ANY',
    rcode: 'NOERROR',
    answer: keys,
    authority: [],
    additional: [],
    records: [],
    reasons: [],
  };
  return { kind: 'message', message, answer, authority: [], additional: [], renewBefore: undefined };
}

const COMMON_TYPES = ['A', 'AAAA', 'MX', 'SOA', 'NS', 'DNAME'] as const;

/** A name above that does not exist: then nothing below it does (RFC 8020 §2). */
function cutAbove(view: CacheView, question: Question, at: Instant, settings: ResolverSettings): FoundMessage | undefined {
  for (let name = question.name; name !== ROOT; ) {
    name = parent(name);
    const message = fresh(view.message(noNameKey({ ...question, name })), at);
    if (message && (settings.nxdomainCut === 'always' || message.security === 'secure')) {
      const whole = freshMessage(view, message, at);
      if (whole) return whole;
    }
  }
  return undefined;
}

const MISS: Explained<Found> = {
  value: { kind: 'miss' },
  reasons: [reason('cache-miss', 'The cache has neither an answer nor an alias for this question.', 'RFC 1034 §5.3.3 step 1')],
};
const HIT = reason('cache-hit', 'The cache still has the answer.', 'RFC 1034 §5.3.3 step 1');
const CACHED_NODATA = reason('cached-no', 'The cache still has the “no”, for this type.', 'RFC 2308 §5');
const CACHED_NXDOMAIN = reason('cached-no', 'The cache still has the “no such name”, which holds for every type.', 'RFC 2308 §5');
const ALIAS = reason('cached-alias', 'The cache knows that the name stands for another one.', 'RFC 1034 §5.3.3 step 1');
const CUT = reason('nxdomain-cut', 'A name above does not exist, so nothing below it does.', 'RFC 8020 §2');
const FAILED_BEFORE = reason(
  'cached-failure',
  'This was tried a short while ago, in vain, and is left in peace for now.',
  'RFC 9520 §3.2',
);
