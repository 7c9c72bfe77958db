/** Where the words of the stringline chart stand: beside their strokes and on silent rows, where there is room. */
import type { Trace } from '../../../trace/trace.ts';
import type { Ink } from '../map/hops.ts';
import { textWidth } from '../measure.ts';
import type { Axis, Fold } from './axis.ts';
import { ringing } from './brackets.ts';
import type { ChartRow } from './rows.ts';
import type { Stroke } from './strokes.ts';
import { waitingText, wordings } from './words.ts';

/** Some words: from `x` to `right` on a base line, about something that lasts from one instant to another. */
export interface ChartLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly hue: Ink['hue'] | 'state';
  readonly from: number;
  readonly to: number;
}

/** Names of strokes and waiting states, the fullest wording for which there is room. On silent rows stands a sign, at `sign`. */
export function labelsOf(
  trace: Trace,
  strokes: readonly Stroke[],
  axis: Axis,
  rows: readonly ChartRow[],
  sign: number,
  silent: readonly ChartRow[],
): ChartLabel[] {
  const room = roomOn(axis);
  for (const { y } of silent) {
    room.take(sign, sign + SIGN, y);
    room.take(sign, sign + SIGN, y + 8);
  }
  return [...namesOf(trace, strokes, rows, room), ...waitsOf(trace, strokes, axis, room)];
}

/** How wide the sign of a skipped step is. */
const SIGN = 22;

/** The room between the ends of an axis that no label has taken yet. */
interface Room {
  readonly isFree: (left: number, right: number, base: number) => boolean;
  readonly take: (left: number, right: number, base: number) => void;
}

function roomOn(axis: Axis): Room {
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  return {
    isFree: (left, right, base) =>
      left >= axis.left &&
      right <= axis.right + 4 &&
      !taken.some((t) => left < t.right && right > t.left && base - 10 < t.bottom && base + 3 > t.top),
    take: (left, right, base) => {
      taken.push({ left: left - 3, right: right + 3, top: base - 10, bottom: base + 3 });
    },
  };
}

/** What each stroke is, beside it. */
function namesOf(trace: Trace, strokes: readonly Stroke[], rows: readonly ChartRow[], room: Room): ChartLabel[] {
  const labels: ChartLabel[] = [];
  const named: Stroke[] = [];
  for (const stroke of strokes) {
    // Questions sent side by side, for A and AAAA, have one name.
    if (named.some((other) => isSameStroke(other, stroke))) continue;
    named.push(stroke);
    for (const text of wordings(trace, stroke)) {
      const width = textWidth(text, 11.5);
      if (!stroke.lost && width > Math.abs(stroke.x2 - stroke.x1) * 0.95 + 8) continue;
      const open = placesBeside(stroke, width).filter(
        ({ left, base }) =>
          room.isFree(left, left + width, base) &&
          (stroke.lost || !strokes.some((other) => crosses(other, left - 1, left + width + 1, base - 8, base + 1))),
      );
      const place = open.find(({ base }) => !rows.some((row) => row.y > base - 9 && row.y < base + 1)) ?? open[0];
      if (!place) continue;
      room.take(place.left, place.left + width, place.base);
      const hue = stroke.lost ? 'e' : stroke.hue;
      labels.push({ text, x: place.left, y: place.base, right: place.left + width, hue, from: stroke.sent, to: stroke.due });
      break;
    }
  }
  return labels;
}

/** Beside the stroke, near its middle: first on the side that is inked before the stroke is. */
function placesBeside({ x1, y1, x2, y2, lost }: Stroke, width: number): { left: number; base: number }[] {
  if (lost) return [{ left: x2 + 10, base: y2 + 4 }];
  const down = y2 > y1;
  const before = (part: number) => ({
    left: x1 + (x2 - x1) * part - 6 - width,
    base: y1 + (y2 - y1) * part + (down ? 10 : -6),
  });
  const after = (part: number) => ({ left: x1 + (x2 - x1) * part + 6, base: y1 + (y2 - y1) * part + (down ? -1 : 10) });
  return [...[0.5, 0.58, 0.42, 0.66].map(before), ...[0.4, 0.5, 0.6, 0.75].map(after)];
}

/** What a sender waits for from then on, over its row; where a timer ran out, its bracket says that. */
function waitsOf(trace: Trace, strokes: readonly Stroke[], axis: Axis, room: Room): ChartLabel[] {
  const labels: ChartLabel[] = [];
  const timed = new Set(strokes.flatMap((stroke) => ringing(trace, stroke)?.id ?? []));
  for (const [i, stroke] of strokes.entries()) {
    const text = stroke.lost || timed.has(stroke.packet.turn) ? undefined : waitingText(trace, stroke);
    if (!text) continue;
    const [left, base] = [stroke.x1 + 8, stroke.y1 - 5];
    const right = left + textWidth(text, 11);
    const next = strokes.slice(i + 1).find((s) => s.y1 === stroke.y1 && s.x1 > stroke.x1)?.x1 ?? axis.right;
    if (right > next - 4 || !room.isFree(left, right, base)) continue;
    room.take(left, right, base);
    labels.push({ text, x: left, y: base, right, hue: 'state', from: stroke.sent, to: stroke.due });
  }
  return labels;
}

const isSameStroke = (a: Stroke, b: Stroke): boolean =>
  a.hue === b.hue && a.y1 === b.y1 && a.y2 === b.y2 && Math.abs(a.x1 - b.x1) < 6 && Math.abs(a.x2 - b.x2) < 6;

interface Drawn {
  readonly strokes: readonly Stroke[];
  readonly labels: readonly ChartLabel[];
}

/** The earliest place on a silent row where no stroke crosses a text, and no label or fold is in its way. */
export function quietPlace(
  { strokes, labels }: Drawn,
  folds: readonly Fold[],
  y: number,
  from: number,
  to: number,
  width: number,
): number | undefined {
  for (let left = from; left + width <= to; left += 12) {
    const right = left + width;
    if (strokes.some((s) => crosses(s, left - 4, right + 4, y - 9, y + 9))) continue;
    if (labels.some((l) => Math.abs(l.y - y - 4) < 14 && l.x < right + 4 && l.right > left - 4)) continue;
    if (folds.some((fold) => fold.left < right && fold.right > left)) continue;
    return left;
  }
  return undefined;
}

/** Behind the end of the first stroke that runs over a silent row: what will be drawn there later is not in the way yet. */
export function placeAhead(strokes: readonly Stroke[], y: number, from: number, to: number, width: number): number | undefined {
  const over = strokes.filter(({ y1, y2 }) => Math.min(y1, y2) < y && y < Math.max(y1, y2));
  const end = Math.min(...over.map(({ x2 }) => x2));
  return end + AHEAD < from || end + AHEAD + width > to ? undefined : end + AHEAD;
}

/** How far behind that end. */
export const AHEAD = 8;

/** Whether a stroke runs through a box. */
function crosses(s: Stroke, left: number, right: number, top: number, bottom: number): boolean {
  const [from, to] = s.y1 < s.y2 ? [s.y1, s.y2] : [s.y2, s.y1];
  if (bottom < from || top > to || s.x2 < left || s.x1 > right) return false;
  const at = (y: number): number => s.x1 + ((s.x2 - s.x1) * (y - s.y1)) / (s.y2 - s.y1 || 1);
  const [a, b] = [at(Math.max(from, top)), at(Math.min(to, bottom))];
  return Math.max(a, b) >= left && Math.min(a, b) <= right;
}
