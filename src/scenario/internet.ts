/**
 * The built-in world: a small Internet with the real names and addresses of the root, .com, .net, .org and .uk servers, four
 * Route 53-style name servers for example.com, and everything else in documentation ranges.
 *
 * Plain data. Scenario files change it by name; `world.ts` brings it to life.
 */

import { DOCUMENTATION_SET, serverAddresses } from '../route53/delegation.ts';
import type { HostLine, LinkLine, ZoneLine } from './schema.ts';

/** A host of the built-in world: nothing is left to guess. */
export type BuiltinHost = HostLine & { readonly role: NonNullable<HostLine['role']>; readonly addresses: string[] };
export type BuiltinZone = ZoneLine & { readonly servers: string[]; readonly records: string };

/** The 13 root servers (BIND 9's compiled-in hints of 2026-07-22). */
const ROOT_SERVERS: Readonly<Record<string, readonly [string, string]>> = {
  a: ['198.41.0.4', '2001:503:ba3e::2:30'],
  b: ['170.247.170.2', '2801:1b8:10::b'],
  c: ['192.33.4.12', '2001:500:2::c'],
  d: ['199.7.91.13', '2001:500:2d::d'],
  e: ['192.203.230.10', '2001:500:a8::e'],
  f: ['192.5.5.241', '2001:500:2f::f'],
  g: ['192.112.36.4', '2001:500:12::d0d'],
  h: ['198.97.190.53', '2001:500:1::53'],
  i: ['192.36.148.17', '2001:7fe::53'],
  j: ['192.58.128.30', '2001:503:c27::2:30'],
  k: ['193.0.14.129', '2001:7fd::1'],
  l: ['199.7.83.42', '2001:500:9f::42'],
  m: ['202.12.27.33', '2001:dc3::35'],
};

/** The 13 servers of .com and .net (public iterative transcript of 2025-08). */
const GTLD_SERVERS: Readonly<Record<string, readonly [string, string]>> = {
  a: ['192.5.6.30', '2001:503:a83e::2:30'],
  b: ['192.33.14.30', '2001:503:231d::2:30'],
  c: ['192.26.92.30', '2001:503:83eb::30'],
  d: ['192.31.80.30', '2001:500:856e::30'],
  e: ['192.12.94.30', '2001:502:1ca1::30'],
  f: ['192.35.51.30', '2001:503:d414::30'],
  g: ['192.42.93.30', '2001:503:eea3::30'],
  h: ['192.54.112.30', '2001:502:8cc::30'],
  i: ['192.43.172.30', '2001:503:39c1::30'],
  j: ['192.48.79.30', '2001:502:7094::30'],
  k: ['192.52.178.30', '2001:503:d2d::30'],
  l: ['192.41.162.30', '2001:500:d937::30'],
  m: ['192.55.83.30', '2001:501:b1f9::30'],
};

/** Servers of .org, and of .info, which their names need. In reality .info has servers of its own. */
const ORG_SERVERS: Readonly<Record<string, readonly [string, string]>> = {
  'a0.org.afilias-nst.info': ['199.19.56.1', '2001:500:e::1'],
  'a2.org.afilias-nst.info': ['199.249.112.1', '2001:500:40::1'],
  'b0.org.afilias-nst.org': ['199.19.54.1', '2001:500:c::1'],
  'b2.org.afilias-nst.org': ['199.249.120.1', '2001:500:48::1'],
  'c0.org.afilias-nst.info': ['199.19.53.1', '2001:500:b::1'],
  'd0.org.afilias-nst.org': ['199.19.57.1', '2001:500:f::1'],
};

/** Servers of .uk and .co.uk (dig walk of 2023). */
const UK_SERVERS: Readonly<Record<string, readonly [string, string]>> = {
  'nsa.nic.uk': ['156.154.100.3', '2001:502:ad09::3'],
  'nsb.nic.uk': ['156.154.101.3', '2001:502:2eda::3'],
  'nsc.nic.uk': ['156.154.102.3', '2610:a1:1009::3'],
  'nsd.nic.uk': ['156.154.103.3', '2610:a1:1010::3'],
  'dns1.nic.uk': ['213.248.216.1', '2a01:618:400::1'],
  'dns2.nic.uk': ['103.49.80.1', '2401:fd80:400::1'],
  'dns3.nic.uk': ['213.248.220.1', '2a01:618:404::1'],
  'dns4.nic.uk': ['43.230.48.1', '2401:fd80:404::1'],
};

/** The zones that hold the names of Route 53's servers, and the servers of those zones: the numbers after the sample set's. */
const AWSDNS_ZONES = ['awsdns-64.com', 'awsdns-65.net', 'awsdns-66.org', 'awsdns-67.co.uk'];
const AWSDNS_SERVERS = [2052, 2053, 2054, 2055];
const ROUTE53_SERVERS = [2048, 2049, 2050, 2051];

const TWO_DAYS = 172_800;
const SIX_DAYS = 518_400;

/** Who is there. Places are what links name; the thinking time is the host's own. */
export const HOSTS: Readonly<Record<string, BuiltinHost>> = {
  browser: {
    role: 'browser',
    title: 'Browser',
    addresses: ['198.18.0.7'],
    place: 'home',
    thinking: '2 ms',
    resolvers: ['isp'],
    edns: 0,
  },
  isp: { role: 'resolver', title: 'Resolver', addresses: ['198.18.0.53'], place: 'provider', thinking: '1 ms', edns: 1232 },
  ...servers(
    ROOT_SERVERS,
    (letter) => `${letter}.root`,
    (letter) => `${letter}.root-servers.net`,
    'root',
    '0.5 ms',
  ),
  ...servers(
    GTLD_SERVERS,
    (letter) => `${letter}.gtld`,
    (letter) => `${letter}.gtld-servers.net`,
    'tld',
    '0.5 ms',
  ),
  ...servers(
    ORG_SERVERS,
    (title) => `${title.slice(0, 2)}.org`,
    (title) => title,
    'tld',
    '0.5 ms',
  ),
  ...servers(
    UK_SERVERS,
    (title) => `${title.slice(0, title.indexOf('.'))}.uk`,
    (title) => title,
    'tld',
    '0.5 ms',
  ),
  ...Object.fromEntries(
    [...ROUTE53_SERVERS, ...AWSDNS_SERVERS].map((n, i) => {
      const { ipv4, ipv6 } = serverAddresses(n);
      const id = i < 4 ? `ns-${n}` : `g-ns-${n}`;
      return [id, { ...authoritative(id, [ipv4, ipv6], 'dns', '1 ms'), answers: 'route53' }];
    }),
  ),
  ns1: authoritative('ns1.example.net', ['198.51.100.11'], 'dns', '1 ms'),
  ns2: authoritative('ns2.example.net', ['198.51.100.12'], 'dns', '1 ms'),
  web: webServer('Web server', '192.0.2.44', 'Example Domain', 'This page came from 192.0.2.44.'),
  shop: webServer('Shop', '192.0.2.45', 'Shop', 'This page came from 192.0.2.45.'),
  'web-net': webServer('Web server of example.net', '198.51.100.80', 'Example Net', 'This page came from 198.51.100.80.'),
};

/** How long a packet is under way, one way, between places. No place is called as a host is. */
export const LINKS: readonly LinkLine[] = [
  { between: ['home', 'provider'], takes: '4 ms' },
  { between: ['provider', 'root'], takes: '9 ms' },
  { between: ['provider', 'tld'], takes: '12 ms' },
  { between: ['provider', 'dns'], takes: '15 ms' },
  { between: ['home', 'dns'], takes: '15 ms' },
  { between: ['home', 'hosting'], takes: '18 ms' },
];

const rootNames = Object.keys(ROOT_SERVERS).map((letter) => `${letter}.root-servers.net.`);
const gtldNames = Object.keys(GTLD_SERVERS).map((letter) => `${letter}.gtld-servers.net.`);
const absolute = (names: readonly string[]): string[] => names.map((n) => `${n}.`);
const orgNames = absolute(Object.keys(ORG_SERVERS));
const ukNames = absolute(Object.keys(UK_SERVERS));
const rootHosts = Object.keys(ROOT_SERVERS).map((letter) => `${letter}.root`);
const gtldHosts = Object.keys(GTLD_SERVERS).map((letter) => `${letter}.gtld`);
const orgHosts = Object.keys(ORG_SERVERS).map((title) => `${title.slice(0, 2)}.org`);
const ukHosts = Object.keys(UK_SERVERS).map((title) => `${title.slice(0, title.indexOf('.'))}.uk`);

const rootAddresses = Object.entries(ROOT_SERVERS).map(([letter, a]) => [`${letter}.root-servers.net.`, a] as const);
const gtldAddresses = Object.entries(GTLD_SERVERS).map(([letter, a]) => [`${letter}.gtld-servers.net.`, a] as const);
const orgAddresses = Object.entries(ORG_SERVERS).map(([n, a]) => [`${n}.`, a] as const);
const ukAddresses = Object.entries(UK_SERVERS).map(([n, a]) => [`${n}.`, a] as const);

/** What the zones hold, as master files; the owner of every record is written in full. */
export const ZONES: Readonly<Record<string, BuiltinZone>> = {
  '.': zone(rootHosts, [
    '. 86400 SOA a.root-servers.net. nstld.verisign-grs.com. 2026072201 1800 900 604800 86400',
    ...nameServers('.', SIX_DAYS, rootNames),
    ...addresses(rootAddresses, SIX_DAYS),
    ...['com.', 'net.'].flatMap((tld) => nameServers(tld, TWO_DAYS, gtldNames)),
    ...['org.', 'info.'].flatMap((tld) => nameServers(tld, TWO_DAYS, orgNames)),
    ...nameServers('uk.', TWO_DAYS, ukNames),
    ...addresses([...gtldAddresses, ...orgAddresses, ...ukAddresses], TWO_DAYS),
  ]),
  'root-servers.net': zone(rootHosts, [
    'root-servers.net. 3600000 SOA a.root-servers.net. nstld.verisign-grs.com. 2026072200 14400 7200 1209600 3600000',
    ...nameServers('root-servers.net.', 3_600_000, rootNames),
    ...addresses(rootAddresses, 3_600_000),
  ]),
  com: zone(gtldHosts, [
    ...gtldApex('com.'),
    ...nameServers('example.com.', TWO_DAYS, DOCUMENTATION_SET.nameServers),
    // The registry keeps an address only for the server whose own name ends in com.
    `ns-2048.awsdns-64.com. ${TWO_DAYS} A ${serverAddresses(2048).ipv4}`,
    ...awsdnsDelegation('awsdns-64.com', TWO_DAYS),
  ]),
  net: zone(gtldHosts, [
    ...gtldApex('net.'),
    ...nameServers('gtld-servers.net.', TWO_DAYS, gtldNames),
    ...addresses(gtldAddresses, TWO_DAYS),
    ...nameServers('root-servers.net.', TWO_DAYS, rootNames),
    ...addresses(rootAddresses, TWO_DAYS),
    ...nameServers('example.net.', TWO_DAYS, ['ns1.example.net.', 'ns2.example.net.']),
    `ns1.example.net. ${TWO_DAYS} A 198.51.100.11`,
    `ns2.example.net. ${TWO_DAYS} A 198.51.100.12`,
    ...awsdnsDelegation('awsdns-65.net', TWO_DAYS),
  ]),
  'gtld-servers.net': zone(gtldHosts, [
    'gtld-servers.net. 900 SOA a.gtld-servers.net. nstld.verisign-grs.com. 1 1800 900 604800 900',
    ...nameServers('gtld-servers.net.', TWO_DAYS, gtldNames),
    ...addresses(gtldAddresses, TWO_DAYS),
  ]),
  // Delegations inside .org live an hour (transcript of 2024). The SOA's figures are a guess of the right kind.
  org: zone(orgHosts, [
    'org. 3600 SOA a0.org.afilias-nst.info. hostmaster.example.org. 1 7200 900 1209600 3600',
    ...nameServers('org.', TWO_DAYS, orgNames),
    ...nameServers('afilias-nst.org.', 3600, orgNames),
    ...addresses(
      orgAddresses.filter(([n]) => n.endsWith('.org.')),
      3600,
    ),
    ...awsdnsDelegation('awsdns-66.org', 3600),
  ]),
  info: zone(orgHosts, [
    'info. 3600 SOA a0.org.afilias-nst.info. hostmaster.example.org. 1 7200 900 1209600 3600',
    ...nameServers('info.', TWO_DAYS, orgNames),
    ...nameServers('afilias-nst.info.', 3600, orgNames),
    ...addresses(
      orgAddresses.filter(([n]) => n.endsWith('.info.')),
      3600,
    ),
  ]),
  'afilias-nst.org': zone(orgHosts, [
    'afilias-nst.org. 3600 SOA a0.org.afilias-nst.info. hostmaster.example.org. 1 7200 900 1209600 3600',
    ...nameServers('afilias-nst.org.', 3600, orgNames),
    ...addresses(
      orgAddresses.filter(([n]) => n.endsWith('.org.')),
      3600,
    ),
  ]),
  'afilias-nst.info': zone(orgHosts, [
    'afilias-nst.info. 3600 SOA a0.org.afilias-nst.info. hostmaster.example.org. 1 7200 900 1209600 3600',
    ...nameServers('afilias-nst.info.', 3600, orgNames),
    ...addresses(
      orgAddresses.filter(([n]) => n.endsWith('.info.')),
      3600,
    ),
  ]),
  // .uk and .co.uk stand on the same servers, so a name under co.uk is referred in one step.
  uk: zone(ukHosts, [
    'uk. 3600 SOA dns1.nic.uk. hostmaster.nic.uk. 1 900 300 2419200 900',
    ...nameServers('uk.', TWO_DAYS, ukNames),
    ...nameServers('co.uk.', TWO_DAYS, ukNames),
    ...nameServers('nic.uk.', TWO_DAYS, ukNames),
    ...addresses(ukAddresses, TWO_DAYS),
  ]),
  'co.uk': zone(ukHosts, [
    'co.uk. 3600 SOA dns1.nic.uk. hostmaster.nic.uk. 1 900 300 2419200 900',
    ...nameServers('co.uk.', TWO_DAYS, ukNames),
    ...awsdnsDelegation('awsdns-67.co.uk', TWO_DAYS),
  ]),
  'nic.uk': zone(ukHosts, [
    'nic.uk. 3600 SOA dns1.nic.uk. hostmaster.nic.uk. 1 900 300 2419200 900',
    ...nameServers('nic.uk.', TWO_DAYS, ukNames),
    ...addresses(ukAddresses, TWO_DAYS),
  ]),
  ...Object.fromEntries(AWSDNS_ZONES.map((origin, i) => [origin, awsdnsZone(origin, ROUTE53_SERVERS[i] as number)])),
  // The default records of a new Route 53 zone, then the sample's (Developer Guide, SOA-NSrecords).
  'example.com': zone(
    ROUTE53_SERVERS.map((n) => `ns-${n}`),
    [
      'example.com. 900 SOA ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400',
      ...nameServers('example.com.', TWO_DAYS, DOCUMENTATION_SET.nameServers),
      'www.example.com. 300 A 192.0.2.44',
      'shop.example.com. 300 A 192.0.2.45',
    ],
  ),
  'example.net': zone(
    ['ns1', 'ns2'],
    [
      'example.net. 3600 SOA ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 900',
      ...nameServers('example.net.', TWO_DAYS, ['ns1.example.net.', 'ns2.example.net.']),
      `ns1.example.net. ${TWO_DAYS} A 198.51.100.11`,
      `ns2.example.net. ${TWO_DAYS} A 198.51.100.12`,
      'www.example.net. 300 A 198.51.100.80',
    ],
  ),
};

function servers(
  table: Readonly<Record<string, readonly [string, string]>>,
  idOf: (name: string) => string,
  titleOf: (name: string) => string,
  place: string,
  thinking: string,
): Record<string, BuiltinHost> {
  return Object.fromEntries(
    Object.entries(table).map(([n, both]) => [idOf(n), authoritative(titleOf(n), [...both], place, thinking)]),
  );
}

function authoritative(title: string, both: string[], place: string, thinking: string): BuiltinHost {
  return { role: 'authoritative', title, addresses: both, place, thinking };
}

function webServer(title: string, at: string, page: string, body: string): BuiltinHost {
  return { role: 'web', title, addresses: [at], place: 'hosting', thinking: '4 ms', page: { title: page, body } };
}

function zone(hosts: string[], lines: readonly string[]): BuiltinZone {
  return { servers: hosts, records: `${lines.join('\n')}\n` };
}

function nameServers(owner: string, ttl: number, names: readonly string[]): string[] {
  return names.map((n) => `${owner} ${ttl} NS ${n}`);
}

function addresses(table: readonly (readonly [string, readonly [string, string]])[], ttl: number): string[] {
  return [...table.map(([n, [v4]]) => `${n} ${ttl} A ${v4}`), ...table.map(([n, [, v6]]) => `${n} ${ttl} AAAA ${v6}`)];
}

/** SOA and NS of .com or .net; an unregistered name is a no for 900 s (transcripts of 2026). */
function gtldApex(tld: string): string[] {
  return [
    `${tld} 900 SOA a.gtld-servers.net. nstld.verisign-grs.com. 1784678400 1800 900 604800 900`,
    ...nameServers(tld, TWO_DAYS, gtldNames),
  ];
}

function awsdnsServers(origin: string, ttl: number): string[] {
  return AWSDNS_SERVERS.map((n) => `g-ns-${n}.${origin}. ${ttl} A ${serverAddresses(n).ipv4}`);
}

/** A registry's delegation of an awsdns zone to its own four servers, with glue. */
function awsdnsDelegation(origin: string, ttl: number): string[] {
  return [
    ...nameServers(
      `${origin}.`,
      ttl,
      AWSDNS_SERVERS.map((n) => `g-ns-${n}.${origin}.`),
    ),
    ...awsdnsServers(origin, ttl),
  ];
}

function awsdnsZone(origin: string, server: number): BuiltinZone {
  const { ipv4, ipv6 } = serverAddresses(server);
  return zone(
    AWSDNS_SERVERS.map((n) => `g-ns-${n}`),
    [
      `${origin}. 900 SOA g-ns-${AWSDNS_SERVERS[0]}.${origin}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`,
      ...nameServers(
        `${origin}.`,
        TWO_DAYS,
        AWSDNS_SERVERS.map((n) => `g-ns-${n}.${origin}.`),
      ),
      ...awsdnsServers(origin, TWO_DAYS),
      `ns-${server}.${origin}. ${TWO_DAYS} A ${ipv4}`,
      `ns-${server}.${origin}. ${TWO_DAYS} AAAA ${ipv6}`,
    ],
  );
}
