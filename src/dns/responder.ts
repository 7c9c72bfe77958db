/** What makes one authoritative server differ from another: how it turns a query into a response. */
import type { Address, Cidr } from '../base/address.ts';
import type { Explained } from '../base/reason.ts';
import type { Instant } from '../base/time.ts';
import type { Message } from './message.ts';

/** What a responder may know besides the query itself. */
export interface Asking {
  readonly now: Instant;
  /** Who sent the query. */
  readonly source: Address;
  /** The client's network, when the query tells it (RFC 7871). */
  readonly subnet?: Cidr;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export type Responder = (query: Message, asking: Asking) => Explained<Message>;
