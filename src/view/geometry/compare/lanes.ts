/**
 * Two visits, one under the other on one axis, both from the same zero: what only one of them has, which events of both belong
 * together, and what each step took.
 */
import type { Instant } from '../../../base/time.ts';
import { ROOT } from '../../../dns/name.ts';
import { sceneAt } from '../../../trace/scene.ts';
import type { Pass, StepNumber, Visit } from '../../../trace/steps.ts';
import type { PacketRecord, Trace } from '../../../trace/trace.ts';
import { castOf } from '../cast.ts';
import { type StepNames, stepNames } from '../stepNames.ts';
import { type Axis, xOf } from '../stringline/axis.ts';
import { type ChartRow, type RowPlan, rowsOf } from '../stringline/rows.ts';
import { fitting } from '../stringline/signs.ts';
import { type Busy, busyOf, type Stroke, strokeOf } from '../stringline/strokes.ts';

/** A stretch of a visit that was for one pass of one step; microseconds since the visit began. */
export interface Segment {
  readonly step: StepNumber;
  readonly from: number;
  readonly to: number;
  /** Whether the other visit has no such pass. */
  readonly only: boolean;
}

/** One of the two, as it is drawn. Places in pixels. */
export interface Lane {
  readonly visit: Visit;
  readonly axis: Axis;
  readonly rows: readonly ChartRow[];
  readonly strokes: readonly Stroke[];
  readonly busy: readonly Busy[];
  readonly segments: readonly Segment[];
  readonly signs: readonly LaneSign[];
  /** Steps that were not needed, each on the row that stayed silent. */
  readonly skipped: readonly { readonly step: StepNumber; readonly x: number; readonly y: number }[];
  /** What the other visit does not have. */
  readonly washes: readonly { readonly left: number; readonly right: number }[];
  /** Microseconds from its beginning to the client's DNS answer, and to its end; absent where the run ended before. */
  readonly answered?: number;
  readonly ended?: number;
  readonly names: StepNames;
}

/** A step above its stretch of time; its number and words only where there is room. */
export interface LaneSign {
  readonly step: StepNumber | undefined;
  readonly words: string;
  readonly left: number;
  readonly right: number;
}

/** Where rows lie, and how much larger than on a desk the type is. */
export interface LanePlan extends RowPlan {
  readonly type: number;
}

export type Lanes = readonly [Lane, Lane];

/** What the axis is longer than the longer visit, so that its end does not touch the edge. */
const REST = 1.012;

/** Both visits between two places in pixels, to one scale. */
export function lanesOf(trace: Trace, visits: readonly [Visit, Visit], left: number, right: number, plan: LanePlan): Lanes {
  const [a, b] = visits;
  const length = Math.max(lengthOf(trace, a), lengthOf(trace, b)) * REST;
  const passes = visits.map(passesOf) as [NamedPass[], NamedPass[]];
  const lane = (visit: Visit, own: readonly NamedPass[], other: readonly NamedPass[]): Lane =>
    laneOf(trace, visit, segmentsOf(trace, visit, own, other), { from: visit.from, to: visit.from + length, left, right }, plan);
  return [lane(a, passes[0], passes[1]), lane(b, passes[1], passes[0])];
}

/** How much of a visit is shown, in microseconds. */
const lengthOf = (trace: Trace, visit: Visit): number => Math.max(1_000, (visit.to ?? trace.end) - visit.from);

interface NamedPass {
  readonly step: StepNumber;
  readonly pass: Pass;
  /** The same in both visits, when they do the same: the step, what it is for, and the how-manieth of these it is. */
  readonly id: string;
}

function passesOf(visit: Visit): NamedPass[] {
  const all = visit.steps
    .flatMap((step) => step.passes.map((pass) => ({ step: step.number, pass })))
    .sort((a, b) => a.pass.from - b.pass.from || a.step - b.step);
  const counts = new Map<string, number>();
  return all.map(({ step, pass }) => {
    const kind = `${step} ${pass.purpose}`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return { step, pass, id: `${kind} ${count}` };
  });
}

/** Each pass lasts until the next begins, so that all of the visit is accounted for and nothing twice. */
function segmentsOf(trace: Trace, visit: Visit, own: readonly NamedPass[], other: readonly NamedPass[]): Segment[] {
  const end = visit.to ?? trace.end;
  return own.flatMap(({ step, pass, id }, i) => {
    const next = own[i + 1]?.pass.from ?? end;
    if (next <= pass.from) return [];
    // What a program does before it asks belongs to its asking.
    const from = i === 0 ? visit.from : pass.from;
    return [{ step, from: from - visit.from, to: next - visit.from, only: !other.some((one) => one.id === id) }];
  });
}

function laneOf(
  trace: Trace,
  visit: Visit,
  segments: readonly Segment[],
  stretch: Axis['stretches'][number],
  plan: LanePlan,
): Lane {
  const { left, right } = stretch;
  const axis: Axis = { stretches: [stretch], folds: [], left, right };
  const packets = packetsOf(trace, visit);
  const rows = rowsOf(trace, [visit], packets, plan);
  const y = new Map(rows.map((row) => [row.id, row.y]));
  const strokes = packets.flatMap((packet) => strokeOf(trace, packet, axis, y) ?? []);
  const scene = sceneAt(trace, {
    at: visit.to ?? trace.end,
    ...(visit.endTurn === undefined ? {} : { turn: visit.endTurn }),
  });
  const cast = castOf(trace, visit, visit.name ?? ROOT);
  const names = stepNames({ ...scene, visit }, cast);
  // An address that the browser itself had is known when it goes there.
  const known = visit.addressAt ?? visit.steps[7]?.passes[0]?.from;
  const place = (micros: number): number => xOf(axis, visit.from + micros);
  const rowOf = (step: StepNumber): number | undefined => {
    const zone = step >= 3 && step <= 5 ? cast.zones[step - 3]?.zone : undefined;
    return zone === undefined ? undefined : y.get(`zone ${zone}`);
  };
  return {
    visit,
    axis,
    rows,
    strokes,
    busy: busyOf(trace, [visit], strokes, axis, y).filter(({ x2 }) => x2 <= right),
    segments,
    names,
    signs: signsOf(segments, names, place, plan.type),
    skipped: visit.steps.flatMap(({ number, outcome, passes }) => {
      const at = outcome === 'skipped' && passes.length === 0 ? rowOf(number) : undefined;
      return at === undefined ? [] : [{ step: number, x: left + 7, y: at }];
    }),
    washes: joined(segments.filter(({ only, step }) => only && step <= 7)).map(({ from, to }) => ({
      left: place(from),
      right: place(to),
    })),
    ...(known === undefined ? {} : { answered: known - visit.from }),
    ...(visit.to === undefined ? {} : { ended: visit.to - visit.from }),
  };
}

/** Pixels that a number needs for itself. */
const NUMBER = 11;

function signsOf(segments: readonly Segment[], names: StepNames, place: (micros: number) => number, type: number): LaneSign[] {
  let free = Number.NEGATIVE_INFINITY;
  return segments.flatMap(({ step, from, to }): LaneSign[] => {
    const [left, right] = [place(from) + 1, place(to) - 1];
    if (right - left < 3) return [];
    if (left < free) return [{ step: undefined, words: '', left, right }];
    free = left + NUMBER * type;
    return [{ step, left, right, words: fitting(names.full(step), (right - left - 8) / type) }];
  });
}

/** The packets of a visit's own steps: at the same instant somebody else may be visiting, too. */
function packetsOf(trace: Trace, visit: Visit): PacketRecord[] {
  const ids = new Set<number>();
  for (const { passes } of visit.steps)
    for (const { messages, packets } of passes) {
      for (const message of messages) for (const packet of trace.messages[message]?.packets ?? []) ids.add(packet);
      for (const packet of packets) ids.add(packet);
    }
  return trace.packets.filter(({ id }) => ids.has(id));
}

/** Stretches that follow one another, as one. */
function joined(segments: readonly Segment[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of segments) {
    const last = found.at(-1);
    if (last && last.to === from) last.to = to;
    else found.push({ from, to });
  }
  return found;
}

/** The same event in both visits, joined by a thread. Places in pixels. */
export interface Thread {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly x: number;
  /** The one that matters is in ink. */
  readonly strong: boolean;
}

/** What became of the first visit's longest detour, of the answer and of the page. */
export function threadsOf(
  [a, b]: Lanes,
  said: (micros: number) => string,
  width: (text: string, strong: boolean) => number,
): Thread[] {
  const x = ({ axis, visit }: Lane, micros: number): number => xOf(axis, visit.from + micros);
  const found: Omit<Thread, 'x'>[] = [];
  const add = (what: string, from: number | undefined, to: number | undefined, strong: boolean): void => {
    if (from !== undefined && to !== undefined)
      found.push({ from: x(a, from), to: x(b, to), text: `${what}, ${sooner(from - to, said)}`, strong });
  };
  add(`the ${goalOf(a.visit, b.visit)}`, a.answered, b.answered, true);
  if (a.visit.conclusion?.kind === 'page' && b.visit.conclusion?.kind === 'page') add('the page', a.ended, b.ended, false);
  return placed(found, a.axis, width);
}

function sooner(micros: number, said: (micros: number) => string): string {
  if (Math.abs(micros) < 100) return 'at the same time';
  return `${said(Math.abs(micros))} ${micros > 0 ? 'sooner' : 'later'}`;
}

/** Words stand in the middle of their thread, and those that matter first: another makes way, or is left out. */
function placed(threads: readonly Omit<Thread, 'x'>[], axis: Axis, width: (text: string, strong: boolean) => number): Thread[] {
  const taken: { from: number; to: number }[] = [];
  return threads.map((thread) => {
    const wide = width(thread.text, thread.strong) + 16;
    const most = axis.right + 6 - wide / 2;
    const x = [0.5, 0.75, 0.25, 1]
      .map((part) => thread.from + (thread.to - thread.from) * part)
      .map((one) => Math.max(axis.left + wide / 2, Math.min(most, one)))
      .find((one) => taken.every(({ from, to }) => one + wide / 2 < from || one - wide / 2 > to));
    if (x === undefined) return { ...thread, text: '', x: thread.from };
    taken.push({ from: x - wide / 2, to: x + wide / 2 });
    return { ...thread, x };
  });
}

/** Where the first visit went round and the second did not: its place in the first, and the one point of the second it became. */
export function shortcutOf([a, b]: Lanes): { from: number; to: number; at: number; micros: number } | undefined {
  const detours = joined(a.segments.filter(({ only, step }) => only && step <= 7));
  const longest = detours.sort((one, other) => other.to - other.from - (one.to - one.from))[0];
  const next = longest && a.segments.find(({ from, only }) => from >= longest.to && !only);
  const same = next && b.segments.find(({ step }) => step === next.step);
  if (!longest || !same) return undefined;
  return {
    from: xOf(a.axis, a.visit.from + longest.from),
    to: xOf(a.axis, a.visit.from + longest.to),
    at: xOf(b.axis, b.visit.from + same.from),
    micros: longest.to - longest.from,
  };
}

/** Where the playhead stands in a lane, in pixels; undefined while it is not in this visit's time. */
export function nowIn({ visit, axis, ended }: Lane, now: Instant, next: Instant | undefined): number | undefined {
  if (now < visit.from || (next !== undefined && now >= next)) return undefined;
  return xOf(axis, Math.min(now, visit.from + (ended ?? Number.POSITIVE_INFINITY)));
}

/** What a pair of visits is after. */
export const goalOf = (a: Visit, b: Visit): 'address' | 'answer' =>
  a.conclusion?.kind === 'page' && b.conclusion?.kind === 'page' ? 'address' : 'answer';
