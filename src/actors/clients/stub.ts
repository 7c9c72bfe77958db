/**
 * The stub resolver of the operating system (RFC 1034 §5.3.1): programs ask it for names, it asks a recursive resolver. One
 * `lookup` for each question does the asking; the stub hands the datagrams that come to the lookup they belong to.
 */
import { assign, setup } from 'xstate';
import { type Address, endpointText, isIPv6 } from '../../base/address.ts';
import { reason } from '../../base/reason.ts';
import { type Instant, later, seconds } from '../../base/time.ts';
import type { Question } from '../../dns/message.ts';
import { key, type Name, type NameKey } from '../../dns/name.ts';
import { dataOf, type RecordType, type ResourceRecord, record } from '../../dns/record.ts';
import type { CacheEntry, CacheId, Conclusion, DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { type EffectParams, effectActions, type Given, type NetworkEvent } from '../effects.ts';
import { type AddressCache, entryKey } from './addressCache.ts';
import {
  conclusionOf,
  type DnssecWishes,
  ephemeralPort,
  type LookedUp,
  type LookupInput,
  type LookupResult,
  type StubSettings,
} from './lookup.ts';
import { specialUse } from './special.ts';

/** What the stub reads of its host's memory. */
export interface StubView {
  /** Names that need no asking (the "hosts" file). */
  readonly hostsFile: ReadonlyMap<NameKey, readonly Address[]>;
  /** Absent when the operating system keeps nothing, as in the first lesson. */
  readonly os?: AddressCache;
}

/** A program asks for a name. */
export interface LookUp {
  readonly type: 'look up';
  /** Names the request in the replies. */
  readonly request: string;
  readonly replyTo: InstancePath;
  readonly name: Name;
  /** A type, or both kinds of address as far as this host has such addresses itself (AI_ADDRCONFIG, RFC 3493 §6.1). */
  readonly want: RecordType | 'addresses';
  /** Servers to ask in place of the configured resolvers. */
  readonly servers?: readonly Address[];
  /** RD; set unless told. */
  readonly recursionDesired?: boolean;
  readonly wishes?: DnssecWishes;
}

/** A program no longer wants what it asked for. */
export interface GiveUp {
  readonly type: 'give up';
  readonly request: string;
  readonly replyTo: InstancePath;
}

/** One answer for a program; as many come as types were asked for. */
export interface Found {
  readonly type: 'found';
  readonly request: string;
  readonly question: Question;
  readonly result: LookupResult;
  /** How many are still to come. */
  readonly outstanding: number;
}

/** A lookup under way. */
interface Running {
  readonly path: InstancePath;
  readonly request: string;
  readonly replyTo: InstancePath;
  readonly port: number;
  readonly question: Question;
}

type StubEvent = NetworkEvent<StubView> | ((LookUp | GiveUp | LookedUp) & { readonly given: Given<StubView> });
type Datagram = Extract<NetworkEvent<StubView>, { type: 'datagram' }>;

export interface StubInput {
  readonly path: InstancePath;
  readonly settings: StubSettings;
  /** The operating system's cache, when it has one. */
  readonly cache?: CacheId;
}

interface Context extends StubInput {
  readonly running: readonly Running[];
  /** Counts lookups, for their paths. */
  readonly started: number;
}

const base = setup({
  types: { context: {} as Context, events: {} as StubEvent, input: {} as StubInput },
  actions: effectActions,
});

/** The stub resolver's chart. */
export const stub = base
  .extend({
    actions: {
      startLookups: base.enqueueActions(({ enqueue, context, event }) => {
        const fresh = lookupsFor(context, event as LookUp & { given: Given });
        for (const { start } of fresh) enqueue({ type: 'start', params: start });
        enqueue(
          assign({
            running: [...context.running, ...fresh.map(({ running }) => running)],
            started: context.started + fresh.length,
          }),
        );
      }),
      answerLocally: base.enqueueActions(({ enqueue, context, event }) => {
        const wanted = event as LookUp & { given: Given<StubView> };
        for (const { conclusion, found } of localAnswers(context, wanted)) {
          enqueue({ type: 'conclude', params: { conclusion } });
          enqueue({ type: 'tell', params: { to: wanted.replyTo, event: found } });
        }
      }),
      passOn: base.enqueueActions(({ enqueue, context, event }) => {
        const { given: _, ...datagram } = event as Datagram;
        const owner = ownerOf(context, event as Datagram);
        if (owner) enqueue({ type: 'tell', params: { to: owner.path, event: datagram } });
      }),
      finish: base.enqueueActions(({ enqueue, context, event }) => {
        const { path, result, given } = event as LookedUp & { given: Given };
        const done = context.running.find((lookup) => lookup.path === path);
        if (!done) return;
        const running = context.running.filter((lookup) => lookup !== done);
        enqueue(assign({ running }));
        const entry = context.cache === undefined ? undefined : entryFor(context.cache, done.question, result, given.at);
        if (entry) enqueue({ type: 'remember', params: { entry } });
        enqueue({ type: 'tell', params: { to: done.replyTo, event: foundFor(done, result, running) } });
      }),
      abandon: base.enqueueActions(({ enqueue, context, event }) => {
        const { request, replyTo } = event as GiveUp;
        const gone = context.running.filter((lookup) => lookup.request === request && lookup.replyTo === replyTo);
        for (const { path } of gone) enqueue({ type: 'stop', params: { path } });
        enqueue(assign({ running: context.running.filter((lookup) => !gone.includes(lookup)) }));
      }),
    },
    guards: {
      isKnownHere: ({ context, event }) => localAnswers(context, event as LookUp & { given: Given<StubView> }).length > 0,
      isAwaited: ({ context, event }) => ownerOf(context, event as Datagram) !== undefined,
    },
  })
  .createMachine({
    id: 'stub',
    description: "The operating system's part: it knows whom to ask, and asks on behalf of programs.",
    options: { maxIterations: 100 },
    context: ({ input }) => ({ ...input, running: [], started: 0 }),
    initial: 'ready',
    states: {
      ready: {
        description: 'idle',
        meta: { note: 'Waits for programs with questions, and for responses.', ref: 'RFC 1034 §5.3.1' },
        on: {
          'look up': { target: 'looking', description: 'a program asks' },
          datagram: { target: 'matching', description: 'a datagram comes' },
          'looked-up': { actions: 'finish', description: 'a lookup is done: tell the program' },
          'give up': { actions: 'abandon', description: 'the program wants it no more' },
        },
      },
      looking: {
        description: 'known on this computer?',
        meta: {
          note: 'Is the name known on this computer: in the hosts file, as a special name such as localhost, or in the system’s own cache?',
          ref: 'RFC 6761 §6',
        },
        always: [
          { guard: 'isKnownHere', target: 'ready', actions: 'answerLocally', description: 'known here: no question' },
          { target: 'ready', actions: 'startLookups', description: 'ask the resolver' },
        ],
      },
      matching: {
        description: 'whose response is it?',
        meta: { note: 'Which question does this datagram belong to? The port tells.', ref: 'RFC 5452 §9.1' },
        always: [
          { guard: 'isAwaited', target: 'ready', actions: 'passOn', description: 'a lookup waits on this port' },
          {
            target: 'ready',
            actions: { type: 'decide', params: ({ event }) => ({ decision: unexpected(event as Datagram) }) },
            description: 'nobody waits for it: thrown away',
          },
        ],
      },
    },
  });

/** RFC 3493 §6.1, AI_ADDRCONFIG: a host without IPv6 does not ask for IPv6 addresses. IPv6 first, as getaddrinfo asks. */
function typesOf({ want }: LookUp, { addresses }: StubSettings): RecordType[] {
  if (want !== 'addresses') return [want];
  const types: RecordType[] = [];
  if (addresses.some((a) => !isIPv6(a))) types.push('A');
  if (addresses.some(isIPv6)) types.push('AAAA');
  return types;
}

const questionsOf = (event: LookUp, settings: StubSettings): Question[] =>
  typesOf(event, settings).map((type) => ({ name: event.name, type, class: 'IN' }));

function lookupsFor(context: Context, event: LookUp & { given: Given }): { start: EffectParams['start']; running: Running }[] {
  const settings = event.servers ? { ...context.settings, resolvers: event.servers } : context.settings;
  const taken = new Set(context.running.map(({ port }) => port));
  return questionsOf(event, context.settings).map((question, i) => {
    const path = `${context.path}/q${context.started + i + 1}`;
    let port = ephemeralPort(event.given.draw(`${path} port`));
    while (taken.has(port)) port = port === 65535 ? 49152 : port + 1;
    taken.add(port);
    const { request, replyTo, recursionDesired = true, wishes } = event;
    const input: LookupInput = {
      ...{ settings, question, recursionDesired, port, replyTo: context.path, path },
      ...(wishes ? { wishes } : {}),
    };
    const start = { path, machine: 'lookup', title: `${question.name} ${question.type}`, input };
    return { start, running: { path, request, replyTo, port, question } };
  });
}

const ownerOf = ({ running }: Context, { to }: Datagram): Running | undefined => running.find(({ port }) => port === to.port);

const foundFor = ({ request, replyTo, question }: Running, result: LookupResult, left: readonly Running[]): Found => ({
  type: 'found',
  request,
  question,
  result,
  outstanding: left.filter((other) => other.request === request && other.replyTo === replyTo).length,
});

/** What this computer knows without asking, for every type wanted; nothing unless it knows of all. */
function localAnswers(
  { settings }: Context,
  event: LookUp & { given: Given<StubView> },
): { conclusion: Conclusion; found: Found }[] {
  if (event.servers) return [];
  const { view, at } = event.given;
  const questions = questionsOf(event, settings);
  const results = questions.map((question) => knownHere(question, event.want, view) ?? fromCache(question, view, at));
  if (!results.every((result) => result !== undefined)) return [];
  return questions.map((question, i) => {
    const result = results[i] as LookupResult;
    const found: Found = { type: 'found', request: event.request, question, result, outstanding: questions.length - i - 1 };
    return { conclusion: conclusionOf(question, result), found };
  });
}

/**
 * The hosts file holds addresses; a name in it without one of the family wanted has none. A special name is known here,
 * too: as this computer itself, or as none at all (RFC 6761 §6.3 and §6.4, RFC 7686 §2, RFC 6762 §22.1).
 */
function knownHere({ name: wanted, type }: Question, want: LookUp['want'], { hostsFile }: StubView): LookupResult | undefined {
  const listed = hostsFile.get(key(wanted));
  // A program that wants records of one type does as dig does, and asks.
  const special = listed || want !== 'addresses' ? undefined : specialUse(wanted);
  if (special?.addresses.length === 0) return { kind: 'answered', rcode: 'NXDOMAIN', records: [], source: 'local' };
  const addresses = listed ?? special?.addresses;
  if (!addresses || (type !== 'A' && type !== 'AAAA')) return undefined;
  const records = addresses
    .filter((a) => isIPv6(a) === (type === 'AAAA'))
    .map((address): ResourceRecord => record(wanted, type, 0, { address }));
  return { kind: 'answered', rcode: 'NOERROR', records, source: 'local' };
}

function fromCache(question: Question, { os }: StubView, at: Instant): LookupResult | undefined {
  const entry = os?.lookup(question, at);
  return entry && { kind: 'answered', rcode: 'NOERROR', records: entry.records, source: 'cache' };
}

/** What the system's cache keeps of an answer: addresses, for as long as all records of the chain are good. */
function entryFor(cache: CacheId, { name: wanted, type }: Question, result: LookupResult, at: Instant): CacheEntry | undefined {
  if (result.kind !== 'answered' || result.rcode !== 'NOERROR' || result.records.length === 0) return undefined;
  const ttl = Math.min(...result.records.map((r) => r.ttl));
  if (ttl === 0 || !result.records.some((r) => dataOf(r, 'A') || dataOf(r, 'AAAA'))) return undefined;
  return {
    cache,
    key: entryKey({ name: wanted, type }),
    kind: 'rrset',
    name: wanted,
    type,
    rcode: 'NOERROR',
    records: result.records,
    ttl,
    storedAt: at,
    expiresAt: later(at, seconds(ttl)),
    trust: 'answer of the resolver',
    reasons: [reason('time-to-live', 'Kept for the time that is left to it.', 'RFC 1035 §3.2.1')],
  };
}

const unexpected = ({ from, to, message }: Datagram): DecisionRecord => ({
  about: 'accept',
  outcome: 'ignored',
  asked: [{ question: `Does a question wait on port ${to.port}?`, found: 'no', yes: false }],
  reasons: [reason('unexpected', `Nothing was asked of ${endpointText(from)} from this port.`, 'RFC 5452 §9.1')],
  message,
});
