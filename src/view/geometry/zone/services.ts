/** What a zone's servers know besides its records, as the console uses it: health, collections, what alias records point at. */
import { address } from '../../../base/address.ts';
import type { Instant } from '../../../base/time.ts';
import type { AliasResource } from '../../../route53/aliases.ts';
import type { KnownIds } from '../../../route53/changes.ts';
import { policyRecordsOf } from '../../../route53/holdings.ts';
import { locateBuiltIn } from '../../../route53/places/location.ts';
import type { LatencyTable } from '../../../route53/places/regions.ts';
import type { ZoneServices } from '../../../route53/respond.ts';
import { entriesOf, readHoldings, resourceHealth } from '../../../scenario/route53/holdings.ts';
import { resourcesInLines } from '../../../scenario/route53/targets.ts';
import type { Line, Scenario } from '../../../scenario/schema.ts';
import type { Position } from '../../../trace/scene.ts';
import type { Trace } from '../../../trace/trace.ts';
import { policyAccountAt } from '../console/policies.ts';
import { collectionsAt, holdingsOf } from './account.ts';
import { checksAt, configuredChecks } from './health.ts';

/** The ids that records may name at an instant: those of the health checks and of the CIDR collections that there are. */
export const knownAt = (trace: Trace, scenario: Scenario, at: Instant): KnownIds => ({
  healthChecks: new Set(configuredChecks(trace, scenario, at).map(({ id }) => id)),
  cidrCollections: new Map([...collectionsAt(trace, scenario, at)].map(([id, { locations }]) => [id, new Set(locations.keys())])),
});

/** What alias records may point at at an instant, by the word that lines have for it; those that lines name are there as well. */
export function resourcesAt(trace: Trace, scenario: Scenario, at: Instant): ReadonlyMap<string, AliasResource> {
  const lines = trace.stimuli.map(({ line }) => line as Line);
  const described = scenario.world?.resources ?? {};
  const named = Object.fromEntries(resourcesInLines(new Map(Object.entries(described)), lines));
  const now = new Map([...holdingsOf(scenario).resources, ...readHoldings([{ resources: named }], () => [], false).resources]);
  for (const { at: when, line } of trace.stimuli) {
    const said = line as Line;
    if (when > at || !('resource' in said)) continue;
    const present = now.get(said.resource);
    if (!present) continue;
    const all = said.addresses?.map(address);
    now.set(said.resource, {
      ...present,
      ...(all ? { ipv4: all.filter((one) => !one.includes(':')), ipv6: all.filter((one) => one.includes(':')) } : {}),
      ...(said.healthy === undefined ? {} : { health: resourceHealth(said.healthy) }),
    });
  }
  return now;
}

/** The services at a position: the scenario's, with what its lines and what-ifs have changed so far. */
export function servicesAt(trace: Trace, scenario: Scenario, position: Position): ZoneServices {
  const account = policyAccountAt(trace, scenario, position.at);
  const resources = [...resourcesAt(trace, scenario, position.at).values()];
  const collections = collectionsAt(trace, scenario, position.at);
  let latencies: LatencyTable = Object.fromEntries(entriesOf([scenario.world ?? {}], 'latencies'));
  for (const { at, line } of trace.stimuli) {
    const said = line as Line;
    if (at <= position.at && 'measure' in said) latencies = { ...latencies, ...said.measure };
  }
  const statuses = new Map(checksAt(trace, scenario, position).map((check) => [check.id, check]));
  return {
    locate: locateBuiltIn,
    latencies,
    healthOf: (id: string, _now: Instant) =>
      statuses.get(id) ?? { healthy: true, why: `Health check ${id} is not known here: counts as healthy` },
    resourceOf: ({ dnsName }) => {
      const bare = dnsName.replace(/^dualstack\./, '');
      return resources.find((resource) => resource.dnsName === bare);
    },
    collectionOf: (id) => collections.get(id),
    policyRecordsOf: (id) => policyRecordsOf(account, id),
  };
}
