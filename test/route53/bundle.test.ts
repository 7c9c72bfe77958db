/** What people bring: the samples of AWS's own pages, lists of health checks, and files that belong together. */
import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/route53/formats/bundle.ts';
import { changeWithFile } from '../../src/route53/formats/changeBatch.ts';
import { exportHealthChecks, importHealthChecks } from '../../src/route53/formats/healthChecks.ts';
import { exportHostedZones, importHostedZones } from '../../src/route53/formats/hostedZones.ts';
import { exportRecordSets, importRecordSets } from '../../src/route53/formats/recordSets.ts';
import { exportTrafficPolicy, importTrafficPolicy } from '../../src/route53/formats/trafficPolicy.ts';
import { listedSets } from '../../src/route53/table.ts';
import { SAMPLE, SAMPLE_BATCH, SAMPLE_POLICY, SAMPLE_ZONES } from './factsheet.ts';
import { CHECK_1 } from './sample.ts';

const FILE = 'zone.json';

describe('the samples of the fact sheet', () => {
  const sets = (text: string) => (JSON.parse(text) as { ResourceRecordSets: { Name: string }[] }).ResourceRecordSets;
  test('import then export is the identity on a zone of every routing policy, in the order of the API', () => {
    const { value, mistakes } = importRecordSets(SAMPLE, { file: FILE });
    expect(mistakes).toEqual([]);
    const exported = value ? exportRecordSets(value) : '';
    const reversed = (name: string) => name.split('.').reverse().join('.');
    expect(sets(exported).map(({ Name }) => reversed(Name))).toEqual(
      sets(SAMPLE)
        .map(({ Name }) => reversed(Name))
        .sort(),
    );
    const inOrder = (text: string) =>
      sets(text)
        .map((set) => JSON.stringify(set, Object.keys(flat(set)).sort()))
        .sort();
    const flat = (value: object): object =>
      Object.assign(
        {},
        ...Object.entries(value).map(([key, inner]) => ({
          [key]: 0,
          ...(typeof inner === 'object' ? flat(inner as object) : {}),
        })),
      );
    expect(inOrder(exported)).toEqual(inOrder(SAMPLE));
    const again = importRecordSets(exported, { file: FILE });
    expect(again.value && exportRecordSets(again.value)).toBe(exported);
  });

  test('so it is on lists of zones and on traffic policies', () => {
    const zones = importHostedZones(SAMPLE_ZONES, FILE).value;
    expect(zones && JSON.parse(exportHostedZones(zones))).toEqual(JSON.parse(SAMPLE_ZONES));
    const policy = importTrafficPolicy(SAMPLE_POLICY, FILE).value;
    expect(policy && JSON.parse(exportTrafficPolicy(policy))).toEqual(JSON.parse(SAMPLE_POLICY));
  });

  test('the batch changes the zone: www is switched, and a record that is not there refuses the whole', () => {
    const zone = importRecordSets(SAMPLE, { file: FILE }).value;
    const { mistakes } = changeWithFile(SAMPLE_BATCH, { file: FILE }, () => zone);
    expect(mistakes).toMatchObject([{ path: 'Changes[1].ResourceRecordSet', expected: 'a record that exists' }]);
  });
});

describe('lists of health checks', () => {
  const list = {
    HealthChecks: [
      {
        Id: CHECK_1,
        CallerReference: 'a',
        HealthCheckConfig: { Type: 'HTTP', IPAddress: '192.0.2.44', ResourcePath: '/health', Unheard: 1 },
        HealthCheckVersion: 1,
        CloudWatchAlarmConfiguration: { Period: 60 },
      },
      {
        Id: 'all',
        CallerReference: 'b',
        HealthCheckConfig: { Type: 'CALCULATED', HealthThreshold: 1, ChildHealthChecks: [CHECK_1] },
        HealthCheckVersion: 3,
      },
    ],
  };
  test('are written as they were read, defaults left out, unknown fields named and kept', () => {
    const { value, unknown } = importHealthChecks(JSON.stringify(list), FILE);
    expect(value && JSON.parse(exportHealthChecks(value))).toEqual(list);
    expect(unknown).toEqual(['HealthChecks[0].CloudWatchAlarmConfiguration', 'HealthChecks[0].HealthCheckConfig.Unheard']);
    const one = { HealthCheck: list.HealthChecks[1] };
    const single = importHealthChecks(JSON.stringify(one), FILE).value;
    expect(single && JSON.parse(exportHealthChecks(single))).toEqual(one);
  });
  test('a calculated check has no calculated children, and every fault has its path', () => {
    const nested = {
      HealthChecks: [
        list.HealthChecks[1],
        {
          ...list.HealthChecks[1],
          Id: 'more',
          HealthCheckConfig: { Type: 'CALCULATED', HealthThreshold: 1, ChildHealthChecks: ['all'] },
        },
      ],
    };
    expect(importHealthChecks(JSON.stringify(nested), FILE).mistakes).toMatchObject([
      { path: 'HealthChecks[1].HealthCheckConfig.ChildHealthChecks[0]', expected: 'a check that is not calculated' },
    ]);
    expect(importHealthChecks('{ "HealthChecks": 3 }', FILE).mistakes).toMatchObject([{ path: 'HealthChecks' }]);
  });
});

describe('files that belong together', () => {
  const file = (name: string, document: object) => ({ file: name, text: JSON.stringify(document) });
  const records = {
    ResourceRecordSets: [{ Name: 'www.example.com.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] }],
  };
  test('the list of zones names the zone of records without an SOA, and gives it its id', () => {
    const { bundle } = openBundle([file('r', records), { file: 'z', text: SAMPLE_ZONES }]);
    expect(bundle?.zones).toMatchObject([{ id: 'Z0SIMZONE0EXAMPLE1', name: 'example.com.' }]);
  });
  test('one document may hold several lists; what one reader does not know another does', () => {
    const { bundle, told } = openBundle([file('both', { ...(JSON.parse(SAMPLE_ZONES) as object), ...records, Strange: 1 })]);
    expect(bundle?.zones).toHaveLength(1);
    expect(told.filter(({ text }) => text.startsWith('The field')).map(({ text }) => text)).toEqual([
      'The field Strange is not known here; it is kept',
      'The field Strange is not known here; it is kept',
    ]);
  });
  test('get-hosted-zone of a private zone makes the records private', () => {
    const zone = {
      HostedZone: { Id: '/hostedzone/Z0P', Name: 'example.com.', CallerReference: 'x' },
      VPCs: [{ VPCRegion: 'eu-west-1', VPCId: 'vpc-1' }],
    };
    const { bundle } = openBundle([file('z', zone), file('r', records)]);
    expect(bundle?.zones[0]?.scope).toEqual({ kind: 'private', vpcs: [{ region: 'eu-west-1', id: 'vpc-1' }] });
    const read = importHostedZones(JSON.stringify(zone), FILE).value;
    expect(read && JSON.parse(exportHostedZones(read))).toEqual(zone);
  });
  test('a batch changes the zone that another file brings', () => {
    const batch = { Changes: [{ Action: 'UPSERT', ResourceRecordSet: { ...records.ResourceRecordSets[0], TTL: 5 } }] };
    const { bundle } = openBundle([file('b', batch), file('r', records), { file: 'z', text: SAMPLE_ZONES }]);
    const www = bundle?.zones.flatMap((zone) => listedSets(zone.records)).find(({ name }) => name === 'www.example.com.');
    expect(www?.content).toMatchObject({ ttl: 5 });
  });
});
