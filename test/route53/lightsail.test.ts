import { describe, expect, test } from 'vitest';
import { address } from '../../src/base/address.ts';
import { name } from '../../src/dns/name.ts';
import { DOCUMENTATION_SET } from '../../src/route53/delegation.ts';
import { exportDomain, importDomain } from '../../src/route53/formats/lightsail.ts';
import { detectFormat, openZone } from '../../src/route53/formats/open.ts';
import { writeRecordSet } from '../../src/route53/formats/recordSet.ts';
import type { DomainEntry, LightsailResource } from '../../src/route53/lightsail.ts';
import {
  addressOf,
  assignEntries,
  attachStaticIp,
  checkZoneCount,
  entryName,
  hostedZoneOf,
  initialEntries,
  restarted,
} from '../../src/route53/lightsail.ts';
import { listedSets } from '../../src/route53/table.ts';

const ZONE = name('example.com.');
const entry = (field: string, type: string, target: string, isAlias = false): DomainEntry => ({
  name: entryName(field, ZONE),
  type,
  target,
  isAlias,
});
const made = (...entries: readonly DomainEntry[]) => hostedZoneOf({ name: ZONE, entries }, DOCUMENTATION_SET);
const sets = (...entries: readonly DomainEntry[]) => {
  const result = made(...entries);
  if (!result.ok) throw new Error(result.faults.map((fault) => fault.text).join());
  return listedSets(result.zone.records).map(writeRecordSet).slice(2);
};
const faults = (...entries: readonly DomainEntry[]) => {
  const result = made(...entries);
  return result.ok ? [] : result.faults;
};

describe('a Lightsail DNS zone', () => {
  test('has a fixed TTL of 60 s', () => {
    expect(sets(entry('www', 'A', '192.0.2.44'))).toEqual([
      { Name: 'www.example.com.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.44' }] },
    ]);
  });
  test('takes @ for the apex, and a name with or without the zone', () => {
    expect(entryName('@', ZONE)).toBe('example.com');
    expect(entryName('www', ZONE)).toBe('www.example.com');
    expect(entryName('www.example.com', ZONE)).toBe('www.example.com');
  });
  test.each([
    ['A', '192.0.2.1'],
    ['AAAA', '2001:db8::1'],
    ['CNAME', 'target.example.net'],
    ['MX', '10 mail.example.com'],
    ['NS', 'ns.example.net'],
    ['SRV', '10 5 443 host.example.com'],
    ['TXT', 'v=spf1 -all'],
  ])('takes type %s', (type, target) => {
    expect(sets(entry('x', type, target))).toHaveLength(1);
  });
  test.each(['CAA', 'PTR', 'HTTPS', 'DS'])('does not take type %s', (type) => {
    expect(faults(entry('x', type, 'y'))).toMatchObject([{ path: [0, 'type'] }]);
  });
  test('takes TXT without quotation marks, cut in pieces of 255', () => {
    expect(sets(entry('t', 'TXT', 'say "hi"'))).toMatchObject([{ ResourceRecords: [{ Value: '"say \\"hi\\""' }] }]);
    expect(sets(entry('t', 'TXT', 'x'.repeat(300)))).toMatchObject([
      { ResourceRecords: [{ Value: `"${'x'.repeat(255)}" "${'x'.repeat(45)}"` }] },
    ]);
  });
  test('joins entries of one name and type', () => {
    expect(sets(entry('a', 'A', '192.0.2.1'), entry('a', 'A', '192.0.2.2'))).toHaveLength(1);
  });
  test.each([
    ['dualstack.lb-1.us-east-1.elb.amazonaws.com', 'Z35SXDOTRQ7X7K'],
    ['d1.cloudfront.net', 'Z2FDTNDATAQYW2'],
    ['svc.random.eu-west-1.cs.amazonlightsail.com', 'Z0624732FELAMMKW3Y21'],
  ])('takes an alias to %s', (target, HostedZoneId) => {
    expect(sets(entry('a', 'A', target, true))).toMatchObject([{ AliasTarget: { HostedZoneId } }]);
  });
  test('takes no other alias, and A and AAAA only', () => {
    expect(faults(entry('a', 'A', 's3-website-us-east-1.amazonaws.com', true))).toMatchObject([{ path: [0, 'target'] }]);
    expect(faults(entry('a', 'CNAME', 'd1.cloudfront.net', true))).toMatchObject([{ path: [0, 'isAlias'] }]);
  });
  test('has the same NS and SOA as a hosted zone, NS as four entries', () => {
    const initial = initialEntries(ZONE, DOCUMENTATION_SET);
    expect(initial.filter(({ type }) => type === 'NS')).toHaveLength(4);
    const result = made(...initial);
    expect(result.ok && result.zone.records.size).toBe(2);
    expect(result.ok && listedSets(result.zone.records).map((set) => set.content.kind === 'values' && set.content.ttl)).toEqual([
      172_800, 900,
    ]);
  });
  test('keeps the engine’s rules: a CNAME stands alone', () => {
    expect(faults(entry('a', 'A', '192.0.2.1'), entry('a', 'CNAME', 'b.example.net'))).toMatchObject([
      { code: 'InvalidChangeBatch', path: [1] },
    ]);
  });
  test('an account has at most six', () => {
    expect(checkZoneCount(5)).toBeUndefined();
    expect(checkZoneCount(6)?.code).toBe('LimitsExceeded');
  });
});

describe('assigning a domain', () => {
  const instance: Extract<LightsailResource, { kind: 'instance' }> = {
    kind: 'instance',
    name: 'web',
    publicIp: address('192.0.2.44'),
    ipv6: address('2001:db8::44'),
  };
  test('to an instance makes address entries, to anything else an alias', () => {
    expect(assignEntries('@', ZONE, instance).map(({ type, target }) => `${type} ${target}`)).toEqual([
      'A 192.0.2.44',
      'AAAA 2001:db8::44',
    ]);
    expect(assignEntries('www', ZONE, { kind: 'distribution', name: 'd', dnsName: 'd1.cloudfront.net' })).toMatchObject([
      { isAlias: true, type: 'A' },
    ]);
  });
  test('a restart changes the public address, unless a static IP is attached', () => {
    const later = restarted(instance, address('192.0.2.99'));
    expect(addressOf(later)).toBe('192.0.2.99');
    const fixed = attachStaticIp(instance, address('192.0.2.7'), 0);
    expect(fixed.ok && addressOf(restarted(fixed.instance, address('192.0.2.99')))).toBe('192.0.2.7');
  });
  test('an account has five static IPs, an instance one', () => {
    expect(attachStaticIp(instance, address('192.0.2.7'), 5).ok).toBe(false);
    expect(attachStaticIp({ ...instance, staticIp: address('192.0.2.6') }, address('192.0.2.7'), 1).ok).toBe(false);
  });
});

describe('get-domain', () => {
  const document = {
    domain: {
      name: 'example.com',
      arn: 'arn:aws:lightsail:global',
      domainEntries: [
        { id: '1', name: 'www.example.com', target: '192.0.2.44', isAlias: false, type: 'A' },
        { id: '2', name: 'example.com', target: '"v=spf1 -all"', isAlias: false, type: 'TXT', options: {} },
        { name: 'example.com', target: 'd1.cloudfront.net', isAlias: true, type: 'A' },
      ],
      tags: [],
    },
  };
  test('is written as it was read', () => {
    const imported = importDomain(JSON.stringify(document), 'd.json');
    expect(imported.unknown).toEqual(['domain.arn', 'domain.tags', 'domain.domainEntries[1].options']);
    expect(imported.value && JSON.parse(exportDomain(imported.value))).toEqual(document);
  });
  test('opens as a hosted zone; a fault is told at its entry', () => {
    const options = { file: 'd.json' };
    expect(openZone(JSON.stringify(document), options).value?.records.size).toBe(5);
    const wrong = {
      domain: {
        name: 'example.com',
        domainEntries: [{ name: 'www.example.com', target: '300.0.0.1', isAlias: false, type: 'A' }],
      },
    };
    expect(openZone(JSON.stringify(wrong), options).mistakes).toMatchObject([{ path: 'domain.domainEntries[0]' }]);
  });
});

describe('opening a file', () => {
  test.each([
    ['{"ResourceRecordSets":[]}', 'record sets'],
    ['{"Changes":[]}', 'change batch'],
    ['{"HostedZones":[]}', 'hosted zones'],
    ['{"AWSPolicyFormatVersion":"2015-10-01"}', 'traffic policy'],
    ['{"domain":{}}', 'Lightsail domain'],
    ['{"x":1}', 'JSON'],
    ['{"ResourceRecordSets":[', 'record sets'],
    ['www 60 A 192.0.2.1', 'zone file'],
  ])('%s is recognised as %s', (text, format) => {
    expect(detectFormat(text)).toBe(format);
  });
  test('a change batch is applied to an empty zone of the name that is told', () => {
    const text = JSON.stringify({
      Changes: [
        {
          Action: 'CREATE',
          ResourceRecordSet: { Name: 'www.example.com', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] },
        },
      ],
    });
    expect(openZone(text, { file: 'b', origin: ZONE }).value?.records.size).toBe(3);
    expect(openZone(text, { file: 'b' }).mistakes).toHaveLength(1);
  });
  test('a document without records says what would have them', () => {
    expect(openZone('{"x":1}', { file: 'x' }).mistakes[0]?.expected).toContain('a zone file');
  });
});
