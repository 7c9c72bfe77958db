/** A zone as a file: in each form that others read. What was brought in comes out as it was, as far as nobody has changed it. */

import { DOCUMENTATION_SET } from '../../../route53/delegation.ts';
import { documentText } from '../../../route53/formats/document.ts';
import type { Draft } from '../../../route53/formats/fields.ts';
import { restoreUnknown } from '../../../route53/formats/fields.ts';
import { exportHostedZones, listedZone } from '../../../route53/formats/hostedZones.ts';
import type { JsonObject } from '../../../route53/formats/json.ts';
import { writeRecordSet } from '../../../route53/formats/recordSet.ts';
import { writeRecordSets } from '../../../route53/formats/recordSets.ts';
import { zoneFileOf } from '../../../route53/formats/zoneFileOut.ts';
import { type HostedZone, newHostedZone } from '../../../route53/hostedZone.ts';
import type { RecordSet, UnknownField } from '../../../route53/records.ts';
import { listedSets } from '../../../route53/table.ts';
import { exportedDomain } from './lightsailEntries.ts';
import type { ShownZone } from './records.ts';

/** What a file said that this small Internet answers otherwise, or does not know: kept, so that it can be given back. */
export interface Brought {
  /** The NS record of the apex as the file had it; this Internet has four servers of its own. */
  readonly NS?: JsonObject;
  /** Types of the apex's records that the file lacked and the zone assumes. */
  readonly without?: readonly string[];
  /** Fields beside the list that are not known here. */
  readonly unknown?: readonly { readonly path: readonly (string | number)[]; readonly value: JsonObject[string] }[];
  /** A Lightsail domain as `get-domain` printed it. */
  readonly domain?: JsonObject;
}

/** What of a zone that was read from a file goes with it, besides its records; undefined when all of it is in them. */
export function broughtOf(zone: HostedZone): Brought | undefined {
  const at = (type: string): RecordSet | undefined =>
    listedSets(zone.records).find((set) => set.name === zone.name && set.type === type);
  const assumed = ['NS', 'SOA'].filter((type) => {
    const set = at(type);
    return set !== undefined && zone.document?.assumed.has(set) === true;
  });
  const ns = at('NS');
  const NS = ns && !assumed.includes('NS') && !isOurs(zone, ns) ? writeRecordSet(ns) : undefined;
  const unknown = zone.document?.unknown ?? [];
  if (!NS && assumed.length === 0 && unknown.length === 0) return undefined;
  return {
    ...(NS ? { NS } : {}),
    ...(assumed.length > 0 ? { without: assumed } : {}),
    ...(unknown.length > 0 ? { unknown: unknown as NonNullable<Brought['unknown']> } : {}),
  };
}

const OURS = { kind: 'public', delegationSet: DOCUMENTATION_SET } as const;

/** Whether a record of the apex is the one that every zone of this Internet begins with. */
function isOurs({ id, name }: HostedZone, set: RecordSet): boolean {
  const fresh = newHostedZone({ id, name, callerReference: '', comment: '', scope: OURS });
  const own = listedSets(fresh.records).find(({ type }) => type === set.type);
  return own !== undefined && JSON.stringify(writeRecordSet(own)) === JSON.stringify(writeRecordSet(set));
}

/** The zone as `list-resource-record-sets` prints it. */
export function recordSetsText(zone: HostedZone, brought: Brought = {}): string {
  const sets = listedSets(zone.records).flatMap((set): Draft[] => {
    const isApex = set.name === zone.name && (set.type === 'NS' || set.type === 'SOA');
    if (isApex && isOurs(zone, set)) {
      if (brought.without?.includes(set.type)) return [];
      if (set.type === 'NS' && brought.NS) return [brought.NS as Draft];
    }
    return [writeRecordSet(set) as Draft];
  });
  const document: { [key: string]: Draft } = { ResourceRecordSets: sets };
  restoreUnknown(document, zone.document?.unknown ?? (brought.unknown as readonly UnknownField[] | undefined));
  if (zone.document?.unknown) restoreUnknown(document, brought.unknown as readonly UnknownField[] | undefined);
  return documentText(document as JsonObject);
}

/** A batch that makes all records of the zone in an empty one (`change-resource-record-sets`). */
function changeBatchText(zone: HostedZone): string {
  const { ResourceRecordSets: sets = [] } = writeRecordSets(zone);
  const own = (sets as readonly JsonObject[]).filter(
    ({ Name, Type }) => !(Name === zone.name && (Type === 'NS' || Type === 'SOA')),
  );
  return documentText({
    Comment: `all records of ${zone.name.replace(/\.$/, '')}`,
    Changes: own.map((set) => ({ Action: 'CREATE', ResourceRecordSet: set })),
  });
}

export const EXPORTS = ['record sets', 'change batch', 'zone file', 'get-domain'] as const;
export type ExportForm = (typeof EXPORTS)[number];

export interface ExportedFile {
  readonly file: string;
  readonly type: string;
  readonly text: string;
  /** What this form cannot say, in words. */
  readonly lost: readonly string[];
}

/** The forms in which a zone can be given out: a Lightsail zone has one more. */
export const formsFor = ({ lightsail }: ShownZone): readonly ExportForm[] =>
  lightsail ? EXPORTS : EXPORTS.filter((form) => form !== 'get-domain');

export function exported(shown: ShownZone, form: ExportForm, brought?: Brought): ExportedFile {
  const { zone } = shown;
  const bare = zone.name.replace(/\.$/, '') || 'root';
  const json = (suffix: string, text: string): ExportedFile => ({
    file: `${bare}${suffix}.json`,
    type: 'application/json',
    text,
    lost: [],
  });
  switch (form) {
    case 'record sets':
      return json('', recordSetsText(zone, brought));
    case 'change batch':
      return json('-batch', changeBatchText(zone));
    case 'get-domain':
      return json('-domain', exportedDomain(zone, brought?.domain));
    case 'zone file':
      return { file: `${bare}.zone`, type: 'text/plain', ...zoneFileOf(zone) };
  }
}

/** The zones of the account as `list-hosted-zones` prints them. */
export const zoneListText = (zones: readonly ShownZone[]): string =>
  exportHostedZones({
    zones: zones.filter(({ hosted }) => hosted).map(({ zone }) => listedZone(zone)),
    unknown: [],
    single: false,
    vpcs: [],
  });
