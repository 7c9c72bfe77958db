/** Change batches as JSON: `aws route53 change-resource-record-sets --change-batch FILE`. */
import { isSubdomain, labelCount, type Name, parent, ROOT } from '../../dns/name.ts';
import type { Change, ChangeBatch, ChangeResult, KnownIds } from '../changes.ts';
import { applyChangeBatch, checkBatch } from '../changes.ts';
import { DOCUMENTATION_SET } from '../delegation.ts';
import { within } from '../faults.ts';
import type { HostedZone } from '../hostedZone.ts';
import { isPrivate, newHostedZone } from '../hostedZone.ts';
import { LIMITS } from '../limits.ts';
import { isNameFault, parseServiceName } from '../names.ts';
import type { Imported } from './document.ts';
import { mistakesOf, readDocument, unknownPaths } from './document.ts';
import type { Draft, Findings } from './fields.ts';
import { keepUnknown, newFindings, readList, readObject, refuse, refuseKind, restoreUnknown } from './fields.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';
import { isList, isObject } from './json.ts';
import { readRecordSet, writeRecordSet } from './recordSet.ts';
import type { ZoneOptions } from './recordSets.ts';

/** Reads and applies a batch in the API's shape: `{ Comment?, Changes: [{ Action, ResourceRecordSet }] }`. */
export function applyChangeDocument(zone: HostedZone, document: JsonValue, known: KnownIds = {}): ChangeResult {
  const findings = newFindings();
  const batch = readChangeBatch(findings, document, { zoneName: zone.name, isPrivate: isPrivate(zone) });
  return batch && findings.faults.length === 0
    ? applyChangeBatch(zone, batch.changes, known)
    : { ok: false, faults: findings.faults };
}

/**
 * Applies a batch that stands in a file to the zone that holds the names in it; without one, to an empty zone of the name
 * that is told (`origin`).
 */
export function changeWithFile(
  text: string,
  { file, origin, id = 'Z0IMPORTED0ZONE', delegationSet = DOCUMENTATION_SET }: ZoneOptions,
  zoneFor: (owner: Name) => HostedZone | undefined = () => undefined,
): Imported<HostedZone> {
  const document = readDocument(text, file);
  if ('mistakes' in document) return { mistakes: document.mistakes, unknown: [], notes: [] };
  const present = ownersIn(document.value).reduce<HostedZone | undefined>((found, owner) => found ?? zoneFor(owner), undefined);
  if (!present && origin === undefined) {
    const expected = 'the zone’s name (--origin): a change batch does not say it';
    return { mistakes: [{ file, line: 1, column: 1, found: 'a change batch', expected }], unknown: [], notes: [] };
  }
  const zone =
    present ??
    newHostedZone({
      id,
      name: origin as Name,
      callerReference: file,
      comment: '',
      scope: { kind: 'public', delegationSet },
    });
  const findings = newFindings();
  const batch = readChangeBatch(findings, document.value, { zoneName: zone.name, isPrivate: isPrivate(zone) });
  const unknown = batch ? unknownInBatch(batch) : [];
  const result: ChangeResult =
    batch && findings.faults.length === 0 ? applyChangeBatch(zone, batch.changes) : { ok: false, faults: findings.faults };
  if (result.ok) return { value: result.zone, mistakes: [], unknown, notes: [] };
  return { mistakes: mistakesOf(text, file, document.value, result.faults), unknown, notes: [] };
}

/** The form of a batch that stands in a file, in the zone of that name; in the one that its names seem to mean unless told. */
export function checkChangeBatch(text: string, file: string, told?: Name): Imported<ChangeBatch> {
  const document = readDocument(text, file);
  if ('mistakes' in document) return { mistakes: document.mistakes, unknown: [], notes: [] };
  const findings = newFindings();
  const zoneName = told ?? commonZone(ownersIn(document.value));
  const batch = readChangeBatch(findings, document.value, { zoneName, isPrivate: false });
  const faults = batch && findings.faults.length === 0 ? checkBatch(batch.changes) : findings.faults;
  const mistakes = mistakesOf(text, file, document.value, faults);
  const unknown = batch ? unknownInBatch(batch) : [];
  return batch && mistakes.length === 0 ? { value: batch, mistakes, unknown, notes: [] } : { mistakes, unknown, notes: [] };
}

/** The deepest name that all names lie below, two labels at least where there are as many. */
function commonZone([first, ...others]: readonly Name[]): Name {
  let zone = first === undefined ? ROOT : labelCount(first) > 2 ? parent(first) : first;
  while (zone !== ROOT && others.some((name) => !isSubdomain(name, zone))) zone = parent(zone);
  return zone;
}

/** The names that a batch changes, as far as they can be read. */
function ownersIn(document: JsonValue): Name[] {
  const changes = isObject(document) && isList(document.Changes) ? document.Changes : [];
  return changes.flatMap((change) => {
    const set = isObject(change) ? change.ResourceRecordSet : undefined;
    const name = isObject(set) && typeof set.Name === 'string' ? parseServiceName(set.Name) : undefined;
    return name === undefined || isNameFault(name) ? [] : [name];
  });
}

const unknownInBatch = ({ unknown, changes }: ChangeBatch): string[] => [
  ...unknownPaths(unknown),
  ...changes.flatMap(({ set }, i) => unknownPaths(set.unknown, ['Changes', i, 'ResourceRecordSet'])),
];

const BATCH_KEYS = new Set(['Comment', 'Changes']);
const CHANGE_KEYS = new Set(['Action', 'ResourceRecordSet']);
const SOURCE = 'API Reference, ChangeResourceRecordSets';

/** Reads a batch in the API's shape. Paths of faults and unknown fields start at `Changes`. */
export function readChangeBatch(
  findings: Findings,
  document: JsonValue,
  zone: { readonly zoneName: Name; readonly isPrivate: boolean },
): ChangeBatch | undefined {
  const batch = readObject(findings, document, 'an object with Changes', []);
  const list = batch && readList(findings, batch.Changes, 'a list of changes', ['Changes']);
  if (!batch || !list) return undefined;
  keepUnknown(findings, batch, BATCH_KEYS, []);
  if (list.length === 0)
    refuse(findings, 'InvalidInput', 'Invalid request: Changes is empty', 'at least one change', SOURCE, ['Changes']);
  const { Comment } = batch;
  if (Comment !== undefined && (typeof Comment !== 'string' || Comment.length > LIMITS.comment.most))
    refuseKind(findings, Comment, `text of at most ${LIMITS.comment.most} characters`, ['Comment']);
  const changes = list.flatMap((entry, i) => {
    const change = readChange(findings, entry, ['Changes', i], zone);
    return change ? [change] : [];
  });
  const comment = typeof Comment === 'string' ? { comment: Comment } : {};
  const unknown = findings.unknown.length > 0 ? { unknown: [...findings.unknown] } : {};
  return { changes, ...comment, ...unknown };
}

function readChange(
  findings: Findings,
  entry: JsonValue,
  path: JsonPath,
  zone: { readonly zoneName: Name; readonly isPrivate: boolean },
): Change | undefined {
  const change = readObject(findings, entry, 'an object with Action and ResourceRecordSet', path);
  if (!change) return undefined;
  keepUnknown(findings, change, CHANGE_KEYS, path);
  const { Action: action } = change;
  if (action !== 'CREATE' && action !== 'DELETE' && action !== 'UPSERT') {
    const text = `Value '${String(action)}' at 'changeBatch.changes.${Number(path[1]) + 1}.member.action' failed to satisfy constraint: Member must satisfy enum value set: [CREATE, DELETE, UPSERT]`;
    return refuse(findings, 'InvalidInput', text, 'CREATE, DELETE or UPSERT', SOURCE, [...path, 'Action']);
  }
  const inner = newFindings();
  const set = readRecordSet(change.ResourceRecordSet, { ...zone, action }, inner);
  const place: JsonPath = [...path, 'ResourceRecordSet'];
  findings.faults.push(...inner.faults.map((fault) => within(place, fault)));
  return set && { action, set };
}

/** Writes a batch in the API's shape. */
export function writeChangeBatch(batch: ChangeBatch): JsonObject {
  const json: { [key: string]: Draft } = {};
  if (batch.comment !== undefined) json.Comment = batch.comment;
  json.Changes = batch.changes.map(({ action, set }) => ({ Action: action, ResourceRecordSet: writeRecordSet(set) as Draft }));
  restoreUnknown(json, batch.unknown);
  return json as JsonObject;
}
