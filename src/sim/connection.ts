/**
 * What one end of a TCP connection remembers, and how a step from one such state to the next is put together. The events
 * that cause steps are in tcp.ts.
 */

import type { Endpoint } from '../base/address.ts';
import type { Reason } from '../base/reason.ts';
import { type Duration, microseconds, seconds } from '../base/time.ts';
import type { Outgoing, TcpFlags } from './packet.ts';
import { advance, ahead, flags, maximumSegmentSize } from './segment.ts';

/** The states of RFC 9293 §3.3.2; a listener is not a connection, so LISTEN is missing. */
export type TcpState =
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'closing'
  | 'time-wait'
  | 'close-wait'
  | 'last-ack'
  | 'closed';

/** One end of a connection: a value; every event makes a new one. */
export interface Connection {
  readonly state: TcpState;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The oldest number sent and not acknowledged (SND.UNA). */
  readonly unacknowledged: number;
  /** The next number to send (SND.NXT). */
  readonly next: number;
  /** The program's octets from `unacknowledged` on: first those in flight, then those not yet sent. */
  readonly outbox: Uint8Array;
  /** The program has closed its direction: a FIN follows the outbox. */
  readonly closing: boolean;
  /** How often the oldest segment in flight has been sent. */
  readonly tries: number;
  /** The next number expected from the other end (RCV.NXT). */
  readonly expected: number;
  /** What came too early, waiting for what is missing before it. */
  readonly held: readonly Held[];
}

/** The content of a segment that came out of order. */
export interface Held {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly fin: boolean;
}

/** What the program is told. */
export type Notice =
  | { readonly kind: 'connected' }
  /** No more octets will come from the other end. */
  | { readonly kind: 'peer-closed' }
  /** Both directions have ended in order. */
  | { readonly kind: 'closed' }
  /** The connection is gone. The reason's rule: 'connection-refused', 'connection-reset' or 'connection-timed-out'. */
  | { readonly kind: 'failed'; readonly reason: Reason };

export type TcpTimer = 'retransmit' | 'time-wait';

/** A timer to be set, in place of a running one of its name, or stopped. */
export interface TimerChange {
  readonly timer: TcpTimer;
  /** Time until it rings; absent when it is to be stopped. */
  readonly after?: Duration;
}

/** What follows from one event. */
export interface Step {
  readonly connection: Connection;
  /** To be sent now, in this order. */
  readonly segments: readonly Outgoing[];
  /** The next octets of the other end's stream, in order; to be read before a 'peer-closed' or 'closed' of the same step. */
  readonly received: Uint8Array;
  readonly notices: readonly Notice[];
  readonly timers: readonly TimerChange[];
}

/**
 * Octets that each end takes beyond what it has acknowledged. Programs here read at once, so the window never closes and
 * need not be probed.
 */
export const WINDOW = 65_535;

/** RFC 6298 §2: one second before anything is measured. Nothing is measured here, so it stays at that. */
const RETRANSMIT_AFTER: Duration = seconds(1);

/** How long an end that closed first still answers a FIN that comes again: twice a maximum segment lifetime of 30 s. */
const TIME_WAIT: Duration = seconds(60);

export const NOTHING = new Uint8Array(0);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A step being put together. */
export interface Draft {
  readonly before: Connection | undefined;
  readonly connection: Mutable<Connection>;
  readonly segments: Outgoing[];
  received: Uint8Array;
  readonly notices: Notice[];
  readonly timers: TimerChange[];
}

/** Starts a step from a connection; with 'new', from nothing to this connection. */
export const begin = (connection: Connection, age: 'new' | 'known' = 'known'): Draft => ({
  before: age === 'new' ? undefined : connection,
  connection: { ...connection },
  segments: [],
  received: NOTHING,
  notices: [],
  timers: [],
});

/**
 * Completes a step: the retransmission timer runs exactly while something is in flight, and starts anew when its oldest
 * part has been acknowledged (RFC 6298 §5) or, doubled for each try, when it has rung.
 */
export function finish(draft: Draft, rung = false): Step {
  const { before, connection, timers } = draft;
  const ran = before !== undefined && inFlight(before) > 0;
  const runs = inFlight(connection) > 0;
  const fresh = !ran || before.unacknowledged !== connection.unacknowledged;
  if (runs && fresh) connection.tries = 1;
  if (runs && (fresh || rung)) {
    timers.push({ timer: 'retransmit', after: microseconds(RETRANSMIT_AFTER * 2 ** (connection.tries - 1)) });
  } else if (ran && !runs && !rung) timers.push({ timer: 'retransmit' });
  return { connection, segments: draft.segments, received: draft.received, notices: draft.notices, timers };
}

/** Octets of sequence space sent and not acknowledged. */
export const inFlight = (connection: Connection): number =>
  connection.state === 'closed' ? 0 : ahead(connection.unacknowledged, connection.next);

/** Adds a segment with the present acknowledgement to the step. */
export function emit(draft: Draft, sequence: number, set: TcpFlags, payload: Uint8Array = NOTHING): void {
  const { local, remote, expected } = draft.connection;
  const tcp = { sequence, acknowledgement: set.ack ? expected : 0, flags: set, window: WINDOW };
  draft.segments.push({ from: local, to: remote, transport: 'tcp', payload, tcp });
}

/** Adds a segment that only acknowledges. */
export const acknowledge = (draft: Draft): void => emit(draft, draft.connection.next, flags('ack'));

/** Sends what the window allows of the outbox, then the FIN when the program has closed. */
export function pump(draft: Draft): void {
  const c = draft.connection;
  if (c.state !== 'established' && c.state !== 'close-wait') return;
  for (;;) {
    const sent = ahead(c.unacknowledged, c.next);
    const size = Math.min(c.outbox.length, WINDOW, sent + maximumSegmentSize(c.remote.address)) - sent;
    const last = sent + size === c.outbox.length;
    const fin = last && c.closing;
    if (size <= 0 && !fin) return;
    emit(draft, c.next, { ...flags('ack'), psh: last && size > 0, fin }, c.outbox.slice(sent, sent + size));
    c.next = advance(c.next, size + (fin ? 1 : 0));
    if (fin) {
      c.state = c.state === 'established' ? 'fin-wait-1' : 'last-ack';
      return;
    }
  }
}

/** Sends the oldest part in flight once more (RFC 6298 §5.4). */
export function sendAgain(draft: Draft): void {
  const c = draft.connection;
  if (c.state === 'syn-sent') emit(draft, c.unacknowledged, flags('syn'));
  else if (c.state === 'syn-received') emit(draft, c.unacknowledged, flags('syn', 'ack'));
  else {
    const octets = inFlight(c) - (isFinInFlight(c) ? 1 : 0);
    const size = Math.min(octets, maximumSegmentSize(c.remote.address));
    const last = size === c.outbox.length;
    const set = { ...flags('ack'), psh: last && size > 0, fin: last && isFinInFlight(c) };
    emit(draft, c.unacknowledged, set, c.outbox.slice(0, size));
  }
}

/** Our FIN has been sent and not acknowledged. */
export const isFinInFlight = ({ state }: Connection): boolean =>
  state === 'fin-wait-1' || state === 'closing' || state === 'last-ack';

/** Both directions have ended and we closed first: stay to answer a FIN that comes again. */
export function enterTimeWait(draft: Draft): void {
  draft.connection.state = 'time-wait';
  draft.notices.push({ kind: 'closed' });
  waitOnceMore(draft);
}

export const waitOnceMore = (draft: Draft): void => void draft.timers.push({ timer: 'time-wait', after: TIME_WAIT });

/** Ends the connection in order. */
export function conclude(draft: Draft): void {
  draft.connection.state = 'closed';
  draft.notices.push({ kind: 'closed' });
}

/** Ends the connection for a reason; a program that was never told of the connection is not told of its end either. */
export function fail(draft: Draft, why: Reason): void {
  const { connection, notices } = draft;
  if (connection.state !== 'syn-received') notices.push({ kind: 'failed', reason: why });
  connection.state = 'closed';
}
