/**
 * Signatures checked and made before. Either takes a thousand times longer than recalling the result, and the same key signs
 * the same records for days; a result never changes, since it depends on the octets alone.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { hexText } from '../../base/octets.ts';
import type { PublicKey } from '../record.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import { algorithmOf } from './algorithms.ts';
import type { Signature } from './canonical.ts';
import { signedData } from './canonical.ts';

/** Results by the hash of everything that they depend on. */
export interface Memo<T> {
  recall(id: string): T | undefined;
  keep(id: string, result: T): void;
}

/** Whether signatures hold. */
export type SignatureMemo = Memo<boolean>;

/** A memory of at most `most` results; the oldest goes first. */
export function memo<T>(most = 4096): Memo<T> {
  const results = new Map<string, T>();
  return {
    recall: (id) => results.get(id),
    keep(id, result) {
      const oldest = results.size >= most ? results.keys().next() : undefined;
      if (oldest && !oldest.done) results.delete(oldest.value);
      results.set(id, result);
    },
  };
}

/** One text for several pieces of octets; equal only when all of them are. */
export const idOf = (...pieces: readonly Uint8Array[]): string => hexText(sha256(concatBytes(...pieces.map((p) => sha256(p)))));

type Signed = Pick<SignedRRset, 'name' | 'class' | 'type' | 'records'>;

/** Whether `signature` is one over `set` by the holder of `publicKey`: the arithmetic alone, no times and no names. */
export function signatureHolds(set: Signed, signature: Signature, publicKey: PublicKey, known?: SignatureMemo): boolean {
  const algorithm = algorithmOf(signature.algorithm);
  if (!algorithm || publicKey.algorithm !== signature.algorithm) return false;
  const data = signedData(set, signature);
  const check = (): boolean => algorithm.verify(publicKey.publicKey, data, signature.signature);
  if (!known) return check();
  const id = idOf(publicKey.publicKey, data, signature.signature);
  const before = known.recall(id);
  if (before !== undefined) return before;
  const holds = check();
  known.keep(id, holds);
  return holds;
}
