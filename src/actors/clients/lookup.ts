/**
 * One question of the operating system's stub resolver: asks a recursive resolver, patiently, and hands back what it says.
 * Modelled on the behaviour of the GNU C library's resolver (resolv.conf(5): timeout, attempts, up to three servers).
 */
import { assign, setup } from 'xstate';
import type { Address, Endpoint } from '../../base/address.ts';
import { endpointText, isIPv6 } from '../../base/address.ts';
import { type Reason, reason } from '../../base/reason.ts';
import type { Duration } from '../../base/time.ts';
import { type Edns, type Message, type Question, query, type Rcode } from '../../dns/message.ts';
import { sameName } from '../../dns/name.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import { decode } from '../../dns/wire/decode.ts';
import { encode } from '../../dns/wire/encode.ts';
import type { Conclusion, DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { type Arrival, type EffectParams, effectActions, type Given, givenOf, type NetworkEvent } from '../effects.ts';

/** How a stub resolver asks. */
export interface StubSettings {
  /** Of the host: a resolver is asked from an address of its own family. */
  readonly addresses: readonly Address[];
  /** The recursive resolvers, in the order in which they are asked; three at most. */
  readonly resolvers: readonly Address[];
  /** How long it waits for a response. */
  readonly patience: Duration;
  /** How often it goes through the resolvers. */
  readonly attempts: number;
  /** The UDP payload that it announces by EDNS; absent: no OPT record. */
  readonly edns?: number;
}

/** What a program that knows of DNSSEC sets in its query. */
export interface DnssecWishes {
  /** AD: it wants to know whether the answer was checked (RFC 6840 §5.7). */
  readonly ad?: boolean;
  /** CD: it checks by itself (RFC 4035 §3.2.2). */
  readonly cd?: boolean;
  /** DO: it wants to see the signatures (RFC 3225 §3). */
  readonly do?: boolean;
}

/** What became of a question. */
export type LookupResult =
  | {
      readonly kind: 'answered';
      readonly rcode: Rcode;
      readonly records: readonly ResourceRecord[];
      readonly source: 'network' | 'cache' | 'local';
    }
  | { readonly kind: 'failed'; readonly rcode?: Rcode; readonly reasons: readonly Reason[] };

export interface LookupInput {
  readonly settings: StubSettings;
  readonly question: Question;
  readonly recursionDesired: boolean;
  readonly wishes?: DnssecWishes;
  /** Chosen by the stub, which finds the lookup by it when a datagram comes. */
  readonly port: number;
  readonly replyTo: InstancePath;
  /** The lookup's own path, in its report. */
  readonly path: InstancePath;
}

/** What a finished lookup tells the stub. */
export interface LookedUp {
  readonly type: 'looked-up';
  readonly path: InstancePath;
  readonly question: Question;
  readonly result: LookupResult;
}

interface Context extends LookupInput {
  readonly id: number;
  /** How many times a resolver has been asked. */
  readonly tries: number;
  readonly came: Came | undefined;
  readonly lastRcode: Rcode | undefined;
  readonly reasons: readonly Reason[];
}

/** What has come back, not yet judged. */
interface Came {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly message: number;
  readonly response: Message | undefined;
  readonly overTcp: boolean;
}

const CONNECTION = 'tcp';

/** The chart of one question. */
export const lookup = setup({
  types: { context: {} as Context, events: {} as NetworkEvent, input: {} as LookupInput & { given: Given } },
  actions: {
    ...effectActions,
    read: assign(({ event }) => ({ came: read(event as Arrival) })),
    countTry: assign({ tries: ({ context }) => context.tries + 1 }),
    noteTrouble: assign(({ context, event }) => trouble(context, event)),
  },
  guards: {
    isForeign: ({ context }) => !fits(context),
    isTruncated: ({ context }) => responseOf(context).flags.tc,
    isServerTrouble: ({ context }) => !USABLE.has(responseOf(context).rcode),
    hasAnotherTry: ({ context }) => context.tries < triesInAll(context.settings),
  },
  delays: { patience: ({ context }) => context.settings.patience },
}).createMachine({
  id: 'lookup',
  description: 'One question of the operating system: it asks a resolver to do the whole job, and waits.',
  options: { maxIterations: 100 },
  context: ({ input: { given, ...input } }) => ({
    ...input,
    id: Math.floor(given.draw(`${input.path} id`) * 65536),
    tries: 0,
    came: undefined,
    lastRcode: undefined,
    reasons: [],
  }),
  initial: 'choosing',
  states: {
    choosing: {
      description: 'choosing a resolver',
      meta: { note: 'Takes the next resolver from its list; after the last it begins again, once.' },
      always: [
        { guard: 'hasAnotherTry', target: 'asking', description: 'send the question, RD 1' },
        { target: 'failed', description: 'all tried twice' },
      ],
    },
    asking: {
      description: 'waiting for the resolver',
      meta: { note: 'Has sent the question as one datagram, and waits.', ref: 'RFC 1123 §6.1.3.1' },
      entry: ['countTry', { type: 'transmit', params: ({ context }) => question(context) }],
      after: { patience: { target: 'choosing', actions: 'noteTrouble', description: 'no response in time' } },
      initial: 'waiting',
      states: {
        waiting: {
          description: 'listening',
          meta: { note: 'Listens on the port it asked from.' },
          on: { datagram: { target: 'reading', actions: 'read', description: 'a response comes' } },
        },
        reading: {
          description: 'does it belong to the question?',
          meta: { note: 'Does this belong to the question? Address, port, ID and question must all fit.', ref: 'RFC 5452 §9.1' },
          entry: { type: 'decide', params: ({ context }) => ({ decision: acceptance(context) }) },
          always: [
            { guard: 'isForeign', target: 'waiting', description: 'not ours: thrown away' },
            { guard: 'isTruncated', target: '#lookup.overTcp', description: 'cut short, TC 1' },
            {
              guard: 'isServerTrouble',
              target: '#lookup.choosing',
              actions: 'noteTrouble',
              description: 'the resolver could not',
            },
            { target: '#lookup.answered', description: 'an answer' },
          ],
        },
      },
    },
    overTcp: {
      description: 'asking again by TCP',
      meta: {
        note: 'The answer was too big for a datagram: asks the same resolver again over a connection.',
        ref: 'RFC 7766 §5',
      },
      entry: { type: 'open', params: ({ context, event }) => connection(context, givenOf(event)) },
      exit: { type: 'close', params: { connection: CONNECTION } },
      after: { patience: { target: 'choosing', actions: 'noteTrouble', description: 'no response in time' } },
      on: { disconnected: { target: 'choosing', actions: 'noteTrouble', description: 'no connection' } },
      initial: 'opening',
      states: {
        opening: {
          description: 'opening the connection',
          meta: { note: 'Opens the connection.' },
          on: {
            connected: {
              target: 'waiting',
              actions: { type: 'transmit', params: ({ context }) => ({ connection: CONNECTION, bytes: questionBytes(context) }) },
              description: 'it stands: ask again',
            },
          },
        },
        waiting: {
          description: 'waiting for the whole answer',
          meta: { note: 'Waits for the whole answer.' },
          on: { received: { target: 'reading', actions: 'read', description: 'the whole answer comes' } },
        },
        reading: {
          description: 'does it belong to the question?',
          meta: { note: 'Does this belong to the question?', ref: 'RFC 5452 §9.1' },
          entry: { type: 'decide', params: ({ context }) => ({ decision: acceptance(context) }) },
          always: [
            { guard: 'isForeign', target: 'waiting', description: 'not ours: thrown away' },
            {
              guard: 'isServerTrouble',
              target: '#lookup.choosing',
              actions: 'noteTrouble',
              description: 'the resolver could not',
            },
            { target: '#lookup.answered', description: 'an answer' },
          ],
        },
      },
    },
    answered: {
      type: 'final',
      description: 'answered',
      meta: { note: 'Has an answer, be it an address or a firm no.' },
      entry: [
        { type: 'conclude', params: ({ context }) => ({ conclusion: conclusion(context, answer(context)) }) },
        { type: 'tell', params: ({ context }) => report(context, answer(context)) },
      ],
    },
    failed: {
      type: 'final',
      description: 'giving up',
      meta: { note: 'No resolver has been of use.' },
      entry: [
        { type: 'conclude', params: ({ context }) => ({ conclusion: conclusion(context, failure(context)) }) },
        { type: 'tell', params: ({ context }) => report(context, failure(context)) },
      ],
    },
  },
});

/** RFC 2308 §2: a name that does not exist, or has no such record, is an answer too. */
const USABLE: ReadonlySet<Rcode> = new Set(['NOERROR', 'NXDOMAIN']);

/** Only resolvers that the host can reach with an address of the same family, three of them at most. */
const reachable = ({ resolvers, addresses }: StubSettings): Address[] =>
  resolvers.filter((resolver) => addresses.some((own) => isIPv6(own) === isIPv6(resolver))).slice(0, 3);

const triesInAll = (settings: StubSettings): number => reachable(settings).length * settings.attempts;

/** The ends of the present try. */
function ends({ settings, tries, port }: Context): { from: Endpoint; to: Endpoint } {
  const list = reachable(settings);
  const resolver = list[(tries - 1) % list.length] as Address;
  const own = settings.addresses.find((a) => isIPv6(a) === isIPv6(resolver)) as Address;
  return { from: { address: own, port }, to: { address: resolver, port: 53 } };
}

/** Where DO is wanted and the host announces no size of its own (DNS Flag Day 2020). */
const COMMON_SIZE = 1232;

function questionBytes({ id, question, recursionDesired, settings, wishes = {} }: Context): Uint8Array {
  const { ad = false, cd = false } = wishes;
  const udpSize = settings.edns ?? (wishes.do ? COMMON_SIZE : 0);
  const edns: { edns?: Edns } = udpSize ? { edns: { version: 0, udpSize, do: wishes.do === true, options: [] } } : {};
  return encode(query(id, question, { rd: recursionDesired, ad, cd, ...edns }));
}

const question = (context: Context): EffectParams['transmit'] => ({ ...ends(context), bytes: questionBytes(context) });

function connection(context: Context, { draw }: Given): EffectParams['open'] {
  const { from, to } = ends(context);
  const port = ephemeralPort(draw(`${context.path} tcp port`));
  return { connection: CONNECTION, from: { ...from, port }, to, framing: 'dns' };
}

/** RFC 6335 §6: the dynamic ports. `chance` is a number in [0, 1). */
export const ephemeralPort = (chance: number): number => 49152 + Math.floor(chance * 16384);

function read({ from, to, message, bytes, type }: Arrival): Came {
  const decoded = decode(bytes);
  return { from, to, message, response: decoded.ok ? decoded.message : undefined, overTcp: type === 'received' };
}

const responseOf = ({ came }: Context): Message => came?.response as Message;

/** The checks of RFC 5452 §9.1, in the order in which they are told. */
function checks(context: Context): DecisionRecord['asked'] {
  const { came, question, id } = context;
  const { to } = ends(context);
  const response = came?.response;
  const asked = response?.question[0];
  const sender = came ? endpointText(came.from) : 'nobody';
  return [
    { question: 'Is it from the resolver that was asked?', found: sender, yes: sender === endpointText(to) },
    { question: 'Can it be read, and is it a response?', found: response ? 'yes' : 'no', yes: response?.flags.qr === true },
    { question: 'Does it bear the same ID?', found: `${response?.id ?? 'none'}`, yes: response?.id === id },
    {
      question: 'Does it repeat the question?',
      found: asked ? `${asked.name} ${asked.type}` : 'none',
      yes: asked !== undefined && sameName(asked.name, question.name) && asked.type === question.type,
    },
  ];
}

const fits = (context: Context): boolean => checks(context).every(({ yes }) => yes);

function acceptance(context: Context): DecisionRecord {
  const asked = checks(context);
  const wrong = asked.findIndex(({ yes }) => !yes);
  const response = context.came?.response;
  const about = { about: 'accept', ...(context.came ? { message: context.came.message } : {}) };
  if (wrong >= 0) {
    const why = reason('foreign', 'It does not belong to the question, and is thrown away.', 'RFC 5452 §9.1');
    return { ...about, outcome: 'ignored', asked: asked.slice(0, wrong + 1), reasons: [why] };
  }
  const outcome = response?.flags.tc && !context.came?.overTcp ? 'truncated' : (response?.rcode ?? 'accepted');
  return { ...about, outcome, asked, reasons: [reason('fits', 'It fits the question.', 'RFC 5452 §9.1')] };
}

/** Why the present try has led to nothing. */
function trouble(context: Context, event: object): Pick<Context, 'reasons' | 'lastRcode'> {
  const server = endpointText(ends(context).to);
  const { type, reason: why } = event as { type: string; reason?: Reason };
  const rcode = type === 'datagram' || type === 'received' ? responseOf(context).rcode : undefined;
  const found =
    rcode !== undefined
      ? reason('server-trouble', `The resolver ${server} answered ${rcode}.`, 'RFC 1035 §4.1.1')
      : type === 'disconnected' && why
        ? why
        : reason('timeout', `The resolver ${server} did not answer in time.`, 'RFC 1123 §6.1.3.3');
  return { reasons: [...context.reasons, found], lastRcode: rcode ?? context.lastRcode };
}

const answer = (context: Context): LookupResult => ({
  kind: 'answered',
  rcode: responseOf(context).rcode,
  records: responseOf(context).answer,
  source: 'network',
});

function failure({ lastRcode, reasons, settings }: Context): LookupResult {
  const none = reason('no-resolver', 'No resolver can be reached from this computer.');
  return {
    kind: 'failed',
    ...(lastRcode === undefined ? {} : { rcode: lastRcode }),
    reasons: triesInAll(settings) === 0 ? [none] : reasons,
  };
}

/** As the trace words it. */
export function conclusionOf({ name, type }: Question, result: LookupResult): Conclusion {
  return { ...result, question: `${name} ${type}` };
}

const conclusion = ({ question }: Context, result: LookupResult): Conclusion => conclusionOf(question, result);

function report({ replyTo, path, question }: Context, result: LookupResult): EffectParams['tell'] {
  const event: LookedUp = { type: 'looked-up', path, question, result };
  return { to: replyTo, event };
}
