/** When everything of a run begins and ends: machines, timers, packets under way. Worked out once per trace, for its scenes. */
import { between, type Instant, later, milliseconds } from '../base/time.ts';
import type { Dropped } from '../sim/packet.ts';
import { causesOf } from './causes.ts';
import { hostAt } from './describe.ts';
import { type Intervals, type Lived, makeIntervals } from './intervals.ts';
import { memoised } from './memo.ts';
import type {
  DecisionRecord,
  HostId,
  HostRecord,
  InstancePath,
  MachineId,
  PacketRecord,
  StateValue,
  StimulusRecord,
  Trace,
  TurnId,
} from './trace.ts';

export type HostState = 'up' | 'down' | 'refusing';

export interface Instance {
  readonly path: InstancePath;
  readonly host: HostId;
  readonly machine: MachineId;
  readonly title: string;
}

export interface Timer {
  readonly instance: InstancePath;
  readonly timer: string;
  readonly setAt: Instant;
  readonly due: Instant;
}

/** A packet's way from host to host. */
export interface Way {
  readonly packet: PacketRecord;
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

/** Turns and effects on one axis: effect `n` (counted from 1) of a turn. No turn has as many effects as this. */
const EFFECTS = 65_536;
export const placeOfEffect = (turn: TurnId, effect: number): number => turn * EFFECTS + effect;
const FOREVER = Number.POSITIVE_INFINITY;

/** A machine instance from its start to its end; a path may live several times. */
export interface Life {
  readonly instance: Instance;
  readonly begin: { readonly state: StateValue; readonly at: Instant };
  readonly moves: { readonly turn: TurnId; readonly move: number; readonly at: Instant; readonly state: StateValue }[];
  readonly decisions: { readonly place: number; readonly decision: DecisionRecord }[];
}

export interface Lifetimes {
  readonly hosts: readonly { readonly host: HostRecord; readonly changes: { place: number; state: HostState }[] }[];
  readonly instances: Intervals<Life>;
  readonly timers: Intervals<Timer>;
  readonly flights: Intervals<Way>;
  readonly readings: Intervals<Reading & { readonly turn: TurnId }>;
  readonly losses: readonly Loss[];
  readonly effectOfPacket: ReadonlyMap<number, number>;
}

export const lifetimesOf: (trace: Trace) => Lifetimes = memoised((trace) => ({
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

function indexTurns(trace: Trace): Pick<Lifetimes, 'hosts' | 'instances' | 'timers' | 'effectOfPacket'> {
  const lives: Lived<Life>[] = [];
  const alive = new Map<InstancePath, { life: Life; from: number }>();
  const timers: Lived<Timer>[] = [];
  const running = new Map<string, { from: number; value: Timer }>();
  const effectOfPacket = new Map<number, number>();
  const hosts = trace.hosts.map((host) => ({ host, changes: [] as { place: number; state: HostState }[] }));

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
  const begin = (instance: Instance, state: StateValue, at: Instant, from: number): void => {
    end(instance.path, from);
    alive.set(instance.path, { from, life: { instance, begin: { state, at }, moves: [], decisions: [] } });
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
): Life | undefined => alive.get(path)?.life ?? lives.findLast(({ value }) => value.instance.path === path)?.value;

function hostChange({ action, line }: StimulusRecord): HostState | undefined {
  if (action === 'start') return 'up';
  if (action !== 'stop') return undefined;
  return (line as { how?: string } | null)?.how === 'refusing' ? 'refusing' : 'down';
}

function flightOf(trace: Trace, packet: PacketRecord): Way {
  const { fate } = packet;
  const fromHost = trace.turns[packet.turn]?.host ?? '';
  const toHost = hostAt(trace, packet.to.address)?.id;
  const ends = toHost === undefined ? { fromHost } : { fromHost, toHost };
  if (fate.kind === 'dropped') return { packet, ...ends, due: fate.due, lostAt: lostAt(packet, fate) };
  return { packet, ...ends, due: fate.kind === 'delivered' ? fate.at : likelyArrival(trace, packet) };
}

const lostAt = (packet: PacketRecord, fate: Dropped): number => clamp((fate.at - packet.sentAt) / (fate.due - packet.sentAt));

/** When a packet that the run's end overtook would have arrived: as long after sending as others on the same way. */
function likelyArrival(trace: Trace, packet: PacketRecord): Instant {
  const other = trace.packets.find(
    (p) => p.fate.kind === 'delivered' && p.from.address === packet.from.address && p.to.address === packet.to.address,
  );
  return later(packet.sentAt, other ? between(other.sentAt, other.fate.at) : milliseconds(20));
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

/** A share of a whole, 0 to 1. */
export const clamp = (share: number): number => (share > 0 ? Math.min(1, share) : 0);
