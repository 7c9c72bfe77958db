/**
 * Cold resolutions: root, com, example.com, three exchanges in real octets, by our resolver's machines on their host, against
 * bns's recursive resolver in the same process. Both have their network taken away: servers are prepared octets.
 */

import { makeRunningHost, type RunningHost } from '../../src/actors/driver/running.ts';
import { makeRuntime } from '../../src/actors/driver/runtime.ts';
import { resolverHost } from '../../src/actors/resolver/host.ts';
import { type Address, address, type Endpoint, isIPv6 } from '../../src/base/address.ts';
import { reason } from '../../src/base/reason.ts';
import { type Instant, instant } from '../../src/base/time.ts';
import { type Message, type Question, query, response } from '../../src/dns/message.ts';
import { type Name, name } from '../../src/dns/name.ts';
import { type ResourceRecord, record } from '../../src/dns/record.ts';
import { DEFAULT_SETTINGS } from '../../src/dns/resolve/settings.ts';
import { encode } from '../../src/dns/wire/encode.ts';
import type { Outgoing, PacketId } from '../../src/sim/packet.ts';
import { makeRecorder, type Recorder } from '../../src/trace/recorder.ts';
import type { BenchRow } from './row.ts';
import { median } from './row.ts';

const RESOLVER: Endpoint = { address: address('198.18.0.53'), port: 53 };
const CLIENT: Endpoint = { address: address('198.18.0.7'), port: 5000 };
const TWO_DAYS = 172_800;

interface Servers {
  readonly zone: Name;
  readonly servers: readonly { readonly name: Name; readonly address: Address }[];
}

const servers = (zone: string, ...list: readonly (readonly [name: string, address: string])[]): Servers => ({
  zone: name(zone),
  servers: list.map(([n, a]) => ({ name: name(n), address: address(a) })),
});
const ROOT = servers('.', ['a.root-servers.net.', '198.41.0.4']);
/** The referrals of the built-in world: thirteen servers of com with both kinds of address, four of example.com with one. */
const COM = servers(
  'com.',
  ...[...'abcdefghijklm'].flatMap((letter, i) => [
    [`${letter}.gtld-servers.net.`, `192.5.6.${30 + i}`] as const,
    [`${letter}.gtld-servers.net.`, `2001:503:a83e::2:${30 + i}`] as const,
  ]),
);
const EXAMPLE = servers('example.com.', ['ns-2048.awsdns-64.com.', '205.251.200.0']);
const OTHERS = ['ns-2049.awsdns-65.net.', 'ns-2050.awsdns-66.org.', 'ns-2051.awsdns-67.co.uk.'].map(name);
const ALL = [ROOT, COM, EXAMPLE];
const BY_ADDRESS = new Map(ALL.flatMap((zone) => zone.servers.map((s) => [s.address as string, zone] as const)));

function nsOf(zone: Servers): ResourceRecord[] {
  const names = [...new Set(zone.servers.map((s) => s.name)), ...(zone === EXAMPLE ? OTHERS : [])];
  return names.map((nameServer) => record(zone.zone, 'NS', TWO_DAYS, { nameServer }));
}

const glueOf = ({ servers }: Servers): ResourceRecord[] =>
  servers.map((s) => record(s.name, isIPv6(s.address) ? 'AAAA' : 'A', TWO_DAYS, { address: s.address }));

/** What the servers of a zone say to a question below it. */
function answerOf(zone: Servers, question: Question): Message {
  const asked = query(0, question);
  if (zone !== EXAMPLE) {
    const next = zone === ROOT ? COM : EXAMPLE;
    return response(asked, { authority: nsOf(next), additional: glueOf(next) });
  }
  const answer = [record(question.name, 'A', 300, { address: address('192.0.2.44') })];
  return response(asked, { flags: { aa: true }, answer, authority: nsOf(EXAMPLE) });
}

/** Octets by zone and question, made once, so that no server is measured. */
const prepared = new Map<string, Uint8Array>();
function preparedFor(zone: Servers, question: Question): Uint8Array {
  const key = `${zone.zone} ${question.name}`;
  const known = prepared.get(key) ?? new Uint8Array(encode(answerOf(zone, question)));
  prepared.set(key, known);
  return known;
}

/** A reply to these octets: the prepared ones, with their ID. */
function replyTo(octets: Uint8Array, zone: Servers, question: Question): Uint8Array {
  const reply = preparedFor(zone, question).slice();
  reply[0] = octets[0] as number;
  reply[1] = octets[1] as number;
  return reply;
}

const questionsOf = (count: number): Question[] =>
  Array.from({ length: count }, (_, i) => ({ name: name(`w${10_000 + i}.example.com.`), type: 'A', class: 'IN' }));

/** The resolver's host without a network: what it sends is answered at once, in a turn of its own. */
interface Harness {
  resolve(question: Question, query: Uint8Array): void;
  forgetAll(): void;
  readonly recorder: Recorder | undefined;
}

function makeHarness(recording: boolean): Harness {
  const rootHints = ROOT.servers.map((s) => ({ name: s.name, addresses: [s.address] }));
  const settings = { ...DEFAULT_SETTINGS, priming: false, rootHints };
  const { address: own } = RESOLVER;
  const definition = resolverHost({ id: 'isp', title: 'Resolver', addresses: [own], place: 'isp', settings, primed: false });
  const recorder = recording ? makeRecorder({ name: 'bench', title: 'Bench', seed: 1 }) : undefined;
  const sent: Outgoing[] = [];
  let now = 0 as Instant;
  let messages = 0;
  let packets = 0;
  let inTurn = false;
  const host: RunningHost = makeRunningHost(definition, {
    seed: 1,
    runtime: makeRuntime({ inspect: recording }),
    recorder: () => (inTurn ? recorder : undefined),
    now: () => now,
    send: (outgoing) => void sent.push(outgoing),
    newMessage: (fields) => {
      recorder?.message({ ...fields, id: messages, turn: 0, sentAt: now });
      return messages++;
    },
    later: () => ({}),
    cancel: () => {},
    concluded: () => {},
    putOnStream: () => {},
    forgetStream: () => {},
    messageAt: () => -1,
    packet: () => 0 as PacketId,
  });

  function turn(work: () => void): void {
    now = instant(now + 10_000);
    recorder?.beginTurn(now, 'isp', { kind: 'packet', packet: packets as PacketId, arrived: now }, undefined);
    inTurn = true;
    host.instances.beginTurn();
    work();
    inTurn = false;
    recorder?.endTurn(true);
  }

  function arrive(from: Endpoint, to: Endpoint, payload: Uint8Array): void {
    const packet = { id: packets++ as PacketId, from, to, transport: 'udp', payload, sentAt: now } as const;
    const work = host.datagram(packet, messages++);
    if (work) turn(() => host.work(work));
  }

  turn(() => host.start());
  return {
    recorder,
    forgetAll: () => turn(() => host.instances.forget('isp', { cache: 'isp', reason: reason('cold', 'The cache is emptied.') })),
    resolve(question, octets) {
      arrive(CLIENT, RESOLVER, octets);
      for (let outgoing = sent.pop(); outgoing; outgoing = sent.pop()) {
        if (outgoing.to.port !== RESOLVER.port) return;
        const zone = BY_ADDRESS.get(outgoing.to.address) as Servers;
        arrive(outgoing.to, outgoing.from, replyTo(outgoing.payload, zone, question));
      }
      throw new Error('the resolver gave no answer');
    },
  };
}

/** One call does as many cold resolutions as there are questions. */
function ours(questions: readonly Question[], recording: boolean): () => void {
  const queries = questions.map((question) => new Uint8Array(encode(query(1, question, { rd: true }))));
  return () => {
    const harness = makeHarness(recording);
    for (const [i, question] of questions.entries()) {
      harness.resolve(question, queries[i] as Uint8Array);
      harness.forgetAll();
    }
  };
}

/** The parts of bns that are used. */
interface BnsResolver {
  readonly hints: { clear(): void; readonly ns: string[]; readonly inet4: Map<string, string> };
  cache: object;
  exchange(request: { id: number; encode(): Buffer }, servers: { host: string }[]): Promise<unknown>;
  lookup(name: string, type: number): Promise<{ answer: unknown[] }>;
}

interface Bns {
  readonly RecursiveResolver: new (options: object) => BnsResolver;
  readonly Cache: new () => object;
  readonly wire: { readonly Message: { decode(bytes: Buffer): unknown } };
}

/** The same by bns: encodes its query, reads the reply. */
async function theirs(questions: readonly Question[]): Promise<() => Promise<void>> {
  // Its cryptography looks for a compiled part that is not there; its own switch makes it do without.
  process.env.NODE_BACKEND = 'js';
  const { default: bns } = (await import('bns')) as unknown as { default: Bns };
  const resolver = new bns.RecursiveResolver({ tcp: false, inet6: false, edns: true, dnssec: false });
  const hint = ROOT.servers[0] as Servers['servers'][0];
  resolver.hints.clear();
  resolver.hints.ns.push(hint.name);
  resolver.hints.inet4.set(hint.name, hint.address);
  let current = questions[0] as Question;
  resolver.exchange = async (request, hosts) => {
    request.id = Math.floor(Math.random() * 65_536);
    const zone = BY_ADDRESS.get(hosts[0]?.host as string) as Servers;
    const reply = replyTo(request.encode(), zone, current);
    return bns.wire.Message.decode(Buffer.from(reply.buffer, reply.byteOffset, reply.length));
  };
  return async () => {
    for (const question of questions) {
      current = question;
      resolver.cache = new bns.Cache();
      const found = await resolver.lookup(question.name, 1);
      if (found.answer.length !== 1) throw new Error('bns found no answer');
    }
  };
}

/** Megabytes that stay after a thousand resolutions of a thousand names, nothing being recorded. */
function memoryKept(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) return Number.NaN;
  const questions = questionsOf(2_000);
  const queries = questions.map((question) => new Uint8Array(encode(query(1, question, { rd: true }))));
  for (const question of questions) for (const zone of ALL) preparedFor(zone, question);
  const harness = makeHarness(false);
  const resolve = (from: number, to: number): void => {
    for (let i = from; i < to; i++) harness.resolve(questions[i] as Question, queries[i] as Uint8Array);
    gc();
  };
  resolve(0, 1_000);
  const before = process.memoryUsage();
  resolve(1_000, 2_000);
  const after = process.memoryUsage();
  return (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1_000_000;
}

/** Time of the processor, not of the clock: other programs on the machine then count less. */
const total = ({ user, system }: NodeJS.CpuUsage): number => user + system;

/** Rows of the bench table. */
export async function bench(): Promise<BenchRow[]> {
  const questions = questionsOf(500);
  const peer = await theirs(questions);
  const rows: BenchRow[] = [];
  for (const [what, recording, target] of [
    ['cold resolutions, recording off', false, 0.25],
    ['cold resolutions, recording on', true, 0.2],
  ] as const) {
    const work = ours(questions, recording);
    const ratios: number[] = [];
    for (let round = 0; round < 11; round++) {
      const start = process.cpuUsage();
      work();
      const middle = process.cpuUsage(start);
      const again = process.cpuUsage();
      await peer();
      ratios.push(total(process.cpuUsage(again)) / total(middle));
    }
    rows.push({ what, measured: median(ratios.slice(2)), target, better: 'higher', unit: '× bns' });
  }
  const kept = memoryKept();
  if (!Number.isNaN(kept))
    rows.push({ what: 'memory kept per 1,000 resolutions', measured: kept, target: 2, better: 'lower', unit: 'MB' });
  return rows;
}
