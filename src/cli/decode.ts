/** `rootwalk decode`: annotates packets field by field, from hexadecimal digits, standard input or a capture. */

import { endpointText } from '../base/address.ts';
import { hexText, parseHex } from '../base/octets.ts';
import { shortened } from '../base/text.ts';
import { decode } from '../dns/wire/decode.ts';
import { layout } from '../dns/wire/layout.ts';
import type { Span } from '../dns/wire/span.ts';
import type { Outgoing } from '../sim/packet.ts';
import { type CapturedFrame, looksLikeCapture, readPcap } from '../sim/pcap.ts';
import { complain, EXIT, type Exit, type Io } from './io.ts';

/** One message to annotate: where it was found, and its octets. */
interface Found {
  readonly title: string;
  readonly bytes: Uint8Array;
}

export function decodeCommand(io: Io, argument: string | undefined, { json }: { readonly json?: boolean }): Exit {
  const found = find(io, argument);
  if (!found) return EXIT.badInput;
  if (json) io.out(`${JSON.stringify(found.map(asData), null, 2)}\n`);
  else for (const [i, one] of found.entries()) io.out(`${i === 0 ? '' : '\n'}${annotated(one)}`);
  return EXIT.held;
}

function find(io: Io, argument: string | undefined): Found[] | undefined {
  if (argument === undefined && io.inputIsTerminal) {
    complain(io, 'nothing to decode: give hexadecimal digits, the name of a capture, or something on standard input');
    return undefined;
  }
  if (argument !== undefined && argument !== '-') {
    const bytes = hexOctets(argument);
    return bytes ? [{ title: octets(bytes.length), bytes }] : fromFile(io, argument);
  }
  return fromBytes(io, io.input(), 'standard input');
}

function fromFile(io: Io, path: string): Found[] | undefined {
  const bytes = io.read(path);
  if (bytes instanceof Uint8Array) return fromBytes(io, bytes, path);
  if (!/[/.]/.test(path))
    complain(io, `"${shortened(path)}" is neither an even number of hexadecimal digits nor a file (${bytes.problem})`);
  else complain(io, `${path}: ${bytes.problem}`);
  return undefined;
}

/** A capture, or text in hexadecimal digits. */
function fromBytes(io: Io, bytes: Uint8Array, name: string): Found[] | undefined {
  if (looksLikeCapture(bytes)) return fromCapture(io, bytes, name);
  const text = new TextDecoder().decode(bytes);
  const read = hexOctets(text);
  if (read) return [{ title: octets(read.length), bytes: read }];
  const wrong = /[^0-9a-f\s:,.x]/i.exec(text);
  const where = wrong
    ? `${name}:${placeText(text, wrong.index)}: found ${JSON.stringify(wrong[0])}`
    : `${name}: found ${text.trim() === '' ? 'nothing' : 'an odd number of digits'}`;
  complain(io, `${where}, expected a capture (pcap) or an even number of hexadecimal digits`);
  return undefined;
}

/** Hexadecimal digits in any spacing: "a1 b2", "a1:b2", "0xa1, 0xb2", or lines with an offset in front as `xxd` writes them. */
function hexOctets(text: string): Uint8Array | undefined {
  const lines = text.split('\n').map((line) => /^\s*[0-9a-f]{4,8}: +((?:[0-9a-f]{2,4} ?)+)/i.exec(line)?.[1] ?? line);
  const digits = lines
    .join(' ')
    .replaceAll(/0x/gi, '')
    .replaceAll(/[\s:,.]/g, '');
  return digits === '' ? undefined : parseHex(digits);
}

function placeText(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1) as string).length + 1}`;
}

function fromCapture(io: Io, bytes: Uint8Array, name: string): Found[] | undefined {
  const capture = readPcap(bytes);
  if (!capture.ok) {
    complain(io, `${name}: ${capture.error.text}`);
    return undefined;
  }
  if (capture.problem) io.err(`rootwalk: ${name}: ${capture.problem.text}\n`);
  return capture.frames.flatMap(fromFrame);
}

/** The DNS messages in a frame: a datagram to or from port 53, or whole messages at the beginning of a segment. */
function fromFrame({ number, packet, problem }: CapturedFrame): Found[] {
  if (!packet) return problem ? [] : [];
  const { from, to, transport, payload } = packet;
  if (from.port !== 53 && to.port !== 53) return [];
  const way = `frame ${number}, ${endpointText(from)} to ${endpointText(to)}, ${transport.toUpperCase()}`;
  if (transport === 'udp') return [{ title: `${way}, ${octets(payload.length)}`, bytes: payload }];
  return framed(packet).map((message) => ({ title: `${way}, ${octets(message.length)} behind their length`, bytes: message }));
}

/** Whole messages of a segment, each behind its length (RFC 1035 §4.2.2). */
function framed({ payload }: Outgoing): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at + 2 <= payload.length; ) {
    const length = ((payload[at] as number) << 8) | (payload[at + 1] as number);
    if (length === 0 || at + 2 + length > payload.length) break;
    messages.push(payload.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return messages;
}

const octets = (count: number): string => `${count} ${count === 1 ? 'octet' : 'octets'}`;

// --- output

/** Octets on the left, what they mean on the right; parents stand above their children. */
function annotated({ title, bytes }: Found): string {
  const lines = [`; ${title}`];
  const write = (span: Span, depth: number): void => {
    const indent = '  '.repeat(depth);
    const value = span.value === '' ? '' : `: ${span.value}`;
    const pointer = span.target === undefined ? '' : `, reads on at ${offsetText(span.target)}`;
    const about = span.about === '' ? '' : `  ; ${span.about}`;
    const isLeaf = span.children.length === 0;
    const rows = isLeaf ? octetRows(bytes.subarray(span.start, span.end)) : [''];
    lines.push(
      `${offsetText(span.start)}  ${(rows[0] as string).padEnd(ROW * 3)} ${indent}${span.label}${value}${pointer}${about}`.trimEnd(),
    );
    for (const [i, row] of rows.slice(1).entries()) lines.push(`${offsetText(span.start + (i + 1) * ROW)}  ${row}`);
    for (const bit of span.bits ?? [])
      lines.push(`${' '.repeat(6 + ROW * 3)} ${indent}  ${bitText(bit.from, bit.to, span)} ${bit.label}: ${bit.value}`);
    for (const child of span.children) write(child, depth + 1);
  };
  for (const child of layout(bytes).children) write(child, 0);
  return `${lines.join('\n')}\n`;
}

const ROW = 8;
const offsetText = (offset: number): string => offset.toString(16).padStart(4, '0');

function octetRows(bytes: Uint8Array): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) rows.push((hexText(bytes.subarray(at, at + ROW)).match(/../g) ?? []).join(' '));
  return rows.length > 0 ? rows : [''];
}

const bitText = (from: number, to: number, span: Span): string => {
  const width = (span.end - span.start) * 8;
  return `${'.'.repeat(from)}${'x'.repeat(to - from)}${'.'.repeat(Math.max(0, width - to))}`;
};

const asData = ({ title, bytes }: Found): object => {
  const decoded = decode(bytes);
  return {
    title,
    hex: hexText(bytes),
    ...(decoded.ok ? { message: plainMessage(decoded.message) } : { error: decoded.error }),
    layout: layout(bytes),
  };
};

const plainMessage = (message: object): unknown =>
  JSON.parse(JSON.stringify(message, (_key, value: unknown) => (value instanceof Uint8Array ? hexText(value) : value)));
