import { describe, expect, test } from 'vitest';
import { hexText } from '../../../src/base/octets.ts';
import { canonicalData, signedData, signedLabels, wildcardOf } from '../../../src/dns/dnssec/canonical.ts';
import { name } from '../../../src/dns/name.ts';
import { parseRecord } from '../../../src/dns/presentation/parse.ts';
import type { ResourceRecord } from '../../../src/dns/record.ts';
import { dataOf, rrsets } from '../../../src/dns/record.ts';

function parse(text: string): ResourceRecord {
  const parsed = parseRecord(text, { ttl: 300 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.mistake));
  return parsed.value;
}
const octetsOf = (text: string): string => {
  const r = parse(text);
  return hexText(canonicalData(r.type, r.data));
};
const signature = (labels: number, signer = 'example.com.') => {
  const data = dataOf(parse(`x. RRSIG A 13 ${labels} 3600 20260101000000 20250101000000 1 ${signer} AAAA`), 'RRSIG');
  if (!data) throw new Error('no signature');
  return data;
};
const setOf = (...texts: readonly string[]) => {
  const [set] = rrsets(texts.map(parse));
  if (!set) throw new Error('no set');
  return set;
};

describe('names inside of data are compared in lower case (RFC 4034 §6.2)', () => {
  test.each([
    'x. NS NS.Example.',
    'x. CNAME NS.Example.',
    'x. SOA NS.Example. Host.Example. 1 2 3 4 5',
    'x. PTR NS.Example.',
    'x. MX 10 NS.Example.',
    'x. SRV 1 2 3 NS.Example.',
    'x. NAPTR 1 2 "a" "b" "c" NS.Example.',
    'x. DNAME NS.Example.',
    'x. RRSIG A 13 1 60 20260101000000 20250101000000 1 NS.Example. AAAA',
  ])('in %s', (text) => {
    expect(octetsOf(text)).toBe(octetsOf(text.replace('NS.Example', 'ns.example').replace('Host.E', 'host.e')));
  });

  test.each(['x. NSEC NS.Example. A', 'x. SVCB 1 NS.Example.', 'x. HTTPS 1 NS.Example.'])(
    'but not in %s, which came later (RFC 6840 §5.1, RFC 3597 §7)',
    (text) => {
      expect(octetsOf(text)).not.toBe(octetsOf(text.replace('NS.Example', 'ns.example')));
    },
  );

  test('text is no name', () => {
    expect(octetsOf('x. TXT "ABC"')).not.toBe(octetsOf('x. TXT "abc"'));
  });
});

describe('what is signed (RFC 4034 §3.1.8.1)', () => {
  test('does not depend on the order of the records, on doubles, on TTLs or on the letter case of the owner', () => {
    const plain = signedData(setOf('www.example.com. A 192.0.2.1', 'www.example.com. A 192.0.2.2'), signature(3));
    const other = setOf('WWW.example.com. A 192.0.2.2', 'www.example.com. 9 A 192.0.2.1', 'www.example.com. A 192.0.2.2');
    expect(signedData(other, signature(3))).toEqual(plain);
  });

  test('sorts records by their data, the shorter first when one begins with the other', () => {
    const set = setOf('x. TXT "a" "b"', 'x. TXT "a"', 'x. TXT "\\000"');
    const text = hexText(signedData(set, signature(1, '.')));
    const at = ['000201' + '00', '0161' + '0162'].map((part) => text.indexOf(part));
    expect(text.indexOf('0002' + '0161')).toBeLessThan(text.indexOf('0004' + '01610162'));
    expect(at.every((place) => place > 0)).toBe(true);
    expect(at[0] as number).toBeLessThan(at[1] as number);
  });

  test('stands under the wildcard that a set was made from', () => {
    const made = setOf('a.b.example.com. A 192.0.2.1');
    const star = setOf('*.example.com. A 192.0.2.1');
    expect(signedData(made, signature(2))).toEqual(signedData(star, signature(2)));
  });

  test('holds the signer in lower case, and no signature', () => {
    const set = setOf('www.example.com. A 192.0.2.1');
    expect(signedData(set, signature(3, 'EXAMPLE.com.'))).toEqual(
      signedData(set, { ...signature(3), signature: new Uint8Array(9) }),
    );
  });

  test.each([
    ['another owner', setOf('ww2.example.com. A 192.0.2.1'), signature(3)],
    ['another address', setOf('www.example.com. A 192.0.2.2'), signature(3)],
    ['another class', setOf('www.example.com. CH A 192.0.2.1'), signature(3)],
    ['a record more', setOf('www.example.com. A 192.0.2.1', 'www.example.com. A 192.0.2.2'), signature(3)],
    ['another signed TTL', setOf('www.example.com. A 192.0.2.1'), { ...signature(3), originalTtl: 60 }],
    ['another key tag', setOf('www.example.com. A 192.0.2.1'), { ...signature(3), keyTag: 2 }],
    ['another end', setOf('www.example.com. A 192.0.2.1'), { ...signature(3), expiration: 5 }],
  ])('differs with %s', (_, set, by) => {
    expect(signedData(set, by)).not.toEqual(signedData(setOf('www.example.com. A 192.0.2.1'), signature(3)));
  });
});

test('a signature counts neither the root nor a wildcard’s star (RFC 4034 §3.1.3)', () => {
  expect([name('.'), name('com.'), name('*.com.'), name('*.'), name('a.*.com.')].map(signedLabels)).toEqual([0, 1, 1, 0, 3]);
});

test('fewer labels than the owner has tell of a wildcard', () => {
  expect(wildcardOf(name('a.b.example.com.'), signature(2))).toBe('*.example.com.');
  expect(wildcardOf(name('a.b.example.com.'), signature(0))).toBe('*.');
  expect(wildcardOf(name('*.example.com.'), signature(2))).toBeUndefined();
  expect(wildcardOf(name('example.com.'), signature(2))).toBeUndefined();
});
