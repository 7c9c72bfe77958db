/**
 * What a statechart shows, without saying where: states as boxes that list their ways out in the order in which they are
 * tried, and an arrow for each. The layout made at build time and the drawing both start from this, so their sizes agree.
 */
import type { Chart, ChartEdge, ChartNode } from '../../../actors/chart.ts';
import { textWidth } from '../measure.ts';

export interface Box {
  readonly id: string;
  readonly parent?: string;
  /** `any` stands for every state of a frame, or of the whole machine: what may happen in all of them. */
  readonly kind: 'state' | 'frame' | 'start' | 'any';
  readonly title: string;
  /** The machine's own name for it. */
  readonly code: string;
  readonly rows: readonly Row[];
  /** How many ways out are left away here. */
  readonly rarer: number;
  readonly final: boolean;
  readonly width: number;
  readonly height: number;
}

/** One transition in the box of its state. */
export interface Row {
  readonly edge: string;
  readonly lines: readonly string[];
  /** The top of its first line, counted from the top of the box. */
  readonly top: number;
  /** It leads nowhere else, so it has no arrow. */
  readonly stays: boolean;
  /** Time alone takes it. */
  readonly timed: boolean;
}

export interface Arrow {
  readonly edge: string;
  readonly from: string;
  readonly to: string;
  /** It leads to something that stands before it: it leaves on the left and arrives on the right. */
  readonly back: boolean;
}

export interface Diagram {
  /** In the order of reading; a frame before what is in it. */
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** The layouts of one machine: of its whole chart, and of the usual ways through it when there are rarer ones. */
export interface ChartLayouts {
  readonly whole: ChartLayout;
  readonly usual?: ChartLayout;
}

/** Where everything is: what ships of the layout. Whole pixels from the upper left corner. */
export interface ChartLayout {
  readonly width: number;
  readonly height: number;
  /** Characters to a line, for which the boxes were measured. */
  readonly wrap: number;
  /** The edges that are shown; absent when all are. */
  readonly only?: readonly string[];
  /** Left, top, width, height. */
  readonly boxes: Readonly<Record<string, readonly [number, number, number, number]>>;
  /** Corners, from the tail to the head: x, y, x, y ... */
  readonly arrows: Readonly<Record<string, readonly number[]>>;
}

export const TITLE_SIZE = 14.5;
export const CODE_SIZE = 11.5;
export const ROW_SIZE = 12.5;
export const ROW_LINE = 14.5;
export const PAD = 12;
/** Where arrows arrive: beside the title. */
export const ENTRY = 18;
/** Room for the name of a frame, under its states. */
export const FRAME_FOOT = 32;
/** The small dial before what time alone brings about. */
export const DIAL = 15;
export const START = 'start';

const HEAD = 45;
const ANY_HEAD = 24;
const LEAST = 118;
/** For the count of times at the end of a row. */
const COUNT = 20;

/**
 * The parts of a chart, rows being about `wrap` characters long. An arrow to a frame goes to the state in which it begins. With
 * `only`, just those edges and the states they join; a box then says how many ways out it leaves away.
 */
export function diagramOf(whole: Chart, wrap: number, only?: ReadonlySet<string>): Diagram {
  const chart = only ? partOf(whole, only) : whole;
  const rarer = (id: string): number => countOf(whole, id) - countOf(chart, id);
  const root = chart.nodes[0] as ChartNode;
  const nodes = new Map(chart.nodes.map((node) => [node.id, node]));
  const first = chart.nodes.find((node) => node.parent === root.id && node.initial);
  const boxes: Box[] = first
    ? [{ id: START, kind: 'start', title: '', code: '', rows: [], rarer: 0, final: false, width: 10, height: 10 }]
    : [];
  for (const node of chart.nodes) {
    const own = chart.edges.filter((edge) => edge.source === node.id);
    if (node !== root) boxes.push(boxOf(node, root, own, wrap, isFrame(node) ? 0 : rarer(node.id)));
    if (isFrame(node) && own.length > 0) boxes.push(anyBox(node, root, own, wrap, rarer(node.id)));
  }
  const order = new Map(boxes.map(({ id }, i) => [id, i]));
  const arrows = chart.edges.flatMap((edge): Arrow[] => {
    if (stays(edge)) return [];
    const from = isFrame(nodes.get(edge.source)) ? anyOf(edge.source) : edge.source;
    const to = entered(nodes, edge.targets[0] ?? edge.source);
    return [{ edge: edge.id, from, to, back: at(order, to) <= at(order, from) }];
  });
  if (first) arrows.unshift({ edge: START, from: START, to: entered(nodes, first.id), back: false });
  return { boxes, arrows };
}

const countOf = (chart: Chart, source: string): number => chart.edges.filter((edge) => edge.source === source).length;

/** The edges wanted, the states they join, where things begin, and the frames around all these. */
function partOf(chart: Chart, only: ReadonlySet<string>): Chart {
  const edges = chart.edges.filter((edge) => only.has(edge.id));
  const nodes = new Map(chart.nodes.map((node) => [node.id, node]));
  const kept = new Set<string>();
  const keep = (id: string): void => {
    for (let node = nodes.get(id); node; node = node.parent === undefined ? undefined : nodes.get(node.parent)) kept.add(node.id);
  };
  for (const { source, targets } of edges) for (const id of [source, ...targets]) keep(entered(nodes, id));
  for (const { source } of edges) keep(source);
  const first = chart.nodes.find((node) => node.parent === chart.nodes[0]?.id && node.initial);
  if (first) keep(entered(nodes, first.id));
  return { ...chart, edges, nodes: chart.nodes.filter(({ id }) => kept.has(id)) };
}

const at = (order: ReadonlyMap<string, number>, id: string): number => order.get(id) ?? -1;
const anyOf = (frame: string): string => `${frame} any`;
const isFrame = (node: ChartNode | undefined): boolean => node?.type === 'compound' || node?.type === 'parallel';
const stays = (edge: ChartEdge): boolean => edge.targets.length === 1 && edge.targets[0] === edge.source;

/** The state that an arrow to `id` leads to in the end. */
function entered(nodes: ReadonlyMap<string, ChartNode>, id: string): string {
  if (!isFrame(nodes.get(id))) return id;
  const first = [...nodes.values()].find((child) => child.parent === id && child.initial);
  return first ? entered(nodes, first.id) : id;
}

function boxOf(node: ChartNode, root: ChartNode, edges: readonly ChartEdge[], wrap: number, rarer: number): Box {
  const frame = isFrame(node);
  const title = node.description || spelled(node.name);
  const rows = frame ? [] : rowsOf(edges, HEAD, wrap);
  const widest = Math.max(textWidth(title, TITLE_SIZE) * 1.03, textWidth(node.name, CODE_SIZE, 'mono'), ...widths(rows));
  return {
    id: node.id,
    ...parentOf(node, root),
    kind: frame ? 'frame' : 'state',
    title,
    code: node.name,
    rows,
    rarer,
    final: node.type === 'final',
    width: Math.ceil(Math.max(LEAST, widest + 2 * PAD)),
    height: Math.ceil(bottomOf(rows, HEAD) + (rows.length > 0 ? 6 : 3) + (rarer > 0 ? ROW_LINE + 2 : 0)),
  };
}

function anyBox(node: ChartNode, root: ChartNode, edges: readonly ChartEdge[], wrap: number, rarer: number): Box {
  const title = node === root ? 'in any state' : 'in any of these';
  const rows = rowsOf(edges, ANY_HEAD, wrap);
  return {
    id: anyOf(node.id),
    ...(node === root ? {} : { parent: node.id }),
    kind: 'any',
    title,
    code: '',
    rows,
    rarer,
    final: false,
    width: Math.ceil(Math.max(textWidth(title, ROW_SIZE), ...widths(rows)) + 2 * PAD),
    height: Math.ceil(bottomOf(rows, ANY_HEAD) + 5 + (rarer > 0 ? ROW_LINE + 2 : 0)),
  };
}

const parentOf = (node: ChartNode, root: ChartNode): { parent?: string } =>
  node.parent === undefined || node.parent === root.id ? {} : { parent: node.parent };

function rowsOf(edges: readonly ChartEdge[], head: number, wrap: number): Row[] {
  let top = head;
  return edges.map((edge) => {
    const row = { edge: edge.id, lines: wrapped(edgeText(edge), wrap), top, stays: stays(edge), timed: edge.delay !== undefined };
    top = rowBottom(row) + 4;
    return row;
  });
}

const rowBottom = ({ top, lines }: Row): number => top + lines.length * ROW_LINE;
const bottomOf = (rows: readonly Row[], head: number): number => Math.max(head, ...rows.map(rowBottom));
const widths = (rows: readonly Row[]): number[] =>
  rows.flatMap(({ lines, timed }) =>
    lines.map((line, i) => textWidth(line, ROW_SIZE) + (timed && i === 0 ? DIAL : 0) + (i === 0 ? COUNT : 0)),
  );

/** Where the arrow of a row begins, counted from the top of the box. */
export const exitOf = ({ top, lines }: Row): number => top + (lines.length * ROW_LINE) / 2;

/** A transition's words: a condition in brackets, an event as it is. */
export function edgeText(edge: ChartEdge): string {
  const words = edge.description || spelled(edge.guard ?? edge.event);
  return edge.event === '' && edge.guard !== undefined ? `[${words}]` : words;
}

/** "checkingCache" as words. */
const spelled = (name: string): string => name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);

/** Words in as few lines of at most about `most` characters as may be, the lines as even as they can be. */
export function wrapped(text: string, most: number): string[] {
  const words = text.split(' ');
  const count = greedy(words, most).length;
  let width = Math.ceil(text.length / count);
  while (width < most && greedy(words, width).length > count) width++;
  return greedy(words, width);
}

function greedy(words: readonly string[], most: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
