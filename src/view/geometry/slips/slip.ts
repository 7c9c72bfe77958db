/**
 * The silhouette of a slip and where its lines stand. The origin is the slip's point, which marks its exact place; the body
 * trails behind it.
 */
import { shortened, textWidth } from '../measure.ts';
import type { SlipRow, SlipText } from './text.ts';

/** The side on which the point is: where the slip is heading. */
export type Heading = 'right' | 'left' | 'up' | 'down';

/** How much is written and how large: beside the other things on the map, where little height is left, on a phone, on a wall. */
export type SlipSize = 'full' | 'tight' | 'small' | 'medium' | 'large';

export interface SlipLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight: number;
  readonly mono: boolean;
  readonly tone: 'plain' | 'soft' | 'head';
  readonly anchor: 'start' | 'end';
  readonly dot?: { readonly x: number; readonly y: number; readonly r: number; readonly filled: boolean };
}

export interface SlipShape {
  /** The extent of the whole slip, its point included, relative to the point. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly outline: string;
  /** The coloured head of a referral. */
  readonly head?: string;
  /** The second outline of HTTP. */
  readonly inner?: string;
  readonly lines: readonly SlipLine[];
  readonly seal?: { readonly x: number; readonly y: number; readonly r: number };
  readonly cross?: { readonly x: number; readonly y: number; readonly r: number };
  readonly rule?: string;
}

interface Measures {
  readonly pad: number;
  readonly point: number;
  readonly line: number;
  readonly text: number;
  readonly mono: number;
  readonly value: number;
  readonly head: number;
  readonly least: number;
}

const MEASURES: Readonly<Record<SlipSize, Measures>> = {
  full: { pad: 10, point: 12, line: 16, text: 12, mono: 11.5, value: 12, head: 22, least: 120 },
  tight: { pad: 8, point: 12, line: 15, text: 12, mono: 11.5, value: 12, head: 22, least: 120 },
  small: { pad: 9, point: 12, line: 15, text: 12, mono: 11.5, value: 12, head: 18, least: 60 },
  medium: { pad: 12, point: 22, line: 36, text: 28, mono: 27, value: 27, head: 42, least: 120 },
  large: { pad: 14, point: 26, line: 38, text: 28, mono: 27, value: 34, head: 42, least: 160 },
};

/**
 * Sets the text of a slip. `shift` moves the body's middle away from the point's line (across the heading), so that a slip
 * near an edge stays inside; `most` is the greatest width of the body.
 */
export function slipShape(
  text: SlipText,
  heading: Heading,
  size: SlipSize,
  options: { shift?: number; most?: number } = {},
): SlipShape {
  const banded = text.kind === 'referral' && size !== 'small';
  // The slanted side of a referral leaves room of its own, so its text stands nearer to the edge.
  const m = banded ? { ...MEASURES[size], pad: MEASURES[size].pad * 0.5 } : MEASURES[size];
  const rows = chosen(text, size);
  const width = bodyWidth(text, rows, m, options.most ?? 260);
  const single = rows.length === 1 && text.kind !== 'http';
  const ruled = text.kind === 'negative' && size === 'full' && rows.length > 2;
  const block = rows.reduce((sum, row) => sum + lineHeight(row, m), ruled ? 6 : 0);
  const height = Math.round(
    single ? m.line + 14 * (m.text > 20 ? 2 : 1) : block + (banded ? m.head - m.line + m.pad * 3 : m.pad * 1.7),
  );
  const shift = options.shift ?? 0;
  const body = bodyBox(heading, width, height, m.point, shift);
  const lines: SlipLine[] = [];
  let y = body.y + (single ? height / 2 + m.value * 0.35 - m.line : m.pad * 0.85 - m.line + m.text * 0.95);
  if (banded) y = body.y + m.head / 2 + m.text * 0.36 - m.line;
  rows.forEach((row, i) => {
    y += (i === 1 && banded ? m.head - m.head / 2 + m.line * 0.72 : lineHeight(row, m)) + (i === 2 && ruled ? 6 : 0);
    lines.push(lineOf(row, i, banded, body.x + m.pad, y, width, text, m));
  });
  const top = body.y + (banded ? m.head / 2 : m.pad * 0.85 + m.text * 0.6);
  const mark = text.sealed || text.crossed ? m.text * 0.5 : 0;
  const right = body.x + width - m.pad - mark;
  if (text.corner && !single && (size === 'full' || text.kind === 'http')) {
    const x = body.x + width - (banded ? m.pad * 2.4 : m.pad) - (mark && !banded ? mark * 2 + 6 : 0);
    lines.push({
      text: text.corner,
      x,
      y: (lines[0] as SlipLine).y,
      size: m.text < 20 ? m.mono - 0.5 : m.mono,
      weight: 400,
      mono: true,
      tone: banded ? 'head' : 'plain',
      anchor: 'end',
    });
  }
  const sealAt = text.crossed ? { x: right, y: body.y + height - m.pad - mark } : { x: right, y: top };
  return {
    ...extent(body, heading, m.point),
    outline: outline(text.kind, heading, body, m.point),
    ...(banded ? { head: band(heading, body, m) } : {}),
    ...(text.kind === 'http' ? { inner: outline('inner', heading, inset(body), m.point * 0.7) } : {}),
    lines,
    ...(text.sealed && !banded ? { seal: { ...sealAt, r: mark } } : {}),
    ...(text.crossed ? { cross: { x: right, y: top, r: m.text * 0.38 } } : {}),
    ...(ruled ? { rule: `M${n(body.x + m.pad)} ${n((lines[1] as SlipLine).y + 7)}h${n(width - m.pad * 2)}` } : {}),
  };
}

/** A small flag for a packet that carries no message: SYN, ACK. */
export function segmentShape(label: string, heading: Heading, size: SlipSize): SlipShape {
  const m = MEASURES[size];
  const type = m.text - 1;
  const width = Math.round(textWidth(label, type) + m.pad * 1.4);
  const height = Math.round(m.line + 4);
  const body = bodyBox(heading, width, height, m.point * 0.6, 0);
  return {
    ...extent(body, heading, m.point * 0.6),
    outline: outline('query', heading, body, m.point * 0.6),
    lines: [
      {
        text: label,
        x: body.x + m.pad * 0.7,
        y: body.y + height / 2 + type * 0.36,
        size: type,
        weight: 500,
        mono: false,
        tone: 'plain',
        anchor: 'start',
      },
    ],
  };
}

interface Body {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function chosen(text: SlipText, size: SlipSize): readonly SlipRow[] {
  if (size === 'full' || size === 'tight') return text.rows;
  const title = text.rows.find((row) => row.role === 'title' || (text.kind === 'http' && row.role === 'value'));
  const question = text.rows.find((row) => row.role === 'question' || row.role === 'value') as SlipRow;
  if (text.kind === 'query') return [question];
  const value = text.rows.find((row) => row.role === 'value');
  const note = text.rows.findLast((row) => row.role === 'note' || row.role === 'strong');
  const names = text.rows.filter((row) => row.role === 'name');
  const rest =
    text.kind === 'referral'
      ? size === 'small'
        ? names.slice(0, 1)
        : names
      : [value !== title ? value : undefined, note !== title ? note : undefined];
  // "Referral, not an answer" is too much for a small one.
  const head = title && size === 'small' ? { ...title, text: title.text.split(/[,:]/)[0] ?? title.text } : title;
  const kept = [head, ...rest].filter((row): row is SlipRow => row !== undefined);
  return size === 'small' ? kept.slice(0, 2) : kept.slice(0, 5);
}

const sizeOf = (row: SlipRow, m: Measures): number =>
  row.role === 'value' ? m.value : row.role === 'question' || row.role === 'name' ? m.mono : m.text;
const isMono = (row: SlipRow): boolean => row.role === 'question' || row.role === 'value' || row.role === 'name';
const lineHeight = (row: SlipRow, m: Measures): number =>
  row.role === 'name'
    ? m.line - 1
    : row.role === 'value' && m.value > m.text
      ? m.line + 2
      : row.role === 'question'
        ? m.line + 2
        : m.line;

function bodyWidth(text: SlipText, rows: readonly SlipRow[], m: Measures, most: number): number {
  const cornerWidth = text.corner && (m.text < 20 || text.kind === 'http') ? textWidth(text.corner, m.mono, 'mono') + 14 : 0;
  const mark = text.sealed || text.crossed ? m.text + 8 : 0;
  const widest = Math.max(
    ...rows.map((row, i) => {
      const indent = row.role === 'name' ? 13 * (m.text / 12) : 0;
      return (
        textWidth(row.text, sizeOf(row, m), isMono(row) ? 'mono' : 'sans') +
        indent +
        (i === 0 && rows.length > 1 ? cornerWidth + mark : 0)
      );
    }),
  );
  return Math.round(
    Math.min(most, Math.max(rows.length > 1 ? m.least : 0, widest + m.pad * 2 + (text.kind === 'referral' ? 16 : 3))),
  );
}

function lineOf(
  row: SlipRow,
  i: number,
  banded: boolean,
  x: number,
  y: number,
  width: number,
  text: SlipText,
  m: Measures,
): SlipLine {
  const size = sizeOf(row, m);
  const mono = isMono(row);
  const indent = row.role === 'name' ? 13 * (m.text / 12) : 0;
  const corner =
    i === 0 && text.corner && (m.text < 20 || text.kind === 'http')
      ? textWidth(text.corner, m.mono, 'mono') + 12 + (text.sealed || text.crossed ? m.text + 6 : 0)
      : 0;
  const room = width - m.pad * 2 - indent - corner + 2;
  const strong = row.role === 'title' || row.role === 'strong';
  return {
    text: shortened(row.text, Math.max(room, size), size, mono ? 'mono' : 'sans'),
    x: x + indent,
    y,
    size,
    weight: strong ? 600 : row.role === 'value' ? (text.kind === 'query' ? 500 : 600) : 400,
    mono,
    tone: banded && row.role === 'title' ? 'head' : row.role === 'question' ? 'soft' : 'plain',
    anchor: 'start',
    ...(row.enclosed !== undefined
      ? { dot: { x: x + 4 * (m.text / 12), y: y - size * 0.35, r: 3.4 * (m.text / 12), filled: row.enclosed } }
      : {}),
  };
}

function bodyBox(heading: Heading, width: number, height: number, point: number, shift: number): Body {
  if (heading === 'right') return { x: -point - width, y: -height / 2 + shift, width, height };
  if (heading === 'left') return { x: point, y: -height / 2 + shift, width, height };
  if (heading === 'down') return { x: -width / 2 + shift, y: -point - height, width, height };
  return { x: -width / 2 + shift, y: point, width, height };
}

function extent(body: Body, heading: Heading, point: number): { left: number; top: number; width: number; height: number } {
  const across = heading === 'left' || heading === 'right';
  return {
    left: heading === 'left' ? 0 : body.x,
    top: heading === 'up' ? 0 : body.y,
    width: body.width + (across ? point : 0),
    height: body.height + (across ? 0 : point),
  };
}

/** Pentagon for questions and answers, fishtail for referrals, torn tail for what is lost, failed or cut short. */
function outline(kind: SlipText['kind'] | 'inner', heading: Heading, b: Body, point: number): string {
  const right = b.x + b.width;
  const bottom = b.y + b.height;
  if (heading === 'up' || heading === 'down') {
    const [base, far] = heading === 'down' ? [bottom, b.y] : [b.y, bottom];
    const half = Math.min(12, point);
    const a = Math.max(b.x + 6, -half);
    const z = Math.min(right - 6, half);
    return `M${n(b.x)} ${n(far)}H${n(right)}V${n(base)}H${n(z)}L0 ${n(kind === 'inner' ? base : 0)}L${n(a)} ${n(base)}H${n(b.x)}Z`;
  }
  const flip = heading === 'left';
  const nose = flip ? b.x : right;
  const tail = flip ? right : b.x;
  const tip = kind === 'inner' ? (flip ? b.x - point : right + point) : 0;
  const tipY = kind === 'inner' ? b.y + b.height / 2 : 0;
  return `M${n(tip)} ${n(tipY)}L${n(nose)} ${n(b.y)}L${n(tail)} ${n(b.y)}${tailPath(kind, tail, b.y, bottom, flip ? -1 : 1)}L${n(nose)} ${n(bottom)}Z`;
}

/** From the upper to the lower corner of the tail; `inward` is the direction of the body. */
function tailPath(kind: SlipText['kind'] | 'inner', x: number, top: number, bottom: number, inward: number): string {
  if (kind === 'referral') return `L${n(x + inward * 9)} ${n((top + bottom) / 2)}L${n(x)} ${n(bottom)}`;
  if (kind !== 'error' && kind !== 'cut') return `L${n(x)} ${n(bottom)}`;
  const teeth = Math.max(4, Math.round((bottom - top) / 10) & ~1);
  let path = '';
  for (let i = 1; i <= teeth; i++) path += `L${n(x + (i % 2 ? inward * 7 : 0))} ${n(top + ((bottom - top) * i) / teeth)}`;
  return path;
}

/** The coloured head: the part of the outline above `m.head`. */
function band(heading: Heading, b: Body, m: Measures): string {
  const right = b.x + b.width;
  const down = b.y + m.head;
  const half = b.height / 2;
  if (heading === 'up' || heading === 'down') return `M${n(b.x)} ${n(b.y)}H${n(right)}V${n(down)}H${n(b.x)}Z`;
  const flip = heading === 'left';
  const slope = (m.point * m.head) / half;
  const notch = (9 * m.head) / half;
  return flip
    ? `M${n(b.x)} ${n(b.y)}H${n(right)}L${n(right - notch)} ${n(down)}H${n(b.x - slope)}Z`
    : `M${n(right)} ${n(b.y)}H${n(b.x)}L${n(b.x + notch)} ${n(down)}H${n(right + slope)}Z`;
}

const inset = (b: Body): Body => ({ x: b.x + 4, y: b.y + 4, width: b.width - 8, height: b.height - 8 });
const n = (value: number): number => Math.round(value * 100) / 100;
