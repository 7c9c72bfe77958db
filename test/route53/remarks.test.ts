import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { writeRecordSet } from '../../src/route53/formats/recordSet.ts';
import { importRecordSets } from '../../src/route53/formats/recordSets.ts';
import { importZoneFile, zoneFromFile } from '../../src/route53/formats/zoneFile.ts';
import { zoneFileOf } from '../../src/route53/formats/zoneFileOut.ts';
import type { HostedZone } from '../../src/route53/hostedZone.ts';
import { listedSets } from '../../src/route53/table.ts';
import { SAMPLE } from './factsheet.ts';
import { CHECK_1, emptyZone, plain, weighted, ZONE_ID, zoneOf } from './sample.ts';

const sets = (zone: HostedZone | undefined) =>
  listedSets(zone?.records ?? emptyZone().records).map((set) => JSON.stringify(writeRecordSet(set)));
const read = (text: string) => zoneFromFile(text, { file: 'f', id: ZONE_ID });

describe('remarks after the convention of cli53', () => {
  test('a zone of every routing policy, written as a zone file, is the same zone when it is read', () => {
    const { value } = importRecordSets(SAMPLE, { file: 'f', id: ZONE_ID });
    const { text } = zoneFileOf(value ?? emptyZone());
    const again = read(text);
    expect(again.mistakes).toEqual([]);
    expect(sets(again.value)).toEqual(sets(value));
    expect(again.notes.map(({ rule }) => rule)).toContain('remarks');
  });

  test('set identifiers of any characters come back', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), fc.nat(255), (id, weight) => {
        const zone = zoneOf(plain('w', 'A', ['192.0.2.1'], weighted(id, weight, { HealthCheckId: CHECK_1 })));
        expect(sets(read(zoneFileOf(zone).text).value)).toEqual(sets(zone));
      }),
      { numRuns: 200 },
    );
  });

  test('cli53’s own alias lines are read, the zone’s own id as $self', () => {
    const { value, mistakes } = read(`$ORIGIN example.com.
@ 900 IN SOA a b 1 2 3 4 5
www 300 IN A 192.0.2.1
@ 86400 AWS ALIAS A www $self false
app 86400 AWS ALIAS A d1.cloudfront.net. Z2FDTNDATAQYW2 false ; AWS routing="WEIGHTED" weight=1 identifier="x"
`);
    expect(mistakes).toEqual([]);
    expect(sets(value).filter((set) => set.includes('AliasTarget'))).toEqual([
      JSON.stringify({
        Name: 'example.com.',
        Type: 'A',
        AliasTarget: { HostedZoneId: ZONE_ID, DNSName: 'www.example.com.', EvaluateTargetHealth: false },
      }),
      JSON.stringify({
        Name: 'app.example.com.',
        Type: 'A',
        SetIdentifier: 'x',
        Weight: 1,
        AliasTarget: { HostedZoneId: 'Z2FDTNDATAQYW2', DNSName: 'd1.cloudfront.net.', EvaluateTargetHealth: false },
      }),
    ]);
  });

  test('a wrong remark or alias line is a mistake in its line', () => {
    const { mistakes } = read(`$ORIGIN example.com.
@ 900 IN SOA a b 1 2 3 4 5
www 300 IN A 192.0.2.1 ; AWS routing="WEIGHTED" weight=900 identifier="a"
@ 86400 AWS ALIAS A nowhere $self false
x 60 IN A 192.0.2.300 ; AWS routing="MULTIVALUE" identifier="m"
`);
    expect(mistakes.map(({ line }) => line).sort()).toEqual([3, 5]);
    const { mistakes: alone } = read(
      '$ORIGIN example.com.\n@ 900 IN SOA a b 1 2 3 4 5\n@ 86400 AWS ALIAS A nowhere $self false\n',
    );
    expect(alone).toMatchObject([{ line: 3, expected: 'a record nowhere.example.com. of type A in the zone' }]);
  });

  test('text that only looks like a remark is text', () => {
    const { value } = read(
      '$ORIGIN example.com.\n@ 900 IN SOA a b 1 2 3 4 5\nt 60 IN TXT "x ; AWS routing=1" ; AWS healthCheckId="h"\n',
    );
    expect(sets(value)).toContain(
      JSON.stringify({
        Name: 't.example.com.',
        Type: 'TXT',
        TTL: 60,
        ResourceRecords: [{ Value: '"x ; AWS routing=1"' }],
        HealthCheckId: 'h',
      }),
    );
  });

  test('an import by Route 53’s rules does not see them', () => {
    const text = 'w 60 IN A 192.0.2.1 ; AWS routing="WEIGHTED" weight=1 identifier="a"\n';
    const { value } = importZoneFile(text, { ...emptyZone(), name: name('example.com.') }, 'f');
    expect(sets(value)).toContain(
      JSON.stringify({ Name: 'w.example.com.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] }),
    );
  });
});
