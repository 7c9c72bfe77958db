/** The mail server: greets whoever connects, and starts a `mailsession` for each connection to talk with them. */
import { setup } from 'xstate';
import type { InstancePath } from '../../trace/trace.ts';
import { type ConnectionId, effectActions, type NetworkEvent } from '../effects.ts';
import type { MailSessionInput } from './mailsession.ts';

export interface MailServerInput {
  readonly path: InstancePath;
  /** The server's own name, as it greets: "mail.example.com". */
  readonly name: string;
}

const base = setup({
  types: { context: {} as MailServerInput, events: {} as NetworkEvent, input: {} as MailServerInput },
  actions: effectActions,
});

const sessionOf = ({ path }: MailServerInput, connection: ConnectionId): InstancePath => `${path}/${connection}`;

/** The mail server's chart. */
export const mailserver = base
  .extend({
    actions: {
      startSession: base.enqueueActions(({ enqueue, context, event }) => {
        if (event.type !== 'accepted') return;
        const { connection } = event;
        const input: MailSessionInput = { connection, name: context.name };
        const path = sessionOf(context, connection);
        enqueue({ type: 'start', params: { path, machine: 'mailsession', title: 'A conversation', input } });
      }),
      passOn: base.enqueueActions(({ enqueue, context, event }) => {
        if (event.type !== 'received') return;
        const { given: _, ...line } = event;
        enqueue({ type: 'tell', params: { to: sessionOf(context, event.connection), event: line } });
      }),
      endSession: base.enqueueActions(({ enqueue, context, event }) => {
        if (event.type === 'disconnected') enqueue({ type: 'stop', params: { path: sessionOf(context, event.connection) } });
      }),
    },
  })
  .createMachine({
    id: 'mailserver',
    description: 'Takes letters for its domains from whoever brings them.',
    options: { maxIterations: 100 },
    context: ({ input: { path, name } }) => ({ path, name }),
    initial: 'listening',
    states: {
      listening: {
        description: 'idle',
        meta: { note: 'Waits for connections to port 25, and for what is said on them.', ref: 'RFC 5321 §2.1' },
        on: {
          accepted: { actions: 'startSession', description: 'somebody connects' },
          received: { actions: 'passOn', description: 'a line comes' },
          disconnected: { actions: 'endSession', description: 'they hang up' },
        },
      },
    },
  });
