import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { lastAnswer } from '../../../src/view/geometry/zone/answer.ts';
import { checksAt } from '../../../src/view/geometry/zone/health.ts';
import { type ShownZone, shownZones } from '../../../src/view/geometry/zone/records.ts';
import { servicesAt } from '../../../src/view/geometry/zone/services.ts';
import { test as ask, type Bench, dependsOnChance, hundred, sharesFor } from '../../../src/view/geometry/zone/test.ts';
import { resolverIn } from '../../../src/view/geometry/zone/where.ts';

const set = (label: string, SetIdentifier: string, routing: object, Value: string) => ({
  Name: `${label}.example.com.`,
  Type: 'A',
  SetIdentifier,
  ...routing,
  TTL: 60,
  ResourceRecords: [{ Value }],
});
const scenario = loadScenario(
  {
    title: 'policies',
    world: {
      hostedZones: {
        'example.com': {
          records: [
            set('www', 'blue', { Weight: 70 }, '192.0.2.44'),
            set('www', 'green', { Weight: 30 }, '192.0.2.45'),
            set('geo', 'eu', { GeoLocation: { ContinentCode: 'EU' } }, '198.51.100.30'),
            set('geo', 'ca', { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } }, '192.0.2.31'),
            set('geo', 'default', { GeoLocation: { CountryCode: '*' } }, '192.0.2.30'),
            set('api', 'p', { Failover: 'PRIMARY', HealthCheckId: 'api' }, '192.0.2.60'),
            set('api', 's', { Failover: 'SECONDARY' }, '192.0.2.61'),
          ],
        },
      },
      healthChecks: {
        api: {
          config: { Type: 'HTTP', IPAddress: '192.0.2.60', Port: 80, RequestInterval: 10, FailureThreshold: 3 },
          known: 'healthy',
        },
      },
    },
    stimuli: [
      { at: 0, ask: 'www.example.com A' },
      { after: '1 min', health: 'api', is: 'unhealthy' },
      { after: '1 min', ask: 'api.example.com A' },
    ],
  },
  { file: 'policies.yaml' },
).scenario as Scenario;
const trace = run(scenario);
const shown = shownZones(trace, trace.end)[0] as ShownZone;
const benchAt = (at: number): Bench => ({
  zone: shown.zone,
  services: servicesAt(trace, scenario, { at: at as never }),
  now: at as never,
  seed: 1,
});
const bench = benchAt(trace.end);

describe('the test tool', () => {
  test('gives what test-dns-answer gives, and why', () => {
    const tested = ask(bench, { recordName: 'geo.example.com', recordType: 'A', resolverIp: resolverIn('Lisbon') }, 1);
    expect(tested).toMatchObject({
      ok: true,
      output: { responseCode: 'NOERROR', recordData: ['198.51.100.30'], protocol: 'UDP' },
    });
    expect(tested.ok && tested.story.sentence).toContain('Nothing is sent.');
  });

  test('a client’s subnet goes before the resolver’s address', () => {
    const tested = ask(
      bench,
      {
        recordName: 'geo.example.com',
        recordType: 'A',
        resolverIp: resolverIn('Lisbon'),
        edns0ClientSubnetIp: resolverIn('San Francisco'),
      },
      1,
    );
    expect(tested.ok && tested.output.recordData).toEqual(['192.0.2.31']);
  });

  test('what cannot be asked is told at its field', () => {
    const tested = ask(bench, { recordName: 'geo.example.com', recordType: 'A', resolverIp: 'Lisbon' }, 1);
    expect(!tested.ok && tested.faults.map(({ field }) => field)).toEqual(['ResolverIP']);
  });

  test('health is that of the moment', () => {
    const at = (seconds: number) => ask(benchAt(seconds * 1e6), { recordName: 'api.example.com', recordType: 'A' }, 1);
    expect(
      [30, 90].map((seconds) => {
        const tested = at(seconds);
        return tested.ok ? tested.output.recordData : [];
      }),
    ).toEqual([['192.0.2.60'], ['192.0.2.61']]);
    expect(checksAt(trace, scenario, { at: trace.end })[0]).toMatchObject({
      id: 'api',
      healthy: false,
      isTold: true,
    });
  });
});

describe('asking more', () => {
  const input = { recordName: 'www.example.com', recordType: 'A' };

  test('a hundred draws come near the weights, and the next hundred are others', () => {
    const [one, two] = [hundred(bench, input, 1), hundred(bench, input, 2)];
    expect(one?.records.map(({ label, share }) => `${label} ${share}`)).toEqual(['blue 0.7', 'green 0.3']);
    expect(one?.records.reduce((sum, { given }) => sum + given, 0)).toBe(100);
    expect(Math.abs((one?.records[0]?.given ?? 0) - 70)).toBeLessThan(20);
    expect(one?.dots).not.toEqual(two?.dots);
    expect(hundred(bench, input, 1)).toEqual(one);
  });

  test('only where chance decides is there anything to ask again', () => {
    const stories = ['www', 'geo'].map((label) => ask(bench, { recordName: `${label}.example.com`, recordType: 'A' }, 1));
    expect(stories.map((tested) => tested.ok && dependsOnChance(tested.story.decision))).toEqual([true, false]);
  });

  test('each record shows how likely an asker is to get it', () => {
    const shares = sharesFor(bench, resolverIn('Tokyo'));
    expect(Object.fromEntries([...shares].map(([row, { share }]) => [row.split(' ').at(-1), share]))).toEqual({
      blue: 0.7,
      green: 0.3,
      eu: 0,
      ca: 0,
      default: 1,
      p: 0,
      s: 1,
    });
  });

  test('a policy’s decision on the wire is explained with the record that it gave', () => {
    const story = lastAnswer(trace, { at: trace.end }, shown);
    expect(story?.decision?.group.policy).toBe('failover');
    expect([...(story?.rows ?? [])]).toEqual(['api.example.com. A s']);
  });
});
