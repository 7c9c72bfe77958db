/** A sample zone, and records in the API's shape. */
import type { Cidr } from '../../src/base/address.ts';
import { address } from '../../src/base/address.ts';
import { name } from '../../src/dns/name.ts';
import type { AliasResource } from '../../src/route53/aliases.ts';
import { standInResource } from '../../src/route53/aliases.ts';
import { DOCUMENTATION_SET } from '../../src/route53/delegation.ts';
import type { Fault } from '../../src/route53/faults.ts';
import { applyChangeDocument } from '../../src/route53/formats/changeBatch.ts';
import { newFindings } from '../../src/route53/formats/fields.ts';
import type { JsonObject, JsonValue } from '../../src/route53/formats/json.ts';
import { readRecordSet } from '../../src/route53/formats/recordSet.ts';
import type { HostedZone } from '../../src/route53/hostedZone.ts';
import { newHostedZone } from '../../src/route53/hostedZone.ts';
import { askerOf, locateBuiltIn, networkOf } from '../../src/route53/places/location.ts';
import type { LatencyTable } from '../../src/route53/places/regions.ts';
import type { ZoneType } from '../../src/route53/records.ts';
import { groupOf } from '../../src/route53/records.ts';
import { decide } from '../../src/route53/routing/decide.ts';
import type { Circumstances, Decision } from '../../src/route53/routing/decision.ts';
import { leafOf } from '../../src/route53/routing/decision.ts';
import { copyTable, groupAt, putGroups } from '../../src/route53/table.ts';

export const ZONE_ID = 'Z0SIMZONE0EXAMPLE1';
export const CHECK_1 = '11111111-2222-3333-4444-555555555555';
export const CHECK_2 = '22222222-3333-4444-5555-666666666666';
export const CHECK_3 = '33333333-4444-5555-6666-777777777777';
export const COLLECTION = '0a0a0a0a-1111-2222-3333-444444444444';

export const emptyZone = (id = ZONE_ID): HostedZone =>
  newHostedZone({
    id,
    name: name('example.com.'),
    callerReference: 'test',
    comment: '',
    scope: { kind: 'public', delegationSet: DOCUMENTATION_SET },
  });

export const privateZone = (): HostedZone =>
  newHostedZone({
    id: 'Z0PRIVATE0EXAMPLE1',
    name: name('example.com.'),
    callerReference: 'test',
    comment: '',
    scope: { kind: 'private', vpcs: [{ region: 'eu-west-1', id: 'vpc-1' }] },
  });

/** A plain record: `plain('www', 'A', ['192.0.2.44'])`; `more` adds or replaces fields. */
export function plain(label: string, type: string, values: readonly string[], more: JsonObject = {}): JsonObject {
  return { Name: at(label), Type: type, TTL: 60, ResourceRecords: values.map((Value) => ({ Value })), ...more };
}

export function alias(
  label: string,
  type: string,
  target: string,
  more: JsonObject = {},
  health = false,
  zoneId = ZONE_ID,
): JsonObject {
  return {
    Name: at(label),
    Type: type,
    AliasTarget: { HostedZoneId: zoneId, DNSName: target, EvaluateTargetHealth: health },
    ...more,
  };
}

export const at = (label: string): string => (label === '' ? 'example.com.' : `${label}.example.com.`);

export const batch = (...changes: readonly (readonly [string, JsonObject])[]): JsonValue => ({
  Changes: changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet })),
});

/** The zone with records created; throws when one is refused. */
export function withSets(zone: HostedZone, ...sets: readonly JsonObject[]): HostedZone {
  if (sets.length === 0) return zone;
  const result = applyChangeDocument(zone, batch(...sets.map((set) => ['CREATE', set] as const)));
  if (!result.ok) throw new Error(result.faults.map((fault) => `${fault.text} (expected ${fault.expected})`).join('\n'));
  return result.zone;
}

export const zoneOf = (...sets: readonly JsonObject[]): HostedZone => withSets(emptyZone(), ...sets);

/** A zone with records that the service takes one by one and not together: only each by itself is held to its rules. */
export function unruled(...sets: readonly JsonObject[]): HostedZone {
  const zone = emptyZone();
  const records = copyTable(zone.records);
  for (const json of sets) {
    const findings = newFindings();
    const set = readRecordSet(json, { zoneName: zone.name, isPrivate: false, action: 'CREATE' }, findings);
    if (!set) throw new Error(findings.faults.map(({ text }) => text).join('\n'));
    putGroups(records, zone.name, set.name, [groupOf(set)]);
  }
  return { ...zone, records };
}

export const weighted = (id: string, weight: number, more: JsonObject = {}): JsonObject => ({
  SetIdentifier: id,
  Weight: weight,
  ...more,
});
export const latency = (region: string, more: JsonObject = {}): JsonObject => ({
  SetIdentifier: region,
  Region: region,
  ...more,
});
export const failover = (role: 'PRIMARY' | 'SECONDARY', more: JsonObject = {}): JsonObject => ({
  SetIdentifier: role.toLowerCase(),
  Failover: role,
  ...more,
});
export const geo = (id: string, location: JsonObject, more: JsonObject = {}): JsonObject => ({
  SetIdentifier: id,
  GeoLocation: location,
  ...more,
});
export const near = (id: string, location: JsonObject, more: JsonObject = {}): JsonObject => ({
  SetIdentifier: id,
  GeoProximityLocation: location,
  ...more,
});
export const byCidr = (location: string, more: JsonObject = {}): JsonObject => ({
  SetIdentifier: location,
  CidrRoutingConfig: { CollectionId: COLLECTION, LocationName: location },
  ...more,
});
export const multi = (id: string, more: JsonObject = {}): JsonObject => ({ SetIdentifier: id, MultiValueAnswer: true, ...more });

/** Faults of one batch on a zone; none when it is taken. */
export function faultsOf(zone: HostedZone, ...changes: readonly (readonly [string, JsonObject])[]): readonly Fault[] {
  const result = applyChangeDocument(zone, batch(...changes));
  return result.ok ? [] : result.faults;
}

export interface Asking {
  /** A built-in city's network, or an address. */
  readonly from?: string;
  /** Health checks that are unhealthy. */
  readonly sick?: readonly string[];
  readonly random?: () => number;
  readonly latencies?: LatencyTable;
  readonly blocks?: Readonly<Record<string, readonly string[]>>;
  readonly resources?: readonly AliasResource[];
}

/** Circumstances of a decision in a zone. */
export function circumstances(zone: HostedZone, asking: Asking = {}): Circumstances {
  const from = asking.from ?? 'Lyon';
  const network = networkOf(from);
  const asker = network === undefined ? askerOf(address(from)) : askerOf(address('192.0.2.53'), network);
  const place = locateBuiltIn(asker.address);
  return {
    zone,
    asker,
    ...(place === undefined ? {} : { place }),
    ...(asking.latencies === undefined ? {} : { latencies: asking.latencies }),
    healthOf: (id) => ({ healthy: !(asking.sick ?? []).includes(id), why: id }),
    resourceOf: (target) => asking.resources?.find((resource) => resource.dnsName === target.dnsName) ?? standInResource(target),
    collectionOf: (id) =>
      id === COLLECTION && asking.blocks
        ? {
            id,
            name: 'blocks',
            version: 1,
            locations: new Map(Object.entries(asking.blocks).map(([l, b]) => [l, b as readonly Cidr[]])),
          }
        : undefined,
    random: asking.random ?? (() => 0.5),
  };
}

/** Decides the group of a name and type. */
export function decideFor(zone: HostedZone, label: string, type: ZoneType, asking: Asking = {}): Decision {
  const group = groupAt(zone.records, name(at(label)), type);
  if (!group) throw new Error(`${at(label)} ${type} is not in the zone`);
  return decide(group, circumstances(zone, asking));
}

/** The values that a decision gives out. */
export const given = (decision: Decision): string[] =>
  leafOf(decision).chosen.flatMap((set) => (set.content.kind === 'values' ? set.content.values.map((value) => value.text) : []));
