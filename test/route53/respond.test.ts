import { describe, expect, test } from 'vitest';
import type { Cidr } from '../../src/base/address.ts';
import { address } from '../../src/base/address.ts';
import { START } from '../../src/base/time.ts';
import type { Edns, Message } from '../../src/dns/message.ts';
import { query } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { recordText } from '../../src/dns/presentation.ts';
import type { RecordType, ResourceRecord } from '../../src/dns/record.ts';
import { encode } from '../../src/dns/wire/encode.ts';
import type { AliasResource } from '../../src/route53/aliases.ts';
import type { HostedZone } from '../../src/route53/hostedZone.ts';
import { locateBuiltIn } from '../../src/route53/places/location.ts';
import type { Answered, ZoneServices } from '../../src/route53/respond.ts';
import { bareServices, hostedZoneSet, respond } from '../../src/route53/respond.ts';
import { testDnsAnswer } from '../../src/route53/testAnswer.ts';
import { alias, emptyZone, geo, latency, multi, plain, privateZone, unruled, weighted, withSets, zoneOf } from './sample.ts';

const SERVICES = bareServices(locateBuiltIn);
const text = (records: readonly ResourceRecord[]): string[] => records.map(recordText);

interface Options {
  readonly from?: string;
  readonly subnet?: string;
  readonly services?: ZoneServices;
  readonly edns?: boolean;
}

function ask(zones: HostedZone | readonly HostedZone[], label: string, type: RecordType, options: Options = {}): Answered {
  const list = Array.isArray(zones) ? (zones as readonly HostedZone[]) : [zones as HostedZone];
  const subnet =
    options.subnet === undefined ? [] : [{ option: 'client-subnet', subnet: options.subnet as Cidr, scope: 0 } as const];
  const edns: Edns | undefined =
    options.edns || subnet.length > 0 ? { version: 0, udpSize: 1232, do: false, options: subnet } : undefined;
  const message = query(7, { name: name(label), type, class: 'IN' }, edns ? { edns } : {});
  const asking = { now: START, source: address(options.from ?? '198.18.0.53'), random: () => 0 };
  return respond(hostedZoneSet(list), options.services ?? SERVICES, message, asking);
}

const NS = [
  'example.com. 172800 IN NS ns-2048.awsdns-64.com.',
  'example.com. 172800 IN NS ns-2049.awsdns-65.net.',
  'example.com. 172800 IN NS ns-2050.awsdns-66.org.',
  'example.com. 172800 IN NS ns-2051.awsdns-67.co.uk.',
];
const SOA = 'example.com. 900 IN SOA ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400';
const www = plain('www', 'A', ['192.0.2.44'], { TTL: 300 });

describe('a new hosted zone', () => {
  test('starts with NS 172800 and SOA 900, serial 1, and nothing else', () => {
    expect(text(ask(emptyZone(), 'example.com.', 'NS').value.answer)).toEqual(expect.arrayContaining(NS));
    expect(text(ask(emptyZone(), 'example.com.', 'SOA').value.answer)).toEqual([SOA]);
    expect(emptyZone().records.size).toBe(2);
  });
});

describe('positive answers', () => {
  test('are authoritative, without recursion, and carry the zone’s NS records in the authority section', () => {
    const { value } = ask(zoneOf(www), 'www.example.com.', 'A');
    expect(value.flags).toMatchObject({ qr: true, aa: true, ra: false });
    expect(text(value.answer)).toEqual(['www.example.com. 300 IN A 192.0.2.44']);
    expect(text(value.authority)).toEqual(NS);
    expect(value.additional).toEqual([]);
  });
  test('do not repeat the NS records that are the answer', () => {
    expect(ask(emptyZone(), 'example.com.', 'NS').value.authority).toEqual([]);
  });
  test('keep the letter case of the question', () => {
    expect(text(ask(zoneOf(www), 'WwW.Example.com.', 'A').value.answer)).toEqual(['WwW.Example.com. 300 IN A 192.0.2.44']);
  });
  test('advertise 4096 octets of EDNS, and no OPT where none was asked', () => {
    expect(ask(zoneOf(www), 'www.example.com.', 'A', { edns: true }).value.edns).toMatchObject({ udpSize: 4096 });
    expect(ask(zoneOf(www), 'www.example.com.', 'A').value.edns).toBeUndefined();
  });
  test('of a multivalue group hold at most eight records', () => {
    const zone = zoneOf(...Array.from({ length: 10 }, (_, i) => plain('m', 'A', [`192.0.2.${71 + i}`], multi(`m${i}`))));
    const { value } = ask(zone, 'm.example.com.', 'A');
    expect(value.answer).toHaveLength(8);
    expect(encode(value).length).toBeLessThanOrEqual(512);
  });
});

describe('negative answers', () => {
  test('NXDOMAIN carries the SOA, whose TTL is the smaller of 900 and 86400', () => {
    const { value } = ask(zoneOf(www), 'wwww.example.com.', 'A');
    expect(value.rcode).toBe('NXDOMAIN');
    expect(value.flags.aa).toBe(true);
    expect(text(value.authority)).toEqual([SOA]);
  });
  test('the minimum counts when it is smaller than the SOA’s TTL', () => {
    const zone = zoneOf();
    const soa = plain('', 'SOA', ['ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60'], { TTL: 900 });
    const changed = withSets(
      {
        ...zone,
        records: {
          ...zone.records,
          groups: new Map([...zone.records.groups].map(([key, groups]) => [key, groups.filter((g) => g.type !== 'SOA')])),
        },
      },
      soa,
    );
    expect(ask(changed, 'no.example.com.', 'A').value.authority[0]?.ttl).toBe(60);
  });
  test('a name without the type is NODATA: NOERROR with the SOA', () => {
    const { value } = ask(zoneOf(www), 'www.example.com.', 'AAAA');
    expect(value.rcode).toBe('NOERROR');
    expect(value.answer).toEqual([]);
    expect(text(value.authority)).toEqual([SOA]);
  });
  test('an empty non-terminal is NODATA, not NXDOMAIN', () => {
    expect(ask(zoneOf(plain('a.b', 'A', ['192.0.2.1'])), 'b.example.com.', 'A').value.rcode).toBe('NOERROR');
  });
  test('a geolocation group without a match is NODATA with the SOA', () => {
    const { value } = ask(zoneOf(plain('g', 'A', ['192.0.2.1'], geo('eu', { ContinentCode: 'EU' }))), 'g.example.com.', 'A', {
      from: '198.18.7.53',
    });
    expect(value.rcode).toBe('NOERROR');
    expect(text(value.authority)).toEqual([SOA]);
  });
  test('a name of no zone here is REFUSED, without AA', () => {
    const { value } = ask(zoneOf(www), 'www.example.net.', 'A');
    expect(value.rcode).toBe('REFUSED');
    expect(value.flags.aa).toBe(false);
  });
});

describe('wildcards', () => {
  const zone = zoneOf(plain('*', 'A', ['192.0.2.99']), plain('www', 'TXT', ['"x"']), plain('a.deep', 'A', ['192.0.2.1']));
  test('match any depth under the owner of the query', () => {
    expect(text(ask(zone, 'x.y.example.com.', 'A').value.answer)).toEqual(['x.y.example.com. 60 IN A 192.0.2.99']);
  });
  test('do not match the name above them', () => {
    expect(ask(zone, 'example.com.', 'A').value.answer).toEqual([]);
  });
  test('an existing name beats the wildcard for all types', () => {
    const { value } = ask(zone, 'www.example.com.', 'A');
    expect(value.rcode).toBe('NOERROR');
    expect(value.answer).toEqual([]);
  });
  test('do not reach below an existing name', () => {
    expect(ask(zone, 'b.deep.example.com.', 'A').value.rcode).toBe('NXDOMAIN');
  });
});

describe('CNAME', () => {
  test('with a target in the same zone comes with the target’s records in one answer', () => {
    const zone = zoneOf(www, plain('shop', 'CNAME', ['www.example.com'], { TTL: 200 }));
    expect(text(ask(zone, 'shop.example.com.', 'A').value.answer)).toEqual([
      'shop.example.com. 200 IN CNAME www.example.com.',
      'www.example.com. 300 IN A 192.0.2.44',
    ]);
  });
  test('with a target elsewhere comes alone, even when this server has that zone too', () => {
    const other = { ...zoneOf(), name: name('example.net.') };
    const { value } = ask([zoneOf(plain('shop', 'CNAME', ['store.example.net'])), other], 'shop.example.com.', 'A');
    expect(text(value.answer)).toEqual(['shop.example.com. 60 IN CNAME store.example.net.']);
    expect(text(value.authority)).toEqual(NS);
  });
  test('in a circle ends', () => {
    const zone = unruled(plain('a', 'CNAME', ['b.example.com']), plain('b', 'CNAME', ['a.example.com']));
    expect(ask(zone, 'a.example.com.', 'A').value.answer).toHaveLength(2);
  });
  test('to a missing name of the zone is NXDOMAIN with the CNAME', () => {
    const { value } = ask(zoneOf(plain('a', 'CNAME', ['b.example.com'])), 'a.example.com.', 'A');
    expect(value.rcode).toBe('NXDOMAIN');
    expect(value.answer).toHaveLength(1);
  });
  test('asked for as CNAME is not followed', () => {
    expect(ask(zoneOf(www, plain('s', 'CNAME', ['www.example.com'])), 's.example.com.', 'CNAME').value.answer).toHaveLength(1);
  });
});

describe('delegations', () => {
  const zone = zoneOf(
    plain('sub', 'NS', ['ns1.sub.example.com', 'ns.example.net'], { TTL: 172_800 }),
    plain('ns1.sub', 'A', ['198.51.100.11']),
    plain('sub', 'DS', [`12345 13 2 ${'ab'.repeat(32)}`]),
  );
  test('names at and below a non-apex NS set get a referral without AA, with glue', () => {
    for (const asked of ['sub.example.com.', 'www.sub.example.com.']) {
      const { value } = ask(zone, asked, 'A');
      expect(value.flags.aa).toBe(false);
      expect(value.answer).toEqual([]);
      expect(text(value.authority)).toEqual([
        'sub.example.com. 172800 IN NS ns1.sub.example.com.',
        'sub.example.com. 172800 IN NS ns.example.net.',
      ]);
      expect(text(value.additional)).toEqual(['ns1.sub.example.com. 60 IN A 198.51.100.11']);
    }
  });
  test('the DS set of the cut is answered here', () => {
    expect(ask(zone, 'sub.example.com.', 'DS').value.answer).toHaveLength(1);
  });
  test('the longest zone of several wins', () => {
    const child = { ...emptyZone('Z2'), name: name('sub.example.com.') };
    expect(ask([zone, child], 'www.sub.example.com.', 'A').zone?.id).toBe('Z2');
    expect(ask([zone, child], 'sub.example.com.', 'DS').zone?.id).not.toBe('Z2');
  });
});

describe('alias records', () => {
  const balancer: AliasResource = {
    service: 'load balancer',
    dnsName: name('dualstack.lb-1.us-east-1.elb.amazonaws.com.'),
    ipv4: [address('192.0.2.61'), address('192.0.2.62')],
    ipv6: [],
    health: { kind: 'always' },
  };
  const services: ZoneServices = {
    ...SERVICES,
    resourceOf: (target) => (target.dnsName === balancer.dnsName ? balancer : undefined),
  };
  const apex = zoneOf(alias('', 'A', balancer.dnsName, {}, false, 'Z35SXDOTRQ7X7K'), www);

  test('at the apex are answered as addresses with the resource’s TTL: no pointer travels', () => {
    const { value } = ask(apex, 'example.com.', 'A', { services });
    expect(text(value.answer).sort()).toEqual(['example.com. 60 IN A 192.0.2.61', 'example.com. 60 IN A 192.0.2.62']);
    expect(value.answer.some((record) => record.type === 'CNAME')).toBe(false);
  });
  test('match only the type of the alias record', () => {
    expect(ask(apex, 'example.com.', 'AAAA', { services }).value.answer).toEqual([]);
  });
  test('to a record of the zone take that record’s TTL', () => {
    expect(text(ask(zoneOf(www, alias('', 'A', 'www.example.com')), 'example.com.', 'A').value.answer)).toEqual([
      'example.com. 300 IN A 192.0.2.44',
    ]);
  });
  test('to a target that this world lacks give marked stand-in addresses', () => {
    const { value, reasons } = ask(
      zoneOf(alias('c', 'A', 'd1.cloudfront.net', {}, false, 'Z2FDTNDATAQYW2')),
      'c.example.com.',
      'A',
    );
    expect(value.answer.length).toBeGreaterThan(0);
    expect(text(value.answer)[0]).toMatch(/^c\.example\.com\. 60 IN A 198\.51\.100\.\d+$/);
    expect(reasons.map((why) => why.rule)).toContain('stand-in');
  });
  test('to Global Accelerator give one of its two addresses', () => {
    const { value } = ask(
      zoneOf(alias('ga', 'A', 'a1234.awsglobalaccelerator.com', {}, false, 'Z2BJ6XQ5FK7U4H')),
      'ga.example.com.',
      'A',
    );
    expect(value.answer).toHaveLength(1);
    expect(value.answer[0]?.ttl).toBe(300);
  });
  test('in a circle end in SERVFAIL', () => {
    const circle = unruled(alias('a', 'A', 'b.example.com'), alias('b', 'A', 'a.example.com'));
    expect(ask(circle, 'a.example.com.', 'A').value.rcode).toBe('SERVFAIL');
  });
});

describe('where the question comes from', () => {
  const zone = zoneOf(
    plain('geo', 'A', ['198.51.100.30'], geo('eu', { ContinentCode: 'EU' })),
    plain('geo', 'A', ['203.0.113.30'], geo('oc', { ContinentCode: 'OC' })),
    plain('w', 'A', ['192.0.2.1'], weighted('a', 1)),
  );
  const optionOf = (message: Message) => message.edns?.options[0];
  test('without a client subnet the resolver’s address decides', () => {
    expect(text(ask(zone, 'geo.example.com.', 'A', { from: '198.18.1.53' }).value.answer)).toEqual([
      'geo.example.com. 60 IN A 198.51.100.30',
    ]);
  });
  test('a client subnet beats the resolver’s address, and the answer is good for that subnet only', () => {
    const { value } = ask(zone, 'geo.example.com.', 'A', { from: '198.18.1.53', subnet: '198.18.2.0/24' });
    expect(text(value.answer)).toEqual(['geo.example.com. 60 IN A 203.0.113.30']);
    expect(optionOf(value)).toEqual({ option: 'client-subnet', subnet: '198.18.2.0/24', scope: 24 });
  });
  test('a client subnet of length 0 leaves the resolver’s address', () => {
    const { value } = ask(zone, 'geo.example.com.', 'A', { from: '198.18.1.53', subnet: '0.0.0.0/0' });
    expect(text(value.answer)).toEqual(['geo.example.com. 60 IN A 198.51.100.30']);
    expect(optionOf(value)).toMatchObject({ scope: 0 });
  });
  test('an answer that does not depend on location has scope 0', () => {
    expect(optionOf(ask(zone, 'w.example.com.', 'A', { subnet: '198.18.2.0/24' }).value)).toMatchObject({ scope: 0 });
  });
  test('a private zone goes by the Region of the VPC, not by address or subnet', () => {
    const inside = withSets(
      privateZone(),
      plain('l', 'A', ['10.0.0.1'], latency('eu-west-1')),
      plain('l', 'A', ['10.0.0.2'], latency('ap-southeast-2')),
    );
    const message = query(1, { name: name('l.example.com.'), type: 'A', class: 'IN' });
    const asked = (vpcRegion: 'eu-west-1' | 'ap-southeast-2') =>
      text(
        respond(hostedZoneSet([inside]), SERVICES, message, {
          now: START,
          source: address('198.18.2.7'),
          subnet: '198.18.2.0/24' as Cidr,
          random: () => 0,
          vpcRegion,
        }).value.answer,
      );
    expect(asked('eu-west-1')).toEqual(['l.example.com. 60 IN A 10.0.0.1']);
    expect(asked('ap-southeast-2')).toEqual(['l.example.com. 60 IN A 10.0.0.2']);
  });
});

describe('every answer carries its decision', () => {
  test('with one decision for each link of a chain', () => {
    const zone = zoneOf(
      plain('a', 'CNAME', ['w.example.com']),
      plain('w', 'A', ['192.0.2.1'], weighted('a', 70)),
      plain('w', 'A', ['192.0.2.2'], weighted('b', 30)),
    );
    const { decisions, reasons } = ask(zone, 'a.example.com.', 'A');
    expect(decisions.map((decision) => decision.group.policy)).toEqual(['simple', 'weighted']);
    expect(decisions[1]?.considered.map(({ share }) => share)).toEqual([0.7, 0.3]);
    expect(reasons.every((why) => why.source !== undefined)).toBe(true);
  });
});

describe('test-dns-answer', () => {
  const zone = zoneOf(
    www,
    plain('sub', 'NS', ['ns.example.net']),
    plain('geo', 'A', ['198.51.100.30'], geo('eu', { ContinentCode: 'EU' })),
    plain('geo', 'A', ['192.0.2.32'], geo('us', { CountryCode: 'US' })),
    plain('t', 'TXT', ['"\\351"']),
  );
  const at = { now: START, random: () => 0 };
  const outcome = (recordName: string, recordType: string, more = {}) => {
    const result = testDnsAnswer(zone, SERVICES, { recordName, recordType, ...more }, at);
    return result.ok ? result.output : result.faults;
  };
  test('gives the answer in the API’s words', () => {
    expect(outcome('geo.example.com', 'A', { edns0ClientSubnetIp: '198.18.1.7' })).toEqual({
      nameserver: 'ns-2048.awsdns-64.com',
      recordName: 'geo.example.com',
      recordType: 'A',
      recordData: ['198.51.100.30'],
      responseCode: 'NOERROR',
      protocol: 'UDP',
    });
  });
  test('asks from us-east-1 unless a resolver is named', () => {
    expect(outcome('geo.example.com', 'A')).toMatchObject({ recordData: ['192.0.2.32'] });
    expect(outcome('geo.example.com', 'A', { resolverIp: '198.18.1.53' })).toMatchObject({ recordData: ['198.51.100.30'] });
  });
  test('a delegation is not returned', () => {
    expect(outcome('sub.example.com', 'A')).toMatchObject({ recordData: [], responseCode: 'NOERROR' });
  });
  test('text comes with octal escapes', () => {
    expect(outcome('t.example.com', 'TXT')).toMatchObject({ recordData: ['"\\351"'] });
  });
  test.each([
    { edns0ClientSubnetMask: 24 },
    { edns0ClientSubnetIp: '198.18.1.7', edns0ClientSubnetMask: 33 },
    { edns0ClientSubnetIp: 'x' },
    { resolverIp: 'x' },
  ])('refuses %j', (more) => {
    expect(outcome('www.example.com', 'A', more)).toMatchObject([{ code: 'InvalidInput' }]);
  });
  test('works for public zones only', () => {
    expect(testDnsAnswer(privateZone(), SERVICES, { recordName: 'example.com', recordType: 'NS' }, at).ok).toBe(false);
  });
});
