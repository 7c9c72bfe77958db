/** A Route 53 name server's responses: records by policy, alias records resolved inside, CNAMEs followed in the zone. */
import type { Cidr } from '../base/address.ts';
import { cidrPrefix } from '../base/address.ts';
import type { Explained, Reason } from '../base/reason.ts';
import { reason } from '../base/reason.ts';
import type { Instant } from '../base/time.ts';
import type { Edns, EdnsOption, Message, Question, Rcode } from '../dns/message.ts';
import { response } from '../dns/message.ts';
import type { Name, NameKey } from '../dns/name.ts';
import { isSubdomain, key, sameName } from '../dns/name.ts';
import type { RecordType, ResourceRecord } from '../dns/record.ts';
import { dataOf } from '../dns/record.ts';
import type { Asking } from '../dns/responder.ts';
import { failure, refusal } from '../dns/zone/refusal.ts';
import { zoneFor } from '../dns/zone/respond.ts';
import type { AliasResource } from './aliases.ts';
import { standInResource } from './aliases.ts';
import { answerOf, recordOf } from './answer.ts';
import type { HostedZone } from './hostedZone.ts';
import { lookup } from './lookup.ts';
import type { Asker, Locate } from './places/location.ts';
import { askerOf } from './places/location.ts';
import type { LatencyTable, RegionName } from './places/regions.ts';
import { regionPlace } from './places/regions.ts';
import type { AliasTarget, RecordGroup } from './records.ts';
import type { CidrCollection } from './routing/cidr.ts';
import { decide } from './routing/decide.ts';
import type { Circumstances, Decision, HealthVerdict } from './routing/decision.ts';
import type { RecordTable } from './table.ts';
import { groupAt } from './table.ts';

/** What a name server knows besides the records of its zones; each as last known at the instant given. */
export interface ZoneServices {
  readonly locate: Locate;
  readonly latencies?: LatencyTable;
  healthOf(healthCheckId: string, now: Instant): HealthVerdict;
  /** Undefined for a target that this world does not have: one that stands in is used then. */
  resourceOf(target: AliasTarget, now: Instant): AliasResource | undefined;
  collectionOf(collectionId: string): CidrCollection | undefined;
  policyRecordsOf?(trafficPolicyInstanceId: string): { readonly root: RecordGroup; readonly records: RecordTable } | undefined;
}

/** A query as a Route 53 server gets it; inside a VPC with the Region in which it was asked. */
export interface ZoneAsking extends Asking {
  readonly vpcRegion?: RegionName;
}

/** A response, its reasons, and every decision that was made for it: one for each link of a chain of CNAMEs. */
export interface Answered extends Explained<Message> {
  readonly decisions: readonly Decision[];
  /** The zone that answered; absent when none did. */
  readonly zone?: HostedZone;
}

/** Hosted zones by their names. */
export type HostedZoneSet = ReadonlyMap<NameKey, HostedZone>;

export const hostedZoneSet = (zones: readonly HostedZone[]): HostedZoneSet =>
  new Map(zones.map((zone) => [key(zone.name), zone]));

/** Octets of UDP payload that Route 53's servers take and send (Developer Guide, DNSBehavior). */
const UDP_SIZE = 4096;

/** How many CNAMEs one response follows. */
const MAX_CNAMES = 16;

/** A responder for a server that has these zones: fits wherever a `Responder` does. */
export const hostedZoneResponder =
  (zones: HostedZoneSet, services: ZoneServices) =>
  (query: Message, asking: ZoneAsking): Answered =>
    respond(zones, services, query, asking);

/** The response to `query` of a server that has `zones`. */
export function respond(zones: HostedZoneSet, services: ZoneServices, query: Message, asking: ZoneAsking): Answered {
  const unfit = refusal(query, UDP_SIZE);
  if (unfit) return { ...unfit, decisions: [] };
  const question = query.question[0] as Question;
  const zone = zoneFor(zones, question.name, question.type);
  if (!zone || (question.class !== 'IN' && question.class !== 'ANY')) {
    const why = reason('not-authoritative', `No hosted zone of this server holds ${question.name}`, 'RFC 9499 §7');
    return { ...failure(query, UDP_SIZE, 'REFUSED', why), decisions: [] };
  }
  return answerFrom(zone, services, query, question, asking);
}

interface Draft {
  rcode: Rcode;
  readonly answer: ResourceRecord[];
  readonly authority: ResourceRecord[];
  readonly additional: ResourceRecord[];
  readonly reasons: Reason[];
  readonly decisions: Decision[];
}

function answerFrom(zone: HostedZone, services: ZoneServices, query: Message, question: Question, asking: ZoneAsking): Answered {
  const circumstances = circumstancesOf(zone, services, asking, subnetOf(query));
  const draft: Draft = { rcode: 'NOERROR', answer: [], authority: [], additional: [], reasons: [], decisions: [] };
  const seen = new Set<NameKey>();
  let name: Name | undefined = question.name;
  while (name !== undefined && isSubdomain(name, zone.name) && !seen.has(key(name)) && seen.size <= MAX_CNAMES) {
    seen.add(key(name));
    name = step(draft, zone, name, question.type, circumstances);
  }
  addNameServers(draft, zone);
  if (query.edns?.do) addSigners(draft, zone);
  const { reasons, decisions, ...sections } = draft;
  const dependsOnLocation = decisions.some((decision) => decision.dependsOnLocation);
  // A referral alone is not authoritative (RFC 1035 §4.1.1), nor is a failure.
  const aa = draft.rcode !== 'SERVFAIL' && (draft.answer.length > 0 || draft.authority[0]?.type !== 'NS');
  const subnet = subnetOf(query);
  const edns = ednsFor(query, dependsOnLocation && subnet !== undefined ? cidrPrefix(subnet) : 0);
  return { value: response(query, { ...sections, flags: { aa }, ...edns }), reasons, decisions, zone };
}

/** Adds what the zone holds for `name`; gives the name to go on with, if it is an alias by CNAME. */
function step(draft: Draft, zone: HostedZone, name: Name, type: RecordType, circumstances: Circumstances): Name | undefined {
  const found = lookup(zone.records, zone.name, name, type);
  draft.reasons.push(...found.reasons);
  switch (found.value.kind) {
    case 'referral':
      draft.authority.push(...recordsOf(found.value.group, circumstances));
      draft.additional.push(...glueOf(zone, draft.authority, circumstances));
      return undefined;
    case 'nxdomain':
      draft.rcode = 'NXDOMAIN';
      draft.authority.push(...negativeSoa(zone));
      return undefined;
    case 'nodata':
      draft.authority.push(...negativeSoa(zone));
      return undefined;
    case 'group':
    case 'cname': {
      const decision = decide(found.value.group, circumstances);
      const answer = answerOf(decision, name, () => circumstances.random());
      draft.decisions.push(decision);
      draft.reasons.push(...answer.reasons);
      draft.answer.push(...answer.records);
      if (answer.failed) draft.rcode = 'SERVFAIL';
      else if (answer.records.length === 0) draft.authority.push(...negativeSoa(zone));
      const [first] = answer.records;
      return found.value.kind === 'cname' && first ? dataOf(first, 'CNAME')?.target : undefined;
    }
  }
}

/** All that a decision depends on, for one query. A private zone knows the VPC's Region, not the client (routing-policy-edns0). */
export function circumstancesOf(zone: HostedZone, services: ZoneServices, asking: ZoneAsking, subnet?: Cidr): Circumstances {
  const asker: Asker = askerOf(asking.source, zone.scope.kind === 'private' ? undefined : (asking.subnet ?? subnet));
  const place = asking.vpcRegion === undefined ? services.locate(asker.address) : regionPlace(asking.vpcRegion);
  const { policyRecordsOf } = services;
  return {
    zone,
    asker,
    ...(place === undefined ? {} : { place }),
    ...(services.latencies === undefined ? {} : { latencies: services.latencies }),
    healthOf: (id) => services.healthOf(id, asking.now),
    resourceOf: (target) => services.resourceOf(target, asking.now) ?? standInResource(target),
    collectionOf: (id) => services.collectionOf(id),
    ...(policyRecordsOf === undefined ? {} : { policyRecordsOf: (id: string) => policyRecordsOf(id) }),
    random: () => asking.random(),
  };
}

const subnetOf = (query: Message): Cidr | undefined =>
  query.edns?.options.find((option) => option.option === 'client-subnet')?.subnet;

/** The client subnet comes back with the part of it that the answer depends on (RFC 7871 §7.2.1). */
function ednsFor(query: Message, scope: number): { edns?: Edns } {
  if (!query.edns) return {};
  const subnet = subnetOf(query);
  const options: EdnsOption[] = subnet === undefined ? [] : [{ option: 'client-subnet', subnet, scope }];
  return { edns: { version: 0, udpSize: UDP_SIZE, do: query.edns.do, options } };
}

/** The SOA record of a negative response, with the TTL that the "no" has (RFC 2308 §3, §5). */
function negativeSoa(zone: HostedZone): ResourceRecord[] {
  const [soa] = plainRecords(groupAt(zone.records, zone.name, 'SOA'));
  const minimum = soa && dataOf(soa, 'SOA')?.minimum;
  return soa && minimum !== undefined ? [{ ...soa, ttl: Math.min(soa.ttl, minimum) }] : [];
}

/** Positive answers carry the zone's NS records below (Developer Guide, DNSBehavior; public transcripts). */
function addNameServers(draft: Draft, zone: HostedZone): void {
  if (draft.answer.length === 0 || draft.authority.length > 0) return;
  if (draft.answer.some((record) => record.type === 'NS' && sameName(record.name, zone.name))) return;
  draft.authority.push(...plainRecords(groupAt(zone.records, zone.name, 'NS')));
}

/** A referral carries what the zone holds of the child's keys, for who wants to check (RFC 4035 §3.1.4). */
function addSigners(draft: Draft, zone: HostedZone): void {
  const [first] = draft.authority;
  if (first?.type === 'NS' && !sameName(first.name, zone.name))
    draft.authority.push(...plainRecords(groupAt(zone.records, key(first.name) as string as Name, 'DS')));
}

/** The addresses of a referral's servers, as far as this zone holds them. */
function glueOf(zone: HostedZone, nameServers: readonly ResourceRecord[], circumstances: Circumstances): ResourceRecord[] {
  return nameServers.flatMap((record) => {
    const server = dataOf(record, 'NS')?.nameServer;
    const groups = server === undefined ? [] : (zone.records.groups.get(key(server) as string as Name) ?? []);
    return groups.filter(({ type }) => type === 'A' || type === 'AAAA').flatMap((group) => recordsOf(group, circumstances));
  });
}

const recordsOf = (group: RecordGroup, circumstances: Circumstances): readonly ResourceRecord[] =>
  group.policy === 'simple'
    ? plainRecords(group)
    : answerOf(decide(group, circumstances), group.name, () => circumstances.random()).records;

/** The records of a simple group in the order in which they were given. */
const plainRecords = (group: RecordGroup | undefined): ResourceRecord[] =>
  (group?.policy === 'simple' ? group.sets : []).flatMap(({ name, type, content }) =>
    content.kind === 'values' ? content.values.map((value) => recordOf(name, type, content.ttl, value.data)) : [],
  );

/** Services of a world that has nothing of the kind: all healthy, stand-ins behind aliases, no collections. */
export const bareServices = (locate: Locate): ZoneServices => ({
  locate,
  healthOf: (id) => ({ healthy: true, why: `Health check ${id} is not known here: counts as healthy` }),
  resourceOf: () => undefined,
  collectionOf: () => undefined,
});
