/**
 * Route 53 as it stands while a run goes on: what the account holds, which version of each zone each name server has, and what
 * the name servers know of health, latencies and resources. Changed only by what `lines.ts` commits.
 */

import type { AuthoritativeView } from '../../actors/servers/authoritative.ts';
import { COMMIT, type PendingChange } from '../../actors/servers/controlplane.ts';
import { STATUS, type StatusNews } from '../../actors/servers/healthcheck.ts';
import type { World as ActorWorld, Reaction } from '../../actors/world.ts';
import { type Duration, type Instant, START } from '../../base/time.ts';
import { onlineResponder } from '../../dns/dnssec/online.ts';
import type { Message } from '../../dns/message.ts';
import { bareName, labelCount, type Name, type NameKey } from '../../dns/name.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import type { Asking } from '../../dns/responder.ts';
import { zoneFor } from '../../dns/zone/respond.ts';
import type { Zone } from '../../dns/zone/zone.ts';
import type { Account } from '../../route53/account.ts';
import type { AliasResource } from '../../route53/aliases.ts';
import { recordOf } from '../../route53/answer.ts';
import { writeRecordSets } from '../../route53/formats/recordSets.ts';
import { policyRecordsOf } from '../../route53/holdings.ts';
import { type HostedZone, isPrivate, nameServersOf } from '../../route53/hostedZone.ts';
import { isLightsail } from '../../route53/lightsail.ts';
import { locateBuiltIn } from '../../route53/places/location.ts';
import type { LatencyTable } from '../../route53/places/regions.ts';
import type { Vpc } from '../../route53/private.ts';
import { newest, type Publication, publish, versionOn } from '../../route53/publication.ts';
import { type Answered, type HostedZoneSet, hostedZoneSet, respond, type ZoneServices } from '../../route53/respond.ts';
import type { HealthVerdict } from '../../route53/routing/decision.ts';
import { dnssecDocument, onlineZone } from '../../route53/signing.ts';
import { allSets } from '../../route53/table.ts';
import type { HostId, ZoneChange } from '../../trace/trace.ts';
import { signatures, windowAt } from '../signing.ts';
import type { HeldZone, Holdings } from './holdings.ts';
import type { HostedZoneDetail } from './hostedZoneDetail.ts';

/** How long a change takes to all name servers unless told (Developer Guide, ChangeResourceRecordSets: normally 60 seconds). */
const ONE_MINUTE = 60_000_000 as Duration;

/** A zone and its versions. */
export interface LivingZone extends HeldZone {
  readonly publication: Publication;
}

export interface Living {
  account: Account;
  readonly zones: Map<string, LivingZone>;
  readonly resources: Map<string, AliasResource>;
  readonly vpcs: ReadonlyMap<string, Vpc>;
  readonly statuses: Map<string, HealthVerdict>;
  latencies: LatencyTable;
  /** Within what time a change reaches all name servers. */
  readonly inSync: Duration;
  /** Counts the changes, for their ids. */
  changes: number;
  /** When people asked for something: more than five in a second are refused. */
  readonly requests: Instant[];
}

/** Route 53 at the start of a run. */
export function newLiving(holdings: Holdings, latencies: LatencyTable, inSync: Duration | undefined): Living {
  const { account, resources, vpcs } = holdings;
  return {
    account,
    zones: new Map(
      holdings.zones.map((held): [string, LivingZone] => {
        const zone = zoneIn(account, held.id);
        const change = { id: 'C0EXAMPLE00000000', submittedAt: START, adoptedAt: [START, START, START, START] };
        return [held.id, { ...held, publication: [{ zone, change }] }];
      }),
    ),
    resources: new Map(resources),
    vpcs,
    statuses: new Map(),
    latencies,
    inSync: inSync ?? ONE_MINUTE,
    changes: 0,
    requests: [],
  };
}

export function zoneIn(account: Account, id: string): HostedZone {
  const zone = account.zones.get(id);
  if (!zone) throw new Error(`the account has no zone ${id}`);
  return zone;
}

/** The zone that a scenario's word means: its key, its id, or the name of a public zone. */
export function zoneCalled(living: Living, word: string): LivingZone | undefined {
  const zones = [...living.zones.values()];
  const name = `${bareName(word)}.`;
  return (
    zones.find(({ key, id }) => key === word || id === word) ??
    zones.find(({ publication }) => newest(publication)?.name === name)
  );
}

// --- answering

/** What the name servers know besides the records. */
export const servicesOf = (living: Living): ZoneServices => ({
  locate: locateBuiltIn,
  get latencies() {
    return living.latencies;
  },
  healthOf: (id) => living.statuses.get(id) ?? { healthy: true, why: `Health check ${id} is not known here: counts as healthy` },
  resourceOf: ({ dnsName }) => {
    const bare = dnsName.replace(/^dualstack\./, '');
    return [...living.resources.values()].find((resource) => resource.dnsName === bare);
  },
  collectionOf: (id) => living.account.cidrCollections.get(id),
  policyRecordsOf: (id) => policyRecordsOf(living.account, id),
});

type ServerResponder = AuthoritativeView['responder'];

/** A server's responder: from the hosted zones it has, as far as it has taken their changes, and from its plain zones. */
export function responderWith(
  living: Living,
  host: HostId,
  plain: ServerResponder,
  plainZones: ReadonlyMap<NameKey, Zone>,
): ServerResponder {
  const services = servicesOf(living);
  return (query, asking) => {
    const hosted = zonesOn(living, host, asking.now);
    const [question] = query.question;
    const own = question && zoneFor(hosted, question.name, question.type);
    const other = question && zoneFor(plainZones, question.name, question.type);
    const isHosted = own ? !other || labelCount(own.name) >= labelCount(other.origin) : !other && hosted.size > 0;
    if (!isHosted) return plain(query, asking);
    const inner = (one: Message, from: Asking): Answered => respond(hosted, services, one, from);
    return own?.signing ? onlineResponder(inner, onlineZone(own, windowAt, signatures))(query, asking) : inner(query, asking);
  };
}

function zonesOn(living: Living, host: HostId, now: Instant): HostedZoneSet {
  const zones: HostedZone[] = [];
  for (const { servers, publication } of living.zones.values()) {
    const place = servers.indexOf(host);
    const zone = place < 0 ? undefined : versionOn(publication, place % 4, now);
    if (zone) zones.push(zone);
  }
  return hostedZoneSet(zones);
}

/** The names of the hosted zones that a server has at the start. */
export const zoneNamesOn = (living: Living, host: HostId): Name[] =>
  [...living.zones.values()].flatMap(({ servers, publication }) =>
    servers.includes(host) ? (newest(publication)?.name ?? []) : [],
  );

// --- changing

/** A new version of a zone, on its way to the name servers. */
export function withVersion(
  living: Living,
  held: LivingZone,
  zone: HostedZone,
  at: Instant,
  random: () => number,
  comment?: string,
) {
  const id = `C0EXAMPLE${String(living.changes + 1).padStart(8, '0')}`;
  const share = living.inSync / ONE_MINUTE;
  const publication = publish(
    held.publication,
    zone,
    { id, at, ...(comment === undefined ? {} : { comment }) },
    () => random() * share,
  );
  return { ...held, publication } satisfies LivingZone;
}

/** The last change of a zone as the control plane follows it; undefined for a private zone, which is there at once. */
export function pendingChange({ publication }: LivingZone): PendingChange | undefined {
  const last = publication.at(-1);
  if (!last || isPrivate(last.zone)) return undefined;
  const names = nameServersOf(last.zone).map((name) => name.slice(0, name.indexOf('.')));
  return {
    id: last.change.id,
    zone: last.zone.name.slice(0, -1),
    servers: last.change.adoptedAt.map((at, i) => ({ name: names[i] ?? `server ${i + 1}`, at })),
  };
}

/** Something accepted, to be carried out when the turn is over. */
export type Commit = (world: ActorWorld) => void;

/** Puts a zone's new version into the account and tells the trace. */
export function commitZone(living: Living, held: LivingZone): Commit {
  return (world) => {
    const zone = newest(held.publication);
    if (!zone) return;
    living.changes++;
    living.zones.set(held.id, held);
    living.account = { ...living.account, zones: new Map(living.account.zones).set(held.id, zone) };
    world.zoneChanged(zoneChange(held));
  };
}

/** A zone that is there from now on; `word` is what lines call it, if it has a name beside its own. */
export function opened(living: Living, zone: HostedZone, servers: readonly HostId[], word?: string): Commit {
  return (world) => {
    const change = { id: 'C0EXAMPLE00000000', submittedAt: world.at, adoptedAt: [0, 1, 2, 3].map(() => world.at) };
    const key = word ?? (zoneCalled(living, zone.name) ? zone.id : zone.name.slice(0, -1));
    commitZone(living, { key, id: zone.id, servers, publication: [{ zone, change }] })(world);
  };
}

/** A zone that is gone from now on: its servers refuse to answer for it. */
export function closed(living: Living, held: LivingZone): Commit {
  return (world) => {
    const { detail, zone } = zoneChange(held);
    const zones = new Map(living.account.zones);
    zones.delete(held.id);
    living.account = { ...living.account, zones };
    living.zones.delete(held.id);
    world.zoneChanged({ zone, servers: [], records: [], detail: { ...detail, deleted: true } });
  };
}

/** Reactions of the world to what the machines of Route 53 trigger. */
export const reactionsOf = (living: Living): [string, Reaction][] => [
  [COMMIT, (world, about) => (about as Commit)(world)],
  [
    STATUS,
    (_world, about) => {
      const { id, healthy, why } = about as StatusNews;
      living.statuses.set(id, { healthy, why });
    },
  ],
];

// --- the record

/** The newest version of a zone, for the trace. */
export function zoneChange({ key, id, servers, publication }: LivingZone): Omit<ZoneChange, 'at'> & { detail: HostedZoneDetail } {
  const last = publication.at(-1);
  if (!last) throw new Error(`the zone ${key} has no version`);
  const { zone, change } = last;
  const detail: HostedZoneDetail = {
    key,
    id,
    private: isPrivate(zone),
    nameServers: nameServersOf(zone),
    ...(zone.scope.kind === 'private' ? { vpcs: zone.scope.vpcs } : {}),
    ...(isLightsail(zone) ? { lightsail: true } : {}),
    document: writeRecordSets(zone),
    ...(zone.signing ? { dnssec: dnssecDocument(zone) } : {}),
    change,
  };
  return { zone: zone.name, servers, records: plainRecords(zone), detail };
}

/** The records of all sets that have values of their own. */
const plainRecords = (zone: HostedZone): ResourceRecord[] =>
  [...allSets(zone.records)].flatMap(({ name, type, content }) =>
    content.kind === 'values' ? content.values.map((value) => recordOf(name, type, content.ttl, value.data)) : [],
  );
