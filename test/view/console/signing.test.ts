/** The console's page on DNSSEC: key and DS, and the two ways with their waiting times, along a run. */
import { describe, expect, test } from 'vitest';
import { instant, parseDuration } from '../../../src/base/time.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Line, Scenario } from '../../../src/scenario/schema.ts';
import { happeningsOf } from '../../../src/trace/happenings.ts';
import { linkOf, signable, signingFacts } from '../../../src/view/geometry/console/signing.ts';
import { signingWays } from '../../../src/view/geometry/console/signingWay.ts';
import { zoneRows } from '../../../src/view/geometry/console/zones.ts';
import { shownZones } from '../../../src/view/geometry/zone/records.ts';

const RECORDS = [{ Name: 'www.example.com', Type: 'A', TTL: 300, ResourceRecords: [{ Value: '192.0.2.44' }] }];
const world = (more: object = {}) =>
  ({
    zones: { root: { signed: true }, com: { signed: true } },
    hostedZones: { 'example.com': { records: RECORDS } },
    ...more,
  }) as NonNullable<Scenario['world']>;

/** The page at a moment of a run. */
function page(
  lines: readonly Line[],
  time: string,
  own: NonNullable<Scenario['world']> = world(),
  word = 'example.com',
  ttl = 300,
) {
  const scenario: Scenario = { title: 't', world: own, stimuli: [...lines] };
  const trace = run(scenario);
  const now = instant(parseDuration(time) as never);
  const zones = shownZones(trace, now);
  const shown = zones.find((one) => one.word === word);
  if (!shown) throw new Error(`${word} is not shown`);
  const facts = signingFacts(trace, scenario, zones, shown, now);
  return { facts, link: linkOf(facts, now), ways: signingWays(trace, facts, now, ttl), zones, trace, now, scenario };
}
const states = (steps: readonly { readonly state: string }[]): string => steps.map(({ state }) => state).join(' ');
const acts = ({ ways }: ReturnType<typeof page>) => [...ways.on, ...ways.off].flatMap(({ act }) => act?.line ?? []);

const SIGN: Line = { at: '1 min', sign: 'example.com' };
const LIST: Line = { at: '60 h', ds: 'example.com', ttl: 300, takes: '2 min' };
const DROP: Line = { at: '70 h', ds: 'example.com', remove: true, takes: '2 min' };

describe('before anything is signed', () => {
  const before = page([], '10 s');

  test('there is no key, and the one thing to do is to switch signing on', () => {
    expect(before.facts.key).toBeUndefined();
    expect(before.link.mark).toBe('open');
    expect(acts(before)).toEqual([{ sign: 'example.com' }]);
    expect(before.ways.off).toEqual([]);
  });
  test('the longest TTL tells how long copies without signatures would live on', () => {
    expect(before.facts.span.longest).toEqual({ ttl: 172_800, record: 'NS of example.com.' });
    expect(states(before.ways.on)).toBe('now todo todo todo todo');
  });
});

describe('switching on', () => {
  test('waits for the servers and then for the longest TTL, and warns whoever does not', () => {
    const early = page([SIGN], '10 min');
    expect(states(early.ways.on)).toBe('done done now todo todo');
    expect(early.ways.on[2]?.when).toBe('47 h 51 m to go');
    expect(early.ways.on[3]?.warning).toMatch(/^Too early/);
    expect(acts(early)).toEqual([{ ds: 'example.com', ttl: 300 }, { unsign: 'example.com' }]);
    const late = page([SIGN], '59 h');
    expect(states(late.ways.on)).toBe('done done done now todo');
    expect(late.ways.on[3]?.warning).toBeUndefined();
  });
  test('names the key and the DS record that belongs into the zone above', () => {
    const { facts } = page([SIGN], '10 min');
    expect(facts.key?.DSRecord).toMatch(new RegExp(`^${facts.key?.KeyTag} 13 2 [0-9A-F]{64}$`));
    expect(facts.key?.Flag).toBe(257);
  });
  test('is ordered at the registry, and holds when that has listed the hash', () => {
    const ordered = page([SIGN, LIST], '3601 min');
    expect(ordered.ways.on[3]?.when).toBe('1 min to go');
    expect(acts(ordered)).toEqual([{ unsign: 'example.com' }]);
    const listed = page([SIGN, LIST], '61 h');
    expect(listed.link.mark).toBe('holds');
    expect(states(listed.ways.on)).toBe('done done done done done');
    expect(listed.facts.above?.listed).toMatchObject([{ ttl: 300, fits: true }]);
  });
  test('does not hold below a zone that is not signed itself', () => {
    const { link, ways } = page([SIGN, LIST], '61 h', world({ zones: {} }));
    expect(link).toMatchObject({ mark: 'open', words: expect.stringContaining('com. is not signed') });
    expect(ways.on.at(-1)?.state).toBe('now');
  });
});

describe('switching off', () => {
  test('begins with the DS: before it is gone Route 53 refuses', () => {
    const listed = page([SIGN, LIST], '61 h');
    expect(states(listed.ways.off)).toBe('now todo todo');
    expect(acts(listed)).toEqual([{ ds: 'example.com', remove: true }, { unsign: 'example.com' }]);
    expect(listed.ways.off[2]?.warning).toMatch(/^Route 53 refuses/);
    const { trace } = page([SIGN, LIST, { at: '62 h', unsign: 'example.com' }], '63 h');
    expect(
      happeningsOf(trace)
        .map(({ text }) => text)
        .join(),
    ).toContain('is specified in a DS record of the parent zone');
  });
  test('waits for as long as the DS may be kept, and warns whoever does not', () => {
    const waiting = page([SIGN, LIST, DROP], '4204 min');
    expect(states(waiting.ways.off)).toBe('done now todo');
    expect(waiting.ways.off[2]?.warning).toMatch(/^Too early/);
    const over = page([SIGN, LIST, DROP], '71 h');
    expect(states(over.ways.off)).toBe('done done now');
    expect(over.ways.off[2]?.warning).toBeUndefined();
  });
  test('ends unsigned', () => {
    const gone = page([SIGN, LIST, DROP, { at: '72 h', unsign: 'example.com' }], '73 h');
    expect(gone.facts.key).toBeUndefined();
    expect(states(gone.ways.off)).toBe('done done done');
  });
});

test.each([
  ['the hash comes before the key', [LIST], /promises a key that example\.com\. does not have/],
  [
    'the hash is that of another key',
    [SIGN, { ...LIST, keys: 'old' } as Line],
    /has the hash of key \d+, and the zone has key \d+/,
  ],
])('the link is broken when %s', (_what, lines, words) => {
  const { link } = page(lines, '61 h');
  expect(link.mark).toBe('broken');
  expect(link.words).toMatch(words);
});

test('the link is broken, and no step final, as long as a server does not sign', () => {
  const early: Line = { ...LIST, at: 0 };
  const { link, ways } = page([early, { at: '10 min', sign: 'example.com' }], '601 s');
  expect(link.mark).toBe('broken');
  expect(link.words).toMatch(/[1-4] of 4 servers do not sign yet/);
  expect(states(ways.on)).toBe('done done now done todo');
  expect(ways.on[2]?.warning).toMatch(/^The DS is listed already/);
});

test('below a hosted zone of the account the DS is a record there', () => {
  const lines: Line[] = [
    { at: '1 min', createZone: 'sub.example.com' },
    { at: '2 min', sign: 'sub.example.com' },
  ];
  const sub = page(lines, '3 days', world(), 'sub.example.com');
  const [line] = acts(sub);
  expect(line).toMatchObject({
    change: 'example.com',
    Changes: [{ Action: 'UPSERT', ResourceRecordSet: { Type: 'DS', TTL: 300 } }],
  });
});

test('what is signed when the run begins has nothing to wait for', () => {
  const { ways, link } = page([], '1 s', world({ hostedZones: { 'example.com': { records: RECORDS, signed: true } } }));
  expect(states(ways.on)).toBe('done done done done done');
  expect(link.mark).toBe('holds');
});

test('private and Lightsail zones are not signed; a plain zone becomes a hosted one', () => {
  const own = world({
    hostedZones: { inside: { name: 'example.com', vpcs: 'vpc-1' }, 'example.org': { entries: [] } },
    vpcs: { 'vpc-1': { cidr: '10.0.0.0/16' } },
  });
  const { zones, scenario } = page([], '1 s', own);
  expect(signable(zones, scenario).map(({ word, hosted }) => `${word} ${hosted}`)).toEqual(['example.com false']);
  expect(page([SIGN], '10 min', { zones: {} }).facts.key).toBeDefined();
});

test('a signed zone is kept by its key', () => {
  const { trace, zones, now } = page(
    [
      { at: '1 min', createZone: 'blue-otter.com' },
      { at: '2 min', sign: 'blue-otter.com' },
    ],
    '10 min',
  );
  expect(zoneRows(trace, zones, now).find(({ word }) => word === 'blue-otter.com')?.keeps).toBe('a key-signing key');
});

describe('changing the key', () => {
  const SIGNED = world({ hostedZones: { 'example.com': { records: RECORDS, signed: true } } });
  const MAKE: Line = { at: '1 min', signingKey: 'example.com', create: 'example_com_ksk_2' };
  const SWAP: Line = { at: '3 h', ds: 'example.com', only: 'example_com_ksk_2', ttl: 300, takes: '2 min' };
  const STOP: Line = { at: '30 h', signingKey: 'example.com', deactivate: 'example_com_ksk' };
  const GONE: Line = { at: '31 h', signingKey: 'example.com', delete: 'example_com_ksk' };
  const along = (lines: readonly Line[], time: string) => {
    const { ways, facts, link } = page(lines, time, SIGNED);
    return {
      states: states(ways.change),
      steps: ways.change,
      act: ways.change.find(({ state }) => state === 'now')?.act?.line,
      facts,
      link,
    };
  };

  test('is no question before the zone above vouches for a key', () => {
    expect(page([], '1 min').ways.change).toEqual([]);
    expect(page([SIGN], '10 min').ways.change).toEqual([]);
  });
  test('begins with a second key', () => {
    expect(along([], '1 min')).toMatchObject({
      states: 'now todo todo todo todo',
      act: { signingKey: 'example.com', create: 'example_com_ksk_2' },
    });
  });
  test('waits for the key set, and warns whoever does not', () => {
    const { states: all, steps } = along([MAKE], '10 min');
    expect(all).toBe('done now todo todo todo');
    expect(steps[1]?.when).toBe('51 min 59 s to go');
    expect(steps[2]?.warning).toMatch(/^Too early/);
    expect(steps[4]?.warning).toMatch(/^Route 53 refuses/);
  });
  test('then has the hash of the second key listed in place of the first', () => {
    expect(along([MAKE], '2 h')).toMatchObject({
      states: 'done done now todo todo',
      act: { ds: 'example.com', only: 'example_com_ksk_2', ttl: 300 },
    });
    const swapped = along([MAKE, SWAP], '4 h');
    expect(swapped.states).toBe('done done done now todo');
    expect(swapped.link.mark).toBe('holds');
    expect(swapped.facts.key?.Name).toBe('example_com_ksk_2');
    expect(swapped.steps[3]?.when).toBe('23 h 2 m to go');
    expect(swapped.steps[4]?.warning).toMatch(/^Too early/);
  });
  test('and ends when the first key is gone; a third would follow the second', () => {
    expect(along([MAKE, SWAP], '28 h')).toMatchObject({
      states: 'done done done done now',
      act: { deactivate: 'example_com_ksk' },
    });
    expect(along([MAKE, SWAP, STOP], '1830 min')).toMatchObject({
      states: 'done done done done now',
      act: { delete: 'example_com_ksk' },
    });
    const end = along([MAKE, SWAP, STOP, GONE], '32 h');
    expect(end).toMatchObject({
      states: 'now todo todo todo todo',
      act: { create: 'example_com_ksk_3' },
      link: { mark: 'holds' },
    });
  });
});
