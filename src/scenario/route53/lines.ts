/** What the lines of a scenario do that concern Route 53: each asks the control plane, or changes what it knows of the world. */

import type { ControlRequest, Verdict } from '../../actors/servers/controlplane.ts';
import { newKnowledge } from '../../actors/servers/healthcheck.ts';
import { type Feed, verdictOf } from '../../actors/servers/healthstatus.ts';
import type { World as ActorWorld } from '../../actors/world.ts';
import { address } from '../../base/address.ts';
import type { Instant } from '../../base/time.ts';
import { parseName } from '../../dns/name.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import { rrsets } from '../../dns/record.ts';
import { parseMasterFile } from '../../dns/zone/masterfile.ts';
import { changeRecords, createHostedZone, deleteHostedZone, noSuchZone } from '../../route53/account.ts';
import { applyChanges } from '../../route53/changes.ts';
import { type CidrChange, changeCidrCollection, newCidrCollection } from '../../route53/cidr.ts';
import { DOCUMENTATION_SET } from '../../route53/delegation.ts';
import { difference } from '../../route53/difference.ts';
import type { Fault } from '../../route53/faults.ts';
import { newFindings } from '../../route53/formats/fields.ts';
import { readHealthCheckConfig } from '../../route53/formats/healthcheck.ts';
import type { JsonObject } from '../../route53/formats/json.ts';
import { writeRecordSet } from '../../route53/formats/recordset.ts';
import { readPolicyDocument } from '../../route53/formats/trafficpolicy.ts';
import type { HealthCheck } from '../../route53/healthcheck.ts';
import { addHealthCheck, deleteHealthCheck } from '../../route53/holdings.ts';
import type { HostedZone } from '../../route53/hostedzone.ts';
import { hostedZoneOf } from '../../route53/lightsail.ts';
import { type Action, checkPermission, type Person } from '../../route53/permissions.ts';
import { newest, throttled } from '../../route53/publication.ts';
import { allSets } from '../../route53/table.ts';
import { addVersion, changeVersion, newTrafficPolicy } from '../../route53/trafficpolicy.ts';
import type { HostId } from '../../trace/trace.ts';
import { ownerAndType } from '../references.ts';
import type { Line, LineOf, World } from '../schema.ts';
import { checkInput, HEALTH_HOST, healthPath } from './health.ts';
import { resourceHealth } from './holdings.ts';
import {
  type Commit,
  commitZone,
  type Living,
  type LivingZone,
  opened,
  pendingChange,
  withVersion,
  zoneCalled,
} from './living.ts';
import { ordering, type PlainZones, REGISTRAR_HOST } from './registry.ts';
import { serviceDomain, targetRecords } from './targets.ts';
import { domainEntry, simpleJson } from './zone.ts';

/** The host of the control plane. */
export const CONTROL_HOST: HostId = 'route53';

/** What a line does. */
export interface LineEffect {
  readonly host?: HostId;
  /** As the transcript and the timetable word it. */
  readonly text: string;
  apply(actors: ActorWorld): void;
}

/** The people of a world, by the word that lines use for them. */
export type People = ReadonlyMap<string, Person>;

export const peopleOf = (layers: readonly World[], living: Living): People =>
  new Map(
    layers
      .flatMap((world) => Object.entries(world.people ?? {}))
      .map(([name, { role, zones }]) => {
        const zoneIds = zones?.flatMap((zone) => zoneCalled(living, zone)?.id ?? []);
        return [name, { name, role, ...(zoneIds ? { zoneIds } : {}) }];
      }),
  );

/** The effect of a line that concerns Route 53; undefined when it does not. */
export function route53Line(line: Line, living: Living, people: People, plain: RouteSurroundings): LineEffect | undefined {
  const asking = (by: string | undefined, request: Omit<Asked, 'person'>): LineEffect => {
    const person = people.get(by ?? '') ?? { name: by ?? 'You', role: 'administrator' };
    return {
      host: CONTROL_HOST,
      text: `${by === undefined ? '' : `${by}: `}${request.stimulus}`,
      apply: ask(living, { ...request, person }),
    };
  };
  if ('change' in line) return asking(line.by, changing(line, living));
  if ('undo' in line) return asking(line.by, undoing(line, living));
  if ('createZone' in line) return asking(line.by, creating(line, living));
  if ('deleteZone' in line) return asking(line.by, deleting(line, living));
  if ('lightsail' in line) return asking(line.by, lightsail(line, living));
  if ('collection' in line) return asking(line.by, collecting(line, living));
  if ('policy' in line) return asking(line.by, policy(line, living));
  if ('check' in line) return asking(line.by, checking(line, living));
  if ('health' in line) return feeding(line);
  if ('measure' in line) return measuring(line, living);
  if ('resource' in line) return moving(line, living, plain);
  if ('register' in line || 'delegate' in line) return asking(line.by, registering(line, plain));
  if ('hold' in line) return holding('hold', line.hold);
  if ('release' in line) return holding('release', line.release);
  if (!('edit' in line)) return undefined;
  const isHosted = zoneCalled(living, line.edit) !== undefined || plain.registered.includes(line.edit.toLowerCase());
  return isHosted ? asking(undefined, editing(line, living)) : undefined;
}

/** What lines need to know of the rest of the world. */
interface RouteSurroundings extends PlainZones {
  /** Names that lines register: their zones come later. */
  readonly registered: readonly string[];
}

/** A request as a line makes it. */
interface Asked {
  readonly person: Person;
  readonly action: Action;
  /** The word for the zone that is to be changed. */
  readonly zone?: string;
  /** What the person does, for the flag: "edit example.com: …". */
  readonly stimulus: string;
  /** What is judged, for the answer: "Change of example.com". */
  readonly text: string;
  judge(at: Instant, random: () => number): Judgement;
}

/** What the service makes of a request: faults, or what to do. */
type Judgement =
  | { readonly ok: false; readonly faults: readonly Fault[] }
  | { readonly ok: true; readonly outcome: string; readonly held?: LivingZone; readonly commit?: Commit };

/** Asks the control plane: the person's permission first, then whether there were too many requests, then the request. */
function ask(living: Living, { person, action, zone, text, judge }: Asked): (actors: ActorWorld) => void {
  return (actors) => {
    const request: ControlRequest = {
      type: 'request',
      text,
      judge(at, random): Verdict {
        const denied =
          checkPermission(person, action, zone === undefined ? undefined : zoneCalled(living, zone)?.id) ??
          throttled(living.requests, at);
        if (denied) return { ok: false, faults: [denied] };
        const judged = judge(at, random);
        if (!judged.ok) return judged;
        const change = judged.held && pendingChange(judged.held);
        const commit = judged.held ? commitZone(living, judged.held) : judged.commit;
        return { ok: true, outcome: judged.outcome, commit: commit ?? (() => {}), ...(change ? { change } : {}) };
      },
    };
    living.requests.push(actors.at);
    actors.tell(CONTROL_HOST, CONTROL_HOST, request);
  };
}

const PENDING = 'accepted, PENDING';

/** A request that makes a new version of a zone. */
function ofZone(
  living: Living,
  word: string,
  about: Pick<Asked, 'stimulus'> & { readonly action?: Action; readonly comment?: string | undefined },
  make: (
    zone: HostedZone,
    held: LivingZone,
  ) => { readonly ok: true; readonly zone: HostedZone } | { readonly ok: false; readonly faults: readonly Fault[] },
): Omit<Asked, 'person'> {
  return {
    action: about.action ?? 'route53:ChangeResourceRecordSets',
    zone: word,
    stimulus: about.stimulus,
    text: `Change of ${word}`,
    judge(at, random) {
      const held = zoneCalled(living, word);
      const zone = held && newest(held.publication);
      if (!held || !zone) return noSuchZoneJudgement(word);
      const made = make(zone, held);
      return made.ok
        ? { ok: true, outcome: PENDING, held: withVersion(living, held, made.zone, at, random, about.comment) }
        : { ok: false, faults: made.faults };
    },
  };
}

function noSuchZoneJudgement(word: string): Judgement {
  const result = noSuchZone(word);
  return result.ok ? { ok: true, outcome: '' } : result;
}

const changing = ({ change, Changes, Comment }: LineOf<'change'>, living: Living) =>
  ofZone(living, change, { stimulus: `change ${change}: ${batchText(Changes)}`, comment: Comment }, (_zone, held) => {
    const result = changeRecords(living.account, held.id, { Changes });
    return result.ok ? { ok: true, zone: result.value } : result;
  });

/** "UPSERT www.example.com A green". */
const batchText = (changes: readonly JsonObject[]): string =>
  changes
    .map(({ Action: action, ResourceRecordSet: set }) => {
      const { Name, Type, SetIdentifier } = (set ?? {}) as { [key: string]: unknown };
      return [action, Name, Type, SetIdentifier].filter((part) => part !== undefined).join(' ');
    })
    .join(', ');

/** An edit in the words of a master file, as a batch: everything given is put in place of what is there. */
function editing({ edit, set, remove = [] }: LineOf<'edit'>, living: Living) {
  const said = [...remove.map((one) => `without ${one}`), ...(set === undefined ? [] : [oneLine(set)])].join('; ');
  return ofZone(living, edit, { stimulus: `edit ${edit}: ${said}` }, (zone, held) => {
    const records = set === undefined ? [] : parseMasterFile(set, { file: '', origin: zone.name, defaultTtl: 300 }).records;
    const given = rrsets(records).map(({ records: group }) => simpleJson(group as readonly ResourceRecord[]));
    const upserts = given.flatMap((json) => (json ? [{ Action: 'UPSERT', ResourceRecordSet: json }] : []));
    const deletions = remove.flatMap((text) => {
      const found = ownerAndType(text);
      const owner = found && parseName(found.owner, zone.name);
      if (!found || typeof owner !== 'string') return [];
      const sets = [...allSets(zone.records)].filter((one) => one.name === owner.toLowerCase() && one.type === found.type);
      return sets.map((one) => ({ Action: 'DELETE', ResourceRecordSet: writeRecordSet(one) }));
    });
    const result = changeRecords(living.account, held.id, { Changes: [...deletions, ...upserts] });
    return result.ok ? { ok: true, zone: result.value } : result;
  });
}

const oneLine = (text: string): string =>
  text
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ')
    .replaceAll(/\s+/g, ' ');

const undoing = ({ undo }: LineOf<'undo'>, living: Living) =>
  ofZone(living, undo, { stimulus: `undo the last change of ${undo}` }, (zone, { publication }) => {
    const before = publication.at(-2)?.zone ?? zone;
    return applyChanges(zone, difference(zone, before));
  });

function creating({ createZone, vpc: vpcId }: LineOf<'createZone'>, living: Living): Omit<Asked, 'person'> {
  return {
    action: 'route53:CreateHostedZone',
    stimulus: `create the ${vpcId === undefined ? '' : 'private '}hosted zone ${createZone}`,
    text: `Hosted zone ${createZone}`,
    judge(_at, random) {
      const result = createHostedZone(
        living.account,
        { name: createZone, callerReference: `${createZone} ${living.changes}` },
        random,
      );
      if (!result.ok) return result;
      const zone = result.value;
      return { ok: true, outcome: `created, with ${serversText(zone)}`, commit: opened(living, zone, []) };
    },
  };
}

const serversText = (zone: HostedZone): string =>
  zone.scope.kind === 'public' ? zone.scope.delegationSet.nameServers.join(' ') : 'its VPC';

function deleting({ deleteZone }: LineOf<'deleteZone'>, living: Living): Omit<Asked, 'person'> {
  return {
    action: 'route53:DeleteHostedZone',
    stimulus: `delete the hosted zone ${deleteZone}`,
    text: `Hosted zone ${deleteZone}`,
    judge() {
      const held = zoneCalled(living, deleteZone);
      if (!held) return noSuchZoneJudgement(deleteZone);
      const result = deleteHostedZone(living.account, held.id);
      if (!result.ok) return result;
      const commit: Commit = (world) => {
        living.account = result.account;
        living.zones.delete(held.id);
        world.zoneChanged({ zone: result.value.name, servers: [], records: [] });
      };
      return { ok: true, outcome: 'deleted', commit };
    },
  };
}

function lightsail({ lightsail: word, set = [], remove = [] }: LineOf<'lightsail'>, living: Living) {
  const said = [
    ...remove.map((one) => `without ${one}`),
    ...set.map(({ name, type, target }) => `${name} ${type} ${target}`),
  ].join('; ');
  const about = { stimulus: `edit the Lightsail zone ${word}: ${said}`, action: 'lightsail:UpdateDomainEntry' as const };
  return ofZone(living, word, about, (zone, held) => {
    const entries = set.map((entry) => domainEntry(entry, zone.name));
    const made = hostedZoneOf({ name: zone.name, entries }, DOCUMENTATION_SET, held.id);
    if (!made.ok) return made;
    const given = new Set(entries.map(({ name, type }) => `${name.replace(/\.$/, '')}. ${type}`));
    const gone = new Set(
      remove.map((text) => {
        const [name = '', type] = text.split(/\s+/);
        return `${domainEntry({ name, type: 'A', target: '' }, zone.name).name.replace(/\.$/, '')}. ${type}`;
      }),
    );
    const sets = [...allSets(made.zone.records)].filter((one) => given.has(`${one.name} ${one.type}`));
    const old = [...allSets(zone.records)].filter(
      (one) => given.has(`${one.name} ${one.type}`) || gone.has(`${one.name} ${one.type}`),
    );
    return applyChanges(zone, [
      ...old.map((one) => ({ action: 'DELETE' as const, set: one })),
      ...sets.map((one) => ({ action: 'CREATE' as const, set: one })),
    ]);
  });
}

function collecting({ collection, put = {}, remove = {} }: LineOf<'collection'>, living: Living): Omit<Asked, 'person'> {
  const changes: CidrChange[] = [
    ...Object.entries(remove).map(([locationName, cidrList]) => ({
      action: 'DELETE_IF_EXISTS' as const,
      locationName,
      cidrList,
    })),
    ...Object.entries(put).map(([locationName, cidrList]) => ({ action: 'PUT' as const, locationName, cidrList })),
  ];
  return {
    action: 'route53:ChangeCidrCollection',
    stimulus: `change the CIDR collection ${collection}: ${changes.map((one) => `${one.action} ${one.locationName} ${one.cidrList.join(' ')}`).join(', ')}`,
    text: `CIDR collection ${collection}`,
    judge() {
      const present = living.account.cidrCollections.get(collection) ?? newCidrCollection(collection, collection);
      const result = changeCidrCollection(present, changes);
      if (!result.ok) return result;
      const commit: Commit = () => {
        const cidrCollections = new Map(living.account.cidrCollections).set(collection, result.collection);
        living.account = { ...living.account, cidrCollections };
      };
      return { ok: true, outcome: `accepted, version ${result.collection.version}`, commit };
    },
  };
}

function policy({ policy: id, document: json, version: wanted }: LineOf<'policy'>, living: Living): Omit<Asked, 'person'> {
  return {
    action: 'route53:UpdateTrafficPolicyInstance',
    stimulus: json ? `a new version of the traffic policy ${id}` : `use version ${wanted} of the traffic policy ${id}`,
    text: `Traffic policy ${id}`,
    judge() {
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
      const policyRecords = new Map(living.account.policyRecords);
      for (const [recordId, record] of policyRecords) {
        if (record.trafficPolicyId !== id || !used) continue;
        const changed = changeVersion(record, used, version);
        if (!changed.ok) return changed;
        policyRecords.set(recordId, { ...changed.value, state: 'Applied' });
      }
      const commit: Commit = () => {
        const trafficPolicies = new Map(living.account.trafficPolicies);
        if (used) trafficPolicies.set(id, used);
        living.account = { ...living.account, trafficPolicies, policyRecords };
      };
      return { ok: true, outcome: `accepted, version ${version}`, commit };
    },
  };
}

function registering(line: LineOf<'register'> | LineOf<'delegate'>, plain: PlainZones): Omit<Asked, 'person'> {
  const { domain, stimulus, faults, hand } = ordering(line, plain);
  return {
    action: 'register' in line ? 'route53domains:RegisterDomain' : 'route53domains:UpdateDomainNameservers',
    stimulus,
    text: `Order for ${domain}`,
    judge() {
      const wrong = faults();
      return wrong.length > 0 ? { ok: false, faults: wrong } : { ok: true, outcome: 'accepted', commit: hand };
    },
  };
}

const holding = (type: 'hold' | 'release', domain: string): LineEffect => ({
  host: REGISTRAR_HOST,
  text: type === 'hold' ? `${domain} is not verified in time` : `${domain} is verified`,
  apply: (actors) => actors.tell(REGISTRAR_HOST, REGISTRAR_HOST, { type, domain: domain.toLowerCase() } as { type: string }),
});

function checking({ check: id, config: json }: LineOf<'check'>, living: Living): Omit<Asked, 'person'> {
  const isThere = (): boolean => living.account.healthChecks.has(id);
  const path = healthPath(id);
  return {
    action: json ? 'route53:CreateHealthCheck' : 'route53:DeleteHealthCheck',
    stimulus: json ? `create or change the health check ${id}` : `delete the health check ${id}`,
    text: `Health check ${id}`,
    judge() {
      if (!json) {
        const result = deleteHealthCheck(living.account, id);
        if (!result.ok) return result;
        const commit: Commit = (world) => {
          living.account = result.account;
          living.statuses.delete(id);
          world.tell(HEALTH_HOST, HEALTH_HOST, { type: 'delete', paths: machinesOf(path, result.value) } as { type: string });
        };
        return { ok: true, outcome: 'deleted', commit };
      }
      const findings = newFindings();
      const config = readHealthCheckConfig(findings, json, (child) => living.account.healthChecks.get(child)?.config.kind);
      if (!config) return { ok: false, faults: findings.faults };
      const before = living.account.healthChecks.get(id);
      const check: HealthCheck = {
        id,
        callerReference: id,
        version: (before?.version ?? 0) + 1,
        name: before?.name ?? id,
        config,
      };
      const added = before ? undefined : addHealthCheck(living.account, check);
      if (added && !added.ok) return added;
      const commit: Commit = (world) => {
        const checks = new Map(living.account.healthChecks).set(id, check);
        living.account = { ...living.account, healthChecks: checks };
        const input = checkInput(check, undefined, checks, living.statuses);
        living.statuses.set(id, verdictOf(newKnowledge(input)));
        if (before) world.tell(HEALTH_HOST, HEALTH_HOST, { type: 'delete', paths: machinesOf(path, before) } as { type: string });
        world.tell(HEALTH_HOST, HEALTH_HOST, { type: 'create', check: input } as { type: string });
      };
      return { ok: true, outcome: isThere() ? `changed, version ${check.version}` : 'created', commit };
    },
  };
}

/** The machines of a check: itself and its checkers. */
const machinesOf = (path: string, check: HealthCheck): string[] => [
  path,
  ...checkInput(check, undefined, new Map(), new Map()).checkers.map((checker) => checker.path),
];

function feeding({ health, is }: LineOf<'health'>): LineEffect {
  const ids = [health].flat();
  const event: { type: string; is: Feed } = { type: 'feed', is };
  return {
    host: HEALTH_HOST,
    text: `${ids.join(', ')} ${ids.length === 1 ? 'is' : 'are'} ${is.replace('-', ' ')}`,
    apply: (actors) => {
      for (const id of ids) actors.tell(HEALTH_HOST, healthPath(id), event);
    },
  };
}

const measuring = ({ measure }: LineOf<'measure'>, living: Living): LineEffect => ({
  text: `Route 53 measures ${Object.entries(measure)
    .map(
      ([city, row]) =>
        `${city} ${Object.entries(row)
          .map(([region, ms]) => `${region} ${ms} ms`)
          .join(', ')}`,
    )
    .join('; ')}`,
  apply() {
    const rows = Object.entries(measure).map(([city, row]) => [city, { ...living.latencies[city], ...row }]);
    living.latencies = { ...living.latencies, ...Object.fromEntries(rows) };
  },
});

function moving({ resource, addresses, healthy }: LineOf<'resource'>, living: Living, plain: PlainZones): LineEffect {
  const said = [
    ...(addresses ? [`has the addresses ${addresses.join(' ')}`] : []),
    ...(healthy === undefined ? [] : [healthy ? 'is healthy' : 'is unhealthy']),
  ];
  return {
    text: `${resource} now ${said.join(' and ')}`,
    apply(actors) {
      const present = living.resources.get(resource);
      if (!present) return;
      const { dnsName } = present;
      const types = addresses?.some((at) => at.includes(':')) ? ['A', 'AAAA'] : ['A'];
      const change =
        addresses &&
        plain.edit(serviceDomain(dnsName), {
          remove: types.map((type) => `${dnsName} ${type}`),
          set: targetRecords(dnsName, addresses),
        });
      if (change) actors.zoneChanged(change);
      const all = addresses?.map((text) => address(text));
      living.resources.set(resource, {
        ...present,
        ...(all ? { ipv4: all.filter((one) => !one.includes(':')), ipv6: all.filter((one) => one.includes(':')) } : {}),
        ...(healthy === undefined ? {} : { health: resourceHealth(healthy) }),
      });
    },
  };
}
