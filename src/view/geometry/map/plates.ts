/**
 * What the plates say: the live state of every actor on the map, in two or three words. The states are the machines' own; a
 * machine that waits says for whom.
 */
import { describeMessage, hostAt, hostOf } from '../../../trace/describe.ts';
import type { InstanceScene, Scene } from '../../../trace/scene.ts';
import type { HostId, StateValue, Trace } from '../../../trace/trace.ts';
import { type Cast, calledShort, type ZoneRole } from '../cast.ts';
import type { Hop, HopStory } from './hops.ts';

export interface Plate {
  readonly text: string;
  /** live: ink; idle: outlined; ghost: pencilled; bad: red outline. */
  readonly tone: 'live' | 'idle' | 'ghost' | 'bad';
}

/** Words for the states of our machines; a state that is not listed is shown by its own name. */
const WORDS: Readonly<Record<string, string>> = {
  'browser.typed': 'reading what was typed',
  'browser.checkingCache': 'looking in its cache',
  'browser.lookingUp': 'waiting for the address',
  'browser.connecting': 'connecting',
  'browser.requesting': 'waiting for the page',
  'browser.reading': 'reading the page',
  'browser.showing': 'showing the page',
  'browser.failed': 'showing its own error page',
  'resolution.checkingCache': 'looking in its cache',
  'resolution.choosingServer': 'choosing whom to ask',
  'resolution.resolvingServerName': 'finding a server’s address',
  'resolution.asking': 'waiting',
  'resolution.overTcp': 'waiting, over TCP',
  'resolution.reading': 'reading the reply',
  'resolution.answering': 'answering',
  'resolution.failing': 'giving up',
};

/** "checkingCache" as words, for states without an entry above. */
const spelled = (name: string): string => name.replace(/([A-Z])/g, (c) => ` ${c.toLowerCase()}`);

/** The outermost state's name, and the one inside it if any. */
export function stateNames(state: StateValue): string[] {
  if (typeof state === 'string') return [state];
  const [outer, inner] = Object.entries(state)[0] ?? ['', ''];
  return [outer, ...stateNames(inner)];
}

/** The innermost state for which there are words; else the innermost by its own name. */
const words = (instance: InstanceScene): string => {
  const names = stateNames(instance.state).reverse();
  const known = names.map((name) => WORDS[`${instance.machine}.${name}`]).find((text) => text !== undefined);
  return known ?? spelled(names[0] ?? '');
};

export function clientPlate(scene: Scene, cast: Cast): Plate | undefined {
  const browser = scene.instances.find((i) => i.host === cast.client.id && i.machine === 'browser');
  if (!browser) {
    const asking = scene.instances.some((i) => i.host === cast.client.id && i.machine === 'lookup');
    return asking ? live('waiting for the records') : undefined;
  }
  return stateNames(browser.state)[0] === 'idle' ? undefined : live(words(browser));
}

export function resolverPlate(trace: Trace, scene: Scene, cast: Cast, stories: Readonly<Record<Hop, HopStory>>): Plate {
  const { resolver } = cast;
  if (!resolver) return ghost('idle');
  const down = downPlate(scene, resolver.id);
  if (down) return down;
  const reading = scene.readings.find((r) => r.host === resolver.id);
  if (reading)
    return live(reading.packet.from.address === cast.client.addresses[0] ? 'reading the question' : 'reading the reply');
  const jobs = scene.instances.filter((i) => i.host === resolver.id && i.machine === 'resolution');
  const job = jobs.at(-1);
  if (!job) return scene.visit || stories.stub.ask ? idle('idle') : ghost('idle');
  if (!stateNames(job.state).includes('asking')) return live(words(job));
  const ask = (['zone0', 'zone1', 'zone2'] as const)
    .map((hop) => stories[hop])
    .filter((told) => told.ask && told.state === 'live')
    .sort((a, b) => (a.ask?.packet.id ?? 0) - (b.ask?.packet.id ?? 0))
    .at(-1);
  if (!ask?.ask) return live('waiting');
  const tries = ask.asks.filter((leg) => leg.kind === 'query').length;
  const server = hostAt(trace, ask.ask.packet.to.address);
  const about =
    ask.ask.packet.message === undefined ? undefined : describeMessage(trace, ask.ask.packet.message).dns?.question[0]?.name;
  if (tries > 1 && ask.ask.packet.transport === 'udp') return live(`waiting, try ${tries}`);
  return live(server ? `waiting for ${calledShort(server, about ?? cast.name)}` : 'waiting');
}

export function zonePlate(scene: Scene, role: ZoneRole, story: HopStory, server: HostId | undefined): Plate {
  if (role.zone === undefined) return ghost('absent');
  if (story.state === 'skipped') return ghost('not asked');
  if (server !== undefined) {
    const down = downPlate(scene, server);
    if (down) return down;
    if (scene.readings.some((reading) => reading.host === server)) return live('looking in its zone');
  }
  return story.ask ? idle('idle') : ghost('idle');
}

export function goalPlate(scene: Scene, cast: Cast, story: HopStory): Plate | undefined {
  if (!cast.goal || !story.ask) return undefined;
  const down = downPlate(scene, cast.goal.id);
  if (down) return down;
  if (scene.readings.some((reading) => reading.host === cast.goal?.id && reading.packet.message !== undefined))
    return live('finding the page');
  return idle('idle');
}

function downPlate(scene: Scene, host: HostId): Plate | undefined {
  const state = scene.hosts.find((h) => h.host.id === host)?.state;
  if (state === 'down') return { text: 'stopped', tone: 'bad' };
  return state === 'refusing' ? { text: 'refusing', tone: 'bad' } : undefined;
}

/** The server of a zone that was asked last; before that the one that will stand for it. */
export function chosenServer(story: HopStory): HostId | undefined {
  return story.ask?.server;
}

/** Name and address under a capsule. */
export function serverLine(trace: Trace, host: HostId, compact: boolean): string {
  const record = hostOf(trace, host);
  const address = record.addresses.find((a) => !a.includes(':')) ?? record.addresses[0] ?? '';
  const first = record.title.split('.')[0] ?? record.title;
  return compact ? `${first} ${address}` : `${record.title} ${address}`;
}

const live = (text: string): Plate => ({ text, tone: 'live' });
const idle = (text: string): Plate => ({ text, tone: 'idle' });
const ghost = (text: string): Plate => ({ text, tone: 'ghost' });
