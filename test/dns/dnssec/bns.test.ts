/** Another implementation as the judge: what ours signs holds in bns, and what bns signs holds in ours. */
import { describe, expect, test } from 'vitest';
import { delegationSigner } from '../../../src/dns/dnssec/keys.ts';
import { signatureHolds } from '../../../src/dns/dnssec/memo.ts';
import { type SigningPolicy, signZone } from '../../../src/dns/dnssec/sign.ts';
import { parseRecord } from '../../../src/dns/presentation/parse.ts';
import { recordText } from '../../../src/dns/presentation.ts';
import type { ResourceRecord } from '../../../src/dns/record.ts';
import { dataOf, rrsets } from '../../../src/dns/record.ts';
import { zoneRecords } from '../../../src/dns/zone/zone.ts';
import { EXAMPLE, NSEC, NSEC3, zoneOf } from './sample.ts';

// bns reads this when it is loaded: its own arithmetic, not OpenSSL's.
process.env.NODE_BACKEND = 'js';
const { default: bns } = await import('bns');

const theirs = (r: ResourceRecord) => {
  const [found] = bns.wire.fromZone(`${recordText(r)}\n`, '.');
  if (!found) throw new Error(`bns cannot read ${recordText(r)}`);
  return found;
};

function ours(text: string): ResourceRecord {
  const parsed = parseRecord(text, { ttl: 3600 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.mistake));
  return parsed.value;
}

describe('bns, which checks signatures by itself,', () => {
  test.each<[string, SigningPolicy]>([
    ['NSEC', NSEC],
    ['NSEC3', NSEC3],
  ])('finds every signature of a zone that ours signed good (%s)', (_, policy) => {
    const { zone } = signZone(zoneOf('example.com.', EXAMPLE), policy);
    const all = zoneRecords(zone);
    const keys = all.filter((r) => r.type === 'DNSKEY').map((r) => theirs(r));
    const signatures = all.filter((r) => r.type === 'RRSIG');
    const bad = signatures.filter((signature) => {
      const covered = dataOf(signature, 'RRSIG')?.typeCovered;
      const set = all.filter((r) => r.name === signature.name && r.type === covered).map((r) => theirs(r));
      return !keys.some((key) => bns.dnssec.verify(theirs(signature), key, set));
    });
    expect(bad.map(recordText)).toEqual([]);
    expect(signatures.length).toBeGreaterThan(15);
  });

  test('names a key by the same digest', () => {
    const { ksk, signer } = signZone(zoneOf('example.com.', EXAMPLE), NSEC);
    const key = bns.dnssec.createKey('example.com.', 13, Buffer.from(ksk.data.publicKey), ksk.data.flags);
    const ds = ours(bns.dnssec.createDS(key, 2).toString());
    expect(dataOf(ds, 'DS')).toEqual(dataOf(signer, 'DS'));
    expect(delegationSigner(signer.name, ksk.data)).toEqual(dataOf(signer, 'DS'));
  });

  // 10: RSA with SHA-512; 13 and 14: ECDSA; 15: Ed25519.
  test.each([8, 10, 13, 14, 15])('signs with algorithm %i what ours finds good, and nothing else', (algorithm) => {
    const secret = bns.dnssec.createPrivate(algorithm, algorithm <= 10 ? 1024 : 256);
    const key = bns.dnssec.createKey('example.com.', algorithm, bns.dnssec.createPublic(algorithm, secret), 256);
    const text = 'www.example.com. 300 IN A 192.0.2.44\nwww.example.com. 300 IN A 192.0.2.45\n';
    const [signature] = bns.wire.fromZone(
      `www.example.com. 300 IN RRSIG A ${algorithm} 3 300 20260201000000 20260101000000 ${key.data.keyTag()} example.com. AA==\n`,
      '.',
    );
    if (!signature) throw new Error('no signature');
    const signed = ours(bns.dnssec.signRRSIG(signature, secret, bns.wire.fromZone(text, '.')).toString());
    const rrsig = dataOf(signed, 'RRSIG');
    const publicKey = dataOf(ours(key.toString()), 'DNSKEY');
    const [set] = rrsets(text.trim().split('\n').map(ours));
    const [other] = rrsets(text.replace('.45', '.46').trim().split('\n').map(ours));
    if (!rrsig || !publicKey || !set || !other) throw new Error('bns wrote what ours cannot read');
    expect(signatureHolds(set, rrsig, publicKey)).toBe(true);
    expect(signatureHolds(other, rrsig, publicKey)).toBe(false);
  });
});
