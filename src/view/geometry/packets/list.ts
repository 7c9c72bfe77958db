/** The packets that have been sent so far, as the strip above the packet view lists them, and the facts in its heading. */
import { between, type Duration, formatDuration } from '../../../base/time.ts';
import { describePacket, hostAt, type MessageKind, type SegmentKind } from '../../../trace/describe.ts';
import { lastIndexWhere } from '../../../trace/intervals.ts';
import { cursorAt, type Position } from '../../../trace/scene.ts';
import type { StepNumber } from '../../../trace/steps.ts';
import type { MessageId, PacketRecord, Trace, Turn } from '../../../trace/trace.ts';
import { visitsOf } from '../../../trace/visits.ts';
import { hueOf, type Ink } from '../map/hops.ts';

export interface PacketItem {
  readonly packet: PacketRecord;
  readonly message?: MessageId;
  /** Which of the nine steps it belongs to. */
  readonly step?: StepNumber;
  readonly kind: MessageKind | SegmentKind;
  readonly hue: Ink['hue'];
  /** Whether it goes back to who asked. */
  readonly back: boolean;
  readonly lost: boolean;
  /** Its full name: "Referral, .com server to resolver, 199 bytes". */
  readonly title: string;
  /** "Resolver to root server". */
  readonly route: string;
  /** "39.0 ms, 199 bytes". */
  readonly facts: string;
}

export interface PacketStrip {
  readonly items: readonly PacketItem[];
  /** How many older ones the strip leaves out. */
  readonly earlier: number;
}

/** The newest packets sent up to a position, `most` of them, and always the one that is open. */
export function packetsSoFar(trace: Trace, position: Position, open: number | undefined, most = 60): PacketStrip {
  const end = sentSoFar(trace, position);
  const from = Math.max(0, Math.min(end - most, open ?? end));
  const shown = trace.packets.slice(from, end).filter(isListed(trace));
  return { items: shown.map((packet) => itemOf(trace, packet)), earlier: from };
}

/** The packet of the moment: the last that was sent, if possible one that carries a message. */
export function packetOfMoment(trace: Trace, position: Position): PacketRecord | undefined {
  const sent = trace.packets.slice(0, sentSoFar(trace, position));
  return sent.findLast((packet) => packet.message !== undefined && isListed(trace)(packet)) ?? sent.at(-1);
}

/** The packet that stands for a message: the first that carried it. */
export const packetFor = (trace: Trace, message: MessageId): PacketRecord | undefined =>
  trace.packets[trace.messages[message]?.packets[0] ?? -1];

/** "Sent at 39.0 ms, due at 51.0 ms." Times count from Enter. */
export function journeyText(trace: Trace, packet: PacketRecord, position: Position): string {
  const { fate } = packet;
  const last = lastOf(trace, packet);
  const sent = `Sent at ${clockText(trace, packet, packet.sentAt)}`;
  if (fate.kind === 'dropped')
    return fate.at <= position.at
      ? `${sent}, lost at ${clockText(trace, packet, fate.at)}. ${fate.reason.text}`
      : `${sent}, on its way.`;
  if (fate.kind === 'underway') return `${sent}, on its way.`;
  const at = clockText(trace, packet, last.fate.at);
  return `${sent}, ${last.fate.at <= position.at ? 'arrived' : 'due'} at ${at}.`;
}

/** The time since the visit began to which a packet belongs. */
function clockText(trace: Trace, packet: PacketRecord, at: number): string {
  const visit = visitsOf(trace).findLast((one) => one.turn <= packet.turn);
  return formatDuration(visit ? between(visit.from, at as typeof visit.from) : (at as Duration));
}

const lastOf = (trace: Trace, packet: PacketRecord): PacketRecord =>
  trace.packets[trace.messages[packet.message ?? -1]?.packets.at(-1) ?? -1] ?? packet;

/** How many packets have left at a position. They are numbered in order of leaving. */
function sentSoFar(trace: Trace, position: Position): number {
  const cursor = cursorAt(trace, position);
  const { packets } = trace;
  const turn = trace.turns[cursor.turn];
  const isSent = (packet: PacketRecord): boolean =>
    packet.turn < cursor.turn || (packet.turn === turn?.id && orderIn(trace, turn, packet) <= cursor.effects);
  return lastIndexWhere(packets, isSent) + 1;
}

/** Which effect of its turn sent a packet, counted from 1. */
const orderIn = (trace: Trace, turn: Turn, packet: PacketRecord): number =>
  turn.effects.findIndex(
    (effect) =>
      (effect.kind === 'transmit' && trace.messages[effect.message]?.packets.includes(packet.id)) ||
      (effect.kind === 'segment' && effect.packet === (packet.copyOf ?? packet.id)),
  ) + 1;

/** A message is listed once, however many segments carry it. */
const isListed =
  (trace: Trace) =>
  (packet: PacketRecord): boolean =>
    packet.message === undefined || packet.copyOf !== undefined || trace.messages[packet.message]?.packets[0] === packet.id;

function itemOf(trace: Trace, packet: PacketRecord): PacketItem {
  const { kind, title, sender, receiver, bytes } = describePacket(trace, packet.id);
  const message = packet.copyOf === undefined ? packet.message : undefined;
  const record = trace.messages[message ?? -1];
  const step = stepOf(trace, packet);
  const client = hostAt(trace, packet.to.address)?.role;
  return {
    packet,
    ...(message === undefined ? {} : { message }),
    ...(step === undefined ? {} : { step }),
    kind,
    hue: hueOf(kind),
    back: record
      ? kind !== 'query' && kind !== 'http-request' && record.answers !== undefined
      : client === 'browser' || client === 'program',
    lost: packet.fate.kind === 'dropped',
    title,
    route: `${capital(short(sender))} to ${short(receiver)}`,
    facts: `${clockText(trace, packet, packet.sentAt)}, ${bytes > 0 ? `${bytes} bytes` : labelOf(kind)}`,
  };
}

function stepOf(trace: Trace, packet: PacketRecord): StepNumber | undefined {
  const visit = visitsOf(trace).findLast((one) => one.turn <= packet.turn);
  return visit?.steps.findLast((step) =>
    step.passes.some(
      (pass) => (packet.message !== undefined && pass.messages.includes(packet.message)) || pass.packets.includes(packet.id),
    ),
  )?.number;
}

const labelOf = (kind: PacketItem['kind']): string => SEGMENTS[kind] ?? '';
const SEGMENTS: Readonly<Record<string, string>> = {
  'tcp-syn': 'SYN',
  'tcp-syn-ack': 'SYN, ACK',
  'tcp-ack': 'ACK',
  'tcp-fin': 'FIN',
  'tcp-reset': 'reset',
  copy: 'copy',
};

/** "root", ".com", "example.com", but "web server". */
const short = (actor: string): string => actor.replace(/^(root|\S*\.\S+) server$/, '$1');
const capital = (text: string): string => (/[.:]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1));
