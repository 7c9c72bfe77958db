import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../../src/base/address.ts';
import type { ZoneKeys } from '../../../src/dns/dnssec/checkSet.ts';
import { checkSet, serialDistance } from '../../../src/dns/dnssec/checkSet.ts';
import type { Memo } from '../../../src/dns/dnssec/memo.ts';
import { memo } from '../../../src/dns/dnssec/memo.ts';
import { signingKey, signSet } from '../../../src/dns/dnssec/signing.ts';
import { EDE } from '../../../src/dns/dnssec/verdict.ts';
import { name } from '../../../src/dns/name.ts';
import type { DataByType, ResourceRecord, RRset } from '../../../src/dns/record.ts';
import { dataOf, record, rrsets } from '../../../src/dns/record.ts';
import type { SignedRRset } from '../../../src/dns/resolve/sets.ts';
import { DATE, WINDOW } from './sample.ts';

const ZONE = name('example.com.');
const zsk = signingKey('test', ZONE, 'zsk');
const keys: ZoneKeys = { zone: ZONE, keys: [zsk], required: [] };
const at = { date: DATE };

function plain(owner = 'www.example.com.', ttl = 300): RRset {
  const address = parseAddress('192.0.2.44');
  const [set] = rrsets(address ? [record(name(owner), 'A', ttl, { address })] : []);
  if (!set) throw new Error('no set');
  return set;
}

const signed = (set: RRset, window = WINDOW, by = zsk): SignedRRset => ({ ...set, signatures: [signSet(set, by, window)] });

/** The set with its signature's data changed, but not signed anew. */
const forged = (change: Partial<DataByType['RRSIG']>, set = signed(plain())): SignedRRset => ({
  ...set,
  signatures: set.signatures.map((r) => ({ ...r, data: { ...dataOf(r, 'RRSIG'), ...change } }) as ResourceRecord),
});

const verdict = (set: SignedRRset, given: ZoneKeys = keys, date = DATE) => checkSet(set, given, { date }).value;

test('a set with a signature that fits is secure', () => {
  const { value, reasons } = checkSet(signed(plain()), keys, at);
  expect(value).toMatchObject({ status: 'secure', wildcard: undefined, fault: undefined });
  expect(reasons.map((r) => r.rule)).toEqual(['signature-fits']);
});

test('one signature that fits is enough, whatever stands beside it (RFC 4035 §5.3.3)', () => {
  const set = signed(plain());
  const [bad] = forged({ signature: new Uint8Array(64) }).signatures;
  if (!bad) throw new Error('no signature');
  expect(verdict({ ...set, signatures: [bad, ...set.signatures] }).status).toBe('secure');
});

describe('a set is bogus, and the client is told why, when', () => {
  const other = signingKey('other', ZONE, 'zsk');
  const strangers = signingKey('test', name('example.net.'), 'zsk');
  const below = signingKey('test', name('www.example.com.'), 'zsk');
  test.each([
    ['it carries no signature', { ...plain(), signatures: [] }, EDE.signatureMissing, 'signature-missing'],
    [
      'the signature was made with a key that the zone does not have',
      signed(plain(), WINDOW, other),
      EDE.keyMissing,
      'key-missing',
    ],
    ['another zone has signed', signed(plain(), WINDOW, strangers), EDE.keyMissing, 'other-signer'],
    ['a zone below has signed', signed(plain(), WINDOW, below), EDE.keyMissing, 'other-signer'],
    ['the signature is not for these records', forged({ signature: new Uint8Array(64).fill(3) }), EDE.bogus, 'signature-broken'],
    ['the signed TTL was changed', forged({ originalTtl: 301 }), EDE.bogus, 'signature-broken'],
    ['the signature has no octets', forged({ signature: new Uint8Array(0) }), EDE.bogus, 'signature-broken'],
    ['the signature counts more labels than the name has', forged({ labels: 4 }), EDE.bogus, 'too-many-labels'],
    ['the algorithm is unknown', forged({ algorithm: 12 }), EDE.unsupportedAlgorithm, 'unknown-algorithm'],
    ['the signature covers another type', forged({ typeCovered: 'TXT' }), EDE.signatureMissing, 'signature-missing'],
    ['its time begins after its end', forged({ inception: DATE + 9, expiration: DATE - 9 }), EDE.bogus, 'expired-before-valid'],
  ])('%s', (_, set, code, rule) => {
    const { status, fault, ttl } = verdict(set);
    expect({ status, code: fault?.code, rule: fault?.reason.rule, ttl }).toEqual({ status: 'bogus', code, rule, ttl: 0 });
  });

  test('a name outside of the zone carries its signature', () => {
    const set = plain('www.example.net.');
    expect(verdict(signed(set)).fault?.reason.rule).toBe('too-many-labels');
  });
});

describe('the time of a signature (RFC 4035 §5.3.1)', () => {
  const set = signed(plain());
  test.each([
    ['before it begins', WINDOW.inception - 1, EDE.notYetValid],
    ['at its first second', WINDOW.inception, undefined],
    ['at its last second', WINDOW.expiration, undefined],
    ['after it has ended', WINDOW.expiration + 1, EDE.expired],
  ])('%s', (_, date, code) => {
    expect(verdict(set, keys, date).fault?.code).toBe(code);
  });

  test('is compared as a serial number, so it goes on past 2106 (RFC 4034 §3.1.5)', () => {
    const end = 2 ** 32;
    const late = signed(plain(), { inception: end - 100, expiration: end + 100 });
    expect(verdict(late, keys, end - 50).status).toBe('secure');
    expect(verdict(late, keys, end + 50).status).toBe('secure');
    expect(verdict(late, keys, end + 150).fault?.code).toBe(EDE.expired);
    expect([serialDistance(1, 3), serialDistance(3, 1), serialDistance(2 ** 32 - 1, 1)]).toEqual([2, -2, 2]);
  });

  test('is given in the words of a calendar', () => {
    expect(verdict(set, keys, WINDOW.expiration + 1).fault?.reason.text).toContain('2026-01-26 13:46:40');
  });
});

describe('how long a set may be kept is the least of (RFC 4035 §5.3.3)', () => {
  test('its own TTL', () => expect(verdict({ ...signed(plain()), ttl: 100 }).ttl).toBe(100));
  test('the TTL of its signature', () => {
    const set = signed(plain());
    expect(verdict({ ...set, signatures: set.signatures.map((r) => ({ ...r, ttl: 50 })) }).ttl).toBe(50);
  });
  test('the TTL that was signed', () => expect(verdict({ ...signed(plain()), ttl: 9999 }).ttl).toBe(300));
  test('what is left of the signature’s time', () => expect(verdict(signed(plain()), keys, WINDOW.expiration - 7).ttl).toBe(7));
});

test('a set that a wildcard stands behind names it', () => {
  const star = signed(plain('*.example.com.'));
  const made = {
    ...star,
    name: name('a.b.example.com.'),
    records: star.records.map((r) => ({ ...r, name: name('a.b.example.com.') })),
  };
  expect(verdict(made)).toMatchObject({ status: 'secure', wildcard: '*.example.com.' });
});

test('where every algorithm must have signed, a missing one makes the set bogus', () => {
  const both: ZoneKeys = { ...keys, required: [13, 15] };
  const { fault } = verdict(signed(plain()), both);
  expect([fault?.code, fault?.reason.rule]).toEqual([EDE.signatureMissing, 'algorithm-missing']);
  expect(verdict(signed(plain()), { ...keys, required: [13] }).status).toBe('secure');
});

test('two keys may have the same tag: the one that fits counts, and trying has an end', () => {
  const twin = { keyTag: zsk.keyTag, data: { ...zsk.data, publicKey: signingKey('twin', ZONE, 'zsk').data.publicKey } };
  expect(verdict(signed(plain()), { ...keys, keys: [twin, zsk] }).status).toBe('secure');
  const crowd = Array.from({ length: 100 }, () => twin);
  expect(verdict(signed(plain()), { ...keys, keys: [...crowd, zsk] }).status).toBe('bogus');
});

test('a signature is calculated once, and recalled after that', () => {
  const inner = memo<boolean>();
  const kept: string[] = [];
  const counting: Memo<boolean> = {
    recall: inner.recall,
    keep(id, result) {
      kept.push(id);
      inner.keep(id, result);
    },
  };
  for (let i = 0; i < 5; i++) checkSet(signed(plain()), keys, { date: DATE + i, memo: counting });
  checkSet(forged({ signature: new Uint8Array(64) }), keys, { date: DATE, memo: counting });
  expect(kept).toHaveLength(2);
});

test('the memory of results has its bounds: the oldest goes first', () => {
  const results = memo<number>(2);
  for (const id of ['a', 'b', 'c']) results.keep(id, 1);
  expect(['a', 'b', 'c'].map((id) => results.recall(id))).toEqual([undefined, 1, 1]);
});
