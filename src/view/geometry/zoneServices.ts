/** What a zone's servers know besides its records, as the console uses it: health, collections, what alias records point at. */
import type { KnownIds } from '../../route53/changes.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** The ids that records may name: those of the scenario's health checks and CIDR collections. */
export const knownIn = ({ world, stimuli }: Scenario): KnownIds => ({
  healthChecks: new Set([
    ...Object.keys(world?.healthChecks ?? {}),
    ...stimuli.flatMap((line) => ('check' in line ? [line.check] : [])),
  ]),
  cidrCollections: new Map(
    Object.entries(world?.cidrCollections ?? {}).map(([id, locations]) => [id, new Set(Object.keys(locations))]),
  ),
});
