import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import {
  DOCUMENTATION_SET,
  drawDelegationSet,
  PRIVATE_SET,
  serverAddresses,
  serverName,
  serverNumber,
  shareServer,
} from '../../src/route53/delegation.ts';

describe('delegation sets', () => {
  test.each([
    [98, 'ns-98.awsdns-12.com.'],
    [763, 'ns-763.awsdns-31.net.'],
    [1520, 'ns-1520.awsdns-62.org.'],
    [1828, 'ns-1828.awsdns-36.co.uk.'],
    [137, 'ns-137.awsdns-17.com.'],
    [692, 'ns-692.awsdns-22.net.'],
    [1436, 'ns-1436.awsdns-51.org.'],
    [1710, 'ns-1710.awsdns-21.co.uk.'],
    [0, 'ns-0.awsdns-00.com.'],
    [2051, 'ns-2051.awsdns-67.co.uk.'],
  ])('server %i is %s', (n, text) => {
    expect(serverName(n)).toBe(text);
    expect(serverNumber(name(text))).toBe(n);
  });

  test.each([
    [1828, '205.251.199.36', undefined],
    [378, '205.251.193.122', '2600:9000:5301:7a00::1'],
    [1832, '205.251.199.40', '2600:9000:5307:2800::1'],
    [2048, '205.251.200.0', '2600:9000:5308::1'],
    [2049, '205.251.200.1', '2600:9000:5308:100::1'],
    [2051, '205.251.200.3', '2600:9000:5308:300::1'],
  ])('addresses follow the number: %i has %s and %s', (n, ipv4, ipv6) => {
    expect(serverAddresses(n)).toMatchObject(ipv6 === undefined ? { ipv4 } : { ipv4, ipv6 });
  });

  test('the documentation servers are ns-2048 to ns-2051', () => {
    expect(DOCUMENTATION_SET.nameServers).toEqual([
      'ns-2048.awsdns-64.com.',
      'ns-2049.awsdns-65.net.',
      'ns-2050.awsdns-66.org.',
      'ns-2051.awsdns-67.co.uk.',
    ]);
  });

  test.each([0, 0.5, 0.999_999])(
    'a drawn set has one server under each of the four TLDs and none of a private zone',
    (random) => {
      const set = drawDelegationSet(() => random);
      expect(set.nameServers.map((server) => server.replace(/^.*awsdns-\d\d\./, ''))).toEqual(['com.', 'net.', 'org.', 'co.uk.']);
      expect(shareServer(set, PRIVATE_SET)).toBe(false);
    },
  );

  test('no other number is a server', () => {
    expect(() => serverName(2052)).toThrow();
    expect(() => serverName(-1)).toThrow();
    expect(serverNumber(name('ns1.example.com.'))).toBeUndefined();
    expect(serverNumber(name('g-ns-1832.awsdns-36.co.uk.'))).toBe(1832);
  });
});
