import { describe, expect, test } from 'vitest';
import {
  assignment,
  entryFaults,
  entryLine,
  entryRows,
  labelOf,
  removalLine,
  resourcesIn,
  unquoted,
} from '../../../src/view/geometry/zone/lightsailEntries.ts';
import { type ShownZone, shownZones } from '../../../src/view/geometry/zone/records.ts';
import { resourcesAt } from '../../../src/view/geometry/zone/services.ts';
import { scenarioNamed } from '../../scenario/library.ts';
import { played } from '../runs.ts';

const lesson = 'lightsail-zone';
const zoneAfter = (...whatIf: Parameters<typeof played>[1] & object): ShownZone => {
  const trace = played(lesson, whatIf);
  return shownZones(trace, trace.end).find(({ lightsail }) => lightsail) as ShownZone;
};
const own = ({ zone }: ShownZone): string[] =>
  entryRows(zone)
    .filter(({ fixed }) => !fixed)
    .map(({ label, type, target, isAlias }) => `${label} ${type} ${target}${isAlias ? ' alias' : ''}`);
const before = zoneAfter();

describe('entries of a Lightsail zone', () => {
  test('call the apex @, and leave what Lightsail has made itself to the end', () => {
    expect(own(before)).toEqual(['@ A 192.0.2.44', 'www A 192.0.2.99']);
    expect(
      entryRows(before.zone)
        .filter(({ fixed }) => fixed)
        .map(({ type }) => type),
    ).toEqual(['NS', 'NS', 'NS', 'NS', 'SOA']);
    expect(
      ['@', '', 'www', 'www.example.com', 'WWW.example.com.', 'example.com'].map((typed) => labelOf(typed, before.zone.name)),
    ).toEqual(['@', '@', 'www', 'www', 'www', '@']);
  });

  test('hold texts without quotation marks, however long', () => {
    const long = 'x'.repeat(300);
    const after = zoneAfter({
      at: '150 s',
      ...entryLine('example.com', before.zone, { label: '', type: 'TXT', target: long, isAlias: false }),
    });
    expect(own(after)).toContain(`@ TXT ${long}`);
    expect(unquoted('"a \\"b\\"" "c"')).toBe('a "b"c');
  });

  test('of one name and type stand side by side, and are changed and taken away one by one', () => {
    const two = zoneAfter({
      at: '150 s',
      ...entryLine('example.com', before.zone, { label: 'www', type: 'A', target: '192.0.2.45', isAlias: false }),
    });
    expect(own(two)).toEqual(['@ A 192.0.2.44', 'www A 192.0.2.99', 'www A 192.0.2.45']);
    const [, , row] = entryRows(two.zone);
    if (!row) throw new Error('there are three entries');
    const moved = entryLine('example.com', two.zone, { label: 'api', type: 'A', target: row.target, isAlias: false }, row);
    expect(moved).toEqual({
      lightsail: 'example.com',
      set: [
        { name: 'www', type: 'A', target: '192.0.2.99' },
        { name: 'api', type: 'A', target: '192.0.2.45' },
      ],
    });
    expect(removalLine('example.com', two.zone, row)).toEqual({
      lightsail: 'example.com',
      set: [{ name: 'www', type: 'A', target: '192.0.2.99' }],
    });
    const [apex] = entryRows(before.zone);
    expect(apex && removalLine('example.com', before.zone, apex)).toEqual({ lightsail: 'example.com', remove: ['@ A'] });
  });

  test('are refused in words before they are sent', () => {
    const faults = (type: 'A' | 'CNAME', target: string, label = 'www', isAlias = false): string[] =>
      entryFaults(before.zone, { label, type, target, isAlias });
    expect(faults('A', '192.0.2.45')).toEqual([]);
    expect(faults('A', '192.0.2.450')[0]).toMatch(/Needed: an IPv4 address/);
    expect(faults('CNAME', 'www.example.net.')).not.toEqual([]);
    expect(faults('A', 'www.example.net', 'api', true)[0]).toMatch(/is not a valid alias target/);
  });
});

describe('assigning a domain', () => {
  test('offers the instances of the world and what alias entries can lead to', () => {
    const trace = played(lesson);
    const resources = resourcesIn(trace, resourcesAt(trace, scenarioNamed(lesson), trace.end));
    expect(resources.map(({ kind, name }) => `${kind} ${name}`)).toContain('instance Instance');
  });

  test('puts an address entry for an instance, an alias for a distribution, and takes a CNAME away', () => {
    const { zone } = zoneAfter({
      at: '150 s',
      lightsail: 'example.com',
      set: [{ name: 'shop', type: 'CNAME', target: 'www.example.net.' }],
    });
    const distribution = { kind: 'distribution', name: 'd', dnsName: 'd111111abcdef8.cloudfront.net' } as const;
    expect(assignment('example.com', zone, 'shop', distribution)).toEqual({
      lightsail: 'example.com',
      set: [{ name: 'shop', type: 'A', target: 'd111111abcdef8.cloudfront.net', isAlias: true }],
      remove: ['shop CNAME'],
    });
    const instance = { kind: 'instance', name: 'i', publicIp: '192.0.2.77' as never } as const;
    expect(assignment('example.com', zone, '@', instance)).toEqual({
      lightsail: 'example.com',
      set: [{ name: '@', type: 'A', target: '192.0.2.77' }],
    });
    const assigned = zoneAfter({ at: '150 s', ...assignment('example.com', zone, '@', distribution) });
    expect(own(assigned)).toContain('@ A d111111abcdef8.cloudfront.net alias');
  });
});
