/**
 * The simulation: one clock, one queue, one network, and the hosts. Takes what is due, hands it to a host as one turn, and
 * has it written down. Hosts reach one another through the network and in no other way.
 */
import type { Address } from '../../base/address.ts';
import { type Instant, later, START } from '../../base/time.ts';
import { makeNetwork, type Network } from '../../sim/network.ts';
import type { PacketId } from '../../sim/packet.ts';
import { type EventQueue, makeQueue, type Queued } from '../../sim/queue.ts';
import type { Rule } from '../../sim/rules.ts';
import { makeRecorder } from '../../trace/recorder.ts';
import type { Cause, HostId, InstancePath, MessageId, StimulusId, Trace, TurnId, ZoneChange } from '../../trace/trace.ts';
import { timerName } from '../chart.ts';
import type { EffectParams } from '../effects.ts';
import type { HostDefinition } from '../host.ts';
import type { Reaction, Stimulus, World } from '../world.ts';
import { makeAgenda } from './agenda.ts';
import { hostRecord } from './hostRecord.ts';
import { type HostServices, makeRunningHost, type RunningHost, type Work } from './running.ts';
import { makeRuntime, type Witness } from './runtime.ts';
import { makeStreams } from './streams.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly hosts: readonly HostDefinition[];
  /** What the network does to packets, from the start. */
  readonly rules?: readonly { readonly name: string; readonly rule: Rule }[];
  /** In the order of their ids; those of "What if" last. */
  readonly stimuli?: readonly Stimulus[];
  /** What happens in the world when a machine asks for `trigger`, by the name that it gives. */
  readonly reactions?: ReadonlyMap<string, Reaction>;
  /** What the zones' servers hold at the start, for the record. */
  readonly zones?: readonly Omit<ZoneChange, 'at'>[];
  /** Names the trace. Without it nothing is recorded, which is faster. */
  readonly record?: { readonly name: string; readonly title: string };
  /** The most turns that the run may take: a million unless told. */
  readonly budget?: number;
  /** Sees every macrostep of every machine; for tests that compare ways of driving them. */
  readonly witness?: Witness;
}

export interface Simulation {
  now(): Instant;
  readonly network: Network;
  /** Goes on until no stimulus and no client's work is left, or until that instant. */
  run(until?: Instant): void;
  /** Lets everything happen that is due up to an instant, timers that ring for ever included, and stays there. */
  advance(until: Instant): void;
  /** When the next thing happens; undefined when nothing is planned. */
  next(): Instant | undefined;
  /** Has somebody outside of all hosts do something to the world, at this instant. */
  act(work: (world: World) => void): void;
  /** What has been recorded so far; throws when nothing is. */
  trace(): Trace;
}

/** A simulation at its start: hosts up, machines settled, nothing has happened yet. */
export function makeSimulation(options: SimulationOptions): Simulation {
  const { seed, budget = 1_000_000, record } = options;
  const recorder = record && makeRecorder({ ...record, seed });
  const runtime = makeRuntime({ inspect: record !== undefined, ...(options.witness ? { witness: options.witness } : {}) });
  const queue: EventQueue<Item> = makeQueue();
  const hosts = new Map<HostId, Site>();
  const byAddress = new Map<Address, Site>();
  const streams = makeStreams();

  let now: Instant = START;
  let turn: OpenTurn | undefined;
  let turns = 0;
  let messages = 0;
  /** How many items of the queue keep the run going. */
  let foreground = 0;
  /** What the present turn has triggered, and how many reactions have led to one another. */
  let triggered: EffectParams['trigger'][] = [];
  let depth = 0;
  /** The message that the packet just being sent carries. */
  let carrying: MessageId | undefined;

  function push(due: Instant, item: Item): Queued<Item> {
    if (!item.background) foreground++;
    if (turn) turn.keep = true;
    return queue.push(due, item, item.kind === 'stimulus' ? STIMULI_FIRST : OTHERS);
  }

  const network = makeNetwork({
    seed,
    schedule(at, packet) {
      const background = turn?.background === true;
      push(at, { kind: 'packet', background, causedBy: turn?.id, packet, message: carrying });
    },
    fate: (fate) => recorder?.fate(fate),
    made: (copy) => recorder?.packet(copy, turnId(), carrying, false),
  });

  const turnId = (): TurnId => {
    if (!turn) throw new Error('a host sends before anything has happened');
    return turn.id ?? 0;
  };

  const services: HostServices = {
    seed,
    runtime,
    recorder: () => (turn ? recorder : undefined),
    now: () => now,
    send(outgoing, message) {
      carrying = message;
      const packet = network.send(outgoing, now);
      carrying = undefined;
      if (!recorder) return;
      recorder.packet(packet, turnId(), message, message !== undefined);
      if (message === undefined || message !== turn?.message) recorder.effect({ kind: 'segment', packet: packet.id });
    },
    newMessage(fields) {
      const id = messages++;
      if (turn) turn.message = id;
      const to = byAddress.get(fields.to.address)?.definition.id;
      recorder?.message({ ...fields, id, turn: turnId(), sentAt: now, ...(to === undefined ? {} : { toHost: to }) });
      return id;
    },
    later(host, due, work, timer) {
      const background = turn?.background || (timer !== undefined && recurs(host, timer));
      return push(due, { kind: 'work', background, causedBy: turn?.id, host, work, life: host.life, cause: causeOf(work) });
    },
    cancel(handle) {
      const item = handle as Queued<Item>;
      if (queue.cancel(item) && !item.payload.background) foreground--;
    },
    concluded: (path) => agenda.concluded(path),
    trigger: (what) => void triggered.push(what),
    putOnStream: streams.put,
    messageAt: streams.at,
    forgetStream: streams.forget,
    packet: () => (turn?.cause.kind === 'packet' ? turn.cause.packet : (-1 as PacketId)),
  };

  /** A timer is its own cause; anything else that a host does later follows from the packet that it is handling. */
  const causeOf = (work: Work): Cause =>
    work.kind === 'timer'
      ? { kind: 'timer', instance: work.instance.path, timer: timerName(work.id) }
      : work.kind === 'tcp-timer'
        ? { kind: 'timer', instance: work.link.owner, timer: work.timer }
        : (turn?.cause ?? NO_CAUSE);

  function takeTurn(host: RunningHost, cause: Cause, from: Origin, keep: boolean, work: () => void): void {
    if (++turns > budget) throw new Error(`the run takes more than ${budget} turns: fewer visits or a shorter time would do`);
    turn = { id: recorder?.beginTurn(now, host.definition.id, cause, from.causedBy), cause, background: from.background, keep };
    host.instances.beginTurn();
    work();
    const { id, background } = turn;
    recorder?.endTurn(turn.keep);
    turn = undefined;
    const due = triggered;
    triggered = [];
    for (const { name, about } of due) react(name, about, cause, { causedBy: id, background });
  }

  /** Reactions follow the turn that triggered them, at the same instant. */
  function react(name: string, about: unknown, cause: Cause, from: Origin): void {
    if (depth === REACTION_BUDGET) throw new Error(`reactions lead to one another without end: "${name}"`);
    depth++;
    options.reactions?.get(name)?.(worldFor(cause, from), about);
    depth--;
  }

  function arrive(item: PacketItem): void {
    const packet = network.due(item.packet, now);
    const site = packet && byAddress.get(packet.to.address);
    if (!packet || !site) return;
    const host = running(site);
    const cause: Cause = { kind: 'packet', packet: packet.id, arrived: now };
    if (packet.transport === 'tcp') {
      takeTurn(host, cause, item, false, () => host.connections.receive(packet));
      return;
    }
    const work = host.datagram(packet, item.message ?? -1);
    if (!work) return;
    const { background, causedBy } = item;
    push(later(now, host.definition.thinking), { kind: 'work', background, causedBy, host, work, life: host.life, cause });
  }

  const agenda = makeAgenda(options.stimuli ?? [], {
    now: () => now,
    schedule: (stimulus, at) => void push(at, { kind: 'stimulus', background: false, stimulus }),
    record: (stimulus) => recorder?.stimulus(stimulus),
    worldFor: (stimulus, hands) => worldFor({ kind: 'stimulus', stimulus }, { causedBy: undefined, background: false }, hands),
  });

  function worldFor(cause: Cause, from: Origin, hands?: (path: InstancePath) => void): World {
    const onHost = (id: HostId, work: (host: RunningHost) => void): void => {
      const site = hosts.get(id);
      if (!site) throw new Error(`there is no host "${id}"`);
      const host = running(site);
      takeTurn(host, cause, from, true, () => work(host));
    };
    const stimulus = cause.kind === 'stimulus' && hands ? { stimulus: cause.stimulus } : {};
    return {
      at: now,
      network,
      hand: (id, path, event) =>
        onHost(id, ({ instances }) => {
          if (instances.has(path)) hands?.(path);
          instances.hand(path, event);
        }),
      tell: (id, path, event) => onHost(id, ({ instances }) => void instances.hand(path, event)),
      forget: (id, what) => onHost(id, ({ instances }) => instances.forget(id, what)),
      stop: (id, how) =>
        onHost(id, (host) => {
          host.stop(how === 'refusing');
          for (const address of host.definition.addresses) network.setHost(address, how === 'down' ? 'down' : 'up');
        }),
      start: (id) =>
        onHost(id, (host) => {
          for (const address of host.definition.addresses) network.setHost(address, 'up');
          host.start();
        }),
      zoneChanged: (change) => recorder?.zoneChange({ ...change, at: now, ...stimulus }),
    };
  }

  /** Makes a host's machines if nothing has made them yet, as they would have been at the start. */
  function running(site: Site): RunningHost {
    if (site.host) return site.host;
    const at = now;
    now = START;
    site.host = makeRunningHost(site.definition, services);
    site.host.instances.startAll();
    now = at;
    return site.host;
  }

  /** What is due first in the queue. */
  function happen({ due, payload: item }: Queued<Item>): void {
    queue.pop();
    now = due;
    if (!item.background) foreground--;
    if (item.kind === 'packet') arrive(item);
    else if (item.kind === 'stimulus') agenda.apply(item.stimulus);
    else if (item.life === item.host.life)
      takeTurn(item.host, item.cause, item, !isTcpOnly(item.work), () => item.host.work(item.work));
  }

  for (const definition of options.hosts) {
    const site: Site = { definition, host: undefined };
    hosts.set(definition.id, site);
    for (const address of definition.addresses) {
      byAddress.set(address, site);
      network.setHost(address, 'up');
    }
    const described = hostRecord(definition, () => running(site));
    recorder?.host(described);
  }
  for (const { name, rule } of options.rules ?? []) network.addRule(name, rule);
  for (const zone of options.zones ?? []) recorder?.zoneChange({ ...zone, at: now });
  agenda.begin();

  return {
    now: () => now,
    network,
    run(until) {
      for (;;) {
        if (foreground === 0 && !agenda.hurry()) return;
        const next = queue.peek();
        if (!next || (until !== undefined && next.due > until)) return;
        happen(next);
      }
    },
    advance(until) {
      for (let next = queue.peek(); next && next.due <= until; next = queue.peek()) {
        happen(next);
        if (foreground === 0) agenda.hurry();
      }
      if (until > now) now = until;
    },
    next: () => queue.peek()?.due,
    act: (work) => work(worldFor(NO_CAUSE, { causedBy: undefined, background: false })),
    trace() {
      if (!recorder) throw new Error('nothing was recorded');
      return recorder.trace(now);
    },
  };
}

/** A host of the simulation. Its machines are made when it is first handed something: most hosts of a world never are. */
interface Site {
  readonly definition: HostDefinition;
  host: RunningHost | undefined;
}

/** Why an item is in the queue, and whether it keeps the run going. */
interface Origin {
  readonly causedBy: TurnId | undefined;
  readonly background: boolean;
}

type Item = PacketItem | WorkItem | { readonly kind: 'stimulus'; readonly background: false; readonly stimulus: StimulusId };

interface PacketItem extends Origin {
  readonly kind: 'packet';
  readonly packet: PacketId;
  readonly message: MessageId | undefined;
}

interface WorkItem extends Origin {
  readonly kind: 'work';
  readonly host: RunningHost;
  readonly work: Work;
  readonly life: number;
  readonly cause: Cause;
}

interface OpenTurn {
  readonly background: boolean;
  readonly cause: Cause;
  readonly id: TurnId | undefined;
  /** Whether it is recorded even when nothing is seen to happen. */
  keep: boolean;
  /** The message that was made last. */
  message?: MessageId;
}

/** Ranks in the queue: at one instant, what the scenario does comes first. */
const STIMULI_FIRST = 0;
const OTHERS = 1;

/** How many reactions may lead to one another. */
const REACTION_BUDGET = 16;

const NO_CAUSE: Cause = { kind: 'stimulus', stimulus: -1 };

/** Timers that ring for ever, or when nobody cares any more. */
const recurs = ({ definition }: RunningHost, timer: string): boolean =>
  timer === 'time-wait' || definition.background?.includes(timer) === true;

/** Work of TCP's own: a turn in which nothing comes of it leaves no record. */
const isTcpOnly = (work: Work): boolean => work.kind === 'tcp-timer' || (work.kind === 'event' && work.closes !== undefined);
