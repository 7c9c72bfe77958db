/** What the lines of a scenario do that concern Route 53: each asks the control plane, or changes what it knows of the world. */

import { newKnowledge } from '../../actors/servers/healthcheck.ts';
import { type Feed, verdictOf } from '../../actors/servers/healthStatus.ts';
import type { World as ActorWorld } from '../../actors/world.ts';
import { address } from '../../base/address.ts';
import { parseName } from '../../dns/name.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import { rrsets } from '../../dns/record.ts';
import { parseMasterFile } from '../../dns/zone/masterFile.ts';
import { changeRecords } from '../../route53/account.ts';
import { applyChanges } from '../../route53/changes.ts';
import { DOCUMENTATION_SET } from '../../route53/delegation.ts';
import { difference } from '../../route53/difference.ts';
import { newFindings } from '../../route53/formats/fields.ts';
import { readHealthCheckConfig } from '../../route53/formats/healthCheck.ts';
import type { JsonObject } from '../../route53/formats/json.ts';
import { writeRecordSet } from '../../route53/formats/recordSet.ts';
import type { HealthCheck } from '../../route53/health/healthCheck.ts';
import { addHealthCheck, deleteHealthCheck } from '../../route53/holdings.ts';
import { hostedZoneOf } from '../../route53/lightsail.ts';
import type { Action } from '../../route53/permissions.ts';
import { allSets } from '../../route53/table.ts';
import type { HostId } from '../../trace/trace.ts';
import { ownerAndType } from '../references.ts';
import type { Line, LineOf } from '../schema.ts';
import { collecting } from './collectionLines.ts';
import type { Domains } from './domains.ts';
import { checkInput, HEALTH_HOST, healthPath } from './health.ts';
import { resourceHealth, ZONE_SERVERS } from './holdings.ts';
import { type Commit, type Living, zoneCalled } from './living.ts';
import { policy } from './policyLines.ts';
import { type OrderLine, ordering, type PlainZones, registrarNews } from './registry.ts';
import { ask, CONTROL_HOST, ofZone, type People, type Request } from './requests.ts';
import { keying, signing, unsigning } from './signingLines.ts';
import { serviceDomain, targetRecords } from './targets.ts';
import { domainEntry, simpleJson } from './zone.ts';
import { associating, creating, deleting, disassociating } from './zoneLines.ts';

/** What a line does. */
export interface LineEffect {
  readonly host?: HostId;
  /** As the transcript and the timetable word it. */
  readonly text: string;
  apply(actors: ActorWorld): void;
}

/** The effect of a line that concerns Route 53; undefined when it does not. */
export function route53Line(line: Line, living: Living, people: People, plain: RouteSurroundings): LineEffect | undefined {
  const asking = (by: string | undefined, request: Request): LineEffect => {
    const person = people.get(by ?? '') ?? { name: by ?? 'You', role: 'administrator' };
    return {
      host: CONTROL_HOST,
      text: `${by === undefined ? '' : `${by}: `}${request.stimulus}`,
      apply: ask(living, { ...request, person }),
    };
  };
  if ('change' in line) return asking(line.by, changing(line, living));
  if ('undo' in line) return asking(line.by, undoing(line, living));
  if ('createZone' in line)
    return asking(
      line.by,
      creating(line, living, () => plain.origins(ZONE_SERVERS[0] as HostId)),
    );
  if ('deleteZone' in line) return asking(line.by, deleting(line, living));
  if ('associate' in line) return asking(line.by, associating(line, living));
  if ('disassociate' in line) return asking(line.by, disassociating(line, living));
  if ('lightsail' in line) return asking(line.by, lightsail(line, living));
  if ('collection' in line) return asking(line.by, collecting(line, living));
  if ('policy' in line) return asking(line.by, policy(line, living));
  if ('check' in line) return asking(line.by, checking(line, living));
  if ('health' in line) return feeding(line);
  if ('measure' in line) return measuring(line, living);
  if ('resource' in line) return moving(line, living, plain);
  if ('sign' in line) return asking(line.by, signing(line, living));
  if ('unsign' in line) return asking(line.by, unsigning(line, living, plain));
  if ('signingKey' in line) return asking(line.by, keying(line, living, plain));
  if ('register' in line || 'delegate' in line || 'transfer' in line || 'ds' in line)
    return asking(line.by, ordered(line, living, plain.domains));
  const news = registrarNews(line, plain.domains);
  if (news) return news;
  if (!('edit' in line)) return undefined;
  const isHosted = zoneCalled(living, line.edit) !== undefined || plain.made.includes(line.edit.toLowerCase());
  if (isHosted) return asking(line.by, editing(line, living));
  return line.by === undefined ? undefined : asking(line.by, editingPlain(line, plain));
}

/** What lines need to know of the rest of the world. */
interface RouteSurroundings extends PlainZones {
  readonly domains: Domains;
  /** Zones that lines make, by what lines call them: they come later. */
  readonly made: readonly string[];
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

/** The same for a zone that is none of the account's but stands on its servers: somebody who may not change zones may not here. */
function editingPlain({ edit, set, remove = [] }: LineOf<'edit'>, plain: PlainZones): Request {
  const said = [...remove.map((one) => `without ${one}`), ...(set === undefined ? [] : [oneLine(set)])].join('; ');
  return {
    action: 'route53:ChangeResourceRecordSets',
    stimulus: `edit ${edit}: ${said}`,
    text: `Change of ${edit}`,
    judge: () => ({
      ok: true,
      outcome: 'accepted',
      commit(world) {
        const change = plain.edit(edit, { set, remove });
        if (change) world.zoneChanged(change);
      },
    }),
  };
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

function orderAction(line: OrderLine): Action {
  if ('register' in line) return 'route53domains:RegisterDomain';
  if ('transfer' in line) return 'route53domains:TransferDomain';
  if ('delegate' in line) return 'route53domains:UpdateDomainNameservers';
  return line.remove
    ? 'route53domains:DisassociateDelegationSignerFromDomain'
    : 'route53domains:AssociateDelegationSignerToDomain';
}

function ordered(line: OrderLine, living: Living, domains: Domains): Request {
  const { domain, stimulus, faults, hand } = ordering(line, living, domains);
  return {
    action: orderAction(line),
    stimulus,
    text: `Order for ${domain}`,
    judge(at) {
      const wrong = faults(at);
      return wrong.length > 0 ? { ok: false, faults: wrong } : { ok: true, outcome: 'accepted', commit: hand };
    },
  };
}

function checking({ check: id, config: json }: LineOf<'check'>, living: Living): Request {
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
