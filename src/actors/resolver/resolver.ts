/**
 * The recursive resolver: listens, opens one `resolution` for each distinct question under way, hands replies to the query
 * they belong to, and answers everyone who waits. Its host's memory is the cache (`resolver/memory.ts`).
 */
import { assign, setup } from 'xstate';
import type { CacheView } from '../../dns/resolve/cache.ts';
import { type Arrival, effectActions, type Given, givenOf, type NetworkEvent } from '../effects.ts';
import * as desk from './desk.ts';
import { type Sorted, sort } from './sort.ts';
import type { Desk, ResolverInput } from './state.ts';
import type { Asked, Finished, Lent, Needed, Noticed } from './talk.ts';

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

/** An action that asks for effects and changes the desk. */
const act = (work: (desk: Desk, event: ResolverEvent) => desk.Move) =>
  base.enqueueActions(({ enqueue, context, event }) => {
    const { effects, change } = work(context.desk, event);
    for (const effect of effects) enqueue(effect);
    enqueue(assign({ desk: { ...context.desk, ...change } }));
  });

/** An action that only changes the desk. */
const note = (work: (desk: Desk, event: ResolverEvent) => Partial<Desk>) =>
  act((on, event) => ({ effects: [], change: work(on, event) }));

const sorted = (on: Desk, event: object): Sorted => sort(on, event as Arrival);
const isKind =
  (kind: Sorted['kind']) =>
  ({ context, event }: Moment): boolean =>
    sorted(context.desk, event).kind === kind;

interface Moment {
  readonly context: { readonly desk: Desk };
  readonly event: object;
}

/** What becomes of a message that is no reply: by datagram and by TCP alike. */
const queries = (whenNew: string) =>
  [
    {
      guard: 'isToBeRefused',
      actions: {
        type: 'transmit',
        params: ({ context, event }: Moment) => desk.refuse(context.desk, sorted(context.desk, event)),
      },
      description: 'a question that it does not take',
    },
    { guard: 'isSpecial', actions: 'answerItself', description: 'a name that never leaves the house, such as localhost' },
    { guard: 'isToBeIgnored', description: 'not worth a response' },
    { guard: 'isOnlyLooking', actions: 'lookInCache', description: 'RD 0: only what the cache has' },
    { guard: 'isAskedAlready', actions: 'waitToo', description: 'the same question is under way: wait for its answer' },
    { actions: 'openQuestion', description: whenNew },
  ] as const;

/** The chart of a recursive resolver. */
export const resolver = base
  .extend({
    actions: {
      handOn: act((on, event) => desk.handOn(on, sorted(on, event), given(event).at)),
      answerItself: act((on, event) => desk.answerItself(on, sorted(on, event))),
      openQuestion: act((on, event) => desk.openForClient(on, sorted(on, event), given(event).at)),
      lookInCache: act((on, event) => desk.lookForClient(on, sorted(on, event), given(event))),
      waitToo: note((on, event) => desk.waitToo(on, sorted(on, event), given(event).at)),
      openErrand: act((on, event) => {
        const needed = event as Told<Needed>;
        return desk.openErrand(on, { kind: 'resolution', path: needed.by }, needed);
      }),
      noteQuery: note((on, event) => desk.noteQuery(on, event as Told<Asked>)),
      noteStanding: note((on, event) => desk.noteStanding(on, event as Told<Noticed>)),
      lend: act((on, event) => desk.lend(on, event as Told<Lent>)),
      answerAll: act((on, event) => desk.answerAll(on, event as Told<Finished>, given(event))),
    },
    guards: {
      isReply: isKind('reply'),
      isStray: isKind('stray'),
      isToBeRefused: isKind('refuse'),
      isSpecial: isKind('special'),
      isToBeIgnored: isKind('ignore'),
      isOnlyLooking: isKind('snoop'),
      isAskedAlready: ({ context, event }) => desk.isAskedAlready(context.desk, sorted(context.desk, event)),
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
              actions: { type: 'decide', params: ({ context, event }) => desk.strayRecord(sorted(context.desk, event)) },
              description: 'belongs to no query: thrown away',
            },
            ...queries('a query comes, RD 1: do it all'),
          ],
          received: queries('a query comes by TCP'),
          asked: { actions: 'noteQuery', description: 'a query has left' },
          noticed: { actions: 'noteStanding', description: 'a server shows how it behaves' },
          needed: { actions: 'openErrand', description: 'a resolution needs a server’s address' },
          lent: { actions: 'lend', description: 'an old answer for those who wait' },
          finished: { actions: 'answerAll', description: 'answer everyone who waits' },
        },
      },
    },
  });
