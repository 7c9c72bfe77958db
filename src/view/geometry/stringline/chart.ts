/**
 * The stringline chart: rows are actors, slanted strokes are messages, in the hues of the map. Time runs to the right; the
 * now-line is where the chart and the map meet. Here it is put together of its rows, strokes, words and brackets.
 */
import { foregroundPackets } from '../../../trace/background.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { Trace } from '../../../trace/trace.ts';
import { type Axis, xOf } from './axis.ts';
import { type Bracket, bracketsOf } from './brackets.ts';
import { type ChartLabel, labelsOf } from './labels.ts';
import { type ChartRow, type RowPlan, rowsOf, takesPartIn } from './rows.ts';
import { type Busy, busyOf, type Stroke, strokeOf } from './strokes.ts';

/** All that is drawn of visits, past and to come. */
export interface Chart {
  readonly rows: readonly ChartRow[];
  readonly strokes: readonly Stroke[];
  readonly busy: readonly Busy[];
  readonly labels: readonly ChartLabel[];
  readonly brackets: readonly Bracket[];
}

/** More rows than this cannot be told apart. */
const MOST_ROWS = 9;

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
  const rows = crowded ? rowsOf(trace, [own], packets.filter(takesPartIn(trace, own)), plan) : all;
  const y = new Map(rows.map((row) => [row.id, row.y]));
  const strokes = packets.flatMap((packet) => strokeOf(trace, packet, axis, y) ?? []);
  const touched = new Set(strokes.filter(({ packet }) => packet.turn >= (own?.turn ?? 0)).flatMap(({ y1, y2 }) => [y1, y2]));
  const silent = own ? rows.filter((row) => row.id.startsWith('zone ') && !touched.has(row.y)) : [];
  return {
    rows,
    strokes,
    busy: busyOf(trace, shown, strokes, axis, y),
    labels: labelsOf(trace, strokes, axis, rows, xOf(axis, own?.from ?? 0), silent),
    brackets: bracketsOf(trace, strokes, axis, rows),
  };
}
