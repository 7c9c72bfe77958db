/**
 * What the record form's contents come to: they are judged by the service's own rules, and when they hold become a line of the
 * scenario.
 */
import type { Reason } from '../../../base/reason.ts';
import type { Name } from '../../../dns/name.ts';
import { recordText } from '../../../dns/presentation.ts';
import { adviceOn } from '../../../route53/advice.ts';
import type { AliasResource } from '../../../route53/aliases.ts';
import { recordOf } from '../../../route53/answer.ts';
import type { KnownIds } from '../../../route53/changes.ts';
import type { Fault } from '../../../route53/faults.ts';
import { applyChangeDocument } from '../../../route53/formats/changeBatch.ts';
import type { JsonObject } from '../../../route53/formats/json.ts';
import { writeRecordSet } from '../../../route53/formats/recordSet.ts';
import type { HostedZone } from '../../../route53/hostedZone.ts';
import { serviceName } from '../../../route53/names.ts';
import { type RecordGroup, type RecordSet, setIdentifierOf, type ZoneType } from '../../../route53/records.ts';
import { groupAt } from '../../../route53/table.ts';
import type { Line } from '../../../scenario/schema.ts';
import { canonical, type FormFault } from './fields.ts';
import type { RecordDraft } from './form.ts';
import { ownerName, setJson } from './formJson.ts';
import type { ShownZone } from './records.ts';

type RecordField = 'name' | 'type' | 'ttl' | 'values' | 'identifier' | 'apart' | 'healthCheck' | 'alias' | 'form';

/** What is wrong with a field; `member` counts the group's records. */
export interface FieldFault extends FormFault<RecordField> {
  readonly member: number;
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

function fieldFault({ path, expected, text }: Fault, changes: readonly DraftChange[]): FieldFault {
  const member = changes[Number(path[1])]?.member ?? 0;
  return { field: FIELDS[String(path[3])] ?? 'form', member, words: `Needed: ${expected}.`, said: text };
}

const FIELDS: Readonly<Record<string, RecordField>> = {
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
