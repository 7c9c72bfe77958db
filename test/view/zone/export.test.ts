import { describe, expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import { zoneFromFile } from '../../../src/route53/formats/zoneFile.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Line, Scenario } from '../../../src/scenario/schema.ts';
import { type Brought, exported, formsFor, zoneListText } from '../../../src/view/geometry/zone/export.ts';
import { batchFor, scenarioFromZone } from '../../../src/view/geometry/zone/import.ts';
import { type ShownZone, shownZones } from '../../../src/view/geometry/zone/records.ts';
import { SAMPLE, SAMPLE_BATCH } from '../../route53/factsheet.ts';

const LISTED_RECORD_SETS = JSON.parse(SAMPLE) as Sets;

interface Sets {
  readonly ResourceRecordSets: readonly { readonly Name: string; readonly Type: string; readonly SetIdentifier?: string }[];
}

/** A file opened on the page, and the zone as the console shows it at the end. */
function opened(text: string, file: string, whatIf: readonly Line[] = []): { shown: ShownZone; brought: Brought | undefined } {
  const { scenario, mistakes } = scenarioFromZone(text, file);
  expect(mistakes).toEqual([]);
  // A link carries it as JSON, and it is checked again when it is opened.
  const shared = JSON.parse(JSON.stringify(scenario)) as Scenario;
  expect(loadScenario(shared, { file: 'shared' }).mistakes).toEqual([]);
  const trace = run(shared, { whatIf });
  const shown = shownZones(trace, trace.end).find(({ hosted }) => hosted) as ShownZone;
  return { shown, brought: shared.world?.hostedZones?.[shown.word]?.brought as Brought | undefined };
}

const inOrder = ({ ResourceRecordSets: sets, ...rest }: Sets) => ({
  ...rest,
  ResourceRecordSets: [...sets].sort((a, b) => keyOf(a).localeCompare(keyOf(b))),
});
const keyOf = ({ Name, Type, SetIdentifier = '' }: Sets['ResourceRecordSets'][number]): string =>
  `${Name} ${Type} ${SetIdentifier}`;
const again = (text: string, file = 'example.com.json', whatIf: readonly Line[] = []): Sets => {
  const { shown, brought } = opened(text, file, whatIf);
  return JSON.parse(exported(shown, 'record sets', brought).text) as Sets;
};

describe('an export of what was brought', () => {
  test('gives the sample of the fact sheet back, record by record', () => {
    const text = JSON.stringify(LISTED_RECORD_SETS);
    expect(inOrder(again(text))).toEqual(inOrder(LISTED_RECORD_SETS));
  });

  test('keeps fields that are not known here, and the name servers that the file says', () => {
    const sets = [
      {
        Name: 'blue-otter.com.',
        Type: 'NS',
        TTL: 172_800,
        ResourceRecords: ['98.awsdns-12.com', '763.awsdns-31.net', '1520.awsdns-62.org', '1828.awsdns-36.co.uk'].map((one) => ({
          Value: `ns-${one}.`,
        })),
      },
      {
        Name: 'blue-otter.com.',
        Type: 'SOA',
        TTL: 900,
        ResourceRecords: [{ Value: 'ns-98.awsdns-12.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400' }],
      },
      { Name: 'www.blue-otter.com.', Type: 'A', TTL: 300, ResourceRecords: [{ Value: '192.0.2.80' }], Remark: { by: 'Ana' } },
    ];
    const document = { ResourceRecordSets: sets, IsTruncated: false, MaxItems: '300' };
    expect(inOrder(again(JSON.stringify(document)))).toEqual(inOrder(document as unknown as Sets));
    const changed = again(JSON.stringify(document), 'blue-otter.com.json', [
      { at: '90 s', edit: 'blue-otter.com', set: 'www 60 A 192.0.2.81' },
    ]);
    expect(changed).toMatchObject({ MaxItems: '300' });
    expect(changed.ResourceRecordSets.find(({ Type }) => Type === 'NS')).toEqual(sets[0]);
    expect(changed.ResourceRecordSets.find(({ Type }) => Type === 'A')).toMatchObject({ TTL: 60 });
  });

  test('leaves out the records that the file lacked and the zone assumed', () => {
    const document = {
      ResourceRecordSets: [{ Name: 'www.blue-otter.com.', Type: 'A', TTL: 300, ResourceRecords: [{ Value: '192.0.2.80' }] }],
    };
    expect(again(JSON.stringify(document), 'blue-otter.com.json')).toEqual(document);
  });

  test('gives a Lightsail domain back with its ids and unknown fields, texts without quotation marks', () => {
    const entry = (id: string, name: string, type: string, target: string, isAlias = false) => ({
      id,
      name,
      target,
      isAlias,
      type,
    });
    const domain = {
      domain: {
        name: 'blue-otter.com',
        arn: 'arn:aws:lightsail:global:111122223333:Domain/1',
        domainEntries: [
          entry('1', 'blue-otter.com', 'NS', 'ns-98.awsdns-12.com'),
          entry('2', 'blue-otter.com', 'NS', 'ns-763.awsdns-31.net'),
          entry('3', 'www.blue-otter.com', 'A', '192.0.2.44'),
          entry('4', 'blue-otter.com', 'TXT', 'v=spf1 -all'),
          { ...entry('5', 'blue-otter.com', 'MX', '10 mail.blue-otter.com.'), options: {} },
        ],
      },
    };
    const { shown, brought } = opened(JSON.stringify(domain), 'domain.json');
    expect(shown.lightsail).toBe(true);
    expect(formsFor(shown)).toContain('get-domain');
    expect(JSON.parse(exported(shown, 'get-domain', brought).text)).toEqual(domain);
    const later = opened(JSON.stringify(domain), 'domain.json', [
      { at: '90 s', lightsail: 'blue-otter.com', set: [{ name: 'www', type: 'A', target: '192.0.2.99' }] },
    ]);
    const { domainEntries } = JSON.parse(exported(later.shown, 'get-domain', later.brought).text).domain;
    expect(domainEntries.map(({ id = 'new', target }: { id?: string; target: string }) => `${id} ${target}`)).toEqual([
      '1 ns-98.awsdns-12.com',
      '2 ns-763.awsdns-31.net',
      '4 v=spf1 -all',
      '5 10 mail.blue-otter.com.',
      'new 192.0.2.99',
    ]);
  });
});

describe('other forms', () => {
  const { shown } = opened(JSON.stringify(LISTED_RECORD_SETS), 'example.com.json');

  test('a change batch makes all records but those that a zone begins with', () => {
    const { Changes } = JSON.parse(exported(shown, 'change batch').text) as { Changes: { Action: string }[] };
    expect(Changes).toHaveLength(LISTED_RECORD_SETS.ResourceRecordSets.length - 2);
    expect(new Set(Changes.map(({ Action }) => Action))).toEqual(new Set(['CREATE']));
  });

  test('a zone file holds the simple records as they were, and says what it cannot', () => {
    const { text, lost, file } = exported(shown, 'zone file');
    expect(file).toBe('example.com.zone');
    expect(text).toContain('app\t60\tIN\tA\t192.0.2.10 ; AWS routing="WEIGHTED" weight=90 identifier="blue"');
    expect(text).toMatch(/^; @ AWS ALIAS A d111111abcdef8\.cloudfront\.net\. Z2FDTNDATAQYW2 false$/m);
    expect(text).toMatch(/^\*\t60\tIN\tA\t192\.0\.2\.99$/m);
    expect(lost).toHaveLength(2);
    const read = zoneFromFile(text, { file });
    expect(read.mistakes).toEqual([]);
    const simple = (zone: typeof shown.zone, name: string) => zone.records.groups.get(name as never)?.map(({ sets }) => sets);
    for (const name of ['www.example.com.', '*.example.com.'])
      expect(JSON.stringify(read.value && simple(read.value, name))).toBe(JSON.stringify(simple(shown.zone, name)));
  });

  test('the list of zones is that of list-hosted-zones', () => {
    const { HostedZones } = JSON.parse(zoneListText([shown])) as { HostedZones: object[] };
    expect(HostedZones[0]).toMatchObject({
      Id: `/hostedzone/${shown.zone.id}`,
      Name: 'example.com.',
      ResourceRecordSetCount: 20,
    });
  });
});

test('a change batch is for a zone that its names lie in, and for no other', () => {
  expect(batchFor(SAMPLE_BATCH, name('example.com.'))).toMatchObject({
    Comment: 'switch www to the new server',
    Changes: [{ Action: 'UPSERT' }, { Action: 'DELETE' }],
  });
  expect(batchFor(SAMPLE_BATCH, name('example.org.'))).toBeUndefined();
  expect(batchFor(SAMPLE, name('example.com.'))).toBeUndefined();
  expect(batchFor('www 300 A 192.0.2.44', name('example.com.'))).toBeUndefined();
});
