/**
 * How a domain comes into being: the registrar takes the order, a hosted zone appears, and the registry lists the zone's name
 * servers in its own zone. Nothing of it goes to any resolver. A domain that comes from another registrar keeps its servers.
 */
import { setup } from 'xstate';
import { type Duration, formatDuration, milliseconds } from '../../base/time.ts';
import type { DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { type EffectParams, effectActions, type Given } from '../effects.ts';
import type { ContactInput } from './contact.ts';
import { PAGE, type RegistrationDetail, say } from './domainNews.ts';

/** What somebody orders. */
export interface Order {
  readonly type: 'order';
  /** "example.com". */
  readonly domain: string;
  /** A new name, with a hosted zone of its own; other name servers for one that is registered; one from another registrar. */
  readonly kind: 'register' | 'delegate' | 'transfer' | 'ds';
  /** Of `delegate`: the name servers to list. */
  readonly servers: readonly string[];
  /** Of `ds`: the DS records to list, as in a master file; none takes out what is listed. */
  readonly signers?: readonly string[];
  /** From the order until the registry has published it. */
  readonly takes: Duration;
  /** Of `register`: who is answerable for the name. */
  readonly contact?: Omit<ContactInput, 'registration' | 'domain'>;
}

/** The reactions that a registration triggers; `about` is a `Registered`. */
export const ZONE_APPEARS = 'zone appears';
export const REGISTRY_LISTS = 'registry lists';
export const REGISTRY_DROPS = 'registry drops';
export const REGISTRAR_CHANGES = 'registrar changes';

export interface Registered {
  readonly domain: string;
  readonly servers: readonly string[];
  /** Only when it is about these. */
  readonly signers?: readonly string[];
}

type RegistrarEvent = (
  | Order
  | { readonly type: 'hold' | 'release' | 'verify' | 'unlock'; readonly domain: string; readonly registrar?: string }
) & {
  readonly given: Given;
};

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
        const { type: _, given: _given, contact, ...order } = event;
        const { domain, kind } = order;
        // A name that is registered anew takes the place of its earlier registration. A DS record leaves the registration be.
        const path = `${context.path}/${domain}${kind === 'ds' ? '/ds' : ''}`;
        enqueue({ type: 'stop', params: { path } });
        enqueue({
          type: 'start',
          params: {
            path,
            machine: 'registration',
            title: kind === 'ds' ? `DS record of ${domain}` : `Registration of ${domain}`,
            input: { order },
          },
        });
        if (!contact) return;
        enqueue({ type: 'stop', params: { path: `${path}/contact` } });
        enqueue({
          type: 'start',
          params: {
            path: `${path}/contact`,
            machine: 'contact',
            title: `Contact of ${domain}`,
            input: { ...contact, domain, registration: path } satisfies ContactInput,
          },
        });
      }),
      passOn: base.enqueueActions(({ enqueue, context, event }) => {
        if (event.type === 'order') return;
        const to = `${context.path}/${event.domain}${event.type === 'verify' ? '/contact' : ''}`;
        enqueue({ type: 'tell', params: { to, event: { type: event.type } } });
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
          verify: { actions: 'passOn', description: 'the contact follows the link in the e-mail' },
          unlock: {
            actions: { type: 'decide', params: ({ event }) => unlocked(event) },
            description: 'somebody wants to take a name elsewhere',
          },
        },
      },
    },
  });

type RegistrationInput = { readonly order: Omit<Order, 'type' | 'contact'> };

const job = setup({
  types: {
    context: {} as RegistrationInput,
    events: {} as { readonly type: 'hold' | 'release' } & { readonly given: Given },
    input: {} as RegistrationInput,
  },
  actions: effectActions,
  guards: {
    isNew: ({ context }) => context.order.kind === 'register',
    isTransfer: ({ context }) => context.order.kind === 'transfer',
  },
  delays: {
    objectionTime: ({ context }) => context.order.takes,
    zoneDelay: ({ context }) => zoneDelay(context.order.takes),
    listingDelay: ({ context: { order } }) =>
      milliseconds((order.takes - (order.kind === 'register' ? zoneDelay(order.takes) : 0)) / 1_000),
  },
});

/** The hosted zone is there a little after the middle of the time that a registration takes: a default of ours. */
const zoneDelay = (takes: Duration): Duration => milliseconds(Math.round((takes * 13) / 24 / 1_000));

const TRANSFERS = 'Developer Guide, domain-transfer-to-route-53';

const detailOf = ({ domain, kind }: RegistrationInput['order']): RegistrationDetail => ({ domain, kind });

/** What the present registrar does for somebody who wants to leave. */
const unlocked = (event: RegistrarEvent): { decision: DecisionRecord } => {
  if (event.type !== 'unlock') throw new Error('only an order to unlock takes a lock off');
  const { domain, registrar } = event;
  if (registrar === undefined)
    return say('not-registered', `Nobody has registered ${domain}: there is no lock to take off`, 'no', { domain }, TRANSFERS);
  const text = `${registrar} takes the transfer lock off ${domain} and gives out the authorization code`;
  return say('unlocked', text, 'clientTransferProhibited is gone', { domain }, TRANSFERS);
};

const news = (name: string, { order: { domain, servers, signers } }: RegistrationInput): EffectParams['trigger'] => ({
  name,
  about: { domain, servers, ...(signers ? { signers } : {}) } satisfies Registered,
});

/** What the registry has done when it has published. */
function publishedText({ domain, signers }: RegistrationInput['order']): string {
  const registry = topLevel(domain);
  if (!signers) return `${registry} lists the name servers of ${domain}`;
  return signers.length > 0 ? `${registry} lists a DS record of ${domain}` : `${registry} no longer has a DS record of ${domain}`;
}

const topLevel = (domain: string): string => domain.slice(domain.indexOf('.'));

/** Something has happened to the registration: it is told, and done in the world. */
const told = (
  rule: string,
  text: (order: RegistrationInput['order']) => string,
  found: string,
  reaction: string,
  source?: string,
) =>
  [
    {
      type: 'decide',
      params: ({ context: { order } }: { context: RegistrationInput }) => say(rule, text(order), found, detailOf(order), source),
    },
    { type: 'trigger', params: ({ context }: { context: RegistrationInput }) => news(reaction, context) },
  ] as const;

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
          say('ordered', `The order for ${order.domain} is taken`, `it takes ${formatDuration(order.takes)}`, detailOf(order)),
      },
      always: [
        { guard: 'isNew', target: 'ordered', description: 'a new name' },
        { guard: 'isTransfer', target: 'handingOver', description: 'a name of another registrar' },
        { target: 'listing', description: 'other name servers, or a DS record, for a name' },
      ],
    },
    ordered: {
      description: 'ordered: the name is yours',
      meta: { note: 'The name is reserved. So far no zone has it.', ref: PAGE },
      after: {
        zoneDelay: {
          target: 'listing',
          actions: told(
            'zone-appears',
            (order) => `A hosted zone ${order.domain} appears, with four name servers`,
            'the zone is there',
            ZONE_APPEARS,
          ),
          description: 'a hosted zone appears',
        },
      },
    },
    handingOver: {
      description: 'the present registrar may object',
      meta: {
        note: 'The registry has told the present registrar, which has some days to object. The name servers stay in office.',
        ref: `${TRANSFERS}; ICANN, Transfer Policy`,
      },
      after: {
        objectionTime: {
          target: 'listed',
          actions: told(
            'transferred',
            (order) =>
              `${order.domain} is with Route 53 now, a year longer; ${topLevel(order.domain)} lists the same name servers as before`,
            'nobody objected',
            REGISTRAR_CHANGES,
            TRANSFERS,
          ),
          description: 'nobody objects: it changes hands',
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
          actions: told('listed', publishedText, 'it is published', REGISTRY_LISTS),
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
          actions: told(
            'on-hold',
            (order) => `${order.domain} is put on hold: ${topLevel(order.domain)} no longer lists it`,
            'clientHold',
            REGISTRY_DROPS,
          ),
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
          actions: told(
            'listed',
            (order) => `${order.domain} is released: ${topLevel(order.domain)} lists it again`,
            'it is published',
            REGISTRY_LISTS,
          ),
          description: 'verified: back in the zone',
        },
      },
    },
  },
});
