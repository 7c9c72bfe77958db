/** What a job puts into the cache, as effects. */
import { reason } from '../../base/reason.ts';
import { isBelow, parent } from '../../dns/name.ts';
import type { CachedMessage, CachedSet, CacheView } from '../../dns/resolve/cache.ts';
import { fresh } from '../../dns/resolve/cache.ts';
import { type Lesson, learnFailure, noNameKey } from '../../dns/resolve/learn.ts';
import { setKey } from '../../dns/resolve/sets.ts';
import { restingFailure, staleOutcome } from '../../dns/resolve/stale.ts';
import type { CacheEntry } from '../../trace/trace.ts';
import type { EffectParams, EffectRequest, Given } from '../effects.ts';
import type { Job } from './job.ts';
import { foundOf } from './look.ts';
import type { Store } from './memory.ts';
import { errorsOf } from './outcome.ts';

/** What a reply taught: an effect for each set, which is shown as an entry of its own, and one for the message of a no. */
export function lessons(job: Job, { view, at }: Given<CacheView>): EffectRequest[] {
  const learned = job.reply?.learned ?? job.checking?.learned;
  if (!learned || job.delegation?.forward?.noCache) return [];
  const { sets, message, beside } = learned;
  const out: EffectRequest[] = [...cutsPassed(job, { view, at }), ...outdated(job, message, view)];
  let rest: Store = [...(message && message.ttl > 0 ? [message] : []), ...beside, ...provenBy(job)];
  if (message?.kind === 'negative') {
    out.push(remember(message, rest));
    rest = [];
  } else if (message) {
    const denied = fresh(view.message(noNameKey(message)), at);
    if (denied) out.push({ type: 'forget', params: { cache: job.cache, key: denied.key, reason: EXISTS_NOW } });
  }
  for (const set of sets) {
    out.push(remember(set, rest.length === 0 ? [set] : [set, ...rest]));
    rest = [];
  }
  const [first] = learned.answer;
  if (rest.length > 0 && first) out.push(remember(first, rest));
  return out;
}

/**
 * A referral that leads past a cut whose servers' list has run out: the zone above sends straight to the one below, so what is
 * left of the list between them bars the way no longer.
 */
function cutsPassed({ reply, delegation, cache }: Job, { view, at }: Pick<Given<CacheView>, 'view' | 'at'>): EffectRequest[] {
  const to = reply?.kind === 'referral' ? reply.next?.zone : undefined;
  if (to === undefined || !delegation) return [];
  const out: EffectRequest[] = [];
  for (let zone = to; isBelow(parent(zone), delegation.zone); ) {
    zone = parent(zone);
    const old = view.set(setKey(zone, 'NS'));
    if (old && at >= old.expiresAt && at >= (old.parentSide?.expiresAt ?? 0))
      out.push({ type: 'forget', params: { cache, key: old.key, reason: PASSED } });
  }
  return out;
}

/** An answer that is good for this once only (TTL 0) makes what may still be lent of an old one untrue. */
function outdated({ cache, settings }: Job, message: CachedMessage | undefined, view: CacheView): EffectRequest[] {
  if (!settings.stale || !message || message.ttl > 0) return [];
  return [message.key, noNameKey(message)].flatMap((key): EffectRequest[] =>
    view.message(key) ? [{ type: 'forget', params: { cache, key, reason: OVERTAKEN } }] : [],
  );
}

const remember = (entry: CachedSet | CachedMessage, store: Store): EffectRequest => ({
  type: 'remember',
  params: { entry: entry as CacheEntry, store },
});

/** Sets whose signatures hold serve for other questions as well. */
function provenBy({ checking }: Job): Store {
  const step = checking?.step;
  return step?.kind === 'verdict' && step.status === 'secure' ? [{ kind: 'proven', good: step.good }] : [];
}

const PASSED = reason(
  'cut-passed',
  'The zone above sends straight to the one below, so this list of servers, which has run out, counts no more.',
  'RFC 1034 §5.3.3 step 4b',
);
const OVERTAKEN = reason('overtaken', 'There is a newer answer, good for this once only; the old one is not lent any more.');
const EXISTS_NOW = reason('name-exists', 'The name exists now, so the “no such name” is no longer kept.', 'RFC 2308 §5');

/** A failure to be remembered (RFC 9520); none when it comes from the cache, or only from this job's own limits. */
export function failureToRemember(job: Job, { view, at }: Given<CacheView>): EffectParams['remember'] | undefined {
  const { cache, settings, question, trouble, leeway, depth } = job;
  if (foundOf(job).kind === 'failure' || settings.failureTtl === 0) return undefined;
  if (depth > 0 && trouble.some(({ rule }) => rule === 'too-many-queries' || rule === 'circle')) return undefined;
  const { bogus } = job.checking ?? {};
  const lesson: Lesson = {
    cache,
    at,
    learnedFrom: undefined,
    leeway,
    settings,
    errors: errorsOf(job),
    scope: undefined,
    security: bogus ? 'bogus' : 'indeterminate',
  };
  const failure = learnFailure(view, question, lesson, bogus?.reasons ?? trouble);
  const lends = staleOutcome(view, question, at, settings) !== undefined;
  const message = settings.stale ? restingFailure(failure, settings.stale, lends) : failure;
  return { entry: message as CacheEntry, store: [message] };
}
