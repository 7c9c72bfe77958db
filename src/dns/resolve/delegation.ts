/**
 * Whom to ask: the deepest zone cut on the way to a name, and the servers of that zone (RFC 1034 §5.3.3 step 2).
 */
import type { Address } from '../../base/address.ts';
import type { Explained } from '../../base/reason.ts';
import { explained, reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import type { Name } from '../name.ts';
import { isSubdomain, key, labelCount, parent, ROOT } from '../name.ts';
import type { ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import type { CachedSet, CacheView } from './cache.ts';
import { freshSet, RANK } from './cache.ts';
import type { SignedSet } from './sets.ts';
import { setKey } from './sets.ts';
import type { ConfiguredServer, ConfiguredZone, ForwardZone, ResolverSettings, StubZone } from './settings.ts';

/** One server of a zone. Without addresses it cannot be asked before one is found. */
export interface NameServer {
  /** The root, when only addresses were configured. */
  readonly name: Name;
  readonly addresses: readonly Address[];
  /** Addresses that a referral named for a server outside its zone, to be used when they cannot be confirmed. */
  readonly unverified?: readonly Address[];
}

/** A zone and the servers to ask for it. */
export interface Delegation {
  readonly zone: Name;
  readonly servers: readonly NameServer[];
  /** How it became known. */
  readonly origin: 'hints' | 'cache' | 'referral' | 'stub' | 'forward';
  /** Whether the list is the parent's, or the zone's own. */
  readonly parentSide: boolean;
  /** The configured zone that it is. */
  readonly stub?: StubZone;
  readonly forward?: ForwardZone;
}

/**
 * The deepest known delegation that covers `name`. A configured zone wins over the cache unless the cache knows a cut below
 * it. Undefined when nothing is known: then the root must be asked for its servers first.
 *
 * For DS, which the parent holds, and whenever `above` is set, the cut at `name` itself does not count (RFC 4035 §3.1.4.1).
 */
export function deepestDelegation(
  view: CacheView,
  name: Name,
  at: Instant,
  settings: ResolverSettings,
  options: { above?: boolean; ignoreConfigured?: boolean } = {},
): Explained<Delegation> | undefined {
  const from = options.above && name !== ROOT ? parent(name) : name;
  const configured = options.ignoreConfigured ? undefined : configuredZone(from, settings);
  if (configured?.origin === 'forward') return explained(configured, FORWARD_REASON(configured.zone));
  const known = deepestCached(view, from, at, settings);
  if (configured && (!known || labelCount(known.zone) <= labelCount(configured.zone)))
    return explained(configured, STUB_REASON(configured.zone));
  if (known) return explained(known, closest(known.zone));
  return undefined;
}

/** The built-in root servers as a delegation. */
export function rootHints(settings: ResolverSettings): Delegation {
  return { zone: ROOT, servers: settings.rootHints.map(serverOf), origin: 'hints', parentSide: false };
}

/** The delegation that a referral makes, with the addresses it brought along and those that the cache has. */
export function fromReferral(
  servers: SignedSet,
  glue: readonly SignedSet[],
  view: CacheView,
  at: Instant,
  settings: ResolverSettings,
): Delegation {
  return {
    zone: servers.name,
    servers: verified(servers.name, serversOf(servers.records, view, at, settings, glue), view, at, settings),
    origin: 'referral',
    parentSide: true,
  };
}

/** With `hardenUnverifiedGlue`, the address of a server outside the zone counts only when an answer for its name said it. */
function verified(
  zone: Name,
  servers: readonly NameServer[],
  view: CacheView,
  at: Instant,
  settings: ResolverSettings,
): readonly NameServer[] {
  if (!settings.hardenUnverifiedGlue) return servers;
  return servers.map((server) => {
    if (isSubdomain(server.name, zone) || server.addresses.length === 0) return server;
    const addresses = confirmedAddresses(view, server.name, at, settings);
    return { name: server.name, addresses, unverified: server.addresses };
  });
}

/** The addresses that an answer for a server's own name has told. */
export const confirmedAddresses = (view: CacheView, server: Name, at: Instant, settings: ResolverSettings): Address[] =>
  addressTypes(settings).flatMap((type) => {
    const set = freshSet(view, setKey(server, type), at);
    return set && set.rank >= RANK.answer ? addressesOf(set.records) : [];
  });

/** The parent's own list of a zone's servers, when the zone's list has taken its place; undefined when it has run out. */
export function parentSideOf(view: CacheView, zone: Name, at: Instant, settings: ResolverSettings): Delegation | undefined {
  const found = view.set(setKey(zone, 'NS'));
  const servers = found && (found.parental ? found : found.parentSide);
  if (!servers || at >= servers.expiresAt) return undefined;
  const addresses = (server: Name): Address[] => {
    const out: Address[] = [];
    for (const type of addressTypes(settings)) {
      const set = view.set(setKey(server, type));
      if (!set) continue;
      if (set.parentSide && at < set.parentSide.expiresAt) out.push(...addressesOf(set.parentSide.records));
      if (at < set.expiresAt) out.push(...addressesOf(set.records));
    }
    return [...new Set(out)];
  };
  const list = serverNames(servers.records).map((name) => ({ name, addresses: addresses(name) }));
  return { zone, servers: list, origin: 'cache', parentSide: true };
}

/** The addresses that the cache has for a server's name, those from the parent included (RFC 1034 §5.3.3 step 2). */
export function knownAddresses(view: CacheView, server: Name, at: Instant, settings: ResolverSettings): Address[] {
  const out: Address[] = [];
  for (const type of addressTypes(settings)) {
    const set = view.set(setKey(server, type));
    const good = set && at < set.expiresAt ? set : set?.parentSide && at < set.parentSide.expiresAt ? set.parentSide : undefined;
    if (good) out.push(...addressesOf(good.records));
  }
  return out;
}

export function addressesOf(records: readonly ResourceRecord[]): Address[] {
  const out: Address[] = [];
  for (const r of records) {
    const found = (dataOf(r, 'A') ?? dataOf(r, 'AAAA'))?.address;
    if (found !== undefined) out.push(found);
  }
  return out;
}

export const addressTypes = (settings: ResolverSettings): readonly ('A' | 'AAAA')[] =>
  settings.useIPv4 ? (settings.useIPv6 ? BOTH : V4) : settings.useIPv6 ? V6 : NEITHER;

const BOTH = ['A', 'AAAA'] as const;
const V4 = ['A'] as const;
const V6 = ['AAAA'] as const;
const NEITHER = [] as const;

/** The most specific configured zone that covers a name. Forward and stub zones compete on equal terms. */
export function configuredZone(name: Name, settings: ResolverSettings): Delegation | undefined {
  if (settings.stubZones.length + settings.forwardZones.length === 0) return undefined;
  let best: Delegation | undefined;
  for (const forward of settings.forwardZones)
    if (covers(forward, name, best)) best = { ...configuredDelegation(forward), origin: 'forward', forward };
  for (const stub of settings.stubZones)
    if (covers(stub, name, best)) best = { ...configuredDelegation(stub), origin: 'stub', stub };
  return best;
}

const covers = (zone: ConfiguredZone, name: Name, best: Delegation | undefined): boolean =>
  isSubdomain(name, zone.zone) && (best === undefined || labelCount(zone.zone) > labelCount(best.zone));

const configuredDelegation = (zone: ConfiguredZone): Delegation => ({
  zone: zone.zone,
  servers: zone.servers.map(serverOf),
  origin: 'stub',
  parentSide: false,
});

const serverOf = (server: ConfiguredServer): NameServer => ({ name: server.name ?? ROOT, addresses: server.addresses });

/** The deepest cut in the cache whose every known ancestor is still good: below a cut that has run out nothing counts. */
function deepestCached(view: CacheView, name: Name, at: Instant, settings: ResolverSettings): Delegation | undefined {
  let best: { zone: Name; servers: CachedSet } | undefined;
  for (let zone = name; ; zone = parent(zone)) {
    const set = view.set(setKey(zone, 'NS'));
    if (set) {
      const good = at < set.expiresAt ? set : set.parentSide && at < set.parentSide.expiresAt ? set.parentSide : undefined;
      if (!good) best = undefined;
      else if (!best) {
        const servers = serversOf(good.records, view, at, settings, []);
        if (!isUseless(zone, servers)) best = { zone: good.name, servers: good };
      }
    }
    if (zone === ROOT) break;
  }
  if (!best) return undefined;
  const servers = serversOf(best.servers.records, view, at, settings, []);
  return { zone: best.zone, servers, origin: 'cache', parentSide: best.servers.parental };
}

/** Without any address, and with all names inside the very zone, there is no way in: one must begin further up. */
const isUseless = (zone: Name, servers: readonly NameServer[]): boolean =>
  servers.every((server) => server.addresses.length === 0 && isSubdomain(server.name, zone));

function serversOf(
  records: readonly ResourceRecord[],
  view: CacheView,
  at: Instant,
  settings: ResolverSettings,
  glue: readonly SignedSet[],
): NameServer[] {
  const brought = new Map<string, Address[]>();
  for (const set of glue) {
    if (set.type === 'A' ? !settings.useIPv4 : !settings.useIPv6) continue;
    const owner = key(set.name);
    const list = brought.get(owner);
    const found = addressesOf(set.records);
    if (list) list.push(...found);
    else brought.set(owner, found);
  }
  return serverNames(records).map((name) => ({
    name,
    addresses: brought.get(key(name)) ?? knownAddresses(view, name, at, settings),
  }));
}

function serverNames(records: readonly ResourceRecord[]): Name[] {
  const out: Name[] = [];
  for (const r of records) {
    const data = dataOf(r, 'NS');
    if (data) out.push(data.nameServer);
  }
  return out;
}

/** The NS set itself when the cache has it, for responses to queries with RD 0. */
export function cachedCut(view: CacheView, name: Name, at: Instant): CachedSet | undefined {
  for (let zone = name; ; zone = parent(zone)) {
    const set = freshSet(view, setKey(zone, 'NS'), at);
    if (set) return set;
    if (zone === ROOT) return undefined;
  }
}

const closest = (zone: Name) =>
  reason('closest-delegation', `The deepest zone on the way whose servers are known is ${zone}`, 'RFC 1034 §5.3.3 step 2');
const FORWARD_REASON = (zone: Name) => reason('forward-zone', `All below ${zone} is handed to another resolver.`);
const STUB_REASON = (zone: Name) => reason('stub-zone', `The servers of ${zone} are configured here.`);
