/** What a scenario's account holds at the start, read from the layers of its world, with every fault that the service would find. */
import { address, parseCidr } from '../../base/address.ts';
import { key as keyOf, type Name, name as nameOf, parseName } from '../../dns/name.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import { type Account, EMPTY_ACCOUNT } from '../../route53/account.ts';
import { type AliasResource, serviceOf } from '../../route53/aliases.ts';
import { type Fault, within } from '../../route53/faults.ts';
import { newFindings } from '../../route53/formats/fields.ts';
import { readHealthCheckConfig } from '../../route53/formats/healthCheck.ts';
import type { JsonPath } from '../../route53/formats/json.ts';
import { readPolicyDocument } from '../../route53/formats/trafficPolicy.ts';
import type { HealthCheckConfig } from '../../route53/health/healthCheck.ts';
import { createPolicyRecord } from '../../route53/holdings.ts';
import type { HostedZone } from '../../route53/hostedZone.ts';
import type { RegionName } from '../../route53/places/regions.ts';
import type { ResolverRule, Vpc } from '../../route53/private.ts';
import { changeCidrCollection, newCidrCollection } from '../../route53/routing/cidr.ts';
import { newSigning } from '../../route53/signing.ts';
import { newTrafficPolicy } from '../../route53/trafficPolicy.ts';
import type { HostId } from '../../trace/trace.ts';
import type { World } from '../schema.ts';
import { seedOf } from '../signing.ts';
import { type HostedZoneLine, readHostedZone } from './zone.ts';

/** The name servers of a public zone unless the author names others. */
export const ZONE_SERVERS: readonly HostId[] = ['ns-2048', 'ns-2049', 'ns-2050', 'ns-2051'];

/** A hosted zone by the word that scenarios use for it. */
export interface HeldZone {
  readonly key: string;
  readonly id: string;
  /** Empty for a private zone. */
  readonly servers: readonly HostId[];
}

export interface Holdings {
  readonly account: Account;
  readonly zones: readonly HeldZone[];
  readonly resources: ReadonlyMap<string, AliasResource>;
  readonly vpcs: ReadonlyMap<string, Vpc & { readonly line: VpcLine }>;
  readonly faults: readonly Fault[];
}

export type VpcLine = NonNullable<World['vpcs']>[string];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** All mappings of one name, entry by entry; a later layer's entry is laid over an earlier one's, field by field. */
export function entriesOf<K extends keyof World>(
  layers: readonly World[],
  field: K,
): [string, NonNullable<World[K]>[keyof NonNullable<World[K]>]][] {
  type Entry = NonNullable<World[K]>[keyof NonNullable<World[K]>];
  const entries = new Map<string, Entry>();
  for (const world of layers)
    for (const [key, value] of Object.entries((world[field] ?? {}) as Record<string, Entry>))
      entries.set(key, typeof value === 'object' ? ({ ...entries.get(key), ...value } as Entry) : value);
  return [...entries];
}

/**
 * Reads the holdings. `plainRecords` gives the records of a zone that the world has under a name already. Paths of faults
 * start at the world.
 */
export function readHoldings(
  layers: readonly World[],
  plainRecords: (zone: string) => readonly ResourceRecord[],
  strict: boolean,
): Holdings {
  const account: Mutable<Account> = { ...EMPTY_ACCOUNT };
  const faults: Fault[] = [];
  const at = (path: JsonPath, found: readonly Fault[]): void => void faults.push(...found.map((fault) => within(path, fault)));
  const vpcs = readVpcs(layers, at);
  readChecks(account, layers, at);
  readCollections(account, layers, at);
  const zones: HeldZone[] = [];
  for (const world of layers)
    for (const [key, line] of Object.entries(world.hostedZones ?? {})) {
      const earlier = zones.find((zone) => zone.key === key);
      const id = line.id ?? earlier?.id ?? `Z0SIMZONE0EXAMPLE${zones.length + 1}`;
      const own = [line.vpcs ?? []].flat().flatMap((vpc) => vpcs.get(vpc) ?? []);
      const before = earlier && account.zones.get(earlier.id);
      const known = strict ? { known: knownOf(account) } : {};
      const frame = {
        key,
        id,
        vpcs: own.map(({ region, id: vpc }) => ({ region, id: vpc })),
        present: plainRecords(line.name ?? key),
      };
      const read = readHostedZone(line, { ...frame, ...known, ...(before ? { earlier: before } : {}) });
      at(['hostedZones', key], read.faults);
      account.zones = new Map(account.zones).set(id, withSigning(read.value, line.signed));
      const held = {
        key,
        id,
        servers: read.value.scope.kind === 'private' ? [] : (line.servers ?? earlier?.servers ?? ZONE_SERVERS),
      };
      if (earlier) zones[zones.indexOf(earlier)] = held;
      else zones.push(held);
    }
  readPolicies(account, layers, at);
  return { account, zones, resources: readResources(layers), vpcs, faults };
}

/** The zone with its signing switched as a layer says; a private zone cannot be signed. */
function withSigning(zone: HostedZone, said: HostedZoneLine['signed']): HostedZone {
  if (said === undefined || zone.scope.kind === 'private') return zone;
  const { signing: before, ...plain } = zone;
  if (said === false) return plain;
  const keys = said === true ? undefined : said.keys;
  return { ...plain, signing: keys === undefined && before ? before : newSigning(zone.name, seedOf(keys)) };
}

type Report = (path: JsonPath, found: readonly Fault[]) => void;

const knownOf = (account: Account) => ({
  healthChecks: new Set(account.healthChecks.keys()),
  cidrCollections: new Map([...account.cidrCollections].map(([id, { locations }]) => [id, new Set(locations.keys())])),
});

/** The VPCs of a world. */
export function readVpcs(layers: readonly World[], at: Report): Map<string, Vpc & { readonly line: VpcLine }> {
  const vpcs = new Map<string, Vpc & { readonly line: VpcLine }>();
  for (const [id, line] of entriesOf(layers, 'vpcs')) {
    const cidr = parseCidr(line.cidr);
    const source = 'VPC User Guide, vpc-cidr-blocks';
    if (cidr === undefined)
      at(
        ['vpcs', id, 'cidr'],
        [
          {
            code: 'InvalidInput',
            text: `Invalid CIDR block ${line.cidr}`,
            expected: 'a block such as 10.0.0.0/16',
            path: [],
            source,
          },
        ],
      );
    else
      vpcs.set(id, {
        id,
        region: (line.region ?? 'eu-west-1') as RegionName,
        cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        line,
      });
  }
  return vpcs;
}

/** A rule of a VPC's Resolver, its domain in full. */
export function ruleOf({ name, domain, type, targets = [] }: NonNullable<VpcLine['rules']>[number]): ResolverRule {
  const full = keyOf(nameOf(domain.replace(/\.?$/, '.'))) as string as Name;
  return { name: name ?? domain, domain: full, type, targets: targets.map((text) => ({ address: address(text), port: 53 })) };
}

function readChecks(account: Mutable<Account>, layers: readonly World[], at: Report): void {
  const lines = entriesOf(layers, 'healthChecks');
  const kinds = new Map(
    lines.map(([id, { config }]) => [id, config.Type === 'CALCULATED' ? ('calculated' as const) : undefined]),
  );
  const checks = new Map(account.healthChecks);
  for (const [id, line] of lines) {
    const findings = newFindings();
    const config: HealthCheckConfig | undefined = readHealthCheckConfig(findings, line.config, (child) => kinds.get(child));
    at(['healthChecks', id, 'config'], findings.faults);
    if (config) checks.set(id, { id, callerReference: id, version: 1, name: line.name ?? id, config });
  }
  account.healthChecks = checks;
}

function readCollections(account: Mutable<Account>, layers: readonly World[], at: Report): void {
  const collections = new Map(account.cidrCollections);
  for (const [id, locations] of entriesOf(layers, 'cidrCollections')) {
    const changes = Object.entries(locations).map(([locationName, cidrList]) => ({
      action: 'PUT' as const,
      locationName,
      cidrList,
    }));
    const result = changeCidrCollection(newCidrCollection(id, id), changes);
    if (result.ok) collections.set(id, { ...result.collection, version: 1 });
    else
      at(
        ['cidrCollections', id],
        result.faults.map((fault) => ({ ...fault, path: [changes[Number(fault.path[1])]?.locationName ?? ''] })),
      );
  }
  account.cidrCollections = collections;
}

function readPolicies(account: Mutable<Account>, layers: readonly World[], at: Report): void {
  for (const [id, line] of entriesOf(layers, 'trafficPolicies')) {
    const findings = newFindings();
    const document = readPolicyDocument(findings, line.document);
    at(['trafficPolicies', id, 'document'], findings.faults);
    if (!document) continue;
    account.trafficPolicies = new Map(account.trafficPolicies).set(id, newTrafficPolicy(id, id, document));
    for (const [i, { name, ttl = 60 }] of (line.records ?? []).entries()) {
      const zone = zoneHolding(account, name);
      const made = createPolicyRecord(account, {
        id: `${id}-${i + 1}`,
        hostedZoneId: zone?.id ?? '',
        name: nameOf(name.toLowerCase()),
        ttl,
        trafficPolicyId: id,
        version: 1,
      });
      if (made.ok) Object.assign(account, made.account);
      else at(['trafficPolicies', id, 'records', i], made.faults);
    }
  }
}

/** The public zone with the longest name that holds a name. */
export function zoneHolding(account: Account, text: string): HostedZone | undefined {
  const name = parseName(text.toLowerCase());
  return [...account.zones.values()]
    .filter(
      (zone) =>
        zone.scope.kind === 'public' && typeof name === 'string' && (name === zone.name || name.endsWith(`.${zone.name}`)),
    )
    .sort((a, b) => b.name.length - a.name.length)[0];
}

function readResources(layers: readonly World[]): Map<string, AliasResource> {
  return new Map(
    entriesOf(layers, 'resources').map(([id, line]) => {
      const dnsName = nameOf(line.DNSName.toLowerCase());
      const all = (line.addresses ?? []).map((text) => address(text));
      const accepts = line.accepts ? { accepts: line.accepts.map((text) => nameOf(text.toLowerCase())) } : {};
      return [
        id,
        {
          service: serviceOf({ hostedZoneId: '', dnsName, evaluateTargetHealth: false }) ?? 'load balancer',
          dnsName,
          ipv4: all.filter((one) => !one.includes(':')),
          ipv6: all.filter((one) => one.includes(':')),
          health: resourceHealth(line.healthy),
          ...accepts,
        },
      ];
    }),
  );
}

/** One target group with one target, which is healthy or not; without a word on it the resource counts as healthy always. */
export const resourceHealth = (healthy: boolean | undefined): AliasResource['health'] =>
  healthy === undefined ? { kind: 'always' } : { kind: 'target-groups', groups: [{ registered: 1, healthy: healthy ? 1 : 0 }] };
