/** The zones of a world, edits included, and who answers from them. */
import { type Name, name, parseName, ROOT, sameName } from '../dns/name.ts';
import type { ResourceRecord } from '../dns/record.ts';
import { rrsets } from '../dns/record.ts';
import { parseMasterFile } from '../dns/zone/masterFile.ts';
import { makeZone, rrsetAt, withoutRRset, withRecords, type Zone, zoneRecords } from '../dns/zone/zone.ts';
import { memoised } from '../trace/memo.ts';
import type { HostId } from '../trace/trace.ts';
import { ZONES } from './internet.ts';
import { ownerAndType, zoneWord } from './references.ts';
import type { World, ZoneLine } from './schema.ts';
import { type Signable, type SigningLine, withSigners } from './signing.ts';

/** A zone and the hosts that have it. */
export interface ServedZone extends Signable {
  readonly servers: readonly HostId[];
}

/** A change of a zone: RRsets that take the place of those of the same name and type, and RRsets that go. */
export interface ZoneEdit {
  readonly set?: string | undefined;
  readonly remove?: readonly string[] | undefined;
}

export const originOf = (zone: string): Name => (zoneWord(zone) === 'root' ? ROOT : name(zone.endsWith('.') ? zone : `${zone}.`));

/** Whether a world begins without the built-in Internet. */
export const beginsEmpty = ([first]: readonly World[]): boolean => first?.base === 'nothing';

/** The zones that a world begins with, in the order of the built-in ones, then the author's. */
export function zonesOf(layers: readonly World[]): ServedZone[] {
  const builtin = beginsEmpty(layers) ? {} : ZONES;
  const zones = new Map<string, ServedZone>();
  for (const [origin, { servers, records }] of Object.entries(builtin))
    zones.set(zoneWord(origin), builtinZone(origin, servers, records));
  for (const [origin, line] of layers.flatMap((world) => Object.entries(world.zones ?? {}))) {
    const old = zones.get(zoneWord(origin)) ?? { zone: makeZone(originOf(origin), []), servers: [] };
    zones.set(zoneWord(origin), changed(old, line));
  }
  return withSigners([...zones.values()], hostedSigned(layers));
}

/** The hosted zones that are signed from the beginning. */
function hostedSigned(layers: readonly World[]): { readonly origin: Name; readonly signing: SigningLine }[] {
  const found = new Map<string, SigningLine | undefined>();
  for (const [key, { name: named, vpcs, signed }] of layers.flatMap((world) => Object.entries(world.hostedZones ?? {})))
    if (vpcs === undefined) found.set(zoneWord(named ?? key), changedSigning(found.get(zoneWord(named ?? key)), signed));
  return [...found].flatMap(([origin, signing]) => (signing ? [{ origin: originOf(origin), signing }] : []));
}

/** The built-in zones are parsed once: every run begins with them. */
function builtinZone(origin: string, servers: readonly HostId[], records: string): ServedZone {
  const known = parsed.get(origin) ?? { zone: makeZone(originOf(origin), recordsIn(records, originOf(origin))), servers };
  parsed.set(origin, known);
  return known;
}
const parsed = new Map<string, ServedZone>();

const changed = ({ zone, servers, signing }: ServedZone, line: ZoneLine): ServedZone => ({
  zone: edited(line.replace ? makeZone(zone.origin, []) : zone, { set: line.records, remove: line.without }),
  servers: line.servers ?? servers,
  signing: changedSigning(signing, line.signed),
});

const changedSigning = (old: SigningLine | undefined, said: ZoneLine['signed']): SigningLine | undefined =>
  said === undefined ? old : said === false ? undefined : said === true ? (old ?? {}) : { ...old, ...said };

/** The zone after an edit. What is wrong with its text has been reported when the scenario was loaded. */
export function edited(zone: Zone, { set, remove = [] }: ZoneEdit): Zone {
  let result = zone;
  for (const text of remove) {
    const found = ownerAndType(text);
    const owner = found && parseName(found.owner, zone.origin);
    if (found && typeof owner === 'string') result = withoutRRset(result, owner, found.type);
  }
  const added = set === undefined ? [] : recordsIn(set, zone.origin);
  for (const { name: owner, type } of rrsets(added)) if (rrsetAt(result, owner, type)) result = withoutRRset(result, owner, type);
  return withRecords(result, added);
}

/** Records of a block of text; an owner or TTL left out is as in a master file, and a TTL never given is 300 s. */
export const recordsIn = (text: string, origin: Name): readonly ResourceRecord[] =>
  parseMasterFile(text, { file: '', origin, defaultTtl: 300 }).records;

/** All records of a zone; worked out once for each. */
export const recordsOf = memoised((zone: Zone): readonly ResourceRecord[] => zoneRecords(zone));

export const zoneNamed = <Z extends { readonly zone: Zone }>(zones: readonly Z[], origin: Name): Z | undefined =>
  zones.find(({ zone }) => sameName(zone.origin, origin));
