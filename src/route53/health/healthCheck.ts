/** Health checks: what is checked, from where, and what one probe makes of what it meets (Developer Guide, health-checks). */
import type { Address } from '../../base/address.ts';
import type { Duration } from '../../base/time.ts';
import { seconds } from '../../base/time.ts';

/** The Regions with checkers (API Reference, HealthCheckRegion). */
export const CHECKER_REGIONS = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
] as const;

export type CheckerRegion = (typeof CHECKER_REGIONS)[number];

export const isCheckerRegion = (text: string): text is CheckerRegion => (CHECKER_REGIONS as readonly string[]).includes(text);

export interface HealthCheck {
  readonly id: string;
  readonly callerReference: string;
  /** Counts up with every change of the configuration. */
  readonly version: number;
  /** The Name tag of the console; empty when there is none. */
  readonly name: string;
  readonly config: HealthCheckConfig;
}

export type HealthCheckConfig = EndpointConfig | CalculatedConfig | AlarmConfig | RecoveryControlConfig;

interface CommonConfig {
  /** Flips the result. */
  readonly inverted: boolean;
  /** Counts as healthy (inverted: unhealthy) without any probe. */
  readonly disabled: boolean;
}

/** A check that sends probes. */
export interface EndpointConfig extends CommonConfig {
  readonly kind: 'endpoint';
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  /** HTTP and HTTPS: text that must stand in the first 5120 bytes of the body, letter case included. */
  readonly searchString?: string;
  /** Where probes go; without it the domain name is resolved before every probe, IPv4 only. */
  readonly ipAddress?: Address;
  /** The Host header, and the endpoint itself when there is no address. */
  readonly domainName?: string;
  readonly port: number;
  /** With its leading slash. */
  readonly path: string;
  /** 10 or 30 seconds; cannot be changed later. */
  readonly requestInterval: 10 | 30;
  /** Probes in a row that change a checker's mind, down and up alike: 1 to 10. */
  readonly failureThreshold: number;
  readonly measureLatency: boolean;
  readonly enableSni: boolean;
  /** At least three. */
  readonly regions: readonly CheckerRegion[];
}

/** A check over other checks; they may not be calculated themselves. */
export interface CalculatedConfig extends CommonConfig {
  readonly kind: 'calculated';
  readonly children: readonly string[];
  /** How many healthy children make it healthy. 0: always healthy. */
  readonly healthThreshold: number;
}

/** A check that follows the data stream of a CloudWatch alarm. */
export interface AlarmConfig extends CommonConfig {
  readonly kind: 'alarm';
  readonly alarm: { readonly region: string; readonly name: string };
  readonly insufficientData: 'Healthy' | 'Unhealthy' | 'LastKnownStatus';
}

/** A check that follows a routing control's switch. */
export interface RecoveryControlConfig extends CommonConfig {
  readonly kind: 'recovery-control';
  readonly routingControlArn: string;
}

/** What a probe meets at the endpoint. */
export type EndpointCondition =
  | { readonly kind: 'answers' /** HTTP status. */; readonly status: number; readonly body: string }
  /** The connection is refused at once. */
  | { readonly kind: 'refuses' }
  /** Nothing comes back. */
  | { readonly kind: 'silent' }
  /** Connects, but no status line comes. */
  | { readonly kind: 'no-status' }
  /** Sends a status, but no body. */
  | { readonly kind: 'no-body'; readonly status: number }
  /** The domain name has no A record. */
  | { readonly kind: 'unresolvable' };

/** What one probe finds, how long it takes to be sure, and why: as the console's "last failure reason". */
export interface ProbeOutcome {
  readonly passes: boolean;
  readonly after: Duration;
  readonly why: string;
}

/** Seconds that a probe waits (Developer Guide, dns-failover-determining-health-of-endpoints). */
export const CONNECT_TIMEOUT = { HTTP: 4, HTTPS: 4, TCP: 10 } as const;
const STATUS_TIMEOUT = 2;
const BODY_TIMEOUT = 2;

/** Bytes of the body in which the search string must stand wholly. */
const SEARCHED_BYTES = 5_120;

/** Judges one probe. Times on the network are left out: they are small beside the timeouts. */
export function judgeProbe(config: EndpointConfig, condition: EndpointCondition): ProbeOutcome {
  const fails = (why: string, after = 0): ProbeOutcome => ({ passes: false, after: seconds(after), why });
  switch (condition.kind) {
    case 'unresolvable':
      return fails('DNS resolution failed');
    case 'refuses':
      return fails('Connection refused');
    case 'silent': {
      const wait = CONNECT_TIMEOUT[config.protocol];
      return fails(`No connection within ${wait} seconds`, wait);
    }
    default:
      if (config.protocol === 'TCP') return { passes: true, after: seconds(0), why: 'Success: connected' };
  }
  if (condition.kind === 'no-status') return fails(`No HTTP status within ${STATUS_TIMEOUT} seconds`, STATUS_TIMEOUT);
  if (!isGoodStatus(condition.status)) return fails(`HTTP status code ${condition.status}`);
  if (config.searchString === undefined)
    return { passes: true, after: seconds(0), why: `Success: HTTP status code ${condition.status}` };
  if (condition.kind === 'no-body') return fails(`No body within ${BODY_TIMEOUT} seconds of the status`, BODY_TIMEOUT);
  return findsText(config.searchString, condition.body)
    ? { passes: true, after: seconds(0), why: `Success: HTTP status code ${condition.status}, text found` }
    : fails(`The text is not in the first ${SEARCHED_BYTES} bytes of the body`);
}

const isGoodStatus = (status: number): boolean => status >= 200 && status <= 399;

function findsText(text: string, body: string): boolean {
  const encoder = new TextEncoder();
  const head = encoder.encode(body).subarray(0, SEARCHED_BYTES);
  const wanted = encoder.encode(text);
  for (let start = 0; start + wanted.length <= head.length; start++)
    if (wanted.every((byte, i) => head[start + i] === byte)) return true;
  return false;
}

/** The Host header of a probe: the name, with its port unless that is the protocol's own; the address without a name (API). */
export function hostHeader(config: EndpointConfig): string {
  const host = config.domainName ?? config.ipAddress ?? '';
  const usual = config.protocol === 'HTTPS' ? 443 : 80;
  return config.domainName === undefined || config.port === usual ? host : `${host}:${config.port}`;
}
