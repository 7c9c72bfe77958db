/**
 * The chain of trust as a plan: given a reply and what is known so far, either the next question or the verdict.
 *
 * Nothing is asked here. Whoever resolves calls `nextStep`, asks what it wants (as ordinary questions whose replies are not
 * themselves validated), adds the reply to the evidence and calls again. The walk starts anew each time, which costs little,
 * since signatures once checked are recalled: so there is no state to keep, and none to get out of step.
 */
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Name } from '../name.ts';
import { ancestor, isSubdomain, labelCount, parent, ROOT, sameName } from '../name.ts';
import type { DelegationSigner, RecordType } from '../record.ts';
import { dataOf } from '../record.ts';
import type { ExtendedError } from '../resolve/cache.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import type { TrustAnchor, TrustAnchors } from './anchors.ts';
import { closestAnchor } from './anchors.ts';
import type { SignatureFinding, ZoneKeys } from './checkSet.ts';
import type { Reply } from './delegation.ts';
import { judgeDelegation } from './delegation.ts';
import { mostIterations } from './denial.ts';
import type { GoodSet, ReplyRules, Subject } from './judge.ts';
import { judgeReply, keyBits } from './judge.ts';
import type { Fault, Status } from './verdict.ts';
import { EDE, errorOf, fault } from './verdict.ts';
import type { KeyLine, KeyRules, SignerLine, Vouching } from './zoneKeys.ts';
import { judgeKeys } from './zoneKeys.ts';

/** Everything that a verdict depends on besides the records. */
export interface ValidationRules extends KeyRules, ReplyRules {
  readonly anchors: TrustAnchors;
}

/** What is known so far: replies to questions for DNSKEY and DS sets. Undefined: not asked yet. */
export interface Evidence {
  reply(name: Name, type: 'DNSKEY' | 'DS'): Reply | undefined;
}

export type Step =
  /** This must be known first. The DS set of a name is its parent zone's (RFC 4035 §3.1.4.1). */
  | {
      readonly kind: 'ask';
      readonly name: Name;
      readonly type: 'DNSKEY' | 'DS';
      readonly reasons: readonly Reason[];
      readonly chain: readonly ChainLink[];
    }
  | Verdict;

export interface Verdict {
  readonly kind: 'verdict';
  readonly status: Status;
  /** In the order in which they were weighed. */
  readonly reasons: readonly Reason[];
  /** From the trust anchor down, as far as it went. */
  readonly chain: readonly ChainLink[];
  /** What is told to a client that uses EDNS (RFC 8914). */
  readonly error: ExtendedError | undefined;
  /** The sets that were found good, with the seconds that each may be kept. None unless secure, or insecure by an opt-out. */
  readonly good: readonly GoodSet[];
  /** The proofs that a response must carry: of a no, or that a wildcard had to serve (RFC 4035 §3.1.3). */
  readonly proofs: readonly SignedRRset[];
  /** Sets of the reply that a response must leave out when the verdict is secure. */
  readonly unchecked: readonly SignedRRset[];
  /** For a bogus verdict: the question whose reply is to blame, and worth asking of another server. */
  readonly blame: { readonly name: Name; readonly type: RecordType } | undefined;
}

/** One zone of the chain, for people to see. */
export interface ChainLink {
  readonly zone: Name;
  readonly status: 'secure' | 'insecure' | 'bogus' | 'unchecked';
  /** What speaks for its keys. */
  readonly vouchedBy: Vouching['by'];
  readonly signers: readonly SignerLine[];
  readonly keys: readonly KeyLine[];
  /** The signatures over its DNSKEY set. */
  readonly keySignatures: readonly SignatureFinding[];
  /** What it says about the next link, or the answer. */
  readonly signs: SignedItem | undefined;
  readonly fault: Fault | undefined;
}

/** A set that a zone of the chain signed: a DS set, the proof that there is none, or the answer. */
export interface SignedItem {
  readonly name: Name;
  readonly type: RecordType;
  readonly holds: boolean;
  readonly signatures: readonly SignatureFinding[];
  /** The DS records of the set; absent when it is something else, or the proof that there is none. */
  readonly signers?: readonly DelegationSigner[];
}

/** What is to be known next in order to judge `subject`, or the verdict. */
export function nextStep(subject: Subject, evidence: Evidence, rules: ValidationRules): Step {
  const { question } = subject;
  if (question.type === 'RRSIG' && subject.answer.length > 0)
    return verdict([], 'indeterminate', [
      reason('signatures-unsigned', 'Signatures are not signed themselves.', 'RFC 4035 §2.2'),
    ]);
  // The DS set of a name belongs to the zone above (RFC 4035 §3.1.4.1).
  const home = question.type === 'DS' ? parent(question.name) : question.name;
  const signer = signerOf(subject, home);
  const anchor = anchorFor(subject, home, signer, rules.anchors);
  if (!anchor) return verdict([], 'indeterminate', [noAnchor(home)]);
  if (anchor.negative) return verdict([], 'insecure', [negativeAnchor(anchor.zone)]);
  const walk: Walk = { subject, evidence, rules, links: [], reasons: [] };
  const vouching: Vouching = { by: 'anchor', signers: anchor.signers, keys: anchor.keys };
  const start = stepInto(walk, anchor.zone, vouching);
  if (!('keys' in start)) return start;
  const target = signer ?? home;
  if (!isSubdomain(target, anchor.zone)) return conclude(walk, 'bogus', foreignSigner(subject, target), question);
  const reached = descend(walk, start, target);
  if (!('keys' in reached)) return reached;
  if (signer === undefined) return conclude(walk, 'bogus', unsigned(subject, reached.zone), question);
  if (!sameName(reached.zone, signer)) return conclude(walk, 'bogus', noSuchZone(signer), question);
  return judgeSubject(walk, reached);
}

interface Walk {
  readonly subject: Subject;
  readonly evidence: Evidence;
  readonly rules: ValidationRules;
  readonly links: ChainLink[];
  readonly reasons: Reason[];
}

/** The anchor that a reply hangs from. A parent zone may deny a name that has an anchor of its own: then its own anchor counts. */
function anchorFor(subject: Subject, home: Name, signer: Name | undefined, anchors: TrustAnchors): TrustAnchor | undefined {
  const nearest = closestAnchor(anchors, home);
  if (!nearest || signer === undefined || subject.answer.length > 0 || isSubdomain(signer, nearest.zone)) return nearest;
  return closestAnchor(anchors, signer);
}

/** The keys of a zone that somebody vouches for, or what is to be done instead. */
function stepInto(walk: Walk, zone: Name, vouching: Vouching): ZoneKeys | Step {
  const reply = keysReply(walk, zone);
  if (!reply) return ask(walk, zone, 'DNSKEY', `The keys of ${zone} are needed.`);
  const set = reply.kind === 'reply' ? reply.answer.find((s) => s.type === 'DNSKEY' && sameName(s.name, zone)) : undefined;
  const judged = judgeKeys(zone, set, vouching, walk.rules);
  const { status, keys, lines, signers, signatures, fault: why } = judged.value;
  walk.reasons.push(...judged.reasons);
  walk.links.push({
    zone,
    status,
    vouchedBy: vouching.by,
    signers,
    keys: lines,
    keySignatures: signatures,
    signs: undefined,
    fault: why,
  });
  return keys ?? conclude(walk, status, why, { name: zone, type: 'DNSKEY' });
}

/** A reply that is itself about the keys of the zone serves as evidence. */
function keysReply({ subject, evidence }: Walk, zone: Name): Reply | undefined {
  const own = subject.question.type === 'DNSKEY' && sameName(subject.question.name, zone) && subject.answer.length > 0;
  return own ? { kind: 'reply', rcode: subject.rcode, answer: subject.answer, authority: [] } : evidence.reply(zone, 'DNSKEY');
}

/** Goes down from zone to zone towards `target`, cut by cut. Gives the keys of the lowest zone at or above it. */
function descend(walk: Walk, start: ZoneKeys, target: Name): ZoneKeys | Step {
  let keys = start;
  let checked = labelCount(start.zone);
  const depth = labelCount(target);
  while (checked < depth) {
    const most = mostIterations(walk.rules.nsec3Iterations, keyBits(keys));
    const name = shortcut(walk, keys.zone, target, checked) ?? ancestor(target, checked + 1);
    const reply = walk.evidence.reply(name, 'DS');
    if (!reply) return ask(walk, name, 'DS', `Whether ${name} is a signed zone, ${keys.zone} must tell.`);
    const found = judgeDelegation(name, reply, keys, walk.rules, most);
    const { value } = found;
    walk.reasons.push(...found.reasons);
    const { signatures, signers } = found;
    const item: SignedItem = { name, type: 'DS', holds: value.kind !== 'bogus', signatures, ...(signers ? { signers } : {}) };
    if (value.kind !== 'none') signs(walk, item);
    checked = labelCount(name);
    if (value.kind === 'none') continue;
    if (value.kind === 'bogus') return conclude(walk, 'bogus', value.fault, { name, type: 'DS' });
    if (value.kind === 'unsigned') {
      const unfit = (signers ?? []).map((signer) => ({ signer, names: undefined }));
      walk.links.push({ ...NO_KEYS, signers: unfit, zone: name, status: 'insecure', fault: value.fault });
      return conclude(walk, 'insecure', value.fault);
    }
    const below = stepInto(walk, name, { by: 'parent', signers: value.signers, keys: [] });
    if (!('keys' in below)) return below;
    keys = below;
  }
  return keys;
}

const NO_KEYS = { vouchedBy: 'parent', signers: [], keys: [], keySignatures: [], signs: undefined } as const;

/** A DS set that is known already and that this very zone signed: the names on the way to it need no asking. */
function shortcut(walk: Walk, zone: Name, target: Name, checked: number): Name | undefined {
  for (let count = checked + 1; count <= labelCount(target); count++) {
    const name = ancestor(target, count);
    const reply = walk.evidence.reply(name, 'DS');
    if (reply?.kind === 'reply' && reply.answer.some((set) => set.type === 'DS' && signersOf(set).some((s) => sameName(s, zone))))
      return name;
  }
  return undefined;
}

/** With the keys of the zone that signed it, the reply itself. */
function judgeSubject(walk: Walk, keys: ZoneKeys): Verdict {
  const { subject, rules } = walk;
  const judged = judgeReply(subject, keys, rules);
  walk.reasons.push(...judged.reasons);
  const first = subject.answer[0];
  const shown = { name: first?.name ?? subject.question.name, type: first?.type ?? subject.question.type };
  signs(walk, { ...shown, holds: judged.status !== 'bogus', signatures: judged.signatures });
  const { good, unchecked, proofs } = judged;
  const blame = judged.status === 'bogus' ? subject.question : undefined;
  return { ...verdict(walk.links, judged.status, walk.reasons, judged.fault), good, unchecked, proofs, blame };
}

/** Writes down what the lowest zone so far says. */
function signs(walk: Walk, item: SignedItem): void {
  const last = walk.links.pop();
  if (last) walk.links.push({ ...last, signs: item });
}

function ask(walk: Walk, name: Name, type: 'DNSKEY' | 'DS', text: string): Step {
  return { kind: 'ask', name, type, reasons: [...walk.reasons, reason('needed', text, 'RFC 4035 §5')], chain: walk.links };
}

function conclude(walk: Walk, status: Status, why?: Fault, blame?: { name: Name; type: RecordType }): Verdict {
  const known = why === undefined || walk.reasons.includes(why.reason);
  const reasons = known ? walk.reasons : [...walk.reasons, why.reason];
  return { ...verdict(walk.links, status, reasons, why), blame: status === 'bogus' ? blame : undefined };
}

const verdict = (chain: readonly ChainLink[], status: Status, reasons: readonly Reason[], why?: Fault): Verdict => ({
  kind: 'verdict',
  status,
  reasons,
  chain,
  error: why && errorOf(why),
  good: [],
  proofs: [],
  unchecked: [],
  blame: undefined,
});

/** The zone that says it signed a reply: at or above the name, the lowest if they differ. */
function signerOf({ answer, authority }: Subject, home: Name): Name | undefined {
  const proofs = authority.filter((set) => set.type === 'NSEC' || set.type === 'NSEC3');
  const soa = authority.filter((set) => set.type === 'SOA');
  const sets = answer.length > 0 ? answer.slice(0, 1) : proofs.length > 0 ? proofs : soa;
  let lowest: Name | undefined;
  for (const signer of sets.flatMap(signersOf))
    if (isSubdomain(home, signer) && (lowest === undefined || isSubdomain(signer, lowest))) lowest = signer;
  return lowest;
}

const signersOf = (set: SignedRRset): Name[] => set.signatures.flatMap((r) => dataOf(r, 'RRSIG')?.signer ?? []);

const noAnchor = (home: Name): Reason =>
  reason('no-trust-anchor', `No trust anchor lies at or above ${home}, so nothing can be checked.`, 'RFC 4035 §4.3');

const negativeAnchor = (zone: Name): Reason =>
  reason('negative-trust-anchor', `By its settings the resolver does not check ${zone} and what lies below.`, 'RFC 7646 §2');

const foreignSigner = ({ question }: Subject, signer: Name): Fault =>
  fault(
    EDE.bogus,
    'signer-above-anchor',
    `${question.name} ${question.type} is signed by ${signer}, which lies above the trust anchor.`,
    'RFC 4035 §5.3.1',
  );

const unsigned = ({ question }: Subject, zone: Name): Fault =>
  fault(
    EDE.signatureMissing,
    'signature-missing',
    `${zone === ROOT ? 'The root zone' : zone} is signed, yet the reply for ${question.name} ${question.type} is not signed.`,
    'RFC 4035 §5.2',
  );

const noSuchZone = (signer: Name): Fault =>
  fault(EDE.bogus, 'signer-no-zone', `${signer} signs, but no chain of keys leads there.`, 'RFC 4035 §5.3.1');
