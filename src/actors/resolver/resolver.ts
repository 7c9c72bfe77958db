/**
 * The recursive resolver: listens, opens one `resolution` for each distinct question under way, hands replies to the query
 * they belong to, and answers everyone who waits. Its host's memory is the cache (`resolver/memory.ts`).
 */
import { assign, setup } from 'xstate';
import type { CacheView } from '../../dns/resolve/cache.ts';
import { effectActions, type Given, givenOf, type NetworkEvent } from '../effects.ts';
import * as desk from './desk.ts';
import type { Asked, Finished, Lent, Needed, Noticed } from './job.ts';
import { sort } from './sort.ts';
import type { Arrival, Desk, ResolverInput } from './state.ts';

type Told<E> = E & { readonly given: Given<CacheView> };
type ResolverEvent = NetworkEvent<CacheView> | Told<Asked> | Told<Noticed> | Told<Needed> | Told<Lent> | Told<Finished>;

const given = (event: object): Given<CacheView> => givenOf<CacheView>(event);

const base = setup({
  types: {
    context: {} as { readonly desk: Desk },
    events: {} as ResolverEvent,
    input: {} as ResolverInput & { readonly given: Given<CacheView> },
  },
  actions: effectActions,
});

/** The chart of a recursive resolver. */
export const resolver = base
  .extend({
    actions: {
      handOn: base.enqueueActions(({ enqueue, context, event }) => {
        const { effects, change } = desk.handOn(context.desk, sort(context.desk, event as Arrival), given(event).at);
        for (const effect of effects) enqueue(effect);
        enqueue(assign({ desk: { ...context.desk, ...change } }));
      }),
      openQuestion: base.enqueueActions(({ enqueue, context, event }) => {
        const { effects, change } = desk.openForClient(context.desk, sort(context.desk, event as Arrival), given(event).at);
        for (const effect of effects) enqueue(effect);
        enqueue(assign({ desk: { ...context.desk, ...change } }));
      }),
      lookInCache: base.enqueueActions(({ enqueue, context, event }) => {
        const { effects, change } = desk.lookForClient(context.desk, sort(context.desk, event as Arrival), given(event));
        for (const effect of effects) enqueue(effect);
        enqueue(assign({ desk: { ...context.desk, ...change } }));
      }),
      waitToo: assign(({ context, event }) => ({
        desk: { ...context.desk, ...desk.waitToo(context.desk, sort(context.desk, event as Arrival), given(event).at) },
      })),
      openErrand: base.enqueueActions(({ enqueue, context, event }) => {
        const { effects, change } = desk.openErrand(
          context.desk,
          { kind: 'resolution', path: (event as Told<Needed>).by },
          event as Told<Needed>,
        );
        for (const effect of effects) enqueue(effect);
        enqueue(assign({ desk: { ...context.desk, ...change } }));
      }),
      noteQuery: assign(({ context, event }) => ({
        desk: { ...context.desk, ...desk.noteQuery(context.desk, event as Told<Asked>) },
      })),
      noteStanding: assign(({ context, event }) => ({
        desk: { ...context.desk, ...desk.noteStanding(context.desk, event as Told<Noticed>) },
      })),
      lend: base.enqueueActions(({ enqueue, context, event }) => {
        const { effects, change } = desk.lend(context.desk, event as Told<Lent>);
        for (const effect of effects) enqueue(effect);
        enqueue(assign({ desk: { ...context.desk, ...change } }));
      }),
      answerAll: base.enqueueActions(({ enqueue, context, event }) => {
        const { effects, change } = desk.answerAll(context.desk, event as Told<Finished>, given(event));
        for (const effect of effects) enqueue(effect);
        enqueue(assign({ desk: { ...context.desk, ...change } }));
      }),
    },
    guards: {
      isReply: ({ context, event }) => sort(context.desk, event as Arrival).kind === 'reply',
      isStray: ({ context, event }) => sort(context.desk, event as Arrival).kind === 'stray',
      isToBeRefused: ({ context, event }) => sort(context.desk, event as Arrival).kind === 'refuse',
      isToBeIgnored: ({ context, event }) => sort(context.desk, event as Arrival).kind === 'ignore',
      isOnlyLooking: ({ context, event }) => sort(context.desk, event as Arrival).kind === 'snoop',
      isAskedAlready: ({ context, event }) => desk.isAskedAlready(context.desk, sort(context.desk, event as Arrival)),
    },
  })
  .createMachine({
    id: 'resolver',
    description: 'Does the whole job for its clients: asks down the tree, keeps what it learns, and answers.',
    options: { maxIterations: 100 },
    context: ({ input: { given: _, ...input } }) => ({
      desk: { ...input, open: new Map(), standings: new Map(), opened: 0 },
    }),
    initial: 'listening',
    states: {
      listening: {
        description: 'waiting for questions, and for replies to its own',
        meta: { ref: 'RFC 1034 §5.3.1' },
        on: {
          datagram: [
            { guard: 'isReply', actions: 'handOn', description: 'a reply to one of its queries' },
            {
              guard: 'isStray',
              actions: { type: 'decide', params: ({ context, event }) => desk.strayRecord(sort(context.desk, event as Arrival)) },
              description: 'belongs to no query: thrown away',
            },
            {
              guard: 'isToBeRefused',
              actions: {
                type: 'transmit',
                params: ({ context, event }) => desk.refuse(context.desk, sort(context.desk, event as Arrival)),
              },
              description: 'a question that it does not take',
            },
            { guard: 'isToBeIgnored', description: 'not worth a response' },
            { guard: 'isOnlyLooking', actions: 'lookInCache', description: 'RD 0: only what the cache has' },
            { guard: 'isAskedAlready', actions: 'waitToo', description: 'the same question is under way: wait for its answer' },
            { actions: 'openQuestion', description: 'a query comes, RD 1: do it all' },
          ],
          received: [
            {
              guard: 'isToBeRefused',
              actions: {
                type: 'transmit',
                params: ({ context, event }) => desk.refuse(context.desk, sort(context.desk, event as Arrival)),
              },
              description: 'a question that it does not take',
            },
            { guard: 'isToBeIgnored', description: 'not worth a response' },
            { guard: 'isOnlyLooking', actions: 'lookInCache', description: 'RD 0: only what the cache has' },
            { guard: 'isAskedAlready', actions: 'waitToo', description: 'the same question is under way: wait for its answer' },
            { actions: 'openQuestion', description: 'a query comes by TCP' },
          ],
          asked: { actions: 'noteQuery', description: 'a query has left' },
          noticed: { actions: 'noteStanding', description: 'a server shows how it behaves' },
          needed: { actions: 'openErrand', description: 'a resolution needs a server’s address' },
          lent: { actions: 'lend', description: 'an old answer for those who wait' },
          finished: { actions: 'answerAll', description: 'answer everyone who waits' },
        },
      },
    },
  });
