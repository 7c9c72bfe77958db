/** A small world for tests of actors: clients, a resolver that knows some answers by heart, and a web server. */
import { type ClientOptions, clientHost } from '../../src/actors/clients/client.ts';
import { makeSimulation, type SimulationOptions } from '../../src/actors/driver/simulation.ts';
import type { HostDefinition } from '../../src/actors/host.ts';
import { type AuthoritativeView, authoritative } from '../../src/actors/servers/authoritative.ts';
import { type Site, type WebView, webserver } from '../../src/actors/servers/webserver.ts';
import type { Stimulus } from '../../src/actors/world.ts';
import { address } from '../../src/base/address.ts';
import { explained, reason } from '../../src/base/reason.ts';
import { instant, milliseconds } from '../../src/base/time.ts';
import { type Message, response } from '../../src/dns/message.ts';
import { key, name } from '../../src/dns/name.ts';
import { type RecordType, type ResourceRecord, record } from '../../src/dns/record.ts';
import { latency } from '../../src/sim/rules.ts';
import type { Conclusion, Trace } from '../../src/trace/trace.ts';

export const LAPTOP = address('198.18.0.7');
export const LAPTOP6 = address('2001:db8:7::7');
export const RESOLVER = address('198.18.0.53');
export const WEB = address('192.0.2.44');
export const WEB6 = address('2001:db8:44::44');
export const www = name('www.example.com.');

export const a = (owner = www, to = WEB, ttl = 300) => record(owner, 'A', ttl, { address: to });
export const aaaa = (owner = www, to = WEB6, ttl = 300) => record(owner, 'AAAA', ttl, { address: to });

export const laptop = (more: Partial<ClientOptions> = {}) =>
  clientHost({
    id: 'laptop',
    title: 'Laptop',
    addresses: [LAPTOP],
    place: 'home',
    resolvers: [RESOLVER],
    hasBrowser: true,
    ...more,
  });

/** A server that answers from a fixed list; what is not in it does not exist. */
export function knowing(
  records: readonly ResourceRecord[],
  change: (query: Message) => Partial<Message> | undefined = () => undefined,
): HostDefinition<AuthoritativeView> {
  const answerFor = (query: Message): Message => {
    const changed = change(query);
    if (changed) return response(query, changed as Partial<Message>);
    const asked = query.question[0];
    const ofName = records.filter((r) => asked && key(r.name) === key(asked.name));
    const answer = ofName.filter((r) => r.type === (asked?.type as RecordType));
    return response(query, { answer, rcode: ofName.length > 0 ? 'NOERROR' : 'NXDOMAIN', flags: { ra: true } });
  };
  return {
    id: 'resolver',
    role: 'resolver',
    title: 'Resolver',
    addresses: [RESOLVER],
    place: 'isp',
    thinking: milliseconds(1),
    machines: [authoritative],
    instances: [{ path: 'resolver', machine: 'authoritative', title: 'Resolver', input: {} }],
    receiver: 'resolver',
    listening: [{ port: 53, framing: 'dns', instance: 'resolver' }],
    memory: { view: { responder: (query) => explained(answerFor(query), reason('fixed', 'It knows by heart.')) } },
  };
}

export function web(site: Partial<Site> = {}, addresses = [WEB, WEB6]): HostDefinition<WebView> {
  const sites = new Map([['*', { title: 'Example Domain', body: 'It came from here.', ...site }]]);
  return {
    id: 'web',
    role: 'web',
    title: 'Web server',
    addresses,
    place: 'web',
    thinking: milliseconds(4),
    machines: [webserver],
    instances: [{ path: 'web', machine: 'webserver', title: 'Web server', input: {} }],
    listening: [{ port: 80, framing: 'http', instance: 'web' }],
    memory: { view: { sites } },
  };
}

export const places = latency([
  { ends: [LAPTOP, RESOLVER], delay: milliseconds(4) },
  { ends: [LAPTOP, WEB], delay: milliseconds(18) },
  { ends: [LAPTOP6, WEB6], delay: milliseconds(18) },
]);

/** A line of a scenario that hands one event to one instance. */
export const handing = (at: number, host: string, path: string, event: { type: string } & Record<string, unknown>): Stimulus => ({
  at: instant(at * 1000),
  action: event.type,
  host,
  text: event.type,
  whatIf: false,
  line: {},
  apply: (world) => world.hand(host, path, event),
});

/** `ms` milliseconds into the run somebody types `typed`. */
export const visit = (ms: number, typed = 'www.example.com'): Stimulus =>
  handing(ms, 'laptop', 'laptop', { type: 'visit', typed });

export function play(
  stimuli: readonly Stimulus[],
  hosts: readonly HostDefinition[],
  more: Partial<SimulationOptions> = {},
): Trace {
  const simulation = makeSimulation({
    seed: 1,
    hosts,
    rules: [{ name: 'latency', rule: places }],
    stimuli,
    record: { name: 'test', title: 'Test' },
    ...more,
  });
  simulation.run();
  return simulation.trace();
}

/** Every conclusion with its instant in milliseconds, of one instance. */
export const conclusions = (trace: Trace, path = 'laptop'): { at: number; conclusion: Conclusion }[] =>
  trace.turns.flatMap(({ at, effects }) =>
    effects.flatMap((effect) =>
      effect.kind === 'conclude' && effect.instance === path ? [{ at: at / 1000, conclusion: effect.conclusion }] : [],
    ),
  );
