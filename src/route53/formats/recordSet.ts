/**
 * One resource record set in the API's shape (API Reference, ResourceRecordSet): the only way in which a record comes
 * into a hosted zone, whether from a form, a scenario, a change batch or an export.
 */
import type { Name } from '../../dns/name.ts';
import { isSubdomain, labels } from '../../dns/name.ts';
import { CLOUDFRONT_ZONE } from '../aliases.ts';
import { fatalText } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import { isNameFault, parseServiceName, serviceName } from '../names.ts';
import type { AliasTarget, Content, Policy, RecordSet, RecordValue, Routing, ZoneType } from '../records.ts';
import { isZoneType, ZONE_TYPES } from '../records.ts';
import { isValueFault, NAME_MEANINGS, parseValue } from '../values.ts';
import type { Draft, Findings } from './fields.ts';
import {
  keepUnknown,
  newFindings,
  readFlag,
  readList,
  readObject,
  readText,
  readWhole,
  refuse,
  refuseKind,
  restoreUnknown,
} from './fields.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';
import { isObject } from './json.ts';
import { readRouting, writeRouting } from './routing.ts';

/** The zone that a set is meant for. */
export interface SetContext {
  /** Lower case. */
  readonly zoneName: Name;
  readonly isPrivate: boolean;
  /** As the service's texts name it. */
  readonly action: 'CREATE' | 'DELETE' | 'UPSERT';
}

const SHAPE = 'API Reference, ResourceRecordSet';
const TYPES_PAGE = 'Developer Guide, ResourceRecordTypes';
const KEYS = new Set([
  'Name',
  'Type',
  'SetIdentifier',
  'Weight',
  'Region',
  'GeoLocation',
  'Failover',
  'MultiValueAnswer',
  'TTL',
  'ResourceRecords',
  'AliasTarget',
  'HealthCheckId',
  'TrafficPolicyInstanceId',
  'CidrRoutingConfig',
  'GeoProximityLocation',
]);

/** Reads and checks one set by itself; what concerns its neighbours in the zone is checked where it joins them. */
export function readRecordSet(
  value: JsonValue | undefined,
  context: SetContext,
  findings: Findings = newFindings(),
): RecordSet | undefined {
  const found = findings.faults.length;
  const unknownBefore = findings.unknown.length;
  const set = readObject(findings, value, 'an object with Name and Type', ROOT_PATH);
  if (!set) return undefined;
  keepUnknown(findings, set, KEYS, ROOT_PATH);
  const name = readSetName(findings, set.Name, context);
  const type = readType(findings, set.Type);
  const change = (): string =>
    `Change with [Action=${context.action}, Name=${shown(set.Name)}, Type=${shown(set.Type)}, SetIdentifier=${shown(set.SetIdentifier)}]`;
  const routing = readRouting(findings, set, change);
  const content = type && readContent(findings, set, type, change);
  const healthCheckId = set.HealthCheckId === undefined ? undefined : readHealthCheckId(findings, set.HealthCheckId);
  if (name === undefined || type === undefined || routing === undefined || content === undefined) return undefined;
  checkPolicy(findings, type, routing, content, context);
  checkPlace(findings, name, type, content, context);
  if (findings.faults.length > found) return undefined;
  const bare = { name, type, routing, content } as RecordSet;
  if (healthCheckId === undefined && findings.unknown.length === unknownBefore) return bare;
  const unknown = findings.unknown.slice(unknownBefore);
  return {
    ...bare,
    ...(healthCheckId === undefined ? {} : { healthCheckId }),
    ...(unknown.length === 0 ? {} : { unknown }),
  };
}

// A zone is read by the ten thousand records: what only a fault needs is not made before there is one.
const ROOT_PATH: JsonPath = [];
const VALUES_PATH: JsonPath = ['ResourceRecords'];
const TTL_PATH: JsonPath = ['TTL'];

const shown = (value: JsonValue | undefined): string => (value === undefined ? 'null' : String(value));

function readSetName(findings: Findings, value: JsonValue | undefined, { zoneName }: SetContext): Name | undefined {
  if (typeof value !== 'string')
    return refuseKind(findings, value, `a name that is or ends in ${serviceName(zoneName)}`, ['Name']);
  const name = parseServiceName(value);
  if (isNameFault(name)) {
    const fatal = fatalText(name.code, NAME_MEANINGS[name.code], value);
    return refuse(findings, 'InvalidChangeBatch', fatal, `a domain name (${name.words})`, 'Developer Guide, DomainNameFormat', [
      'Name',
    ]);
  }
  if (!liesIn(name, zoneName)) {
    const refusal = `RRSet with DNS name ${serviceName(name)} is not permitted in zone ${serviceName(zoneName)}`;
    return refuse(findings, 'InvalidChangeBatch', refusal, `a name that is or ends in ${serviceName(zoneName)}`, SHAPE, ['Name']);
  }
  return name;
}

/** `isSubdomain` for names that are lower case already and seldom escaped. */
const liesIn = (name: Name, zone: Name): boolean =>
  name.includes('\\') ? isSubdomain(name, zone) : name === zone || name.endsWith(`.${zone}`);

function readType(findings: Findings, value: JsonValue | undefined): ZoneType | undefined {
  if (typeof value === 'string' && isZoneType(value)) return value;
  return refuseKind(findings, value, `one of ${ZONE_TYPES.join(', ')}`, ['Type']);
}

function readHealthCheckId(findings: Findings, value: JsonValue): string | undefined {
  if (typeof value === 'string' && value.length > 0 && value.length <= LIMITS.healthCheckId.most) return value;
  return refuseKind(findings, value, `the id of a health check, at most ${LIMITS.healthCheckId.most} characters`, [
    'HealthCheckId',
  ]);
}

/** Exactly one of: values with their TTL, an alias target, a traffic policy instance. */
function readContent(findings: Findings, set: JsonObject, type: ZoneType, change: () => string): Content | undefined {
  const { AliasTarget: alias, TTL, ResourceRecords, TrafficPolicyInstanceId: instance } = set;
  // Old clients list an alias with an empty list of values; it says nothing and is kept as it stands.
  const emptyList =
    Array.isArray(ResourceRecords) && ResourceRecords.length === 0 && (alias !== undefined || instance !== undefined);
  if (emptyList) findings.unknown.push({ path: ['ResourceRecords'], value: [] });
  const values = emptyList ? undefined : ResourceRecords;
  const isPlain = TTL !== undefined || values !== undefined;
  const kinds = Number(alias !== undefined) + Number(isPlain) + Number(instance !== undefined);
  const complete = alias !== undefined || instance !== undefined || (TTL !== undefined && values !== undefined);
  if (kinds !== 1 || !complete) {
    const count = kinds > 1 ? 'more than one' : 'none';
    const text = `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${count} in ${change()}`;
    return refuse(findings, 'InvalidInput', text, 'either TTL and ResourceRecords, or AliasTarget', SHAPE);
  }
  if (alias !== undefined) {
    const target = readAliasTarget(findings, alias);
    return target && { kind: 'alias', target };
  }
  if (instance !== undefined) {
    const trafficPolicyInstanceId = readText(findings, instance, 'the id of a policy record', ['TrafficPolicyInstanceId']);
    return trafficPolicyInstanceId === undefined ? undefined : { kind: 'policy-record', trafficPolicyInstanceId };
  }
  const ttl = readWhole(findings, TTL, 0, LIMITS.ttl.most, TTL_PATH);
  const list = readValues(findings, values, type);
  return ttl === undefined || list === undefined ? undefined : { kind: 'values', ttl, values: list };
}

function readValues(findings: Findings, value: JsonValue | undefined, type: ZoneType): readonly RecordValue[] | undefined {
  const list = readList(findings, value, 'a list of values', VALUES_PATH);
  if (!list) return undefined;
  const before = findings.faults.length;
  if (list.length < 1 || list.length > LIMITS.valuesPerSet.most) {
    const text =
      list.length < 1
        ? 'Invalid request: ResourceRecords is empty'
        : `Cannot have more than ${LIMITS.valuesPerSet.most} records in a RRSet.`;
    return refuse(findings, 'InvalidChangeBatch', text, `1 to ${LIMITS.valuesPerSet.most} values`, LIMITS.valuesPerSet.source, [
      'ResourceRecords',
    ]);
  }
  if (list.length > 1 && (type === 'CNAME' || type === 'SOA')) {
    const text = `RRSet of type ${type} may have one value only`;
    return refuse(findings, 'InvalidChangeBatch', text, `exactly one value of type ${type}`, 'API Reference, ResourceRecord', [
      'ResourceRecords',
      1,
    ]);
  }
  const values: RecordValue[] = [];
  for (let i = 0; i < list.length; i++) {
    const value = readValue(findings, list[i] as JsonValue, type, values, i);
    if (value) values.push(value);
  }
  return findings.faults.length > before ? undefined : values;
}

function readValue(
  findings: Findings,
  entry: JsonValue,
  type: ZoneType,
  earlier: readonly RecordValue[],
  i: number,
): RecordValue | undefined {
  const path = (): JsonPath => ['ResourceRecords', i];
  if (!isObject(entry)) return refuseKind(findings, entry, 'an object with Value', path());
  for (const field in entry)
    if (field !== 'Value') findings.unknown.push({ path: [...path(), field], value: entry[field] as JsonValue });
  const text = entry.Value;
  if (typeof text !== 'string') return refuseKind(findings, text, 'the value as text', [...path(), 'Value']);
  const parsed = parseValue(type, text);
  if (isValueFault(parsed)) {
    const refusal = `Invalid Resource Record: '${fatalText(parsed.code, parsed.meaning, text)}'`;
    return refuse(findings, 'InvalidChangeBatch', refusal, parsed.expected, TYPES_PAGE, [...path(), 'Value']);
  }
  if (!earlier.some((other) => other.text === text)) return parsed;
  const refusal = `Duplicate Resource Record: '${text}'`;
  return refuse(findings, 'InvalidChangeBatch', refusal, 'each value once', TYPES_PAGE, [...path(), 'Value']);
}

const ALIAS_KEYS = new Set(['HostedZoneId', 'DNSName', 'EvaluateTargetHealth']);

function readAliasTarget(findings: Findings, value: JsonValue): AliasTarget | undefined {
  const path = ['AliasTarget'];
  const alias = readObject(findings, value, 'an object with HostedZoneId, DNSName and EvaluateTargetHealth', path);
  if (!alias) return undefined;
  keepUnknown(findings, alias, ALIAS_KEYS, path);
  const hostedZoneId = readText(findings, alias.HostedZoneId, 'the id of the target’s hosted zone', [...path, 'HostedZoneId']);
  const text = readText(findings, alias.DNSName, 'the DNS name of the target', [...path, 'DNSName']);
  const evaluateTargetHealth = readFlag(findings, alias.EvaluateTargetHealth, [...path, 'EvaluateTargetHealth']);
  const dnsName = text === undefined ? undefined : parseServiceName(text);
  if (dnsName !== undefined && isNameFault(dnsName)) {
    const fatal = fatalText(dnsName.code, NAME_MEANINGS[dnsName.code], text ?? '');
    return refuse(findings, 'InvalidChangeBatch', fatal, `a domain name (${dnsName.words})`, SHAPE, [...path, 'DNSName']);
  }
  if (hostedZoneId === undefined || dnsName === undefined || evaluateTargetHealth === undefined) return undefined;
  return { hostedZoneId, dnsName, evaluateTargetHealth };
}

/** Which policy goes with which type, content and kind of zone (API Reference, ResourceRecordSet; routing-policy pages). */
function checkPolicy(findings: Findings, type: ZoneType, { policy }: Routing, content: Content, context: SetContext): void {
  if (policy === 'simple') return;
  const source = 'Developer Guide, routing-policy';
  const deny = (text: string, expected: string, path: JsonPath = []) =>
    refuse(findings, 'InvalidChangeBatch', text, expected, source, path);
  if (SIMPLE_ONLY.has(type))
    deny(`RRSet of type ${type} cannot use ${policy} routing`, `simple routing for type ${type}`, ['Type']);
  if (policy === 'multivalue' && type === 'CNAME')
    deny('RRSet of type CNAME cannot use multivalue routing', 'a type other than CNAME for multivalue routing', ['Type']);
  if (policy === 'multivalue' && content.kind !== 'values')
    deny('Multivalue answer records cannot be alias records', 'values, not an alias, for multivalue routing', ['AliasTarget']);
  if (context.isPrivate && PUBLIC_ONLY.has(policy))
    deny(
      `${policy} routing is not available in a private hosted zone`,
      'another policy in a private zone than geoproximity or IP-based',
    );
  if (policy === 'failover' && content.kind === 'alias' && !content.target.evaluateTargetHealth)
    deny('Failover alias records must evaluate target health', 'true for a failover alias record', [
      'AliasTarget',
      'EvaluateTargetHealth',
    ]);
}

const SIMPLE_ONLY: ReadonlySet<ZoneType> = new Set<ZoneType>(['NS', 'SOA', 'DS']);
const PUBLIC_ONLY: ReadonlySet<Policy> = new Set<Policy>(['geoproximity', 'ip-based']);

/** What may stand at which name of the zone, and what an alias may be. */
function checkPlace(findings: Findings, name: Name, type: ZoneType, content: Content, context: SetContext): void {
  const apex = name === context.zoneName;
  const isStar = name.includes('*');
  if (!apex && type !== 'SOA' && !isStar && content.kind === 'values') return;
  const deny = (text: string, expected: string, source: string, path: JsonPath) =>
    refuse(findings, 'InvalidChangeBatch', text, expected, source, path);
  const atName = (): string => `RRSet of type ${type} with DNS name ${serviceName(name)} is not permitted`;
  const inZone = (): string => `in zone ${serviceName(context.zoneName)}`;
  if (apex && type === 'CNAME')
    deny(`${atName()} at apex ${inZone()}`, 'an alias record at the apex, or another name', TYPES_PAGE, ['Type']);
  if (!apex && type === 'SOA')
    deny(`${atName()} ${inZone()}`, 'the SOA record at the apex only', 'Developer Guide, SOA-NSrecords', ['Type']);
  if (apex && type === 'DS')
    deny(`${atName()} at apex ${inZone()}`, 'a DS record at a delegation, in the parent zone', TYPES_PAGE, ['Type']);
  if (isStar) checkWildcard(findings, name, type);
  if (content.kind !== 'alias') return;
  const { target } = content;
  const source = 'API Reference, AliasTarget';
  if (type === 'NS' || type === 'SOA')
    deny(`RRSet of type ${type} cannot be an alias`, `values for type ${type}`, source, ['AliasTarget']);
  if (target.hostedZoneId !== CLOUDFRONT_ZONE) return;
  if (target.evaluateTargetHealth)
    deny('EvaluateTargetHealth cannot be true for a CloudFront distribution', 'false for a CloudFront distribution', source, [
      'AliasTarget',
      'EvaluateTargetHealth',
    ]);
  if (context.isPrivate)
    deny(
      'An alias to a CloudFront distribution is not permitted in a private hosted zone',
      'a public hosted zone for an alias to CloudFront',
      source,
      ['AliasTarget'],
    );
}

/** Developer Guide, DomainNameFormat: `*` stands for a whole left-most label; further right it is an ordinary character. */
function checkWildcard(findings: Findings, name: Name, type: ZoneType): void {
  const source = 'Developer Guide, DomainNameFormat';
  const first = labels(name)[0] ?? '';
  if (first.includes('*') && first !== '*')
    refuse(
      findings,
      'InvalidChangeBatch',
      `RRSet with DNS name ${serviceName(name)}: * must replace an entire label`,
      '* alone as the left-most label',
      source,
      ['Name'],
    );
  if (first === '*' && type === 'NS')
    refuse(
      findings,
      'InvalidChangeBatch',
      `RRSet of type NS with DNS name ${serviceName(name)} is not permitted: wildcards cannot be delegated`,
      'no wildcard for type NS',
      source,
      ['Name'],
    );
}

/** The set in the API's shape, keys in the order of its documentation, kept fields where they stood. */
export function writeRecordSet(set: RecordSet): JsonObject {
  const json: { [key: string]: Draft } = { Name: serviceName(set.name), Type: set.type };
  writeRouting(json, set.routing);
  if (set.content.kind === 'values') {
    json.TTL = set.content.ttl;
    json.ResourceRecords = set.content.values.map((value) => ({ Value: value.text }));
  } else if (set.content.kind === 'alias') {
    const { target } = set.content;
    json.AliasTarget = {
      HostedZoneId: target.hostedZoneId,
      DNSName: serviceName(target.dnsName),
      EvaluateTargetHealth: target.evaluateTargetHealth,
    };
  }
  if (set.healthCheckId !== undefined) json.HealthCheckId = set.healthCheckId;
  if (set.content.kind === 'policy-record') json.TrafficPolicyInstanceId = set.content.trafficPolicyInstanceId;
  restoreUnknown(json, set.unknown);
  return json;
}
