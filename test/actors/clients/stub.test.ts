import { describe, expect, it } from 'vitest';
import { clientHost } from '../../../src/actors/clients/client.ts';
import { address } from '../../../src/base/address.ts';
import { milliseconds } from '../../../src/base/time.ts';
import type { Message } from '../../../src/dns/message.ts';
import { key, name } from '../../../src/dns/name.ts';
import { record } from '../../../src/dns/record.ts';
import { decode } from '../../../src/dns/wire/decode.ts';
import { dropMatching } from '../../../src/sim/rules.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { a, conclusions, handing, knowing, LAPTOP, laptop, places, play, RESOLVER, WEB, www } from '../world.ts';

const program = (more: Parameters<typeof laptop>[0] = {}) => laptop({ hasBrowser: false, ...more });
const ask = (ms = 0, more: Record<string, unknown> = {}, recordType = 'A') =>
  handing(ms, 'laptop', 'laptop', { type: 'ask', name: www, recordType, ...more });
const dnsOf = (trace: Trace): Message[] =>
  trace.messages.flatMap(({ bytes }) => {
    const decoded = decode(bytes);
    return decoded.ok ? [decoded.message] : [];
  });
const queriesOf = (trace: Trace) => dnsOf(trace).filter(({ flags }) => !flags.qr);
const fromResolver = (nth: { first: number; last?: number }) => ({
  rules: [
    { name: 'latency', rule: places },
    { name: 'drop', rule: dropMatching(({ from }) => from.address === RESOLVER, nth) },
  ],
});

describe('the stub resolver', () => {
  it('asks the recursive resolver with RD set and without EDNS, and takes its answer', () => {
    const trace = play([ask()], [program(), knowing([a()])]);
    const [query] = queriesOf(trace);
    expect(query?.flags.rd).toBe(true);
    expect(query?.edns).toBeUndefined();
    expect(conclusions(trace)).toMatchObject([{ at: 13, conclusion: { kind: 'answered', rcode: 'NOERROR', source: 'network' } }]);
    expect(trace.messages[0]?.from.port).toBeGreaterThanOrEqual(49152);
  });

  it('draws another ID and port for every question', () => {
    const trace = play([ask(0), ask(100)], [program(), knowing([a()])]);
    const [first, second] = queriesOf(trace);
    expect(first?.id).not.toBe(second?.id);
    expect(trace.messages[0]?.from.port).not.toBe(trace.messages[2]?.from.port);
  });

  it('announces its payload by EDNS and asks without RD when told so', () => {
    const trace = play([ask(0, { recursionDesired: false })], [program({ edns: 4096 }), knowing([a()])]);
    expect(queriesOf(trace)[0]).toMatchObject({ flags: { rd: false }, edns: { udpSize: 4096, do: false } });
  });

  it('asks again when 5 s have passed, and gives up after the second time', () => {
    const once = play([ask()], [program(), knowing([a()])], fromResolver({ first: 1 }));
    expect(conclusions(once)[0]?.at).toBe(5013);
    const never = play([ask()], [program()]);
    expect(queriesOf(never)).toHaveLength(2);
    expect(conclusions(never)).toMatchObject([
      { at: 10_002, conclusion: { kind: 'failed', reasons: [{ rule: 'timeout' }, {}] } },
    ]);
  });

  it('goes through at most three resolvers, each of a family that it has itself', () => {
    const resolvers = ['198.18.0.1', '2001:db8::1', '198.18.0.2', '198.18.0.3', '198.18.0.4'].map(address);
    const trace = play([ask()], [program({ resolvers })]);
    expect(trace.messages.map(({ to }) => to.address)).toEqual(
      [...Array(2)].flatMap(() => [resolvers[0], resolvers[2], resolvers[3]]),
    );
  });

  it('tries the next resolver at once when one answers SERVFAIL, and says so in the end', () => {
    const trace = play([ask()], [program(), knowing([], () => ({ rcode: 'SERVFAIL' }))]);
    expect(queriesOf(trace)).toHaveLength(2);
    expect(conclusions(trace)).toMatchObject([{ at: 24, conclusion: { kind: 'failed', rcode: 'SERVFAIL' } }]);
  });

  it('takes a firm no for an answer', () => {
    const trace = play([ask()], [program(), knowing([])]);
    expect(conclusions(trace)).toMatchObject([{ conclusion: { kind: 'answered', rcode: 'NXDOMAIN' } }]);
  });

  it('repeats the question over TCP when the answer is truncated', () => {
    const strings = Array.from({ length: 3 }, () => new Uint8Array(250).fill(65));
    const trace = play([ask(0, {}, 'TXT')], [program(), knowing([record(www, 'TXT', 60, { strings })])]);
    const seen = trace.messages.map(({ transport, bytes }) => `${transport} ${bytes.length}`);
    expect(seen.map((text) => text.split(' ')[0])).toEqual(['udp', 'udp', 'tcp', 'tcp']);
    expect(dnsOf(trace)[1]).toMatchObject({ flags: { tc: true }, answer: [] });
    expect(conclusions(trace)).toMatchObject([{ conclusion: { kind: 'answered', records: [{ type: 'TXT' }] } }]);
  });

  it('gives up a resolver that refuses TCP', () => {
    const strings = Array.from({ length: 3 }, () => new Uint8Array(250).fill(65));
    const { listening: _, ...host } = knowing([record(www, 'TXT', 60, { strings })]);
    const trace = play([ask(0, {}, 'TXT')], [program(), host]);
    expect(conclusions(trace)).toMatchObject([{ conclusion: { kind: 'failed', reasons: [{ rule: 'connection-refused' }, {}] } }]);
  });

  it.each([
    ['another ID', { id: 1 }],
    ['another question', { question: [{ name: name('else.example.'), type: 'A', class: 'IN' }] }],
  ] as const)('throws away a response with %s and keeps waiting', (_, change) => {
    const trace = play([ask()], [program(), knowing([a()], () => change as Partial<Message>)]);
    const decisions = trace.turns.flatMap(({ effects }) => effects.flatMap((e) => (e.kind === 'decide' ? [e.decision] : [])));
    expect(decisions.filter(({ about }) => about === 'accept').map(({ outcome }) => outcome)).toEqual(['ignored', 'ignored']);
    expect(conclusions(trace)).toMatchObject([{ at: 10_002, conclusion: { kind: 'failed' } }]);
  });

  it('throws away what nobody asked for', () => {
    const stranger = clientHost({
      id: 'stranger',
      title: 'Stranger',
      addresses: [address('198.18.0.9')],
      place: 'home',
      resolvers: [LAPTOP],
      hasBrowser: false,
    });
    const trace = play([handing(0, 'stranger', 'stranger', { type: 'ask', name: www, recordType: 'A' })], [program(), stranger]);
    const decisions = trace.turns.flatMap(({ host, effects }) =>
      effects.flatMap((e) => (e.kind === 'decide' ? [[host, e.decision]] : [])),
    );
    expect(decisions[0]).toMatchObject(['laptop', { about: 'accept', outcome: 'ignored' }]);
  });

  it('answers from the hosts file without asking', () => {
    const hostsFile = new Map([[key(www), [WEB]]]);
    const trace = play([ask()], [program({ hostsFile })]);
    expect(trace.messages).toHaveLength(0);
    expect(conclusions(trace)).toMatchObject([{ at: 2, conclusion: { source: 'local', records: [{ data: { address: WEB } }] } }]);
  });

  it('asks the resolver for localhost when a program wants records of one type, as dig does', () => {
    const trace = play([ask(0, { name: name('localhost.') })], [program(), knowing([a(name('localhost.'), WEB, 60)])]);
    expect(queriesOf(trace)).toHaveLength(1);
  });

  it('keeps answers for their time to live when the operating system has a cache', () => {
    const trace = play([ask(0), ask(59_000), ask(60_100)], [program({ osCache: true }), knowing([a(www, WEB, 60)])]);
    expect(queriesOf(trace)).toHaveLength(2);
    expect(conclusions(trace).map(({ conclusion }) => conclusion.kind === 'answered' && conclusion.source)).toEqual([
      'network',
      'cache',
      'network',
    ]);
  });

  it('asks the server that the program names', () => {
    const trace = play([ask(0, { servers: [address('192.0.2.9')] })], [program(), knowing([a()])]);
    expect(trace.messages[0]?.to).toEqual({ address: '192.0.2.9', port: 53 });
  });

  it('lines up what a program is to ask while it waits', () => {
    const trace = play([ask(0), ask(1), ask(2)], [program(), knowing([a()])]);
    expect(conclusions(trace).map(({ at }) => at)).toEqual([13, 26, 39]);
    expect(milliseconds(13)).toBe(13_000);
  });
});
