/** What a reply teaches: the sets and messages to remember, and the response that can be made of it. */
import type { Cidr } from '../../base/address.ts';
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Duration, Instant } from '../../base/time.ts';
import { later, seconds } from '../../base/time.ts';
import type { Question } from '../message.ts';
import type { RecordType } from '../record.ts';
import type { CachedMessage, CachedSet, CacheView, ExtendedError, MessageKey, Rank, Security, Source } from './cache.ts';
import { RANK, weigh } from './cache.ts';
import { negativeTtl, soaOf, withTtl } from './negative.ts';
import type { Scrubbed } from './scrub.ts';
import type { SetKey, SignedSet } from './sets.ts';
import { setKey } from './sets.ts';
import type { ResolverSettings } from './settings.ts';
import { scopedKey } from './subnet.ts';

/** Where and when a reply was got, for the entries made from it. */
export interface Lesson {
  readonly cache: string;
  readonly at: Instant;
  readonly learnedFrom: number | undefined;
  /** For a renewal: how long what is renewed would still have been good. */
  readonly leeway: Duration;
  /** When the question went out that the reply answers, if not at the same instant. */
  readonly askedAt?: Instant;
  /** Extended errors that go with the answer. */
  readonly errors: readonly ExtendedError[];
  /** The network for which it holds, when that is not everyone (RFC 7871). */
  readonly scope: Cidr | undefined;
  /** What a check of the signatures has said. */
  readonly security: Security;
  readonly settings: ResolverSettings;
}

/** What is to be remembered of a reply. */
export interface Learned {
  /** Sets that go into the cache, each to be shown as an entry of its own. */
  readonly sets: readonly CachedSet[];
  /** The message, when it is to be kept as the response to its question. */
  readonly message?: CachedMessage;
  /** Sets that go along with the message without an entry of their own: the SOA record of a no, and proofs. */
  readonly beside: readonly CachedSet[];
  /** The response's sections as they are to be shown. */
  readonly answer: readonly CachedSet[];
  readonly authority: readonly CachedSet[];
  readonly additional: readonly CachedSet[];
}

/** The key of the message that answers a question. */
export const messageKey = (question: Pick<Question, 'name' | 'type' | 'class'>): MessageKey =>
  setKey(question.name, question.type, question.class) as string as MessageKey;

/** The key of the message that says that a name does not exist, for every type (RFC 2308 §5). */
export const noNameKey = (question: Pick<Question, 'name'> & { readonly class?: Question['class'] }): MessageKey =>
  setKey(question.name, '*' as RecordType, question.class) as string as MessageKey;

/** The key under which a failure to find an answer is kept (RFC 9520). */
export const failureKey = (question: Question): MessageKey => `${messageKey(question)} failure` as MessageKey;

/** The SOA record of a no is kept apart from the SOA record as data, since its TTL is another (RFC 2308 §5). */
export const negativeSoaKey = (soa: SignedSet): SetKey => `${soa.key} negative` as SetKey;

/** What a referral teaches: the servers' names, and the addresses that came along (RFC 1034 §5.3.3 step 4b). */
export function learnReferral(view: CacheView, reply: Scrubbed, lesson: Lesson): Learned {
  const sets: CachedSet[] = [];
  // A renewal is about the answer; the way to it is not made longer by it.
  const plain = lesson.leeway === 0 ? lesson : { ...lesson, leeway: 0 as Duration };
  for (const set of reply.authority) keep(sets, view, set, RANK.referral, plain, true);
  for (const set of reply.additional) keep(sets, view, set, RANK.glue, plain, true);
  return { sets, beside: [], answer: [], authority: [], additional: [] };
}

/** What an answer or an alias teaches. An alias answers no question by itself, so no message is kept for it. */
export function learnAnswer(
  view: CacheView,
  reply: Scrubbed,
  question: Question,
  kind: 'answer' | 'cname',
  lesson: Lesson,
): Learned {
  const { aa } = reply.message.flags;
  const sets: CachedSet[] = [];
  const seen = new Set<SetKey>();
  // What stands in two sections counts where it stands first.
  const add = (section: readonly SignedSet[], rank: Rank): CachedSet[] => {
    const out: CachedSet[] = [];
    for (const set of section) if (!seen.has(set.key)) out.push(keep(sets, view, set, rank, lesson));
    for (const set of section) seen.add(set.key);
    return out;
  };
  const own = lesson.scope === undefined ? reply.answer : reply.answer.map((set) => scoped(set, lesson.scope));
  const answer = add(own, aa ? RANK.authoritative : RANK.answer);
  const authority = add(reply.authority, aa ? RANK.authority : RANK.referral);
  const additional = add(reply.additional, aa ? RANK.additional : RANK.glue);
  if (kind === 'cname') return { sets, beside: [], answer, authority, additional };
  const sections = minimal(answer, authority, additional, question, lesson.settings);
  const whole = [...sections.answer, ...sections.authority, ...sections.additional];
  const ttl = whole.reduce((least, set) => Math.min(least, secondsOf(set, lesson.at)), Number.POSITIVE_INFINITY);
  const message = messageOf('answer', question, reply, sections, ttl, lesson, []);
  return { sets, message, beside: [], ...sections };
}

/** What a no teaches: that there is no such name, or no such type, and for how long that holds (RFC 2308 §5). */
export function learnNegative(
  view: CacheView,
  reply: Scrubbed,
  question: Question,
  kind: 'nodata' | 'nxdomain',
  lesson: Lesson,
): Learned {
  const { settings, at } = lesson;
  const { aa } = reply.message.flags;
  const soa = soaOf(reply.authority);
  const ttl = negativeTtl(soa, settings);
  const beside: CachedSet[] = [];
  const sets: CachedSet[] = [];
  const authority: CachedSet[] = [];
  for (const set of reply.authority) {
    const rank = aa ? RANK.authority : RANK.referral;
    if (set === soa) {
      const entry = weigh(EMPTY, { ...withTtl(set, ttl), key: negativeSoaKey(set) }, sourceOf(lesson, rank, false), {
        ...settings,
        minTtl: 0,
      });
      beside.push(entry.shown);
      authority.push(entry.shown);
    } else if (set.type === 'NS') authority.push(keep(sets, view, set, rank, lesson));
    else authority.push(keep(beside, view, set, rank, lesson));
  }
  const additional = reply.additional.map((set) => keep(sets, view, set, aa ? RANK.additional : RANK.glue, lesson));
  const bare = authority.some((set) => set.type === 'NS') && !soa;
  const sections = { answer: [], authority, additional: settings.minimalResponses && !bare ? [] : additional };
  const least = soa ? Math.min(ttl, ...authority.map((set) => secondsOf(set, at))) : ttl;
  const why = [negativeReason(kind, ttl, soa)];
  const asked = kind === 'nxdomain' ? { ...question, type: 'ANY' as const } : question;
  const message = messageOf('negative', asked, reply, sections, least, lesson, why);
  const keyed = kind === 'nxdomain' ? { ...message, key: scopedKey(noNameKey(question), lesson.scope) } : message;
  return { sets, message: keyed, beside, ...sections };
}

/** A failure to find an answer, kept for a while so that the same question is not tried over and over (RFC 9520 §3.2). */
export function learnFailure(view: CacheView, question: Question, lesson: Lesson, why: readonly Reason[]): CachedMessage {
  const { at, settings, security } = lesson;
  const isBogus = security === 'bogus';
  const before = view.message(failureKey(question));
  const failures = before && at - before.expiresAt < seconds(before.ttl) ? (before.failures ?? 1) + 1 : 1;
  const longer = Math.min(
    settings.failureTtl * 2 ** Math.min(failures - 1, 16),
    Math.max(settings.maxFailureTtl, settings.failureTtl),
  );
  const ttl = isBogus ? settings.validation.bogusTtl : longer;
  return {
    cache: lesson.cache,
    key: failureKey(question),
    kind: 'failure',
    name: question.name,
    type: question.type,
    rcode: 'SERVFAIL',
    answer: [],
    authority: [],
    additional: [],
    records: [],
    ttl,
    storedAt: at,
    expiresAt: later(at, seconds(ttl)),
    trust: isBogus ? 'an answer that does not fit its signatures' : 'no server gave an answer',
    security: isBogus ? 'bogus' : 'indeterminate',
    reasons: why,
    failures,
    errors: lesson.errors,
  };
}

/** An answer that holds for some clients only is kept under a key of its own (RFC 7871 §7.3.1). */
const scoped = (set: SignedSet, scope: Cidr | undefined): SignedSet => ({ ...set, key: scopedKey(set.key, scope) });

/** Weighs a set, puts what is to be kept into `sets`, and gives what a response shows. */
function keep(sets: CachedSet[], view: CacheView, set: SignedSet, rank: Rank, lesson: Lesson, parental = false): CachedSet {
  const weighed = weigh(view, set, sourceOf(lesson, rank, parental), lesson.settings);
  if (weighed.keep) sets.push(weighed.keep);
  return weighed.shown;
}

const sourceOf = (lesson: Lesson, rank: Rank, parental: boolean): Source => ({
  cache: lesson.cache,
  at: lesson.at,
  rank: lesson.security === 'secure' ? RANK.validated : rank,
  learnedFrom: lesson.learnedFrom,
  parental,
  leeway: lesson.leeway,
  ...(lesson.askedAt === undefined ? {} : { askedAt: lesson.askedAt }),
  security: lesson.security,
});

const EMPTY: CacheView = { set: () => undefined, message: () => undefined };

interface Sections {
  readonly answer: readonly CachedSet[];
  readonly authority: readonly CachedSet[];
  readonly additional: readonly CachedSet[];
}

/** A positive response without what the client did not ask for, unless proofs belong to it. */
function minimal(
  answer: readonly CachedSet[],
  authority: readonly CachedSet[],
  additional: readonly CachedSet[],
  question: Question,
  settings: ResolverSettings,
): Sections {
  if (
    !settings.minimalResponses ||
    question.type === 'NS' ||
    !answer.some((set) => set.type === question.type) ||
    authority.some((set) => set.type === 'NSEC' || set.type === 'NSEC3')
  )
    return { answer, authority, additional };
  return { answer, authority: [], additional: [] };
}

const secondsOf = (set: CachedSet, at: Instant): number => Math.max(0, Math.floor((set.expiresAt - at) / 1_000_000));

function messageOf(
  kind: 'answer' | 'negative',
  question: Question,
  reply: Scrubbed,
  sections: Sections,
  ttl: number,
  lesson: Lesson,
  reasons: readonly Reason[],
): CachedMessage {
  return {
    cache: lesson.cache,
    key: scopedKey(messageKey(question), lesson.scope),
    kind,
    name: question.name,
    type: question.type,
    rcode: kind === 'answer' ? 'NOERROR' : reply.message.rcode,
    answer: sections.answer.map(keyOf),
    authority: sections.authority.map(keyOf),
    additional: sections.additional.map(keyOf),
    records: kind === 'negative' ? sections.authority.flatMap((set) => [...set.records, ...set.signatures]) : [],
    ttl,
    storedAt: lesson.at,
    expiresAt: later(lesson.at, seconds(ttl)),
    ...(lesson.learnedFrom === undefined ? {} : { learnedFrom: lesson.learnedFrom }),
    trust: reply.message.flags.aa ? 'answer of the zone’s server' : 'answer passed on by a server that does not have the zone',
    security: lesson.security,
    reasons,
    ...(lesson.errors.length === 0 ? {} : { errors: lesson.errors }),
  };
}

const keyOf = (set: CachedSet): SetKey => set.key;

function negativeReason(kind: 'nodata' | 'nxdomain', ttl: number, soa: SignedSet | undefined): Reason {
  const what = kind === 'nxdomain' ? 'that there is no such name, for every type,' : 'that the name has no record of this type';
  if (!soa)
    return reason(
      'negative-caching',
      `The reply says ${what} without an SOA record, so it is kept for ${ttl} s only.`,
      'RFC 2308 §5',
    );
  return reason(
    'negative-caching',
    `The reply says ${what} and is kept for ${ttl} s: the smaller of the SOA record’s TTL and its last field.`,
    'RFC 2308 §5',
  );
}
