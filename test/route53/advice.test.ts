import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { adviceOn } from '../../src/route53/advice.ts';
import type { AliasResource } from '../../src/route53/aliases.ts';
import type { JsonObject } from '../../src/route53/formats/json.ts';
import { toldApartBy } from '../../src/route53/records.ts';
import { groupAt } from '../../src/route53/table.ts';
import { alias, at, byCidr, CHECK_1, failover, geo, latency, multi, near, plain, weighted, zoneOf } from './sample.ts';

const groupWith = (...sets: readonly JsonObject[]) => {
  const group = groupAt(zoneOf(...sets).records, name(at('x')), 'A');
  if (!group) throw new Error('no group x A');
  return group;
};
const hints = (...sets: readonly JsonObject[]): string[] => adviceOn(groupWith(...sets)).map((hint) => hint.rule);
const x = (more: JsonObject = {}, values = ['192.0.2.1']) => plain('x', 'A', values, more);

describe('advice, never refusals', () => {
  test('none for a plain record with a usual TTL', () => {
    expect(hints(x())).toEqual([]);
  });
  test('a TTL from 60 to 172800 is recommended, at most 60 beside a health check', () => {
    expect(hints(x({ TTL: 59 }))).toEqual(['ttl-range']);
    expect(hints(x({ TTL: 172_801 }))).toEqual(['ttl-range']);
    expect(hints(x({ TTL: 61, HealthCheckId: CHECK_1, ...weighted('a', 1) }))).toEqual(['ttl-with-health-check']);
  });
  test('weighted and latency sets should have one value', () => {
    expect(hints(x(latency('eu-west-1'), ['192.0.2.1', '192.0.2.2']))).toEqual(['several-values']);
  });
  test('a geolocation group without default, an IP-based one without *, leave askers without an answer', () => {
    expect(hints(x(geo('eu', { ContinentCode: 'EU' })))).toEqual(['no-default']);
    expect(hints(x(geo('d', { CountryCode: '*' })))).toEqual([]);
    expect(hints(x(byCidr('home')))).toEqual(['no-default']);
  });
  test('a primary without a health check never gives way', () => {
    expect(hints(x(failover('PRIMARY')), x(failover('SECONDARY')))).toEqual(['primary-unchecked']);
    expect(hints(x(failover('PRIMARY', { HealthCheckId: CHECK_1 })), x(failover('SECONDARY')))).toEqual([]);
  });
  test('weights beside a load balancer’s alias need TTL 60', () => {
    const balancer = alias('x', 'A', 'lb-1.us-east-1.elb.amazonaws.com', weighted('b', 1), false, 'Z35SXDOTRQ7X7K');
    expect(hints(x(weighted('a', 1)), balancer)).toEqual([]);
    expect(hints(x({ TTL: 300, ...weighted('a', 1) }), balancer)).toEqual(['mixed-ttl']);
  });
  test('a health check on a lone simple record changes nothing', () => {
    expect(hints(x({ HealthCheckId: CHECK_1 }))).toEqual(['lone-health-check']);
  });
  test('the bucket’s name must equal the record’s', () => {
    const group = groupWith(alias('x', 'A', 's3-website-us-east-1.amazonaws.com', {}, false, 'Z3AQBSTGFYJSTF'));
    const bucket = (accepts: string): AliasResource => ({
      service: 'S3 website',
      dnsName: name('s3-website-us-east-1.amazonaws.com.'),
      ipv4: [],
      ipv6: [],
      health: { kind: 'always' },
      accepts: [name(accepts)],
    });
    expect(adviceOn(group, () => bucket('x.example.com.'))).toEqual([]);
    expect(adviceOn(group, () => bucket('y.example.com.')).map((hint) => hint.rule)).toEqual(['alias-name']);
  });
});

test.each([
  [x(), ''],
  [x(weighted('a', 70)), 'weight 70'],
  [x(latency('eu-west-1')), 'eu-west-1'],
  [x(failover('PRIMARY')), 'primary'],
  [x(geo('a', { ContinentCode: 'EU' })), 'Europe, EU'],
  [x(geo('a', { CountryCode: 'US', SubdivisionCode: 'CA' })), 'US-CA'],
  [x(geo('a', { CountryCode: '*' })), 'default, *'],
  [x(near('a', { AWSRegion: 'eu-west-1', Bias: 40 })), 'eu-west-1, bias +40'],
  [x(byCidr('home')), 'location home'],
  [x(multi('a')), ''],
])('the sets of a group are told apart: %#', (set, text) => {
  const [first] = groupWith(set).sets;
  expect(first && toldApartBy(first.routing)).toBe(text);
});
