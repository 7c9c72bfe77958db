/**
 * The time axis of the chart: the stretch in which something happens now, the one before it, and the idle time between them
 * folded away. A pure function of the timeline and the instant, so dragging back gives the same axis again.
 */
import { nice, ticks } from 'd3';
import type { Instant } from '../../../base/time.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { Piece, Timeline } from '../../../trace/timeline.ts';
import { eased, spanText } from '../span.ts';

/** A stretch of time at its own length. Times in microseconds, places in pixels. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
}

export interface Fold {
  readonly left: number;
  readonly right: number;
  readonly label: string;
}

export interface Axis {
  readonly stretches: readonly Stretch[];
  readonly folds: readonly Fold[];
  readonly left: number;
  readonly right: number;
}

export interface Tick {
  readonly x: number;
  readonly label: string;
}

const FOLD_WIDTH = 104;
/** How long the axis takes to make room for the page after the address is known, in microseconds of virtual time. */
const GROWTH = 2_000;

/** The axis at an instant, between two places in pixels. */
export function axisAt(line: Timeline, visits: readonly Visit[], now: Instant, left: number, right: number): Axis {
  const busy = lively(line, visits);
  const current = busy.findLastIndex((piece) => piece.from <= now);
  const here = busy[current];
  if (!here) return arranged(busy.slice(0, 1), visits, now, left, right);
  const next = busy[current + 1];
  const still = arranged(busy.slice(Math.max(0, current - 1), current + 1), visits, now, left, right);
  if (now <= here.to) return still;
  const fold =
    line.pieces.find((piece) => piece.kind === 'fold' && piece.from === here.to) ??
    line.pieces.find((p) => p.from >= here.to && p !== here);
  // Where time was let pass several times, other things than visits stand between; the axis has turned then.
  const until = next?.from ?? Math.max(fold?.to ?? now, now);
  const after: Piece = next ?? { kind: 'activity', from: until as Instant, to: until as Instant, start: 0, end: 0 };
  const turned = arranged([here, after], visits, after.from, left, right, fold?.label);
  return between(still, turned, eased(until > here.to ? (now - here.to) / (until - here.to) : 1), right);
}

/**
 * The instant that stands for all those around `now` at which the axis is the same, and until when it does: the axis rests
 * while something happens, and moves only while it makes room for a page or turns to the next stretch.
 */
export function axisInstant(
  line: Timeline,
  visits: readonly Visit[],
  now: Instant,
): { readonly value: Instant; readonly until: number } {
  const here = line.pieces.findLast((piece) => piece.kind === 'activity' && piece.from <= now);
  if (!here || now > here.to) return { value: now, until: now };
  let from: number = here.from;
  for (const { from: begun, addressAt: grows } of visits) {
    if (grows === undefined || begun < here.from || begun > here.to) continue;
    if (now < grows) return { value: from as Instant, until: Math.min(grows, here.to) };
    if (now < grows + GROWTH) return { value: now, until: now };
    from = grows + GROWTH;
  }
  return { value: from as Instant, until: here.to };
}

/** The stretches in which somebody visits something; all that are not idle where nobody ever does. */
function lively(line: Timeline, visits: readonly Visit[]): readonly Piece[] {
  const busy = line.pieces.filter((piece) => piece.kind === 'activity');
  const own = busy.filter((piece) => visits.some((visit) => visit.from <= piece.to && (visit.to ?? visit.from) >= piece.from));
  return own.length > 0 ? own : busy;
}

/** The place of an instant; inside a fold proportionally, outside the axis at its ends. */
export function xOf(axis: Axis, at: number): number {
  const { stretches } = axis;
  for (const [i, stretch] of stretches.entries()) {
    if (at < stretch.from) {
      const before = stretches[i - 1];
      if (!before) return stretch.left;
      const end = Math.min(before.to, stretch.from);
      return before.right + (stretch.left - before.right) * ratio(at, end, stretch.from);
    }
    if (at <= stretch.to) return stretch.left + (stretch.right - stretch.left) * ratio(at, stretch.from, stretch.to);
  }
  return stretches.at(-1)?.right ?? axis.left;
}

/** The instant at a place. */
export function instantOn(axis: Axis, x: number): Instant {
  const { stretches } = axis;
  for (const [i, stretch] of stretches.entries()) {
    if (x < stretch.left) {
      const before = stretches[i - 1];
      if (!before) return stretch.from as Instant;
      return Math.round(before.to + (stretch.from - before.to) * ratio(x, before.right, stretch.left)) as Instant;
    }
    if (x <= stretch.right)
      return Math.round(stretch.from + (stretch.to - stretch.from) * ratio(x, stretch.left, stretch.right)) as Instant;
  }
  return (stretches.at(-1)?.to ?? 0) as Instant;
}

/** Marks of a stretch, counted from its own beginning, in the unit that suits its length. */
export function ticksOf(stretch: Stretch): Tick[] {
  const length = stretch.to - stretch.from;
  const unit =
    length > 1.2e9 ? { name: 'min', micros: 6e7 } : length > 2e7 ? { name: 's', micros: 1e6 } : { name: 'ms', micros: 1e3 };
  const width = stretch.right - stretch.left;
  if (width < 30) return [];
  return ticks(0, length / unit.micros, Math.max(2, width / 103)).map((value) => ({
    x: tenth(stretch.left + (value * unit.micros * width) / length),
    label: value === 0 ? `0 ${unit.name}` : String(value),
  }));
}

/** Lays out one or two stretches, all at one scale, so that a longer visit is longer to the eye. */
function arranged(
  pieces: readonly Piece[],
  visits: readonly Visit[],
  now: number,
  left: number,
  right: number,
  label?: string,
): Axis {
  const own = pieces.map((piece) => lengthOf(piece, visits, pieces.length === 1 ? now : Number.POSITIVE_INFINITY));
  // A short visit beside a long one keeps enough room for its words.
  const lengths = own.map((length) => Math.max(length, 0.45 * Math.max(...own)));
  const folds = Math.max(0, pieces.length - 1);
  const scale = (right - left - folds * FOLD_WIDTH) / lengths.reduce((sum, length) => sum + length, 0);
  const stretches: Stretch[] = [];
  let x = left;
  for (const [i, piece] of pieces.entries()) {
    const length = lengths[i] as number;
    stretches.push({ from: piece.from, to: piece.from + length, left: x, right: x + length * scale });
    x += length * scale + FOLD_WIDTH;
  }
  return { stretches, folds: foldsOf(stretches, pieces, label), left, right };
}

function foldsOf(stretches: readonly Stretch[], pieces: readonly Piece[], label: string | undefined): Fold[] {
  return stretches.slice(1).map((stretch, i) => {
    const before = stretches[i] as Stretch;
    return {
      left: before.right,
      right: stretch.left,
      label: label ?? spanText((pieces[i + 1] as Piece).from - (pieces[i] as Piece).to),
    };
  });
}

/** While the address is looked up the axis holds that; then it makes room for the page. */
function lengthOf(piece: Piece, visits: readonly Visit[], now: number): number {
  const here = visits.filter((v) => v.from >= piece.from && v.from <= piece.to);
  const ends = here.map((v) => v.to ?? piece.to);
  const whole =
    Math.max(0, ...(ends.length > 0 ? ends.map((end) => end - piece.from) : [piece.to - piece.from])) * 1.04 || 100_000;
  const visit = here[0];
  const address = visit?.addressAt;
  if (visit === undefined || address === undefined || address >= piece.from + whole) return Math.max(whole, 20_000);
  const first = Math.min(whole, nice(0, (address - piece.from) * 1.1, 10)[1]);
  const grown = Math.min(1, Math.max(0, (now - address) / GROWTH));
  return first + (whole - first) * eased(grown);
}

/** From one arrangement to the next: the older stretch slides out, the newer comes in. */
function between(a: Axis, b: Axis, part: number, right: number): Axis {
  const mix = (x: number, y: number): number => x + (y - x) * part;
  const stretches: Stretch[] = [];
  const all = new Map([...a.stretches, ...b.stretches].map((stretch) => [stretch.from, stretch]));
  for (const from of [...all.keys()].sort((x, y) => x - y)) {
    const before = a.stretches.find((s) => s.from === from);
    const after = b.stretches.find((s) => s.from === from);
    const width = (s: Stretch): number => s.right - s.left;
    const start = before ?? {
      ...(after as Stretch),
      left: right + FOLD_WIDTH,
      right: right + FOLD_WIDTH + width(after as Stretch),
    };
    const end = after ?? {
      ...(before as Stretch),
      left: a.left - FOLD_WIDTH - width(before as Stretch),
      right: a.left - FOLD_WIDTH,
    };
    stretches.push({ from, to: mix(start.to, end.to), left: mix(start.left, end.left), right: mix(start.right, end.right) });
  }
  const folds = stretches.slice(1).map((stretch, i) => {
    const prior = stretches[i] as Stretch;
    const known = [...b.folds, ...a.folds];
    return { left: prior.right, right: stretch.left, label: (i === stretches.length - 2 ? known[0] : known.at(-1))?.label ?? '' };
  });
  return { stretches, folds, left: a.left, right: a.right };
}

const ratio = (value: number, from: number, to: number): number => (to > from ? (value - from) / (to - from) : 0);
/** To a tenth of a pixel. */
export const tenth = (n: number): number => Math.round(n * 10) / 10;
