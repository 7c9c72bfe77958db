/** The rails of a map whose zones stand to the right of the resolver. */

import { type Point, type Rail, rail, type Track } from '../map/rails.ts';
import type { Box } from './layout.ts';

/** Two rails side by side along a straight or bent line: the one that asks above or left. */
export function pair(corners: readonly Point[], apart = 5, bend = 14): Track {
  const shift = (by: number): Rail =>
    rail(
      corners.map((c) => ({ x: c.x, y: c.y + by })),
      bend,
    );
  return { ask: shift(-apart), reply: shift(apart), middle: shift(0) };
}

/** From the ring to a station: level, or on a slant of 45 degrees and then level. `reach` is the ring's outer radius. */
export function branch(hub: Point, station: Point, reach: number, apart = 5, bend = 14): Track {
  const rise = station.y - hub.y;
  if (Math.abs(rise) < 8)
    return pair(
      [
        { x: hub.x + reach, y: hub.y },
        { x: station.x, y: station.y },
      ],
      apart,
      bend,
    );
  const down = Math.sign(rise);
  const steep = Math.abs(rise) > reach;
  const start = steep
    ? { x: hub.x + reach * 0.694, y: hub.y + down * reach * 0.694 }
    : { x: hub.x + reach * 0.96, y: hub.y + down * reach * 0.06 };
  /** The rail beside the middle one: `by` below it on the level, and moved square to the slant on the slant. */
  const run = (by: number): Rail => {
    const slant = (by * Math.SQRT1_2 * 1) as number;
    const from = { x: start.x - slant * down, y: start.y + slant };
    const level = station.y + by;
    const corner = { x: from.x + Math.abs(level - from.y), y: level };
    return rail([from, corner, { x: station.x, y: level }], bend);
  };
  return { ask: run(-apart), reply: run(apart), middle: run(0) };
}

/** From the browser down and along the bottom to the web server; it never touches the ring. */
export function road(window: Box, y: number, end: number): Track {
  const bottom = window.y + window.height;
  const x = window.x + 104;
  const run = (by: number, bend: number): Rail =>
    rail(
      [
        { x: x - by, y: bottom },
        { x: x - by, y: y + by },
        { x: end, y: y + by },
      ],
      bend,
    );
  return { ask: run(3, 23), reply: run(-3, 17), middle: run(0, 20) };
}

/** A stop on a branch, `distance` pixels from the ring. */
export function alongBranch(track: Track, distance: number): Point {
  const [from, corner] = track.middle.corners as readonly [Point, Point];
  const side = Math.hypot(corner.x - from.x, corner.y - from.y) || 1;
  const part = Math.min(0.62, distance / side);
  return { x: from.x + (corner.x - from.x) * part, y: from.y + (corner.y - from.y) * part };
}
