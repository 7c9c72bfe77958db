/** The record form as its fields stand: one form edits all records of one name and type, since they share a policy. */

import type { JsonObject } from '../../../route53/formats/json.ts';
import { writeRecordSet } from '../../../route53/formats/recordSet.ts';
import type { HostedZone } from '../../../route53/hostedZone.ts';
import { CONTINENT_NAMES } from '../../../route53/places/continents.ts';
import {
  type GeoLocation,
  type Policy,
  type RecordGroup,
  type RecordSet,
  setIdentifierOf,
  type ZoneType,
} from '../../../route53/records.ts';
import { type AliasDraft, aliasOf } from './alias.ts';
import { labelIn } from './records.ts';

/** One record of a group, as its fields stand. */
export interface Member {
  readonly identifier: string;
  /** One value a line. */
  readonly values: string;
  /** What tells it apart by the group's policy: a weight, a Region, "primary", a place, a location. */
  readonly apart: string;
  /** Geoproximity. */
  readonly bias: string;
  readonly healthCheck: string;
  /** Present in an alias record, which has no values of its own. */
  readonly alias?: AliasDraft;
  /** What the form has no field for (a policy record, unknown fields): kept as it was. */
  readonly kept: JsonObject;
}

export interface RecordDraft {
  readonly label: string;
  readonly type: ZoneType;
  readonly ttl: string;
  readonly policy: Policy;
  /** Of IP-based routing. */
  readonly collection: string;
  readonly members: readonly Member[];
}

const EMPTY_MEMBER: Member = { identifier: '', values: '', apart: '', bias: '0', healthCheck: '', kept: {} };

export const newRecordDraft = (): RecordDraft => ({
  label: '',
  type: 'A',
  ttl: '300',
  policy: 'simple',
  collection: '',
  members: [EMPTY_MEMBER],
});

/** The form of a group as it stands. */
export function draftOf(group: RecordGroup, zone: HostedZone): RecordDraft {
  const sets: readonly RecordSet[] = group.sets;
  const ttl = sets.flatMap(({ content }) => (content.kind === 'values' ? [String(content.ttl)] : []))[0] ?? '';
  const ip = sets.find(({ routing }) => routing.policy === 'ip-based')?.routing;
  return {
    label: group.name === zone.name ? '' : labelIn(group.name, zone.name),
    type: group.type,
    ttl,
    policy: group.policy,
    collection: ip?.policy === 'ip-based' ? ip.cidrRoutingConfig.collectionId : '',
    members: sets.map((set) => memberOf(set, zone)),
  };
}

function memberOf(set: RecordSet, zone: HostedZone): Member {
  const { routing, content } = set;
  const kept = Object.fromEntries(Object.entries(writeRecordSet(set)).filter(([field]) => !TYPED.has(field)));
  return {
    identifier: setIdentifierOf(set) ?? '',
    values: content.kind === 'values' ? content.values.map(({ text }) => text).join('\n') : '',
    apart: apartOf(set),
    bias: routing.policy === 'geoproximity' ? String(routing.geoProximityLocation.bias ?? 0) : '0',
    healthCheck: set.healthCheckId ?? '',
    ...(content.kind === 'alias' ? { alias: aliasOf(content.target, zone) } : {}),
    kept,
  };
}

/** The fields that the form has; others are kept. */
const TYPED: ReadonlySet<string> = new Set([
  'Name',
  'Type',
  'TTL',
  'ResourceRecords',
  'SetIdentifier',
  'HealthCheckId',
  'Weight',
  'Region',
  'Failover',
  'GeoLocation',
  'GeoProximityLocation',
  'CidrRoutingConfig',
  'MultiValueAnswer',
  'AliasTarget',
]);

function apartOf({ routing }: RecordSet): string {
  switch (routing.policy) {
    case 'weighted':
      return String(routing.weight);
    case 'latency':
      return routing.region;
    case 'failover':
      return routing.failover;
    case 'geolocation':
      return placeText(routing.geoLocation);
    case 'geoproximity': {
      const { site } = routing.geoProximityLocation;
      return site.kind === 'region'
        ? site.region
        : site.kind === 'coordinates'
          ? `${site.latitude}, ${site.longitude}`
          : site.group;
    }
    case 'ip-based':
      return routing.cidrRoutingConfig.locationName;
    default:
      return '';
  }
}

/** "Europe", "FR", "US-CA", "*": as the form's field has it. */
export function placeText(place: GeoLocation): string {
  switch (place.kind) {
    case 'continent':
      return CONTINENT_NAMES[place.continentCode];
    case 'country':
      return place.countryCode;
    case 'subdivision':
      return `${place.countryCode}-${place.subdivisionCode}`;
    case 'default':
      return '*';
  }
}

/** Another record of the same group, with a sensible beginning and a name of its own. */
export function withMember(draft: RecordDraft): RecordDraft {
  const { members, policy } = draft;
  const taken = (field: 'identifier' | 'apart', text: string): boolean => members.some((member) => member[field] === text);
  const free = (texts: readonly string[]): string => texts.find((text) => !taken('apart', text)) ?? '';
  const apart: Partial<Record<Policy, string>> = {
    weighted: '10',
    failover: free(['PRIMARY', 'SECONDARY']),
    geolocation: free(['*', 'Europe', 'North America', 'Asia']),
    'ip-based': free(['*']),
    latency: free(['us-east-1', 'eu-west-1', 'ap-southeast-2', 'sa-east-1']),
    geoproximity: free(['us-east-1', 'eu-west-1', 'ap-southeast-2', 'sa-east-1']),
  };
  let n = members.length + 1;
  while (taken('identifier', `record-${n}`)) n++;
  return { ...draft, members: [...members, { ...EMPTY_MEMBER, identifier: `record-${n}`, apart: apart[policy] ?? '' }] };
}

/** The same records under another policy. */
export function withPolicy(draft: RecordDraft, policy: Policy): RecordDraft {
  const first = {
    simple: '',
    multivalue: '',
    weighted: '10',
    latency: 'eu-west-1',
    failover: 'PRIMARY',
    geolocation: 'Europe',
    geoproximity: 'eu-west-1',
    'ip-based': '*',
  }[policy];
  const named = draft.members.map((member, i) => ({
    ...member,
    identifier: member.identifier || `record-${i + 1}`,
    apart: policy === 'failover' && i > 0 ? 'SECONDARY' : first,
  }));
  if (policy === 'simple') {
    const values = named
      .map(({ values }) => values)
      .filter(Boolean)
      .join('\n');
    const { alias, kept = {} } = named[0] ?? {};
    return { ...draft, policy, members: [{ ...EMPTY_MEMBER, values, ...(alias ? { alias } : {}), kept }] };
  }
  return { ...draft, policy, members: named };
}

/** Failover records in each other's place. */
export const swapped = (draft: RecordDraft): RecordDraft => ({
  ...draft,
  members: draft.members.map((member) => ({ ...member, apart: member.apart === 'PRIMARY' ? 'SECONDARY' : 'PRIMARY' })),
});
