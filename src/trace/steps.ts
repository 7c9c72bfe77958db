/**
 * The nine steps of every visit: which happened, which were skipped or failed, why, and which messages belong to each.
 *
 * A visit is one question from a person: an address typed into a browser (steps 1 to 9), or a name that a program asks for
 * (steps 2 to 7). Rounds for a CNAME, side lookups ("errands") and retries are further passes of steps 3 to 6.
 */
import type { Instant } from '../base/time.ts';
import type { Name } from '../dns/name.ts';
import type { RecordType } from '../dns/record.ts';
import type { PacketId } from '../sim/packet.ts';
import type { Conclusion, HostId, MessageId, StimulusId, Trace, TurnId } from './trace.ts';

export type StepNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
export const STEP_NUMBERS: readonly StepNumber[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/** As shown at an instant. */
export type StepState = 'pending' | 'active' | 'done' | 'skipped' | 'failed';

/** Why a step is gone through: for the name asked for, for a CNAME's target, for a server's address, or once more. */
export type PassPurpose = 'name' | 'cname' | 'errand' | 'retry' | 'tcp' | 'other-type';

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
  /** In a word or two what made it unneeded: which cache had what. */
  readonly because?: SkipCause;
  readonly passes: readonly Pass[];
}

export type SkipCause =
  | 'browser-cache'
  | 'answer'
  | 'no-such-name'
  | 'no-such-type'
  | 'failure'
  | 'delegation'
  | 'no-address'
  | 'not-asked'
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

/** All visits of a trace, in order of time; worked out once per trace. */
export declare function visits(trace: Trace): readonly Visit[];
/** The nine steps of a visit as they stand at a position. */
export declare function stepsAt(visit: Visit, at: Instant, turn?: TurnId): readonly StepAt[];
/** The rail in the plan's short form: "1-9", "1 2 5-9", "1 2 3! 7". */
export declare function rail(visit: Visit): string;
