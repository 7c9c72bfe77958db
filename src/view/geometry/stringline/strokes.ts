/** The strokes of the stringline chart, one for each packet, and the thick parts of the rows: when somebody was busy. */
import { group } from 'd3';
import { describePacket, hostAt, hostOf, isForged } from '../../../trace/describe.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { MessageId, PacketRecord, Trace } from '../../../trace/trace.ts';
import { hueOf, type Ink, journeyOf } from '../map/hops.ts';
import { type Axis, tenth, xOf } from './axis.ts';
import { aboutOf, rowId } from './rows.ts';

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

/** A stretch of a row in which somebody was busy. */
export interface Busy {
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

/** The stroke of a packet; undefined where a row is not shown, and for what only confirms: TCP ACK and FIN. */
export function strokeOf(trace: Trace, packet: PacketRecord, axis: Axis, y: ReadonlyMap<string, number>): Stroke | undefined {
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
  const style = forged ? 'thin' : styleOf(kind, hue);
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

function styleOf(kind: string, hue: Stroke['hue']): Stroke['style'] {
  if (kind === 'query') return 'thin';
  if (kind === 'truncated') return 'cut';
  if (kind.startsWith('tcp')) return 'dotted';
  return hue === 'h' ? 'double' : 'thick';
}

/** Strokes drawn alike, as one path. */
export function linesOf(strokes: readonly Stroke[]): { style: Stroke['style']; hue: Stroke['hue']; d: string }[] {
  return [...group(strokes, ({ style, hue }) => `${style} ${hue}`).values()].map((alike) => ({
    style: (alike[0] as Stroke).style,
    hue: (alike[0] as Stroke).hue,
    d: alike.map(({ x1, y1, x2, y2 }) => `M${x1} ${y1}L${x2} ${y2}`).join(''),
  }));
}

/** How far around a stroke a press still means it, in pixels. */
const REACH = 6;

/** The outline of a stroke as broad as a hand needs it: where it is pressed, and what is drawn around it when it has the focus. */
export function outlineOf({ x1, y1, x2, y2 }: Stroke): string {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [x, y] = [((y1 - y2) * REACH) / length, ((x2 - x1) * REACH) / length];
  return `M${tenth(x1 + x)} ${tenth(y1 + y)}L${tenth(x2 + x)} ${tenth(y2 + y)}L${tenth(x2 - x)} ${tenth(y2 - y)}L${tenth(x1 - x)} ${tenth(y1 - y)}Z`;
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

/** When a host was dealing with something: from an arrival to the turn that it led to, and before a client's first question. */
export function busyOf(
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
