/**
 * Rails: lines with rounded bends along which slips travel. A rail runs from the near end (client or resolver) to the far
 * end (server); a place on it is a part of its length, 0 to 1, because on a rail distance is time.
 */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rail {
  /** The ends and the sharp corners between them. */
  readonly corners: readonly Point[];
  /** How far before and after each corner the bend begins and ends. */
  readonly bend: number;
  /** Length from the near end to each corner, bends taken as sharp. */
  readonly lengths: readonly number[];
}

/** The two rails of a hop, and the one that stands for both when the hop is skipped. */
export interface Track {
  readonly ask: Rail;
  readonly reply: Rail;
  readonly middle: Rail;
}

export function rail(corners: readonly Point[], bend = 14): Rail {
  let sum = 0;
  const lengths = corners.map((corner, i) => {
    const before = corners[i - 1];
    if (before) sum += Math.hypot(corner.x - before.x, corner.y - before.y);
    return sum;
  });
  return { corners, bend, lengths };
}

export const railLength = (line: Rail): number => line.lengths.at(-1) ?? 0;

/** The point at part `fraction` of the way from the near to the far end; on a bend it follows the bend. */
export function pointAt(line: Rail, fraction: number): Point {
  const { corners, lengths } = line;
  const along = Math.min(1, Math.max(0, fraction)) * railLength(line);
  for (let i = 1; i < corners.length - 1; i++) {
    const bend = bendAt(line, i);
    const distance = along - (lengths[i] as number);
    if (Math.abs(distance) >= bend) continue;
    return onBend(line, i, bend, (distance + bend) / (2 * bend));
  }
  let i = 1;
  while (i < corners.length - 1 && along > (lengths[i] as number)) i++;
  return between(corners[i - 1] as Point, corners[i] as Point, ratio(along, lengths[i - 1] as number, lengths[i] as number));
}

/** SVG path data of the part from `from` to `to` (0 to 1), the direction included. Empty when nothing is left. */
export function railPath(line: Rail, from = 0, to = 1): string {
  if (from > to) return reversed(line, to, from);
  const total = railLength(line);
  const start = from * total;
  const end = to * total;
  if (end - start < 0.01) return '';
  let path = `M${text(pointAt(line, from))}`;
  for (let i = 1; i < line.corners.length - 1; i++) {
    const bend = bendAt(line, i);
    const corner = line.lengths[i] as number;
    const enter = corner - bend;
    const leave = corner + bend;
    if (leave <= start || enter >= end) continue;
    const a = Math.max(0, (start - enter) / (2 * bend));
    const b = Math.min(1, (end - enter) / (2 * bend));
    if (a === 0) path += `L${text(onBend(line, i, bend, 0))}`;
    path += `Q${text(control(line, i, bend, a, b))} ${text(onBend(line, i, bend, b))}`;
  }
  return `${path}L${text(pointAt(line, to))}`;
}

/** The direction of travel at a place, as an angle in degrees, for the arrowheads on a rail. */
export function headingAt(line: Rail, fraction: number): number {
  const a = pointAt(line, Math.max(0, fraction - 0.01));
  const b = pointAt(line, Math.min(1, fraction + 0.01));
  return (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
}

function reversed(line: Rail, from: number, to: number): string {
  const back = rail([...line.corners].reverse(), line.bend);
  return railPath(back, 1 - to, 1 - from);
}

/** A bend never takes more than half of the shorter side next to it. */
function bendAt({ lengths, bend }: Rail, i: number): number {
  const before = (lengths[i] as number) - (lengths[i - 1] as number);
  const after = (lengths[i + 1] as number) - (lengths[i] as number);
  return Math.min(bend, before / 2, after / 2);
}

/** The point at part `t` of a bend: a quadratic curve whose control point is the corner. */
function onBend(line: Rail, i: number, bend: number, t: number): Point {
  const corner = line.corners[i] as Point;
  const enter = towards(corner, line.corners[i - 1] as Point, bend);
  const leave = towards(corner, line.corners[i + 1] as Point, bend);
  return between(between(enter, corner, t), between(corner, leave, t), t);
}

/** The control point of the part of a bend between `a` and `b` (de Casteljau). */
function control(line: Rail, i: number, bend: number, a: number, b: number): Point {
  const corner = line.corners[i] as Point;
  const enter = towards(corner, line.corners[i - 1] as Point, bend);
  const leave = towards(corner, line.corners[i + 1] as Point, bend);
  return between(between(enter, corner, a), between(corner, leave, a), b);
}

const between = (a: Point, b: Point, t: number): Point => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
const towards = (from: Point, to: Point, distance: number): Point =>
  between(from, to, distance / (Math.hypot(to.x - from.x, to.y - from.y) || 1));
const ratio = (value: number, from: number, to: number): number => (to === from ? 0 : (value - from) / (to - from));
const text = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const round = (n: number): number => Math.round(n * 100) / 100;
