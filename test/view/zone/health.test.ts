import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newFindings } from '../../../src/route53/formats/fields.ts';
import { readHealthCheckConfig } from '../../../src/route53/formats/healthCheck.ts';
import type { EndpointConfig } from '../../../src/route53/health/healthCheck.ts';
import { parseYaml } from '../../../src/scenario/parse.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Line, Scenario } from '../../../src/scenario/schema.ts';
import { askedBy, checksAt, configuredChecks, healthHistory, noticing } from '../../../src/view/geometry/zone/health.ts';

const lesson = (name: string): Scenario => {
  const file = resolve(import.meta.dirname, `../../../scenarios/${name}.yaml`);
  return parseYaml(readFileSync(file, 'utf8'), file).data as Scenario;
};
const at = (seconds: number) => ({ at: Math.round(seconds * 1e6) as never });
const endpoint = { Type: 'HTTP', IPAddress: '192.0.2.44', Port: 80, RequestInterval: 10, FailureThreshold: 2 };
const configOf = (json: object): EndpointConfig => {
  const config = readHealthCheckConfig(newFindings(), json as never);
  if (config?.kind !== 'endpoint') throw new Error('no endpoint');
  return config;
};

describe('the health check of the failover lesson, whose server stops at 10 s', () => {
  const scenario = lesson('failover');
  const trace = run(scenario);
  const api = (seconds: number) => checksAt(trace, scenario, at(seconds))[0];

  test('before the first probe it counts as healthy, and no round is known', () => {
    expect(api(0)).toMatchObject({ healthy: true, asks: '192.0.2.60/', every: '10 s', rounds: Array(14).fill('unknown') });
  });

  test('the count of the checkers goes on after the status has changed', () => {
    expect(api(9)?.why).toBe('16 of 16 say healthy; more than 18 % needed');
    expect(api(60)).toMatchObject({ healthy: false, why: '0 of 16 say healthy; more than 18 % needed' });
    expect(api(60)?.minds[0]).toEqual({ checker: 'us-east-1/1', healthy: false, why: 'Connection refused' });
  });

  test('three missed rounds stand last when it turns', () => {
    const turned = trace.turns.find(({ effects }) =>
      effects.some((effect) => effect.kind === 'decide' && effect.decision.about === 'health'),
    );
    expect(checksAt(trace, scenario, { at: turned?.at as never })[0]?.rounds.slice(-4)).toEqual([
      'passed',
      'missed',
      'missed',
      'missed',
    ]);
  });

  test('its history tells of the change, and of who was told', () => {
    const [check] = configuredChecks(trace, scenario, trace.end);
    expect(check && healthHistory(trace, check, { at: trace.end }).map(({ healthy, text }) => [healthy, text])).toEqual([
      [undefined, 'Ana is told: ALARM. Health check api-1 has been unhealthy for 1 min'],
      [undefined, 'The alarm of api-1 is in state ALARM: Health check api-1 has been unhealthy for 1 min'],
      [false, '2 of 16 checkers say healthy; more than 18 % needed'],
    ]);
  });
});

describe('health checks that people make', () => {
  const scenario = lesson('first-visit');
  const lines: readonly Line[] = [
    { at: '1 s', check: 'web', config: endpoint },
    { at: '2 s', check: 'wrong', config: { ...endpoint, Port: 0 } },
    { at: '20 s', stop: 'web', how: 'refusing' },
    { at: '60 s', check: 'web', config: { ...endpoint, Inverted: true } },
    { at: '90 s', check: 'web' },
    { at: '100 s', wait: '1 s' },
  ];
  const trace = run(scenario, { whatIf: lines });

  test('a check is there from the moment when it was taken, and one that was refused never', () => {
    expect([0.5, 3, 95].map((seconds) => checksAt(trace, scenario, at(seconds)).map(({ id }) => id))).toEqual([[], ['web'], []]);
  });

  test('a new version begins anew: inverted, it is unhealthy until there are data', () => {
    expect(checksAt(trace, scenario, at(59))[0]).toMatchObject({ healthy: false });
    expect(checksAt(trace, scenario, at(60))[0]).toMatchObject({
      why: '16 of 16 say healthy; more than 18 % needed; inverted',
      healthy: false,
    });
  });
});

test.each([
  [endpoint, '192.0.2.44/', '10 s'],
  [{ ...endpoint, Port: 8080, ResourcePath: '/ok' }, '192.0.2.44:8080/ok', '10 s'],
  [{ ...endpoint, Type: 'HTTPS', Port: 443 }, 'HTTPS 192.0.2.44/', '10 s'],
  [{ ...endpoint, Type: 'TCP', Port: 25 }, 'TCP 192.0.2.44:25', '10 s'],
  [{ ...endpoint, IPAddress: '2001:db8::1' }, '[2001:db8::1]/', '10 s'],
])('whom %o asks stands in one phrase', (json, asks, every) => {
  expect(askedBy(configOf(json))).toEqual({ asks, every });
});

test.each([
  [10, 3, ['20 to 30 s', '32 to 42 s'], 50],
  [30, 3, ['60 to 90 s', '72 to 102 s'], 120],
  [10, 1, ['0 to 10 s', '4 to 14 s'], 20],
  [30, 10, ['4 min 30 s to 5 min', '5 min 10 s to 5 min 40 s'], 360],
])('every %i s and %i misses in a row: both faults fit on the axis', (RequestInterval, FailureThreshold, words, end) => {
  const drawn = noticing(configOf({ ...endpoint, RequestInterval, FailureThreshold }));
  expect(drawn.rows.map((row) => row.words)).toEqual(words);
  expect(drawn.end).toBe(end);
  expect(drawn.ticks.length).toBeLessThanOrEqual(7);
});
