/**
 * The browser: an address bar, a cache of its own, a connection to the web server, and a page, be it the server's or one
 * that says what went wrong. It knows nothing of DNS but the operating system's stub resolver.
 */
import { assign, setup } from 'xstate';
import { type Duration, milliseconds, seconds } from '../../base/time.ts';
import type { InstancePath } from '../../trace/trace.ts';
import { effectActions, type Given, givenOf, type NetworkEvent } from '../effects.ts';
import {
  attempt,
  type BrowserContext,
  type BrowserInput,
  type BrowserView,
  begin,
  cacheDecision,
  cachedAddresses,
  entryFor,
  follow,
  isReachable,
  lookUp,
  ordered,
  pageOf,
  readPage,
  requestFor,
  takeFound,
} from './browsing.ts';
import { errorPage, type Trouble } from './errorPages.ts';
import { isLoopback } from './special.ts';
import type { Found } from './stub.ts';

/** Somebody types an address and presses Enter. */
export interface Visit {
  readonly type: 'visit';
  readonly typed: string;
}

type BrowserEvent = NetworkEvent<BrowserView> | ((Visit | Found) & { readonly given: Given<BrowserView> });
type Ended = Extract<NetworkEvent, { type: 'disconnected' }>;

const base = setup({
  types: { context: {} as BrowserContext, events: {} as BrowserEvent, input: {} as BrowserInput },
  actions: effectActions,
});

/** The browser's chart. */
export const browser = base
  .extend({
    actions: {
      begin: assign(({ context, event }) => begin(context, (event as Visit).typed)),
      /** What an earlier visit had going is given up: its questions, its connections. */
      abandon: base.enqueueActions(({ enqueue, context }) => {
        if (!context.busy) return;
        enqueue({ type: 'tell', params: { to: context.stub, event: giveUp(context) } });
        for (const connection of Object.keys(context.attempts)) enqueue({ type: 'close', params: { connection } });
        enqueue({ type: 'conclude', params: { conclusion: abandoned(context) } });
      }),
      useCache: assign(({ context, event }) => ({ candidates: cachedAddresses(context, givenOf(event)) })),
      useTyped: assign(({ context }) => ({ candidates: context.target?.address ? [context.target.address] : [] })),
      takeFound: base.enqueueActions(({ enqueue, context, event }) => {
        const found = event as Found & { given: Given<BrowserView> };
        enqueue(assign(takeFound(context, found)));
        const entry = entryFor(context, found, found.given.at);
        if (entry) enqueue({ type: 'remember', params: { entry } });
      }),
      order: assign(({ context }) => ({ candidates: ordered(context.candidates) })),
      openNext: base.enqueueActions(({ enqueue, context, event }) => {
        const { open, change } = attempt(context, givenOf(event));
        enqueue({ type: 'open', params: open });
        enqueue(assign(change));
      }),
      forgetAttempt: assign(({ context, event }) => {
        const { connection, reason } = event as Ended;
        const { [connection]: _, ...attempts } = context.attempts;
        return { attempts, trouble: { kind: 'connection', reason } };
      }),
      keepFirst: base.enqueueActions(({ enqueue, context, event }) => {
        const { connection } = event as Extract<NetworkEvent, { type: 'connected' }>;
        for (const other of Object.keys(context.attempts))
          if (other !== connection) enqueue({ type: 'close', params: { connection: other } });
        const address = context.attempts[connection];
        enqueue(assign({ connection, address, attempts: { [connection]: address } }));
      }),
      read: assign(({ event }) => ({ response: readPage(event as Extract<NetworkEvent, { type: 'received' }>) })),
      follow: assign(({ context }) => follow(context)),
      hangUp: base.enqueueActions(({ enqueue, context }) => {
        if (context.connection !== undefined) enqueue({ type: 'close', params: { connection: context.connection } });
        enqueue(assign({ connection: undefined, attempts: {} }));
      }),
      noteUnreachable: assign(({ context }) => ({ trouble: context.trouble ?? { kind: 'unreachable' } })),
      note: assign((_, { trouble }: { trouble: Trouble }) => ({ trouble })),
      rest: assign({ busy: false }),
    },
    guards: {
      isUntypable: ({ context }) => context.untypable !== undefined,
      isAddress: ({ context }) => context.target?.address !== undefined,
      isCached: ({ context, event }) => cachedAddresses(context, givenOf(event)).length > 0,
      isReadyToConnect: ({ context }) =>
        context.candidates.some((a) => a.includes(':')) || (context.candidates.length > 0 && context.outstanding === 0),
      isWithoutAddress: ({ context }) => context.candidates.length === 0 && context.outstanding === 0,
      hasIPv4Only: ({ context }) => context.candidates.length > 0,
      isHere: ({ context }) => context.candidates.length > 0 && context.candidates.every(isLoopback),
      hasReachable: ({ context }) => context.candidates.some((a) => isReachable(context, a)),
      isExpectingMore: ({ context }) => Object.keys(context.attempts).length > 0 || context.outstanding > 0,
      isOurs: ({ context, event }) => (event as Ended).connection === context.connection,
      isNoHttp: ({ context }) => context.response === undefined,
      isRedirectTooMany: ({ context }) => isRedirect(context) && context.redirects >= MOST_REDIRECTS,
      isRedirect: ({ context }) => isRedirect(context),
    },
    delays: {
      thinking: ({ context }) => context.thinking,
      resolutionDelay: () => RESOLUTION_DELAY,
      attemptDelay: () => ATTEMPT_DELAY,
      pagePatience: () => PAGE_PATIENCE,
    },
  })
  .createMachine({
    id: 'browser',
    description: 'Turns what somebody types into a page, or says why there is none.',
    options: { maxIterations: 100 },
    context: ({ input }) => ({ ...input, ...begin({ visits: 0 }, ''), busy: false }),
    initial: 'idle',
    on: { visit: { target: '.typed', actions: ['abandon', 'begin'], description: 'Enter is pressed' } },
    states: {
      idle: { description: 'idle', meta: { note: 'Waits for somebody to type an address.' } },
      typed: {
        description: 'reading what was typed',
        meta: { note: 'Reads what was typed.', ref: 'RFC 3986 §3.2.2' },
        after: { thinking: { target: 'checkingCache', description: 'it is read' } },
      },
      checkingCache: {
        description: 'looking in its own cache',
        meta: { note: 'Does it know the address already? It keeps each for a minute, whatever the record says.' },
        entry: { type: 'decide', params: ({ context, event }) => ({ decision: cacheDecision(context, givenOf(event)) }) },
        always: [
          {
            guard: 'isUntypable',
            target: 'failed',
            actions: {
              type: 'note',
              params: ({ context }) => ({ trouble: { kind: 'untypable', what: context.untypable } as Trouble }),
            },
            description: 'no name to look up',
          },
          { guard: 'isAddress', target: 'connecting', actions: 'useTyped', description: 'an address was typed' },
          { guard: 'isCached', target: 'connecting', actions: 'useCache', description: 'in its cache' },
          { target: 'lookingUp', description: 'not in its cache: ask the system' },
        ],
      },
      lookingUp: {
        description: 'waiting for the address',
        meta: { note: 'Has asked the operating system for the address, and waits.', ref: 'RFC 8305 §3' },
        entry: { type: 'tell', params: ({ context }) => ({ to: context.stub, event: lookUp(context) }) },
        on: { found: { target: '.weighing', actions: 'takeFound', description: 'an answer comes' } },
        initial: 'waiting',
        states: {
          waiting: { description: 'nothing has come yet', meta: { note: 'Nothing has come yet.' } },
          weighing: {
            description: 'is it enough to set out?',
            meta: { note: 'Is that enough to set out? An IPv6 address is; an IPv4 address if nothing else is to come.' },
            always: [
              { guard: 'isReadyToConnect', target: '#browser.connecting', description: 'enough: set out' },
              {
                guard: 'isWithoutAddress',
                target: '#browser.failed',
                actions: {
                  type: 'note',
                  params: ({ context }) => ({ trouble: { kind: 'no-address', results: context.results } as Trouble }),
                },
                description: 'no address',
              },
              { guard: 'hasIPv4Only', target: 'lingering', description: 'IPv4 only, so far' },
              { target: 'waiting', description: 'more is to come' },
            ],
          },
          lingering: {
            description: 'giving IPv6 a moment',
            meta: { note: 'Has an IPv4 address, and gives the answer about IPv6 a moment to come.', ref: 'RFC 8305 §3' },
            after: { resolutionDelay: { target: '#browser.connecting', description: 'IPv6 had its chance' } },
          },
        },
      },
      connecting: {
        description: 'connecting to the web server',
        meta: { note: 'Goes to the web server itself. DNS is finished.', ref: 'RFC 8305 §5' },
        entry: 'order',
        on: {
          connected: { target: 'requesting', actions: 'keepFirst', description: 'the connection stands' },
          disconnected: { target: '.choosing', actions: 'forgetAttempt', description: 'refused, or silent too long' },
        },
        initial: 'choosing',
        states: {
          choosing: {
            description: 'taking the next address',
            meta: { note: 'Takes the next address: IPv6 before IPv4, by turns.', ref: 'RFC 8305 §4' },
            always: [
              {
                guard: 'isHere',
                target: '#browser.failed',
                actions: { type: 'note', params: { trouble: { kind: 'here' } } },
                description: 'this computer itself, where nobody listens',
              },
              { guard: 'hasReachable', target: 'attempting', description: 'open a connection' },
              { guard: 'isExpectingMore', target: 'waiting', description: 'all tried' },
              { target: '#browser.failed', actions: 'noteUnreachable', description: 'nothing left to try' },
            ],
          },
          attempting: {
            description: 'knocking at an address',
            meta: {
              note: 'Has knocked, and gives this address a quarter of a second before it tries another as well.',
              ref: 'RFC 8305 §5',
            },
            entry: 'openNext',
            after: { attemptDelay: { target: 'choosing', description: 'a quarter second is over' } },
            on: { found: { actions: 'takeFound', description: 'another address comes' } },
          },
          waiting: {
            description: 'waiting for anyone to open',
            meta: { note: 'Has knocked at every address that it knows, and waits.' },
            on: { found: { target: 'choosing', actions: 'takeFound', description: 'another address comes' } },
          },
        },
      },
      requesting: {
        description: 'waiting for the page',
        meta: { note: 'Asks the web server for the page, by the name as it was typed.', ref: 'RFC 9112 §3.2' },
        entry: { type: 'transmit', params: ({ context }) => requestFor(context) },
        after: {
          pagePatience: {
            target: 'failed',
            actions: { type: 'note', params: { trouble: { kind: 'slow' } } },
            description: 'no page has come',
          },
        },
        on: {
          received: { target: 'reading', actions: 'read', description: 'a response comes' },
          disconnected: {
            guard: 'isOurs',
            target: 'failed',
            actions: { type: 'note', params: { trouble: { kind: 'closed-early' } } },
            description: 'closed before the page came',
          },
        },
      },
      reading: {
        description: 'reading what came',
        meta: { note: 'Reads what the server sent: a page, or a pointer to another place.', ref: 'RFC 9110 §15' },
        entry: 'hangUp',
        always: [
          {
            guard: 'isNoHttp',
            target: 'failed',
            actions: { type: 'note', params: { trouble: { kind: 'not-http' } } },
            description: 'no HTTP response',
          },
          {
            guard: 'isRedirectTooMany',
            target: 'failed',
            actions: { type: 'note', params: { trouble: { kind: 'too-many-redirects' } } },
            description: 'pointed on once too often',
          },
          { guard: 'isRedirect', target: 'checkingCache', actions: 'follow', description: 'the page is elsewhere' },
          { target: 'showing', description: 'a page' },
        ],
      },
      showing: {
        description: 'showing the page',
        meta: { note: 'Shows the page.' },
        entry: ['rest', { type: 'conclude', params: ({ context }) => ({ conclusion: pageOf(context) }) }],
      },
      failed: {
        description: 'showing an error page',
        meta: { note: 'Shows a page of its own that says what went wrong.' },
        entry: [
          'hangUp',
          'rest',
          {
            type: 'conclude',
            params: ({ context }) => ({ conclusion: errorPage(context.typed, context.target, context.trouble as Trouble) }),
          },
        ],
      },
    },
  });

/** RFC 8305 §8, the recommended values. */
const RESOLUTION_DELAY: Duration = milliseconds(50);
const ATTEMPT_DELAY: Duration = milliseconds(250);
const PAGE_PATIENCE: Duration = seconds(30);
/** As browsers have it: twenty, then they call it a loop (Fetch standard, HTTP-redirect fetch). */
const MOST_REDIRECTS = 20;

const isRedirect = ({ response }: BrowserContext): boolean =>
  response !== undefined && [301, 302, 303, 307, 308].includes(response.status) && response.location !== undefined;

const giveUp = ({ visits, self }: BrowserContext): { type: string; request: string; replyTo: InstancePath } => ({
  type: 'give up',
  request: `v${visits}`,
  replyTo: self,
});

const abandoned = ({ typed }: BrowserContext) =>
  ({
    kind: 'failed',
    question: typed,
    reasons: [{ rule: 'abandoned', text: 'Another address was typed before the page had come.' }],
  }) as const;
