/** What an account holds besides zones: health checks, CIDR collections, traffic policies and policy records. */
import type { Account, AccountResult } from './account.ts';
import { noSuchZone, over, refused, without } from './account.ts';
import { applyChanges } from './changes.ts';
import type { HealthCheck } from './health/healthCheck.ts';
import { LIMITS } from './limits.ts';
import type { CidrCollection } from './routing/cidr.ts';
import { allSets } from './table.ts';
import type { PolicyRecord, PolicyRecords, TrafficPolicy } from './trafficPolicy.ts';
import { expandPolicy, rootSet } from './trafficPolicy.ts';

/** Adds a health check; its configuration was read and checked. */
export function addHealthCheck(account: Account, check: HealthCheck): AccountResult<HealthCheck> {
  const source = 'API Reference, CreateHealthCheck';
  const full = over(account.healthChecks.size, LIMITS.healthChecks, 'TooManyHealthChecks');
  if (full) return full;
  if ([...account.healthChecks.values()].some((other) => other.callerReference === check.callerReference))
    return refused(
      'HealthCheckAlreadyExists',
      `A health check with caller reference ${check.callerReference} already exists`,
      'a CallerReference that was not used',
      source,
    );
  return { ok: true, account: { ...account, healthChecks: new Map(account.healthChecks).set(check.id, check) }, value: check };
}

/**
 * Deletes a health check. Records may still name it, and count as healthy then; a calculated check may not
 * (API Reference, DeleteHealthCheck).
 */
export function deleteHealthCheck(account: Account, id: string): AccountResult<HealthCheck> {
  const source = 'API Reference, DeleteHealthCheck';
  const check = account.healthChecks.get(id);
  if (!check) return refused('NoSuchHealthCheck', `No health check exists with id: ${id}`, 'a health check that exists', source);
  const parent = [...account.healthChecks.values()].find(
    ({ config }) => config.kind === 'calculated' && config.children.includes(id),
  );
  if (parent)
    return refused(
      'HealthCheckInUse',
      `The health check ${id} is a child of ${parent.id}`,
      'a check that no calculated check uses',
      source,
    );
  return { ok: true, account: { ...account, healthChecks: without(account.healthChecks, id) }, value: check };
}

/** Adds a CIDR collection under a name of its own. */
export function addCidrCollection(account: Account, collection: CidrCollection): AccountResult<CidrCollection> {
  const source = 'API Reference, CreateCidrCollection';
  const full = over(account.cidrCollections.size, LIMITS.cidrCollections, 'LimitsExceeded');
  if (full) return full;
  if ([...account.cidrCollections.values()].some(({ name }) => name === collection.name))
    return refused(
      'CidrCollectionAlreadyExistsException',
      `A CIDR collection named ${collection.name} already exists`,
      'a name that is not taken',
      source,
    );
  return {
    ok: true,
    account: { ...account, cidrCollections: new Map(account.cidrCollections).set(collection.id, collection) },
    value: collection,
  };
}

/** Deletes a CIDR collection; all its blocks must have been deleted first (API Reference, DeleteCidrCollection). */
export function deleteCidrCollection(account: Account, id: string): AccountResult<CidrCollection> {
  const source = 'API Reference, DeleteCidrCollection';
  const collection = account.cidrCollections.get(id);
  if (!collection)
    return refused(
      'NoSuchCidrCollectionException',
      `No CIDR collection exists with id: ${id}`,
      'a CIDR collection that exists',
      source,
    );
  const inUse = [...account.zones.values()].some((zone) =>
    [...allSets(zone.records)].some(
      ({ routing }) => routing.policy === 'ip-based' && routing.cidrRoutingConfig.collectionId === id,
    ),
  );
  if (inUse || collection.locations.size > 0)
    return refused(
      'CidrCollectionInUseException',
      `This CIDR collection is in use, and isn't empty: ${id}`,
      'a collection without locations that no record uses',
      source,
    );
  return { ok: true, account: { ...account, cidrCollections: without(account.cidrCollections, id) }, value: collection };
}

/** Adds a traffic policy whose document was read and checked. */
export function addTrafficPolicy(account: Account, policy: TrafficPolicy): AccountResult<TrafficPolicy> {
  const source = 'API Reference, CreateTrafficPolicy';
  const full = over(account.trafficPolicies.size, LIMITS.trafficPolicies, 'TooManyTrafficPolicies');
  if (full) return full;
  if ([...account.trafficPolicies.values()].some(({ name }) => name === policy.name))
    return refused(
      'TrafficPolicyAlreadyExists',
      `A traffic policy named ${policy.name} already exists`,
      'a name that is not taken',
      source,
    );
  return {
    ok: true,
    account: { ...account, trafficPolicies: new Map(account.trafficPolicies).set(policy.id, policy) },
    value: policy,
  };
}

/** Binds a version of a policy to a name of a public zone: the root record appears there (API, CreateTrafficPolicyInstance). */
export function createPolicyRecord(account: Account, record: Omit<PolicyRecord, 'type' | 'state'>): AccountResult<PolicyRecord> {
  const source = 'API Reference, CreateTrafficPolicyInstance';
  const zone = account.zones.get(record.hostedZoneId);
  if (!zone) return noSuchZone(record.hostedZoneId);
  if (zone.scope.kind === 'private')
    return refused('InvalidInput', 'Policy records need a public hosted zone', 'a public hosted zone', source);
  const document = account.trafficPolicies.get(record.trafficPolicyId)?.versions.get(record.version)?.document;
  if (!document)
    return refused(
      'NoSuchTrafficPolicy',
      `No traffic policy exists with id ${record.trafficPolicyId} and version ${record.version}`,
      'a policy and version that exist',
      source,
    );
  const full = over(account.policyRecords.size, LIMITS.policyRecords, 'TooManyTrafficPolicyInstances');
  if (full) return full;
  const made: PolicyRecord = { ...record, type: document.recordType, state: 'Creating' };
  const result = applyChanges(zone, [{ action: 'CREATE', set: rootSet(made) }]);
  if (!result.ok) return result;
  const zones = new Map(account.zones).set(zone.id, result.zone);
  return {
    ok: true,
    account: { ...account, zones, policyRecords: new Map(account.policyRecords).set(made.id, made) },
    value: made,
  };
}

/** Deletes a policy record and with it the root record. */
export function deletePolicyRecord(account: Account, id: string): AccountResult<PolicyRecord> {
  const record = account.policyRecords.get(id);
  const source = 'API Reference, DeleteTrafficPolicyInstance';
  if (!record)
    return refused(
      'NoSuchTrafficPolicyInstance',
      `No traffic policy instance exists with id ${id}`,
      'a policy record that exists',
      source,
    );
  const zone = account.zones.get(record.hostedZoneId);
  const result = zone && applyChanges(zone, [{ action: 'DELETE', set: rootSet(record) }]);
  if (result && !result.ok) return result;
  const zones = new Map(account.zones);
  if (result) zones.set(result.zone.id, result.zone);
  return { ok: true, account: { ...account, zones, policyRecords: without(account.policyRecords, id) }, value: record };
}

/** The hidden records of a policy record, for who answers (`ZoneServices.policyRecordsOf`). */
export function policyRecordsOf(account: Account, id: string): PolicyRecords | undefined {
  const record = account.policyRecords.get(id);
  const document = record && account.trafficPolicies.get(record.trafficPolicyId)?.versions.get(record.version)?.document;
  return record && document && expandPolicy(document, record.name, record.ttl, record.hostedZoneId);
}
