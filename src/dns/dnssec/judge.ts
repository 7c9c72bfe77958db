/** One reply against the keys of its zone: every set that counts must be signed, and every no must be proven (RFC 4035 §5). */
import type { Reason } from '../../base/reason.ts';
import type { Question, Rcode } from '../message.ts';
import type { Name } from '../name.ts';
import { sameName } from '../name.ts';
import type { ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import { substitute } from '../resolve/dname.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import { algorithmOf } from './algorithms.ts';
import type { CheckingAt, SignatureFinding, ZoneKeys } from './checkSet.ts';
import { checkSet } from './checkSet.ts';
import type { Denial } from './denial.ts';
import { mostIterations, proofsOf, proveNoCloser, proveNoName, proveNoType } from './denial.ts';
import type { Fault } from './verdict.ts';
import { EDE, fault } from './verdict.ts';

/** A reply as the resolver believes it (scrubbed), sets with their signatures. */
export interface Subject {
  readonly question: Question;
  readonly rcode: Rcode;
  /** The sets for the query name: the answer, or one alias, with the DNAME that it comes from. */
  readonly answer: readonly SignedRRset[];
  readonly authority: readonly SignedRRset[];
  readonly additional: readonly SignedRRset[];
}

/** A set that was found good, and how long it may be kept, in seconds. */
export interface GoodSet {
  readonly set: SignedRRset;
  readonly ttl: number;
}

export interface JudgedReply {
  readonly status: 'secure' | 'insecure' | 'bogus';
  readonly reasons: readonly Reason[];
  readonly fault: Fault | undefined;
  readonly good: readonly GoodSet[];
  /** The sets that prove a no, or that a wildcard had to serve. */
  readonly proofs: readonly SignedRRset[];
  /** Sets that nothing hinges on and that could not be checked: a secure response leaves them out. */
  readonly unchecked: readonly SignedRRset[];
  /** The signatures over the answer, or over the proof that there is none. */
  readonly signatures: readonly SignatureFinding[];
}

/** What of the settings bears on a reply. */
export interface ReplyRules extends CheckingAt {
  readonly nsec3Iterations: readonly (readonly [bits: number, iterations: number])[];
}

interface Judging {
  readonly keys: ZoneKeys;
  readonly rules: ReplyRules;
  readonly good: GoodSet[];
  readonly unchecked: SignedRRset[];
  readonly signatures: SignatureFinding[];
  readonly reasons: Reason[];
  readonly proofs: Set<SignedRRset>;
}

/** Judges a reply, all of whose sets belong to the zone with these keys. */
export function judgeReply(subject: Subject, keys: ZoneKeys, rules: ReplyRules): JudgedReply {
  const j: Judging = { keys, rules, good: [], unchecked: [], signatures: [], reasons: [], proofs: new Set() };
  const wildcards: Name[] = [];
  const problem = checkAnswer(j, subject, wildcards) ?? checkAuthority(j, subject);
  if (problem) return finish(j, 'bogus', problem);
  checkAdditional(j, subject);
  const secure = j.good.map((one) => one.set);
  const proofs = proofsOf(keys.zone, secure, mostIterations(rules.nsec3Iterations, keyBits(keys)));
  const { name, type } = subject.question;
  const denials: Denial[] = wildcards.map((wildcard) => proveNoCloser(proofs, name, wildcard));
  if (subject.answer.length === 0)
    denials.push(subject.rcode === 'NXDOMAIN' ? proveNoName(proofs, name) : proveNoType(proofs, name, type));
  for (const denial of denials) {
    j.reasons.push(...denial.reasons);
    for (const set of denial.used) j.proofs.add(set);
  }
  const failed = denials.find((denial) => denial.holds === 'no');
  if (failed) return finish(j, 'bogus', failed.fault);
  const weak = denials.find((denial) => denial.holds === 'insecure');
  return weak ? finish(j, 'insecure', weak.fault) : finish(j, 'secure');
}

/** How long the keys of a zone are, in bits. */
export const keyBits = ({ keys: [first] }: ZoneKeys): number =>
  first ? (algorithmOf(first.data.algorithm)?.bits(first.data.publicKey) ?? 0) : 0;

const finish = (j: Judging, status: JudgedReply['status'], why?: Fault): JudgedReply => ({
  status,
  reasons: j.reasons,
  fault: why,
  good: status === 'bogus' ? [] : j.good,
  proofs: [...j.proofs],
  unchecked: j.unchecked,
  signatures: j.signatures,
});

/** Every set of the answer must be signed by the zone. Notes the wildcards that sets were made from. */
function checkAnswer(j: Judging, subject: Subject, wildcards: Name[]): Fault | undefined {
  for (const [i, set] of subject.answer.entries()) {
    const before = subject.answer[i - 1];
    if (set.type === 'CNAME' && before?.type === 'DNAME') {
      if (!follows(set, before)) return unlikeDname(j, set, before);
      // Nobody signs it; the DNAME does for it (RFC 6672 §5.3.1).
      j.good.push({ set, ttl: Math.min(set.ttl, j.good.at(-1)?.ttl ?? set.ttl) });
      continue;
    }
    const checked = checkSet(set, j.keys, j.rules);
    j.signatures.push(...checked.value.signatures);
    j.reasons.push(...checked.reasons);
    const { wildcard, ttl } = checked.value;
    if (checked.value.fault) return checked.value.fault;
    j.good.push({ set, ttl });
    if (wildcard === undefined) continue;
    if (set.type === 'DNAME' && subject.question.type !== 'DNAME') return wildDname(j, set);
    if (!wildcards.some((known) => sameName(known, wildcard))) wildcards.push(wildcard);
  }
  return undefined;
}

/** Whether an alias is what a DNAME makes of its name. */
function follows(alias: SignedRRset, dname: SignedRRset): boolean {
  const target = dataOf(dname.records[0] as ResourceRecord, 'DNAME')?.target;
  const made = target === undefined ? undefined : substitute(alias.name, dname.name, target);
  const found = dataOf(alias.records[0] as ResourceRecord, 'CNAME')?.target;
  return alias.records.length === 1 && made !== undefined && found !== undefined && sameName(made as Name, found);
}

function unlikeDname(j: Judging, set: SignedRRset, dname: SignedRRset): Fault {
  const text = `The alias at ${set.name} is not what the DNAME record at ${dname.name} makes of it.`;
  return noted(j, fault(EDE.bogus, 'not-by-dname', text, 'RFC 6672 §5.3.1'));
}

function wildDname(j: Judging, set: SignedRRset): Fault {
  const text = `The DNAME record at ${set.name} was made from a wildcard, and what that means nobody has said.`;
  return noted(j, fault(EDE.bogus, 'wildcard-dname', text, 'RFC 4592 §4.4'));
}

function noted(j: Judging, why: Fault): Fault {
  j.reasons.push(why.reason);
  return why;
}

/** What must be good for a no to be believed. */
const NEEDED_FOR_NO: ReadonlySet<string> = new Set(['SOA', 'NSEC', 'NSEC3']);

/**
 * What the zone has signed in the authority section must fit, and a no needs its SOA and proofs. Other sets without a signature
 * by this zone are left out: whoever stands between may have added them, and nothing hinges on them.
 */
function checkAuthority(j: Judging, subject: Subject): Fault | undefined {
  const isNo = subject.answer.length === 0;
  for (const set of subject.authority) {
    const needed = isNo && NEEDED_FOR_NO.has(set.type);
    if (!needed && !isSignedBy(set, j.keys.zone)) {
      j.unchecked.push(set);
      continue;
    }
    const checked = checkSet(set, j.keys, j.rules);
    if (isNo) j.signatures.push(...checked.value.signatures);
    if (checked.value.fault) return noted(j, checked.value.fault);
    j.good.push({ set, ttl: checked.value.ttl });
  }
  return undefined;
}

/** Additional sets never make a reply bad; those that cannot be checked are left out. */
function checkAdditional(j: Judging, subject: Subject): void {
  for (const set of subject.additional) {
    const checked = isSignedBy(set, j.keys.zone) ? checkSet(set, j.keys, j.rules) : undefined;
    if (checked && !checked.value.fault) j.good.push({ set, ttl: checked.value.ttl });
    else j.unchecked.push(set);
  }
}

const isSignedBy = (set: SignedRRset, zone: Name): boolean =>
  set.signatures.some((r) => {
    const signer = dataOf(r, 'RRSIG')?.signer;
    return signer !== undefined && sameName(signer, zone);
  });
