import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cidr, cidr, contains } from '../../../src/base/address.ts';
import type { CidrCollection } from '../../../src/route53/routing/cidr.ts';
import type { Line } from '../../../src/scenario/schema.ts';
import {
  askerIn,
  blockFaults,
  blocksIn,
  keptCollection,
  networkRows,
  verdictOn,
} from '../../../src/view/geometry/console/networks.ts';
import { collectionsAt } from '../../../src/view/geometry/zone/account.ts';
import { shownZones } from '../../../src/view/geometry/zone/records.ts';
import { scenarioNamed } from '../../scenario/library.ts';
import { played } from '../runs.ts';

const collection = (locations: Record<string, string[]>): CidrCollection => ({
  id: 'c',
  name: 'c',
  version: 1,
  locations: new Map(Object.entries(locations).map(([name, blocks]) => [name, blocks.map((block) => block as Cidr)])),
});
const nested = collection({ wide: ['198.18.0.0/16'], street: ['198.18.1.0/24', '2001:db8:1::/48'] });
const held = (text: string): string => verdictOn(nested, askerIn(text) as Cidr);

describe('which block holds an address', () => {
  test('is the longest that holds all of it', () => {
    expect(held('198.18.1.53')).toBe('street, by the block 198.18.1.0/24: the longest that holds it.');
    expect(held('198.18.9.53')).toMatch(/^wide, by the block 198\.18\.0\.0\/16/);
    expect(held('2001:db8:1::7')).toMatch(/^street, /);
    expect(held('203.0.113.1')).toBe('*, everyone else: no block holds it.');
  });

  test('is none where a client subnet is wider than the block', () => {
    expect(verdictOn(collection({ street: ['198.18.1.0/24'] }), askerIn('198.18.0.0/16') as Cidr)).toMatch(
      /^\*, everyone else: this network is wider than street’s 198\.18\.1\.0\/24/,
    );
  });

  test('a block that holds the address has all its bits in common with it, and no other has', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const asked = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
    const block = fc.tuple(asked, fc.integer({ min: 1, max: 24 })).map(([base, prefix]) => cidr(base as never, prefix));
    fc.assert(
      fc.property(asked, fc.array(block, { minLength: 1, maxLength: 6 }), (text, blocks) => {
        const asker = askerIn(text) as Cidr;
        const rows = networkRows(collection({ one: [...new Set(blocks as string[])] }), [], asker).flatMap((row) => row.blocks);
        for (const row of rows) {
          expect(row.equal === row.prefix).toBe(row.holds);
          expect(row.holds).toBe(contains(row.block, asker));
        }
        const holding = rows.filter((row) => row.holds);
        expect(rows.filter((row) => row.wins)).toHaveLength(holding.length > 0 ? 1 : 0);
        const longest = Math.max(0, ...holding.map((row) => row.prefix));
        for (const row of rows) if (row.wins) expect(row.prefix).toBe(longest);
      }),
    );
  });
});

test('a location names the records that use it', () => {
  const trace = played('ip-based');
  const streets = collectionsAt(trace, scenarioNamed('ip-based'), trace.end).get('streets') as CidrCollection;
  const rows = networkRows(streets, shownZones(trace, trace.end));
  expect(rows.map(({ location, usedBy }) => `${location}: ${usedBy.join()}`)).toEqual(['network-1: net A', '*: net A']);
});

test('a collection counts its versions, and an empty one begins with the first', () => {
  const trace = played('ip-based', [
    { at: '20 s', collection: 'streets', put: { 'network-9': ['198.18.9.0/24'] } },
    { at: '21 s', collection: 'streets', remove: { 'network-9': ['198.18.9.0/24'] } },
    { at: '22 s', collection: 'mine' },
  ]);
  const at = (seconds: number) =>
    [...collectionsAt(trace, scenarioNamed('ip-based'), (seconds * 1_000_000) as never).values()].map(
      ({ id, version, locations }) => `${id} ${version} ${[...locations.keys()].join(' ')}`,
    );
  expect([at(19), at(20), at(23)]).toEqual([
    ['streets 1 network-1'],
    ['streets 2 network-1 network-9'],
    ['streets 3 network-1', 'mine 1 '],
  ]);
});

test('what is wrong with a block is said before it is sent', () => {
  expect(blocksIn('198.18.1.0/24, 198.18.2.0/24\n198.18.3.0/24')).toHaveLength(3);
  expect(blockFaults(nested, 'street', '198.18.2.0/24')).toEqual([]);
  expect(blockFaults(nested, 'street', '198.18.2.1/24')[0]).toMatch(/^Invalid CIDR block 198\.18\.2\.1\/24\. Needed: /);
  expect(blockFaults(nested, 'two words', '198.18.2.0/24')[0]).toMatch(/^Invalid location name/);
});

describe('a collection that is to go', () => {
  const block: Line = { at: '1 s', collection: 'streets', remove: { 'network-1': ['198.18.1.0/24'] } };
  const used: Line = { at: '2 s', collection: 'streets', delete: true };

  test('is kept by its blocks and by the records that use it, in a location that is gone as well', () => {
    const trace = played('ip-based', [block, used]);
    const kept = (at: number): string | undefined => {
      const collection = collectionsAt(trace, scenarioNamed('ip-based'), at as never).get('streets');
      return collection && keptCollection(collection, shownZones(trace, at as never));
    };
    expect(kept(0)).toBe('holds 1 block, and is used by net A');
    expect(kept(1_500_000)).toBe('is used by net A');
    expect(kept(3_000_000)).toBe('is used by net A');
    expect(keptCollection(collection({}), [])).toBeUndefined();
  });

  test('is gone for the console as soon as Route 53 has deleted it', () => {
    const lines: Line[] = [
      { at: '1 s', collection: 'spare' },
      { at: '2 s', collection: 'spare', delete: true },
    ];
    const trace = played('ip-based', lines);
    const ids = (at: number): string[] => [...collectionsAt(trace, scenarioNamed('ip-based'), at as never).keys()];
    expect(ids(1_000_000)).toEqual(['streets', 'spare']);
    expect(ids(2_000_000)).toEqual(['streets']);
  });
});
