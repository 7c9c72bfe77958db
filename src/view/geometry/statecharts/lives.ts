/**
 * Machine instances over the whole run: when each began and ended, every move that it made, and what that comes to at a
 * position: the live state, the states visited, and how often each arrow was taken.
 */
import type { Chart, ChartEdge, ChartNode } from '../../../actors/chart.ts';
import { CHARTS } from '../../../actors/machines.ts';
import type { Instant } from '../../../base/time.ts';
import { lastIndexWhere } from '../../../trace/intervals.ts';
import { cursorAt, type Position } from '../../../trace/scene.ts';
import type {
  DecisionRecord,
  Effect,
  HostId,
  InstancePath,
  MachineId,
  Move,
  StateValue,
  Trace,
  Turn,
  TurnId,
} from '../../../trace/trace.ts';

/** One instance from its start to its end. A path may live several times. */
export interface Life {
  readonly path: InstancePath;
  readonly host: HostId;
  readonly machine: MachineId;
  readonly title: string;
  readonly begun: { readonly turn: TurnId; readonly effects: number; readonly at: Instant };
  readonly state: StateValue;
  ended: { readonly turn: TurnId; readonly effects: number; readonly at: Instant } | undefined;
  readonly moves: LifeMove[];
}

export interface LifeMove {
  readonly turn: Turn;
  /** Its place among the moves of the turn, counted from 1: as `Position.move`. */
  readonly nth: number;
  readonly move: Move;
}

const memory = new WeakMap<Trace, ReadonlyMap<HostId, readonly Life[]>>();

/** Every life of a host's machines, in order of beginning. */
export function livesOf(trace: Trace, host: HostId): readonly Life[] {
  let lives = memory.get(trace);
  if (!lives) {
    lives = livesIn(trace);
    memory.set(trace, lives);
  }
  return lives.get(host) ?? [];
}

function livesIn(trace: Trace): Map<HostId, Life[]> {
  const lives = new Map<HostId, Life[]>(trace.hosts.map(({ id }) => [id, []]));
  const alive = new Map<InstancePath, Life>();
  const begin = (life: Life): void => {
    lives.get(life.host)?.push(life);
    alive.set(life.path, life);
  };
  for (const host of trace.hosts)
    for (const { path, machine, state } of host.instances)
      begin({
        path,
        host: host.id,
        machine,
        title: host.title,
        begun: { turn: -1, effects: 0, at: 0 as Instant },
        state,
        ended: undefined,
        moves: [],
      });
  for (const turn of trace.turns) {
    for (const [i, effect] of turn.effects.entries()) {
      const moment = { turn: turn.id, effects: i + 1, at: turn.at };
      if (effect.kind === 'start') {
        const { instance: path, machine, title, state } = effect;
        begin({ path, host: turn.host, machine, title, begun: moment, state, ended: undefined, moves: [] });
      } else if (effect.kind === 'stop') {
        const life = alive.get(effect.instance);
        if (life) life.ended = moment;
      }
    }
    for (const [i, move] of turn.moves.entries()) alive.get(move.instance)?.moves.push({ turn, nth: i + 1, move });
  }
  return lives;
}

/** What a life comes to at a position. */
export interface LifeScene {
  readonly life: Life;
  readonly chart: Chart;
  /** Ids of the live state and of the frames around it. */
  readonly live: ReadonlySet<string>;
  /** The innermost live states' node. */
  readonly leaf: ChartNode | undefined;
  readonly visited: ReadonlySet<string>;
  /** By edge, how often it was taken. */
  readonly taken: ReadonlyMap<string, number>;
  readonly last: Taken | undefined;
  readonly ended: boolean;
}

/** A move with what belongs to it. */
export interface Taken {
  readonly move: LifeMove;
  readonly edges: readonly ChartEdge[];
  readonly from: ChartNode | undefined;
  readonly to: ChartNode | undefined;
  /** The decision that led out of the state: the last one of the instance before. */
  readonly because: DecisionRecord | undefined;
  /** The decision taken on entering the new state. */
  readonly next: DecisionRecord | undefined;
  /** What the instance asked for in this move. */
  readonly effects: readonly Effect[];
  /** Whether this is the very move at which the position stands. */
  readonly now: boolean;
}

/** The life at a position; undefined when nothing is known of its machine. */
export function lifeAt(trace: Trace, life: Life, position: Position): LifeScene | undefined {
  const chart = CHARTS.get(life.machine);
  if (!chart) return undefined;
  const moves = movesUpTo(trace, life, position);
  const nodes = new Map(chart.nodes.map((node) => [node.id, node]));
  const edges = new Map(chart.edges.map((edge) => [edge.id, edge]));
  const taken = new Map<string, number>();
  const visited = new Set(idsOf(chart, life.state));
  for (const { move } of moves) {
    for (const one of move.transitions) {
      const id = edgeId(one);
      taken.set(id, (taken.get(id) ?? 0) + 1);
    }
    for (const id of idsOf(chart, move.to)) visited.add(id);
  }
  const last = moves.at(-1);
  const live = new Set(idsOf(chart, last?.move.to ?? life.state));
  const cursor = cursorAt(trace, position);
  const { ended } = life;
  return {
    life,
    chart,
    live,
    leaf: leafOf(nodes, live),
    visited,
    taken,
    last: last && takenOf(trace, chart, nodes, edges, last, position),
    ended: ended !== undefined && (ended.turn < cursor.turn || (ended.turn === cursor.turn && ended.effects <= cursor.effects)),
  };
}

/** Whether a life has begun at a position. */
export function hasBegun(trace: Trace, { begun }: Life, position: Position): boolean {
  const cursor = cursorAt(trace, position);
  return begun.turn < cursor.turn || (begun.turn === cursor.turn && begun.effects <= cursor.effects);
}

/** The moves that a life has made at a position. */
export function movesUpTo(trace: Trace, { moves }: Life, position: Position): readonly LifeMove[] {
  const cursor = cursorAt(trace, position);
  const isMade = ({ turn, nth }: LifeMove): boolean => turn.id < cursor.turn || (turn.id === cursor.turn && nth <= cursor.moves);
  return moves.slice(0, lastIndexWhere(moves, isMade) + 1);
}

/** The position at the next move of a life, or at the one before; undefined at the ends. */
export function walk(trace: Trace, life: Life, position: Position, forward: boolean): Position | undefined {
  const done = movesUpTo(trace, life, position).length;
  const there = forward ? life.moves[done] : life.moves[done - (standsAt(trace, life.moves[done - 1], position) ? 2 : 1)];
  return there && { at: there.turn.at, turn: there.turn.id, move: there.nth };
}

function standsAt(trace: Trace, move: LifeMove | undefined, position: Position): boolean {
  const cursor = cursorAt(trace, position);
  return move !== undefined && position.at === move.turn.at && cursor.turn === move.turn.id && cursor.moves === move.nth;
}

/** Ids of the nodes that a state's value names, frames before what is in them, without the root. */
export function idsOf(chart: Chart, state: StateValue): string[] {
  const root = chart.nodes[0]?.id ?? '';
  const inside = (prefix: string, value: StateValue): string[] =>
    typeof value === 'string'
      ? [`${prefix}.${value}`]
      : Object.entries(value).flatMap(([name, inner]) => [`${prefix}.${name}`, ...inside(`${prefix}.${name}`, inner)]);
  return inside(root, state);
}

/** The row of the innermost live state. */
export const leafOf = (nodes: ReadonlyMap<string, ChartNode>, ids: Iterable<string>): ChartNode | undefined => {
  let leaf: ChartNode | undefined;
  for (const id of ids) leaf = nodes.get(id) ?? leaf;
  return leaf;
};

const edgeId = ({ source, event, index }: Move['transitions'][number]): string => `${source} ${event} ${index}`;

function takenOf(
  trace: Trace,
  chart: Chart,
  nodes: ReadonlyMap<string, ChartNode>,
  edges: ReadonlyMap<string, ChartEdge>,
  last: LifeMove,
  position: Position,
): Taken {
  const { turn, nth, move } = last;
  const before = turn.moves[nth - 2]?.effectsSoFar ?? 0;
  const own = (effect: Effect): boolean => 'instance' in effect && effect.instance === move.instance;
  const earlier = turn.effects.slice(0, before).filter(own);
  const effects = turn.effects.slice(before, move.effectsSoFar).filter(own);
  const decisionIn = (among: readonly Effect[]): DecisionRecord | undefined => {
    const found = among.findLast((effect) => effect.kind === 'decide');
    return found?.kind === 'decide' ? found.decision : undefined;
  };
  return {
    move: last,
    edges: move.transitions.flatMap((one) => edges.get(edgeId(one)) ?? []),
    from: leafOf(nodes, idsOf(chart, move.from)),
    to: leafOf(nodes, idsOf(chart, move.to)),
    because: decisionIn(earlier),
    next: decisionIn(effects),
    effects,
    now: standsAt(trace, last, position),
  };
}
