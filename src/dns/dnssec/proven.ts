/** Answers that nobody was asked for, in the shape of what is found in the cache: made of proofs that are there (RFC 8198). */
import type { Explained } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import { later, seconds } from '../../base/time.ts';
import type { Question } from '../message.ts';
import type { ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import type { CachedMessage, CachedSet } from '../resolve/cache.ts';
import { RANK, TRUST } from '../resolve/cache.ts';
import { messageKey } from '../resolve/learn.ts';
import type { Found } from '../resolve/lookup.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import { setKey } from '../resolve/sets.ts';
import { synthesise } from './aggressive.ts';
import type { DenialView } from './denialStore.ts';

/** What the kept proofs say to a question, as if the cache `cache` had it; undefined when they say nothing. */
export function lookUpProofs(denial: DenialView, question: Question, at: Instant, cache: string): Explained<Found> | undefined {
  const made = synthesise(question, denial, at);
  if (!made) return undefined;
  const { value, reasons } = made;
  const entry = (set: SignedRRset): CachedSet => ({
    cache,
    key: setKey(set.name, set.type, set.class),
    kind: 'rrset',
    name: set.name,
    class: set.class,
    type: set.type,
    rcode: 'NOERROR',
    records: set.records,
    signatures: set.signatures,
    ttl: set.ttl,
    storedAt: at,
    expiresAt: later(at, seconds(set.ttl)),
    rank: RANK.validated,
    trust: TRUST[RANK.validated],
    security: 'secure',
    reasons,
    parental: false,
  });
  const answer = value.answer.map(entry);
  const authority = value.authority.map(entry);
  const first = answer[0];
  const target = first && first.type !== question.type ? dataOf(first.records[0] as ResourceRecord, 'CNAME')?.target : undefined;
  if (target !== undefined)
    return { value: { kind: 'alias', target, sets: answer, proofs: authority, renewBefore: undefined }, reasons };
  const ttl = [...answer, ...authority].reduce((least, set) => Math.min(least, set.ttl), Number.POSITIVE_INFINITY);
  const message: CachedMessage = {
    cache,
    key: messageKey(question),
    kind: first ? 'answer' : 'negative',
    name: question.name,
    type: question.type,
    rcode: value.rcode,
    answer: answer.map((set) => set.key),
    authority: authority.map((set) => set.key),
    additional: [],
    records: first ? [] : authority.flatMap((set) => [...set.records, ...set.signatures]),
    ttl,
    storedAt: at,
    expiresAt: later(at, seconds(ttl)),
    trust: 'made of proofs that were checked before',
    security: 'secure',
    reasons,
  };
  return { value: { kind: 'message', message, answer, authority, additional: [], renewBefore: undefined }, reasons };
}
