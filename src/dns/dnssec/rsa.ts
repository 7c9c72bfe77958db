/** RSA signatures as DNSSEC uses them: PKCS #1 v1.5 (RFC 8017 §8.2.2), keys as in RFC 3110 §2. */
import { fromOctets, power } from './bigint.ts';
import { compareOctets } from './canonical.ts';

/** The hash of the data, and the octets that stand before it inside a signature (RFC 8017 §9.2, note 1). */
export interface RsaHash {
  readonly digest: (data: Uint8Array) => Uint8Array;
  readonly prefix: Uint8Array;
}

interface RsaKey {
  readonly exponent: bigint;
  readonly modulus: bigint;
  /** Octets of the modulus. */
  readonly size: number;
}

/** The longest modulus that RFC 3110 §2 allows, in octets. */
const LONGEST = 512;

export function verifyRsa(hash: RsaHash, publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  const found = rsaKey(publicKey);
  if (!found || signature.length > found.size) return false;
  const number = fromOctets(signature);
  if (number >= found.modulus) return false;
  const expected = padded(hash, hash.digest(data), found.size);
  return (
    expected !== undefined && compareOctets(toOctets(power(number, found.exponent, found.modulus), found.size), expected) === 0
  );
}

/** How long the modulus of a key is, in bits; 0 when the octets are no key. */
export const rsaBits = (publicKey: Uint8Array): number => rsaKey(publicKey)?.modulus.toString(2).length ?? 0;

function rsaKey(octets: Uint8Array): RsaKey | undefined {
  const short = octets[0] ?? 0;
  const start = short === 0 ? 3 : 1;
  const length = short === 0 ? ((octets[1] ?? 0) << 8) | (octets[2] ?? 0) : short;
  const modulus = fromOctets(octets.subarray(start + length));
  const size = Math.ceil(modulus.toString(16).length / 2);
  if (length === 0 || length > LONGEST || modulus < 2n || size > LONGEST) return undefined;
  return { exponent: fromOctets(octets.subarray(start, start + length)), modulus, size };
}

/** 00 01 FF … FF 00, the prefix and the digest; undefined when the modulus is too short for them. */
function padded(hash: RsaHash, digest: Uint8Array, size: number): Uint8Array | undefined {
  const tail = hash.prefix.length + digest.length;
  if (size < tail + 11) return undefined;
  const out = new Uint8Array(size).fill(0xff);
  out[0] = 0;
  out[1] = 1;
  out[size - tail - 1] = 0;
  out.set(hash.prefix, size - tail);
  out.set(digest, size - digest.length);
  return out;
}

function toOctets(number: bigint, size: number): Uint8Array {
  const digits = number.toString(16).padStart(size * 2, '0');
  return Uint8Array.from({ length: size }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}
