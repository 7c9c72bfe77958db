/** A host at work: its machine instances on top of its connections. Whoever owns the clock opens the turns and calls in. */
import type { EventObject } from 'xstate';
import type { Endpoint } from '../../base/address.ts';
import { type Duration, type Instant, later } from '../../base/time.ts';
import type { TcpTimer } from '../../sim/connection.ts';
import type { Outgoing, Packet } from '../../sim/packet.ts';
import { draw } from '../../sim/random.ts';
import type { Recorder } from '../../trace/recorder.ts';
import type { InstancePath, MessageId, MessageRecord } from '../../trace/trace.ts';
import { timerName } from '../chart.ts';
import type { EffectParams } from '../effects.ts';
import type { HostDefinition } from '../host.ts';
import { type Connections, type Link, makeConnections } from './connections.ts';
import { type Instance, type Instances, makeInstances, type NetworkRequest } from './instances.ts';
import type { Runtime } from './runtime.ts';

/** What a host does in a turn that no packet begins at this very instant. */
export type Work =
  | { readonly kind: 'event'; readonly to: InstancePath; readonly event: EventObject; readonly closes?: Link }
  | { readonly kind: 'timer'; readonly instance: Instance; readonly id: string; readonly event: EventObject }
  | { readonly kind: 'tcp-timer'; readonly link: Link; readonly timer: TcpTimer };

export interface RunningHost {
  readonly definition: HostDefinition;
  readonly instances: Instances;
  readonly connections: Connections;
  /** Counts the times the host was stopped: work of an earlier life is not done. */
  readonly life: number;
  /** What is to be done with a datagram when the host has thought; undefined when nobody takes it. */
  datagram(packet: Packet, message: MessageId): Work | undefined;
  /** Does some work, within a turn. */
  work(work: Work): void;
  /** Ends everything that runs, within a turn; with `reset` the other ends of connections are told. */
  stop(reset: boolean): void;
  /** Begins anew, within a turn; a host that runs goes on running. */
  start(): void;
}

/** What a running host needs from outside. */
export interface HostServices {
  readonly seed: number;
  readonly runtime: Runtime;
  recorder(): Recorder | undefined;
  now(): Instant;
  /** Puts a packet on the network. `message`: it is the first to carry (a part of) that. */
  send(outgoing: Outgoing, message: MessageId | undefined): void;
  newMessage(record: NewMessage): MessageId;
  /** Has the host do some work later. `timer` is its name when it is one. */
  later(host: RunningHost, due: Instant, work: Work, timer?: string): object;
  cancel(handle: object): void;
  concluded(path: InstancePath): void;
  /** Absent where there is no world beside the hosts. */
  trigger?(what: EffectParams['trigger']): void;
  /** A message on the stream of octets between two ends: remembered, and found again by the number of its last octet. */
  putOnStream(from: Endpoint, to: Endpoint, message: MessageId, octets: number): void;
  messageAt(from: Endpoint, to: Endpoint, octet: number): MessageId;
  forgetStream(from: Endpoint, to: Endpoint): void;
  /** The packet of the present turn. */
  packet(): Packet['id'];
}

export type NewMessage = Omit<MessageRecord, 'id' | 'toHost' | 'turn' | 'sentAt' | 'packets'>;

/** A host whose instances have not been started yet. */
export function makeRunningHost(definition: HostDefinition, services: HostServices): RunningHost {
  const { id, listening = [], receiver } = definition;
  let opened = 0;
  let life = 0;

  const instances = makeInstances(definition, {
    seed: services.seed,
    runtime: services.runtime,
    recorder: services.recorder,
    now: services.now,
    startTimer: (instance, timer, due, event) =>
      services.later(host, due, { kind: 'timer', instance, id: timer, event }, timerName(timer)),
    cancelTimer: services.cancel,
    perform,
    ended: (path) => connections.closeAllOf(path),
    concluded: services.concluded,
    trigger: (what) => services.trigger?.(what),
  });

  const connections = makeConnections(listening, {
    draw: (label) => draw(services.seed, `${id}/${label}`, opened++),
    send: services.send,
    startTimer: (link, timer, after) =>
      services.later(host, later(services.now(), after), { kind: 'tcp-timer', link, timer }, timer),
    cancelTimer: services.cancel,
    arrived(link, message, bytes) {
      const { remote, local } = link.connection;
      const packet = services.packet();
      tellLater(link, definition.thinking, {
        kind: 'event',
        to: link.owner,
        event: { type: 'received', connection: link.id, from: remote, to: local, bytes, packet, message } as EventObject,
      });
    },
    tell(link, event) {
      const closes = event.type === 'disconnected' ? { closes: link } : {};
      const work: Work = { kind: 'event', to: link.owner, event, ...closes };
      if (link.busyUntil > services.now()) tellLater(link, 0 as Duration, work);
      else host.work(work);
    },
    messageAt: services.messageAt,
    forgetStream: services.forgetStream,
  });

  function tellLater(link: Link, after: Duration, work: Work): void {
    const due = Math.max(link.busyUntil, later(services.now(), after)) as Instant;
    link.busyUntil = due;
    services.later(host, due, work);
  }

  function perform(path: InstancePath, request: NetworkRequest): void {
    const recorder = services.recorder();
    if (request.type === 'transmit') transmit(path, request.params);
    else if (request.type === 'open') {
      const { connection, to } = request.params;
      recorder?.effect({ kind: 'open', instance: path, connection, to });
      connections.open(path, request.params);
    } else {
      const { connection } = request.params;
      const link = connections.find(connection);
      if (!link || link.done) return;
      recorder?.effect({ kind: 'close', instance: path, connection, to: link.connection.remote });
      connections.close(connection);
    }
  }

  function transmit(path: InstancePath, params: EffectParams['transmit']): void {
    const { bytes, answers } = params;
    const about = answers === undefined ? {} : { answers };
    if (params.connection === undefined) {
      const { from, to } = params;
      const message = services.newMessage({ protocol: 'dns', transport: 'udp', from, to, fromHost: id, bytes, ...about });
      services.recorder()?.effect({ kind: 'transmit', instance: path, message });
      services.send({ from, to, transport: 'udp', payload: bytes }, message);
      return;
    }
    const link = connections.find(params.connection);
    // Nothing is sent on a connection that has ended; its owner has been told, or is about to be.
    if (!link || link.connection.closing || link.connection.state === 'closed') return;
    const { local: from, remote: to } = link.connection;
    const message = services.newMessage({ protocol: link.framing, transport: 'tcp', from, to, fromHost: id, bytes, ...about });
    services.recorder()?.effect({ kind: 'transmit', instance: path, message });
    services.putOnStream(from, to, message, bytes.length + (link.framing === 'dns' ? 2 : 0));
    connections.transmit(link, bytes, message);
  }

  const host: RunningHost = {
    definition,
    instances,
    connections,
    get life() {
      return life;
    },
    datagram({ id: packet, from, to, payload: bytes }, message) {
      if (receiver === undefined || !instances.has(receiver)) return undefined;
      return { kind: 'event', to: receiver, event: { type: 'datagram', from, to, bytes, packet, message } as EventObject };
    },
    work(work) {
      if (work.kind === 'timer') instances.rang(work.instance, work.id, work.event);
      else if (work.kind === 'tcp-timer') connections.rang(work.link, work.timer);
      else {
        // Who has closed a connection need not hear that it is over.
        if (!work.closes?.done) instances.hand(work.to, work.event);
        if (work.closes) connections.finish(work.closes);
      }
    },
    stop(reset) {
      life++;
      connections.drop(reset);
      connections.setListening(false);
      instances.stopAll();
    },
    start() {
      if (instances.running().length > 0) return;
      connections.setListening(true);
      instances.startAll();
    },
  };
  return host;
}
