import { describe, expect, test } from 'vitest';
import { address } from '../../src/base/address.ts';
import { START } from '../../src/base/time.ts';
import { query } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { recordText } from '../../src/dns/presentation.ts';
import type { Account } from '../../src/route53/account.ts';
import { EMPTY_ACCOUNT } from '../../src/route53/account.ts';
import type { JsonObject } from '../../src/route53/formats/json.ts';
import { exportTrafficPolicy, importTrafficPolicy } from '../../src/route53/formats/trafficPolicy.ts';
import { addTrafficPolicy, createPolicyRecord, deletePolicyRecord, policyRecordsOf } from '../../src/route53/holdings.ts';
import { locateBuiltIn } from '../../src/route53/places/location.ts';
import { bareServices, hostedZoneSet, respond } from '../../src/route53/respond.ts';
import { groupAt } from '../../src/route53/table.ts';
import type { PolicyDocument, PolicyRecord } from '../../src/route53/trafficPolicy.ts';
import { addVersion, changeVersion, deleteVersion, newTrafficPolicy } from '../../src/route53/trafficPolicy.ts';
import { CHECK_1, emptyZone, privateZone, ZONE_ID } from './sample.ts';

/** The example of the developer guide's pages: latency between Regions, failover within one. */
const SAMPLE: JsonObject = {
  AWSPolicyFormatVersion: '2015-10-01',
  RecordType: 'A',
  StartRule: 'by-region',
  Endpoints: {
    'us-a': { Type: 'value', Value: '192.0.2.10' },
    'us-b': { Type: 'value', Value: '192.0.2.11' },
    eu: { Type: 'value', Value: '198.51.100.20' },
  },
  Rules: {
    'by-region': {
      RuleType: 'latency',
      Regions: [
        { Region: 'us-east-1', RuleReference: 'us-pair', EvaluateTargetHealth: true },
        { Region: 'eu-west-1', EndpointReference: 'eu' },
      ],
    },
    'us-pair': {
      RuleType: 'failover',
      Primary: { EndpointReference: 'us-a', HealthCheck: CHECK_1 },
      Secondary: { EndpointReference: 'us-b' },
    },
  },
};

const read = (json: JsonObject) => importTrafficPolicy(JSON.stringify(json, null, 2), 'policy.json');
const parsed = (json: JsonObject): PolicyDocument => {
  const { value, mistakes } = read(json);
  if (!value) throw new Error(JSON.stringify(mistakes));
  return value;
};
const single = (rule: JsonObject, more: JsonObject = {}): JsonObject => ({
  AWSPolicyFormatVersion: '2015-10-01',
  RecordType: 'A',
  StartRule: 'r',
  Endpoints: {
    a: { Type: 'value', Value: '192.0.2.1' },
    b: { Type: 'value', Value: '192.0.2.2' },
    lb: { Type: 'elastic-load-balancer', Value: 'lb-1.us-east-1.elb.amazonaws.com' },
  },
  Rules: { r: rule },
  ...more,
});

describe('the document', () => {
  test.each<[string, JsonObject]>([
    ['latency and failover', SAMPLE],
    [
      'geolocation',
      single({
        RuleType: 'geolocation',
        Locations: [
          { Continent: 'EU', EndpointReference: 'a' },
          { Country: 'US', Subdivision: 'CA', EndpointReference: 'b' },
          { IsDefault: true, EndpointReference: 'b' },
        ],
      }),
    ],
    [
      'geoproximity',
      single({
        RuleType: 'geoproximity',
        GeoproximityLocations: [
          { Region: 'aws:route53:eu-west-1', Bias: 10, EndpointReference: 'a' },
          { Latitude: '48.9', Longitude: '2.3', Bias: '-20', EndpointReference: 'lb', EvaluateTargetHealth: true },
        ],
      }),
    ],
    [
      'multivalue',
      single({ RuleType: 'multivalue', Items: [{ EndpointReference: 'a', HealthCheck: CHECK_1 }, { EndpointReference: 'b' }] }),
    ],
    [
      'weighted',
      single({
        RuleType: 'weighted',
        Items: [
          { Weight: 10, EndpointReference: 'a' },
          { Weight: 0, EndpointReference: 'b' },
        ],
      }),
    ],
    [
      'an endpoint alone',
      {
        AWSPolicyFormatVersion: '2023-05-09',
        RecordType: 'A',
        StartEndpoint: 'a',
        Endpoints: { a: { Type: 's3-website', Region: 'eu-west-1', Value: 's3-website-eu-west-1.amazonaws.com' } },
        Rules: {},
      },
    ],
    [
      'unknown fields',
      {
        ...single({ RuleType: 'weighted', Items: [{ Weight: 1, EndpointReference: 'a', Colour: 'blue' }], Note: [1] }),
        Author: { Name: 'x' },
      },
    ],
  ])('%s is written as it was read', (_, json) => {
    expect(JSON.parse(exportTrafficPolicy(parsed(json)))).toEqual(json);
  });

  test.each<[string, JsonObject, string]>([
    ['a reference to nothing', single({ RuleType: 'weighted', Items: [{ Weight: 1, EndpointReference: 'zz' }] }), 'Rules.r'],
    ['a rule that leads back to itself', single({ RuleType: 'weighted', Items: [{ Weight: 1, RuleReference: 'r' }] }), 'Rules.r'],
    [
      'no start',
      { ...single({ RuleType: 'weighted', Items: [{ Weight: 1, EndpointReference: 'a' }] }), StartRule: 'q' },
      'StartRule',
    ],
    [
      'a wrong weight',
      single({ RuleType: 'weighted', Items: [{ Weight: 256, EndpointReference: 'a' }] }),
      'Rules.r.Items[0].Weight',
    ],
    [
      'a wrong Region',
      single({ RuleType: 'latency', Regions: [{ Region: 'moon-1', EndpointReference: 'a' }] }),
      'Rules.r.Regions[0].Region',
    ],
    [
      'both references',
      single({ RuleType: 'weighted', Items: [{ Weight: 1, EndpointReference: 'a', RuleReference: 'r' }] }),
      'Rules.r.Items[0]',
    ],
    [
      'an alias endpoint in a multivalue rule',
      single({ RuleType: 'multivalue', Items: [{ EndpointReference: 'lb' }] }),
      'Rules.r',
    ],
    [
      'a value of another type',
      single({ RuleType: 'weighted', Items: [{ Weight: 1, EndpointReference: 'a' }] }, { RecordType: 'AAAA' }),
      'Endpoints.a.Value',
    ],
    ['type NS', single({}, { RecordType: 'NS' }), 'RecordType'],
    ['an unknown rule', single({ RuleType: 'magic' }), 'Rules.r.RuleType'],
    ['an empty rule', single({ RuleType: 'weighted', Items: [] }), 'Rules.r.Items'],
    [
      'an unknown version',
      { ...single({ RuleType: 'weighted', Items: [{ Weight: 1, EndpointReference: 'a' }] }), AWSPolicyFormatVersion: '1999' },
      'AWSPolicyFormatVersion',
    ],
  ])('%s is refused at its place', (_, json, path) => {
    const { value, mistakes } = read(json);
    expect(value).toBeUndefined();
    expect(mistakes.map((mistake) => mistake.path)).toContain(path);
  });

  test('a document has at most 102,400 characters', () => {
    const { mistakes } = read({ ...SAMPLE, Comment: 'x'.repeat(102_400) });
    expect(mistakes[0]?.expected).toContain('102400 characters');
  });
});

const accountWith = (json: JsonObject): Account => {
  const added = addTrafficPolicy(
    { ...EMPTY_ACCOUNT, zones: new Map([[ZONE_ID, emptyZone()]]) },
    newTrafficPolicy('p1', 'shop', parsed(json)),
  );
  if (!added.ok) throw new Error('refused');
  return added.account;
};
const RECORD: Omit<PolicyRecord, 'type' | 'state'> = {
  id: 'instance-1',
  hostedZoneId: ZONE_ID,
  name: name('shop.example.com.'),
  ttl: 60,
  trafficPolicyId: 'p1',
  version: 1,
};
const bound = (json: JsonObject): Account => {
  const made = createPolicyRecord(accountWith(json), RECORD);
  if (!made.ok) throw new Error(made.faults.map((fault) => fault.text).join());
  return made.account;
};

describe('policy records', () => {
  const ask = (account: Account, from: string, sick: readonly string[] = []) => {
    const services = {
      ...bareServices(locateBuiltIn),
      healthOf: (id: string) => ({ healthy: !sick.includes(id), why: id }),
      policyRecordsOf: (id: string) => policyRecordsOf(account, id),
    };
    const message = query(1, { name: name('shop.example.com.'), type: 'A', class: 'IN' });
    return respond(hostedZoneSet([...account.zones.values()]), services, message, {
      now: START,
      source: address(from),
      random: () => 0,
    }).value.answer.map(recordText);
  };

  test('answer by the tree of the policy, rule by rule', () => {
    const account = bound(SAMPLE);
    expect(ask(account, '198.18.1.53')).toEqual(['shop.example.com. 60 IN A 198.51.100.20']);
    expect(ask(account, '198.18.12.53')).toEqual(['shop.example.com. 60 IN A 192.0.2.10']);
    expect(ask(account, '198.18.12.53', [CHECK_1])).toEqual(['shop.example.com. 60 IN A 192.0.2.11']);
  });
  test('show only the root record in the zone', () => {
    const zone = bound(SAMPLE).zones.get(ZONE_ID);
    expect(zone?.records.size).toBe(3);
    expect(zone && groupAt(zone.records, name('shop.example.com.'), 'A')?.sets[0]?.content.kind).toBe('policy-record');
  });
  test('start with an endpoint alone too', () => {
    expect(
      ask(
        bound({
          AWSPolicyFormatVersion: '2015-10-01',
          RecordType: 'A',
          StartEndpoint: 'a',
          Endpoints: { a: { Type: 'value', Value: '192.0.2.9' } },
        }),
        '198.18.1.53',
      ),
    ).toEqual(['shop.example.com. 60 IN A 192.0.2.9']);
  });
  test('need a public zone, an existing version and a free name', () => {
    const account = accountWith(SAMPLE);
    const inPrivate = { ...account, zones: new Map([[ZONE_ID, { ...privateZone(), id: ZONE_ID }]]) };
    expect(createPolicyRecord(inPrivate, RECORD).ok).toBe(false);
    expect(createPolicyRecord(account, { ...RECORD, version: 2 })).toMatchObject({ faults: [{ code: 'NoSuchTrafficPolicy' }] });
    expect(createPolicyRecord(bound(SAMPLE), { ...RECORD, id: 'instance-2' }).ok).toBe(false);
  });
  test('are at most five in an account', () => {
    let account = accountWith(SAMPLE);
    for (let i = 0; i < 5; i++) {
      const made = createPolicyRecord(account, { ...RECORD, id: `i${i}`, name: name(`s${i}.example.com.`) });
      if (made.ok) account = made.account;
    }
    expect(createPolicyRecord(account, RECORD)).toMatchObject({ faults: [{ code: 'TooManyTrafficPolicyInstances' }] });
  });
  test('take their root record with them when they are deleted', () => {
    const gone = deletePolicyRecord(bound(SAMPLE), 'instance-1');
    expect(gone.ok && gone.account.zones.get(ZONE_ID)?.records.size).toBe(2);
  });
});

describe('versions', () => {
  const policy = newTrafficPolicy('p1', 'shop', parsed(SAMPLE));
  const added = (from: typeof policy) => {
    const result = addVersion(from, parsed(SAMPLE));
    if (!result.ok) throw new Error('refused');
    return result.value;
  };
  test('are never used again: after 1, 2, 3 without 2 and 3 comes 4', () => {
    let next = added(added(policy));
    for (const version of [2, 3]) {
      const deleted = deleteVersion(next, version, []);
      if (deleted.ok) next = deleted.value;
    }
    expect([...added(next).versions.keys()]).toEqual([1, 4]);
  });
  const record: PolicyRecord = { ...RECORD, type: 'A', state: 'Applied' };
  test('in use stay', () => {
    expect(deleteVersion(policy, 1, [record])).toMatchObject({ faults: [{ code: 'TrafficPolicyInUse' }] });
  });
  test('a policy record goes forward and back, but keeps its DNS type', () => {
    const two = added(policy);
    expect(changeVersion(record, two, 2)).toMatchObject({ ok: true, value: { version: 2, state: 'Updating' } });
    const other = addVersion(
      policy,
      parsed({
        AWSPolicyFormatVersion: '2015-10-01',
        RecordType: 'AAAA',
        StartEndpoint: 'a',
        Endpoints: { a: { Type: 'value', Value: '2001:db8::1' } },
      }),
    );
    expect(other.ok && changeVersion(record, other.value, 2)).toMatchObject({ faults: [{ code: 'ConflictingTypes' }] });
  });
});
