/**
 * The rows of the stringline chart: whose they are and in which order. The servers of one zone share a row, so a row is found
 * by a host and by the name that a packet is about.
 */
import type { Name } from '../../../dns/name.ts';
import { describeMessage, hostAt, hostOf, zoneAsked, zoneName } from '../../../trace/describe.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { HostRecord, PacketRecord, Trace } from '../../../trace/trace.ts';
import { zonesOnTheWay } from '../cast.ts';

/** A row; its words stand left of the axis. */
export interface ChartRow {
  readonly id: string;
  readonly label: string;
  readonly y: number;
}

/** Where rows lie, in pixels: the first, how far apart at most, and how much they may take together. */
export interface RowPlan {
  readonly top: number;
  readonly pitch: number;
  readonly room: number;
}

/** Clients, resolvers, the zones' servers from the root down, and where the visit ends. */
export function rowsOf(trace: Trace, visits: readonly Visit[], packets: readonly PacketRecord[], plan: RowPlan): ChartRow[] {
  const rows = new Map<string, { label: string; rank: number }>();
  const add = (host: HostRecord, about?: Name): void => {
    const id = rowId(host, about);
    if (!rows.has(id)) rows.set(id, { label: rowLabel(host, about), rank: rankOf(host, about) });
  };
  for (const visit of visits) {
    const client = hostOf(trace, visit.client);
    add(client);
    const resolver = resolverOf(trace, client);
    if (resolver) add(resolver);
    if (visit.name !== undefined)
      for (const zone of zonesOnTheWay(trace, visit.name)) {
        const server = trace.hosts.find((host) => host.role === 'authoritative' && host.zones?.includes(zone));
        if (server) add(server, zone);
      }
    const goal = trace.hosts.find((host) => host.role === (visit.action === 'mail' ? 'mail' : 'web'));
    if (goal && visit.action !== 'ask') add(goal);
  }
  for (const packet of packets)
    for (const end of [packet.from, packet.to]) {
      const host = hostAt(trace, end.address);
      if (host) add(host, aboutOf(trace, packet));
    }
  const sorted = [...rows].sort(([, a], [, b]) => a.rank - b.rank);
  const pitch = Math.min(plan.pitch, sorted.length > 1 ? plan.room / (sorted.length - 1) : plan.pitch);
  return sorted.map(([id, { label }], i) => ({ id, label, y: Math.round(plan.top + i * pitch) }));
}

/** The row of a host: servers of one zone share one; web servers do, too. */
export function rowId(host: HostRecord, about: Name | undefined): string {
  if (host.role === 'authoritative') return `zone ${zoneAsked(host, about) ?? host.id}`;
  return host.role === 'web' || host.role === 'mail' ? host.role : host.id;
}

function rowLabel(host: HostRecord, about: Name | undefined): string {
  if (host.role === 'authoritative') {
    const zone = zoneAsked(host, about);
    return zone === undefined ? host.title : zone === '.' ? 'Root server' : `${zoneName(zone)} server`;
  }
  if (host.role === 'web') return 'Web server';
  if (host.role === 'mail') return 'Mail server';
  return host.title;
}

function rankOf(host: HostRecord, about: Name | undefined): number {
  if (host.role === 'browser' || host.role === 'program') return 0;
  if (host.role === 'resolver') return 1;
  if (host.role !== 'authoritative') return 100;
  const zone = zoneAsked(host, about);
  return zone === undefined || zone === '.' ? 2 : 2 + zone.split('.').length;
}

/** Packets that go from or to the resolver or the client of a visit, and to no other client or resolver. */
export function takesPartIn(trace: Trace, visit: Visit): (packet: PacketRecord) => boolean {
  const client = hostOf(trace, visit.client);
  const resolver = resolverOf(trace, client);
  return ({ from, to }) =>
    [from, to].every(({ address }) => {
      const host = hostAt(trace, address);
      return host === client || host === resolver || (host && ['authoritative', 'web', 'mail'].includes(host.role));
    });
}

/** The resolver that a client asks first. */
function resolverOf(trace: Trace, { resolvers: [address] = [] }: HostRecord): HostRecord | undefined {
  return address === undefined ? undefined : hostAt(trace, address);
}

/** The name that a packet is about. */
export const aboutOf = (trace: Trace, packet: PacketRecord): Name | undefined =>
  packet.message === undefined ? lastAsked(trace, packet) : describeMessage(trace, packet.message).dns?.question[0]?.name;

/** For a packet without a message of its own: the name in the last message between the same two hosts. */
function lastAsked(trace: Trace, packet: PacketRecord): Name | undefined {
  const ends = new Set<string>([packet.from.address, packet.to.address]);
  for (let id = packet.id - 1; id >= 0; id--) {
    const other = trace.packets[id];
    if (other?.message !== undefined && ends.has(other.from.address) && ends.has(other.to.address))
      return describeMessage(trace, other.message).dns?.question[0]?.name;
  }
  return undefined;
}
