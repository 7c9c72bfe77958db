/** DSA signatures (RFC 2536): nobody makes them any more (RFC 8624 §3.1), but the records of old tests carry them. */
import { fromOctets, inverse, power } from './bigint.ts';

/** Checks a DSA signature, in the form of RFC 2536 §3 or in DER, over `digest`, the SHA-1 hash of the data. */
export function verifyDsa(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const found = dsaKey(publicKey);
  const pair = found && (plainPair(signature) ?? derPair(signature));
  if (!found || !pair) return false;
  const { p, q, g, y } = found;
  const { r, s } = pair;
  if (r <= 0n || r >= q || s <= 0n || s >= q) return false;
  const w = inverse(s, q);
  const u1 = (fromOctets(digest) * w) % q;
  const u2 = (r * w) % q;
  return ((power(g, u1, p) * power(y, u2, p)) % p) % q === r;
}

interface DsaKey {
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly y: bigint;
}

/** RFC 2536 §2: one octet T, then Q (20 octets), P, G and Y (64 + 8 T octets each). */
function dsaKey(octets: Uint8Array): DsaKey | undefined {
  const t = octets[0] ?? 255;
  const size = 64 + t * 8;
  if (t > 8 || octets.length !== 21 + 3 * size) return undefined;
  const part = (i: number): bigint => fromOctets(octets.subarray(21 + i * size, 21 + (i + 1) * size));
  const q = fromOctets(octets.subarray(1, 21));
  const p = part(0);
  return q > 1n && p > 1n ? { q, p, g: part(1), y: part(2) } : undefined;
}

interface Pair {
  readonly r: bigint;
  readonly s: bigint;
}

/** RFC 2536 §3: T, then R and S of 20 octets each. */
function plainPair(octets: Uint8Array): Pair | undefined {
  if (octets.length !== 41) return undefined;
  return { r: fromOctets(octets.subarray(1, 21)), s: fromOctets(octets.subarray(21)) };
}

/** A DER sequence of two integers, as OpenSSL writes signatures and early signing tools copied them. */
function derPair(octets: Uint8Array): Pair | undefined {
  if (octets[0] !== 0x30 || octets[1] !== octets.length - 2) return undefined;
  const r = derInteger(octets, 2);
  const s = r && derInteger(octets, r.end);
  return s && s.end === octets.length ? { r: r.value, s: s.value } : undefined;
}

function derInteger(octets: Uint8Array, at: number): { value: bigint; end: number } | undefined {
  const length = octets[at + 1] ?? 0;
  const end = at + 2 + length;
  if (octets[at] !== 2 || length === 0 || end > octets.length) return undefined;
  return { value: fromOctets(octets.subarray(at + 2, end)), end };
}
