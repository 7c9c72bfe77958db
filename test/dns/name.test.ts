import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ancestor,
  canonicalOrder,
  fromLabels,
  isBelow,
  isSubdomain,
  key,
  labelCount,
  labelOctets,
  labels,
  labelText,
  name,
  parent,
  parseName,
  sameName,
  wireLength,
} from '../../src/dns/name.ts';

const anyLabel = fc.uint8Array({ minLength: 1, maxLength: 20 });

test('any octets make a label, and its text reads back to the same octets', () => {
  fc.assert(
    fc.property(fc.array(anyLabel, { minLength: 1, maxLength: 8 }), (given) => {
      const text = fromLabels(given.map(labelText));
      expect(parseName(text)).toBe(text);
      expect(labels(text).map(labelOctets)).toEqual(given);
      expect(labelCount(text)).toBe(given.length);
      expect(wireLength(text)).toBe(given.reduce((sum, label) => sum + label.length + 1, 1));
    }),
  );
});

test('a parent has one label less, up to the root, which is its own parent', () => {
  expect(parent(name('www.example.com.'))).toBe('example.com.');
  expect(parent(name('com.'))).toBe('.');
  expect(parent(name('.'))).toBe('.');
  expect(parent(name('a\\.b.c.'))).toBe('c.');
  expect(ancestor(name('www.example.com.'), 2)).toBe('example.com.');
});

test('a relative name is completed with the origin, an absolute one is not', () => {
  expect(parseName('www', name('example.com.'))).toBe('www.example.com.');
  expect(parseName('www.', name('example.com.'))).toBe('www.');
  expect(parseName('@', name('example.com.'))).toBe('example.com.');
});

test('letter case is kept and does not count (RFC 4343)', () => {
  expect(name('WwW.Example.com.')).toBe('WwW.Example.com.');
  expect(sameName(name('WwW.Example.com.'), name('www.example.COM.'))).toBe(true);
  expect(key(name('WwW.Example.com.'))).toBe('www.example.com.');
});

describe('a subdomain ends in the zone’s name at a label boundary', () => {
  test.each([
    ['www.example.com.', 'example.com.', true],
    ['example.com.', 'EXAMPLE.com.', true],
    ['badexample.com.', 'example.com.', false],
    ['a\\.example.com.', 'example.com.', false],
    ['com.', 'example.com.', false],
    ['com.', '.', true],
  ])('%s under %s: %s', (child, zone, expected) => expect(isSubdomain(name(child), name(zone))).toBe(expected));
  test('a name is not below itself', () => expect(isBelow(name('example.com.'), name('Example.com.'))).toBe(false));
});

describe('a text that is no name is refused with a place and a reason', () => {
  test.each([
    ['', 0, /empty/],
    ['a..b', 2, /two dots/],
    ['.a', 0, /two dots|empty/],
    [`${'a'.repeat(64)}.com`, 64, /63/],
    [Array(128).fill('a').join('.'), 255, /255/],
    ['a b', 1, /blank/],
    ['a\\999', 1, /255/],
    ['a\\', 1, /backslash/],
  ])('"%s"', (text, at, problem) => {
    const error = parseName(text);
    if (typeof error === 'string') throw new Error('was accepted');
    expect(error.at).toBe(at);
    expect(error.problem).toMatch(problem);
  });
});

test('canonical order is that of RFC 4034 §6.1', () => {
  const sorted = [
    'example.',
    'a.example.',
    'yljkjljk.a.example.',
    'Z.a.example.',
    'zABC.a.EXAMPLE.',
    'z.example.',
    '\\001.z.example.',
    '*.z.example.',
    '\\200.z.example.',
  ].map(name);
  expect([...sorted].reverse().sort(canonicalOrder)).toEqual(sorted);
});
