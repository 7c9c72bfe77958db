/** The chain of trust over a small signed Internet, whole and broken in every way. */
import { describe, expect, test } from 'vitest';
import { zoneChecks } from '../../../src/dns/dnssec/checks.ts';
import { isAuthentic, isWithheld } from '../../../src/dns/dnssec/flags.ts';
import { delegationSigner } from '../../../src/dns/dnssec/keys.ts';
import { signZone } from '../../../src/dns/dnssec/sign.ts';
import { EDE, securityOf } from '../../../src/dns/dnssec/verdict.ts';
import type { Message, Question } from '../../../src/dns/message.ts';
import { query } from '../../../src/dns/message.ts';
import { name, sameName } from '../../../src/dns/name.ts';
import { recordText } from '../../../src/dns/presentation.ts';
import type { RecordType, ResourceRecord } from '../../../src/dns/record.ts';
import { dataOf } from '../../../src/dns/record.ts';
import type { Security } from '../../../src/dns/resolve/cache.ts';
import { withRecords } from '../../../src/dns/zone/zone.ts';
import type { Circumstances } from './asking.ts';
import { inInternet, question, served, servers, validate } from './asking.ts';
import { internet, NSEC, NSEC3, OPT_OUT, WINDOW, zoneOf } from './sample.ts';

const net = internet();
const status = (text: string, type: RecordType, given: Circumstances = {}) => inInternet(net, text, type, given).verdict.status;
const fault = (text: string, type: RecordType, given: Circumstances = {}) => {
  const { status: found, error, blame, reasons } = inInternet(net, text, type, given).verdict;
  return { status: found, code: error?.code, blame: blame && `${blame.name} ${blame.type}`, rule: reasons.at(-1)?.rule };
};

/** Alters the records of the responses to one question. */
const inReply =
  (to: string, change: (records: readonly ResourceRecord[]) => readonly ResourceRecord[]) =>
  (message: Message, asked: Question): Message =>
    `${asked.name} ${asked.type}` === to
      ? {
          ...message,
          answer: change(message.answer),
          authority: change(message.authority),
          additional: change(message.additional),
        }
      : message;
const withoutSignatures = (records: readonly ResourceRecord[]) => records.filter((r) => r.type !== 'RRSIG');
const without =
  (...types: readonly RecordType[]) =>
  (records: readonly ResourceRecord[]) =>
    records.filter((r) => !types.includes(r.type) && !types.includes(dataOf(r, 'RRSIG')?.typeCovered ?? 'NULL'));

describe('an answer', () => {
  test('is secure when signatures lead from the trust anchor to it', () => {
    const { verdict, asked } = inInternet(net, 'www.example.com.', 'A');
    expect(verdict.status).toBe('secure');
    expect(asked).toEqual(['. DNSKEY', 'com. DS', 'com. DNSKEY', 'example.com. DS', 'example.com. DNSKEY']);
    expect(verdict.chain.map((link) => [link.zone, link.status, link.signs?.name, link.signs?.type])).toEqual([
      ['.', 'secure', 'com.', 'DS'],
      ['com.', 'secure', 'example.com.', 'DS'],
      ['example.com.', 'secure', 'www.example.com.', 'A'],
    ]);
  });

  test('shows of each zone what vouches for its keys, and the signatures', () => {
    const [root, com] = inInternet(net, 'www.example.com.', 'A').verdict.chain;
    expect(root?.vouchedBy).toBe('anchor');
    expect(com?.vouchedBy).toBe('parent');
    expect(com?.keys.map((k) => [k.role, k.keyTag, k.named])).toEqual([
      ['KSK', net.com.ksk.keyTag, true],
      ['ZSK', net.com.zsk.keyTag, false],
    ]);
    expect(com?.signers.map((s) => s.names)).toEqual([net.com.ksk.keyTag]);
    expect(com?.keySignatures.map((s) => s.keyTag)).toEqual([net.com.ksk.keyTag]);
    expect(com?.signs?.signatures.map((s) => [s.keyTag, s.fault])).toEqual([[net.com.zsk.keyTag, undefined]]);
  });

  test.each([
    ['the keys of a zone', 'example.com.', 'DNSKEY'],
    ['the keys of the root', '.', 'DNSKEY'],
    ['a DS set, which the parent signs', 'example.com.', 'DS'],
    ['an alias', 'alias.example.com.', 'A'],
    ['an alias that leads away', 'away.example.com.', 'A'],
    ['an alias asked for itself', 'alias.example.com.', 'CNAME'],
    ['an alias made by a DNAME', 'www.old.example.com.', 'A'],
    ['one set of all', 'www.example.com.', 'ANY'],
    ['a name made from a wildcard', 'x.wild.example.com.', 'TXT'],
    ['a deep name made from a wildcard', 'x.y.wild.example.com.', 'TXT'],
    ['an alias made from a wildcard', 'x.walias.example.com.', 'A'],
    ['the wildcard itself', '*.wild.example.com.', 'TXT'],
    ['a no: there is no such name', 'nothing.example.com.', 'A'],
    ['a no: there is no such name below one', 'x.www.example.com.', 'A'],
    ['a no: there is no such type', 'www.example.com.', 'MX'],
    ['a no: the wildcard has no such type', 'x.wild.example.com.', 'A'],
    ['a no: the name is empty', 'b.c.example.com.', 'A'],
    ['a no: no DS at an unsigned delegation', 'sub.example.com.', 'DS'],
    ['a no: no DS at a name that is no delegation', 'www.example.com.', 'DS'],
    ['a no of the root', 'org.', 'A'],
  ] as const)('is secure when it is %s', (_, text, type) => {
    expect(status(text, type)).toBe('secure');
    expect(inInternet(internet(NSEC3), text, type).verdict.status).toBe('secure');
  });

  test.each([
    ['example.com.', 'SOA', NSEC],
    ['host.sub.example.com.', 'A', NSEC],
    ['deep.host.sub.example.com.', 'A', NSEC],
    ['plain.com.', 'A', NSEC3],
    ['plain.com.', 'A', OPT_OUT],
    ['x.only.unsigned.example.com.', 'A', OPT_OUT],
  ] as const)('from below an unsigned delegation is insecure: %s %s', (text, type, policy) => {
    const there = internet(policy);
    const child = zoneOf('sub.example.com.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\nhost A 192.0.2.77\ndeep.host A 192.0.2.78\n');
    const plain = zoneOf('plain.com.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\n@ A 192.0.2.79\n');
    const only = zoneOf('only.unsigned.example.com.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\nx A 192.0.2.80\n');
    const zones = [...servers(there), served(child), served(plain), served(only)];
    const { verdict } = validate(zones, question(text, type), { anchors: [recordText(there.anchor)] });
    expect(verdict.status).toBe(text === 'example.com.' ? 'secure' : 'insecure');
    expect(verdict.error).toBeUndefined();
    if (text !== 'example.com.') expect(verdict.chain.at(-1)).toMatchObject({ status: 'insecure', keys: [] });
  });

  test('whose signatures are signatures cannot be checked', () => {
    const tamper = inReply('www.example.com. RRSIG', (records) => records);
    expect(status('www.example.com.', 'RRSIG', { tamper })).toBe('indeterminate');
  });

  test('whose name lies under no trust anchor cannot be checked', () => {
    expect(inInternet(net, 'www.example.com.', 'A', { anchors: [] })).toMatchObject({
      verdict: { status: 'indeterminate', error: undefined },
      asked: [],
    });
  });

  test('is not checked below a negative trust anchor', () => {
    const tamper = inReply('www.example.com. A', withoutSignatures);
    expect(status('www.example.com.', 'A', { insecure: ['example.com.'], tamper })).toBe('insecure');
    expect(status('www.example.com.', 'A', { insecure: ['net.'], tamper })).toBe('bogus');
  });

  test('starts from the closest trust anchor, and nothing above it is asked', () => {
    const anchors = [recordText(net.example.signer), recordText(net.anchor)];
    expect(inInternet(net, 'www.example.com.', 'A', { anchors }).asked).toEqual(['example.com. DNSKEY']);
  });

  test('may start from a key given in full', () => {
    const anchors = [recordText({ ...net.example.signer, type: 'DNSKEY', data: net.example.ksk.data } as ResourceRecord)];
    expect(status('www.example.com.', 'A', { anchors })).toBe('secure');
    const other = [recordText({ ...net.example.signer, type: 'DNSKEY', data: net.com.ksk.data } as ResourceRecord)];
    expect(fault('www.example.com.', 'A', { anchors: other })).toMatchObject({ status: 'bogus', code: EDE.keyMissing });
  });

  test('the DS set of a zone is the parent’s to answer for: an anchor of the zone itself says nothing of it (RFC 4035 §3.1.4.1)', () => {
    const anchors = [recordText(net.example.signer)];
    expect(status('example.com.', 'DS', { anchors })).toBe('indeterminate');
    expect(status('example.com.', 'DS', { anchors: [...anchors, recordText(net.anchor)] })).toBe('secure');
  });

  test('a parent may deny a name that has an anchor of its own', () => {
    const anchors = [recordText(net.anchor), recordText({ ...net.example.signer, name: name('nothing.com.') })];
    expect(status('nothing.com.', 'A', { anchors })).toBe('secure');
    expect(status('nothing.com.', 'A', { anchors: anchors.slice(1) })).toBe('indeterminate');
  });
});

describe('an answer is bogus, with the reply that is to blame, when', () => {
  const rollover = signZone(zoneOf('example.com.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\nwww A 192.0.2.44\n'), {
    ...NSEC,
    seed: 'new',
  });

  test('its signatures were taken away (EDE 10)', () => {
    expect(fault('www.example.com.', 'A', { tamper: inReply('www.example.com. A', withoutSignatures) })).toEqual({
      status: 'bogus',
      code: EDE.signatureMissing,
      blame: 'www.example.com. A',
      rule: 'signature-missing',
    });
  });

  test('it was changed on the way (EDE 6)', () => {
    const swap = (records: readonly ResourceRecord[]) =>
      records.map((r) => (r.type === 'A' ? ({ ...r, data: { address: '203.0.113.9' } } as ResourceRecord) : r));
    expect(fault('www.example.com.', 'A', { tamper: inReply('www.example.com. A', swap) })).toEqual({
      status: 'bogus',
      code: EDE.bogus,
      blame: 'www.example.com. A',
      rule: 'signature-broken',
    });
  });

  test('its signature has run out (EDE 7), or is not good yet (EDE 8)', () => {
    const late = { rules: { date: WINDOW.expiration + 1 } };
    expect(fault('www.example.com.', 'A', late)).toMatchObject({ code: EDE.expired, blame: '. DNSKEY' });
    const early = { rules: { date: WINDOW.inception - 1 } };
    expect(fault('www.example.com.', 'A', early)).toMatchObject({ code: EDE.notYetValid, blame: '. DNSKEY' });
  });

  test('the zone has a new key and its parent still names the old one (EDE 9)', () => {
    const zones = [served(net.root.zone), served(net.com.zone), served(rollover.zone)];
    const { verdict } = validate(zones, question('www.example.com.', 'A'), { anchors: [recordText(net.anchor)] });
    expect(verdict).toMatchObject({
      status: 'bogus',
      error: { code: EDE.keyMissing },
      blame: { name: 'example.com.', type: 'DNSKEY' },
    });
    const { ksk } = rollover;
    expect(verdict.error?.text).toContain(`wanted ${net.example.ksk.keyTag}, found ${ksk.keyTag}`);
    expect(verdict.chain.map((link) => link.status)).toEqual(['secure', 'secure', 'bogus']);
  });

  test('the keys are not to be had (EDE 9)', () => {
    const given = { unanswered: ['example.com. DNSKEY'] };
    expect(fault('www.example.com.', 'A', given)).toMatchObject({ code: EDE.keyMissing, blame: 'example.com. DNSKEY' });
    const empty = { tamper: inReply('example.com. DNSKEY', without('DNSKEY')) };
    expect(fault('www.example.com.', 'A', empty)).toMatchObject({ code: EDE.keyMissing, rule: 'keys-missing' });
  });

  test('the keys are not signed by the one that the parent names (EDE 10)', () => {
    expect(fault('www.example.com.', 'A', { tamper: inReply('com. DNSKEY', withoutSignatures) })).toMatchObject({
      code: EDE.signatureMissing,
      blame: 'com. DNSKEY',
    });
  });

  test('a key may not sign zones, or has been revoked', () => {
    const flags = (to: number) => (records: readonly ResourceRecord[]) =>
      records.map((r) => {
        const data = dataOf(r, 'DNSKEY');
        return data ? ({ ...r, data: { ...data, flags: data.flags === 257 ? to : data.flags } } as ResourceRecord) : r;
      });
    const anchors = [recordText({ ...net.example.signer, type: 'DNSKEY', data: net.example.ksk.data } as ResourceRecord)];
    const given = (to: number) => ({ anchors, tamper: inReply('example.com. DNSKEY', flags(to)) });
    expect(fault('www.example.com.', 'A', given(1))).toMatchObject({ code: EDE.noZoneKeyBit, rule: 'no-zone-key' });
    expect(fault('www.example.com.', 'A', given(257 | 128))).toMatchObject({ code: EDE.keyMissing, rule: 'key-revoked' });
  });

  test('the DS set is not to be had (EDE 23), unsigned (EDE 10) or without a proof that there is none (EDE 12)', () => {
    expect(fault('www.example.com.', 'A', { unanswered: ['com. DS'] })).toMatchObject({
      code: EDE.networkError,
      blame: 'com. DS',
    });
    const stripped = { tamper: inReply('com. DS', withoutSignatures) };
    expect(fault('www.example.com.', 'A', stripped)).toMatchObject({ code: EDE.signatureMissing, blame: 'com. DS' });
    const taken = { tamper: inReply('com. DS', without('DS')) };
    expect(fault('www.example.com.', 'A', taken)).toMatchObject({
      code: EDE.proofMissing,
      rule: 'no-proof-of-no-ds',
      blame: 'com. DS',
    });
  });

  test.each([
    ['no proof comes with a no (EDE 12)', 'nothing.example.com.', without('NSEC'), EDE.proofMissing],
    [
      'the proof of a no is unsigned',
      'nothing.example.com.',
      (r: readonly ResourceRecord[]) => r.filter((one) => dataOf(one, 'RRSIG')?.typeCovered !== 'NSEC'),
      EDE.signatureMissing,
    ],
    [
      'the SOA of a no is unsigned',
      'nothing.example.com.',
      (r: readonly ResourceRecord[]) => r.filter((one) => dataOf(one, 'RRSIG')?.typeCovered !== 'SOA'),
      EDE.signatureMissing,
    ],
    ['a proof that a wildcard had to serve is missing', 'x.wild.example.com.', without('NSEC'), EDE.proofMissing],
  ])('%s', (_, text, change, code) => {
    const type = text.startsWith('x.') ? 'TXT' : 'A';
    expect(fault(text, type, { tamper: inReply(`${text} ${type}`, change) })).toMatchObject({ status: 'bogus', code });
  });

  test('an alias is not what the DNAME makes of the name', () => {
    const elsewhere = (records: readonly ResourceRecord[]) =>
      records.map((r) => (r.type === 'CNAME' ? ({ ...r, data: { target: name('evil.example.') } } as ResourceRecord) : r));
    const given = { tamper: inReply('www.old.example.com. A', elsewhere) };
    expect(fault('www.old.example.com.', 'A', given)).toMatchObject({ code: EDE.bogus, rule: 'not-by-dname' });
  });

  test('it is signed above the trust anchor', () => {
    const anchors = [recordText(net.example.signer)];
    const foreign = (records: readonly ResourceRecord[]) =>
      records.map((r) => {
        const data = dataOf(r, 'RRSIG');
        return data ? ({ ...r, data: { ...data, signer: name('com.') } } as ResourceRecord) : r;
      });
    const given = { anchors, tamper: inReply('www.example.com. A', foreign) };
    expect(fault('www.example.com.', 'A', given)).toMatchObject({ status: 'bogus', rule: 'signer-above-anchor' });
  });

  test('it is signed by a name that is no zone', () => {
    const foreign = (records: readonly ResourceRecord[]) =>
      records.map((r) => {
        const data = dataOf(r, 'RRSIG');
        return data ? ({ ...r, data: { ...data, signer: name('www.example.com.') } } as ResourceRecord) : r;
      });
    const given = { tamper: inReply('www.example.com. A', foreign) };
    expect(fault('www.example.com.', 'A', given)).toMatchObject({
      status: 'bogus',
      rule: 'signer-no-zone',
      blame: 'www.example.com. A',
    });
  });
});

describe('what cannot be checked makes a zone insecure, not bogus (RFC 4035 §5.2)', () => {
  const change = (data: Partial<{ algorithm: number; digestType: number }>) => {
    const signer = { ...net.example.signer, data: { ...dataOf(net.example.signer, 'DS'), ...data } } as ResourceRecord;
    const com = signZone(withRecords(zoneOf('com.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\nexample NS ns.example\n'), [signer]), NSEC);
    const root = signZone(withRecords(zoneOf('.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\ncom NS ns.com.\n'), [com.signer]), NSEC);
    const zones = [root, com, net.example].map(({ zone }) => served(zone));
    return validate(zones, question('www.example.com.', 'A'), { anchors: [recordText(root.signer)] }).verdict;
  };

  test('an unknown algorithm (EDE 1)', () => {
    expect(change({ algorithm: 12 })).toMatchObject({ status: 'insecure', error: { code: EDE.unsupportedAlgorithm } });
  });

  test('an unknown digest (EDE 2)', () => {
    expect(change({ digestType: 3 })).toMatchObject({ status: 'insecure', error: { code: EDE.unsupportedDigest } });
  });

  test('a trust anchor of an unknown kind', () => {
    expect(status('www.example.com.', 'A', { anchors: ['. DS 1 12 2 00'] })).toBe('insecure');
  });

  test('too many rounds of hashing (EDE 27)', () => {
    const many = internet({ ...NSEC, denial: { kind: 'nsec3', optOut: false, iterations: 9, salt: new Uint8Array(0) } });
    const rules = { nsec3Iterations: [[4096, 8]] as const };
    const { verdict } = inInternet(many, 'nothing.example.com.', 'A', { rules });
    expect(verdict).toMatchObject({ status: 'insecure', error: { code: EDE.nsec3Iterations } });
    expect(inInternet(many, 'nothing.example.com.', 'A').verdict.status).toBe('secure');
  });
});

test('a SHA-1 digest does not count where there is a better one (RFC 4509 §3)', () => {
  const bad = { ...dataOf(net.example.signer, 'DS'), digestType: 1, digest: new Uint8Array(20) };
  const worse = recordText({ ...net.example.signer, data: bad } as ResourceRecord);
  const wrong = recordText({
    ...net.example.signer,
    data: { ...bad, digestType: 2, digest: new Uint8Array(32) },
  } as ResourceRecord);
  expect(status('www.example.com.', 'A', { anchors: [worse, recordText(net.example.signer)] })).toBe('secure');
  const sha1 = { ...net.example.signer, data: delegationSigner(name('example.com.'), net.example.ksk.data, 1) } as ResourceRecord;
  expect(status('www.example.com.', 'A', { anchors: [recordText(sha1)] })).toBe('secure');
  expect(status('www.example.com.', 'A', { anchors: [recordText(sha1), wrong] })).toBe('bogus');
});

test('keys that are missing at a trust anchor may be let pass by the settings', () => {
  const given = { unanswered: ['. DNSKEY'], rules: { hardenStripped: false } };
  expect(status('www.example.com.', 'A', given)).toBe('insecure');
  expect(status('www.example.com.', 'A', { unanswered: ['com. DNSKEY'], rules: { hardenStripped: false } })).toBe('bogus');
});

test('every algorithm that the anchors name must have signed, when the settings are that strict', () => {
  const other = '. DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=';
  const anchors = [recordText(net.anchor), other];
  expect(status('www.example.com.', 'A', { anchors })).toBe('secure');
  const strict = { anchors, rules: { hardenAlgorithmDowngrade: true } };
  expect(fault('www.example.com.', 'A', strict)).toMatchObject({ status: 'bogus', rule: 'algorithm-missing' });
});

test('a DS set that is known already saves the questions on the way to it', () => {
  const deep = signZone(zoneOf('d.e.f.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\nwww A 192.0.2.1\n'), NSEC);
  const top = signZone(withRecords(zoneOf('f.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\nd.e NS ns.d.e\n'), [deep.signer]), NSEC);
  const zones = [served(top.zone), served(deep.zone)];
  const { asked, verdict } = validate(zones, question('www.d.e.f.', 'A'), { anchors: [recordText(top.signer)] });
  expect(verdict.status).toBe('secure');
  expect(asked).toEqual(['f. DNSKEY', 'e.f. DS', 'd.e.f. DS', 'd.e.f. DNSKEY']);
});

describe('what belongs to a secure response', () => {
  test('the sets that were found good, each with the time it may be kept', () => {
    const { verdict } = inInternet(net, 'www.example.com.', 'A');
    expect(verdict.good.map(({ set, ttl }) => [set.type, ttl])).toEqual([['A', 3600]]);
  });

  test('the proofs of a no, or that a wildcard had to serve', () => {
    const proofs = (text: string, type: RecordType) => inInternet(net, text, type).verdict.proofs.map((set) => set.name);
    expect(proofs('nothing.example.com.', 'A')).toEqual(['www.new.example.com.', 'example.com.']);
    expect(proofs('x.wild.example.com.', 'TXT')).toEqual(['*.wild.example.com.']);
    expect(proofs('www.example.com.', 'A')).toEqual([]);
  });

  test('not what was added on the way: unsigned name servers, unsigned addresses', () => {
    const extra: ResourceRecord = {
      ...net.anchor,
      name: name('example.com.'),
      type: 'NS',
      data: { nameServer: name('evil.example.') },
    };
    const glue = { ...extra, name: name('evil.example.'), type: 'A', data: { address: '203.0.113.1' } } as ResourceRecord;
    const tamper = (message: Message, asked: Question): Message =>
      sameName(asked.name, name('www.example.com.')) ? { ...message, authority: [extra], additional: [glue] } : message;
    const { verdict } = inInternet(net, 'www.example.com.', 'A', { tamper });
    expect(verdict.status).toBe('secure');
    expect(verdict.unchecked.map((set) => `${set.name} ${set.type}`)).toEqual(['example.com. NS', 'evil.example. A']);
  });
});

describe('the five checks of a zone, in order', () => {
  const checks = (given: Circumstances = {}) =>
    inInternet(net, 'www.example.com.', 'A', given).verdict.chain.map((link) => zoneChecks(link).map((check) => check.holds));

  test('all hold when the answer is secure', () => {
    expect(checks()).toEqual([Array(5).fill(true), Array(5).fill(true), Array(5).fill(true)]);
  });

  test.each([
    ['the keys are missing', { unanswered: ['example.com. DNSKEY'] }, [false, undefined, undefined, undefined, undefined]],
    [
      'the keys are unsigned',
      { tamper: inReply('example.com. DNSKEY', withoutSignatures) },
      [true, true, false, undefined, undefined],
    ],
    [
      'the answer is signed by somebody else',
      {
        tamper: inReply('www.example.com. A', (records) =>
          records.map((r) => {
            const data = dataOf(r, 'RRSIG');
            return data ? ({ ...r, data: { ...data, keyTag: 1 } } as ResourceRecord) : r;
          }),
        ),
      },
      [true, true, true, false, undefined],
    ],
  ])('the first that fails ends them: %s', (_, given, wanted) => {
    expect(checks(given).at(-1)).toEqual(wanted);
  });

  test('a signature that has run out is told from one that does not fit', () => {
    const [root] = checks({ rules: { date: WINDOW.expiration + 1 } });
    expect(root).toEqual([true, true, true, undefined, false]);
  });

  test('a zone that is proven unsigned has none', () => {
    const child = served(zoneOf('sub.example.com.', '@ SOA ns h 1 2 3 4 5\n@ NS ns\nhost A 192.0.2.77\n'));
    const { verdict } = validate([...servers(net), child], question('host.sub.example.com.', 'A'), {
      anchors: [recordText(net.anchor)],
    });
    expect(verdict.chain.map((link) => zoneChecks(link).length)).toEqual([5, 5, 5, 0]);
  });
});

describe('header bits', () => {
  const asked = (flags: { ad?: boolean; cd?: boolean; do?: boolean }): Message =>
    query(1, question('www.example.com.', 'A'), {
      ...flags,
      ...(flags.do === undefined ? {} : { edns: { version: 0, udpSize: 1232, do: flags.do, options: [] } }),
    });

  test('AD is set for secure data and a client that knows the bit (RFC 6840 §5.8)', () => {
    expect([{ ad: true }, { do: true }, { do: false }, {}].map((flags) => isAuthentic('secure', asked(flags)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect((['insecure', 'bogus', 'indeterminate'] as const).map((state) => isAuthentic(state, asked({ ad: true })))).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('bogus data are kept back, unless the client checks by itself (CD)', () => {
    expect([isWithheld('bogus', asked({})), isWithheld('bogus', asked({ cd: true })), isWithheld('insecure', asked({}))]).toEqual(
      [true, false, false],
    );
  });

  test('a chain of aliases is as good as its worst link', () => {
    const of = (...states: readonly Security[]) => securityOf(states.map((security) => ({ security })));
    expect(of('secure', 'insecure', 'secure')).toBe('insecure');
    expect(of('insecure', 'bogus', 'indeterminate')).toBe('bogus');
    expect(of('insecure', 'indeterminate')).toBe('indeterminate');
    expect(of('secure', 'unchecked')).toBe('indeterminate');
    expect(of()).toBe('secure');
  });
});
