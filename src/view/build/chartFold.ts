/**
 * A long chart in lines, as text is set: it is cut where no box stands, the pieces lie under one another, and an arrow that a
 * cut goes through runs out on the right, back between the two lines, and in again on the left.
 */
import type { ChartLayout } from '../geometry/statecharts/chart.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A stretch of an arrow within one line of the chart. */
interface Piece {
  readonly line: number;
  readonly points: readonly Point[];
}

/** Between two lanes, and between a lane and what it passes. */
const LANE = 9;
const CLEAR = 12;
const MARGIN = 12;
/** What stands farther apart than this in height moves closer. */
const GAP = 22;

/** Every way to fold a layout into two or three lines. */
export function folds(layout: ChartLayout): ChartLayout[] {
  const cuts = freeColumns(layout);
  const single = cuts.map((cut) => [cut]);
  const double = cuts.flatMap((first, i) => cuts.slice(i + 1).map((second) => [first, second]));
  return [...single, ...double].map((one) => folded(layout, one));
}

/** The middles of the upright gaps that no box, no frame and no upright stretch of an arrow stands in. */
function freeColumns({ boxes, arrows }: ChartLayout): number[] {
  const spans = Object.values(boxes)
    .map(([x, , width]) => ({ from: x, to: x + width }))
    .sort((a, b) => a.from - b.from);
  const uprights = Object.values(arrows).flatMap((corners) => pointsOf(corners).map(({ x }) => x));
  const found: number[] = [];
  let reached = spans[0]?.to ?? 0;
  for (const { from, to } of spans) {
    if (from > reached) {
      const lanes = [reached, ...uprights.filter((x) => x > reached && x < from), from].sort((a, b) => a - b);
      const widest = lanes.slice(1).map((x, i) => ({ x: (x + (lanes[i] as number)) / 2, width: x - (lanes[i] as number) }));
      const best = widest.reduce((a, b) => (b.width > a.width ? b : a));
      // Between two whole pixels, so that no corner lies on it.
      if (best.width >= 2) found.push(Math.floor(best.x) + 0.5);
    }
    reached = Math.max(reached, to);
  }
  return found;
}

/** A layout cut at these places, from left to right. */
function folded(layout: ChartLayout, cuts: readonly number[]): ChartLayout {
  const lineOf = (x: number): number => cuts.filter((cut) => cut < x).length;
  const arrows = Object.entries(layout.arrows).map(([id, corners]) => ({
    id,
    pieces: piecesOf(pointsOf(corners), cuts, lineOf),
  }));
  const pieces = arrows.flatMap((arrow) => arrow.pieces);
  const boxes = Object.entries(layout.boxes).map(([id, [x, y, width, height]]) => ({ id, x, y, width, height, line: lineOf(x) }));
  /** The heights at which arrows go through each cut; those at one height are one line and stay one. */
  const through = cuts.map((cut) =>
    [...new Set(pieces.flatMap(({ points }) => points.filter(({ x }) => x === cut).map(({ y }) => y)))].sort((a, b) => a - b),
  );

  let top = MARGIN;
  const lines = Array.from({ length: cuts.length + 1 }, (_, line) => {
    const own = boxes.filter((box) => box.line === line);
    const corners = pieces.filter((piece) => piece.line === line).flatMap(({ points }) => points);
    const inside = corners.filter(({ x }) => !cuts.includes(x));
    const before = through[line - 1] ?? [];
    const after = through[line] ?? [];
    if (line > 0) top += before.length * LANE + CLEAR;
    const height = closer([
      ...own.map(({ y, height: h }) => ({ from: y, to: y + h })),
      ...corners.map(({ y }) => ({ from: y, to: y })),
    ]);
    const left = Math.min(...own.map(({ x }) => x), ...inside.map(({ x }) => x));
    const right = Math.max(...own.map(({ x, width }) => x + width), ...inside.map(({ x }) => x));
    const shift = MARGIN - left + (line > 0 ? before.length * LANE + CLEAR : 0);
    const [y0, y1] = [top, top + height.total];
    top = y1 + CLEAR;
    return {
      y: (y: number) => y0 + height.of(y),
      x: (x: number) => x + shift,
      left: left + shift,
      right: right + shift,
      bottom: y1,
      lanes: after.length,
    };
  });

  /** From the right end of a line to the left end of the next: outermost, lowest and innermost is what leaves first. */
  const over = (cut: number, y: number): Point[] => {
    const [above, below] = [lines[cut], lines[cut + 1]];
    const order = through[cut]?.indexOf(y) ?? 0;
    if (!above || !below) return [];
    const back = above.lanes - 1 - order;
    const [right, left] = [above.right + CLEAR + back * LANE, below.left - CLEAR - order * LANE];
    const between = above.bottom + CLEAR + back * LANE;
    return [
      { x: right, y: above.y(y) },
      { x: right, y: between },
      { x: left, y: between },
      { x: left, y: below.y(y) },
    ];
  };

  const placed = arrows.map(({ id, pieces: parts }): [string, number[]] => {
    const points = parts.flatMap((part, i): Point[] => {
      const line = lines[part.line];
      const here = part.points
        .filter(({ x }) => !cuts.includes(x))
        .map(({ x, y }) => ({ x: line?.x(x) ?? x, y: line?.y(y) ?? y }));
      const next = parts[i + 1];
      if (!next) return here;
      const edge = part.points.at(-1) as Point;
      const turn = over(Math.min(part.line, next.line), edge.y);
      return [...here, ...(next.line > part.line ? turn : turn.reverse())];
    });
    return [id, straightened(points)];
  });
  return {
    ...layout,
    width: Math.ceil(Math.max(...lines.map(({ right, lanes }) => right + (lanes > 0 ? CLEAR + (lanes - 1) * LANE : 0))) + MARGIN),
    height: Math.ceil((lines.at(-1)?.bottom ?? 0) + MARGIN),
    boxes: Object.fromEntries(
      boxes.map(({ id, x, y, width, height, line }) => [
        id,
        [lines[line]?.x(x) ?? x, lines[line]?.y(y) ?? y, width, height] as const,
      ]),
    ),
    arrows: Object.fromEntries(placed),
  };
}

/** An arrow in pieces, each within one line; where a cut goes through, one ends and the next begins. */
function piecesOf(points: readonly Point[], cuts: readonly number[], lineOf: (x: number) => number): Piece[] {
  const pieces: Piece[] = [];
  let current: Point[] = [];
  points.forEach((point, i) => {
    const before = points[i - 1];
    const crossed = before ? cuts.filter((cut) => cut > Math.min(before.x, point.x) && cut < Math.max(before.x, point.x)) : [];
    if (before && point.x < before.x) crossed.reverse();
    for (const x of crossed) {
      const edge = { x, y: point.y };
      const from = current.find((one) => !cuts.includes(one.x)) ?? current[0] ?? edge;
      pieces.push({ line: lineBetween(from.x, x, cuts, lineOf), points: [...current, edge] });
      current = [edge];
    }
    current.push(point);
  });
  const last = current.at(-1);
  return last ? [...pieces, { line: lineOf(last.x), points: current }] : pieces;
}

/** The line that lies between a point and a cut, or between two cuts. */
const lineBetween = (from: number, to: number, cuts: readonly number[], lineOf: (x: number) => number): number =>
  cuts.includes(from) ? lineOf((from + to) / 2) : lineOf(from);

/** Heights with the empty stretches between them shortened; what overlaps keeps its distances. */
function closer(occupied: readonly { readonly from: number; readonly to: number }[]): {
  of: (y: number) => number;
  total: number;
} {
  const bands: { from: number; to: number; at: number }[] = [];
  for (const { from, to } of [...occupied].sort((a, b) => a.from - b.from)) {
    const last = bands.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else bands.push({ from, to, at: last ? last.at + last.to - last.from + Math.min(GAP, from - last.to) : 0 });
  }
  const last = bands.at(-1);
  return {
    of: (y) => {
      const band = bands.findLast(({ from }) => from <= y);
      return band ? band.at + y - band.from : 0;
    },
    total: last ? last.at + last.to - last.from : 0,
  };
}

const pointsOf = (corners: readonly number[]): Point[] =>
  Array.from({ length: corners.length / 2 }, (_, i) => ({ x: corners[i * 2] ?? 0, y: corners[i * 2 + 1] ?? 0 }));

/** Without the points in the middle of a straight stretch. */
function straightened(points: readonly Point[]): number[] {
  return points
    .filter((point, i) => {
      const [before, after] = [points[i - 1], points[i + 1]];
      return (
        !before || !after || !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y))
      );
    })
    .flatMap(({ x, y }) => [x, y]);
}
