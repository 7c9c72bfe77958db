/** Traffic policy documents: the JSON of a policy version, read with every mistake's place and written back the same. */

import { LIMITS } from '../limits.ts';
import { isNameFault, parseServiceName } from '../names.ts';
import type { Routing, ZoneType } from '../records.ts';
import { isZoneType } from '../records.ts';
import type { PolicyDocument, PolicyEndpoint, PolicyItem, PolicyReference, PolicyRule } from '../trafficPolicy.ts';
import { ENDPOINT_TYPES, RULE_TYPES } from '../trafficPolicy.ts';
import { isValueFault, parseValue } from '../values.ts';
import type { Imported } from './document.ts';
import { documentText, mistakesOf, readDocument, unknownPaths } from './document.ts';
import type { Draft, Findings } from './fields.ts';
import {
  keepUnknown,
  newFindings,
  readFlag,
  readList,
  readObject,
  readText,
  refuse,
  refuseKind,
  restoreUnknown,
} from './fields.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';
import { readRouting } from './routing.ts';

const SOURCE = 'API Reference, traffic policy document format';
const KEYS = new Set(['AWSPolicyFormatVersion', 'RecordType', 'StartRule', 'StartEndpoint', 'Endpoints', 'Rules']);
const ENDPOINT_KEYS = new Set(['Type', 'Value', 'Region']);
const VERSIONS = ['2015-10-01', '2023-05-09'];

/** Reads a traffic policy document. */
export function importTrafficPolicy(text: string, file: string): Imported<PolicyDocument> {
  const document = readDocument(text, file);
  if ('mistakes' in document) return { mistakes: document.mistakes, unknown: [], notes: [] };
  const findings = newFindings();
  const policy = readPolicyDocument(findings, document.value);
  const { most } = LIMITS.trafficPolicyDocument;
  if (text.length > most) invalid(findings, `a document of at most ${most} characters, not ${text.length}`, []);
  const unknown = unknownPaths(findings.unknown);
  if (!policy || findings.faults.length > 0)
    return { mistakes: mistakesOf(text, file, document.value, findings.faults), unknown, notes: [] };
  return { value: policy, mistakes: [], unknown, notes: [] };
}

const invalid = (findings: Findings, expected: string, path: JsonPath): undefined =>
  refuse(
    findings,
    'InvalidTrafficPolicyDocument',
    `The traffic policy document is not valid: expected ${expected}`,
    expected,
    SOURCE,
    path,
  );

/** Reads a document that is JSON already. */
export function readPolicyDocument(findings: Findings, value: JsonValue): PolicyDocument | undefined {
  const before = findings.faults.length;
  const document = readObject(findings, value, 'an object with RecordType, StartRule and Rules', []);
  if (!document) return undefined;
  keepUnknown(findings, document, KEYS, []);
  const version = document.AWSPolicyFormatVersion;
  if (typeof version !== 'string' || !VERSIONS.includes(version))
    refuseKind(findings, version, VERSIONS.map((known) => `"${known}"`).join(' or '), ['AWSPolicyFormatVersion']);
  const type = document.RecordType;
  if (typeof type !== 'string' || !isZoneType(type) || NOT_BY_POLICY.has(type))
    return refuseKind(findings, type, 'a record type other than NS, SOA and DS', ['RecordType']);
  const endpoints = new Map<string, PolicyEndpoint>();
  for (const [id, entry] of entriesOf(findings, document, 'Endpoints')) {
    const endpoint = readEndpoint(findings, entry, type, ['Endpoints', id]);
    if (endpoint) endpoints.set(id, endpoint);
  }
  const rules = new Map<string, PolicyRule>();
  for (const [id, entry] of entriesOf(findings, document, 'Rules')) {
    const rule = readRule(findings, entry, id, type, ['Rules', id]);
    if (rule) rules.set(id, rule);
  }
  const start = readStart(findings, document);
  if (start === undefined || findings.faults.length > before) return undefined;
  checkReferences(findings, start, endpoints, rules);
  return findings.faults.length > before
    ? undefined
    : { formatVersion: String(version), recordType: type, start, endpoints, rules, unknown: findings.unknown };
}

const NOT_BY_POLICY: ReadonlySet<ZoneType> = new Set<ZoneType>(['NS', 'SOA', 'DS']);

function entriesOf(findings: Findings, document: JsonObject, field: 'Endpoints' | 'Rules'): [string, JsonValue][] {
  if (document[field] === undefined) return [];
  const entries = Object.entries(readObject(findings, document[field], 'an object, an id for each key', [field]) ?? {});
  // An empty object says nothing and is kept as it stands.
  if (entries.length === 0) findings.unknown.push({ path: [field], value: {} });
  return entries;
}

function readStart(findings: Findings, document: JsonObject): PolicyReference | undefined {
  const { StartRule: rule, StartEndpoint: endpoint } = document;
  if ((rule === undefined) === (endpoint === undefined)) return invalid(findings, 'either StartRule or StartEndpoint', []);
  const kind = rule === undefined ? 'endpoint' : 'rule';
  const field = rule === undefined ? 'StartEndpoint' : 'StartRule';
  const id = readText(findings, document[field], `the id of the ${kind} to start with`, [field]);
  return id === undefined ? undefined : { kind, id };
}

function readEndpoint(findings: Findings, value: JsonValue, recordType: ZoneType, path: JsonPath): PolicyEndpoint | undefined {
  const endpoint = readObject(findings, value, 'an object with Type and Value', path);
  if (!endpoint) return undefined;
  keepUnknown(findings, endpoint, ENDPOINT_KEYS, path);
  const type = ENDPOINT_TYPES.find((known) => known === endpoint.Type);
  if (type === undefined) return refuseKind(findings, endpoint.Type, `one of ${ENDPOINT_TYPES.join(', ')}`, [...path, 'Type']);
  const text = readText(findings, endpoint.Value, 'a value', [...path, 'Value']);
  if (text === undefined) return undefined;
  if (type === 'value') {
    const parsed = parseValue(recordType, text);
    if (isValueFault(parsed)) return invalid(findings, parsed.expected, [...path, 'Value']);
  } else {
    const parsed = parseServiceName(text);
    if (isNameFault(parsed)) return invalid(findings, `a DNS name (${parsed.words})`, [...path, 'Value']);
  }
  if (endpoint.Region === undefined) return { type, value: text };
  const region = readText(findings, endpoint.Region, 'a Region', [...path, 'Region']);
  return region === undefined ? undefined : { type, value: text, region };
}

/** Where each kind of rule keeps its branches. */
const ITEMS = {
  geolocation: 'Locations',
  latency: 'Regions',
  geoproximity: 'GeoproximityLocations',
  multivalue: 'Items',
  weighted: 'Items',
} as const;

function readRule(
  findings: Findings,
  value: JsonValue,
  id: string,
  recordType: ZoneType,
  path: JsonPath,
): PolicyRule | undefined {
  const rule = readObject(findings, value, 'an object with RuleType', path);
  if (!rule) return undefined;
  const type = RULE_TYPES.find((known) => known === rule.RuleType);
  if (type === undefined) return refuseKind(findings, rule.RuleType, `one of ${RULE_TYPES.join(', ')}`, [...path, 'RuleType']);
  if (type === 'multivalue' && recordType === 'CNAME')
    return invalid(findings, 'a type other than CNAME for a multivalue rule', path);
  if (type === 'failover') {
    keepUnknown(findings, rule, new Set(['RuleType', 'Primary', 'Secondary']), path);
    const items = (['Primary', 'Secondary'] as const).flatMap((role) => {
      const routing: Routing = {
        policy: 'failover',
        setIdentifier: `${id}-${role}`,
        failover: role === 'Primary' ? 'PRIMARY' : 'SECONDARY',
      };
      const item =
        rule[role] === undefined ? undefined : readItem(findings, rule[role], () => routing, new Set(), [...path, role]);
      return item ? [item] : [];
    });
    return items.length === 0 ? invalid(findings, 'Primary and Secondary', path) : { type, items };
  }
  const field = ITEMS[type];
  keepUnknown(findings, rule, new Set(['RuleType', field]), path);
  const list = readList(findings, rule[field], 'a list of branches', [...path, field]);
  if (!list) return undefined;
  const items = list.flatMap((entry, i) => {
    const at: JsonPath = [...path, field, i];
    const item = readItem(
      findings,
      entry,
      (object) => readItemRouting(findings, object, type, `${id}-${i + 1}`, at),
      ITEM_FIELDS[type],
      at,
    );
    return item ? [item] : [];
  });
  return items.length === 0 ? invalid(findings, 'at least one branch', [...path, field]) : { type, items };
}

const ITEM_FIELDS = {
  geolocation: new Set(['Continent', 'Country', 'Subdivision', 'IsDefault']),
  latency: new Set(['Region']),
  geoproximity: new Set(['Region', 'LocalZoneGroup', 'Latitude', 'Longitude', 'Bias']),
  multivalue: new Set<string>(),
  weighted: new Set(['Weight']),
} as const;

const TARGET_FIELDS = ['EndpointReference', 'RuleReference', 'HealthCheck', 'EvaluateTargetHealth'] as const;

function readItem(
  findings: Findings,
  value: JsonValue | undefined,
  routingOf: (item: JsonObject) => Routing | undefined,
  own: ReadonlySet<string>,
  path: JsonPath,
): PolicyItem | undefined {
  const item = readObject(findings, value, 'an object with EndpointReference or RuleReference', path);
  if (!item) return undefined;
  keepUnknown(findings, item, new Set<string>([...TARGET_FIELDS, ...own]), path);
  const { EndpointReference: endpoint, RuleReference: rule, HealthCheck, EvaluateTargetHealth } = item;
  if ((endpoint === undefined) === (rule === undefined))
    return invalid(findings, 'either EndpointReference or RuleReference', path);
  const kind = rule === undefined ? 'endpoint' : 'rule';
  const field = rule === undefined ? 'EndpointReference' : 'RuleReference';
  const id = readText(findings, item[field], `the id of the ${kind}`, [...path, field]);
  const check =
    HealthCheck === undefined ? undefined : readText(findings, HealthCheck, 'the id of a health check', [...path, 'HealthCheck']);
  const evaluate =
    EvaluateTargetHealth === undefined ? undefined : readFlag(findings, EvaluateTargetHealth, [...path, 'EvaluateTargetHealth']);
  const routing = routingOf(item);
  if (id === undefined || routing === undefined) return undefined;
  return {
    target: { kind, id },
    routing,
    own: Object.fromEntries(Object.entries(item).filter(([field]) => own.has(field))),
    ...(check === undefined ? {} : { healthCheckId: check }),
    ...(evaluate === undefined ? {} : { evaluateTargetHealth: evaluate }),
  };
}

/** A branch's own fields, turned into those of a record set, so that one reader knows them all. */
function readItemRouting(
  findings: Findings,
  item: JsonObject,
  type: keyof typeof ITEM_FIELDS,
  setIdentifier: string,
  path: JsonPath,
): Routing | undefined {
  const inner = newFindings();
  const routing = readRouting(inner, { SetIdentifier: setIdentifier, ...recordFields(item, type) }, () => 'the rule');
  for (const fault of inner.faults) {
    const own = [...ITEM_FIELDS[type]].find((field) => fault.path.some((step) => String(step).startsWith(field)));
    invalid(findings, fault.expected, own === undefined || item[own] === undefined ? path : [...path, own]);
  }
  return routing;
}

function recordFields(item: JsonObject, type: keyof typeof ITEM_FIELDS): JsonObject {
  const defined = (fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject =>
    Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  switch (type) {
    case 'weighted':
      return { Weight: item.Weight ?? null };
    case 'latency':
      return { Region: item.Region ?? null };
    case 'multivalue':
      return { MultiValueAnswer: true };
    case 'geolocation':
      return {
        GeoLocation:
          item.IsDefault === true
            ? { CountryCode: '*' }
            : defined({ ContinentCode: item.Continent, CountryCode: item.Country, SubdivisionCode: item.Subdivision }),
      };
    case 'geoproximity': {
      const coordinates =
        item.Latitude === undefined && item.Longitude === undefined
          ? undefined
          : defined({ Latitude: degrees(item.Latitude), Longitude: degrees(item.Longitude) });
      return {
        GeoProximityLocation: defined({
          AWSRegion: bareRegion(item.Region),
          LocalZoneGroup: item.LocalZoneGroup,
          Coordinates: coordinates,
          Bias: typeof item.Bias === 'string' && /^-?\d+$/.test(item.Bias) ? Number(item.Bias) : item.Bias,
        }),
      };
    }
  }
}

/** Degrees may be numbers or text here. */
const degrees = (value: JsonValue | undefined): JsonValue | undefined => (typeof value === 'number' ? String(value) : value);

/** Geoproximity rules may write a Region as "aws:route53:us-east-1". */
const bareRegion = (value: JsonValue | undefined): JsonValue | undefined =>
  typeof value === 'string' ? value.replace(/^aws:route53:/, '') : value;

/** Every reference leads to something, and no rule leads back to itself. */
function checkReferences(
  findings: Findings,
  start: PolicyReference,
  endpoints: ReadonlyMap<string, PolicyEndpoint>,
  rules: ReadonlyMap<string, PolicyRule>,
): void {
  const exists = ({ kind, id }: PolicyReference): boolean => (kind === 'endpoint' ? endpoints.has(id) : rules.has(id));
  if (!exists(start))
    invalid(findings, `the id of an existing ${start.kind}`, [start.kind === 'rule' ? 'StartRule' : 'StartEndpoint']);
  for (const [id, rule] of rules)
    for (const item of rule.items) {
      const path: JsonPath = ['Rules', id];
      if (!exists(item.target))
        invalid(findings, `existing rules and endpoints; there is no ${item.target.kind} ${item.target.id}`, path);
      if (rule.type === 'multivalue' && (item.target.kind === 'rule' || endpoints.get(item.target.id)?.type !== 'value'))
        invalid(findings, 'endpoints of type value in a multivalue rule', path);
    }
  const done = new Set<string>();
  const open = new Set<string>();
  const visit = (id: string): void => {
    if (open.has(id)) {
      invalid(findings, `a tree; rule ${id} leads back to itself`, ['Rules', id]);
      return;
    }
    if (done.has(id)) return;
    open.add(id);
    for (const { target } of rules.get(id)?.items ?? []) if (target.kind === 'rule') visit(target.id);
    open.delete(id);
    done.add(id);
  };
  for (const id of rules.keys()) visit(id);
}

/** The document in the API's shape, unknown fields where they stood. */
export function writePolicyDocument(policy: PolicyDocument): JsonObject {
  const json: { [key: string]: Draft } = { AWSPolicyFormatVersion: policy.formatVersion, RecordType: policy.recordType };
  json[policy.start.kind === 'rule' ? 'StartRule' : 'StartEndpoint'] = policy.start.id;
  const endpoints: [string, Draft][] = [...policy.endpoints].map(([id, { type, value, region }]) => [
    id,
    region === undefined ? { Type: type, Value: value } : { Type: type, Value: value, Region: region },
  ]);
  if (endpoints.length > 0) json.Endpoints = Object.fromEntries(endpoints);
  const rules: [string, Draft][] = [...policy.rules].map(([id, rule]) => [id, ruleJson(rule)]);
  if (rules.length > 0) json.Rules = Object.fromEntries(rules);
  restoreUnknown(json, policy.unknown);
  return json as JsonObject;
}

export const exportTrafficPolicy = (policy: PolicyDocument): string => documentText(writePolicyDocument(policy));

function ruleJson({ type, items }: PolicyRule): Draft {
  const json: { [key: string]: Draft } = { RuleType: type };
  if (type !== 'failover') return { ...json, [ITEMS[type]]: items.map(itemJson) };
  for (const item of items)
    if (item.routing.policy === 'failover') json[item.routing.failover === 'PRIMARY' ? 'Primary' : 'Secondary'] = itemJson(item);
  return json;
}

function itemJson(item: PolicyItem): Draft {
  const json: { [key: string]: Draft } = { ...(item.own as { [key: string]: Draft }) };
  json[item.target.kind === 'rule' ? 'RuleReference' : 'EndpointReference'] = item.target.id;
  if (item.evaluateTargetHealth !== undefined) json.EvaluateTargetHealth = item.evaluateTargetHealth;
  if (item.healthCheckId !== undefined) json.HealthCheck = item.healthCheckId;
  return json;
}
