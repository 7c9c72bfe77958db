import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { address } from '../../src/base/address.ts';
import { name } from '../../src/dns/name.ts';
import type { AliasResource, ResourceHealth } from '../../src/route53/aliases.ts';
import { resourceHealthy } from '../../src/route53/aliases.ts';
import type { JsonObject } from '../../src/route53/formats/json.ts';
import { setLabel } from '../../src/route53/records.ts';
import type { Decision } from '../../src/route53/routing/decision.ts';
import { leafOf } from '../../src/route53/routing/decision.ts';
import { biasedDistance } from '../../src/route53/routing/policiesByPlace.ts';
import {
  alias,
  byCidr,
  CHECK_1,
  CHECK_2,
  CHECK_3,
  decideFor,
  failover,
  geo,
  given,
  latency,
  multi,
  near,
  plain,
  unruled,
  weighted,
  zoneOf,
} from './sample.ts';

const ip = (n: number): string => `192.0.2.${n}`;
const checked = (id: string): JsonObject => ({ HealthCheckId: id });
const rules = (decision: Decision): string[] => decision.reasons.map((why) => why.rule);
const shares = (decision: Decision): Record<string, number> =>
  Object.fromEntries(decision.considered.map(({ set, share }) => [setLabel(set), Math.round(share * 1000) / 1000]));
/** Numbers from 0 up to 1, the same for the same seed. */
const dice = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

describe('simple', () => {
  test('the one set is given with all its values', () => {
    expect(given(decideFor(zoneOf(plain('s', 'A', [ip(1), ip(2)])), 's', 'A'))).toEqual([ip(1), ip(2)]);
  });
  test('a health check on a lone simple record changes nothing', () => {
    const decision = decideFor(zoneOf(plain('s', 'A', [ip(1)], checked(CHECK_1))), 's', 'A', { sick: [CHECK_1] });
    expect(given(decision)).toEqual([ip(1)]);
    expect(decision.failOpen).toBe(true);
  });
});

describe('weighted', () => {
  const group = (...weights: readonly (readonly [number, JsonObject?])[]) =>
    zoneOf(...weights.map(([weight, more], i) => plain('w', 'A', [ip(i + 1)], weighted(`s${i + 1}`, weight, more))));

  test('1 and 255 have the shares 1/256 and 255/256', () => {
    const decision = decideFor(group([1], [255]), 'w', 'A');
    expect(decision.considered.map(({ share }) => share)).toEqual([1 / 256, 255 / 256]);
  });
  test('10, 20 and 20: 20 % for the first, 33 % with the third unhealthy', () => {
    expect(shares(decideFor(group([10], [20], [20, checked(CHECK_1)]), 'w', 'A'))).toEqual({ s1: 0.2, s2: 0.4, s3: 0.4 });
    expect(shares(decideFor(group([10], [20], [20, checked(CHECK_1)]), 'w', 'A', { sick: [CHECK_1] }))).toEqual({
      s1: 0.333,
      s2: 0.667,
      s3: 0,
    });
  });
  test('weight 0 is not used', () => {
    expect(shares(decideFor(group([0], [5]), 'w', 'A'))).toEqual({ s1: 0, s2: 1 });
  });
  test('all weights 0 are equal shares', () => {
    expect(shares(decideFor(group([0], [0]), 'w', 'A'))).toEqual({ s1: 0.5, s2: 0.5 });
  });
  test('zero-weight sets are used only after every non-zero set is unhealthy', () => {
    const zone = group([5, checked(CHECK_1)], [0], [7, checked(CHECK_2)]);
    expect(shares(decideFor(zone, 'w', 'A', { sick: [CHECK_1] }))).toEqual({ s1: 0, s2: 0, s3: 1 });
    expect(shares(decideFor(zone, 'w', 'A', { sick: [CHECK_1, CHECK_2] }))).toEqual({ s1: 0, s2: 1, s3: 0 });
  });
  test('when none is healthy the draw is by weight, as if all were', () => {
    const decision = decideFor(group([10, checked(CHECK_1)], [30, checked(CHECK_2)], [0, checked(CHECK_3)]), 'w', 'A', {
      sick: [CHECK_1, CHECK_2, CHECK_3],
    });
    expect(decision.failOpen).toBe(true);
    expect(shares(decision)).toEqual({ s1: 0.25, s2: 0.75, s3: 0 });
    expect(rules(decision)).toContain('fail-open');
  });
  test('the draw says what was drawn and whose stretch it fell in', () => {
    const decision = decideFor(group([70], [30]), 'w', 'A', { random: () => 0.43 });
    expect(decision.draw).toMatchObject({
      drawn: 43,
      total: 100,
      stretches: [
        { from: 0, to: 70 },
        { from: 70, to: 100 },
      ],
    });
    expect(given(decision)).toEqual([ip(1)]);
    expect(given(decideFor(group([70], [30]), 'w', 'A', { random: () => 0.7 }))).toEqual([ip(2)]);
  });
  test('many draws approach the weights', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 4 }), fc.nat(), (weights, seed) => {
        const zone = group(...weights.map((weight) => [weight] as const));
        const random = dice(seed);
        const counts = weights.map(() => 0);
        const n = 3000;
        for (let i = 0; i < n; i++) {
          const [set] = decideFor(zone, 'w', 'A', { random }).chosen;
          const at = Number(setLabel(set as NonNullable<typeof set>).slice(1)) - 1;
          counts[at] = (counts[at] ?? 0) + 1;
        }
        const { considered } = decideFor(zone, 'w', 'A');
        for (const [i, { share }] of considered.entries()) expect(Math.abs((counts[i] ?? 0) / n - share)).toBeLessThan(0.06);
      }),
      { numRuns: 15, seed: 7 },
    );
  });
});

describe('failover', () => {
  const zone = zoneOf(
    plain('f', 'A', [ip(60)], failover('PRIMARY', checked(CHECK_1))),
    plain('f', 'A', [ip(61)], failover('SECONDARY', checked(CHECK_2))),
  );
  test.each([
    ['both healthy', [], ip(60), 'primary'],
    ['primary unhealthy', [CHECK_1], ip(61), 'secondary'],
    ['secondary unhealthy', [CHECK_2], ip(60), 'primary'],
    ['both unhealthy: primary', [CHECK_1, CHECK_2], ip(60), 'both-unhealthy'],
  ])('%s', (_, sick, value, rule) => {
    const decision = decideFor(zone, 'f', 'A', { sick });
    expect(given(decision)).toEqual([value]);
    expect(rules(decision)).toContain(rule);
  });
  test('a secondary without a health check is used whenever the primary is down', () => {
    const pair = zoneOf(
      plain('f', 'A', [ip(60)], failover('PRIMARY', checked(CHECK_1))),
      plain('f', 'A', [ip(61)], failover('SECONDARY')),
    );
    expect(given(decideFor(pair, 'f', 'A', { sick: [CHECK_1] }))).toEqual([ip(61)]);
  });
});

describe('geolocation', () => {
  const places = [
    ['eu', { ContinentCode: 'EU' }, 30],
    ['us', { CountryCode: 'US' }, 32],
    ['ca', { CountryCode: 'US', SubdivisionCode: 'CA' }, 31],
    ['default', { CountryCode: '*' }, 33],
  ] as const;
  const all = zoneOf(...places.map(([id, location, n]) => plain('g', 'A', [ip(n)], geo(id, location, checked(id)))));
  const without = zoneOf(
    ...places.slice(0, 3).map(([id, location, n]) => plain('g', 'A', [ip(n)], geo(id, location, checked(id)))),
  );

  test.each([
    ['San Francisco', 31],
    ['Austin', 32],
    ['Paris', 30],
    ['São Paulo', 33],
    ['203.0.113.9', 33],
  ])('%s gets 192.0.2.%i: the most specific place wins', (from, n) => {
    expect(given(decideFor(all, 'g', 'A', { from }))).toEqual([ip(n)]);
  });
  test('without a default an uncovered place has no answer', () => {
    const decision = decideFor(without, 'g', 'A', { from: 'São Paulo' });
    expect(decision.chosen).toEqual([]);
    expect(rules(decision)).toEqual(['no-location']);
    expect(decideFor(without, 'g', 'A', { from: '203.0.113.9' }).chosen).toEqual([]);
  });
  test('an unhealthy place gives way to the next larger one', () => {
    expect(given(decideFor(all, 'g', 'A', { from: 'San Francisco', sick: ['ca'] }))).toEqual([ip(32)]);
    expect(given(decideFor(all, 'g', 'A', { from: 'San Francisco', sick: ['ca', 'us'] }))).toEqual([ip(33)]);
  });
  test('with the whole chain unhealthy the smallest place is given', () => {
    const decision = decideFor(all, 'g', 'A', { from: 'San Francisco', sick: ['ca', 'us', 'default'] });
    expect(given(decision)).toEqual([ip(31)]);
    expect(decision.failOpen).toBe(true);
  });
  test('an address of unknown state uses the set of the country', () => {
    const stateless = zoneOf(
      plain('g', 'A', [ip(32)], geo('us', { CountryCode: 'US' })),
      plain('g', 'A', [ip(31)], geo('ca', { CountryCode: 'US', SubdivisionCode: 'CA' })),
    );
    expect(given(decideFor(stateless, 'g', 'A', { from: 'Austin' }))).toEqual([ip(32)]);
  });
  test('the most specific match is taken, whatever sets there are', () => {
    const rank = ['subdivision', 'country', 'continent', 'default'];
    fc.assert(
      fc.property(
        fc.subarray([...places], { minLength: 1 }),
        fc.constantFrom('Paris', 'Austin', 'San Francisco', 'Tokyo'),
        (chosen, from) => {
          const zone = zoneOf(...chosen.map(([id, location, n]) => plain('g', 'A', [ip(n)], geo(id, location))));
          const decision = decideFor(zone, 'g', 'A', { from });
          const fitting = {
            Paris: ['eu', 'default'],
            Austin: ['us', 'default'],
            'San Francisco': ['ca', 'us', 'default'],
            Tokyo: ['default'],
          }[from] as string[];
          const expected = chosen
            .filter(([id]) => fitting.includes(id))
            .map(([id]) => id)
            .sort((a, b) => fitting.indexOf(a) - fitting.indexOf(b))[0];
          expect(decision.chosen.map(setLabel)).toEqual(expected === undefined ? [] : [expected]);
          for (const { measure } of decision.considered) if (measure?.kind === 'place') expect(rank).toContain(measure.place);
        },
      ),
    );
  });
});

describe('latency', () => {
  const zone = zoneOf(
    ...['eu-west-1', 'us-east-1', 'ap-southeast-2'].map((region, i) =>
      plain('l', 'A', [ip(20 + i)], latency(region, checked(region))),
    ),
  );
  test.each([
    ['Dublin', 20],
    ['New York', 21],
    ['Sydney', 22],
  ])('%s gets the quickest Region', (from, n) => {
    expect(given(decideFor(zone, 'l', 'A', { from }))).toEqual([ip(n)]);
  });
  test('an unhealthy Region gives way to the next quickest; all unhealthy, the quickest is given', () => {
    expect(given(decideFor(zone, 'l', 'A', { from: 'Dublin', sick: ['eu-west-1'] }))).toEqual([ip(21)]);
    expect(given(decideFor(zone, 'l', 'A', { from: 'Dublin', sick: ['eu-west-1', 'us-east-1', 'ap-southeast-2'] }))).toEqual([
      ip(20),
    ]);
  });
  test('measurements count, not kilometres, and answers change with them', () => {
    const pair = zoneOf(plain('l', 'A', [ip(20)], latency('eu-west-1')), plain('l', 'A', [ip(22)], latency('me-south-1')));
    const asked = (me: number) =>
      given(decideFor(pair, 'l', 'A', { from: 'Nairobi', latencies: { Nairobi: { 'eu-west-1': 150, 'me-south-1': me } } }));
    expect(asked(190)).toEqual([ip(20)]);
    expect(asked(120)).toEqual([ip(22)]);
    expect(given(decideFor(pair, 'l', 'A', { from: 'Nairobi' }))).toEqual([ip(22)]);
  });
});

describe('geoproximity', () => {
  const zone = (bias: number) =>
    zoneOf(
      plain('n', 'A', [ip(50)], near('dublin', { Coordinates: { Latitude: '53.3', Longitude: '-6.3' }, Bias: bias })),
      plain('n', 'A', [ip(51)], near('frankfurt', { Coordinates: { Latitude: '50.1', Longitude: '8.7' } })),
    );
  test('Paris is 481 km from Frankfurt and 774 from Dublin', () => {
    const { considered } = decideFor(zone(0), 'n', 'A', { from: 'Paris' });
    expect(considered.map(({ measure }) => measure?.kind === 'distance' && Math.round(measure.kilometres))).toEqual([774, 481]);
  });
  test.each([
    [0, 51],
    [30, 51],
    [37, 51],
    [38, 50],
    [40, 50],
  ])('with bias %i for Dublin, Paris gets 192.0.2.%i', (bias, n) => {
    expect(given(decideFor(zone(bias), 'n', 'A', { from: 'Paris' }))).toEqual([ip(n)]);
  });
  test('bias 50 halves a distance, bias -50 doubles it', () => {
    expect(biasedDistance(150, 50)).toBe(75);
    expect(biasedDistance(150, 50)).toBeLessThan(biasedDistance(100, 0));
    expect(biasedDistance(100, -50)).toBe(200);
  });
  test('more than two decimals of a coordinate are cut', () => {
    const exact = zoneOf(
      plain('n', 'A', [ip(1)], near('a', { Coordinates: { Latitude: '48.909', Longitude: '2.309' } })),
      plain('n', 'A', [ip(2)], near('b', { Coordinates: { Latitude: '48.90', Longitude: '2.30' } })),
    );
    const { considered } = decideFor(exact, 'n', 'A', { from: 'Paris' });
    expect(considered[0]?.measure).toEqual(considered[1]?.measure);
  });
});

describe('IP-based', () => {
  const blocks = { home: ['198.18.0.0/16'], office: ['198.18.1.0/24', '2001:db8:1::/48'] };
  const zone = zoneOf(
    plain('i', 'A', [ip(60)], byCidr('office', checked('office'))),
    plain('i', 'A', [ip(61)], byCidr('home')),
    plain('i', 'A', [ip(62)], byCidr('*')),
  );
  test.each([
    ['198.18.1.53', 60],
    ['198.18.9.53', 61],
    ['203.0.113.1', 62],
    ['2001:db8:1::1', 60],
  ])('%s gets 192.0.2.%i: the longest block that holds it', (from, n) => {
    expect(given(decideFor(zone, 'i', 'A', { from, blocks }))).toEqual([ip(n)]);
  });
  test('no match and no location * is no answer', () => {
    const strict = zoneOf(plain('i', 'A', [ip(60)], byCidr('office')));
    expect(decideFor(strict, 'i', 'A', { from: '198.18.9.53', blocks }).chosen).toEqual([]);
  });
  test('a subnet wider than the block does not match it', () => {
    const narrow = { office: ['198.18.1.0/24'] };
    const strict = zoneOf(plain('i', 'A', [ip(60)], byCidr('office')), plain('i', 'A', [ip(62)], byCidr('*')));
    expect(given(decideFor(strict, 'i', 'A', { from: 'Dublin', blocks: narrow }))).toEqual([ip(60)]);
    expect(given(decideFor(strict, 'i', 'A', { from: 'Dublin', blocks: { office: ['198.18.1.0/25'] } }))).toEqual([ip(62)]);
  });
  test('an unhealthy match gives way to location *', () => {
    expect(given(decideFor(zone, 'i', 'A', { from: '198.18.1.53', blocks, sick: ['office'] }))).toEqual([ip(62)]);
  });
  test('a collection that is not known leaves location *, and a note', () => {
    const decision = decideFor(zone, 'i', 'A', { from: '198.18.1.53' });
    expect(given(decision)).toEqual([ip(62)]);
    expect(rules(decision)).toContain('unknown-collection');
  });
});

describe('multivalue', () => {
  const zone = (n: number) =>
    zoneOf(...Array.from({ length: n }, (_, i) => plain('m', 'A', [ip(71 + i)], multi(`m${i + 1}`, checked(`m${i + 1}`)))));
  test('up to eight healthy sets, the sick left out', () => {
    const decision = decideFor(zone(10), 'm', 'A', { sick: ['m4'], random: dice(3) });
    expect(decision.chosen).toHaveLength(8);
    expect(given(decision)).not.toContain(ip(74));
    expect(shares(decision).m4).toBe(0);
    expect(shares(decision).m1).toBeCloseTo(8 / 9, 3);
  });
  test('eight or fewer healthy are all of them', () => {
    expect(decideFor(zone(8), 'm', 'A').chosen).toHaveLength(8);
    expect(decideFor(zone(3), 'm', 'A', { sick: ['m1'] }).chosen).toHaveLength(2);
  });
  test('all unhealthy: up to eight unhealthy', () => {
    const decision = decideFor(zone(9), 'm', 'A', { sick: Array.from({ length: 9 }, (_, i) => `m${i + 1}`) });
    expect(decision.chosen).toHaveLength(8);
    expect(decision.failOpen).toBe(true);
  });
});

describe('alias trees', () => {
  const tree = (evaluate: boolean) =>
    zoneOf(
      plain('us', 'A', [ip(1)], weighted('us-a', 1, checked('us-a'))),
      plain('us', 'A', [ip(2)], weighted('us-b', 1, checked('us-b'))),
      plain('ap', 'A', [ip(3)], weighted('ap-a', 1, checked('ap-a'))),
      plain('ap', 'A', [ip(4)], weighted('ap-b', 1, checked('ap-b'))),
      alias('app', 'A', 'us.example.com', latency('us-east-1'), evaluate),
      alias('app', 'A', 'ap.example.com', latency('ap-southeast-2'), evaluate),
    );
  test('the decision goes on in the target group', () => {
    const decision = decideFor(tree(true), 'app', 'A', { from: 'New York' });
    expect(given(decision)[0]).toMatch(/192\.0\.2\.[12]/);
    expect(decision.branch?.kind).toBe('group');
    expect(leafOf(decision).group.policy).toBe('weighted');
  });
  test('a branch without a healthy leaf counts as unhealthy: the next-best one is tried', () => {
    const decision = decideFor(tree(true), 'app', 'A', { from: 'New York', sick: ['us-a', 'us-b'] });
    expect(given(decision)[0]).toMatch(/192\.0\.2\.[34]/);
    expect(rules(decision)).toContain('unhealthy');
  });
  test('one healthy leaf keeps its branch', () => {
    expect(given(decideFor(tree(true), 'app', 'A', { from: 'New York', sick: ['us-a'] }))).toEqual([ip(2)]);
  });
  test('without evaluating target health the branch is final and fails open inside', () => {
    const decision = decideFor(tree(false), 'app', 'A', { from: 'New York', sick: ['us-a', 'us-b'] });
    expect(given(decision)[0]).toMatch(/192\.0\.2\.[12]/);
    expect(leafOf(decision).failOpen).toBe(true);
  });
  test('everything unhealthy: the tree fails open on every level', () => {
    const decision = decideFor(tree(true), 'app', 'A', { from: 'New York', sick: ['us-a', 'us-b', 'ap-a', 'ap-b'] });
    expect(given(decision)[0]).toMatch(/192\.0\.2\.[12]/);
    expect(decision.failOpen).toBe(true);
  });
  test('a health check on the alias and its target must both be healthy', () => {
    const zone = zoneOf(
      plain('a', 'A', [ip(1)], weighted('leaf', 1, checked('leaf'))),
      plain('b', 'A', [ip(2)]),
      alias('f', 'A', 'a.example.com', failover('PRIMARY', checked('own')), true),
      alias('f', 'A', 'b.example.com', failover('SECONDARY'), true),
    );
    expect(given(decideFor(zone, 'f', 'A'))).toEqual([ip(1)]);
    expect(given(decideFor(zone, 'f', 'A', { sick: ['own'] }))).toEqual([ip(2)]);
    expect(given(decideFor(zone, 'f', 'A', { sick: ['leaf'] }))).toEqual([ip(2)]);
  });
  test('alias records in a circle end in a loop, not in an endless walk', () => {
    const circle = unruled(alias('a', 'A', 'b.example.com', {}, true), alias('b', 'A', 'a.example.com', {}, true));
    let decision = decideFor(circle, 'a', 'A');
    while (decision.branch?.kind === 'group') decision = decision.branch.decision;
    expect(decision.branch?.kind).toBe('loop');
  });
  test('an answer depends on location when any level of the tree does', () => {
    expect(decideFor(tree(true), 'app', 'A').dependsOnLocation).toBe(true);
    expect(decideFor(tree(true), 'us', 'A').dependsOnLocation).toBe(false);
  });
});

describe('evaluate target health of resources', () => {
  const health = (state: ResourceHealth): boolean =>
    resourceHealthy({ service: 'load balancer', dnsName: name('x.'), ipv4: [], ipv6: [], health: state });
  test('a balancer needs a healthy target in every target group', () => {
    const groups = (...list: readonly (readonly [number, number])[]) =>
      health({ kind: 'target-groups', groups: list.map(([registered, healthy]) => ({ registered, healthy })) });
    expect(groups([2, 1], [3, 3])).toBe(true);
    expect(groups([2, 0], [3, 3])).toBe(false);
  });
  test('a target group with no registered targets is unhealthy', () => {
    expect(health({ kind: 'target-groups', groups: [{ registered: 0, healthy: 0 }] })).toBe(false);
  });
  test('a classic balancer needs a healthy instance and must be up itself', () => {
    expect(health({ kind: 'instances', balancerUp: true, healthy: 1 })).toBe(true);
    expect(health({ kind: 'instances', balancerUp: true, healthy: 0 })).toBe(false);
    expect(health({ kind: 'instances', balancerUp: false, healthy: 1 })).toBe(false);
  });
  test('a failover alias leaves a balancer without healthy targets', () => {
    const balancer = (healthy: number): AliasResource => ({
      service: 'load balancer',
      dnsName: name('lb-1.us-east-1.elb.amazonaws.com.'),
      ipv4: [address(ip(61))],
      ipv6: [],
      health: { kind: 'target-groups', groups: [{ registered: 2, healthy }] },
    });
    const zone = zoneOf(
      alias('f', 'A', 'lb-1.us-east-1.elb.amazonaws.com', failover('PRIMARY'), true, 'Z35SXDOTRQ7X7K'),
      plain('f', 'A', [ip(9)], failover('SECONDARY')),
    );
    expect(decideFor(zone, 'f', 'A', { resources: [balancer(1)] }).branch?.kind).toBe('resource');
    expect(given(decideFor(zone, 'f', 'A', { resources: [balancer(0)] }))).toEqual([ip(9)]);
  });
});

describe('health never decides alone', () => {
  test('a decision never gives an unhealthy record while a healthy eligible one exists, is never empty because of health, and says so', () => {
    const kinds = ['weighted', 'latency', 'failover', 'geolocation', 'multivalue', 'geoproximity'] as const;
    const regions = ['eu-west-1', 'us-east-1', 'ap-southeast-2', 'sa-east-1'];
    const locations = [{ CountryCode: '*' }, { ContinentCode: 'EU' }, { CountryCode: 'FR' }, { ContinentCode: 'NA' }];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
        fc.constantFrom('Paris', 'Sydney', 'New York', '203.0.113.1'),
        fc.nat(),
        (kind, count, healthy, weights, from, seed) => {
          const n = kind === 'failover' ? Math.min(count, 2) : count;
          const zone = zoneOf(
            ...Array.from({ length: n }, (_, i) => {
              const more = checked(`c${i}`);
              const routing = {
                weighted: () => weighted(`s${i}`, weights[i] as number, more),
                latency: () => latency(regions[i] as string, more),
                failover: () => failover(i === 0 ? 'PRIMARY' : 'SECONDARY', more),
                geolocation: () => geo(`s${i}`, locations[i] as JsonObject, more),
                multivalue: () => multi(`s${i}`, more),
                geoproximity: () => near(`s${i}`, { AWSRegion: regions[i] as string }, more),
              }[kind]();
              return plain('x', 'A', [ip(i + 1)], routing);
            }),
          );
          const sick = healthy.flatMap((isHealthy, i) => (isHealthy ? [] : [`c${i}`]));
          const decision = decideFor(zone, 'x', 'A', { from, sick, random: dice(seed) });
          const chosen = decision.considered.filter(({ standing }) => standing === 'chosen');
          expect(chosen.length).toBeGreaterThan(0);
          const eligible = decision.considered.filter((standing) => standing.standing === 'eligible' && standing.health.healthy);
          if (chosen.some(({ health }) => !health.healthy)) {
            expect(eligible).toEqual([]);
            expect(decision.failOpen).toBe(true);
          }
          expect(rules(decision).includes('fail-open')).toBe(decision.failOpen);
          expect(decision.considered.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(
            kind === 'multivalue' ? chosen.length : 1,
            6,
          );
        },
      ),
    );
  });
});
