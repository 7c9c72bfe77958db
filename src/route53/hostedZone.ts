/** A hosted zone: a name, the records under it, and who serves it: four public name servers, or the Resolvers of VPCs. */
import type { Name } from '../dns/name.ts';
import { key } from '../dns/name.ts';
import type { DelegationSet, NameServers } from './delegation.ts';
import { PRIVATE_SET } from './delegation.ts';
import { serviceName } from './names.ts';
import type { RegionName } from './places/regions.ts';
import type { RecordSet, RecordValue, UnknownField, ZoneType } from './records.ts';
import { groupOf } from './records.ts';
import type { RecordTable } from './table.ts';
import { newTable, putGroups } from './table.ts';
import { isValueFault, parseValue } from './values.ts';

export interface HostedZone {
  /** Without "/hostedzone/": "Z0SIMZONE0EXAMPLE1". */
  readonly id: string;
  /** Lower case. */
  readonly name: Name;
  readonly callerReference: string;
  readonly comment: string;
  /** A public zone cannot become private, nor the other way round (API Reference, CreateHostedZone). */
  readonly scope: PublicScope | PrivateScope;
  readonly records: RecordTable;
  /** Absent while its status is NOT_SIGNING. */
  readonly signing?: ZoneSigning;
  /** Of a zone that was read from a file. */
  readonly document?: ZoneDocument;
}

export interface ZoneDocument {
  /** Fields beside the list of records that Rootwalk does not know. */
  readonly unknown: readonly UnknownField[];
  /** Records that the file lacks and the zone assumes; they are left out when it is written. */
  readonly assumed: ReadonlySet<RecordSet>;
}

/** DNSSEC signing is on: there is an active key-signing key, and every answer is signed. */
export interface ZoneSigning {
  /** Chooses the zone-signing key; another text gives another. */
  readonly seed: string;
  /** One or two, of which one at least is active. */
  readonly keys: readonly KeySigningKey[];
}

/** A key that signs the keys (API Reference, KeySigningKey). */
export interface KeySigningKey {
  readonly name: string;
  /** Chooses the key, as a KMS key does. */
  readonly seed: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
}

export interface PublicScope {
  readonly kind: 'public';
  readonly delegationSet: DelegationSet;
}

export interface PrivateScope {
  readonly kind: 'private';
  /** Never empty: the last one cannot be removed (API Reference, DisassociateVPCFromHostedZone). */
  readonly vpcs: readonly VpcReference[];
}

export interface VpcReference {
  readonly region: RegionName;
  readonly id: string;
}

/** The four names that a zone shows; those of a private zone are never asked. */
export const nameServersOf = (zone: HostedZone): NameServers =>
  (zone.scope.kind === 'public' ? zone.scope.delegationSet : PRIVATE_SET).nameServers;

export const isPrivate = (zone: HostedZone): boolean => zone.scope.kind === 'private';

/** Seconds (Developer Guide, SOA-NSrecords). */
export const DEFAULT_NS_TTL = 172_800;
export const DEFAULT_SOA_TTL = 900;

/** Serial 1, refresh 7200, retry 900, expire 1209600, minimum 86400; the serial is never raised (SOA-NSrecords). */
const SOA_NUMBERS = '1 7200 900 1209600 86400';

/** A new hosted zone with the two records that it starts with: NS and SOA at the apex, nothing else. */
export function newHostedZone(zone: Omit<HostedZone, 'records' | 'name'> & { readonly name: Name }): HostedZone {
  const name = key(zone.name) as string as Name;
  const { nameServers } = zone.scope.kind === 'public' ? zone.scope.delegationSet : PRIVATE_SET;
  const records = newTable();
  putGroups(records, name, name, [
    groupOf(simpleSet(name, 'NS', DEFAULT_NS_TTL, nameServers.map(serviceName))),
    groupOf(
      simpleSet(name, 'SOA', DEFAULT_SOA_TTL, [`${serviceName(nameServers[0])} awsdns-hostmaster.amazon.com. ${SOA_NUMBERS}`]),
    ),
  ]);
  return { ...zone, name, records };
}

/** A simple record with values known to be right; throws when one is not. */
export function simpleSet(name: Name, type: ZoneType, ttl: number, texts: readonly string[]): RecordSet<'simple'> {
  const values = texts.map((text): RecordValue => {
    const parsed = parseValue(type, text);
    if (isValueFault(parsed)) throw new Error(`${serviceName(name)} ${type} "${text}": expected ${parsed.expected}`);
    return parsed;
  });
  return { name, type, routing: { policy: 'simple' }, content: { kind: 'values', ttl, values } };
}

/** Whether only the two records that a zone starts with are left, so that it may be deleted (API, DeleteHostedZone). */
export const holdsOnlyDefaults = (zone: HostedZone): boolean =>
  zone.records.groups.size === 1 && zone.records.size === 2 && (zone.records.groups.get(zone.name)?.length ?? 0) === 2;
