/** What a resolution and the resolver tell one another. */
import type { Address } from '../../base/address.ts';
import type { Duration } from '../../base/time.ts';
import type { Message, Question } from '../../dns/message.ts';
import type { Outcome } from '../../dns/resolve/compose.ts';
import type { Delegation } from '../../dns/resolve/delegation.ts';
import type { Standing, Standings } from '../../dns/resolve/rtt.ts';
import type { FormError } from '../../dns/wire/decode.ts';
import type { InstancePath, MessageId } from '../../trace/trace.ts';
import type { Instead, Pending, Purpose } from './job.ts';

// A resolution tells the resolver:

/** It has sent a query; a reply is to be handed to it. */
export interface Asked {
  readonly type: 'asked';
  readonly by: InstancePath;
  readonly query: Pending;
}

/** A server let a query go unanswered, or showed how it behaves. */
export interface Noticed {
  readonly type: 'noticed';
  readonly server: Address;
  readonly standing: Standing;
}

/** It needs another question answered first. */
export interface Needed {
  readonly type: 'needed';
  readonly by: InstancePath;
  readonly question: Question;
  readonly purpose: Purpose;
  readonly depth: number;
  readonly quota: number;
  readonly delegation?: Delegation | undefined;
  readonly leeway: Duration;
  /** It does not wait for the answer. */
  readonly detached?: boolean;
  readonly instead?: Instead | undefined;
}

/** It is done. */
export interface Finished {
  readonly type: 'finished';
  readonly by: InstancePath;
  readonly outcome: Outcome;
  readonly queries: number;
  /** Whose reply it was, if it did not come from the cache. */
  readonly server: Address | undefined;
  /** How long the answer is still good, when it is worth renewing; undefined when it is not. */
  readonly renew: Duration | undefined;
}

/** The fresh answer is slow to come: those who wait may have an old one meanwhile (RFC 8767 §5). */
export interface Lent {
  readonly type: 'lent';
  readonly by: InstancePath;
  readonly outcome: Outcome;
}

// The resolver tells a resolution:

/** The reply to its query. */
export interface Reply {
  readonly type: 'reply';
  readonly reply: Message | undefined;
  readonly error: FormError | undefined;
  /** It has the question in other letters than were sent, which a forger may have guessed. */
  readonly misspelt: boolean;
  readonly message: MessageId;
  readonly standings: Standings;
}

/** What it needed. `outcome` is absent when the question waits, at the end of a row, for the very resolution that asked. */
export interface Resolved {
  readonly type: 'resolved';
  readonly question: Question;
  readonly outcome: Outcome | undefined;
  readonly queries: number;
  readonly server?: Address | undefined;
  readonly standings: Standings;
}
