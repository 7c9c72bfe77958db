/** What a resolver is made of and what it knows: the questions under way, who waits for each, and how its servers behave. */
import type { Address, Cidr } from '../../base/address.ts';
import type { Instant } from '../../base/time.ts';
import type { Message, Question } from '../../dns/message.ts';
import type { Standings } from '../../dns/resolve/rtt.ts';
import type { ResolverSettings } from '../../dns/resolve/settings.ts';
import type { CacheId, InstancePath } from '../../trace/trace.ts';
import type { Arrival } from '../effects.ts';
import type { Pending, Purpose } from './job.ts';

/** What a resolver is made of. */
export interface ResolverInput {
  readonly path: InstancePath;
  readonly cache: CacheId;
  readonly settings: ResolverSettings;
  readonly addresses: readonly Address[];
}

/** What it knows: the questions under way, and how its servers behave. */
export interface Desk extends ResolverInput {
  readonly open: ReadonlyMap<InstancePath, OpenQuestion>;
  readonly standings: Standings;
  /** Counts the questions opened. */
  readonly opened: number;
}

/** A question under way. */
export interface OpenQuestion {
  readonly question: Question;
  /** Questions of the same key are one. */
  readonly key: string;
  readonly purpose: Purpose;
  readonly waiting: readonly Waiting[];
  readonly checkingDisabled: boolean;
  readonly subnet: Cidr | undefined;
  /** The query that it has sent and not yet got a reply to. */
  readonly query: Pending | undefined;
}

/** Someone who waits for the answer. */
export type Waiting =
  | { readonly kind: 'client'; readonly arrival: Arrival; readonly query: Message; readonly since: Instant }
  | { readonly kind: 'resolution'; readonly path: InstancePath };
