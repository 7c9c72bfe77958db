/** The look into the cache: what the state "looking in the cache" finds. */
import { type Explained, reason } from '../../base/reason.ts';
import { type Instant, later } from '../../base/time.ts';
import { lookUpProofs } from '../../dns/dnssec/proven.ts';
import type { Question } from '../../dns/message.ts';
import { withItems } from '../../dns/resolve/cache.ts';
import { configuredZone } from '../../dns/resolve/delegation.ts';
import type { Found } from '../../dns/resolve/lookup.ts';
import { lookUp } from '../../dns/resolve/lookup.ts';
import type { ResolverSettings } from '../../dns/resolve/settings.ts';
import { scopedView } from '../../dns/resolve/subnet.ts';
import type { DecisionRecord } from '../../trace/trace.ts';
import type { Given } from '../effects.ts';
import type { Job } from './job.ts';
import type { ResolverView } from './memory.ts';

/** Looks in the cache; a renewal passes it over for its own question. What this very turn has taught counts as well. */
export function looked(job: Job, { view, at }: Given<ResolverView>): Partial<Job> {
  const { settings, asking, leeway, renewBefore, subnet } = job;
  const scoped = subnet ? scopedView(view, subnet) : view;
  const seen = job.reply?.learned ? withItems(scoped, job.reply.learned.sets) : scoped;
  const known = isPassedOver(job) ? PASSED_OVER : lookUp(seen, asking, later(at, leeway), settings);
  const found = isOthersFailure(job, known.value) ? PASSED_OVER : (proven(job, known.value, view, at) ?? known);
  const { value } = found;
  if (!settings.prefetch || !('renewBefore' in value) || value.renewBefore === undefined) return { found, reply: undefined };
  return { found, reply: undefined, renewBefore: Math.min(value.renewBefore, renewBefore ?? value.renewBefore) as Instant };
}

const isPassedOver = ({ restarts, purpose, asking, settings, instead }: Job): boolean =>
  (restarts === 0 && (purpose === 'renewal' || purpose === 'priming' || instead !== undefined)) ||
  isNeverCached(asking, settings);

/** That data were bogus is no failure for those who want them as they are. */
const isOthersFailure = ({ checkingDisabled, purpose }: Job, found: Found): boolean =>
  found.kind === 'failure' && found.message.security === 'bogus' && (checkingDisabled || purpose === 'evidence');

/** What the cache does not have may follow from what it has (RFC 8198). */
const proven = (job: Job, found: Found, { denial }: ResolverView, at: Instant): Explained<Found> | undefined =>
  found.kind === 'miss' && job.settings.validation.aggressiveNsec && !isPassedOver(job)
    ? lookUpProofs(denial, job.asking, at, job.cache)
    : undefined;

const isNeverCached = ({ name }: Question, settings: ResolverSettings): boolean =>
  settings.forwardZones.length > 0 && configuredZone(name, settings)?.forward?.noCache === true;

const PASSED_OVER = {
  value: { kind: 'miss' },
  reasons: [reason('cache-passed-over', 'The copy in the cache is to be renewed, so it is not used.')],
} as const;

/** What the last look found. */
export const foundOf = (job: Job): Found => job.found?.value ?? { kind: 'miss' };

/** The look for the record. */
export function lookRecord(job: Job): DecisionRecord {
  const found = foundOf(job);
  const { name, type } = job.asking;
  const inCache = found.kind === 'message' || found.kind === 'failure';
  const first = {
    question: `The answer for ${name} ${type}?`,
    found: inCache ? 'in the cache' : 'not in the cache',
    yes: inCache,
  };
  const alias = { question: 'An alias?', found: found.kind === 'alias' ? found.target : 'none', yes: found.kind === 'alias' };
  return {
    about: 'cache',
    outcome: IN_WORDS[found.kind],
    asked: inCache ? [first] : [first, alias],
    reasons: job.found?.reasons ?? [],
  };
}

const IN_WORDS: Readonly<Record<Found['kind'], string>> = {
  message: 'in the cache',
  alias: 'an alias in the cache',
  failure: 'failed a short while ago',
  miss: 'not in the cache',
};
