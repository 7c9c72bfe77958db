/** The keys of a zone: are they those that its parent, or a trust anchor, speaks for (RFC 4035 §5.2)? */
import type { Explained } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Name } from '../name.ts';
import type { DelegationSigner, PublicKey } from '../record.ts';
import { dataOf } from '../record.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import { algorithmName, algorithmOf, digestOf } from './algorithms.ts';
import { compareOctets } from './canonical.ts';
import type { CheckingAt, KnownKey, SignatureFinding, ZoneKeys } from './checkSet.ts';
import { checkSet } from './checkSet.ts';
import { ENTRY_POINT, isRevoked, isZoneKey, keyTag, namesKey } from './keys.ts';
import type { Fault } from './verdict.ts';
import { EDE, fault } from './verdict.ts';

/** Who speaks for a zone's keys: the DS set in its parent, or a trust anchor. */
export interface Vouching {
  readonly by: 'parent' | 'anchor';
  readonly signers: readonly DelegationSigner[];
  /** Keys given in full; a trust anchor may have them. */
  readonly keys: readonly PublicKey[];
}

/** One key of the DNSKEY set, as a view of the chain draws it. */
export interface KeyLine {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly flags: number;
  /** By its flags: 257 signs keys, 256 signs records (RFC 4034 §2.1.1). */
  readonly role: 'KSK' | 'ZSK';
  /** A DS record or a trust anchor names it. */
  readonly named: boolean;
}

/** One DS record, and which key of the set it names. */
export interface SignerLine {
  readonly signer: DelegationSigner;
  /** The tag of the key that has this hash; undefined when no key has. */
  readonly names: number | undefined;
}

export interface KeysVerdict {
  readonly status: 'secure' | 'insecure' | 'bogus';
  /** Present when secure. */
  readonly keys: ZoneKeys | undefined;
  readonly lines: readonly KeyLine[];
  readonly signers: readonly SignerLine[];
  /** The signatures over the DNSKEY set. */
  readonly signatures: readonly SignatureFinding[];
  /** How long the keys may be kept, in seconds. */
  readonly ttl: number;
  readonly fault: Fault | undefined;
}

/** What of the resolver's settings bears on keys. */
export interface KeyRules extends CheckingAt {
  /** Every algorithm of the DS set must have signed. */
  readonly hardenAlgorithmDowngrade: boolean;
  /** Keys that are missing where they must be are a fault, not a sign of an unsigned zone. */
  readonly hardenStripped: boolean;
}

/** Judges the DNSKEY set of `zone`; `set` is undefined when there was none to be had. */
export function judgeKeys(zone: Name, set: SignedRRset | undefined, vouching: Vouching, rules: KeyRules): Explained<KeysVerdict> {
  const usable = usableSigners(vouching.signers);
  const givenKeys = vouching.keys.filter((k) => algorithmOf(k.algorithm));
  if (usable.length === 0 && givenKeys.length === 0) return unsupported(zone, vouching);
  const keys = (set?.records ?? []).flatMap((r) => dataOf(r, 'DNSKEY') ?? []).map((data) => ({ keyTag: keyTag(data), data }));
  if (!set || keys.length === 0) return missing(zone, vouching, rules);
  const named = keys.filter(({ data }) => isNamed(zone, data, usable, givenKeys));
  const lines = keys.map((k) => line(k, named));
  const signers = vouching.signers.map((signer) => ({ signer, names: keys.find((k) => namesKey(zone, signer, k.data))?.keyTag }));
  const shown = { lines, signers };
  const points = named.filter(({ data }) => isZoneKey(data) && !isRevoked(data));
  if (points.length === 0) return failed(unnamed(zone, vouching, named, keys), shown, vouching, rules);
  const required = rules.hardenAlgorithmDowngrade ? algorithmsOf(usable, givenKeys) : [];
  const checked = checkSet(set, { zone, keys: points, required }, rules);
  const { signatures, ttl } = checked.value;
  if (checked.value.status === 'bogus') return failed(checked.value.fault as Fault, { ...shown, signatures }, vouching, rules);
  const whole: ZoneKeys = { zone, keys: keys.filter(({ data }) => isZoneKey(data) && !isRevoked(data)), required };
  const speaks = vouching.by === 'anchor' ? 'A trust anchor names' : 'The parent’s DS record names';
  const text = `${speaks} the key ${points[0]?.keyTag} of ${zone}, and that key signs all the others.`;
  return {
    value: { status: 'secure', keys: whole, ...shown, signatures, ttl, fault: undefined },
    reasons: [reason('keys-secure', text, 'RFC 4035 §5.2')],
  };
}

/**
 * The DS records that count: algorithm and digest are known, and a SHA-1 digest only where there is no better one for that
 * algorithm (RFC 4509 §3).
 */
export function usableSigners(signers: readonly DelegationSigner[]): DelegationSigner[] {
  const known = signers.filter((ds) => algorithmOf(ds.algorithm) && digestOf(ds.digestType));
  return known.filter(
    (ds) => ds.digestType !== 1 || !known.some((other) => other.algorithm === ds.algorithm && other.digestType > 1),
  );
}

/** Whether the parent's DS set can be used at all; if not, the zone counts as unsigned (RFC 4035 §5.2). */
export function signersFault(zone: Name, signers: readonly DelegationSigner[]): Fault | undefined {
  if (usableSigners(signers).length > 0) return undefined;
  const unknown = signers.find((ds) => !algorithmOf(ds.algorithm));
  const text = unknown
    ? `The keys of ${zone} are of a kind that is not known here (${algorithmName(unknown.algorithm)}), so it counts as unsigned.`
    : `The DS records of ${zone} use a digest that is not known here, so it counts as unsigned.`;
  return fault(unknown ? EDE.unsupportedAlgorithm : EDE.unsupportedDigest, 'unknown-algorithm', text, 'RFC 4035 §5.2');
}

const algorithmsOf = (signers: readonly DelegationSigner[], keys: readonly PublicKey[]): number[] => [
  ...new Set([...signers, ...keys].map((one) => one.algorithm)),
];

const isNamed = (zone: Name, data: PublicKey, signers: readonly DelegationSigner[], keys: readonly PublicKey[]): boolean =>
  signers.some((ds) => namesKey(zone, ds, data)) ||
  keys.some((k) => k.algorithm === data.algorithm && compareOctets(k.publicKey, data.publicKey) === 0);

const line = (known: KnownKey, named: readonly KnownKey[]): KeyLine => ({
  keyTag: known.keyTag,
  algorithm: known.data.algorithm,
  flags: known.data.flags,
  role: (known.data.flags & ENTRY_POINT) === 0 ? 'ZSK' : 'KSK',
  named: named.includes(known),
});

const EMPTY = { keys: undefined, lines: [], signers: [], signatures: [], ttl: 0 } as const;

function unsupported(zone: Name, vouching: Vouching): Explained<KeysVerdict> {
  const why =
    signersFault(zone, vouching.signers) ??
    fault(EDE.unsupportedAlgorithm, 'unknown-algorithm', `The trust anchor of ${zone} is of an unknown kind.`, 'RFC 4035 §5.2');
  return { value: { ...EMPTY, status: 'insecure', signers: unfit(vouching), fault: why }, reasons: [why.reason] };
}

function missing(zone: Name, vouching: Vouching, rules: KeyRules): Explained<KeysVerdict> {
  const text = `${zone} must have keys, since there is a hash of one, but its DNSKEY set is not to be had.`;
  return failed(fault(EDE.keyMissing, 'keys-missing', text, 'RFC 4035 §5.2'), { signers: unfit(vouching) }, vouching, rules);
}

/** What is vouched for, when there is no key to hold it against. */
const unfit = ({ signers }: Vouching): SignerLine[] => signers.map((signer) => ({ signer, names: undefined }));

/** Keys that must be there and are not, or do not fit. Only at a trust anchor may the settings let that pass. */
function failed(why: Fault, shown: Partial<KeysVerdict>, vouching: Vouching, rules: KeyRules): Explained<KeysVerdict> {
  const bogus: KeysVerdict = { ...EMPTY, ...shown, status: 'bogus', fault: why };
  if (rules.hardenStripped || vouching.by === 'parent') return { value: bogus, reasons: [why.reason] };
  const lenient = reason('stripped', 'By its settings the resolver takes the zone for unsigned then.');
  return { value: { ...bogus, status: 'insecure' }, reasons: [why.reason, lenient] };
}

/** Why no key is fit to start from. */
function unnamed(zone: Name, vouching: Vouching, named: readonly KnownKey[], keys: readonly KnownKey[]): Fault {
  const revoked = named.find(({ data }) => isRevoked(data));
  if (revoked)
    return fault(EDE.keyMissing, 'key-revoked', `The key ${revoked.keyTag} of ${zone} has been revoked.`, 'RFC 5011 §2.1');
  if (named.length > 0)
    return fault(
      EDE.noZoneKeyBit,
      'no-zone-key',
      `The key ${named[0]?.keyTag} of ${zone} does not say that it may sign zones.`,
      'RFC 4034 §2.1.1',
    );
  const wanted = [...vouching.signers, ...vouching.keys].map((one) => ('keyTag' in one ? one.keyTag : keyTag(one)));
  const text = `No key of ${zone} has the hash that is vouched for: wanted ${list(wanted)}, found ${list(keys.map((k) => k.keyTag))}.`;
  return fault(EDE.keyMissing, 'no-key-fits', text, 'RFC 4035 §5.2');
}

const list = (tags: readonly number[]): string => [...new Set(tags)].join(', ');
