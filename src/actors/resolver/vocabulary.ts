/** The words of a resolution's chart: what each guard, action and delay that `resolution.ts` names means. */
import { assign, setup } from 'xstate';
import type { Duration } from '../../base/time.ts';
import { later } from '../../base/time.ts';
import type { InstancePath } from '../../trace/trace.ts';
import { effectActions, type Given, givenOf, type NetworkEvent } from '../effects.ts';
import { aheadOfNeed, chooseNext, referralChecks } from './choose.ts';
import type { Job, Pending, ResolutionInput } from './job.ts';
import { changed } from './job.ts';
import * as look from './look.ts';
import type { ResolverView } from './memory.ts';
import * as moves from './moves.ts';
import * as ending from './outcome.ts';
import { readReply } from './read.ts';
import { failureToRemember, lessons } from './remember.ts';
import type { Lent, Reply, Resolved } from './talk.ts';
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

/** Something to tell the resolver. */
export const tell = (job: Job, event: { readonly type: string; readonly by?: InstancePath }) => ({ to: job.resolver, event });

/** All of them; the chart is made of these words alone. */
export const vocabulary = base.extend({
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
    noteWithoutEdns: base.enqueueActions(({ enqueue, context: { job }, event }) => {
      if (moves.isBetterWithoutEdns(job))
        enqueue({ type: 'tell', params: tell(job, moves.notice(job, given(event).at, 'no-edns')) });
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
    report: base.enqueueActions(({ enqueue, context: { job } }) => {
      const needed = ending.reportNeeded(job);
      if (needed) enqueue({ type: 'tell', params: tell(job, needed) });
    }),
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
    isDoubtful: ({ context: { job } }) => job.reply?.kind === 'doubtful',
    isLame: ({ context: { job } }) => moves.isLame(job),
    isWithoutEdns: ({ context: { job } }) => job.reply?.kind === 'no-edns',
    isToBeChecked: ({ context: { job } }) => trust.isToBeChecked(job),
    isUncheckedCopy: ({ context: { job } }) => trust.isUncheckedCopy(job),
    needsEvidence: ({ context: { job } }) => trust.needsEvidence(job),
    blamesEvidence: ({ context: { job } }) => trust.blamesEvidence(job),
    isBogusCopy: ({ context: { job } }) => trust.isBogusCopy(job),
    mayAskElsewhere: ({ context: { job } }) => trust.mayAskElsewhere(job),
    isToBeWithheld: ({ context: { job } }) => trust.isToBeWithheld(job),
    isBogusButOld: ({ context: { job }, event }) => trust.isToBeWithheld(job) && ending.staleOf(job, given(event)) !== undefined,
    isUnfitAlias: ({ context: { job } }) =>
      trust.isHandedOutUnfit(job) && ending.isAlias(job) && job.restarts < job.settings.maxRestarts,
    isHandedOutUnfit: ({ context: { job } }) => trust.isHandedOutUnfit(job),
    isCheckedAlias: ({ context: { job } }) => ending.isAlias(job) && job.restarts < job.settings.maxRestarts,
    isEndlessCheckedAlias: ({ context: { job } }) => ending.isAlias(job) || trust.isCircle(job),
    isStripped: ({ context: { job }, event }) => trust.isStripped(job, given(event)),
  },
  delays: {
    patience: ({ context: { job }, event }) =>
      Math.max(0, later(job.startedAt, job.settings.patience) - given(event).at) as Duration,
    retryTimer: ({ context: { job } }) => {
      const { target, transport } = job.pending as Pending;
      // By TCP a handshake comes before the query (RFC 9293 §3.5), and the timeout is learned from single round trips.
      return (transport === 'tcp' ? 2 * target.standing.timeout : target.standing.timeout) as Duration;
    },
  },
});
