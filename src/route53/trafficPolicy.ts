/**
 * Traffic policies: a tree of rules and endpoints, kept in versions, that policy records put into public hosted zones
 * (Developer Guide, traffic-policies). Their records are hidden; only the root record shows in the zone.
 */
import type { Name } from '../dns/name.ts';
import { name, ROOT } from '../dns/name.ts';
import type { Fault } from './faults.ts';
import type { JsonObject } from './formats/json.ts';
import { LIMITS } from './limits.ts';
import type { Content, RecordGroup, RecordSet, Routing, UnknownField, ZoneType } from './records.ts';
import { groupOf } from './records.ts';
import type { RecordTable } from './table.ts';
import { newTable, putGroups } from './table.ts';
import { isValueFault, parseValue } from './values.ts';

/** One version's document, understood. */
export interface PolicyDocument {
  readonly formatVersion: string;
  readonly recordType: ZoneType;
  readonly start: PolicyReference;
  readonly endpoints: ReadonlyMap<string, PolicyEndpoint>;
  readonly rules: ReadonlyMap<string, PolicyRule>;
  readonly unknown: readonly UnknownField[];
}

export interface PolicyReference {
  readonly kind: 'endpoint' | 'rule';
  readonly id: string;
}

export const ENDPOINT_TYPES = [
  'value',
  'cloudfront',
  'elastic-load-balancer',
  'application-load-balancer',
  'network-load-balancer',
  'elastic-beanstalk',
  's3-website',
] as const;

export interface PolicyEndpoint {
  readonly type: (typeof ENDPOINT_TYPES)[number];
  readonly value: string;
  /** Of an S3 website. */
  readonly region?: string;
}

export const RULE_TYPES = ['failover', 'geolocation', 'latency', 'geoproximity', 'multivalue', 'weighted'] as const;

export interface PolicyRule {
  readonly type: (typeof RULE_TYPES)[number];
  /** At least one. */
  readonly items: readonly PolicyItem[];
}

/** One branch of a rule. */
export interface PolicyItem {
  readonly target: PolicyReference;
  /** The routing that the branch stands for; its set identifier is made from the rule's id. */
  readonly routing: Routing;
  /** The fields of the document that say so, as they stood: `{ "Weight": 10 }`. */
  readonly own: JsonObject;
  readonly healthCheckId?: string;
  /** Absent: true for a rule, false for an endpoint (unconfirmed). */
  readonly evaluateTargetHealth?: boolean;
}

/** The records that a document makes for one name. */
export interface PolicyRecords {
  readonly root: RecordGroup;
  /** Groups of the rules below the root, under names that no query can reach. */
  readonly records: RecordTable;
}

/** The records of a document under `owner`, as if they stood in the zone `zoneId`. */
export function expandPolicy(document: PolicyDocument, owner: Name, ttl: number, zoneId: string): PolicyRecords {
  const records = newTable();
  const ids = [...document.rules.keys()];
  const hiddenName = (rule: string): Name => name(`rule-${ids.indexOf(rule)}.traffic-policy.invalid.`);
  const contentOf = (reference: PolicyReference, evaluate: boolean | undefined): Content => {
    if (reference.kind === 'rule')
      return {
        kind: 'alias',
        target: { hostedZoneId: zoneId, dnsName: hiddenName(reference.id), evaluateTargetHealth: evaluate ?? true },
      };
    const endpoint = document.endpoints.get(reference.id);
    if (!endpoint) throw new Error(`a document that was read has the endpoint ${reference.id}`);
    return endpointContent(endpoint, document.recordType, ttl, evaluate ?? false);
  };
  const groupFor = (rule: PolicyRule, at: Name): RecordGroup => {
    const sets = rule.items.map((item) => {
      const content = contentOf(item.target, item.evaluateTargetHealth);
      const check = item.healthCheckId === undefined ? {} : { healthCheckId: item.healthCheckId };
      return { name: at, type: document.recordType, routing: item.routing, content, ...check } as RecordSet;
    });
    return groupOf(sets[0] as RecordSet, ...sets.slice(1));
  };
  for (const [id, rule] of document.rules) putGroups(records, ROOT, hiddenName(id), [groupFor(rule, hiddenName(id))]);
  const start = document.start.kind === 'rule' ? document.rules.get(document.start.id) : undefined;
  const root: RecordGroup = start
    ? groupFor(start, owner)
    : groupOf({
        name: owner,
        type: document.recordType,
        routing: { policy: 'simple' },
        content: contentOf(document.start, undefined),
      });
  return { root, records };
}

function endpointContent(endpoint: PolicyEndpoint, type: ZoneType, ttl: number, evaluate: boolean): Content {
  if (endpoint.type === 'value') {
    const value = parseValue(type, endpoint.value);
    if (isValueFault(value)) throw new Error(`a document that was read has right values, not ${endpoint.value}`);
    return { kind: 'values', ttl, values: [value] };
  }
  const dnsName = name(endpoint.value.toLowerCase());
  return { kind: 'alias', target: { hostedZoneId: `the ${endpoint.type} zone`, dnsName, evaluateTargetHealth: evaluate } };
}

/** A policy and its versions. */
export interface TrafficPolicy {
  readonly id: string;
  /** Fixed for all versions. */
  readonly name: string;
  readonly versions: ReadonlyMap<number, PolicyVersion>;
  /** The number that the next version gets: numbers are never used again. */
  readonly nextVersion: number;
}

export interface PolicyVersion {
  readonly document: PolicyDocument;
  readonly comment: string;
}

export const newTrafficPolicy = (id: string, policyName: string, document: PolicyDocument, comment = ''): TrafficPolicy => ({
  id,
  name: policyName,
  versions: new Map([[1, { document, comment }]]),
  nextVersion: 2,
});

export type PolicyResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const refused = (
  code: Fault['code'],
  text: string,
  expected: string,
  path: Fault['path'],
  source: string,
): PolicyResult<never> => ({
  ok: false,
  faults: [{ code, text, expected, path, source }],
});

export function addVersion(policy: TrafficPolicy, document: PolicyDocument, comment = ''): PolicyResult<TrafficPolicy> {
  const { most, what, source } = LIMITS.trafficPolicyVersions;
  if (policy.versions.size >= most)
    return refused('LimitsExceeded', `Limit of ${most} versions exceeded`, `at most ${most} ${what}`, [], source);
  const versions = new Map(policy.versions).set(policy.nextVersion, { document, comment });
  return { ok: true, value: { ...policy, versions, nextVersion: policy.nextVersion + 1 } };
}

/** Deletes one version; one that a policy record uses stays (API Reference, DeleteTrafficPolicy). */
export function deleteVersion(
  policy: TrafficPolicy,
  version: number,
  records: readonly PolicyRecord[],
): PolicyResult<TrafficPolicy> {
  const source = 'API Reference, DeleteTrafficPolicy';
  if (!policy.versions.has(version)) return noSuchVersion(policy, version, 'Version', source);
  if (records.some((record) => record.trafficPolicyId === policy.id && record.version === version))
    return refused(
      'TrafficPolicyInUse',
      `Version ${version} of ${policy.id} is in use`,
      'a version that no policy record uses',
      ['Version'],
      source,
    );
  const versions = new Map(policy.versions);
  versions.delete(version);
  return { ok: true, value: { ...policy, versions } };
}

/** A traffic policy instance: one version at one name of one public zone (Developer Guide, traffic-policy-records). */
export interface PolicyRecord {
  readonly id: string;
  readonly hostedZoneId: string;
  readonly name: Name;
  readonly ttl: number;
  readonly trafficPolicyId: string;
  readonly version: number;
  readonly type: ZoneType;
  readonly state: 'Creating' | 'Applied' | 'Updating' | 'Deleting' | 'Failed';
}

/** The root record that the zone's list shows. */
export const rootSet = (record: PolicyRecord): RecordSet => ({
  name: record.name,
  type: record.type,
  routing: { policy: 'simple' },
  content: { kind: 'policy-record', trafficPolicyInstanceId: record.id },
});

const noSuchVersion = ({ id }: TrafficPolicy, version: number, field: string, source: string): PolicyResult<never> =>
  refused(
    'NoSuchTrafficPolicy',
    `No traffic policy exists with id ${id} and version ${version}`,
    'a version that exists',
    [field],
    source,
  );

/** Moves a policy record to another version, forward or back. The DNS type stays (API Reference, UpdateTrafficPolicyInstance). */
export function changeVersion(record: PolicyRecord, policy: TrafficPolicy, version: number): PolicyResult<PolicyRecord> {
  const source = 'API Reference, UpdateTrafficPolicyInstance';
  const chosen = policy.versions.get(version);
  if (!chosen) return noSuchVersion(policy, version, 'TrafficPolicyVersion', source);
  if (chosen.document.recordType !== record.type)
    return refused(
      'ConflictingTypes',
      `The DNS type of version ${version} is ${chosen.document.recordType}, the policy record's is ${record.type}`,
      `a version of type ${record.type}`,
      ['TrafficPolicyVersion'],
      source,
    );
  return { ok: true, value: { ...record, trafficPolicyId: policy.id, version, state: 'Updating' } };
}
