import { describe, expect, test } from 'vitest';
import type { TrustRecord } from '../../../src/actors/resolver/validate.ts';
import type { ChainLink } from '../../../src/dns/dnssec/chain.ts';
import { name } from '../../../src/dns/name.ts';
import { pictureOf, TRUST_SIZE } from '../../../src/view/geometry/trust/trust.ts';
import { WALL, WALL_BOX, wallTerraces } from '../../../src/view/geometry/trust/wall.ts';

const signature = { typeCovered: 'DNSKEY', signer: name('.'), keyTag: 1, algorithm: 13, inception: 0, expiration: 1 } as const;
const fault = { reason: { rule: 'x', text: 'x' }, code: 9 };
const ds = (keyTag: number, names: number | undefined) => ({
  signer: { keyTag, algorithm: 13, digestType: 2, digest: Uint8Array.of(0x8a, 0xcb) },
  names,
});

function link(zone: string, change: Partial<ChainLink> = {}): ChainLink {
  return {
    zone: name(zone),
    status: 'secure',
    vouchedBy: zone === '.' ? 'anchor' : 'parent',
    signers: [ds(1, 1)],
    keys: [
      { keyTag: 1, algorithm: 13, flags: 257, role: 'KSK', named: true },
      { keyTag: 2, algorithm: 13, flags: 256, role: 'ZSK', named: false },
    ],
    keySignatures: [signature],
    signs: { name: name('com.'), type: 'DS', holds: true, signatures: [signature] },
    fault: undefined,
    ...change,
  } as ChainLink;
}

const dsOf = (zone: string) =>
  ({ name: name(zone), type: 'DS', holds: true, signatures: [signature], signers: [ds(31406, undefined).signer] }) as const;

const record = (status: TrustRecord['status'], ...chain: ChainLink[]): TrustRecord => ({
  kind: 'chain-of-trust',
  question: { name: name('www.example.com.'), type: 'A', class: 'IN' },
  status,
  chain,
  error: undefined,
});

describe('the picture of a chain of trust', () => {
  test('has a terrace for each zone, all within the map, and none over another', () => {
    for (const count of [1, 2, 3, 4, 5]) {
      const zones = pictureOf(record('secure', ...Array.from({ length: count }, (_, i) => link('a.'.repeat(i) || '.')))).zones;
      expect(zones).toHaveLength(count);
      for (const [i, zone] of zones.entries()) {
        expect(zone.height).toBeGreaterThanOrEqual(56);
        expect(zone.y + zone.height).toBeLessThanOrEqual(474);
        const next = zones[i + 1];
        if (next) expect(next.y).toBeGreaterThan(zone.y + zone.height);
      }
    }
  });

  test('a low place brings the terraces closer, and none leaves it', () => {
    const links = [link('.'), link('com.'), link('example.com.')];
    const low = pictureOf(record('secure', ...links), TRUST_SIZE.least);
    expect(low.zones.every(({ y, height }) => height >= 56 && y + height <= TRUST_SIZE.least - 102)).toBe(true);
  });

  test('a secure chain bears ticks throughout', () => {
    const { zones, verdicts } = pictureOf(record('secure', link('.'), link('com.')));
    expect(zones.flatMap(({ signatures }) => signatures)).toEqual(['holds', 'holds', 'holds', 'holds']);
    expect(zones[0]?.down).toEqual({ mark: 'holds', words: ['same tag, algorithm and digest'] });
    expect(verdicts.at(-1)).toMatchObject({ zone: 'www.example.com.', type: 'A', verdict: 'secure' });
  });

  test('a DS that names no key is a broken link, and what hangs below it counts for nothing', () => {
    const bogus = link('example.com.', {
      status: 'bogus',
      signers: [ds(31406, undefined)],
      keys: [{ keyTag: 48290, algorithm: 13, flags: 257, role: 'KSK', named: false }],
      signs: undefined,
    });
    const { zones, verdicts, checks } = pictureOf(record('bogus', link('.'), bogus));
    expect(zones[0]?.down).toEqual({ mark: 'broken', words: ['31406 is not 48290:', 'no key has this hash'] });
    expect(zones[1]?.boxes.map(({ mark }) => mark)).toEqual(['broken', 'open', 'open']);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['secure', 'bogus', 'not handed out']);
    expect(checks.rows.map(({ holds }) => holds)).toEqual([true, false, undefined, undefined, undefined]);
  });

  test('a zone that must have keys and shows none is a broken link to an empty box', () => {
    const dark = link('example.com.', {
      status: 'bogus',
      signers: [ds(31406, undefined)],
      keys: [],
      keySignatures: [],
      signs: undefined,
    });
    const { zones } = pictureOf(record('bogus', link('.', { signs: dsOf('example.com.') }), dark));
    expect(zones[0]?.boxes[2]?.lines[2]).toBe('hash of a key of example.com.');
    expect(zones[0]?.down).toEqual({ mark: 'broken', words: ['the zone shows', 'no key at all'] });
    expect(zones[1]?.boxes[0]).toMatchObject({
      mark: 'broken',
      lines: ['KSK, flags 257', 'none shown', 'but its hash is above'],
    });
    expect(zones[1]?.boxes[2]?.lines).toEqual(['A of www.example.com.', 'not checked', 'no trusted key leads here']);
  });

  test('keys of an unknown kind are not taken for a proof that there are none', () => {
    const odd = link('example.com.', {
      status: 'insecure',
      signers: [ds(31406, undefined)],
      keys: [],
      keySignatures: [],
      signs: undefined,
    });
    const { zones } = pictureOf(record('insecure', link('.', { signs: dsOf('example.com.') }), odd));
    expect(zones[0]?.boxes[2]?.lines[2]).toBe('hash of a key of example.com.');
    expect(zones[0]?.down?.words).toEqual(['of a kind not known here']);
  });

  test('a signature that does not fit is a broken mark under a good key', () => {
    const { zones } = pictureOf(record('bogus', link('.', { keySignatures: [{ ...signature, fault }] })));
    expect(zones[0]?.signatures[0]).toBe('broken');
  });

  test('calls a zone top-level by its name, also while it is the lowest that was reached', () => {
    expect(pictureOf(record('open', link('.'), link('com.'))).zones.map(({ about }) => about)).toEqual([
      'root zone',
      'top-level domain',
    ]);
  });
});

describe('the chain of trust on a wall', () => {
  test('has room for five zones, boxes within their terraces, ways between them, and no name in small type', () => {
    for (const count of [1, 2, 3, 4, 5]) {
      const links = Array.from({ length: count }, (_, i) => link(i === 0 ? '.' : `${'department.'.repeat(i)}example.`));
      const terraces = wallTerraces(pictureOf(record('secure', ...links)));
      expect(terraces).toHaveLength(count);
      for (const [i, { y, height, middle, road, size }] of terraces.entries()) {
        expect(height).toBeGreaterThanOrEqual(WALL_BOX);
        expect([y <= middle - WALL_BOX / 2, middle + WALL_BOX / 2 <= y + height]).toEqual([true, true]);
        expect(size).toBeGreaterThanOrEqual(27);
        expect(y + height).toBeLessThanOrEqual(WALL.height - 80);
        const next = terraces[i + 1];
        if (next) expect([road > y + height, road < next.y]).toEqual([true, true]);
      }
    }
  });

  test('says of each key which it is, and what makes it count', () => {
    const { zones } = pictureOf(record('secure', link('.')));
    expect(zones[0]?.boxes.map(({ brief }) => brief.join(', '))).toEqual([
      'KSK 1, built in: trust anchor',
      'ZSK 2, flags 256',
      'DS of com., proof that there is none',
    ]);
  });
});
