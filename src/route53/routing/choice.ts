/** What the routing policies share: sets with their health, the choice among them, and "the first healthy one". */
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Policy, RecordSet } from '../records.ts';
import { setLabel } from '../records.ts';
import type { Draw, Measure, SetHealth } from './decision.ts';

/** A set of a group and whether it counts as healthy. */
export interface Candidate<P extends Policy = Policy> {
  readonly set: RecordSet<P>;
  readonly health: SetHealth;
}

/** What a policy chose, with a note on each set. */
export interface Choice {
  readonly chosen: readonly RecordSet[];
  readonly failOpen: boolean;
  readonly draw?: Draw;
  readonly notes: ReadonlyMap<RecordSet, Note>;
  readonly reasons: readonly Reason[];
}

export interface Note {
  /** How likely this asker is to get the set, 0 to 1. */
  readonly share: number;
  /** Whether the set could be given to this asker now. */
  readonly eligible: boolean;
  readonly why: string;
  readonly measure?: Measure;
}

export const FAIL_OPEN = reason(
  'fail-open',
  'No record is healthy, so all count as healthy: health never empties an answer',
  'Developer Guide, dns-failover-problems',
);

/** A set in the order in which a policy tries them, and what it says when that set is taken. */
export interface Link {
  readonly candidate: Candidate;
  readonly rule: Reason;
  readonly measure?: Measure;
}

/** How a policy that tries sets in an order speaks of those that are not taken. */
export interface Wording {
  /** When the order is empty. */
  readonly nothing?: Reason;
  /** Of a set that is not in the order. */
  readonly out: string;
  /** Of a healthy set further down. */
  readonly reserve: string;
}

/** The first healthy set of `chain`, else the first at all, else nothing. */
export function chooseFirst(
  candidates: readonly Candidate[],
  chain: readonly Link[],
  wording: Wording,
  extra: readonly Reason[] = [],
): Choice {
  const healthy = chain.find(({ candidate }) => candidate.health.healthy);
  const pick = healthy ?? chain[0];
  const links = new Map(chain.map((link) => [link.candidate, link]));
  const notes = new Map<RecordSet, Note>();
  for (const candidate of candidates) {
    const link = links.get(candidate);
    const eligible = link !== undefined && candidate.health.healthy;
    const passed = eligible ? wording.reserve : 'unhealthy: passed over';
    const why = link === undefined ? wording.out : link === pick ? link.rule.text : passed;
    const measure = link?.measure === undefined ? {} : { measure: link.measure };
    notes.set(candidate.set, { share: link !== undefined && link === pick ? 1 : 0, eligible, why, ...measure });
  }
  if (!pick) return { chosen: [], failOpen: false, notes, reasons: [...extra, ...(wording.nothing ? [wording.nothing] : [])] };
  const passed = chain.slice(0, chain.indexOf(pick)).map(({ candidate: { set, health } }) => {
    const text = `${setLabel(set)} is passed over: ${health.reason.text}`;
    return reason('unhealthy', text, 'Developer Guide, dns-failover-complex-configs');
  });
  const reasons = [...extra, ...passed, pick.rule, ...(healthy ? [] : [FAIL_OPEN])];
  return { chosen: [pick.candidate.set], failOpen: healthy === undefined, notes, reasons };
}
