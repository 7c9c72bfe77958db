/**
 * A small honest TCP (RFC 9293): handshake, numbered octets, acknowledgements, sending again, closing both directions,
 * resets. Each end is a value and each event a pure function of it; timers, packets and random numbers come from outside.
 *
 * Left out, because nothing in this small Internet shows it: congestion control, measured round-trip times, delayed
 * acknowledgements, options other than the maximum segment size, urgent data, simultaneous opening.
 */

import { type Endpoint, endpointText } from '../base/address.ts';
import { reason } from '../base/reason.ts';
import {
  acknowledge,
  begin,
  type Connection,
  conclude,
  type Draft,
  emit,
  enterTimeWait,
  fail,
  finish,
  type Held,
  inFlight,
  isFinInFlight,
  NOTHING,
  pump,
  type Step,
  sendAgain,
  type TcpTimer,
  WINDOW,
  waitOnceMore,
} from './connection.ts';
import type { Outgoing, TcpHeader } from './packet.ts';
import { advance, ahead, flags, resetFor, sequenceLength } from './segment.ts';

/**
 * How often a segment is sent before the connection is given up: at 0, 1, 3, 7 and 15 s, failing at 31 s. Real systems
 * are more patient (RFC 9293 §3.8.3 asks for 3 minutes); the lesson is the doubling.
 */
export const MAXIMUM_TRIES = 5;

/** Opens a connection: sends the SYN. `initialSequence` is a whole number below 2^32. */
export function open(local: Endpoint, remote: Endpoint, initialSequence: number): Step {
  const draft = begin({ ...unopened(local, remote, initialSequence), state: 'syn-sent' }, 'new');
  emit(draft, initialSequence, flags('syn'));
  return finish(draft);
}

/**
 * A packet for a listening port that belongs to no connection: a SYN opens one. Undefined for anything else, which is to
 * be answered by `resetFor` (segment.ts).
 */
export function accept(packet: Outgoing, initialSequence: number): Step | undefined {
  const { tcp } = packet;
  if (!tcp?.flags.syn || tcp.flags.ack || tcp.flags.rst) return undefined;
  const fresh = unopened(packet.to, packet.from, initialSequence);
  const expected = advance(tcp.sequence, 1);
  const draft = begin({ ...fresh, state: 'syn-received', expected }, 'new');
  emit(draft, initialSequence, flags('syn', 'ack'));
  return finish(draft);
}

/**
 * Gives octets to be sent. Before the connection stands they wait, and go out in the segment that completes the
 * handshake. A connection that is gone takes them silently: its end has been told.
 */
export function send(connection: Connection, bytes: Uint8Array): Step {
  if (connection.closing) throw new Error('a program sent octets after it had closed its direction');
  const draft = begin(connection);
  if (connection.state !== 'closed') {
    draft.connection.outbox = concatenate([connection.outbox, bytes]);
    pump(draft);
  }
  return finish(draft);
}

/** Ends our direction once everything given has been sent; the other may go on. Before the connection stands it is dropped. */
export function close(connection: Connection): Step {
  const draft = begin(connection);
  if (connection.state === 'syn-sent') conclude(draft);
  else if (connection.state !== 'closed') {
    draft.connection.closing = true;
    pump(draft);
  }
  return finish(draft);
}

/** Breaks the connection off: a reset goes to the other end, and our program is told nothing more. */
export function abort(connection: Connection): Step {
  const draft = begin(connection);
  const { state, next } = connection;
  if (state === 'time-wait') draft.timers.push({ timer: 'time-wait' });
  else if (state !== 'syn-sent' && state !== 'closed') emit(draft, next, flags('rst', 'ack'));
  draft.connection.state = 'closed';
  return finish(draft);
}

/** A timer of the connection has rung. */
export function expire(connection: Connection, timer: TcpTimer): Step {
  const draft = begin(connection);
  if (timer === 'time-wait') {
    if (connection.state === 'time-wait') draft.connection.state = 'closed';
    return finish(draft);
  }
  if (inFlight(connection) === 0) return finish(draft);
  if (connection.tries >= MAXIMUM_TRIES) {
    const text = `${endpointText(connection.remote)} answered none of ${MAXIMUM_TRIES} tries.`;
    fail(draft, reason('connection-timed-out', text, 'RFC 9293 §3.8.3'));
  } else {
    draft.connection.tries++;
    sendAgain(draft);
  }
  return finish(draft, true);
}

/** A segment of this connection has arrived (RFC 9293 §3.10.7). */
export function receive(connection: Connection, packet: Outgoing): Step {
  const draft = begin(connection);
  const { tcp, payload } = packet;
  if (!tcp || connection.state === 'closed') return finish(draft);
  if (connection.state === 'syn-sent') receiveInSynSent(draft, packet, tcp);
  else if (tcp.flags.rst) receiveReset(draft, tcp);
  else if (tcp.flags.syn) receiveSyn(draft, tcp);
  else if (tcp.flags.ack) receiveContent(draft, packet, tcp, payload);
  return finish(draft);
}

const unopened = (local: Endpoint, remote: Endpoint, initialSequence: number): Connection => ({
  state: 'closed',
  local,
  remote,
  unacknowledged: initialSequence,
  next: advance(initialSequence, 1),
  outbox: NOTHING,
  closing: false,
  tries: 1,
  expected: 0,
  held: [],
});

function receiveInSynSent(draft: Draft, packet: Outgoing, tcp: TcpHeader): void {
  const c = draft.connection;
  const { syn, ack, rst } = tcp.flags;
  if (ack && tcp.acknowledgement !== c.next) {
    // An answer to something older than this connection.
    const reset = resetFor(packet);
    if (reset) draft.segments.push(reset);
  } else if (rst && ack) {
    const text = `Nothing listens at ${endpointText(c.remote)}: the host answers with a reset.`;
    fail(draft, reason('connection-refused', text, 'RFC 9293 §3.10.7.1'));
  } else if (syn && ack) {
    c.expected = advance(tcp.sequence, 1);
    c.unacknowledged = c.next;
    c.state = 'established';
    draft.notices.push({ kind: 'connected' });
    pumpOrAcknowledge(draft);
  }
}

/** Only a reset with exactly the expected number is believed; one that merely fits the window is questioned (§3.10.7.4). */
function receiveReset(draft: Draft, tcp: TcpHeader): void {
  const c = draft.connection;
  const distance = ahead(c.expected, tcp.sequence);
  // A connection that only waits must not be cut short by a late reset (RFC 1337).
  if (c.state === 'time-wait' || distance < 0 || distance >= WINDOW) return;
  if (distance > 0) acknowledge(draft);
  else if ((c.state === 'closing' || c.state === 'last-ack') && c.outbox.length === 0) conclude(draft);
  else fail(draft, reason('connection-reset', `${endpointText(c.remote)} broke the connection off.`, 'RFC 9293 §3.5.2'));
}

/** A SYN that comes again: our answer to it was lost, or it was late. */
function receiveSyn(draft: Draft, tcp: TcpHeader): void {
  const { state, expected } = draft.connection;
  if (state === 'syn-received' && advance(tcp.sequence, 1) === expected) sendAgain(draft);
  else acknowledge(draft);
}

function receiveContent(draft: Draft, packet: Outgoing, tcp: TcpHeader, payload: Uint8Array): void {
  const c = draft.connection;
  if (c.state === 'syn-received') {
    const reset = tcp.acknowledgement === c.next ? undefined : resetFor(packet);
    if (reset) {
      draft.segments.push(reset);
      return;
    }
    c.state = 'established';
    c.unacknowledged = c.next;
    draft.notices.push({ kind: 'connected' });
  } else takeAcknowledgement(draft, tcp.acknowledgement);
  const owed = sequenceLength(tcp, payload) > 0;
  if (owed) takePayload(draft, { sequence: tcp.sequence, payload, fin: tcp.flags.fin });
  if (owed && c.state !== 'closed') pumpOrAcknowledge(draft);
  else pump(draft);
}

function takeAcknowledgement(draft: Draft, acknowledgement: number): void {
  const c = draft.connection;
  const count = ahead(c.unacknowledged, acknowledgement);
  if (count <= 0 || count > inFlight(c)) return;
  const finAcknowledged = isFinInFlight(c) && acknowledgement === c.next;
  c.unacknowledged = acknowledgement;
  c.outbox = c.outbox.slice(finAcknowledged ? count - 1 : count);
  if (!finAcknowledged) return;
  if (c.state === 'fin-wait-1') c.state = 'fin-wait-2';
  else if (c.state === 'closing') enterTimeWait(draft);
  else conclude(draft);
}

/** Puts the content of a segment in its place, and hands on whatever now continues the stream. */
function takePayload(draft: Draft, segment: Held): void {
  const c = draft.connection;
  if (c.state === 'time-wait' && segment.fin) waitOnceMore(draft);
  if (c.state !== 'established' && c.state !== 'fin-wait-1' && c.state !== 'fin-wait-2') return;
  const start = ahead(c.expected, segment.sequence);
  if (start >= WINDOW || start + segment.payload.length + (segment.fin ? 1 : 0) <= 0) return;
  let waiting: readonly Held[] = [...c.held, segment];
  const ready: Uint8Array[] = [];
  let ended = false;
  for (;;) {
    const at = waiting.findIndex((held) => ahead(c.expected, held.sequence) <= 0);
    const held = waiting[at];
    if (!held || ended) break;
    waiting = waiting.filter((_, i) => i !== at);
    const fresh = held.payload.slice(-ahead(c.expected, held.sequence));
    const end = advance(held.sequence, held.payload.length);
    if (ahead(c.expected, end) < 0) continue;
    ready.push(fresh);
    c.expected = advance(end, held.fin ? 1 : 0);
    ended = held.fin;
  }
  c.held = ended ? [] : waiting.filter(isFirstOfItsNumber);
  draft.received = concatenate(ready);
  if (ended) takeFin(draft);
}

/** A segment sent again while it is held must not be held twice. */
const isFirstOfItsNumber = (held: Held, i: number, all: readonly Held[]): boolean =>
  i ===
  all.findIndex(
    ({ sequence, payload, fin }) => sequence === held.sequence && payload.length >= held.payload.length && (fin || !held.fin),
  );

function takeFin(draft: Draft): void {
  const c = draft.connection;
  draft.notices.push({ kind: 'peer-closed' });
  if (c.state === 'established') c.state = 'close-wait';
  else if (c.state === 'fin-wait-1') c.state = 'closing';
  else enterTimeWait(draft);
}

function pumpOrAcknowledge(draft: Draft): void {
  const before = draft.segments.length;
  pump(draft);
  if (draft.segments.length === before) acknowledge(draft);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const filled = parts.filter((part) => part.length > 0);
  if (filled.length <= 1) return filled[0] ?? NOTHING;
  const whole = new Uint8Array(filled.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of filled) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
