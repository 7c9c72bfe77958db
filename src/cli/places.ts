/** Where `dig` asks from: a host of the world, a city, or the address of a resolver; and whose network it sends along. */

import { cidrBase, cidrPrefix, isIPv6, parseAddress, parseCidr } from '../base/address.ts';
import { bareName } from '../dns/name.ts';
import { CITIES, networkOf } from '../route53/places/location.ts';
import { HOSTS } from '../scenario/internet.ts';
import { nearest } from '../scenario/nearest.ts';
import { BROUGHT_VPC, VPC_CLIENT } from '../scenario/route53/brought.ts';
import type { HostLine, World } from '../scenario/schema.ts';
import type { MessageRecord, Trace } from '../trace/trace.ts';
import { complain, type Io } from './io.ts';

/** Somebody who asks, and what the world needs for it. */
export interface Place {
  /** As the heading says it: "Lisbon", "203.0.113.9". */
  readonly title: string;
  /** The client that asks; the scenario's own when absent. */
  readonly by?: string;
  readonly layer: World;
}

/** What one place asked and got. */
export interface Asked {
  readonly place: Place;
  readonly trace: Trace;
  /** Absent when nothing came back. */
  readonly answer?: MessageRecord;
}

/** Whoever asks when nobody is named. */
export const HERE: Place = { title: 'here', layer: {} };

/** The place that a word means in a world of these layers; complains and gives nothing when it means none. */
export function placeFrom(io: Io, word: string, layers: readonly World[]): Place | undefined {
  const hosts: Record<string, HostLine> = Object.assign({}, HOSTS, ...layers.map((world) => world.hosts ?? {}));
  const isClient = (id: string): boolean => ['browser', 'program'].includes(hosts[id]?.role ?? '');
  if (isClient(word)) return { title: hosts[word]?.title ?? word, by: word, layer: {} };
  if (word === BROUGHT_VPC && hosts[VPC_CLIENT]) return { title: 'the VPC', by: VPC_CLIENT, layer: {} };
  const network = networkOf(plain(word));
  if (network !== undefined) {
    const city = CITIES.find((one) => plain(one.city) === plain(word))?.city ?? word;
    const base = cidrBase(network).replace(/\.0$/, '');
    return { title: city, ...client(city, `${base}.207`, `${base}.253`) };
  }
  const address = parseAddress(word);
  if (address !== undefined && !isIPv6(address))
    return { title: `resolver ${address}`, ...client(address, '198.18.0.207', address) };
  if (address !== undefined) return { title: `resolver ${address}`, ...client(address, '198.18.0.207', '198.18.0.253', address) };
  const words = [...Object.keys(hosts).filter(isClient), ...CITIES.map(({ city }) => city)];
  const meant = nearest(word, words);
  const cities = [...new Set(CITIES.map(({ city }) => city))].sort().join(', ');
  complain(
    io,
    `--from: "${word}" is no place here${meant === undefined ? '' : `; the nearest is "${meant}"`}. A city (${cities}), an address of a resolver, or a client of the scenario is.`,
  );
  return undefined;
}

/** The server that "@ns-2048" means: by its id, its name or its address; complains and gives nothing when none is meant. */
export function serverFrom(io: Io, text: string, layers: readonly World[]): string | undefined {
  const hosts = new Map(Object.entries(Object.assign({}, HOSTS, ...layers.map((world) => world.hosts ?? {})) as typeof HOSTS));
  const vpcs = layers.flatMap((world) => Object.keys(world.vpcs ?? {}));
  const word = bareName(text);
  const answers = [...hosts].filter(([, { role }]) => role === 'resolver' || role === 'authoritative');
  const found =
    [...hosts.keys(), ...vpcs].find((id) => id === word) ??
    answers.find(([, { title = '', addresses = [] }]) => {
      const name = title.toLowerCase();
      return name === word || word.startsWith(`${name}.awsdns-`) || [addresses].flat().includes(word);
    })?.[0];
  if (found !== undefined) return found;
  const ids = [...answers.map(([id]) => id), ...vpcs];
  const meant = nearest(word, ids);
  const known = `its servers are ${ids.join(', ')}; their names and addresses are taken, too`;
  complain(io, `"@${text}" is no server of this world; ${meant === undefined ? known : `the nearest is "@${meant}"`}`);
  return undefined;
}

/** City names are found without their accents too: "Sao Paulo". */
const plain = (word: string): string => {
  const bare = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return CITIES.find(({ city }) => bare(city) === bare(word))?.city ?? word;
};

function client(title: string, at: string, resolverAt: string, second?: string): Pick<Place, 'by' | 'layer'> {
  const hosts: Record<string, HostLine> = {
    'dig-client': { role: 'program', title: `Somebody in ${title}`, addresses: at, resolvers: 'dig-resolver' },
    'dig-resolver': {
      role: 'resolver',
      title: second === undefined && !/^[\d.:]+$/.test(title) ? `Resolver in ${title}` : 'Resolver',
      addresses: second === undefined ? resolverAt : [resolverAt, second],
      edns: 1232,
    },
  };
  return { by: 'dig-client', layer: { hosts } };
}

/**
 * The same place, whose resolver sends this network along as the client's (RFC 7871). Complains and gives nothing when the
 * text is no IPv4 network; "0" sends none.
 */
export function withSubnet(io: Io, place: Place, text: string): Place | undefined {
  if (text === '0' || text === '0.0.0.0/0') return place;
  const address = parseAddress(text);
  const network = parseCidr(address !== undefined && !isIPv6(address) ? `${text}/24` : text);
  if (network === undefined || isIPv6(cidrBase(network)) || cidrPrefix(network) > 32) {
    complain(io, `+subnet: found "${text}", expected an IPv4 network such as 198.18.2.0/24 (or 0 for none)`);
    return undefined;
  }
  const own = place.layer.hosts?.['dig-resolver'];
  const at = cidrBase(network).replace(/\.0$/, '.77');
  const settings = { clientSubnet: { zones: ['root'], bits: cidrPrefix(network) } };
  const base = own ? place : { title: place.title, ...client('Lyon', at, '198.18.0.253') };
  const hosts = base.layer.hosts ?? {};
  return {
    title: `${place === HERE ? '' : `${place.title}, `}for the network ${network}`,
    by: 'dig-client',
    layer: {
      hosts: {
        'dig-client': { ...hosts['dig-client'], title: `Somebody in ${network}`, addresses: at },
        'dig-resolver': { ...hosts['dig-resolver'], settings },
      },
    },
  };
}
