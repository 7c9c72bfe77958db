/** An attacker: sends datagrams as if they came from somebody else, as many and as fast as it is told. */
import { assign, setup } from 'xstate';
import type { Endpoint } from '../base/address.ts';
import type { Duration } from '../base/time.ts';
import { effectActions, type Given } from './effects.ts';

/** A datagram whose sender is a lie. */
export interface Forgery {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly bytes: Uint8Array;
}

/** What an attacker is told to do. */
export interface Forge {
  readonly type: 'forge';
  readonly forgeries: readonly Forgery[];
  /** Between one and the next. */
  readonly every: Duration;
}

type AttackerEvent = Forge & { readonly given: Given };

interface Context {
  readonly left: readonly Forgery[];
  readonly every: Duration;
}

/** The attacker's chart. */
export const attacker = setup({
  types: { context: {} as Context, events: {} as AttackerEvent },
  actions: {
    ...effectActions,
    prepare: assign(({ event }) => ({ left: event.forgeries, every: event.every })),
    strike: assign({ left: ({ context }) => context.left.slice(1) }),
  },
  guards: { hasMore: ({ context }) => context.left.length > 0 },
  delays: { pause: ({ context }) => context.every },
}).createMachine({
  id: 'attacker',
  description: 'Sends false responses, hoping that one of them fits a question that is open.',
  options: { maxIterations: 100 },
  context: { left: [], every: 0 as Duration },
  initial: 'lurking',
  states: {
    lurking: {
      description: 'lurking',
      meta: { note: 'Waits for its moment.' },
      on: { forge: { target: 'aiming', actions: 'prepare', description: 'its moment comes' } },
    },
    aiming: {
      description: 'aiming',
      meta: { note: 'Is there another forgery to send?' },
      always: [
        { guard: 'hasMore', target: 'forging', description: 'one more lie' },
        { target: 'lurking', description: 'all sent' },
      ],
    },
    forging: {
      description: 'forging',
      meta: { note: 'Sends a datagram under a false address: UDP does not ask whether it is one’s own.', ref: 'RFC 5452 §3' },
      entry: [{ type: 'transmit', params: ({ context }) => context.left[0] as Forgery }, 'strike'],
      after: { pause: { target: 'aiming', description: 'a moment later' } },
    },
  },
});
