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
      description: 'Greets: in SMTP the server speaks first.',
      meta: { ref: 'RFC 5321 §3.1' },
      entry: { type: 'transmit', params: ({ context }) => reply(context, `220 ${context.name}`) },
      always: 'talking',
    },
    talking: {
      description: 'Takes one line after another.',
      meta: { ref: 'RFC 5321 §4.1' },
      initial: 'awaitingHello',
      on: {
        received: [
          { guard: 'isQuit', target: 'closed' },
          { actions: { type: 'transmit', params: ({ context }) => reply(context, '503 that is not the turn of this command') } },
        ],
      },
      states: {
        awaitingHello: {
          description: 'Who is there?',
          on: {
            received: {
              guard: 'isHello',
              target: 'awaitingSender',
              actions: { type: 'transmit', params: ({ context, event }) => reply(context, `250 ${context.name}`, event) },
            },
          },
        },
        awaitingSender: {
          description: 'From whom is the letter?',
          on: {
            received: {
              guard: 'isSender',
              target: 'awaitingRecipient',
              actions: { type: 'transmit', params: ({ context, event }) => reply(context, '250 OK', event) },
            },
          },
        },
        awaitingRecipient: {
          description: 'For whom is it?',
          on: {
            received: {
              guard: 'isRecipient',
              target: 'awaitingData',
              actions: { type: 'transmit', params: ({ context, event }) => reply(context, '250 OK', event) },
            },
          },
        },
        awaitingData: {
          description: 'And the letter itself?',
          on: {
            received: {
              guard: 'isData',
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
      description: 'Takes down the letter, line by line.',
      meta: { ref: 'RFC 5321 §4.1.1.4' },
      on: {
        received: {
          guard: 'isEnd',
          target: 'talking.awaitingSender',
          actions: { type: 'transmit', params: ({ context, event }) => reply(context, '250 the letter is here', event) },
        },
      },
    },
    closed: {
      description: 'Says goodbye.',
      meta: { ref: 'RFC 5321 §4.1.1.10' },
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
