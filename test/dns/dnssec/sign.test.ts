/** Signed zones: what is signed, what is not, and that whatever they say validates. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../../src/base/address.ts';
import { instant } from '../../../src/base/time.ts';
import { keyTag } from '../../../src/dns/dnssec/keys.ts';
import { memo, signatureHolds } from '../../../src/dns/dnssec/memo.ts';
import type { OnlineZone } from '../../../src/dns/dnssec/online.ts';
import { onlineResponder } from '../../../src/dns/dnssec/online.ts';
import type { SigningPolicy } from '../../../src/dns/dnssec/sign.ts';
import { signZone } from '../../../src/dns/dnssec/sign.ts';
import { signingKey, signSet } from '../../../src/dns/dnssec/signing.ts';
import type { Message } from '../../../src/dns/message.ts';
import { query } from '../../../src/dns/message.ts';
import { canonicalOrder, name } from '../../../src/dns/name.ts';
import { recordText } from '../../../src/dns/presentation.ts';
import type { RecordType, ResourceRecord, RRset } from '../../../src/dns/record.ts';
import { dataOf, record, rrsets } from '../../../src/dns/record.ts';
import { zoneResponder } from '../../../src/dns/zone/respond.ts';
import { nodeAt, rrsetAt, zoneRecords } from '../../../src/dns/zone/zone.ts';
import type { Served } from './asking.ts';
import { inInternet, question, served, validate } from './asking.ts';
import { EXAMPLE, internet, NSEC, NSEC3, OPT_OUT, WINDOW, zoneOf } from './sample.ts';

const ZONE = name('example.com.');
const { example } = internet();
const typesAt = (text: string): RecordType[] => {
  const [r] = rrsetAt(example.zone, name(text), 'NSEC')?.records ?? [];
  return [...((r && dataOf(r, 'NSEC')?.types) ?? [])];
};

test('the same zone and seed give the same records, another seed other keys', () => {
  const text = (policy: SigningPolicy) => zoneRecords(signZone(zoneOf('example.com.', EXAMPLE), policy).zone).map(recordText);
  expect(text(NSEC)).toEqual(text(NSEC));
  const other = signZone(zoneOf('example.com.', EXAMPLE), { ...NSEC, seed: 'other' });
  expect(other.ksk.keyTag).not.toBe(example.ksk.keyTag);
});

test('signing a signed zone anew leaves nothing of the old', () => {
  expect(zoneRecords(signZone(example.zone, NSEC).zone).map(recordText).sort()).toEqual(
    zoneRecords(example.zone).map(recordText).sort(),
  );
  const hashed = zoneRecords(signZone(example.zone, NSEC3).zone);
  expect(hashed.some((r) => r.type === 'NSEC')).toBe(false);
});

test('keys: one signs the keys and is named by the parent, the other signs all else', () => {
  const { ksk, zsk, signer, zone } = example;
  expect([ksk.data.flags, zsk.data.flags, ksk.data.algorithm]).toEqual([257, 256, 13]);
  expect(dataOf(signer, 'DS')).toMatchObject({ keyTag: ksk.keyTag, algorithm: 13, digestType: 2 });
  expect(keyTag(ksk.data)).toBe(ksk.keyTag);
  for (const [type, signatures] of nodeAt(zone, ZONE)?.signatures ?? [])
    expect(signatures.map((r) => dataOf(r, 'RRSIG')?.keyTag)).toEqual([type === 'DNSKEY' ? ksk.keyTag : zsk.keyTag]);
});

describe('what is signed', () => {
  test.each([
    ['every set of the apex', 'example.com.', ['SOA', 'NS', 'DNSKEY', 'NSEC']],
    ['every set of a name', 'www.example.com.', ['A', 'AAAA', 'NSEC']],
    ['of a cut only the proof: its NS set is the child’s', 'sub.example.com.', ['NSEC']],
    ['of glue nothing', 'ns.sub.example.com.', []],
    ['of an empty name nothing', 'b.c.example.com.', []],
  ])('%s', (_, text, types) => {
    const node = nodeAt(example.zone, name(text));
    expect([...(node?.signatures.keys() ?? [])].sort()).toEqual([...types].sort());
  });

  test('the DS set of a signed child, which is the parent’s', () => {
    expect([...(nodeAt(internet().com.zone, ZONE)?.signatures.keys() ?? [])].sort()).toEqual(['DS', 'NSEC']);
  });

  test('nothing below a DNAME', () => {
    const { zone } = signZone(zoneOf('example.com.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\nd DNAME x\na.d A 192.0.2.1\n'), NSEC);
    expect(nodeAt(zone, name('a.d.example.com.'))?.signatures.size).toBe(0);
  });
});

describe('the chain of names', () => {
  test('leads through every name that holds something, in canonical order, and back to the apex', () => {
    const links = zoneRecords(example.zone).flatMap((r) => {
      const data = dataOf(r, 'NSEC');
      return data ? [{ at: r.name, next: data.next }] : [];
    });
    const sorted = [...links].sort((a, b) => canonicalOrder(a.at, b.at));
    expect(sorted.map((link) => link.next)).toEqual([...sorted.slice(1), ...sorted.slice(0, 1)].map((link) => link.at));
  });

  test('lists the types that are there; at a cut only those of the parent', () => {
    expect(typesAt('www.example.com.')).toEqual(['A', 'AAAA', 'RRSIG', 'NSEC']);
    expect(typesAt('sub.example.com.')).toEqual(['NS', 'RRSIG', 'NSEC']);
    expect(typesAt('example.com.')).toEqual(['NS', 'SOA', 'RRSIG', 'NSEC', 'DNSKEY']);
  });

  test('lives as long as a “no” may be kept (RFC 9077)', () => {
    expect(rrsetAt(example.zone, ZONE, 'NSEC')?.ttl).toBe(900);
  });

  test('with NSEC3 holds empty names too, and with an opt-out no unsigned delegations', () => {
    const hashes = (policy: SigningPolicy) => zoneRecords(internet(policy).example.zone).filter((r) => r.type === 'NSEC3').length;
    // Apex, ns, www, alias, away, c, b.c, a.b.c, wild, *.wild, walias, *.walias, old, new, www.new, sub, unsigned, only.unsigned.
    expect(hashes(NSEC3)).toBe(18);
    expect(hashes(OPT_OUT)).toBe(15);
  });
});

test('a zone without an SOA record cannot be signed', () => {
  expect(() => signZone(zoneOf('example.com.', '@ NS ns\n'), NSEC)).toThrow('no SOA record');
});

test('signatures made before are recalled', () => {
  const kept: string[] = [];
  const known = memo<Uint8Array>();
  const policy: SigningPolicy = {
    ...NSEC,
    memo: {
      recall: known.recall,
      keep(id, result) {
        kept.push(id);
        known.keep(id, result);
      },
    },
  };
  const first = signZone(zoneOf('example.com.', EXAMPLE), policy);
  const made = kept.length;
  const second = signZone(zoneOf('example.com.', EXAMPLE), policy);
  expect(made).toBeGreaterThan(20);
  expect(kept.length).toBe(made);
  expect(zoneRecords(second.zone).map(recordText)).toEqual(zoneRecords(first.zone).map(recordText));
});

describe('for any zone', () => {
  const label = fc.constantFrom('a', 'b', 'c', 'm', '*', 'x');
  const owner = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
  const line = fc.oneof(
    { weight: 4, arbitrary: owner.map((o) => `${o} A 192.0.2.1`) },
    { weight: 1, arbitrary: owner.map((o) => `${o} TXT "t"`) },
    { weight: 1, arbitrary: owner.filter((o) => !o.includes('*')).map((o) => `${o} NS ns.elsewhere.`) },
  );
  const body = fc
    .array(line, { maxLength: 6 })
    .map((lines) => `@ 600 SOA ns h 1 2 3 4 300\n@ NS ns\n${[...new Set(lines)].join('\n')}\n`);
  const known = memo<Uint8Array>(50_000);

  test.each([
    ['NSEC', NSEC],
    ['NSEC3', NSEC3],
    ['NSEC3 with opt-out', OPT_OUT],
  ])('every response of the zone validates, with %s', (_, policy) => {
    fc.assert(
      fc.property(body, owner, fc.constantFrom<RecordType>('A', 'TXT', 'DS'), (text, asked, type) => {
        const { zone, signer } = signZone(zoneOf('z.', text), { ...policy, memo: known });
        const there = served(zone);
        const anchors = [recordText(signer)];
        const { verdict, subject } = validate([there], question(`${asked}.z.`, type), { anchors });
        // A referral is no answer: names below a cut belong to somebody else.
        const isReferral = subject.answer.length === 0 && !subject.authority.some((set) => set.type === 'SOA');
        if (isReferral) return;
        expect(['secure', ...(policy === OPT_OUT ? ['insecure'] : [])]).toContain(verdict.status);
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});

describe('a signature fits what was signed, and nothing else', () => {
  const key = signingKey('test', ZONE, 'zsk');
  const set = (owner: string, octets: readonly number[], ttl: number): RRset => {
    const [found] = rrsets([record(name(owner), 'TXT', ttl, { strings: [Uint8Array.from(octets)] })]);
    if (!found) throw new Error('no set');
    return found;
  };
  const texts = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 20 });

  test('whichever bit of the data, the signature or the key is changed', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(7), fc.constantFrom('data', 'signature', 'key'), (octets, place, bit, what) => {
        const signed = set('www.example.com.', octets, 300);
        const made = dataOf(signSet(signed, key, WINDOW), 'RRSIG');
        if (!made) throw new Error('no signature');
        expect(signatureHolds(signed, made, key.data)).toBe(true);
        const flip = (from: ArrayLike<number>): Uint8Array =>
          Uint8Array.from(from, (octet, i) => (i === place % from.length ? octet ^ (1 << bit) : octet));
        const holds =
          what === 'data'
            ? signatureHolds(set('www.example.com.', [...flip(octets)], 300), made, key.data)
            : what === 'signature'
              ? signatureHolds(signed, { ...made, signature: flip(made.signature) }, key.data)
              : signatureHolds(signed, made, { ...key.data, publicKey: flip(key.data.publicKey) });
        expect(holds).toBe(false);
      }),
      { numRuns: 25, seed: 11 },
    );
  });
});

describe('a server that signs while it answers (RFC 9824)', () => {
  const plain = zoneOf('example.com.', EXAMPLE);
  const keys = { ksks: [signingKey('test', ZONE, 'ksk')], zsk: signingKey('test', ZONE, 'zsk') };
  const online: OnlineZone = {
    origin: ZONE,
    ...keys,
    window: () => WINDOW,
    typesAt: (text) => {
      const node = nodeAt(plain, text);
      return node && [...node.sets.keys()];
    },
  };
  const respond = onlineResponder(zoneResponder([plain]), online);
  const there: Served = { origin: ZONE, respond };
  const anchors = [recordText(internet().example.signer)];
  const ask = (text: string, type: RecordType, wants: boolean): Message => {
    const edns = { version: 0, udpSize: 1232, do: wants, options: [] };
    const source = parseAddress('192.0.2.1');
    if (!source) throw new Error('no address');
    return respond(query(1, question(text, type), { edns }), { now: instant(0), source, random: () => 0 }).value;
  };
  const types = (records: readonly ResourceRecord[]): string[] => records.map((r) => r.type);

  test.each([
    ['www.example.com.', 'A'],
    ['www.example.com.', 'MX'],
    ['alias.example.com.', 'A'],
    ['example.com.', 'DNSKEY'],
    ['nothing.example.com.', 'A'],
    ['b.c.example.com.', 'A'],
    ['sub.example.com.', 'DS'],
    ['x.wild.example.com.', 'TXT'],
  ] as const)('%s %s validates', (text, type) => {
    expect(validate([there], question(text, type), { anchors }).verdict.status).toBe('secure');
  });

  test('a name that does not exist is said to be there with nothing: NOERROR, and a proof of this one name', () => {
    const message = ask('nothing.example.com.', 'A', true);
    expect(message.rcode).toBe('NOERROR');
    expect(message.authority.map((r) => dataOf(r, 'NSEC')).find((data) => data)).toEqual({
      next: '\\000.nothing.example.com.',
      types: ['RRSIG', 'NSEC', 'TYPE128'],
    });
  });

  test('who does not set DO sees none of it', () => {
    expect(ask('nothing.example.com.', 'A', false).rcode).toBe('NXDOMAIN');
    expect(types(ask('www.example.com.', 'A', false).answer)).toEqual(['A']);
    expect(types(ask('example.com.', 'DNSKEY', false).answer)).toEqual(['DNSKEY', 'DNSKEY']);
  });

  test('a referral to an unsigned child carries the proof that it is', () => {
    const message = ask('host.sub.example.com.', 'A', true);
    expect(types(message.authority)).toEqual(['NS', 'NSEC', 'RRSIG']);
    const child = served(zoneOf('sub.example.com.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\nhost A 192.0.2.77\n'));
    expect(validate([there, child], question('host.sub.example.com.', 'A'), { anchors }).verdict.status).toBe('insecure');
  });

  test('names outside of the zone are left as they are', () => {
    expect(ask('www.example.net.', 'A', true).rcode).toBe('REFUSED');
  });
});

test('a resolver follows the chain into the signed zone from the root', () => {
  expect(inInternet(internet(), 'www.example.com.', 'AAAA').verdict.status).toBe('secure');
});
