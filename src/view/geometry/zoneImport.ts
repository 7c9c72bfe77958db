/** A file with somebody's own zone, as a scenario: the zone on the four name servers, delegated from above, and asked once. */
import type { Mistake } from '../../base/mistake.ts';
import { type Name, parseName } from '../../dns/name.ts';
import type { JsonObject } from '../../route53/formats/json.ts';
import { openZone } from '../../route53/formats/open.ts';
import { writeRecordSet } from '../../route53/formats/recordset.ts';
import type { HostedZone } from '../../route53/hostedzone.ts';
import { serviceName } from '../../route53/names.ts';
import { listedSets } from '../../route53/table.ts';
import type { Scenario, World } from '../../scenario/schema.ts';
import { worldWithZone } from '../../scenario/zonefile.ts';

export interface ImportedZone {
  /** Absent when there is a mistake. */
  readonly scenario?: Scenario;
  readonly mistakes: readonly Mistake[];
  /** What is assumed, and which fields are not known, in sentences. */
  readonly notes: readonly string[];
}

/** Reads a zone file, a Route 53 export, a change batch or a Lightsail domain. A batch is named by its file: "example.com.json". */
export function scenarioFromZone(text: string, file: string): ImportedZone {
  const origin = originIn(file);
  const { value: zone, mistakes, unknown, notes } = openZone(text, { file, ...(origin ? { origin } : {}) });
  if (!zone) return { mistakes, notes: [] };
  const told = [
    ...notes.map((note) => `${note.text}.`),
    ...unknown.map((path) => `The field ${path} is not known here; it is kept.`),
  ];
  return { scenario: scenarioOf(zone), mistakes: [], notes: told };
}

function originIn(file: string): Name | undefined {
  const bare = file.replace(/^db\./, '').replace(/\.(zone|db|txt|hosts|json)$/i, '');
  const parsed = bare.includes('.') ? parseName(bare) : undefined;
  return typeof parsed === 'string' ? parsed : undefined;
}

function scenarioOf(zone: HostedZone): Scenario {
  const word = zone.name.slice(0, -1);
  // This Internet has four servers for the zone: they stand in its NS record, whatever servers the file names.
  const sets = listedSets(zone.records).filter((set) => !(set.name === zone.name && set.type === 'NS'));
  const { [word]: _own, ...above } = worldWithZone({ origin: zone.name, records: [] }).zones ?? {};
  const asked =
    sets.find(({ name, type }) => type === 'A' && name === `www.${zone.name}`) ??
    sets.find(({ type }) => type === 'A') ??
    sets.find(({ type }) => type === 'CNAME') ??
    sets[0];
  return {
    title: `How does ${word} answer?`,
    world: {
      hostedZones: { [word]: { id: zone.id, replace: true, records: sets.map((set): JsonObject => writeRecordSet(set)) } },
      zones: above,
      ...heldOf(sets),
    },
    stimuli: asked ? [{ at: 0, ask: `${serviceName(asked.name)} ${asked.type}` }] : [],
  };
}

/** Health checks and collections that the file only names stand there, with what is assumed of them. */
function heldOf(sets: ReturnType<typeof listedSets>): Pick<World, 'healthChecks' | 'cidrCollections'> {
  const checks = new Set(sets.flatMap(({ healthCheckId }) => healthCheckId ?? []));
  const collections = new Map<string, Record<string, string[]>>();
  for (const { routing } of sets) {
    if (routing.policy !== 'ip-based') continue;
    const { collectionId, locationName } = routing.cidrRoutingConfig;
    const locations = collections.get(collectionId) ?? {};
    collections.set(collectionId, locationName === '*' ? locations : { ...locations, [locationName]: [] });
  }
  return {
    ...(checks.size > 0
      ? {
          healthChecks: Object.fromEntries(
            [...checks].map((id) => [
              id,
              { config: { Type: 'TCP', IPAddress: '192.0.2.1', Port: 80 }, known: 'healthy' as const },
            ]),
          ),
        }
      : {}),
    ...(collections.size > 0 ? { cidrCollections: Object.fromEntries(collections) } : {}),
  };
}
