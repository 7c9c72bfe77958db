/** What a job puts into the cache, as effects. */
import { reason } from '../../base/reason.ts';
import type { CachedMessage, CachedSet, CacheView } from '../../dns/resolve/cache.ts';
import { fresh } from '../../dns/resolve/cache.ts';
import { type Lesson, learnFailure, noNameKey } from '../../dns/resolve/learn.ts';
import { restingFailure } from '../../dns/resolve/stale.ts';
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
  const out: EffectRequest[] = [];
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

const remember = (entry: CachedSet | CachedMessage, store: Store): EffectRequest => ({
  type: 'remember',
  params: { entry: entry as CacheEntry, store },
});

/** Sets whose signatures hold serve for other questions as well. */
function provenBy({ checking }: Job): Store {
  const step = checking?.step;
  return step?.kind === 'verdict' && step.status === 'secure' ? [{ kind: 'proven', good: step.good }] : [];
}

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
  const message = settings.stale ? restingFailure(failure, settings.stale) : failure;
  return { entry: message as CacheEntry, store: [message] };
}
