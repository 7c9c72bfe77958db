/**
 * Zones that somebody brings, as a layer of a world: served on the four documentation servers, delegated from above, with
 * stand-ins for whatever the files only name. What stands in is told.
 */
import { parseAddress } from '../../base/address.ts';
import { isSubdomain, type Name } from '../../dns/name.ts';
import { serviceOf, standInResource } from '../../route53/aliases.ts';
import { DOCUMENTATION_SET, PRIVATE_SET } from '../../route53/delegation.ts';
import type { Bundle } from '../../route53/formats/bundle.ts';
import type { JsonObject } from '../../route53/formats/json.ts';
import { writeRecordSet } from '../../route53/formats/recordSet.ts';
import { writePolicyDocument } from '../../route53/formats/trafficPolicy.ts';
import { type HostedZone, isPrivate } from '../../route53/hostedZone.ts';
import { serviceName } from '../../route53/names.ts';
import type { RecordSet } from '../../route53/records.ts';
import { pointsIntoZone } from '../../route53/rules.ts';
import { listedSets } from '../../route53/table.ts';
import { HOSTS } from '../internet.ts';
import { zoneWord } from '../references.ts';
import type { World } from '../schema.ts';
import { delegationsAbove } from '../zoneFile.ts';

export interface BroughtWorld {
  readonly world: World;
  /** What is assumed, in sentences without their full stops. */
  readonly notes: readonly string[];
}

/** The VPC in which private zones are asked, and the computer in it. */
export const BROUGHT_VPC = 'vpc';
export const VPC_CLIENT = 'instance';

/** A world with everything of a bundle in it. `origin` is where a policy is used that no record names. */
export function worldWithBundle(bundle: Bundle, origin?: Name): BroughtWorld {
  const notes: string[] = [];
  const { zones: given, policies } = bundle;
  const [policy] = policies.length === 1 ? policies : [];
  const zones = given.map((zone) => ({ zone, sets: setsToServe(zone, policy !== undefined) }));
  const publics = zones.filter(({ zone }) => !isPrivate(zone)).map(({ zone }) => zone);
  const sets = zones.flatMap((one) => one.sets);
  const used = policy ? policyNames(given, policy.recordType, origin) : [];
  if (used.length > 0) notes.push(`The traffic policy answers for ${used.join(' and ')}, with a TTL of 60 s`);
  else if (policies.length > 0)
    notes.push(
      policies.length > 1
        ? `${policies.length} traffic policies are given, and no record says which is meant: none is used`
        : 'No record uses the traffic policy; the zone’s name (--origin) says where it is to answer',
    );
  for (const { zone } of zones) notes.push(...serversNote(zone), ...cnameNotes(zone, given));
  const lonely = policy && origin !== undefined && !publics.some((zone) => isSubdomain(origin, zone.name)) ? [origin] : [];
  const world: World = {
    hostedZones: {
      ...Object.fromEntries(
        zones.map(({ zone, sets: own }) => [
          isPrivate(zone) && publics.some(({ name }) => name === zone.name) ? zone.id : zoneWord(zone.name),
          {
            name: zone.name.slice(0, -1),
            id: zone.id,
            replace: true,
            ...(isPrivate(zone) ? { vpcs: BROUGHT_VPC } : {}),
            records: own.map((set): JsonObject => writeRecordSet(set)),
          },
        ]),
      ),
      ...Object.fromEntries(lonely.map((name) => [zoneWord(name), { replace: true }])),
    },
    zones: delegationsAbove([...publics.map(({ name }) => name), ...lonely]),
    ...(zones.some(({ zone }) => isPrivate(zone)) ? vpcOf() : {}),
    ...checksOf(bundle, sets),
    ...collectionsOf(sets),
    ...targetsOf(zones),
    ...(policy
      ? { trafficPolicies: { policy: { document: writePolicyDocument(policy), records: used.map((name) => ({ name })) } } }
      : {}),
  };
  return { world, notes };
}

/** This Internet has four servers for the zone: they stand in its NS record, whatever servers the file names. */
const setsToServe = (zone: HostedZone, hasPolicy: boolean): readonly RecordSet[] =>
  listedSets(zone.records).filter(
    (set) =>
      !(set.name === zone.name && set.type === 'NS') &&
      !zone.document?.assumed.has(set) &&
      !(hasPolicy && set.content.kind === 'policy-record'),
  );

function serversNote(zone: HostedZone): string[] {
  if (isPrivate(zone)) return [`${serviceName(zone.name)} is private: only the Resolver of a VPC answers from it`];
  const { nameServers } = zone.scope.kind === 'public' ? zone.scope.delegationSet : PRIVATE_SET;
  return nameServers.some((server) => !DOCUMENTATION_SET.nameServers.includes(server))
    ? [`In this Internet ${serviceName(zone.name)} is served by ns-2048 to ns-2051, and its NS record says so`]
    : [];
}

/** CNAME records that lead to where this small Internet has nothing. */
function cnameNotes(zone: HostedZone, zones: readonly HostedZone[]): string[] {
  const away = listedSets(zone.records).flatMap(({ type, name, content }) => {
    if (type !== 'CNAME' || content.kind !== 'values') return [];
    const data = content.values[0]?.data;
    const target = data && 'target' in data ? (data.target as Name) : undefined;
    return target !== undefined && !zones.some((one) => isSubdomain(target, one.name)) && !isBuiltIn(target)
      ? [{ name, target }]
      : [];
  });
  const [first, ...more] = away;
  if (!first) return [];
  const others = more.length === 0 ? '' : `, and ${more.length} more like it`;
  return [
    `${serviceName(first.name)} leads to ${serviceName(first.target)}, which is not in this small Internet (NXDOMAIN there)${others}`,
  ];
}

const isBuiltIn = (name: Name): boolean => ['example.com.', 'example.net.'].some((zone) => isSubdomain(name, zone as Name));

/** The names that use a policy: those whose records do, else the origin and its www. */
function policyNames(zones: readonly HostedZone[], type: string, origin: Name | undefined): string[] {
  const named = zones.flatMap((zone) =>
    listedSets(zone.records).flatMap((set) =>
      set.content.kind === 'policy-record' && set.type === type ? [serviceName(set.name).slice(0, -1)] : [],
    ),
  );
  if (named.length > 0) return [...new Set(named)];
  const bare = origin?.slice(0, -1);
  if (bare === undefined) return [];
  const isTaken = (name: string): boolean =>
    zones.some((zone) =>
      zone.records.groups.get(`${name}.` as Name)?.some((group) => group.type === type || group.type === 'CNAME'),
    );
  return [bare, `www.${bare}`].filter((name) => !isTaken(name));
}

const vpcOf = (): Pick<World, 'vpcs' | 'hosts'> => ({
  vpcs: { [BROUGHT_VPC]: { cidr: '10.0.0.0/16', region: 'us-east-1' } },
  hosts: {
    [VPC_CLIENT]: { role: 'program', title: 'Instance in the VPC', addresses: '10.0.0.44', resolvers: BROUGHT_VPC },
  },
});

/** Health checks as the files have them, else as they are assumed to be: known to be healthy. Nothing is probed. */
function checksOf({ healthChecks }: Bundle, sets: readonly RecordSet[]): Pick<World, 'healthChecks'> {
  const ids = new Set(sets.flatMap(({ healthCheckId }) => healthCheckId ?? []));
  const checks = new Map<string, NonNullable<World['healthChecks']>[string]>();
  for (const { id, configJson, config } of healthChecks)
    checks.set(id, { config: configJson, ...(config.kind === 'endpoint' ? { known: 'healthy' as const } : {}) });
  for (const id of ids) if (!checks.has(id)) checks.set(id, ASSUMED_CHECK);
  for (const { config } of healthChecks)
    if (config.kind === 'calculated')
      for (const child of config.children) if (!checks.has(child)) checks.set(child, ASSUMED_CHECK);
  return checks.size > 0 ? { healthChecks: Object.fromEntries(checks) } : {};
}

const ASSUMED_CHECK = { config: { Type: 'TCP', IPAddress: '192.0.2.1', Port: 80 }, known: 'healthy' as const };

/** Collections of which only the names are known: their locations hold blocks in which nobody is, so that `*` answers. */
function collectionsOf(sets: readonly RecordSet[]): Pick<World, 'cidrCollections'> {
  const collections = new Map<string, Record<string, string[]>>();
  let nobody = 0;
  for (const { routing } of sets) {
    if (routing.policy !== 'ip-based') continue;
    const { collectionId, locationName } = routing.cidrRoutingConfig;
    const locations = collections.get(collectionId) ?? {};
    if (locationName !== '*') locations[locationName] ??= [`240.0.${nobody++ % 256}.0/24`];
    collections.set(collectionId, locations);
  }
  return collections.size > 0 ? { cidrCollections: Object.fromEntries(collections) } : {};
}

/** More stand-ins than these would be a crowd on the map. */
const MOST_TARGETS = 24;
const MOST_ADDRESSES = 200;

/** What alias records point at, and one web server for every address that the records name. */
function targetsOf(zones: readonly { readonly zone: HostedZone; readonly sets: readonly RecordSet[] }[]): World {
  const taken = new Set<string>(Object.values(HOSTS).flatMap(({ addresses }) => addresses));
  const own = new Set<string>();
  for (const { sets } of zones)
    for (const { type, content } of sets)
      if ((type === 'A' || type === 'AAAA') && content.kind === 'values')
        for (const { text } of content.values) {
          const at = parseAddress(text);
          if (at !== undefined && !taken.has(at) && !isReserved(at) && own.size < MOST_ADDRESSES) own.add(at);
        }
  for (const at of own) taken.add(at);
  const resources: NonNullable<World['resources']> = {};
  const known = new Set<string>();
  for (const { zone, sets } of zones)
    for (const { content } of sets) {
      if (content.kind !== 'alias' || pointsIntoZone(content.target, zone)) continue;
      const dnsName = content.target.dnsName.replace(/^dualstack\./, '');
      if (known.has(dnsName) || known.size >= MOST_TARGETS) continue;
      known.add(dnsName);
      const service = (serviceOf(content.target) ?? 'load balancer').toLowerCase().replaceAll(' ', '-');
      const { ipv4, ipv6 } = standInResource(content.target);
      const addresses = [...ipv4, ...ipv6].map((at) => free(at, taken));
      resources[`${service}-${known.size}`] = { DNSName: dnsName.slice(0, -1), addresses };
    }
  return {
    ...(own.size > 0
      ? {
          hosts: {
            'their-servers': {
              role: 'web',
              title: 'Servers of the zone',
              addresses: [...own],
              page: { title: 'A server of the zone', body: 'Stands in for all the servers that the zone names.' },
            },
          },
        }
      : {}),
    ...(known.size > 0 ? { resources } : {}),
  };
}

/** Addresses that this world gives to computers of its own. */
const isReserved = (at: string): boolean => /^(198\.1[89]\.|10\.0\.0\.|127\.|0\.|169\.254\.|::1$)/.test(at);

/** The address, or the next one of its last place that nobody has. */
function free(at: string, taken: Set<string>): string {
  let next = at;
  for (let n = 1; taken.has(next) && n < 254; n++)
    next = at.includes(':')
      ? `${at.slice(0, at.lastIndexOf(':'))}:${(n + 1000).toString(16)}`
      : `${at.slice(0, at.lastIndexOf('.'))}.${n}`;
  taken.add(next);
  return next;
}
