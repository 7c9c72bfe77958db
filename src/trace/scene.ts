/**
 * The whole simulation as it stands at one position of a trace: a pure function, as quick backwards as forwards.
 *
 * A position is an instant and, inside a cascade that takes no time, a turn and a move of that turn. The answer is worked
 * out from an index that is built once per trace, in O(log n) plus the size of what is alive at that instant.
 */
import { between, type Duration, type Instant, later, milliseconds, seconds } from '../base/time.ts';
import { key, type Name, type NameKey } from '../dns/name.ts';
import type { ResourceRecord } from '../dns/record.ts';
import type { Dropped } from '../sim/packet.ts';
import { cacheHistories, entriesAt } from './caches.ts';
import { causesOf } from './causes.ts';
import { hostAt } from './describe.ts';
import { type Intervals, type Lived, lastIndexWhere, makeIntervals } from './intervals.ts';
import { memoised } from './memo.ts';
import { type StepAt, stepsAt, type Visit } from './steps.ts';
import type {
  CacheEntry,
  CacheId,
  DecisionRecord,
  HostId,
  HostRecord,
  InstancePath,
  MachineId,
  MessageId,
  Move,
  PacketRecord,
  StateValue,
  StimulusRecord,
  Trace,
  Turn,
  TurnId,
} from './trace.ts';
import { visitsOf } from './visits.ts';

/**
 * A place in a trace. With `at` alone: after every turn of that instant. With `turn`: after that turn, and nothing of a later
 * turn. With `move` too: after that many moves of the turn and the effects they asked for, 0 being before its first.
 */
export interface Position {
  readonly at: Instant;
  readonly turn?: TurnId;
  readonly move?: number;
}

export interface Scene {
  readonly position: Position;
  /** The turn last begun; absent before the first. */
  readonly turn?: Turn;
  /** The move last made in it. */
  readonly move?: Move;
  readonly hosts: readonly HostScene[];
  /** Every machine instance alive, hosts' first machines included, in order of starting. */
  readonly instances: readonly InstanceScene[];
  /** Packets on their way, in order of sending. */
  readonly flights: readonly Flight[];
  /** Packets that have arrived and that their receiver has not dealt with yet: fed, being read. */
  readonly readings: readonly Reading[];
  /** Packets lost since the current visit began, in order of loss. */
  readonly losses: readonly Loss[];
  readonly caches: readonly CacheScene[];
  readonly timers: readonly TimerScene[];
  /** The visit last begun, and its nine steps as they stand. */
  readonly visit?: Visit;
  readonly steps: readonly StepAt[];
  readonly zones: readonly ZoneScene[];
}

export interface HostScene {
  readonly host: HostRecord;
  readonly state: 'up' | 'down' | 'refusing';
}

export interface InstanceScene {
  readonly path: InstancePath;
  readonly host: HostId;
  readonly machine: MachineId;
  readonly title: string;
  readonly state: StateValue;
  /** When it last moved. */
  readonly since: Instant;
  /** The last decision it took. */
  readonly decision?: DecisionRecord;
}

export interface Flight {
  readonly packet: PacketRecord;
  /** How much of the way is behind it, 0 to 1. */
  readonly fraction: number;
  readonly fromHost: HostId;
  readonly toHost?: HostId;
  /** When it arrives, or would. */
  readonly due: Instant;
  /** Where on the way it will be lost, 0 to 1. */
  readonly lostAt?: number;
}

export interface Reading {
  readonly packet: PacketRecord;
  readonly host: HostId;
  readonly from: Instant;
  readonly to: Instant;
}

export interface Loss {
  readonly packet: PacketRecord;
  /** Where on the way it died, 0 to 1. */
  readonly fraction: number;
  readonly at: Instant;
}

export interface CacheScene {
  readonly cache: CacheId;
  readonly host: HostId;
  /** In order of first being kept; expired ones stay, struck, until replaced or forgotten. */
  readonly entries: readonly CacheEntryScene[];
}

export interface CacheEntryScene {
  readonly entry: CacheEntry;
  /** Zero when expired. */
  readonly left: Duration;
  /** Part of its own TTL that is left, 0 to 1. */
  readonly fraction: number;
  readonly expired: boolean;
}

export interface TimerScene {
  readonly instance: InstancePath;
  readonly timer: string;
  readonly setAt: Instant;
  readonly due: Instant;
  /** Part of its time that has passed, 0 to 1. */
  readonly fraction: number;
}

export interface ZoneScene {
  readonly zone: Name;
  readonly servers: readonly HostId[];
  readonly records: readonly ResourceRecord[];
  /** The instant of the change that made it so. */
  readonly since: Instant;
}

/** The simulation as it stands at a position. */
export function sceneAt(trace: Trace, position: Position): Scene {
  const index = indexOf(trace);
  const cursor = cursorAt(trace, position);
  const { at } = position;
  const current = visitAt(trace, cursor);
  const turn = trace.turns[cursor.turn];
  const move = turn && cursor.moves > 0 ? turn.moves[cursor.moves - 1] : undefined;
  const place = placeOfEffect(cursor.turn, cursor.effects);
  return {
    position,
    ...(turn ? { turn } : {}),
    ...(move ? { move } : {}),
    hosts: index.hosts.map(({ host, changes }) => ({
      host,
      state: changes.findLast((change) => change.place <= place)?.state ?? 'up',
    })),
    instances: index.instances.at(place).map((life) => instanceAt(life, cursor)),
    flights: index.flights.at(at).flatMap((flight) => (hasSent(flight.packet, index, cursor, at) ? [flightAt(flight, at)] : [])),
    readings: index.readings.at(at).flatMap(({ turn: readTurn, ...reading }) => (readTurn > cursor.turn ? [reading] : [])),
    losses: lossesBetween(index, current?.from ?? (0 as Instant), at),
    caches: [...cacheHistories(trace)].map(([cache, history]) => ({
      cache,
      host: cache.split('/')[0] as HostId,
      entries: entriesAt(history, cursor).map((entry) => entryAt(entry, at)),
    })),
    timers: index.timers
      .at(place)
      .map((timer) => ({ ...timer, fraction: clamp((at - timer.setAt) / (timer.due - timer.setAt)) })),
    ...(current ? { visit: current } : {}),
    steps: current ? stepsAt(current, at, cursor.turn) : [],
    zones: zonesAt(trace, at),
  };
}

/** The messages sent up to a position, in order. */
export function messagesUpTo(trace: Trace, position: Position): readonly MessageId[] {
  const cursor = cursorAt(trace, position);
  const index = indexOf(trace);
  return trace.messages.flatMap(({ id, turn, packets }) => {
    const order = index.effectOfPacket.get(packets[0] ?? -1);
    return turn < cursor.turn || (turn === cursor.turn && (order ?? 0) <= cursor.effects) ? [id] : [];
  });
}

/** A position made exact: this turn begun, so many of its moves made and of its effects performed; turn -1 before the first. */
export interface Cursor {
  readonly turn: TurnId;
  readonly moves: number;
  readonly effects: number;
}

export function cursorAt(trace: Trace, { at, turn = lastTurnAt(trace, at), move }: Position): Cursor {
  const { moves = [], effects = [] } = trace.turns[turn] ?? {};
  if (move === undefined || move >= moves.length) return { turn, moves: moves.length, effects: effects.length };
  return { turn, moves: move, effects: move === 0 ? 0 : (moves[move - 1] as Move).effectsSoFar };
}

/** The last turn that is not later than an instant; -1 when there is none. */
export const lastTurnAt = (trace: Trace, at: Instant): TurnId => lastIndexWhere(trace.turns, (turn) => turn.at <= at);

/** The visit last begun. */
function visitAt(trace: Trace, cursor: Cursor): Visit | undefined {
  return visitsOf(trace).findLast((visit) => visit.turn <= cursor.turn);
}

// --- the index

/** Turns and effects on one axis: effect `n` (counted from 1) of a turn. No turn has as many effects as this. */
const EFFECTS = 65_536;
const placeOfEffect = (turn: TurnId, effect: number): number => turn * EFFECTS + effect;
const FOREVER = Number.POSITIVE_INFINITY;

/** A machine instance from its start to its end; a path may live several times. */
interface Life {
  readonly scene: Omit<InstanceScene, 'state' | 'since' | 'decision'>;
  readonly begin: { readonly state: StateValue; readonly at: Instant };
  readonly moves: { readonly turn: TurnId; readonly move: number; readonly at: Instant; readonly state: StateValue }[];
  readonly decisions: { readonly place: number; readonly decision: DecisionRecord }[];
}

interface Index {
  readonly hosts: readonly { readonly host: HostRecord; readonly changes: { place: number; state: HostScene['state'] }[] }[];
  readonly instances: Intervals<Life>;
  readonly timers: Intervals<Omit<TimerScene, 'fraction'>>;
  readonly flights: Intervals<Omit<Flight, 'fraction'>>;
  readonly readings: Intervals<Reading & { readonly turn: TurnId }>;
  readonly losses: readonly Loss[];
  readonly effectOfPacket: ReadonlyMap<number, number>;
}

const indexOf: (trace: Trace) => Index = memoised((trace) => ({
  ...indexTurns(trace),
  flights: makeIntervals(
    trace.packets.map((packet) => ({
      from: packet.sentAt,
      to: packet.fate.kind === 'underway' ? FOREVER : packet.fate.at,
      value: flightOf(trace, packet),
    })),
  ),
  readings: makeIntervals(readingsOf(trace)),
  losses: trace.packets
    .flatMap((packet) =>
      packet.fate.kind === 'dropped' ? [{ packet, at: packet.fate.at, fraction: lostAt(packet, packet.fate) }] : [],
    )
    .sort((a, b) => a.at - b.at),
}));

function indexTurns(trace: Trace): Pick<Index, 'hosts' | 'instances' | 'timers' | 'effectOfPacket'> {
  const lives: Lived<Life>[] = [];
  const alive = new Map<InstancePath, { life: Life; from: number }>();
  const timers: Lived<Omit<TimerScene, 'fraction'>>[] = [];
  const running = new Map<string, { from: number; value: Omit<TimerScene, 'fraction'> }>();
  const effectOfPacket = new Map<number, number>();
  const hosts = trace.hosts.map((host) => ({ host, changes: [] as { place: number; state: HostScene['state'] }[] }));

  const endTimer = (id: string, to: number): void => {
    const timer = running.get(id);
    if (timer) timers.push({ ...timer, to });
    running.delete(id);
  };
  const end = (path: InstancePath, to: number): void => {
    const one = alive.get(path);
    if (one) lives.push({ from: one.from, to, value: one.life });
    alive.delete(path);
    for (const [id, timer] of running) if (timer.value.instance === path) endTimer(id, to);
  };
  const begin = (scene: Life['scene'], state: StateValue, at: Instant, from: number): void => {
    end(scene.path, from);
    alive.set(scene.path, { from, life: { scene, begin: { state, at }, moves: [], decisions: [] } });
  };

  for (const host of trace.hosts)
    for (const { path, machine, state } of host.instances)
      begin({ path, host: host.id, machine, title: host.title }, state, 0 as Instant, -FOREVER);
  for (const turn of trace.turns) {
    if (turn.cause.kind === 'timer') endTimer(`${turn.cause.instance} ${turn.cause.timer}`, placeOfEffect(turn.id, 0));
    const stimulus = turn.cause.kind === 'stimulus' ? trace.stimuli[turn.cause.stimulus] : undefined;
    const change = stimulus && hostChange(stimulus);
    if (change !== undefined)
      hosts.find(({ host }) => host.id === turn.host)?.changes.push({ place: placeOfEffect(turn.id, 0), state: change });
    for (const [i, effect] of turn.effects.entries()) {
      const place = placeOfEffect(turn.id, i + 1);
      if (effect.kind === 'start')
        begin(
          { path: effect.instance, host: turn.host, machine: effect.machine, title: effect.title },
          effect.state,
          turn.at,
          place,
        );
      else if (effect.kind === 'stop') end(effect.instance, place);
      else if (effect.kind === 'timer') {
        const { instance, timer, due } = effect;
        endTimer(`${instance} ${timer}`, place);
        running.set(`${instance} ${timer}`, { from: place, value: { instance, timer, due, setAt: turn.at } });
      } else if (effect.kind === 'cancel') endTimer(`${effect.instance} ${effect.timer}`, place);
      else if (effect.kind === 'decide') alive.get(effect.instance)?.life.decisions.push({ place, decision: effect.decision });
      else if (effect.kind === 'segment') effectOfPacket.set(effect.packet, i + 1);
      else if (effect.kind === 'transmit')
        for (const packet of trace.messages[effect.message]?.packets ?? []) effectOfPacket.set(packet, i + 1);
    }
    for (const [i, { instance, to }] of turn.moves.entries())
      lifeOf(instance, lives, alive)?.moves.push({ turn: turn.id, move: i + 1, at: turn.at, state: to });
  }
  for (const path of [...alive.keys()]) end(path, FOREVER);
  for (const id of [...running.keys()]) endTimer(id, FOREVER);
  return { hosts, instances: makeIntervals(lives), timers: makeIntervals(timers), effectOfPacket };
}

/** The life that a move belongs to: the present one, or the one that ended in this very turn. */
const lifeOf = (
  path: InstancePath,
  lives: readonly Lived<Life>[],
  alive: ReadonlyMap<InstancePath, { life: Life }>,
): Life | undefined => alive.get(path)?.life ?? lives.findLast(({ value }) => value.scene.path === path)?.value;

function hostChange({ action, line }: StimulusRecord): HostScene['state'] | undefined {
  if (action === 'start') return 'up';
  if (action !== 'stop') return undefined;
  return (line as { how?: string } | null)?.how === 'refusing' ? 'refusing' : 'down';
}

function instanceAt({ scene, begin, moves, decisions }: Life, cursor: Cursor): InstanceScene {
  const last =
    moves[lastIndexWhere(moves, (move) => move.turn < cursor.turn || (move.turn === cursor.turn && move.move <= cursor.moves))];
  const place = placeOfEffect(cursor.turn, cursor.effects);
  const decision = decisions[lastIndexWhere(decisions, (one) => one.place <= place)]?.decision;
  return { ...scene, state: last?.state ?? begin.state, since: last?.at ?? begin.at, ...(decision ? { decision } : {}) };
}

// --- packets

function flightOf(trace: Trace, packet: PacketRecord): Omit<Flight, 'fraction'> {
  const { fate } = packet;
  const fromHost = trace.turns[packet.turn]?.host ?? '';
  const toHost = hostAt(trace, packet.to.address)?.id;
  const ends = toHost === undefined ? { fromHost } : { fromHost, toHost };
  if (fate.kind === 'dropped') return { packet, ...ends, due: fate.due, lostAt: lostAt(packet, fate) };
  return { packet, ...ends, due: fate.kind === 'delivered' ? fate.at : likelyArrival(trace, packet) };
}

const flightAt = (flight: Omit<Flight, 'fraction'>, at: Instant): Flight => ({
  ...flight,
  fraction: clamp((at - flight.packet.sentAt) / (flight.due - flight.packet.sentAt)),
});

const lostAt = (packet: PacketRecord, fate: Dropped): number => clamp((fate.at - packet.sentAt) / (fate.due - packet.sentAt));

/** When a packet that the run's end overtook would have arrived: as long after sending as others on the same way. */
function likelyArrival(trace: Trace, packet: PacketRecord): Instant {
  const other = trace.packets.find(
    (p) => p.fate.kind === 'delivered' && p.from.address === packet.from.address && p.to.address === packet.to.address,
  );
  return later(packet.sentAt, other ? between(other.sentAt, other.fate.at) : milliseconds(20));
}

/** Whether a packet of this very instant has been sent at the cursor. */
function hasSent(packet: PacketRecord, { effectOfPacket }: Index, cursor: Cursor, at: Instant): boolean {
  if (packet.turn !== cursor.turn) return packet.turn < cursor.turn || packet.sentAt < at;
  return (effectOfPacket.get(packet.copyOf ?? packet.id) ?? 0) <= cursor.effects;
}

function readingsOf(trace: Trace): Lived<Reading & { readonly turn: TurnId }>[] {
  const { readIn } = causesOf(trace);
  return trace.messages.flatMap((message) => {
    const turn = trace.turns[readIn[message.id] ?? -1];
    if (turn?.cause.kind !== 'packet') return [];
    const packet = trace.packets[turn.cause.packet] as PacketRecord;
    const from = turn.cause.arrived;
    return [{ from, to: turn.at + 1, value: { packet, host: turn.host, from, to: turn.at, turn: turn.id } }];
  });
}

function lossesBetween({ losses }: Index, from: Instant, to: Instant): readonly Loss[] {
  return losses.filter((loss) => loss.at >= from && loss.at <= to);
}

// --- caches and zones

/** An entry of a cache at an instant. */
export function entryAt(entry: CacheEntry, at: Instant): CacheEntryScene {
  const left = Math.max(0, between(at, entry.expiresAt)) as Duration;
  return { entry, left, fraction: entry.ttl === 0 ? 0 : clamp(left / seconds(entry.ttl)), expired: left === 0 };
}

/** What each zone holds at an instant, in the order in which the zones appeared. */
export function zonesAt(trace: Trace, at: Instant): ZoneScene[] {
  const zones = new Map<NameKey, ZoneScene>();
  for (const { at: since, zone, servers, records } of trace.zoneChanges)
    if (since <= at) zones.set(key(zone), { zone, servers, records, since });
  return [...zones.values()];
}

const clamp = (share: number): number => (share > 0 ? Math.min(1, share) : 0);
