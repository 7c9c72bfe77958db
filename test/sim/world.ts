/** A network with a queue of its own, driven to the end: what tests of the network look at. */

import { type Address, address } from '../../src/base/address.ts';
import { type Instant, instant, milliseconds, START } from '../../src/base/time.ts';
import { makeNetwork } from '../../src/sim/network.ts';
import type { Fate, Outgoing, Packet, PacketId } from '../../src/sim/packet.ts';
import { makeQueue } from '../../src/sim/queue.ts';

export const A = address('198.18.0.7');
export const B = address('198.18.0.53');
export const NOWHERE = address('203.0.113.9');

export const ms = (n: number): Instant => instant(milliseconds(n));

export const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

export const datagram = (from: Address, to: Address, text = 'hello'): Outgoing => ({
  from: { address: from, port: 40000 },
  to: { address: to, port: 53 },
  transport: 'udp',
  payload: bytes(text),
});

export function makeWorld(seed = 1) {
  const queue = makeQueue<PacketId | (() => void)>();
  const fates: Fate[] = [];
  const sent: Packet[] = [];
  const delivered: { packet: Packet; at: Instant }[] = [];
  const takers = new Map<Address, (packet: Packet) => void>();
  let now = START;
  const network = makeNetwork({
    seed,
    schedule: (at, packet) => queue.push(at, packet),
    fate: (fate) => fates.push(fate),
    made: (packet) => sent.push(packet),
  });
  network.setHost(A, 'up');
  network.setHost(B, 'up');
  return {
    network,
    fates,
    sent,
    delivered,
    now: () => now,
    send(outgoing: Outgoing): Packet {
      const packet = network.send(outgoing, now);
      sent.push(packet);
      return packet;
    },
    /** Does something at an instant, after everything else that is due then. */
    at(when: Instant, what: () => void): { cancel(): void } {
      const item = queue.push(when, what, 1);
      return { cancel: () => void queue.cancel(item) };
    },
    /** Hands what arrives at an address to a function, besides writing it down. */
    listen: (address: Address, take: (packet: Packet) => void): void => void takers.set(address, take),
    /** Runs until nothing is left, or to an instant. */
    run(until?: Instant): void {
      for (let item = queue.peek(); item && (until === undefined || item.due <= until); item = queue.peek()) {
        queue.pop();
        now = item.due;
        if (typeof item.payload === 'function') item.payload();
        else {
          const packet = network.due(item.payload, now);
          if (packet) {
            delivered.push({ packet, at: now });
            takers.get(packet.to.address)?.(packet);
          }
        }
      }
    },
    /** Each packet's fate in a word: "delivered", or the rule that dropped it. */
    ends: (): string[] => fates.map((fate) => (fate.kind === 'dropped' ? fate.reason.rule : fate.kind)),
  };
}
