/**
 * The form of a health check: what was typed becomes a configuration in the API's shape, is judged by the service's own rules,
 * and when it holds becomes a line of the scenario.
 */
import { parseAddress } from '../../../base/address.ts';
import type { Instant } from '../../../base/time.ts';
import { EMPTY_ACCOUNT } from '../../../route53/account.ts';
import type { Fault } from '../../../route53/faults.ts';
import { newFindings } from '../../../route53/formats/fields.ts';
import { HEALTH_CHECK_FIELDS, readHealthCheckConfig } from '../../../route53/formats/healthCheck.ts';
import type { JsonObject } from '../../../route53/formats/json.ts';
import {
  CHECKER_REGIONS,
  type CheckerRegion,
  type HealthCheck,
  type HealthCheckConfig,
} from '../../../route53/health/healthCheck.ts';
import { deleteHealthCheck } from '../../../route53/holdings.ts';
import { LIMITS } from '../../../route53/limits.ts';
import type { Line } from '../../../scenario/schema.ts';
import type { HostId, Trace } from '../../../trace/trace.ts';
import { canonical, type FormFault, numberIn } from './fields.ts';
import type { ConfiguredCheck } from './health.ts';

/** What a check goes by, as the form offers it. */
export const ASKS_BY = ['HTTP', 'HTTPS', 'TCP', 'checks', 'alarm', 'switch'] as const;
export type AsksBy = (typeof ASKS_BY)[number];

/** A health check, as its fields stand. */
export interface CheckDraft {
  readonly id: string;
  readonly by: AsksBy;
  /** An address, or a domain name that is looked up before every probe. */
  readonly endpoint: string;
  /** The Host header, beside an address. */
  readonly host: string;
  readonly port: string;
  readonly path: string;
  /** Text that must stand in the page; empty when the status alone counts. */
  readonly search: string;
  readonly interval: 10 | 30;
  readonly threshold: number;
  readonly regions: readonly CheckerRegion[];
  readonly children: readonly string[];
  /** How many children must be healthy. */
  readonly needed: string;
  readonly alarm: string;
  readonly alarmRegion: string;
  readonly withoutData: 'Healthy' | 'Unhealthy' | 'LastKnownStatus';
  /** Of a routing control. */
  readonly arn: string;
  readonly inverted: boolean;
  readonly disabled: boolean;
  /** What the form has no field for: kept as it was. */
  readonly kept: JsonObject;
}

/** A new check; `endpoint` is a suggestion. */
export const newCheckDraft = (id: string, endpoint: string): CheckDraft => ({
  id,
  by: 'HTTP',
  endpoint,
  host: '',
  port: '80',
  path: '/',
  search: '',
  interval: 30,
  threshold: 3,
  regions: CHECKER_REGIONS,
  children: [],
  needed: '1',
  alarm: '',
  alarmRegion: 'us-east-1',
  withoutData: 'LastKnownStatus',
  arn: '',
  inverted: false,
  disabled: false,
  kept: {},
});

/** The form of a check as it stands. */
export function draftOfCheck({ id, config, json }: Pick<ConfiguredCheck, 'id' | 'config' | 'json'>): CheckDraft {
  const kept = Object.fromEntries(Object.entries(json).filter(([field]) => !isTyped(field)));
  const draft = { ...newCheckDraft(id, ''), inverted: config.inverted, disabled: config.disabled, kept };
  switch (config.kind) {
    case 'endpoint':
      return {
        ...draft,
        by: config.protocol,
        endpoint: config.ipAddress ?? config.domainName ?? '',
        host: config.ipAddress === undefined ? '' : (config.domainName ?? ''),
        port: String(config.port),
        path: config.path,
        search: config.searchString ?? '',
        interval: config.requestInterval,
        threshold: config.failureThreshold,
        regions: config.regions,
      };
    case 'calculated':
      return { ...draft, by: 'checks', children: config.children, needed: String(config.healthThreshold) };
    case 'alarm':
      return {
        ...draft,
        by: 'alarm',
        alarm: config.alarm.name,
        alarmRegion: config.alarm.region,
        withoutData: config.insufficientData,
      };
    case 'recovery-control':
      return { ...draft, by: 'switch', arn: config.routingControlArn };
  }
}

/** Fields of the service that the form lacks; those that nobody knows it keeps as well. */
const FORMLESS: ReadonlySet<string> = new Set(['MeasureLatency', 'EnableSNI']);

const isTyped = (field: string): boolean => HEALTH_CHECK_FIELDS.has(field) && !FORMLESS.has(field);

/** The same check, asking by other means; a port that was the usual one becomes that of the new protocol. */
export function askingBy(draft: CheckDraft, by: AsksBy): CheckDraft {
  const usual = draft.port === '' || draft.port === '80' || draft.port === '443';
  const port = by === 'HTTPS' ? '443' : by === 'HTTP' ? '80' : draft.port;
  return { ...draft, by, ...(usual ? { port } : {}) };
}

/** The configuration in the API's shape, right or wrong. */
export function configJson(draft: CheckDraft): JsonObject {
  return {
    ...draft.kept,
    ...ownJson(draft),
    ...(draft.inverted ? { Inverted: true } : {}),
    ...(draft.disabled ? { Disabled: true } : {}),
  };
}

function ownJson(draft: CheckDraft): JsonObject {
  switch (draft.by) {
    case 'checks':
      return { Type: 'CALCULATED', ChildHealthChecks: [...draft.children], HealthThreshold: numberIn(draft.needed) };
    case 'alarm':
      return {
        Type: 'CLOUDWATCH_METRIC',
        AlarmIdentifier: { ...given('Region', draft.alarmRegion), ...given('Name', draft.alarm) },
        InsufficientDataHealthStatus: draft.withoutData,
      };
    case 'switch':
      return { Type: 'RECOVERY_CONTROL', ...given('RoutingControlArn', draft.arn) };
    default:
      return endpointJson(draft, draft.by);
  }
}

function endpointJson(draft: CheckDraft, protocol: 'HTTP' | 'HTTPS' | 'TCP'): JsonObject {
  const endpoint = draft.endpoint.trim();
  const host = draft.host.trim();
  const asksPage = protocol !== 'TCP';
  const search = asksPage && draft.search !== '' ? { SearchString: draft.search } : {};
  return {
    Type: 'SearchString' in search ? `${protocol}_STR_MATCH` : protocol,
    ...(looksLikeAddress(endpoint)
      ? { IPAddress: endpoint, ...(asksPage && host !== '' ? { FullyQualifiedDomainName: host } : {}) }
      : endpoint === ''
        ? {}
        : { FullyQualifiedDomainName: endpoint }),
    Port: numberIn(draft.port),
    ...(asksPage ? { ResourcePath: draft.path.trim() } : {}),
    ...search,
    RequestInterval: draft.interval,
    FailureThreshold: draft.threshold,
    ...(draft.regions.length < CHECKER_REGIONS.length ? { Regions: [...draft.regions] } : {}),
  };
}

/** An empty field is none. */
const given = (field: string, text: string): JsonObject => (text.trim() === '' ? {} : { [field]: text.trim() });

/** "192.0.2.300" is meant as an address, too: the service says what is wrong with it. */
export const looksLikeAddress = (text: string): boolean =>
  parseAddress(text) !== undefined || text.includes(':') || /^[\d.]+$/.test(text);

// --- judging

type CheckField = 'id' | 'endpoint' | 'host' | 'port' | 'path' | 'search' | 'regions' | 'children' | 'needed' | 'alarm' | 'form';

export type CheckFault = FormFault<CheckField>;

export interface JudgedCheck {
  readonly faults: readonly CheckFault[];
  /** What follows from it that is easily overlooked, in sentences. */
  readonly advice: readonly string[];
  /** The configuration, whether or not anything has changed; absent while something is wrong. */
  readonly config?: HealthCheckConfig;
  /** Absent while something is wrong or nothing is changed. */
  readonly line?: Line;
}

/** Judges a form by the rules of the service; `original` is the check that it was opened on, `all` are those that there are. */
export function judgeCheck(
  draft: CheckDraft,
  original: ConfiguredCheck | undefined,
  all: readonly ConfiguredCheck[],
): JudgedCheck {
  const kinds = new Map(all.map(({ id, config }) => [id, config.kind]));
  const findings = newFindings();
  const json = configJson(draft);
  const config = readHealthCheckConfig(findings, json, (child) => kinds.get(child));
  const id = draft.id.trim();
  const faults = [...(original ? [] : idFaults(id, kinds)), ...findings.faults.map(fieldFault)];
  if (faults.length > 0 || !config) return { faults, advice: [] };
  const isSame = original !== undefined && canonical(configJson(draftOfCheck(original))) === canonical(json);
  return { faults: [], advice: adviceOn(draft, config), config, ...(isSame ? {} : { line: { check: id, config: json } }) };
}

function idFaults(id: string, taken: ReadonlyMap<string, unknown>): CheckFault[] {
  const said = taken.has(id)
    ? `HealthCheckAlreadyExists: a health check with caller reference ${id} already exists`
    : 'InvalidInput';
  const words = taken.has(id)
    ? 'Needed: a name that no other check has.'
    : `Needed: a name of 1 to ${LIMITS.healthCheckId.most} characters.`;
  return taken.has(id) || id === '' || id.length > LIMITS.healthCheckId.most ? [{ field: 'id', words, said }] : [];
}

function fieldFault({ path, expected, text }: Fault): CheckFault {
  return {
    field: FIELDS[String(path[0])] ?? (path.length === 0 ? 'endpoint' : 'form'),
    words: `Needed: ${expected}.`,
    said: text,
  };
}

const FIELDS: Readonly<Record<string, CheckField>> = {
  IPAddress: 'endpoint',
  FullyQualifiedDomainName: 'endpoint',
  Port: 'port',
  ResourcePath: 'path',
  SearchString: 'search',
  Regions: 'regions',
  ChildHealthChecks: 'children',
  HealthThreshold: 'needed',
  AlarmIdentifier: 'alarm',
  RoutingControlArn: 'alarm',
};

function adviceOn({ by, children, needed }: CheckDraft, config: HealthCheckConfig): string[] {
  const advice: string[] = [];
  if (by === 'checks' && Number(needed) === 0) advice.push('With 0 needed it is always healthy.');
  if (by === 'checks' && Number(needed) > children.length)
    advice.push(`More are needed than there are (${children.length}): it is always unhealthy.`);
  if (by === 'HTTPS') advice.push('The certificate is not looked at: an expired one passes.');
  if (config.kind === 'endpoint' && config.ipAddress === undefined)
    advice.push('The name is looked up before every probe, IPv4 only.');
  if (config.disabled)
    advice.push(`Disabled, it sends nothing and counts as ${config.inverted ? 'unhealthy, being inverted' : 'healthy'}.`);
  else if (config.inverted) advice.push('Inverted: what answers well counts as unhealthy.');
  return advice;
}

/** The line that deletes a check, or why the service would refuse (API Reference, DeleteHealthCheck). */
export function checkDeletion(
  id: string,
  all: readonly ConfiguredCheck[],
): { readonly line: Line } | { readonly refused: string } {
  const healthChecks = new Map(
    all.map((one): [string, HealthCheck] => [
      one.id,
      { id: one.id, callerReference: one.id, version: 1, name: one.name, config: one.config },
    ]),
  );
  const result = deleteHealthCheck({ ...EMPTY_ACCOUNT, healthChecks }, id);
  return result.ok ? { line: { check: id } } : { refused: result.faults[0]?.text ?? '' };
}

// --- what may befall the endpoint

/** Something that may befall the server that a check asks. */
export interface Befalling {
  /** "it refuses". */
  readonly words: string;
  readonly line: Line;
}

/** What may befall the server behind a check's address at an instant; nothing where no host of this world has the address. */
export function befallings(trace: Trace, config: HealthCheckConfig, at: Instant): Befalling[] {
  if (config.kind !== 'endpoint') return [];
  const host = trace.hosts.find(({ addresses }) => config.ipAddress !== undefined && addresses.includes(config.ipAddress))?.id;
  if (host === undefined) return [];
  const isDown = downAt(trace, host, at);
  return isDown
    ? [{ words: 'the server is up again', line: { start: host } }]
    : [
        { words: 'the server refuses', line: { stop: host, how: 'refusing' } },
        { words: 'the server is silent', line: { stop: host } },
      ];
}

/** Whether the last line about a host stopped it. */
function downAt(trace: Trace, host: HostId, at: Instant): boolean {
  let isDown = false;
  for (const { at: when, line } of trace.stimuli) {
    if (when > at) continue;
    const { stop, start } = line as { readonly stop?: HostId | readonly HostId[]; readonly start?: HostId | readonly HostId[] };
    if ([stop ?? []].flat().includes(host)) isDown = true;
    if ([start ?? []].flat().includes(host)) isDown = false;
  }
  return isDown;
}
