/**
 * The record form: what was typed becomes a change batch in the API's shape, is judged by the service's own rules, and when
 * it holds becomes a line of the scenario. One form edits all records of one name and type, since they share a policy.
 */
import type { Reason } from '../../base/reason.ts';
import type { Name } from '../../dns/name.ts';
import { recordText } from '../../dns/presentation.ts';
import { adviceOn } from '../../route53/advice.ts';
import type { AliasResource } from '../../route53/aliases.ts';
import { recordOf } from '../../route53/answer.ts';
import type { KnownIds } from '../../route53/changes.ts';
import type { Fault } from '../../route53/faults.ts';
import { applyChangeDocument } from '../../route53/formats/changeBatch.ts';
import type { JsonObject, JsonValue } from '../../route53/formats/json.ts';
import { writeRecordSet } from '../../route53/formats/recordSet.ts';
import type { HostedZone } from '../../route53/hostedZone.ts';
import { serviceName } from '../../route53/names.ts';
import {
  type GeoLocation,
  type Policy,
  type RecordGroup,
  type RecordSet,
  setIdentifierOf,
  type ZoneType,
} from '../../route53/records.ts';
import { CONTINENT_NAMES, type ContinentCode } from '../../route53/routing/continents.ts';
import { groupAt } from '../../route53/table.ts';
import type { Line } from '../../scenario/schema.ts';
import { type AliasDraft, aliasJson, aliasOf } from './zoneAlias.ts';
import { labelIn, type ShownZone } from './zoneRecords.ts';

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

/** The most that a weight may be (API Reference, ResourceRecordSetWeight). */
const MOST_WEIGHT = 255;

const weightOf = ({ apart }: Member): number => Math.min(MOST_WEIGHT, Math.max(0, Math.round(Number(apart)) || 0));

/** The weights of a group as stretches of one bar, each from 0 to 1; equal stretches when all weights are 0. */
export function weightStretches(members: readonly Member[]): { readonly from: number; readonly to: number }[] {
  const weights = members.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let from = 0;
  return weights.map((weight) => {
    const to = from + (total === 0 ? 1 / weights.length : weight / total);
    const stretch = { from, to };
    from = to;
    return stretch;
  });
}

/**
 * The members after the boundary behind the i-th has been drawn to a place on the bar, 0 to 1: what one gains the next one
 * loses, so that all other shares stay. Weights stay whole numbers from 0 to 255.
 */
export function withBoundary(members: readonly Member[], i: number, place: number): readonly Member[] {
  const [one, next] = [members[i], members[i + 1]];
  const total = members.reduce((sum, member) => sum + weightOf(member), 0);
  if (!one || !next || total === 0) return members;
  const before = members.slice(0, i).reduce((sum, member) => sum + weightOf(member), 0);
  const both = weightOf(one) + weightOf(next);
  const least = Math.max(0, both - MOST_WEIGHT);
  const weight = Math.min(both - least, Math.max(least, Math.round(place * total) - before));
  return members.map((member, at) =>
    at === i ? { ...member, apart: String(weight) } : at === i + 1 ? { ...member, apart: String(both - weight) } : member,
  );
}

/** A record set in the API's shape, right or wrong. */
function setJson(draft: RecordDraft, member: Member, zone: HostedZone): JsonObject {
  const { type, policy } = draft;
  const plain = member.alias === undefined && !isPolicyRecord(member);
  const values = member.values
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return {
    Name: ownerName(draft.label, zone.name),
    Type: type,
    ...(policy === 'simple' ? {} : { SetIdentifier: member.identifier.trim() }),
    ...routingJson(draft, member),
    ...(plain ? { TTL: numberIn(draft.ttl), ResourceRecords: values.map((Value) => ({ Value })) } : {}),
    ...(member.alias ? { AliasTarget: aliasJson(member.alias, zone) } : {}),
    ...(member.healthCheck === '' ? {} : { HealthCheckId: member.healthCheck }),
    ...member.kept,
  };
}

/** Whether a traffic policy has made the record: its content is the policy's tree. */
export const isPolicyRecord = ({ kept }: Member): boolean => kept.TrafficPolicyInstanceId !== undefined;

/** A label, a name in full with its final dot, or nothing (or "@") for the zone itself. */
export function ownerName(label: string, zone: Name): string {
  const typed = label.trim().replace(/^\*(?=\.|$)/, '\\052');
  if (typed === '' || typed === '@') return serviceName(zone);
  return typed.endsWith('.') ? typed : `${typed}.${serviceName(zone)}`;
}

/** A whole number where one was typed; the text itself otherwise, for the service to refuse. */
const numberIn = (text: string): JsonValue => (/^-?\d+$/.test(text.trim()) ? Number(text) : text);

function routingJson({ policy, collection }: RecordDraft, { apart, bias }: Member): JsonObject {
  const typed = apart.trim();
  switch (policy) {
    case 'simple':
      return {};
    case 'weighted':
      return { Weight: numberIn(typed) };
    case 'latency':
      return { Region: typed };
    case 'failover':
      return { Failover: typed };
    case 'multivalue':
      return { MultiValueAnswer: true };
    case 'geolocation':
      return { GeoLocation: placeJson(typed) };
    case 'geoproximity':
      return {
        GeoProximityLocation: {
          ...siteJson(typed),
          ...(bias.trim() === '' || bias.trim() === '0' ? {} : { Bias: numberIn(bias) }),
        },
      };
    case 'ip-based':
      return { CidrRoutingConfig: { CollectionId: collection, LocationName: typed } };
  }
}

function placeJson(text: string): JsonObject {
  const continent = (Object.keys(CONTINENT_NAMES) as ContinentCode[]).find(
    (code) => CONTINENT_NAMES[code].toLowerCase() === text.toLowerCase(),
  );
  if (continent) return { ContinentCode: continent };
  const state = /^([A-Za-z]{2})-([A-Za-z]{2})$/.exec(text);
  if (state) return { CountryCode: (state[1] as string).toUpperCase(), SubdivisionCode: (state[2] as string).toUpperCase() };
  return { CountryCode: text.toUpperCase() };
}

function siteJson(text: string): JsonObject {
  const [latitude, longitude] = text.split(',').map((part) => part.trim());
  return longitude === undefined ? { AWSRegion: text } : { Coordinates: { Latitude: latitude ?? '', Longitude: longitude } };
}

// --- judging

/** Which field of the form a fault is about; `member` counts the group's records. */
export interface FieldFault {
  readonly field: 'name' | 'type' | 'ttl' | 'values' | 'identifier' | 'apart' | 'healthCheck' | 'alias' | 'form';
  readonly member: number;
  /** "Needed: an IPv4 address." */
  readonly words: string;
  /** As the service says it. */
  readonly said: string;
}

export interface Judged {
  readonly faults: readonly FieldFault[];
  /** What the documentation advises against. */
  readonly advice: readonly Reason[];
  /** The line of the scenario; absent while something is wrong or nothing is changed. */
  readonly line?: Line;
  /** The group as it would be, and the zone with it. */
  readonly group?: RecordGroup;
  readonly zone?: HostedZone;
}

/** What a form is judged by besides the zone. */
interface JudgedBy {
  readonly known?: KnownIds;
  readonly resources?: readonly AliasResource[];
}

const resourceBehind = ({ content }: RecordSet, resources: readonly AliasResource[]): AliasResource | undefined =>
  content.kind === 'alias'
    ? resources.find(({ dnsName }) => dnsName === content.target.dnsName.replace(/^dualstack\./, ''))
    : undefined;

/** Judges a form by the rules of the service. `original` is the group that it was opened on. */
export function judge(
  draft: RecordDraft,
  original: RecordGroup | undefined,
  shown: Pick<ShownZone, 'zone' | 'word' | 'hosted'>,
  { known, resources = [] }: JudgedBy = {},
): Judged {
  const { zone } = shown;
  const changes = changesOf(draft, original, zone);
  if (changes.length === 0) return { faults: [], advice: [] };
  const Changes = changes.map(({ Action, ResourceRecordSet }) => ({ Action, ResourceRecordSet }));
  const result = applyChangeDocument(zone, { Changes }, known);
  if (!result.ok) return { faults: result.faults.map((fault) => fieldFault(fault, changes)), advice: [] };
  const name = ownerName(draft.label, zone.name).toLowerCase();
  const group = [...result.zone.records.groups.entries()]
    .find(([owner]) => serviceName(owner) === name)?.[1]
    .find(({ type }) => type === draft.type);
  return {
    faults: [],
    advice: group ? adviceOn(group, (set) => resourceBehind(set, resources)) : [],
    ...(group ? { group, zone: result.zone } : {}),
    line: shown.hosted || needsHostedZone(draft) ? { change: shown.word, Changes } : plainLine(shown, original, group),
  };
}

/** What a master file cannot say needs a change batch, which makes a plain zone a hosted one. */
const needsHostedZone = ({ policy, members }: RecordDraft): boolean =>
  policy !== 'simple' || members.some(({ alias, healthCheck }) => alias !== undefined || healthCheck !== '');

interface DraftChange {
  readonly Action: 'CREATE' | 'UPSERT' | 'DELETE';
  readonly ResourceRecordSet: JsonObject;
  readonly member: number;
}

function changesOf(draft: RecordDraft, original: RecordGroup | undefined, zone: HostedZone): DraftChange[] {
  const before: readonly RecordSet[] = original?.sets ?? [];
  const after = draft.members.map((member, i) => ({ member: i, ResourceRecordSet: setJson(draft, member, zone) }));
  const [first] = after;
  const same =
    original !== undefined &&
    first?.ResourceRecordSet.Name === serviceName(original.name) &&
    draft.type === original.type &&
    draft.policy === original.policy;
  const left = before.filter(
    (set) => !same || !draft.members.some(({ identifier }) => identifier.trim() === (setIdentifierOf(set) ?? '')),
  );
  const deletions = left.map((set): DraftChange => ({ Action: 'DELETE', ResourceRecordSet: writeRecordSet(set), member: 0 }));
  const given = after.flatMap(({ member, ResourceRecordSet }): DraftChange[] => {
    const old = same ? before.find((set) => (setIdentifierOf(set) ?? '') === (ResourceRecordSet.SetIdentifier ?? '')) : undefined;
    if (!old) return [{ Action: 'CREATE', ResourceRecordSet, member }];
    return canonical(writeRecordSet(old)) === canonical(ResourceRecordSet)
      ? []
      : [{ Action: 'UPSERT', ResourceRecordSet, member }];
  });
  return [...deletions, ...given];
}

const canonical = (json: JsonObject): string => JSON.stringify(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)));

function fieldFault({ path, expected, text }: Fault, changes: readonly DraftChange[]): FieldFault {
  const member = changes[Number(path[1])]?.member ?? 0;
  return { field: FIELDS[String(path[3])] ?? 'form', member, words: `Needed: ${expected}.`, said: text };
}

const FIELDS: Readonly<Record<string, FieldFault['field']>> = {
  Name: 'name',
  Type: 'type',
  TTL: 'ttl',
  ResourceRecords: 'values',
  SetIdentifier: 'identifier',
  Weight: 'apart',
  Region: 'apart',
  Failover: 'apart',
  GeoLocation: 'apart',
  GeoProximityLocation: 'apart',
  CidrRoutingConfig: 'apart',
  HealthCheckId: 'healthCheck',
  AliasTarget: 'alias',
};

/** A plain zone is edited in the words of a master file: the new records take the place of those of their name and type. */
function plainLine({ word }: Pick<ShownZone, 'word'>, original: RecordGroup | undefined, group: RecordGroup | undefined): Line {
  const gone =
    original && !(group?.name === original.name && group.type === original.type) ? [`${original.name} ${original.type}`] : [];
  const records = (group?.sets ?? []).flatMap(({ name, type, content }: RecordSet) =>
    content.kind === 'values' ? content.values.map(({ data }) => recordText(recordOf(name, type, content.ttl, data))) : [],
  );
  return { edit: word, ...(records.length > 0 ? { set: records.join('\n') } : {}), ...(gone.length > 0 ? { remove: gone } : {}) };
}

/** The line that takes a group away; undefined for the two that every zone keeps. */
export function deletion(group: RecordGroup, shown: ShownZone): Line | undefined {
  const { zone, word, hosted } = shown;
  if (group.name === zone.name && (group.type === 'NS' || group.type === 'SOA')) return undefined;
  const sets: readonly RecordSet[] = group.sets;
  return hosted
    ? { change: word, Changes: sets.map((set) => ({ Action: 'DELETE', ResourceRecordSet: writeRecordSet(set) })) }
    : { edit: word, remove: [`${group.name} ${group.type}`] };
}

/** Why Route 53 would refuse to take the group away, if it would. */
export function refusedDeletion(group: RecordGroup, { zone }: ShownZone): string | undefined {
  const sets: readonly RecordSet[] = group.sets;
  const result = applyChangeDocument(zone, {
    Changes: sets.map((set) => ({ Action: 'DELETE', ResourceRecordSet: writeRecordSet(set) })),
  });
  return result.ok ? undefined : result.faults[0]?.expected;
}

/** A group by its row's name and type, as the zone has it now. */
export const groupCalled = ({ zone }: ShownZone, name: Name, type: ZoneType): RecordGroup | undefined =>
  groupAt(zone.records, name, type);

/** Equal for equal groups, whichever run they come from. */
export const groupKey = ({ sets }: RecordGroup): string => JSON.stringify((sets as readonly RecordSet[]).map(writeRecordSet));
