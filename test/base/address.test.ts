import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { address, addressBytes, addressFromBytes, cidr, contains, parseAddress, parseCidr } from '../../src/base/address.ts';

test('an address is its octets and back, and equal octets are equal text', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.array(fc.constantFrom(0, 0, 0, 1, 0xab), { minLength: 16, maxLength: 16 }).map((octets) => Uint8Array.from(octets)),
      ),
      (octets) => {
        const text = addressFromBytes(octets);
        expect(addressBytes(text)).toEqual(octets);
        expect(parseAddress(text)).toBe(text);
      },
    ),
  );
});

describe('IPv6 is written as RFC 5952 says', () => {
  test.each([
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ])('%s', (given, expected) => expect(parseAddress(given)).toBe(expected));
});

describe('what is no address is refused', () => {
  test.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    ':',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    'example',
  ])('"%s"', (text) => expect(parseAddress(text)).toBeUndefined());
});

describe('a block holds what lies wholly inside it', () => {
  const block = cidr(address('198.18.1.99'), 24);
  test('its host bits are cleared', () => expect(block).toBe('198.18.1.0/24'));
  test('an address inside', () => expect(contains(block, address('198.18.1.53'))).toBe(true));
  test('an address beside it', () => expect(contains(block, address('198.18.2.53'))).toBe(false));
  test('a narrower block', () => expect(contains(block, cidr(address('198.18.1.128'), 25))).toBe(true));
  test('a wider block does not fit', () => expect(contains(block, cidr(address('198.18.0.0'), 16))).toBe(false));
  test('families do not mix', () => expect(contains(cidr(address('::'), 0), address('192.0.2.1'))).toBe(false));
  test('a prefix longer than the address is refused', () => expect(parseCidr('192.0.2.0/33')).toBeUndefined());
});
