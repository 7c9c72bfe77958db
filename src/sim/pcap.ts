/**
 * Capture files (draft-ietf-opsawg-pcap): written so that Wireshark and tcpdump open them without a complaint, read from
 * wherever they come. Reading is total: any octets give packets or a reason.
 */

import { type Reason, reason } from '../base/reason.ts';
import type { Instant } from '../base/time.ts';
import { START_DATE } from '../base/time.ts';
import { encodeFrame } from './frame.ts';
import type { Outgoing } from './packet.ts';
import { LINK_TYPES, parseFrame } from './parseFrame.ts';

/** A packet and the instant at which the capture sees it. */
export interface Sighting {
  readonly packet: Outgoing;
  readonly at: Instant;
}

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const MAGIC_PCAPNG = 0x0a0d0d0a;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET_LINK = 1;
const LONGEST_FRAME = 262_144;

/**
 * A capture of these packets in the order given: little-endian, microseconds, Ethernet.
 *
 * @param epoch the date that instant 0 gets, in whole seconds since 1970 (UTC)
 */
export function writePcap(sightings: readonly Sighting[], epoch = START_DATE): Uint8Array {
  const frames = sightings.map(({ packet }, i) => encodeFrame(packet, i + 1));
  const file = new Uint8Array(frames.reduce((size, frame) => size + RECORD_HEADER + frame.length, FILE_HEADER));
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC_MICROSECONDS, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, LONGEST_FRAME, true);
  view.setUint32(20, ETHERNET_LINK, true);
  let at = FILE_HEADER;
  for (const [i, frame] of frames.entries()) {
    const instant = sightings[i]?.at ?? 0;
    view.setUint32(at, epoch + Math.floor(instant / 1_000_000), true);
    view.setUint32(at + 4, instant % 1_000_000, true);
    view.setUint32(at + 8, frame.length, true);
    view.setUint32(at + 12, frame.length, true);
    file.set(frame, at + RECORD_HEADER);
    at += RECORD_HEADER + frame.length;
  }
  return file;
}

/** One record of a capture. */
export interface CapturedFrame {
  /** Counted from 1, as Wireshark does. */
  readonly number: number;
  /** Microseconds since 1970 (UTC), rounded down. */
  readonly unixMicroseconds: number;
  /** The UDP datagram or TCP segment in it; its payload is a view of the file's octets. */
  readonly packet?: Outgoing;
  /** Why there is none; its rule says which case: 'other-protocol', 'fragment', 'cut-short' or 'malformed'. */
  readonly problem?: Reason;
}

export type Capture =
  | {
      readonly ok: true;
      readonly frames: readonly CapturedFrame[];
      /** The file ends in the middle of a record; what came before it has been read. */
      readonly problem?: Reason;
    }
  /** The rule says which case: 'not-a-capture', 'pcapng', 'version', 'link-type' or 'cut-short'. */
  | { readonly ok: false; readonly error: Reason };

/** Whether a file begins as a capture of either format does, so that it need not be tried as anything else. */
export const looksLikeCapture = (bytes: Uint8Array): boolean => {
  const magic = bytes.length < 4 ? 0 : viewOf(bytes).getUint32(0);
  return magic === MAGIC_PCAPNG || formatOf(magic) !== undefined;
};

/** Reads a capture, of either byte order, with microseconds or nanoseconds. */
export function readPcap(bytes: Uint8Array): Capture {
  const view = viewOf(bytes);
  const magic = bytes.length < 4 ? 0 : view.getUint32(0);
  if (magic === MAGIC_PCAPNG) {
    return failure('pcapng', 'This is a pcapng file; save it as "pcap" (tshark -r IN -F pcap -w OUT) and try again.');
  }
  const format = formatOf(magic);
  if (!format)
    return failure('not-a-capture', 'A capture begins with a1b2c3d4 or a1b23c4d, in either byte order; this file does not.');
  if (bytes.length < FILE_HEADER)
    return failure('cut-short', `A capture has a header of ${FILE_HEADER} octets; the file has ${bytes.length}.`);
  const { little, perMicrosecond } = format;
  const major = view.getUint16(4, little);
  if (major !== 2) return failure('version', `The capture has version ${major}; version 2 is the only one in use.`);
  // The upper half holds the length of frame check sequences, which nothing here needs.
  const linkType = view.getUint32(20, little) & 0xffff;
  if (!LINK_TYPES.has(linkType)) {
    const known = [...LINK_TYPES].map(([number, { name }]) => `${name} (${number})`).join(', ');
    return failure('link-type', `The frames are of link type ${linkType}; these can be read: ${known}.`);
  }

  const frames: CapturedFrame[] = [];
  let at = FILE_HEADER;
  while (at < bytes.length) {
    const number = frames.length + 1;
    const left = bytes.length - at - RECORD_HEADER;
    const length = left < 0 ? 0 : view.getUint32(at + 8, little);
    if (left < 0 || length > left) {
      return { ok: true, frames, problem: reason('cut-short', `The file ends in the middle of frame ${number}.`) };
    }
    const unixMicroseconds = view.getUint32(at, little) * 1_000_000 + Math.floor(view.getUint32(at + 4, little) / perMicrosecond);
    const whole = view.getUint32(at + 12, little);
    const start = at + RECORD_HEADER;
    const found = parseFrame(bytes.subarray(start, start + length), linkType, whole > length);
    frames.push({ number, unixMicroseconds, ...(found.ok ? { packet: found.packet } : { problem: found.problem }) });
    at = start + length;
  }
  return { ok: true, frames };
}

const failure = (rule: string, text: string): Capture => ({ ok: false, error: reason(rule, text) });

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What the first four octets, read in network order, say of the rest. */
function formatOf(magic: number): { little: boolean; perMicrosecond: number } | undefined {
  for (const [known, perMicrosecond] of [
    [MAGIC_MICROSECONDS, 1],
    [MAGIC_NANOSECONDS, 1_000],
  ] as const) {
    if (magic === known) return { little: false, perMicrosecond };
    if (magic === reversed(known)) return { little: true, perMicrosecond };
  }
  return undefined;
}

const reversed = (n: number): number => (((n & 0xff) << 24) | ((n & 0xff00) << 8) | ((n >>> 8) & 0xff00) | (n >>> 24)) >>> 0;
