/** The signature algorithms and digests of DNSSEC (IANA, "DNS Security Algorithm Numbers"; RFC 8624 §3). */
import { ed448 } from '@noble/curves/ed448.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { verifyDsa } from './dsa.ts';
import type { RsaHash } from './rsa.ts';
import { rsaBits, verifyRsa } from './rsa.ts';

export interface Algorithm {
  /** The mnemonic: "ECDSAP256SHA256". */
  readonly name: string;
  /** Whether `signature` is one over `data` by the holder of this key. Octets that are no key or no signature: false. */
  verify(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean;
  /** How long the key is, in bits. */
  bits(publicKey: Uint8Array): number;
}

/** An algorithm by its number; undefined for one that we cannot check. */
export const algorithmOf = (number: number): Algorithm | undefined => ALGORITHMS.get(number);

/** The mnemonic of an algorithm, or its number when we do not know it. */
export const algorithmName = (number: number): string => ALGORITHMS.get(number)?.name ?? `algorithm ${number}`;

const rsa = (name: string, hash: RsaHash): Algorithm => ({
  name,
  verify: (publicKey, data, signature) => verifyRsa(hash, publicKey, data, signature),
  bits: rsaBits,
});

const dsa = (name: string): Algorithm => ({
  name,
  verify: (publicKey, data, signature) => verifyDsa(publicKey, sha1(data), signature),
  bits: (publicKey) => 512 + (publicKey[0] ?? 0) * 64,
});

/** RFC 6605 §4: the key is a point without the octet that says so; any S counts, low or high. */
const ecdsa = (name: string, curve: typeof p256, bits: number): Algorithm => ({
  name,
  verify: (publicKey, data, signature) =>
    publicKey.length === bits / 4 &&
    signature.length === bits / 4 &&
    held(() => curve.verify(signature, data, Uint8Array.from([4, ...publicKey]), { lowS: false })),
  bits: () => bits,
});

/** RFC 8080 §3, §4. */
const eddsa = (name: string, curve: typeof ed25519 | typeof ed448, size: number): Algorithm => ({
  name,
  verify: (publicKey, data, signature) =>
    publicKey.length === size && signature.length === 2 * size && held(() => curve.verify(signature, data, publicKey)),
  bits: () => size * 8,
});

/** The library throws on octets that are no point of the curve; to us that is a signature that does not fit. */
function held(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

/** DER, as RFC 8017 §9.2 (note 1) gives it. */
const der = (...octets: readonly number[]): Uint8Array => Uint8Array.from(octets);
const SHA1: RsaHash = { digest: sha1, prefix: der(0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 14, 3, 2, 0x1a, 5, 0, 4, 0x14) };
const sha2Prefix = (total: number, id: number, size: number): Uint8Array =>
  der(0x30, total, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, id, 5, 0, 4, size);
const SHA256: RsaHash = { digest: sha256, prefix: sha2Prefix(0x31, 1, 0x20) };
const SHA512: RsaHash = { digest: sha512, prefix: sha2Prefix(0x51, 3, 0x40) };

const ALGORITHMS: ReadonlyMap<number, Algorithm> = new Map([
  [3, dsa('DSA')],
  [5, rsa('RSASHA1', SHA1)],
  [6, dsa('DSA-NSEC3-SHA1')],
  [7, rsa('RSASHA1-NSEC3-SHA1', SHA1)],
  [8, rsa('RSASHA256', SHA256)],
  [10, rsa('RSASHA512', SHA512)],
  [13, ecdsa('ECDSAP256SHA256', p256, 256)],
  [14, ecdsa('ECDSAP384SHA384', p384, 384)],
  [15, eddsa('ED25519', ed25519, 32)],
  [16, eddsa('ED448', ed448, 57)],
]);

/** How a DS record hashes a key, by digest type; undefined for one that we do not know (IANA, "Digest Algorithms"). */
export const digestOf = (digestType: number): ((data: Uint8Array) => Uint8Array) | undefined => DIGESTS.get(digestType);

const DIGESTS: ReadonlyMap<number, (data: Uint8Array) => Uint8Array> = new Map([
  [1, sha1],
  [2, sha256],
  [4, sha384],
]);
