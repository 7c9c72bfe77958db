/** Lines about traffic policies and policy records. */
import { bareName, type Name, name as nameOf, sameName } from '../../dns/name.ts';
import type { Account } from '../../route53/account.ts';
import type { Fault } from '../../route53/faults.ts';
import { newFindings } from '../../route53/formats/fields.ts';
import { readPolicyDocument, writePolicyDocument } from '../../route53/formats/trafficPolicy.ts';
import { createPolicyRecord, deletePolicyRecord } from '../../route53/holdings.ts';
import type { HostedZone } from '../../route53/hostedZone.ts';
import type { Action } from '../../route53/permissions.ts';
import {
  addVersion,
  changeVersion,
  deleteVersion,
  newTrafficPolicy,
  type PolicyRecord,
  type TrafficPolicy,
} from '../../route53/trafficPolicy.ts';
import type { LineOf } from '../schema.ts';
import { zoneHolding } from './holdings.ts';
import { type Commit, commitZone, type Living, type LivingZone, withVersion, zoneCalled } from './living.ts';
import type { Request } from './requests.ts';

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

const absolute = (text: string): Name => nameOf(`${bareName(text)}.`);

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
