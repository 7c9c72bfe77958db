import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { makeSimulation, type SimulationOptions } from '../../../src/actors/driver/simulation.ts';
import { effectActions, givenOf, type NetworkEvent } from '../../../src/actors/effects.ts';
import type { HostDefinition } from '../../../src/actors/host.ts';
import { type AuthoritativeView, authoritative } from '../../../src/actors/servers/authoritative.ts';
import type { Stimulus } from '../../../src/actors/world.ts';
import { address, type Endpoint } from '../../../src/base/address.ts';
import { explained, reason } from '../../../src/base/reason.ts';
import { instant, milliseconds, seconds } from '../../../src/base/time.ts';
import { query, response } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import { record } from '../../../src/dns/record.ts';
import { decode } from '../../../src/dns/wire/decode.ts';
import { encode } from '../../../src/dns/wire/encode.ts';
import { dropMatching, latency } from '../../../src/sim/rules.ts';

const CLIENT = address('198.18.0.7');
const SERVER = address('192.0.2.53');
const to: Endpoint = { address: SERVER, port: 53 };
const www = name('www.example.com.');

/** Asks one question, by UDP or TCP as told, and again when a second has passed; gives up after three times. */
const client = setup({
  types: {
    context: {} as { tries: number; from: Endpoint },
    events: {} as NetworkEvent | { type: 'ask'; tcp?: boolean },
  },
  actions: { ...effectActions, count: assign({ tries: ({ context }) => context.tries + 1 }) },
  delays: { patience: () => seconds(1) },
  guards: { byTcp: ({ event }) => event.type === 'ask' && event.tcp === true, isSpent: ({ context }) => context.tries === 3 },
}).createMachine({
  id: 'client',
  options: { maxIterations: 100 },
  context: { tries: 0, from: { address: CLIENT, port: 5000 } },
  initial: 'idle',
  states: {
    idle: { on: { ask: [{ guard: 'byTcp', target: 'opening' }, { target: 'asking' }] } },
    asking: {
      entry: [
        'count',
        {
          type: 'transmit',
          params: ({ context, event }) => ({
            from: context.from,
            to,
            bytes: encode(query(Math.floor(givenOf(event).draw('id') * 65536), { name: www, type: 'A', class: 'IN' })),
          }),
        },
      ],
      after: {
        patience: [
          { guard: 'isSpent', target: 'ended' },
          { target: 'asking', reenter: true },
        ],
      },
      on: { datagram: 'ended' },
    },
    opening: {
      entry: { type: 'open', params: ({ context }) => ({ connection: 'c', from: context.from, to, framing: 'dns' as const }) },
      on: {
        connected: {
          actions: {
            type: 'transmit',
            params: { connection: 'c', bytes: encode(query(7, { name: www, type: 'A', class: 'IN' })) },
          },
        },
        received: { target: 'ended', actions: { type: 'close', params: { connection: 'c' } } },
        disconnected: 'ended',
      },
    },
    ended: {
      entry: {
        type: 'conclude',
        params: { conclusion: { kind: 'failed', question: 'www', reasons: [] } },
      },
      on: { ask: [{ guard: 'byTcp', target: 'opening' }, { target: 'asking' }] },
    },
  },
});

const clientHost: HostDefinition = {
  id: 'client',
  role: 'program',
  title: 'Client',
  addresses: [CLIENT],
  place: 'here',
  thinking: milliseconds(2),
  machines: [client],
  instances: [{ path: 'client', machine: 'client', title: 'Client', input: {} }],
  receiver: 'client',
};

const records = [record(www, 'A', 300, { address: address('192.0.2.44') })];
const serverHost = (answers = records): HostDefinition<AuthoritativeView> => ({
  id: 'server',
  role: 'authoritative',
  title: 'Server',
  addresses: [SERVER],
  place: 'there',
  thinking: milliseconds(1),
  machines: [authoritative],
  instances: [{ path: 'server', machine: 'authoritative', title: 'Server', input: {} }],
  receiver: 'server',
  listening: [{ port: 53, framing: 'dns', instance: 'server' }],
  memory: {
    view: { responder: (q) => explained(response(q, { answer: answers, flags: { aa: true } }), reason('fixed', 'It is so.')) },
  },
});

const ask = (at: Stimulus['at'], tcp = false): Stimulus => ({
  at,
  action: 'ask',
  host: 'client',
  text: 'asks',
  whatIf: false,
  line: {},
  apply: (world) => world.hand('client', 'client', { type: 'ask', tcp } as { type: string }),
});

const start = (stimuli: Stimulus[], more: Partial<SimulationOptions> = {}) => {
  const simulation = makeSimulation({
    seed: 1,
    hosts: [clientHost, serverHost()],
    rules: [{ name: 'latency', rule: latency([{ ends: [CLIENT, SERVER], delay: milliseconds(10) }]) }],
    stimuli,
    record: { name: 'test', title: 'Test' },
    ...more,
  });
  simulation.run();
  return simulation.trace();
};

describe('the simulation', () => {
  it('hands a datagram to its machine after the way and the thinking time, and says when it had arrived', () => {
    const trace = start([ask(instant(0))]);
    expect(trace.turns.map(({ at, host, cause }) => [at, host, cause.kind])).toEqual([
      [0, 'client', 'stimulus'],
      [11_000, 'server', 'packet'],
      [23_000, 'client', 'packet'],
    ]);
    expect(trace.turns[1]?.cause).toEqual({ kind: 'packet', packet: 0, arrived: 10_000 });
    expect(trace.turns.map(({ causedBy }) => causedBy)).toEqual([undefined, 0, 1]);
    expect(trace.end).toBe(23_000);
  });

  it('writes down the microsteps with the effects that each had asked for', () => {
    const trace = start([ask(instant(0))]);
    const server = trace.turns[1];
    expect(server?.moves.map(({ event, from, to, effectsSoFar }) => [event, from, to, effectsSoFar])).toEqual([
      ['datagram', 'listening', 'reading', 0],
      ['datagram', 'reading', 'finding', 1],
      ['datagram', 'finding', 'listening', 2],
    ]);
    expect(server?.effects.map(({ kind }) => kind)).toEqual(['decide', 'transmit']);
    expect(server?.moves[1]?.transitions).toEqual([
      { source: 'authoritative.reading', event: '', index: 0, guard: 'isQuery', targets: ['authoritative.finding'] },
    ]);
  });

  it('records each message with its packet, its ends and what it answers', () => {
    const { messages, packets } = start([ask(instant(0))]);
    expect(messages.map(({ fromHost, toHost, packets, answers }) => [fromHost, toHost, packets, answers])).toEqual([
      ['client', 'server', [0], undefined],
      ['server', 'client', [1], 0],
    ]);
    expect(packets.map(({ message, turn, fate }) => [message, turn, fate.kind, fate.at])).toEqual([
      [0, 0, 'delivered', 10_000],
      [1, 1, 'delivered', 21_000],
    ]);
    const answer = decode(messages[1]?.bytes as Uint8Array);
    expect(answer.ok && answer.message.answer).toEqual(records);
  });

  it('rings timers under the name of their delay, and a packet in time cancels them', () => {
    const drop = dropMatching(({ from }) => from.address === CLIENT);
    const trace = start([ask(instant(0))], { rules: [{ name: 'drop', rule: drop }] });
    expect(trace.turns.map(({ cause }) => cause)).toMatchObject([
      { kind: 'stimulus' },
      { kind: 'timer', instance: 'client', timer: 'patience' },
      { kind: 'packet' },
      { kind: 'packet' },
    ]);
    expect(trace.turns[1]?.at).toBe(1_000_000);
    expect(trace.turns[0]?.effects.at(-1)).toEqual({ kind: 'timer', instance: 'client', timer: 'patience', due: 1_000_000 });
    expect(trace.turns.at(-1)?.effects[0]).toEqual({ kind: 'cancel', instance: 'client', timer: 'patience' });
    expect(trace.packets[0]?.fate.kind).toBe('dropped');
  });

  it('carries a message over TCP: one round trip opens, the connected machine sends without thinking', () => {
    const trace = start([ask(instant(0), true)]);
    const sent = trace.packets.map(({ from, sentAt, tcp, payload }) => {
      const flags = Object.entries(tcp?.flags ?? {}).flatMap(([flag, set]) => (set && flag !== 'psh' ? [flag] : []));
      return `${sentAt / 1000} ${from.address === CLIENT ? '>' : '<'} ${flags.join('+')} ${payload.length}`;
    });
    expect(sent).toEqual([
      '0 > syn 0',
      '10 < syn+ack 0',
      '20 > ack 0',
      '20 > ack 35',
      '30 < ack 0',
      '31 < ack 51',
      '41 > ack 0',
      '43 > ack+fin 0',
      '53 < ack 0',
      '53 < ack+fin 0',
      '63 > ack 0',
    ]);
    expect(trace.messages.map(({ transport, bytes, packets }) => [transport, bytes.length, packets])).toEqual([
      ['tcp', 33, [3]],
      ['tcp', 49, [5]],
    ]);
    expect(trace.packets.every(({ fate }) => fate.kind === 'delivered')).toBe(true);
  });

  it('answers a SYN to a host whose programs are stopped with a reset, and swallows its datagrams', () => {
    const stop: Stimulus = { ...ask(instant(0)), apply: (world) => world.stop('server', 'refusing') };
    const tcp = start([stop, ask(instant(1), true)]);
    expect(tcp.packets.map(({ tcp }) => tcp?.flags.rst)).toEqual([false, true]);
    expect(tcp.turns.at(-1)?.at).toBe(20_001);
    const udp = start([stop, ask(instant(1))]);
    expect(udp.packets).toHaveLength(3);
  });

  it('loses packets to a host that is down, and starts its machines anew when it is up', () => {
    const act = (at: number, apply: Stimulus['apply']): Stimulus => ({ ...ask(instant(at)), apply });
    const trace = start([act(0, (w) => w.stop('server', 'down')), ask(instant(1)), act(500_000, (w) => w.start('server'))]);
    expect(trace.packets.map(({ fate }) => fate.kind)).toEqual(['dropped', 'delivered', 'delivered']);
    expect(trace.turns[0]?.effects).toEqual([{ kind: 'stop', instance: 'server' }]);
    expect(trace.turns[2]?.effects).toMatchObject([{ kind: 'start', instance: 'server', state: 'listening' }]);
  });

  it('begins a stimulus with a relative instant that long after the end of what the one before it began', () => {
    const trace = start([ask(instant(5)), ask({ after: seconds(3) })]);
    expect(trace.stimuli.map(({ at }) => at)).toEqual([5, 3_023_005]);
  });

  it('gives equal traces to equal seeds and other identifiers to another seed', () => {
    expect(start([ask(instant(0))])).toEqual(start([ask(instant(0))]));
    expect(start([ask(instant(0))], { seed: 2 }).messages[0]?.bytes).not.toEqual(start([ask(instant(0))]).messages[0]?.bytes);
  });

  it('ends a run of too many turns with a named failure', () => {
    expect(() => start([ask(instant(0))], { budget: 2 })).toThrow('more than 2 turns');
  });
});
