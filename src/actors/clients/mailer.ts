/** The program that sends letters: finds the domain's mail exchanges, and hands the letter to the first that takes it. */
import { assign, setup } from 'xstate';
import { type EffectParams, effectActions, type Given, givenOf, type NetworkEvent } from '../effects.ts';
import {
  beginLetter,
  CONNECTION,
  delivered,
  isGood,
  type Letter,
  type MailerInput,
  nextExchange,
  openTo,
  say,
  takeAddresses,
  takeExchanges,
  undelivered,
} from './mailing.ts';
import type { Found, LookUp } from './stub.ts';

/** Somebody sends a letter. */
export interface Send {
  readonly type: 'send';
  /** "user@example.com". */
  readonly to: string;
}

type MailerEvent = NetworkEvent | ((Send | Found) & { readonly given: Given });
type Reply = Extract<NetworkEvent, { type: 'received' }>;
type Ended = Extract<NetworkEvent, { type: 'disconnected' }>;

const base = setup({
  types: { context: {} as Letter, events: {} as MailerEvent, input: {} as MailerInput },
  actions: {
    ...effectActions,
    begin: assign(({ context, event }) => beginLetter(context, (event as Send).to)),
    lineUp: assign(({ context, event }) => ({ line: [...context.line, (event as Send).to] })),
    takeNext: assign(({ context }) => ({ ...beginLetter(context, context.line[0] as string), line: context.line.slice(1) })),
    takeExchanges: assign(({ context, event }) => takeExchanges(context, (event as Found).result)),
    takeExchange: assign(({ context }) => nextExchange(context)),
    takeAddresses: assign(({ context, event }) => takeAddresses(context, (event as Found).result)),
    takeAddress: assign(({ context }) => ({ address: context.addresses[0], addresses: context.addresses.slice(1) })),
    noteEnd: assign(({ context, event }) => ({ reasons: [...context.reasons, (event as Ended).reason] })),
    noteRefusal: assign(({ context, event }) => ({ reasons: [...context.reasons, refusal(event as Reply)] })),
  },
  guards: {
    hasMore: ({ context }) => context.line.length > 0,
    hasExchange: ({ context }) => context.exchanges.length > 0,
    hasAddress: ({ context }) => context.addresses.length > 0,
    isIncomplete: ({ event }) => (event as Found).outstanding > 0,
    isGood: ({ event }) => isGood((event as Reply).bytes),
  },
  delays: { thinking: ({ context }) => context.thinking },
});

/** The server agrees to what was said last: on with the next. */
const agreed = <Target extends string>(target: Target, next: (letter: Letter) => EffectParams['transmit']) =>
  ({
    guard: 'isGood',
    description: 'the server agrees',
    target,
    actions: { type: 'transmit', params: ({ context }: { context: Letter }) => next(context) },
  }) as const;

/** The mail program's chart. */
export const mailer = base.createMachine({
  id: 'mailer',
  description: 'Brings a letter to the server that takes the mail of its domain.',
  options: { maxIterations: 100 },
  context: ({ input }) => ({ ...input, ...beginLetter({ letters: 0 }, ''), line: [] }),
  initial: 'idle',
  on: { send: { actions: 'lineUp', description: 'one more letter, later' } },
  states: {
    idle: {
      description: 'idle',
      meta: { note: 'Has no letter to send.' },
      always: { guard: 'hasMore', target: 'thinking', actions: 'takeNext', description: 'one more letter' },
      on: { send: { target: 'thinking', actions: 'begin', description: 'a letter to send' } },
    },
    thinking: {
      description: 'reading the address',
      meta: { note: 'Reads the address on the letter.' },
      after: { thinking: { target: 'askingExchanges', description: 'it is read' } },
    },
    askingExchanges: {
      description: 'asking for mail exchanges',
      meta: { note: 'Asks which servers take the mail of the domain.', ref: 'RFC 5321 §5.1' },
      entry: { type: 'tell', params: ({ context }) => ({ to: context.stub, event: exchangesWanted(context) }) },
      on: { found: { target: 'choosing', actions: 'takeExchanges', description: 'names with numbers come' } },
    },
    choosing: {
      description: 'choosing an exchange',
      meta: { note: 'Takes the server with the lowest number that it has not tried.', ref: 'RFC 5321 §5.1' },
      always: [
        { guard: 'hasExchange', target: 'askingAddress', actions: 'takeExchange', description: 'the lowest number' },
        { target: 'undelivered', description: 'none left' },
      ],
    },
    askingAddress: {
      description: 'asking for its address',
      meta: { note: 'Asks for the address of that server: a name is not enough.', ref: 'RFC 5321 §5.1' },
      entry: { type: 'tell', params: ({ context }) => ({ to: context.stub, event: addressWanted(context) }) },
      on: {
        found: [
          { guard: 'isIncomplete', actions: 'takeAddresses', description: 'one kind of address' },
          { target: 'choosingAddress', actions: 'takeAddresses', description: 'all that there are' },
        ],
      },
    },
    choosingAddress: {
      description: 'taking the next address',
      meta: { note: 'Takes the next address of that server.' },
      entry: { type: 'close', params: { connection: CONNECTION } },
      always: [
        { guard: 'hasAddress', target: 'delivering', actions: 'takeAddress', description: 'go there' },
        { target: 'choosing', description: 'no address left' },
      ],
    },
    delivering: {
      description: 'bringing the letter',
      meta: { note: 'Talks to the mail server.', ref: 'RFC 5321 §3' },
      entry: { type: 'open', params: ({ context, event }) => openTo(context, givenOf(event)) },
      on: {
        disconnected: { target: 'choosingAddress', actions: 'noteEnd', description: 'refused, or broken off' },
        received: { target: 'choosingAddress', actions: 'noteRefusal', description: 'the server says no' },
      },
      initial: 'connecting',
      states: {
        connecting: {
          description: 'opening the connection',
          meta: { note: 'Opens the connection to port 25.' },
          on: { connected: { target: 'greeted', description: 'the connection stands' } },
        },
        greeted: {
          description: 'waiting to be greeted',
          meta: { note: 'Waits to be greeted: in SMTP the server speaks first.' },
          on: {
            received: agreed('introducing', say.hello),
          },
        },
        introducing: {
          description: 'saying who it is',
          meta: { note: 'Has said who it is.' },
          on: {
            received: agreed('namingSender', say.sender),
          },
        },
        namingSender: {
          description: 'saying from whom',
          meta: { note: 'Has said from whom the letter is.' },
          on: {
            received: agreed('namingRecipient', say.recipient),
          },
        },
        namingRecipient: {
          description: 'saying for whom',
          meta: { note: 'Has said for whom it is.' },
          on: {
            received: agreed('announcing', say.data),
          },
        },
        announcing: {
          description: 'announcing the letter',
          meta: { note: 'Has asked to send the letter itself.' },
          on: {
            received: agreed('sending', say.letter),
          },
        },
        sending: {
          description: 'sending the letter',
          meta: { note: 'Has sent the letter, and waits until the server says that it has it.' },
          on: {
            received: agreed('#mailer.delivered', say.quit),
          },
        },
      },
    },
    delivered: {
      description: 'delivered',
      meta: { note: 'The server has taken the letter.' },
      entry: [
        { type: 'close', params: { connection: CONNECTION } },
        { type: 'conclude', params: ({ context }) => ({ conclusion: delivered(context) }) },
      ],
      always: { target: 'idle', description: 'said' },
    },
    undelivered: {
      description: 'not delivered',
      meta: { note: 'No server takes the letter.' },
      entry: { type: 'conclude', params: ({ context }) => ({ conclusion: undelivered(context) }) },
      always: { target: 'idle', description: 'said' },
    },
  },
});

const refusal = ({ bytes }: Reply) => ({
  rule: 'mail-refused',
  text: `The mail server said "${new TextDecoder().decode(bytes).trim()}".`,
  source: 'RFC 5321 §4.2',
});

const exchangesWanted = ({ letters, self, domain }: Letter): LookUp => ({
  type: 'look up',
  request: `m${letters} exchanges`,
  replyTo: self,
  name: domain,
  want: 'MX',
});

const addressWanted = ({ letters, self, exchange }: Letter): LookUp => ({
  type: 'look up',
  request: `m${letters} address`,
  replyTo: self,
  name: exchange,
  want: 'addresses',
});
