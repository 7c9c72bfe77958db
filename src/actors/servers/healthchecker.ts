/**
 * One checker of a health check, somewhere in the world: connects to the endpoint again and again, asks for a page if that is
 * what it checks, and changes its mind after so many results in a row. In long quiet stretches, when nothing in the world
 * changes, its probes would all find the same: then it rests, and the probes it would have sent are counted afterwards.
 */
import { assign, setup } from 'xstate';
import { type Address, isIPv6 } from '../../base/address.ts';
import { reason } from '../../base/reason.ts';
import { between, type Duration, type Instant, later, seconds } from '../../base/time.ts';
import { parseName } from '../../dns/name.ts';
import { dataOf } from '../../dns/record.ts';
import {
  CONNECT_TIMEOUT,
  type EndpointCondition,
  type EndpointConfig,
  hostHeader,
  judgeProbe,
} from '../../route53/health/healthCheck.ts';
import type { DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { ephemeralPort } from '../clients/lookup.ts';
import type { Found, LookUp } from '../clients/stub.ts';
import { type EffectParams, effectActions, type Given, givenOf, type NetworkEvent } from '../effects.ts';
import { getRequest, readResponse } from '../http.ts';

export interface CheckerInput {
  readonly path: InstancePath;
  /** The check that it reports to. */
  readonly check: InstancePath;
  /** "eu-west-1/2". */
  readonly label: string;
  readonly config: EndpointConfig;
  /** Where its packets come from, one address of each family. */
  readonly addresses: readonly Address[];
  /** Whom it asks for the endpoint's address, when only its name is configured. */
  readonly stub: InstancePath;
}

/** A checker has changed its mind. */
export interface Report {
  readonly type: 'report';
  readonly checker: string;
  readonly healthy: boolean;
}

interface Context {
  readonly input: CheckerInput;
  /** Healthy until there are data. */
  readonly healthy: boolean;
  /** Results in a row that contradict `healthy`; that agree with it, since the world last changed. */
  readonly against: number;
  readonly agreeing: number;
  readonly probes: number;
  readonly startedAt: Instant;
  readonly next: Instant;
  /** How long the last probe took. */
  readonly took: Duration;
  readonly endpoint: Address | undefined;
  readonly met: EndpointCondition | undefined;
}

type CheckerEvent = NetworkEvent | ((Found | { readonly type: 'stir' }) & { readonly given: Given });

const base = setup({
  types: { context: {} as Context, events: {} as CheckerEvent, input: {} as CheckerInput & { readonly given: Given } },
  actions: effectActions,
});

/** The names of the timers that do not keep a run going. */
export const CHECKER_TIMERS = ['nextProbe', 'connectPatience', 'statusPatience'];

/** A website must say its status within this time of the connection (dns-failover-determining-health-of-endpoints). */
const STATUS_PATIENCE = seconds(2);

/** How a checker calls itself. */
const AGENT = 'Rootwalk-Health-Checker/1.0';

/** The chart of one checker. */
export const healthchecker = base
  .extend({
    actions: {
      begin: assign(({ context, event }) => ({
        probes: context.probes + 1,
        startedAt: givenOf(event).at,
        endpoint: context.input.config.ipAddress,
        met: undefined,
      })),
      takeAddress: assign(({ event }) => ({ endpoint: addressIn(event as Found) })),
      meet: assign(({ context, event }) => ({ met: conditionOf(context, event) })),
      judge: assign(({ context, event }) => judged(context, givenOf(event).at)),
      changeMind: assign(({ context }) => ({ healthy: !context.healthy, against: 0 })),
      doubt: assign({ agreeing: 0 }),
      catchUp: assign(({ context, event }) => caughtUp(context, givenOf(event).at)),
    },
    guards: {
      hasNoAddress: ({ context }) => context.input.config.ipAddress === undefined,
      isResolved: ({ event }) => addressIn(event as Found) !== undefined,
      isTcpOnly: ({ context }) => context.input.config.protocol === 'TCP',
      changesItsMind: ({ context }) => context.against === context.input.config.failureThreshold,
      // What a name leads to may change with any copy that runs out; an address stays what it is.
      isSure: ({ context: { agreeing, input } }) =>
        agreeing >= input.config.failureThreshold && input.config.ipAddress !== undefined,
    },
    delays: {
      nextProbe: ({ context, event }) => Math.max(0, between(givenOf(event).at, context.next)) as Duration,
      connectPatience: ({ context }) => seconds(CONNECT_TIMEOUT[context.input.config.protocol]),
      statusPatience: STATUS_PATIENCE,
    },
  })
  .createMachine({
    id: 'healthchecker',
    description: 'Tries an endpoint at regular intervals, and changes its mind after several results in a row.',
    options: { maxIterations: 100 },
    context: ({ input: { given, ...input } }) => ({
      input,
      healthy: true,
      against: 0,
      agreeing: 0,
      probes: 0,
      startedAt: given.at,
      next: later(given.at, seconds(given.draw(`${input.path} first probe`) * input.config.requestInterval)),
      took: 0 as Duration,
      endpoint: undefined,
      met: undefined,
    }),
    initial: 'waiting',
    on: { stir: { actions: 'doubt', description: 'something happens in the world' } },
    states: {
      waiting: {
        description: 'waiting for the next probe',
        meta: {
          note: 'Checkers are not synchronised: each keeps its own time.',
          ref: 'Developer Guide, health-checks-creating-values',
        },
        after: {
          nextProbe: [
            { guard: 'hasNoAddress', target: 'resolving', actions: 'begin', description: 'only a name is known' },
            { target: 'connecting', actions: 'begin', description: 'the next probe' },
          ],
        },
      },
      resolving: {
        description: 'asking for the endpoint’s address',
        meta: { note: 'The name is looked up before every probe, IPv4 only.', ref: 'API Reference, HealthCheckConfig' },
        entry: { type: 'tell', params: ({ context }) => ({ to: context.input.stub, event: lookUp(context) }) },
        on: {
          found: [
            { guard: 'isResolved', target: 'connecting', actions: 'takeAddress', description: 'an address' },
            { target: 'judging', actions: 'meet', description: 'no address' },
          ],
        },
      },
      connecting: {
        description: 'connecting',
        meta: {
          note: 'Opens a connection: 4 seconds for a website, 10 for TCP alone.',
          ref: 'Developer Guide, dns-failover-determining-health-of-endpoints',
        },
        entry: { type: 'open', params: ({ context, event }) => connection(context, givenOf(event)) },
        after: { connectPatience: { target: 'judging', actions: 'meet', description: 'no connection in time' } },
        on: {
          connected: [
            { guard: 'isTcpOnly', target: 'judging', actions: 'meet', description: 'connected: that is all it wants' },
            { target: 'asking', description: 'connected: ask for the page' },
          ],
          disconnected: { target: 'judging', actions: 'meet', description: 'refused' },
        },
      },
      asking: {
        description: 'waiting for the status',
        meta: {
          note: 'The website has 2 seconds to say how it is. HTTPS travels in plain text here: there is no TLS.',
          ref: 'Developer Guide, dns-failover-determining-health-of-endpoints',
        },
        entry: {
          type: 'transmit',
          params: ({ context }) => ({
            connection: connectionId(context),
            bytes: getRequest(hostHeader(context.input.config), context.input.config.path, AGENT),
          }),
        },
        after: { statusPatience: { target: 'judging', actions: 'meet', description: 'no status in time' } },
        on: {
          received: { target: 'judging', actions: 'meet', description: 'a status comes' },
          disconnected: { target: 'judging', actions: 'meet', description: 'closed without a word' },
        },
      },
      judging: {
        description: 'judging the probe',
        meta: { note: 'As many results in a row change its mind, down and up alike.', ref: 'API Reference, HealthCheckConfig' },
        entry: [
          { type: 'close', params: ({ context }) => ({ connection: connectionId(context) }) },
          'judge',
          { type: 'decide', params: ({ context }) => ({ decision: probeRecord(context) }) },
        ],
        always: [
          {
            guard: 'changesItsMind',
            target: 'waiting',
            actions: [
              'changeMind',
              { type: 'tell', params: ({ context }) => ({ to: context.input.check, event: report(context) }) },
            ],
            description: 'that is enough: it changes its mind',
          },
          { guard: 'isSure', target: 'resting', description: 'always the same' },
          { target: 'waiting', description: 'on to the next' },
        ],
      },
      resting: {
        description: 'nothing new to find',
        meta: { note: 'Its probes go on, and find the same each time; they are counted, not shown.' },
        on: {
          stir: {
            target: 'waiting',
            actions: ['catchUp', 'doubt', { type: 'decide', params: ({ context }) => ({ decision: countRecord(context) }) }],
            description: 'something happens in the world: look again',
          },
        },
      },
    },
  });

const connectionId = ({ input, probes }: Context): string => `${input.path} probe ${probes}`;

function lookUp({ input, probes }: Context): LookUp {
  const name = parseName(input.config.domainName ?? '');
  if (typeof name !== 'string') throw new Error('a health check has an address or a domain name');
  return { type: 'look up', request: `p${probes}`, replyTo: input.path, name, want: 'A' };
}

const addressIn = ({ result }: Found): Address | undefined =>
  result.kind === 'answered' ? result.records.flatMap((record) => dataOf(record, 'A')?.address ?? [])[0] : undefined;

function connection(context: Context, { draw }: Given): EffectParams['open'] {
  const { endpoint, input } = context;
  if (endpoint === undefined) throw new Error('a checker connects without an address');
  const own = input.addresses.find((one) => isIPv6(one) === isIPv6(endpoint));
  if (own === undefined) throw new Error('a checker has addresses of both families');
  const from = { address: own, port: ephemeralPort(draw(`${input.path} port`)) };
  return { connection: connectionId(context), from, to: { address: endpoint, port: input.config.port }, framing: 'http' };
}

/** What the endpoint turned out to be like. */
function conditionOf({ endpoint }: Context, event: CheckerEvent): EndpointCondition {
  switch (event.type) {
    case 'found':
      return { kind: 'unresolvable' };
    case 'connected':
      return { kind: 'answers', status: 0, body: '' };
    case 'received': {
      const response = readResponse(event.bytes);
      if (!response) return { kind: 'no-status' };
      const text = new TextDecoder().decode(event.bytes);
      return { kind: 'answers', status: response.status, body: text.slice(text.indexOf('\r\n\r\n') + 4) };
    }
    case 'disconnected':
      return { kind: DISCONNECTIONS[event.reason.rule] ?? 'no-status' };
    default:
      // A timer: of the connection, or of the status.
      return event.type.includes('statusPatience') ? { kind: 'no-status' } : { kind: endpoint ? 'silent' : 'unresolvable' };
  }
}

const DISCONNECTIONS: Readonly<Record<string, 'refuses' | 'silent'>> = {
  'connection-refused': 'refuses',
  'connection-reset': 'refuses',
  'connection-timed-out': 'silent',
};

function judged(context: Context, at: Instant): Partial<Context> {
  const { passes } = judgeProbe(context.input.config, context.met ?? { kind: 'silent' });
  const agrees = passes === context.healthy;
  return {
    against: agrees ? 0 : context.against + 1,
    agreeing: agrees ? context.agreeing + 1 : 0,
    took: between(context.startedAt, at),
    next: later(at, seconds(context.input.config.requestInterval)),
  };
}

/** The probes of the quiet stretch that ends now, all like the last one: interval and duration give their times. */
function caughtUp(context: Context, at: Instant): Partial<Context> {
  const step = seconds(context.input.config.requestInterval) + context.took;
  const unseen = Math.max(0, Math.ceil(between(context.next, at) / step));
  return { probes: context.probes + unseen, next: later(context.next, (unseen * step) as Duration) };
}

const report = ({ input, healthy }: Context): Report => ({ type: 'report', checker: input.label, healthy });

/** What the record of a probe holds besides its words. */
export interface ProbeDetail {
  /** "eu-west-1/2". */
  readonly checker: string;
  readonly passes: boolean;
  /** What the checker thought before. */
  readonly healthy: boolean;
  /** So many results in a row speak against that, of so many that change it. */
  readonly against: number;
  readonly needed: number;
  /** How many probes it has made so far. */
  readonly probes: number;
}

function probeRecord(context: Context): DecisionRecord {
  const { input, met, healthy, against, probes } = context;
  const { passes, why } = judgeProbe(input.config, met ?? { kind: 'silent' });
  const needed = input.config.failureThreshold;
  const detail: ProbeDetail = { checker: input.label, passes, healthy, against, needed, probes };
  return {
    about: 'probe',
    outcome: why,
    asked: [
      { question: 'Does it pass?', found: why, yes: passes },
      {
        question: `The ${needed === 1 ? 'first' : `${needed}th`} in a row against its mind?`,
        found: `${against} of ${needed}`,
        yes: against === needed,
      },
    ],
    reasons: [reason(passes ? 'passes' : 'fails', why, 'Developer Guide, dns-failover-determining-health-of-endpoints')],
    detail,
  };
}

const countRecord = ({ input, probes, next }: Context): DecisionRecord => ({
  about: 'quiet',
  outcome: `${probes} probes so far, all alike of late`,
  asked: [{ question: 'Could a probe have found anything else?', found: 'no', yes: false }],
  reasons: [reason('quiet', 'Nothing happened in the world, so the probes were counted and not sent.')],
  detail: { checker: input.label, probes, next },
});
