/** What a scenario may say of a resolver, and what the resolver makes of it. */
import { describe, expect, it } from 'vitest';
import { address, type Cidr } from '../../src/base/address.ts';
import { mistakeText } from '../../src/base/mistake.ts';
import { milliseconds, seconds } from '../../src/base/time.ts';
import { name } from '../../src/dns/name.ts';
import { DEFAULT_SETTINGS, type ResolverSettings } from '../../src/dns/resolve/settings.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { parseYaml } from '../../src/scenario/parse.ts';
import type { ResolverSettingsLine } from '../../src/scenario/resolvers.ts';
import { changedSettings } from '../../src/scenario/settings.ts';

const around = { zones: [], addressesOf: (host: string) => (host === 'other' ? [address('198.18.0.54')] : []) };
const block = (text: string): Cidr => text as Cidr;
const changed = (line: ResolverSettingsLine): Partial<ResolverSettings> => changedSettings(line, around);

/** One value for each setting, unlike its default, and what the resolver has then. */
const OTHER: { readonly [K in keyof ResolverSettingsLine]-?: readonly [ResolverSettingsLine[K], Partial<ResolverSettings>] } = {
  priming: [false, { priming: false }],
  forward: [
    { 'example.net': { servers: 'other', first: true, tcp: true, noCache: true } },
    {
      forwardZones: [
        {
          zone: name('example.net.'),
          servers: [{ addresses: [address('198.18.0.54')] }],
          first: true,
          tcp: true,
          noCache: true,
        },
      ],
    },
  ],
  stub: [
    { 'example.net': { servers: ['192.0.2.1', '2001:db8::1'], prime: true } },
    {
      stubZones: [
        {
          zone: name('example.net.'),
          servers: [{ addresses: [address('192.0.2.1')] }, { addresses: [address('2001:db8::1')] }],
          first: false,
          tcp: false,
          prime: true,
        },
      ],
    },
  ],
  access: [{ '198.18.0.0/24': 'snoop' }, { accessControl: [{ block: block('198.18.0.0/24'), access: 'snoop' }] }],
  accessOtherwise: ['deny', { accessOtherwise: 'deny' }],
  discardTimeout: ['1.9 s', { discardTimeout: milliseconds(1_900) }],
  minimalResponses: [false, { minimalResponses: false }],
  roundRobin: [true, { roundRobin: true }],
  extendedErrors: [false, { extendedErrors: false }],
  extendedErrorWhenStale: [false, { extendedErrorWhenStale: false }],
  errorReporting: [true, { errorReporting: true }],
  minimalAny: [true, { minimalAny: true }],
  largestResponse: [4096, { largestResponse: 4096 }],
  useIPv4: [false, { useIPv4: false }],
  useIPv6: [false, { useIPv6: false }],
  dnssecOk: [true, { dnssecOk: true }],
  ignoreClientDo: [true, { ignoreClientDo: true }],
  tcpOnly: [true, { tcpOnly: true }],
  fixedPort: [5353, { fixedPort: 5353 }],
  fixedId: [7, { fixedId: 7 }],
  randomCase: [true, { randomCase: true }],
  cookies: [true, { cookies: true }],
  clientSubnet: [
    { servers: '205.251.200.0/24', zones: 'example.com', bits: 20 },
    { clientSubnet: { servers: [block('205.251.200.0/24')], zones: [name('example.com.')], bitsIPv4: 20, bitsIPv6: 56 } },
  ],
  minimisation: ['strict', { minimisation: 'strict' }],
  minimisationType: ['NS', { minimisationType: 'NS' }],
  targetFetchPolicy: [[3, 2, 1, 0, -1], { targetFetchPolicy: [3, 2, 1, 0, -1] }],
  doNotQueryLocalhost: [false, { doNotQueryLocalhost: false }],
  doNotQuery: ['192.0.2.0/24', { doNotQuery: [block('192.0.2.0/24')] }],
  unknownServerTimeout: ['1 s', { unknownServerTimeout: seconds(1) }],
  triesPerServer: [2, { triesPerServer: 2 }],
  maxSends: [3, { maxSends: 3 }],
  maxReferrals: [4, { maxReferrals: 4 }],
  maxRestarts: [5, { maxRestarts: 5 }],
  maxTargets: [6, { maxTargets: 6 }],
  maxTargetsPerZone: [7, { maxTargetsPerZone: 7 }],
  maxTargetFailures: [8, { maxTargetFailures: 8 }],
  maxTargetFailuresLater: [9, { maxTargetFailuresLater: 9 }],
  maxDepth: [3, { maxDepth: 3 }],
  maxQueries: [12, { maxQueries: 12 }],
  patience: ['10 s', { patience: seconds(10) }],
  hardenGlue: [false, { hardenGlue: false }],
  hardenUnverifiedGlue: [true, { hardenUnverifiedGlue: true }],
  hardenReferralPath: [true, { hardenReferralPath: true }],
  believeChains: [false, { believeChains: false }],
  scrubPromiscuous: [true, { scrubPromiscuous: true }],
  scrubNameServers: [5, { scrubNameServers: 5 }],
  scrubAliases: [6, { scrubAliases: 6 }],
  scrubSignatures: [7, { scrubSignatures: 7 }],
  privateAddresses: [['10.0.0.0/8'], { privateAddresses: [block('10.0.0.0/8')] }],
  privateDomains: ['example.org', { privateDomains: [name('example.org.')] }],
  maxTtl: [86_400, { maxTtl: 86_400 }],
  minTtl: [60, { minTtl: 60 }],
  maxNegativeTtl: [3_600, { maxNegativeTtl: 3_600 }],
  minNegativeTtl: [5, { minNegativeTtl: 5 }],
  serveOriginalTtl: [true, { serveOriginalTtl: true }],
  failureTtl: [1, { failureTtl: 1 }],
  maxFailureTtl: [60, { maxFailureTtl: 60 }],
  nxdomainCut: ['always', { nxdomainCut: 'always' }],
  cacheSize: [50, { cacheSize: 50 }],
  stale: [
    { maxAge: '1 h', patience: 0, recheck: '5 s', resetOnFailure: true },
    { stale: { maxAge: 3_600, replyTtl: 30, clientTimeout: milliseconds(0), recheck: seconds(5), resetOnFailure: true } },
  ],
  prefetch: [true, { prefetch: true }],
  dns64: [
    { prefix: '64:ff9b::/96', ignoreAaaa: 'example.org' },
    { dns64: { prefix: block('64:ff9b::/96'), ignoreAaaa: [name('example.org.')] } },
  ],
  validation: [
    {
      insecure: 'example.net',
      aggressive: false,
      retries: 1,
      bogusTtl: 5,
      hardenStripped: false,
      hardenAlgorithmDowngrade: true,
      nsec3Iterations: { 2048: 10 },
      date: 1_700_000_000,
    },
    {
      validation: {
        ...DEFAULT_SETTINGS.validation,
        insecureZones: [name('example.net.')],
        aggressiveNsec: false,
        retries: 1,
        bogusTtl: 5,
        hardenStripped: false,
        hardenAlgorithmDowngrade: true,
        nsec3Iterations: [[2048, 10]],
        date: 1_700_000_000,
      },
    },
  ],
};
const each = Object.entries(OTHER) as [keyof ResolverSettingsLine, readonly [unknown, Partial<ResolverSettings>]][];

describe('a setting that a scenario names is the resolver’s, and nothing else changes', () => {
  it.each(each)('%s', (field, [said, meant]) => {
    const got = changed({ [field]: said });
    expect(Object.keys(got)).toEqual(Object.keys(meant));
    expect(got).toMatchObject(meant);
    expect(got).not.toMatchObject(
      Object.fromEntries(Object.keys(meant).map((key) => [key, DEFAULT_SETTINGS[key as keyof ResolverSettings]])),
    );
  });

  it('says nothing when nothing is said', () => {
    expect(changed({})).toEqual({});
  });
});

it('reaches every choice that a resolver has, but for those that come of the world', () => {
  const reached = new Set(each.flatMap(([, [, meant]]) => Object.keys(meant)));
  const left = Object.keys(DEFAULT_SETTINGS).filter((field) => !reached.has(field));
  // The world has root servers; a host says what it takes by `edns`.
  expect(left).toEqual(['rootHints', 'ednsSize']);
});

describe('a setting that is none, or leads nowhere, is a mistake with its place', () => {
  const mistakes = (settings: string): string[] => {
    const text = `title: t\nworld:\n  hosts:\n    isp:\n      settings: ${settings}\nstimuli:\n  - { at: 0, visit: www.example.com }\n`;
    const { data, places } = parseYaml(text, 'mine.yaml');
    return loadScenario(data, { file: 'mine.yaml', places }).mistakes.map(mistakeText);
  };

  it.each([
    ['{ maxTtl: long }', 'a whole number of seconds: the longest that anything is kept'],
    ['{ doNotQuery: [127.0.0.1/8, here] }', 'a block of addresses ("10.0.0.0/8")'],
    ['{ access: { here: allow } }', 'a block of addresses ("198.18.0.0/24")'],
    ['{ access: { 10.0.0.0/8: maybe } }', 'allow, snoop, refuse or deny'],
    ['{ forward: { example.net: { servers: ns1, forst: true } } }', '"first"'],
    ['{ forward: { example.net: ns-1 } }', 'a host of this world, perhaps "ns1"'],
    ['{ forward: { example.net: { servers: [ns1, ns-2] } } }', 'a host of this world, perhaps "ns2"'],
    ['{ forward: { example.net: { servers: ns1, prime: true } } }', 'servers, first or tcp'],
    ['{ stub: { example..net: ns1 } }', 'the name of a zone'],
    ['{ clientSubnet: { bits: 24 } }', '"zones", or "servers"'],
    ['{ validation: { anchors: root } }', 'a zone of this world with "signed: true"'],
    ['{ validation: { anchors: exampel } }', 'a zone of this world with "signed: true"'],
    ['{ validation: { nsec3Iterations: { many: 1 } } }', 'a size of keys in bits'],
  ])('%s', (settings, expected) => {
    const found = mistakes(settings);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(found[0]).toContain('mine.yaml:5:');
  });

  it.each(['{ stub: { root: ns1, example.net: [ns1, 192.0.2.1] } }', '{ validation: { insecure: example.net } }', '{}'])(
    'takes %s',
    (settings) => {
      expect(mistakes(settings)).toEqual([]);
    },
  );
});
