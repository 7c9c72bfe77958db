/**
 * Change batches: `ChangeResourceRecordSets` as a function from zone to zone. A batch applies whole or not at all
 * (API Reference, ChangeResourceRecordSets).
 */
import type { Name } from '../dns/name.ts';
import type { Fault } from './faults.ts';
import { setBrackets } from './faults.ts';
import type { JsonPath } from './formats/json.ts';
import type { HostedZone } from './hostedZone.ts';
import { LIMITS } from './limits.ts';
import type { RecordSet, UnknownField } from './records.ts';
import { groupOf, setIdentifierOf } from './records.ts';
import { byType, checkAlias, checkApex, checkCname, checkGroup, checkLoops } from './rules.ts';
import { copyTable, putGroups } from './table.ts';

const SOURCE = 'API Reference, ChangeResourceRecordSets';

export type Action = 'CREATE' | 'DELETE' | 'UPSERT';

export interface Change {
  readonly action: Action;
  readonly set: RecordSet;
}

export interface ChangeBatch {
  readonly comment?: string;
  readonly changes: readonly Change[];
  readonly unknown?: readonly UnknownField[];
}

/** What the account knows besides the zone: ids that a record may name. Without it, ids are not checked. */
export interface KnownIds {
  readonly healthChecks?: ReadonlySet<string>;
  readonly cidrCollections?: ReadonlyMap<string, ReadonlySet<string>>;
  /** How many records the zone may have; the default quota unless told. What it has already it keeps. */
  readonly quota?: number;
}

export type ChangeResult =
  | { readonly ok: true; readonly zone: HostedZone }
  /** In the order of the batch. Never empty. */
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Applies changes in order to a working copy and checks the outcome. With a single fault nothing changes. Paths of
 * faults start at `Changes`.
 */
export function applyChangeBatch(zone: HostedZone, changes: readonly Change[], known: KnownIds = {}): ChangeResult {
  const faults = checkSize(changes);
  return faults.length > 0 ? { ok: false, faults } : applyChanges(zone, changes, known);
}

/** The same without the size limits of one request: for what the service splits into several, or undoes. */
export function applyChanges(zone: HostedZone, changes: readonly Change[], known: KnownIds = {}): ChangeResult {
  const faults: Fault[] = [];
  const working: Working = { zone, names: new Map(), places: new Map(), done: new Set() };
  for (const [i, change] of changes.entries()) {
    const fault = apply(working, change, ['Changes', i, 'ResourceRecordSet']);
    if (fault) faults.push(fault);
    else if (change.action !== 'DELETE') faults.push(...checkIds(change.set, known, ['Changes', i, 'ResourceRecordSet']));
  }
  return faults.length > 0 ? { ok: false, faults } : outcome(working, known.quota);
}

/** A zone while a batch is being applied to it. */
interface Working {
  readonly zone: HostedZone;
  /** The names that the batch touches, each with its sets in order of arrival. */
  readonly names: Map<Name, RecordSet[]>;
  readonly places: Map<RecordSet, JsonPath>;
  readonly done: Set<string>;
}

/** Applies one change to the working copy; gives what is wrong with it, if anything. */
function apply(working: Working, change: Change, path: JsonPath): Fault | undefined {
  const { action, set } = change;
  const identifier = setIdentifierOf(set);
  const deny = (text: string, expected: string): Fault => ({ code: 'InvalidChangeBatch', text, expected, path, source: SOURCE });
  const task = taskOf(change);
  if (working.done.has(task)) return twice(change, path);
  working.done.add(task);
  const sets = setsAt(working, set.name);
  const i = sets.findIndex((other) => other.type === set.type && setIdentifierOf(other) === identifier);
  const present = sets[i];
  if (action === 'CREATE' && present) {
    const text = `Tried to create resource record set ${setBrackets(set.name, set.type, identifier)} but it already exists`;
    return deny(text, 'UPSERT for a record that exists');
  }
  if (action === 'DELETE') {
    const tried = `Tried to delete resource record set ${setBrackets(set.name, set.type, identifier)}`;
    if (!present) return deny(`${tried} but it was not found`, 'a record that exists');
    if (!sameContent(present, set))
      return deny(`${tried} but the values provided do not match the current values`, 'TTL and values as they are stored');
    sets.splice(i, 1);
    return undefined;
  }
  if (present) sets[i] = set;
  else sets.push(set);
  working.places.set(set, path);
  return undefined;
}

function setsAt({ zone, names }: Working, name: Name): RecordSet[] {
  let sets = names.get(name);
  if (!sets) {
    sets = (zone.records.groups.get(name) ?? []).flatMap((group): readonly RecordSet[] => group.sets);
    names.set(name, sets);
  }
  return sets;
}

/** Checks the final state and makes it the zone. */
function outcome({ zone, names, places }: Working, quota: number = LIMITS.recordSets.most): ChangeResult {
  const where = (set: RecordSet): JsonPath => places.get(set) ?? ['Changes'];
  const faults: Fault[] = [];
  const records = copyTable(zone.records);
  for (const [name, sets] of names) {
    const types = [...byType(sets).values()];
    const wrong = [...types.flatMap((same) => checkGroup(same, where)), ...checkCname(sets, zone.name, where)];
    faults.push(...wrong);
    if (wrong.length > 0) continue;
    const groups = types.map(([first, ...others]) => groupOf(first as RecordSet, ...others));
    putGroups(records, zone.name, name, groups);
  }
  if (faults.length === 0) {
    faults.push(...checkApex(records, zone.name, ['Changes']));
    for (const set of places.keys()) faults.push(...checkAlias(set, records, zone, where));
    faults.push(...checkLoops(places.keys(), records, zone, where));
    if (records.size > Math.max(quota, zone.records.size)) faults.push(tooManySets());
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, zone: { ...zone, records } };
}

const tooManySets = (path: JsonPath = ['Changes']): Fault => ({
  code: 'InvalidChangeBatch',
  text: `Number of resource record sets limit of ${LIMITS.recordSets.most} exceeded.`,
  expected: `at most ${LIMITS.recordSets.most} ${LIMITS.recordSets.what}`,
  path,
  source: LIMITS.recordSets.source,
});

/** What DELETE compares: TTL and values, or the alias target. The order of values does not matter. */
function sameContent(a: RecordSet, b: RecordSet): boolean {
  if (a.content.kind === 'values' && b.content.kind === 'values') {
    const texts = (set: RecordSet['content']) => (set.kind === 'values' ? set.values.map((value) => value.text).sort() : []);
    const [x, y] = [texts(a.content), texts(b.content)];
    return a.content.ttl === b.content.ttl && x.length === y.length && x.every((text, i) => text === y[i]);
  }
  if (a.content.kind === 'alias' && b.content.kind === 'alias') {
    const [x, y] = [a.content.target, b.content.target];
    return x.hostedZoneId === y.hostedZoneId && x.dnsName === y.dnsName && x.evaluateTargetHealth === y.evaluateTargetHealth;
  }
  return (
    a.content.kind === 'policy-record' &&
    b.content.kind === 'policy-record' &&
    a.content.trafficPolicyInstanceId === b.content.trafficPolicyInstanceId
  );
}

/** What is wrong with a batch whatever the zone holds: its size, and a record that stands in it twice for one action. */
export function checkBatch(changes: readonly Change[]): Fault[] {
  const done = new Set<string>();
  const repeated = changes.flatMap((change, i) => {
    const task = taskOf(change);
    const fault = done.has(task) ? [twice(change, ['Changes', i, 'ResourceRecordSet'])] : [];
    done.add(task);
    return fault;
  });
  return [...checkSize(changes), ...repeated];
}

const taskOf = ({ action, set }: Change): string => `${action} ${set.name} ${set.type} ${setIdentifierOf(set) ?? ''}`;

const twice = ({ set }: Change, path: JsonPath): Fault => ({
  code: 'InvalidChangeBatch',
  text: `The request contains an invalid set of changes for a resource record set '${set.type} ${set.name}'`,
  expected: 'each record once for one action',
  path,
  source: SOURCE,
});

/** Size limits of one request; those of UPSERT count twice (Developer Guide, DNSLimitations). */
function checkSize(changes: readonly Change[]): Fault[] {
  let elements = 0;
  let characters = 0;
  for (const { action, set } of changes) {
    if (set.content.kind !== 'values') continue;
    const times = action === 'UPSERT' ? 2 : 1;
    elements += times * set.content.values.length;
    for (const value of set.content.values) characters += times * value.text.length;
  }
  const over = (count: number, limit: (typeof LIMITS)[keyof typeof LIMITS], what: string): Fault[] =>
    count <= limit.most
      ? []
      : [
          {
            code: 'InvalidChangeBatch',
            text: `Number of ${what} limit of ${limit.most} exceeded.`,
            expected: `at most ${limit.most} ${limit.what}`,
            path: ['Changes'],
            source: limit.source,
          },
        ];
  return [...over(elements, LIMITS.changeElements, 'records'), ...over(characters, LIMITS.changeCharacters, 'characters')];
}

function checkIds(set: RecordSet, known: KnownIds, path: JsonPath): Fault[] {
  const faults: Fault[] = [];
  if (set.healthCheckId !== undefined && known.healthChecks && !known.healthChecks.has(set.healthCheckId))
    faults.push({
      code: 'NoSuchHealthCheck',
      text: `No health check exists with id: ${set.healthCheckId}`,
      expected: 'the id of a health check that exists',
      path: [...path, 'HealthCheckId'],
      source: SOURCE,
    });
  if (set.routing.policy === 'ip-based' && known.cidrCollections) {
    const { collectionId, locationName } = set.routing.cidrRoutingConfig;
    const locations = known.cidrCollections.get(collectionId);
    if (!locations || (locationName !== '*' && !locations.has(locationName)))
      faults.push({
        code: 'NoSuchCidrCollectionException',
        text: locations
          ? `No location ${locationName} in CIDR collection ${collectionId}`
          : `No CIDR collection exists with id: ${collectionId}`,
        expected: 'a CIDR collection and a location of it that exist',
        path: [...path, 'CidrRoutingConfig'],
        source: SOURCE,
      });
  }
  return faults;
}
