import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reason } from '../../src/base/reason.ts';
import { milliseconds } from '../../src/base/time.ts';
import { dropMatching, latency, type Rule } from '../../src/sim/rules.ts';
import { flags } from '../../src/sim/segment.ts';
import * as tcp from '../../src/sim/tcp.ts';
import { CLIENT, lines, makeTalk, SERVER } from './talk.ts';
import { B, bytes, makeWorld, ms } from './world.ts';

const text = (octets: readonly number[]): string => String.fromCharCode(...octets);
const many = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

/** A talk over a line of 4 ms; the client says something, the server answers and closes, the client closes. */
function makeVisit(response: Uint8Array = bytes('page'), request: Uint8Array = bytes('GET /')) {
  const talk = makeTalk();
  const { world, client, server } = talk;
  world.network.addRule('latency', latency([], undefined, milliseconds(4)));
  const say = (end: typeof client, what: Uint8Array) => end.connection && end.do(tcp.send(end.connection, what));
  const hangUp = (end: typeof client) => end.connection && end.do(tcp.close(end.connection));
  const asked = server.do;
  server.do = (step) => {
    asked(step);
    if (step.received.length > 0 && server.received.length === request.length) {
      say(server, response);
      hangUp(server);
    }
  };
  client.program = ({ kind }) => {
    if (kind === 'peer-closed') hangUp(client);
  };
  const start = () => {
    talk.open();
    say(client, request);
  };
  return { ...talk, start };
}

describe('a TCP connection', () => {
  it('opens in one round trip, sends with the third segment, and closes in both directions', () => {
    const { world, client, server, start } = makeVisit();
    start();
    world.run();
    expect(lines(world)).toEqual([
      '0 A SYN 1000',
      '4 B SYN ACK 9000 ack 1001',
      '8 A ACK PSH 1001 ack 9001 len 5',
      '12 B ACK 9001 ack 1006',
      '12 B ACK PSH 9001 ack 1006 len 4',
      '12 B ACK FIN 9005 ack 1006',
      '16 A ACK 1006 ack 9005',
      '16 A ACK 1006 ack 9006',
      '16 A ACK FIN 1006 ack 9006',
      '20 B ACK 9006 ack 1007',
    ]);
    expect(text(client.received)).toBe('page');
    expect(client.notices).toEqual(['connected', 'peer-closed', 'closed']);
    expect(server.notices).toEqual(['connected', 'peer-closed', 'closed']);
    expect([client.connection?.state, server.connection?.state]).toEqual(['closed', 'closed']);
  });

  it('cuts what is longer than 1460 octets into segments that arrive together', () => {
    const { world, client, start } = makeVisit(many(2_000));
    start();
    world.run();
    const carrying = world.delivered.filter(({ packet }) => packet.from.address === B && packet.payload.length > 0);
    expect(carrying.map(({ packet, at }) => [packet.payload.length, packet.tcp?.flags.psh, at])).toEqual([
      [1460, false, ms(16)],
      [540, true, ms(16)],
    ]);
    expect(client.received).toEqual([...many(2_000)]);
  });

  it('keeps no more than a window in flight', () => {
    const { world, client, start } = makeVisit(many(200_000));
    start();
    world.run(ms(15));
    const inFlight = world.sent.filter(({ from }) => from.address === B).reduce((sum, { payload }) => sum + payload.length, 0);
    expect(inFlight).toBe(65_535);
    world.run();
    expect(client.received).toEqual([...many(200_000)]);
    expect(client.notices).toEqual(['connected', 'peer-closed', 'closed']);
  });

  it('is refused at a port where nothing listens', () => {
    const { world, client, open } = makeTalk(makeWorld(), false);
    open();
    world.run();
    expect(lines(world)).toEqual(['0 A SYN 1000', '0 B ACK RST 0 ack 1001']);
    expect(client.notices).toEqual(['connection-refused']);
    expect(client.connection?.state).toBe('closed');
  });

  it('sends a SYN again after 1, 2, 4 and 8 seconds, and gives up 16 seconds later', () => {
    const { world, client, open } = makeTalk();
    world.network.setHost(B, 'down');
    open();
    world.run();
    expect(world.sent.map(({ sentAt }) => sentAt)).toEqual([0, 1, 3, 7, 15].map((s) => ms(s * 1000)));
    expect(world.now()).toBe(ms(31_000));
    expect(client.notices).toEqual(['connection-timed-out']);
  });

  it('sends lost data again after one second', () => {
    const { world, client, start } = makeVisit();
    world.network.addRule(
      'lost',
      dropMatching(({ from, payload }) => from.address === B && payload.length > 0),
    );
    start();
    world.run();
    expect(lines(world).slice(4)).toEqual([
      '12 B ACK PSH 9001 ack 1006 len 4',
      '12 B ACK FIN 9005 ack 1006',
      '16 A ACK 1006 ack 9001',
      '1012 B ACK FIN PSH 9001 ack 1006 len 4',
      '1016 A ACK 1006 ack 9006',
      '1016 A ACK FIN 1006 ack 9006',
      '1020 B ACK 9006 ack 1007',
    ]);
    expect(text(client.received)).toBe('page');
  });

  it('waits one second again for what comes after an acknowledgement, however often the last segment was sent', () => {
    const { world, server, start } = makeVisit();
    const first = (what: Parameters<typeof dropMatching>[0]) => dropMatching((packet) => packet.to.address === B && what(packet));
    world.network.addRule(
      'first SYN',
      first(({ tcp }) => tcp?.flags.syn === true),
    );
    world.network.addRule(
      'first question',
      first(({ payload }) => payload.length > 0),
    );
    start();
    world.run(ms(2_500));
    expect(lines(world).filter((line) => / A (?:SYN|ACK PSH) /.test(line))).toEqual([
      '0 A SYN 1000',
      '1000 A SYN 1000',
      '1008 A ACK PSH 1001 ack 9001 len 5',
      '2008 A ACK PSH 1001 ack 9001 len 5',
    ]);
    expect(text(server.received)).toBe('GET /');
  });

  it('that closed first answers a FIN that comes again, and from then on stays for a minute', () => {
    const { world, client, server, open } = makeTalk();
    world.network.addRule('latency', latency([], undefined, milliseconds(4)));
    client.program = ({ kind }) => {
      if (kind === 'connected' && client.connection) client.do(tcp.close(client.connection));
    };
    server.program = ({ kind }) => {
      if (kind === 'peer-closed' && server.connection) server.do(tcp.close(server.connection));
    };
    world.network.addRule(
      'last acknowledgement',
      dropMatching(({ to, sentAt }) => to.address === B && sentAt === ms(16)),
    );
    open();
    world.run();
    expect(lines(world).slice(-3)).toEqual([
      '16 A ACK 1002 ack 9002',
      '1012 B ACK FIN 9001 ack 1002',
      '1016 A ACK 1002 ack 9002',
    ]);
    expect(world.now()).toBe(ms(61_016));
    expect([client.connection?.state, server.connection?.state]).toEqual(['closed', 'closed']);
  });

  it('tells the program that the other end fell silent in the middle', () => {
    const { world, client, server, start } = makeVisit();
    start();
    world.run(ms(10));
    world.network.setHost(B, 'down');
    world.run();
    expect(client.notices).toEqual(['connected', 'connection-timed-out']);
    expect(server.notices).toEqual([]);
  });

  it('tells neither program of a connection that was asked for and never stood', () => {
    const { world, server, open } = makeTalk();
    world.network.addRule('cut', (packet) => (packet.from.address === B ? { drop: reason('cut', 'Cut.') } : undefined));
    open();
    world.run();
    expect(server.connection?.state).toBe('closed');
    expect(server.notices).toEqual([]);
  });

  it('puts early segments in order before handing them on', () => {
    const { world, client, start } = makeVisit(many(4_000));
    let n = 0;
    world.network.addRule('reorder', ({ payload }) => (payload.length > 0 ? { delay: milliseconds(9 - 3 * n++) } : undefined));
    start();
    world.run();
    expect(client.received).toEqual([...many(4_000)]);
  });

  it('is broken off by a reset, of which the other program is told', () => {
    const { world, client, server, open } = makeTalk();
    server.program = ({ kind }) => {
      if (kind === 'connected' && server.connection) server.do(tcp.abort(server.connection));
    };
    open();
    world.run();
    expect(client.notices).toEqual(['connected', 'connection-reset']);
    expect([client.connection?.state, server.connection?.state]).toEqual(['closed', 'closed']);
  });

  it('believes no reset with a number that is not the expected one', () => {
    const { world, client, open } = makeTalk();
    open();
    world.run();
    const forged = (sequence: number) => ({
      ...{ from: SERVER, to: CLIENT, transport: 'tcp' as const, payload: new Uint8Array(0) },
      tcp: { sequence, acknowledgement: 0, flags: flags('rst'), window: 0 },
    });
    for (const sequence of [9_000, 9_002, 100_000]) world.send(forged(sequence));
    world.run();
    expect(client.connection?.state).toBe('established');
    world.send(forged(9_001));
    world.run();
    expect(client.notices).toEqual(['connected', 'connection-reset']);
  });

  it('lets one direction go on after the other has closed', () => {
    const { world, client, server, open } = makeTalk();
    client.program = ({ kind }) => {
      if (kind === 'connected' && client.connection) client.do(tcp.close(client.connection));
    };
    server.program = ({ kind }) => {
      if (kind !== 'peer-closed' || !server.connection) return;
      server.do(tcp.send(server.connection, bytes('after all')));
      server.do(tcp.close(server.connection));
    };
    open();
    world.run();
    expect(text(client.received)).toBe('after all');
    expect(client.notices).toEqual(['connected', 'peer-closed', 'closed']);
  });

  it('closes when both ends do so at once', () => {
    const { world, client, server, open } = makeTalk();
    world.network.addRule('latency', latency([], undefined, milliseconds(4)));
    open();
    world.run();
    for (const end of [client, server]) if (end.connection) end.do(tcp.close(end.connection));
    world.run();
    for (const end of [client, server]) {
      expect(end.notices).toEqual(['connected', 'peer-closed', 'closed']);
      expect(end.connection?.state).toBe('closed');
    }
  });

  it('is dropped without a packet when the program closes it before it stands', () => {
    const { connection } = tcp.open(CLIENT, SERVER, 5);
    expect(tcp.close(connection)).toMatchObject({
      connection: { state: 'closed' },
      segments: [],
      notices: [{ kind: 'closed' }],
      timers: [{ timer: 'retransmit' }],
    });
  });

  it('opens for a SYN only', () => {
    const packet = (...set: Parameters<typeof flags>) => ({
      ...{ from: CLIENT, to: SERVER, transport: 'tcp' as const, payload: new Uint8Array(0) },
      tcp: { sequence: 5, acknowledgement: 0, flags: flags(...set), window: 1 },
    });
    expect(tcp.accept(packet('syn'), 1)?.connection.state).toBe('syn-received');
    for (const set of [['ack'], ['syn', 'ack'], ['rst'], ['fin']] as const) expect(tcp.accept(packet(...set), 1)).toBeUndefined();
  });

  it('counts across the end of the number space', () => {
    const { world, client, server, open } = makeTalk();
    open(2 ** 32 - 3);
    if (client.connection) client.do(tcp.send(client.connection, many(3_000)));
    world.run();
    expect(server.received).toEqual([...many(3_000)]);
  });

  it('takes octets given after its end silently, and refuses them after the program has closed', () => {
    const { connection } = tcp.abort(tcp.open(CLIENT, SERVER, 5).connection);
    expect(tcp.send(connection, bytes('x')).segments).toEqual([]);
    const { world, client, open } = makeTalk();
    open();
    world.run();
    const closed = client.connection && tcp.close(client.connection).connection;
    expect(() => closed && tcp.send(closed, bytes('x'))).toThrow('after it had closed');
  });
});

/** What the network does to the n-th packet. */
interface Blow {
  readonly drop: boolean;
  readonly delay: number;
  readonly copies: number;
}

const blow = (drop: fc.Arbitrary<boolean>): fc.Arbitrary<Blow> =>
  fc.record({ drop, delay: fc.oneof(fc.nat(40), fc.nat(3_000)), copies: fc.nat(2) });

const striking = (blows: readonly Blow[]): Rule => {
  let n = 0;
  return () => {
    const strike = blows[n++];
    if (!strike) return undefined;
    const delay = milliseconds(strike.delay);
    return strike.drop ? { drop: reason('blow', 'A blow.') } : { delay, copies: strike.copies };
  };
};

describe('a TCP connection over a bad line', () => {
  const outcome = (blows: readonly Blow[], request: number, response: number) => {
    const visit = makeVisit(many(response), many(request));
    visit.world.network.addRule('blows', striking(blows));
    visit.start();
    visit.world.run(ms(600_000));
    return visit;
  };

  it('delivers a prefix of what was sent and comes to an end, whatever is lost, late or doubled', () => {
    fc.assert(
      fc.property(
        fc.array(blow(fc.boolean()), { maxLength: 60 }),
        fc.integer({ min: 1, max: 4_000 }),
        fc.nat(9_000),
        (blows, request, response) => {
          const { world, client, server } = outcome(blows, request, response);
          expect(server.received).toEqual([...many(request).slice(0, server.received.length)]);
          expect(client.received).toEqual([...many(response).slice(0, client.received.length)]);
          expect(world.now()).toBeLessThan(ms(600_000));
          expect(client.connection?.state).toBe('closed');
          expect(client.notices.filter((notice) => notice === 'closed' || notice.startsWith('connection-'))).toHaveLength(1);
          if (client.notices.includes('closed')) expect(client.received).toHaveLength(response);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('delivers everything and closes in order when no more than four packets are lost', () => {
    const sparse = fc
      .tuple(fc.array(blow(fc.constant(false)), { maxLength: 40 }), fc.uniqueArray(fc.nat(40), { maxLength: 4 }))
      .map(([blows, lost]) => {
        const quiet: Blow = { drop: false, delay: 0, copies: 0 };
        return Array.from({ length: 41 }, (_, i) => ({ ...(blows[i] ?? quiet), drop: lost.includes(i) }));
      });
    fc.assert(
      fc.property(sparse, fc.integer({ min: 1, max: 4_000 }), fc.nat(9_000), (blows, request, response) => {
        const { client, server } = outcome(blows, request, response);
        expect(server.received).toEqual([...many(request)]);
        expect(client.received).toEqual([...many(response)]);
        for (const end of [client, server]) {
          expect(end.notices).toEqual(['connected', 'peer-closed', 'closed']);
          expect(end.connection?.state).toBe('closed');
        }
      }),
      { numRuns: 150 },
    );
  });
});
