/** What the stringline chart says of a stroke: what the packet is, and what its sender does from then on. */
import { describeMessage, describePacket, hostAt, isForged } from '../../../trace/describe.ts';
import type { PacketRecord, Trace } from '../../../trace/trace.ts';
import { calledShort } from '../cast.ts';
import { aboutOf } from './rows.ts';
import type { Stroke } from './strokes.ts';

/** What a stroke is called, from the fullest to the shortest; nothing where it has no name of its own. */
export function wordings(trace: Trace, stroke: Stroke): string[] {
  const about = describePacket(trace, stroke.packet.id);
  const { kind } = about;
  if (isForged(trace, stroke.packet)) return isFirstForgery(trace, stroke.packet) ? ['forged'] : [];
  if (stroke.lost) return [`${kind === 'query' ? 'query' : about.label.toLowerCase()}, lost`, 'lost'];
  if (kind === 'query') return stroke.packet.transport === 'tcp' ? ['query, by TCP', 'query'] : ['query'];
  if (kind === 'referral') {
    const dns = stroke.message === undefined ? undefined : describeMessage(trace, stroke.message).dns;
    const zone = dns?.authority.find((r) => r.type === 'NS')?.name;
    return zone === undefined ? ['referral'] : [`referral to ${zone}`, 'referral'];
  }
  if (kind === 'truncated') return ['cut short, TC 1', 'cut short'];
  if (kind === 'http-request') return [(about as { line?: string }).line?.split(' ')[0] ?? 'GET'];
  if (kind === 'http-response') return ['page'];
  if (kind === 'cname') return ['answer: another name', 'answer'];
  if (kind === 'tcp-reset') return ['refused, TCP RST', 'refused'];
  if (kind.startsWith('tcp')) return [about.label.replace('TCP ', '')];
  return [about.label.toLowerCase()];
}

/** Of a flood only the first is named. */
const isFirstForgery = (trace: Trace, packet: PacketRecord): boolean =>
  trace.packets.find((one) => isForged(trace, one))?.id === packet.id;

/** What the sender does from then on: "waiting for root". */
export function waitingText(trace: Trace, stroke: Stroke): string | undefined {
  const { kind } = describePacket(trace, stroke.packet.id);
  const to = hostAt(trace, stroke.packet.to.address);
  const from = hostAt(trace, stroke.packet.from.address);
  if (!to || !from) return undefined;
  if (kind === 'tcp-syn') return from.role === 'resolver' ? 'opening TCP' : undefined;
  if (kind === 'http-request') return 'waiting for the page';
  if (kind !== 'query') return undefined;
  if (from.role === 'browser') return 'waiting for the address';
  if (from.role === 'program') return 'waiting for the records';
  return stroke.packet.transport === 'tcp'
    ? 'waiting, over TCP'
    : `waiting for ${calledShort(to, aboutOf(trace, stroke.packet))}`;
}
