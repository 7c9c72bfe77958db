import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../../src/dns/wire/decode.ts';
import { encode } from '../../../src/dns/wire/encode.ts';
import { decodeData, encodeData } from '../../../src/dns/wire/nameOctets.ts';
import { dataFor, KNOWN_TYPES, message } from './arbitrary.ts';

describe('decoding undoes encoding', () => {
  test('for arbitrary messages, any octets in labels included', () => {
    fc.assert(
      fc.property(message, (m) => {
        expect(decode(encode(m))).toEqual({ ok: true, message: m });
      }),
      { numRuns: 250 },
    );
  });

  test.each(KNOWN_TYPES)('for arbitrary data of type %s without a message around it', (type) => {
    fc.assert(
      fc.property(dataFor(type), (data) => {
        expect(decodeData(type, encodeData(type, data as never))).toEqual(data);
      }),
      { numRuns: 40 },
    );
  });
});
