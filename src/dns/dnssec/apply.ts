/** Between a resolver's settings and the validator, and between a verdict and what the resolver keeps and shows. */
import type { Instant } from '../../base/time.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import type { ValidationSettings } from '../resolve/settings.ts';
import type { TrustAnchors } from './anchors.ts';
import { readTrustAnchors } from './anchors.ts';
import type { ValidationRules, Verdict } from './chain.ts';
import type { SignatureMemo } from './memo.ts';
import { memo } from './memo.ts';

/** What a resolver needs besides its settings: the anchors read from them, and the signatures that it has checked before. */
export interface Validator {
  readonly anchors: TrustAnchors;
  readonly memo: SignatureMemo;
}

/** What a resolver with these settings checks with; made once for each. */
export function validatorOf(settings: ValidationSettings): Validator {
  const known = validators.get(settings) ?? {
    anchors: readTrustAnchors(settings.trustAnchors, settings.insecureZones).anchors,
    memo: memo<boolean>(),
  };
  validators.set(settings, known);
  return known;
}

const validators = new WeakMap<ValidationSettings, Validator>();

/** The rules for a validation at an instant. Without a date in the settings the run's own clock counts. */
export const validationRules = (settings: ValidationSettings, { anchors, memo }: Validator, at: Instant): ValidationRules => ({
  anchors,
  memo,
  date: settings.date ?? settings.startDate + Math.floor(at / 1_000_000),
  hardenStripped: settings.hardenStripped,
  hardenAlgorithmDowngrade: settings.hardenAlgorithmDowngrade,
  nsec3Iterations: settings.nsec3Iterations,
});

/**
 * The sets of one section as they are kept and shown after the verdict: of a secure reply no longer than their signatures allow
 * (RFC 4035 §5.3.3), and without what could not be checked.
 */
export function judgedSets<S extends SignedRRset>(sets: readonly S[], { status, good, unchecked }: Verdict): readonly S[] {
  if (status !== 'secure') return sets;
  const ttls = new Map(good.map(({ set, ttl }) => [set, ttl]));
  return sets
    .filter((set) => !unchecked.includes(set))
    .map((set) => {
      const ttl = ttls.get(set) ?? set.ttl;
      return ttl < set.ttl ? { ...set, ttl } : set;
    });
}
