/**
 * The Resolver of a house: of a VPC, or of an office. It looks first what a question is about: the house's own zones it answers
 * itself, what a rule says it hands on to another resolver, and for all else its resolver walks from the root.
 */
import { assign, setup } from 'xstate';
import type { Address } from '../../base/address.ts';
import { type Explained, reason } from '../../base/reason.ts';
import { type Instant, later, seconds } from '../../base/time.ts';
import type { Message, Question } from '../../dns/message.ts';
import type { Name } from '../../dns/name.ts';
import { dataOf, type ResourceRecord } from '../../dns/record.ts';
import { type CachedSet, RANK, TRUST } from '../../dns/resolve/cache.ts';
import { signedSets } from '../../dns/resolve/sets.ts';
import type { Asking } from '../../dns/responder.ts';
import { decode } from '../../dns/wire/decode.ts';
import { datagramLimit, encode, LONGEST_MESSAGE } from '../../dns/wire/encode.ts';
import type { Decision } from '../../route53/routing/decision.ts';
import type { CacheId, DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { type Arrival, type EffectParams, effectActions, type Given, givenOf, type NetworkEvent, respond } from '../effects.ts';
import { routeRecord } from '../servers/describeRoute.ts';

/** Which way a question goes. */
export interface Way {
  readonly kind: 'own' | 'forward' | 'internet';
  /** In words: "the private hosted zone example.com". */
  readonly text: string;
}

/** What a house knows of itself. */
export interface House {
  way(question: Question): Explained<Way>;
  /** The answer from the house's own zones. */
  answer(query: Message, asking: Asking): Explained<Message> & { readonly decisions?: readonly Decision[] };
}

export interface HouseInput {
  readonly path: InstancePath;
  /** The machines that walk from the root, and that hand questions on. */
  readonly internet: InstancePath;
  readonly forward: InstancePath;
  /** The addresses from which questions are handed on: replies to those belong to `forward`. */
  readonly outbound: readonly Address[];
  readonly house: House;
}

interface Sorted {
  readonly arrival: Arrival;
  readonly query: Message | undefined;
  readonly way: Explained<Way> | undefined;
}

interface Context {
  readonly input: HouseInput;
  readonly sorted: Sorted | undefined;
}

const base = setup({
  types: { context: {} as Context, events: {} as NetworkEvent, input: {} as HouseInput & { readonly given: Given } },
  actions: effectActions,
});

/** The chart of a house's Resolver. */
export const houseresolver = base
  .extend({
    actions: {
      sort: assign(({ context, event }) => ({ sorted: sort(context.input, event as Arrival) })),
      letGo: assign({ sorted: undefined }),
      answer: base.enqueueActions(({ enqueue, context, event }) => {
        for (const effect of answered(context, givenOf(event))) enqueue(effect);
      }),
    },
    guards: {
      isNoQuestion: ({ context }) => context.sorted?.way === undefined,
      isOwn: ({ context }) => context.sorted?.way?.value.kind === 'own',
      isToForward: ({ context }) => context.sorted?.way?.value.kind === 'forward',
    },
  })
  .createMachine({
    id: 'houseresolver',
    description: 'Answers for the house, hands on what a rule says, and has everything else looked up.',
    options: { maxIterations: 100 },
    context: ({ input: { given: _, ...input } }) => ({ input, sorted: undefined }),
    initial: 'listening',
    states: {
      listening: {
        description: 'waiting for questions',
        meta: { note: 'Waits for the questions of the house.', ref: 'Developer Guide, resolver' },
        entry: 'letGo',
        on: {
          datagram: { target: 'sorting', actions: 'sort', description: 'a datagram comes' },
          received: { target: 'sorting', actions: 'sort', description: 'a message comes by TCP' },
        },
      },
      sorting: {
        description: 'which way does it go?',
        meta: {
          note: 'The most specific rule or zone decides; a rule goes before a zone of the same name.',
          ref: 'Developer Guide, resolver-overview-DSN-queries-to-vpc',
        },
        always: [
          {
            guard: 'isNoQuestion',
            target: 'listening',
            actions: { type: 'tell', params: ({ context }) => handOn(context, 'reply') },
            description: 'a reply: to whoever asked',
          },
          { guard: 'isOwn', target: 'answering', description: 'the house knows this itself' },
          {
            guard: 'isToForward',
            target: 'listening',
            actions: [
              { type: 'decide', params: ({ context }) => ({ decision: wayRecord(context) }) },
              { type: 'tell', params: ({ context }) => handOn(context, 'forward') },
            ],
            description: 'a rule: hand it on',
          },
          {
            target: 'listening',
            actions: [
              { type: 'decide', params: ({ context }) => ({ decision: wayRecord(context) }) },
              { type: 'tell', params: ({ context }) => handOn(context, 'internet') },
            ],
            description: 'nothing fits: walk from the root',
          },
        ],
      },
      answering: {
        description: 'answering from its own zone',
        meta: {
          note: 'Answers from this zone alone: what it lacks does not exist.',
          ref: 'Developer Guide, hosted-zone-private-considerations',
        },
        entry: 'answer',
        always: { target: 'listening', description: 'said' },
      },
    },
  });

function sort({ house }: HouseInput, arrival: Arrival): Sorted {
  const decoded = decode(arrival.bytes);
  const query = decoded.ok && !decoded.message.flags.qr && arrival.to.port === DNS_PORT ? decoded.message : undefined;
  const [question] = query?.question ?? [];
  return { arrival, query, way: question && house.way(question) };
}

const DNS_PORT = 53;

/** The arrival as it came, for the machine that is to deal with it. */
function handOn({ input, sorted }: Context, what: 'reply' | 'forward' | 'internet'): EffectParams['tell'] {
  if (!sorted) throw new Error('nothing has arrived');
  const { given: _, ...event } = sorted.arrival;
  const isForwarders = what === 'reply' ? input.outbound.includes(sorted.arrival.to.address) : what === 'forward';
  return { to: isForwarders ? input.forward : input.internet, event };
}

function wayRecord({ sorted }: Context): DecisionRecord {
  const way = sorted?.way;
  if (!way) throw new Error('no way was chosen');
  return {
    about: 'rule',
    outcome: way.value.text,
    asked: [{ question: 'Which rule or zone fits best?', found: way.value.text, yes: way.value.kind !== 'internet' }],
    reasons: way.reasons,
    detail: way.value,
    ...(sorted ? { message: sorted.arrival.message } : {}),
  };
}

type Effect = { [K in 'decide' | 'remember' | 'tell' | 'transmit']: { readonly type: K; readonly params: EffectParams[K] } }[
  | 'decide'
  | 'remember'
  | 'tell'
  | 'transmit'];

/** Zones of the house that CNAME records lead through, one after another. */
const MOST_ZONES = 8;

function answered(context: Context, { at, draw }: Given): Effect[] {
  const { sorted, input } = context;
  if (!sorted?.query) return [];
  let drawn = 0;
  const { arrival, query } = sorted;
  const effects: Effect[] = [{ type: 'decide', params: { decision: wayRecord(context) } }];
  const asking = { now: at, source: arrival.from.address, random: () => draw(`answer ${drawn++}`) };
  const chain: ResourceRecord[] = [];
  let asked = query;
  for (let zones = 0; ; zones++) {
    const { value, decisions = [] } = input.house.answer(asked, asking);
    for (const one of decisions) effects.push({ type: 'decide', params: { decision: routeRecord(one, arrival.message) } });
    chain.push(...value.answer);
    const target = zones < MOST_ZONES ? unresolvedTarget(value) : undefined;
    const question = target && query.question[0] ? { ...query.question[0], name: target } : undefined;
    const way = question && input.house.way(question).value.kind;
    if (way === 'own' && question) {
      asked = { ...query, question: [question] };
      continue;
    }
    if (way === undefined || way === 'own') {
      const whole = { ...value, question: query.question, answer: chain };
      return [...effects, { type: 'transmit', params: respond(arrival, encode(asResolver(whole), limitFor(arrival, query))) }];
    }
    // The resolver behind this one finds the chain in the cache that they share, goes on from its end, and answers.
    return [
      ...effects,
      ...ownAliases(chain, input.path, at).map((set): Effect => ({ type: 'remember', params: { entry: set, store: [set] } })),
      { type: 'tell', params: handOn(context, way) },
    ];
  }
}

/** The name at which an answer breaks off: the target of a CNAME that was followed no further (RFC 1034 §5.2.2). */
function unresolvedTarget({ rcode, answer, question: [question] }: Message): Name | undefined {
  const last = answer.at(-1);
  if (rcode !== 'NOERROR' || last?.type !== 'CNAME' || question?.type === 'CNAME' || question?.type === 'ANY') return undefined;
  return dataOf(last, 'CNAME')?.target;
}

/** The CNAME records of the house's zones as its cache keeps them. */
const ownAliases = (chain: readonly ResourceRecord[], cache: CacheId, at: Instant): CachedSet[] =>
  signedSets(chain).map((set) => ({
    ...set,
    cache,
    kind: 'rrset',
    rcode: 'NOERROR',
    storedAt: at,
    expiresAt: later(at, seconds(Math.max(1, set.ttl))),
    rank: RANK.answer,
    trust: TRUST[RANK.answer],
    security: 'unchecked',
    parental: false,
    reasons: [reason('own-zone', 'A zone of the house says so; where it leads to is looked up.', 'RFC 1034 §5.2.2')],
  }));

/** A resolver speaks without authority, and says no more than it was asked. */
const asResolver = (message: Message): Message => ({
  ...message,
  flags: { ...message.flags, aa: false, ra: true },
  authority: message.answer.length > 0 ? [] : message.authority,
  additional: [],
});

const limitFor = ({ type }: Arrival, query: Message): number =>
  type === 'received' ? LONGEST_MESSAGE : datagramLimit(query, LONGEST_MESSAGE);
