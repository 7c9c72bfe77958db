/** Rules about records that stand beside one another: in one group, at one name, in one zone. */
import type { Name } from '../dns/name.ts';
import { isSubdomain, key } from '../dns/name.ts';
import { aliasZoneOf, SERVICE_ZONES, serviceOf } from './aliases.ts';
import type { Fault } from './faults.ts';
import { setBrackets, setWords } from './faults.ts';
import type { JsonPath } from './formats/json.ts';
import type { Limit } from './limits.ts';
import { LIMITS } from './limits.ts';
import { serviceName } from './names.ts';
import type { RecordSet, ZoneType } from './records.ts';
import { geoLocationText, setIdentifierOf } from './records.ts';
import type { RecordTable } from './table.ts';
import { groupAt } from './table.ts';

/** Where a set stands in the request or file, so that a fault can point at it. */
export type Whereabouts = (set: RecordSet) => JsonPath;

const SHAPE = 'API Reference, ResourceRecordSet';

const invalid = (text: string, expected: string, source: string, path: JsonPath): Fault => ({
  code: 'InvalidChangeBatch',
  text,
  expected,
  source,
  path,
});

const words = (set: RecordSet): string => setWords(set.name, set.type, setIdentifierOf(set));

/**
 * What is wrong with sets of one name and type standing together. Sets come in order of arrival: it is the later one
 * that is refused.
 */
export function checkGroup(sets: readonly RecordSet[], where: Whereabouts): Fault[] {
  const [first] = sets;
  if (!first || sets.length === 1) return [];
  const faults: Fault[] = [];
  const deny = (set: RecordSet, text: string, expected: string, source = SHAPE) =>
    faults.push(invalid(text, expected, source, where(set)));
  const identifiers = new Set<string | undefined>();
  for (const set of sets) {
    const identifier = setIdentifierOf(set);
    if (identifiers.has(identifier)) {
      const text = `Tried to create resource record set ${setBrackets(set.name, set.type, identifier)} but it already exists`;
      deny(
        set,
        text,
        identifier === undefined ? 'each name and type once' : 'a SetIdentifier that no other set of the group has',
      );
    } else if (set.routing.policy !== first.routing.policy)
      deny(
        set,
        `${words(set)} cannot be created as other RRSets exist with the same name and type.`,
        `${first.routing.policy} routing, as the other sets of this name and type have it`,
      );
    identifiers.add(identifier);
  }
  if (faults.length > 0) return faults;
  const most = mostPerGroup(first);
  if (sets.length > most.most) {
    const set = sets[most.most] as RecordSet;
    deny(
      set,
      `${words(set)} cannot be created as the limit of ${most.most} sets is reached.`,
      `at most ${most.most} ${most.what}`,
      most.source,
    );
  }
  return [...faults, ...checkWeightedTtl(sets, where), ...checkApart(sets, where)];
}

const FAILOVER_SETS: Limit = { most: 2, what: 'failover records with the same name and type', source: SHAPE };

const mostPerGroup = (set: RecordSet): Limit =>
  set.routing.policy === 'failover'
    ? FAILOVER_SETS
    : set.routing.policy === 'geoproximity'
      ? LIMITS.geoproximitySetsPerGroup
      : LIMITS.setsPerGroup;

/** All weighted sets of a group have the same TTL (API Reference, ResourceRecordSet). Alias records have none of their own. */
function checkWeightedTtl(sets: readonly RecordSet[], where: Whereabouts): Fault[] {
  const plain = sets.flatMap((set) =>
    set.routing.policy === 'weighted' && set.content.kind === 'values' ? [{ set, ttl: set.content.ttl }] : [],
  );
  const odd = plain.find(({ ttl }) => ttl !== plain[0]?.ttl);
  if (!odd) return [];
  const text = `${words(odd.set)} cannot be created as weighted sets must contain the same TTL.`;
  return [invalid(text, `TTL ${plain[0]?.ttl}, as the other weighted sets have it`, SHAPE, [...where(odd.set), 'TTL'])];
}

/** What tells the sets of a group apart may stand once: a Region, a geographic location, a failover role, a CIDR location. */
function checkApart(sets: readonly RecordSet[], where: Whereabouts): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  let collection: string | undefined;
  for (const set of sets) {
    const mark = distinction(set);
    if (mark === undefined) continue;
    if (seen.has(mark.value)) {
      const text = `${words(set)} cannot be created as another set of the group has the same ${mark.what}.`;
      faults.push(invalid(text, `each ${mark.what} once in a group`, SHAPE, [...where(set), mark.field]));
    }
    seen.add(mark.value);
    if (set.routing.policy !== 'ip-based') continue;
    const { collectionId } = set.routing.cidrRoutingConfig;
    collection ??= collectionId;
    if (collectionId !== collection) {
      const text = `${words(set)} cannot be created as all sets of the group must use the same CIDR collection.`;
      const source = 'Developer Guide, routing-policy-ipbased';
      faults.push(
        invalid(text, `the CIDR collection ${collection}, as the other sets have it`, source, [
          ...where(set),
          'CidrRoutingConfig',
        ]),
      );
    }
  }
  return faults;
}

function distinction({ routing }: RecordSet): { what: string; field: string; value: string } | undefined {
  switch (routing.policy) {
    case 'latency':
      return { what: 'Region', field: 'Region', value: routing.region };
    case 'geolocation':
      return { what: 'location', field: 'GeoLocation', value: geoLocationText(routing.geoLocation) };
    case 'failover':
      return { what: 'failover role', field: 'Failover', value: routing.failover };
    case 'ip-based':
      return { what: 'CIDR location', field: 'CidrRoutingConfig', value: routing.cidrRoutingConfig.locationName };
    default:
      return undefined;
  }
}

/** A name with a CNAME holds nothing else (RFC 1034 §3.6.2). Sets of one name, in order of arrival. */
export function checkCname(sets: readonly RecordSet[], zone: Name, where: Whereabouts): Fault[] {
  const cname = sets.findIndex((set) => set.type === 'CNAME');
  const other = sets.findIndex((set) => set.type !== 'CNAME');
  if (cname < 0 || other < 0) return [];
  const expected = 'no other record at a name that has a CNAME';
  const source = 'Developer Guide, ResourceRecordTypes';
  if (cname > other) {
    const set = sets[cname] as RecordSet;
    const text = `RRSet of type CNAME with DNS name ${serviceName(set.name)} is not permitted as it conflicts with other records with the same DNS name in zone ${serviceName(zone)}`;
    return [invalid(text, expected, source, where(set))];
  }
  const set = sets[other] as RecordSet;
  const text = `RRSet of type ${set.type} with DNS name ${serviceName(set.name)} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${serviceName(zone)}`;
  return [invalid(text, expected, source, where(set))];
}

/** The apex keeps its NS and SOA records. */
export function checkApex(table: RecordTable, zone: Name, path: JsonPath): Fault[] {
  const source = 'Developer Guide, SOA-NSrecords';
  const faults: Fault[] = [];
  if (!groupAt(table, key(zone) as string as Name, 'SOA'))
    faults.push(invalid('A HostedZone must contain exactly one SOA record.', 'the SOA record of the zone to stay', source, path));
  if (!groupAt(table, key(zone) as string as Name, 'NS'))
    faults.push(
      invalid(
        'A HostedZone must contain at least one NS record for the zone itself.',
        'the NS record of the zone to stay',
        source,
        path,
      ),
    );
  return faults;
}

/**
 * An alias into the record's own zone needs its target there, of the same type (Developer Guide, dns-failover-how-to).
 * Without `zoneId`, as in an export that does not name it, an id that belongs to no service counts as the zone's own
 * when the target's name lies in the zone.
 */
export function checkAlias(set: RecordSet, table: RecordTable, zone: ZoneWords, where: Whereabouts): Fault[] {
  if (set.content.kind !== 'alias') return [];
  const { target } = set.content;
  const tried = `Tried to create an alias that targets ${serviceName(target.dnsName)}, type ${set.type} in zone ${target.hostedZoneId}`;
  const deny = (field: keyof JsonAlias, why: string, expected: string): Fault =>
    invalid(`${tried}, but ${why}`, expected, SHAPE, [...where(set), 'AliasTarget', field]);
  const isOwn = pointsIntoZone(target, zone);
  const right = aliasZoneOf(target.dnsName);
  const isElsewhere = isOwn ? !isSubdomain(target.dnsName, zone.name) : right !== undefined && right !== target.hostedZoneId;
  const isMissing = isOwn && !groupAt(table, target.dnsName, set.type);
  return [
    ...(isElsewhere
      ? [
          deny(
            'HostedZoneId',
            'the alias target name does not lie within the target zone',
            right === undefined ? 'the id of the zone in which the target lies' : `${right}, the id of that service`,
          ),
        ]
      : []),
    ...(isMissing
      ? [deny('DNSName', 'that target was not found', `a record ${serviceName(target.dnsName)} of type ${set.type} in the zone`)]
      : []),
  ];
}

/** The fields of an alias target in the API's shape. */
interface JsonAlias {
  readonly HostedZoneId: string;
  readonly DNSName: string;
}

/**
 * Sets from which CNAMEs, or aliases of one type, lead back to themselves within the zone: each is refused. Whatever of the
 * table they lead through counts as well.
 */
export function checkLoops(sets: Iterable<RecordSet>, table: RecordTable, zone: ZoneWords, where: Whereabouts): Fault[] {
  const leading = [...sets].filter(({ type, content }) => type === 'CNAME' || content.kind === 'alias');
  const endless = endlessFrom(leading, table, zone);
  if (endless.size === 0) return [];
  const leadsBack = (set: RecordSet): boolean => {
    const seen = new Set<string>();
    const open = stepsFrom([set], zone).map(stepKey);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === stepKey(set)) return true;
      if (!seen.has(at)) open.push(...(endless.get(at) ?? []));
      seen.add(at);
    }
    return false;
  };
  return leading
    .filter(leadsBack)
    .map((set) =>
      invalid(
        `RRSet of type ${set.type} with DNS name ${serviceName(set.name)} is not permitted as it creates a CNAME or alias loop in the zone.`,
        'a target that does not lead back here',
        'Developer Guide, resource-record-sets-choosing-alias-non-alias',
        where(set),
      ),
    );
}

/** The steps that can be gone without end from some sets, each with where it leads: nothing, unless there is a circle. */
function endlessFrom(sets: readonly RecordSet[], table: RecordTable, zone: ZoneWords): Map<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>();
  const open: Step[] = [...sets];
  for (let step = open.pop(); step; step = open.pop()) {
    if (ways.has(stepKey(step))) continue;
    const next = stepsFrom(groupAt(table, step.name, step.type)?.sets ?? [], zone);
    ways.set(stepKey(step), next.map(stepKey));
    open.push(...next);
  }
  // What leads nowhere is taken away, and then what led only there, until nothing changes.
  const before = new Map<string, string[]>();
  for (const [from, next] of ways) for (const to of next) before.set(to, [...(before.get(to) ?? []), from]);
  const left = new Map([...ways].map(([from, next]) => [from, next.length]));
  const ends = [...left].filter(([, count]) => count === 0).map(([from]) => from);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    ways.delete(end);
    for (const from of before.get(end) ?? []) {
      const count = (left.get(from) ?? 0) - 1;
      left.set(from, count);
      if (count === 0) ends.push(from);
    }
  }
  return ways;
}

/** What of a zone tells whether an alias points into it. */
interface ZoneWords {
  readonly id?: string;
  readonly name: Name;
}

interface Step {
  readonly name: Name;
  readonly type: ZoneType;
}

const stepKey = ({ name, type }: Step): string => `${name} ${type}`;

/** Where sets lead on within their zone. */
const stepsFrom = (sets: readonly RecordSet[], zone: ZoneWords): Step[] =>
  sets.flatMap(({ type, content }): Step[] => {
    if (content.kind === 'alias') return pointsIntoZone(content.target, zone) ? [{ name: content.target.dnsName, type }] : [];
    if (type !== 'CNAME' || content.kind !== 'values') return [];
    return content.values.map(({ data }) => ({ name: key((data as { readonly target: Name }).target) as string as Name, type }));
  });

/** Whether an alias points at a record of the zone it stands in. */
export function pointsIntoZone(target: { readonly hostedZoneId: string; readonly dnsName: Name }, zone: ZoneWords): boolean {
  if (zone.id !== undefined) return target.hostedZoneId === zone.id;
  return (
    !SERVICE_ZONES.has(target.hostedZoneId) &&
    serviceOf({ ...target, evaluateTargetHealth: false }) === undefined &&
    isSubdomain(target.dnsName, zone.name)
  );
}

/** Sets of one name by type, in order of arrival. */
export function byType(sets: readonly RecordSet[]): Map<ZoneType, RecordSet[]> {
  const types = new Map<ZoneType, RecordSet[]>();
  for (const set of sets) {
    const same = types.get(set.type);
    if (same) same.push(set);
    else types.set(set.type, [set]);
  }
  return types;
}
