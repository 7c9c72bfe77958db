/**
 * Files that belong together, opened as what an account holds: zones from any format that has records, changes to them, the
 * list of zones that says their ids, the health checks and the traffic policy that they name.
 */
import type { Mistake } from '../../base/mistake.ts';
import type { Reason } from '../../base/reason.ts';
import type { Name } from '../../dns/name.ts';
import { isSubdomain } from '../../dns/name.ts';
import { DOCUMENTATION_SET } from '../delegation.ts';
import type { HostedZone, VpcReference } from '../hostedZone.ts';
import { isPrivate, newHostedZone } from '../hostedZone.ts';
import { serviceName } from '../names.ts';
import type { PolicyDocument } from '../trafficPolicy.ts';
import { changeWithFile } from './changeBatch.ts';
import type { Imported } from './document.ts';
import type { ListedHealthCheck } from './healthChecks.ts';
import { importHealthChecks } from './healthChecks.ts';
import type { ListedZone } from './hostedZones.ts';
import { importHostedZones } from './hostedZones.ts';
import type { Format } from './open.ts';
import { FORMAT_KEYS, formatsOf, openZone } from './open.ts';
import type { ZoneOptions } from './recordSets.ts';
import { importTrafficPolicy } from './trafficPolicy.ts';

export interface TextFile {
  readonly file: string;
  readonly text: string;
}

export interface Bundle {
  /** In the order of the files; of one name a public and a private one may stand here. */
  readonly zones: readonly HostedZone[];
  readonly healthChecks: readonly ListedHealthCheck[];
  readonly policies: readonly PolicyDocument[];
}

/** Something worth knowing about a file that is in order: what is assumed, and which fields are not known. */
export interface Told {
  readonly file: string;
  readonly text: string;
}

export interface OpenedBundle {
  /** Absent when there is a mistake. */
  readonly bundle?: Bundle;
  readonly mistakes: readonly Mistake[];
  readonly told: readonly Told[];
}

interface Desk {
  readonly mistakes: Mistake[];
  readonly told: Told[];
}

type Part = TextFile & { readonly format: Format; readonly all: readonly Format[] };

/** Opens files together. `origin` names the zone of a file that does not say it. */
export function openBundle(files: readonly TextFile[], origin?: Name): OpenedBundle {
  const desk: Desk = { mistakes: [], told: [] };
  const parts = files.flatMap((one): Part[] => formatsOf(one.text).map((format, _i, all) => ({ ...one, format, all })));
  const of = (...formats: readonly Format[]): Part[] => parts.filter(({ format }) => formats.includes(format));
  const listed = of('hosted zones').flatMap((part) => {
    const list = take(desk, part, importHostedZones(part.text, part.file));
    return (list?.zones ?? []).map((zone) => ({ ...zone, file: part.file, vpcs: vpcsOf(zone, list?.vpcs ?? []) }));
  });
  const healthChecks = of('health checks').flatMap(
    (part) => take(desk, part, importHealthChecks(part.text, part.file))?.checks ?? [],
  );
  const policies = of('traffic policy').flatMap((part) => take(desk, part, importTrafficPolicy(part.text, part.file)) ?? []);
  const known = new Set(healthChecks.map(({ id }) => id));
  const isNews = ({ rule, text }: Reason): boolean =>
    !(rule === 'health-check-by-id' && [...known].some((id) => text.includes(id))) &&
    !(rule === 'policy-by-id' && policies.length === 1);

  const [onlyListed] = listed.length === 1 ? listed : [];
  const name = origin ?? onlyListed?.name;
  let zones = of('record sets', 'Lightsail domain', 'zone file', 'JSON').flatMap((part) => {
    const options: ZoneOptions = { file: part.file, ...(name === undefined ? {} : { origin: name }) };
    const first = openZone(part.text, options);
    const entry = first.value && listed.find((one) => one.name === first.value?.name);
    const zone = entry ? openZone(part.text, { ...options, id: entry.id, vpcs: entry.vpcs }) : first;
    return take(desk, part, zone, isNews) ?? [];
  });
  for (const { file, vpcs, ...entry } of listed)
    if (!zones.some(({ id, name: taken }) => id === entry.id || taken === entry.name)) {
      zones.push(zoneOfEntry(entry, vpcs, file));
      desk.told.push({ file, text: `No records of ${serviceName(entry.name)} are given: it has its NS and SOA records only` });
    }
  for (const part of of('change batch')) zones = changed(desk, zones, part, name);
  return desk.mistakes.length > 0 ? desk : { ...desk, bundle: { zones, healthChecks, policies } };
}

/** Takes what a reader gives; mistakes, notes and unknown fields go to the desk. */
function take<T>(
  { mistakes, told }: Desk,
  { file, format, all }: Part,
  { value, mistakes: found, notes, unknown }: Imported<T>,
  isNews: (note: Reason) => boolean = () => true,
): T | undefined {
  mistakes.push(...found);
  // A field that another reader of the same document knows is not unknown.
  const others = all.filter((other) => other !== format).flatMap((other) => FORMAT_KEYS[other] ?? []);
  const strange = unknown.filter((path) => !others.some((key) => path === key || path.startsWith(`${key}.`)));
  for (const note of notes) if (isNews(note)) told.push({ file, text: note.text });
  for (const path of strange) told.push({ file, text: `The field ${path} is not known here; it is kept` });
  return value;
}

/** A private zone of which no VPC is told gets one of this world. */
const vpcsOf = ({ config }: ListedZone, vpcs: readonly VpcReference[]): readonly VpcReference[] =>
  vpcs.length > 0 ? vpcs : config?.privateZone ? [{ region: 'us-east-1', id: 'vpc' }] : [];

const zoneOfEntry = (entry: ListedZone, vpcs: readonly VpcReference[], file: string): HostedZone =>
  newHostedZone({
    id: entry.id,
    name: entry.name,
    callerReference: file,
    comment: entry.config?.comment ?? '',
    scope: vpcs.length > 0 ? { kind: 'private', vpcs } : { kind: 'public', delegationSet: DOCUMENTATION_SET },
  });

/** The zones after a batch: it changes the zone that holds its names, else a new zone of the name that is told. */
function changed(desk: Desk, zones: readonly HostedZone[], part: Part, name: Name | undefined): HostedZone[] {
  const result = changeWithFile(part.text, { file: part.file, ...(name === undefined ? {} : { origin: name }) }, (owner) =>
    [...zones]
      .filter((zone) => isSubdomain(owner, zone.name))
      .sort((a, b) => b.name.length - a.name.length || Number(isPrivate(a)) - Number(isPrivate(b)))
      .at(0),
  );
  const zone = take(desk, part, result);
  return zone ? [...zones.filter(({ id, name: other }) => id !== zone.id || other !== zone.name), zone] : [...zones];
}
