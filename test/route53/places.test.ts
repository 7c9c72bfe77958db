import { describe, expect, test } from 'vitest';
import type { Cidr } from '../../src/base/address.ts';
import { address } from '../../src/base/address.ts';
import { name } from '../../src/dns/name.ts';
import { aliasTtl, aliasZoneId, serviceOf, standInResource } from '../../src/route53/aliases.ts';
import { continentOf, isCountry } from '../../src/route53/places/continents.ts';
import type { Place } from '../../src/route53/places/location.ts';
import { askerOf, CITIES, distanceKm, locateBuiltIn, locateIn, networkOf } from '../../src/route53/places/location.ts';
import { REGION_NAMES, regionPlace } from '../../src/route53/places/regions.ts';

describe('places', () => {
  test.each([
    ['198.18.1.7', 'Dublin'],
    ['198.18.2.7', 'Sydney'],
    ['198.18.9.53', 'Dublin'],
    ['198.18.0.7', 'Lyon'],
  ])('%s lies in %s', (text, city) => {
    expect(locateBuiltIn(address(text))?.city).toBe(city);
  });
  test.each(['203.0.113.7', '198.18.200.1', '198.19.1.1', '2001:db8::1'])('%s is unmapped', (text) => {
    expect(locateBuiltIn(address(text))).toBeUndefined();
  });
  test('a city’s network is found by its name in any letter case', () => {
    expect(networkOf('sydney')).toBe('198.18.2.0/24');
    expect(networkOf('Atlantis')).toBeUndefined();
  });
  test('of a table the longest block counts, then the built-in cities', () => {
    const here = CITIES[1] as Place;
    const there = CITIES[2] as Place;
    const locate = locateIn([
      { block: '203.0.112.0/20' as Cidr, place: here },
      { block: '203.0.113.0/24' as Cidr, place: there },
    ]);
    expect(locate(address('203.0.113.7'))).toBe(there);
    expect(locate(address('203.0.112.7'))).toBe(here);
    expect(locate(address('198.18.3.1'))?.city).toBe('Nairobi');
  });
  test('Nairobi is 7,260 km from Dublin and 3,390 from Bahrain, nearly', () => {
    const nairobi = CITIES[3] as Place;
    expect(Math.round(distanceKm(nairobi, regionPlace('eu-west-1')) / 10) * 10).toBe(7260);
    expect(Math.round(distanceKm(nairobi, regionPlace('me-south-1')) / 10) * 10).toBe(3390);
  });
  test('every city and Region lies in a country with a continent', () => {
    for (const place of [...CITIES, ...REGION_NAMES.map(regionPlace)]) expect(continentOf(place.country)).toBeDefined();
  });
  test('Turkey counts to Europe, Georgia to Asia; BV, CX, EH and HM have no data', () => {
    expect(continentOf('TR')).toBe('EU');
    expect(continentOf('GE')).toBe('AS');
    for (const code of ['BV', 'CX', 'EH', 'HM']) {
      expect(isCountry(code)).toBe(true);
      expect(continentOf(code)).toBeUndefined();
    }
  });
  test('the client subnet decides if it is sent, unless its length is 0', () => {
    const resolver = address('198.18.1.53');
    expect(askerOf(resolver, '198.18.2.0/24' as Cidr)).toMatchObject({ by: 'client-subnet', address: '198.18.2.0' });
    expect(askerOf(resolver, '0.0.0.0/0' as Cidr)).toMatchObject({ by: 'resolver-address', block: '198.18.1.53/32' });
    expect(askerOf(resolver)).toMatchObject({ by: 'resolver-address' });
  });
});

describe('alias targets', () => {
  const target = (dnsName: string, hostedZoneId = '') => ({ hostedZoneId, dnsName: name(dnsName), evaluateTargetHealth: false });
  test.each([
    ['d111111abcdef8.cloudfront.net.', 'CloudFront'],
    ['s3-website-us-east-1.amazonaws.com.', 'S3 website'],
    ['s3-website.us-east-2.amazonaws.com.', 'S3 website'],
    ['dualstack.lb-1.us-east-1.elb.amazonaws.com.', 'load balancer'],
    ['nlb-1.elb.us-east-1.amazonaws.com.', 'network load balancer'],
    ['d-1.execute-api.eu-west-1.amazonaws.com.', 'API Gateway'],
    ['a1234.awsglobalaccelerator.com.', 'Global Accelerator'],
    ['vpce-1.s3.us-east-1.vpce.amazonaws.com.', 'VPC endpoint'],
    ['my-env.us-west-2.elasticbeanstalk.com.', 'Elastic Beanstalk'],
    ['svc.x.us-west-2.cs.amazonlightsail.com.', 'Lightsail container service'],
    ['www.example.com.', undefined],
  ])('%s is %s', (text, service) => {
    expect(serviceOf(target(text))).toBe(service);
  });
  test.each([
    ['CloudFront', 'us-east-1', 'Z2FDTNDATAQYW2'],
    ['Global Accelerator', 'eu-west-1', 'Z2BJ6XQ5FK7U4H'],
    ['S3 website', 'us-east-1', 'Z3AQBSTGFYJSTF'],
    ['load balancer', 'us-east-1', 'Z35SXDOTRQ7X7K'],
    ['Elastic Beanstalk', 'sa-east-1', 'Z10X7K2B4QSOFV'],
    ['Lightsail container service', 'eu-central-1', 'Z06137433FV04OY4EC6L0'],
    ['S3 website', 'eu-west-3', undefined],
  ] as const)('the zone id of %s in %s is %s', (service, region, id) => {
    expect(aliasZoneId(service, region)).toBe(id);
  });
  test('load balancers and S3 websites have 60 s, Global Accelerator 300', () => {
    expect([aliasTtl('load balancer'), aliasTtl('S3 website'), aliasTtl('Global Accelerator')]).toEqual([60, 60, 300]);
  });
  test('a stand-in depends on the name only, and says what it is', () => {
    expect(standInResource(target('d1.cloudfront.net.'))).toEqual(
      standInResource(target('d1.cloudfront.net.', 'Z2FDTNDATAQYW2')),
    );
    expect(standInResource(target('d1.cloudfront.net.'))).toMatchObject({ standIn: true, service: 'CloudFront' });
    expect(standInResource(target('s3-website-us-east-1.amazonaws.com.')).ipv4).toHaveLength(1);
  });
});
