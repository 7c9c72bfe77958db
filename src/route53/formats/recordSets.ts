/**
 * A whole zone as `aws route53 list-resource-record-sets` prints it. What is read is written back the same: unknown
 * fields are kept, and records that the file lacks and the zone assumes are left out.
 */
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Name } from '../../dns/name.ts';
import { key } from '../../dns/name.ts';
import { serviceOf } from '../aliases.ts';
import type { DelegationSet } from '../delegation.ts';
import { DOCUMENTATION_SET } from '../delegation.ts';
import type { Fault } from '../faults.ts';
import { within } from '../faults.ts';
import type { HostedZone, VpcReference } from '../hostedZone.ts';
import { newHostedZone } from '../hostedZone.ts';
import { LIMITS } from '../limits.ts';
import { isNameFault, parseServiceName, serviceName } from '../names.ts';
import type { RecordSet } from '../records.ts';
import { groupOf } from '../records.ts';
import { byType, checkAlias, checkCname, checkGroup, checkLoops, pointsIntoZone } from '../rules.ts';
import type { RecordTable, TableDraft } from '../table.ts';
import { allSets, groupAt, listedSets, newTable, putGroups } from '../table.ts';
import type { Imported } from './document.ts';
import { documentText, mistakesOf, readDocument, unknownPaths } from './document.ts';
import type { Draft } from './fields.ts';
import { keepUnknown, newFindings, readList, readObject, refuse, restoreUnknown } from './fields.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';
import { isObject } from './json.ts';
import { readRecordSet, writeRecordSet } from './recordSet.ts';

export interface ZoneOptions {
  /** As mistakes name the file. */
  readonly file: string;
  /** The zone's name where the file has no SOA record. */
  readonly origin?: Name;
  /** The zone's id; by default that which its own alias records name. */
  readonly id?: string;
  readonly delegationSet?: DelegationSet;
  /** VPCs make it a private zone. */
  readonly vpcs?: readonly VpcReference[];
}

const KEYS = new Set(['ResourceRecordSets']);
/** Stands for an id that the file does not tell. */
const UNTOLD_ID = 'Z0IMPORTED0ZONE';

/** Reads a list of record sets as a hosted zone. With a single mistake there is no zone. */
export function importRecordSets(text: string, options: ZoneOptions): Imported<HostedZone> {
  const document = readDocument(text, options.file);
  if ('mistakes' in document) return { mistakes: document.mistakes, unknown: [], notes: [] };
  const findings = newFindings();
  const zone = readZone(document.value, options, findings);
  const unknown = [
    ...unknownPaths(findings.unknown),
    ...(zone?.sets ?? []).flatMap((set, i) => (set?.unknown ? unknownPaths(set.unknown, ['ResourceRecordSets', i]) : [])),
  ];
  if (!zone || findings.faults.length > 0)
    return { mistakes: mistakesOf(text, options.file, document.value, findings.faults), unknown, notes: [] };
  return { value: zone.zone, mistakes: [], unknown, notes: notesOn(zone.zone, document.value) };
}

function readZone(
  document: JsonValue,
  options: ZoneOptions,
  findings: ReturnType<typeof newFindings>,
): { readonly zone: HostedZone; readonly sets: readonly (RecordSet | undefined)[] } | undefined {
  const list = readObject(findings, document, 'an object with ResourceRecordSets', []);
  const entries = list && readList(findings, list.ResourceRecordSets, 'a list of record sets', ['ResourceRecordSets']);
  if (!list || !entries) return undefined;
  keepUnknown(findings, list, KEYS, []);
  const name = zoneNameIn(entries) ?? options.origin;
  if (name === undefined) {
    const expected = 'an SOA record, whose owner names the zone (on the command line, --origin does, too)';
    return refuse(findings, 'InvalidInput', 'The zone has no name', expected, 'Developer Guide, SOA-NSrecords', [
      'ResourceRecordSets',
    ]);
  }
  const isPrivate = options.vpcs !== undefined && options.vpcs.length > 0;
  const context = { zoneName: key(name) as string as Name, isPrivate, action: 'CREATE' as const };
  // One heap of findings serves all sets that are in order, which is nearly all of them.
  let inner = newFindings();
  const sets = entries.map((entry, i) => {
    const set = readRecordSet(entry, context, inner);
    if (inner.faults.length > 0) {
      findings.faults.push(...inner.faults.map((fault) => within(['ResourceRecordSets', i], fault)));
      inner = newFindings();
    }
    return set;
  });
  const zone = newHostedZone({
    id: options.id ?? ownId(sets, context.zoneName) ?? UNTOLD_ID,
    name: context.zoneName,
    callerReference: options.file,
    comment: '',
    scope: isPrivate
      ? { kind: 'private', vpcs: options.vpcs ?? [] }
      : { kind: 'public', delegationSet: options.delegationSet ?? delegationSetIn(sets, context.zoneName) },
  });
  const { records, assumed } = assemble(zone, sets, findings.faults);
  return { sets, zone: { ...zone, records, document: { unknown: findings.unknown, assumed } } };
}

/** The owner of the first SOA record. */
function zoneNameIn(entries: readonly JsonValue[]): Name | undefined {
  const soa = entries.find((entry): entry is JsonObject => isObject(entry) && entry.Type === 'SOA');
  const name = typeof soa?.Name === 'string' ? parseServiceName(soa.Name) : undefined;
  return name === undefined || isNameFault(name) ? undefined : name;
}

/** The id that alias records into the zone itself name. */
function ownId(sets: readonly (RecordSet | undefined)[], zone: Name): string | undefined {
  for (const set of sets)
    if (set?.content.kind === 'alias' && pointsIntoZone(set.content.target, { name: zone }))
      return set.content.target.hostedZoneId;
  return undefined;
}

/** The four servers that the apex NS record names; the documentation set where it names others. */
function delegationSetIn(sets: readonly (RecordSet | undefined)[], zone: Name): DelegationSet {
  const apex = sets.find((set) => set?.type === 'NS' && set.name === zone);
  const texts = apex?.content.kind === 'values' ? apex.content.values.map((value) => parseServiceName(value.text)) : [];
  const [a, b, c, d, ...more] = texts.filter((server): server is Name => !isNameFault(server));
  return a && b && c && d && more.length === 0 ? { nameServers: [a, b, c, d] } : DOCUMENTATION_SET;
}

/** Puts sets together by name and type, and checks what stands beside what. */
function assemble(
  zone: HostedZone,
  sets: readonly (RecordSet | undefined)[],
  faults: Fault[],
): { readonly records: RecordTable; readonly assumed: ReadonlySet<RecordSet> } {
  const records: TableDraft = newTable();
  const names = new Map<Name, RecordSet[]>();
  for (const set of sets) {
    if (!set) continue;
    const same = names.get(set.name);
    if (same) same.push(set);
    else names.set(set.name, [set]);
  }
  const where = (set: RecordSet): JsonPath => ['ResourceRecordSets', sets.indexOf(set)];
  for (const [name, same] of names) {
    const [only] = same;
    if (only && same.length === 1) {
      putGroups(records, zone.name, name, [groupOf(only)]);
      continue;
    }
    const types = [...byType(same).values()];
    const wrong = [...types.flatMap((group) => checkGroup(group, where)), ...checkCname(same, zone.name, where)];
    faults.push(...wrong);
    if (wrong.length === 0)
      putGroups(
        records,
        zone.name,
        name,
        types.map(([first, ...others]) => groupOf(first as RecordSet, ...others)),
      );
  }
  const assumed = addDefaults(records, zone);
  for (const set of sets) if (set?.content.kind === 'alias') faults.push(...checkAlias(set, records, zone, where));
  faults.push(
    ...checkLoops(
      sets.flatMap((set) => set ?? []),
      records,
      zone,
      where,
    ),
  );
  return { records, assumed };
}

/** A zone without NS or SOA record gets the default ones, so that it can answer; they are not written out. */
function addDefaults(records: TableDraft, zone: HostedZone): ReadonlySet<RecordSet> {
  const assumed = new Set<RecordSet>();
  for (const type of ['NS', 'SOA'] as const) {
    const standard = groupAt(zone.records, zone.name, type);
    const present = records.groups.get(zone.name) ?? [];
    if (!standard || present.some((group) => group.type === type || group.type === 'CNAME')) continue;
    putGroups(records, zone.name, zone.name, [...present, standard]);
    for (const set of standard.sets) assumed.add(set);
  }
  return assumed;
}

/** What the export names by id only, or leaves open, and what is assumed instead. */
export function notesOn(zone: HostedZone, document: JsonValue): Reason[] {
  const notes: Reason[] = [];
  const told = new Set<string>();
  const note = (rule: string, text: string): void => {
    if (told.has(text)) return;
    told.add(text);
    notes.push(reason(rule, text, 'Rootwalk default'));
  };
  for (const set of zone.document?.assumed ?? [])
    note('assumed-record', `The file has no ${set.type} record for ${serviceName(zone.name)}: the default one is assumed`);
  for (const set of allSets(zone.records)) {
    if (set.healthCheckId !== undefined)
      note('health-check-by-id', `Health check ${set.healthCheckId} is known by its id only: it counts as healthy`);
    if (set.routing.policy === 'ip-based')
      note(
        'collection-by-id',
        `CIDR collection ${set.routing.cidrRoutingConfig.collectionId} is known by its id only: location * answers`,
      );
    if (set.content.kind === 'policy-record')
      note('policy-by-id', `Policy record ${set.content.trafficPolicyInstanceId} is known by its id only: it gives no answer`);
    if (set.content.kind === 'alias' && !pointsIntoZone(set.content.target, zone)) {
      const service = serviceOf(set.content.target) ?? 'resource';
      note(
        'alias-target',
        `The ${service} ${serviceName(set.content.target.dnsName)} is not in this world: documentation addresses stand in for it`,
      );
    }
  }
  if (zone.records.size > LIMITS.recordSets.most)
    note('many-records', `The zone has ${zone.records.size} records; ${LIMITS.recordSets.most} are the default limit`);
  if (isObject(document) && (document.IsTruncated === true || document.NextToken !== undefined))
    note('truncated-list', 'The list says that there are more records: this is not the whole zone');
  return notes;
}

/** The document of a zone's records, in the order of the API: names with labels reversed, then type. */
export function writeRecordSets(zone: HostedZone): JsonObject {
  const sets = listedSets(zone.records).filter((set) => !zone.document?.assumed.has(set));
  const document: { [key: string]: Draft } = { ResourceRecordSets: sets.map((set) => writeRecordSet(set) as Draft) };
  restoreUnknown(document, zone.document?.unknown);
  return document as JsonObject;
}

export const exportRecordSets = (zone: HostedZone): string => documentText(writeRecordSets(zone));
