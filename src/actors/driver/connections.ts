/**
 * The TCP of one host: keeps its connections, hands segments to them, and tells the machines what concerns them.
 * How a connection behaves is in `sim/tcp.ts`; here is only what its steps lead to.
 */
import type { Endpoint } from '../../base/address.ts';
import { type Reason, reason } from '../../base/reason.ts';
import type { Duration, Instant } from '../../base/time.ts';
import type { Connection, Notice, Step, TcpTimer } from '../../sim/connection.ts';
import type { Outgoing, Packet } from '../../sim/packet.ts';
import { ahead, resetFor } from '../../sim/segment.ts';
import * as tcp from '../../sim/tcp.ts';
import type { InstancePath, MessageId } from '../../trace/trace.ts';
import type { ConnectionId, EffectParams, Framing } from '../effects.ts';
import type { Listening } from '../host.ts';
import { cut, wrap } from './framing.ts';

/** What the connections of a host need from outside. */
export interface ConnectionServices {
  /** A number in [0, 1): where a connection's octets begin to be counted. */
  draw(label: string): number;
  /** Sends a segment; `message` when it is the first to carry (a part of) that. */
  send(segment: Outgoing, message: MessageId | undefined): void;
  startTimer(link: Link, timer: TcpTimer, after: Duration): object;
  cancelTimer(handle: object): void;
  /** A whole message has come; it is to be handed to the link's owner when the host has thought. */
  arrived(link: Link, message: MessageId, bytes: Uint8Array): void;
  /** Tells the owner at once, or after the messages that it is still thinking about. */
  tell(link: Link, event: LinkEvent): void;
  /** Which message the other end put into the stream up to this octet. */
  messageAt(from: Endpoint, to: Endpoint, octet: number): MessageId;
  /** The stream from one end to the other is a new one, or is over: what is known of it can be forgotten. */
  forgetStream(from: Endpoint, to: Endpoint): void;
}

export type LinkEvent =
  | { readonly type: 'accepted'; readonly connection: ConnectionId; readonly from: Endpoint; readonly to: Endpoint }
  | { readonly type: 'connected'; readonly connection: ConnectionId }
  | { readonly type: 'disconnected'; readonly connection: ConnectionId; readonly reason: Reason };

/** One end of a TCP connection, with what the program above it needs. */
export interface Link {
  readonly id: ConnectionId;
  readonly owner: InstancePath;
  readonly framing: Framing;
  /** Whether the other end opened it. */
  readonly passive: boolean;
  connection: Connection;
  /** What has arrived and is no whole message yet. */
  inbox: Uint8Array;
  /** Octets of the other end's stream that have been cut into messages. */
  read: number;
  /** Messages given to the connection: the sequence number behind each one's last octet. */
  outgoing: { readonly message: MessageId; readonly end: number }[];
  /** The owner wants no more of it, or knows that it is over. */
  done: boolean;
  /** When the last message is handed to the owner that came so far. */
  busyUntil: Instant;
  readonly timers: Map<TcpTimer, object>;
}

export interface Connections {
  open(owner: InstancePath, request: EffectParams['open']): void;
  /** Sends on a connection that is neither closing nor closed. */
  transmit(link: Link, bytes: Uint8Array, message: MessageId): void;
  close(id: ConnectionId): void;
  /** The link of that name, for whoever needs its ends. */
  find(id: ConnectionId): Link | undefined;
  /** A segment has arrived at this host. */
  receive(packet: Packet): void;
  rang(link: Link, timer: TcpTimer): void;
  /** The owner has been told that the other end has closed: close this one too. */
  finish(link: Link): void;
  /** Closes what an instance had open. */
  closeAllOf(owner: InstancePath): void;
  /** Every connection vanishes; with `reset` the other ends are told so. */
  drop(reset: boolean): void;
  /** From now on nothing listens, or all that did listens again. */
  setListening(on: boolean): void;
}

/** The connections of a host. */
export function makeConnections(listening: readonly Listening[], services: ConnectionServices): Connections {
  const byEnds = new Map<string, Link>();
  const byId = new Map<ConnectionId, Link>();
  let accepted = 0;
  let isListening = true;

  function add(id: ConnectionId, { owner, framing, passive }: Pick<Link, 'owner' | 'framing' | 'passive'>, step: Step): Link {
    const link: Link = {
      id,
      owner,
      framing,
      passive,
      connection: step.connection,
      inbox: new Uint8Array(0),
      read: 0,
      outgoing: [],
      done: false,
      busyUntil: 0 as Instant,
      timers: new Map(),
    };
    const { local, remote } = step.connection;
    services.forgetStream(local, remote);
    byEnds.set(endsKey(local, remote), link);
    byId.set(id, link);
    return link;
  }

  function remove(link: Link): void {
    for (const handle of link.timers.values()) services.cancelTimer(handle);
    link.timers.clear();
    const { local, remote } = link.connection;
    if (byEnds.get(endsKey(local, remote)) === link) {
      byEnds.delete(endsKey(local, remote));
      services.forgetStream(remote, local);
    }
    if (byId.get(link.id) === link) byId.delete(link.id);
  }

  function follow(link: Link, step: Step): void {
    const sentBefore = link.connection.next;
    link.connection = step.connection;
    for (const segment of step.segments) services.send(segment, firstCarried(link, segment, sentBefore));
    for (const { timer, after } of step.timers) setTimer(link, timer, after);
    if (step.received.length > 0) read(link, step.received);
    for (const notice of step.notices) heed(link, notice);
    if (link.connection.state === 'closed') remove(link);
  }

  function setTimer(link: Link, timer: TcpTimer, after: Duration | undefined): void {
    const running = link.timers.get(timer);
    if (running) services.cancelTimer(running);
    link.timers.delete(timer);
    if (after !== undefined) link.timers.set(timer, services.startTimer(link, timer, after));
  }

  function read(link: Link, octets: Uint8Array): void {
    link.inbox = link.inbox.length === 0 ? octets : concatenate(link.inbox, octets);
    const { local, remote } = link.connection;
    for (let found = cut(link.framing, link.inbox); found; found = cut(link.framing, link.inbox)) {
      link.read += found.taken;
      link.inbox = link.inbox.subarray(found.taken);
      if (!link.done) services.arrived(link, services.messageAt(remote, local, link.read), found.message);
    }
  }

  function heed(link: Link, notice: Notice): void {
    const { id, connection, passive } = link;
    if (notice.kind === 'connected')
      services.tell(
        link,
        passive
          ? { type: 'accepted', connection: id, from: connection.remote, to: connection.local }
          : { type: 'connected', connection: id },
      );
    else if (notice.kind !== 'closed' && !link.done) {
      const why = notice.kind === 'failed' ? notice.reason : CLOSED;
      services.tell(link, { type: 'disconnected', connection: id, reason: why });
    }
  }

  const close = (link: Link): void => {
    link.done = true;
    if (!link.connection.closing) follow(link, tcp.close(link.connection));
  };

  const sequenceFor = (local: Endpoint, remote: Endpoint): number =>
    Math.floor(services.draw(`isn ${endsKey(local, remote)}`) * 2 ** 32);

  return {
    open(owner, { connection, from, to, framing }) {
      const step = tcp.open(from, to, sequenceFor(from, to));
      follow(add(connection, { owner, framing, passive: false }, step), step);
    },
    transmit(link, bytes, message) {
      const framed = wrap(link.framing, bytes);
      const { unacknowledged, outbox, state } = link.connection;
      // Before the connection stands, the SYN takes one number in front of the first octet.
      const first = state === 'syn-sent' || state === 'syn-received' ? unacknowledged + 1 : unacknowledged;
      link.outgoing.push({ message, end: (first + outbox.length + framed.length) >>> 0 });
      follow(link, tcp.send(link.connection, framed));
    },
    close(id) {
      const link = byId.get(id);
      if (link) close(link);
    },
    find: (id) => byId.get(id),
    receive(packet) {
      const link = byEnds.get(endsKey(packet.to, packet.from));
      if (link) {
        follow(link, tcp.receive(link.connection, packet));
        return;
      }
      const at = isListening ? listening.find(({ port }) => port === packet.to.port) : undefined;
      const step = at && tcp.accept(packet, sequenceFor(packet.to, packet.from));
      if (at && step) {
        const { instance: owner, framing } = at;
        follow(add(`in${++accepted}`, { owner, framing, passive: true }, step), step);
        return;
      }
      const reset = resetFor(packet);
      if (reset) services.send(reset, undefined);
    },
    rang(link, timer) {
      link.timers.delete(timer);
      follow(link, tcp.expire(link.connection, timer));
    },
    finish: close,
    closeAllOf(owner) {
      for (const link of [...byId.values()]) if (link.owner === owner && !link.done) close(link);
    },
    drop(reset) {
      for (const link of [...byEnds.values()]) {
        if (reset) for (const segment of tcp.abort(link.connection).segments) services.send(segment, undefined);
        remove(link);
      }
    },
    setListening(on) {
      isListening = on;
    },
  };
}

/** Both ends as a key. */
export const endsKey = (local: Endpoint, remote: Endpoint): string =>
  `${local.address} ${local.port} ${remote.address} ${remote.port}`;

/** The message whose octets a segment is the first to carry. */
function firstCarried(link: Link, { tcp: header, payload }: Outgoing, sentBefore: number): MessageId | undefined {
  if (!header || payload.length === 0 || ahead(sentBefore, header.sequence) < 0) return undefined;
  link.outgoing = link.outgoing.filter(({ end }) => ahead(header.sequence, end) > 0);
  return link.outgoing[0]?.message;
}

const CLOSED = reason('closed', 'The other end has closed the connection.', 'RFC 9293 §3.6');

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
