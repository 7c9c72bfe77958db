/** What a health check makes of what it is told: by its checkers, by the checks it adds up, by an alarm or a switch. */
import { enoughHealthy } from '../../route53/health/checkers.ts';
import type { AlarmConfig, HealthCheck } from '../../route53/health/healthCheck.ts';
import type { HealthVerdict } from '../../route53/routing/decision.ts';

/** All that a check knows. */
export interface Knowledge {
  readonly check: HealthCheck;
  /** What each of its checkers thinks, by the checker's name. */
  readonly minds: Readonly<Record<string, boolean>>;
  /** Of a calculated check: the status of each child. */
  readonly children: Readonly<Record<string, boolean>>;
  /** The last thing that an alarm's data stream, a switch, or whoever set the status by hand has said. */
  readonly fed: Feed | undefined;
  /** The last thing before that which was not "no data". */
  readonly before: Feed | undefined;
}

/** What a check is told from outside: of an alarm, OK, ALARM or no data; of a switch, on or off. */
export type Feed = 'healthy' | 'unhealthy' | 'without-data';

/** The check's status as things stand. */
export function verdictOf(knowledge: Knowledge): HealthVerdict {
  const { config } = knowledge.check;
  const verdict = config.disabled ? { healthy: true, why: 'Disabled: counts as healthy' } : plainVerdict(knowledge);
  return config.inverted ? { healthy: !verdict.healthy, why: `${verdict.why}; inverted` } : verdict;
}

function plainVerdict({ check: { config }, minds, children, fed, before }: Knowledge): HealthVerdict {
  switch (config.kind) {
    case 'endpoint': {
      if (fed !== undefined) return { healthy: fed !== 'unhealthy', why: `It is known to be ${fed}` };
      const all = Object.values(minds);
      const healthy = all.filter(Boolean).length;
      const why = `${healthy} of ${all.length} checkers say healthy; more than 18 % needed`;
      return { healthy: all.length === 0 || enoughHealthy(healthy, all.length), why };
    }
    case 'calculated': {
      const healthy = config.children.filter((id) => children[id] ?? true).length;
      const why = `${healthy} of ${config.children.length} children are healthy, ${config.healthThreshold} needed`;
      return { healthy: healthy >= config.healthThreshold, why };
    }
    case 'alarm':
      return alarmVerdict(config, fed ?? 'without-data', before);
    case 'recovery-control': {
      const on = fed !== 'unhealthy';
      return { healthy: on, why: `The routing control is ${on ? 'on' : 'off'}` };
    }
  }
}

/** API Reference, HealthCheckConfig: the alarm's data stream decides, and a setting when there are no data. */
function alarmVerdict({ alarm, insufficientData }: AlarmConfig, fed: Feed, before: Feed | undefined): HealthVerdict {
  const state = { healthy: 'OK', unhealthy: 'ALARM', 'without-data': 'INSUFFICIENT_DATA' }[fed];
  const named = `Alarm ${alarm.name} is ${state}`;
  if (fed !== 'without-data') return { healthy: fed === 'healthy', why: named };
  if (insufficientData !== 'LastKnownStatus')
    return { healthy: insufficientData === 'Healthy', why: `${named}: counts as ${insufficientData.toLowerCase()}` };
  return { healthy: before !== 'unhealthy', why: `${named}: the last known status counts, ${before ?? 'healthy'}` };
}
