/** What a check of signatures ends with: the four states of RFC 4033 §5, with the words that go with them. */
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { ExtendedError, Security } from '../resolve/cache.ts';

/**
 * - `secure`: a chain of signatures leads from a trust anchor to the data.
 * - `insecure`: it is proven that the chain ends above them; whoever signed them, nobody vouches for the key.
 * - `bogus`: they should be signed, and are not, or not so that it fits.
 * - `indeterminate`: no trust anchor lies above them, so nothing can be said.
 */
export type Status = Exclude<Security, 'unchecked'>;

/** The codes of RFC 8914 §4 and its registry that validation gives. */
export const EDE = {
  unsupportedAlgorithm: 1,
  unsupportedDigest: 2,
  bogus: 6,
  expired: 7,
  notYetValid: 8,
  keyMissing: 9,
  signatureMissing: 10,
  noZoneKeyBit: 11,
  proofMissing: 12,
  networkError: 23,
  nsec3Iterations: 27,
} as const;

/** A reason why something is not secure, with the code that tells a client. */
export interface Fault {
  readonly reason: Reason;
  readonly code: number;
}

export const fault = (code: number, rule: string, text: string, source: string): Fault => ({
  code,
  reason: reason(rule, text, source),
});

export const errorOf = ({ code, reason: why }: Fault): ExtendedError => ({ code, text: why.text });

/** The state of data that depends on several parts: as good as the worst of them. Of what nobody has checked nothing can be said. */
export function securityOf(parts: readonly { readonly security: Security }[]): Status {
  const states = parts.map(({ security }) => (security === 'unchecked' ? 'indeterminate' : security));
  for (const state of ['bogus', 'indeterminate', 'insecure'] as const) if (states.includes(state)) return state;
  return 'secure';
}
