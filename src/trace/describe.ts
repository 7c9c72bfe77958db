/**
 * What a message or packet of a trace is, in the words of the screen: its kind, a one-line title that is also its accessible
 * name ("Referral, .com server to resolver, 199 bytes"), and how full its sections are. Everything is read from the octets.
 */
import type { Address } from '../base/address.ts';
import type { Message, Rcode } from '../dns/message.ts';
import { isSubdomain, labelCount, type Name, ROOT, sameName } from '../dns/name.ts';
import { dataOf, type RecordType, type ResourceRecord } from '../dns/record.ts';
import { decode } from '../dns/wire/decode.ts';
import type { Packet, PacketId } from '../sim/packet.ts';
import { memoised } from './memo.ts';
import type { HostId, HostRecord, MessageId, MessageRecord, PacketRecord, Trace } from './trace.ts';

/** What a message does. `cname` is an answer that leads to a name of which it holds no record of the type asked for. */
export type MessageKind =
  | 'query'
  | 'referral'
  | 'answer'
  | 'cname'
  | 'no-such-name'
  | 'no-such-type'
  | 'truncated'
  | 'failure'
  | 'malformed'
  | 'http-request'
  | 'http-response'
  | 'smtp'
  | 'tls';

/** What a packet that carries no message of its own does. */
export type SegmentKind = 'tcp-syn' | 'tcp-syn-ack' | 'tcp-ack' | 'tcp-fin' | 'tcp-reset' | 'tcp-again' | 'copy';

/** How many records each section holds; OPT counts as one additional record, as it does on the wire. */
export interface SectionCounts {
  readonly question: number;
  readonly answer: number;
  readonly authority: number;
  readonly additional: number;
}

export interface MessageDescription {
  readonly kind: MessageKind;
  /** "Referral, .com server to resolver, 199 bytes". */
  readonly title: string;
  /** The kind alone, in plain words: "Referral", "No such name". */
  readonly label: string;
  /** Sender and receiver as the title calls them. */
  readonly sender: string;
  readonly receiver: string;
  /** Octets of the message, without TCP's length prefix. */
  readonly bytes: number;
  /** The decoded message; absent for other protocols and for octets that are no message. */
  readonly dns?: Message;
  /** The one question, as printed: "www.example.com. A". */
  readonly question?: string;
  readonly sections?: SectionCounts;
  /** The first line of a text protocol: "GET / HTTP/1.1". */
  readonly line?: string;
  /** What makes the octets malformed. */
  readonly problem?: string;
}

export interface PacketDescription {
  readonly kind: MessageKind | SegmentKind;
  readonly title: string;
  readonly label: string;
  readonly sender: string;
  readonly receiver: string;
  /** Octets of payload. */
  readonly bytes: number;
}

/** Describes one message of the trace; worked out once for each. */
export function describeMessage(trace: Trace, id: MessageId): MessageDescription {
  const described = descriptions(trace);
  described[id] ??= describe(trace, trace.messages[id] as MessageRecord);
  return described[id];
}

const descriptions = memoised((_trace: Trace): MessageDescription[] => []);

/** Describes one packet of the trace: by the message it carries, or as a piece of a TCP conversation. */
export function describePacket(trace: Trace, id: PacketId): PacketDescription {
  const packet = packetOf(trace, id);
  if (packet.message !== undefined && packet.copyOf === undefined) return describeMessage(trace, packet.message);
  const { kind, label } = segmentKind(packet);
  const sender = nameAt(trace, packet.from.address);
  const receiver = nameAt(trace, packet.to.address);
  const bytes = packet.payload.length;
  return { kind, label, sender, receiver, bytes, title: titled(label, sender, receiver, bytes) };
}

/** The record of a packet. */
export function packetOf(trace: Trace, id: PacketId): PacketRecord {
  const found = trace.packets[id];
  if (found?.id !== id) throw new Error(`the trace has no packet ${id}`);
  return found;
}

/** The host that has an address, if any. */
export const hostAt = (trace: Trace, address: Address): HostRecord | undefined => bookOf(trace).byAddress.get(address);

export function hostOf(trace: Trace, id: HostId): HostRecord {
  const found = bookOf(trace).byId.get(id);
  if (!found) throw new Error(`the trace has no host "${id}"`);
  return found;
}

/**
 * An actor as titles call it: "browser", "resolver", "root server", ".com server", "example.com server". A server of several
 * zones goes by the one that is asked about.
 */
export function actorName(host: HostRecord, about?: Name): string {
  if (host.role !== 'authoritative')
    return /^[A-Z][a-z]/.test(host.title) ? host.title.charAt(0).toLowerCase() + host.title.slice(1) : host.title;
  const zone = zoneAsked(host, about);
  return zone === undefined ? host.title : `${zoneName(zone)} server`;
}

/** The deepest zone of an authoritative server that holds `name`; its first zone when no name is given or none fits. */
export function zoneAsked(host: Pick<HostRecord, 'zones'>, name?: Name): Name | undefined {
  const zones = host.zones ?? [];
  const fitting = name === undefined ? [] : zones.filter((zone) => isSubdomain(name, zone));
  return (
    fitting.reduce<Name | undefined>(
      (deepest, z) => (deepest && labelCount(deepest) >= labelCount(z) ? deepest : z),
      undefined,
    ) ?? zones[0]
  );
}

/** A zone as people say it: "root", ".com", ".co.uk", "example.com". */
export function zoneName(zone: Name): string {
  if (zone === ROOT) return 'root';
  const bare = zone.slice(0, -1);
  return labelCount(zone) === 1 || /^co\.\w\w$/.test(bare) ? `.${bare}` : bare;
}

/** What a DNS message does; a pure function of the message. */
export function dnsKind(message: Message): MessageKind {
  if (!message.flags.qr) return 'query';
  if (message.flags.tc) return 'truncated';
  if (message.rcode === 'NXDOMAIN') return 'no-such-name';
  if (message.rcode !== 'NOERROR') return 'failure';
  const question = message.question[0];
  const saysNo = message.authority.some((r) => r.type === 'SOA');
  if (message.answer.length > 0) {
    if (!question || question.type === 'ANY') return 'answer';
    const end = endOfChain(message.answer, question.name, question.type);
    if (message.answer.some((r) => r.type === question.type && sameName(r.name, end))) return 'answer';
    return saysNo ? 'no-such-type' : 'cname';
  }
  return !message.flags.aa && !saysNo && message.authority.some((r) => r.type === 'NS') ? 'referral' : 'no-such-type';
}

/** The name that a chain of CNAMEs in an answer section ends at, beginning with `name`. */
export function endOfChain(answer: readonly ResourceRecord[], name: Name, type: RecordType): Name {
  let end = name;
  for (let hop = 0; hop < answer.length && type !== 'CNAME'; hop++) {
    const alias = answer.find((r) => r.type === 'CNAME' && sameName(r.name, end));
    const target = alias && dataOf(alias, 'CNAME')?.target;
    if (target === undefined) break;
    end = target;
  }
  return end;
}

const LABELS: Readonly<Record<MessageKind, string>> = {
  query: 'Query',
  referral: 'Referral',
  answer: 'Answer',
  cname: 'CNAME',
  'no-such-name': 'No such name',
  'no-such-type': 'No such type',
  truncated: 'Cut short',
  failure: 'Failure',
  malformed: 'Malformed message',
  'http-request': 'HTTP request',
  'http-response': 'HTTP response',
  smtp: 'Mail',
  tls: 'TLS',
};

/** What a failing response says, in plain words. */
const FAILURES: Readonly<Partial<Record<Rcode, string>>> = {
  FORMERR: 'Not understood',
  SERVFAIL: 'Server failure',
  NOTIMP: 'Not implemented',
  REFUSED: 'Refused',
};

function describe(trace: Trace, record: MessageRecord): MessageDescription {
  const bytes = record.bytes.length;
  const named = (kind: MessageKind, label: string, about?: Name) => {
    const sender = nameAt(trace, record.from.address, about);
    const receiver = nameAt(trace, record.to.address, about);
    return { kind, label, sender, receiver, bytes, title: titled(label, sender, receiver, bytes) };
  };
  if (record.protocol !== 'dns') {
    const line = firstLine(record.bytes);
    const kind = record.protocol !== 'http' ? record.protocol : line.startsWith('HTTP/') ? 'http-response' : 'http-request';
    return { ...named(kind, LABELS[kind]), line };
  }
  const decoded = decode(record.bytes);
  if (!decoded.ok) return { ...named('malformed', LABELS.malformed), problem: decoded.error.problem };
  const dns = decoded.message;
  const kind = dnsKind(dns);
  const question = dns.question[0];
  const label = kind === 'failure' ? (FAILURES[dns.rcode] ?? `Failure ${dns.rcode}`) : LABELS[kind];
  const sections: SectionCounts = {
    question: dns.question.length,
    answer: dns.answer.length,
    authority: dns.authority.length,
    additional: dns.additional.length + (dns.edns ? 1 : 0),
  };
  return {
    ...named(kind, label, question?.name),
    dns,
    sections,
    ...(question ? { question: `${question.name} ${question.type}` } : {}),
  };
}

/** What a TCP segment does that carries no message for the first time. */
export function segmentKind(packet: Packet): { kind: SegmentKind; label: string } {
  if (packet.copyOf !== undefined) return { kind: 'copy', label: 'Copy of a packet' };
  const flags = packet.tcp?.flags;
  if (flags?.rst) return { kind: 'tcp-reset', label: 'TCP reset' };
  if (flags?.syn) return flags.ack ? { kind: 'tcp-syn-ack', label: 'TCP SYN, ACK' } : { kind: 'tcp-syn', label: 'TCP SYN' };
  if (flags?.fin) return { kind: 'tcp-fin', label: 'TCP FIN' };
  return packet.payload.length > 0 ? { kind: 'tcp-again', label: 'TCP data, sent again' } : { kind: 'tcp-ack', label: 'TCP ACK' };
}

const titled = (label: string, sender: string, receiver: string, bytes: number): string =>
  `${label}, ${sender} to ${receiver}, ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;

function nameAt(trace: Trace, address: Address, about?: Name): string {
  const host = hostAt(trace, address);
  return host ? actorName(host, about) : address;
}

const firstLine = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0x0d);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? Math.min(bytes.length, 200) : end));
};

interface Book {
  readonly byId: ReadonlyMap<HostId, HostRecord>;
  readonly byAddress: ReadonlyMap<Address, HostRecord>;
}

const bookOf: (trace: Trace) => Book = memoised((trace) => ({
  byId: new Map(trace.hosts.map((host) => [host.id, host])),
  byAddress: new Map(trace.hosts.flatMap((host) => host.addresses.map((address) => [address, host] as const))),
}));

/** Whether a packet only pretends to come from its sender: an attacker sent it. */
export const isForged = (trace: Trace, packet: PacketRecord): boolean => {
  const turn = trace.turns[packet.turn];
  return turn !== undefined && hostOf(trace, turn.host).role === 'attacker';
};
