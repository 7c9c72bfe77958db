import { expect, test } from 'vitest';
import { closestAnchor, readTrustAnchors } from '../../../src/dns/dnssec/anchors.ts';
import { name } from '../../../src/dns/name.ts';

const DS = 'DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D';
const KEY = 'DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=';

test('anchors are DS and DNSKEY records; TTL and class may be absent, and those of one zone stand together', () => {
  const { anchors, mistakes } = readTrustAnchors([
    `. ${DS}`,
    `. 3600 IN ${DS.replace('20326', '1')}`,
    `Example.COM. ${KEY} ;{id = 1}`,
  ]);
  expect(mistakes).toEqual([]);
  const root = closestAnchor(anchors, name('org.'));
  expect(root?.zone).toBe('.');
  expect(root?.signers.map((ds) => ds.keyTag)).toEqual([20326, 1]);
  expect(closestAnchor(anchors, name('www.example.com.'))?.keys).toHaveLength(1);
});

test('the closest anchor decides; without one at or above a name there is none', () => {
  const { anchors } = readTrustAnchors([`example.com. ${DS}`, `a.example.com. ${DS}`]);
  expect(closestAnchor(anchors, name('x.a.example.com.'))?.zone).toBe('a.example.com.');
  expect(closestAnchor(anchors, name('b.EXAMPLE.com.'))?.zone).toBe('example.com.');
  expect(closestAnchor(anchors, name('com.'))).toBeUndefined();
  expect(closestAnchor(new Map(), name('com.'))).toBeUndefined();
});

test('a negative anchor ends checking from its name on, and an anchor below takes it up again (RFC 7646 §2)', () => {
  const { anchors } = readTrustAnchors([`. ${DS}`, `a.b.example. ${DS}`], [name('b.example.')]);
  expect(closestAnchor(anchors, name('x.b.example.'))?.negative).toBe(true);
  expect(closestAnchor(anchors, name('example.'))?.negative).toBe(false);
  expect(closestAnchor(anchors, name('a.b.example.'))?.negative).toBe(false);
});

test('what is no anchor is told with its line, and the others are read', () => {
  const { anchors, mistakes } = readTrustAnchors([`. ${DS}`, 'example. A 192.0.2.1', 'example. DS 1 2']);
  expect(anchors.size).toBe(1);
  expect(mistakes.map(({ line }) => line)).toEqual([2, 3]);
  expect(mistakes[0]).toMatchObject({ found: 'A', expected: 'a DS or DNSKEY record' });
});
