import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import packets from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serveOnSockets } from '../../src/cli/sockets.ts';
import { makeLive } from '../../src/scenario/live.ts';
import { scenarioFrom } from '../scenario/library.ts';
import { rootwalk } from './io.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SCENARIO = `title: served
seed: 1
world:
  zones:
    example.com:
      servers: [ns-2048, ns-2049, ns-2050, ns-2051]
      records: "big 60 TXT ${Array.from({ length: 6 }, (_, i) => `\\"${String(i).repeat(250)}\\"`).join(' ')}"
stimuli:
  - { at: 365 days, edit: example.com, set: www 60 A 192.0.2.99 }
`;

let served: Served;
beforeAll(async () => {
  served = await serveOnSockets(makeLive(scenarioFrom(SCENARIO)), { port: 0, clock: () => performance.now() });
});
afterAll(() => served.close());

const portOf = (id: string): number => served.endpoints.find((one) => one.id === id)?.port ?? 0;
const queryFor = (name: string, type: 'A' | 'NS' | 'TXT', id: number): packets.Packet => ({
  type: 'query',
  id,
  flags: 0,
  questions: [{ type, name }],
});

async function overUdp(port: number, query: packets.Packet): Promise<packets.DecodedPacket> {
  const socket = createSocket('udp4');
  socket.send(packets.encode(query), port, '127.0.0.1');
  const [bytes] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  return packets.decode(bytes);
}

async function overTcp(port: number, ...queries: packets.Packet[]): Promise<packets.DecodedPacket[]> {
  const stream = connect(port, '127.0.0.1');
  for (const query of queries) stream.write(packets.streamEncode(query));
  const answers: packets.DecodedPacket[] = [];
  let held = Buffer.alloc(0);
  for await (const piece of stream as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, piece]);
    for (let length = held.length > 1 ? held.readUInt16BE(0) : 0; length > 0 && held.length >= length + 2; ) {
      answers.push(packets.decode(held.subarray(2, length + 2)));
      held = held.subarray(length + 2);
      length = held.length > 1 ? held.readUInt16BE(0) : 0;
    }
    if (answers.length === queries.length) break;
  }
  stream.destroy();
  return answers;
}

describe('a scenario on real sockets', () => {
  it('the resolver answers the resolver of Node, walking through the simulated Internet', async () => {
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${portOf('isp')}`]);
    expect(await resolver.resolve4('www.example.com')).toEqual(['192.0.2.44']);
    expect((await resolver.resolveNs('example.com')).sort()[0]).toBe('ns-2048.awsdns-64.com');
    await expect(resolver.resolve4('nope.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('every server has a port of its own, and says what its zones say', async () => {
    expect(new Set(served.endpoints.map(({ port }) => port)).size).toBe(served.endpoints.length);
    const root = await overUdp(portOf('a.root'), queryFor('www.example.com', 'A', 7));
    expect(root).toMatchObject({ id: 7, flag_aa: false, answers: [] });
    expect(root.authorities?.[0]).toMatchObject({ name: 'com', type: 'NS' });
    const own = await overUdp(portOf('ns-2048'), queryFor('www.example.com', 'A', 8));
    expect(own).toMatchObject({ flag_aa: true, answers: [{ data: '192.0.2.44', ttl: 300 }] });
  });

  it('what is too big for a datagram comes truncated, and whole by TCP; several questions may share a connection', async () => {
    expect(await overUdp(portOf('ns-2048'), queryFor('big.example.com', 'TXT', 1))).toMatchObject({ flag_tc: true, answers: [] });
    const answers = await overTcp(portOf('ns-2048'), queryFor('big.example.com', 'TXT', 2), queryFor('www.example.com', 'A', 3));
    expect(answers.map(({ id, flag_tc, answers: all }) => [id, flag_tc, all?.length]).sort()).toEqual([
      [2, false, 1],
      [3, false, 1],
    ]);
  });

  it('who says nothing more after a question still hears its answer, and then the connection ends', async () => {
    const stream = connect({ port: portOf('ns-2048'), host: '127.0.0.1', allowHalfOpen: true });
    stream.end(packets.streamEncode(queryFor('www.example.com', 'A', 4)));
    const pieces: Buffer[] = [];
    for await (const piece of stream as AsyncIterable<Buffer>) pieces.push(piece);
    expect(packets.streamDecode(Buffer.concat(pieces))).toMatchObject({ id: 4, answers: [{ data: '192.0.2.44' }] });
  });

  it('a connection on which nothing is said is closed', async () => {
    const hasty = await serveOnSockets(makeLive(scenarioFrom(SCENARIO)), { port: 0, clock: () => performance.now(), idle: 1 });
    const stream = connect(hasty.endpoints[0]?.port ?? 0, '127.0.0.1');
    stream.resume();
    await once(stream, 'close');
    await hasty.close();
    expect(stream.bytesRead).toBe(0);
  });

  it('octets that are no question meet what they would meet there, and the world goes on', async () => {
    const socket = createSocket('udp4');
    socket.send(Buffer.from([1, 2, 3]), portOf('ns-2048'), '127.0.0.1');
    socket.close();
    expect(await overUdp(portOf('ns-2048'), queryFor('www.example.com', 'A', 9))).toMatchObject({ id: 9 });
  });
});

describe('time', () => {
  it('goes as the clock says: a line of the scenario happens when its time has come', () => {
    const live = makeLive(scenarioFrom(SCENARIO.replace('365 days', '10 s')));
    const asked = (at: number): string | undefined => {
      let answer: packets.DecodedPacket | undefined;
      live.advance((at * 1_000_000) as never);
      live.ask('ns-2048', new Uint8Array(packets.encode(queryFor('www.example.com', 'A', 1))), 'udp', (bytes) => {
        answer = bytes && packets.decode(Buffer.from(bytes));
      });
      live.advance((at * 1_000_000 + 100_000) as never);
      const [first] = answer?.answers ?? [];
      return first && 'data' in first ? String(first.data) : undefined;
    };
    expect([asked(1), asked(9), asked(11)]).toEqual(['192.0.2.44', '192.0.2.44', '192.0.2.99']);
  });

  it('asked of a server that is down, nothing comes back', () => {
    const live = makeLive(scenarioFrom('title: t\nstimuli: [{ at: 0, stop: ns-2048 }]\n'));
    let came = 0;
    live.advance(1_000 as never);
    live.ask('ns-2048', new Uint8Array(packets.encode(queryFor('www.example.com', 'A', 1))), 'udp', () => came++);
    live.advance(60_000_000 as never);
    expect(came).toBe(0);
  });
});

describe('standard output', () => {
  it('that is full is told in words', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'list'], {
      cwd: ROOT,
      stdio: ['ignore', full, 'pipe'],
    });
    let err = '';
    child.stderr?.on('data', (piece) => {
      err += piece;
    });
    const [code] = await once(child, 'close');
    closeSync(full);
    expect([code, err]).toEqual([2, 'rootwalk: standard output: there is no space left\n']);
  });
});

describe('rootwalk decode', () => {
  it('waits for the whole of a long standard input', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'decode', '--json'], { cwd: ROOT });
    child.stdin.end('ab '.repeat(400_000));
    let err = '';
    child.stderr.on('data', (piece) => {
      err += piece;
    });
    child.stdout.resume();
    const [code] = await once(child, 'exit');
    expect([code, err]).toEqual([0, '']);
  });
});

describe('rootwalk serve', () => {
  it('says who is where, and ends with 0 when it is told to', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'serve', 'first-visit', '--port', '0'], {
      cwd: ROOT,
    });
    let out = '';
    for await (const piece of child.stdout) {
      out += piece;
      if (out.includes('ns2.example.net')) break;
    }
    expect(out).toMatch(/^; first-visit is served by UDP and TCP/);
    expect(out).toMatch(/127\.0\.0\.1 port \d+ +ns-2048 +has .*example\.com/);
    const port = Number(/port (\d+) +Resolver/.exec(out)?.[1]);
    expect(await overUdp(port, { ...queryFor('www.example.com', 'A', 5), flags: packets.RECURSION_DESIRED })).toMatchObject({
      id: 5,
      answers: [{ data: '192.0.2.44' }],
    });
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });

  it('needs a scenario that exists, and a port that is one', () => {
    expect(rootwalk(['serve', 'frist-visit'])).toMatchObject({ exit: 2, err: expect.stringContaining('"first-visit"') });
    expect(rootwalk(['serve', 'first-visit', '--port', 'x'])).toMatchObject({ exit: 2 });
  });
});
