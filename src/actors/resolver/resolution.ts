/**
 * One question of a recursive resolver, from the look into the cache to the answer: RFC 1034 §5.3.3 as a chart.
 *
 * The states are those of Unbound's iterator in plain words. What each decides stands in `src/dns/resolve` and is pure;
 * the chart says in which order.
 */
import { assign, setup } from 'xstate';
import type { Duration, Instant } from '../../base/time.ts';
import { later } from '../../base/time.ts';
import type { InstancePath } from '../../trace/trace.ts';
import { effectActions, type Given, givenOf, type NetworkEvent } from '../effects.ts';
import { connection, connectionId, datagram, onConnection } from './ask.ts';
import { aheadOfNeed, choiceRecord, chooseNext, referralChecks } from './choose.ts';
import type { Job, Lent, NextStep, Pending, Reply, ResolutionInput, Resolved } from './job.ts';
import { changed, newJob } from './job.ts';
import * as look from './look.ts';
import type { ResolverView } from './memory.ts';
import * as moves from './moves.ts';
import * as ending from './outcome.ts';
import { readRecord, readReply } from './read.ts';
import { failureToRemember, lessons } from './remember.ts';
import * as trust from './validate.ts';

type Told<E> = E & { readonly given: Given<ResolverView> };
type ResolutionEvent = NetworkEvent<ResolverView> | Told<Reply> | Told<Resolved> | Told<{ readonly type: 'stalePatience' }>;

const given = (event: object): Given<ResolverView> => givenOf<ResolverView>(event);

const base = setup({
  types: {
    context: {} as { readonly job: Job },
    events: {} as ResolutionEvent,
    input: {} as ResolutionInput & { readonly given: Given<ResolverView> },
  },
  actions: effectActions,
});

/** An action that changes the job. The job is one value in the context, since XState copies a context field by field. */
const move = (change: (job: Job, event: ResolutionEvent) => Partial<Job>) =>
  assign<{ readonly job: Job }, ResolutionEvent, undefined, ResolutionEvent, never>(({ context: { job }, event }) => ({
    job: changed(job, change(job, event)),
  }));

/** Tells the resolver something. */
const tell = (job: Job, event: { readonly type: string; readonly by?: InstancePath }) => ({ to: job.resolver, event });

const notice = (job: Job, event: object, what: Parameters<typeof moves.notice>[2]) =>
  tell(job, moves.notice(job, given(event).at, what));

/** The chart of one question. */
export const resolution = base
  .extend({
    actions: {
      look: move((job, event) => look.looked(job, given(event))),
      choose: move((job, event) => {
        const chosen = chooseNext(job, given(event));
        return moves.chosen(job, chosen, given(event));
      }),
      askAgain: move((job, event) => moves.askedAgain(job, given(event))),
      read: move((job, event) => {
        const came = event as Parameters<typeof readReply>[1];
        const { standings } = came.type === 'reply' ? came : job;
        return { reply: readReply(job, came, given(event)), standings };
      }),
      rememberReply: base.enqueueActions(({ enqueue, context, event }) => {
        for (const effect of lessons(context.job, given(event))) enqueue(effect);
      }),
      rememberFailure: base.enqueueActions(({ enqueue, context, event }) => {
        const params = failureToRemember(context.job, given(event));
        if (params) enqueue({ type: 'remember', params });
      }),
      followAlias: move((job) => ({ ...moves.followed(job), ...trust.settled(job) })),
      askForA: move((job, event) => ({ ...moves.askedForA(job, given(event).at), ...trust.settled(job) })),
      lend: move((job, event) => ({ outcome: ending.staleOf(job, given(event)) })),
      startStaleTimer: base.enqueueActions(({ enqueue, context }) => {
        const delay = context.job.settings.stale?.clientTimeout;
        if (delay !== undefined) enqueue.raise({ type: 'stalePatience' } as ResolutionEvent, { id: 'stalePatience', delay });
      }),
      lendMeanwhile: base.enqueueActions(({ enqueue, context: { job }, event }) => {
        const outcome = ending.staleOf(job, given(event));
        if (outcome) enqueue({ type: 'tell', params: tell(job, { type: 'lent', by: job.path, outcome } as Lent) });
      }),
      checkReferral: base.enqueueActions(({ enqueue, context: { job } }) => {
        for (const needed of referralChecks(job)) enqueue({ type: 'tell', params: tell(job, needed) });
      }),
      goNearer: move(moves.referred),
      showMore: move(moves.showedMore),
      passOver: move(moves.passedOver),
      noteTimeout: move((job, event) => moves.timedOut(job, given(event).at)),
      noteDisconnection: move((job, event) => (event.type === 'disconnected' ? moves.disconnected(job, event.reason) : {})),
      fetchAhead: base.enqueueActions(({ enqueue, context: { job } }) => {
        for (const needed of aheadOfNeed(job)) enqueue({ type: 'tell', params: tell(job, needed) });
      }),
      goAbove: move(moves.wentAbove),
      dropEdns: move((job, event) => moves.withoutEdns(job, given(event).at)),
      takeResolved: move((job, event) => moves.resolved(job, event as Told<Resolved>)),
      answerFromCache: move((job, event) => ending.answeredFromCache(job, given(event).at)),
      answerFromReply: move((job, event) => ending.answeredByServer(job, given(event).at)),
      takeUp: move(trust.takenUp),
      judge: move((job, event) => trust.judged(job, given(event))),
      putAside: move(trust.putAside),
      blameKey: move(trust.blamedEvidence),
      blameServer: move(trust.blamedServer),
      distrustCopy: move(trust.distrustedCopy),
      takeEvidence: move((job, event) => trust.tookEvidence(job, event as Told<Resolved>)),
      answerChecked: move((job, event) => ending.answered(job, given(event).at)),
      fail: move(ending.failed),
    },
    guards: {
      lacksAddress: ({ context: { job } }) => ending.wantsSynthesis(job) && ending.saysNoAddress(job),
      mayLendNow: ({ context: { job }, event }) => ending.mayLendNow(job) && ending.staleOf(job, given(event)) !== undefined,
      mayLendLater: ({ context: { job }, event }) => ending.staleOf(job, given(event)) !== undefined,
      isInCache: ({ context: { job } }) => look.foundOf(job).kind === 'message',
      isAliasInCache: ({ context: { job } }) => look.foundOf(job).kind === 'alias' && job.restarts < job.settings.maxRestarts,
      isHopeless: ({ context: { job } }) => look.foundOf(job).kind === 'failure' || look.foundOf(job).kind === 'alias',
      fetchesAhead: ({ context: { job } }) => job.step?.value.kind === 'ask' && aheadOfNeed(job).length > 0,
      hasServer: ({ context: { job } }) => job.step?.value.kind === 'ask',
      needsAddress: ({ context: { job } }) => job.step?.value.kind === 'find',
      isByTcp: ({ context: { job } }) => job.step?.value.kind === 'ask' && job.pending?.transport === 'tcp',
      isCutShort: ({ context: { job } }) => job.reply?.kind === 'truncated',
      isOnlyPart: ({ context: { job } }) => job.reply?.onlyPart === true,
      isFirmNo: ({ context: { job } }) => job.reply?.kind === 'nxdomain' || job.reply?.kind === 'nodata',
      isAnswer: ({ context: { job } }) => job.reply?.kind === 'answer' || trust.isWordOfAlias(job),
      isAlias: ({ context: { job } }) => job.reply?.kind === 'cname' && job.restarts < job.settings.maxRestarts,
      isEndlessAlias: ({ context: { job } }) => job.reply?.kind === 'cname',
      isReferral: ({ context: { job } }) => job.reply?.kind === 'referral',
      isTooLow: ({ context: { job } }) => job.reply?.kind === 'too-low',
      isBadCookie: ({ context: { job } }) => job.reply?.kind === 'bad-cookie',
      isLame: ({ context: { job } }) => moves.isLame(job),
      isWithoutEdns: ({ context: { job } }) => job.reply?.kind === 'no-edns',
      isToBeChecked: ({ context: { job } }) => trust.isToBeChecked(job),
      isUncheckedCopy: ({ context: { job } }) => trust.isUncheckedCopy(job),
      needsEvidence: ({ context: { job } }) => trust.needsEvidence(job),
      blamesEvidence: ({ context: { job } }) => trust.blamesEvidence(job),
      isBogusCopy: ({ context: { job } }) => trust.isBogusCopy(job),
      mayAskElsewhere: ({ context: { job } }) => trust.mayAskElsewhere(job),
      isToBeWithheld: ({ context: { job } }) => trust.isToBeWithheld(job),
      isBogusButOld: ({ context: { job }, event }) =>
        trust.isToBeWithheld(job) && ending.staleOf(job, given(event)) !== undefined,
      isHandedOutUnfit: ({ context: { job } }) => trust.isHandedOutUnfit(job),
      isCheckedAlias: ({ context: { job } }) => ending.isAlias(job) && job.restarts < job.settings.maxRestarts,
      isEndlessCheckedAlias: ({ context: { job } }) => ending.isAlias(job) || trust.isCircle(job),
      isStripped: ({ context: { job }, event }) => trust.isStripped(job, given(event)),
    },
    delays: {
      patience: ({ context: { job }, event }) =>
        Math.max(0, later(job.startedAt, job.settings.patience) - given(event).at) as Duration,
      retryTimer: ({ context: { job } }) => (job.pending as Pending).target.standing.timeout,
    },
  })
  .createMachine({
    id: 'resolution',
    description: 'One question, walked from the look into the cache to the answer.',
    options: { maxIterations: 1_000 },
    context: ({ input }) => ({ job: newJob(input, input.given.at) }),
    initial: 'checkingCache',
    states: {
      checkingCache: {
        description: 'looking in the cache',
        meta: { ref: 'RFC 1034 §5.3.3 step 1' },
        entry: ['look', { type: 'decide', params: ({ context: { job } }) => ({ decision: look.lookRecord(job) }) }],
        always: [
          {
            guard: 'isUncheckedCopy',
            target: 'resolving.validating',
            actions: 'takeUp',
            description: 'in the cache, but not checked so far',
          },
          {
            guard: 'lacksAddress',
            target: 'checkingCache',
            reenter: true,
            actions: 'askForA',
            description: 'no AAAA in the cache: ask for A, to make one of it',
          },
          { guard: 'isInCache', target: 'answering', actions: 'answerFromCache', description: 'in the cache' },
          {
            guard: 'isAliasInCache',
            target: 'checkingCache',
            reenter: true,
            actions: 'followAlias',
            description: 'an alias in the cache',
          },
          { guard: 'mayLendNow', target: 'answering', actions: 'lend', description: 'expired, but better than nothing' },
          { guard: 'isHopeless', target: 'failing', description: 'tried a short while ago, in vain' },
          {
            guard: 'mayLendLater',
            target: 'resolving',
            actions: 'startStaleTimer',
            description: 'expired: try to get it fresh, for a while',
          },
          { target: 'resolving', description: 'not in the cache' },
        ],
      },
      resolving: {
        description: 'asks down the tree, one server at a time',
        meta: { ref: 'RFC 1034 §5.3.3' },
        after: {
          patience: [
            {
              guard: 'mayLendLater',
              target: 'answering',
              actions: ['rememberFailure', 'lend'],
              description: 'it took too long: an old answer is lent',
            },
            { target: 'failing', description: 'it took too long' },
          ],
        },
        on: { stalePatience: { actions: 'lendMeanwhile', description: 'those who wait get an old answer meanwhile' } },
        initial: 'choosingServer',
        states: {
          choosingServer: {
            description: 'choosing whom to ask',
            meta: { ref: 'RFC 1034 §5.3.3 step 2' },
            entry: ['choose', { type: 'decide', params: ({ context: { job } }) => ({ decision: choiceRecord(job) }) }],
            always: [
              { guard: 'isByTcp', target: 'overTcp', description: 'by TCP from the start' },
              {
                guard: 'fetchesAhead',
                target: 'asking',
                actions: 'fetchAhead',
                description: 'send the query, and look for other addresses meanwhile',
              },
              { guard: 'hasServer', target: 'asking', description: 'send the query, RD 0' },
              { guard: 'needsAddress', target: 'resolvingServerName', description: 'no address known' },
              {
                guard: 'mayLendLater',
                target: '#resolution.answering',
                actions: ['rememberFailure', 'lend'],
                description: 'no server left: an old answer is lent',
              },
              { target: '#resolution.failing', description: 'no server left' },
            ],
          },
          asking: {
            description: 'waiting for a reply',
            meta: { ref: 'RFC 1034 §5.3.3 step 3' },
            entry: [
              { type: 'transmit', params: ({ context: { job } }) => datagram(job) },
              { type: 'tell', params: ({ context: { job } }) => tell(job, asked(job)) },
            ],
            after: {
              retryTimer: {
                target: 'choosingServer',
                actions: [
                  { type: 'tell', params: ({ context: { job }, event }) => notice(job, event, 'timeout') },
                  'noteTimeout',
                ],
                description: 'tries left: next server',
              },
            },
            on: { reply: { target: 'reading', description: 'a reply comes: ID and question match' } },
          },
          overTcp: {
            description: 'asking by TCP',
            meta: { ref: 'RFC 7766 §5' },
            entry: { type: 'open', params: ({ context: { job } }) => connection(job) },
            exit: { type: 'close', params: ({ context: { job } }) => ({ connection: connectionId(job) }) },
            after: {
              retryTimer: {
                target: 'choosingServer',
                actions: [
                  { type: 'tell', params: ({ context: { job }, event }) => notice(job, event, 'timeout') },
                  'noteTimeout',
                ],
                description: 'no reply: next server',
              },
            },
            on: {
              connected: {
                actions: { type: 'transmit', params: ({ context: { job } }) => onConnection(job) },
                description: 'the connection stands: ask',
              },
              received: { target: 'reading', description: 'the whole reply comes' },
              disconnected: { target: 'choosingServer', actions: 'noteDisconnection', description: 'no connection: next server' },
            },
          },
          resolvingServerName: {
            description: 'finding a server’s address',
            meta: { ref: 'RFC 1034 §5.3.3 step 2' },
            entry: { type: 'tell', params: ({ context: { job } }) => tell(job, needed(job)) },
            on: { resolved: { target: 'choosingServer', actions: 'takeResolved', description: 'a job of its own is done' } },
          },
          reading: {
            description: 'reading the reply',
            meta: { ref: 'RFC 1034 §5.3.3 step 4' },
            entry: ['read', { type: 'decide', params: ({ context: { job } }) => ({ decision: readRecord(job) }) }],
            always: [
              { guard: 'isCutShort', target: 'overTcp', actions: 'askAgain', description: 'cut short, TC 1: ask again by TCP' },
              {
                guard: 'isOnlyPart',
                target: 'choosingServer',
                actions: ['rememberReply', 'showMore'],
                description: 'about a part of the name: show more of it',
              },
              {
                guard: 'isToBeChecked',
                target: 'validating',
                actions: 'takeUp',
                description: 'check the signatures before anything else',
              },
              {
                guard: 'lacksAddress',
                target: '#resolution.checkingCache',
                actions: ['rememberReply', 'askForA'],
                description: 'no AAAA: ask for A, to make one of it',
              },
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
                actions: ['rememberReply', 'goNearer', 'checkReferral'],
                description: 'referral, nearer to the name: cache it',
              },
              {
                guard: 'isWithoutEdns',
                target: 'choosingServer',
                actions: [{ type: 'tell', params: ({ context: { job }, event }) => notice(job, event, 'no-edns') }, 'dropEdns'],
                description: 'ask again without EDNS',
              },
              { guard: 'isBadCookie', target: 'choosingServer', description: 'ask again with the server’s cookie' },
              { guard: 'isTooLow', target: 'choosingServer', actions: 'goAbove', description: 'the parent has it' },
              {
                guard: 'isLame',
                target: 'choosingServer',
                actions: [{ type: 'tell', params: ({ context: { job }, event }) => notice(job, event, 'lame') }, 'passOver'],
                description: 'it does not have the zone: another server',
              },
              { target: 'choosingServer', actions: 'passOver', description: 'lame or failing: another server' },
            ],
          },
          validating: {
            description: 'checking the signatures',
            meta: { ref: 'RFC 4035 §5' },
            entry: ['judge', { type: 'decide', params: ({ context: { job } }) => ({ decision: trust.trustRecord(job) }) }],
            always: [
              {
                guard: 'isStripped',
                target: 'choosingServer',
                actions: 'putAside',
                description: 'no signature, though the zone is signed: another server',
              },
              { guard: 'needsEvidence', target: 'fetchingEvidence', description: 'a key is missing, or word of one' },
              {
                guard: 'blamesEvidence',
                target: 'fetchingEvidence',
                actions: 'blameKey',
                description: 'the key does not fit: fetch it elsewhere',
              },
              {
                guard: 'isBogusCopy',
                target: 'choosingServer',
                actions: 'distrustCopy',
                description: 'the copy does not fit: ask afresh',
              },
              {
                guard: 'mayAskElsewhere',
                target: 'choosingServer',
                actions: 'blameServer',
                description: 'bogus: ask another server',
              },
              {
                guard: 'isHandedOutUnfit',
                target: '#resolution.answering',
                actions: 'answerFromReply',
                description: 'bogus, but the client checks by itself, CD 1',
              },
              {
                guard: 'isBogusButOld',
                target: '#resolution.answering',
                actions: ['rememberFailure', 'lend'],
                description: 'bogus: an old answer is lent',
              },
              { guard: 'isToBeWithheld', target: '#resolution.failing', description: 'bogus: nothing is handed out' },
              {
                guard: 'lacksAddress',
                target: '#resolution.checkingCache',
                actions: ['rememberReply', 'askForA'],
                description: 'no AAAA: ask for A, to make one of it',
              },
              {
                guard: 'isCheckedAlias',
                target: '#resolution.checkingCache',
                actions: ['rememberReply', 'followAlias'],
                description: 'the alias holds: cache it, take the new name',
              },
              { guard: 'isEndlessCheckedAlias', target: '#resolution.failing', description: 'an alias without an end' },
              {
                target: '#resolution.answering',
                actions: ['rememberReply', 'answerChecked'],
                description: 'nothing against it: cache it',
              },
            ],
          },
          fetchingEvidence: {
            description: 'fetching a key',
            meta: { ref: 'RFC 4035 §5.3' },
            entry: { type: 'tell', params: ({ context: { job } }) => tell(job, trust.evidenceNeeded(job)) },
            on: { resolved: { target: 'validating', actions: 'takeEvidence', description: 'it has come, or cannot be had' } },
          },
        },
      },
      answering: {
        description: 'answering',
        meta: { ref: 'RFC 1034 §5.3.3 step 4a' },
        type: 'final',
        entry: { type: 'tell', params: ({ context: { job }, event }) => tell(job, finished(job, given(event).at)) },
      },
      failing: {
        description: 'giving up',
        meta: { ref: 'RFC 9520 §2' },
        type: 'final',
        entry: [
          'rememberFailure',
          'fail',
          { type: 'tell', params: ({ context: { job }, event }) => tell(job, finished(job, given(event).at)) },
        ],
      },
    },
  });

const asked = (job: Job) => ({ type: 'asked', by: job.path, query: job.pending as Pending });

function needed(job: Job) {
  const step = job.step?.value as Extract<NextStep, { kind: 'find' }>;
  const { question, purpose, delegation } = step;
  const { path, depth, quota, queries, leeway } = job;
  return { type: 'needed', by: path, question, purpose, depth: depth + 1, quota: quota - queries, leeway, delegation };
}

function finished(job: Job, at: Instant) {
  const { path: by, outcome, queries } = job;
  const server = job.reply && job.pending?.target.address;
  return { type: 'finished', by, outcome, queries, server, renew: ending.renewal(job, at) };
}
