/**
 * The nine steps of every visit: which happened, which were skipped or failed, why, and which messages belong to each.
 *
 * A visit is one question from a person: an address typed into a browser (steps 1 to 9), or a name that a program asks for
 * (steps 2 to 7). Rounds for a CNAME, side lookups ("errands") and retries are further passes of steps 3 to 6.
 */
import type { Duration, Instant } from '../base/time.ts';
import type { Name } from '../dns/name.ts';
import type { RecordType } from '../dns/record.ts';
import type { PacketId } from '../sim/packet.ts';
import type { CacheEntry, Conclusion, HostId, MessageId, StimulusId, TurnId } from './trace.ts';

export type StepNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
export const STEP_NUMBERS: readonly StepNumber[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/** As shown at an instant. */
export type StepState = 'pending' | 'active' | 'done' | 'skipped' | 'failed';

/** Why a step is gone through: for the name asked for, for a CNAME's target, for a server's address, for a key, or once more. */
export type PassPurpose = 'name' | 'cname' | 'errand' | 'key' | 'retry' | 'tcp' | 'other-type';

/** One time that a step was gone through. */
export interface Pass {
  readonly purpose: PassPurpose;
  readonly from: Instant;
  /** Absent while the run ended in it. */
  readonly to?: Instant;
  readonly fromTurn: TurnId;
  readonly toTurn?: TurnId;
  /** The messages that make it up, in order of sending. */
  readonly messages: readonly MessageId[];
  /** Packets without a message of their own: handshakes. */
  readonly packets: readonly PacketId[];
  /** What was asked: "www.example.com. A"; absent for steps 1, 8 and 9. */
  readonly question?: string;
  /** The server asked, for steps 3 to 6. */
  readonly server?: HostId;
  readonly failed: boolean;
  /** Why it failed. */
  readonly why?: string;
}

/** One of the nine, over a whole visit. */
export interface Step {
  readonly number: StepNumber;
  /** "Ask a .com server". */
  readonly title: string;
  /** How it ended; 'pending' when the run ended before it was known. */
  readonly outcome: 'done' | 'skipped' | 'failed' | 'pending';
  /** When it began, or when it was known that it is not needed. */
  readonly from?: Instant;
  readonly fromTurn?: TurnId;
  /** When its last pass ended. */
  readonly to?: Instant;
  /** Why it was skipped or failed, in words with the numbers. */
  readonly why?: string;
  readonly because?: SkipCause;
  /** What a cache still had, when that is why it was skipped, and how long that still lived then. */
  readonly kept?: { readonly entry: CacheEntry; readonly left: Duration };
  readonly passes: readonly Pass[];
}

/** What made a step unneeded: something kept (an answer, a no, a failure, a delegation), or that it has nothing to do. */
export type SkipCause =
  | 'browser-cache'
  | 'answer'
  | 'no-such-name'
  | 'no-such-type'
  | 'failure'
  | 'delegation'
  | 'shared'
  | 'own-zone'
  | 'forwarded'
  | 'not-reached'
  | 'no-address'
  | 'no-browser';

export interface Visit {
  /** Counted from 1 in order of time. */
  readonly number: number;
  readonly stimulus: StimulusId;
  readonly client: HostId;
  readonly action: 'visit' | 'ask' | 'mail';
  /** "www.example.com. A", or the URL typed. */
  readonly subject: string;
  readonly name?: Name;
  readonly type?: RecordType;
  readonly from: Instant;
  readonly turn: TurnId;
  /** When its work was over; absent when the run ended before. */
  readonly to?: Instant;
  readonly endTurn?: TurnId;
  /** When the client had its DNS answer (or error), counted from `from` by the reader. */
  readonly addressAt?: Instant;
  readonly conclusion?: Conclusion;
  /** Always nine. */
  readonly steps: readonly Step[];
}

/** A step as it stands at an instant. */
export interface StepAt {
  readonly step: Step;
  readonly state: StepState;
  /** Which pass is going on, counted from 1; how many have begun. */
  readonly pass: number;
  readonly why?: string;
}

/** How each of the nine is called on the rail. */
export const STEP_TITLES: Readonly<Record<StepNumber, string>> = {
  1: 'Type the name',
  2: 'Ask the resolver',
  3: 'Ask a root server',
  4: 'Ask a top-level server',
  5: 'Ask one of the name servers',
  6: 'Look in the zone',
  7: 'Return the answer',
  8: 'Send the request',
  9: 'Show the page',
};

/** The nine steps of a visit as they stand at an instant, after `turn` if several turns share it. */
export function stepsAt(visit: Visit, at: Instant, turn: TurnId = Number.POSITIVE_INFINITY): StepAt[] {
  return visit.steps.map((step) => stepAt(step, at, turn));
}

function stepAt(step: Step, at: Instant, turn: TurnId): StepAt {
  const has = (when: Instant | undefined, inTurn: TurnId | undefined): boolean =>
    when !== undefined && (when < at || (when === at && (inTurn ?? 0) <= turn));
  const begun = step.passes.filter((pass) => has(pass.from, pass.fromTurn));
  const pass = begun.length;
  if (step.passes.length === 0) {
    if (step.outcome !== 'skipped' || !has(step.from, step.fromTurn)) return { step, state: 'pending', pass };
    return { step, state: 'skipped', pass, ...(step.why === undefined ? {} : { why: step.why }) };
  }
  if (pass === 0) return { step, state: 'pending', pass };
  if (begun.some((one) => !has(one.to, one.toTurn))) return { step, state: 'active', pass };
  const last = begun.at(-1) as Pass;
  const state = last.failed && (pass < step.passes.length || step.outcome === 'failed') ? 'failed' : 'done';
  return { step, state, pass, ...(last.why === undefined ? {} : { why: last.why }) };
}

/**
 * The rail in short: the steps that happened as ranges, "!" after one that failed, then what was gone through more than once:
 * "1-9", "1 2 5-9", "1 2 3! 7", "1-9, 4 twice", "1-9, errand in 5".
 */
export function rail(visit: Visit): string {
  const happened = visit.steps.filter((step) => step.outcome === 'done' || step.outcome === 'failed');
  const again = new Map<string, StepNumber[]>();
  for (const step of happened) {
    const times = step.passes.filter(({ purpose }) => !NOT_COUNTED.includes(purpose)).length;
    if (times > 1) again.set(timesText(times), [...(again.get(timesText(times)) ?? []), step.number]);
  }
  const notes = [...again].map(([times, numbers]) => `${ranges(numbers.map((n) => ({ number: n, failed: false })))} ${times}`);
  if (happened.some((step) => step.passes.some((pass) => pass.purpose === 'errand'))) notes.push('errand in 5');
  return [ranges(happened.map((step) => ({ number: step.number, failed: step.outcome === 'failed' }))), ...notes].join(', ');
}

/** What does not make a step be gone through twice: it is not for the name itself. */
const NOT_COUNTED: readonly PassPurpose[] = ['errand', 'key', 'other-type'];

const timesText = (times: number): string => (times === 2 ? 'twice' : `${times} times`);

/** "1-4 6 7! 8"; three or more in a row make a range, and a failed step stands alone. */
function ranges(numbers: readonly { readonly number: StepNumber; readonly failed: boolean }[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let j = i;
    while (
      j + 1 < numbers.length &&
      !numbers[j]?.failed &&
      !numbers[j + 1]?.failed &&
      numbers[j + 1]?.number === (numbers[j]?.number ?? 0) + 1
    )
      j++;
    const first = numbers[i] as (typeof numbers)[number];
    if (j - i >= 2) parts.push(`${first.number}-${numbers[j]?.number}`);
    else for (const one of numbers.slice(i, j + 1)) parts.push(`${one.number}${one.failed ? '!' : ''}`);
    i = j + 1;
  }
  return parts.join(' ');
}
