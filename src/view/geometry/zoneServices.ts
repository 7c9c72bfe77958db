/** What a zone's servers know besides its records, as the console uses it: health, collections, what alias records point at. */
import { address } from '../../base/address.ts';
import { formatDuration, type Instant } from '../../base/time.ts';
import type { KnownIds } from '../../route53/changes.ts';
import { noticedAfter } from '../../route53/checkers.ts';
import type { HealthVerdict } from '../../route53/decision.ts';
import type { HealthCheck } from '../../route53/healthcheck.ts';
import { policyRecordsOf } from '../../route53/holdings.ts';
import { locateBuiltIn } from '../../route53/location.ts';
import type { LatencyTable } from '../../route53/regions.ts';
import type { ZoneServices } from '../../route53/respond.ts';
import { entriesOf, type Holdings, readHoldings, resourceHealth } from '../../scenario/route53/holdings.ts';
import type { Line, Scenario } from '../../scenario/schema.ts';
import { cursorAt, type Position } from '../../trace/scene.ts';
import type { Trace } from '../../trace/trace.ts';

const kept = new WeakMap<Scenario, Holdings>();

function holdingsOf(scenario: Scenario): Holdings {
  const known = kept.get(scenario) ?? readHoldings([scenario.world ?? {}], () => [], false);
  kept.set(scenario, known);
  return known;
}

/** The ids that records may name: those of the scenario's health checks and CIDR collections. */
export const knownIn = (scenario: Scenario): KnownIds => {
  const { account } = holdingsOf(scenario);
  const created = scenario.stimuli.flatMap((line) => ('check' in line ? [line.check] : []));
  return {
    healthChecks: new Set([...account.healthChecks.keys(), ...created]),
    cidrCollections: new Map([...account.cidrCollections].map(([id, { locations }]) => [id, new Set(locations.keys())])),
  };
};

/** A health check's status as the trace has it. */
interface Status extends HealthVerdict {
  /** What each checker thinks, by its name. */
  readonly minds: readonly boolean[];
}

/** The last status of each health check before a position. */
function statusesAt(trace: Trace, position: Position): Map<string, Status> {
  const cursor = cursorAt(trace, position);
  const statuses = new Map<string, Status>();
  for (const turn of trace.turns.slice(0, cursor.turn + 1))
    for (const effect of turn.effects) {
      if (effect.kind !== 'decide' || effect.decision.about !== 'health') continue;
      const { id, healthy, minds } = effect.decision.detail as {
        id: string;
        healthy: boolean;
        minds: Readonly<Record<string, boolean>>;
      };
      const why = effect.decision.asked[0]?.found ?? '';
      statuses.set(id, {
        healthy,
        why,
        minds: Object.keys(minds)
          .sort()
          .map((name) => minds[name] === true),
      });
    }
  return statuses;
}

/** A health check as the console lists it. */
export interface ShownCheck {
  readonly id: string;
  /** "192.0.2.44:80/health", "2 of 3 others". */
  readonly asks: string;
  /** "30 s"; empty when nothing is sent. */
  readonly every: string;
  readonly healthy: boolean;
  readonly why: string;
  readonly minds: readonly boolean[];
  /** Whether a line of the scenario can say what it finds: it has no checkers of its own. */
  readonly isTold: boolean;
  /** How soon a fault is noticed: "20 s to 30 s". */
  readonly noticed?: { readonly refuses: string; readonly silent: string };
}

export function checksAt(trace: Trace, scenario: Scenario, position: Position): ShownCheck[] {
  const statuses = statusesAt(trace, position);
  const lines = scenario.world?.healthChecks ?? {};
  return [...holdingsOf(scenario).account.healthChecks.values()].map((check) => {
    const known = lines[check.id]?.known;
    const status = statuses.get(check.id) ?? beginning(check, known);
    const isTold = known !== undefined || check.config.kind === 'alarm' || check.config.kind === 'recovery-control';
    // What is known from before is not probed: saying whom it would ask would mislead.
    const about = known === undefined ? describe(check) : { asks: 'not probed here', every: '' };
    return { id: check.id, ...about, ...status, isTold };
  });
}

/** Before anything is heard of it: what is known from before, or every checker's first thought, which is healthy. */
function beginning({ config }: HealthCheck, known: string | undefined): Status {
  if (known !== undefined) return { healthy: known !== 'unhealthy', why: `Known to be ${known} from before`, minds: [] };
  if (config.kind !== 'endpoint') return { healthy: true, why: 'Nothing heard yet: counts as healthy', minds: [] };
  const minds = config.regions.flatMap(() => [true, true]);
  return { healthy: true, why: `${minds.length} of ${minds.length} checkers say healthy`, minds };
}

function describe({ config }: HealthCheck): Pick<ShownCheck, 'asks' | 'every' | 'noticed'> {
  switch (config.kind) {
    case 'endpoint': {
      const span = (kind: 'refuses' | 'silent'): string => {
        const { earliest, latest } = noticedAfter(config, { kind });
        return `${formatDuration(earliest)} to ${formatDuration(latest)}`;
      };
      const at = config.ipAddress ?? config.domainName ?? '';
      return {
        asks: `${config.protocol === 'HTTP' ? '' : `${config.protocol} `}${at}${config.port === 80 ? '' : `:${config.port}`}${config.protocol === 'TCP' ? '' : config.path}`,
        every: `${config.requestInterval} s`,
        noticed: { refuses: span('refuses'), silent: span('silent') },
      };
    }
    case 'calculated':
      return { asks: `${config.healthThreshold} of ${config.children.join(', ')}`, every: '' };
    case 'alarm':
      return { asks: `alarm ${config.alarm.name}`, every: '' };
    case 'recovery-control':
      return { asks: 'a routing control', every: '' };
  }
}

/** The services at a position: the scenario's, with what its lines and what-ifs have changed so far. */
export function servicesAt(trace: Trace, scenario: Scenario, position: Position): ZoneServices {
  const { account, resources } = holdingsOf(scenario);
  const now = new Map(resources);
  let latencies: LatencyTable = Object.fromEntries(entriesOf([scenario.world ?? {}], 'latencies'));
  for (const { at, line } of trace.stimuli) {
    if (at > position.at) continue;
    const said = line as Line;
    if ('measure' in said) latencies = { ...latencies, ...said.measure };
    if ('resource' in said) {
      const present = now.get(said.resource);
      const all = said.addresses?.map(address);
      if (present)
        now.set(said.resource, {
          ...present,
          ...(all ? { ipv4: all.filter((one) => !one.includes(':')), ipv6: all.filter((one) => one.includes(':')) } : {}),
          ...(said.healthy === undefined ? {} : { health: resourceHealth(said.healthy) }),
        });
    }
  }
  const statuses = new Map(checksAt(trace, scenario, position).map((check) => [check.id, check]));
  return {
    locate: locateBuiltIn,
    latencies,
    healthOf: (id: string, _now: Instant) =>
      statuses.get(id) ?? { healthy: true, why: `Health check ${id} is not known here: counts as healthy` },
    resourceOf: ({ dnsName }) => {
      const bare = dnsName.replace(/^dualstack\./, '');
      return [...now.values()].find((resource) => resource.dnsName === bare);
    },
    collectionOf: (id) => account.cidrCollections.get(id),
    policyRecordsOf: (id) => policyRecordsOf(account, id),
  };
}
