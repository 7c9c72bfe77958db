/** A packet opened: its octets, their layout, the rows of the tree, and what its heading says. */

import type { Endpoint } from '../../../base/address.ts';
import { capital } from '../../../base/text.ts';
import { layout } from '../../../dns/wire/layout.ts';
import type { Span } from '../../../dns/wire/span.ts';
import { describeMessage, describePacket, isForged, type MessageDescription } from '../../../trace/describe.ts';
import type { PacketRecord, Trace } from '../../../trace/trace.ts';
import { type Field, fieldsOf, pointersOf, type Read, type Tone, uncompressedLength } from './fields.ts';
import { segmentBytes, segmentLayout } from './tcp.ts';
import { httpLayout, opaqueLayout, smtpLayout } from './text.ts';

export interface Reading extends Read {
  readonly fields: readonly Field[];
  /** What the message says, when the packet carries one. */
  readonly about?: MessageDescription;
  /** "Referral from a .com server to the resolver". */
  readonly title: string;
  /** "192.31.80.30 port 53 to 198.18.0.53 port 40312, UDP." */
  readonly ends: string;
  /** "199 bytes on the wire". */
  readonly size: string;
  readonly legend: readonly { readonly tone: Tone; readonly text: string }[];
  /** What pointers save, in one sentence; absent when there are none. */
  readonly saving?: string;
}

/** Reads a packet. `arrived` shows the octets as they came, when the network damaged them. */
export function readPacket(trace: Trace, packet: PacketRecord, arrived: boolean): Reading {
  const { message } = packet;
  const record = message === undefined ? undefined : trace.messages[message];
  const damaged = arrived && packet.fate.kind === 'delivered' ? packet.fate.bytes : undefined;
  const bytes = damaged ?? record?.bytes ?? (packet.tcp ? segmentBytes(packet) : packet.payload);
  const span =
    damaged || !record
      ? record || !packet.tcp
        ? layout(bytes)
        : segmentLayout(packet, bytes)
      : layoutOf(record.protocol, bytes);
  const about = message === undefined ? undefined : describeMessage(trace, message);
  const { kind, label, sender, receiver } = about ?? describePacket(trace, packet.id);
  const read: Read = { span, bytes, kind };
  const fields = fieldsOf(read);
  const count = record?.packets.length ?? 1;
  const transport = packet.transport.toUpperCase();
  const pointers = pointersOf(span);
  return {
    ...read,
    fields,
    ...(about ? { about } : {}),
    title:
      about?.dns && isForged(trace, packet)
        ? `Forged ${label.toLowerCase()} to ${withArticle(receiver)}, as if from ${withArticle(sender)}`
        : `${HEADINGS[label] ?? capital(label.replace('TCP ', ''))} from ${withArticle(sender)} to ${withArticle(receiver)}`,
    ends: `${endText(packet.from)} to ${endText(packet.to)}, ${transport}${count > 1 ? ` in ${count} segments` : ''}.`,
    size: record ? `${counted(bytes.length)} on the wire` : `${counted(bytes.length)}, nothing but a header`,
    legend: legendOf(fields),
    ...(pointers.length === 0
      ? {}
      : {
          saving: `${pointers.length === 1 ? 'One pointer makes' : `${capital(spelled(pointers.length))} pointers make`} this message ${bytes.length} bytes instead of ${uncompressedLength(span, bytes)}.`,
        }),
  };
}

function layoutOf(protocol: 'dns' | 'http' | 'smtp' | 'tls', bytes: Uint8Array): Span {
  switch (protocol) {
    case 'dns':
      return layout(bytes);
    case 'http':
      return httpLayout(bytes);
    case 'smtp':
      return smtpLayout(bytes);
    case 'tls':
      return opaqueLayout(bytes);
  }
}

/** Labels that would not read well in a heading. */
const HEADINGS: Readonly<Record<string, string>> = {
  'Cut short': 'Cut-short answer',
  CNAME: 'Another name',
  Mail: 'A line of mail',
};

/** An actor in a sentence: "a .com server", "the resolver", "mail.example.com". */
function withArticle(actor: string): string {
  if (/^(root|\.\S+) server$/.test(actor)) return `a ${actor}`;
  return /^\S*[.:]\S*$/.test(actor) ? actor : `the ${actor}`;
}

const endText = ({ address, port }: Endpoint): string => `${address} port ${port}`;
const counted = (n: number): string => `${grouped(n)} ${n === 1 ? 'byte' : 'bytes'}`;
const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ' ');
const spelled = (n: number): string =>
  ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'][n] ?? String(n);

const WORDS: Readonly<Record<Tone, string>> = {
  header: 'header',
  question: 'question',
  answer: 'answer',
  authority: 'authority',
  no: 'authority',
  additional: 'additional',
  fault: 'not readable',
  body: 'content',
};

/** "authority, 4 records 139": each part of the message with its length. */
function legendOf(fields: readonly Field[]): { tone: Tone; text: string }[] {
  const parts = new Map<Tone, { count: number; length: number }>();
  for (const { tone, start, end } of fields) {
    const { count = 0, length = 0 } = parts.get(tone) ?? {};
    parts.set(tone, { count: count + 1, length: length + end - start });
  }
  return [...parts].map(([tone, { count, length }]) => ({
    tone,
    text: `${WORDS[tone]}${count > 1 && tone !== 'header' ? `, ${count} ${tone === 'question' ? 'questions' : 'records'}` : ''} ${length}`,
  }));
}
