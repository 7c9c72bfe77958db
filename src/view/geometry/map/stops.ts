/** The numbered stops on the rails. One whose place a slip covers is lifted onto the slip's edge while its step is at hand. */
import type { Layout } from '../layout/layout.ts';
import type { DrawnSlip } from '../slips/slips.ts';
import type { Point } from './rails.ts';

/** Where a stop stands: at its place, or on the edge of the slip on its way that covers it. */
export function lifted(place: Point, slips: readonly DrawnSlip[], { stopRadius: r }: Layout): Point {
  const over = slips.find((slip) => !slip.tied && covers(slip, place, r));
  if (!over) return place;
  const { shape, turn, y, hop } = over;
  if (turn !== 0) {
    const off = shape.height / 2 + r + 3;
    const angle = (turn * Math.PI) / 180;
    return { x: place.x + Math.sin(angle) * off, y: place.y - Math.cos(angle) * off };
  }
  // Above the slip, except beside the resolver's name, where there is room below.
  return { x: place.x, y: hop === 'stub' ? y + shape.top + shape.height + r + 5 : y + shape.top - r - 5 };
}

/** Whether something lost lies over a place. */
export const lostOver = (place: Point, slips: readonly DrawnSlip[]): boolean =>
  slips.some((slip) => slip.tied?.crossed && covers(slip, place, 0));

/** Whether what is seen of a slip reaches into a circle of radius `r`. */
function covers({ shape, turn, cuts, ...slip }: DrawnSlip, { x, y }: Point, r: number): boolean {
  if (turn !== 0) {
    const angle = (turn * Math.PI) / 180;
    const behind = (slip.x - x) * Math.cos(angle) + (slip.y - y) * Math.sin(angle);
    const beside = (slip.x - x) * Math.sin(angle) - (slip.y - y) * Math.cos(angle);
    return behind > -r && behind < shape.width + r && Math.abs(beside) < shape.height / 2 + r;
  }
  const cut = (angle: number): number | undefined => cuts.find((c) => c.angle === angle)?.[Math.abs(angle) === 90 ? 'y' : 'x'];
  const left = Math.max(slip.x + shape.left, cut(0) ?? Number.NEGATIVE_INFINITY);
  const right = Math.min(slip.x + shape.left + shape.width, cut(180) ?? Number.POSITIVE_INFINITY);
  const top = Math.max(slip.y + shape.top, cut(90) ?? Number.NEGATIVE_INFINITY);
  return x + r > left && x - r < right && y + r > top && y - r < slip.y + shape.top + shape.height;
}
