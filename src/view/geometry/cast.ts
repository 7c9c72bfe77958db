/**
 * Who is on the map at a position: the client of the visit, its resolver, the three zones on the way to the name that is
 * being looked up, and the server that the browser goes to. Everything comes from the trace; no name is built in.
 */
import { isBelow, isSubdomain, labelCount, labels, type Name, parseName, ROOT, sameName } from '../../dns/name.ts';
import { dataOf } from '../../dns/record.ts';
import { actorName, describeMessage, hostAt, hostOf, zoneAsked, zoneName } from '../../trace/describe.ts';
import type { Visit } from '../../trace/steps.ts';
import type { HostId, HostRecord, MessageId, Trace } from '../../trace/trace.ts';

/** One zone on the way to the name. `zone` is absent when this Internet has no such zone: then `wanted` says for what. */
export interface ZoneRole {
  readonly index: 0 | 1 | 2;
  readonly zone?: Name;
  readonly wanted: Name;
  readonly kind: 'root' | 'top-level' | 'zone';
  readonly servers: readonly ServerMark[];
}

/** A server of a zone, as its capsule shows it. */
export interface ServerMark {
  readonly host: HostId;
  /** "f", "2048", "ns1". */
  readonly mark: string;
}

export interface Cast {
  readonly client: HostRecord;
  readonly resolver?: HostRecord;
  /** The name that is being looked up now: the visit's, a CNAME's target, or a server's. */
  readonly name: Name;
  readonly zones: readonly [ZoneRole, ZoneRole, ZoneRole];
  /** Where the visit ends: a web or mail server. */
  readonly goal?: HostRecord;
}

/** The cast of a visit while `name` is being looked up. */
export function castOf(trace: Trace, visit: Visit | undefined, name: Name): Cast {
  const client = visit ? hostOf(trace, visit.client) : firstClient(trace);
  const address = client.resolvers?.[0];
  const resolver = address === undefined ? undefined : hostAt(trace, address);
  const goal = goalOf(trace, visit);
  return {
    client,
    ...(resolver ? { resolver } : {}),
    name,
    zones: zoneRoles(trace, name),
    ...(goal ? { goal } : {}),
  };
}

/**
 * The name that is being looked up: the one asked for by the last of `messages` that a resolver sent to a server; else the
 * visit's own. Who is asked for less on the way to a longer name, since that is all it need know (RFC 9156) or for the keys of a
 * zone above (RFC 4035 §5), is asked for the sake of the longer one.
 */
export function nameInHand(trace: Trace, visit: Visit | undefined, messages: readonly MessageId[]): Name | undefined {
  const own = visit?.name ?? typedName(trace, visit);
  const last = messages.findLast((id) => {
    const message = trace.messages[id];
    return message?.protocol === 'dns' && message.toHost !== undefined && hostOf(trace, message.toHost).role === 'authoritative';
  });
  const asked = last === undefined ? undefined : describeMessage(trace, last).dns?.question[0]?.name;
  if (asked === undefined) return own;
  const names = [...(own === undefined ? [] : [own]), ...messages.flatMap((id) => namesIn(trace, id))];
  return names.findLast((name) => isBelow(name, asked)) ?? asked;
}

/** The name that a message asks for, and those that it says this one stands for. */
function namesIn(trace: Trace, id: MessageId): Name[] {
  const { dns } = describeMessage(trace, id);
  const targets = (dns?.answer ?? []).flatMap((record) => dataOf(record, 'CNAME')?.target ?? []);
  return [...(dns?.question ?? []).map(({ name }) => name), ...targets];
}

/** The name in what was typed, for a visit that asked nobody. */
function typedName(trace: Trace, visit: Visit | undefined): Name | undefined {
  const line = visit === undefined ? undefined : trace.stimuli[visit.stimulus]?.line;
  const typed = typeof line === 'object' && line !== null && 'visit' in line ? String(line.visit) : undefined;
  const host = typed?.replace(/^[a-z]+:\/\//i, '').replace(/[/:?#].*$/, '');
  const name = host ? parseName(host) : undefined;
  return typeof name === 'string' ? name : undefined;
}

const ways = new WeakMap<Trace, Map<Name, readonly Name[]>>();

/** The zones of this Internet that lie on the way to `name`, from the root down. */
export function zonesOnTheWay(trace: Trace, name: Name): readonly Name[] {
  const memory = ways.get(trace) ?? new Map<Name, readonly Name[]>();
  ways.set(trace, memory);
  const known = memory.get(name) ?? wayTo(trace, name);
  memory.set(name, known);
  return known;
}

function wayTo(trace: Trace, name: Name): Name[] {
  const found = new Map<number, Name>();
  for (const host of trace.hosts)
    for (const zone of host.role === 'authoritative' ? (host.zones ?? []) : [])
      if (isSubdomain(name, zone)) found.set(labelCount(zone), zone);
  return [...found].sort(([a], [b]) => a - b).map(([, zone]) => zone);
}

/** The terrace (0, 1 or 2) at which a server is asked about `name`; undefined when it has no part in it. */
export function terraceOf(cast: Cast, host: HostRecord, name: Name): 0 | 1 | 2 | undefined {
  if (host.role !== 'authoritative') return undefined;
  const zone = zoneAsked(host, name);
  return cast.zones.find((role) => role.zone !== undefined && zone !== undefined && sameName(role.zone, zone))?.index;
}

function zoneRoles(trace: Trace, name: Name): [ZoneRole, ZoneRole, ZoneRole] {
  const zones = zonesOnTheWay(trace, name);
  const deepest = zones.at(-1);
  const role = (index: 0 | 1 | 2, kind: ZoneRole['kind'], zone: Name | undefined, wanted: Name): ZoneRole => ({
    index,
    kind,
    wanted: zone ?? wanted,
    ...(zone === undefined ? {} : { zone }),
    servers: zone === undefined ? [] : serversOf(trace, zone),
  });
  const parts = labels(name);
  const wanted = (count: number): Name =>
    parts.length === 0 ? ROOT : (`${parts.slice(-Math.min(count, parts.length)).join('.')}.` as Name);
  return [
    role(
      0,
      'root',
      zones.find((zone) => zone === ROOT),
      ROOT,
    ),
    role(1, 'top-level', zones.length > 2 ? zones.at(-2) : zones[1], wanted(1)),
    role(2, 'zone', zones.length > 2 ? deepest : undefined, wanted(2)),
  ];
}

const serverMemory = new WeakMap<Trace, Map<Name, readonly ServerMark[]>>();

function serversOf(trace: Trace, zone: Name): readonly ServerMark[] {
  const memory = serverMemory.get(trace) ?? new Map<Name, readonly ServerMark[]>();
  serverMemory.set(trace, memory);
  let known = memory.get(zone);
  if (!known) {
    known = trace.hosts
      .filter((host) => host.role === 'authoritative' && host.zones?.some((z) => sameName(z, zone)))
      .map((host) => ({ host: host.id, mark: markOf(host.title) }));
    memory.set(zone, known);
  }
  return known;
}

/** "f.root-servers.net" is f, "ns-2048.awsdns-64.com" is 2048, any other server its first label. */
export function markOf(title: string): string {
  const first = title.split('.')[0] ?? title;
  return /^[a-z]*-?[a-z]*-(\d+)$/.exec(first)?.[1] ?? first;
}

function goalOf(trace: Trace, visit: Visit | undefined): HostRecord | undefined {
  const last = visit?.steps.flatMap((step) => (step.number >= 8 ? step.passes : [])).at(-1);
  const packet = last?.packets[0] ?? last?.messages.flatMap((id) => trace.messages[id]?.packets ?? [])[0];
  const record = packet === undefined ? undefined : trace.packets[packet];
  const met =
    record &&
    [record.from.address, record.to.address].map((a) => hostAt(trace, a)).find((h) => h?.role === 'web' || h?.role === 'mail');
  return met ?? trace.hosts.find((host) => host.role === (visit?.action === 'mail' ? 'mail' : 'web'));
}

const firstClient = (trace: Trace): HostRecord => {
  const client = trace.hosts.find((host) => host.role === 'browser') ?? trace.hosts[0];
  if (!client) throw new Error('a trace has no hosts');
  return client;
};

/** The host names that one may visit in this Internet: every name with an address that is no name server's. */
export function visitable(trace: Trace): readonly Name[] {
  const servers = new Set(
    trace.zoneChanges.flatMap((change) => change.records.flatMap((r) => dataOf(r, 'NS')?.nameServer.toLowerCase() ?? [])),
  );
  const names = new Set<Name>();
  for (const { records } of trace.zoneChanges)
    for (const { name, type } of records)
      if ((type === 'A' || type === 'AAAA' || type === 'CNAME') && !servers.has(name.toLowerCase()) && !name.startsWith('*'))
        names.add(name);
  return [...names];
}

/** A server as the resolver's state names it: "root", ".com", "ns-2048". */
export function calledShort(host: HostRecord, about: Name | undefined): string {
  if (host.role !== 'authoritative') return actorName(host, about);
  const zone = zoneAsked(host, about);
  if (zone !== undefined && zone.split('.').length <= 2) return zoneName(zone);
  const first = host.title.split('.')[0] ?? host.title;
  return first === markOf(host.title) || first.length <= 10 ? first : markOf(host.title);
}
