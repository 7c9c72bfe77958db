/** Where the words of the stringline chart stand: beside their strokes and on silent rows, where there is room. */
import type { Trace } from '../../trace/trace.ts';
import type { Axis, Fold } from './axis.ts';
import type { Ink } from './hops.ts';
import { textWidth } from './measure.ts';
import { ringing } from './stringlineBrackets.ts';
import type { ChartRow } from './stringlineRows.ts';
import type { Stroke } from './stringlineStrokes.ts';
import { waitingText, wordings } from './stringlineWords.ts';

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

/** Names of strokes and waiting states, the fullest wording for which there is room. */
export function labelsOf(trace: Trace, strokes: readonly Stroke[], axis: Axis, rows: readonly ChartRow[]): ChartLabel[] {
  const room = roomOn(axis);
  return [...namesOf(trace, strokes, rows, room), ...waitsOf(trace, strokes, axis, room)];
}

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
      if (width > Math.abs(stroke.x2 - stroke.x1) * 0.95 + 8) continue;
      const open = placesBeside(stroke, width).filter(({ left, base }) => room.isFree(left, left + width, base));
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

/** Beside the middle of the stroke, on the side where it leaves room; what can be read early goes first. */
function placesBeside({ x1, y1, x2, y2, lost }: Stroke, width: number): { left: number; base: number }[] {
  if (lost) return [{ left: x2 + 10, base: y2 + 4 }];
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  if (y2 > y1)
    return [
      { left: x1 + (x2 - x1) * 0.4 + 6, base: y1 + (y2 - y1) * 0.4 - 1 },
      { left: x - 6 - width, base: y + 10 },
    ];
  return [
    { left: x - 6 - width, base: y - 8 },
    { left: x + 6, base: y + 10 },
  ];
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

/** The earliest place on a silent row where no stroke crosses a text, and no label or fold is in its way. */
export function quietPlace(
  { strokes, labels }: { readonly strokes: readonly Stroke[]; readonly labels: readonly ChartLabel[] },
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
