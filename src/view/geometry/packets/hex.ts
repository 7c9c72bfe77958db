/**
 * The octets of a message as a grid: where each stands, what is washed and underlined, and how the arrows run from
 * compression pointers to the names they repeat. Lanes for arrows lie left of the grid, between its halves and right of it.
 */
import { tenth } from '../stringline/axis.ts';
import type { Field, Pointer, Tone } from './fields.ts';

export interface HexGrid {
  /** Octets in a row: 16, or 8 where there is little room. */
  readonly columns: 8 | 16;
  readonly rows: number;
  readonly cell: number;
  readonly left: number;
  /** Between the two halves of a row. */
  readonly gap: number;
  readonly top: number;
  readonly pitch: number;
  /** Height of a cell's wash. */
  readonly tall: number;
  readonly asciiLeft: number;
  readonly asciiCell: number;
  readonly width: number;
  readonly height: number;
}

const TALL = 25;
const WIDEST = 32.5;

/** The grid of `count` octets in a box: as airy as the box allows, and higher than the box when it must be. */
export function hexGrid(count: number, width: number, height: number, pointers = 0): HexGrid {
  const columns = width >= 520 ? 16 : 8;
  const left = width >= 700 ? 72 : columns === 16 ? 50 : 56;
  const gap = columns === 16 ? (width >= 700 ? 22 : 14) : 0;
  const asciiCell = width >= 760 ? 9 : columns === 16 && width < 700 ? 6.6 : 8;
  const lane = width >= 700 ? 36 : columns === 16 ? 16 : 18;
  const room = width - left - gap - lane - columns * asciiCell - (width >= 700 ? 18 : 12);
  const cell = Math.max(19, Math.min(WIDEST, Math.floor((room / columns) * 2) / 2));
  const rows = Math.max(1, Math.ceil(count / columns));
  const top = 28;
  // Arrows run between the rows.
  const pitch = Math.max(pointers > 0 ? 36 : 30, Math.min(43, Math.floor((height - top - 8) / rows)));
  const asciiLeft = left + columns * cell + gap + lane;
  return {
    columns,
    rows,
    cell,
    left,
    gap,
    top,
    pitch,
    tall: TALL,
    asciiLeft,
    asciiCell,
    width: asciiLeft + columns * asciiCell,
    height: top + (rows - 1) * pitch + TALL + 8,
  };
}

/** The left edge of a column's cell, and the top of a row's. */
export const columnX = (grid: HexGrid, column: number): number =>
  grid.left + column * grid.cell + (grid.columns === 16 && column >= 8 ? grid.gap : 0);
export const rowY = (grid: HexGrid, row: number): number => grid.top + row * grid.pitch;

/** Rows that Page keys walk. */
const PAGE = 8;

/**
 * Where a key leads from an octet, as the ARIA Authoring Practices have it for grids (Home and End mean the row, with Control
 * all octets); it may lie outside of the grid. Undefined where the key leads nowhere.
 */
export function octetFrom({ columns }: HexGrid, count: number, at: number, key: string, whole: boolean): number | undefined {
  const row = at - (at % columns);
  const last = count - 1;
  const ways: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    Home: whole ? 0 : row,
    End: whole ? last : Math.min(last, row + columns - 1),
    PageDown: Math.min(last, at + columns * PAGE),
    PageUp: Math.max(0, at - columns * PAGE),
  };
  return ways[key];
}

/** A horizontal run of cells in one row. */
export interface Run {
  readonly tone: Tone;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The cells of the octets from `start` to `end`, row by row and half by half. */
export function runsOf(grid: HexGrid, start: number, end: number, tone: Tone): Run[] {
  const runs: Run[] = [];
  const half = grid.columns === 16 ? 8 : grid.columns;
  for (let at = start; at < end; ) {
    const row = Math.floor(at / grid.columns);
    const stop = Math.min(end, (Math.floor(at / half) + 1) * half);
    runs.push({ tone, x: columnX(grid, at % grid.columns), y: rowY(grid, row), width: (stop - at) * grid.cell });
    at = stop;
  }
  return runs;
}

/** Washes, one for each outer row of the tree, and underlines, one for each field. */
export function paint(grid: HexGrid, fields: readonly Field[]): { washes: Run[]; rules: Run[] } {
  const washes = fields.flatMap(({ start, end, tone }) => runsOf(grid, start, end, tone));
  const rules = fields
    .flatMap((field) => (field.children.length > 0 ? field.children : [field]))
    .flatMap(({ start, end, tone }) => runsOf(grid, start, end, tone))
    .map((run) => ({ ...run, x: run.x + 1.5, width: run.width - 3 }));
  return { washes, rules };
}

/** The arrow of a pointer: a line with round corners, and where its head stands. */
export interface Arrow {
  readonly pointer: Pointer;
  readonly d: string;
  readonly head: { readonly x: number; readonly y: number; readonly towards: 'right' | 'down' };
  /** Drawn at rest too; the others only while they are looked at, or the lines would hide one another. */
  readonly resting: boolean;
}

/** The triangle at an arrow's end. */
export const tipOf = ({ head: { x, y, towards } }: Arrow): string =>
  towards === 'right' ? `M${x + 1} ${y}l-8 -4v8z` : `M${x} ${y + 1}l-4 -8h8z`;

interface Bus {
  readonly target: number;
  readonly pointers: Pointer[];
  readonly side: 'left' | 'middle' | 'right';
  readonly from: number;
  readonly to: number;
  lane: number;
  resting: boolean;
}

const LANES = { left: 4, middle: 2, right: 4 } as const;
const STEP = 5;
const BEND = 5;

/**
 * One bus of lines for every name that is pointed at. A name at the beginning of a half row is entered from the lane beside it,
 * any other from above.
 */
export function arrowsOf(grid: HexGrid, pointers: readonly Pointer[]): Arrow[] {
  const buses = new Map<number, Bus>();
  for (const pointer of pointers) {
    const known = buses.get(pointer.target);
    const rows = [Math.floor(pointer.at / grid.columns), Math.floor(pointer.target / grid.columns)];
    const from = Math.min(known?.from ?? Number.POSITIVE_INFINITY, ...rows);
    const to = Math.max(known?.to ?? 0, ...rows);
    buses.set(pointer.target, {
      target: pointer.target,
      pointers: [...(known?.pointers ?? []), pointer],
      side: sideOf(grid, pointer.target),
      from,
      to,
      lane: 0,
      resting: true,
    });
  }
  const placed: Bus[] = [];
  for (const bus of [...buses.values()].sort((a, b) => b.pointers.length - a.pointers.length || a.target - b.target)) {
    const taken = placed.filter(
      (other) => other.resting && other.side === bus.side && other.from <= bus.to && bus.from <= other.to,
    );
    const free = Array.from({ length: LANES[bus.side] }, (_, lane) => lane).find(
      (lane) => !taken.some((other) => other.lane === lane),
    );
    placed.push({ ...bus, lane: free ?? 0, resting: free !== undefined });
  }
  // Names that are pointed at equally often are drawn all or none: a choice among them would mean nothing.
  for (const bus of placed)
    if (placed.some((other) => !other.resting && other.side === bus.side && other.pointers.length >= bus.pointers.length))
      bus.resting = false;
  return placed.flatMap((bus) => bus.pointers.map((pointer) => arrow(grid, bus, pointer)));
}

function sideOf(grid: HexGrid, target: number): Bus['side'] {
  const column = target % grid.columns;
  if (column === 0) return 'left';
  if (grid.columns === 8) return column < 4 ? 'left' : 'right';
  if (column === 8) return 'middle';
  return column < 4 ? 'left' : column > 11 ? 'right' : 'middle';
}

function arrow(grid: HexGrid, bus: Bus, pointer: Pointer): Arrow {
  const x = columnX(grid, pointer.at % grid.columns) + grid.cell;
  const y = rowY(grid, Math.floor(pointer.at / grid.columns));
  const column = bus.target % grid.columns;
  const row = Math.floor(bus.target / grid.columns);
  const lane = laneX(grid, bus);
  const above = y - 5 - bus.lane;
  const resting = bus.resting;
  const start: [number, number][] = [
    [x, y - 1],
    [x, above],
    [lane, above],
  ];
  if (column === 0 || (column === 8 && grid.columns === 16)) {
    const tip = { x: columnX(grid, column) - 3, y: rowY(grid, row) + grid.tall / 2 };
    return { pointer, resting, d: bent([...start, [lane, tip.y], [tip.x, tip.y]]), head: { ...tip, towards: 'right' } };
  }
  const tip = { x: columnX(grid, column) + grid.cell / 2, y: rowY(grid, row) - 2 };
  const over = tip.y - 5 - bus.lane;
  return {
    pointer,
    resting,
    d: bent([...start, [lane, over], [tip.x, over], [tip.x, tip.y]]),
    head: { ...tip, towards: 'down' },
  };
}

function laneX(grid: HexGrid, { side, lane }: Bus): number {
  if (side === 'left') return grid.left - 11 - lane * STEP;
  const right = columnX(grid, grid.columns - 1) + grid.cell;
  if (side === 'right') return right + 9 + lane * STEP;
  return columnX(grid, 8) - 8 - lane * STEP;
}

/** A line through points, level and upright by turns, its corners rounded. */
function bent(points: readonly (readonly [number, number])[]): string {
  const [first, ...rest] = points as [readonly [number, number], ...(readonly [number, number])[]];
  let d = `M${tenth(first[0])} ${tenth(first[1])}`;
  let before = first;
  for (const [i, at] of rest.entries()) {
    const next = rest[i + 1];
    if (!next) d += `L${tenth(at[0])} ${tenth(at[1])}`;
    else {
      const radius = Math.min(BEND, distance(before, at) / 2, distance(at, next) / 2);
      const enter = towards(at, before, radius);
      const leave = towards(at, next, radius);
      d += `L${tenth(enter[0])} ${tenth(enter[1])}Q${tenth(at[0])} ${tenth(at[1])} ${tenth(leave[0])} ${tenth(leave[1])}`;
    }
    before = at;
  }
  return d;
}

const distance = (a: readonly [number, number], b: readonly [number, number]): number =>
  Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
const towards = (a: readonly [number, number], b: readonly [number, number], by: number): readonly [number, number] => {
  const length = distance(a, b) || 1;
  return [a[0] + ((b[0] - a[0]) * by) / length, a[1] + ((b[1] - a[1]) * by) / length];
};
