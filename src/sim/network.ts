/**
 * The network: takes a packet, asks the rules, and sees to it that the packet meets exactly one fate. It decides nothing
 * itself and has no clock; whoever drives it owns the queue and says when an instant has come.
 */

import type { Address } from '../base/address.ts';
import { type Reason, reason } from '../base/reason.ts';
import { type Duration, type Instant, later, microseconds, milliseconds } from '../base/time.ts';
import type { Fate, Outgoing, Packet, PacketId } from './packet.ts';
import { draw } from './random.ts';
import type { Draw, Rule } from './rules.ts';

/** Whether a host takes what arrives; one that is down swallows it, and nobody is told. */
export type HostState = 'up' | 'down';

/** What the network needs from whoever drives it. */
export interface NetworkDriver {
  readonly seed: number;
  /** Calls `due(packet, at)` when that instant has come. Items of equal instants come back in the order given. */
  schedule(at: Instant, packet: PacketId): void;
  /** Writes down a fate; called once for each packet, at the instant of the fate, and not while it is on its way. */
  fate(fate: Fate): void;
  /** Told of every packet that the network itself puts on its way: the duplicates. */
  made(packet: Packet): void;
}

export interface Network {
  /** Sends a packet at this instant: its way is settled, its fate is not yet written. */
  send(outgoing: Outgoing, at: Instant): Packet;
  /**
   * The instant has come that was scheduled for this packet. Writes its fate, and returns it, as it arrived, when a host
   * is to be handed it.
   */
  due(packet: PacketId, at: Instant): Packet | undefined;
  /** Loses a packet that is on its way; false when it is not, or no longer. */
  intercept(packet: PacketId, at: Instant, why: Reason): boolean;
  /** The packets on their way, in the order of sending. */
  underway(): readonly Packet[];
  /** Puts a host at an address, or changes whether it takes what arrives. */
  setHost(address: Address, state: HostState): void;
  /** Adds a rule for packets sent from now on; a rule of the same name is replaced. The name also names its draws. */
  addRule(name: string, rule: Rule): void;
  /** Takes a rule away for packets sent from now on; false when there is none of that name. */
  removeRule(name: string): boolean;
}

/** Duplicates come this long after one another, so that each is seen by itself. */
const COPY_SPACING: Duration = milliseconds(1);

/** A network without hosts and rules. */
export function makeNetwork(driver: NetworkDriver): Network {
  const rules = new Map<string, Rule>();
  const hosts = new Map<Address, HostState>();
  const journeys = new Map<PacketId, Journey>();
  const directions = new Map<string, number>();
  let made = 0;

  const start = (outgoing: Outgoing, at: Instant, copyOf?: PacketId): Packet => {
    const id = made++ as PacketId;
    const { from, to, transport, payload, tcp } = outgoing;
    // Written out field by field: this is done for every packet, and copying an object of unknown shape is slow.
    const packet = tcp ? { id, sentAt: at, from, to, transport, payload, tcp } : { id, sentAt: at, from, to, transport, payload };
    return copyOf === undefined ? packet : { ...packet, copyOf };
  };

  /** A lost packet is lost half way: seen to leave, never seen to arrive. */
  const begin = (packet: Packet, opinion: Opinion, extra: Duration): void => {
    const { drop, bytes, reasons } = opinion;
    const whole = microseconds(opinion.delay + extra);
    const due = later(packet.sentAt, whole);
    journeys.set(packet.id, drop ? { packet, due, drop } : bytes ? { packet, due, reasons, bytes } : { packet, due, reasons });
    driver.schedule(drop ? later(packet.sentAt, microseconds(whole / 2)) : due, packet.id);
  };

  const lose = ({ packet, due }: Journey, at: Instant, why: Reason): void => {
    journeys.delete(packet.id);
    driver.fate({ kind: 'dropped', packet: packet.id, at, due, reason: why });
  };

  const send = (outgoing: Outgoing, at: Instant): Packet => {
    const packet = start(outgoing, at);
    const direction = `${outgoing.from.address}>${outgoing.to.address}`;
    const number = directions.get(direction) ?? 0;
    directions.set(direction, number + 1);
    const opinion = combine(rules, packet, at, (rule) => (label) => draw(driver.seed, `${direction}/${rule}/${label}`, number));
    begin(packet, opinion, NO_TIME);
    for (let i = 1; !opinion.drop && i <= opinion.copies; i++) {
      const copy = start(outgoing, at, packet.id);
      driver.made(copy);
      begin(copy, opinion, microseconds(COPY_SPACING * i));
    }
    return packet;
  };

  return {
    send,
    due(id, at) {
      const journey = journeys.get(id);
      if (!journey) return undefined;
      const { packet } = journey;
      const state = hosts.get(packet.to.address);
      if ('drop' in journey) lose(journey, at, journey.drop);
      else if (state === undefined) lose(journey, at, reason('no-such-host', `No host has the address ${packet.to.address}.`));
      else if (state === 'down') lose(journey, at, reason('host-down', `The host at ${packet.to.address} is down.`));
      else {
        const { bytes, reasons } = journey;
        journeys.delete(id);
        driver.fate({ kind: 'delivered', packet: id, at, reasons, ...(bytes ? { bytes } : {}) });
        return bytes ? { ...packet, payload: bytes } : packet;
      }
      return undefined;
    },
    intercept(id, at, why) {
      const journey = journeys.get(id);
      if (journey) lose(journey, at, why);
      return journey !== undefined;
    },
    underway: () => [...journeys.values()].map(({ packet }) => packet),
    setHost: (address, state) => void hosts.set(address, state),
    addRule: (name, rule) => void rules.set(name, rule),
    removeRule: (name) => rules.delete(name),
  };
}

/** A packet on its way: to be lost, or to arrive. */
type Journey =
  | { readonly packet: Packet; readonly due: Instant; readonly drop: Reason }
  | { readonly packet: Packet; readonly due: Instant; readonly reasons: readonly Reason[]; readonly bytes?: Uint8Array };

/** What the rules together make of a packet. */
interface Opinion {
  drop?: Reason;
  delay: Duration;
  bytes?: Uint8Array;
  copies: number;
  readonly reasons: Reason[];
}

const NO_TIME: Duration = microseconds(0);

/** Asks every rule, in the order of adding; each sees the bytes as the rules before it left them. The first drop gives its reason. */
function combine(rules: ReadonlyMap<string, Rule>, packet: Packet, at: Instant, drawFor: (rule: string) => Draw): Opinion {
  const opinion: Opinion = { delay: NO_TIME, copies: 0, reasons: [] };
  let seen = packet;
  for (const [name, rule] of rules) {
    const verdict = rule(seen, at, drawFor(name));
    if (!verdict) continue;
    if (verdict.drop) opinion.drop ??= verdict.drop;
    opinion.delay = microseconds(opinion.delay + (verdict.delay ?? 0));
    opinion.copies += verdict.copies ?? 0;
    if (verdict.bytes) {
      opinion.bytes = verdict.bytes;
      seen = { ...packet, payload: verdict.bytes };
    }
    if (verdict.reason) opinion.reasons.push(verdict.reason);
  }
  return opinion;
}
