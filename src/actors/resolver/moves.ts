/** How a job changes with each move of its chart: pure functions from a job and what came to what is different. */
import type { Address } from '../../base/address.ts';
import { type Reason, reason } from '../../base/reason.ts';
import { between, type Duration, type Instant, later } from '../../base/time.ts';
import type { Question, Rcode } from '../../dns/message.ts';
import { isSubdomain, key, sameName } from '../../dns/name.ts';
import type { CachedMessage, CachedSet, CacheView, ExtendedError } from '../../dns/resolve/cache.ts';
import { fresh, withItems } from '../../dns/resolve/cache.ts';
import type { Outcome, Shown } from '../../dns/resolve/compose.ts';
import { shown } from '../../dns/resolve/compose.ts';
import type { Delegation, NameServer } from '../../dns/resolve/delegation.ts';
import { addressesOf } from '../../dns/resolve/delegation.ts';
import { synthesise } from '../../dns/resolve/dns64.ts';
import type { Learned } from '../../dns/resolve/learn.ts';
import { learnFailure, messageKey } from '../../dns/resolve/learn.ts';
import type { Found, FoundMessage } from '../../dns/resolve/lookup.ts';
import { lookUp } from '../../dns/resolve/lookup.ts';
import { nextShown, SHOWING_ALL, type Showing } from '../../dns/resolve/minimise.ts';
import { backedOff } from '../../dns/resolve/rtt.ts';
import type { Tries } from '../../dns/resolve/select.ts';
import { restingFailure, staleOutcome } from '../../dns/resolve/stale.ts';
import type { CacheEntry, DecisionRecord } from '../../trace/trace.ts';
import type { EffectParams, Given } from '../effects.ts';
import { makeQuery } from './ask.ts';
import { type Chosen, lookupKey } from './choose.ts';
import { type Job, type Needed, type Pending, type ReadReply, type Resolved, startShowing } from './job.ts';

type Change = Partial<Job>;

/** Looks in the cache; a renewal passes it over for its own question. What this very turn has taught counts as well. */
export function looked(job: Job, { view, at }: Given<CacheView>): Change {
  const { settings, asking, leeway, renewBefore } = job;
  const own = job.restarts === 0 && (job.purpose === 'renewal' || job.purpose === 'priming');
  const seen = job.reply?.learned ? withItems(view, job.reply.learned.sets) : view;
  const found = own || job.delegation?.forward?.noCache ? PASSED_OVER : lookUp(seen, asking, later(at, leeway), settings);
  const { value } = found;
  if (!settings.prefetch || !('renewBefore' in value) || value.renewBefore === undefined) return { found, reply: undefined };
  return { found, reply: undefined, renewBefore: Math.min(value.renewBefore, renewBefore ?? value.renewBefore) as Instant };
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
  const { message } = found;
  return { outcome: outcomeOf(job, found, message, message.rcode, at, job.queries === 0 ? 'cache' : 'network') };
}

/** The zone's server has answered. */
export function answeredByServer(job: Job, at: Instant): Change {
  const { learned, kind } = job.reply as ReadReply;
  const sections = learned as Learned;
  return { outcome: outcomeOf(job, sections, sections.message, kind === 'nxdomain' ? 'NXDOMAIN' : 'NOERROR', at, 'network') };
}

interface Sections {
  readonly answer: readonly CachedSet[];
  readonly authority: readonly CachedSet[];
  readonly additional: readonly CachedSet[];
}

function outcomeOf(
  job: Job,
  sections: Sections,
  message: CachedMessage | undefined,
  rcode: Rcode,
  at: Instant,
  source: Outcome['source'],
): Outcome {
  const { settings, links } = job;
  const show = (set: CachedSet) => shown(set, at, settings);
  const outcome: Outcome = {
    rcode,
    answer: [...links.map(show), ...sections.answer.map(show)],
    authority: sections.authority.map(show),
    additional: sections.additional.map(show),
    security: 'unchecked',
    source,
    errors: message?.errors ? [...job.errors, ...message.errors] : job.errors,
  };
  return job.synthesising === undefined || job.synthesising === 'real' ? outcome : translated(job, outcome);
}

/** DNS64 (RFC 6147 §5.1.7, §5.3.1): AAAA records made of the A records; a reverse name given back as it was asked. */
function translated(job: Job, outcome: Outcome): Outcome {
  const { question, settings, synthesising } = job;
  if (question.type === 'PTR') {
    const rename = (set: Shown): Shown => ({
      ...set,
      name: question.name,
      records: set.records.map((r) => ({ ...r, name: question.name })),
    });
    return { ...outcome, answer: outcome.answer.filter((set) => set.type === 'PTR').map(rename) };
  }
  if (!settings.dns64 || !outcome.answer.some((set) => set.type === 'A'))
    return typeof synthesising === 'object' ? synthesising : outcome;
  return { ...outcome, answer: synthesise(outcome.answer, settings.dns64) };
}

/** There is no AAAA record, or none that counts: A records are asked for (RFC 6147 §5.1.6). */
export function askedForA(job: Job, at: Instant): Change {
  if (job.synthesising === 'ignored') return { ...afresh(job), asking: { ...job.asking, type: 'AAAA' }, synthesising: 'real' };
  const found = foundOf(job);
  const no = found.kind === 'message' ? answeredFromCache(job, at).outcome : answeredByServer(job, at).outcome;
  return { ...afresh(job), asking: { ...job.asking, type: 'A' }, synthesising: no };
}

/** Whether an AAAA record is missing that DNS64 would make. */
export function wantsSynthesis(job: Job): boolean {
  const { settings, asking, synthesising, checkingDisabled } = job;
  if (settings.dns64 === undefined || checkingDisabled) return false;
  return asking.type === 'AAAA' ? synthesising === undefined : asking.type === 'A' && synthesising === 'ignored';
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
    errors: errorsOf(job),
  };
  return { outcome };
}

/** What a client may be told of a failure (RFC 8914 §4.23). */
function errorsOf(job: Job): readonly ExtendedError[] {
  const found = foundOf(job);
  if (found.kind === 'failure') return found.message.errors ?? [];
  return job.errors.length > 0 ? job.errors : [{ code: 22, text: job.trouble.at(-1)?.text ?? 'no server gave an answer' }];
}

/** An old answer, if there is one that may be lent (RFC 8767). */
export const staleOf = (job: Job, { view, at }: Given<CacheView>): Outcome | undefined =>
  job.settings.stale && job.purpose === 'client' ? staleOutcome(view, job.question, at, job.settings) : undefined;

/** Goes on with the name that the alias leads to, from the beginning (RFC 1034 §5.3.3 step 4c). */
export function followed(job: Job): Change {
  const found = foundOf(job);
  const alias = job.reply ?? (found.kind === 'alias' ? found : undefined);
  const target = alias?.target;
  if (alias === undefined || target === undefined) throw new Error('an alias is followed that nobody has given');
  const sets = 'sets' in alias ? alias.sets : (alias.learned as Learned).answer;
  return {
    // A DNAME may serve twice in one chain; it is shown once.
    links: [...job.links, ...sets.filter((set) => !job.links.some((link) => link.key === set.key))],
    asking: { ...job.asking, name: target },
    restarts: job.restarts + 1,
    ...afresh(job),
  };
}

/** Everything about the way to an answer, forgotten. */
const afresh = (job: Job): Change => ({
  sends: 0,
  delegation: undefined,
  tries: {},
  lookups: {},
  triedParentSide: false,
  emptyBefore: false,
  ignoreConfigured: false,
  refetched: [],
  showing: startShowing(job.settings),
  part: undefined,
});

/** Nearer to the name: the servers of the referral are asked from now on (RFC 1034 §5.3.3 step 4b). */
export function referred(job: Job): Change {
  const delegation = (job.reply as ReadReply).next as Delegation;
  const showing = job.settings.minimisation === 'off' || !job.showing.on ? job.showing : { ...job.showing, labels: undefined };
  const change = { delegation, referrals: job.referrals + 1, emptyBefore: false, showing, part: undefined };
  // Servers that were tried before the delegation was fetched anew are not tried all over again.
  if (job.refetched.includes(key(delegation.zone))) return change;
  return { ...change, sends: 0, tries: {}, triedParentSide: false };
}

/** What comes next has been chosen; when that is a server, the query to it is made. */
export function chosen(job: Job, { step, change }: Chosen, given: Given<CacheView>): Change {
  if (step.value.kind !== 'ask') return { ...change, step };
  const { target, delegation } = step.value;
  const { sends, queries, tries } = job;
  const part = job.part
    ? { question: job.part, showing: job.showing }
    : nextPart(job, delegation, change.showing ?? job.showing, given);
  const pending = makeQuery(job, part.question, target, delegation, given);
  return {
    ...change,
    step,
    pending,
    part: part.question,
    showing: part.showing,
    sends: sends + 1,
    queries: queries + 1,
    tries: tried(change.tries ?? tries, target.address),
  };
}

/** What of the name to show; what the cache knows of its parts need not be asked (RFC 9156 §2.3). */
function nextPart(job: Job, delegation: Delegation, showing: Showing, { view, at }: Given<CacheView>) {
  const { asking, settings } = job;
  if (!showing.on || delegation.origin === 'forward') return { question: asking, showing };
  let next = nextShown(asking, delegation.zone, showing, settings.minimisationType);
  for (; next.showing.on; next = nextShown(asking, delegation.zone, next.showing, settings.minimisationType)) {
    const known = fresh(view.message(messageKey(next.question)), at);
    if (known?.rcode !== 'NOERROR') break;
  }
  return next;
}

/** The part of the name exists, or the server says something odd about it: more of it is shown. */
export function showedMore(job: Job): Change {
  const all = job.reply?.kind === 'nxdomain';
  return { part: undefined, showing: all ? SHOWING_ALL : job.showing, tries: {}, emptyBefore: false, pending: undefined };
}

/** The same question to the same server, by TCP. */
export function askedAgain(job: Job, given: Given): Change {
  const { target, question } = job.pending as Pending;
  const pending = makeQuery(job, question, target, job.delegation as Delegation, given, 'tcp');
  return { pending, sends: job.sends + 1, queries: job.queries + 1 };
}

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
    ...afterTimeout(job),
  };
}

/** RFC 9156 §2.3 lets a resolver show the whole name when a part of it leads nowhere. */
const MOST_TIMEOUTS = 3;

function afterTimeout(job: Job): Change {
  const { showing, settings } = job;
  if (!showing.on) return {};
  if (showing.timeouts + 1 >= MOST_TIMEOUTS && settings.minimisation !== 'strict')
    return { showing: SHOWING_ALL, part: undefined };
  return { showing: { ...showing, timeouts: showing.timeouts + 1 } };
}

/** The reply was of no use: this server is not asked again for this zone (RFC 1034 §5.3.3 step 4d). */
export function passedOver(job: Job): Change {
  const { target } = job.pending as Pending;
  const { kind, reasons } = job.reply as ReadReply;
  const [why] = reasons;
  const times = job.tries[target.address]?.times ?? 1;
  const aside = why?.rule === 'empty' ? 'empty' : kind === 'recursion-lame' ? 'recursive' : undefined;
  // A reply that is none says nothing against the server.
  const tries =
    why && kind !== 'malformed'
      ? { ...job.tries, [target.address]: { times, out: why, ...(aside ? { aside } : {}) } }
      : job.tries;
  const whole = job.showing.on && job.settings.minimisation !== 'strict';
  return {
    tries: whole ? {} : tries,
    trouble: why ? withTrouble(job, why) : job.trouble,
    emptyBefore: job.emptyBefore || why?.rule === 'empty',
    pending: undefined,
    ...(whole ? { showing: SHOWING_ALL, part: undefined } : {}),
  };
}

/** TCP did not work with this server. */
export function disconnected(job: Job, why: Reason): Change {
  const { target } = job.pending as Pending;
  return {
    tries: { ...job.tries, [target.address]: { times: job.tries[target.address]?.times ?? 1, out: why } },
    trouble: withTrouble(job, why),
    pending: undefined,
  };
}

const MOST_TROUBLE = 16;
const withTrouble = (job: Job, why: Reason) => (job.trouble.length < MOST_TROUBLE ? [...job.trouble, why] : job.trouble);

/** The server does not know EDNS: it is asked again, without. */
export function withoutEdns(job: Job, at: Instant): Change {
  const { target } = job.pending as Pending;
  return { standings: new Map(job.standings).set(target.address, { ...target.standing, noEdns: true, at }) };
}

/** What was needed has come, or has not. */
export function resolved(job: Job, event: Resolved): Change {
  const { question, outcome, queries, standings } = event;
  const found = outcome?.rcode === 'NOERROR' ? outcome.answer.filter((set) => set.type === question.type) : [];
  const asked = lookupKey(question.name, question.type);
  const addresses = found.flatMap((set) => addressesOf(set.records));
  // RFC 2181 §10.3: a name server's name must not be an alias.
  const direct = found.length > 0 && found.every((set) => sameName(set.name, question.name));
  const good = question.type === 'NS' ? found.length > 0 : direct;
  return {
    lookups: { ...job.lookups, [asked]: good ? 'found' : outcome?.rcode === 'NXDOMAIN' ? 'missing' : 'failed' },
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
  const { cache, settings, question, trouble, leeway } = job;
  const failure = learnFailure(
    view,
    question,
    { cache, at, learnedFrom: undefined, leeway, settings, errors: errorsOf(job) },
    trouble,
  );
  const message = settings.stale ? restingFailure(failure, settings.stale) : failure;
  return { entry: message as CacheEntry, store: [message] };
}

/** Whether an old answer is lent without another attempt: the policy says so, or the last attempt was a short while ago. */
export const mayLendNow = (job: Job): boolean => job.settings.stale?.clientTimeout === 0 || foundOf(job).kind === 'failure';

/** Whether the cache or the reply says that there is no address of the kind asked for. */
export function saysNoAddress(job: Job): boolean {
  if (job.reply) return job.reply.kind === 'nodata';
  const found = foundOf(job);
  return (
    found.kind === 'message' && found.message.rcode === 'NOERROR' && !found.answer.some((set) => set.type === job.asking.type)
  );
}

/** How long the answer is still good, when it is worth renewing: it was in the last tenth of its life, or is over already. */
export function renewal(job: Job, at: Instant): Duration | undefined {
  const { outcome, renewBefore } = job;
  if (outcome?.source === 'stale') return foundOf(job).kind === 'failure' || job.queries > 0 ? undefined : NO_TIME;
  return outcome?.source === 'cache' && renewBefore !== undefined ? between(at, renewBefore) : undefined;
}

const NO_TIME = 0 as Duration;

/** What is looked up for itself when a referral is not to be believed alone: the zone's NS set, and its servers' addresses. */
export function referralChecks(job: Job): Needed[] {
  const { settings, delegation, path, depth, quota, queries, asking } = job;
  if (!settings.hardenReferralPath || !delegation || depth > 0) return [];
  const { zone, servers } = delegation;
  const questions: Question[] = [{ name: zone, type: 'NS', class: 'IN' }];
  for (const { name } of servers) if (isSubdomain(name, zone)) questions.push({ name, type: 'A', class: 'IN' });
  return questions
    .filter((question) => question.type !== asking.type || !sameName(question.name, asking.name))
    .map((question) => ({
      type: 'needed',
      by: path,
      question,
      purpose: 'server-address',
      depth: depth + 1,
      quota: quota - queries,
      leeway: job.leeway,
      detached: true,
    }));
}
