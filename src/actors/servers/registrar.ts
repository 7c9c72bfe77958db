/**
 * How a domain comes into being: the registrar takes the order, a hosted zone appears, and the registry lists the zone's name
 * servers in its own zone. Nothing of it goes to any resolver.
 */
import { setup } from 'xstate';
import { reason } from '../../base/reason.ts';
import { type Duration, formatDuration, milliseconds } from '../../base/time.ts';
import type { DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { type EffectParams, effectActions, type Given } from '../effects.ts';

/** What somebody orders. */
export interface Order {
  readonly type: 'order';
  /** "example.com". */
  readonly domain: string;
  /** A new name, with a hosted zone of its own; or other name servers for one that is registered. */
  readonly kind: 'register' | 'delegate';
  /** Of `delegate`: the name servers to list. */
  readonly servers: readonly string[];
  /** From the order until the registry has published it. */
  readonly takes: Duration;
}

/** The reactions that a registration triggers; `about` is a `Registered`. */
export const ZONE_APPEARS = 'zone appears';
export const REGISTRY_LISTS = 'registry lists';
export const REGISTRY_DROPS = 'registry drops';

export interface Registered {
  readonly domain: string;
  readonly servers: readonly string[];
}

type RegistrarEvent = (Order | { readonly type: 'hold' | 'release'; readonly domain: string }) & { readonly given: Given };

const base = setup({
  types: {
    context: {} as { readonly path: InstancePath },
    events: {} as RegistrarEvent,
    input: {} as { readonly path: InstancePath },
  },
  actions: effectActions,
});

/** The chart of the registrar. */
export const registrar = base
  .extend({
    actions: {
      takeOrder: base.enqueueActions(({ enqueue, context, event }) => {
        if (event.type !== 'order') return;
        const { domain, kind, servers, takes } = event;
        // A name that is registered anew takes the place of its earlier registration.
        const path = `${context.path}/${domain}`;
        enqueue({ type: 'stop', params: { path } });
        enqueue({
          type: 'start',
          params: {
            path,
            machine: 'registration',
            title: `Registration of ${domain}`,
            input: { order: { domain, kind, servers, takes } },
          },
        });
      }),
      passOn: base.enqueueActions(({ enqueue, context, event }) => {
        if (event.type === 'order') return;
        enqueue({ type: 'tell', params: { to: `${context.path}/${event.domain}`, event: { type: event.type } } });
      }),
    },
  })
  .createMachine({
    id: 'registrar',
    description: 'Takes orders for domain names and passes them on to the registry.',
    options: { maxIterations: 100 },
    context: ({ input }) => ({ path: input.path }),
    initial: 'open',
    states: {
      open: {
        description: 'waiting for orders',
        meta: { note: 'Waits for somebody who wants a name.', ref: 'Developer Guide, welcome-domain-registration' },
        on: {
          order: { actions: 'takeOrder', description: 'somebody orders a name' },
          hold: { actions: 'passOn', description: 'the contact did not answer' },
          release: { actions: 'passOn', description: 'the contact has answered' },
        },
      },
    },
  });

type RegistrationInput = { readonly order: Omit<Order, 'type'> };

const job = setup({
  types: {
    context: {} as RegistrationInput,
    events: {} as { readonly type: 'hold' | 'release' } & { readonly given: Given },
    input: {} as RegistrationInput,
  },
  actions: effectActions,
  guards: { isNew: ({ context }) => context.order.kind === 'register' },
  delays: {
    zoneDelay: ({ context }) => zoneDelay(context.order.takes),
    listingDelay: ({ context: { order } }) =>
      milliseconds((order.takes - (order.kind === 'register' ? zoneDelay(order.takes) : 0)) / 1_000),
  },
});

/** The hosted zone is there a little after the middle of the time that a registration takes: a default of ours. */
const zoneDelay = (takes: Duration): Duration => milliseconds(Math.round((takes * 13) / 24 / 1_000));

const PAGE = 'Developer Guide, welcome-domain-registration';

const say = (rule: string, outcome: string, found: string): { decision: DecisionRecord } => ({
  decision: {
    about: 'registration',
    outcome,
    asked: [{ question: 'How far is it?', found, yes: true }],
    reasons: [reason(rule, outcome, PAGE)],
  },
});
const news = (name: string, { order: { domain, servers } }: RegistrationInput): EffectParams['trigger'] => ({
  name,
  about: { domain, servers } satisfies Registered,
});
const topLevel = (domain: string): string => domain.slice(domain.indexOf('.'));

/** The chart of one registration. */
export const registration = job.createMachine({
  id: 'registration',
  description: 'One domain name, from the order to its place in the registry’s zone.',
  options: { maxIterations: 100 },
  context: ({ input }) => ({ order: input.order }),
  initial: 'taking',
  states: {
    taking: {
      description: 'taking the order',
      meta: { note: 'The registrar asks the registry whether the name is free, and reserves it.', ref: PAGE },
      entry: {
        type: 'decide',
        params: ({ context: { order } }) =>
          say('ordered', `The order for ${order.domain} is taken`, `it takes ${formatDuration(order.takes)}`),
      },
      always: [
        { guard: 'isNew', target: 'ordered', description: 'a new name' },
        { target: 'listing', description: 'other name servers for a name' },
      ],
    },
    ordered: {
      description: 'ordered: the name is yours',
      meta: { note: 'The name is reserved. So far no zone has it.', ref: PAGE },
      after: {
        zoneDelay: {
          target: 'listing',
          actions: [
            {
              type: 'decide',
              params: ({ context: { order } }) =>
                say('zone-appears', `A hosted zone ${order.domain} appears, with four name servers`, 'the zone is there'),
            },
            { type: 'trigger', params: ({ context }) => news(ZONE_APPEARS, context) },
          ],
          description: 'a hosted zone appears',
        },
      },
    },
    listing: {
      description: 'on its way to the registry',
      meta: {
        note: 'The registrar has sent the names of the servers to the registry.',
        ref: 'Developer Guide, domain-name-servers-glue-records',
      },
      after: {
        listingDelay: {
          target: 'listed',
          actions: [
            {
              type: 'decide',
              params: ({ context: { order } }) =>
                say('listed', `${topLevel(order.domain)} lists the name servers of ${order.domain}`, 'it is published'),
            },
            { type: 'trigger', params: ({ context }) => news(REGISTRY_LISTS, context) },
          ],
          description: 'the registry publishes',
        },
      },
    },
    listed: {
      description: 'in the registry’s zone',
      meta: { note: 'Whoever asks from now on is referred. Who was told no keeps that for a while.', ref: PAGE },
      on: {
        hold: {
          target: 'onHold',
          actions: [
            {
              type: 'decide',
              params: ({ context: { order } }) =>
                say('on-hold', `${order.domain} is put on hold: ${topLevel(order.domain)} no longer lists it`, 'clientHold'),
            },
            { type: 'trigger', params: ({ context }) => news(REGISTRY_DROPS, context) },
          ],
          description: 'put on hold',
        },
      },
    },
    onHold: {
      description: 'on hold: in no zone',
      meta: {
        note: 'The e-mail of the contact was never verified, so the name vanishes from the registry’s zone.',
        ref: 'Developer Guide, domain-register',
      },
      on: {
        release: {
          target: 'listed',
          actions: [
            {
              type: 'decide',
              params: ({ context: { order } }) =>
                say('listed', `${order.domain} is released: ${topLevel(order.domain)} lists it again`, 'it is published'),
            },
            { type: 'trigger', params: ({ context }) => news(REGISTRY_LISTS, context) },
          ],
          description: 'verified: back in the zone',
        },
      },
    },
  },
});
