/** The status of health checks over time: endpoints, calculated checks, alarms, switches; inverted and disabled ones. */
import type { Duration, Instant } from '../../base/time.ts';
import { instant, later, minutes, START } from '../../base/time.ts';
import type { HealthVerdict } from '../routing/decision.ts';
import type { Checker, CheckerState, EndpointHistory } from './checkers.ts';
import { checkersAt, enoughHealthy } from './checkers.ts';
import type { AlarmConfig, EndpointConfig, HealthCheck, HealthCheckConfig } from './healthCheck.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** All that health depends on. Histories are in order of time, keyed by the id of the check. */
export interface HealthWorld {
  readonly checks: ReadonlyMap<string, HealthCheck>;
  readonly checkers: ReadonlyMap<string, readonly Checker[]>;
  readonly endpoints: ReadonlyMap<string, EndpointHistory>;
  /** The data stream of the alarm that a check follows. */
  readonly alarms: ReadonlyMap<string, readonly { readonly from: Instant; readonly state: AlarmState }[]>;
  /** The switch of the routing control that a check follows: on until it says otherwise. */
  readonly switches: ReadonlyMap<string, readonly { readonly from: Instant; readonly on: boolean }[]>;
}

export interface HealthStatus extends HealthVerdict {
  /** Of an endpoint check: what each checker thinks. */
  readonly checkers?: readonly CheckerState[];
}

/** The status of a check at `now`. A check that is not known counts as healthy, and says so. */
export function statusAt(world: HealthWorld, id: string, now: Instant): HealthStatus {
  const check = world.checks.get(id);
  if (!check) return { healthy: true, why: `Health check ${id} is not known here: counts as healthy` };
  const { config } = check;
  if (config.disabled) return flippedIf(config, { healthy: true, why: 'Disabled: counts as healthy' });
  return flippedIf(config, rawStatus(world, id, config, now));
}

/** Inverted checks turn their result round, that of a new or disabled check too. */
const flippedIf = (config: HealthCheckConfig, status: HealthStatus): HealthStatus =>
  config.inverted ? { ...status, healthy: !status.healthy, why: `${status.why}; inverted` } : status;

function rawStatus(world: HealthWorld, id: string, config: HealthCheckConfig, now: Instant): HealthStatus {
  switch (config.kind) {
    case 'endpoint':
      return endpointStatus(config, world.checkers.get(id) ?? [], world.endpoints.get(id) ?? [], now);
    case 'calculated': {
      // A calculated check may not have calculated children; one that slipped in counts as unhealthy.
      const isHealthy = (child: string) =>
        world.checks.get(child)?.config.kind !== 'calculated' && statusAt(world, child, now).healthy;
      const healthy = config.children.filter(isHealthy).length;
      const why = `${healthy} of ${config.children.length} children are healthy, ${config.healthThreshold} needed`;
      return { healthy: healthy >= config.healthThreshold, why };
    }
    case 'alarm':
      return alarmStatus(config, world.alarms.get(id) ?? [], now);
    case 'recovery-control': {
      const on = world.switches.get(id)?.findLast(({ from }) => from <= now)?.on ?? true;
      return { healthy: on, why: `The routing control is ${on ? 'on' : 'off'}` };
    }
  }
}

function endpointStatus(
  config: EndpointConfig,
  checkers: readonly Checker[],
  history: EndpointHistory,
  now: Instant,
): HealthStatus {
  // A probe that starts now and is judged at once counts already.
  const { states, flips } = checkersAt(checkers, config, history, instant(now + 1));
  const minds = new Map(checkers.map((checker) => [checker, true]));
  for (const flip of flips) if (flip.at <= now) minds.set(flip.checker, flip.healthy);
  const healthy = [...minds.values()].filter(Boolean).length;
  const why = `${healthy} of ${checkers.length} checkers say healthy; more than 18 % needed`;
  const shown = states.map((state) => ({ ...state, healthy: minds.get(state.checker) ?? state.healthy }));
  return { healthy: checkers.length === 0 || enoughHealthy(healthy, checkers.length), why, checkers: shown };
}

function alarmStatus(config: AlarmConfig, history: readonly { from: Instant; state: AlarmState }[], now: Instant): HealthStatus {
  const past = history.filter(({ from }) => from <= now);
  const state = past.at(-1)?.state ?? 'INSUFFICIENT_DATA';
  const named = `Alarm ${config.alarm.name} is ${state}`;
  if (state !== 'INSUFFICIENT_DATA') return { healthy: state === 'OK', why: named };
  switch (config.insufficientData) {
    case 'Healthy':
      return { healthy: true, why: `${named}: counts as healthy` };
    case 'Unhealthy':
      return { healthy: false, why: `${named}: counts as unhealthy` };
    case 'LastKnownStatus': {
      const known = past.findLast((entry) => entry.state !== 'INSUFFICIENT_DATA')?.state ?? 'OK';
      return { healthy: known === 'OK', why: `${named}: the last known state counts, ${known}` };
    }
  }
}

/** A change of a check's status. */
export interface StatusChange {
  readonly at: Instant;
  readonly healthy: boolean;
  readonly why: string;
}

/** Every change of a check's status from the start up to and including `until`; the first entry is the status at the start. */
export function statusHistory(world: HealthWorld, id: string, until: Instant): StatusChange[] {
  const history: StatusChange[] = [];
  const moments = [START, ...[...momentsOf(world, id, until)].sort((a, b) => a - b)];
  for (const at of moments) {
    const { healthy, why } = statusAt(world, id, at);
    if (history.at(-1)?.healthy !== healthy) history.push({ at, healthy, why });
  }
  return history;
}

/** The instants at which a check's status may change. */
function momentsOf(world: HealthWorld, id: string, until: Instant): Set<Instant> {
  const config = world.checks.get(id)?.config;
  const moments = new Set<Instant>();
  if (!config || config.disabled) return moments;
  const add = (at: Instant): void => {
    if (at > START && at <= until) moments.add(at);
  };
  if (config.kind === 'endpoint')
    for (const flip of checkersAt(world.checkers.get(id) ?? [], config, world.endpoints.get(id) ?? [], instant(until + 1)).flips)
      add(flip.at);
  else if (config.kind === 'calculated')
    for (const child of config.children) {
      const isCalculated = world.checks.get(child)?.config.kind === 'calculated';
      if (!isCalculated) for (const at of momentsOf(world, child, until)) add(at);
    }
  else if (config.kind === 'alarm') for (const { from } of world.alarms.get(id) ?? []) add(from);
  else for (const { from } of world.switches.get(id) ?? []) add(from);
  return moments;
}

/** When the console's notification alarm changes: ALARM after a minute of unhealthy, OK with the next healthy status. */
export function notificationAlarm(
  history: readonly StatusChange[],
  until: Instant,
  after: Duration = minutes(1),
): { at: Instant; state: 'OK' | 'ALARM' }[] {
  const changes: { at: Instant; state: 'OK' | 'ALARM' }[] = [];
  for (const [i, { at, healthy }] of history.entries()) {
    const due = later(at, after);
    if (healthy && changes.at(-1)?.state === 'ALARM') changes.push({ at, state: 'OK' });
    else if (!healthy && due <= until && due <= (history[i + 1]?.at ?? until)) changes.push({ at: due, state: 'ALARM' });
  }
  return changes;
}
