/**
 * The stringline chart: rows are actors, slanted strokes are messages, in the hues of the map. Time runs to the right; the
 * now-line is where the chart and the map meet.
 */
import { group } from 'd3';
import type { Name } from '../../dns/name.ts';
import { foregroundPackets } from '../../trace/background.ts';
import { describeMessage, describePacket, hostAt, hostOf, isForged, zoneAsked, zoneName } from '../../trace/describe.ts';
import type { Visit } from '../../trace/steps.ts';
import type { HostRecord, MessageId, PacketRecord, Trace } from '../../trace/trace.ts';
import { type Axis, type Fold, xOf } from './axis.ts';
import { calledShort, zonesOnTheWay } from './cast.ts';
import { hueOf, type Ink, journeyOf } from './hops.ts';
import { textWidth } from './measure.ts';

export interface ChartRow {
  readonly id: string;
  readonly label: string;
  readonly y: number;
}

/** One packet on the chart. */
export interface Stroke {
  readonly packet: PacketRecord;
  readonly message?: MessageId;
  /** Its full name, for the button. */
  readonly title: string;
  readonly hue: Ink['hue'];
  readonly style: 'thin' | 'thick' | 'double' | 'dotted' | 'cut';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** When it ends, in microseconds. */
  readonly due: number;
  readonly sent: number;
  readonly lost: boolean;
  readonly refused: boolean;
}

export interface ChartLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly hue: Ink['hue'] | 'state';
  readonly from: number;
  readonly to: number;
}

export interface Busy {
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

export interface Chart {
  readonly rows: readonly ChartRow[];
  readonly strokes: readonly Stroke[];
  readonly busy: readonly Busy[];
  readonly labels: readonly ChartLabel[];
  readonly brackets: readonly Bracket[];
}

/** A measure of time along a row: how long a timer ran, how long a handshake took. */
export interface Bracket {
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  /** Its feet, downwards or upwards. */
  readonly leg: number;
  readonly text: string;
  readonly middle: number;
  readonly right: number;
  readonly from: number;
  readonly to: number;
}

export interface RowPlan {
  readonly top: number;
  readonly pitch: number;
  readonly room: number;
}

/**
 * Everything that the axis shows, whether it has happened yet or not: the now-line decides how much of it is inked. When
 * that would be too much for one sheet, then what has to do with the visit at hand.
 */
export function chart(trace: Trace, visits: readonly Visit[], axis: Axis, plan: RowPlan, own?: Visit): Chart {
  const shown = visits.filter((visit) => axis.stretches.some((s) => visit.from >= s.from && visit.from <= s.to));
  const packets = foregroundPackets(trace).filter((packet) =>
    axis.stretches.some((s) => packet.sentAt >= s.from && packet.sentAt <= s.to),
  );
  const all = rowsOf(trace, shown.length > 0 ? shown : visits.slice(0, 1), packets, plan);
  const crowded = own !== undefined && shown.length > 1 && all.length > MOST_ROWS;
  const rows = crowded ? rowsOf(trace, [own], packets.filter(of(trace, own)), plan) : all;
  const y = new Map(rows.map((row) => [row.id, row.y]));
  const strokes = packets.flatMap((packet) => strokeOf(trace, packet, axis, y) ?? []);
  return {
    rows,
    strokes,
    busy: busyOf(trace, shown, strokes, axis, y),
    labels: labelsOf(trace, strokes, axis, rows),
    brackets: bracketsOf(trace, strokes, axis, rows),
  };
}

/** Strokes drawn alike, as one path. */
export function linesOf(strokes: readonly Stroke[]): { style: Stroke['style']; hue: Stroke['hue']; d: string }[] {
  return [...group(strokes, ({ style, hue }) => `${style} ${hue}`).values()].map((alike) => ({
    style: (alike[0] as Stroke).style,
    hue: (alike[0] as Stroke).hue,
    d: alike.map(({ x1, y1, x2, y2 }) => `M${x1} ${y1}L${x2} ${y2}`).join(''),
  }));
}

/** How strokes end: a dot where one arrived, a cross where one was lost or refused; those alike as one path. */
export function endsOf(strokes: readonly Stroke[]): { kind: 'dot' | 'cross'; hue: Stroke['hue']; d: string }[] {
  const crossed = ({ lost, refused }: Stroke): boolean => lost || refused;
  const hue = (stroke: Stroke): Stroke['hue'] => (stroke.lost ? 'e' : stroke.hue);
  return [...group(strokes, (stroke) => `${crossed(stroke)} ${hue(stroke)}`).values()].map((alike) => {
    const kind = crossed(alike[0] as Stroke) ? ('cross' as const) : ('dot' as const);
    const end = ({ x2, y2 }: Stroke): string =>
      kind === 'cross' ? `M${x2 - 4} ${y2 - 4}l8 8m0 -8l-8 8` : `M${x2 - 2.6} ${y2}a2.6 2.6 0 1 1 5.2 0a2.6 2.6 0 1 1 -5.2 0`;
    return { kind, hue: hue(alike[0] as Stroke), d: alike.map(end).join('') };
  });
}

const MOST_ROWS = 9;

/** Packets that go from or to the resolver or the client of a visit, and to no other client or resolver. */
function of(trace: Trace, visit: Visit): (packet: PacketRecord) => boolean {
  const client = hostOf(trace, visit.client);
  const resolver = client.resolvers?.[0] === undefined ? undefined : hostAt(trace, client.resolvers[0]);
  return ({ from, to }) =>
    [from, to].every(({ address }) => {
      const host = hostAt(trace, address);
      return host === client || host === resolver || (host && ['authoritative', 'web', 'mail'].includes(host.role));
    });
}

/** Clients, resolvers, the zones' servers from the root down, and where the visit ends. */
function rowsOf(trace: Trace, visits: readonly Visit[], packets: readonly PacketRecord[], plan: RowPlan): ChartRow[] {
  const rows = new Map<string, { label: string; rank: number }>();
  const add = (host: HostRecord, about?: Name): void => {
    const id = rowId(host, about);
    if (!rows.has(id)) rows.set(id, { label: rowLabel(host, about), rank: rankOf(host, about) });
  };
  for (const visit of visits) {
    const client = hostOf(trace, visit.client);
    add(client);
    const resolver = client.resolvers?.[0] === undefined ? undefined : hostAt(trace, client.resolvers[0]);
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

/** Servers of one zone share a row; web servers share one too. */
function rowId(host: HostRecord, about: Name | undefined): string {
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

const aboutOf = (trace: Trace, packet: PacketRecord): Name | undefined =>
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

function strokeOf(trace: Trace, packet: PacketRecord, axis: Axis, y: ReadonlyMap<string, number>): Stroke | undefined {
  const from = hostAt(trace, packet.from.address);
  const to = hostAt(trace, packet.to.address);
  const about = aboutOf(trace, packet);
  const y1 = from && y.get(rowId(from, about));
  const y2 = to && y.get(rowId(to, about));
  if (y1 === undefined || y2 === undefined) return undefined;
  const { kind, title } = describePacket(trace, packet.id);
  if (kind === 'tcp-ack' || kind === 'tcp-fin') return undefined;
  const { due, lostAt } = journeyOf(packet);
  const part = lostAt ?? 1;
  const [x1, x2] = [xOf(axis, packet.sentAt), xOf(axis, due)];
  const forged = isForged(trace, packet);
  const hue = forged ? 'e' : hueOf(kind);
  const style =
    forged || kind === 'query'
      ? 'thin'
      : kind === 'truncated'
        ? 'cut'
        : kind.startsWith('tcp')
          ? 'dotted'
          : hue === 'h'
            ? 'double'
            : 'thick';
  return {
    packet,
    ...(packet.message === undefined ? {} : { message: packet.message }),
    title,
    hue,
    style,
    x1,
    y1,
    x2: x1 + (x2 - x1) * part,
    y2: y1 + (y2 - y1) * part,
    sent: packet.sentAt,
    due: lostAt === undefined ? due : packet.sentAt + (due - packet.sentAt) * part,
    lost: lostAt !== undefined,
    refused: hue === 'n' && lostAt === undefined,
  };
}

/** When a host was dealing with something: from an arrival to the turn that it led to, and before a client's first question. */
function busyOf(
  trace: Trace,
  visits: readonly Visit[],
  strokes: readonly Stroke[],
  axis: Axis,
  y: ReadonlyMap<string, number>,
): Busy[] {
  const busy: Busy[] = [];
  for (const { packet, y1 } of strokes) {
    const turn = trace.turns[packet.turn];
    const cause = turn?.cause;
    if (cause?.kind === 'packet' && turn && turn.at > cause.arrived)
      busy.push({ x1: xOf(axis, cause.arrived), x2: xOf(axis, turn.at), y: y1 });
  }
  for (const visit of visits) {
    const typing = visit.steps[0]?.passes[0];
    const row = y.get(visit.client);
    if (typing?.to !== undefined && row !== undefined)
      busy.push({ x1: xOf(axis, typing.from), x2: xOf(axis, typing.to), y: row });
  }
  for (const turn of trace.turns) {
    if (turn.cause.kind !== 'packet' || !axis.stretches.some((s) => turn.at >= s.from && turn.at <= s.to)) continue;
    const packet = trace.packets[turn.cause.packet];
    const at = y.get(rowId(hostOf(trace, turn.host), packet && aboutOf(trace, packet)));
    if (at !== undefined && turn.at > turn.cause.arrived)
      busy.push({ x1: xOf(axis, turn.cause.arrived), x2: xOf(axis, turn.at), y: at });
  }
  const seen = new Set<string>();
  return busy.filter(({ x1, y: row }) => {
    const id = `${x1} ${row}`;
    return !seen.has(id) && seen.add(id) !== undefined;
  });
}

/** Names of strokes and waiting states, the fullest wording for which there is room. */
function labelsOf(trace: Trace, strokes: readonly Stroke[], axis: Axis, rows: readonly ChartRow[]): ChartLabel[] {
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  const free = (left: number, right: number, base: number): boolean =>
    left >= axis.left &&
    right <= axis.right + 4 &&
    !taken.some((t) => left < t.right && right > t.left && base - 10 < t.bottom && base + 3 > t.top);
  const take = (left: number, right: number, base: number): void => {
    taken.push({ left: left - 3, right: right + 3, top: base - 10, bottom: base + 3 });
  };
  const labels: ChartLabel[] = [];
  const named: Stroke[] = [];
  for (const stroke of strokes) {
    // Questions sent side by side, for A and AAAA, have one name.
    if (named.some((other) => isSameStroke(other, stroke))) continue;
    named.push(stroke);
    const level = Math.abs(stroke.x2 - stroke.x1);
    const middle = { x: (stroke.x1 + stroke.x2) / 2, y: (stroke.y1 + stroke.y2) / 2 };
    const early = { x: stroke.x1 + (stroke.x2 - stroke.x1) * 0.4, y: stroke.y1 + (stroke.y2 - stroke.y1) * 0.4 };
    const down = stroke.y2 > stroke.y1;
    for (const text of wordings(trace, stroke)) {
      const width = textWidth(text, 11.5);
      if (width > level * 0.95 + 8) continue;
      // Beside the middle of the stroke, on the side where it leaves room; what can be read early goes first.
      const places = stroke.lost
        ? [{ left: stroke.x2 + 10, base: stroke.y2 + 4 }]
        : down
          ? [
              { left: early.x + 6, base: early.y - 1 },
              { left: middle.x - 6 - width, base: middle.y + 10 },
            ]
          : [
              { left: middle.x - 6 - width, base: middle.y - 8 },
              { left: middle.x + 6, base: middle.y + 10 },
            ];
      const open = places.filter(({ left, base }) => free(left, left + width, base));
      const place = open.find(({ base }) => !rows.some((row) => row.y > base - 9 && row.y < base + 1)) ?? open[0];
      if (!place) continue;
      take(place.left, place.left + width, place.base);
      labels.push({
        text,
        x: place.left,
        y: place.base,
        right: place.left + width,
        hue: stroke.lost ? 'e' : stroke.hue,
        from: stroke.sent,
        to: stroke.due,
      });
      break;
    }
  }
  // Where a timer ran out, its bracket says who was waited for.
  const timed = new Set(strokes.flatMap((stroke) => ringing(trace, stroke)?.id ?? []));
  for (const [i, stroke] of strokes.entries()) {
    const text = stroke.lost || timed.has(stroke.packet.turn) ? undefined : waitingText(trace, stroke);
    if (!text) continue;
    const width = textWidth(text, 11);
    const left = stroke.x1 + 8;
    const base = stroke.y1 - 5;
    const next = strokes.slice(i + 1).find((s) => s.y1 === stroke.y1 && s.x1 > stroke.x1)?.x1 ?? axis.right;
    if (left + width > next - 4 || !free(left, left + width, base)) continue;
    take(left, left + width, base);
    labels.push({ text, x: left, y: base, right: left + width, hue: 'state', from: stroke.sent, to: stroke.due });
  }
  return labels;
}

const isSameStroke = (a: Stroke, b: Stroke): boolean =>
  a.hue === b.hue && a.y1 === b.y1 && a.y2 === b.y2 && Math.abs(a.x1 - b.x1) < 6 && Math.abs(a.x2 - b.x2) < 6;

/** Of a flood only the first is named. */
const isFirstForgery = (trace: Trace, packet: PacketRecord): boolean =>
  !trace.packets.slice(0, packet.id).some((one) => isForged(trace, one));

/** From the fullest to the shortest. */
function wordings(trace: Trace, stroke: Stroke): string[] {
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

/** The turn that set the timer because of which a question went out once more. */
function ringing(trace: Trace, stroke: Stroke) {
  const turn = trace.turns[stroke.packet.turn];
  if (turn?.cause.kind !== 'timer' || turn.cause.timer !== 'retryTimer' || turn.causedBy === undefined) return undefined;
  return describePacket(trace, stroke.packet.id).kind === 'query' ? trace.turns[turn.causedBy] : undefined;
}

/** Timers that ran out, over the resolver's row; TCP's handshake, under the last row. */
function bracketsOf(trace: Trace, strokes: readonly Stroke[], axis: Axis, rows: readonly ChartRow[]): Bracket[] {
  const made: Bracket[] = [];
  const add = (from: number, to: number, y: number, leg: number, text: string): void => {
    const [x1, x2] = [xOf(axis, from), xOf(axis, to)];
    const width = textWidth(text, 11.5);
    if (x2 - x1 > width * 0.7) made.push({ x1, x2, y, leg, text, middle: (x1 + x2) / 2, right: (x1 + x2 + width) / 2, from, to });
  };
  for (const stroke of strokes) {
    const turn = trace.turns[stroke.packet.turn];
    const before = ringing(trace, stroke);
    const { kind } = describePacket(trace, stroke.packet.id);
    if (turn && before) {
      const waited = strokes.find((s) => s.packet.turn === before.id);
      const time = `timer, ${Math.round((turn.at - before.at) / 1000)} ms`;
      add(before.at, turn.at, stroke.y1 - 9, 4, `${(waited && waitingText(trace, waited)) ?? 'waiting'}: ${time}`);
    }
    if (kind === 'tcp-syn' && hostAt(trace, stroke.packet.from.address)?.role === 'resolver') {
      const back = strokes.find(
        (s) => s.packet.id > stroke.packet.id && s.y2 === stroke.y1 && describePacket(trace, s.packet.id).kind === 'tcp-syn-ack',
      );
      if (back && !back.lost)
        add(
          stroke.sent,
          back.due,
          Math.max(...rows.map((row) => row.y)) - 11,
          -5,
          `one round trip more: ${Math.round((back.due - stroke.sent) / 1000)} ms`,
        );
    }
  }
  return made;
}

/** The earliest place on a silent row where no stroke crosses a text, and no label or fold is in its way. */
export function quietPlace(
  { strokes, labels }: Pick<Chart, 'strokes' | 'labels'>,
  folds: readonly Fold[],
  y: number,
  from: number,
  to: number,
  width: number,
): number | undefined {
  for (let left = from; left + width <= to; left += 12) {
    const right = left + width;
    if (strokes.some((s) => crosses(s, left - 4, right + 4, y))) continue;
    if (labels.some((l) => Math.abs(l.y - y - 4) < 14 && l.x < right + 4 && l.right > left - 4)) continue;
    if (folds.some((fold) => fold.left < right && fold.right > left)) continue;
    return left;
  }
  return undefined;
}

function crosses(s: Stroke, left: number, right: number, y: number): boolean {
  const [top, bottom] = s.y1 < s.y2 ? [s.y1, s.y2] : [s.y2, s.y1];
  if (y + 9 < top || y - 9 > bottom || s.x2 < left || s.x1 > right) return false;
  const at = (row: number): number => s.x1 + ((s.x2 - s.x1) * (row - s.y1)) / (s.y2 - s.y1 || 1);
  const [a, b] = [at(Math.max(top, y - 9)), at(Math.min(bottom, y + 9))];
  return Math.max(a, b) >= left && Math.min(a, b) <= right;
}

/** What the sender does from then on: "waiting for root". */
function waitingText(trace: Trace, stroke: Stroke): string | undefined {
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
