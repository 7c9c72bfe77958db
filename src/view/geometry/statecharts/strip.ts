/**
 * State against time: the states of one machine as rows, its way through them as a line. Moves that take no time are drawn a
 * few pixels apart, or nobody would see them.
 */
import { describeMessage, describePacket, hostAt } from '../../../trace/describe.ts';
import type { Position } from '../../../trace/scene.ts';
import type { Trace, Turn } from '../../../trace/trace.ts';
import { calledShort } from '../cast.ts';
import { hueOf, type Ink } from '../map/hops.ts';
import { textWidth } from '../measure.ts';
import { type Axis, tenth, xOf } from '../stringline/axis.ts';
import { idsOf, type Life, type LifeScene, movesUpTo } from './lives.ts';

export interface StripRow {
  readonly id: string;
  readonly label: string;
  readonly y: number;
  readonly live: boolean;
}

export interface StripMark {
  readonly x: number;
  readonly y: number;
  readonly hue: Ink['hue'];
  /** Something came, or something left. */
  readonly filled: boolean;
  readonly label: string;
  readonly labelX: number;
  readonly anchor: 'start' | 'end';
}

export interface Strip {
  readonly rows: readonly StripRow[];
  readonly path: string;
  readonly marks: readonly StripMark[];
  /** Where the line stands after the last move. */
  readonly end: { readonly x: number; readonly y: number };
}

export interface StripPlan {
  readonly top: number;
  readonly pitch: number;
  readonly room: number;
  /** Rows at the most. */
  readonly most: number;
}

/** Pixels between two moves of one instant. */
const APART = 6;

/** The strip of a life at a position. */
export function stateStrip(trace: Trace, scene: LifeScene, position: Position, axis: Axis, plan: StripPlan): Strip {
  const { life } = scene;
  const rows = rowsOf(scene, plan);
  const y = new Map(rows.map((row) => [row.id, row.y]));
  const place = (ids: readonly string[]): number | undefined =>
    ids.map((id) => y.get(id)).findLast((found) => found !== undefined);
  const first = axis.stretches[0]?.from ?? 0;
  const moves = movesUpTo(trace, life, position);
  const before = moves.findLastIndex(({ turn }) => turn.at < first);
  const started = moves[before]?.move.to ?? life.state;
  let level = place(idsOf(scene.chart, started)) ?? plan.top;
  let x = xOf(axis, Math.max(first, life.begun.at));
  let path = `M${tenth(x)} ${level}`;
  const marks: StripMark[] = [];
  let turn: Turn | undefined;
  for (const one of moves.slice(before + 1)) {
    const next = place(idsOf(scene.chart, one.move.to)) ?? level;
    const fresh = one.turn !== turn;
    x = fresh ? Math.max(x + (turn ? APART : 0), xOf(axis, one.turn.at)) : x + APART;
    path += `H${tenth(x)}V${next}`;
    if (fresh) marks.push(...arrivals(trace, one.turn, x, level));
    marks.push(...departures(trace, one.turn, one.nth, life, x, level));
    turn = one.turn;
    level = next;
  }
  return { rows, path, marks: spread(marks, axis), end: { x, y: level } };
}

/** States that are entered in this life, and as many others as there is room for, in the order of the chart. */
function rowsOf(scene: LifeScene, plan: StripPlan): StripRow[] {
  const { chart, life } = scene;
  const entered = new Set([life.state, ...life.moves.map(({ move }) => move.to)].flatMap((state) => idsOf(chart, state)));
  const inner = chart.nodes.filter((node) => node.type === 'atomic' || node.type === 'final');
  const root = chart.nodes[0]?.id;
  // Too many for the room: then a frame is one row.
  const leaves =
    inner.filter(({ id }) => entered.has(id)).length > plan.most ? chart.nodes.filter(({ parent }) => parent === root) : inner;
  const spare = plan.most - leaves.filter(({ id }) => entered.has(id)).length;
  const others = new Set(
    leaves
      .filter(({ id }) => !entered.has(id))
      .slice(0, Math.max(0, spare))
      .map(({ id }) => id),
  );
  const shown = leaves.filter(({ id }) => entered.has(id) || others.has(id));
  const pitch = Math.min(plan.pitch, shown.length > 1 ? plan.room / (shown.length - 1) : plan.pitch);
  return shown.map((node, i) => ({
    id: node.id,
    label: node.description || node.name,
    y: Math.round(plan.top + i * pitch),
    live: scene.live.has(node.id),
  }));
}

function arrivals(trace: Trace, { cause }: Turn, x: number, y: number): StripMark[] {
  if (cause.kind !== 'packet') return [];
  const { kind, label } = describePacket(trace, cause.packet);
  const packet = trace.packets[cause.packet];
  const from = packet && hostAt(trace, packet.from.address);
  const about = packet?.message === undefined ? undefined : describeMessage(trace, packet.message).dns?.question[0]?.name;
  const who = from ? calledShort(from, about).replace(' server', '') : 'nobody';
  const text = `${label.replace('TCP ', '')} from ${who}`;
  return [{ x, y, hue: hueOf(kind), filled: true, label: lower(text), labelX: x - 8, anchor: 'end' }];
}

function departures(trace: Trace, turn: Turn, nth: number, life: Life, x: number, y: number): StripMark[] {
  const from = turn.moves[nth - 2]?.effectsSoFar ?? 0;
  const to = turn.moves[nth - 1]?.effectsSoFar ?? from;
  return turn.effects.slice(from, to).flatMap((effect): StripMark[] => {
    if (effect.kind !== 'transmit' || effect.instance !== life.path) return [];
    const record = trace.messages[effect.message];
    const { kind, label, dns } = describeMessage(trace, effect.message);
    const host = record && hostAt(trace, record.to.address);
    const who = host ? calledShort(host, dns?.question[0]?.name).replace(' server', '') : 'nobody';
    return [{ x, y, hue: hueOf(kind), filled: false, label: lower(`${label} to ${who}`), labelX: x + 9, anchor: 'start' }];
  });
}

/** What came in is told above the line, what goes out beside it. */
export const labelY = (mark: StripMark): number => mark.y + (mark.filled ? -7 : 4);

/** Labels that would run into one another, into a fold or over the edge are left away; the dots stay. */
function spread(marks: readonly StripMark[], axis: Axis): StripMark[] {
  const taken: { left: number; right: number; y: number }[] = [];
  return marks.map((mark) => {
    const width = textWidth(mark.label, 11.5) + 2;
    const y = labelY(mark);
    for (const anchor of mark.anchor === 'end' ? (['end', 'start'] as const) : (['start', 'end'] as const)) {
      const labelX = anchor === 'start' ? mark.x + 8 : mark.x - 8;
      const left = anchor === 'start' ? labelX : labelX - width;
      const onDot = marks.some(
        (one) => one !== mark && Math.abs(one.y + 4 - y) < 9 && left < one.x + 6 && left + width > one.x - 6,
      );
      if (onDot) continue;
      const clash = taken.some((one) => Math.abs(one.y - y) < 13 && left < one.right + 6 && left + width > one.left - 6);
      const folded = axis.folds.some((fold) => left < fold.right && left + width > fold.left);
      if (clash || folded || left < axis.left - 28 || left + width > axis.right + 20) continue;
      taken.push({ left, right: left + width, y });
      return { ...mark, anchor, labelX };
    }
    return { ...mark, label: '' };
  });
}

/** What is written in capitals stays so. */
const lower = (text: string): string => (/^[A-Z][A-Z]/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1));
