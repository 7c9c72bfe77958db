import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../src/base/time.ts';
import { days, inSeconds, instant, later, START, seconds } from '../../src/base/time.ts';
import { newFindings } from '../../src/route53/formats/fields.ts';
import { readHealthCheckConfig, writeHealthCheckConfig } from '../../src/route53/formats/healthCheck.ts';
import type { JsonObject } from '../../src/route53/formats/json.ts';
import type { Checker, EndpointHistory } from '../../src/route53/health/checkers.ts';
import {
  advanceChecker,
  checkersAt,
  checkersOf,
  enoughHealthy,
  newChecker,
  noticedAfter,
} from '../../src/route53/health/checkers.ts';
import type { EndpointCondition, EndpointConfig, HealthCheckConfig } from '../../src/route53/health/healthCheck.ts';
import { hostHeader, judgeProbe } from '../../src/route53/health/healthCheck.ts';
import type { HealthWorld } from '../../src/route53/health/status.ts';
import { notificationAlarm, statusAt, statusHistory } from '../../src/route53/health/status.ts';

const at = (s: number): Instant => instant(s * 1_000_000);
const REFUSES: EndpointCondition = { kind: 'refuses' };
const SILENT: EndpointCondition = { kind: 'silent' };
const ANSWERS: EndpointCondition = { kind: 'answers', status: 200, body: 'ok' };

function configOf(json: JsonObject): HealthCheckConfig {
  const findings = newFindings();
  const config = readHealthCheckConfig(findings, json);
  if (!config) throw new Error(JSON.stringify(findings.faults));
  return config;
}
const endpoint = (json: JsonObject = {}): EndpointConfig =>
  configOf({ Type: 'HTTP', IPAddress: '192.0.2.60', ...json }) as EndpointConfig;
const faults = (json: JsonObject): readonly string[] => {
  const findings = newFindings();
  readHealthCheckConfig(findings, json, (id) => (id === 'calc' ? 'calculated' : 'endpoint'));
  return findings.faults.map((fault) => String(fault.path[0] ?? ''));
};

/** Sixteen checkers, their first probes spread evenly over the interval. */
const spread = (config: EndpointConfig): Checker[] => {
  let i = 0;
  return checkersOf(config, START, () => i++ / 16);
};

function worldOf(configs: Readonly<Record<string, HealthCheckConfig>>, more: Partial<HealthWorld> = {}): HealthWorld {
  const checks = new Map(
    Object.entries(configs).map(([id, config]) => [id, { id, callerReference: id, version: 1, name: '', config }]),
  );
  const checkers = new Map(
    Object.entries(configs).flatMap(([id, config]) => (config.kind === 'endpoint' ? [[id, spread(config)]] : [])),
  );
  return { checks, checkers, endpoints: new Map(), alarms: new Map(), switches: new Map(), ...more };
}
const down = (from: number, to?: number, condition: EndpointCondition = REFUSES): EndpointHistory => [
  { from: at(from), condition },
  ...(to === undefined ? [] : [{ from: at(to), condition: ANSWERS }]),
];

describe('one probe', () => {
  test.each([
    [200, true],
    [301, true],
    [399, true],
    [199, false],
    [400, false],
    [503, false],
  ])('HTTP status %i passes: %j', (status, passes) => {
    expect(judgeProbe(endpoint(), { kind: 'answers', status, body: '' }).passes).toBe(passes);
  });
  test.each([
    ['HTTP', 4],
    ['HTTPS', 4],
    ['TCP', 10],
  ])('a silent endpoint is given up after the connect timeout: %s %i s', (Type, s) => {
    expect(judgeProbe(endpoint({ Type, Port: 80 }), SILENT)).toMatchObject({ passes: false, after: seconds(s) });
  });
  test('a status must come within 2 s of the connection, the body within 2 s of the status', () => {
    expect(judgeProbe(endpoint(), { kind: 'no-status' })).toMatchObject({ passes: false, after: seconds(2) });
    expect(judgeProbe(endpoint({ Type: 'HTTP_STR_MATCH', SearchString: 'x' }), { kind: 'no-body', status: 200 })).toMatchObject({
      passes: false,
      after: seconds(2),
    });
    expect(judgeProbe(endpoint(), { kind: 'no-body', status: 200 }).passes).toBe(true);
  });
  test('the search string must lie wholly in the first 5120 bytes, letter case included', () => {
    const config = endpoint({ Type: 'HTTP_STR_MATCH', SearchString: 'Healthy' });
    const asked = (body: string) => judgeProbe(config, { kind: 'answers', status: 200, body }).passes;
    expect(asked(`${' '.repeat(5113)}Healthy`)).toBe(true);
    expect(asked(`${' '.repeat(5114)}Healthy`)).toBe(false);
    expect(asked('healthy')).toBe(false);
  });
  test('TCP needs the connection only', () => {
    expect(judgeProbe(endpoint({ Type: 'TCP', Port: 25 }), { kind: 'no-status' }).passes).toBe(true);
  });
  test('without an A record the reason is DNS resolution', () => {
    expect(judgeProbe(endpoint(), { kind: 'unresolvable' })).toMatchObject({ passes: false, why: 'DNS resolution failed' });
  });
  test.each([
    [{ FullyQualifiedDomainName: 'www.example.com' }, 'www.example.com'],
    [{ FullyQualifiedDomainName: 'www.example.com', Port: 8080 }, 'www.example.com:8080'],
    [{ Type: 'HTTPS', FullyQualifiedDomainName: 'www.example.com' }, 'www.example.com'],
    [{ IPAddress: '192.0.2.1', Port: 8080 }, '192.0.2.1'],
  ])('the Host header of %j is %s', (json, header) => {
    expect(hostHeader(configOf({ Type: 'HTTP', ...json }) as EndpointConfig)).toBe(header);
  });
});

describe('the 18 % rule', () => {
  test('3 of 16 are enough, 2 of 16 are not', () => {
    expect(enoughHealthy(3, 16)).toBe(true);
    expect(enoughHealthy(2, 16)).toBe(false);
  });
  test('exactly 18 % are not', () => {
    expect(enoughHealthy(18, 100)).toBe(false);
    expect(enoughHealthy(19, 100)).toBe(true);
  });
  test('no Region given means all eight, two checkers in each', () => {
    expect(spread(endpoint())).toHaveLength(16);
    expect(spread(endpoint({ Regions: ['us-east-1', 'eu-west-1', 'sa-east-1'] }))).toHaveLength(6);
  });
});

describe('checkers', () => {
  const checker: Checker = { region: 'eu-west-1', number: 1, firstProbe: at(5) };
  test('change their mind after threshold probes in a row, down and up alike', () => {
    const config = endpoint({ RequestInterval: 10, FailureThreshold: 3 });
    const { flips } = checkersAt([checker], config, down(7, 60), at(200));
    expect(flips.map(({ at: when, healthy }) => [inSeconds(when), healthy])).toEqual([
      [35, false],
      [85, true],
    ]);
  });
  test('a good probe in between starts the count anew', () => {
    const config = endpoint({ RequestInterval: 10, FailureThreshold: 3 });
    const history = [...down(7, 27), ...down(37, 57)];
    expect(checkersAt([checker], config, history, at(200)).flips).toEqual([]);
  });
  test('advance over a long quiet stretch as over many short ones', () => {
    const condition = fc.constantFrom(ANSWERS, REFUSES, SILENT);
    fc.assert(
      fc.property(
        fc.constantFrom(10, 30),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.record({ condition, length: fc.integer({ min: 1, max: 400 }) }), { minLength: 1, maxLength: 5 }),
        (interval, threshold, parts) => {
          const config = endpoint({ RequestInterval: interval, FailureThreshold: threshold });
          let whole = newChecker(checker);
          let steps = newChecker(checker);
          let now = 0;
          const flips: number[][] = [[], []];
          for (const part of parts) {
            const jump = advanceChecker(whole, config, part.condition, at(now + part.length));
            whole = jump.state;
            if (jump.flip) flips[0]?.push(jump.flip.at);
            for (let s = 1; s <= part.length; s++) {
              const step = advanceChecker(steps, config, part.condition, at(now + s));
              steps = step.state;
              if (step.flip) flips[1]?.push(step.flip.at);
            }
            now += part.length;
          }
          expect(whole).toEqual(steps);
          expect(flips[0]).toEqual(flips[1]);
        },
      ),
      { numRuns: 60 },
    );
  });
  test('send about 90,000 probes in two days', () => {
    const { states } = checkersAt(spread(endpoint()), endpoint(), [], later(START, days(2)));
    expect(states.reduce((sum, state) => sum + state.probes, 0)).toBe(92_160);
  });
});

describe('failover timing', () => {
  test.each([
    [30, 3, 60, 90, 72, 102],
    [30, 1, 0, 30, 4, 34],
    [10, 3, 20, 30, 32, 42],
    [10, 1, 0, 10, 4, 14],
  ])('interval %i, threshold %i: refused %i to %i s, silent %i to %i s', (interval, threshold, a, b, c, d) => {
    const config = endpoint({ RequestInterval: interval, FailureThreshold: threshold });
    expect(noticedAfter(config, REFUSES)).toEqual({ earliest: seconds(a), latest: seconds(b) });
    expect(noticedAfter(config, SILENT)).toEqual({ earliest: seconds(c), latest: seconds(d) });
  });
  test('the check flips close to the slow end, within the window', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(10, 30),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 100, max: 200 }),
        fc.constantFrom(REFUSES, SILENT),
        (interval, threshold, from, condition) => {
          const config = endpoint({ RequestInterval: interval, FailureThreshold: threshold });
          const world = worldOf({ c: config }, { endpoints: new Map([['c', down(from, undefined, condition)]]) });
          const [, flip] = statusHistory(world, 'c', at(from + 1000));
          const { earliest, latest } = noticedAfter(config, condition);
          const noticed = (flip?.at ?? 0) - at(from);
          expect(flip?.healthy).toBe(false);
          expect(noticed).toBeGreaterThanOrEqual(earliest + (latest - earliest) / 2);
          expect(noticed).toBeLessThanOrEqual(latest);
        },
      ),
      { numRuns: 40 },
    );
  });
  test('recovery uses the same threshold', () => {
    const config = endpoint({ RequestInterval: 10 });
    const world = worldOf({ c: config }, { endpoints: new Map([['c', down(100, 300)]]) });
    const history = statusHistory(world, 'c', at(1000));
    expect(history.map(({ healthy }) => healthy)).toEqual([true, false, true]);
    expect(inSeconds(history[2]?.at ?? START)).toBeGreaterThan(320);
    expect(inSeconds(history[2]?.at ?? START)).toBeLessThanOrEqual(330);
  });
});

describe('kinds of checks', () => {
  const broken = { endpoints: new Map([['a', down(0)]]) };
  test('a new check is healthy until there is data; inverted, unhealthy', () => {
    expect(statusAt(worldOf({ a: endpoint() }, broken), 'a', START).healthy).toBe(true);
    expect(statusAt(worldOf({ a: endpoint({ Inverted: true }) }, broken), 'a', START).healthy).toBe(false);
  });
  test('a disabled check counts as healthy; inverted, unhealthy', () => {
    expect(statusAt(worldOf({ a: endpoint({ Disabled: true }) }, broken), 'a', at(900)).healthy).toBe(true);
    expect(statusAt(worldOf({ a: endpoint({ Disabled: true, Inverted: true }) }, broken), 'a', at(900)).healthy).toBe(false);
  });
  test('an inverted check flips the result', () => {
    expect(statusAt(worldOf({ a: endpoint() }, broken), 'a', at(900)).healthy).toBe(false);
    expect(statusAt(worldOf({ a: endpoint({ Inverted: true }) }, broken), 'a', at(900)).healthy).toBe(true);
  });
  test.each([
    [0, true],
    [1, true],
    [2, false],
    [3, false],
  ])(
    'a calculated check with threshold %i over one healthy and one unhealthy child is healthy: %j',
    (HealthThreshold, healthy) => {
      const calc = configOf({ Type: 'CALCULATED', ChildHealthChecks: ['a', 'b'], HealthThreshold });
      expect(statusAt(worldOf({ a: endpoint(), b: endpoint(), calc }, broken), 'calc', at(900)).healthy).toBe(healthy);
    },
  );
  test('threshold 0 is always healthy, one above the number of children never', () => {
    const calc = (HealthThreshold: number) => configOf({ Type: 'CALCULATED', ChildHealthChecks: ['b'], HealthThreshold });
    expect(statusAt(worldOf({ b: endpoint(), calc: calc(2) }), 'calc', at(900)).healthy).toBe(false);
    expect(
      statusAt(worldOf({ b: endpoint(), calc: calc(0) }, { endpoints: new Map([['b', down(0)]]) }), 'calc', at(900)).healthy,
    ).toBe(true);
  });
  test.each([
    ['LastKnownStatus', [true, false, false, true, true]],
    ['Healthy', [true, false, true, true, true]],
    ['Unhealthy', [false, false, false, true, false]],
  ])('an alarm check follows the data stream; insufficient data: %s', (InsufficientDataHealthStatus, expected) => {
    const config = configOf({
      Type: 'CLOUDWATCH_METRIC',
      AlarmIdentifier: { Region: 'eu-west-1', Name: 'load' },
      InsufficientDataHealthStatus,
    });
    const alarms = new Map([
      [
        'a',
        [
          { from: at(10), state: 'ALARM' },
          { from: at(20), state: 'INSUFFICIENT_DATA' },
          { from: at(30), state: 'OK' },
          { from: at(40), state: 'INSUFFICIENT_DATA' },
        ] as const,
      ],
    ]);
    const world = worldOf({ a: config }, { alarms });
    expect([0, 10, 20, 30, 40].map((s) => statusAt(world, 'a', at(s)).healthy)).toEqual(expected);
  });
  test('a recovery control check follows its switch', () => {
    const config = configOf({ Type: 'RECOVERY_CONTROL', RoutingControlArn: 'arn' });
    const world = worldOf({ a: config }, { switches: new Map([['a', [{ from: at(10), on: false }]]]) });
    expect([0, 10].map((s) => statusAt(world, 'a', at(s)).healthy)).toEqual([true, false]);
  });
  test('a check that is not known counts as healthy and says so', () => {
    expect(statusAt(worldOf({}), 'x', START)).toMatchObject({ healthy: true, why: expect.stringContaining('not known') });
  });
  test('the history of a calculated check changes with its children', () => {
    const calc = configOf({ Type: 'CALCULATED', ChildHealthChecks: ['a', 'b'], HealthThreshold: 2 });
    const world = worldOf({ a: endpoint(), b: endpoint(), calc }, { endpoints: new Map([['a', down(100, 400)]]) });
    expect(statusHistory(world, 'calc', at(1000)).map(({ healthy }) => healthy)).toEqual([true, false, true]);
    expect(statusHistory(world, 'calc', at(1000)).map(({ at: when }) => when)).toEqual(
      statusHistory(world, 'a', at(1000)).map(({ at: when }) => when),
    );
  });
  test('the notification alarm comes after one minute of unhealthy', () => {
    const world = worldOf({ a: endpoint() }, { endpoints: new Map([['a', down(100, 400)]]) });
    const history = statusHistory(world, 'a', at(1000));
    expect(notificationAlarm(history, at(1000))).toEqual([
      { at: later(history[1]?.at ?? START, seconds(60)), state: 'ALARM' },
      { at: history[2]?.at, state: 'OK' },
    ]);
    expect(
      notificationAlarm(
        [
          { at: START, healthy: true, why: '' },
          { at: at(10), healthy: false, why: '' },
          { at: at(50), healthy: true, why: '' },
        ],
        at(100),
      ),
    ).toEqual([]);
  });
});

describe('configurations', () => {
  test('defaults: interval 30, threshold 3, port of the protocol, all Regions, SNI for HTTPS', () => {
    expect(endpoint()).toMatchObject({
      requestInterval: 30,
      failureThreshold: 3,
      port: 80,
      path: '/',
      inverted: false,
      disabled: false,
    });
    expect(endpoint({ Type: 'HTTPS' })).toMatchObject({ port: 443, enableSni: true });
  });
  test('a missing leading slash of the path is added', () => {
    expect(endpoint({ ResourcePath: 'health' }).path).toBe('/health');
  });
  test.each([
    [{ Type: 'HTTP', IPAddress: '10.0.0.1' }, 'IPAddress'],
    [{ Type: 'HTTP', IPAddress: '127.0.0.1' }, 'IPAddress'],
    [{ Type: 'HTTP', IPAddress: '224.0.0.1' }, 'IPAddress'],
    [{ Type: 'HTTP' }, ''],
    [{ Type: 'TCP', IPAddress: '192.0.2.1' }, 'Port'],
    [{ Type: 'HTTP', IPAddress: '192.0.2.1', RequestInterval: 20 }, 'RequestInterval'],
    [{ Type: 'HTTP', IPAddress: '192.0.2.1', FailureThreshold: 11 }, 'FailureThreshold'],
    [{ Type: 'HTTP', IPAddress: '192.0.2.1', Regions: ['us-east-1', 'eu-west-1'] }, 'Regions'],
    [{ Type: 'HTTP', IPAddress: '192.0.2.1', SearchString: 'x' }, 'SearchString'],
    [{ Type: 'HTTP_STR_MATCH', IPAddress: '192.0.2.1' }, 'SearchString'],
    [{ Type: 'CALCULATED', ChildHealthChecks: ['calc'], HealthThreshold: 1 }, 'ChildHealthChecks'],
    [{ Type: 'CALCULATED', ChildHealthChecks: Array(256).fill('a'), HealthThreshold: 1 }, 'ChildHealthChecks'],
    [{ Type: 'CALCULATED', ChildHealthChecks: [], HealthThreshold: 257 }, 'HealthThreshold'],
    [{ Type: 'PING' }, 'Type'],
  ])('%j is refused at %j', (json, field) => {
    expect(faults(json as JsonObject)).toContain(field);
  });
  test.each([
    {
      Type: 'HTTPS_STR_MATCH',
      FullyQualifiedDomainName: 'www.example.com',
      Port: 443,
      ResourcePath: '/x',
      SearchString: 'ok',
      RequestInterval: 10,
      FailureThreshold: 1,
      MeasureLatency: true,
      EnableSNI: false,
      Regions: ['us-east-1', 'eu-west-1', 'sa-east-1'],
      Inverted: true,
      Disabled: false,
    },
    { Type: 'CALCULATED', ChildHealthChecks: ['a'], HealthThreshold: 1, Inverted: false, Disabled: true },
    { Type: 'RECOVERY_CONTROL', RoutingControlArn: 'arn', Inverted: false, Disabled: false },
  ])('%j reads back as itself', (json) => {
    expect(writeHealthCheckConfig(configOf(json as JsonObject))).toEqual(json);
  });
});
