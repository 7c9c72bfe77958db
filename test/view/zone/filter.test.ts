import { describe, expect, test } from 'vitest';
import { importRecordSets } from '../../../src/route53/formats/recordSets.ts';
import { filteredRows } from '../../../src/view/geometry/zone/filter.ts';
import { rowsOf } from '../../../src/view/geometry/zone/records.ts';

const record = (label: string, Type: string, values: readonly string[], more: object = {}) => ({
  Name: `${label}example.com.`,
  Type,
  TTL: 300,
  ResourceRecords: values.map((Value) => ({ Value })),
  ...more,
});
const document = {
  ResourceRecordSets: [
    record('', 'MX', ['10 mail.example.com.', '20 spare.example.com.']),
    record('www.', 'A', ['192.0.2.44']),
    record('www.', 'AAAA', ['2001:db8::44']),
    record('api.', 'A', ['192.0.2.60'], { SetIdentifier: 'blue', Weight: 10, HealthCheckId: 'api-1' }),
    record('api.', 'A', ['192.0.2.61'], { SetIdentifier: 'green', Weight: 20 }),
  ],
};
const { value: zone } = importRecordSets(JSON.stringify(document), { file: 'zone.json', origin: 'example.com.' as never });
const rows = zone ? rowsOf(zone) : [];
const found = (text: string) => filteredRows(rows, text).map(({ label, set, first }) => `${first ? label : '"'} ${set.type}`);

describe('finding records', () => {
  test('without a word all are there', () => {
    expect(filteredRows(rows, '  ')).toBe(rows);
  });

  test.each([
    ['www', ['www A', '" AAAA']],
    ['WEIGHTED blue', ['api A']],
    ['spare', ['example.com. MX']],
    ['api-1', ['api A']],
    ['aaaa', ['www AAAA']],
    ['nowhere', []],
  ])('%s finds %o', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});
