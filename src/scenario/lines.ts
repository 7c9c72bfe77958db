/** What the lines of a scenario do: visits, questions, faults and edits. Those about Route 53 stand in `route53/lines.ts`. */
import { clientPaths } from '../actors/clients/client.ts';
import type { SimulationOptions } from '../actors/driver/simulation.ts';
import type { World as ActorWorld } from '../actors/world.ts';
import type { Address } from '../base/address.ts';
import { reason } from '../base/reason.ts';
import type { Duration } from '../base/time.ts';
import { ROOT } from '../dns/name.ts';
import { delayMatching, dropMatching, type Matching, partition } from '../sim/rules.ts';
import type { HostId } from '../trace/trace.ts';
import { flipAddress } from './flip.ts';
import { forging } from './forge.ts';
import { packetMatcher } from './packets.ts';
import type { Line, LineOf } from './schema.ts';
import { durationOf, parseQuestionText } from './words.ts';
import type { LivingWorld } from './world.ts';
import { recordsIn } from './zones.ts';

/** What a line does. */
export interface LineEffect {
  readonly host?: HostId;
  /** As the transcript and the timetable word it. */
  readonly text: string;
  readonly after?: Duration;
  apply(actors: ActorWorld): void;
}

/** The effect of a line; health checkers look again at a world in which something has changed. */
export function effectOf(line: Line, number: number, world: LivingWorld): LineEffect {
  const effect = world.route53?.lineEffect(line) ?? plainEffect(line, number, world);
  const { route53 } = world;
  if (!route53 || !STIRRING.some((action) => action in line)) return effect;
  const apply = (actors: ActorWorld): void => {
    effect.apply(actors);
    route53.stir(actors);
  };
  return { ...effect, apply };
}

/** What may change how an endpoint looks to those who try it. */
const STIRRING = ['stop', 'start', 'drop', 'delay', 'cut', 'mend', 'edit', 'change'];

function plainEffect(line: Line, number: number, world: LivingWorld): LineEffect {
  if ('visit' in line) {
    const host = line.by ?? firstOf(world, 'browser');
    return {
      host,
      text: `visits ${line.visit}`,
      apply: (actors) =>
        actors.hand(host, clientPaths(host, true).browser, { type: 'visit', typed: line.visit } as { type: string }),
    };
  }
  if ('ask' in line) return asking(line, world);
  if ('mail' in line) {
    const host = line.by ?? firstOf(world, 'program');
    const paths = clientPaths(host, world.roleOf(host) === 'browser');
    return {
      host,
      text: `sends a letter to ${line.mail}`,
      apply: (actors) => actors.hand(host, paths.mailer, { type: 'send', to: line.mail } as { type: string }),
    };
  }
  if ('wait' in line) return { text: `${line.wait} pass`, after: durationOf(line.wait), apply: () => {} };
  if ('stop' in line) {
    const hosts = meant(world, line.stop);
    return {
      ...only(hosts),
      text: `stop ${words(line.stop)}`,
      apply: (actors) => each(hosts, (host) => actors.stop(host, line.how ?? 'down')),
    };
  }
  if ('start' in line) {
    const hosts = meant(world, line.start);
    return { ...only(hosts), text: `start ${words(line.start)}`, apply: (actors) => each(hosts, (host) => actors.start(host)) };
  }
  if ('clear' in line) {
    const hosts = meant(world, line.clear);
    return {
      ...only(hosts),
      text: `clear the cache of ${words(line.clear)}`,
      apply: (actors) => each(hosts, (host) => clear(actors, host, world)),
    };
  }
  if ('configure' in line) return configuring(line, world);
  if ('drop' in line) return dropping(line, number, world);
  if ('delay' in line) return delaying(line, number, world);
  if ('forge' in line) return lying(line, number, world);
  if ('flip' in line) return flipping(line, number, world);
  if ('edit' in line) return editing(line, world);
  if ('cut' in line) return cutting(line, world);
  if ('mend' in line) return mending(line);
  throw new Error('a line of the scenario does nothing');
}

function asking(line: LineOf<'ask'>, world: LivingWorld): LineEffect {
  const host = line.by ?? firstOf(world, 'browser');
  const question = parseQuestionText(line.ask);
  if (!question) throw new Error(`"${line.ask}" is no question`);
  const paths = clientPaths(host, world.roleOf(host) === 'browser');
  const servers: { servers?: readonly Address[] } = line.of === undefined ? {} : { servers: world.addressesOf(line.of) };
  const wishes = (['ad', 'cd', 'do'] as const).filter((bit) => line[bit] === true);
  const event = {
    type: 'ask',
    name: question.name,
    recordType: question.type,
    ...servers,
    ...(line.of === undefined && line.rd === undefined ? {} : { recursionDesired: line.rd ?? false }),
    ...(wishes.length === 0 ? {} : { wishes: Object.fromEntries(wishes.map((bit) => [bit, true])) }),
  };
  const times = line.times ?? 1;
  const bits = wishes.map((bit) => `, ${bit.toUpperCase()} 1`).join('');
  const whom = line.of === undefined ? '' : ` ${line.of}`;
  return {
    host,
    text: `asks${whom} for ${question.name} ${question.type}${bits}${times === 1 ? '' : `, ${times} times`}`,
    apply(actors) {
      for (let i = 0; i < times; i++) actors.hand(host, paths.program, event);
    },
  };
}

const configuring = ({ configure, settings }: LineOf<'configure'>, world: LivingWorld): LineEffect => ({
  host: configure,
  text:
    Object.keys(settings).length === 0 ? `${configure} starts anew` : `${configure} is configured anew: ${describe(settings)}`,
  apply(actors) {
    world.configure(configure, settings);
    actors.stop(configure, 'down');
    actors.start(configure);
  },
});

function dropping(line: LineOf<'drop'>, number: number, world: LivingWorld): LineEffect {
  const { drop, times = 1 } = line;
  const why = reason('dropped-on-purpose', 'Somebody asked what happens if this packet is lost.');
  if (typeof drop === 'number')
    return {
      text: `drop packet ${drop}`,
      apply: ({ network, at }) => void network.intercept(drop as Parameters<typeof network.intercept>[0], at, why),
    };
  const matching = packetMatcher(drop, world);
  return {
    text: `drop ${times === 1 ? 'the next' : `the next ${times}`}: ${describe(drop)}`,
    apply: ({ network }) => network.addRule(`drop/${number}`, dropMatching(matching, { first: 1, last: times }, why.text)),
  };
}

function delaying(line: LineOf<'delay'>, number: number, world: LivingWorld): LineEffect {
  const { delay, times = 1 } = line;
  const by = durationOf(line.for);
  if (typeof delay === 'number') return { text: `delay packet ${delay} by ${line.for}`, apply: () => {} };
  const matching = packetMatcher(delay, world);
  return {
    text: `delay ${describe(delay)} by ${line.for}`,
    apply: ({ network }) => network.addRule(`delay/${number}`, delayMatching(matching, by, { first: 1, last: times })),
  };
}

function lying(line: LineOf<'forge'>, number: number, world: LivingWorld): LineEffect {
  const host = line.by ?? firstOf(world, 'attacker');
  const [server] = world.addressesOf(line.as);
  const [resolver] = world.addressesOf(line.to);
  if (server === undefined || resolver === undefined) throw new Error('a forgery needs two ends');
  const times = line.times ?? 1;
  const event = forging({
    records: recordsIn(line.forge, ROOT),
    ...{ server, resolver, times, seed: number },
    every: durationOf(line.every ?? '1 ms'),
    ...(line.id === undefined ? {} : { id: line.id }),
    ...(line.port === undefined ? {} : { port: line.port }),
  });
  return {
    host,
    text: `sends ${times === 1 ? 'a forged answer' : `${times} forged answers`} to ${line.to} as ${line.as}`,
    apply: (actors) => actors.hand(host, host, event),
  };
}

function flipping({ flip, times = 1 }: LineOf<'flip'>, number: number, world: LivingWorld): LineEffect {
  const matching = packetMatcher(flip, world);
  return {
    text: `turn over one bit of the address in ${times === 1 ? 'the next' : `the next ${times}`}: ${describe(flip)}`,
    apply: ({ network }) => network.addRule(`flip/${number}`, flipAddress(matching, times)),
  };
}

/** A single packet already on its way: known by its number, it is late from the moment of sending. */
export function delayOfOne(line: Line, number: number): NonNullable<SimulationOptions['rules']> {
  if (!('delay' in line) || typeof line.delay !== 'number') return [];
  const matching: Matching = (packet) => packet.id === line.delay;
  return [{ name: `delay/${number}`, rule: delayMatching(matching, durationOf(line.for)) }];
}

function editing({ edit, set, remove }: LineOf<'edit'>, world: LivingWorld): LineEffect {
  const changes = [
    ...(remove ?? []).map((one) => `without ${one}`),
    ...(set === undefined
      ? []
      : [
          set
            .trim()
            .replaceAll(/\s*\n\s*/g, '; ')
            .replaceAll(/\s+/g, ' '),
        ]),
  ];
  return {
    text: `edit ${edit}: ${changes.join('; ')}`,
    apply(actors) {
      const change = world.edit(edit, { set, remove });
      if (change) actors.zoneChanged(change);
    },
  };
}

function cutting({ cut, family, transport }: LineOf<'cut'>, world: LivingWorld): LineEffect {
  const [left = [], right = []] = cut.map((word) => world.hostsMeant(word).flatMap((host) => world.addressesOf(host)));
  const rule = partition({
    between: [left, right],
    ...(family === undefined ? {} : { family }),
    ...(transport === undefined ? {} : { transport }),
  });
  const what = family === undefined ? 'the line' : `IPv${family}`;
  return { text: `cut ${what} between ${cut.join(' and ')}`, apply: ({ network }) => network.addRule(lineName(cut), rule) };
}

const mending = ({ mend }: LineOf<'mend'>): LineEffect => ({
  text: `mend the line between ${mend.join(' and ')}`,
  apply: ({ network }) => void network.removeRule(lineName(mend)),
});

const lineName = (ends: readonly string[]): string => `cut/${[...ends].sort().join('/')}`;

function clear(actors: ActorWorld, host: HostId, world: LivingWorld): void {
  const why = reason('cleared', 'Somebody emptied this cache.');
  const caches = world.roleOf(host) === 'resolver' ? [host] : [`${host}/browser`, `${host}/os`];
  for (const cache of caches) actors.forget(host, { cache, reason: why });
}

const meant = (world: LivingWorld, said: string | readonly string[]): readonly HostId[] =>
  [said].flat().flatMap((word) => world.hostsMeant(word));
const words = (said: string | readonly string[]): string => [said].flat().join(', ');
const only = (hosts: readonly HostId[]): { host?: HostId } => (hosts.length === 1 ? { host: hosts[0] as HostId } : {});
const each = (hosts: readonly HostId[], work: (host: HostId) => void): void => {
  for (const host of hosts) work(host);
};
const describe = (selector: object): string =>
  Object.entries(selector)
    .map(([field, value]) => `${field} ${JSON.stringify(value)}`)
    .join(', ')
    .replaceAll('"', '');

function firstOf(world: LivingWorld, role: 'browser' | 'program' | 'attacker'): HostId {
  const host =
    world.hosts.find((one) => one.role === role) ?? world.hosts.find((one) => one.role === 'browser' || one.role === 'program');
  if (!host) throw new Error('nobody in this world could ask');
  return host.id;
}
