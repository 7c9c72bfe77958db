/**
 * Records of a hosted zone in AWS's own words. What the API calls a resource record set is a `RecordSet` here; sets of
 * one name and type form a `RecordGroup`, and all of a group use one routing policy: the types allow no other.
 */
import type { Name } from '../dns/name.ts';
import type { ResourceRecord } from '../dns/record.ts';
import type { JsonValue } from './formats/json.ts';
import type { ContinentCode } from './places/continents.ts';
import { CONTINENT_NAMES } from './places/continents.ts';
import type { RegionName } from './places/regions.ts';

/** The types that a hosted zone may hold (API Reference, RRType). */
export const ZONE_TYPES = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DS',
  'HTTPS',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SPF',
  'SRV',
  'SSHFP',
  'SVCB',
  'TLSA',
  'TXT',
] as const;

export type ZoneType = (typeof ZONE_TYPES)[number];

const ZONE_TYPE_SET: ReadonlySet<string> = new Set(ZONE_TYPES);
export const isZoneType = (text: string): text is ZoneType => ZONE_TYPE_SET.has(text);

/** One value of a record: the text as it was given, which is what Route 53 keeps and lists, and what it means. */
export interface RecordValue {
  readonly text: string;
  readonly data: ResourceRecord['data'];
}

/** The eight routing policies, with the field by which the sets of a group are told apart. */
export interface RoutingByPolicy {
  simple: { readonly policy: 'simple' };
  weighted: { readonly policy: 'weighted'; readonly setIdentifier: string /** 0 to 255. */; readonly weight: number };
  latency: { readonly policy: 'latency'; readonly setIdentifier: string; readonly region: RegionName };
  failover: { readonly policy: 'failover'; readonly setIdentifier: string; readonly failover: 'PRIMARY' | 'SECONDARY' };
  geolocation: { readonly policy: 'geolocation'; readonly setIdentifier: string; readonly geoLocation: GeoLocation };
  geoproximity: {
    readonly policy: 'geoproximity';
    readonly setIdentifier: string;
    readonly geoProximityLocation: GeoProximityLocation;
  };
  multivalue: { readonly policy: 'multivalue'; readonly setIdentifier: string };
  'ip-based': { readonly policy: 'ip-based'; readonly setIdentifier: string; readonly cidrRoutingConfig: CidrRoutingConfig };
}

export type Policy = keyof RoutingByPolicy;
export type Routing = RoutingByPolicy[Policy];

/** A continent, a country, a state of a country, or everywhere else (`CountryCode: "*"`). */
export type GeoLocation =
  | { readonly kind: 'continent'; readonly continentCode: ContinentCode }
  | { readonly kind: 'country'; readonly countryCode: string }
  | { readonly kind: 'subdivision'; readonly countryCode: string; readonly subdivisionCode: string }
  | { readonly kind: 'default' };

/** Where the resource stands, and by how much its neighbourhood is enlarged (bias 1 to 99) or shrunk (-99 to -1). */
export interface GeoProximityLocation {
  readonly site:
    | { readonly kind: 'region'; readonly region: RegionName }
    | { readonly kind: 'local-zone-group'; readonly group: string }
    /** The texts as given: the API carries coordinates as strings. */
    | { readonly kind: 'coordinates'; readonly latitude: string; readonly longitude: string };
  /** Absent means 0, and stays absent when written out. */
  readonly bias?: number;
}

/** Which location of which CIDR collection; location `*` is everything else. */
export interface CidrRoutingConfig {
  readonly collectionId: string;
  readonly locationName: string;
}

export interface AliasTarget {
  /** The zone of the target: one of a service's fixed ids, or the id of the record's own zone. */
  readonly hostedZoneId: string;
  readonly dnsName: Name;
  readonly evaluateTargetHealth: boolean;
}

/** What a record set gives out. */
export type Content = PlainContent | AliasContent | PolicyRecordContent;

export interface PlainContent {
  readonly kind: 'values';
  /** Seconds. */
  readonly ttl: number;
  /** At least one. */
  readonly values: readonly RecordValue[];
}

export interface AliasContent {
  readonly kind: 'alias';
  readonly target: AliasTarget;
}

/** The root record of a traffic policy: its content is the policy's tree. */
export interface PolicyRecordContent {
  readonly kind: 'policy-record';
  readonly trafficPolicyInstanceId: string;
}

/** A field that Rootwalk does not know: kept, named, and written out again. */
export interface UnknownField {
  readonly path: readonly (string | number)[];
  readonly value: JsonValue;
}

/** One resource record set. Multivalue sets hold values only (Developer Guide, routing-policy-multivalue). */
export type RecordSet<P extends Policy = Policy> = { readonly [K in P]: RecordSetOf<K> }[P];

interface RecordSetOf<P extends Policy> {
  readonly name: Name;
  readonly type: ZoneType;
  readonly routing: RoutingByPolicy[P];
  readonly content: P extends 'multivalue' ? PlainContent : Content;
  readonly healthCheckId?: string;
  /** Absent when there are none. */
  readonly unknown?: readonly UnknownField[];
}

/** All sets of one name and type. A simple group holds exactly one set, any other at least one. */
export type RecordGroup<P extends Policy = Policy> = { readonly [K in P]: RecordGroupOf<K> }[P];

interface RecordGroupOf<P extends Policy> {
  readonly name: Name;
  readonly type: ZoneType;
  readonly policy: P;
  readonly sets: readonly RecordSetOf<P>[];
}

/** The set identifier; undefined on a simple set, which has none. */
export const setIdentifierOf = (set: RecordSet): string | undefined =>
  set.routing.policy === 'simple' ? undefined : set.routing.setIdentifier;

/** The group that a set forms with others of its name, type and policy. */
export const groupOf = (first: RecordSet, ...others: readonly RecordSet[]): RecordGroup => {
  if (others.length > 0 && others.some((set) => set.routing.policy !== first.routing.policy))
    throw new Error(`${first.name} ${first.type}: sets of two policies form no group`);
  return { name: first.name, type: first.type, policy: first.routing.policy, sets: [first, ...others] } as RecordGroup;
};

/** What a set is called among its group: "blue", or "simple". */
export const setLabel = (set: RecordSet): string => setIdentifierOf(set) ?? 'simple';

/** How a set differs from the others of its group, in words: "weight 70", "Europe, EU", "eu-west-1". */
export function toldApartBy(routing: Routing): string {
  switch (routing.policy) {
    case 'simple':
    case 'multivalue':
      return '';
    case 'weighted':
      return `weight ${routing.weight}`;
    case 'latency':
      return routing.region;
    case 'failover':
      return routing.failover.toLowerCase();
    case 'geolocation':
      return placeWords(routing.geoLocation);
    case 'geoproximity':
      return geoProximityText(routing.geoProximityLocation);
    case 'ip-based':
      return `location ${routing.cidrRoutingConfig.locationName}`;
  }
}

/** "continent EU", "BR", "US-CA" or "*". Two sets with equal text have the same location. */
export function geoLocationText(location: GeoLocation): string {
  switch (location.kind) {
    case 'continent':
      return `continent ${location.continentCode}`;
    case 'country':
      return location.countryCode;
    case 'subdivision':
      return `${location.countryCode}-${location.subdivisionCode}`;
    case 'default':
      return '*';
  }
}

const placeWords = (location: GeoLocation): string =>
  location.kind === 'continent'
    ? `${CONTINENT_NAMES[location.continentCode]}, ${location.continentCode}`
    : location.kind === 'default'
      ? 'default, *'
      : geoLocationText(location);

function geoProximityText({ site, bias = 0 }: GeoProximityLocation): string {
  const where =
    site.kind === 'region' ? site.region : site.kind === 'coordinates' ? `${site.latitude}, ${site.longitude}` : site.group;
  return bias === 0 ? where : `${where}, bias ${bias > 0 ? '+' : ''}${bias}`;
}
