/**
 * The authoritative server: one machine for the root, for .com and for Route 53, because the protocol does not tell them
 * apart. What makes them differ is the responder in the host's memory, that is, what their zones hold.
 */
import { assign, setup } from 'xstate';
import type { Endpoint } from '../../base/address.ts';
import { type Reason, reason } from '../../base/reason.ts';
import { type Message, NO_FLAGS } from '../../dns/message.ts';
import type { Responder } from '../../dns/responder.ts';
import { decode, type FormError } from '../../dns/wire/decode.ts';
import { datagramLimit, encode, LONGEST_MESSAGE } from '../../dns/wire/encode.ts';
import type { Decision } from '../../route53/routing/decision.ts';
import type { DecisionRecord, MessageId } from '../../trace/trace.ts';
import {
  type Arrival,
  type ConnectionId,
  type EffectParams,
  effectActions,
  type Given,
  givenOf,
  type NetworkEvent,
  respond,
} from '../effects.ts';
import { describeResponse } from './describe.ts';
import { routeRecord } from './describeRoute.ts';

/** A responder; a Route 53 server's tells its routing decisions besides. */
type ServerResponder = (...asked: Parameters<Responder>) => ReturnType<Responder> & { readonly decisions?: readonly Decision[] };

/** What an authoritative server's host keeps. */
export interface AuthoritativeView {
  readonly responder: ServerResponder;
  /** The largest UDP datagram that it sends, whatever the asker would take; 4096 octets unless told. */
  readonly largestDatagram?: number;
}

/** What came, as far as it can be read. */
interface Exchange {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly connection?: ConnectionId;
  readonly message: MessageId;
  readonly query?: Message;
  readonly error?: FormError;
  /** The first octets, for an answer to what cannot be read. */
  readonly head: Uint8Array;
}

/** A question with the response that was found for it. */
interface Answered extends Exchange {
  readonly query: Message;
  readonly response: Message;
  /** The response as octets, however many. */
  readonly whole: Uint8Array;
  readonly reasons: readonly Reason[];
  /** Of a Route 53 server: what its routing policies decided. */
  readonly routes: readonly Decision[];
}

interface Context {
  /** What came last; none while the server listens. */
  readonly came: Exchange | undefined;
  readonly answered: Answered | undefined;
}

function cameIn({ came }: Context): Exchange {
  if (!came) throw new Error('an authoritative server has nothing at hand');
  return came;
}

function answeredIn({ answered }: Context): Answered {
  if (!answered) throw new Error('an authoritative server has found nothing yet');
  return answered;
}

const base = setup({
  types: {
    context: {} as Context,
    events: {} as NetworkEvent<AuthoritativeView>,
  },
  actions: effectActions,
});

/** The authoritative server's chart. Its host's memory is an `AuthoritativeView`. */
export const authoritative = base
  .extend({
    actions: {
      tellRoutes: base.enqueueActions(({ enqueue, context }) => {
        const { routes, message } = answeredIn(context);
        for (const route of routes) enqueue({ type: 'decide', params: { decision: routeRecord(route, message) } });
      }),
      read: assign(({ event }) => ({ came: read(event as Arrival) })),
      find: assign(({ context, event }) => ({ answered: answer(cameIn(context), givenOf(event)) })),
      letGo: assign({ came: undefined, answered: undefined }),
    },
    guards: {
      isQuery: ({ context }) => context.came?.query?.flags.qr === false,
      isBrokenQuery: ({ context }) => isBrokenQuery(cameIn(context)),
      isTooBigForDatagram: ({ context, event }) => isTooBig(answeredIn(context), givenOf<AuthoritativeView>(event).view),
    },
  })
  .createMachine({
    id: 'authoritative',
    description: 'Speaks for its own zones, asks nobody, and forgets each question when it has answered.',
    options: { maxIterations: 100 },
    context: { came: undefined, answered: undefined },
    initial: 'listening',
    states: {
      listening: {
        description: 'idle',
        meta: { note: 'Waits for a question. Of earlier ones it knows nothing.', ref: 'RFC 1035 §4.2' },
        entry: 'letGo',
        on: {
          datagram: { target: 'reading', actions: 'read', description: 'a datagram comes' },
          received: { target: 'reading', actions: 'read', description: 'a message comes by TCP' },
        },
      },
      reading: {
        description: 'reading the question',
        meta: { note: 'Reads what came: is it a question at all?', ref: 'RFC 1035 §4.1' },
        always: [
          { guard: 'isQuery', target: 'finding', description: 'a question' },
          {
            guard: 'isBrokenQuery',
            target: 'listening',
            actions: [
              { type: 'decide', params: ({ context }) => complaint(cameIn(context)) },
              { type: 'transmit', params: ({ context }) => formError(cameIn(context)) },
            ],
            description: 'cannot be read: say so',
          },
          {
            target: 'listening',
            actions: { type: 'decide', params: ({ context }) => silence(cameIn(context)) },
            description: 'no question: stay silent',
          },
        ],
      },
      finding: {
        description: 'looking in its zones',
        meta: { note: 'Looks in its zones: the answer, the servers that know more, or a firm no.', ref: 'RFC 1034 §4.3.2' },
        entry: ['find', { type: 'decide', params: ({ context }) => decision(answeredIn(context)) }, 'tellRoutes'],
        always: [
          {
            guard: 'isTooBigForDatagram',
            target: 'listening',
            actions: {
              type: 'transmit',
              params: ({ context, event }) => truncated(answeredIn(context), givenOf(event)),
            },
            description: 'too big for a datagram: TC 1',
          },
          {
            target: 'listening',
            actions: {
              type: 'transmit',
              params: ({ context }) => respond(answeredIn(context), answeredIn(context).whole),
            },
            description: 'answer, and forget',
          },
        ],
      },
    },
  });

function read({ from, to, bytes, message, ...more }: Arrival): Exchange {
  const decoded = decode(bytes);
  return {
    from,
    to,
    message,
    ...('connection' in more ? { connection: more.connection } : {}),
    ...(decoded.ok ? { query: decoded.message } : { error: decoded.error }),
    head: bytes.subarray(0, 12),
  };
}

function answer(exchange: Exchange, { at, view, draw }: Given<AuthoritativeView>): Answered {
  const { query } = exchange;
  if (!query) throw new Error('an authoritative server looks up what is no question');
  const option = query.edns?.options.find((o) => o.option === 'client-subnet');
  let drawn = 0;
  const {
    value: response,
    reasons,
    decisions: routes = [],
  } = view.responder(query, {
    now: at,
    source: exchange.from.address,
    ...(option?.option === 'client-subnet' ? { subnet: option.subnet } : {}),
    random: () => draw(`answer ${drawn++}`),
  });
  return { ...exchange, query, response, reasons, routes, whole: encode(response, LONGEST_MESSAGE) };
}

const limitOf = ({ query }: Answered, { largestDatagram = 4096 }: AuthoritativeView): number =>
  datagramLimit(query, largestDatagram);

const isTooBig = (answered: Answered, view: AuthoritativeView): boolean =>
  answered.connection === undefined && answered.whole.length > limitOf(answered, view);

const truncated = (answered: Answered, { view }: Given<AuthoritativeView>): EffectParams['transmit'] =>
  respond(answered, encode(answered.response, limitOf(answered, view)));

/** Octets with a whole header whose QR bit says "query". A response is never answered, or two servers would go on for ever. */
const isBrokenQuery = ({ error, head }: Exchange): boolean =>
  error !== undefined && head.length === 12 && ((head[2] as number) & 0x80) === 0;

/** RFC 1035 §4.1.1, rcode 1: only the ID comes back, since nothing else can be trusted. */
function formError(exchange: Exchange): EffectParams['transmit'] {
  const [high = 0, low = 0] = exchange.head;
  const opcode = exchange.error?.partial?.opcode ?? 'QUERY';
  const message: Message = {
    id: (high << 8) | low,
    opcode,
    rcode: 'FORMERR',
    flags: { ...NO_FLAGS, qr: true },
    question: [],
    answer: [],
    authority: [],
    additional: [],
  };
  return respond(exchange, encode(message));
}

const decision = ({ query, response, reasons, message }: Answered): { decision: DecisionRecord } => ({
  decision: { about: 'find', ...describeResponse(query, response), reasons, message },
});

const complaint = ({ error, message }: Exchange): { decision: DecisionRecord } => ({
  decision: {
    about: 'accept',
    outcome: 'not readable',
    asked: [{ question: 'Can it be read?', found: error?.problem ?? 'no', yes: false }],
    reasons: [reason('form-error', error?.problem ?? 'The octets are no message.', error?.source)],
    message,
  },
});

const silence = ({ query, error, message }: Exchange): { decision: DecisionRecord } => ({
  decision: {
    about: 'accept',
    outcome: 'ignored',
    asked: [{ question: 'Is it a question?', found: query ? 'it is a response' : (error?.problem ?? 'no'), yes: false }],
    reasons: [reason('not-a-query', 'Only questions are answered; anything else meets silence.', 'RFC 1035 §4.1.1')],
    message,
  },
});
