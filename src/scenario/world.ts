/** A scenario's world brought to life: hosts with their machines and memories, the network's ways, the zones and who has them. */
import { attacker } from '../actors/attacker.ts';
import { clientHost } from '../actors/clients/client.ts';
import type { Framing } from '../actors/effects.ts';
import type { HostDefinition } from '../actors/host.ts';
import { resolverHost } from '../actors/resolver/host.ts';
import { primedSets } from '../actors/resolver/memory.ts';
import { type AuthoritativeView, authoritative } from '../actors/servers/authoritative.ts';
import { type MailServerInput, mailserver } from '../actors/servers/mailserver.ts';
import { mailsession } from '../actors/servers/mailsession.ts';
import { type Site, webserver } from '../actors/servers/webserver.ts';
import { type Address, address } from '../base/address.ts';
import { type Duration, milliseconds } from '../base/time.ts';
import { labelCount, type Name, sameName } from '../dns/name.ts';
import { dataOf } from '../dns/record.ts';
import { type ConfiguredServer, DEFAULT_SETTINGS, type ResolverSettings } from '../dns/resolve/settings.ts';
import type { Responder } from '../dns/responder.ts';
import { zoneResponder, zoneSet } from '../dns/zone/respond.ts';
import { makeZone, rrsetAt, type Zone } from '../dns/zone/zone.ts';
import { jitter, latency, loss, type Matching, type Rule, type Way } from '../sim/rules.ts';
import { memoised } from '../trace/memo.ts';
import type { CacheEntry, HostId, Role, ZoneChange } from '../trace/trace.ts';
import { HOSTS, LINKS } from './internet.ts';
import { oncePerLayers } from './layers.ts';
import { zoneWord } from './references.ts';
import { type AttachedRoute53, attachRoute53 } from './route53/attach.ts';
import { promotedLayer } from './route53/promoted.ts';
import { targetLayer } from './route53/targets.ts';
import { officeHost, vpcLayer } from './route53/vpc.ts';
import type { HostLine, Line, LinkLine, World } from './schema.ts';
import { changedSettings, type Surroundings } from './settings.ts';
import { signedResponder } from './signing.ts';
import { durationOf } from './words.ts';
import { beginsEmpty, edited, originOf, recordsOf, type ServedZone, type ZoneEdit, zoneNamed, zonesOf } from './zones.ts';

export interface LivingWorld {
  readonly hosts: readonly HostDefinition[];
  readonly rules: readonly { readonly name: string; readonly rule: Rule }[];
  readonly zones: readonly Omit<ZoneChange, 'at'>[];
  /** What caches are born with. */
  readonly kept: readonly CacheEntry[];
  /** Hosts that are not up when the run begins. */
  readonly down: readonly { readonly host: HostId; readonly how: 'down' | 'refusing' }[];
  /** Changes a zone on all its servers; gives what the trace is told. Undefined when there is no such zone. */
  edit(zone: string, edit: ZoneEdit): Omit<ZoneChange, 'at'> | undefined;
  /** The hosts that a word means: one by its id, or all servers of a zone ("root", "example.com"). */
  hostsMeant(word: string): readonly HostId[];
  addressesOf(host: HostId): readonly Address[];
  roleOf(host: HostId): Role | undefined;
  /** Absent when the world says nothing of Route 53. */
  readonly route53?: AttachedRoute53;
  /** Has a resolver begin with other settings the next time that it starts. */
  configure(host: HostId, settings: NonNullable<HostLine['settings']>): void;
}

type AnyStateMachine = HostDefinition['machines'][number];

/** A host as a world describes it, with nothing left out that its role needs. */
interface Described extends HostLine {
  readonly id: HostId;
  readonly role: NonNullable<HostLine['role']>;
  readonly all: readonly Address[];
  readonly at: string;
}

const DEFAULT_DELAY = milliseconds(20);

/**
 * Builds a world from the layers of its description, each changing the one before; what was loaded without mistakes always
 * can be. `lines` are those of the scenario.
 */
export function buildWorld(given: readonly World[], lines: readonly Line[] = []): LivingWorld {
  const made = [targetLayer(given, lines), promotedLayer(given, lines), vpcLayer(given)].flatMap((layer) => layer ?? []);
  const layers = made.length > 0 ? [...given.slice(0, 1), ...made, ...given.slice(1)] : given;
  const { described, byId, plain, origins, rules } = groundOf(layers);
  const route53 = attachRoute53(layers, {
    plainRecords: (word) => recordsOf(zoneNamed(plain, originOf(word))?.zone ?? makeZone(originOf(word), [])),
    resolvers: described.find(({ role }) => role === 'resolver')?.all ?? [],
    lines,
    plain: {
      edit,
      setAt(zone, owner, type) {
        const found = zoneNamed(served, originOf(zone))?.zone;
        return found && rrsetAt(found, originOf(owner), type);
      },
      origins: (host) => served.flatMap(({ servers, zone }) => (servers.includes(host) ? [zone.origin] : [])),
    },
  });
  const served = plain.flatMap((one) => {
    const servers = one.servers.filter((host) => !route53?.zonesOn(host).some((name) => sameName(name, one.zone.origin)));
    return servers.length > 0 || one.servers.length === 0 ? [{ ...one, servers }] : [];
  });
  const hints = hintsIn(zoneNamed(served, originOf('root'))?.zone);

  const heldBy = (host: HostId): ServedZone[] => served.filter(({ servers }) => servers.includes(host));
  const zonesOn = (host: HostId): Zone[] => heldBy(host).map(({ zone }) => zone);
  const around: Surroundings = { zones: served, addressesOf: (id) => byId.get(id)?.all ?? [] };
  /** Made when first asked, and anew after an edit. */
  const responders = new Map<HostId, AuthoritativeView['responder']>();
  const responderOf = (host: Described): AuthoritativeView['responder'] => {
    const known = responders.get(host.id);
    if (known) return known;
    const zones = zonesOn(host.id);
    const own = signedResponder(heldBy(host.id), (signed) => responderFor(host, signed));
    const made = route53 ? route53.responder(host.id, own, zoneSet(zones)) : own;
    responders.set(host.id, made);
    return made;
  };
  const addressesFor = (words: HostLine['resolvers']): Address[] =>
    [words ?? []].flat().flatMap((id) => route53?.clientAddress(id) ?? byId.get(id)?.all.slice() ?? []);

  const definitionOf = (host: Described): HostDefinition => {
    const { id, role, title = id, all: addresses, at: place } = host;
    const thinking = host.thinking === undefined ? {} : { thinking: durationOf(host.thinking) };
    const common = { id, title, addresses, place, ...thinking };
    switch (role) {
      case 'browser':
      case 'program':
        return clientHost({
          ...common,
          resolvers: addressesFor(host.resolvers),
          hasBrowser: role === 'browser',
          ...(host.edns === undefined ? {} : { edns: host.edns }),
        }) as HostDefinition;
      case 'resolver': {
        const options = {
          ...common,
          settings: settingsFor(host, hints, around),
          primed: hints.length > 0,
        };
        const house = route53?.vpcHost(options) ?? (zonesOn(id).length > 0 ? officeHost(options, () => zonesOn(id)) : undefined);
        return house ?? (resolverHost(options) as HostDefinition);
      }
      case 'authoritative': {
        const view: AuthoritativeView = {
          get responder() {
            return responderOf(host);
          },
        };
        const zones = route53
          ? inOrder([...zonesOn(id).map(({ origin }) => origin), ...route53.zonesOn(id)])
          : (origins.get(id) ?? []);
        return { ...serverHost(common, host, authoritative, 'dns', 53), receiver: id, zones, memory: { view } };
      }
      case 'web': {
        const { title: page = title, body = `This page came from ${addresses[0]}.`, movedTo } = host.page ?? {};
        const site: Site = { title: page, body, paths: ['/'], ...(movedTo === undefined ? {} : { movedTo }) };
        const sites = new Map([['*', site]]);
        const web = serverHost(common, host, webserver, 'http', 80);
        // There is no TLS here: whoever connects to port 443 (an HTTPS health check) is served in plain text.
        const listening = [80, 443].map((port) => ({ port, framing: 'http' as const, instance: id }));
        return { ...web, listening, memory: { view: { sites } } };
      }
      case 'attacker':
        return {
          thinking: milliseconds(0),
          ...common,
          role,
          machines: [attacker],
          instances: [{ path: id, machine: attacker.id, title, input: {} }],
        };
      case 'mail':
        return {
          ...serverHost(common, host, mailserver, 'smtp', 25),
          machines: [mailserver, mailsession],
          instances: [{ path: id, machine: mailserver.id, title, input: { path: id, name: title } satisfies MailServerInput }],
        };
    }
  };

  const hosts = [...described.map(definitionOf), ...(route53?.hosts ?? [])];
  const changeOf = ({ zone, servers }: ServedZone): Omit<ZoneChange, 'at'> => ({
    zone: zone.origin,
    servers,
    records: recordsOf(zone),
  });
  function edit(zone: string, change: ZoneEdit): Omit<ZoneChange, 'at'> | undefined {
    const old = zoneNamed(served, originOf(zone));
    if (!old) return undefined;
    const next = { ...old, zone: edited(old.zone, change) };
    served[served.indexOf(old)] = next;
    for (const id of old.servers) responders.delete(id);
    return changeOf(next);
  }
  return {
    hosts,
    rules,
    zones: [...served.map(changeOf), ...(route53?.zoneChanges ?? [])],
    kept: described.flatMap((host) => (host.role === 'resolver' && hints.length > 0 ? primedSets(host.id, hints) : [])),
    down: described.flatMap(({ id, state }) => (state === undefined || state === 'up' ? [] : [{ host: id, how: state }])),
    edit,
    hostsMeant: (word) =>
      byId.has(word) || route53?.hosts.some((host) => host.id === word)
        ? [word]
        : ([...served, ...(route53?.zoneChanges ?? []).map(({ zone, servers }) => ({ zone: { origin: zone }, servers }))].find(
            ({ zone }) => zoneWord(zone.origin) === zoneWord(word),
          )?.servers ?? []),
    addressesOf: (id) => byId.get(id)?.all ?? route53?.hosts.find((host) => host.id === id)?.addresses ?? [],
    roleOf: (id) => byId.get(id)?.role,
    ...(route53 ? { route53 } : {}),
    configure(id, settings) {
      for (const { input } of hosts.find((host) => host.id === id)?.instances ?? [])
        if ('settings' in input)
          Object.assign(input, { settings: { ...(input.settings as ResolverSettings), ...changedSettings(settings, around) } });
    },
  };
}

/** What worlds of the same layers have in common, however often they are built. */
interface Ground {
  readonly described: readonly Described[];
  readonly byId: ReadonlyMap<HostId, Described>;
  readonly plain: readonly ServedZone[];
  /** The plain zones of each server, by their origins. */
  readonly origins: ReadonlyMap<HostId, readonly Name[]>;
  readonly rules: LivingWorld['rules'];
}

const groundOf = oncePerLayers((layers): Ground => {
  const described = describedHosts(layers);
  const plain = zonesOf(layers);
  const origins = new Map<HostId, Name[]>();
  for (const { zone, servers } of plain)
    for (const host of servers) origins.set(host, inOrder([...(origins.get(host) ?? []), zone.origin]));
  return {
    described,
    byId: new Map(described.map((host) => [host.id, host])),
    plain,
    origins,
    rules: rulesFor([...(beginsEmpty(layers) ? [] : LINKS), ...layers.flatMap(({ links }) => links ?? [])], described),
  };
});

/** The highest zone first. */
const inOrder = (zones: Name[]): Name[] => zones.sort((a, b) => labelCount(a) - labelCount(b));

/** A host of one machine that listens on one port. */
function serverHost(
  common: Pick<HostDefinition, 'id' | 'title' | 'addresses' | 'place'> & { readonly thinking?: Duration },
  { role }: Described,
  machine: AnyStateMachine,
  framing: Framing,
  port: number,
): HostDefinition {
  const { id, title } = common;
  return {
    thinking: milliseconds(1),
    ...common,
    role,
    machines: [machine],
    instances: [{ path: id, machine: machine.id, title, input: {} }],
    listening: [{ port, framing, instance: id }],
  };
}

/** The built-in hosts with the author's changes, then the author's own. */
function describedHosts(layers: readonly World[]): Described[] {
  const all: readonly Readonly<Record<string, HostLine>>[] = [
    beginsEmpty(layers) ? {} : HOSTS,
    ...layers.map(({ hosts }) => hosts ?? {}),
  ];
  const ids = [...new Set(all.flatMap((hosts) => Object.keys(hosts)))];
  return ids.flatMap((id) => {
    const line: HostLine = Object.assign({}, ...all.map((hosts) => hosts[id]));
    const { role, addresses } = line;
    if (role === undefined || addresses === undefined) return [];
    const own = [addresses].flat().map((text) => address(text));
    return [{ ...line, id, role, all: own, at: line.place ?? PLACES[role] }];
  });
}

/** Where hosts of a role stand unless told. */
const PLACES: Readonly<Record<NonNullable<HostLine['role']>, string>> = {
  browser: 'home',
  program: 'home',
  resolver: 'provider',
  authoritative: 'dns',
  web: 'hosting',
  mail: 'hosting',
  attacker: 'elsewhere',
};

const NO_HINTS: readonly ConfiguredServer[] = [];
const hintsIn = (root: Zone | undefined): readonly ConfiguredServer[] => (root ? rootHints(root) : NO_HINTS);

/** The root servers by the root zone itself, as a resolver's built-in list has them. */
const rootHints = memoised((root: Zone): readonly ConfiguredServer[] => {
  const servers = rrsetAt(root, root.origin, 'NS');
  if (!servers) return NO_HINTS;
  return servers.records.flatMap((record) => {
    const server = dataOf(record, 'NS')?.nameServer;
    return server === undefined ? [] : [{ name: server, addresses: addressesIn(root, server) }];
  });
});

const addressesIn = (zone: Zone, owner: Name): Address[] =>
  (['A', 'AAAA'] as const).flatMap((type) =>
    (rrsetAt(zone, owner, type)?.records ?? []).flatMap((r) => dataOf(r, type)?.address ?? []),
  );

const settingsFor = (
  { edns, settings = {} }: Described,
  rootHints: readonly ConfiguredServer[],
  around: Surroundings,
): ResolverSettings => ({
  ...DEFAULT_SETTINGS,
  rootHints,
  ...(edns === undefined ? {} : { ednsSize: edns }),
  ...changedSettings(settings, around),
});

/** Route 53's servers name the zone's servers in every answer, take 4096 octets, and never look into another zone for a CNAME. */
function responderFor(host: Described, zones: readonly Zone[]): Responder {
  const ofRoute53 = host.answers === 'route53';
  return zoneResponder(zones, ofRoute53 ? { udpSize: 4096, nameServersInAnswers: true, aliasesWithinZone: true } : {});
}

// --- the network's ways

function rulesFor(links: readonly LinkLine[], hosts: readonly Described[]): LivingWorld['rules'] {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const byAddress = new Map(hosts.flatMap((host) => host.all.map((a) => [a, host] as const)));
  const ends = (word: string): readonly string[] => byId.get(word)?.all ?? [word];
  const ways: Way[] = [];
  const rules: { name: string; rule: Rule }[] = [];
  for (const [i, { between, takes, jitter: most, loss: share }] of links.entries()) {
    const [near = '', far = ''] = between;
    if (takes !== undefined)
      for (const a of ends(near)) for (const b of ends(far)) ways.push({ ends: [a, b], delay: durationOf(takes) });
    const isOn = (word: string, at: Address): boolean => ends(word).includes(at) || byAddress.get(at)?.at === word;
    const matching: Matching = ({ from, to }) =>
      (isOn(near, from.address) && isOn(far, to.address)) || (isOn(far, from.address) && isOn(near, to.address));
    if (most !== undefined) rules.push({ name: `jitter/${i}`, rule: jitter(durationOf(most), matching) });
    if (share !== undefined) rules.push({ name: `loss/${i}`, rule: loss(share, matching) });
  }
  return [{ name: 'latency', rule: latency(ways, (at) => byAddress.get(at)?.at, DEFAULT_DELAY) }, ...rules];
}
