/**
 * Signatures checked before. Checking one takes a thousand times longer than recalling the result, and the same key signs the
 * same records for days; a result never changes, since it depends on the octets alone.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { hexText } from '../../base/octets.ts';
import type { PublicKey } from '../record.ts';
import { algorithmOf } from './algorithms.ts';
import type { Signature, SignedRRset } from './canonical.ts';
import { signedData } from './canonical.ts';

/** Results by the hash of everything that they depend on. */
export interface SignatureMemo {
  recall(id: string): boolean | undefined;
  keep(id: string, holds: boolean): void;
}

/** A memory of at most `most` results; the oldest goes first. */
export function signatureMemo(most = 4096): SignatureMemo {
  const results = new Map<string, boolean>();
  return {
    recall: (id) => results.get(id),
    keep(id, holds) {
      const oldest = results.size >= most ? results.keys().next() : undefined;
      if (oldest && !oldest.done) results.delete(oldest.value);
      results.set(id, holds);
    },
  };
}

type Signed = Pick<SignedRRset, 'name' | 'class' | 'type' | 'records'>;

/** Whether `signature` is one over `set` by the holder of `publicKey`: the arithmetic alone, no times and no names. */
export function signatureHolds(set: Signed, signature: Signature, publicKey: PublicKey, memo?: SignatureMemo): boolean {
  const algorithm = algorithmOf(signature.algorithm);
  if (!algorithm || publicKey.algorithm !== signature.algorithm) return false;
  const data = signedData(set, signature);
  const check = (): boolean => algorithm.verify(publicKey.publicKey, data, signature.signature);
  if (!memo) return check();
  const id = hexText(sha256(concatBytes(sha256(publicKey.publicKey), sha256(data), signature.signature)));
  const known = memo.recall(id);
  if (known !== undefined) return known;
  const holds = check();
  memo.keep(id, holds);
  return holds;
}
