/** Lines about what an account holds besides records: hosted zones, CIDR collections, traffic policies and policy records. */

import { isSubdomain, type Name, name as nameOf, sameName } from '../../dns/name.ts';
import type { Account } from '../../route53/account.ts';
import { createHostedZone, deleteHostedZone } from '../../route53/account.ts';
import { DOCUMENTATION_SET } from '../../route53/delegation.ts';
import type { Fault } from '../../route53/faults.ts';
import { newFindings } from '../../route53/formats/fields.ts';
import { readPolicyDocument, writePolicyDocument } from '../../route53/formats/trafficPolicy.ts';
import { addCidrCollection, createPolicyRecord, deleteCidrCollection, deletePolicyRecord } from '../../route53/holdings.ts';
import { type HostedZone, newHostedZone } from '../../route53/hostedZone.ts';
import { checkZoneCount, hostedZoneOf, isLightsail } from '../../route53/lightsail.ts';
import type { Action } from '../../route53/permissions.ts';
import { associateVpc, disassociateVpc, type PrivateResult } from '../../route53/private.ts';
import { newest } from '../../route53/publication.ts';
import { type CidrChange, changeCidrCollection, newCidrCollection } from '../../route53/routing/cidr.ts';
import {
  addVersion,
  changeVersion,
  deleteVersion,
  newTrafficPolicy,
  type PolicyRecord,
  type TrafficPolicy,
} from '../../route53/trafficPolicy.ts';
import type { HostId } from '../../trace/trace.ts';
import type { LineOf } from '../schema.ts';
import { ZONE_SERVERS, zoneHolding } from './holdings.ts';
import { type Commit, closed, commitZone, type Living, type LivingZone, opened, withVersion, zoneCalled } from './living.ts';
import { type Asked, type Judgement, noSuchZoneJudgement, ofZone } from './requests.ts';

type Request = Omit<Asked, 'person'>;

// --- hosted zones

/**
 * Creates a zone. One that is related to no other gets the servers that this world has, so that it can be delegated and
 * answers; a second one of a name, a parent or a child gets four others (API Reference, CreateHostedZone), which stand nowhere
 * here: nobody is sent to them.
 */
export function creating(
  { createZone, vpc: vpcId, lightsail }: LineOf<'createZone'>,
  living: Living,
  plainOrigins: () => readonly Name[],
): Request {
  const kind = lightsail ? 'Lightsail zone' : vpcId === undefined ? 'hosted zone' : 'private hosted zone';
  return {
    action: lightsail ? 'lightsail:CreateDomain' : 'route53:CreateHostedZone',
    stimulus: `create the ${kind} ${createZone}`,
    text: `${lightsail ? 'Lightsail' : 'Hosted'} zone ${createZone}`,
    judge(_at, random) {
      const vpc = vpcId === undefined ? undefined : living.vpcs.get(vpcId);
      if (vpcId !== undefined && !vpc) return { ok: false, faults: [noSuchVpc(vpcId)] };
      const tooMany = lightsail ? checkZoneCount([...living.account.zones.values()].filter(isLightsail).length) : undefined;
      if (tooMany) return { ok: false, faults: [tooMany] };
      const request = { name: createZone, callerReference: `${createZone} ${living.changes}`, ...(vpc ? { vpc } : {}) };
      const result = createHostedZone(living.account, request, random);
      if (!result.ok) return result;
      const plain = plainOrigins();
      const { zone, servers } = withServers(result.value, living, plain);
      const made =
        lightsail && zone.scope.kind === 'public'
          ? hostedZoneOf({ name: zone.name, entries: [] }, zone.scope.delegationSet, zone.id)
          : undefined;
      const whole = made?.ok ? made.zone : zone;
      const isTaken = zoneCalled(living, zone.name) !== undefined || plain.some((origin) => sameName(origin, zone.name));
      const key = isTaken ? zone.id : zone.name.slice(0, -1);
      return { ok: true, outcome: `created, with ${serversText(whole)}`, commit: opened(living, whole, servers, key) };
    },
  };
}

const noSuchVpc = (id: string): Fault => ({
  code: 'InvalidVPCId',
  text: `The VPC ID that you specified isn't a valid ID or the current account isn't authorized to access this VPC: ${id}`,
  expected: 'a VPC of this world',
  path: ['VPC'],
  source: 'API Reference, CreateHostedZone',
});

function withServers(zone: HostedZone, living: Living, plain: readonly Name[]): { zone: HostedZone; servers: readonly HostId[] } {
  if (zone.scope.kind === 'private') return { zone, servers: [] };
  const others = [...living.zones.values()].flatMap(({ publication }) => {
    const other = newest(publication);
    return other?.scope.kind === 'public' ? [other.name] : [];
  });
  const isRelated = [...others, ...plain].some((other) => isSubdomain(other, zone.name) || isSubdomain(zone.name, other));
  if (isRelated) return { zone, servers: [] };
  const { records: _records, ...frame } = zone;
  return {
    zone: newHostedZone({ ...frame, scope: { kind: 'public', delegationSet: DOCUMENTATION_SET } }),
    servers: ZONE_SERVERS,
  };
}

const serversText = (zone: HostedZone): string =>
  zone.scope.kind === 'public' ? zone.scope.delegationSet.nameServers.join(' ') : 'its VPC';

/** Deletes a zone; a Lightsail zone goes with its entries (Lightsail API Reference, DeleteDomain). */
export function deleting({ deleteZone }: LineOf<'deleteZone'>, living: Living): Request {
  const held = (): LivingZone | undefined => zoneCalled(living, deleteZone);
  return {
    action: () => (isLightsail(newest(held()?.publication ?? [])) ? 'lightsail:DeleteDomain' : 'route53:DeleteHostedZone'),
    zone: deleteZone,
    stimulus: `delete the hosted zone ${deleteZone}`,
    text: `Hosted zone ${deleteZone}`,
    judge(): Judgement {
      const found = held();
      const zone = found && newest(found.publication);
      if (!found || !zone) return noSuchZoneJudgement(deleteZone);
      if (isLightsail(zone)) return { ok: true, outcome: 'deleted', commit: closed(living, found) };
      const result = deleteHostedZone(living.account, found.id);
      return result.ok ? { ok: true, outcome: 'deleted', commit: closed(living, found) } : result;
    },
  };
}

/** Ties a VPC to a private zone: its Resolver answers from that zone from now on (API, AssociateVPCWithHostedZone). */
export function associating({ associate, vpc: vpcId }: LineOf<'associate'>, living: Living): Request {
  const about = {
    action: 'route53:AssociateVPCWithHostedZone' as const,
    stimulus: `tie the VPC ${vpcId} to the private hosted zone ${associate}`,
  };
  return ofZone(living, associate, about, (zone) => {
    const vpc = living.vpcs.get(vpcId);
    if (!vpc) return { ok: false, faults: [noSuchVpc(vpcId)] };
    return ofOne(associateVpc(zone, vpc, [...living.account.zones.values()]));
  });
}

/** Unties a VPC from a private zone (API, DisassociateVPCFromHostedZone). */
export const disassociating = ({ disassociate, vpc }: LineOf<'disassociate'>, living: Living): Request =>
  ofZone(
    living,
    disassociate,
    {
      action: 'route53:DisassociateVPCFromHostedZone',
      stimulus: `untie the VPC ${vpc} from the private hosted zone ${disassociate}`,
    },
    (zone) => ofOne(disassociateVpc(zone, vpc)),
  );

const ofOne = (result: PrivateResult) => (result.ok ? result : { ok: false as const, faults: [result.fault] });

// --- CIDR collections

/** What the trace says of a CIDR collection. */
export interface CollectionDetail {
  readonly collection: {
    readonly id: string;
    readonly version: number;
    readonly locations: Readonly<Record<string, readonly string[]>>;
    /** The collection is gone from this instant on. */
    readonly deleted?: boolean;
  };
}

export function collecting(line: LineOf<'collection'>, living: Living): Request {
  const { collection, put = {}, remove = {} } = line;
  if (line.delete) return discarding(collection, living);
  const changes: CidrChange[] = [
    ...Object.entries(remove).map(([locationName, cidrList]) => ({
      action: 'DELETE_IF_EXISTS' as const,
      locationName,
      cidrList,
    })),
    ...Object.entries(put).map(([locationName, cidrList]) => ({ action: 'PUT' as const, locationName, cidrList })),
  ];
  const said = changes.map((one) => `${one.action} ${one.locationName} ${one.cidrList.join(' ')}`).join(', ');
  const isNew = changes.length === 0;
  return {
    action: isNew ? 'route53:CreateCidrCollection' : 'route53:ChangeCidrCollection',
    stimulus: isNew ? `create the CIDR collection ${collection}` : `change the CIDR collection ${collection}: ${said}`,
    text: `CIDR collection ${collection}`,
    judge() {
      const present = living.account.cidrCollections.get(collection);
      const fresh = newCidrCollection(collection, collection);
      const added = present ? undefined : addCidrCollection(living.account, fresh);
      if (added && !added.ok) return added;
      const result =
        isNew && !present ? { ok: true as const, collection: fresh } : changeCidrCollection(present ?? fresh, changes);
      if (!result.ok) return result;
      const next = result.collection;
      const commit: Commit = () => {
        living.account = { ...living.account, cidrCollections: new Map(living.account.cidrCollections).set(collection, next) };
      };
      const detail: CollectionDetail = {
        collection: { id: collection, version: next.version, locations: Object.fromEntries(next.locations) },
      };
      return { ok: true, outcome: `accepted, version ${next.version}`, commit, detail };
    },
  };
}

const discarding = (id: string, living: Living): Request => ({
  action: 'route53:DeleteCidrCollection',
  stimulus: `delete the CIDR collection ${id}`,
  text: `CIDR collection ${id}`,
  judge() {
    const result = deleteCidrCollection(living.account, id);
    if (!result.ok) return result;
    const commit: Commit = () => {
      living.account = { ...living.account, cidrCollections: result.account.cidrCollections };
    };
    const detail: CollectionDetail = { collection: { id, version: result.value.version, locations: {}, deleted: true } };
    return { ok: true, outcome: 'deleted', commit, detail };
  },
});

// --- traffic policies

/** What the trace says of a traffic policy, its versions as documents in the API's shape. */
export interface PolicyDetail {
  readonly trafficPolicy: {
    readonly id: string;
    readonly nextVersion: number;
    readonly versions: readonly { readonly version: number; readonly document: ReturnType<typeof writePolicyDocument> }[];
    readonly records: readonly PolicyRecord[];
  };
}

/**
 * Creates a traffic policy or a version of it, moves its policy records to a version, and binds it to names or unbinds it.
 * Applies whole or not at all.
 */
export function policy(line: LineOf<'policy'>, living: Living): Request {
  const { policy: id, document: json, version: wanted, bind = [], unbind = [], discard = [] } = line;
  const said = [
    ...(json ? [`a new version of the traffic policy ${id}`] : []),
    ...(wanted === undefined || bind.length > 0 ? [] : [`use version ${wanted} of the traffic policy ${id}`]),
    ...bind.map(({ name }) => `bind the traffic policy ${id} to ${name}`),
    ...unbind.map((name) => `take the traffic policy ${id} from ${name}`),
    ...discard.map((one) => `delete version ${one} of the traffic policy ${id}`),
  ];
  return {
    action: () => actionOfPolicy(line, living),
    stimulus: said.join(', '),
    text: `Traffic policy ${id}`,
    judge(at, random) {
      const findings = newFindings();
      const document = json && readPolicyDocument(findings, json);
      if (findings.faults.length > 0) return { ok: false, faults: findings.faults };
      const present = living.account.trafficPolicies.get(id);
      const next = document
        ? present
          ? addVersion(present, document)
          : { ok: true as const, value: newTrafficPolicy(id, id, document) }
        : undefined;
      if (next && !next.ok) return next;
      const used = next?.value ?? present;
      const version = wanted ?? (used ? used.nextVersion - 1 : 1);
      const isMoved = document !== undefined || (wanted !== undefined && bind.length === 0);
      const trafficPolicies = new Map(living.account.trafficPolicies);
      if (used) trafficPolicies.set(id, used);
      const moved =
        isMoved && used ? moveRecords(living.account, used, version) : { ok: true as const, value: living.account.policyRecords };
      if (!moved.ok) return moved;
      const bound = rebind({ ...living.account, trafficPolicies, policyRecords: moved.value }, line, version);
      if (!bound.ok) return bound;
      const dropped = withoutVersions(bound.account, id, discard);
      if (!dropped.ok) return dropped;
      const { account } = dropped;
      const held = changedZones(living, account).map((zone) => {
        const before = zoneCalled(living, zone.id) as LivingZone;
        return withVersion(living, before, zone, at, random);
      });
      const commit: Commit = (world) => {
        const { policyRecords, trafficPolicies: kept } = account;
        living.account = { ...living.account, trafficPolicies: kept, policyRecords };
        for (const other of held.slice(1)) commitZone(living, other)(world);
      };
      const detail = policyDetail(id, account);
      const outcome = discard.length > 0 ? 'accepted' : `accepted, version ${version}`;
      return { ok: true, outcome, commit, ...(held[0] ? { held: held[0] } : {}), ...(detail ? { detail } : {}) };
    },
  };
}

function actionOfPolicy({ policy: id, document, bind, unbind, discard }: LineOf<'policy'>, living: Living): Action {
  const isNew = !living.account.trafficPolicies.has(id);
  if (document) return isNew ? 'route53:CreateTrafficPolicy' : 'route53:CreateTrafficPolicyVersion';
  if (discard) return 'route53:DeleteTrafficPolicy';
  if (bind) return 'route53:CreateTrafficPolicyInstance';
  return unbind ? 'route53:DeleteTrafficPolicyInstance' : 'route53:UpdateTrafficPolicyInstance';
}

type Moved =
  | { readonly ok: true; readonly value: ReadonlyMap<string, PolicyRecord> }
  | { readonly ok: false; readonly faults: readonly Fault[] };

function moveRecords({ policyRecords }: Account, used: TrafficPolicy, version: number): Moved {
  const moved = new Map(policyRecords);
  for (const [recordId, record] of policyRecords) {
    if (record.trafficPolicyId !== used.id) continue;
    const changed = changeVersion(record, used, version);
    if (!changed.ok) return changed;
    moved.set(recordId, { ...changed.value, state: 'Applied' });
  }
  return { ok: true, value: moved };
}

type Rebound = { readonly ok: true; readonly account: Account } | { readonly ok: false; readonly faults: readonly Fault[] };

function rebind(before: Account, { policy: id, bind = [], unbind = [] }: LineOf<'policy'>, version: number): Rebound {
  let account = before;
  for (const text of unbind) {
    const owner = absolute(text);
    const record = [...account.policyRecords.values()].find((one) => one.trafficPolicyId === id && sameName(one.name, owner));
    const result = deletePolicyRecord(account, record?.id ?? text);
    if (!result.ok) return result;
    account = result.account;
  }
  for (const { name, ttl = 60 } of bind) {
    const result = createPolicyRecord(account, {
      id: freeId(account, id),
      hostedZoneId: zoneHolding(account, name)?.id ?? name,
      name: absolute(name),
      ttl,
      trafficPolicyId: id,
      version,
    });
    if (!result.ok) return result;
    const { policyRecords } = result.account;
    account = {
      ...result.account,
      policyRecords: new Map(policyRecords).set(result.value.id, { ...result.value, state: 'Applied' }),
    };
  }
  return { ok: true, account };
}

/** A version that a record uses stays (API Reference, DeleteTrafficPolicy). */
function withoutVersions(account: Account, id: string, versions: readonly number[]): Rebound {
  let policy = account.trafficPolicies.get(id);
  for (const version of versions) {
    const result = policy && deleteVersion(policy, version, [...account.policyRecords.values()]);
    if (!result) return { ok: false, faults: [noSuchPolicy(id)] };
    if (!result.ok) return result;
    policy = result.value;
  }
  return {
    ok: true,
    account: policy ? { ...account, trafficPolicies: new Map(account.trafficPolicies).set(id, policy) } : account,
  };
}

const noSuchPolicy = (id: string): Fault => ({
  code: 'NoSuchTrafficPolicy',
  text: `No traffic policy exists with id ${id}`,
  expected: 'a traffic policy that exists',
  path: [],
  source: 'API Reference, DeleteTrafficPolicy',
});

const absolute = (text: string): Name => nameOf(`${text.toLowerCase().replace(/\.$/, '')}.`);

function freeId({ policyRecords }: Account, id: string): string {
  for (let i = 1; ; i++) if (!policyRecords.has(`${id}-${i}`)) return `${id}-${i}`;
}

const changedZones = (living: Living, account: Account): HostedZone[] =>
  [...account.zones.values()].filter((zone) => living.account.zones.get(zone.id) !== zone);

function policyDetail(id: string, { trafficPolicies, policyRecords }: Account): PolicyDetail | undefined {
  const found = trafficPolicies.get(id);
  if (!found) return undefined;
  return {
    trafficPolicy: {
      id,
      nextVersion: found.nextVersion,
      versions: [...found.versions].map(([version, { document }]) => ({ version, document: writePolicyDocument(document) })),
      records: [...policyRecords.values()].filter(({ trafficPolicyId }) => trafficPolicyId === id),
    },
  };
}
