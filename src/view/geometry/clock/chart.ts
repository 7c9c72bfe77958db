/**
 * The timetable between visits, in seconds, minutes or days: kept entries as wedges, the staircase of how many checkers
 * still say healthy, probes as ticks, what the zone gives, and each visit as one upright stroke. It shows the whole
 * stretch at once; the now-line decides how much of it is inked.
 */
import type { Name } from '../../../dns/name.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { Trace } from '../../../trace/trace.ts';
import { givenOf, givenWords } from '../health/given.ts';
import { type Axis, tenth, xOf } from '../stringline/axis.ts';
import type { RowPlan } from '../stringline/rows.ts';
import { type Canvas, type ClockLabel, clockTime, Room, span } from './canvas.ts';
import { type DrawnServers, type Staircase, serversOf, stairsOf } from './checks.ts';
import { type DrawnWedge, wedgesIn } from './outlines.ts';
import { type Pin, pinsOf } from './pins.ts';
import { type ClockRow, clockRows } from './rows.ts';
import { type Cut, signsAbove } from './signs.ts';

/** All that is drawn between visits; `d` and the like are paths. */
export interface ClockChart extends DrawnServers {
  readonly rows: readonly ClockRow[];
  readonly wedges: readonly DrawnWedge[];
  readonly bars: readonly { readonly d: string; readonly tone: 'first' | 'later' | 'none' }[];
  readonly stairs: readonly Staircase[];
  readonly pins: readonly Pin[];
  /** Upright dotted lines: something was done to the world, or a check changed. */
  readonly cuts: readonly Cut[];
  readonly labels: readonly ClockLabel[];
}

/** All that the axis shows, for the name at hand. */
export function clockChart(trace: Trace, visits: readonly Visit[], name: Name, axis: Axis, plan: RowPlan): ClockChart {
  const rows = clockRows(trace, visits, name, plan);
  const room = new Room(axis);
  const pitch = (rows[1]?.y ?? plan.top + plan.pitch) - (rows[0]?.y ?? plan.top);
  const canvas: Canvas = { trace, visits, name, axis, rows, room, height: Math.min(14, pitch * 0.56) };
  const above = signsAbove(trace, axis, plan.top);
  const bars = barsOf(canvas);
  const stairs = stairsOf(canvas);
  const wedges = wedgesIn(canvas);
  const pins = pinsOf(canvas);
  const servers = serversOf(canvas);
  return { rows, wedges, bars, stairs, ...servers, pins, cuts: above.cuts, labels: [...above.labels, ...room.labels] };
}

/** What the zone gives, on its row. */
function barsOf({ trace, name, axis, rows, room }: Canvas): ClockChart['bars'] {
  const row = rows.find(({ kind }) => kind === 'zone');
  if (!row) return [];
  const { from, to } = span(axis);
  const all = givenOf(trace, name);
  return all.flatMap((one, i) => {
    const until = all[i + 1]?.at ?? to;
    if (until <= from || one.at >= to) return [];
    const [x1, x2] = [xOf(axis, Math.max(from, one.at)), xOf(axis, Math.min(to, until))];
    const before = all[i - 1];
    const words = givenWords(one, before);
    const changed = before !== undefined && words !== givenWords(before, all[i - 2]);
    if (changed)
      room.put(`${clockTime(one.at)}: ${words}`, 'a', one.at, [
        { left: x1 + 6, y: row.y - 6 },
        { right: x1 - 5, y: row.y - 6 },
        { left: x1 + 6, y: row.y + 13 },
      ]);
    else if (!before) room.put(words, 'a', one.at, [{ left: x1 + 6, y: row.y - 6 }]);
    const empty = one.choices.every(({ values }) => values.length === 0);
    return [
      {
        d: `M${tenth(x1)} ${row.y}H${tenth(x2 - (until < to ? 3 : 0))}`,
        tone: empty ? 'none' : before ? 'later' : 'first',
      } as const,
    ];
  });
}
