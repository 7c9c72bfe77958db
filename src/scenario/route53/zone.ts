/** A hosted zone as a scenario describes it, read by the rules of the service. */
import type { Name } from '../../dns/name.ts';
import { key, name as nameOf } from '../../dns/name.ts';
import { dataText } from '../../dns/presentation.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import { applyChanges, type Change, type KnownIds } from '../../route53/changes.ts';
import { DOCUMENTATION_SET } from '../../route53/delegation.ts';
import type { Fault } from '../../route53/faults.ts';
import { within } from '../../route53/faults.ts';
import { newFindings } from '../../route53/formats/fields.ts';
import type { JsonObject } from '../../route53/formats/json.ts';
import { readRecordSet } from '../../route53/formats/recordSet.ts';
import { type HostedZone, isPrivate, newHostedZone, type VpcReference } from '../../route53/hostedZone.ts';
import { type DomainEntry, entryName, hostedZoneOf } from '../../route53/lightsail.ts';
import { octalEscapes, serviceName } from '../../route53/names.ts';
import { isZoneType, type RecordSet } from '../../route53/records.ts';
import { allSets } from '../../route53/table.ts';
import type { World } from '../schema.ts';

export type HostedZoneLine = NonNullable<World['hostedZones']>[string];

/** What is wrong with a description; the path starts at the zone's own mapping. */
export type Read<T> = { readonly value: T; readonly faults: readonly Fault[] };

export interface ZoneFrame {
  readonly key: string;
  readonly id: string;
  readonly vpcs: readonly VpcReference[];
  /** The records that a world has for this name already, as a plain zone. */
  readonly present: readonly ResourceRecord[];
  /** The zone of an earlier layer of this key. */
  readonly earlier?: HostedZone;
  readonly known?: KnownIds;
}

/** The zone that a line describes, with as much of it as is in order; and what is not. */
export function readHostedZone(line: HostedZoneLine, frame: ZoneFrame): Read<HostedZone> {
  const name = key(nameOf(absolute(line.name ?? frame.key))) as string as Name;
  if (line.entries) return readLightsail(name, line.entries, frame);
  const empty = newHostedZone({
    id: frame.id,
    name,
    callerReference: frame.key,
    comment: '',
    scope: frame.vpcs.length > 0 ? { kind: 'private', vpcs: frame.vpcs } : { kind: 'public', delegationSet: DOCUMENTATION_SET },
  });
  const kept = line.replace || isPrivate(empty) ? [] : simpleSets(frame.present, empty);
  const base = line.replace ? empty : (frame.earlier ?? withSets(empty, kept).value);
  return withRecords(base, line.records ?? [], frame.known);
}

const absolute = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

function readLightsail(name: Name, entries: readonly DomainEntryLine[], frame: ZoneFrame): Read<HostedZone> {
  const read = hostedZoneOf({ name, entries: entries.map((entry) => domainEntry(entry, name)) }, DOCUMENTATION_SET, frame.id);
  if (read.ok) return { value: read.zone, faults: [] };
  const value = newHostedZone({
    id: frame.id,
    name,
    callerReference: frame.key,
    comment: '',
    scope: { kind: 'public', delegationSet: DOCUMENTATION_SET },
  });
  return { value, faults: read.faults.map((fault) => within(['entries'], fault)) };
}

export type DomainEntryLine = NonNullable<HostedZoneLine['entries']>[number];

/** An entry with its name in full. */
export const domainEntry = ({ name, isAlias = false, ...entry }: DomainEntryLine, zone: Name): DomainEntry => ({
  ...entry,
  isAlias,
  name: entryName(name, zone),
});

/** A zone with sets in the API's shape, which take the place of all sets of their names and types. */
function withRecords(zone: HostedZone, records: readonly JsonObject[], known: KnownIds = {}): Read<HostedZone> {
  const faults: Fault[] = [];
  const sets = new Map<RecordSet, number>();
  for (const [i, record] of records.entries()) {
    const findings = newFindings();
    const set = readRecordSet(record, { zoneName: zone.name, isPrivate: isPrivate(zone), action: 'CREATE' }, findings);
    faults.push(...findings.faults.map((fault) => within(['records', i], fault)));
    if (set) sets.set(set, i);
  }
  const { value, faults: beside } = withSets(zone, [...sets.keys()], known);
  const numbers = [...sets.values()];
  // Beside records that cannot be read, an alias may miss its target only because that is one of them.
  const wrong = faults.length > 0 ? beside.filter(({ text }) => !text.includes('target was not found')) : beside;
  const placed = wrong.map((fault) => ({
    ...fault,
    path: ['records', numbers[Number(fault.path[1])] ?? 0, ...fault.path.slice(3)],
  }));
  return { value: faults.length > 0 ? zone : value, faults: [...faults, ...placed] };
}

/** Paths of faults count the sets given, as `Changes`. */
function withSets(zone: HostedZone, sets: readonly RecordSet[], known: KnownIds = {}): Read<HostedZone> {
  if (sets.length === 0) return { value: zone, faults: [] };
  const given = new Set(sets.map(groupKey));
  const gone = [...allSets(zone.records)].filter((set) => given.has(groupKey(set)));
  const changes: Change[] = [
    ...gone.map((set): Change => ({ action: 'DELETE', set })),
    ...sets.map((set): Change => ({ action: 'CREATE', set })),
  ];
  // A zone that is there from the start may be one whose quota was raised.
  const result = applyChanges(zone, changes, { ...known, quota: Number.POSITIVE_INFINITY });
  if (result.ok) return { value: result.zone, faults: [] };
  return {
    value: zone,
    faults: result.faults.map((fault) => ({
      ...fault,
      path: fault.path.map((part, i) => (i === 1 && typeof part === 'number' ? part - gone.length : part)),
    })),
  };
}

const groupKey = ({ name, type }: RecordSet): string => `${name} ${type}`;

/** Plain records as simple sets, those of the apex that every hosted zone has of itself left out. */
export function simpleSets(records: readonly ResourceRecord[], zone: HostedZone): RecordSet[] {
  const groups = new Map<string, ResourceRecord[]>();
  for (const record of records) {
    const owner = key(record.name) as string as Name;
    if (owner === zone.name && (record.type === 'SOA' || record.type === 'NS')) continue;
    if (!isZoneType(record.type)) continue;
    const group = `${owner} ${record.type}`;
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  return [...groups.values()].flatMap((group) => simpleSetOf(group, zone) ?? []);
}

/** A simple set in the API's shape, from records of one owner name and type. */
export const simpleJson = ([first, ...others]: readonly ResourceRecord[]): JsonObject | undefined =>
  first && {
    Name: serviceName(key(first.name) as string as Name),
    Type: first.type,
    TTL: first.ttl,
    ResourceRecords: [first, ...others].map((record) => ({ Value: octalEscapes(dataText(record.type, record.data)) })),
  };

const simpleSetOf = (group: readonly ResourceRecord[], zone: HostedZone): RecordSet | undefined =>
  readRecordSet(simpleJson(group), { zoneName: zone.name, isPrivate: isPrivate(zone), action: 'CREATE' });
