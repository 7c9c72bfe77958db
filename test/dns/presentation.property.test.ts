import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mistakeText } from '../../src/base/mistake.ts';
import { ROOT } from '../../src/dns/name.ts';
import { parseData, parseRecord } from '../../src/dns/presentation/parse.ts';
import { hasParametersForm, serviceParametersText } from '../../src/dns/presentation/service.ts';
import { dataText, recordText } from '../../src/dns/presentation.ts';
import type { ResourceRecord, ServiceParameter } from '../../src/dns/record.ts';
import { encodeData } from '../../src/dns/wire/nameOctets.ts';
import { parseMasterFile } from '../../src/dns/zone/masterFile.ts';
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

test('service parameters have a form exactly when what is printed of them can be read', () => {
  const octets = fc.uint8Array({ maxLength: 4 });
  const code = fc.constantFrom(0, 1, 2, 3, 6, 9, 667, 65534, 65535);
  const parameter = fc.oneof(
    fc.record({ key: fc.constant('mandatory' as const), keys: fc.array(code, { maxLength: 3 }) }),
    fc.record({ key: fc.constant('alpn' as const), ids: fc.array(octets, { maxLength: 2 }) }),
    fc.constant({ key: 'no-default-alpn' as const }),
    fc.record({ key: fc.constant('port' as const), port: fc.nat(65535) }),
    fc.record({ key: fc.constant('ipv4hint' as const), addresses: fc.subarray(['192.0.2.1', '198.51.100.7']) }),
    fc.record({ key: fc.constant('ipv6hint' as const), addresses: fc.subarray(['2001:db8::1']) }),
    fc.record({ key: fc.constant('ech' as const), config: octets }),
    fc.record({ key: fc.constant('dohpath' as const), template: octets }),
    fc.record({ key: fc.constantFrom('key9' as const, 'key667' as const, 'key65535' as const), value: octets }),
  );
  let without = 0;
  fc.assert(
    fc.property(fc.array(parameter, { maxLength: 4 }), (some) => {
      const parameters = some as readonly ServiceParameter[];
      const reads = parseData('SVCB', `1 . ${serviceParametersText(parameters)}`).ok;
      expect(hasParametersForm(parameters)).toBe(reads);
      if (!reads) without++;
    }),
    { numRuns: 2000, seed: 4 },
  );
  expect(without).toBeGreaterThan(200);
});
