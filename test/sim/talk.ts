/** Two hosts that speak TCP over the simulated network: a client at A that opens, a server at B that listens on port 80. */

import type { Address } from '../../src/base/address.ts';
import { later } from '../../src/base/time.ts';
import type { Connection, Notice, Step, TcpTimer } from '../../src/sim/connection.ts';
import type { Outgoing } from '../../src/sim/packet.ts';
import { resetFor } from '../../src/sim/segment.ts';
import * as tcp from '../../src/sim/tcp.ts';
import { A, B, makeWorld } from './world.ts';

type World = ReturnType<typeof makeWorld>;

export const CLIENT = { address: A, port: 40000 };
export const SERVER = { address: B, port: 80 };

/** One end: its connection, and all that its program has been given. */
export interface EndOfTalk {
  connection: Connection | undefined;
  received: number[];
  notices: string[];
  /** What the program does when it is told something; by default nothing. */
  program(notice: Notice): void;
  do(step: Step): void;
}

export function makeTalk(world: World = makeWorld(), listening = true) {
  const client = makeEnd(world);
  const server = makeEnd(world);
  const take = (end: EndOfTalk, packet: Outgoing, isListening: boolean): void => {
    if (end.connection && end.connection.state !== 'closed') {
      end.do(tcp.receive(end.connection, packet));
      return;
    }
    const opened = isListening ? tcp.accept(packet, 9_000) : undefined;
    const reset = opened ? undefined : resetFor(packet);
    if (opened) end.do(opened);
    if (reset) world.send(reset);
  };
  world.listen(A, (packet) => take(client, packet, false));
  // A real listener would take a second connection; here a late SYN of the only one must not start it afresh.
  world.listen(B, (packet) => take(server, packet, listening && server.connection === undefined));
  return { world, client, server, open: (initialSequence = 1_000) => client.do(tcp.open(CLIENT, SERVER, initialSequence)) };
}

function makeEnd(world: World): EndOfTalk {
  const timers = new Map<TcpTimer, { cancel(): void }>();
  const end: EndOfTalk = {
    connection: undefined,
    received: [],
    notices: [],
    program: () => {},
    do(step) {
      end.connection = step.connection;
      end.received.push(...step.received);
      for (const { timer, after } of step.timers) {
        timers.get(timer)?.cancel();
        if (after === undefined) continue;
        const ring = () => end.connection && end.do(tcp.expire(end.connection, timer));
        timers.set(timer, world.at(later(world.now(), after), ring));
      }
      for (const segment of step.segments) world.send(segment);
      for (const notice of step.notices) {
        end.notices.push(notice.kind === 'failed' ? notice.reason.rule : notice.kind);
        end.program(notice);
      }
    },
  };
  return end;
}

/** A segment in a line: "0.0 A SYN 1000", "8.0 B ACK PSH 9001 ack 1003 len 5"; times in ms, A and B the hosts. */
export const lines = (world: World): string[] =>
  world.sent.map(({ from, sentAt, tcp: header, payload }) => {
    if (!header) return 'no segment';
    const { flags, sequence, acknowledgement } = header;
    const set = (['syn', 'ack', 'fin', 'rst', 'psh'] as const).filter((name) => flags[name]).join(' ');
    const parts = [sentAt / 1000, nameOf(from.address), set.toUpperCase(), sequence];
    if (flags.ack) parts.push('ack', acknowledgement);
    if (payload.length > 0) parts.push('len', payload.length);
    return parts.join(' ');
  });

const nameOf = (address: Address): string => (address === A ? 'A' : 'B');
