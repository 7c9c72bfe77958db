/** A Lightsail zone in Lightsail's own words: entries with one target each, "@" for the apex, texts without quotation marks. */

import type { Address } from '../../../base/address.ts';
import { isIPv6 } from '../../../base/address.ts';
import type { Name } from '../../../dns/name.ts';
import type { AliasResource } from '../../../route53/aliases.ts';
import { DOCUMENTATION_SET } from '../../../route53/delegation.ts';
import { documentText } from '../../../route53/formats/document.ts';
import { isList, isObject, type JsonObject } from '../../../route53/formats/json.ts';
import type { HostedZone } from '../../../route53/hostedZone.ts';
import {
  assignEntries,
  type DomainEntry,
  entryName,
  hostedZoneOf,
  type LIGHTSAIL_TYPES,
  type LightsailResource,
} from '../../../route53/lightsail.ts';
import { serviceName } from '../../../route53/names.ts';
import type { RecordSet } from '../../../route53/records.ts';
import { listedSets } from '../../../route53/table.ts';
import type { LineOf } from '../../../scenario/schema.ts';
import type { Trace } from '../../../trace/trace.ts';
import { labelIn } from './records.ts';

export type EntryType = (typeof LIGHTSAIL_TYPES)[number];

/** One entry as Lightsail's console lists it. */
export interface EntryRow {
  /** "@" or "www". */
  readonly label: string;
  readonly type: string;
  readonly target: string;
  readonly isAlias: boolean;
  /** NS and SOA of the zone itself: there from the start, and not to be changed here. */
  readonly fixed: boolean;
}

/** All entries of a zone, the changeable ones first, each with one target. */
export function entryRows(zone: HostedZone): EntryRow[] {
  const rows = listedSets(zone.records).flatMap((set) => rowsOfSet(set, zone.name));
  return [...rows.filter(({ fixed }) => !fixed), ...rows.filter(({ fixed }) => fixed)];
}

function rowsOfSet(set: RecordSet, zone: Name): EntryRow[] {
  const { name, type, content } = set;
  const fixed = name === zone && (type === 'NS' || type === 'SOA');
  const about = { label: name === zone ? '@' : labelIn(name, zone), type, fixed };
  if (content.kind === 'alias') return [{ ...about, target: bare(serviceName(content.target.dnsName)), isAlias: true }];
  if (content.kind !== 'values') return [];
  return content.values.map(({ text }) => ({ ...about, target: type === 'TXT' ? unquoted(text) : text, isAlias: false }));
}

const bare = (text: string): string => text.replace(/\.$/, '');

/** A text as it was typed in Lightsail: without quotation marks, its pieces joined. */
export function unquoted(text: string): string {
  const pieces = [...text.matchAll(/"((?:\\[\s\S]|[^"\\])*)"/g)].map(([, piece = '']) => piece);
  return pieces.length === 0 ? text : pieces.join('').replace(/\\(["\\])/g, '$1');
}

/** The entries of a zone as lines of a scenario name them: those that a person made. */
export const entriesOf = (zone: HostedZone): NonNullable<LineOf<'lightsail'>['set']> =>
  entryRows(zone)
    .filter(({ fixed }) => !fixed)
    .map(({ label, type, target, isAlias }) => ({
      name: label,
      type: type as EntryType,
      target,
      ...(isAlias ? { isAlias } : {}),
    }));

export interface EntryDraft {
  readonly label: string;
  readonly type: EntryType;
  readonly target: string;
  readonly isAlias: boolean;
}

/** What speaks against an entry beside those that there are, in the service's words; empty when nothing does. */
export function entryFaults(zone: HostedZone, draft: EntryDraft, instead?: EntryRow): string[] {
  if (draft.target.trim() === '') return [];
  const all = [...keptRows(zone, instead), draft].map(
    ({ label, type, target, isAlias }): DomainEntry => ({ name: entryName(label, zone.name), type, target, isAlias }),
  );
  const made = hostedZoneOf({ name: zone.name, entries: all }, DOCUMENTATION_SET, zone.id);
  return made.ok ? [] : made.faults.map(({ text, expected }) => `${text}. Needed: ${expected}.`);
}

const keptRows = (zone: HostedZone, instead: EntryRow | undefined): EntryRow[] =>
  entryRows(zone).filter((row) => !row.fixed && !(instead && sameRow(row, instead)));

const sameRow = (a: EntryRow, b: EntryRow): boolean => a.label === b.label && a.type === b.type && a.target === b.target;

/** The line that puts an entry beside those of its name and type, in place of another if one is given. */
export function entryLine(word: string, zone: HostedZone, draft: EntryDraft, instead?: EntryRow): LineOf<'lightsail'> {
  const label = labelOf(draft.label, zone.name);
  const group = keptRows(zone, instead).filter((row) => row.label === label && row.type === draft.type);
  const moved =
    instead && (instead.label !== label || instead.type !== draft.type) ? leftBehind(zone, instead) : { set: [], remove: [] };
  const added = { name: label, type: draft.type, target: draft.target.trim(), ...(draft.isAlias ? { isAlias: true } : {}) };
  const set = [...moved.set, ...group.map(lineEntry), added];
  return { lightsail: word, set, ...(moved.remove.length > 0 ? { remove: moved.remove } : {}) };
}

/** The line that takes one entry away; others of its name and type stay. */
export function removalLine(word: string, zone: HostedZone, row: EntryRow): LineOf<'lightsail'> {
  const { set, remove } = leftBehind(zone, row);
  return { lightsail: word, ...(set.length > 0 ? { set } : {}), ...(remove.length > 0 ? { remove } : {}) };
}

/** What has to be said of the group that an entry leaves: what is left of it, or that it is gone. */
function leftBehind(zone: HostedZone, row: EntryRow) {
  const left = keptRows(zone, row).filter(({ label, type }) => label === row.label && type === row.type);
  return left.length > 0 ? { set: left.map(lineEntry), remove: [] } : { set: [], remove: [`${row.label} ${row.type}`] };
}

const lineEntry = ({ label, type, target, isAlias }: EntryRow) => ({
  name: label,
  type: type as EntryType,
  target,
  ...(isAlias ? { isAlias: true } : {}),
});

/** A typed name as the list shows it: "@" for the apex, without the zone's name. */
export function labelOf(typed: string, zone: Name): string {
  const full = entryName(typed, zone).toLowerCase().replace(/\.$/, '');
  const apex = bare(serviceName(zone));
  return full === apex ? '@' : full.slice(0, -apex.length - 1);
}

// --- what a domain can be assigned to

const KINDS: Readonly<Partial<Record<AliasResource['service'], Exclude<LightsailResource['kind'], 'instance'>>>> = {
  'load balancer': 'load balancer',
  'network load balancer': 'load balancer',
  CloudFront: 'distribution',
  'Lightsail container service': 'container service',
};

/** What this world holds that a domain can be assigned to: its web servers as instances, and what stands behind alias records. */
export function resourcesIn(trace: Trace, resources: ReadonlyMap<string, AliasResource>): LightsailResource[] {
  const others = [...resources].flatMap(([name, { service, dnsName }]): LightsailResource[] => {
    const kind = KINDS[service];
    return kind === undefined ? [] : [{ kind, name, dnsName: bare(serviceName(dnsName)) }];
  });
  const behind = new Set<Address>([...resources.values()].flatMap(({ ipv4, ipv6 }) => [...ipv4, ...ipv6]));
  const instances = trace.hosts.flatMap(({ role, title, addresses }): LightsailResource[] => {
    if (role !== 'web' || addresses.some((one) => behind.has(one))) return [];
    const publicIp = addresses.find((one) => !isIPv6(one));
    const ipv6 = addresses.find((one) => isIPv6(one));
    return publicIp === undefined ? [] : [{ kind: 'instance', name: title, publicIp, ...(ipv6 === undefined ? {} : { ipv6 }) }];
  });
  return [...instances, ...others];
}

/** The line that assigns a name of a zone to a resource: whatever address records it had give way. */
export function assignment(word: string, zone: HostedZone, label: string, resource: LightsailResource): LineOf<'lightsail'> {
  const own = labelOf(label, zone.name);
  const entries = assignEntries(label, zone.name, resource);
  const set = entries.map(({ type, target, isAlias }) => ({
    name: own,
    type: type as EntryType,
    target,
    ...(isAlias ? { isAlias } : {}),
  }));
  const gone = entryRows(zone)
    .filter(
      (row) => row.label === own && ['A', 'AAAA', 'CNAME'].includes(row.type) && !entries.some(({ type }) => type === row.type),
    )
    .map(({ type }) => `${own} ${type}`);
  return { lightsail: word, set, ...(gone.length > 0 ? { remove: [...new Set(gone)] } : {}) };
}

// --- get-domain

/** The zone as `get-domain` prints it. Entries that were brought in and still stand come out as they came, ids and all. */
export function exportedDomain(zone: HostedZone, brought?: JsonObject): string {
  const outer = brought ?? {};
  const domain = isObject(outer.domain) ? outer.domain : {};
  const before = (isList(domain.domainEntries) ? domain.domainEntries : []).filter(isObject);
  const rows = entryRows(zone);
  const apex = bare(serviceName(zone.name));
  const fullOf = ({ label }: EntryRow): string => (label === '@' ? apex : `${label}.${apex}`);
  const isRow = (entry: JsonObject, row: EntryRow): boolean =>
    typeof entry.name === 'string' &&
    typeof entry.target === 'string' &&
    bare(entry.name).toLowerCase() === fullOf(row) &&
    entry.type === row.type &&
    targetOf(entry.target, row.type) === targetOf(row.target, row.type);
  const hasOwnServers = before.some(({ type, name }) => type === 'NS' && typeof name === 'string' && bare(name) === apex);
  const known = before.filter((entry) => rows.some((row) => isRow(entry, row)) || isApexOwn(entry, apex));
  const fresh = rows
    .filter(
      (row) => !before.some((entry) => isRow(entry, row)) && !(brought && row.fixed && (hasOwnServers || row.type === 'SOA')),
    )
    .map((row): JsonObject => ({ name: fullOf(row), target: row.target, isAlias: row.isAlias, type: row.type }));
  return documentText({ ...outer, domain: { name: apex, ...domain, domainEntries: [...known, ...fresh] } });
}

/** The NS and SOA entries of the zone itself: this Internet has servers of its own, the file's stay in the file. */
const isApexOwn = ({ type, name }: JsonObject, apex: string): boolean =>
  (type === 'NS' || type === 'SOA') && typeof name === 'string' && bare(name).toLowerCase() === apex;

const targetOf = (target: string, type: string): string => (type === 'TXT' ? unquoted(target) : bare(target).toLowerCase());
