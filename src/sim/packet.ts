/** What travels between hosts, and what becomes of it. The payload is bytes; nothing here knows what they mean. */

import type { Endpoint } from '../base/address.ts';
import type { Reason } from '../base/reason.ts';
import type { Instant } from '../base/time.ts';

/** A packet's number, counted from 0 in each run. */
export type PacketId = number & { readonly __packetId: unique symbol };

export type Transport = 'udp' | 'tcp';

/** The control bits of a TCP segment that we use (RFC 9293 §3.1). */
export interface TcpFlags {
  readonly syn: boolean;
  readonly ack: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  readonly psh: boolean;
}

/** The part of a TCP header that is neither port nor payload. */
export interface TcpHeader {
  /** Number of the first octet of the payload, modulo 2^32; a SYN and a FIN count as one octet each. */
  readonly sequence: number;
  /** The next number expected; meaningful when `flags.ack` is set, else 0. */
  readonly acknowledgement: number;
  readonly flags: TcpFlags;
  /** Octets that the sender of this segment can take. */
  readonly window: number;
}

/** What a host hands to the network: a UDP datagram, or a TCP segment when `tcp` is there. */
export interface Outgoing {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly transport: Transport;
  /** Octets after the UDP or TCP header. */
  readonly payload: Uint8Array;
  /** Present exactly when the transport is 'tcp'. */
  readonly tcp?: TcpHeader;
}

/** One packet under way. */
export interface Packet extends Outgoing {
  readonly id: PacketId;
  readonly sentAt: Instant;
  /** On a duplicate that the network made: the packet it was made from. */
  readonly copyOf?: PacketId;
}

/**
 * What became of a packet: a record of its own, written when it is known, so that the turn which sent the packet does not
 * change when the packet is lost later. Every packet has exactly one.
 */
export type Fate = Delivered | Dropped | Underway;

/** It reached a host. */
export interface Delivered {
  readonly kind: 'delivered';
  readonly packet: PacketId;
  readonly at: Instant;
  /** The octets that arrived, when they are not the ones that were sent. */
  readonly bytes?: Uint8Array;
  /** What the network did to it on the way: the delays, the duplicates, the damage. */
  readonly reasons: readonly Reason[];
}

/** It reached nobody. */
export interface Dropped {
  readonly kind: 'dropped';
  readonly packet: PacketId;
  readonly at: Instant;
  /** When it would have arrived: so it can be seen how far it came. */
  readonly due: Instant;
  readonly reason: Reason;
}

/** The run ended while it was on its way; whoever ends the run writes this one. */
export interface Underway {
  readonly kind: 'underway';
  readonly packet: PacketId;
  readonly at: Instant;
}
