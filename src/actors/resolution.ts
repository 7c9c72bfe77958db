/**
 * One question of a recursive resolver, from the look into the cache to the answer: RFC 1034 §5.3.3 as a chart.
 *
 * The states are those of Unbound's iterator in plain words. What each decides stands in `src/dns/resolve` and is pure;
 * the chart says in which order.
 */
import { assign, setup } from 'xstate';
import type { Duration } from '../base/time.ts';
import { later } from '../base/time.ts';
import type { CacheView } from '../dns/resolve/cache.ts';
import type { InstancePath } from '../trace/trace.ts';
import { effectActions, type Given, givenOf, type NetworkEvent } from './effects.ts';
import { connection, connectionId, datagram, makeQuery, onConnection } from './resolver/ask.ts';
import { choiceRecord, chooseNext } from './resolver/choose.ts';
import type { Job, NextStep, Pending, Reply, ResolutionInput, Resolved } from './resolver/job.ts';
import { newJob } from './resolver/job.ts';
import * as moves from './resolver/moves.ts';
import { readRecord, readReply } from './resolver/read.ts';

type Told<E> = E & { readonly given: Given<CacheView> };
type ResolutionEvent = NetworkEvent<CacheView> | Told<Reply> | Told<Resolved>;

const given = (event: object): Given<CacheView> => givenOf<CacheView>(event);

const base = setup({
  types: {
    context: {} as Job,
    events: {} as ResolutionEvent,
    input: {} as ResolutionInput & { readonly given: Given<CacheView> },
  },
  actions: effectActions,
});

/** Tells the resolver something. */
const tell = (job: Job, event: { readonly type: string; readonly by?: InstancePath }) => ({ to: job.resolver, event });

/** The chart of one question. */
export const resolution = base
  .extend({
    actions: {
      look: assign(({ context, event }) => moves.looked(context, given(event))),
      choose: assign(({ context, event }) => {
        const chosen = chooseNext(context, given(event));
        return { ...chosen.change, step: chosen.step };
      }),
      prepareQuery: assign(({ context, event }) => moves.sent(context, makeQuery(context, given(event), 'udp'))),
      prepareTcp: assign(({ context, event }) => moves.sent(context, makeQuery(context, given(event), 'tcp'))),
      read: assign(({ context, event }) => ({
        reply: readReply(context, event as Parameters<typeof readReply>[1], given(event)),
      })),
      rememberReply: base.enqueueActions(({ enqueue, context }) => {
        for (const params of moves.lessons(context)) enqueue({ type: 'remember', params });
      }),
      rememberFailure: base.enqueueActions(({ enqueue, context, event }) => {
        const params = moves.failureToRemember(context, given(event));
        if (params) enqueue({ type: 'remember', params });
      }),
      followAlias: assign(({ context }) => moves.followed(context)),
      goNearer: assign(({ context }) => moves.referred(context)),
      passOver: assign(({ context }) => moves.passedOver(context)),
      noteTimeout: assign(({ context, event }) => moves.timedOut(context, given(event).at)),
      noteDisconnection: assign(({ context, event }) =>
        event.type === 'disconnected' ? moves.disconnected(context, event.reason) : {},
      ),
      dropEdns: assign(({ context, event }) => moves.withoutEdns(context, given(event).at)),
      takeResolved: assign(({ context, event }) => moves.resolved(context, event as Told<Resolved>)),
      answerFromCache: assign(({ context, event }) => moves.answeredFromCache(context, given(event).at)),
      answerFromReply: assign(({ context, event }) => moves.answeredByServer(context, given(event).at)),
      fail: assign(({ context }) => moves.failed(context)),
    },
    guards: {
      isInCache: ({ context }) => moves.foundOf(context).kind === 'message',
      isAliasInCache: ({ context }) => moves.foundOf(context).kind === 'alias' && context.restarts < context.settings.maxRestarts,
      isHopeless: ({ context }) => moves.foundOf(context).kind === 'failure' || moves.foundOf(context).kind === 'alias',
      hasServer: ({ context }) => context.step?.value.kind === 'ask',
      needsAddress: ({ context }) => context.step?.value.kind === 'find',
      isByTcp: ({ context }) => context.step?.value.kind === 'ask' && isByTcp(context.step.value, context),
      isCutShort: ({ context }) => context.reply?.kind === 'truncated',
      isFirmNo: ({ context }) => context.reply?.kind === 'nxdomain' || context.reply?.kind === 'nodata',
      isAnswer: ({ context }) => context.reply?.kind === 'answer',
      isAlias: ({ context }) => context.reply?.kind === 'cname' && context.restarts < context.settings.maxRestarts,
      isEndlessAlias: ({ context }) => context.reply?.kind === 'cname',
      isReferral: ({ context }) => context.reply?.kind === 'referral',
      isWithoutEdns: ({ context }) => context.reply?.kind === 'no-edns',
    },
    delays: {
      patience: ({ context, event }) =>
        Math.max(0, later(context.startedAt, context.settings.patience) - given(event).at) as Duration,
      retryTimer: ({ context }) => (context.pending as Pending).target.standing.timeout,
    },
  })
  .createMachine({
    id: 'resolution',
    description: 'One question, walked from the look into the cache to the answer.',
    options: { maxIterations: 1_000 },
    context: ({ input: { given, ...input } }) => newJob(input, given.at),
    initial: 'checkingCache',
    states: {
      checkingCache: {
        description: 'looking in the cache',
        meta: { ref: 'RFC 1034 §5.3.3 step 1' },
        entry: ['look', { type: 'decide', params: ({ context }) => ({ decision: moves.lookRecord(context) }) }],
        always: [
          { guard: 'isInCache', target: 'answering', actions: 'answerFromCache', description: 'in the cache' },
          {
            guard: 'isAliasInCache',
            target: 'checkingCache',
            reenter: true,
            actions: 'followAlias',
            description: 'an alias in the cache',
          },
          { guard: 'isHopeless', target: 'failing', description: 'tried a short while ago, in vain' },
          { target: 'resolving', description: 'not in the cache' },
        ],
      },
      resolving: {
        description: 'asks down the tree, one server at a time',
        meta: { ref: 'RFC 1034 §5.3.3' },
        after: { patience: { target: 'failing', description: 'it took too long' } },
        initial: 'choosingServer',
        states: {
          choosingServer: {
            description: 'choosing whom to ask',
            meta: { ref: 'RFC 1034 §5.3.3 step 2' },
            entry: ['choose', { type: 'decide', params: ({ context }) => ({ decision: choiceRecord(context) }) }],
            always: [
              { guard: 'isByTcp', target: 'overTcp', description: 'by TCP from the start' },
              { guard: 'hasServer', target: 'asking', description: 'send the query, RD 0' },
              { guard: 'needsAddress', target: 'resolvingServerName', description: 'no address known' },
              { target: '#resolution.failing', description: 'no server left' },
            ],
          },
          asking: {
            description: 'waiting for a reply',
            meta: { ref: 'RFC 1034 §5.3.3 step 3' },
            entry: [
              'prepareQuery',
              { type: 'transmit', params: ({ context }) => datagram(context) },
              { type: 'tell', params: ({ context }) => tell(context, asked(context)) },
            ],
            after: { retryTimer: { target: 'choosingServer', actions: 'noteTimeout', description: 'tries left: next server' } },
            on: { reply: { target: 'reading', description: 'a reply comes: ID and question match' } },
          },
          overTcp: {
            description: 'asking by TCP',
            meta: { ref: 'RFC 7766 §5' },
            entry: ['prepareTcp', { type: 'open', params: ({ context }) => connection(context) }],
            exit: { type: 'close', params: ({ context }) => ({ connection: connectionId(context) }) },
            after: { retryTimer: { target: 'choosingServer', actions: 'noteTimeout', description: 'no reply: next server' } },
            on: {
              connected: { actions: { type: 'transmit', params: ({ context }) => onConnection(context) } },
              received: { target: 'reading', description: 'the whole reply comes' },
              disconnected: { target: 'choosingServer', actions: 'noteDisconnection', description: 'no connection: next server' },
            },
          },
          resolvingServerName: {
            description: 'finding a server’s address',
            meta: { ref: 'RFC 1034 §5.3.3 step 2' },
            entry: { type: 'tell', params: ({ context }) => tell(context, needed(context)) },
            on: { resolved: { target: 'choosingServer', actions: 'takeResolved', description: 'a job of its own is done' } },
          },
          reading: {
            description: 'reading the reply',
            meta: { ref: 'RFC 1034 §5.3.3 step 4' },
            entry: ['read', { type: 'decide', params: ({ context }) => ({ decision: readRecord(context) }) }],
            always: [
              { guard: 'isCutShort', target: 'overTcp', description: 'cut short, TC 1: ask again by TCP' },
              {
                guard: 'isFirmNo',
                target: '#resolution.answering',
                actions: ['rememberReply', 'answerFromReply'],
                description: 'no such name or type: cache the “no”',
              },
              {
                guard: 'isAnswer',
                target: '#resolution.answering',
                actions: ['rememberReply', 'answerFromReply'],
                description: 'answer: cache it',
              },
              {
                guard: 'isAlias',
                target: '#resolution.checkingCache',
                actions: ['rememberReply', 'followAlias'],
                description: 'alias, CNAME: cache it, take the new name',
              },
              { guard: 'isEndlessAlias', target: '#resolution.failing', description: 'one alias too many' },
              {
                guard: 'isReferral',
                target: 'choosingServer',
                actions: ['rememberReply', 'goNearer'],
                description: 'referral, nearer to the name: cache it',
              },
              { guard: 'isWithoutEdns', target: 'choosingServer', actions: 'dropEdns', description: 'ask again without EDNS' },
              { target: 'choosingServer', actions: 'passOver', description: 'lame or failing: another server' },
            ],
          },
        },
      },
      answering: {
        description: 'answering',
        meta: { ref: 'RFC 1034 §5.3.3 step 4a' },
        type: 'final',
        entry: { type: 'tell', params: ({ context }) => tell(context, finished(context)) },
      },
      failing: {
        description: 'giving up',
        meta: { ref: 'RFC 9520 §2' },
        type: 'final',
        entry: ['rememberFailure', 'fail', { type: 'tell', params: ({ context }) => tell(context, finished(context)) }],
      },
    },
  });

const isByTcp = (step: Extract<NextStep, { kind: 'ask' }>, job: Job): boolean =>
  job.settings.tcpOnly || (step.delegation.stub ?? step.delegation.forward)?.tcp === true;

const asked = (job: Job) => ({ type: 'asked', by: job.path, query: job.pending as Pending });

function needed(job: Job) {
  const step = job.step?.value as Extract<NextStep, { kind: 'find' }>;
  const { question, purpose, delegation } = step;
  return { type: 'needed', by: job.path, question, purpose, depth: job.depth + 1, quota: job.quota - job.queries, delegation };
}

function finished(job: Job) {
  const found = moves.foundOf(job);
  const renew = job.settings.prefetch && (found.kind === 'message' || found.kind === 'alias') && found.renew;
  return { type: 'finished', by: job.path, outcome: job.outcome, queries: job.queries, renew };
}
