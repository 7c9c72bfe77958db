/** What an account holds, and the operations on it that touch more than one zone. Each gives a new account or refuses. */
import type { Name } from '../dns/name.ts';
import { isSubdomain, labelCount } from '../dns/name.ts';
import type { ChangeResult, KnownIds } from './changes.ts';
import type { DelegationSet } from './delegation.ts';
import { drawDelegationSet, shareServer } from './delegation.ts';
import type { Fault } from './faults.ts';
import { applyChangeDocument } from './formats/changeBatch.ts';
import type { JsonValue } from './formats/json.ts';
import type { HealthCheck } from './health/healthCheck.ts';
import type { HostedZone } from './hostedZone.ts';
import { holdsOnlyDefaults, newHostedZone } from './hostedZone.ts';
import type { Limit } from './limits.ts';
import { LIMITS } from './limits.ts';
import { isNameFault, parseServiceName, serviceName } from './names.ts';
import type { Vpc } from './private.ts';
import { associateVpc } from './private.ts';
import type { CidrCollection } from './routing/cidr.ts';
import type { PolicyRecord, TrafficPolicy } from './trafficPolicy.ts';

export interface Account {
  readonly zones: ReadonlyMap<string, HostedZone>;
  readonly healthChecks: ReadonlyMap<string, HealthCheck>;
  readonly cidrCollections: ReadonlyMap<string, CidrCollection>;
  /** Reusable ones, by id. */
  readonly delegationSets: ReadonlyMap<string, DelegationSet>;
  readonly trafficPolicies: ReadonlyMap<string, TrafficPolicy>;
  readonly policyRecords: ReadonlyMap<string, PolicyRecord>;
}

export const EMPTY_ACCOUNT: Account = {
  zones: new Map(),
  healthChecks: new Map(),
  cidrCollections: new Map(),
  delegationSets: new Map(),
  trafficPolicies: new Map(),
  policyRecords: new Map(),
};

export type AccountResult<T> =
  | { readonly ok: true; readonly account: Account; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export const refused = (
  code: Fault['code'],
  text: string,
  expected: string,
  source: string,
  path: Fault['path'] = [],
): AccountResult<never> => ({
  ok: false,
  faults: [{ code, text, expected, path, source }],
});

export const over = (count: number, limit: Limit, code: Fault['code']): AccountResult<never> | undefined =>
  count < limit.most
    ? undefined
    : refused(code, `Limit of ${limit.most} ${limit.what} exceeded`, `at most ${limit.most} ${limit.what}`, limit.source);

/** The ids that records of this account may name. */
export const knownIds = (account: Account): KnownIds => ({
  healthChecks: new Set(account.healthChecks.keys()),
  cidrCollections: new Map([...account.cidrCollections].map(([id, { locations }]) => [id, new Set(locations.keys())])),
});

/** How often something is drawn anew because it is taken. */
const MAX_DRAWS = 20;

/** An id as the services make them, a letter and capitals and digits, that is not taken yet. */
export function drawId(letter: string, taken: ReadonlyMap<string, unknown>, random: () => number, length = 20): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  for (let i = 0; i < MAX_DRAWS; i++) {
    const characters = Array.from({ length: length - 1 }, () => alphabet.charAt(Math.floor(random() * alphabet.length)));
    const id = letter + characters.join('');
    if (!taken.has(id)) return id;
  }
  throw new Error('the random numbers repeat themselves: no free id was drawn');
}

export interface NewZoneRequest {
  readonly name: string;
  /** Once per account: a second request with it is refused. */
  readonly callerReference: string;
  readonly comment?: string;
  /** A reusable delegation set, for a public zone. */
  readonly delegationSetId?: string;
  /** Makes it a private zone. */
  readonly vpc?: Vpc;
}

/** Creates a hosted zone with its NS and SOA records (API Reference, CreateHostedZone). */
export function createHostedZone(account: Account, request: NewZoneRequest, random: () => number): AccountResult<HostedZone> {
  const source = 'API Reference, CreateHostedZone';
  const name = parseServiceName(request.name);
  const wrongName = checkZoneName(name, request.name);
  if (wrongName) return { ok: false, faults: [wrongName] };
  if (isNameFault(name)) throw new Error('a faulty name was let through');
  const { most, what } = LIMITS.callerReference;
  if (request.callerReference.length < 1 || request.callerReference.length > most)
    return refused('InvalidInput', 'Invalid CallerReference', `1 to ${most} ${what}`, source, ['CallerReference']);
  if ([...account.zones.values()].some((zone) => zone.callerReference === request.callerReference))
    return refused(
      'HostedZoneAlreadyExists',
      `A hosted zone has already been created with the specified caller reference: ${request.callerReference}`,
      'a CallerReference that was not used',
      source,
    );
  const full = over(account.zones.size, LIMITS.hostedZones, 'TooManyHostedZones');
  if (full) return full;
  const frame = {
    id: drawId('Z', account.zones, random),
    name,
    callerReference: request.callerReference,
    comment: request.comment ?? '',
  };
  if (request.vpc) {
    if (request.delegationSetId !== undefined)
      return refused(
        'InvalidInput',
        'A reusable delegation set cannot be used for a private hosted zone',
        'no delegation set for a private zone',
        source,
      );
    const empty = newHostedZone({ ...frame, scope: { kind: 'private', vpcs: [] } });
    const tied = associateVpc(empty, request.vpc, [...account.zones.values()]);
    return tied.ok ? withZone(account, tied.zone) : { ok: false, faults: [tied.fault] };
  }
  const delegationSet = pickDelegationSet(account, name, request.delegationSetId, random);
  return delegationSet.ok
    ? withZone(account, newHostedZone({ ...frame, scope: { kind: 'public', delegationSet: delegationSet.value } }))
    : delegationSet;
}

const withZone = (account: Account, zone: HostedZone): AccountResult<HostedZone> => ({
  ok: true,
  account: { ...account, zones: new Map(account.zones).set(zone.id, zone) },
  value: zone,
});

function checkZoneName(name: ReturnType<typeof parseServiceName>, text: string): Fault | undefined {
  const source = 'Developer Guide, DomainNameFormat';
  const deny = (expected: string): Fault => ({
    code: 'InvalidDomainName',
    text: `The domain name ${text} is not valid`,
    expected,
    path: ['Name'],
    source,
  });
  if (isNameFault(name)) return deny(`a domain name (${name.words})`);
  if (labelCount(name) < 2) return deny('a name below a top-level domain: no zones for TLDs');
  if (name.startsWith('*')) return deny('a name that does not begin with *');
  return undefined;
}

/** Two zones of one name, or parent and child, share no server; a zone's servers are chosen once and for all. */
function pickDelegationSet(
  account: Account,
  name: Name,
  reusable: string | undefined,
  random: () => number,
): AccountResult<DelegationSet> {
  const source = 'API Reference, CreateHostedZone';
  const related = [...account.zones.values()].flatMap((zone) =>
    zone.scope.kind === 'public' && (isSubdomain(zone.name, name) || isSubdomain(name, zone.name))
      ? [zone.scope.delegationSet]
      : [],
  );
  const conflicts = (set: DelegationSet): boolean => related.some((other) => shareServer(set, other));
  if (reusable !== undefined) {
    const set = account.delegationSets.get(reusable);
    if (!set) return noSuchDelegationSet(reusable, source);
    const users = [...account.zones.values()].filter(
      (zone) => zone.scope.kind === 'public' && zone.scope.delegationSet.id === reusable,
    );
    const full = over(users.length, LIMITS.zonesPerDelegationSet, 'LimitsExceeded');
    if (full) return full;
    if (conflicts(set))
      return refused(
        'ConflictingDomainExists',
        `${serviceName(name)} conflicts with a hosted zone that has the same name servers`,
        'other name servers than the zone’s namesake, parent or child',
        source,
      );
    return { ok: true, account, value: set };
  }
  for (let i = 0; i < MAX_DRAWS; i++) {
    const set = drawDelegationSet(random);
    if (!conflicts(set)) return { ok: true, account, value: set };
  }
  return refused(
    'DelegationSetNotAvailable',
    `There are too many hosted zones named ${serviceName(name)}`,
    'fewer zones of one name',
    source,
  );
}

/** Deletes a zone that is not signed and has only the NS and SOA records of the start (API Reference, DeleteHostedZone). */
export function deleteHostedZone(account: Account, id: string): AccountResult<HostedZone> {
  const source = 'API Reference, DeleteHostedZone';
  const zone = account.zones.get(id);
  if (!zone) return noSuchZone(id);
  if (!holdsOnlyDefaults(zone))
    return refused(
      'HostedZoneNotEmpty',
      'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
      'only the default NS and SOA records',
      source,
    );
  if (zone.signing)
    return refused(
      'HostedZoneNotEmpty',
      'The specified hosted zone contains DNSSEC Key Signing Keys and so cannot be deleted.',
      'DNSSEC signing to be switched off first',
      source,
    );
  return { ok: true, account: { ...account, zones: without(account.zones, id) }, value: zone };
}

export const noSuchZone = (id: string): AccountResult<never> =>
  refused('NoSuchHostedZone', `No hosted zone found with ID: ${id}`, 'the id of a hosted zone', 'API Reference, GetHostedZone');

const noSuchDelegationSet = (id: string, source: string): AccountResult<never> =>
  refused(
    'NoSuchDelegationSet',
    `No reusable delegation set exists with id ${id}`,
    'a reusable delegation set that exists',
    source,
  );

/** What an account holds of one kind, but for one thing. */
export function without<V>(held: ReadonlyMap<string, V>, id: string): ReadonlyMap<string, V> {
  const left = new Map(held);
  left.delete(id);
  return left;
}

/** Applies a change batch in the API's shape to one zone. */
export function changeRecords(account: Account, id: string, batch: JsonValue): AccountResult<HostedZone> {
  const zone = account.zones.get(id);
  if (!zone) return noSuchZone(id);
  const result: ChangeResult = applyChangeDocument(zone, batch, knownIds(account));
  return result.ok ? withZone(account, result.zone) : result;
}

/** Creates a reusable delegation set, new or from the servers of an existing zone (API, CreateReusableDelegationSet). */
export function createDelegationSet(
  account: Account,
  callerReference: string,
  random: () => number,
  zoneId?: string,
): AccountResult<DelegationSet> {
  const source = 'API Reference, CreateReusableDelegationSet';
  if ([...account.delegationSets.values()].some((set) => set.callerReference === callerReference))
    return refused(
      'DelegationSetAlreadyCreated',
      `A delegation set with caller reference ${callerReference} has already been created`,
      'a CallerReference that was not used',
      source,
    );
  const full = over(account.delegationSets.size, LIMITS.delegationSets, 'LimitsExceeded');
  if (full) return full;
  const zone = zoneId === undefined ? undefined : account.zones.get(zoneId);
  if (zoneId !== undefined && zone?.scope.kind !== 'public') return noSuchZone(zoneId);
  const base = zone?.scope.kind === 'public' ? zone.scope.delegationSet : drawDelegationSet(random);
  if (base.id !== undefined)
    return refused(
      'DelegationSetAlreadyReusable',
      'The delegation set of the zone is reusable already',
      'a zone whose servers are not reusable yet',
      source,
    );
  const set: DelegationSet = { ...base, id: drawId('N', account.delegationSets, random, 14), callerReference };
  return {
    ok: true,
    account: { ...account, delegationSets: new Map(account.delegationSets).set(set.id as string, set) },
    value: set,
  };
}

export function deleteDelegationSet(account: Account, id: string): AccountResult<DelegationSet> {
  const source = 'API Reference, DeleteReusableDelegationSet';
  const set = account.delegationSets.get(id);
  if (!set) return noSuchDelegationSet(id, source);
  if ([...account.zones.values()].some((zone) => zone.scope.kind === 'public' && zone.scope.delegationSet.id === id))
    return refused('DelegationSetInUse', `The reusable delegation set ${id} is in use`, 'a set that no zone uses', source);
  return { ok: true, account: { ...account, delegationSets: without(account.delegationSets, id) }, value: set };
}
