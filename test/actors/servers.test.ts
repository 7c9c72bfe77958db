import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { type EffectParams, effectActions, type NetworkEvent } from '../../src/actors/effects.ts';
import type { HostDefinition } from '../../src/actors/host.ts';
import { getRequest } from '../../src/actors/http.ts';
import { milliseconds } from '../../src/base/time.ts';
import { type Message, query } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { record } from '../../src/dns/record.ts';
import { decode } from '../../src/dns/wire/decode.ts';
import { encode } from '../../src/dns/wire/encode.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { a, handing, knowing, LAPTOP, play, RESOLVER, WEB, web, www } from './world.ts';

/** Sends one message to a server, whatever it is told, and closes when an answer has come. */
const sender = setup({
  types: {
    context: {} as object,
    events: {} as NetworkEvent | { type: 'send'; bytes: Uint8Array; open?: Omit<EffectParams['open'], 'connection'> },
  },
  actions: effectActions,
}).createMachine({
  id: 'sender',
  context: { bytes: new Uint8Array() },
  on: {
    send: {
      actions: {
        type: 'transmit',
        params: ({ event }) => ({
          from: { address: LAPTOP, port: 50_000 },
          to: { address: RESOLVER, port: 53 },
          bytes: event.bytes,
        }),
      },
    },
  },
});

const senderHost: HostDefinition = {
  id: 'sender',
  role: 'program',
  title: 'Sender',
  addresses: [LAPTOP],
  place: 'home',
  thinking: milliseconds(0),
  machines: [sender],
  instances: [{ path: 'sender', machine: 'sender', title: 'Sender', input: {} }],
  receiver: 'sender',
};

const overUdp = (bytes: Uint8Array, server = knowing([a()])): Trace =>
  play([handing(0, 'sender', 'sender', { type: 'send', bytes })], [senderHost, server]);
const responseIn = (trace: Trace): Message | undefined => {
  const decoded = trace.messages[1] && decode(trace.messages[1].bytes);
  return decoded?.ok ? decoded.message : undefined;
};
const about = (type: 'A' | 'TXT' = 'A', udpSize?: number) =>
  encode(
    query(
      4711,
      { name: www, type, class: 'IN' },
      { rd: true, ...(udpSize === undefined ? {} : { edns: { version: 0, udpSize, do: false, options: [] } }) },
    ),
  );
const big = (octets: number) => {
  const strings = Array.from({ length: Math.ceil(octets / 200) }, () => new Uint8Array(200).fill(65));
  return knowing([record(www, 'TXT', 60, { strings })]);
};

describe('an authoritative server', () => {
  it('answers a question from its zones, to where it came from, under the same ID', () => {
    const trace = overUdp(about());
    expect(responseIn(trace)).toMatchObject({ id: 4711, flags: { qr: true }, answer: [{ type: 'A' }] });
    expect(trace.messages[1]).toMatchObject({ from: { address: RESOLVER, port: 53 }, to: { port: 50_000 }, answers: 0 });
  });

  it.each([
    [600, undefined, true],
    [400, undefined, false],
    [600, 1232, false],
    [600, 100, true],
    [3000, 4096, false],
    [5000, 65_535, true],
  ])('to %i octets for an asker whose EDNS says %s: truncated is %s', (octets, udpSize, truncated) => {
    const response = responseIn(overUdp(about('TXT', udpSize), big(octets)));
    expect(response?.flags.tc).toBe(truncated);
    expect(response?.answer).toHaveLength(truncated ? 0 : 1);
  });

  it('answers what cannot be read, but has a header of a query, with FORMERR and nothing else', () => {
    const broken = about().slice(0, 20);
    expect(responseIn(overUdp(broken))).toMatchObject({ id: 4711, rcode: 'FORMERR', question: [] });
  });

  it.each([
    ['a header that is not whole', new Uint8Array(11)],
    ['a response', Uint8Array.from(about(), (octet, i) => (i === 2 ? octet | 0x80 : octet))],
    ['a broken response', Uint8Array.from(about(), (octet, i) => (i === 2 ? octet | 0x80 : octet)).slice(0, 20)],
    ['nothing at all', new Uint8Array()],
  ])('meets %s with silence', (_, bytes) => {
    const trace = overUdp(bytes);
    expect(trace.messages).toHaveLength(1);
    expect(trace.turns[1]?.effects).toMatchObject([{ kind: 'decide', decision: { about: 'accept', outcome: 'ignored' } }]);
  });

  it('says of every answer which questions led to it', () => {
    const decision = (bytes: Uint8Array) =>
      overUdp(bytes).turns[1]?.effects.flatMap((effect) => (effect.kind === 'decide' ? [effect.decision] : []))[0];
    expect(decision(about('A'))).toMatchObject({ about: 'find', outcome: 'answer', asked: { length: 4 } });
    expect(decision(about('TXT'))?.outcome).toBe('no record of this type');
    const nowhere = encode(query(1, { name: name('nowhere.example.'), type: 'A', class: 'IN' }));
    expect(decision(nowhere)?.outcome).toBe('no such name');
  });
});

describe('a web server', () => {
  const asking = (bytes: Uint8Array, site: Parameters<typeof web>[0] = {}) => {
    const machine = setup({ types: { events: {} as NetworkEvent | { type: 'send' } }, actions: effectActions }).createMachine({
      id: 'sender',
      on: {
        send: {
          actions: {
            type: 'open',
            params: { connection: 'c', from: { address: LAPTOP, port: 50_000 }, to: { address: WEB, port: 80 }, framing: 'http' },
          },
        },
        connected: { actions: { type: 'transmit', params: { connection: 'c', bytes } } },
      },
    });
    const trace = play([handing(0, 'sender', 'sender', { type: 'send' })], [{ ...senderHost, machines: [machine] }, web(site)]);
    return new TextDecoder().decode(trace.messages[1]?.bytes).split('\r\n');
  };

  it('sends the page of the site that the Host field names, and closes', () => {
    expect(asking(getRequest('www.example.com', '/'))).toEqual(
      expect.arrayContaining(['HTTP/1.1 200 OK', 'Content-Length: 96', 'Connection: close']),
    );
  });

  it.each([
    ['a path that it does not have', getRequest('www.example.com', '/secret'), { paths: ['/'] }, 'HTTP/1.1 404 Not Found'],
    [
      'a site that has moved',
      getRequest('www.example.com', '/'),
      { movedTo: 'http://a.example/' },
      'Location: http://a.example/',
    ],
    ['another method', new TextEncoder().encode('POST / HTTP/1.1\r\n\r\n'), {}, 'HTTP/1.1 405 Method Not Allowed'],
    ['no HTTP', new TextEncoder().encode('hello\r\n\r\n'), {}, 'HTTP/1.1 400 Bad Request'],
  ])('answers a request for %s', (_, bytes, site, line) => {
    expect(asking(bytes, site)).toContain(line);
  });
});
