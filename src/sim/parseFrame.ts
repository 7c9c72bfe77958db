/** The packet inside a captured frame. Total: any octets give a packet, or the reason why there is none. */

import { type Address, addressFromBytes } from '../base/address.ts';
import { type Reason, reason } from '../base/reason.ts';
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, PROTOCOL_TCP, PROTOCOL_UDP, TCP_FLAG_BITS } from './frame.ts';
import type { Outgoing } from './packet.ts';
import { flags } from './segment.ts';

export type FoundInFrame = { readonly ok: true; readonly packet: Outgoing } | { readonly ok: false; readonly problem: Reason };

/** The link types that can be read (https://www.tcpdump.org/linktypes.html), and where in their frames IP begins. */
export const LINK_TYPES: ReadonlyMap<number, { readonly name: string; ipStart(frame: Uint8Array): number | FoundInFrame }> =
  new Map([
    [0, { name: 'BSD loopback', ipStart: () => 4 }],
    [1, { name: 'Ethernet', ipStart: afterEthernet }],
    [101, { name: 'raw IP', ipStart: () => 0 }],
    [113, { name: 'Linux cooked', ipStart: () => 16 }],
    [276, { name: 'Linux cooked 2', ipStart: () => 20 }],
  ]);

/**
 * Finds the UDP datagram or TCP segment in a frame.
 *
 * @param linkType one of LINK_TYPES
 * @param snapped the capture kept only the beginning of this frame
 */
export function parseFrame(frame: Uint8Array, linkType: number, snapped = false): FoundInFrame {
  const start = LINK_TYPES.get(linkType)?.ipStart(frame) ?? none('other-protocol', `Link type ${linkType} is not known.`);
  if (typeof start !== 'number') return start;
  const found = parseInternet(frame.subarray(start));
  if (found.ok || found.problem.rule !== 'malformed' || !snapped) return found;
  return none('cut-short', 'The capture kept only the beginning of this frame.');
}

function afterEthernet(frame: Uint8Array): number | FoundInFrame {
  let at = 12;
  // Up to two VLAN tags may stand before the type (IEEE 802.1Q).
  for (let tags = 0; tags < 2 && [0x8100, 0x88a8].includes(get16(frame, at)); tags++) at += 4;
  if (frame.length < at + 2) return none('malformed', 'The frame is shorter than its Ethernet header.');
  const type = get16(frame, at);
  if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) return at + 2;
  return none('other-protocol', `The frame holds no IP packet (EtherType 0x${type.toString(16).padStart(4, '0')}).`);
}

function parseInternet(packet: Uint8Array): FoundInFrame {
  const version = (packet[0] ?? 0) >> 4;
  if (version === 4) return parseIPv4(packet);
  if (version === 6) return parseIPv6(packet);
  return packet.length === 0
    ? none('malformed', 'The frame ends before an IP packet begins.')
    : none('other-protocol', `The frame holds no IP packet (version ${version}).`);
}

function parseIPv4(packet: Uint8Array): FoundInFrame {
  const header = ((packet[0] as number) & 0x0f) * 4;
  // Zero: the network card was to fill it in after the capture. What follows the end is padding.
  const length = get16(packet, 2) || packet.length;
  if (header < 20 || length < header || length > packet.length)
    return none('malformed', 'The lengths of the IPv4 header do not fit the frame.');
  if ((get16(packet, 6) & 0x3fff) !== 0) return none('fragment', 'The frame holds only a part of an IP packet.');
  const from = addressFromBytes(packet, 12, 4);
  const to = addressFromBytes(packet, 16, 4);
  return parseTransport(packet[9] as number, packet.subarray(header, length), from, to);
}

/** IPv6 extension headers that may be passed over: hop-by-hop options, routing, destination options (RFC 8200 §4). */
const PASSED_OVER = [0, 43, 60];
const FRAGMENT = 44;

function parseIPv6(packet: Uint8Array): FoundInFrame {
  const end = packet.length < 40 ? 0 : 40 + (get16(packet, 4) || packet.length - 40);
  if (end < 40 || end > packet.length) return none('malformed', 'The lengths of the IPv6 header do not fit the frame.');
  let next = packet[6] as number;
  let at = 40;
  while (PASSED_OVER.includes(next) || next === FRAGMENT) {
    if (at + 8 > end) return none('malformed', 'An IPv6 extension header does not fit the packet.');
    if (next === FRAGMENT && (get16(packet, at + 2) & 0xfff9) !== 0)
      return none('fragment', 'The frame holds only a part of an IP packet.');
    const length = next === FRAGMENT ? 8 : 8 + (packet[at + 1] as number) * 8;
    next = packet[at] as number;
    at += length;
  }
  if (at > end) return none('malformed', 'An IPv6 extension header does not fit the packet.');
  return parseTransport(next, packet.subarray(at, end), addressFromBytes(packet, 8, 16), addressFromBytes(packet, 24, 16));
}

function parseTransport(protocol: number, bytes: Uint8Array, from: Address, to: Address): FoundInFrame {
  const ends = {
    from: { address: from, port: get16(bytes, 0) },
    to: { address: to, port: get16(bytes, 2) },
  };
  if (protocol === PROTOCOL_UDP) {
    const length = get16(bytes, 4);
    if (length < 8 || length > bytes.length) return none('malformed', 'The length of the UDP header does not fit the packet.');
    return { ok: true, packet: { ...ends, transport: 'udp', payload: bytes.subarray(8, length) } };
  }
  if (protocol !== PROTOCOL_TCP) return none('other-protocol', `The packet holds neither UDP nor TCP (IP protocol ${protocol}).`);
  const header = ((bytes[12] ?? 0) >> 4) * 4;
  if (header < 20 || header > bytes.length) return none('malformed', 'The length of the TCP header does not fit the packet.');
  const set = TCP_FLAG_BITS.filter(([, bit]) => ((bytes[13] as number) & bit) !== 0).map(([flag]) => flag);
  const tcp = {
    sequence: get32(bytes, 4),
    acknowledgement: get32(bytes, 8),
    flags: flags(...set),
    window: get16(bytes, 14),
  };
  return { ok: true, packet: { ...ends, transport: 'tcp', payload: bytes.subarray(header), tcp } };
}

const none = (rule: string, text: string): FoundInFrame => ({ ok: false, problem: reason(rule, text) });

/** Sixteen bits in network order; octets beyond the end count as zero, so a length read there fits nothing. */
const get16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const get32 = (bytes: Uint8Array, at: number): number => get16(bytes, at) * 0x1_0000 + get16(bytes, at + 2);
