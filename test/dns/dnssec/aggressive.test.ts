/** Answers made from proofs that came earlier (RFC 8198). */
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../../src/base/time.ts';
import { instant, later, seconds } from '../../../src/base/time.ts';
import { synthesise } from '../../../src/dns/dnssec/aggressive.ts';
import type { DenialStore } from '../../../src/dns/dnssec/denialStore.ts';
import { denialStore } from '../../../src/dns/dnssec/denialStore.ts';
import { key, name } from '../../../src/dns/name.ts';
import type { RecordType } from '../../../src/dns/record.ts';
import { inInternet, question } from './asking.ts';
import type { Internet } from './sample.ts';
import { internet, NSEC, NSEC3, OPT_OUT } from './sample.ts';

const NOW = instant(5_000_000);
const plain = internet();

/** A store that has seen the validated responses to some questions. */
function seen(net: Internet, questions: readonly (readonly [string, RecordType])[], at = NOW): DenialStore {
  const store = denialStore();
  for (const [text, type] of questions) {
    const { verdict } = inInternet(net, text, type);
    if (verdict.status === 'secure') store.remember(verdict.good, at);
  }
  return store;
}

const answer = (store: DenialStore, text: string, type: RecordType, at: Instant = NOW) => {
  const found = synthesise(question(text, type), store.view, at)?.value;
  return (
    found && {
      rcode: found.rcode,
      answer: found.answer.map((set) => `${set.name} ${set.type} ${set.ttl}`),
      authority: found.authority.map((set) => `${set.name} ${set.type} ${set.ttl}`),
    }
  );
};

/** Two names, so two gaps, of hashes too. */
const SMALL = '@ 3600 SOA ns h 1 2 3 4 900\n@ NS ns\nns A 192.0.2.53\n';

describe.each([
  ['NSEC', internet(NSEC, SMALL)],
  ['NSEC3', internet(NSEC3, SMALL)],
])('from %s', (kind, net) => {
  test('a name in a gap that is known does not exist', () => {
    const store = seen(
      net,
      ['a', 'b', 'c', 'd', 'x', 'y', 'z'].map((label) => [`${label}.example.com.`, 'A'] as const),
    );
    const found = answer(store, 'mailbox.example.com.', 'AAAA');
    expect(found?.rcode).toBe('NXDOMAIN');
    expect(found?.authority[0]).toBe('example.com. SOA 900');
    expect(found?.authority.slice(1).every((text) => text.endsWith(` ${kind} 900`))).toBe(true);
    expect(answer(store, 'deep.below.example.com.', 'A')?.rcode).toBe('NXDOMAIN');
  });

  test('a type that a known name lacks does not exist', () => {
    const store = seen(net, [['ns.example.com.', 'MX']]);
    expect(answer(store, 'ns.example.com.', 'TXT')?.rcode).toBe('NOERROR');
    expect(answer(store, 'ns.example.com.', 'A')).toBeUndefined();
  });

  test('TTLs are what is left of those of the proofs, and nothing is made from proofs that have run out', () => {
    const store = seen(net, [['ns.example.com.', 'MX']]);
    const found = answer(store, 'ns.example.com.', 'TXT', later(NOW, seconds(100)));
    expect(found?.authority.map((text) => text.split(' ').at(-1))).toEqual(['800', '800']);
    expect(answer(store, 'ns.example.com.', 'TXT', later(NOW, seconds(900)))).toBeUndefined();
  });
});

test('a wildcard stands for another name once its records and the gap are known', () => {
  const store = seen(plain, [['one.wild.example.com.', 'TXT']]);
  expect(answer(store, 'two.wild.example.com.', 'TXT')).toEqual({
    rcode: 'NOERROR',
    answer: ['two.wild.example.com. TXT 3600'],
    authority: ['*.wild.example.com. NSEC 900'],
  });
  expect(answer(store, 'two.wild.example.com.', 'MX')).toBeUndefined();
});

test('an alias made from a wildcard stands for every type', () => {
  const store = seen(plain, [['one.walias.example.com.', 'A']]);
  expect(answer(store, 'two.walias.example.com.', 'TXT')?.answer).toEqual(['two.walias.example.com. CNAME 3600']);
});

test('a wildcard that lacks the type is a no', () => {
  const store = seen(plain, [['one.wild.example.com.', 'A']]);
  expect(answer(store, 'two.wild.example.com.', 'AAAA')?.rcode).toBe('NOERROR');
});

test('the parent’s proof about a delegation answers for DS only, and not for names below it', () => {
  const store = seen(plain, [['sub.example.com.', 'DS']]);
  expect(answer(store, 'sub.example.com.', 'DS')?.rcode).toBe('NOERROR');
  expect(answer(store, 'sub.example.com.', 'A')).toBeUndefined();
  expect(answer(store, 'host.sub.example.com.', 'A')).toBeUndefined();
});

test('nothing is made of an opt-out', () => {
  const store = seen(internet(OPT_OUT), [
    ['nothing.example.com.', 'A'],
    ['www.example.com.', 'MX'],
  ]);
  expect(answer(store, 'nothing.example.com.', 'TXT')).toBeUndefined();
});

test('nothing is made for the types that proofs and signatures consist of, nor for all types', () => {
  const store = seen(plain, [['mail.example.com.', 'A']]);
  for (const type of ['NSEC', 'NSEC3', 'RRSIG', 'ANY'] as const)
    expect(answer(store, 'mailbox.example.com.', type)).toBeUndefined();
});

test('nothing is known of a zone that nobody has heard of, and all is forgotten when asked', () => {
  const store = seen(plain, [['mail.example.com.', 'A']]);
  expect(answer(store, 'www.example.net.', 'A')).toBeUndefined();
  store.forget();
  expect(answer(store, 'mailbox.example.com.', 'A')).toBeUndefined();
});

test('a newer proof takes the place of the older ones in its gap', () => {
  const before = internet();
  const after = internet(undefined, '@ 3600 SOA ns h 2 1 1 1 900\n@ NS ns\n@ A 192.0.2.1\n');
  const store = seen(before, [
    ['x.www.example.com.', 'A'],
    ['b.example.com.', 'A'],
  ]);
  expect(store.view.zone(key(name('example.com.')))?.nsec.length).toBeGreaterThan(1);
  store.remember(inInternet(after, 'zz.example.com.', 'A').verdict.good, NOW);
  expect(store.view.zone(key(name('example.com.')))?.nsec).toHaveLength(1);
  expect(answer(store, 'www.example.com.', 'A')?.rcode).toBe('NXDOMAIN');
});

test('the store has its bounds: the zone first heard of goes first', () => {
  const store = denialStore(1);
  for (const text of ['nothing.com.', 'nothing.example.com.']) store.remember(inInternet(plain, text, 'A').verdict.good, NOW);
  expect(answer(store, 'nothing2.com.', 'A')).toBeUndefined();
  expect(answer(store, 'nothing2.example.com.', 'A')?.rcode).toBe('NXDOMAIN');
});
