/** Expired data as a last resort: an old answer may be better than none (RFC 8767). */
import type { Instant } from '../../base/time.ts';
import { later, seconds } from '../../base/time.ts';
import type { Question } from '../message.ts';
import type { ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import type { CachedMessage, CachedSet, CacheView, ExtendedError } from './cache.ts';
import { RANK, secondsLeft } from './cache.ts';
import { type Outcome, originalTtl, type Shown } from './compose.ts';
import { failureKey, messageKey, noNameKey } from './learn.ts';
import { gather } from './lookup.ts';
import { setKey } from './sets.ts';
import type { ResolverSettings, StalePolicy } from './settings.ts';

/** The codes of RFC 8914 §4.4 and §4.20. */
const STALE_ANSWER: ExtendedError = { code: 3, text: 'stale answer' };
const STALE_NXDOMAIN: ExtendedError = { code: 19, text: 'stale NXDOMAIN answer' };

/**
 * The expired response to a question, its aliases followed, when all of it is in the cache and not too old; undefined when it
 * is not, or when stale answers are not given. Its sets show the TTL of the policy, or less if they never had as much
 * (RFC 8767 §4); what is not expired shows what is left. `hasFailed`: the attempt to get it fresh has failed at this instant.
 */
export function staleOutcome(
  view: CacheView,
  question: Question,
  at: Instant,
  settings: ResolverSettings,
  hasFailed = false,
): Outcome | undefined {
  const policy = settings.stale;
  if (!policy) return undefined;
  const failedBefore = hasFailed ? at : view.message(failureKey(question))?.storedAt;
  const failedAt = policy.resetOnFailure ? failedBefore : undefined;
  const good = (entry: { readonly expiresAt: Instant }): boolean => isLendable(entry.expiresAt, at, failedAt, policy);
  const show = (set: CachedSet): Shown =>
    settings.serveOriginalTtl ? { ...lent(set, at, policy), ttl: originalTtl(set) } : lent(set, at, policy);
  const links: CachedSet[] = [];
  let asking = question;
  for (let aliases = 0; aliases <= settings.maxRestarts; aliases++) {
    const message = view.message(messageKey(asking)) ?? view.message(noNameKey(asking));
    const found = message && good(message) ? gather(view, message, good, at) : undefined;
    if (found) {
      const { rcode, security } = found.message;
      return {
        rcode,
        answer: [...links, ...found.answer].map(show),
        authority: found.authority.map(show),
        additional: found.additional.map(show),
        security,
        source: 'stale',
        errors: [rcode === 'NXDOMAIN' ? STALE_NXDOMAIN : STALE_ANSWER],
      };
    }
    const alias = view.set(setKey(asking.name, 'CNAME', asking.class));
    const target =
      alias && alias.rank >= RANK.answer && good(alias) ? dataOf(alias.records[0] as ResourceRecord, 'CNAME')?.target : undefined;
    if (!alias || target === undefined) return undefined;
    links.push(alias);
    asking = { ...asking, name: target };
  }
  return undefined;
}

function isLendable(expiresAt: Instant, at: Instant, failedAt: Instant | undefined, policy: StalePolicy): boolean {
  if (at < later(expiresAt, seconds(policy.maxAge))) return true;
  return failedAt !== undefined && at < later(failedAt, seconds(policy.maxAge));
}

const lent = (set: CachedSet, at: Instant, policy: StalePolicy): Shown => ({
  name: set.name,
  type: set.type,
  ttl: at < set.expiresAt ? secondsLeft(set, at) : Math.min(policy.replyTtl, set.ttl),
  records: set.records,
  signatures: set.signatures,
});

/**
 * A failed attempt is kept for the policy's `recheck`, so that the silent servers get some rest (RFC 8767 §5): no longer when
 * there is an old answer to lend, since that is the older the longer nobody looks.
 */
export function restingFailure(failure: CachedMessage, policy: StalePolicy, lends: boolean): CachedMessage {
  const rested = later(failure.storedAt, policy.recheck);
  return { ...failure, expiresAt: lends ? rested : (Math.max(failure.expiresAt, rested) as Instant) };
}
