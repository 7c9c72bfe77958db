/** One RRset against the keys of its zone: does a signature fit, and is now its time (RFC 4035 §5.3)? */
import type { Explained } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Name } from '../name.ts';
import { isSubdomain, sameName } from '../name.ts';
import { signatureTimeText } from '../presentation/signatureTime.ts';
import type { PublicKey, RecordType, ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import { algorithmName, algorithmOf } from './algorithms.ts';
import type { Signature } from './canonical.ts';
import { signedLabels, wildcardOf } from './canonical.ts';
import type { SignatureMemo } from './memo.ts';
import { signatureHolds } from './memo.ts';
import type { Fault } from './verdict.ts';
import { EDE, fault } from './verdict.ts';

/** The keys of a zone, found to be its own. */
export interface ZoneKeys {
  readonly zone: Name;
  readonly keys: readonly KnownKey[];
  /** Algorithms that must all have signed; one signature that fits is enough when there are none (RFC 6840 §5.11). */
  readonly required: readonly number[];
}

export interface KnownKey {
  readonly keyTag: number;
  readonly data: PublicKey;
}

/** The instant of a check, and what was checked before. */
export interface CheckingAt {
  /** Seconds since 1970. */
  readonly date: number;
  readonly memo?: SignatureMemo | undefined;
}

/** What was found out about one signature. */
export interface SignatureFinding {
  readonly typeCovered: RecordType;
  readonly signer: Name;
  readonly keyTag: number;
  readonly algorithm: number;
  readonly inception: number;
  readonly expiration: number;
  /** Absent when the signature fits. */
  readonly fault?: Fault;
}

export interface SetVerdict {
  readonly status: 'secure' | 'bogus';
  /** How long the set may be kept, in seconds (RFC 4035 §5.3.3); 0 for a bogus one. */
  readonly ttl: number;
  /** The wildcard that the set was made from. */
  readonly wildcard: Name | undefined;
  /** Every signature that was looked at. */
  readonly signatures: readonly SignatureFinding[];
  /** Why it is bogus. */
  readonly fault: Fault | undefined;
}

/** No set has so many that more would have to be tried: a bound on what a hostile zone can make us calculate. */
const MAX_CHECKS = 16;

/** Checks `set` against the keys of the zone that must have signed it. */
export function checkSet(set: SignedRRset, keys: ZoneKeys, at: CheckingAt): Explained<SetVerdict> {
  const findings: SignatureFinding[] = [];
  const good = new Map<number, { signature: Signature; record: ResourceRecord }>();
  const budget = { checks: MAX_CHECKS };
  for (const record of set.signatures) {
    const signature = dataOf(record, 'RRSIG');
    if (!signature || signature.typeCovered !== set.type || good.has(signature.algorithm)) continue;
    const problem = misfit(set, signature, keys, at, budget);
    findings.push({ ...about(signature), ...(problem ? { fault: problem } : {}) });
    if (problem) continue;
    good.set(signature.algorithm, { signature, record });
    if (keys.required.length === 0) break;
  }
  const missing = keys.required.find((number) => !good.has(number));
  const first = good.values().next().value;
  if (!first || missing !== undefined) {
    const why = !first ? overall(set, keys, findings) : algorithmMissing(set, missing as number);
    return { value: { status: 'bogus', ttl: 0, wildcard: undefined, signatures: findings, fault: why }, reasons: [why.reason] };
  }
  const { signature, record } = first;
  const wildcard = wildcardOf(set.name, signature);
  const text = `${set.name} ${set.type} carries a signature that the key ${signature.keyTag} of ${keys.zone} has made.`;
  return {
    value: { status: 'secure', ttl: ttlOf(set, signature, record, at), wildcard, signatures: findings, fault: undefined },
    reasons: [reason('signature-fits', text, 'RFC 4035 §5.3')],
  };
}

const about = (s: Signature): Omit<SignatureFinding, 'fault'> => ({
  typeCovered: s.typeCovered,
  signer: s.signer,
  keyTag: s.keyTag,
  algorithm: s.algorithm,
  inception: s.inception,
  expiration: s.expiration,
});

/** What is wrong with one signature; undefined when it fits. */
function misfit(
  set: SignedRRset,
  signature: Signature,
  keys: ZoneKeys,
  at: CheckingAt,
  budget: { checks: number },
): Fault | undefined {
  if (!sameName(signature.signer, keys.zone))
    return fault(
      EDE.keyMissing,
      'other-signer',
      `${set.name} ${set.type} is signed by ${signature.signer}, not by ${keys.zone}, whose name it is.`,
      'RFC 4035 §5.3.1',
    );
  if (!isSubdomain(set.name, keys.zone) || signature.labels > signedLabels(set.name))
    return fault(
      EDE.bogus,
      'too-many-labels',
      `The signature over ${set.name} ${set.type} is not for that name.`,
      'RFC 4035 §5.3.1',
    );
  if (!algorithmOf(signature.algorithm))
    return fault(
      EDE.unsupportedAlgorithm,
      'unknown-algorithm',
      `The signature uses ${algorithmName(signature.algorithm)}, which is not known here.`,
      'RFC 4035 §5.2',
    );
  const candidates = keys.keys.filter((k) => k.keyTag === signature.keyTag && k.data.algorithm === signature.algorithm);
  if (candidates.length === 0)
    return fault(
      EDE.keyMissing,
      'key-missing',
      `The key ${signature.keyTag}, which signed ${set.name} ${set.type}, is not in ${keys.zone}’s DNSKEY set.`,
      'RFC 4035 §5.3.1',
    );
  const outOfTime = untimely(set, signature, at.date);
  if (outOfTime) return outOfTime;
  for (const candidate of candidates) {
    if (budget.checks-- <= 0) break;
    if (signatureHolds(set, signature, candidate.data, at.memo)) return undefined;
  }
  const text = `The signature over ${set.name} ${set.type} does not fit: the records are not those that were signed.`;
  return fault(EDE.bogus, 'signature-broken', text, 'RFC 4035 §5.3.3');
}

/** Whether `date` lies outside of the signature's time, compared as serial numbers (RFC 4034 §3.1.5). */
function untimely(set: SignedRRset, { inception, expiration }: Signature, date: number): Fault | undefined {
  const what = `The signature over ${set.name} ${set.type}`;
  if (serialDistance(inception, expiration) < 0)
    return fault(EDE.bogus, 'expired-before-valid', `${what} ends before it begins.`, 'RFC 4034 §3.1.5');
  if (serialDistance(expiration, date) > 0)
    return fault(EDE.expired, 'signature-expired', `${what} was good until ${timeText(expiration)} only.`, 'RFC 4035 §5.3.1');
  if (serialDistance(date, inception) > 0)
    return fault(
      EDE.notYetValid,
      'signature-not-yet-valid',
      `${what} is good from ${timeText(inception)} on only.`,
      'RFC 4035 §5.3.1',
    );
  return undefined;
}

/** How far it is from `a` to `b`, both modulo 2^32: negative when `b` comes first (RFC 1982 §3.2). */
export const serialDistance = (a: number, b: number): number => (b - a) | 0;

/** "2007-09-26 13:41:50", coordinated universal time. */
const timeText = (seconds: number): string =>
  signatureTimeText(seconds).replace(/^(\d+)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6');

/** Why no signature of a set fits: the fault of the signature that came closest, or that there is none. */
function overall(set: SignedRRset, keys: ZoneKeys, findings: readonly SignatureFinding[]): Fault {
  if (findings.length === 0)
    return fault(
      EDE.signatureMissing,
      'signature-missing',
      `${set.name} ${set.type} carries no signature, though ${keys.zone} is signed.`,
      'RFC 4035 §5.2',
    );
  const faults = findings.flatMap((found) => found.fault ?? []);
  for (const code of [EDE.bogus, EDE.expired, EDE.notYetValid, EDE.keyMissing])
    for (const found of faults) if (found.code === code) return found;
  return faults[0] as Fault;
}

const algorithmMissing = (set: SignedRRset, number: number): Fault =>
  fault(
    EDE.signatureMissing,
    'algorithm-missing',
    `${set.name} ${set.type} lacks a signature by ${algorithmName(number)}, which its zone promises: somebody may have taken it away.`,
    'RFC 6840 §5.11',
  );

/** The least of: what the set says, what its signature says, what was signed, what is left of the signature's time (RFC 4035 §5.3.3). */
function ttlOf(set: SignedRRset, signature: Signature, record: ResourceRecord, { date }: CheckingAt): number {
  return Math.max(0, Math.min(set.ttl, record.ttl, signature.originalTtl, serialDistance(date, signature.expiration)));
}
