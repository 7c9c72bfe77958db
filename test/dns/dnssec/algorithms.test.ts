/** The historic algorithms, with keys of our own: RSA with each hash, DSA in both forms of its signatures. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { algorithmName, algorithmOf } from '../../../src/dns/dnssec/algorithms.ts';
import { fromOctets, inverse, power } from '../../../src/dns/dnssec/bigint.ts';

const octets = (number: bigint, size: number): Uint8Array => {
  const digits = number.toString(16).padStart(size * 2, '0');
  return Uint8Array.from({ length: size }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
};
const join = (...parts: readonly ArrayLike<number>[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const DATA = new TextEncoder().encode('what is signed');

describe('DSA', () => {
  // A key made for this test: 512 bits, a subgroup of 160.
  const p =
    0xe7dd7132bb80bacba618e2a108846cba7e4b6ce9a9d6bb54bc99930af257278aecbd381baab3df002151ae8ebdfa48db78735084028fda55b91c5603261e608dn;
  const q = 0x9cd6674bb83f7ed85d58bfffe0a79655419dcad7n;
  const g =
    0x705ded73dcede9c8a91b9dc81298a008020ce6d27e5fc9189b80465a902f958075c5aa90e05e8c55f16ee3a925d8f9fc78044e84f6395f0bc8ae7436011c20abn;
  const x = 0x2dd6d8d5e84783d300c51323b7c14c434713b901n;
  const publicKey = join([0], octets(q, 20), octets(p, 64), octets(g, 64), octets(power(g, x, p), 64));
  const k = 0x1234567890abcdef1234567890abcdef12345678n;
  const r = power(g, k, p) % q;
  const s = (inverse(k, q) * (fromOctets(sha1(DATA)) + x * r)) % q;
  const plain = join([0], octets(r, 20), octets(s, 20));
  const integer = (number: bigint): Uint8Array => {
    const size = Math.ceil((number.toString(2).length + 1) / 8);
    return join([2, size], octets(number, size));
  };
  const sequence = join(integer(r), integer(s));
  const der = join([0x30, sequence.length], sequence);

  test.each([3, 6])('algorithm %i takes a signature of RFC 2536 §3 and one in DER', (number) => {
    expect(algorithmOf(number)?.verify(publicKey, DATA, plain)).toBe(true);
    expect(algorithmOf(number)?.verify(publicKey, DATA, der)).toBe(true);
  });

  test.each([
    ['other data', publicKey, DATA.slice(1), plain],
    ['another signature', publicKey, DATA, join(plain.slice(0, 40), [(plain[40] as number) ^ 1])],
    ['R of 0', publicKey, DATA, join([0], octets(0n, 20), octets(s, 20))],
    ['S of the group’s order', publicKey, DATA, join([0], octets(r, 20), octets(q, 20))],
    ['no octets', publicKey, DATA, new Uint8Array(0)],
    ['DER that ends too early', publicKey, DATA, der.slice(0, -1)],
    ['a key cut short', publicKey.slice(0, -1), DATA, plain],
    ['a key of no octets', new Uint8Array(0), DATA, plain],
  ])('%s is refused', (_, key, data, signature) => {
    expect(algorithmOf(3)?.verify(key, data, signature)).toBe(false);
  });
});

describe('RSA', () => {
  // A key of 768 bits, made for this test.
  const modulus =
    0xdce178e63f1f0660ca0ad8fd5c9b85c0f0dbff1bbd8a5f40cb331014763b9489a1939c3ff79f6448d13fe00ac4e8f8199d22d7c87314dd00d66fc5d2ac8fd198ca49e6b61e71762db04c58f9fe3f4a4217791e50cefde33faf35efddbb9fd807n;
  const exponent = 65_537n;
  const d =
    0xc4515e8c7ea3cb9e71554ce17bd2fb01aed24a1ed4cb4cb82122e472db573f4148ac12df43ee964aa638f89f79be7aeb5a66dff08726463099ff09dd0ff5db5352903b7e6d3bc7cddef79d460985d02d40e0ecc227d3d32afec993a45d2adda1n;
  const size = 96;
  const publicKey = join([3], octets(exponent, 3), octets(modulus, size));
  const sign = (digestInfo: Uint8Array): Uint8Array => {
    const padding = new Uint8Array(size - 3 - digestInfo.length).fill(0xff);
    return octets(power(fromOctets(join([0, 1], padding, [0], digestInfo)), d, modulus), size);
  };
  const HASHES = {
    5: join([0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 14, 3, 2, 0x1a, 5, 0, 4, 20], sha1(DATA)),
    7: join([0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 14, 3, 2, 0x1a, 5, 0, 4, 20], sha1(DATA)),
    8: join([0x30, 0x31, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32], sha256(DATA)),
    10: join([0x30, 0x51, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 64], sha512(DATA)),
  } as const;

  test.each([5, 7, 8, 10] as const)('algorithm %i takes its own hash and no other', (number) => {
    for (const other of [5, 8, 10] as const) {
      const same = number === other || (number === 7 && other === 5);
      expect(algorithmOf(number)?.verify(publicKey, DATA, sign(HASHES[other]))).toBe(same);
    }
  });

  test('an exponent may have its length in two octets (RFC 3110 §2)', () => {
    const long = join([0, 0, 3], octets(exponent, 3), octets(modulus, size));
    expect(algorithmOf(8)?.verify(long, DATA, sign(HASHES[8]))).toBe(true);
  });

  test.each([
    ['padding that ends too early', octets(power(fromOctets(join([0, 1, 0xff, 0], HASHES[8])), d, modulus), size)],
    ['a number above the modulus', new Uint8Array(size).fill(0xff)],
    ['no octets', new Uint8Array(0)],
    ['more octets than the modulus has', join([0], sign(HASHES[8]))],
  ])('%s is refused', (_, signature) => {
    expect(algorithmOf(8)?.verify(publicKey, DATA, signature)).toBe(false);
  });

  test.each([[new Uint8Array(0)], [Uint8Array.of(3, 1)], [Uint8Array.of(0)], [join([1, 3], new Uint8Array(600).fill(255))]])(
    'octets that are no key fit nothing',
    (key) => {
      expect(algorithmOf(8)?.verify(key, DATA, sign(HASHES[8]))).toBe(false);
      expect(algorithmOf(8)?.bits(key)).toBe(0);
    },
  );

  test('the length of a key is that of its modulus', () => {
    expect(algorithmOf(8)?.bits(publicKey)).toBe(modulus.toString(2).length);
  });
});

describe('elliptic curves', () => {
  test.each([
    [13, 64],
    [14, 96],
    [15, 32],
    [16, 57],
  ])('algorithm %i: octets that are no key of it fit nothing', (number, size) => {
    const algorithm = algorithmOf(number);
    for (const key of [new Uint8Array(size).fill(255), new Uint8Array(size - 1), new Uint8Array(0)])
      expect(algorithm?.verify(key, DATA, new Uint8Array(number < 15 ? size : 2 * size).fill(1))).toBe(false);
  });
});

test('algorithms that nobody should use any more, or that are not known, cannot be checked', () => {
  for (const number of [0, 1, 2, 4, 9, 12, 253, 255]) expect(algorithmOf(number)).toBeUndefined();
  expect(algorithmName(13)).toBe('ECDSAP256SHA256');
  expect(algorithmName(12)).toBe('algorithm 12');
});
