/**
 * A gate into the world: octets that come from outside are sent on as packets of this host, and what comes back is given out
 * again. It understands nothing of what it passes through.
 */
import { setup } from 'xstate';
import type { Address, Endpoint } from '../base/address.ts';
import { milliseconds } from '../base/time.ts';
import { type EffectRequest, effectActions, type Given, type NetworkEvent } from './effects.ts';
import type { HostDefinition } from './host.ts';

/** Something to pass through: a message for a host of the world. */
export interface Relay {
  readonly type: 'relay';
  /** Names the connection, and tells the answers apart. */
  readonly request: string;
  /** The gate's own end: its port is the request's own. */
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly transport: 'udp' | 'tcp';
  readonly bytes: Uint8Array;
}

/** What has come back: a datagram to one of the gate's ports, or a message on a connection; without octets, its end. */
export interface Returned {
  readonly port?: number;
  readonly request?: string;
  readonly bytes?: Uint8Array;
}

/** What the world does with what comes back (`SimulationOptions.reactions`). */
export const GATE = 'gate';

interface Context {
  /** What is to be sent when the connection stands. */
  readonly held: Map<string, Uint8Array>;
}

const base = setup({
  types: { context: {} as Context, events: {} as NetworkEvent | (Relay & { readonly given: Given }) },
  actions: effectActions,
});

const gate = base
  .extend({
    actions: {
      pass: base.enqueueActions(({ enqueue, context, event }) => {
        for (const effect of passed(context, event)) enqueue(effect as Parameters<typeof enqueue>[0]);
      }),
    },
  })
  .createMachine({
    id: 'gate',
    description: 'Passes messages from outside into the world, and what comes back out again.',
    context: () => ({ held: new Map() }),
    initial: 'open',
    states: { open: { on: { '*': { actions: 'pass' } } } },
  });

function passed({ held }: Context, event: NetworkEvent | Relay): EffectRequest[] {
  switch (event.type) {
    case 'relay': {
      const { request, from, to, bytes, transport } = event;
      if (transport === 'udp') return [{ type: 'transmit', params: { from, to, bytes } }];
      held.set(request, bytes);
      return [{ type: 'open', params: { connection: request, from, to, framing: 'dns' } }];
    }
    case 'connected': {
      const bytes = held.get(event.connection);
      held.delete(event.connection);
      return bytes ? [{ type: 'transmit', params: { connection: event.connection, bytes } }] : [];
    }
    case 'datagram':
      return [out({ port: event.to.port, bytes: event.bytes })];
    case 'received':
      return [
        out({ request: event.connection, bytes: event.bytes }),
        { type: 'close', params: { connection: event.connection } },
      ];
    case 'disconnected':
      held.delete(event.connection);
      return [out({ request: event.connection })];
    default:
      return [];
  }
}

const out = (about: Returned): EffectRequest => ({ type: 'trigger', params: { name: GATE, about } });

/** The host of a gate. */
export const gateHost = (id: string, address: Address, place: string): HostDefinition => ({
  id,
  role: 'program',
  title: 'Gate',
  addresses: [address],
  place,
  thinking: milliseconds(0),
  machines: [gate],
  instances: [{ path: id, machine: gate.id, title: 'Gate', input: {} }],
  receiver: id,
});
