/** Route 53 as part of a world: its hosts, what its name servers answer from, and what lines and reactions do with it. */
import type { HostDefinition } from '../../actors/host.ts';
import type { ResolverOptions } from '../../actors/resolver/host.ts';
import { alarmReaction } from '../../actors/servers/alarm.ts';
import type { AuthoritativeView } from '../../actors/servers/authoritative.ts';
import { ADOPTION_TIMER, controlplane, zonechange } from '../../actors/servers/controlplane.ts';
import type { World as ActorWorld, Reaction } from '../../actors/world.ts';
import type { Address } from '../../base/address.ts';
import { type Duration, milliseconds, parseDuration } from '../../base/time.ts';
import { type Name, type NameKey, name as nameOf } from '../../dns/name.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import type { Zone } from '../../dns/zone/zone.ts';
import type { HostId, ZoneChange } from '../../trace/trace.ts';
import { actionOf, type Line, type World } from '../schema.ts';
import { newDomains } from './domains.ts';
import { HEALTH_HOST, healthChecks, healthPath } from './health.ts';
import { entriesOf, readHoldings, ZONE_SERVERS } from './holdings.ts';
import { type LineEffect, route53Line } from './lines.ts';
import { newLiving, reactionsOf, responderWith, zoneChange, zoneNamesOn } from './living.ts';
import { createdIn, type PlainZones, registeredIn, registrarHost, registryOf, registryReactions } from './registry.ts';
import { CONTROL_HOST, peopleOf } from './requests.ts';
import { ROUTE53_ACTIONS } from './schema.ts';
import { clientAddress, vpcHost } from './vpc.ts';

export interface AttachedRoute53 {
  readonly hosts: readonly HostDefinition[];
  readonly reactions: ReadonlyMap<string, Reaction>;
  readonly zoneChanges: readonly Omit<ZoneChange, 'at'>[];
  /** The hosted zones of a server; plain zones of these names give way there. */
  zonesOn(host: HostId): readonly Name[];
  responder(
    host: HostId,
    plain: AuthoritativeView['responder'],
    plainZones: ReadonlyMap<NameKey, Zone>,
  ): AuthoritativeView['responder'];
  lineEffect(line: Line): LineEffect | undefined;
  /** The Resolver of a VPC, when the host is one. */
  vpcHost(options: ResolverOptions): HostDefinition | undefined;
  /** Whom the clients of a VPC ask; undefined when the word means no VPC. */
  clientAddress(id: HostId): Address | undefined;
  /** Something has happened in the world: checkers that rest look for themselves again. */
  stir(actors: ActorWorld): void;
}

/** What Rootwalk needs to know of the rest of the world. */
export interface Surroundings {
  plainRecords(zone: string): readonly ResourceRecord[];
  /** The first resolver of the world. */
  readonly resolvers: readonly Address[];
  /** All lines of the scenario. */
  readonly lines: readonly Line[];
  readonly plain: PlainZones;
}

const FIELDS = ['hostedZones', 'healthChecks', 'cidrCollections', 'trafficPolicies', 'resources', 'vpcs'] as const;

/** Undefined when the world says nothing of Route 53. */
export function attachRoute53(layers: readonly World[], around: Surroundings): AttachedRoute53 | undefined {
  const isMentioned =
    layers.some((world) => FIELDS.some((field) => world[field] !== undefined)) ||
    around.lines.some(
      (line) => Object.hasOwn(ROUTE53_ACTIONS, actionOf(line) ?? '') || ('edit' in line && line.by !== undefined),
    );
  if (!isMentioned) return undefined;
  const holdings = readHoldings(layers, around.plainRecords, false);
  const inSync = layers.findLast((world) => world.inSync !== undefined)?.inSync;
  const living = newLiving(holdings, Object.fromEntries(entriesOf(layers, 'latencies')), durationOf(inSync));
  const people = peopleOf(layers, living);
  const { healthChecks: checks } = living.account;
  const isChecked = checks.size > 0 || around.lines.some((line) => 'check' in line);
  const health = isChecked ? healthChecks(layers, checks, functionsIn(around.lines), around.resolvers) : undefined;
  for (const [id, verdict] of health?.statuses ?? []) living.statuses.set(id, verdict);
  const registered = registeredIn(around.lines);
  const registry = registrarHost(around.lines);
  const { plain } = around;
  const domains = newDomains(
    layers,
    (domain) => plain.setAt(registryOf(domain), domain, 'NS') !== undefined,
    (zone) => plain.setAt(zone, zone, 'SOA') !== undefined,
  );
  return {
    hosts: [controlHost(), ...(health ? [health.host] : []), ...(registry ? [registry] : [])],
    reactions: new Map([...reactionsOf(living), ...registryReactions(living, plain, domains)]),
    zoneChanges: [...living.zones.values()].map(zoneChange),
    zonesOn: (host) => [
      ...zoneNamesOn(living, host),
      ...(ZONE_SERVERS.includes(host) ? registered.map((domain) => nameOf(`${domain}.`)) : []),
    ],
    responder: (host, plain, plainZones) => responderWith(living, host, plain, plainZones),
    lineEffect: (line) =>
      route53Line(line, living, people, { ...plain, domains, made: [...registered, ...createdIn(around.lines)] }),
    vpcHost(options) {
      const vpc = holdings.vpcs.get(options.id);
      return vpc && vpcHost(options, living, vpc);
    },
    clientAddress: (id) => clientAddress(layers, id),
    stir(actors) {
      for (const { id, config } of living.account.healthChecks.values())
        if (config.kind === 'endpoint') actors.tell(HEALTH_HOST, healthPath(id), { type: 'stir' });
    },
  };
}

const durationOf = (text: string | number | undefined): Duration | undefined =>
  text === undefined ? undefined : parseDuration(String(text));

const controlHost = (): HostDefinition => ({
  id: CONTROL_HOST,
  role: 'service',
  title: 'Route 53',
  addresses: [],
  place: 'dns',
  thinking: milliseconds(0),
  machines: [controlplane, zonechange],
  instances: [{ path: CONTROL_HOST, machine: controlplane.id, title: 'Control plane', input: { path: CONTROL_HOST } }],
  background: [ADOPTION_TIMER],
});

/** The name of the reaction that a line waits for. */
export const reactionOf = ({ on }: Line): string | undefined => on && alarmReaction(on.alarm, on.becomes ?? 'ALARM');

/** What the lines do that wait for an alarm, in words. */
function functionsIn(lines: readonly Line[]): Map<string, string[]> {
  const functions = new Map<string, string[]>();
  for (const line of lines) {
    const action = actionOf(line);
    if (!line.on || !action) continue;
    const key = `alarm ${line.on.alarm} ${line.on.becomes ?? 'ALARM'}`;
    const object = (line as unknown as Record<string, unknown>)[action];
    functions.set(key, [
      ...(functions.get(key) ?? []),
      `${action} ${typeof object === 'string' ? object : JSON.stringify(object)}`,
    ]);
  }
  return functions;
}
