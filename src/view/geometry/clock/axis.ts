/**
 * The time axis between visits: seconds, minutes or days, counted from the run's beginning. It shows as much of the run as
 * leaves the present stretch wide enough to be read, and folds away what is before and after.
 */
import { ticks } from 'd3';
import type { Instant } from '../../../base/time.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { Trace } from '../../../trace/trace.ts';
import { healthOf } from '../health/health.ts';
import { spanText } from '../span.ts';
import type { Axis, Fold, Stretch, Tick } from '../stringline/axis.ts';
import { wedgesOf } from './wedges.ts';

/** How long after a visit the axis still shows it in milliseconds; in microseconds. */
const LINGER = 1_000_000;
/** Two visits nearer to one another than this have no clock between them. */
const LEAST = 2_500_000;
/** The present stretch is at least this part of what is shown. */
const SHARE = 1 / 24;
/** Never less than so much at once. */
const NARROWEST = 5_000_000;
const FOLD = 104;

/** From and to of what is shown, in microseconds; with how much is folded away on either side. */
export interface ClockWindow {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
}

/** A window and for which instants it is the one. */
interface Shown {
  readonly since: number;
  readonly until: number;
  readonly window: ClockWindow;
}

const memory = new WeakMap<Trace, readonly Shown[]>();

/** What to show at an instant between visits, the same object as long as it is the same; undefined in a visit. */
export function clockWindowAt(trace: Trace, visits: readonly Visit[], now: number): ClockWindow | undefined {
  return shownAt(windowsOf(trace, visits), now)?.window;
}

/** The instant that stands for all those around `now` at which the same is shown, and until when it is. */
export function clockInstant(
  trace: Trace,
  visits: readonly Visit[],
  now: Instant,
): { readonly value: Instant; readonly until: number } {
  const windows = windowsOf(trace, visits);
  const here = shownAt(windows, now);
  if (here) return { value: here.since as Instant, until: here.until };
  const before = windows.findLast(({ until }) => until <= now);
  const next = windows.find(({ since }) => since > now);
  return { value: (before?.until ?? 0) as Instant, until: next?.since ?? Number.POSITIVE_INFINITY };
}

const shownAt = (windows: readonly Shown[], now: number): Shown | undefined =>
  windows.find(({ since, until }) => since <= now && now < until);

/** All windows of a run, in order. */
function windowsOf(trace: Trace, visits: readonly Visit[]): readonly Shown[] {
  const known = memory.get(trace) ?? madeFor(trace, visits);
  memory.set(trace, known);
  return known;
}

function madeFor(trace: Trace, visits: readonly Visit[]): Shown[] {
  const marks = marksOf(trace, visits);
  const shown: Shown[] = [];
  const known = (window: ClockWindow): ClockWindow =>
    shown.find((one) => JSON.stringify(one.window) === JSON.stringify(window))?.window ?? window;
  for (const { from, to } of idleStretches(visits)) {
    const inside = marks.filter((mark) => mark > from && mark < to);
    for (const [i, since] of [from, ...inside].entries())
      shown.push({ since, until: inside[i] ?? to, window: known(windowAround(trace, marks, since)) });
  }
  return shown;
}

/** When no visit is under way, nor has just ended. */
function idleStretches(visits: readonly Visit[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let ended = 0;
  let linger = 0;
  for (const { from, to } of [...visits].sort((a, b) => a.from - b.from)) {
    if (from - ended > LEAST) found.push({ from: ended + linger, to: from });
    ended = Math.max(ended, to ?? Number.POSITIVE_INFINITY);
    linger = LINGER;
  }
  return [...found, { from: ended + linger, to: Number.POSITIVE_INFINITY }];
}

/** Everything between which time may pass: visits, what is done to the world, changes of health, what is told; in order. */
function marksOf(trace: Trace, visits: readonly Visit[]): number[] {
  const { checks, news } = healthOf(trace);
  const marks = [
    0,
    trace.end,
    ...visits.map((visit) => visit.from),
    ...trace.stimuli.map((stimulus) => stimulus.at),
    ...checks.flatMap(({ statuses }) => statuses.map((status) => status.at)),
    ...news.map((one) => one.at),
  ];
  return [...new Set(marks)].sort((a, b) => a - b);
}

/** As much of the run around an instant as leaves the stretch that it lies in wide enough. */
function windowAround(trace: Trace, marks: readonly number[], now: number): ClockWindow {
  const last = marks.length - 1;
  let first = Math.max(
    0,
    marks.findLastIndex((mark) => mark <= now),
  );
  let end = Math.min(last, first + 1);
  if (first === end) first = Math.max(0, end - 1);
  const at = (i: number): number => marks[i] ?? 0;
  const base = Math.max(NARROWEST, at(end) - at(first));
  for (;;) {
    const left = first > 0 ? at(first) - at(first - 1) : Number.POSITIVE_INFINITY;
    const right = end < last ? at(end + 1) - at(end) : Number.POSITIVE_INFINITY;
    const whole = at(end) - at(first) + Math.min(left, right);
    if (!Number.isFinite(whole) || base < whole * SHARE) break;
    if (left <= right) first--;
    else end++;
  }
  const from = at(first);
  const length = Math.max(NARROWEST, at(end) - from);
  const before = first > 0 ? from : 0;
  if (end < last) return { from, to: from + length * 1.02, before, after: at(last) - at(end) };
  // What is kept after the run's end is shown to its own end where that is not far.
  const ends = wedgesOf(trace).filter(({ kind, to }) => kind !== 'delegation' && to <= from + length * 1.4);
  return { from, to: Math.max(from + length * 1.04, ...ends.map(({ to }) => to + length * 0.02)), before, after: 0 };
}

/** The axis that shows a window between two places in pixels. */
export function clockAxis({ from, to, before, after }: ClockWindow, left: number, right: number): Axis {
  const start = before > 0 ? left + FOLD : left;
  const stop = after > 0 ? right - FOLD : right;
  const folds: Fold[] = [];
  if (before > 0) folds.push({ left: left - 8, right: start, label: spanText(before) });
  if (after > 0) folds.push({ left: stop, right: right + 8, label: spanText(after) });
  return { stretches: [{ from, to, left: start, right: stop }], folds, left, right };
}

const UNITS = [
  { name: 's', micros: 1e6, upTo: 6e8 },
  { name: 'min', micros: 6e7, upTo: 1.08e10 },
  { name: 'h', micros: 3.6e9, upTo: 2.6e11 },
  { name: 'days', micros: 8.64e10, upTo: Number.POSITIVE_INFINITY },
] as const;
const HOURS = [1, 2, 3, 6, 12, 24];

/** Marks of a stretch, counted from the run's beginning, each with its unit. */
export function clockTicks({ from, to, left, right }: Stretch): Tick[] {
  const unit = UNITS.find(({ upTo }) => to - from <= upTo) ?? UNITS[3];
  const most = Math.max(2, (right - left) / 118);
  const [a, b] = [from / unit.micros, to / unit.micros];
  const step = unit.name === 'h' ? (HOURS.find((hours) => (b - a) / hours <= most) ?? 24) : undefined;
  const values =
    step === undefined
      ? ticks(a, b, most)
      : Array.from({ length: Math.floor(b / step) - Math.ceil(a / step) + 1 }, (_, i) => (Math.ceil(a / step) + i) * step);
  return values.map((value) => ({
    x: Math.round((left + ((value - a) * (right - left)) / (b - a)) * 10) / 10,
    label: `${value} ${value === 1 && unit.name === 'days' ? 'day' : unit.name}`,
  }));
}
