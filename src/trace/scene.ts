/**
 * The whole simulation as it stands at one position of a trace: a pure function, as quick backwards as forwards.
 *
 * A position is an instant and, inside a cascade that takes no time, a turn and a move of that turn. The answer is worked
 * out from an index that is built once per trace, in O(log n) plus the size of what is alive at that instant.
 */
import type { Duration, Instant } from '../base/time.ts';
import type { Name } from '../dns/name.ts';
import type { ResourceRecord } from '../dns/record.ts';
import type { StepAt, Visit } from './steps.ts';
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
  Trace,
  Turn,
  TurnId,
} from './trace.ts';

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
export declare function sceneAt(trace: Trace, position: Position): Scene;
/** Turns, moves: used by the message list of a position. */
export declare function messagesUpTo(trace: Trace, position: Position): readonly MessageId[];
