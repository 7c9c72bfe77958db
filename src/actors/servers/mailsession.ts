/** One conversation of a mail server (RFC 5321 §3): who are you, from whom, for whom, and the letter. */
import { setup } from 'xstate';
import { type ConnectionId, type EffectParams, effectActions, type NetworkEvent } from '../effects.ts';

export interface MailSessionInput {
  readonly connection: ConnectionId;
  /** The server's own name. */
  readonly name: string;
}

type Line = Extract<NetworkEvent, { type: 'received' }>;

/** The chart of one conversation. */
export const mailsession = setup({
  types: { context: {} as MailSessionInput, events: {} as NetworkEvent, input: {} as MailSessionInput },
  actions: effectActions,
  guards: {
    isHello: ({ event }) => begins(event, 'EHLO') || begins(event, 'HELO'),
    isSender: ({ event }) => begins(event, 'MAIL FROM:'),
    isRecipient: ({ event }) => begins(event, 'RCPT TO:'),
    isData: ({ event }) => begins(event, 'DATA'),
    isQuit: ({ event }) => begins(event, 'QUIT'),
    isEnd: ({ event }) => textOf(event) === '.',
  },
}).createMachine({
  id: 'mailsession',
  description: 'One conversation with somebody who brings a letter.',
  options: { maxIterations: 100 },
  context: ({ input: { connection, name } }) => ({ connection, name }),
  initial: 'greeting',
  states: {
    greeting: {
      description: 'greeting',
      meta: { note: 'Greets: in SMTP the server speaks first.', ref: 'RFC 5321 §3.1' },
      entry: { type: 'transmit', params: ({ context }) => reply(context, `220 ${context.name}`) },
      always: { target: 'talking', description: 'greeted' },
    },
    talking: {
      description: 'taking down who and whom',
      meta: { note: 'Takes one line after another.', ref: 'RFC 5321 §4.1' },
      initial: 'awaitingHello',
      on: {
        received: [
          { guard: 'isQuit', target: 'closed', description: 'QUIT' },
          {
            actions: { type: 'transmit', params: ({ context }) => reply(context, '503 that is not the turn of this command') },
            description: 'not its turn',
          },
        ],
      },
      states: {
        awaitingHello: {
          description: 'who is there?',
          meta: { note: 'Who is there?' },
          on: {
            received: {
              guard: 'isHello',
              description: 'EHLO',
              target: 'awaitingSender',
              actions: { type: 'transmit', params: ({ context, event }) => reply(context, `250 ${context.name}`, event) },
            },
          },
        },
        awaitingSender: {
          description: 'from whom?',
          meta: { note: 'From whom is the letter?' },
          on: {
            received: {
              guard: 'isSender',
              description: 'MAIL FROM',
              target: 'awaitingRecipient',
              actions: { type: 'transmit', params: ({ context, event }) => reply(context, '250 OK', event) },
            },
          },
        },
        awaitingRecipient: {
          description: 'for whom?',
          meta: { note: 'For whom is it?' },
          on: {
            received: {
              guard: 'isRecipient',
              description: 'RCPT TO',
              target: 'awaitingData',
              actions: { type: 'transmit', params: ({ context, event }) => reply(context, '250 OK', event) },
            },
          },
        },
        awaitingData: {
          description: 'and the letter?',
          meta: { note: 'And the letter itself?' },
          on: {
            received: {
              guard: 'isData',
              description: 'DATA',
              target: '#mailsession.reading',
              actions: {
                type: 'transmit',
                params: ({ context, event }) => reply(context, '354 a line with a full stop ends it', event),
              },
            },
          },
        },
      },
    },
    reading: {
      description: 'taking the letter',
      meta: { note: 'Takes down the letter, line by line.', ref: 'RFC 5321 §4.1.1.4' },
      on: {
        received: {
          guard: 'isEnd',
          description: 'a lone full stop',
          target: 'talking.awaitingSender',
          actions: { type: 'transmit', params: ({ context, event }) => reply(context, '250 the letter is here', event) },
        },
      },
    },
    closed: {
      description: 'saying goodbye',
      meta: { note: 'Says goodbye.', ref: 'RFC 5321 §4.1.1.10' },
      type: 'final',
      entry: [
        { type: 'transmit', params: ({ context }) => reply(context, `221 ${context.name} goodbye`) },
        { type: 'close', params: ({ context }) => ({ connection: context.connection }) },
      ],
    },
  },
});

const textOf = (event: object): string => decoder.decode((event as Line).bytes).trimEnd();
const begins = (event: object, command: string): boolean => textOf(event).toUpperCase().startsWith(command);

const reply = ({ connection }: MailSessionInput, text: string, to?: object): EffectParams['transmit'] => ({
  connection,
  bytes: encoder.encode(`${text}\r\n`),
  ...(to ? { answers: (to as Line).message } : {}),
});

const encoder = new TextEncoder();
const decoder = new TextDecoder();
