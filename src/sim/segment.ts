/** TCP segments apart from any connection: sequence arithmetic, flags, and the reset that answers a stray segment. */

import { type Address, isIPv6 } from '../base/address.ts';
import type { Outgoing, TcpFlags, TcpHeader } from './packet.ts';

/** Sequence numbers are counted modulo 2^32 (RFC 9293 §3.4). */
export const advance = (sequence: number, octets: number): number => (sequence + octets) >>> 0;

/** How far `b` is ahead of `a`, between -2^31 and 2^31 - 1: negative when it is behind. */
export const ahead = (a: number, b: number): number => (b - a) | 0;

/** The flags of that name, all others clear. */
export const flags = (...set: (keyof TcpFlags)[]): TcpFlags => ({
  syn: set.includes('syn'),
  ack: set.includes('ack'),
  fin: set.includes('fin'),
  rst: set.includes('rst'),
  psh: set.includes('psh'),
});

/** The most payload octets that a segment to this address carries: what an Ethernet frame holds without the headers. */
export const maximumSegmentSize = (to: Address): number => (isIPv6(to) ? 1440 : 1460);

/** Octets of sequence space that a segment takes: its payload, and one each for SYN and FIN. */
export const sequenceLength = (tcp: TcpHeader, payload: Uint8Array): number =>
  payload.length + (tcp.flags.syn ? 1 : 0) + (tcp.flags.fin ? 1 : 0);

/**
 * The reset that answers a segment for which there is no connection and no listener, as a closed port gives it (RFC 9293
 * §3.10.7.1); undefined for a reset, which is never answered, and for what is not TCP.
 */
export function resetFor({ from, to, tcp, payload }: Outgoing): Outgoing | undefined {
  if (!tcp || tcp.flags.rst) return undefined;
  const answer: TcpHeader = tcp.flags.ack
    ? { sequence: tcp.acknowledgement, acknowledgement: 0, flags: flags('rst'), window: 0 }
    : {
        sequence: 0,
        acknowledgement: advance(tcp.sequence, sequenceLength(tcp, payload)),
        flags: flags('rst', 'ack'),
        window: 0,
      };
  return { from: to, to: from, transport: 'tcp', payload: new Uint8Array(0), tcp: answer };
}
