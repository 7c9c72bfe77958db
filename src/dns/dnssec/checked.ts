/** What becomes of data in the cache that a check of their signatures has caught up with. */
import type { Instant } from '../../base/time.ts';
import { later, seconds } from '../../base/time.ts';
import type { CachedSet } from '../resolve/cache.ts';
import { RANK, TRUST } from '../resolve/cache.ts';
import type { Learned } from '../resolve/learn.ts';
import type { FoundMessage } from '../resolve/lookup.ts';
import type { Verdict } from './chain.ts';

/** A set as it is kept after the verdict: of a secure one no longer than its signature allows (RFC 4035 §5.3.3). */
export function checkedCopy(set: CachedSet, { status, good }: Verdict, at: Instant): CachedSet {
  if (status !== 'secure') return { ...set, security: status };
  const found = good.find((one) => one.set === set);
  if (!found) return set;
  const until = later(at, seconds(found.ttl));
  return {
    ...set,
    expiresAt: until < set.expiresAt ? until : set.expiresAt,
    rank: RANK.validated,
    trust: TRUST[RANK.validated],
    security: status,
  };
}

/** A message and its sets after the verdict, without what could not be checked, and what the cache is to keep of them. */
export function checkedMessage(
  found: FoundMessage,
  verdict: Verdict,
  at: Instant,
): { readonly found: FoundMessage; readonly learned: Learned } {
  const { status, unchecked } = verdict;
  const left = (sets: readonly CachedSet[]): CachedSet[] =>
    sets.filter((set) => status !== 'secure' || !unchecked.includes(set)).map((set) => checkedCopy(set, verdict, at));
  const answer = left(found.answer);
  const authority = left(found.authority);
  const additional = left(found.additional);
  const message = {
    ...found.message,
    answer: answer.map((set) => set.key),
    authority: authority.map((set) => set.key),
    additional: additional.map((set) => set.key),
    security: status,
  };
  const sections = { answer, authority, additional };
  const isNo = message.kind === 'negative';
  const beside = isNo ? [...authority, ...additional] : [];
  const sets = isNo ? [] : [...answer, ...authority, ...additional];
  return { found: { ...found, message, ...sections }, learned: { sets, message, beside, ...sections } };
}
