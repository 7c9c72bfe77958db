import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { address } from '../../src/base/address.ts';
import type { Mistake } from '../../src/base/mistake.ts';
import { mistakeText } from '../../src/base/mistake.ts';
import { START } from '../../src/base/time.ts';
import { query } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { recordText } from '../../src/dns/presentation.ts';
import type { RecordType } from '../../src/dns/record.ts';
import { readChangeBatch, writeChangeBatch } from '../../src/route53/formats/changeBatch.ts';
import { newFindings } from '../../src/route53/formats/fields.ts';
import {
  describeHostedZone,
  exportHostedZones,
  importHostedZones,
  listedZone,
  writeZoneList,
} from '../../src/route53/formats/hostedZones.ts';
import type { JsonObject, JsonValue } from '../../src/route53/formats/json.ts';
import { exportRecordSets, importRecordSets } from '../../src/route53/formats/recordSets.ts';
import { importZoneFile, zoneFromFile } from '../../src/route53/formats/zoneFile.ts';
import type { HostedZone } from '../../src/route53/hostedZone.ts';
import { locateBuiltIn } from '../../src/route53/places/location.ts';
import { bareServices, hostedZoneSet, respond } from '../../src/route53/respond.ts';
import { listedSets } from '../../src/route53/table.ts';
import {
  alias,
  byCidr,
  CHECK_1,
  emptyZone,
  failover,
  geo,
  latency,
  multi,
  near,
  plain,
  privateZone,
  weighted,
  ZONE_ID,
  zoneOf,
} from './sample.ts';

const FILE = 'zone.json';
const APEX: readonly JsonObject[] = [
  plain('', 'NS', ['ns-2048.awsdns-64.com.', 'ns-2049.awsdns-65.net.', 'ns-2050.awsdns-66.org.', 'ns-2051.awsdns-67.co.uk.'], {
    TTL: 172_800,
  }),
  plain('', 'SOA', ['ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400'], { TTL: 900 }),
];
const documentOf = (...sets: readonly JsonObject[]): JsonObject => ({ ResourceRecordSets: [...APEX, ...sets] });
const read = (document: JsonValue, more = {}) => importRecordSets(JSON.stringify(document, null, 2), { file: FILE, ...more });
const places = (mistakes: readonly Mistake[]): string[] => mistakes.map((m) => `${m.line}:${m.column} ${m.path}`);
const answers = (zone: HostedZone, label: string, type: RecordType): string[] =>
  respond(hostedZoneSet([zone]), bareServices(locateBuiltIn), query(1, { name: name(label), type, class: 'IN' }), {
    now: START,
    source: address('198.18.0.53'),
    random: () => 0,
  }).value.answer.map(recordText);

describe('a list of record sets', () => {
  /** Every policy and content, in the order of the API. */
  const sample: readonly JsonObject[] = [
    plain('', 'A', ['192.0.2.44']),
    plain('', 'MX', ['10 mail1.example.com.', '20 mail2.example.com.'], { TTL: 3600 }),
    ...APEX,
    plain('', 'TXT', ['"v=spf1 ip4:192.0.2.0/24 -all"']),
    plain('\\052', 'A', ['192.0.2.99']),
    plain('api', 'A', ['192.0.2.20'], failover('PRIMARY', { HealthCheckId: CHECK_1 })),
    plain('api', 'A', ['198.51.100.20'], failover('SECONDARY')),
    plain('app', 'A', ['192.0.2.10'], weighted('blue', 90, { HealthCheckId: CHECK_1 })),
    plain('app', 'A', ['192.0.2.11'], weighted('green', 10)),
    alias('cdn', 'A', 'd111111abcdef8.cloudfront.net.', {}, false, 'Z2FDTNDATAQYW2'),
    plain('geo', 'A', ['198.51.100.30'], geo('eu', { ContinentCode: 'EU' })),
    plain('geo', 'A', ['192.0.2.31'], geo('ca', { CountryCode: 'US', SubdivisionCode: 'CA' })),
    plain('geo', 'A', ['192.0.2.30'], geo('default', { CountryCode: '*' })),
    plain('lat', 'A', ['192.0.2.40'], latency('us-east-2')),
    plain('multi', 'A', ['192.0.2.70'], multi('m1')),
    plain('near', 'A', ['203.0.113.50'], near('tokyo', { AWSRegion: 'ap-northeast-1', Bias: 10 })),
    plain('near', 'A', ['203.0.113.51'], near('cape', { Coordinates: { Latitude: '-33.92', Longitude: '18.42' }, Bias: -20 })),
    plain('net', 'A', ['192.0.2.60'], byCidr('isp-a')),
    plain('net', 'A', ['192.0.2.61'], byCidr('*')),
    { Name: 'policy.example.com.', Type: 'A', TrafficPolicyInstanceId: 'abc' },
    alias('www', 'A', 'example.com.'),
  ];

  test('is written as it was read: names reversed by label, then type', () => {
    const imported = read({ ResourceRecordSets: sample });
    expect(imported.mistakes).toEqual([]);
    expect(JSON.parse(exportRecordSets(imported.value as HostedZone))).toEqual({ ResourceRecordSets: sample });
  });

  test('order: com.example.www. is compared, not www.example.com.', () => {
    const zone = zoneOf(
      plain('b', 'A', ['192.0.2.1']),
      plain('z.a', 'A', ['192.0.2.1']),
      plain('a', 'TXT', ['"x"']),
      plain('a', 'A', ['192.0.2.1']),
    );
    expect(listedSets(zone.records).map((set) => `${set.name} ${set.type}`)).toEqual([
      'example.com. NS',
      'example.com. SOA',
      'a.example.com. A',
      'a.example.com. TXT',
      'z.a.example.com. A',
      'b.example.com. A',
    ]);
  });

  test('a real export answers: values, wildcard, alias, weighted', () => {
    const zone = read({ ResourceRecordSets: sample }).value as HostedZone;
    expect(zone.id).toBe(ZONE_ID);
    expect(answers(zone, 'www.example.com.', 'A')).toEqual(['www.example.com. 60 IN A 192.0.2.44']);
    expect(answers(zone, 'x.y.example.com.', 'A')).toEqual(['x.y.example.com. 60 IN A 192.0.2.99']);
    expect(answers(zone, 'app.example.com.', 'A')).toEqual(['app.example.com. 60 IN A 192.0.2.10']);
    expect(answers(zone, 'cdn.example.com.', 'A')[0]).toContain('198.51.100.');
  });

  test('what it names by id only gets a stated default and a note', () => {
    const { notes } = read({ ResourceRecordSets: sample });
    expect(new Set(notes.map((note) => note.rule))).toEqual(
      new Set(['health-check-by-id', 'collection-by-id', 'policy-by-id', 'alias-target']),
    );
  });

  test('unknown fields are named, kept and written again, wherever they stand', () => {
    const strange = {
      ...documentOf(
        {
          ...alias('www', 'A', 'example.com.'),
          AliasTarget: {
            HostedZoneId: 'Z2FDTNDATAQYW2',
            DNSName: 'd1.cloudfront.net.',
            EvaluateTargetHealth: false,
            Shiny: [1, { a: null }],
          },
          Owner: 'me',
        },
        { ...plain('a', 'A', ['192.0.2.1']), ResourceRecords: [{ Value: '192.0.2.1', Note: 'x' }] },
      ),
      MaxItems: '300',
      IsTruncated: false,
    };
    const imported = read(strange);
    expect(imported.unknown).toEqual([
      'MaxItems',
      'IsTruncated',
      'ResourceRecordSets[2].Owner',
      'ResourceRecordSets[2].AliasTarget.Shiny',
      'ResourceRecordSets[3].ResourceRecords[0].Note',
    ]);
    const sorted = (value: JsonValue): JsonValue => ({
      ...(value as JsonObject),
      ResourceRecordSets: [...((value as JsonObject).ResourceRecordSets as JsonValue[])]
        .map((set) => JSON.stringify(Object.entries(set as JsonObject).sort()))
        .sort(),
    });
    expect(sorted(JSON.parse(exportRecordSets(imported.value as HostedZone)) as JsonValue)).toEqual(sorted(strange));
  });

  test('import then export is the identity on documents in the order of the API', () => {
    const label = fc.stringMatching(/^[a-z0-9_-]{1,8}$/);
    const ttl = fc.integer({ min: 0, max: 2_147_483_647 });
    const extra = fc.dictionary(
      fc.constantFrom('Zzz', 'Future', '__proto__'),
      fc.jsonValue({ maxDepth: 1 }).filter((v) => JSON.stringify(v) !== '-0'),
      { maxKeys: 2, noNullPrototype: true },
    );
    const ip = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `192.0.${a}.${b}`);
    const texts = fc.stringMatching(/^[ !#-[\]-~]{0,30}$/).map((text) => `"${text}"`);
    const set = fc.oneof(
      fc
        .record({ values: fc.uniqueArray(ip, { minLength: 1, maxLength: 3 }), ttl })
        .map((r) => ({ Type: 'A', TTL: r.ttl, ResourceRecords: r.values.map((Value) => ({ Value })) })),
      fc
        .record({ values: fc.uniqueArray(texts, { minLength: 1, maxLength: 3 }), ttl })
        .map((r) => ({ Type: 'TXT', TTL: r.ttl, ResourceRecords: r.values.map((Value) => ({ Value })) })),
      fc.record({ id: fc.string({ minLength: 1, maxLength: 20 }), weight: fc.nat(255), ip, ttl }).map((r) => ({
        Type: 'AAAA',
        SetIdentifier: r.id,
        Weight: r.weight,
        TTL: r.ttl,
        ResourceRecords: [{ Value: `2001:db8::${r.weight}` }],
      })),
      fc
        .constantFrom({ CountryCode: '*' }, { ContinentCode: 'EU' }, { CountryCode: 'US', SubdivisionCode: 'CA' })
        .chain((GeoLocation) =>
          ip.map((Value) => ({ Type: 'A', SetIdentifier: 'g', GeoLocation, TTL: 60, ResourceRecords: [{ Value }] })),
        ),
      fc.boolean().map((EvaluateTargetHealth) => ({
        Type: 'A',
        AliasTarget: { HostedZoneId: 'Z35SXDOTRQ7X7K', DNSName: 'lb-1.us-east-1.elb.amazonaws.com.', EvaluateTargetHealth },
      })),
      fc.integer({ min: -99, max: 99 }).chain((Bias) =>
        ip.map((Value) => ({
          Type: 'A',
          SetIdentifier: 'n',
          GeoProximityLocation: { AWSRegion: 'eu-west-1', Bias },
          HealthCheckId: CHECK_1,
          TTL: 60,
          ResourceRecords: [{ Value }],
        })),
      ),
    );
    const document = fc.uniqueArray(fc.tuple(label, set, extra), { selector: ([text]) => text, maxLength: 8 }).map((rows) => {
      const sets = rows.map(([text, fields, more]) => ({ Name: `${text}.example.com.`, ...fields, ...more }));
      sets.sort((a, b) => (a.Name < b.Name ? -1 : 1));
      const reversed = (n: string) => n.split('.').reverse().join('\0');
      sets.sort((a, b) => (reversed(a.Name) < reversed(b.Name) ? -1 : 1));
      return { ResourceRecordSets: [...APEX, ...sets] };
    });
    fc.assert(
      fc.property(document, (value) => {
        const text = JSON.stringify(value);
        const imported = importRecordSets(text, { file: FILE });
        expect(imported.mistakes.map(mistakeText)).toEqual([]);
        const exported = exportRecordSets(imported.value as HostedZone);
        expect(JSON.parse(exported)).toEqual(JSON.parse(text));
        expect(exportRecordSets(importRecordSets(exported, { file: FILE }).value as HostedZone)).toBe(exported);
      }),
      { numRuns: 150 },
    );
  });

  test('every fault comes with its line, column and path, all at once', () => {
    const document = documentOf(plain('a', 'A', ['192.0.2.300']), plain('b', 'B', ['x']), {
      ...plain('c', 'A', ['192.0.2.1']),
      TTL: '60',
    });
    const { value, mistakes } = read(document);
    expect(value).toBeUndefined();
    expect(places(mistakes)).toEqual([
      '38:20 ResourceRecordSets[2].ResourceRecords[0].Value',
      '44:15 ResourceRecordSets[3].Type',
      '55:14 ResourceRecordSets[4].TTL',
    ]);
    expect(mistakes[0]).toMatchObject({ file: FILE, found: '"192.0.2.300"', expected: 'an IPv4 address, such as 192.0.2.1' });
  });

  test('text that is no JSON is one mistake with its place', () => {
    expect(importRecordSets('{\n  "ResourceRecordSets": [,]\n}', { file: FILE }).mistakes).toMatchObject([
      { line: 2, column: 26, found: '","' },
    ]);
  });

  test('records that cannot stand together are refused where the later one stands', () => {
    const { mistakes } = read(
      documentOf(
        plain('w', 'A', ['192.0.2.1']),
        plain('w', 'CNAME', ['a.example.net']),
        plain('v', 'A', ['192.0.2.1']),
        plain('v', 'A', ['192.0.2.2']),
      ),
    );
    expect(mistakes.map((m) => m.path)).toEqual(['ResourceRecordSets[3]', 'ResourceRecordSets[5]']);
  });

  test('the zone’s name is the SOA’s owner, else the origin; with neither it is a mistake', () => {
    const bare = { ResourceRecordSets: [plain('www', 'A', ['192.0.2.1'])] };
    expect(read(documentOf()).value?.name).toBe('example.com.');
    expect(read(bare, { origin: name('example.com.') }).value?.name).toBe('example.com.');
    expect(read(bare).mistakes).toHaveLength(1);
  });

  test('missing NS and SOA records are assumed, told, and not written out', () => {
    const bare = { ResourceRecordSets: [plain('www', 'A', ['192.0.2.1'])] };
    const { value, notes } = read(bare, { origin: name('example.com.') });
    expect(notes.map((note) => note.rule)).toEqual(['assumed-record', 'assumed-record']);
    expect(answers(value as HostedZone, 'example.com.', 'SOA')).toHaveLength(1);
    expect(JSON.parse(exportRecordSets(value as HostedZone))).toEqual(bare);
  });

  test('a list that is not whole says so', () => {
    expect(read({ ...documentOf(), IsTruncated: true }).notes.map((note) => note.rule)).toEqual(['truncated-list']);
  });

  test('an alias list of an old client with an empty ResourceRecords is taken and kept', () => {
    const document = documentOf({ ...alias('x', 'A', 'd1.cloudfront.net.', {}, false, 'Z2FDTNDATAQYW2'), ResourceRecords: [] });
    expect(JSON.parse(exportRecordSets(read(document).value as HostedZone))).toEqual(document);
  });
});

describe('change batches', () => {
  test('are written as they were read, unknown fields included', () => {
    const document: JsonValue = {
      Comment: 'switch www',
      Changes: [
        { Action: 'UPSERT', ResourceRecordSet: plain('www', 'A', ['192.0.2.45']), Ticket: 7 },
        { Action: 'DELETE', ResourceRecordSet: { ...plain('old', 'CNAME', ['www.example.com']), Extra: true } },
      ],
    };
    const findings = newFindings();
    const read = readChangeBatch(findings, document, { zoneName: name('example.com.'), isPrivate: false });
    expect(findings.faults).toEqual([]);
    expect(read && writeChangeBatch(read)).toEqual(document);
  });
});

describe('lists of hosted zones', () => {
  const list: JsonValue = {
    HostedZones: [
      {
        Id: `/hostedzone/${ZONE_ID}`,
        Name: 'example.com.',
        CallerReference: '2026-01-02-03:04',
        Config: { Comment: 'sample zone', PrivateZone: false },
        ResourceRecordSetCount: 20,
      },
      { Id: '/hostedzone/Z2', Name: 'example.net.', CallerReference: 'x', LinkedService: { Description: 'd' } },
    ],
    MaxItems: '100',
  };
  test('are written as they were read', () => {
    const imported = importHostedZones(JSON.stringify(list), FILE);
    expect(imported.unknown).toEqual(['MaxItems', 'HostedZones[1].LinkedService']);
    expect(imported.value && JSON.parse(exportHostedZones(imported.value))).toEqual(list);
  });
  test('a wrong id is named with its place', () => {
    const text = JSON.stringify({ HostedZones: [{ Id: 'Z1', Name: 'a..b', CallerReference: 1 }] }, null, 1);
    expect(places(importHostedZones(text, FILE).mistakes)).toEqual([
      '4:10 HostedZones[0].Id',
      '5:12 HostedZones[0].Name',
      '6:23 HostedZones[0].CallerReference',
    ]);
  });
  test('get-hosted-zone gives name servers without final dots, or the VPCs of a private zone', () => {
    expect(describeHostedZone(emptyZone())).toEqual({
      HostedZone: {
        Id: `/hostedzone/${ZONE_ID}`,
        Name: 'example.com.',
        CallerReference: 'test',
        Config: { PrivateZone: false },
        ResourceRecordSetCount: 2,
      },
      DelegationSet: {
        NameServers: ['ns-2048.awsdns-64.com', 'ns-2049.awsdns-65.net', 'ns-2050.awsdns-66.org', 'ns-2051.awsdns-67.co.uk'],
      },
    });
    expect(describeHostedZone(privateZone())).toMatchObject({ VPCs: [{ VPCRegion: 'eu-west-1', VPCId: 'vpc-1' }] });
    expect(writeZoneList({ single: false, zones: [listedZone(emptyZone())], vpcs: [], unknown: [] })).toMatchObject({
      HostedZones: [{ ResourceRecordSetCount: 2 }],
    });
  });
});

describe('zone files by Route 53’s rules', () => {
  const imported = (text: string, zone = emptyZone()) => importZoneFile(text, zone, 'zone.txt');
  /** The values that an import adds, as lines. */
  const added = (text: string): string[] =>
    listedSets((imported(text).value as HostedZone).records).flatMap(({ name: owner, type, content }) => {
      if (content.kind !== 'values' || type === 'SOA' || (type === 'NS' && owner === 'example.com.')) return [];
      return content.values.map((value) => `${owner} ${content.ttl} ${type} ${value.text}`);
    });

  test('$ORIGIN and $TTL work', () => {
    expect(added('$TTL 120\n$ORIGIN sub.example.com.\nwww A 192.0.2.1\n')).toEqual(['www.sub.example.com. 120 A 192.0.2.1']);
  });
  test.each(['$GENERATE 1-3 host$ A 192.0.2.$', '$INCLUDE other.zone'])('%s makes the import fail', (directive) => {
    const { value, mistakes } = imported(`www 60 A 192.0.2.1\n${directive}\n`);
    expect(value).toBeUndefined();
    expect(mistakes).toMatchObject([{ line: 2, column: 1 }]);
  });
  test('the file’s SOA and apex NS records are ignored, and said to be', () => {
    const text = '@ 60 SOA a. b. 1 2 3 4 5\n@ 60 NS ns1.example.net.\nsub 60 NS ns2.example.net.\n';
    expect(added(text)).toEqual(['sub.example.com. 60 NS ns2.example.net.']);
    expect(imported(text).notes.map((note) => note.rule)).toEqual(['ignored-record', 'ignored-record']);
  });
  test('a name without final dot gets the zone’s name, in values too: the trap', () => {
    expect(added('www 60 CNAME mail.example.com\n')).toEqual(['www.example.com. 60 CNAME mail.example.com.example.com.']);
    expect(added('@ 60 MX 10 mail.example.com\n')).toEqual(['example.com. 60 MX 10 mail.example.com.example.com.']);
  });
  test('if a record exists already nothing is created', () => {
    const zone = zoneOf(plain('www', 'A', ['192.0.2.9']));
    const { value, mistakes } = imported('new 60 A 192.0.2.1\nwww 60 A 192.0.2.1\n', zone);
    expect(value).toBeUndefined();
    expect(mistakes).toMatchObject([{ line: 2, column: 1 }]);
  });
  test('1000 records are taken, 1001 are not', () => {
    const lines = (n: number) => Array.from({ length: n }, (_, i) => `h${i} 60 A 192.0.2.1\n`).join('');
    expect(imported(lines(1000)).mistakes).toEqual([]);
    expect(imported(lines(1001)).mistakes).toMatchObject([{ line: 1001 }]);
  });
  test('decimal escapes of the file become octal ones of the service', () => {
    expect(added('t 60 TXT "\\233"\n')).toEqual(['t.example.com. 60 TXT "\\351"']);
  });
  test('records of a type that Route 53 lacks, of another class, or of another zone are mistakes with their places', () => {
    const { mistakes } = imported('a 60 HINFO x y\nb 60 CH A 192.0.2.1\nwww.example.net. 60 A 192.0.2.1\n@ 60 CNAME x\n');
    expect(mistakes.map((m) => m.line).sort()).toEqual([1, 2, 3, 4]);
  });
  test('everything imported is simple', () => {
    const zone = imported('a 60 A 192.0.2.1\na 60 A 192.0.2.2\n').value as HostedZone;
    expect(listedSets(zone.records).every((set) => set.routing.policy === 'simple')).toBe(true);
    expect(answers(zone, 'a.example.com.', 'A')).toHaveLength(2);
  });
  test('a file by itself is a zone under its SOA’s owner, else the origin', () => {
    const text = '$ORIGIN example.org.\n@ 60 SOA a. b. 1 2 3 4 5\nwww 60 A 192.0.2.1\n';
    expect(zoneFromFile(text, { file: 'f' }).value?.name).toBe('example.org.');
    expect(zoneFromFile('www 60 A 192.0.2.1\n', { file: 'f', origin: name('example.org.') }).value?.name).toBe('example.org.');
    expect(zoneFromFile('www 60 A 192.0.2.1\n', { file: 'f' }).mistakes.length).toBeGreaterThan(0);
  });
});
