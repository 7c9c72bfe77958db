/** Arithmetic on large numbers, for RSA and DSA. */

/** The number that octets spell, most significant first. */
export function fromOctets(octets: Uint8Array): bigint {
  let digits = '';
  for (const octet of octets) digits += octet.toString(16).padStart(2, '0');
  return digits === '' ? 0n : BigInt(`0x${digits}`);
}

/** `base` to the power of `exponent`, modulo `modulus` (1 or more). */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** What multiplied with `a` gives 1 modulo the prime `p` (Fermat). */
export const inverse = (a: bigint, p: bigint): bigint => power(a, p - 2n, p);
