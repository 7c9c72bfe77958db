/** How a job ends: the response that is made of what was found, from the network, the cache, or what has expired. */
import { between, type Duration, type Instant } from '../../base/time.ts';
import { securityOf } from '../../dns/dnssec/verdict.ts';
import type { Rcode } from '../../dns/message.ts';
import type { CachedMessage, CachedSet, CacheView, ExtendedError } from '../../dns/resolve/cache.ts';
import type { Outcome, Shown } from '../../dns/resolve/compose.ts';
import { shown } from '../../dns/resolve/compose.ts';
import { synthesise } from '../../dns/resolve/dns64.ts';
import type { Learned } from '../../dns/resolve/learn.ts';
import type { FoundMessage } from '../../dns/resolve/lookup.ts';
import { reportOf } from '../../dns/resolve/report.ts';
import { staleOutcome } from '../../dns/resolve/stale.ts';
import { scopedView, scopeOf } from '../../dns/resolve/subnet.ts';
import type { Given } from '../effects.ts';
import type { Job, ReadReply } from './job.ts';
import { foundOf } from './look.ts';
import type { Needed } from './talk.ts';

type Change = Partial<Job>;

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

/** What was read, or else what was found, is the answer. */
export const answered = (job: Job, at: Instant): Change => (job.reply ? answeredByServer(job, at) : answeredFromCache(job, at));

/** Whether what was read, or else what was found, is an alias. */
export const isAlias = (job: Job): boolean => (job.reply ? job.reply.kind === 'cname' : foundOf(job).kind === 'alias');

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
  const { settings, links, startedAt } = job;
  // What this very walk has learned keeps the TTL that it came with, however long the rest of the walk took.
  const show = (set: CachedSet) => shown(set, set.storedAt >= startedAt ? set.storedAt : at, settings);
  const own = sections.answer.map(show);
  const outcome: Outcome = {
    rcode,
    answer: links.length === 0 ? own : [...links.map(show), ...own],
    authority: withProofs(job, sections.authority).map(show),
    additional: sections.additional.map(show),
    security: job.checking && message ? securityOf([message, ...links]) : 'unchecked',
    source,
    errors: message?.errors ?? NO_ERRORS,
    ...(job.subnet && message ? { scope: scopeOf(message.key) } : {}),
  };
  return job.synthesising === undefined || job.synthesising === 'real' ? outcome : translated(job, outcome);
}

const NO_ERRORS: readonly ExtendedError[] = [];

/** What shows that the aliases on the way were made of wildcards goes along (RFC 4035 §3.1.3.3). */
function withProofs({ checking }: Job, authority: readonly CachedSet[]): readonly CachedSet[] {
  if (!checking || checking.proofs.length === 0) return authority;
  return [...authority, ...checking.proofs.filter((proof) => !authority.some(({ key }) => key === proof.key))];
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
  // Nobody has signed what is made up here (RFC 6147 §5.5).
  const security = outcome.security === 'secure' ? 'insecure' : outcome.security;
  const no = typeof synthesising === 'object' ? synthesising.authority : undefined;
  return { ...outcome, answer: synthesise(outcome.answer, no, settings.dns64), security };
}

/** Whether an address is missing that DNS64 would make, or, where it had nothing to make it of, the real one. */
export function wantsSynthesis(job: Job): boolean {
  const { settings, asking, synthesising, checkingDisabled } = job;
  if (settings.dns64 === undefined || checkingDisabled) return false;
  return asking.type === 'AAAA' ? synthesising === undefined : asking.type === 'A' && synthesising === 'ignored';
}

/** Whether the cache or the reply says that there is no address of the kind asked for. */
export function saysNoAddress(job: Job): boolean {
  if (job.reply) return job.reply.kind === 'nodata';
  const found = foundOf(job);
  if (found.kind !== 'message' || found.message.rcode !== 'NOERROR') return false;
  return !found.answer.some((set) => set.type === job.asking.type);
}

/** Nothing was found. */
export function failed(job: Job): Change {
  const outcome: Outcome = {
    rcode: 'SERVFAIL',
    answer: [],
    authority: [],
    additional: [],
    security: job.checking?.bogus ? 'bogus' : 'indeterminate',
    source: foundOf(job).kind === 'failure' ? 'cache' : 'network',
    errors: errorsOf(job),
  };
  return { outcome };
}

/** Servers have answered, but all that they say leads on and on: no code is for that alone (RFC 8914 §4.1). */
const ENDLESS: ExtendedError = { code: 0, text: 'the aliases lead in a circle, or on and on' };

/** What a client may be told of a failure (RFC 8914 §4.23). */
export function errorsOf(job: Job): readonly ExtendedError[] {
  const found = foundOf(job);
  if (found.kind === 'failure') return found.message.errors ?? [];
  const bogus = job.checking?.bogus;
  if (bogus) return bogus.error ? [bogus.error] : [];
  if (isAlias(job)) return [ENDLESS];
  return [{ code: 22, text: job.trouble.at(-1)?.text ?? 'No server gave an answer.' }];
}

/** The question by which the zone's operator is told of a failure; undefined when nobody wants to be told (RFC 9567 §6.1). */
export function reportNeeded(job: Job): Needed | undefined {
  const { reply, resolver, asking, purpose, quota } = job;
  const [error] = errorsOf(job);
  // A zone above that refers to the one that fails is not the one to be told.
  if (!reply?.agent || reply.kind === 'referral' || !error || purpose !== 'client') return undefined;
  const question = reportOf(asking, error.code, reply.agent);
  if (!question) return undefined;
  return { type: 'needed', by: resolver, question, purpose: 'report', depth: 0, quota, leeway: NO_TIME, detached: true };
}

/** An old answer, if there is one that may be lent (RFC 8767). */
export const staleOf = (job: Job, { view, at }: Given<CacheView>): Outcome | undefined =>
  job.settings.stale && job.purpose === 'client'
    ? staleOutcome(
        job.subnet ? scopedView(view, job.subnet) : view,
        job.question,
        at,
        job.settings,
        job.step?.value.kind === 'give-up',
      )
    : undefined;

/** Whether an old answer is lent without another attempt: the policy says so, or the last attempt was a short while ago. */
export const mayLendNow = (job: Job): boolean => job.settings.stale?.clientTimeout === 0 || foundOf(job).kind === 'failure';

/** How long the answer is still good, when it is worth renewing: it was in the last tenth of its life, or is over already. */
export function renewal(job: Job, at: Instant): Duration | undefined {
  const { outcome, renewBefore } = job;
  if (outcome?.source === 'stale') return foundOf(job).kind === 'failure' || job.queries > 0 ? undefined : NO_TIME;
  return outcome?.source === 'cache' && renewBefore !== undefined ? between(at, renewBefore) : undefined;
}

const NO_TIME = 0 as Duration;
