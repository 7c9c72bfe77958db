/** One link of the chain of trust: what a zone says about keys at a name below itself (RFC 4035 §5.2). */
import type { Reason } from '../../base/reason.ts';
import type { Rcode } from '../message.ts';
import type { Name } from '../name.ts';
import { sameName } from '../name.ts';
import type { DelegationSigner } from '../record.ts';
import { dataOf } from '../record.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import type { CheckingAt, SignatureFinding, ZoneKeys } from './checkSet.ts';
import { checkSet } from './checkSet.ts';
import { proofsOf, proveNoSigner } from './denial.ts';
import type { Fault } from './verdict.ts';
import { EDE, fault } from './verdict.ts';
import { signersFault } from './zoneKeys.ts';

/** What came back to a question that the validator asked; `failure` when nothing useful did, in words for people. */
export type Reply =
  | {
      readonly kind: 'reply';
      readonly rcode: Rcode;
      readonly answer: readonly SignedRRset[];
      readonly authority: readonly SignedRRset[];
    }
  | { readonly kind: 'failure'; readonly text: string };

export type Delegated =
  /** The child zone is signed; these DS records name its keys. */
  | { readonly kind: 'signed'; readonly signers: readonly DelegationSigner[] }
  /** The child zone is not signed, or in a way that we cannot check. */
  | { readonly kind: 'unsigned'; readonly fault?: Fault }
  /** No zone begins here. */
  | { readonly kind: 'none' }
  | { readonly kind: 'bogus'; readonly fault: Fault };

export interface DelegationVerdict {
  readonly value: Delegated;
  readonly reasons: readonly Reason[];
  /** The signatures over the DS set, or over the proof that there is none. */
  readonly signatures: readonly SignatureFinding[];
  /** The DS records that came, if any did. */
  readonly signers?: readonly DelegationSigner[];
}

/** Judges the reply to the question for DS records at `name`, with the keys of the zone above. */
export function judgeDelegation(
  name: Name,
  reply: Reply,
  keys: ZoneKeys,
  at: CheckingAt,
  mostIterations: number,
): DelegationVerdict {
  if (reply.kind === 'failure')
    return bogus(
      fault(EDE.networkError, 'ds-not-to-be-had', `The DS records of ${name} are not to be had. ${reply.text}`, 'RFC 4035 §5.2'),
    );
  const ds = reply.answer.find((set) => set.type === 'DS' && sameName(set.name, name));
  if (ds) return judgeSigners(name, ds, keys, at);
  const alias = reply.answer.find((set) => set.type === 'CNAME' && sameName(set.name, name));
  if (alias) {
    // Where an alias stands nothing else does, and no zone begins (RFC 1034 §3.6.2).
    const checked = checkSet(alias, keys, at);
    const { signatures } = checked.value;
    if (checked.value.fault) return bogus(checked.value.fault, signatures);
    return { value: { kind: 'none' }, reasons: checked.reasons, signatures };
  }
  return judgeAbsence(name, reply.authority, keys, at, mostIterations);
}

function judgeSigners(name: Name, set: SignedRRset, keys: ZoneKeys, at: CheckingAt): DelegationVerdict {
  const checked = checkSet(set, keys, at);
  const { signatures } = checked.value;
  const signers = set.records.flatMap((r) => dataOf(r, 'DS') ?? []);
  if (checked.value.fault) return { ...bogus(checked.value.fault, signatures), signers };
  const unknown = signersFault(name, signers);
  if (unknown) return { value: { kind: 'unsigned', fault: unknown }, reasons: [unknown.reason], signatures, signers };
  return { value: { kind: 'signed', signers }, reasons: checked.reasons, signatures, signers };
}

function judgeAbsence(
  name: Name,
  authority: readonly SignedRRset[],
  keys: ZoneKeys,
  at: CheckingAt,
  mostIterations: number,
): DelegationVerdict {
  const good: SignedRRset[] = [];
  const signatures: SignatureFinding[] = [];
  let broken: Fault | undefined;
  for (const set of authority) {
    if (set.type !== 'NSEC' && set.type !== 'NSEC3') continue;
    const checked = checkSet(set, keys, at);
    signatures.push(...checked.value.signatures);
    if (checked.value.fault) broken ??= checked.value.fault;
    else good.push(set);
  }
  const cut = proveNoSigner(proofsOf(keys.zone, good, mostIterations), name);
  if (cut.kind === 'unproven') return bogus(broken ?? cut.fault, signatures);
  if (cut.kind === 'none') return { value: { kind: 'none' }, reasons: cut.reasons, signatures };
  const value: Delegated = cut.fault ? { kind: 'unsigned', fault: cut.fault } : { kind: 'unsigned' };
  return { value, reasons: cut.reasons, signatures };
}

const bogus = (why: Fault, signatures: readonly SignatureFinding[] = []): DelegationVerdict => ({
  value: { kind: 'bogus', fault: why },
  reasons: [why.reason],
  signatures,
});
