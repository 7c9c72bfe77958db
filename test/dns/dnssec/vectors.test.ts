/** Keys, digests and signatures as the RFCs print them. */
import { expect, test } from 'vitest';
import { parseHex } from '../../../src/base/octets.ts';
import { delegationSigner, keyTag, namesKey } from '../../../src/dns/dnssec/keys.ts';
import { signatureHolds } from '../../../src/dns/dnssec/memo.ts';
import { hashOf } from '../../../src/dns/dnssec/nsec3.ts';
import { name } from '../../../src/dns/name.ts';
import { parseRecord } from '../../../src/dns/presentation/parse.ts';
import { dataText } from '../../../src/dns/presentation.ts';
import type { DataByType, KnownType, ResourceRecord } from '../../../src/dns/record.ts';
import { dataOf, rrsets } from '../../../src/dns/record.ts';

function parse(text: string): ResourceRecord {
  const parsed = parseRecord(text, { ttl: 3600 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.mistake));
  return parsed.value;
}

function data<T extends KnownType>(text: string, type: T): DataByType[T] {
  const found = dataOf(parse(text), type);
  if (!found) throw new Error(`no ${type}: ${text}`);
  return found;
}

interface Vector {
  readonly source: string;
  readonly key: string;
  readonly tag: number;
  readonly ds?: string;
  readonly set?: string;
  readonly signature?: string;
}

const MX = 'example.com. MX 10 mail.example.com.';
const P384 =
  'xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40';

const VECTORS: readonly Vector[] = [
  {
    source: 'RFC 4034 §5.4, RSASHA1 with a SHA-1 digest',
    key: 'dskey.example.com. DNSKEY 256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==',
    tag: 60485,
    ds: 'dskey.example.com. DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118',
  },
  {
    source: 'RFC 5702 §6.1, RSASHA256',
    key: 'example.net. DNSKEY 256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=',
    tag: 9033,
    set: 'www.example.net. A 192.0.2.91',
    signature:
      'www.example.net. RRSIG A 8 3 3600 20300101000000 20000101000000 9033 example.net. kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg==',
  },
  {
    source: 'RFC 5702 §6.2, RSASHA512',
    key: 'example.net. DNSKEY 256 3 10 AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFDxj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8gpMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL',
    tag: 3740,
    set: 'www.example.net. A 192.0.2.91',
    signature:
      'www.example.net. RRSIG A 10 3 3600 20300101000000 20000101000000 3740 example.net. tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=',
  },
  {
    source: 'RFC 6605 §6.1, ECDSA P-256',
    key: 'example.net. DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==',
    tag: 55648,
    ds: 'example.net. DS 55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17',
    set: 'www.example.net. A 192.0.2.1',
    signature:
      'www.example.net. RRSIG A 13 3 3600 20100909100439 20100812100439 55648 example.net. qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==',
  },
  {
    source: 'RFC 6605 §6.2, ECDSA P-384 with a SHA-384 digest',
    key: `example.net. DNSKEY 257 3 14 ${P384}`,
    tag: 10771,
    ds: 'example.net. DS 10771 14 4 72D7B62976CE06438E9C0BF319013CF801F09ECC84B8D7E9495F27E305C6A9B0563A9B5F4D288405C3008A946DF983D6',
    set: 'www.example.net. A 192.0.2.1',
    signature:
      'www.example.net. RRSIG A 14 3 3600 20100909102025 20100812102025 10771 example.net. /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm',
  },
  {
    source: 'RFC 8080 §6.1 with erratum 4935, Ed25519',
    key: 'example.com. DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=',
    tag: 3613,
    ds: 'example.com. DS 3613 15 2 3AA5AB37EFCE57F737FC1627013FEE07BDF241BD10F3B1964AB55C78E79A304B',
    set: MX,
    signature:
      'example.com. RRSIG MX 15 2 3600 1440021600 1438207200 3613 example.com. oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==',
  },
  {
    source: 'RFC 8080 §6.2 with erratum 4935, Ed448',
    key: 'example.com. DNSKEY 257 3 16 3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYUcJKm1MDpJtIA',
    tag: 9713,
    ds: 'example.com. DS 9713 16 2 6CCF18D5BC5D7FC2FCEB1D59D17321402F2AA8D368048DB93DD811F5CB2B19C7',
    set: MX,
    signature:
      'example.com. RRSIG MX 16 2 3600 1440021600 1438207200 9713 example.com. 3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0amxWndkmnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQvE581N3Aj/JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA',
  },
];

test.each(VECTORS)('$source: the key tag is the printed one', ({ key, tag }) => {
  expect(keyTag(data(key, 'DNSKEY'))).toBe(tag);
});

test.each(VECTORS.flatMap(({ source, key, ds }) => (ds === undefined ? [] : [{ source, key, ds }])))(
  '$source: the DS record is the printed one, and names the key',
  ({ key, ds }) => {
    const zone = parse(key).name;
    const publicKey = data(key, 'DNSKEY');
    const wanted = data(ds, 'DS');
    const made = delegationSigner(zone, publicKey, wanted.digestType);
    expect(made && dataText('DS', made)).toBe(dataText('DS', wanted));
    expect(namesKey(zone, wanted, publicKey)).toBe(true);
    expect(namesKey(zone, { ...wanted, keyTag: wanted.keyTag ^ 1 }, publicKey)).toBe(false);
    expect(namesKey(name('other.example.'), wanted, publicKey)).toBe(false);
  },
);

test.each(
  VECTORS.flatMap(({ source, key, set, signature }) =>
    set === undefined || signature === undefined ? [] : [{ source, key, set, signature }],
  ),
)('$source: the signature fits, and no longer with any octet of it changed', ({ key, set, signature }) => {
  const [records] = rrsets([parse(set)]);
  const publicKey = data(key, 'DNSKEY');
  const printed = data(signature, 'RRSIG');
  if (!records) throw new Error('no set');
  expect(signatureHolds(records, printed, publicKey)).toBe(true);
  for (const at of [0, printed.signature.length >> 1, printed.signature.length - 2]) {
    const changed = printed.signature.slice();
    changed[at] = (changed[at] as number) ^ 1;
    expect(signatureHolds(records, { ...printed, signature: changed }, publicKey)).toBe(false);
  }
  expect(signatureHolds(records, { ...printed, signature: printed.signature.slice(1) }, publicKey)).toBe(false);
});

test('a DS record of an unknown digest type names no key', () => {
  const publicKey = data(VECTORS[3]?.key as string, 'DNSKEY');
  expect(delegationSigner(name('example.net.'), publicKey, 3)).toBeUndefined();
});

test('the key tag of an RSA/MD5 key comes from the end of its modulus (RFC 4034 App. B.1)', () => {
  const octets = parseHex('0103AABBCCDDEE1122');
  if (!octets) throw new Error('no octets');
  expect(keyTag({ flags: 256, protocol: 3, algorithm: 1, publicKey: octets })).toBe(0xee11);
});

/** RFC 5155 App. A: salt aabbccdd, 12 iterations. */
const HASHES: readonly (readonly [string, string])[] = [
  ['example.', '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom'],
  ['a.example.', '35mthgpgcu1qg68fab165klnsnk3dpvl'],
  ['ai.example.', 'gjeqe526plbf1g8mklp59enfd789njgi'],
  ['ns1.example.', '2t7b4g4vsa5smi47k61mv5bv1a22bojr'],
  ['ns2.example.', 'q04jkcevqvmu85r014c7dkba38o0ji5r'],
  ['w.example.', 'k8udemvp1j2f7eg6jebps17vp3n8i58h'],
  ['*.w.example.', 'r53bq7cc2uvmubfu5ocmm6pers9tk9en'],
  ['x.w.example.', 'b4um86eghhds6nea196smvmlo4ors995'],
  ['y.w.example.', 'ji6neoaepv8b5o6k4ev33abha8ht9fgc'],
  ['x.y.w.example.', '2vptu5timamqttgl4luu9kg21e0aor3s'],
  ['XX.Example.', 't644ebqk9bibcna874givr6joj62mlhv'],
  ['2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.', 'kohar7mbb8dc2ce8a9qvl8hon4k53uhi'],
];

test.each(HASHES)('the NSEC3 hash of %s is the one of RFC 5155 App. A', (text, hash) => {
  expect(hashOf(name(text), { iterations: 12, salt: Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd) })).toBe(hash.toUpperCase());
});
