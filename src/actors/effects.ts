/**
 * What passes between a machine and its host: events in, effects out, all plain data.
 *
 * A machine never performs an effect. It asks, the runtime collects what was asked during the macrostep, the host
 * performs it afterwards and the recorder writes it down. What a machine knows, its events bring: see `Given`.
 */
import type { Endpoint } from '../base/address.ts';
import type { Reason } from '../base/reason.ts';
import type { Instant } from '../base/time.ts';
import type { PacketId } from '../sim/packet.ts';
import type { CacheEntry, CacheId, Conclusion, DecisionRecord, InstancePath, MachineId, MessageId } from '../trace/trace.ts';

/** What every event carries: the instant, a read-only view of what the host keeps, and chance. */
export interface Given<View = unknown> {
  readonly at: Instant;
  /** The host's memory as it stands before this turn's effects: a cache, zones, a page. */
  readonly view: View;
  /** A number in [0, 1), a pure function of (seed, host, the host's turn counter, label). */
  draw(label: string): number;
}

/** A name for a TCP connection, unique in its host: "c1". */
export type ConnectionId = string;

/** What the network hands a machine. */
export type NetworkEvent<View = unknown> =
  | {
      readonly type: 'datagram';
      readonly given: Given<View>;
      readonly from: Endpoint;
      readonly to: Endpoint;
      readonly bytes: Uint8Array;
      readonly packet: PacketId;
      readonly message: MessageId;
    }
  /** Someone has opened a connection to a port on which this machine listens. */
  | {
      readonly type: 'accepted';
      readonly given: Given<View>;
      readonly connection: ConnectionId;
      readonly from: Endpoint;
      readonly to: Endpoint;
    }
  /** The connection that this machine opened stands. */
  | { readonly type: 'connected'; readonly given: Given<View>; readonly connection: ConnectionId }
  /** A whole message has arrived on a connection (for DNS: without its length prefix). */
  | {
      readonly type: 'received';
      readonly given: Given<View>;
      readonly connection: ConnectionId;
      readonly from: Endpoint;
      readonly to: Endpoint;
      readonly bytes: Uint8Array;
      readonly packet: PacketId;
      readonly message: MessageId;
    }
  /** The connection is over: closed by the other side, refused, reset, or given up. */
  | { readonly type: 'disconnected'; readonly given: Given<View>; readonly connection: ConnectionId; readonly reason: Reason };

/** What brings a whole message: a datagram, or a message on a connection. */
export type Arrival<View = unknown> = Extract<NetworkEvent<View>, { type: 'datagram' | 'received' }>;

/** How a stream of octets is cut into messages: RFC 1035 §4.2.2 length prefix, HTTP, lines. */
export type Framing = 'dns' | 'http' | 'smtp';

/**
 * Effects as action objects: a machine declares an action of this name in `setup` (with an empty body) and gives
 * `params` of this shape.
 */
export interface EffectParams {
  /** A datagram, or a message on an open connection. `answers` is the message that this responds to. */
  transmit: { readonly bytes: Uint8Array; readonly answers?: MessageId } & (
    | { readonly from: Endpoint; readonly to: Endpoint; readonly connection?: never }
    | { readonly connection: ConnectionId }
  );
  /** Opens a TCP connection; `connected` or `disconnected` follows. */
  open: { readonly connection: ConnectionId; readonly from: Endpoint; readonly to: Endpoint; readonly framing: Framing };
  close: { readonly connection: ConnectionId };
  /** An event to another machine of the same host, first-in first-out, in this very turn. `given` is added by the host. */
  tell: { readonly to: InstancePath; readonly event: { readonly type: string } };
  /** Starts a child machine `path`; it makes its first moves at once. */
  start: { readonly path: InstancePath; readonly machine: MachineId; readonly input: object; readonly title: string };
  /** Ends a child machine; its timers and connections end with it. */
  stop: { readonly path: InstancePath };
  decide: { readonly decision: DecisionRecord };
  /** Puts into one of the host's caches. `store` is what the cache itself keeps, if more than the entry tells. */
  remember: { readonly entry: CacheEntry; readonly store?: unknown };
  forget: { readonly cache: CacheId; readonly key?: string; readonly reason: Reason };
  conclude: { readonly conclusion: Conclusion };
  /**
   * Lets something happen in the world that is no packet: a zone's data change on its servers, a function runs. What a name
   * leads to is said by `SimulationOptions.reactions`; it happens when this turn is over.
   */
  trigger: { readonly name: string; readonly about?: unknown };
}

export type EffectRequest = {
  [K in keyof EffectParams]: { readonly type: K; readonly params: EffectParams[K] };
}[keyof EffectParams];

const ask = (): void => {};

/**
 * The effects as XState actions without a body, for `setup({ actions: effectActions })`: an action only names an effect and
 * carries its `params`; whoever drives the machine collects both.
 */
export const effectActions: { [K in keyof EffectParams]: (args: unknown, params: EffectParams[K]) => void } = {
  transmit: ask,
  open: ask,
  close: ask,
  tell: ask,
  start: ask,
  stop: ask,
  decide: ask,
  remember: ask,
  forget: ask,
  conclude: ask,
  trigger: ask,
};

/** A response goes back the way its question came. */
export function respond(
  { from, to, message, connection }: Pick<Arrival, 'from' | 'to' | 'message'> & { readonly connection?: ConnectionId },
  bytes: Uint8Array,
): EffectParams['transmit'] {
  const back = { bytes, answers: message };
  return connection === undefined ? { ...back, from: to, to: from } : { ...back, connection };
}

/** What an event brought along; for XState's initial event, what the instance's input brought along. Throws when neither did. */
export function givenOf<View>(event: object): Given<View> {
  const { given, input } = event as { given?: Given<View>; input?: { given?: Given<View> } };
  const found = given ?? input?.given;
  if (!found) throw new Error(`the event ${(event as { type?: string }).type} carries no "given"`);
  return found;
}
