/**
 * Health checks as the console shows them at a moment: what each asks, what its checkers think, its last rounds, when it
 * changed and who was told. All of it is read from the trace.
 */
import type { StatusDetail } from '../../../actors/servers/healthcheck.ts';
import type { ProbeDetail } from '../../../actors/servers/healthchecker.ts';
import { formatDuration, type Instant, instant, START, seconds } from '../../../base/time.ts';
import { newFindings } from '../../../route53/formats/fields.ts';
import { readHealthCheckConfig } from '../../../route53/formats/healthCheck.ts';
import type { JsonObject } from '../../../route53/formats/json.ts';
import { noticedAfter } from '../../../route53/health/checkers.ts';
import type { EndpointConfig, HealthCheckConfig } from '../../../route53/health/healthCheck.ts';
import type { HealthVerdict } from '../../../route53/routing/decision.ts';
import type { Scenario } from '../../../scenario/schema.ts';
import { type Cursor, cursorAt, type Position } from '../../../trace/scene.ts';
import type { DecisionRecord, Trace } from '../../../trace/trace.ts';
import { holdingsOf, takenLines } from './account.ts';

// --- what is configured

/** A health check as it is configured at an instant. */
export interface ConfiguredCheck {
  readonly id: string;
  readonly name: string;
  readonly config: HealthCheckConfig;
  /** As it was given, in the API's shape. */
  readonly json: JsonObject;
  /** A status from before, which nothing probes. */
  readonly known?: 'healthy' | 'unhealthy';
  /** Who is told when its alarm rings. */
  readonly tells?: string;
  /** The turn from which this version counts; -1 from the start. */
  readonly since: number;
  readonly from: Instant;
}

/** The health checks of an account at an instant, in the order of their creation. */
export function configuredChecks(trace: Trace, scenario: Scenario, at: Instant): ConfiguredCheck[] {
  const lines = scenario.world?.healthChecks ?? {};
  const checks = new Map<string, ConfiguredCheck>();
  for (const { id, name, config } of holdingsOf(scenario).account.healthChecks.values()) {
    const { known, alarm, config: json = {} } = lines[id] ?? {};
    const tells = alarm?.tells;
    const more = { ...(known === undefined ? {} : { known }), ...(tells === undefined ? {} : { tells }) };
    checks.set(id, { id, name, config, json, ...more, since: -1, from: START });
  }
  for (const { line, turn, at: from } of takenLines(trace, at)) {
    if (!('check' in line)) continue;
    const { check: id, config: json } = line;
    const config = json && readHealthCheckConfig(newFindings(), json);
    const before = checks.get(id);
    if (!json) checks.delete(id);
    else if (config) {
      const tells = before?.tells === undefined ? {} : { tells: before.tells };
      checks.set(id, { id, name: before?.name ?? id, config, json, ...tells, since: turn, from });
    }
  }
  return [...checks.values()];
}

// --- what was found out

/** What a trace says of a health check. */
type HealthNews = { readonly id: string } & (
  | { readonly kind: 'probe'; readonly checker: string; readonly passes: boolean; readonly mind: boolean; readonly why: string }
  | { readonly kind: 'status'; readonly healthy: boolean; readonly why: string }
  | { readonly kind: 'news'; readonly about: string; readonly text: string }
);

/** The same with its place in the trace. */
type HealthEvent = HealthNews & { readonly at: Instant; readonly turn: number; readonly effect: number };

const logs = new WeakMap<Trace, ReadonlyMap<string, readonly HealthEvent[]>>();

/** All events of a trace by health check, in order of time. */
function logOf(trace: Trace): ReadonlyMap<string, readonly HealthEvent[]> {
  const known = logs.get(trace);
  if (known) return known;
  const log = new Map<string, HealthEvent[]>();
  for (const { id: turn, at, effects } of trace.turns)
    for (const [effect, one] of effects.entries()) {
      if (one.kind !== 'decide') continue;
      const found = eventIn(one.instance, one.decision);
      if (!found) continue;
      const events = log.get(found.id) ?? [];
      log.set(found.id, events);
      events.push({ ...found, at, turn, effect });
    }
  logs.set(trace, log);
  return log;
}

const NEWS: ReadonlySet<string> = new Set(['alarm', 'told', 'function']);

function eventIn(instance: string, { about, outcome, asked, detail }: DecisionRecord): HealthNews | undefined {
  if (about === 'health') {
    const { id, healthy } = detail as StatusDetail;
    return { id, kind: 'status', healthy, why: asked[0]?.found ?? '' };
  }
  if (NEWS.has(about)) return { id: (detail as { id: string }).id, kind: 'news', about, text: outcome };
  if (about !== 'probe') return undefined;
  const { checker, passes, healthy, against, needed } = detail as ProbeDetail;
  const id = instance.slice(instance.indexOf('/') + 1, -checker.length - 1);
  // The result that completes the row changes the checker's mind.
  return { id, kind: 'probe', checker, passes, mind: against === needed ? passes : healthy, why: outcome };
}

function eventsOf(trace: Trace, { id, since }: ConfiguredCheck, cursor: Cursor): readonly HealthEvent[] {
  return (logOf(trace).get(id) ?? []).filter(
    ({ turn, effect }) => turn > since && (turn < cursor.turn || (turn === cursor.turn && effect < cursor.effects)),
  );
}

// --- what is shown

/** What one round of probes found: the last probe of most checkers passed, or missed; before the first there is nothing. */
export type Round = 'passed' | 'missed' | 'unknown';

/** What one checker thinks. */
export interface Mind {
  /** "eu-west-1/2". */
  readonly checker: string;
  readonly healthy: boolean;
  /** Of its last probe: "Connection refused". */
  readonly why?: string;
}

/** A health check as the console lists it. */
export interface ShownCheck extends ConfiguredCheck {
  /** "192.0.2.44/health", "2 of pages, search". */
  readonly asks: string;
  /** "30 s"; empty when nothing is sent. */
  readonly every: string;
  readonly healthy: boolean;
  readonly why: string;
  /** In order of their Regions; empty without checkers. */
  readonly minds: readonly Mind[];
  /** The last fourteen, oldest first; empty without checkers. */
  readonly rounds: readonly Round[];
  /** Whether a line of the scenario can say what it finds: it has no checkers of its own. */
  readonly isTold: boolean;
}

export function checksAt(trace: Trace, scenario: Scenario, position: Position): ShownCheck[] {
  const cursor = cursorAt(trace, position);
  return configuredChecks(trace, scenario, position.at).map((check) =>
    shownCheck(check, eventsOf(trace, check, cursor), position.at),
  );
}

function shownCheck(check: ConfiguredCheck, events: readonly HealthEvent[], at: Instant): ShownCheck {
  const { config, known } = check;
  const isProbed = config.kind === 'endpoint' && known === undefined && !config.disabled;
  const status = events.findLast((event) => event.kind === 'status');
  const minds = isProbed ? mindsOf(config, events) : [];
  const verdict = status ?? beginning(config, known);
  const healthyMinds = minds.filter(({ healthy }) => healthy).length;
  // Between two changes of its status the count of the checkers goes on.
  const why =
    minds.length > 0
      ? `${healthyMinds} of ${minds.length} say healthy; more than 18 % needed${config.inverted ? '; inverted' : ''}`
      : verdict.why;
  return {
    ...check,
    // What is known from before is not probed: saying whom it would ask would mislead.
    ...(known === undefined ? askedBy(config) : { asks: 'not probed here', every: '' }),
    healthy: verdict.healthy,
    why,
    minds,
    rounds: isProbed ? roundsOf(config, events, check.from, at) : [],
    isTold: known !== undefined || config.kind === 'alarm' || config.kind === 'recovery-control',
  };
}

/** Before anything is heard of it: what is known from before, or healthy until there are data (inverted: unhealthy). */
function beginning({ kind, disabled, inverted }: HealthCheckConfig, known: string | undefined): HealthVerdict {
  const plain = (): HealthVerdict => {
    if (disabled) return { healthy: true, why: 'Disabled: counts as healthy' };
    if (known !== undefined) return { healthy: known !== 'unhealthy', why: `Known to be ${known} from before` };
    return {
      healthy: true,
      why: kind === 'endpoint' ? 'No probe yet: counts as healthy' : 'Nothing heard yet: counts as healthy',
    };
  };
  const { healthy, why } = plain();
  return inverted ? { healthy: !healthy, why: `${why}; inverted` } : { healthy, why };
}

function mindsOf({ regions }: EndpointConfig, events: readonly HealthEvent[]): Mind[] {
  const last = new Map<string, HealthEvent & { kind: 'probe' }>();
  for (const event of events) if (event.kind === 'probe') last.set(event.checker, event);
  return regions.flatMap((region) =>
    [1, 2].map((number): Mind => {
      const checker = `${region}/${number}`;
      const probe = last.get(checker);
      return { checker, healthy: probe?.mind ?? true, ...(probe ? { why: probe.why } : {}) };
    }),
  );
}

const ROUNDS = 14;

/** What most checkers had found last at the end of each of the last fourteen intervals. */
function roundsOf({ requestInterval }: EndpointConfig, events: readonly HealthEvent[], from: Instant, at: Instant): Round[] {
  const probes = events.filter((event) => event.kind === 'probe');
  const last = new Map<string, boolean>();
  let next = 0;
  return Array.from({ length: ROUNDS }, (_, i): Round => {
    const end = instant(at - (ROUNDS - 1 - i) * seconds(requestInterval));
    for (let probe = probes[next]; probe && probe.at <= end; probe = probes[++next]) last.set(probe.checker, probe.passes);
    if (end < from || last.size === 0) return 'unknown';
    return [...last.values()].filter(Boolean).length * 2 > last.size ? 'passed' : 'missed';
  });
}

/** Whom a check asks, and how often. */
export function askedBy(config: HealthCheckConfig): { readonly asks: string; readonly every: string } {
  switch (config.kind) {
    case 'endpoint': {
      const { protocol, port, path } = config;
      const at = config.ipAddress ?? config.domainName ?? '';
      const usual = protocol === 'HTTPS' ? 443 : protocol === 'HTTP' ? 80 : undefined;
      const host = at.includes(':') ? `[${at}]` : at;
      const asks = `${protocol === 'HTTP' ? '' : `${protocol} `}${host}${port === usual ? '' : `:${port}`}${protocol === 'TCP' ? '' : path}`;
      return { asks, every: `${config.requestInterval} s` };
    }
    case 'calculated':
      return { asks: `${config.healthThreshold} of ${config.children.join(', ')}`, every: '' };
    case 'alarm':
      return { asks: `alarm ${config.alarm.name}`, every: '' };
    case 'recovery-control':
      return { asks: 'a routing control', every: '' };
  }
}

/** One thing that happened to a health check: its status changed, or somebody was told. */
export interface PastHealth {
  readonly at: Instant;
  /** Absent for news that are no status. */
  readonly healthy?: boolean;
  readonly text: string;
}

/** What happened to a check before a position, the newest first. */
export function healthHistory(trace: Trace, check: ConfiguredCheck, position: Position): PastHealth[] {
  const past = eventsOf(trace, check, cursorAt(trace, position)).flatMap((event): PastHealth[] => {
    if (event.kind === 'status') return [{ at: event.at, healthy: event.healthy, text: event.why }];
    return event.kind === 'news' ? [{ at: event.at, text: event.text }] : [];
  });
  return past.reverse();
}

// --- how soon a fault is noticed

/** A stretch of time after a fault in which a check notices it, in seconds. */
export interface Noticing {
  readonly fault: 'refuses' | 'silent';
  readonly from: number;
  readonly to: number;
  /** "20 to 30 s". */
  readonly words: string;
}

/** How soon a check notices a server that refuses, and one that is silent, with an axis for both. */
export function noticing(config: EndpointConfig): {
  readonly rows: readonly Noticing[];
  readonly ticks: readonly number[];
  readonly end: number;
} {
  const rows = (['refuses', 'silent'] as const).map((fault): Noticing => {
    const { earliest, latest } = noticedAfter(config, { kind: fault });
    const [from, to] = [earliest / seconds(1), latest / seconds(1)];
    return {
      fault,
      from,
      to,
      words: to < 120 ? `${from} to ${to} s` : `${formatDuration(earliest)} to ${formatDuration(latest)}`,
    };
  });
  const longest = Math.max(...rows.map(({ to }) => to));
  const step = [10, 20, 30, 60, 120, 300].find((one) => longest / one <= 6) ?? 600;
  const last = Math.max(1, Math.ceil(longest / step));
  return { rows, ticks: Array.from({ length: last + 1 }, (_, i) => i * step), end: last * step };
}
