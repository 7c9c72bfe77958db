/** How a job changes with each move of its chart: pure functions from a job and what came to what is different. */
import type { Address } from '../../base/address.ts';
import { reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import { sameName } from '../../dns/name.ts';
import type { CachedMessage, CachedSet, CacheView } from '../../dns/resolve/cache.ts';
import { withItems } from '../../dns/resolve/cache.ts';
import type { Outcome } from '../../dns/resolve/compose.ts';
import { shown } from '../../dns/resolve/compose.ts';
import type { Delegation, NameServer } from '../../dns/resolve/delegation.ts';
import { addressesOf } from '../../dns/resolve/delegation.ts';
import type { Learned } from '../../dns/resolve/learn.ts';
import { learnFailure } from '../../dns/resolve/learn.ts';
import type { Found, FoundMessage } from '../../dns/resolve/lookup.ts';
import { lookUp } from '../../dns/resolve/lookup.ts';
import { backedOff } from '../../dns/resolve/rtt.ts';
import type { Tries } from '../../dns/resolve/select.ts';
import type { CacheEntry, DecisionRecord } from '../../trace/trace.ts';
import type { EffectParams, Given } from '../effects.ts';
import { lookupKey } from './choose.ts';
import type { Job, Pending, ReadReply, Resolved } from './job.ts';

type Change = Partial<Job>;

/** Looks in the cache; a renewal passes it over for its own question. What this very turn has taught counts as well. */
export function looked(job: Job, { view, at }: Given<CacheView>): Change {
  const own = job.restarts === 0 && (job.purpose === 'renewal' || job.purpose === 'priming');
  const seen = job.reply?.learned ? withItems(view, job.reply.learned.sets) : view;
  return { found: own ? PASSED_OVER : lookUp(seen, job.asking, at, job.settings), reply: undefined };
}

const PASSED_OVER = {
  value: { kind: 'miss' },
  reasons: [reason('cache-passed-over', 'The copy in the cache is to be renewed, so it is not used.')],
} as const;

export const foundOf = (job: Job): Found => job.found?.value ?? { kind: 'miss' };

export function lookRecord(job: Job): DecisionRecord {
  const found = foundOf(job);
  const { name, type } = job.asking;
  const inCache = found.kind === 'message' || found.kind === 'failure';
  return {
    about: 'cache',
    outcome: CACHE_WORDS[found.kind],
    asked: [
      { question: `The answer for ${name} ${type}?`, found: inCache ? 'in the cache' : 'not in the cache', yes: inCache },
      ...(inCache
        ? []
        : [{ question: 'An alias?', found: found.kind === 'alias' ? found.target : 'none', yes: found.kind === 'alias' }]),
    ],
    reasons: job.found?.reasons ?? [],
  };
}

const CACHE_WORDS: Readonly<Record<Found['kind'], string>> = {
  message: 'in the cache',
  alias: 'an alias in the cache',
  failure: 'failed a short while ago',
  miss: 'not in the cache',
};

/** The answer was in the cache. */
export function answeredFromCache(job: Job, at: Instant): Change {
  const found = foundOf(job) as FoundMessage;
  return { outcome: outcomeOf(job, found, found.message.rcode, at, job.links.length === 0 ? 'cache' : 'network') };
}

/** The zone's server has answered. */
export function answeredByServer(job: Job, at: Instant): Change {
  const { learned, kind } = job.reply as ReadReply;
  const sections = learned as Learned;
  return { outcome: outcomeOf(job, sections, kind === 'nxdomain' ? 'NXDOMAIN' : 'NOERROR', at, 'network') };
}

interface Sections {
  readonly answer: readonly CachedSet[];
  readonly authority: readonly CachedSet[];
  readonly additional: readonly CachedSet[];
}

function outcomeOf(job: Job, sections: Sections, rcode: Outcome['rcode'], at: Instant, source: Outcome['source']): Outcome {
  const { settings, links } = job;
  const show = (set: CachedSet) => shown(set, at, settings);
  return {
    rcode,
    answer: [...links.map(show), ...sections.answer.map(show)],
    authority: sections.authority.map(show),
    additional: sections.additional.map(show),
    security: 'unchecked',
    source,
    errors: job.errors,
  };
}

/** Nothing was found; a failure that is in the cache already stays as it is. */
export function failed(job: Job): Change {
  const outcome: Outcome = {
    rcode: 'SERVFAIL',
    answer: [],
    authority: [],
    additional: [],
    security: 'indeterminate',
    source: foundOf(job).kind === 'failure' ? 'cache' : 'network',
    errors: job.errors,
  };
  return { outcome };
}

/** Goes on with the name that the alias leads to, from the beginning (RFC 1034 §5.3.3 step 4c). */
export function followed(job: Job): Change {
  const found = foundOf(job);
  const alias = job.reply ?? (found.kind === 'alias' ? found : undefined);
  const target = alias?.target;
  if (alias === undefined || target === undefined) throw new Error('an alias is followed that nobody has given');
  const sets = 'sets' in alias ? alias.sets : (alias.learned as Learned).answer;
  return {
    links: [...job.links, ...sets],
    asking: { ...job.asking, name: target },
    restarts: job.restarts + 1,
    sends: 0,
    delegation: undefined,
    tries: {},
    lookups: {},
    triedParentSide: false,
    emptyBefore: false,
    ignoreConfigured: false,
  };
}

/** Nearer to the name: the servers of the referral are asked from now on (RFC 1034 §5.3.3 step 4b). */
export function referred(job: Job): Change {
  return {
    delegation: (job.reply as ReadReply).next,
    referrals: job.referrals + 1,
    sends: 0,
    tries: {},
    triedParentSide: false,
    emptyBefore: false,
  };
}

/** The query has been sent. */
export const sent = (job: Job, pending: Pending): Change => ({
  pending,
  sends: job.sends + 1,
  queries: job.queries + 1,
  tries: tried(job.tries, pending.target.address),
});

const tried = (tries: Tries, address: Address): Tries => ({
  ...tries,
  [address]: { ...tries[address], times: (tries[address]?.times ?? 0) + 1 },
});

/** No reply came in time: this server's next timeout is twice as long (RFC 6298 §5.5). */
export function timedOut(job: Job, at: Instant): Change {
  const { target } = job.pending as Pending;
  const why = reason('timeout', `${target.server} (${target.address}) did not reply in time.`, 'RFC 1035 §4.2.1');
  return {
    standings: new Map(job.standings).set(target.address, backedOff(target.standing, at)),
    trouble: withTrouble(job, why),
    pending: undefined,
  };
}

/** The reply was of no use: this server is not asked again for this zone (RFC 1034 §5.3.3 step 4d). */
export function passedOver(job: Job): Change {
  const { target } = job.pending as Pending;
  const { kind, reasons } = job.reply as ReadReply;
  const [why] = reasons;
  const again = kind === 'malformed';
  const tries =
    why && !again ? { ...job.tries, [target.address]: { times: job.tries[target.address]?.times ?? 1, out: why } } : job.tries;
  return {
    tries,
    trouble: why ? withTrouble(job, why) : job.trouble,
    emptyBefore: job.emptyBefore || why?.rule === 'empty',
    pending: undefined,
  };
}

/** TCP did not work with this server. */
export function disconnected(job: Job, why: import('../../base/reason.ts').Reason): Change {
  const { target } = job.pending as Pending;
  return {
    tries: { ...job.tries, [target.address]: { times: job.tries[target.address]?.times ?? 1, out: why } },
    trouble: withTrouble(job, why),
    pending: undefined,
  };
}

const MOST_TROUBLE = 16;
const withTrouble = (job: Job, why: import('../../base/reason.ts').Reason) =>
  job.trouble.length < MOST_TROUBLE ? [...job.trouble, why] : job.trouble;

/** The server does not know EDNS: it is asked again, without. */
export function withoutEdns(job: Job, at: Instant): Change {
  const { target } = job.pending as Pending;
  return { standings: new Map(job.standings).set(target.address, { ...target.standing, noEdns: true, at }) };
}

/** What was needed has come, or has not. */
export function resolved(job: Job, event: Resolved): Change {
  const { question, outcome, queries, standings } = event;
  const found = outcome?.rcode === 'NOERROR' ? outcome.answer.filter((set) => set.type === question.type) : [];
  const key = lookupKey(question.name, question.type);
  const addresses = found.flatMap((set) => addressesOf(set.records));
  // RFC 2181 §10.3: a name server's name must not be an alias.
  const direct = found.length > 0 && found.every((set) => sameName(set.name, question.name));
  const good = question.type === 'NS' ? found.length > 0 : direct;
  return {
    lookups: { ...job.lookups, [key]: good ? 'found' : 'failed' },
    queries: job.queries + queries,
    standings,
    ...(good && job.delegation ? { delegation: withAddresses(job.delegation, question.name, addresses) } : {}),
  };
}

function withAddresses(delegation: Delegation, server: NameServer['name'], addresses: readonly Address[]): Delegation {
  const servers = delegation.servers.map((known) =>
    sameName(known.name, server) ? { ...known, addresses: [...new Set([...known.addresses, ...addresses])] } : known,
  );
  return { ...delegation, servers };
}

/** What of a reply goes into the cache, as effects: one for each set shown, and one for the message when it is a no. */
export function lessons(job: Job): EffectParams['remember'][] {
  const learned = job.reply?.learned;
  if (!learned || job.delegation?.forward?.noCache) return [];
  const { sets, message, beside } = learned;
  const out: EffectParams['remember'][] = [];
  let rest: readonly (CachedSet | CachedMessage)[] = message && message.ttl > 0 ? [message, ...beside] : beside;
  if (message?.kind === 'negative') {
    out.push({ entry: message as CacheEntry, store: rest });
    rest = [];
  }
  for (const set of sets) {
    out.push({ entry: set as CacheEntry, store: rest.length === 0 ? [set] : [set, ...rest] });
    rest = [];
  }
  const [first] = learned.answer;
  if (rest.length > 0 && first) out.push({ entry: first as CacheEntry, store: rest });
  return out;
}

/** A failure to be remembered; none when it comes from the cache or is nobody's fault. */
export function failureToRemember(job: Job, { view, at }: Given<CacheView>): EffectParams['remember'] | undefined {
  if (foundOf(job).kind === 'failure' || job.settings.failureTtl === 0) return undefined;
  const lesson = { cache: job.cache, at, askedAt: at, learnedFrom: undefined, settings: job.settings };
  const message = learnFailure(view, job.question, lesson, job.trouble, job.errors);
  return { entry: message as CacheEntry, store: [message] };
}
