/** Ten thousand damaged files: each is a clear error or a faithful import, and whatever is imported answers. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/base/address.ts';
import { START } from '../../src/base/time.ts';
import { query } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { encode } from '../../src/dns/wire/encode.ts';
import { openBundle } from '../../src/route53/formats/bundle.ts';
import { checkChangeBatch } from '../../src/route53/formats/changeBatch.ts';
import type { Imported } from '../../src/route53/formats/document.ts';
import { importHealthChecks, writeHealthChecks } from '../../src/route53/formats/healthChecks.ts';
import { importHostedZones, writeZoneList } from '../../src/route53/formats/hostedZones.ts';
import type { JsonObject, JsonValue } from '../../src/route53/formats/json.ts';
import { importDomain, writeDomain } from '../../src/route53/formats/lightsail.ts';
import { openZone } from '../../src/route53/formats/open.ts';
import { exportRecordSets, importRecordSets } from '../../src/route53/formats/recordSets.ts';
import { importTrafficPolicy, writePolicyDocument } from '../../src/route53/formats/trafficPolicy.ts';
import type { HostedZone } from '../../src/route53/hostedZone.ts';
import { locateBuiltIn } from '../../src/route53/places/location.ts';
import { bareServices, hostedZoneSet, respond } from '../../src/route53/respond.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { worldWithBundle } from '../../src/scenario/route53/brought.ts';
import { alias, byCidr, CHECK_1, failover, geo, latency, multi, near, plain, weighted, ZONE_ID } from './sample.ts';

const dice = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

const RECORDS: JsonObject = {
  ResourceRecordSets: [
    plain('', 'NS', ['ns-2048.awsdns-64.com.', 'ns-2049.awsdns-65.net.', 'ns-2050.awsdns-66.org.', 'ns-2051.awsdns-67.co.uk.']),
    plain('', 'SOA', ['ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400']),
    plain('', 'MX', ['10 mail.example.com']),
    plain('\\052', 'A', ['192.0.2.99']),
    alias('', 'A', 'www.example.com.', {}, true),
    plain('api', 'A', ['192.0.2.20'], failover('PRIMARY', { HealthCheckId: CHECK_1 })),
    plain('api', 'A', ['192.0.2.21'], failover('SECONDARY')),
    plain('app', 'A', ['192.0.2.10'], weighted('blue', 90)),
    plain('app', 'A', ['192.0.2.11'], weighted('green', 10)),
    alias('cdn', 'A', 'd1.cloudfront.net.', {}, false, 'Z2FDTNDATAQYW2'),
    plain('geo', 'A', ['192.0.2.30'], geo('ca', { CountryCode: 'US', SubdivisionCode: 'CA' })),
    plain('h', 'HTTPS', ['1 . alpn="h2,h3" ipv4hint=192.0.2.44']),
    plain('lat', 'A', ['192.0.2.40'], latency('us-east-2')),
    plain('multi', 'A', ['192.0.2.70'], multi('m1')),
    plain('near', 'A', ['192.0.2.50'], near('t', { Coordinates: { Latitude: '-33.92', Longitude: '18.42' }, Bias: -20 })),
    plain('net', 'A', ['192.0.2.61'], byCidr('*')),
    plain('sub', 'NS', ['ns.sub.example.com']),
    plain('www', 'A', ['192.0.2.44']),
    plain('txt', 'TXT', ['"v=spf1 \\"x\\" \\351"', '"b" "c"']),
    plain('n', 'NAPTR', ['100 50 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .']),
    plain('c', 'CAA', ['0 issue ";"']),
    plain('s', 'SRV', ['10 5 443 host.example.com']),
  ],
};
const BATCH: JsonObject = {
  Comment: 'x',
  Changes: [
    { Action: 'CREATE', ResourceRecordSet: plain('www', 'A', ['192.0.2.1']) },
    { Action: 'DELETE', ResourceRecordSet: plain('o', 'CNAME', ['a.b']) },
  ],
};
const ZONES: JsonObject = {
  HostedZones: [
    {
      Id: `/hostedzone/${ZONE_ID}`,
      Name: 'example.com.',
      CallerReference: 'r',
      Config: { Comment: 'c', PrivateZone: false },
      ResourceRecordSetCount: 2,
    },
  ],
};
const DOMAIN: JsonObject = {
  domain: {
    name: 'example.com',
    domainEntries: [
      { id: '1', name: 'www.example.com', target: '192.0.2.44', isAlias: false, type: 'A' },
      { name: 'example.com', target: 'd1.cloudfront.net', isAlias: true, type: 'A' },
    ],
  },
};
const POLICY: JsonObject = {
  AWSPolicyFormatVersion: '2015-10-01',
  RecordType: 'A',
  StartRule: 'r',
  Endpoints: {
    a: { Type: 'value', Value: '192.0.2.1' },
    b: { Type: 'elastic-load-balancer', Value: 'lb-1.us-east-1.elb.amazonaws.com' },
  },
  Rules: {
    r: {
      RuleType: 'geolocation',
      Locations: [
        { Continent: 'EU', RuleReference: 'f' },
        { IsDefault: true, EndpointReference: 'b', EvaluateTargetHealth: true },
      ],
    },
    f: { RuleType: 'failover', Primary: { EndpointReference: 'a', HealthCheck: 'h' }, Secondary: { RuleReference: 'w' } },
    w: { RuleType: 'weighted', Items: [{ Weight: 1, EndpointReference: 'a' }] },
  },
};
const CHECKS: JsonObject = {
  HealthChecks: [
    {
      Id: CHECK_1,
      CallerReference: 'a',
      HealthCheckConfig: {
        Type: 'HTTPS_STR_MATCH',
        FullyQualifiedDomainName: 'www.example.com',
        SearchString: 'ok',
        RequestInterval: 10,
      },
      HealthCheckVersion: 1,
    },
    {
      Id: 'all',
      CallerReference: 'b',
      HealthCheckConfig: { Type: 'CALCULATED', HealthThreshold: 1, ChildHealthChecks: [CHECK_1, 'h'] },
      HealthCheckVersion: 2,
    },
    {
      Id: 'h',
      CallerReference: 'c',
      HealthCheckConfig: { Type: 'CLOUDWATCH_METRIC', AlarmIdentifier: { Region: 'us-east-1', Name: 'x' } },
      HealthCheckVersion: 1,
    },
  ],
};
const ONE_ZONE: JsonObject = {
  HostedZone: { Id: `/hostedzone/${ZONE_ID}`, Name: 'example.com.', CallerReference: 'x', Config: { PrivateZone: true } },
  VPCs: [{ VPCRegion: 'eu-west-1', VPCId: 'vpc-1' }],
  DelegationSet: { NameServers: ['ns-2048.awsdns-64.com'] },
};
const ZONE_FILE = `$ORIGIN example.com.
$TTL 1h
@ SOA ns1 host 1 2h 15m 14d 1d
@ NS ns1
www 300 IN A 192.0.2.44
    AAAA 2001:db8::1
* TXT "a b" c ; comment
m MX 10 mail
s SRV ( 1 2
  443 host.example.net. )
sub NS ns.sub
ns.sub A 198.51.100.1
esc\\046aped A 192.0.2.3
`;

const STRANGE: readonly JsonValue[] = [
  null,
  true,
  -1,
  0.5,
  1e300,
  '',
  '.',
  '*',
  'é',
  '\\',
  '\u0000',
  'a'.repeat(300),
  '..',
  [],
  {},
  [[]],
  '192.0.2.1',
  'CNAME',
  'SOA',
  'example.com',
  '*.example.com.',
  '__proto__',
  'constructor',
  4_294_967_296,
];

/** The same document with one value somewhere replaced, removed, doubled or renamed. */
function damaged(value: JsonValue, random: () => number): JsonValue {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const strange = () => pick(STRANGE);
  if (Array.isArray(value) && value.length > 0 && random() < 0.9) {
    const list: JsonValue[] = [...(value as readonly JsonValue[])];
    const i = Math.floor(random() * list.length);
    const kind = random();
    if (kind < 0.75) list[i] = damaged(list[i] as JsonValue, random);
    else if (kind < 0.85) list.splice(i, 1);
    else if (kind < 0.95) list.push(list[i] as JsonValue);
    else list[i] = strange();
    return list;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && random() < 0.95) {
    const entries = Object.entries(value as JsonObject);
    const i = Math.floor(random() * entries.length);
    const entry = entries[i];
    if (!entry) return { [String(strange())]: strange() };
    const kind = random();
    if (kind < 0.8) entries[i] = [entry[0], damaged(entry[1], random)];
    else if (kind < 0.87) entries.splice(i, 1);
    else if (kind < 0.94)
      entries.push([
        pick(['Weight', 'TTL', 'Unknown', 'AliasTarget', 'Region', '__proto__', 'SetIdentifier', 'Rules']),
        strange(),
      ]);
    else entries[i] = [`${entry[0]}x`, entry[1]];
    return Object.fromEntries(entries);
  }
  if (typeof value === 'string' && random() < 0.5) return scrambled(value, random);
  return strange();
}

/** The same text with a few characters changed, removed or put in. */
function scrambled(text: string, random: () => number): string {
  let result = text;
  for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
    const i = Math.floor(random() * (result.length + 1));
    const piece = ['', '"', '\\', '.', '{', '[', ',', ':', ' ', '\n', '0', 'x', '(', ')', ';', '$', '@', '*', '\u0000', 'é', '-'][
      Math.floor(random() * 21)
    ] as string;
    result = result.slice(0, i) + piece + result.slice(i + Math.floor(random() * 3));
  }
  return result;
}

/** Mistakes that a person can use, or none and a value. */
function checkOutcome(text: string, outcome: Imported<unknown>): void {
  const lines = text.split('\n');
  if ((outcome.value === undefined) !== outcome.mistakes.length > 0) expect.fail(`neither refused nor taken: ${text}`);
  for (const { line, column, found, expected } of outcome.mistakes) {
    const length = [...(lines[line - 1] ?? '')].length;
    if (line < 1 || line > lines.length || column < 1 || column > length + 1 || found === '' || expected === '')
      expect.fail(`a mistake without a place: ${JSON.stringify({ line, column, found, expected, text })}`);
  }
}

const SERVICES = bareServices(locateBuiltIn);

/** Everything in the zone can be asked for, and the response has a wire form. */
function askAll(zone: HostedZone): void {
  const asking = { now: START, source: address('198.18.1.53'), random: () => 0.5 };
  for (const [owner, groups] of zone.records.groups)
    for (const { type } of groups) {
      const { value } = respond(hostedZoneSet([zone]), SERVICES, query(1, { name: owner, type, class: 'IN' }), asking);
      encode(value);
    }
}

/** What a document says, whatever the order of its sets and fields and the spelling of its names. */
function told(text: string): string {
  const document = JSON.parse(text) as JsonObject;
  const sets = (document.ResourceRecordSets as readonly JsonObject[]).map((set) =>
    inOrder({ ...set, Name: null, AliasTarget: null }),
  );
  return inOrder({ ...document, ResourceRecordSets: null }) + sets.sort().join();
}

const inOrder = (object: JsonObject): string => JSON.stringify(Object.entries(object).sort());

/** A few records of the sample, apex included. */
const someRecords = (random: () => number): JsonObject => ({
  ResourceRecordSets: (RECORDS.ResourceRecordSets as readonly JsonValue[]).filter((_, i) => i < 2 || random() < 0.12),
});

const ORIGIN = { file: 'fuzzed', origin: name('example.com.') };

// Two or three seconds on an idle machine; a busy one is given time.
describe('damaged files', { timeout: 60_000 }, () => {
  test('6,000 lists of record sets: a clear error or the same data back', () => {
    const random = dice(1);
    let taken = 0;
    for (let i = 0; i < 6_000; i++) {
      const document = damaged(random() < 0.3 ? damaged(someRecords(random), random) : someRecords(random), random);
      const pretty = JSON.stringify(document, null, random() < 0.5 ? 0 : 2);
      const text = random() < 0.2 ? scrambled(pretty, random) : pretty;
      const outcome = importRecordSets(text, ORIGIN);
      checkOutcome(text, outcome);
      if (!outcome.value) continue;
      taken++;
      const exported = exportRecordSets(outcome.value);
      if (told(exported) !== told(text)) expect.fail(`not the same data: ${text} became ${exported}`);
      if (i % 10 > 0) continue;
      const again = importRecordSets(exported, ORIGIN);
      expect(again.value && exportRecordSets(again.value)).toBe(exported);
      askAll(outcome.value);
    }
    expect(taken).toBeGreaterThan(300);
    expect(taken).toBeLessThan(5_700);
  });

  test('4,000 other documents: a clear error or the same data back', () => {
    const random = dice(2);
    let taken = 0;
    const kinds: readonly [JsonObject, (text: string) => { outcome: Imported<unknown>; written: JsonObject | undefined }][] = [
      [
        ZONES,
        (text) => {
          const o = importHostedZones(text, 'f');
          return { outcome: o, written: o.value && writeZoneList(o.value) };
        },
      ],
      [
        DOMAIN,
        (text) => {
          const o = importDomain(text, 'f');
          return { outcome: o, written: o.value && writeDomain(o.value) };
        },
      ],
      [
        POLICY,
        (text) => {
          const o = importTrafficPolicy(text, 'f');
          return { outcome: o, written: o.value && writePolicyDocument(o.value) };
        },
      ],
      [
        CHECKS,
        (text) => {
          const o = importHealthChecks(text, 'f');
          return { outcome: o, written: o.value && writeHealthChecks(o.value) };
        },
      ],
      [
        ONE_ZONE,
        (text) => {
          const o = importHostedZones(text, 'f');
          return { outcome: o, written: o.value && writeZoneList(o.value) };
        },
      ],
      [
        BATCH,
        (text) => {
          const o = checkChangeBatch(text, 'f', ORIGIN.origin);
          return { outcome: o, written: undefined };
        },
      ],
    ];
    for (let i = 0; i < 4_000; i++) {
      const [document, read] = kinds[i % kinds.length] as (typeof kinds)[number];
      const pretty = JSON.stringify(damaged(document, random), null, 1);
      const text = random() < 0.2 ? scrambled(pretty, random) : pretty;
      const { outcome, written } = read(text);
      checkOutcome(text, outcome);
      if (!written) continue;
      taken++;
      // Names of zones come back in the service's spelling.
      const nameless = (value: unknown): string =>
        JSON.stringify(value, (key, inner: unknown) =>
          (document === ZONES || document === ONE_ZONE) && key === 'Name' ? null : inner,
        );
      expect(JSON.parse(nameless(written))).toEqual(JSON.parse(nameless(JSON.parse(text))));
    }
    expect(taken).toBeGreaterThan(100);
  });

  test('10,000 zone files and files of any format: a clear error or a zone that answers', () => {
    const random = dice(3);
    let taken = 0;
    for (let i = 0; i < 10_000; i++) {
      const source = i % 5 === 0 ? JSON.stringify([someRecords(random), BATCH, DOMAIN, POLICY][(i / 5) % 4]) : ZONE_FILE;
      const text = scrambled(source, random);
      const outcome = openZone(text, i % 2 === 0 ? ORIGIN : { file: 'fuzzed' });
      checkOutcome(text, outcome);
      if (!outcome.value) continue;
      if (taken++ % 20 === 0) askAll(outcome.value);
    }
    expect(taken).toBeGreaterThan(500);
  });

  test('what is taken makes a world that loads: 200 bundles of damaged files', () => {
    const random = dice(4);
    let taken = 0;
    for (let i = 0; i < 200; i++) {
      const texts = [damaged(someRecords(random), random), ZONES, random() < 0.5 ? CHECKS : damaged(CHECKS, random), POLICY];
      const files = texts.map((document, n) => ({ file: `${n}.json`, text: JSON.stringify(document) }));
      const { bundle, mistakes } = openBundle(files, ORIGIN.origin);
      if (!bundle) {
        expect(mistakes).not.toEqual([]);
        continue;
      }
      taken++;
      const { world } = worldWithBundle(bundle, ORIGIN.origin);
      expect(loadScenario({ title: 'taken', world, stimuli: [] }, { file: 'f' }).mistakes).toEqual([]);
    }
    expect(taken).toBeGreaterThan(20);
  });
});
