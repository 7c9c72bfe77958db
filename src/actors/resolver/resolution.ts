/**
 * One question of a recursive resolver, from the look into the cache to the answer: RFC 1034 §5.3.3 as a chart.
 *
 * The states are those of Unbound's iterator in plain words. What each decides stands in `src/dns/resolve` and is pure;
 * the chart says in which order.
 */
import type { Instant } from '../../base/time.ts';
import type { DecisionRecord } from '../../trace/trace.ts';
import { givenOf } from '../effects.ts';
import { connection, connectionId, datagram, onConnection } from './ask.ts';
import { choiceRecord } from './choose.ts';
import type { Job, NextStep, Pending } from './job.ts';
import { newJob } from './job.ts';
import { lookRecord } from './look.ts';
import { notice } from './moves.ts';
import { renewal } from './outcome.ts';
import { readRecord } from './read.ts';
import { evidenceNeeded, trustRecord } from './validate.ts';
import { tell, vocabulary } from './vocabulary.ts';

interface Moment {
  readonly context: { readonly job: Job };
  readonly event: object;
}

const decided = (record: (job: Job) => DecisionRecord) =>
  ({ type: 'decide', params: ({ context: { job } }: Moment) => ({ decision: record(job) }) }) as const;

const told = (say: (job: Job, at: Instant) => Parameters<typeof tell>[1]) =>
  ({ type: 'tell', params: ({ context: { job }, event }: Moment) => tell(job, say(job, givenOf(event).at)) }) as const;

const noticed = (what: Parameters<typeof notice>[2]) => told((job, at) => notice(job, at, what));

/** A server lets a query go unanswered. */
const unanswered = (description: string) =>
  ({ target: 'choosingServer', actions: [noticed('timeout'), 'noteTimeout'], description }) as const;

/** Nothing fresh is to be had, but something old (RFC 8767 §5). */
const lent = (description: string) =>
  ({ guard: 'mayLendLater', target: '#resolution.answering', actions: ['rememberFailure', 'lend'], description }) as const;

/** A sure "no such type", where DNS64 may make an address of another (RFC 6147 §5.1.6). */
const NO_ADDRESS = {
  guard: 'lacksAddress',
  target: '#resolution.checkingCache',
  actions: ['rememberReply', 'askForA'],
  description: 'no AAAA: ask for A, to make one of it',
} as const;

/** The chart of one question. */
export const resolution = vocabulary.createMachine({
  id: 'resolution',
  description: 'One question, walked from the look into the cache to the answer.',
  options: { maxIterations: 1_000 },
  context: ({ input }) => ({ job: newJob(input, input.given.at) }),
  initial: 'checkingCache',
  states: {
    checkingCache: {
      description: 'looking in the cache',
      meta: { ref: 'RFC 1034 §5.3.3 step 1' },
      entry: ['look', decided(lookRecord)],
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
        patience: [lent('it took too long: an old answer is lent'), { target: 'failing', description: 'it took too long' }],
      },
      on: { stalePatience: { actions: 'lendMeanwhile', description: 'those who wait get an old answer meanwhile' } },
      initial: 'choosingServer',
      states: {
        choosingServer: {
          description: 'choosing whom to ask',
          meta: { ref: 'RFC 1034 §5.3.3 step 2' },
          entry: ['choose', decided(choiceRecord)],
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
            lent('no server left: an old answer is lent'),
            { target: '#resolution.failing', description: 'no server left' },
          ],
        },
        asking: {
          description: 'waiting for a reply',
          meta: { ref: 'RFC 1034 §5.3.3 step 3' },
          entry: [{ type: 'transmit', params: ({ context: { job } }) => datagram(job) }, told(asked)],
          after: {
            retryTimer: unanswered('tries left: next server'),
          },
          on: { reply: { target: 'reading', description: 'a reply comes: ID and question match' } },
        },
        overTcp: {
          description: 'asking by TCP',
          meta: { ref: 'RFC 7766 §5' },
          entry: { type: 'open', params: ({ context: { job } }) => connection(job) },
          exit: { type: 'close', params: ({ context: { job } }) => ({ connection: connectionId(job) }) },
          after: {
            retryTimer: unanswered('no reply: next server'),
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
          entry: told(needed),
          on: { resolved: { target: 'choosingServer', actions: 'takeResolved', description: 'a job of its own is done' } },
        },
        reading: {
          description: 'reading the reply',
          meta: { ref: 'RFC 1034 §5.3.3 step 4' },
          entry: ['read', decided(readRecord), 'noteWithoutEdns'],
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
            NO_ADDRESS,
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
              actions: 'dropEdns',
              description: 'ask again without EDNS',
            },
            { guard: 'isBadCookie', target: 'choosingServer', description: 'ask again with the server’s cookie' },
            { guard: 'isDoubtful', target: 'overTcp', actions: 'askAgain', description: 'perhaps forged: ask again by TCP' },
            { guard: 'isTooLow', target: 'choosingServer', actions: 'goAbove', description: 'the parent has it' },
            {
              guard: 'isLame',
              target: 'choosingServer',
              actions: [noticed('lame'), 'passOver'],
              description: 'it does not have the zone: another server',
            },
            { target: 'choosingServer', actions: 'passOver', description: 'lame or failing: another server' },
          ],
        },
        validating: {
          description: 'checking the signatures',
          meta: { ref: 'RFC 4035 §5' },
          entry: ['judge', decided(trustRecord)],
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
              guard: 'isUnfitAlias',
              target: '#resolution.checkingCache',
              actions: 'followAlias',
              description: 'a bogus alias, but CD 1: take the new name',
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
            NO_ADDRESS,
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
          entry: told(evidenceNeeded),
          on: { resolved: { target: 'validating', actions: 'takeEvidence', description: 'it has come, or cannot be had' } },
        },
      },
    },
    answering: {
      description: 'answering',
      meta: { ref: 'RFC 1034 §5.3.3 step 4a' },
      type: 'final',
      entry: told(finished),
    },
    failing: {
      description: 'giving up',
      meta: { ref: 'RFC 9520 §2' },
      type: 'final',
      entry: ['rememberFailure', 'fail', told(finished), 'report'],
    },
  },
});

function asked({ path, pending }: Job) {
  return { type: 'asked', by: path, query: pending as Pending };
}

function needed(job: Job) {
  const step = job.step?.value as Extract<NextStep, { kind: 'find' }>;
  const { question, purpose, delegation } = step;
  const { path, depth, quota, queries, leeway } = job;
  return { type: 'needed', by: path, question, purpose, depth: depth + 1, quota: quota - queries, leeway, delegation };
}

function finished(job: Job, at: Instant) {
  const { path: by, outcome, queries } = job;
  const server = job.reply && job.pending?.target.address;
  return { type: 'finished', by, outcome, queries, server, renew: renewal(job, at) };
}
