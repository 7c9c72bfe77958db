/** Keys, the short numbers they go by, and the hashes by which a parent names them (RFC 4034 §2, §5, App. B). */
import { concatBytes } from '@noble/hashes/utils.js';
import type { Name } from '../name.ts';
import type { DelegationSigner, PublicKey } from '../record.ts';
import { encodeData } from '../wire/nameOctets.ts';
import { digestOf } from './algorithms.ts';
import { canonicalName, compareOctets } from './canonical.ts';

/** Flags of a DNSKEY record: a key of the zone; revoked (RFC 5011 §2.1); meant to be named by the parent ("secure entry point"). */
export const ZONE_KEY = 0x0100;
export const REVOKED = 0x0080;
export const ENTRY_POINT = 0x0001;

/** The key tag: RDATA summed up in 16-bit words, the carry added once more (RFC 4034 App. B). */
export function keyTag(publicKey: PublicKey): number {
  const octets = encodeData('DNSKEY', publicKey);
  // RSA/MD5 takes the third and second octets from the end instead (RFC 4034 App. B.1).
  if (publicKey.algorithm === 1) return ((octets.at(-3) ?? 0) << 8) | (octets.at(-2) ?? 0);
  let sum = 0;
  for (let i = 0; i < octets.length; i++) sum += (octets[i] as number) << (i % 2 === 0 ? 8 : 0);
  return (sum + (sum >> 16)) & 0xffff;
}

/** The digest of a key as a DS record gives it (RFC 4034 §5.1.4); undefined for a digest type that we do not know. */
export function keyDigest(zone: Name, publicKey: PublicKey, digestType: number): Uint8Array | undefined {
  return digestOf(digestType)?.(concatBytes(canonicalName(zone), encodeData('DNSKEY', publicKey)));
}

/** The DS data by which the parent of `zone` names this key; undefined for a digest type that we do not know. */
export function delegationSigner(zone: Name, publicKey: PublicKey, digestType = 2): DelegationSigner | undefined {
  const digest = keyDigest(zone, publicKey, digestType);
  return digest && { keyTag: keyTag(publicKey), algorithm: publicKey.algorithm, digestType, digest };
}

/** Whether a DS record names this key: same tag, algorithm and digest. */
export function namesKey(zone: Name, ds: DelegationSigner, publicKey: PublicKey): boolean {
  if (ds.algorithm !== publicKey.algorithm || ds.keyTag !== keyTag(publicKey)) return false;
  const digest = keyDigest(zone, publicKey, ds.digestType);
  return digest !== undefined && compareOctets(digest, ds.digest) === 0;
}

/** Whether a key may sign the records of a zone: the flag says so, and the protocol is 3 (RFC 4034 §2.1.1, §2.1.2). */
export const isZoneKey = (publicKey: PublicKey): boolean => (publicKey.flags & ZONE_KEY) !== 0 && publicKey.protocol === 3;

export const isRevoked = (publicKey: PublicKey): boolean => (publicKey.flags & REVOKED) !== 0;
