/** A packet as the octets of an Ethernet frame, for captures: Ethernet, IPv4 or IPv6, UDP or TCP, with right checksums. */

import { type Address, addressBytes, isIPv6 } from '../base/address.ts';
import type { Outgoing, TcpFlags, TcpHeader } from './packet.ts';
import { maximumSegmentSize } from './segment.ts';

/** EtherTypes and IP protocol numbers (IANA). */
export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_IPV6 = 0x86dd;
export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;

/** Where each TCP flag stands in its octet (RFC 9293 §3.1). */
export const TCP_FLAG_BITS: readonly (readonly [keyof TcpFlags, number])[] = [
  ['fin', 0x01],
  ['syn', 0x02],
  ['rst', 0x04],
  ['psh', 0x08],
  ['ack', 0x10],
];

const ETHERNET = 14;
const UDP = 8;
const HOPS = 64;

/** The most octets that the length field of IPv4, or of IPv6's payload, can tell. */
const LONGEST = 65_535;

/**
 * The frame of a packet. `identification` goes into IPv4's field of that name, modulo 2^16.
 * Throws when the two addresses are of different IP versions or the payload fits into no IP packet.
 */
export function encodeFrame(packet: Outgoing, identification: number): Uint8Array {
  const { from, to, tcp, payload } = packet;
  const six = isIPv6(to.address);
  if (isIPv6(from.address) !== six) throw new Error(`a packet goes from ${from.address} to ${to.address}, of another IP version`);
  const ip = six ? 40 : 20;
  const transport = tcp ? 20 + (tcp.flags.syn ? 4 : 0) : UDP;
  const length = transport + payload.length;
  if (length + (six ? 0 : ip) > LONGEST) throw new Error(`${payload.length} octets do not fit into one packet`);

  const frame = new Uint8Array(ETHERNET + ip + length);
  frame.set(hardwareAddress(to.address), 0);
  frame.set(hardwareAddress(from.address), 6);
  put16(frame, 12, six ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
  const protocol = tcp ? PROTOCOL_TCP : PROTOCOL_UDP;
  if (six) putIPv6(frame, from.address, to.address, protocol, length);
  else putIPv4(frame, from.address, to.address, protocol, length, identification);

  const start = ETHERNET + ip;
  put16(frame, start, from.port);
  put16(frame, start + 2, to.port);
  if (tcp) putTcp(frame, start, tcp, maximumSegmentSize(to.address));
  else put16(frame, start + 4, length);
  frame.set(payload, start + transport);

  const pseudoHeader = sum16(addressBytes(from.address)) + sum16(addressBytes(to.address)) + protocol + length;
  const checksum = fold(pseudoHeader + sum16(frame.subarray(start)));
  // A UDP checksum of zero would mean that there is none (RFC 768), so it is sent as its other form.
  put16(frame, start + (tcp ? 16 : 6), tcp ? checksum : checksum || 0xffff);
  return frame;
}

function putIPv4(frame: Uint8Array, from: Address, to: Address, protocol: number, length: number, identification: number): void {
  const at = ETHERNET;
  frame[at] = 0x45;
  put16(frame, at + 2, 20 + length);
  put16(frame, at + 4, identification);
  frame[at + 8] = HOPS;
  frame[at + 9] = protocol;
  frame.set(addressBytes(from), at + 12);
  frame.set(addressBytes(to), at + 16);
  put16(frame, at + 10, fold(sum16(frame.subarray(at, at + 20))));
}

function putIPv6(frame: Uint8Array, from: Address, to: Address, protocol: number, length: number): void {
  const at = ETHERNET;
  frame[at] = 0x60;
  put16(frame, at + 4, length);
  frame[at + 6] = protocol;
  frame[at + 7] = HOPS;
  frame.set(addressBytes(from), at + 8);
  frame.set(addressBytes(to), at + 24);
}

function putTcp(frame: Uint8Array, at: number, tcp: TcpHeader, maximumSegment: number): void {
  put32(frame, at + 4, tcp.sequence);
  put32(frame, at + 8, tcp.acknowledgement);
  frame[at + 12] = tcp.flags.syn ? 0x60 : 0x50;
  for (const [flag, bit] of TCP_FLAG_BITS) if (tcp.flags[flag]) frame[at + 13] = (frame[at + 13] as number) | bit;
  put16(frame, at + 14, tcp.window);
  if (!tcp.flags.syn) return;
  // The one option: kind 2, four octets long, the maximum segment size (RFC 9293 §3.2).
  put16(frame, at + 20, 0x0204);
  put16(frame, at + 22, maximumSegment);
}

/** A locally administered hardware address: 02:00 and the IPv4 address, or 02:06 and the IPv6 address folded to four octets. */
function hardwareAddress(address: Address): Uint8Array {
  const mac = Uint8Array.of(2, isIPv6(address) ? 6 : 0, 0, 0, 0, 0);
  addressBytes(address).forEach((octet, i) => {
    mac[2 + (i % 4)] = (mac[2 + (i % 4)] as number) ^ octet;
  });
  return mac;
}

/** The sum of 16-bit words, an odd last octet being the high half of one (RFC 1071); exact below 2^32 words. */
function sum16(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  return sum;
}

/** The Internet checksum of a sum: carries added back in, then the complement (RFC 1071). */
function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x1_0000);
  return ~folded & 0xffff;
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, at, value >>> 16);
  put16(bytes, at + 2, value);
}
