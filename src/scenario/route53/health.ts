/** The host of the health checkers: an address in each Region, a machine for each check, one for each of its checkers. */

import { lookup } from '../../actors/clients/lookup.ts';
import { type StubInput, stub } from '../../actors/clients/stub.ts';
import type { HostDefinition, InstanceDefinition } from '../../actors/host.ts';
import { ALARM_TIMER, type AlarmInput, alarm } from '../../actors/servers/alarm.ts';
import { type HealthCheckInput, healthcheck, newKnowledge } from '../../actors/servers/healthcheck.ts';
import { CHECKER_TIMERS, type CheckerInput, healthchecker } from '../../actors/servers/healthchecker.ts';
import { healthoffice } from '../../actors/servers/healthoffice.ts';
import { verdictOf } from '../../actors/servers/healthStatus.ts';
import { type Address, address } from '../../base/address.ts';
import { milliseconds, minutes, parseDuration, seconds } from '../../base/time.ts';
import { CHECKER_REGIONS, type CheckerRegion, type HealthCheck } from '../../route53/health/healthCheck.ts';
import type { HealthVerdict } from '../../route53/routing/decision.ts';
import type { HostId, InstancePath } from '../../trace/trace.ts';
import type { World } from '../schema.ts';
import { entriesOf } from './holdings.ts';

export const HEALTH_HOST: HostId = 'health';
export const healthPath = (id: string): InstancePath => `${HEALTH_HOST}/${id}`;
const alarmPath = (id: string): InstancePath => `${HEALTH_HOST}/${id}/alarm`;
const STUB = `${HEALTH_HOST}/stub`;

type CheckLine = NonNullable<World['healthChecks']>[string];

/** Two checkers a Region, as many as make three of them more than 18 %. */
const CHECKERS_PER_REGION = [1, 2];

/** Where the checkers of a Region stand: 198.19.N.10 and 2001:db8:c8:N::10, N counted from 1. */
function addressesIn(region: CheckerRegion): readonly [Address, Address] {
  const n = CHECKER_REGIONS.indexOf(region) + 1;
  return [address(`198.19.${n}.10`), address(`2001:db8:c8:${n}::10`)];
}

/** What runs when an alarm or a check reaches a state, in words: by "alarm api ALARM", "health api unhealthy". */
export type Functions = ReadonlyMap<string, readonly string[]>;

/** The health checks of a world as machines; and their statuses at the start. */
export interface HealthChecks {
  readonly host: HostDefinition;
  readonly statuses: ReadonlyMap<string, HealthVerdict>;
}

/** `resolvers`: whom the checkers ask for endpoints of which only the name is known. */
export function healthChecks(
  layers: readonly World[],
  checks: ReadonlyMap<string, HealthCheck>,
  functions: Functions,
  resolvers: readonly Address[],
): HealthChecks {
  const lines = new Map<string, CheckLine>(entriesOf(layers, 'healthChecks'));
  const statuses = new Map<string, HealthVerdict>();
  const inputs: HealthCheckInput[] = [];
  // Calculated checks last: they begin with the statuses of their children.
  for (const check of [...checks.values()].sort((a, b) => Number(isCalculated(a)) - Number(isCalculated(b)))) {
    const input = checkInput(check, lines.get(check.id), checks, statuses);
    statuses.set(check.id, verdictOf(newKnowledge(input)));
    inputs.push(input);
  }
  const alarms = [...lines].flatMap(([id, line]) => alarmInput(id, checks.get(id), line, functions) ?? []);
  const instances: InstanceDefinition[] = [
    { path: HEALTH_HOST, machine: healthoffice.id, title: 'Health checks', input: {} },
    ...alarms.map((input) => ({ path: input.path, machine: alarm.id, title: `Alarm of ${input.name}`, input })),
    ...inputs.map((input) => ({ path: input.path, machine: healthcheck.id, title: `Health check ${input.check.name}`, input })),
  ];
  const addresses = CHECKER_REGIONS.flatMap(addressesIn);
  const stubInput: StubInput = { path: STUB, settings: { addresses, resolvers, patience: seconds(5), attempts: 2 } };
  return {
    statuses,
    host: {
      id: HEALTH_HOST,
      role: 'health-checker',
      title: 'Health checkers',
      addresses,
      place: 'checkers',
      thinking: milliseconds(1),
      resolvers,
      machines: [healthoffice, healthcheck, healthchecker, alarm, stub, lookup],
      instances: [...instances, { path: STUB, machine: stub.id, title: 'Operating system', input: stubInput }],
      receiver: STUB,
      memory: { view: { hostsFile: new Map() } },
      background: [...CHECKER_TIMERS, ALARM_TIMER],
    },
  };
}

const isCalculated = ({ config }: HealthCheck): boolean => config.kind === 'calculated';

/** What a check's machine begins with. */
export function checkInput(
  check: HealthCheck,
  line: CheckLine | undefined,
  checks: ReadonlyMap<string, HealthCheck>,
  statuses: ReadonlyMap<string, HealthVerdict>,
): HealthCheckInput {
  const { config, id } = check;
  const path = healthPath(id);
  const regions = config.kind === 'endpoint' && !config.disabled && line?.known === undefined ? config.regions : [];
  const checkers = regions.flatMap((region) =>
    CHECKERS_PER_REGION.map((number): CheckerInput => {
      const label = `${region}/${number}`;
      if (config.kind !== 'endpoint') throw new Error('only an endpoint has checkers');
      return { path: `${path}/${label}`, check: path, label, config, addresses: addressesIn(region), stub: STUB };
    }),
  );
  const parents = [...checks.values()].filter(
    (other) => other.config.kind === 'calculated' && other.config.children.includes(id),
  );
  const children =
    config.kind === 'calculated' ? config.children.map((child) => [child, statuses.get(child)?.healthy ?? true]) : [];
  return {
    path,
    check,
    checkers,
    listeners: [...parents.map((parent) => healthPath(parent.id)), alarmPath(id)],
    children: Object.fromEntries(children),
    ...(line?.known === undefined ? {} : { known: line.known }),
  };
}

function alarmInput(id: string, check: HealthCheck | undefined, line: CheckLine, functions: Functions): AlarmInput | undefined {
  const runs = { ALARM: functions.get(`alarm ${id} ALARM`) ?? [], OK: functions.get(`alarm ${id} OK`) ?? [] };
  if (!check || (!line.alarm && runs.ALARM.length + runs.OK.length === 0)) return undefined;
  const after = (line.alarm?.after === undefined ? undefined : parseDuration(String(line.alarm.after))) ?? minutes(1);
  const tells = line.alarm?.tells === undefined ? {} : { tells: line.alarm.tells };
  return { path: alarmPath(id), check: id, name: check.name, after, runs, ...tells };
}
