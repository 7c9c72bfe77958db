/** A small Internet for tests of the resolver: zones from master files, one authoritative server each, and a client. */
import { assign, setup } from 'xstate';
import { makeSimulation, type SimulationOptions } from '../../../src/actors/driver/simulation.ts';
import { type EffectParams, effectActions, type NetworkEvent } from '../../../src/actors/effects.ts';
import type { HostDefinition } from '../../../src/actors/host.ts';
import { resolverHost } from '../../../src/actors/resolver/host.ts';
import { type AuthoritativeView, authoritative } from '../../../src/actors/servers/authoritative.ts';
import type { Stimulus } from '../../../src/actors/world.ts';
import { address } from '../../../src/base/address.ts';
import { instant, milliseconds, seconds } from '../../../src/base/time.ts';
import { type Edns, type Message, type Question, query } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import type { RecordType, ResourceRecord } from '../../../src/dns/record.ts';
import { DEFAULT_SETTINGS, type ResolverSettings } from '../../../src/dns/resolve/settings.ts';
import type { Responder } from '../../../src/dns/responder.ts';
import { decode } from '../../../src/dns/wire/decode.ts';
import { encode } from '../../../src/dns/wire/encode.ts';
import { parseMasterFile } from '../../../src/dns/zone/masterFile.ts';
import { zoneResponder } from '../../../src/dns/zone/respond.ts';
import { makeZone, type Zone } from '../../../src/dns/zone/zone.ts';
import type { Trace } from '../../../src/trace/trace.ts';

export const RESOLVER = address('198.18.0.53');
const CLIENT = address('198.18.0.7');

/** A server: its address, and what it answers from: zones by origin, or a responder. */
export type ServerSpec = { readonly address: string } & (
  | { readonly zones: Readonly<Record<string, string>> }
  | { readonly zone: Zone }
  | { readonly responder: Responder }
);

/** A query of the client. */
export interface Ask {
  /** Seconds since the start. */
  readonly at: number;
  readonly name: string;
  readonly type: RecordType;
  readonly rd?: boolean;
  readonly cd?: boolean;
  readonly ad?: boolean;
  readonly edns?: Partial<Edns>;
  readonly from?: string;
  /** The query as octets, when it is to be an odd one. */
  readonly bytes?: Uint8Array;
}

/** Reads the records of a master file with root origin. */
export function recordsOf(text: string, origin = '.'): readonly ResourceRecord[] {
  const file = parseMasterFile(text, { origin: name(origin), file: 'test' });
  if (file.mistakes.length > 0) throw new Error(JSON.stringify(file.mistakes[0]));
  return file.records;
}

const serverHost = (id: string, spec: ServerSpec): HostDefinition<AuthoritativeView> => ({
  id,
  role: 'authoritative',
  title: id,
  addresses: [address(spec.address)],
  place: 'there',
  thinking: milliseconds(1),
  machines: [authoritative],
  instances: [{ path: id, machine: 'authoritative', title: id, input: {} }],
  receiver: id,
  listening: [{ port: 53, framing: 'dns', instance: id }],
  memory: {
    view: {
      responder:
        'responder' in spec
          ? spec.responder
          : 'zone' in spec
            ? zoneResponder([spec.zone])
            : zoneResponder(Object.entries(spec.zones).map(([origin, text]) => makeZone(name(origin), recordsOf(text, origin)))),
    },
  },
});

type AskEvent = { readonly type: 'ask'; readonly transmit: EffectParams['transmit']; readonly question: Question };

/** Sends what it is told to send, and takes what comes. */
const program = setup({
  types: { context: {} as { readonly open: number }, events: {} as NetworkEvent | AskEvent },
  actions: effectActions,
}).createMachine({
  id: 'program',
  context: { open: 0 },
  initial: 'ready',
  states: {
    ready: {
      on: {
        ask: {
          actions: [
            { type: 'transmit', params: ({ event }) => event.transmit },
            assign({ open: ({ context }) => context.open + 1 }),
          ],
        },
        datagram: {
          actions: {
            type: 'conclude',
            params: { conclusion: { kind: 'answered', question: '', rcode: 'NOERROR', records: [], source: 'network' } },
          },
        },
      },
    },
  },
});

const clientHost = (id: string, own: string): HostDefinition => ({
  id,
  role: 'program',
  title: id,
  addresses: [address(own)],
  place: 'here',
  thinking: milliseconds(0),
  machines: [program],
  instances: [{ path: id, machine: 'program', title: id, input: {} }],
  receiver: id,
});

function stimulus(ask: Ask, index: number): Stimulus {
  const question: Question = { name: name(ask.name), type: ask.type, class: 'IN' };
  const edns = ask.edns ? { version: 0, udpSize: 1232, do: false, options: [], ...ask.edns } : undefined;
  const { rd = true, cd = false, ad = false, from = CLIENT } = ask;
  const bytes = ask.bytes ?? encode(query(index + 1, question, { rd, cd, ad, ...(edns ? { edns } : {}) }));
  const transmit = { from: { address: address(from), port: 5000 + index }, to: { address: RESOLVER, port: 53 }, bytes };
  return {
    at: instant(ask.at * 1_000_000),
    action: 'ask',
    text: `${ask.name} ${ask.type}`,
    whatIf: false,
    line: {},
    apply: (world) => world.hand(from, from, { type: 'ask', transmit, question } as AskEvent),
  };
}

export interface World {
  readonly servers: Readonly<Record<string, ServerSpec>>;
  readonly settings?: Partial<ResolverSettings>;
  readonly asks: readonly Ask[];
  readonly primed?: boolean;
  readonly until?: number;
  readonly rules?: SimulationOptions['rules'];
  readonly seed?: number;
  readonly witness?: SimulationOptions['witness'];
  readonly alsoAt?: readonly Stimulus[];
}

/** What happened: the client's responses in order of the asks, and every query that a server got. */
export interface Happened {
  readonly trace: Trace;
  readonly responses: readonly (Message | undefined)[];
  /** Decisions of the resolver's machines, as "about: outcome". */
  readonly decisions: readonly string[];
  /** Rules of all reasons that those decisions gave. */
  readonly rules: readonly string[];
  /** As "server name type", in order of sending. */
  readonly asked: readonly string[];
  readonly queries: readonly { readonly to: string; readonly query: Message; readonly at: number; readonly transport: string }[];
}

/** Runs a world. The root server is the server called "root". */
export function run(world: World): Happened {
  const root = world.servers.root;
  const hint = { name: name('root.'), addresses: [address(root ? root.address : '198.18.9.9')] };
  const settings: ResolverSettings = { ...DEFAULT_SETTINGS, rootHints: [hint], priming: false, ...world.settings };
  const clients = [...new Set(world.asks.map((ask) => ask.from ?? CLIENT))];
  const isp = resolverHost({
    id: 'isp',
    title: 'Resolver',
    addresses: [RESOLVER],
    place: 'isp',
    settings,
    primed: world.primed ?? false,
  });
  const simulation = makeSimulation({
    seed: world.seed ?? 1,
    hosts: [
      ...clients.map((own) => clientHost(own, own)),
      isp,
      ...Object.entries(world.servers).map(([id, spec]) => serverHost(id, spec)),
    ],
    stimuli: [...world.asks.map(stimulus), ...(world.alsoAt ?? [])],
    record: { name: 'test', title: 'Test' },
    ...(world.rules ? { rules: world.rules } : {}),
    ...(world.witness ? { witness: world.witness } : {}),
  });
  simulation.run(world.until === undefined ? undefined : instant(seconds(world.until)));
  const trace = simulation.trace();
  const read = (bytes: Uint8Array): Message => {
    const decoded = decode(bytes);
    if (!decoded.ok) throw new Error(decoded.error.problem);
    return decoded.message;
  };
  const responses = world.asks.map((ask, i) => {
    const found = trace.messages.find(
      (m) => m.fromHost === 'isp' && m.to.port === 5000 + i && m.to.address === (ask.from ?? CLIENT),
    );
    return found && read(found.bytes);
  });
  const queries = trace.messages
    .filter((m) => m.fromHost === 'isp' && m.to.port === 53)
    .map((m) => ({ to: m.toHost ?? m.to.address, query: read(m.bytes), at: m.sentAt, transport: m.transport }));
  const asked = queries.map(({ to, query: q }) => `${to} ${q.question[0]?.name} ${q.question[0]?.type}`);
  const made = trace.turns
    .filter((turn) => turn.host === 'isp')
    .flatMap((turn) => turn.effects.flatMap((effect) => (effect.kind === 'decide' ? [effect.decision] : [])));
  const decisions = made.map(({ about, outcome }) => `${about}: ${outcome}`);
  const rules = made.flatMap(({ reasons }) => reasons.map(({ rule }) => rule));
  return { trace, responses, asked, queries, decisions, rules };
}

/** The records of a section, one line each: "www.example.com. 300 A 192.0.2.44". */
export const lines = (records: readonly ResourceRecord[] | undefined): string[] =>
  (records ?? []).map((r) => `${r.name} ${r.ttl} ${r.type} ${Object.values(r.data).map(textOf).join(' ')}`);

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : JSON.stringify(value);
