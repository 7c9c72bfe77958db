import { describe, expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import { lastOwnRequest, requestsAt, statusAt } from '../../../src/view/geometry/console/history.ts';
import { logRows, questionsToResolvers } from '../../../src/view/geometry/console/log.ts';
import { peopleOf, signedBy } from '../../../src/view/geometry/console/people.ts';
import { listedFor, twinOf, zoneNameFault, zoneRows } from '../../../src/view/geometry/console/zones.ts';
import { shownZones } from '../../../src/view/geometry/zone/records.ts';
import { played } from '../runs.ts';

const at = (seconds: number) => (seconds * 1_000_000) as never;
const rowsOf = (trace: ReturnType<typeof played>, seconds: number) =>
  zoneRows(trace, shownZones(trace, at(seconds)), at(seconds));

describe('the list of zones', () => {
  const trace = played('ip-based', [
    { at: '20 s', createZone: 'example.com' },
    { at: '21 s', createZone: 'blue-otter.com', lightsail: true },
    { at: '22 s', deleteZone: 'blue-otter.com' },
  ]);

  test('tells of each what it is, who is sent there, and why it cannot be deleted', () => {
    const [first, second, third] = rowsOf(trace, 21);
    expect(first).toMatchObject({ kind: 'public', word: 'example.com', standing: { kind: 'listed', words: 'listed by .com' } });
    expect(first?.keeps).toMatch(/^\d records besides NS and SOA$/);
    expect(second).toMatchObject({ kind: 'public', word: second?.id, standing: { kind: 'elsewhere' } });
    expect(second?.keeps).toBeUndefined();
    expect(third).toMatchObject({ kind: 'Lightsail', records: 2, standing: { kind: 'unlisted' } });
  });

  test('leaves out a zone that is deleted', () => {
    expect(rowsOf(trace, 22).map(({ name: zone }) => zone)).toEqual(['example.com.', 'example.com.']);
  });

  test('has a zone of the built-in world, which is none of the account’s', () => {
    const [row] = rowsOf(played('first-visit'), 1);
    expect(row).toMatchObject({ kind: 'built in', keeps: 'part of the built-in world', standing: { kind: 'listed' } });
  });

  test('has a private zone with its VPC, and its word beside a public one of the name', () => {
    const rows = rowsOf(played('private-zone'), 1);
    const inside = rows.find(({ kind }) => kind === 'private');
    expect(inside).toMatchObject({ word: 'example.com-inside', servers: ['vpc-1'], standing: { kind: 'inside' } });
  });

  test('finds what the zone above lists, whichever zone that is', () => {
    const first = played('first-visit');
    expect(listedFor(first, name('example.com.'), at(1))?.by).toBe('.com');
    expect(listedFor(first, name('com.'), at(1))?.by).toBe('the root');
    expect(listedFor(first, name('nowhere.com.'), at(1))).toBeUndefined();
  });
});

test('a name for a zone is refused in words, and a second one of a name is known before it is made', () => {
  expect(zoneNameFault('')).toBeUndefined();
  expect(zoneNameFault('blue-otter.com')).toBeUndefined();
  expect(zoneNameFault('com')).toMatch(/below a top-level domain/);
  expect(zoneNameFault('*.example.com')).toMatch(/star/);
  expect(zoneNameFault('a..b')).toMatch(/^Needed: a domain name/);
  const zones = shownZones(played('first-visit'), at(1));
  expect(twinOf(zones, 'Example.com', true)?.word).toBe('example.com');
  expect(twinOf(zones, 'example.com', false)).toBeUndefined();
});

describe('who is signed in', () => {
  test('is one of each role, or one of the scenario’s people, who may be kept to zones', () => {
    const people = peopleOf({
      title: '',
      stimuli: [],
      world: { people: { Ana: { role: 'zone editor', zones: ['example.com'] }, reader: { role: 'reader' } } },
    });
    expect(people.map(({ word }) => word)).toEqual(['administrator', 'zone editor', 'Ana', 'reader']);
    expect(people.find(({ word }) => word === 'Ana')?.may).toBe('may change records of example.com only');
  });

  test('stands in the line, unless it is an administrator or nobody’s doing', () => {
    expect(signedBy({ edit: 'example.com', remove: ['www A'] }, 'reader')).toEqual({
      edit: 'example.com',
      remove: ['www A'],
      by: 'reader',
    });
    expect(signedBy({ edit: 'example.com' }, 'administrator')).toEqual({ edit: 'example.com' });
    expect(signedBy({ stop: 'web' }, 'reader')).toEqual({ stop: 'web' });
  });
});

describe('the history of changes', () => {
  const trace = played('lightsail-zone', [
    { at: '141 s', lightsail: 'example.com', set: [{ name: 'www', type: 'A', target: '192.0.2.45' }], by: 'reader' },
    { at: '142 s', undo: 'example.com' },
  ]);

  test('names who asked for what, the newest first, and what became of it', () => {
    const requests = requestsAt(trace, trace.end);
    expect(requests.map(({ by, text, whatIf }) => `${by}${whatIf ? '*' : ''}: ${text}`)).toEqual([
      'administrator*: undo the last change of example.com',
      'reader*: edit the Lightsail zone example.com: www A 192.0.2.45',
      'administrator: edit the Lightsail zone example.com: www A 192.0.2.99',
    ]);
    expect(requests.map(({ faults }) => faults[0]?.code)).toEqual([undefined, 'AccessDenied', undefined]);
    expect(requests[1]?.change).toBeUndefined();
  });

  test('knows when each server has a change: PENDING until the last one', () => {
    const [, , first] = requestsAt(trace, trace.end);
    const servers = first?.change?.servers ?? [];
    expect(servers.map(({ name: server }) => server).sort()).toEqual(['ns-2048', 'ns-2049', 'ns-2050', 'ns-2051']);
    expect(servers.every(({ at: when }, i) => i === 0 || when >= (servers[i - 1]?.at ?? 0))).toBe(true);
    const last = servers.at(-1)?.at ?? 0;
    expect(first && [statusAt(first, (last - 1) as never), statusAt(first, last as never)]).toEqual(['PENDING', 'INSYNC']);
  });

  test('has the reader’s own last request, for what the service said to it', () => {
    expect(lastOwnRequest(trace, at(140))).toBeUndefined();
    expect(lastOwnRequest(trace, at(141))?.faults[0]?.code).toBe('AccessDenied');
    expect(lastOwnRequest(trace, at(142))?.faults).toEqual([]);
  });
});

test('the log shows fewer questions than were asked: the others were answered from a cache', () => {
  const trace = played('neighbours-visit');
  const rows = logRows(trace, 'example.com', trace.end);
  expect(rows.map(({ fields }) => fields.length)).toEqual([10]);
  expect(questionsToResolvers(trace, name('example.com.'), trace.end)).toBeGreaterThan(rows.length);
});
