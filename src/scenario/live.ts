/**
 * A scenario's world kept running, for programs outside of it: its resolvers and name servers take messages from there, and
 * answer. Whoever keeps it says how much time has passed.
 */

import { makeSimulation } from '../actors/driver/simulation.ts';
import { GATE, gateHost, type Relay, type Returned } from '../actors/gate.ts';
import { address } from '../base/address.ts';
import { between, type Duration, instant, START } from '../base/time.ts';
import type { Name } from '../dns/name.ts';
import type { HostId } from '../trace/trace.ts';
import { prepare, type RunOptions } from './run.ts';
import type { Scenario } from './schema.ts';

/** A host of the world that can be asked. */
export interface LiveServer {
  readonly id: HostId;
  readonly title: string;
  readonly role: 'resolver' | 'authoritative';
  /** The zones it has, shortest name first. */
  readonly zones: readonly Name[];
}

export interface Live {
  /** Resolvers first. */
  readonly servers: readonly LiveServer[];
  /** Sends a message to a server; `reply` is called once with what it answers, or without anything when a connection fails. */
  ask(server: HostId, bytes: Uint8Array, transport: 'udp' | 'tcp', reply: (bytes: Uint8Array | undefined) => void): void;
  /** Lets the world go on until so long after its start. */
  advance(sinceStart: Duration): void;
  /** So long after the start the next thing happens; undefined when nothing is planned. */
  next(): Duration | undefined;
}

const GATE_HOST = 'gate';
/** Programs outside stand where the browser of the first lesson stands. */
const GATE_ADDRESS = address('198.18.0.250');
const FIRST_PORT = 1_024;
const PORTS = 64_000;

/** A scenario's world at its start. What its lines say happens there at its own time. */
export function makeLive(scenario: Scenario, options: RunOptions = {}): Live {
  const { world, ...prepared } = prepare(scenario, options);
  const waiting = new Map<string, (bytes: Uint8Array | undefined) => void>();
  const answered = (key: string, bytes: Uint8Array | undefined): void => {
    const reply = waiting.get(key);
    waiting.delete(key);
    reply?.(bytes);
  };
  const simulation = makeSimulation({
    ...prepared,
    hosts: [...prepared.hosts, gateHost(GATE_HOST, GATE_ADDRESS, 'home')],
    reactions: new Map(prepared.reactions).set(GATE, (_world, about) => {
      const { port, request, bytes } = about as Returned;
      answered(port === undefined ? String(request) : `udp ${port}`, bytes);
    }),
    budget: Number.POSITIVE_INFINITY,
  });
  let asked = 0;
  return {
    servers: world.hosts
      .flatMap(({ id, title, role, zones = [] }): LiveServer[] =>
        role === 'resolver' || role === 'authoritative' ? [{ id, title, role, zones }] : [],
      )
      .sort((a, b) => Number(a.role === 'authoritative') - Number(b.role === 'authoritative')),
    ask(server, bytes, transport, reply) {
      const [to] = world.addressesOf(server);
      if (to === undefined) throw new Error(`there is no server "${server}"`);
      const port = FIRST_PORT + (asked++ % PORTS);
      const request = `${transport} ${port}`;
      waiting.set(request, reply);
      const from = { address: GATE_ADDRESS, port };
      const relay: Relay = { type: 'relay', request, from, to: { address: to, port: 53 }, transport, bytes };
      simulation.act((actors) => actors.tell(GATE_HOST, GATE_HOST, relay));
    },
    advance: (sinceStart) => simulation.advance(instant(sinceStart)),
    next() {
      const next = simulation.next();
      return next === undefined ? undefined : between(START, next);
    },
  };
}
