import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base32Text, base64Text, hexText, parseBase32, parseBase64, parseHex } from '../../src/base/octets.ts';

test('hexadecimal and base64 agree with Node’s for any octets, and read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
      expect(hexText(octets)).toBe(Buffer.from(octets).toString('hex').toUpperCase());
      expect(base64Text(octets)).toBe(Buffer.from(octets).toString('base64'));
      expect(parseHex(hexText(octets))).toEqual(octets);
      expect(parseBase64(base64Text(octets))).toEqual(octets);
      expect(parseBase32(base32Text(octets))).toEqual(octets);
    }),
    { seed: 1 },
  );
});

test('the base32hex examples of RFC 4648 §10, without padding', () => {
  const texts = ['f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base32Text(Buffer.from(text)));
  expect(texts).toEqual(['CO', 'CPNG', 'CPNMU', 'CPNMUOG', 'CPNMUOJ1', 'CPNMUOJ1E8']);
  expect(parseBase32('cpnmuoj1e8')).toEqual(new Uint8Array(Buffer.from('foobar')));
});

test('what is no such text is refused', () => {
  expect([parseHex('ABC'), parseHex('0G'), parseHex('é0')]).toEqual([undefined, undefined, undefined]);
  expect([parseBase64('A'), parseBase64('AA='), parseBase64('AA=A'), parseBase64('A*AA')]).toEqual(new Array(4).fill(undefined));
  expect([parseBase32('W0'), parseBase32('A'), parseBase32('AAA')]).toEqual([undefined, undefined, undefined]);
});
