/** The examples of RFC 4035 App. B and RFC 5155 App. B, over their zones with chains made here. Signatures are empty. */
import { describe, expect, test } from 'vitest';
import { base32Text, parseHex } from '../../../src/base/octets.ts';
import type { Message } from '../../../src/dns/message.ts';
import { query } from '../../../src/dns/message.ts';
import type { Name } from '../../../src/dns/name.ts';
import { canonicalOrder, name } from '../../../src/dns/name.ts';
import { nsec3Hash } from '../../../src/dns/nsec3.ts';
import { parseRecord } from '../../../src/dns/presentation/parse.ts';
import type { RecordType, ResourceRecord } from '../../../src/dns/record.ts';
import { dataOf } from '../../../src/dns/record.ts';
import { parseMasterFile } from '../../../src/dns/zone/masterFile.ts';
import { respond, zoneSet } from '../../../src/dns/zone/respond.ts';
import type { Zone } from '../../../src/dns/zone/zone.ts';
import { makeZone, zoneRecords } from '../../../src/dns/zone/zone.ts';

const ORIGIN = name('example.');
const SALT = parseHex('aabbccdd') as Uint8Array;
const hash = (owner: string): string => base32Text(nsec3Hash(name(owner), { salt: SALT, iterations: 12 })).toLowerCase();

const one = (text: string): ResourceRecord => {
  const parsed = parseRecord(text, { origin: ORIGIN, ttl: 3_600 });
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};
const signature = (owner: string, type: string): ResourceRecord =>
  one(`${owner} 3600 RRSIG ${type} 5 1 3600 20040509183619 20040409183619 38519 example.`);

/** Every RRset but glue and delegations with a signature. */
function signed(records: readonly ResourceRecord[], unsigned: readonly string[]): ResourceRecord[] {
  const sets = new Map(records.map((r) => [`${r.name} ${r.type}`, signature(r.name, r.type)]));
  for (const id of unsigned) sets.delete(id);
  return [...records, ...sets.values()];
}

const COMMON = `@ SOA ns1 bugs.x.w 1 3600 300 3600000 3600
@ NS ns1
@ NS ns2
a NS ns1.a
ns1.a A 192.0.2.5
ai A 192.0.2.9
ns1 A 192.0.2.1
ns2 A 192.0.2.2
*.w MX 1 ai
x.w MX 1 xx
x.y.w MX 1 xx
xx A 192.0.2.10
`;
const GLUE = ['a.example. NS', 'ns1.a.example. A', 'b.example. NS', 'c.example. NS'];
const read = (text: string): ResourceRecord[] => [
  ...parseMasterFile(text, { file: 'rfc', origin: ORIGIN, defaultTtl: 3_600 }).records,
];

function nsecZone(): Zone {
  const records = read(`${COMMON}a DS 57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B\nb NS ns1.b\n`);
  const owners = [...new Set(records.map((r) => r.name))].filter((n) => n !== 'ns1.a.example.').sort(canonicalOrder);
  const chain = owners.map((owner, i) => one(`${owner} NSEC ${owners[(i + 1) % owners.length]} A NSEC`));
  return makeZone(ORIGIN, signed([...records, ...chain], GLUE));
}

/** With opt-out: the delegation "c" has no hash of its own. */
function nsec3Zone(): Zone {
  const records = read(
    `${COMMON}a DS 58470 5 1 3079F1593EBAD6DC121E202A8B766A6A4837206C\nc NS ns1.c\n@ NSEC3PARAM 1 0 12 aabbccdd\n`,
  );
  const names = [...new Set(records.map((r) => r.name as string)), 'w.example.', 'y.w.example.'];
  const hashes = names
    .filter((n) => n !== 'ns1.a.example.' && n !== 'c.example.')
    .map(hash)
    .sort();
  const chain = hashes.map((at, i) => one(`${at} NSEC3 1 1 12 aabbccdd ${hashes[(i + 1) % hashes.length]} A`));
  return makeZone(ORIGIN, signed([...records, ...chain], GLUE));
}

function ask(zone: Zone, text: string, dnssec = true): Message {
  const [owner, type] = text.split(' ') as [string, RecordType];
  const edns = { version: 0, udpSize: 4_096, do: dnssec, options: [] };
  return respond(zoneSet([zone]), query(1, { name: name(owner), type, class: 'IN' }, { edns })).value;
}

/** The first labels of the proof's owners; each must have its signature behind it. */
function proof(m: Message): string[] {
  const links = m.authority.filter((r) => r.type === 'NSEC' || r.type === 'NSEC3');
  for (const link of links)
    expect(m.authority.some((r) => r.name === link.name && dataOf(r, 'RRSIG')?.typeCovered === link.type)).toBe(true);
  return links.map((r) => r.name).sort();
}
const hashed = (...owners: string[]): Name[] => owners.map((owner) => `${hash(owner)}.example.` as Name).sort();

test('hashes are those of RFC 5155 App. A', () => {
  expect([hash('example.'), hash('A.example.'), hash('x.y.w.example.'), hash('*.w.example.')]).toEqual([
    '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom',
    '35mthgpgcu1qg68fab165klnsnk3dpvl',
    '2vptu5timamqttgl4luu9kg21e0aor3s',
    'r53bq7cc2uvmubfu5ocmm6pers9tk9en',
  ]);
});

describe('NSEC: RFC 4035 App. B', () => {
  const zone = nsecZone();
  test.each<[string, string, Message['rcode'], string[]]>([
    ['B.2 name error', 'ml.example. A', 'NXDOMAIN', ['b.example.', 'example.']],
    ['B.3 no data', 'ns1.example. MX', 'NOERROR', ['ns1.example.']],
    ['B.5 referral to an unsigned zone', 'mc.b.example. MX', 'NOERROR', ['b.example.']],
    ['B.6 wildcard expansion', 'a.z.w.example. MX', 'NOERROR', ['x.y.w.example.']],
    ['B.7 wildcard no data', 'a.z.w.example. AAAA', 'NOERROR', ['*.w.example.', 'x.y.w.example.']],
    ['B.8 DS asked of the child', 'example. DS', 'NOERROR', ['example.']],
    ['an empty non-terminal', 'y.w.example. A', 'NOERROR', ['x.w.example.']],
  ])('%s', (_what, text, rcode, expected) => {
    const m = ask(zone, text);
    expect([m.rcode, proof(m)]).toEqual([rcode, expected]);
  });

  test('B.1 an answer comes with its signature, and signed addresses of name servers with theirs', () => {
    expect(ask(zone, 'x.w.example. MX').answer.map((r) => r.type)).toEqual(['MX', 'RRSIG']);
    expect(ask(zone, 'example. NS').additional.map((r) => r.type)).toEqual(['A', 'RRSIG', 'A', 'RRSIG']);
  });

  test('B.4 a referral to a signed zone carries DS and its signature, and unsigned glue', () => {
    const m = ask(zone, 'mc.a.example. MX');
    expect([m.authority.map((r) => r.type), m.additional.map((r) => r.type)]).toEqual([['NS', 'DS', 'RRSIG'], ['A']]);
  });

  test('a negative response carries the signature of the SOA, with the TTL of the “no”', () => {
    expect(
      ask(zone, 'ml.example. A')
        .authority.slice(0, 2)
        .map((r) => [r.type, r.ttl]),
    ).toEqual([
      ['SOA', 3_600],
      ['RRSIG', 3_600],
    ]);
  });

  test('a record made from a wildcard is signed under the name asked for', () => {
    expect(ask(zone, 'a.z.w.example. MX').answer.map((r) => [r.name, r.type])).toEqual([
      ['a.z.w.example.', 'MX'],
      ['a.z.w.example.', 'RRSIG'],
    ]);
  });

  test('who does not ask for DNSSEC gets none of it', () => {
    const all = ['ml.example. A', 'x.w.example. MX', 'mc.a.example. MX', 'a.z.w.example. MX'].map((text) =>
      ask(zone, text, false),
    );
    const types = new Set(all.flatMap((m) => [...m.answer, ...m.authority, ...m.additional]).map((r) => r.type));
    expect([...types].sort()).toEqual(['A', 'MX', 'NS', 'SOA']);
  });
});

describe('NSEC3: RFC 5155 App. B', () => {
  const zone = nsec3Zone();
  test.each<[string, string, Message['rcode'], string[]]>([
    ['B.1 name error', 'a.c.x.w.example. A', 'NXDOMAIN', hashed('example.', 'x.w.example.', 'a.example.')],
    ['B.2 no data', 'ns1.example. MX', 'NOERROR', hashed('ns1.example.')],
    ['B.2.1 no data at an empty non-terminal', 'y.w.example. A', 'NOERROR', hashed('y.w.example.')],
    ['B.3 referral to an unsigned zone, opted out', 'mc.c.example. MX', 'NOERROR', hashed('example.', 'a.example.')],
    ['B.4 wildcard expansion', 'a.z.w.example. MX', 'NOERROR', hashed('ns2.example.')],
    ['B.5 wildcard no data', 'a.z.w.example. AAAA', 'NOERROR', hashed('w.example.', 'ns2.example.', '*.w.example.')],
    ['B.6 DS asked of the child', 'example. DS', 'NOERROR', hashed('example.')],
    ['DS of a delegation that is opted out', 'c.example. DS', 'NOERROR', hashed('example.', 'a.example.')],
  ])('%s', (_what, text, rcode, expected) => {
    const m = ask(zone, text);
    expect([m.rcode, proof(m)]).toEqual([rcode, expected]);
  });

  test('the hashed owners are no names of the zone (RFC 5155 §7.2.8)', () => {
    expect(ask(zone, `${hash('ns1.example.')}.example. NSEC3`).rcode).toBe('NXDOMAIN');
  });

  test('they are records of the zone all the same', () => {
    expect(zoneRecords(zone).filter((r) => r.type === 'NSEC3')).toHaveLength(11);
  });
});
