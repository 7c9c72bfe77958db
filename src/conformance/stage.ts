/**
 * The stage on which a replay file is played: the resolver's host exactly as the lessons run it, on a clock that only the
 * file moves, with clients and scripted servers at the other end of its packets.
 *
 * Packets take no time. What the resolver asks waits in `pending` until the script answers it, or says that it times out.
 */

import { cut, wrap } from '../actors/driver/framing.ts';
import type { HostServices, Work } from '../actors/driver/running.ts';
import { makeRunningHost } from '../actors/driver/running.ts';
import { makeRuntime } from '../actors/driver/runtime.ts';
import { makeStreams } from '../actors/driver/streams.ts';
import type { HostDefinition } from '../actors/host.ts';
import type { Address, Endpoint } from '../base/address.ts';
import { endpointText } from '../base/address.ts';
import type { Duration, Instant } from '../base/time.ts';
import { later, START } from '../base/time.ts';
import type { Message } from '../dns/message.ts';
import { decode } from '../dns/wire/decode.ts';
import type { Connection, Step } from '../sim/connection.ts';
import { NOTHING } from '../sim/connection.ts';
import type { Outgoing, Packet, PacketId } from '../sim/packet.ts';
import { accept, open, receive, send } from '../sim/tcp.ts';
import { makeRecorder } from '../trace/recorder.ts';
import type { Cause, InstancePath, MessageId, Trace, TurnId } from '../trace/trace.ts';

/** A query of the resolver that nobody has answered yet. */
export interface Pending {
  readonly message: MessageId;
  readonly query: Message;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly transport: 'udp' | 'tcp';
  readonly instance: InstancePath;
}

export interface Stage {
  /** Oldest first. */
  readonly pending: Pending[];
  /** Every query that the resolver has sent. */
  readonly sent: Pending[];
  /** Responses to clients that no step has checked, oldest first. */
  readonly answers: Message[];
  /** A client asks. */
  ask(bytes: Uint8Array, client: Address, transport: 'udp' | 'tcp'): void;
  /** A scripted server answers a pending query. */
  answer(pending: Pending, bytes: Uint8Array): void;
  /** The resolver's own timer for that query rings, whatever the clock says. False when it has none. */
  timeOut(pending: Pending): boolean;
  /** The resolver's oldest timer for any query rings: for those whose response it threw away. False when it waits for none. */
  timeOutAny(): boolean;
  /** Moves the clock; what falls due on the way happens at its own instant. */
  pass(duration: Duration): void;
  trace(): Trace;
}

/** The resolver's timer that waits for an upstream response: only the script lets it ring. */
const RETRY = 'retryTimer';
/** Timers that the file's clock does not reach: resolution takes no time on this stage. */
const STOPPED = new Set([RETRY, 'patience', 'retransmit']);

interface Timer {
  readonly due: Instant;
  readonly work: Work;
  readonly name: string | undefined;
  readonly order: number;
}

/** Puts a host on the stage; `start` is the clock at the beginning. */
export function makeStage(definition: HostDefinition, name: string, start: Instant = START): Stage {
  const recorder = makeRecorder({ name, title: name, seed: 1 });
  const runtime = makeRuntime({ inspect: true });
  const timers = new Set<Timer>();
  const inbox: { readonly outgoing: Outgoing; readonly message: MessageId }[] = [];
  const peers = makePeers();
  const pending: Pending[] = [];
  const sent: Pending[] = [];
  const answers: Message[] = [];
  const streams = makeStreams();
  let now = start;
  let order = 0;
  let packets = 0;
  let messages = 0;
  let clientPort = 20_000;
  let currentTurn: TurnId = 0;
  let inTurn = false;
  let lastInstance: InstancePath = definition.id;

  const noting = {
    ...recorder,
    effect(effect: Parameters<typeof recorder.effect>[0]): void {
      if (effect.kind === 'transmit') lastInstance = effect.instance;
      recorder.effect(effect);
    },
  };

  const services: HostServices = {
    seed: 1,
    runtime,
    recorder: () => (inTurn ? noting : undefined),
    now: () => now,
    send(outgoing, message) {
      const packet = record(outgoing, message);
      if (outgoing.transport === 'tcp') {
        for (const event of peers.take(outgoing)) {
          if (event.kind === 'segment') inbox.push({ outgoing: event.packet, message: -1 });
          else heard(event.bytes, packet, messageOn(outgoing, event.octets), 'tcp');
        }
      } else heard(outgoing.payload, packet, message ?? -1, 'udp');
    },
    newMessage(fields) {
      const id = messages++;
      recorder.message({ ...fields, id, turn: currentTurn, sentAt: now });
      return id;
    },
    later(_host, due, work, timerName) {
      const timer: Timer = { due, work, name: timerName, order: order++ };
      timers.add(timer);
      return timer;
    },
    cancel: (handle) => void timers.delete(handle as Timer),
    concluded: () => {},
    putOnStream: streams.put,
    messageAt: streams.at,
    forgetStream: streams.forget,
    packet: () => Math.max(0, packets - 1) as PacketId,
  };
  const host = makeRunningHost(definition, services);

  const messageOn = (outgoing: Outgoing, octets: number): MessageId => services.messageAt(outgoing.from, outgoing.to, octets);

  function record(outgoing: Outgoing, message: MessageId | undefined): Packet {
    const packet: Packet = { ...outgoing, id: packets++ as PacketId, sentAt: now };
    recorder.packet(packet, currentTurn, message === -1 ? undefined : message, message !== undefined && message !== -1);
    recorder.fate({ kind: 'delivered', packet: packet.id, at: now, reasons: [] });
    return packet;
  }

  /** A whole message from the resolver has reached a client or a scripted server. */
  function heard(bytes: Uint8Array, packet: Packet, message: MessageId, transport: 'udp' | 'tcp'): void {
    const decoded = decode(bytes);
    if (!decoded.ok) return;
    if (decoded.message.flags.qr) answers.push(decoded.message);
    else {
      const query = { message, query: decoded.message, from: packet.from, to: packet.to, transport, instance: lastInstance };
      pending.push(query);
      sent.push(query);
    }
  }

  function turn(cause: Cause, work: () => void): void {
    currentTurn = recorder.beginTurn(now, definition.id, cause, undefined);
    inTurn = true;
    host.instances.beginTurn();
    work();
    inTurn = false;
    recorder.endTurn(true);
  }

  /** Hands over what has arrived, until nothing more follows from it at this instant. */
  function settle(): void {
    for (let budget = 0; ; budget++) {
      if (budget > 20_000) throw new Error('the resolver does not come to rest');
      const next = inbox.shift();
      if (next) {
        const packet = record(next.outgoing, next.message);
        const cause: Cause = { kind: 'packet', packet: packet.id, arrived: now };
        if (packet.transport === 'tcp') turn(cause, () => host.connections.receive(packet));
        else {
          const work = host.datagram(packet, next.message);
          if (work) turn(cause, () => host.work(work));
        }
        continue;
      }
      const due = nextTimer(now);
      if (!due) return;
      ring(due);
    }
  }

  function nextTimer(until: Instant): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.due > until || (timer.name !== undefined && STOPPED.has(timer.name))) continue;
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    }
    return first;
  }

  function ring(timer: Timer): void {
    timers.delete(timer);
    const instance = timer.work.kind === 'timer' ? timer.work.instance.path : definition.id;
    turn({ kind: 'timer', instance, timer: timer.name ?? 'thinking' }, () => host.work(timer.work));
  }

  /** The oldest of the resolver's timers that wait for a response and that `fits`. */
  function ringUpstream(fits: (timer: Timer) => boolean): boolean {
    const timer = [...timers].find((candidate) => candidate.name === RETRY && fits(candidate));
    if (!timer) return false;
    ring(timer);
    settle();
    return true;
  }

  function putMessage(
    from: Endpoint,
    to: Endpoint,
    bytes: Uint8Array,
    transport: 'udp' | 'tcp',
    answersTo?: MessageId,
  ): MessageId {
    const id = messages++;
    const about = answersTo === undefined ? {} : { answers: answersTo };
    recorder.message({
      id,
      protocol: 'dns',
      transport,
      from,
      to,
      fromHost: endpointText(from),
      toHost: definition.id,
      bytes,
      turn: 0,
      sentAt: now,
      ...about,
    });
    return id;
  }

  host.instances.startAll();
  settle();

  return {
    pending,
    sent,
    answers,
    ask(bytes, client, transport) {
      const from = { address: client, port: clientPort++ };
      const to = { address: definition.addresses[0] as Address, port: 53 };
      const message = putMessage(from, to, bytes, transport);
      if (transport === 'udp') inbox.push({ outgoing: { from, to, transport, payload: bytes }, message });
      else {
        services.putOnStream(from, to, message, bytes.length + 2);
        for (const packet of peers.ask(from, to, wrap('dns', bytes))) inbox.push({ outgoing: packet, message: -1 });
      }
      settle();
    },
    answer(query, bytes) {
      take(pending, query);
      const { from: to, to: from, transport } = query;
      const message = putMessage(from, to, bytes, transport, query.message);
      if (transport === 'udp') inbox.push({ outgoing: { from, to, transport, payload: bytes }, message });
      else {
        services.putOnStream(from, to, message, bytes.length + 2);
        for (const packet of peers.answer(from, to, wrap('dns', bytes))) inbox.push({ outgoing: packet, message: -1 });
      }
      settle();
    },
    timeOut(query) {
      take(pending, query);
      return ringUpstream((timer) => timer.work.kind === 'timer' && timer.work.instance.path === query.instance);
    },
    timeOutAny: () => ringUpstream(() => true),
    pass(duration) {
      const end = later(now, duration);
      for (let due = nextTimer(end); due; due = nextTimer(end)) {
        now = Math.max(now, due.due) as Instant;
        ring(due);
        settle();
      }
      now = end;
      settle();
    },
    trace: () => recorder.trace(now),
  };
}

function take<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}

type PeerEvent =
  | { readonly kind: 'segment'; readonly packet: Outgoing }
  | { readonly kind: 'message'; readonly bytes: Uint8Array /** Where it ends in the stream. */; readonly octets: number };

/** The far ends of the resolver's TCP connections: clients that ask and servers that answer. */
function makePeers() {
  const ends = new Map<string, { connection: Connection; received: Uint8Array; octets: number }>();
  const idOf = (local: Endpoint, remote: Endpoint): string => `${endpointText(local)} ${endpointText(remote)}`;

  function apply(id: string, step: Step): PeerEvent[] {
    const end = ends.get(id) ?? { connection: step.connection, received: NOTHING, octets: 0 };
    end.connection = step.connection;
    ends.set(id, end);
    const events: PeerEvent[] = step.segments.map((packet) => ({ kind: 'segment', packet }));
    end.received = concatenate(end.received, step.received);
    for (let found = cut('dns', end.received); found; found = cut('dns', end.received)) {
      end.octets += found.taken;
      end.received = end.received.subarray(found.taken);
      events.push({ kind: 'message', bytes: found.message, octets: end.octets });
    }
    return events;
  }

  const segmentsOf = (events: readonly PeerEvent[]): Outgoing[] =>
    events.flatMap((event) => (event.kind === 'segment' ? [event.packet] : []));

  return {
    /** A segment from the resolver has come. */
    take(packet: Outgoing): PeerEvent[] {
      const id = idOf(packet.to, packet.from);
      const known = ends.get(id);
      if (known) return apply(id, receive(known.connection, packet));
      const accepted = accept(packet, 1);
      return accepted ? apply(id, accepted) : [];
    },
    ask(local: Endpoint, remote: Endpoint, octets: Uint8Array): Outgoing[] {
      const id = idOf(local, remote);
      const opened = apply(id, open(local, remote, 1));
      return segmentsOf([...opened, ...apply(id, send((ends.get(id) as { connection: Connection }).connection, octets))]);
    },
    answer(local: Endpoint, remote: Endpoint, octets: Uint8Array): Outgoing[] {
      const id = idOf(local, remote);
      const known = ends.get(id);
      return known ? segmentsOf(apply(id, send(known.connection, octets))) : [];
    },
  };
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (b.length === 0) return a;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
