/**
 * dns-packet and bns as judges of ours. Left out is what they are known to get wrong: labels with dots or octets
 * outside ASCII, names near the limit, SVCB and HTTPS, EDNS options (bns throws on keepalive).
 */
import dnsPacket from 'dns-packet';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from '../../../src/dns/message.ts';
import type { Name } from '../../../src/dns/name.ts';
import { name } from '../../../src/dns/name.ts';
import type { DataByType, KnownType, ResourceRecord } from '../../../src/dns/record.ts';
import { decode } from '../../../src/dns/wire/decode.ts';
import { encode } from '../../../src/dns/wire/encode.ts';
import { dataFor } from './arbitrary.ts';

process.env.NODE_BACKEND = 'js';
const { default: bns } = await import('bns');

const bare = (n: Name): string => (n === '.' ? '.' : n.slice(0, -1));
const octets = (o: Uint8Array): Buffer => Buffer.from(o);
const text = (o: Uint8Array): string => Buffer.from(o).toString();

/** What dns-packet calls the data of each type. */
const THEIRS: { readonly [T in KnownType]?: (d: DataByType[T]) => unknown } = {
  A: (d) => d.address,
  AAAA: (d) => d.address,
  NS: (d) => bare(d.nameServer),
  CNAME: (d) => bare(d.target),
  PTR: (d) => bare(d.target),
  DNAME: (d) => bare(d.target),
  MX: (d) => ({ preference: d.preference, exchange: bare(d.exchange) }),
  TXT: (d) => d.strings.map(octets),
  SOA: ({ primary, mailbox, ...numbers }) => ({ mname: bare(primary), rname: bare(mailbox), ...numbers }),
  SRV: (d) => ({ ...d, target: bare(d.target) }),
  CAA: (d) => ({ flags: d.flags, tag: text(d.tag), value: text(d.value), issuerCritical: d.flags >= 128 }),
  DS: (d) => ({ ...d, digest: octets(d.digest) }),
  DNSKEY: (d) => ({ flags: d.flags, algorithm: d.algorithm, key: octets(d.publicKey) }),
  SSHFP: (d) => ({ algorithm: d.algorithm, hash: d.fingerprintType, fingerprint: octets(d.fingerprint).toString('hex') }),
  TLSA: (d) => ({ usage: d.usage, selector: d.selector, matchingType: d.matching, certificate: octets(d.association) }),
  RRSIG: (d) => ({
    typeCovered: d.typeCovered,
    algorithm: d.algorithm,
    labels: d.labels,
    originalTTL: d.originalTtl,
    expiration: d.expiration,
    inception: d.inception,
    keyTag: d.keyTag,
    signersName: bare(d.signer),
    signature: octets(d.signature),
  }),
  NSEC: (d) => ({ nextDomain: bare(d.next), rrtypes: d.types }),
  NAPTR: (d) => ({
    ...d,
    flags: text(d.flags),
    services: text(d.services),
    regexp: text(d.regexp),
    replacement: bare(d.replacement),
  }),
};

const host = fc
  .array(fc.stringMatching(/^[A-Za-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/), { minLength: 1, maxLength: 4 })
  .map((labels) => name(`${labels.join('.')}.`));
const ascii = fc.stringMatching(/^[!-~]{1,20}$/).map((s) => new TextEncoder().encode(s));

/** Data that the oracles can read: names of hosts, texts of ASCII, types and key protocols that they know. */
function tame(type: KnownType): fc.Arbitrary<object> {
  return fc.tuple(dataFor(type), host, host, ascii, ascii).map(([data, a, b, x, y]) => {
    const [names, texts] = [
      [a, b],
      [x, y],
    ];
    const changed = Object.entries(data).map(([field, value]) => {
      if (typeof value === 'string' && NAMES.has(field)) return [field, names.pop()];
      if (TEXTS.has(field)) return [field, texts.pop() ?? x];
      if (field === 'types') return [field, ['A', 'NS', 'MX', 'AAAA', 'RRSIG', 'NSEC']];
      if (field === 'typeCovered') return [field, 'MX'];
      if (field === 'protocol') return [field, 3];
      return [field, value];
    });
    const sized: Record<string, unknown> = Object.fromEntries(changed);
    // dns-packet wants a fingerprint as long as its hash, and writes one flag of CAA only.
    if (type === 'SSHFP') return { ...sized, fingerprintType: 1, fingerprint: new Uint8Array(20).fill(0x61) };
    return type === 'CAA' ? { ...sized, flags: 128 } : sized;
  });
}
const NAMES = new Set(['nameServer', 'target', 'primary', 'mailbox', 'exchange', 'signer', 'next', 'replacement']);
const TEXTS = new Set(['tag', 'value', 'services', 'regexp']);

const record = fc.constantFrom(...(Object.keys(THEIRS) as KnownType[])).chain((type) =>
  fc.record({
    name: host,
    type: fc.constant(type),
    class: fc.constant('IN'),
    ttl: fc.nat({ max: 0x7fffffff }),
    data: type === 'NAPTR' ? fc.tuple(tame(type), ascii).map(([d, flags]) => ({ ...d, flags })) : tame(type),
  }),
);
const records = fc.array(record, { maxLength: 5 }) as unknown as fc.Arbitrary<ResourceRecord[]>;
const message: fc.Arbitrary<Message> = fc.record({
  id: fc.nat({ max: 0xffff }),
  opcode: fc.constant('QUERY'),
  rcode: fc.constantFrom('NOERROR', 'NXDOMAIN', 'REFUSED'),
  flags: fc.record({
    qr: fc.constant(true),
    aa: fc.boolean(),
    tc: fc.boolean(),
    rd: fc.boolean(),
    ra: fc.boolean(),
    z: fc.constant(false),
    ad: fc.boolean(),
    cd: fc.boolean(),
  }),
  question: fc.array(fc.record({ name: host, type: fc.constant('A'), class: fc.constant('IN') }), { maxLength: 1 }),
  answer: records,
  authority: records,
  additional: records,
}) as unknown as fc.Arbitrary<Message>;

const theirView = (r: ResourceRecord): unknown => ({
  name: bare(r.name),
  type: r.type,
  ttl: r.ttl,
  class: 'IN',
  flush: false,
  data: (THEIRS[r.type as KnownType] as (data: unknown) => unknown)(r.data),
});

test('dns-packet reads our messages field by field as they were meant', () => {
  fc.assert(
    fc.property(message, (m) => {
      const theirs = dnsPacket.decode(Buffer.from(encode(m)));
      expect(theirs).toMatchObject({
        id: m.id,
        flag_aa: m.flags.aa,
        flag_tc: m.flags.tc,
        flag_rd: m.flags.rd,
        flag_ra: m.flags.ra,
      });
      expect(theirs).toMatchObject({ flag_ad: m.flags.ad, flag_cd: m.flags.cd, rcode: m.rcode });
      expect(theirs.answers).toEqual(m.answer.map(theirView));
      expect(theirs.authorities).toEqual(m.authority.map(theirView));
      expect(theirs.additionals).toEqual(m.additional.map(theirView));
    }),
    { numRuns: 150, seed: 3 },
  );
});

test('what dns-packet writes without compression, we read as the same message', () => {
  fc.assert(
    fc.property(message, (m) => {
      const theirs = dnsPacket.encode(dnsPacket.decode(Buffer.from(encode(m))));
      const { flags, ...rest } = m;
      expect(decode(new Uint8Array(theirs))).toMatchObject({
        ok: true,
        message: { ...rest, flags: { aa: flags.aa, rd: flags.rd } },
      });
      expect(encode(m).length).toBeLessThanOrEqual(theirs.length);
    }),
    { numRuns: 150, seed: 4 },
  );
});

test('what bns reads and writes again is the same message, and no smaller than ours', () => {
  fc.assert(
    fc.property(message, (m) => {
      const theirs = bns.wire.Message.decode(Buffer.from(encode(m))).encode();
      expect(decode(new Uint8Array(theirs))).toEqual({ ok: true, message: m });
      expect(encode(m).length).toBeLessThanOrEqual(theirs.length);
    }),
    { numRuns: 150, seed: 5 },
  );
});
