/** Layout of a TCP segment that carries no message: its header as octets, field by field (RFC 9293 §3.1). */
import { isIPv6 } from '../../../base/address.ts';
import { around, type BitField, bitField, leaf, type Span } from '../../../dns/wire/span.ts';
import { encodeFrame } from '../../../sim/frame.ts';
import type { Packet, TcpFlags } from '../../../sim/packet.ts';

/** The octets of a segment from the TCP header on. Throws when the packet is no TCP segment. */
export function segmentBytes(packet: Packet): Uint8Array {
  if (!packet.tcp) throw new Error('only TCP segments have a TCP header');
  return encodeFrame(packet, packet.id).subarray(14 + (isIPv6(packet.from.address) ? 40 : 20));
}

const SOURCE = 'RFC 9293 §3.1';

/** The spans of a segment as `segmentBytes` gives it. */
export function segmentLayout(packet: Packet, bytes: Uint8Array): Span {
  const { tcp } = packet;
  if (!tcp) throw new Error('only TCP segments have a TCP header');
  const { flags } = tcp;
  const header = ((bytes[12] as number) >> 4) * 4;
  const field = (start: number, end: number, label: string, value: string, about: string, bits?: readonly BitField[]): Span =>
    leaf('field', start, end, { label, value, about, source: SOURCE }, bits ? { bits } : {});
  const parts = [
    field(0, 2, 'From port', String(packet.from.port), 'Which program of the sender speaks'),
    field(2, 4, 'To port', String(packet.to.port), portWords(packet.to.port)),
    field(4, 8, 'Sequence', String(tcp.sequence), sequenceWords(flags, packet.payload.length)),
    field(
      8,
      12,
      'Acknowledged',
      flags.ack ? String(tcp.acknowledgement) : '0',
      flags.ack ? 'Everything before this octet has come' : 'Nothing to acknowledge yet',
    ),
    field(12, 14, 'Flags', setFlags(flags), flagWords(flags), flagBits(((bytes[12] as number) << 8) | (bytes[13] as number))),
    field(14, 16, 'Window', String(tcp.window), 'How many octets the sender of this segment can take'),
    field(16, 18, 'Checksum', hex(bytes, 16), 'Tells whether the segment came whole'),
    field(18, 20, 'Urgent', '0', 'Not in use'),
  ];
  if (header > 20) parts.push(mostSegment(bytes));
  const children: Span[] = [
    around('header', parts, { label: 'TCP header', about: 'Ports, numbers and flags of a connection', source: SOURCE }),
  ];
  if (header < bytes.length)
    children.push(leaf('data', header, bytes.length, { label: 'Data', about: 'A piece of a message', source: SOURCE }));
  return { ...leaf('message', 0, bytes.length, { label: 'Segment', source: SOURCE }), children };
}

function mostSegment(bytes: Uint8Array): Span {
  const source = 'RFC 9293 §3.2';
  const most = ((bytes[22] as number) << 8) | (bytes[23] as number);
  return around(
    'group',
    [
      leaf('field', 20, 21, { label: 'Kind', value: '2', about: 'Option 2: maximum segment size', source }),
      leaf('length', 21, 22, { label: 'Length', value: '4', about: 'The option has 4 octets', source }),
      leaf('field', 22, 24, {
        label: 'Size',
        value: String(most),
        about: 'The most octets that one segment may carry to me',
        source,
      }),
    ],
    { label: 'Option', value: `maximum segment size ${most}`, about: 'The most octets that one segment may carry to me', source },
  );
}

const NAMES: readonly (readonly [keyof TcpFlags, string])[] = [
  ['syn', 'SYN'],
  ['ack', 'ACK'],
  ['psh', 'PSH'],
  ['fin', 'FIN'],
  ['rst', 'RST'],
];

const setFlags = (flags: TcpFlags): string =>
  NAMES.filter(([flag]) => flags[flag])
    .map(([, name]) => name)
    .join(', ');

function flagWords(flags: TcpFlags): string {
  if (flags.rst) return 'There is no such connection, or no longer';
  if (flags.syn) return flags.ack ? 'Yes, and here is my number' : 'Shall we talk? Here is my number';
  if (flags.fin) return 'I have nothing more to say';
  return 'I have what you sent';
}

const sequenceWords = (flags: TcpFlags, length: number): string =>
  flags.syn
    ? 'Where the sender begins to count; drawn at random'
    : flags.fin
      ? 'The end of what the sender says has this number'
      : length > 0
        ? 'The number of the first octet inside'
        : 'The number that the next octet will have';

const portWords = (port: number): string =>
  port === 80
    ? 'Port 80: the web server'
    : port === 53
      ? 'Port 53: DNS'
      : port === 25
        ? 'Port 25: mail'
        : 'Which program of the receiver is meant';

function flagBits(word: number): BitField[] {
  const bit = (at: number, label: string, off: string, on: string): BitField =>
    bitField(word, 16, at, at + 1, { label, about: (word >> (15 - at)) & 1 ? on : off, source: SOURCE });
  return [
    bitField(word, 16, 0, 4, { label: 'words', about: 'How long the header is, in words of four octets', source: SOURCE }),
    bitField(word, 16, 4, 8, { label: 'Z', about: 'Reserved', source: SOURCE }),
    bit(8, 'CWR', 'No congestion was met', 'Congestion was met'),
    bit(9, 'ECE', 'No congestion is reported', 'Congestion is reported'),
    bit(10, 'URG', 'Nothing is urgent', 'Something is urgent'),
    bit(11, 'ACK', 'Nothing is acknowledged', 'The acknowledgement counts'),
    bit(12, 'PSH', 'The receiver may wait for more', 'Hand this to the program at once'),
    bit(13, 'RST', 'The connection stands', 'The connection is given up'),
    bit(14, 'SYN', 'The numbers are agreed', 'This opens the connection'),
    bit(15, 'FIN', 'The sender has more to say', 'The sender has nothing more to say'),
  ];
}

const hex = (bytes: Uint8Array, at: number): string =>
  `${(bytes[at] as number).toString(16).padStart(2, '0')}${(bytes[at + 1] as number).toString(16).padStart(2, '0')}`;
