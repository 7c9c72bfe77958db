/** The zones of a trace as the console shows them: each a hosted zone in Route 53's own terms, at an instant, row by row. */
import type { Instant } from '../../../base/time.ts';
import { isSubdomain, key, type Name, sameName } from '../../../dns/name.ts';
import { dataText } from '../../../dns/presentation.ts';
import { dataOf, isOpaque, type ResourceRecord } from '../../../dns/record.ts';
import { serverNumber } from '../../../route53/delegation.ts';
import { importRecordSets } from '../../../route53/formats/recordSets.ts';
import { type HostedZone, isPrivate, type VpcReference } from '../../../route53/hostedZone.ts';
import { octalEscapes, serviceName } from '../../../route53/names.ts';
import { isZoneType, type RecordSet, setIdentifierOf, toldApartBy } from '../../../route53/records.ts';
import { listedSets } from '../../../route53/table.ts';
import { type HostedZoneDetail, hostedZoneDetail } from '../../../scenario/route53/hostedZoneDetail.ts';
import type { HostId, Trace, ZoneChange } from '../../../trace/trace.ts';

/** A zone at an instant. */
export interface ShownZone {
  /** The word that lines of the scenario use for it. */
  readonly word: string;
  readonly zone: HostedZone;
  /** Whether it is a hosted zone of the scenario, with policies and health checks, or a plain zone served by the same servers. */
  readonly hosted: boolean;
  readonly servers: readonly HostId[];
  /** The four names that it shows, with their final dots; those of a private zone are never asked. */
  readonly nameServers: readonly string[];
  /** Of a private zone. */
  readonly vpcs: readonly VpcReference[];
  /** Whether it was made in Lightsail's console. */
  readonly lightsail: boolean;
  /** When each of the four servers has the newest version; absent for a plain zone, which has it at once. */
  readonly adoptedAt?: readonly Instant[];
  /** As `get-dnssec` prints it; absent while the zone is not signed by Route 53. */
  readonly dnssec?: NonNullable<HostedZoneDetail['dnssec']>;
}

/** What the console shows at an instant, in the order in which the zones appeared: hosted zones, and plain zones on Route 53's servers. */
export function shownZones(trace: Trace, at: Instant): ShownZone[] {
  const newest = new Map<string, ZoneChange>();
  for (const change of trace.zoneChanges)
    if (change.at <= at) newest.set(hostedZoneDetail(change)?.id ?? key(change.zone), change);
  return [...newest.values()].flatMap((change) => (hostedZoneDetail(change)?.deleted ? [] : (shown(change) ?? [])));
}

const known = new WeakMap<ZoneChange, ShownZone | undefined>();

function shown(change: ZoneChange): ShownZone | undefined {
  if (!known.has(change)) known.set(change, read(change));
  return known.get(change);
}

function read(change: ZoneChange): ShownZone | undefined {
  const { zone: name, servers, records } = change;
  const detail = hostedZoneDetail(change);
  if (!detail && !isOnRoute53(name, records)) return undefined;
  const document = detail?.document ?? { ResourceRecordSets: plainSets(records) };
  const { value } = importRecordSets(JSON.stringify(document), {
    file: name,
    origin: name,
    ...(detail ? { id: detail.id } : {}),
    ...(detail?.vpcs ? { vpcs: detail.vpcs } : {}),
  });
  if (!value) return undefined;
  return {
    word: detail?.key ?? name.slice(0, -1),
    zone: value,
    hosted: detail !== undefined,
    servers,
    nameServers: detail?.nameServers ?? nameServersIn(name, records),
    vpcs: detail?.vpcs ?? [],
    lightsail: detail?.lightsail === true,
    ...(detail && !isPrivate(value) ? { adoptedAt: detail.change.adoptedAt } : {}),
    ...(detail?.dnssec ? { dnssec: detail.dnssec } : {}),
  };
}

/** Whether Route 53's servers have it and are not themselves named in it. */
function isOnRoute53(zone: Name, records: readonly ResourceRecord[]): boolean {
  const servers = nameServersIn(zone, records);
  return servers.length > 0 && servers.every((server) => serverNumber(server) !== undefined && !isSubdomain(server, zone));
}

const nameServersIn = (zone: Name, records: readonly ResourceRecord[]): Name[] =>
  records.flatMap((record) => (sameName(record.name, zone) ? (dataOf(record, 'NS')?.nameServer ?? []) : []));

/** Records of a plain zone as sets in the API's shape. */
function plainSets(records: readonly ResourceRecord[]): object[] {
  const sets = new Map<string, { Name: string; Type: string; TTL: number; ResourceRecords: { Value: string }[] }>();
  for (const { name, type, ttl, data } of records) {
    if (!isZoneType(type) || isOpaque(data)) continue;
    const at = `${key(name)} ${type}`;
    const set = sets.get(at) ?? { Name: serviceName(key(name) as string as Name), Type: type, TTL: ttl, ResourceRecords: [] };
    sets.set(at, set);
    set.ResourceRecords.push({ Value: octalEscapes(dataText(type, data)) });
  }
  return [...sets.values()];
}

/** One line of the table. */
export interface RecordRow {
  /** Identity of the set in its zone: name, type and set identifier. */
  readonly id: string;
  readonly set: RecordSet;
  /** "www", or the zone's own name at its apex. */
  readonly label: string;
  /** Whether it is the first of its owner name. */
  readonly first: boolean;
  /** How it differs from the others of its group: "blue, weight 70". */
  readonly apart: string;
  /** The first values, and how many more. */
  readonly value: string;
  /** "172 800"; empty where an alias record has none of its own. */
  readonly ttl: string;
}

export const rowId = (set: RecordSet): string => `${set.name} ${set.type} ${setIdentifierOf(set) ?? ''}`;

export function rowsOf({ name: zone, records }: HostedZone): RecordRow[] {
  const sets = listedSets(records);
  return sets.map((set, i) => ({
    id: rowId(set),
    set,
    label: labelIn(set.name, zone),
    first: sets[i - 1]?.name !== set.name,
    apart: apartText(set),
    value: valueText(set),
    ttl: set.content.kind === 'values' ? thousands(set.content.ttl) : '',
  }));
}

/** An owner name as it is typed in a form: without the zone's name, and a wildcard as the star that it is. */
export const labelIn = (name: Name, zone: Name): string =>
  name === zone
    ? serviceName(zone)
    : serviceName(name)
        .slice(0, -serviceName(zone).length - 1)
        .replace(/^\\052(?=\.|$)/, '*');

function apartText(set: RecordSet): string {
  const identifier = setIdentifierOf(set);
  if (identifier === undefined) return '';
  const apart = toldApartBy(set.routing);
  if (apart === '' || apart === identifier) return identifier;
  return set.routing.policy === 'failover' || apart.startsWith(`${identifier}, `) ? apart : `${identifier}, ${apart}`;
}

export function valueText({ type, content }: RecordSet): string {
  switch (content.kind) {
    case 'values': {
      const [first, ...others] = content.values.map(({ text }) => text);
      if (type === 'SOA') return `${first?.split(' ')[0] ?? ''} …`;
      return others.length === 0 ? (first ?? '') : `${first} and ${others.length}`;
    }
    case 'alias':
      return `alias to ${serviceName(content.target.dnsName)}`;
    case 'policy-record':
      return `traffic policy ${content.trafficPolicyInstanceId}`;
  }
}

/** 172800 as "172 800". */
export const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ' ');

/** Of several zones the one that a name lies deepest in, else the first. */
export function zoneOfName(zones: readonly ShownZone[], name: Name): ShownZone | undefined {
  const over = zones.filter(({ zone }) => !isPrivate(zone) && isSubdomain(name, zone.name));
  return over.sort((a, b) => b.zone.name.length - a.zone.name.length)[0] ?? zones[0];
}

/** One change of a zone: what somebody did, and when. */
export interface PastChange {
  readonly stimulus: number;
  readonly at: Instant;
  /** "edit example.com: www 60 A 192.0.2.99". */
  readonly text: string;
  readonly whatIf: boolean;
}

/** What was done to a zone until an instant, the newest first. */
export function pastChanges(trace: Trace, { word }: ShownZone, until: Instant): PastChange[] {
  const isAbout = (line: unknown): boolean =>
    ['edit', 'change', 'undo', 'lightsail', 'associate', 'disassociate', 'sign', 'unsign', 'signingKey'].some(
      (verb) => (line as Record<string, unknown>)[verb] === word,
    );
  return trace.stimuli
    .filter(({ at, line }) => at <= until && isAbout(line))
    .map(({ id, at, text, whatIf }) => ({ stimulus: id, at, text, whatIf }))
    .reverse();
}
