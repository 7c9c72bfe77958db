/** What a resolver's cache knows about keys and zone cuts, as evidence for the chain of trust. */
import type { Instant } from '../../base/time.ts';
import type { Name } from '../name.ts';
import { key } from '../name.ts';
import { dataOf } from '../record.ts';
import type { CacheView } from '../resolve/cache.ts';
import { fresh, freshSet } from '../resolve/cache.ts';
import { messageKey } from '../resolve/learn.ts';
import { setKey } from '../resolve/sets.ts';
import type { Evidence } from './chain.ts';
import type { Reply } from './delegation.ts';
import { isParentSide } from './nsec.ts';

/** Replies that have come for the questions of one validation, by `evidenceKey`. */
export type Replies = Readonly<Record<string, Reply>>;

/** "com. DS": where the reply to a question of the plan is kept. */
export const evidenceKey = (name: Name, type: 'DNSKEY' | 'DS'): string => `${key(name)} ${type}`;

/**
 * Evidence from the replies that came and else from the cache: sets with their signatures, negative messages with their proofs,
 * and, for DS, an NSEC record that came with a referral and shows that there is none. All of it is judged by its signatures
 * before it counts, so it does not matter how far the cache trusts it.
 */
export function evidenceOf(replies: Replies, view: CacheView, at: Instant): Evidence {
  return { reply: (name, type) => replies[evidenceKey(name, type)] ?? cached(view, at, name, type) };
}

function cached(view: CacheView, at: Instant, name: Name, type: 'DNSKEY' | 'DS'): Reply | undefined {
  const set = freshSet(view, setKey(name, type), at);
  if (set) return { kind: 'reply', rcode: 'NOERROR', answer: [set], authority: [] };
  const no = fresh(view.message(messageKey({ name, type, class: 'IN' })), at);
  if (no?.kind === 'negative') {
    const authority = no.authority.flatMap((id) => freshSet(view, id, at) ?? []);
    return { kind: 'reply', rcode: no.rcode, answer: [], authority };
  }
  return type === 'DS' ? unsignedDelegation(view, at, name) : undefined;
}

function unsignedDelegation(view: CacheView, at: Instant, name: Name): Reply | undefined {
  const proof = freshSet(view, setKey(name, 'NSEC'), at);
  const types = proof?.records[0] && dataOf(proof.records[0], 'NSEC')?.types;
  if (!proof || !types || !isParentSide(types) || types.includes('DS')) return undefined;
  return { kind: 'reply', rcode: 'NOERROR', answer: [], authority: [proof] };
}
