/** A living world on real sockets: every resolver and name server at a port of its own on 127.0.0.1, by UDP and by TCP. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { cut, wrap } from '../actors/driver/framing.ts';
import { inMilliseconds, milliseconds } from '../base/time.ts';
import type { Live, LiveServer } from '../scenario/live.ts';

const LOOPBACK = '127.0.0.1';

export interface Endpoint extends LiveServer {
  readonly port: number;
}

export interface Served {
  readonly endpoints: readonly Endpoint[];
  /** Closes every socket; nothing is answered any more. */
  close(): Promise<void>;
}

export interface ServeSockets {
  /** Of the first server, the others follow; 0 takes free ports anywhere. */
  readonly port: number;
  /** Milliseconds of some steady clock. */
  readonly clock: () => number;
  /** After how many milliseconds without an octet either way a connection is closed (RFC 7766 §6.2.3). */
  readonly idle?: number;
}

/** As long as Unbound and BIND wait: whoever types a query by hand is in time. */
const IDLE = 30_000;

/** The longest that the world's clock stands between two looks at the real one, in milliseconds. */
const TICK = 1_000;

/** Opens the sockets. Rejects when a port that is wanted is taken. */
export async function serveOnSockets(live: Live, { port, clock, idle = IDLE }: ServeSockets): Promise<Served> {
  const opened = clock();
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;

  /** Lets the world catch up with the clock, and wakes up when something is due there. */
  function go(): void {
    if (!isOpen) return;
    clearTimeout(timer);
    live.advance(milliseconds(clock() - opened));
    const next = live.next();
    const wait = next === undefined ? TICK : Math.min(TICK, Math.max(0, inMilliseconds(next) - (clock() - opened)));
    timer = setTimeout(go, wait);
  }
  const ask = (
    server: LiveServer,
    bytes: Uint8Array,
    transport: 'udp' | 'tcp',
    reply: (bytes: Uint8Array | undefined) => void,
  ) => {
    if (!isOpen) return;
    live.advance(milliseconds(clock() - opened));
    live.ask(server.id, bytes, transport, reply);
    go();
  };

  const sockets: (Pick<UdpSocket, 'close'> | Server)[] = [];
  const streams = new Set<Socket>();
  const endpoints: Endpoint[] = [];
  const close = async (): Promise<void> => {
    isOpen = false;
    clearTimeout(timer);
    for (const stream of streams) stream.destroy();
    await Promise.all(sockets.map((socket) => new Promise<void>((done) => void socket.close(() => done()))));
  };
  try {
    for (const [i, server] of live.servers.entries()) {
      const { udp, tcp, at } = await bindBoth(port === 0 ? 0 : port + i, i === 0);
      sockets.push(udp, tcp);
      endpoints.push({ ...server, port: at });
      udp.on('message', (bytes, { port: from, address }) =>
        ask(server, new Uint8Array(bytes), 'udp', (answer) => {
          // A forged packet may come from port 0, to which nothing can be sent.
          if (answer && isOpen && from > 0) udp.send(answer, from, address);
        }),
      );
      tcp.on('connection', (stream) => {
        streams.add(stream);
        stream.on('close', () => streams.delete(stream));
        stream.on('error', () => stream.destroy());
        stream.setTimeout(idle, () => stream.destroy());
        converse(stream, (bytes, reply) => ask(server, bytes, 'tcp', reply));
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  go();
  return { endpoints, close };
}

type Ask = (bytes: Uint8Array, reply: (bytes: Uint8Array | undefined) => void) => void;

/** Answers whatever comes on a connection; who says nothing more still hears the answers to what was asked. */
function converse(stream: Socket, ask: Ask): void {
  let awaited = 0;
  let isLast = false;
  const endWhenDone = (): void => {
    if (isLast && awaited === 0) stream.end();
  };
  stream.on('end', () => {
    isLast = true;
    endWhenDone();
  });
  listen(stream, (bytes) => {
    awaited++;
    ask(bytes, (answer) => {
      awaited--;
      if (!answer) stream.destroy();
      else if (!stream.destroyed) stream.write(wrap('dns', answer));
      endWhenDone();
    });
  });
}

/** Calls back with each whole message of a stream (RFC 1035 §4.2.2). */
function listen(stream: Socket, take: (message: Uint8Array) => void): void {
  let held = new Uint8Array(0);
  stream.on('data', (piece: Uint8Array) => {
    held = new Uint8Array([...held, ...piece]);
    for (let found = cut('dns', held); found; found = cut('dns', held)) {
      held = held.slice(found.taken);
      take(found.message);
    }
  });
}

/** How often another free port is tried when TCP has not the one that UDP got. */
const TRIES = 20;

/** Binds UDP and TCP to the same port: the wanted one, or, unless that one is insisted on, any that is free. */
async function bindBoth(wanted: number, insists: boolean): Promise<{ udp: UdpSocket; tcp: Server; at: number }> {
  for (let tries = 1; ; tries++) {
    const port = tries === 1 || insists ? wanted : 0;
    const udp = createSocket('udp4');
    const tcp = createServer({ allowHalfOpen: true });
    try {
      await new Promise<void>((done, failed) => {
        udp.once('error', failed);
        udp.bind(port, LOOPBACK, done);
      });
      const at = udp.address().port;
      await new Promise<void>((done, failed) => {
        tcp.once('error', failed);
        tcp.listen(at, LOOPBACK, done);
      });
      // What goes wrong later (a client that is gone, no descriptor left for one more) is no reason to end.
      for (const socket of [udp, tcp]) socket.removeAllListeners('error').on('error', () => {});
      return { udp, tcp, at };
    } catch (error) {
      udp.close();
      if ((insists && wanted !== 0) || tries === TRIES) throw error;
    }
  }
}
