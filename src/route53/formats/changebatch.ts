/** Change batches as JSON: `aws route53 change-resource-record-sets --change-batch FILE`. */
import type { Name } from '../../dns/name.ts';
import type { Change, ChangeBatch, ChangeResult, KnownIds } from '../changes.ts';
import { applyChangeBatch } from '../changes.ts';
import { within } from '../faults.ts';
import type { HostedZone } from '../hostedzone.ts';
import { isPrivate } from '../hostedzone.ts';
import { LIMITS } from '../limits.ts';
import type { Draft, Findings } from './fields.ts';
import { keepUnknown, newFindings, readList, readObject, refuse, refuseKind, restoreUnknown } from './fields.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';
import { readRecordSet, writeRecordSet } from './recordset.ts';

/** Reads and applies a batch in the API's shape: `{ Comment?, Changes: [{ Action, ResourceRecordSet }] }`. */
export function applyChangeDocument(zone: HostedZone, document: JsonValue, known: KnownIds = {}): ChangeResult {
  const findings = newFindings();
  const batch = readChangeBatch(findings, document, { zoneName: zone.name, isPrivate: isPrivate(zone) });
  return batch && findings.faults.length === 0
    ? applyChangeBatch(zone, batch.changes, known)
    : { ok: false, faults: findings.faults };
}

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
