/**
 * Zone files by Route 53's rules (Developer Guide, resource-record-sets-creating-import): the file's SOA and apex NS
 * records are ignored, names without a final dot get the zone's name, everything becomes a simple record, and if one
 * record already exists nothing is created. There is no way back: Route 53 writes no zone files.
 */
import type { Mistake } from '../../base/mistake.ts';
import { quoted } from '../../base/mistake.ts';
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Name } from '../../dns/name.ts';
import { key, ROOT, sameName } from '../../dns/name.ts';
import { dataText } from '../../dns/presentation.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import { isOpaque } from '../../dns/record.ts';
import type { MasterFile } from '../../dns/zone/masterFile.ts';
import { parseMasterFile } from '../../dns/zone/masterFile.ts';
import type { Change } from '../changes.ts';
import { applyChanges } from '../changes.ts';
import { DOCUMENTATION_SET } from '../delegation.ts';
import type { HostedZone } from '../hostedZone.ts';
import { isPrivate, newHostedZone } from '../hostedZone.ts';
import { LIMITS } from '../limits.ts';
import { octalEscapes, serviceName } from '../names.ts';
import type { RecordSet } from '../records.ts';
import { ZONE_TYPES } from '../records.ts';
import type { Imported } from './document.ts';
import { newFindings } from './fields.ts';
import type { JsonObject } from './json.ts';
import { readRecordSet } from './recordSet.ts';
import type { ZoneOptions } from './recordSets.ts';
import { type AliasLine, aliasLinesIn, fieldsAt, hasRemarks } from './remarks.ts';

/** Seconds for records whose TTL neither the record nor $TTL gives: the console's default. */
const DEFAULT_TTL = 300;

/** Adds the records of a zone file to a hosted zone, all or none: everything becomes a simple record. */
export const importZoneFile = (text: string, zone: HostedZone, file: string): Imported<HostedZone> =>
  addRecords({ text, aliases: [] }, zone, file, () => undefined);

type Remarks = (line: number) => JsonObject | undefined;

function addRecords(
  { text, aliases }: ReturnType<typeof aliasLinesIn>,
  zone: HostedZone,
  file: string,
  remarks: Remarks,
): Imported<HostedZone> {
  const forbidden = forbiddenDirective(text, file);
  const read = parseMasterFile(text, { file, origin: zone.name, defaultTtl: DEFAULT_TTL });
  // A directive that makes the import fail is told once, and not as a mistake of the file's syntax.
  const mistakes: Mistake[] = forbidden
    ? [forbidden, ...read.mistakes.filter((m) => m.line !== forbidden.line)]
    : [...read.mistakes];
  const { sets, notes } = gather(read, zone, mistakes, remarks);
  for (const alias of aliases) {
    const place = { file, line: alias.line, column: 1 };
    const set = setFrom(aliasJson(alias, zone), zone, place, `${alias.owner} ALIAS ${alias.type}`, mistakes);
    if (set) sets.set(set, place);
  }
  if (mistakes.length > 0) return { mistakes, unknown: [], notes };
  const changes = [...sets.keys()].map((set): Change => ({ action: 'CREATE', set }));
  const result = changes.length === 0 ? { ok: true as const, zone } : applyChanges(zone, changes);
  if (result.ok) return { value: result.zone, mistakes: [], unknown: [], notes };
  const inOrder = [...sets.values()];
  return {
    mistakes: result.faults.map((fault) => {
      const number = typeof fault.path[1] === 'number' ? fault.path[1] : -1;
      const set = changes[number]?.set;
      return {
        ...(inOrder[number] ?? read.placeOf()),
        found: quoted(set ? `${serviceName(set.name)} ${set.type}` : fault.text),
        expected: fault.expected,
      };
    }),
    unknown: [],
    notes,
  };
}

/**
 * Reads a zone file as a hosted zone of its own: its name is the SOA's owner, else `origin`. Remarks after cli53's convention
 * are read as what they say, so that what `zoneFileOf` writes comes back.
 */
export function zoneFromFile(whole: string, options: ZoneOptions): Imported<HostedZone> {
  const lines = aliasLinesIn(whole);
  const { text } = lines;
  const read = parseMasterFile(text, {
    file: options.file,
    defaultTtl: DEFAULT_TTL,
    ...(options.origin ? { origin: options.origin } : {}),
  });
  const name = read.records.find((record) => record.type === 'SOA')?.name ?? options.origin;
  if (name === undefined || name === ROOT) {
    const expected = 'an SOA record, whose owner names the zone (on the command line, --origin does, too)';
    return { mistakes: [...read.mistakes, { ...read.placeOf(), found: 'no SOA record', expected }], unknown: [], notes: [] };
  }
  const zone = newHostedZone({
    id: options.id ?? 'Z0IMPORTED0ZONE',
    name,
    callerReference: options.file,
    comment: '',
    scope: options.vpcs?.length
      ? { kind: 'private', vpcs: options.vpcs }
      : { kind: 'public', delegationSet: options.delegationSet ?? DOCUMENTATION_SET },
  });
  if (!hasRemarks(whole)) return importZoneFile(text, zone, options.file);
  const own = whole.split('\n');
  const imported = addRecords(lines, zone, options.file, (line) => fieldsAt(own[line - 1] ?? ''));
  return imported.value ? { ...imported, notes: [...imported.notes, REMARKS_READ] } : imported;
}

const REMARKS_READ = reason(
  'remarks',
  'What comments say of routing and alias records counts here; an import by Route 53 would not see it',
  'cli53, README',
);

/** An alias line in the API's shape. */
const aliasJson = ({ owner, type, target, zoneId, evaluates, more }: AliasLine, zone: HostedZone): JsonObject => ({
  Name:
    owner === '@'
      ? serviceName(zone.name)
      : owner.endsWith('.')
        ? octalEscapes(owner)
        : `${octalEscapes(owner)}.${serviceName(zone.name)}`,
  Type: type,
  AliasTarget: {
    HostedZoneId: zoneId === '$self' ? zone.id : zoneId,
    DNSName: target.endsWith('.') ? target : `${target}.${serviceName(zone.name)}`,
    EvaluateTargetHealth: evaluates,
  },
  ...more,
});

/** `$GENERATE` and `$INCLUDE` make the import fail. */
function forbiddenDirective(text: string, file: string): Mistake | undefined {
  const found = /^\$(GENERATE|INCLUDE)\b/im.exec(text);
  if (!found) return undefined;
  const line = text.slice(0, found.index).split('\n').length;
  return { file, line, column: 1, found: quoted(found[0]), expected: '$ORIGIN or $TTL: Route 53 takes no other directive' };
}

/** Sets from records of one name and type, with the first record of each; what cannot be taken becomes a mistake. */
function gather(
  read: MasterFile,
  zone: HostedZone,
  mistakes: Mistake[],
  remarks: Remarks,
): { readonly sets: Map<RecordSet, Place>; readonly notes: readonly Reason[] } {
  const notes: Reason[] = [];
  const groups = new Map<string, { first: ResourceRecord; values: string[]; more: JsonObject }>();
  let count = 0;
  for (const record of read.records) {
    const wrong = (found: string, expected: string): void => {
      mistakes.push({ ...read.placeOf(record), found: quoted(found), expected });
    };
    if (record.class !== 'IN') wrong(record.class, 'class IN');
    else if (isIgnored(record, zone.name)) notes.push(ignored(record));
    else {
      if (++count === LIMITS.importedRecords.most + 1)
        wrong(record.name, `at most ${LIMITS.importedRecords.most} records in one import`);
      if (isOpaque(record.data)) {
        wrong(record.type, `a type and data that Route 53 has (${ZONE_TYPES.join(', ')})`);
        continue;
      }
      const more = remarks(read.placeOf(record).line) ?? {};
      const id = `${key(record.name)} ${record.type} ${String(more.SetIdentifier ?? '')}`;
      const group = groups.get(id) ?? { first: record, values: [], more };
      groups.set(id, group);
      const text = octalEscapes(dataText(record.type, record.data));
      if (!group.values.includes(text)) group.values.push(text);
    }
  }
  const sets = new Map<RecordSet, Place>();
  for (const { first, values, more } of groups.values()) {
    const place = read.placeOf(first);
    const set = setFrom({ ...simpleJson(first, values), ...more }, zone, place, `${first.name} ${first.type}`, mistakes);
    if (set) sets.set(set, place);
  }
  return { sets, notes };
}

type Place = Pick<Mistake, 'file' | 'line' | 'column'>;

/** A set from its fields; what is wrong with them becomes mistakes at its place. */
function setFrom(json: JsonObject, zone: HostedZone, place: Place, found: string, mistakes: Mistake[]): RecordSet | undefined {
  const findings = newFindings();
  const set = readRecordSet(json, { zoneName: zone.name, isPrivate: isPrivate(zone), action: 'CREATE' }, findings);
  for (const fault of findings.faults) mistakes.push({ ...place, found: quoted(found), expected: fault.expected });
  return findings.faults.length > 0 ? undefined : set;
}

/** Records of one set share the first one's TTL. */
const simpleJson = (first: ResourceRecord, values: readonly string[]): JsonObject => ({
  Name: serviceName(first.name),
  Type: first.type,
  TTL: first.ttl,
  ResourceRecords: values.map((Value) => ({ Value })),
});

const isIgnored = (record: ResourceRecord, zone: Name): boolean =>
  record.type === 'SOA' || (record.type === 'NS' && sameName(record.name, zone));

const ignored = (record: ResourceRecord): Reason =>
  reason(
    'ignored-record',
    `The file’s ${record.type} record for ${record.name} is ignored: the hosted zone has its own`,
    'Developer Guide, resource-record-sets-creating-import',
  );
