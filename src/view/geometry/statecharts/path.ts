/** How an arrow of a statechart is drawn: from corner to corner, each corner rounded. */

/** The most that a corner is rounded, and how far before its end the line stops, under the arrow's head; in pixels. */
const RADIUS = 7;
const SHORT = 2;

type Point = readonly [x: number, y: number];

/** The path along some corners, given as x and y in turns, all at right angles; empty where there are fewer than two. */
export function roundedPath(corners: readonly number[]): string {
  const points = Array.from({ length: corners.length / 2 }, (_, i): Point => [corners[i * 2] ?? 0, corners[i * 2 + 1] ?? 0]);
  const [first] = points;
  const [tail, last] = points.slice(-2);
  if (!first || !tail || !last) return '';
  let d = `M${first.join(' ')}`;
  for (const [i, at] of points.slice(1, -1).entries()) {
    const [before, after] = [points[i] as Point, points[i + 2] as Point];
    const radius = Math.min(RADIUS, apart(before, at) / 2, apart(at, after) / 2);
    d += `L${along(at, before, radius)}Q${at.join(' ')} ${along(at, after, radius)}`;
  }
  return `${d}L${along(last, tail, SHORT)}`;
}

const apart = (a: Point, b: Point): number => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);

/** The place so many pixels from `a` towards `b`. */
function along(a: Point, b: Point, by: number): string {
  const length = apart(a, b) || 1;
  return `${a[0] + ((b[0] - a[0]) * by) / length} ${a[1] + ((b[1] - a[1]) * by) / length}`;
}
