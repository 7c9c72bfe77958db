/**
 * Rules: what the network does to a packet on its way. A rule looks at one packet and may have an opinion; opinions
 * combine: delays add up, any drop drops, bytes may be altered, copies made, and each leaves its reason.
 *
 * A rule that needs to know what a packet says is given a predicate from outside, because this folder knows only bytes.
 */

import { type Address, type Cidr, contains, isIPv6 } from '../base/address.ts';
import { type Reason, reason } from '../base/reason.ts';
import { type Duration, formatDuration, type Instant, microseconds, milliseconds, seconds } from '../base/time.ts';
import type { Packet, Transport } from './packet.ts';

/** One rule's opinion of one packet. */
export interface Verdict {
  /** The packet is lost, for this reason. */
  readonly drop?: Reason;
  /** Time added to the way; never negative. */
  readonly delay?: Duration;
  /** The octets that arrive in place of those the packet held when this rule saw it. */
  readonly bytes?: Uint8Array;
  /** How many duplicates arrive besides the packet itself. */
  readonly copies?: number;
  /** Why it is delayed, altered or copied. */
  readonly reason?: Reason;
}

/**
 * A number, 0 or more and below 1, that depends only on the seed, the direction (sending and receiving address), the
 * packet's number in that direction, the rule's name and this label. So no rule's draws disturb another's.
 */
export type Draw = (label: string) => number;

/** A rule; undefined means no opinion. `at` is the instant of sending. */
export type Rule = (packet: Packet, at: Instant, draw: Draw) => Verdict | undefined;

/** Which packets a rule is about. */
export type Matching = (packet: Packet) => boolean;

/** One end of a way: an address, the name of a place, or '*' for any. */
export type End = Address | (string & {});

/** How long the way between two ends takes in one direction; the same there and back. */
export interface Way {
  readonly ends: readonly [End, End];
  readonly delay: Duration;
}

/**
 * The time that distance takes. The most specific way that fits counts: two addresses, then an address and a place, then an
 * address and '*', then two places, then a place and '*', then '*' twice. Of two ways with equal ends the last one counts.
 *
 * @param placeOf the place where an address stands; undefined when it is nowhere in particular
 * @param otherwise the delay when no way fits
 */
export function latency(
  ways: readonly Way[],
  placeOf: (address: Address) => string | undefined = () => undefined,
  otherwise: Duration = milliseconds(20),
): Rule {
  const table = new Map<string, Duration>();
  for (const { ends, delay } of ways) {
    table.set(`${ends[0]} ${ends[1]}`, delay);
    table.set(`${ends[1]} ${ends[0]}`, delay);
  }
  const find = (from: Address, to: Address): Duration => {
    const near = placeOf(from) ?? '*';
    const far = placeOf(to) ?? '*';
    const pairs = [
      [from, to],
      [from, far],
      [near, to],
      [from, '*'],
      ['*', to],
      [near, far],
      [near, '*'],
      ['*', far],
      ['*', '*'],
    ];
    for (const [a, b] of pairs) {
      const delay = table.get(`${a} ${b}`);
      if (delay !== undefined) return delay;
    }
    return otherwise;
  };
  const known = new Map<string, Verdict>();
  return (packet) => {
    const pair = `${packet.from.address} ${packet.to.address}`;
    let verdict = known.get(pair);
    if (!verdict) {
      const delay = find(packet.from.address, packet.to.address);
      verdict = { delay, reason: reason('latency', `The way takes ${formatDuration(delay)}.`) };
      known.set(pair, verdict);
    }
    return verdict;
  };
}

/** A delay between 0 and `most`, drawn for each packet: packets may overtake one another. */
export const jitter =
  (most: Duration, matching: Matching = everything): Rule =>
  (packet, _at, draw) => {
    if (!matching(packet)) return undefined;
    const delay = microseconds(Math.floor(draw('jitter') * (most + 1)));
    return { delay, reason: reason('jitter', `The line is unsteady: ${formatDuration(delay)} more.`) };
  };

/** Each matching packet is lost with this probability (0 to 1). */
export const loss =
  (probability: number, matching: Matching = everything): Rule =>
  (packet, _at, draw) =>
    matching(packet) && draw('loss') < probability ? { drop: reason('loss', 'The packet is lost on the way.') } : undefined;

/** Who is cut off from whom, how and for how long. */
export interface Cut {
  readonly between: readonly [readonly (Address | Cidr)[], readonly (Address | Cidr)[]];
  readonly transport?: Transport;
  /** Only packets of this IP version. */
  readonly family?: 4 | 6;
  /** The first instant of the cut; from the start when absent. */
  readonly from?: Instant;
  /** The first instant after the cut; for ever when absent. */
  readonly until?: Instant;
}

/** No packet passes between two sets of addresses, in either direction, while the cut lasts. */
export function partition({ between: [left, right], transport, family, from, until }: Cut): Rule {
  const verdict = { drop: reason('partition', 'The line between these two is cut.') };
  return (packet, at) => {
    if (from !== undefined && at < from) return undefined;
    if (until !== undefined && at >= until) return undefined;
    if (transport !== undefined && packet.transport !== transport) return undefined;
    if (family !== undefined && isIPv6(packet.to.address) !== (family === 6)) return undefined;
    const a = packet.from.address;
    const b = packet.to.address;
    return (isAmong(left, a) && isAmong(right, b)) || (isAmong(right, a) && isAmong(left, b)) ? verdict : undefined;
  };
}

/** Each matching packet arrives `copies` times more, with this probability (0 to 1). */
export const duplication =
  (probability: number, copies = 1, matching: Matching = everything): Rule =>
  (packet, _at, draw) =>
    matching(packet) && draw('duplication') < probability
      ? { copies, reason: reason('duplication', 'The network delivers the packet more than once.') }
      : undefined;

/**
 * In each matching packet `bits` bits of the payload are turned over, with this probability (0 to 1). The damage is of the
 * kind that UDP's and TCP's checksums do not find, such as a faulty router makes that computes them anew.
 */
export const corruption =
  (probability: number, bits = 1, matching: Matching = everything): Rule =>
  (packet, _at, draw) => {
    if (packet.payload.length === 0 || !matching(packet) || draw('corruption') >= probability) return undefined;
    const bytes = packet.payload.slice();
    const total = bytes.length * 8;
    const flipped = new Set<number>();
    for (let i = 0; flipped.size < Math.min(bits, total); i++) {
      let bit = Math.floor(draw(`corruption/${i}`) * total);
      while (flipped.has(bit)) bit = (bit + 1) % total;
      flipped.add(bit);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (0x80 >> (bit & 7));
    }
    return {
      bytes,
      reason: reason('corruption', `${flipped.size} of its bits ${flipped.size === 1 ? 'is' : 'are'} turned over.`),
    };
  };

/**
 * A line of few bits a second: each matching packet takes its own length's time, and waits for those before it in the same
 * direction. Lengths count the IP and transport headers.
 */
export function slowLink(bitsPerSecond: number, matching: Matching = everything): Rule {
  const busyUntil = new Map<string, number>();
  return (packet, at) => {
    if (!matching(packet)) return undefined;
    const direction = `${packet.from.address} ${packet.to.address}`;
    const octets = packet.payload.length + (isIPv6(packet.to.address) ? 40 : 20) + (packet.transport === 'tcp' ? 20 : 8);
    const done = Math.max(at, busyUntil.get(direction) ?? 0) + seconds((octets * 8) / bitsPerSecond);
    busyUntil.set(direction, done);
    const delay = microseconds(done - at);
    return { delay, reason: reason('slow-link', `The line is slow: ${formatDuration(delay)} more.`) };
  };
}

/** Which of the matching packets are meant, counted from 1: "the first", "the second and third". */
export interface Occurrence {
  readonly first: number;
  /** The last one meant; the first one only when absent. */
  readonly last?: number;
}

const FIRST: Occurrence = { first: 1 };

/** Some of the matching packets are lost: "the first response from .com". */
export const dropMatching = (matching: Matching, which: Occurrence = FIRST, text = 'This packet is lost on the way.'): Rule =>
  onOccurrence(matching, which, { drop: reason('dropped-on-purpose', text) });

/** Some of the matching packets are late by this much. */
export const delayMatching = (matching: Matching, delay: Duration, which: Occurrence = FIRST): Rule =>
  onOccurrence(matching, which, {
    delay,
    reason: reason('delayed-on-purpose', `This packet is held back for ${formatDuration(delay)}.`),
  });

/** Counts by itself, so every call makes a rule for one run. */
function onOccurrence(matching: Matching, { first, last = first }: Occurrence, verdict: Verdict): Rule {
  let seen = 0;
  return (packet) => {
    if (seen >= last || !matching(packet)) return undefined;
    seen++;
    return seen >= first ? verdict : undefined;
  };
}

const everything: Matching = () => true;

const isAmong = (set: readonly (Address | Cidr)[], a: Address): boolean =>
  set.some((one) => (one.includes('/') ? contains(one as Cidr, a) : one === a));
