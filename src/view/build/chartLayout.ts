/**
 * The layout of every machine's chart, worked out while the site is built; only the coordinates ship. The layered algorithm
 * of ELK places and routes; of several widths of text, and of the ways to fold what is long, the one is taken that shows the
 * chart largest in the view's box.
 */
import type { Chart } from '../../actors/chart.ts';
import { CHARTS } from '../../actors/machines.ts';
import { run } from '../../scenario/run.ts';
import type { Scenario } from '../../scenario/schema.ts';
import {
  type Arrow,
  type Box,
  type ChartLayout,
  type ChartLayouts,
  type Diagram,
  diagramOf,
  ENTRY,
  exitOf,
  FRAME_FOOT,
} from '../geometry/statecharts/chart.ts';
import { folds } from './chartFold.ts';

/** As much of ELK as is used here; whoever builds the site brings it along. */
export interface Elk {
  layout(graph: Graph): Promise<Graph>;
}

interface Graph {
  id: string;
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  layoutOptions?: Record<string, string>;
  children?: Graph[];
  ports?: Graph[];
  edges?: Edge[];
}

interface Edge {
  id: string;
  sources: string[];
  targets: string[];
  sections?: { startPoint: Point; endPoint: Point; bendPoints?: Point[] }[];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A scenario of the library. */
type Lesson = Scenario & { readonly chapter?: number };

/** The box of the statechart view on a screen of 1440 × 900, in which as much as possible is to be legible. */
const ROOM = { width: 1044, height: 474 };
const WRAPS = [32, 25, 19];
const PLACEMENTS = ['NETWORK_SIMPLEX', 'SIMPLE'];
const MARGIN = 12;

/** The chapters whose lessons make up what is usual: asking, forgetting, saying no, names of all kinds, choices, breakage. */
const USUAL_CHAPTERS = 6;

/** Lays out every chart there is, by the machine's id: the whole, and the ways that the first chapters' lessons take. */
export async function layOutAll(elk: Elk, lessons: readonly Lesson[]): Promise<Record<string, ChartLayouts>> {
  const usual = waysTaken(lessons.filter(({ chapter = Number.POSITIVE_INFINITY }) => chapter <= USUAL_CHAPTERS));
  const layouts: Record<string, ChartLayouts> = {};
  for (const [id, chart] of CHARTS) {
    const whole = await layOut(elk, chart);
    const ways = usual.get(id);
    const isPart = ways !== undefined && ways.size < chart.edges.length && !isWhole(whole);
    layouts[id] = isPart ? { whole, usual: await layOut(elk, chart, ways) } : { whole };
  }
  return layouts;
}

/** A chart that can be shown whole at its full size needs no shorter form. */
const isWhole = ({ width, height }: ChartLayout): boolean => width <= ROOM.width && height <= ROOM.height;

/** By machine, the edges that the runs of some lessons take. */
function waysTaken(lessons: readonly Lesson[]): Map<string, Set<string>> {
  const ways = new Map<string, Set<string>>();
  for (const lesson of lessons)
    for (const { machine, transitions } of run(lesson).turns.flatMap(({ moves }) => moves)) {
      const known = ways.get(machine) ?? new Set();
      for (const { source, event, index } of transitions) known.add(`${source} ${event} ${index}`);
      ways.set(machine, known);
    }
  return ways;
}

/** Lays out one chart, or the part of it that consists of the edges in `only`. */
export async function layOut(elk: Elk, chart: Chart, only?: ReadonlySet<string>): Promise<ChartLayout> {
  let best: { layout: ChartLayout; worth: number } | undefined;
  for (const wrap of WRAPS)
    for (const placement of PLACEMENTS) {
      const diagram = diagramOf(chart, wrap, only);
      const layout = read(
        diagram,
        { wrap, ...(only ? { only: [...only].sort() } : {}) },
        await elk.layout(graphOf(diagram, placement)),
      );
      // What fits in one line stays in it.
      for (const candidate of isWhole(layout) ? [layout] : [layout, ...folds(layout)]) {
        const worth = worthOf(candidate);
        if (!best || worth > best.worth) best = { layout: candidate, worth };
      }
    }
  return (best as { layout: ChartLayout }).layout;
}

/** How large it can be shown, less a little for every bend and every pixel of line. */
function worthOf({ width, height, arrows, wrap }: ChartLayout): number {
  const scale = Math.min(1, ROOM.width / width, ROOM.height / height);
  const lines = Object.values(arrows);
  const bends = lines.reduce((sum, corners) => sum + corners.length / 2 - 2, 0);
  const length = lines.reduce((sum, corners) => sum + lengthOf(corners), 0);
  return scale * 1000 - bends * 0.6 - (length / (width + height)) * 1.5 + wrap * 0.2;
}

function lengthOf(corners: readonly number[]): number {
  let length = 0;
  for (let i = 2; i < corners.length; i++) length += Math.abs((corners[i] as number) - (corners[i - 2] as number));
  return length;
}

const OPTIONS: Readonly<Record<string, string>> = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.padding': `[top=${MARGIN},left=${MARGIN},bottom=${MARGIN},right=${MARGIN}]`,
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '11',
  'elk.spacing.edgeEdge': '9',
  'elk.layered.spacing.nodeNodeBetweenLayers': '24',
  'elk.layered.spacing.edgeNodeBetweenLayers': '11',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
  'elk.layered.mergeEdges': 'true',
  'elk.layered.thoroughness': '12',
};

/** Arrows that lead back are handed over turned round, so that the order of reading is the order from left to right. */
function graphOf({ boxes, arrows }: Diagram, placement: string): Graph {
  const within = (parent: string | undefined): Graph[] =>
    boxes.filter((box) => box.parent === parent).map((box) => (box.kind === 'frame' ? frame(box) : node(box, arrows)));
  const frame = (box: Box): Graph => ({
    id: box.id,
    children: within(box.id),
    layoutOptions: { 'elk.padding': `[top=16,left=16,bottom=${FRAME_FOOT},right=16]` },
  });
  const edges = arrows.map(({ edge, to, back }): Edge => {
    const [tail, head] = [`out ${edge}`, `${back ? 'right' : 'left'} ${to}`];
    return { id: edge, sources: [back ? head : tail], targets: [back ? tail : head] };
  });
  return {
    id: 'chart',
    layoutOptions: { ...OPTIONS, 'elk.layered.nodePlacement.strategy': placement },
    children: within(undefined),
    edges,
  };
}

function node({ id, kind, rows, width, height }: Box, arrows: readonly Arrow[]): Graph {
  const leaving = arrows.filter(({ from }) => from === id);
  const ports = leaving.map((arrow) => {
    const row = rows.find(({ edge }) => edge === arrow.edge);
    return port(`out ${arrow.edge}`, arrow.back ? 0 : width, row ? exitOf(row) : height / 2, arrow.back);
  });
  if (arrows.some(({ to, back }) => to === id && !back)) ports.push(port(`left ${id}`, 0, ENTRY, true));
  if (arrows.some(({ to, back }) => to === id && back)) ports.push(port(`right ${id}`, width, ENTRY, false));
  const first = kind === 'start' ? { 'elk.layered.layering.layerConstraint': 'FIRST' } : {};
  return { id, width, height, ports, layoutOptions: { 'elk.portConstraints': 'FIXED_POS', ...first } };
}

const port = (id: string, x: number, y: number, left: boolean): Graph => ({
  id,
  x,
  y,
  width: 0,
  height: 0,
  layoutOptions: { 'elk.port.side': left ? 'WEST' : 'EAST' },
});

function read({ boxes, arrows }: Diagram, made: Pick<ChartLayout, 'wrap' | 'only'>, graph: Graph): ChartLayout {
  const placed = new Map(everyNode(graph).map((one) => [one.id, one]));
  const routed = new Map((graph.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    width: Math.ceil(graph.width ?? 0),
    height: Math.ceil(graph.height ?? 0),
    ...made,
    boxes: Object.fromEntries(
      boxes.map(({ id }) => {
        const { x = 0, y = 0, width = 0, height = 0 } = placed.get(id) ?? {};
        return [id, [x, y, width, height].map(Math.round) as [number, number, number, number]];
      }),
    ),
    arrows: Object.fromEntries(arrows.map(({ edge, back }) => [edge, cornersOf(routed.get(edge), back)])),
  };
}

const everyNode = (graph: Graph): Graph[] => (graph.children ?? []).flatMap((child) => [child, ...everyNode(child)]);

/** The corners of a line on whole pixels, level and upright; those on a straight stretch are left out. */
function cornersOf(edge: Edge | undefined, back: boolean): number[] {
  const section = edge?.sections?.[0];
  if (!section) return [];
  const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(({ x, y }) => ({
    x: Math.round(x),
    y: Math.round(y),
  }));
  if (back) points.reverse();
  const bends = points.filter((p, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    return !before || !after || !((before.x === p.x && p.x === after.x) || (before.y === p.y && p.y === after.y));
  });
  return bends.flatMap(({ x, y }) => [x, y]);
}
