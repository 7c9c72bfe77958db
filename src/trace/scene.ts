/**
 * The whole simulation as it stands at one position of a trace: a pure function, as quick backwards as forwards.
 *
 * A position is an instant and, inside a cascade that takes no time, a turn and a move of that turn. The answer is worked
 * out from an index that is built once per trace, in O(log n) plus the size of what is alive at that instant.
 */
import { between, type Duration, type Instant, seconds } from '../base/time.ts';
import { key, type Name, type NameKey } from '../dns/name.ts';
import type { ResourceRecord } from '../dns/record.ts';
import { cacheHistories, entriesAt } from './caches.ts';
import { lastIndexWhere } from './intervals.ts';
import {
  clamp,
  type HostState,
  type Instance,
  type Life,
  type Lifetimes,
  type Loss,
  lifetimesOf,
  placeOfEffect,
  type Reading,
  type Timer,
  type Way,
} from './lifetimes.ts';
import { type StepAt, stepsAt, type Visit } from './steps.ts';
import type {
  CacheEntry,
  CacheId,
  DecisionRecord,
  HostId,
  HostRecord,
  MessageId,
  Move,
  PacketRecord,
  StateValue,
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
  readonly state: HostState;
}

export interface InstanceScene extends Instance {
  readonly state: StateValue;
  /** When it last moved. */
  readonly since: Instant;
  /** The last decision it took. */
  readonly decision?: DecisionRecord;
}

export interface Flight extends Way {
  /** How much of the way is behind it, 0 to 1. */
  readonly fraction: number;
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

export interface TimerScene extends Timer {
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
  const index = lifetimesOf(trace);
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
  const index = lifetimesOf(trace);
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

// --- machines and packets

function instanceAt({ instance, begin, moves, decisions }: Life, cursor: Cursor): InstanceScene {
  const last =
    moves[lastIndexWhere(moves, (move) => move.turn < cursor.turn || (move.turn === cursor.turn && move.move <= cursor.moves))];
  const place = placeOfEffect(cursor.turn, cursor.effects);
  const decision = decisions[lastIndexWhere(decisions, (one) => one.place <= place)]?.decision;
  return { ...instance, state: last?.state ?? begin.state, since: last?.at ?? begin.at, ...(decision ? { decision } : {}) };
}

const flightAt = (flight: Way, at: Instant): Flight => ({
  ...flight,
  fraction: clamp((at - flight.packet.sentAt) / (flight.due - flight.packet.sentAt)),
});

/** Whether a packet of this very instant has been sent at the cursor. */
function hasSent(packet: PacketRecord, { effectOfPacket }: Lifetimes, cursor: Cursor, at: Instant): boolean {
  if (packet.turn !== cursor.turn) return packet.turn < cursor.turn || packet.sentAt < at;
  return (effectOfPacket.get(packet.copyOf ?? packet.id) ?? 0) <= cursor.effects;
}

function lossesBetween({ losses }: Lifetimes, from: Instant, to: Instant): readonly Loss[] {
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
