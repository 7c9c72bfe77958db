/** The chain of trust as a list of checks for people: five for each zone, in the order in which they are made. */
import type { ChainLink } from './chain.ts';
import type { SignatureFinding } from './checkSet.ts';
import { EDE } from './verdict.ts';

export interface Check {
  readonly text: string;
  /** Undefined: not made, because one before it failed or the chain has not come so far. */
  readonly holds: boolean | undefined;
}

/** What was checked of one zone. A zone that is proven unsigned has nothing to check. */
export function zoneChecks(link: ChainLink): Check[] {
  if (link.status === 'insecure') return [];
  const { signs, keySignatures } = link;
  const named = link.vouchedBy === 'anchor' ? 'One of its keys is the trust anchor' : 'One of its keys has the hash in the DS';
  const what = signs?.type === 'DS' ? `the DS of ${signs.name}` : 'the answer';
  const all = [...keySignatures, ...(signs?.signatures ?? [])];
  const checks: Check[] = [
    { text: 'The DNSKEY set is here', holds: link.keys.length > 0 },
    { text: named, holds: link.keys.some((k) => k.named) },
    { text: 'That key signs the DNSKEY set', holds: keySignatures.some(fitsApartFromTime) },
    { text: `A key of the set signs ${what}`, holds: signs && (signs.holds || signs.signatures.some(fitsApartFromTime)) },
    { text: 'The time lies within the signature’s', holds: !all.some(isUntimely) },
  ];
  const failed = checks.findIndex((check) => check.holds === false);
  return checks.map((check, i) => (failed >= 0 && i > failed ? { ...check, holds: undefined } : check));
}

const isUntimely = ({ fault }: SignatureFinding): boolean => fault?.code === EDE.expired || fault?.code === EDE.notYetValid;
const fitsApartFromTime = (found: SignatureFinding): boolean => !found.fault || isUntimely(found);
