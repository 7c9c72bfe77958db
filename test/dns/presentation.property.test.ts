import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mistakeText } from '../../src/base/mistake.ts';
import { ROOT } from '../../src/dns/name.ts';
import { parseData, parseRecord } from '../../src/dns/presentation/parse.ts';
import { dataText, recordText } from '../../src/dns/presentation.ts';
import type { ResourceRecord } from '../../src/dns/record.ts';
import { encodeData } from '../../src/dns/wire/nameOctets.ts';
import { parseMasterFile } from '../../src/dns/zone/masterfile.ts';
import { printRecords } from '../../src/dns/zone/print.ts';
import { dataFor, KNOWN_TYPES, resourceRecord } from './wire/arbitrary.ts';

test.each(KNOWN_TYPES)('%s data of any value reads back from its text as the same octets', (type) => {
  fc.assert(
    fc.property(dataFor(type), (data) => {
      const text = dataText(type, data as never);
      const parsed = parseData(type, text);
      if (!parsed.ok) throw new Error(`${text}: ${mistakeText(parsed.mistake)}`);
      expect(encodeData(type, parsed.value)).toEqual(encodeData(type, data as never));
      expect(dataText(type, parsed.value)).toBe(text);
    }),
    { numRuns: 40, seed: 1 },
  );
});

test('any record is the same after printing and reading', () => {
  fc.assert(
    fc.property(resourceRecord, (record) => {
      const parsed = parseRecord(recordText(record));
      if (!parsed.ok) throw new Error(`${recordText(record)}: ${mistakeText(parsed.mistake)}`);
      const { data, ...frame } = record;
      expect(parsed.value).toMatchObject(frame);
      expect(encodeData(record.type, parsed.value.data)).toEqual(encodeData(record.type, data));
    }),
    { numRuns: 300, seed: 2 },
  );
});

test('a printed zone reads back as the same records, and prints the same again', () => {
  const storable = resourceRecord.filter((r: ResourceRecord) => !['ANY', 'AXFR', 'IXFR', 'OPT'].includes(r.type));
  fc.assert(
    fc.property(fc.array(storable, { maxLength: 8 }), fc.constantFrom(ROOT, 'example.com.' as typeof ROOT), (records, origin) => {
      const text = printRecords(records, origin);
      const file = parseMasterFile(text, { file: 'printed.zone' });
      expect(file.mistakes.map(mistakeText)).toEqual([]);
      expect(file.records.map(recordText)).toEqual(records.map(recordText));
      expect(printRecords(file.records, origin)).toBe(text);
    }),
    { numRuns: 100, seed: 3 },
  );
});
