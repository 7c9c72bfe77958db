/** Denial of existence: what checked NSEC or NSEC3 records of one zone prove (RFC 4035 §5.4, RFC 5155 §8). */
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Name } from '../name.ts';
import { ancestor, join, labelCount, ROOT } from '../name.ts';
import type { RecordType } from '../record.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import type { NsecProof } from './nsec.ts';
import { findNsec, isParentSide, lacksType, nsecProof } from './nsec.ts';
import type { Nsec3Finding, Nsec3Proof } from './nsec3.ts';
import { coveringNsec3, findNsec3, nsec3Proof, sameParameters } from './nsec3.ts';
import type { Fault } from './verdict.ts';
import { EDE, fault } from './verdict.ts';

/** The proofs of one zone that a response carries. */
export interface Proofs {
  readonly zone: Name;
  readonly nsec: readonly NsecProof[];
  readonly nsec3: readonly Nsec3Proof[];
  /** The NSEC3 records ask for more hashing than the resolver is willing to do (RFC 9276 §3.2). */
  readonly excessive: boolean;
}

/** Gathers the proofs among sets of `zone` whose signatures fit. More than `mostIterations` rounds are not calculated. */
export function proofsOf(zone: Name, sets: readonly SignedRRset[], mostIterations: number): Proofs {
  const nsec = sets.flatMap((set) => (set.type === 'NSEC' ? (nsecProof(zone, set) ?? []) : []));
  const nsec3 = sameParameters(sets.flatMap((set) => (set.type === 'NSEC3' ? (nsec3Proof(zone, set) ?? []) : [])));
  const excessive = nsec3.some((p) => p.iterations > mostIterations);
  return { zone, nsec, nsec3: excessive ? [] : nsec3, excessive };
}

/**
 * - `secure`: proven. `insecure`: it may be so, but the zone signs that it does not say (an opt-out, too many iterations).
 * - `no`: not proven.
 */
export interface Denial {
  readonly holds: 'secure' | 'insecure' | 'no';
  readonly reasons: readonly Reason[];
  /** The sets that made the proof. */
  readonly used: readonly SignedRRset[];
  readonly fault?: Fault;
}

/** That `name` does not exist, and no wildcard stands for it (RFC 4035 §5.4, RFC 5155 §8.4). */
export function proveNoName(proofs: Proofs, name: Name): Denial {
  const found = findNsec(proofs.nsec, name);
  if (found?.kind === 'missing') {
    const star = findNsec(proofs.nsec, wildcardAt(found.encloser));
    if (star?.kind === 'missing') return proven(`${name} does not exist, nor a wildcard for it`, found.proof, star.proof);
    return unproven(
      proofs,
      'wildcard-not-denied',
      `It is not shown that the wildcard ${wildcardAt(found.encloser)} does not exist.`,
    );
  }
  const hashed = findNsec3(proofs.nsec3, proofs.zone, name);
  if (hashed?.kind === 'missing') {
    const star = coveringNsec3(proofs.nsec3, wildcardAt(hashed.encloser));
    if (!star)
      return unproven(
        proofs,
        'wildcard-not-denied',
        `It is not shown that the wildcard ${wildcardAt(hashed.encloser)} does not exist.`,
      );
    return provenByHash(`${name} does not exist, nor a wildcard for it`, hashed, star);
  }
  return proofs.excessive ? excessive() : unproven(proofs, 'name-not-denied', `It is not shown that ${name} does not exist.`);
}

/** That `name` exists, by itself or by a wildcard, and has no records of `type` (RFC 4035 §5.4, RFC 5155 §8.5 to §8.7). */
export function proveNoType(proofs: Proofs, name: Name, type: RecordType): Denial {
  const text = `${name} has no ${type} records`;
  const found = findNsec(proofs.nsec, name);
  if (found?.kind === 'empty') return proven(`${name} holds nothing, names below it do`, found.proof);
  if (found?.kind === 'exists' && lacksType(found.proof.types, type, name)) return proven(text, found.proof);
  if (found?.kind === 'missing') {
    const star = findNsec(proofs.nsec, wildcardAt(found.encloser));
    if (star?.kind === 'empty') return proven(text, found.proof, star.proof);
    if (star?.kind === 'exists' && lacksType(star.proof.types, type, star.proof.owner))
      return proven(`${text}: the wildcard that stands for it has none`, found.proof, star.proof);
  }
  return found
    ? unproven(proofs, 'type-not-denied', `It is not shown that ${name} has no ${type} records.`)
    : noTypeByHash(proofs, name, type);
}

function noTypeByHash(proofs: Proofs, name: Name, type: RecordType): Denial {
  const text = `${name} has no ${type} records`;
  const found = findNsec3(proofs.nsec3, proofs.zone, name);
  if (found?.kind === 'exists' && lacksType(found.proof.types, type, name)) return proven(text, found.proof);
  if (found?.kind === 'missing') {
    const star = findNsec3(proofs.nsec3, proofs.zone, wildcardAt(found.encloser));
    if (star?.kind === 'exists' && lacksType(star.proof.types, type, wildcardAt(found.encloser)))
      return provenByHash(`${text}: the wildcard that stands for it has none`, found, star.proof);
    if (found.optOut) return optedOut(found);
  }
  return proofs.excessive
    ? excessive()
    : unproven(proofs, 'type-not-denied', `It is not shown that ${name} has no ${type} records.`);
}

/** That nothing stands nearer to `name` than the wildcard that the answer was made from (RFC 4035 §5.3.4, RFC 5155 §8.8). */
export function proveNoCloser(proofs: Proofs, name: Name, wildcard: Name): Denial {
  const depth = labelCount(wildcard) - 1;
  const found = findNsec(proofs.nsec, name);
  const text = `nothing stands nearer to ${name} than ${wildcard} does`;
  if (found?.kind === 'missing' && labelCount(found.encloser) === depth) return proven(text, found.proof);
  const covering = coveringNsec3(proofs.nsec3, ancestor(name, depth + 1));
  if (covering) return covering.optOut ? optedOut({ proofs: [covering] }) : proven(text, covering);
  const missing = `It is not shown that nothing stands nearer to ${name} than ${wildcard} does.`;
  return proofs.excessive ? excessive() : unproven(proofs, 'wildcard-not-proven', missing);
}

/** What is proven about a delegation at `name`. */
export type Cut =
  /** There is a zone cut, and the child zone is not signed. */
  | {
      readonly kind: 'unsigned';
      readonly reasons: readonly Reason[];
      readonly used: readonly SignedRRset[];
      readonly fault?: Fault;
    }
  /** There is no zone cut at this name. */
  | { readonly kind: 'none'; readonly reasons: readonly Reason[]; readonly used: readonly SignedRRset[] }
  | { readonly kind: 'unproven'; readonly fault: Fault };

/** What the proofs of a response without a DS set say about a delegation at `name` (RFC 4035 §5.2, RFC 5155 §8.9). */
export function proveNoSigner(proofs: Proofs, name: Name): Cut {
  const found = findNsec(proofs.nsec, name);
  if (found?.kind === 'exists') return cutBy(found.proof, name);
  if (found) return noCut(name, found.proof.set);
  const hashed = findNsec3(proofs.nsec3, proofs.zone, name);
  if (hashed?.kind === 'exists') return cutBy(hashed.proof, name);
  if (hashed?.kind === 'missing') {
    if (!hashed.optOut) return noCut(name, ...hashed.proofs.map((p) => p.set));
    const { reasons, used } = optedOut(hashed);
    return { kind: 'unsigned', reasons, used };
  }
  if (proofs.excessive) {
    const { reasons, fault: why } = excessive();
    return { kind: 'unsigned', reasons, used: [], ...(why ? { fault: why } : {}) };
  }
  const text = `There is no DS record for ${name}, and no proof that there is none.`;
  return { kind: 'unproven', fault: fault(missingCode(proofs), 'no-proof-of-no-ds', text, 'RFC 4035 §5.2') };
}

function cutBy(proof: NsecProof | Nsec3Proof, name: Name): Cut {
  const { types, set } = proof;
  if (types.includes('DS') || (types.includes('SOA') && name !== ROOT)) {
    const text = `The proof that ${name} has no DS record says something else.`;
    return { kind: 'unproven', fault: fault(EDE.bogus, 'ds-not-denied', text, 'RFC 4035 §5.2') };
  }
  if (!isParentSide(types)) return noCut(name, set);
  const text = `It is proven that ${name} is handed to other servers without a DS record: from here on nothing can be checked.`;
  return { kind: 'unsigned', reasons: [reason('insecure-delegation', text, 'RFC 4035 §5.2')], used: [set] };
}

const noCut = (name: Name, ...used: readonly SignedRRset[]): Cut => ({
  kind: 'none',
  reasons: [reason('no-cut', `It is proven that ${name} is not where a zone begins.`, 'RFC 4035 §5.2')],
  used,
});

/** The highest number of iterations that is calculated with keys of so many bits: the pair with the next larger size decides. */
export function mostIterations(limits: readonly (readonly [bits: number, iterations: number])[], bits: number): number {
  const fitting = limits.find(([size]) => bits <= size) ?? limits.at(-1);
  return fitting?.[1] ?? 0;
}

const wildcardAt = (encloser: Name): Name => join('*', encloser);

const proven = (text: string, ...proofs: readonly (NsecProof | Nsec3Proof)[]): Denial => ({
  holds: 'secure',
  reasons: [reason('denial-proven', `It is proven: ${text}.`, 'RFC 4035 §5.4')],
  used: [...new Set(proofs.map((p) => p.set))],
});

function provenByHash(text: string, found: Nsec3Finding & { kind: 'missing' }, ...more: readonly Nsec3Proof[]): Denial {
  return found.optOut ? optedOut(found) : proven(text, ...found.proofs, ...more);
}

/** Without any NSEC or NSEC3 record the proof is missing; with some, it is not one (RFC 8914 §4.13). */
const missingCode = ({ nsec, nsec3 }: Proofs): number => (nsec.length + nsec3.length === 0 ? EDE.proofMissing : EDE.bogus);

const unproven = (proofs: Proofs, rule: string, text: string): Denial => {
  const why = fault(missingCode(proofs), rule, text, 'RFC 4035 §5.4');
  return { holds: 'no', reasons: [why.reason], used: [], fault: why };
};

const optedOut = ({ proofs }: { readonly proofs: readonly Nsec3Proof[] }): Denial => ({
  holds: 'insecure',
  reasons: [reason('opt-out', 'The zone leaves unsigned delegations out of its proofs, and the name may be one.', 'RFC 5155 §6')],
  used: proofs.map((p) => p.set),
});

function excessive(): Denial {
  const text = 'The proof asks for more rounds of hashing than are worth doing, so it is not looked at.';
  const why = fault(EDE.nsec3Iterations, 'too-many-iterations', text, 'RFC 9276 §3.2');
  return { holds: 'insecure', reasons: [why.reason], used: [], fault: why };
}
