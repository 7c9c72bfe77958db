/** Health check configurations in the API's shape (API Reference, HealthCheckConfig). */
import type { Address } from '../../base/address.ts';
import { contains, parseAddress, parseCidr } from '../../base/address.ts';
import type { CheckerRegion, EndpointConfig, HealthCheckConfig } from '../health/healthCheck.ts';
import { CHECKER_REGIONS, isCheckerRegion } from '../health/healthCheck.ts';
import { LIMITS } from '../limits.ts';
import { isNameFault, parseServiceName } from '../names.ts';
import type { Draft, Findings } from './fields.ts';
import { keepUnknown, readFlag, readList, readObject, readText, readWhole, refuse, refuseKind } from './fields.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';

const SOURCE = 'API Reference, HealthCheckConfig';
/** The fields of a configuration that the service knows. */
export const HEALTH_CHECK_FIELDS: ReadonlySet<string> = new Set([
  'IPAddress',
  'Port',
  'Type',
  'ResourcePath',
  'FullyQualifiedDomainName',
  'SearchString',
  'RequestInterval',
  'FailureThreshold',
  'MeasureLatency',
  'Inverted',
  'Disabled',
  'HealthThreshold',
  'ChildHealthChecks',
  'EnableSNI',
  'Regions',
  'AlarmIdentifier',
  'InsufficientDataHealthStatus',
  'RoutingControlArn',
]);
const TYPES = [
  'HTTP',
  'HTTPS',
  'HTTP_STR_MATCH',
  'HTTPS_STR_MATCH',
  'TCP',
  'CALCULATED',
  'CLOUDWATCH_METRIC',
  'RECOVERY_CONTROL',
] as const;

/** Reads a configuration. `kindOf` tells what a child is, so that no calculated check has calculated children. */
export function readHealthCheckConfig(
  findings: Findings,
  value: JsonValue | undefined,
  kindOf: (id: string) => HealthCheckConfig['kind'] | undefined = () => undefined,
): HealthCheckConfig | undefined {
  const before = findings.faults.length;
  const config = readObject(findings, value, 'an object with Type', []);
  if (!config) return undefined;
  keepUnknown(findings, config, HEALTH_CHECK_FIELDS, []);
  const type = TYPES.find((known) => known === config.Type);
  if (type === undefined) return refuseKind(findings, config.Type, `one of ${TYPES.join(', ')}`, ['Type']);
  const common = {
    inverted: optionalFlag(findings, config, 'Inverted', false),
    disabled: optionalFlag(findings, config, 'Disabled', false),
  };
  const own = readKind(findings, config, type, kindOf);
  return own === undefined || findings.faults.length > before ? undefined : { ...common, ...own };
}

type Own<K = HealthCheckConfig> = K extends HealthCheckConfig ? Omit<K, 'inverted' | 'disabled'> : never;

function readKind(
  findings: Findings,
  config: JsonObject,
  type: (typeof TYPES)[number],
  kindOf: (id: string) => HealthCheckConfig['kind'] | undefined,
): Own | undefined {
  switch (type) {
    case 'CALCULATED':
      return readCalculated(findings, config, kindOf);
    case 'CLOUDWATCH_METRIC':
      return readAlarm(findings, config);
    case 'RECOVERY_CONTROL': {
      const routingControlArn = readText(findings, config.RoutingControlArn, 'the ARN of a routing control', [
        'RoutingControlArn',
      ]);
      return routingControlArn === undefined ? undefined : { kind: 'recovery-control', routingControlArn };
    }
    default:
      return readEndpoint(findings, config, type);
  }
}

function readEndpoint(findings: Findings, config: JsonObject, type: string): Own<EndpointConfig> | undefined {
  const before = findings.faults.length;
  const protocol = type === 'TCP' ? 'TCP' : type.startsWith('HTTPS') ? 'HTTPS' : 'HTTP';
  const ipAddress = config.IPAddress === undefined ? undefined : readEndpointAddress(findings, config.IPAddress);
  const domainName =
    config.FullyQualifiedDomainName === undefined ? undefined : readDomainName(findings, config.FullyQualifiedDomainName);
  if (config.IPAddress === undefined && config.FullyQualifiedDomainName === undefined)
    refuse(
      findings,
      'InvalidInput',
      'Invalid request: Expected IPAddress or FullyQualifiedDomainName',
      'an address or a domain name to check',
      SOURCE,
    );
  const usual = protocol === 'HTTP' ? 80 : protocol === 'HTTPS' ? 443 : undefined;
  const port = config.Port === undefined && usual !== undefined ? usual : readWhole(findings, config.Port, 1, 65_535, ['Port']);
  const interval = config.RequestInterval ?? 30;
  if (interval !== 10 && interval !== 30) refuseKind(findings, interval, '10 or 30 (seconds)', ['RequestInterval']);
  const failureThreshold = readWhole(findings, config.FailureThreshold ?? 3, 1, 10, ['FailureThreshold']);
  const searchString = readSearchString(findings, config.SearchString, type.endsWith('_STR_MATCH'));
  const path = readPath(findings, config.ResourcePath, protocol);
  const regions = readRegions(findings, config.Regions);
  const measureLatency = optionalFlag(findings, config, 'MeasureLatency', false);
  const enableSni = optionalFlag(findings, config, 'EnableSNI', protocol === 'HTTPS');
  if (findings.faults.length > before || port === undefined || failureThreshold === undefined) return undefined;
  return {
    kind: 'endpoint',
    protocol,
    port,
    path,
    requestInterval: interval === 10 ? 10 : 30,
    failureThreshold,
    measureLatency,
    enableSni,
    regions,
    ...(searchString === undefined ? {} : { searchString }),
    ...(ipAddress === undefined ? {} : { ipAddress }),
    ...(domainName === undefined ? {} : { domainName }),
  };
}

/** Blocks that no checker reaches: private, loopback, link-local, multicast (Developer Guide, health-checks-creating-values). */
const UNREACHABLE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '0.0.0.0/8',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
].flatMap((text) => parseCidr(text) ?? []);

function readEndpointAddress(findings: Findings, value: JsonValue): Address | undefined {
  const address = typeof value === 'string' ? parseAddress(value) : undefined;
  if (address === undefined) return refuseKind(findings, value, 'an IPv4 or IPv6 address', ['IPAddress']);
  if (!UNREACHABLE.some((block) => contains(block, address))) return address;
  const text = `Invalid parameter : IP address ${address} is reserved`;
  return refuse(findings, 'InvalidInput', text, 'a public address; a private endpoint needs a CloudWatch alarm check', SOURCE, [
    'IPAddress',
  ]);
}

function readDomainName(findings: Findings, value: JsonValue): string | undefined {
  if (typeof value === 'string' && value.length <= 255 && !isNameFault(parseServiceName(value))) return value;
  return refuseKind(findings, value, 'a domain name of at most 255 characters', ['FullyQualifiedDomainName']);
}

function readSearchString(findings: Findings, value: JsonValue | undefined, wanted: boolean): string | undefined {
  if (!wanted && value === undefined) return undefined;
  if (!wanted) return refuseKind(findings, value, 'SearchString only with HTTP_STR_MATCH or HTTPS_STR_MATCH', ['SearchString']);
  if (typeof value === 'string' && value.length >= 1 && value.length <= 255) return value;
  return refuseKind(findings, value, 'text of 1 to 255 characters to look for', ['SearchString']);
}

/** A leading slash is added when it is missing. */
function readPath(findings: Findings, value: JsonValue | undefined, protocol: string): string {
  if (value === undefined || protocol === 'TCP') return '/';
  if (typeof value === 'string' && value.length <= 255) return value.startsWith('/') ? value : `/${value}`;
  refuseKind(findings, value, 'a path of at most 255 characters', ['ResourcePath']);
  return '/';
}

function readRegions(findings: Findings, value: JsonValue | undefined): readonly CheckerRegion[] {
  if (value === undefined) return CHECKER_REGIONS;
  const list = readList(findings, value, 'a list of Regions', ['Regions']) ?? [];
  const regions = list.flatMap((region, i) => {
    if (typeof region === 'string' && isCheckerRegion(region)) return [region];
    refuseKind(findings, region, `one of ${CHECKER_REGIONS.join(', ')}`, ['Regions', i]);
    return [];
  });
  if (new Set(regions).size < 3) {
    const text = 'Invalid request: At least 3 health checker Regions are required';
    refuse(findings, 'InvalidInput', text, 'at least three Regions', SOURCE, ['Regions']);
  }
  return regions;
}

function readCalculated(
  findings: Findings,
  config: JsonObject,
  kindOf: (id: string) => HealthCheckConfig['kind'] | undefined,
): Own | undefined {
  const list = readList(findings, config.ChildHealthChecks, 'a list of health check ids', ['ChildHealthChecks']);
  const healthThreshold = readWhole(findings, config.HealthThreshold, 0, 256, ['HealthThreshold']);
  if (!list || healthThreshold === undefined) return undefined;
  if (list.length > LIMITS.childHealthChecks.most) {
    const text = `A calculated health check can have ${LIMITS.childHealthChecks.most} children`;
    return refuse(
      findings,
      'InvalidInput',
      text,
      `at most ${LIMITS.childHealthChecks.most} children`,
      LIMITS.childHealthChecks.source,
      ['ChildHealthChecks'],
    );
  }
  const children = list.flatMap((child, i) => {
    const path: JsonPath = ['ChildHealthChecks', i];
    const id = readText(findings, child, 'the id of a health check', path);
    if (id !== undefined && kindOf(id) === 'calculated')
      refuse(
        findings,
        'InvalidInput',
        `Health check ${id} is calculated and cannot be a child`,
        'a check that is not calculated',
        SOURCE,
        path,
      );
    return id === undefined ? [] : [id];
  });
  return { kind: 'calculated', children, healthThreshold };
}

function readAlarm(findings: Findings, config: JsonObject): Own | undefined {
  const alarm = readObject(findings, config.AlarmIdentifier, 'an object with Region and Name', ['AlarmIdentifier']);
  const region = alarm && readText(findings, alarm.Region, 'the Region of the alarm', ['AlarmIdentifier', 'Region']);
  const name = alarm && readText(findings, alarm.Name, 'the name of the alarm', ['AlarmIdentifier', 'Name']);
  const insufficient = config.InsufficientDataHealthStatus ?? 'LastKnownStatus';
  if (insufficient !== 'Healthy' && insufficient !== 'Unhealthy' && insufficient !== 'LastKnownStatus')
    return refuseKind(findings, insufficient, 'Healthy, Unhealthy or LastKnownStatus', ['InsufficientDataHealthStatus']);
  return region === undefined || name === undefined
    ? undefined
    : { kind: 'alarm', alarm: { region, name }, insufficientData: insufficient };
}

const optionalFlag = (findings: Findings, config: JsonObject, field: string, otherwise: boolean): boolean =>
  config[field] === undefined ? otherwise : (readFlag(findings, config[field], [field]) ?? otherwise);

/** The configuration in the API's shape. */
export function writeHealthCheckConfig(config: HealthCheckConfig): JsonObject {
  const flags = { Inverted: config.inverted, Disabled: config.disabled };
  switch (config.kind) {
    case 'endpoint':
      return { ...endpointJson(config), ...flags };
    case 'calculated':
      return { Type: 'CALCULATED', ChildHealthChecks: config.children, HealthThreshold: config.healthThreshold, ...flags };
    case 'alarm':
      return {
        Type: 'CLOUDWATCH_METRIC',
        AlarmIdentifier: { Region: config.alarm.region, Name: config.alarm.name },
        InsufficientDataHealthStatus: config.insufficientData,
        ...flags,
      };
    case 'recovery-control':
      return { Type: 'RECOVERY_CONTROL', RoutingControlArn: config.routingControlArn, ...flags };
  }
}

function endpointJson(config: EndpointConfig): JsonObject {
  const json: { [key: string]: Draft } = {};
  if (config.ipAddress !== undefined) json.IPAddress = config.ipAddress;
  json.Port = config.port;
  json.Type = config.searchString === undefined ? config.protocol : `${config.protocol}_STR_MATCH`;
  if (config.protocol !== 'TCP') json.ResourcePath = config.path;
  if (config.domainName !== undefined) json.FullyQualifiedDomainName = config.domainName;
  if (config.searchString !== undefined) json.SearchString = config.searchString;
  json.RequestInterval = config.requestInterval;
  json.FailureThreshold = config.failureThreshold;
  json.MeasureLatency = config.measureLatency;
  if (config.protocol === 'HTTPS') json.EnableSNI = config.enableSni;
  if (config.regions.length < CHECKER_REGIONS.length) json.Regions = [...config.regions];
  return json as JsonObject;
}
