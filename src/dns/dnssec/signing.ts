/** Making keys and signatures: ECDSA on P-256 (algorithm 13, RFC 6605), the same for the same seed, every time. */
import { p256 } from '@noble/curves/nist.js';
import { sha512 } from '@noble/hashes/sha2.js';
import type { Name } from '../name.ts';
import { key } from '../name.ts';
import type { PublicKey, RecordOf, RRset } from '../record.ts';
import { record } from '../record.ts';
import { fromOctets } from './bigint.ts';
import type { Signature } from './canonical.ts';
import { signedData, signedLabels } from './canonical.ts';
import { ENTRY_POINT, keyTag, ZONE_KEY } from './keys.ts';
import type { Memo } from './memo.ts';
import { idOf } from './memo.ts';

/** A key that can sign. */
export interface SigningKey {
  readonly zone: Name;
  readonly data: PublicKey;
  readonly keyTag: number;
  /** A number below the order of the curve, as 32 octets. It stands in for a secret: everybody may know it. */
  readonly secret: Uint8Array;
}

/** When signatures are good, in seconds since 1970, both ends included. */
export interface SignatureWindow {
  readonly inception: number;
  readonly expiration: number;
}

const ECDSA_P256 = 13;

/**
 * The key of `zone` in a role: `ksk` signs the keys and is named by the parent, `zsk` signs everything else. `seed` chooses it;
 * another seed gives another key, as after a rollover.
 */
export function signingKey(seed: string, zone: Name, role: 'ksk' | 'zsk'): SigningKey {
  const secret = secretOf(`${seed}/${key(zone)}/${role}`);
  const flags = role === 'ksk' ? ZONE_KEY | ENTRY_POINT : ZONE_KEY;
  // The first octet of the point says that both coordinates follow; DNSKEY leaves it out (RFC 6605 §4).
  const publicKey = p256.getPublicKey(secret, false).slice(1);
  const data = { flags, protocol: 3, algorithm: ECDSA_P256, publicKey };
  return { zone, data, keyTag: keyTag(data), secret };
}

/** A number from 1 to the order of the curve less 1, spread evenly, from a text. */
function secretOf(text: string): Uint8Array {
  const { n } = p256.Point.CURVE();
  const number = (fromOctets(sha512(new TextEncoder().encode(`rootwalk dnssec ${text}`))) % (n - 1n)) + 1n;
  const digits = number.toString(16).padStart(64, '0');
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}

/** Signatures made before, by what was signed and with which key. */
export type SigningMemo = Memo<Uint8Array>;

/** The RRSIG record over a set (RFC 4034 §3.1). */
export function signSet(set: RRset, by: SigningKey, window: SignatureWindow, known?: SigningMemo): RecordOf<'RRSIG'> {
  const unsigned: Signature = {
    typeCovered: set.type,
    algorithm: by.data.algorithm,
    labels: signedLabels(set.name),
    originalTtl: set.ttl,
    expiration: window.expiration >>> 0,
    inception: window.inception >>> 0,
    keyTag: by.keyTag,
    signer: by.zone,
    signature: new Uint8Array(0),
  };
  const data = signedData(set, unsigned);
  const id = known && idOf(by.secret, data);
  const before = id === undefined ? undefined : known?.recall(id);
  const signature = before ?? made(data, by.secret);
  if (id !== undefined && before === undefined) known?.keep(id, signature);
  return { ...record(set.name, 'RRSIG', set.ttl, { ...unsigned, signature }), class: set.class };
}

/** RFC 6979: the number that must never be used twice is drawn from the key and the data themselves. */
const made = (data: Uint8Array, secret: Uint8Array): Uint8Array => p256.sign(data, secret, { lowS: false });
