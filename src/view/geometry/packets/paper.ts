/**
 * A packet on a sheet of paper: every octet and as many fields as there is room for, since paper neither scrolls nor unfolds.
 * Lengths are CSS pixels on what is free of A4 and of Letter, lying.
 */
import { type Field, type Pointer, shownFields } from './fields.ts';
import { type Arrow, arrowsOf, columnX, type HexGrid, paint, type Run, rowY } from './hex.ts';

/** Height of the octets and of the fields, under the sheet's head. */
const ROOM = 592;
/** Height of a line of the fields, and how many there are beside the remark below them. */
export const LINE = 12;
const LINES = 45;
/** A bit row stands as high as two lines. */
const BITS = 2;

/** The least height of a row of octets that can still be read: its digits have 6 pt. */
const LEAST = 8.9;
const MOST = 30;
/** Rows must stand so far apart that arrows can run between them. */
const AIRY = 21;

interface Block {
  /** Its rows, from the first to before the last. */
  readonly from: number;
  readonly to: number;
  /** How far it is moved to stand beside the one before. */
  readonly dx: number;
  readonly dy: number;
}

interface PaperOctets {
  readonly grid: HexGrid;
  /** Size of the digits; what can be read as text stands beside them in one block only. */
  readonly size: number;
  readonly blocks: readonly Block[];
  readonly washes: readonly Run[];
  readonly rules: readonly Run[];
  readonly arrows: readonly Arrow[];
  readonly width: number;
  /** Octets for which not even two blocks have room. */
  readonly left: number;
}

/** All octets in one block, or in two side by side without their text. */
export function paperOctets(count: number, fields: readonly Field[], pointers: readonly Pointer[]): PaperOctets {
  const all = Math.max(1, Math.ceil(count / 16));
  const room = Math.floor((ROOM - HEAD) / LEAST);
  const beside = all > room ? 2 : 1;
  const rows = Math.min(all, room * beside);
  const high = Math.ceil(rows / beside);
  const pitch = Math.min(MOST, Math.floor(((ROOM - HEAD) / high) * 10) / 10);
  const airy = pitch >= AIRY;
  const size = beside === 2 ? 8 : Math.min(11, Math.max(8.4, pitch - 2));
  const cell = beside === 2 ? 12.5 : Math.min(20, size * 1.82);
  const left = beside === 2 ? 26 : airy ? 50 : 36;
  const gap = cell / 2;
  const lane = 16;
  const asciiCell = size * 0.58;
  const asciiLeft = left + 16 * cell + gap + lane;
  const width = beside === 2 ? asciiLeft : asciiLeft + 16 * asciiCell;
  const grid: HexGrid = {
    columns: 16,
    rows,
    cell,
    left,
    gap,
    top: HEAD,
    pitch,
    tall: airy ? Math.min(17, pitch - 8) : pitch - 1,
    asciiLeft,
    asciiCell,
    width,
    height: HEAD + high * pitch,
  };
  const { washes, rules } = paint(grid, fields);
  const shown = ({ y }: Run): boolean => y < rowY(grid, rows) - pitch / 2;
  return {
    grid,
    size,
    blocks: Array.from({ length: beside }, (_, i) => ({
      from: i * high,
      to: Math.min(rows, (i + 1) * high),
      dx: i * (width + 4),
      dy: -i * high * pitch,
    })),
    washes: washes.filter(shown),
    rules: rules.filter(shown),
    arrows: airy ? arrowsOf(grid, pointers).filter(({ resting }) => resting) : [],
    width: beside * (width + 4) - 4,
    left: Math.max(0, count - rows * 16),
  };
}

/** Above the rows: the columns' numbers. */
const HEAD = 16;

/** The middle of an octet's cell. */
export const middleX = (grid: HexGrid, column: number): number => columnX(grid, column) + grid.cell / 2;

/**
 * The rows of the tree that are printed: those that show on the screen if there is room, then what is still folded, record by
 * record. `left` counts the records that have no line of their own.
 */
export function paperFields(fields: readonly Field[], open: ReadonlySet<string>): { rows: readonly Field[]; left: number } {
  let unfolded: ReadonlySet<string> = high(shownFields(fields, open)) <= LINES ? open : new Set();
  for (const { id } of fields) {
    const more = new Set([...unfolded, id]);
    if (high(shownFields(fields, more)) <= LINES) unfolded = more;
  }
  const rows = shownFields(fields, unfolded);
  const cut = fields.length > LINES ? LINES - 1 : rows.length;
  return { rows: rows.slice(0, cut), left: fields.length > LINES ? fields.length - cut : 0 };
}

/** Whether the bits of a field are drawn one by one. */
export const hasBits = ({ depth, bits }: Field): boolean => depth > 1 && bits.length > 2;

const high = (rows: readonly Field[]): number => rows.reduce((sum, row) => sum + 1 + (hasBits(row) ? BITS : 0), 0);
