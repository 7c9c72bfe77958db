/**
 * Queries with RD 0 from those who may look into the cache: what it has, or where one would have to ask (RFC 1034 §4.3.1).
 * Nothing is asked upstream for them.
 */
import type { Instant } from '../../base/time.ts';
import { securityOf } from '../../dns/dnssec/verdict.ts';
import type { Question } from '../../dns/message.ts';
import { dataOf } from '../../dns/record.ts';
import type { CachedSet, CacheView, Security } from '../../dns/resolve/cache.ts';
import { freshSet } from '../../dns/resolve/cache.ts';
import type { Outcome, Shown } from '../../dns/resolve/compose.ts';
import { shown } from '../../dns/resolve/compose.ts';
import { cachedCut } from '../../dns/resolve/delegation.ts';
import { isUnchecked, lookUp } from '../../dns/resolve/lookup.ts';
import { setKey } from '../../dns/resolve/sets.ts';
import type { ResolverSettings } from '../../dns/resolve/settings.ts';
import { staleOutcome } from '../../dns/resolve/stale.ts';

/** The cached answer or failure, else the closest cached delegation; undefined when the cache has neither. */
export function snoop(view: CacheView, question: Question, at: Instant, settings: ResolverSettings): Outcome | undefined {
  const show = (set: CachedSet): Shown => shown(set, at, settings);
  const links: CachedSet[] = [];
  let asking = question;
  const checks = settings.validation.trustAnchors.length > 0;
  for (let aliases = 0; aliases <= settings.maxRestarts; aliases++) {
    const found = lookUp(view, asking, at, settings).value;
    if (found.kind === 'failure') {
      const { security, errors = [] } = found.message;
      return { ...outcome([], [], [], 'SERVFAIL', security), errors };
    }
    // What came along on the way to other answers is not handed out by a resolver that checks signatures.
    if (checks && isUnchecked(found)) break;
    if (found.kind === 'message') {
      const { message, answer, authority, additional } = found;
      const security = checks ? securityOf([message, ...links]) : 'unchecked';
      return outcome([...links, ...answer].map(show), authority.map(show), additional.map(show), message.rcode, security);
    }
    if (found.kind !== 'alias') break;
    links.push(...found.sets);
    asking = { ...asking, name: found.target };
  }
  const stale = settings.stale?.clientTimeout === 0 ? staleOutcome(view, question, at, settings) : undefined;
  if (stale) return stale;
  const cut = cachedCut(view, question.name, at);
  if (!cut) return undefined;
  const addresses = cut.records.flatMap((r) => {
    const server = dataOf(r, 'NS')?.nameServer;
    if (server === undefined) return [];
    return (['A', 'AAAA'] as const).flatMap((type) => freshSet(view, setKey(server, type), at) ?? []);
  });
  return outcome([], [show(cut)], addresses.map(show), 'NOERROR');
}

const outcome = (
  answer: readonly Shown[],
  authority: readonly Shown[],
  additional: readonly Shown[],
  rcode: Outcome['rcode'],
  security: Security = 'unchecked',
): Outcome => ({ rcode, answer, authority, additional, security, source: 'cache', errors: [] });
