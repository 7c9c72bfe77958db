/** What a resolver's cache knows, as evidence for the chain of trust. */
import { expect, test } from 'vitest';
import { instant, later, seconds } from '../../../src/base/time.ts';
import { evidenceKey, evidenceOf } from '../../../src/dns/dnssec/evidence.ts';
import { name } from '../../../src/dns/name.ts';
import type { CachedMessage, CachedSet } from '../../../src/dns/resolve/cache.ts';
import { makeCache } from '../../../src/dns/resolve/cache.ts';
import { messageKey } from '../../../src/dns/resolve/learn.ts';
import type { SignedRRset } from '../../../src/dns/resolve/sets.ts';
import { setKey } from '../../../src/dns/resolve/sets.ts';
import { inInternet, question } from './asking.ts';
import { internet } from './sample.ts';

const NOW = instant(1_000_000);
const net = internet();
/** An entry of the cache, as far as it matters here. */
const cached = (set: SignedRRset): CachedSet =>
  ({
    ...set,
    key: setKey(set.name, set.type),
    kind: 'rrset',
    storedAt: NOW,
    expiresAt: later(NOW, seconds(set.ttl)),
  }) as CachedSet;
const sub = inInternet(net, 'sub.example.com.', 'DS').subject;
const proof = sub.authority.find((set) => set.type === 'NSEC');
const keys = inInternet(net, 'example.com.', 'DNSKEY').subject.answer[0];
if (!proof || !keys) throw new Error('the sample has changed');

test('a set in the cache serves, with its signatures, while it is good', () => {
  const cache = makeCache(10);
  cache.remember(cached(keys));
  const found = evidenceOf({}, cache.view, NOW).reply(name('EXAMPLE.com.'), 'DNSKEY');
  expect(found).toMatchObject({ kind: 'reply', answer: [{ type: 'DNSKEY', signatures: [{ type: 'RRSIG' }] }] });
  expect(evidenceOf({}, cache.view, later(NOW, seconds(3600))).reply(name('example.com.'), 'DNSKEY')).toBeUndefined();
});

test('a no in the cache serves with its proofs', () => {
  const cache = makeCache(10);
  const asked = question('sub.example.com.', 'DS');
  for (const set of sub.authority) cache.remember(cached(set));
  const authority = sub.authority.map((set) => setKey(set.name, set.type));
  const expiresAt = later(NOW, seconds(900));
  cache.remember({
    key: messageKey(asked),
    kind: 'negative',
    rcode: 'NOERROR',
    authority,
    expiresAt,
  } as unknown as CachedMessage);
  const found = evidenceOf({}, cache.view, NOW).reply(asked.name, 'DS');
  expect(found).toMatchObject({ kind: 'reply', answer: [], authority: [{ type: 'SOA' }, { type: 'NSEC' }] });
});

test('an NSEC record that came with a referral shows that there is no DS', () => {
  const cache = makeCache(10);
  cache.remember(cached(proof));
  const view = evidenceOf({}, cache.view, NOW);
  expect(view.reply(name('sub.example.com.'), 'DS')).toMatchObject({ answer: [], authority: [{ type: 'NSEC' }] });
  expect(view.reply(name('sub.example.com.'), 'DNSKEY')).toBeUndefined();
});

test('a reply that was asked for counts before the cache', () => {
  const cache = makeCache(10);
  cache.remember(cached(keys));
  const replies = { [evidenceKey(name('Example.com.'), 'DNSKEY')]: { kind: 'failure', text: 'x' } as const };
  expect(evidenceOf(replies, cache.view, NOW).reply(name('example.com.'), 'DNSKEY')).toEqual({ kind: 'failure', text: 'x' });
});
