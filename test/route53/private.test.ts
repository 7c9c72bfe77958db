import { describe, expect, test } from 'vitest';
import type { Cidr } from '../../src/base/address.ts';
import { address } from '../../src/base/address.ts';
import type { Name } from '../../src/dns/name.ts';
import { name } from '../../src/dns/name.ts';
import type { HostedZone } from '../../src/route53/hostedZone.ts';
import { newHostedZone } from '../../src/route53/hostedZone.ts';
import type { ResolverRule, Vpc, VpcResolver } from '../../src/route53/private.ts';
import {
  associateVpc,
  checkEndpoint,
  disassociateVpc,
  INTERNET_RULE,
  privateZoneFor,
  resolverAddress,
  routeFor,
} from '../../src/route53/private.ts';
import { emptyZone } from './sample.ts';

const VPC: Vpc = {
  region: 'eu-west-1',
  id: 'vpc-1',
  cidr: '10.0.0.0/16' as Cidr,
  enableDnsSupport: true,
  enableDnsHostnames: true,
};
const OTHER: Vpc = { ...VPC, id: 'vpc-2' };
const zoneNamed = (text: string, id = text, vpcs = [VPC]): HostedZone =>
  newHostedZone({ id, name: name(text), callerReference: id, comment: '', scope: { kind: 'private', vpcs } });
const rule = (domain: string, type: ResolverRule['type'] = 'FORWARD'): ResolverRule => ({
  name: `${type} ${domain}`,
  domain: name(domain),
  type,
  targets: [{ address: address('10.99.0.53'), port: 53 }],
  endpointId: 'rslvr-out-1',
});
const resolver = (zones: readonly HostedZone[], rules: readonly ResolverRule[]): VpcResolver => ({
  vpc: VPC,
  zones,
  rules: [...rules, INTERNET_RULE],
});
const routed = (zones: readonly HostedZone[], rules: readonly ResolverRule[], asked: string): string => {
  const { value } = routeFor(resolver(zones, rules), name(asked) as Name);
  if (value.kind === 'private-zone') return `zone ${value.zone.name}`;
  if (value.kind === 'internal') return `internal ${value.domain}`;
  return value.kind === 'recursive' ? 'recursive' : `${value.kind} ${value.rule.domain}`;
};

describe('VPCs and private zones', () => {
  test('the Resolver stands at the VPC’s base plus two', () => {
    expect(resolverAddress(VPC)).toBe('10.0.0.2');
    expect(resolverAddress({ ...VPC, cidr: '172.31.16.0/20' as Cidr })).toBe('172.31.16.2');
  });
  test('a VPC needs both DNS settings', () => {
    const zone = zoneNamed('example.com.');
    expect(associateVpc(zone, OTHER, []).ok).toBe(true);
    expect(associateVpc(zone, { ...OTHER, enableDnsSupport: false }, []).ok).toBe(false);
    expect(associateVpc(zone, { ...OTHER, enableDnsHostnames: false }, []).ok).toBe(false);
  });
  test('a public zone takes no VPC', () => {
    expect(associateVpc(emptyZone(), VPC, [])).toMatchObject({ fault: { code: 'PublicZoneVPCAssociation' } });
  });
  test('a VPC of another account needs an authorisation', () => {
    const foreign = { ...OTHER, account: '2' };
    expect(associateVpc(zoneNamed('example.com.'), foreign, [], { owner: '1' })).toMatchObject({
      fault: { code: 'AccessDenied' },
    });
    expect(associateVpc(zoneNamed('example.com.'), foreign, [], { owner: '1', authorized: true }).ok).toBe(true);
  });
  test('two private zones of one name cannot be tied to one VPC; overlapping ones can', () => {
    const present = zoneNamed('example.com.', 'Z1', [OTHER]);
    expect(associateVpc(zoneNamed('example.com.', 'Z2'), OTHER, [present])).toMatchObject({
      fault: { code: 'ConflictingDomainExists' },
    });
    expect(associateVpc(zoneNamed('a.example.com.', 'Z3'), OTHER, [present]).ok).toBe(true);
  });
  test('300 VPCs are the most', () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ ...VPC, id: `v${i}` }));
    expect(associateVpc(zoneNamed('example.com.', 'Z', many), OTHER, []).ok).toBe(false);
  });
  test('the last VPC cannot be removed', () => {
    const zone = zoneNamed('example.com.');
    expect(disassociateVpc(zone, 'vpc-1')).toMatchObject({ fault: { code: 'LastVPCAssociation' } });
    expect(disassociateVpc(zone, 'vpc-9')).toMatchObject({ fault: { code: 'VPCAssociationNotFound' } });
    const two = associateVpc(zone, OTHER, []);
    expect(two.ok && disassociateVpc(two.zone, 'vpc-1').ok).toBe(true);
  });
});

describe('what the Resolver of a VPC does with a name', () => {
  const zones = [zoneNamed('example.com.'), zoneNamed('accounting.example.com.')];
  test('split view: inside the VPC the private zone answers, and it alone', () => {
    expect(routed(zones, [], 'www.example.com.')).toBe('zone example.com.');
    expect(routed(zones, [], 'missing.example.com.')).toBe('zone example.com.');
  });
  test('of overlapping zones the longest match wins', () => {
    expect(routed(zones, [], 'db.accounting.example.com.')).toBe('zone accounting.example.com.');
  });
  test('a zone that is tied to another VPC is not seen', () => {
    const foreign = zoneNamed('example.net.', 'Z9', [OTHER]);
    expect(privateZoneFor(resolver([foreign], []), name('www.example.net.'))).toBeUndefined();
    expect(routed([foreign], [], 'www.example.net.')).toBe('recursive');
  });
  test('a public zone is not looked into', () => {
    expect(routed([emptyZone()], [], 'www.example.com.')).toBe('recursive');
  });
  test('a rule matches its domain and all below, not above', () => {
    const rules = [rule('acme.example.org.')];
    expect(routed([], rules, 'acme.example.org.')).toBe('forward acme.example.org.');
    expect(routed([], rules, 'zenith.acme.example.org.')).toBe('forward acme.example.org.');
    expect(routed([], rules, 'example.org.')).toBe('recursive');
  });
  test('the most specific domain wins, rule or zone', () => {
    const corp = [rule('corp.example.net.'), rule('lab.corp.example.net.')];
    const cloud = [zoneNamed('cloud.corp.example.net.')];
    expect(routed(cloud, corp, 'files.corp.example.net.')).toBe('forward corp.example.net.');
    expect(routed(cloud, corp, 'x.lab.corp.example.net.')).toBe('forward lab.corp.example.net.');
    expect(routed(cloud, corp, 'db.cloud.corp.example.net.')).toBe('zone cloud.corp.example.net.');
  });
  test('for the same name a FORWARD rule beats a private zone', () => {
    expect(routed(zones, [rule('example.com.')], 'www.example.com.')).toBe('forward example.com.');
  });
  test('a SYSTEM rule keeps its domain in the VPC though a wider FORWARD rule exists', () => {
    const rules = [rule('example.net.'), rule('dev.example.net.', 'SYSTEM')];
    expect(routed([], rules, 'a.dev.example.net.')).toBe('recursive');
    expect(routed([zoneNamed('dev.example.net.')], rules, 'a.dev.example.net.')).toBe('zone dev.example.net.');
    expect(routed([], rules, 'a.example.net.')).toBe('forward example.net.');
  });
  test('a DELEGATE rule follows delegations through the endpoint', () => {
    expect(routed([], [rule('hq.example.net.', 'DELEGATE')], 'a.hq.example.net.')).toBe('delegate hq.example.net.');
  });
  test.each([
    ['ip-10-0-0-4.eu-west-1.compute.internal.', 'compute.internal.'],
    ['4.0.0.10.in-addr.arpa.', '10.in-addr.arpa.'],
    ['1.0.31.172.in-addr.arpa.', '31.172.in-addr.arpa.'],
    ['1.1.168.192.in-addr.arpa.', '168.192.in-addr.arpa.'],
    ['localhost.', 'localhost.'],
  ])('%s is answered by the Resolver itself', (asked, domain) => {
    expect(routed([], [], asked)).toBe(`internal ${domain}`);
  });
  test('a FORWARD rule beats the automatic rules of the same name', () => {
    expect(routed([], [rule('10.in-addr.arpa.')], '4.0.0.10.in-addr.arpa.')).toBe('forward 10.in-addr.arpa.');
  });
  test('a private zone beats the automatic rules of the same name, and those beat a wider one', () => {
    expect(routed([zoneNamed('10.in-addr.arpa.')], [], '4.0.0.10.in-addr.arpa.')).toBe('zone 10.in-addr.arpa.');
    expect(routed([zoneNamed('in-addr.arpa.')], [], '4.0.0.10.in-addr.arpa.')).toBe('internal 10.in-addr.arpa.');
  });
  test('a FORWARD rule for the root takes all that nothing else claims', () => {
    expect(routed(zones, [rule('.')], 'www.example.org.')).toBe('forward .');
    expect(routed(zones, [rule('.')], 'www.example.com.')).toBe('zone example.com.');
  });
  test('everything else goes to the Internet, and the reason says so', () => {
    expect(routeFor(resolver([], []), name('www.example.org.')).reasons.map((why) => why.rule)).toEqual(['internet-resolver']);
  });
  test('an endpoint has two to six addresses', () => {
    const endpoint = (n: number) => ({
      id: 'e',
      direction: 'OUTBOUND' as const,
      vpcId: 'vpc-1',
      addresses: Array.from({ length: n }, (_, i) => address(`10.0.1.${i + 1}`)),
    });
    expect([1, 2, 6, 7].map((n) => checkEndpoint(endpoint(n)) === undefined)).toEqual([false, true, true, false]);
  });
});
