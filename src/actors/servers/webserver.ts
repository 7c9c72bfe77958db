/** The web server: looks which of its sites is meant, and sends the page. It has no part in finding names. */
import { assign, setup } from 'xstate';
import { endpointText } from '../../base/address.ts';
import { reason } from '../../base/reason.ts';
import type { DecisionRecord } from '../../trace/trace.ts';
import { type EffectParams, effectActions, givenOf, type NetworkEvent } from '../effects.ts';
import { type HttpRequest, readRequest, responseBytes } from '../http.ts';

/** One name that a web server serves. */
export interface Site {
  readonly title: string;
  readonly body: string;
  /** Says that the site has moved there, in place of a page. */
  readonly movedTo?: string;
  /** Paths that exist; every path when absent. */
  readonly paths?: readonly string[];
}

/** What a web server's host keeps. */
export interface WebView {
  /** By name in lower case, without final dot; "*" serves every other name. */
  readonly sites: ReadonlyMap<string, Site>;
}

type Received = Extract<NetworkEvent<WebView>, { type: 'received' }>;

/** The request in hand: what came, and the site it means. */
interface Serving {
  readonly received: Received | undefined;
  readonly request: HttpRequest | undefined;
  readonly site: Site | undefined;
}

const NOTHING: Serving = { received: undefined, request: undefined, site: undefined };

type Status = 200 | 301 | 400 | 404 | 405;

/** What a state that responds does: it says what it found, sends it, and closes. */
const responding = (outcome: string, statusOf: (serving: Serving) => Status) =>
  [
    { type: 'decide', params: ({ context }: { context: Serving }) => decided(context, outcome, statusOf(context)) },
    { type: 'transmit', params: ({ context }: { context: Serving }) => send(context, statusOf(context)) },
    { type: 'close', params: ({ context }: { context: Serving }) => connectionOf(context) },
  ] as const;

/** The web server's chart. Its host's memory is a `WebView`. */
export const webserver = setup({
  types: { context: {} as Serving, events: {} as NetworkEvent<WebView> },
  actions: {
    ...effectActions,
    read: assign(({ event }) => read(event as Received)),
    forget: assign(NOTHING),
  },
  guards: {
    isNoRequest: ({ context }) => context.request === undefined,
    isNoGet: ({ context }) => context.request?.method !== 'GET',
    isUnknown: ({ context }) => !isThere(context),
    hasMoved: ({ context }) => context.site?.movedTo !== undefined,
  },
}).createMachine({
  id: 'webserver',
  description: 'Sends pages to whoever connects and asks. One server may serve many names.',
  options: { maxIterations: 100 },
  context: NOTHING,
  initial: 'listening',
  states: {
    listening: {
      description: 'idle',
      meta: { note: 'Waits for a request.', ref: 'RFC 9112 §9' },
      entry: 'forget',
      on: { received: { target: 'reading', actions: 'read', description: 'a request comes' } },
    },
    reading: {
      description: 'reading the request',
      meta: { note: 'Reads the request: which of its names is meant, and which page?', ref: 'RFC 9112 §3.2' },
      always: [
        { guard: 'isNoRequest', target: 'refusing', description: 'no HTTP' },
        { guard: 'isNoGet', target: 'refusing', description: 'not a GET' },
        { guard: 'isUnknown', target: 'missing', description: 'not here' },
        { guard: 'hasMoved', target: 'pointing', description: 'moved' },
        { target: 'serving', description: 'here it is' },
      ],
    },
    serving: {
      description: 'sending the page',
      meta: { note: 'Sends the page, and closes.', ref: 'RFC 9110 §15.3.1' },
      entry: responding('the page', () => 200),
      always: { target: 'listening', description: 'said' },
    },
    pointing: {
      description: 'pointing elsewhere',
      meta: { note: 'Says where the page is now.', ref: 'RFC 9110 §15.4.2' },
      entry: responding('moved', () => 301),
      always: { target: 'listening', description: 'said' },
    },
    missing: {
      description: 'saying not found',
      meta: { note: 'Has no such page.', ref: 'RFC 9110 §15.5.5' },
      entry: responding('no such page', () => 404),
      always: { target: 'listening', description: 'said' },
    },
    refusing: {
      description: 'refusing',
      meta: { note: 'Cannot make sense of the request.', ref: 'RFC 9110 §15.5.1' },
      entry: responding('not understood', ({ request }) => (request ? 405 : 400)),
      always: { target: 'listening', description: 'said' },
    },
  },
});

function read(event: Received): Serving {
  const request = readRequest(event.bytes);
  const { sites } = givenOf<WebView>(event).view;
  return { received: event, request, site: request && (sites.get(request.host) ?? sites.get('*')) };
}

const isThere = ({ site, request }: Serving): boolean =>
  site !== undefined && (site.paths === undefined || site.paths.includes(request?.path ?? ''));

const connectionOf = ({ received }: Serving): EffectParams['close'] => ({ connection: (received as Received).connection });

function send({ received, site, request }: Serving, status: Status): EffectParams['transmit'] {
  const { connection, message } = received as Received;
  const page =
    status === 200 || status === 301
      ? { title: site?.title ?? '', body: site?.body ?? '' }
      : { title: TITLES[status], body: refusal(request, site !== undefined) };
  const moved = status === 301 && site?.movedTo !== undefined ? { location: site.movedTo } : {};
  return { connection, bytes: responseBytes({ status, ...page, ...moved }), answers: message };
}

/** What a page says that is none: of a site that is served here, what it lacks. */
const refusal = (request: Serving['request'], served: boolean): string =>
  served && request
    ? `${request.host} has no page ${request.path}.`
    : `Nothing is served here for ${request?.host || 'this request'}.`;

const TITLES = { 400: 'Bad request', 404: 'Not found', 405: 'Method not allowed' } as const;

function decided({ received, request, site }: Serving, outcome: string, status: Status): { decision: DecisionRecord } {
  const host = request?.host || 'none';
  return {
    decision: {
      about: 'serve',
      outcome,
      asked: [
        {
          question: 'Is it a request for a page?',
          found: request ? `${request.method} ${request.path}` : 'no',
          yes: request !== undefined,
        },
        { question: 'Is the name in its Host field served here?', found: host, yes: site !== undefined },
      ],
      reasons: [
        reason(`http-${status}`, `${endpointText((received as Received).from)} asked by the name ${host}.`, 'RFC 9110 §7.2'),
      ],
      message: (received as Received).message,
    },
  };
}
