/**
 * A zone as a value, and the question that an authoritative server puts to it (RFC 1034 §4.3.2).
 *
 * Names are found by hashing, one look for each label below the apex, so that a large zone answers as fast as a
 * small one. Names between the apex and a record exist too, though they hold nothing (RFC 4592 §2.2.2).
 */
import type { Name, NameKey } from '../name.ts';
import { isSubdomain, key, parent, sameName } from '../name.ts';
import { dataText } from '../presentation.ts';
import type { RecordClass, RecordType, ResourceRecord, RRset } from '../record.ts';
import { dataOf, rrsets } from '../record.ts';

/** One zone. Never changed once made: edits give another zone. */
export interface Zone {
  readonly origin: Name;
  readonly class: RecordClass;
  /** Every name that exists in the zone or below its cuts, empty non-terminals included. */
  readonly nodes: ReadonlyMap<NameKey, ZoneNode>;
  /** NSEC3 records and their signatures, apart: their hashed owners are no names that exist (RFC 5155 §7.2.8). */
  readonly hashed: ReadonlyMap<NameKey, ZoneNode>;
}

/** What a zone holds at one name. An empty non-terminal has no sets. */
export interface ZoneNode {
  readonly name: Name;
  /** All but signatures. */
  readonly sets: ReadonlyMap<RecordType, RRset>;
  /** RRSIG records by the type that they cover. */
  readonly signatures: ReadonlyMap<RecordType, readonly ResourceRecord[]>;
  /** How many existing names lie directly below. */
  readonly below: number;
}

/** Makes a zone. Records outside of `origin` or of another class are left out; `zoneProblems` tells of them. */
export function makeZone(origin: Name, records: readonly ResourceRecord[]): Zone {
  const zone: Zone = {
    origin,
    class: records[0]?.class ?? 'IN',
    nodes: new Map([[key(origin), emptyNode(origin)]]),
    hashed: new Map(),
  };
  return withRecords(zone, records);
}

/** The zone with records added to those that it has. A record that is there already is not doubled (RFC 2181 §5). */
export function withRecords(zone: Zone, records: readonly ResourceRecord[]): Zone {
  const nodes = new Map(zone.nodes);
  const hashed = new Map(zone.hashed);
  const belonging = records.filter((r) => r.class === zone.class && isSubdomain(r.name, zone.origin));
  for (const group of byOwner(belonging)) {
    const owner = (group[0] as ResourceRecord).name;
    const plain = group.filter((r) => !isHashed(r));
    if (plain.length > 0) addTo(nodes, nodes.get(key(owner)) ?? addNode(nodes, zone.origin, owner), plain);
    if (plain.length < group.length) addTo(hashed, hashed.get(key(owner)) ?? emptyNode(owner), group.filter(isHashed));
  }
  return { ...zone, nodes, hashed };
}

const isHashed = (r: ResourceRecord): boolean => r.type === 'NSEC3' || dataOf(r, 'RRSIG')?.typeCovered === 'NSEC3';

const addTo = (nodes: Map<NameKey, ZoneNode>, node: ZoneNode, records: readonly ResourceRecord[]): void => {
  nodes.set(key(node.name), { ...node, ...contentOf([...recordsOf(node), ...records]) });
};

/** The zone without the records of one type at a name, their signatures included. */
export function withoutRRset(zone: Zone, name: Name, type: RecordType): Zone {
  if (type === 'NSEC3') return { ...zone, hashed: new Map([...zone.hashed].filter(([id]) => id !== key(name))) };
  const node = zone.nodes.get(key(name));
  if (!node) return zone;
  const nodes = new Map(zone.nodes);
  const sets = new Map(node.sets);
  const signatures = new Map(type === 'RRSIG' ? [] : node.signatures);
  sets.delete(type);
  signatures.delete(type);
  nodes.set(key(name), { ...node, sets, signatures });
  removeEmpty(nodes, zone.origin, name);
  return { ...zone, nodes };
}

/** All records of a zone, the apex first, then in the order in which names were added. */
export const zoneRecords = (zone: Zone): ResourceRecord[] => [...zone.nodes.values(), ...zone.hashed.values()].flatMap(recordsOf);

export const nodeAt = (zone: Zone, name: Name): ZoneNode | undefined => zone.nodes.get(key(name));

/** The records of one type at one name of the zone, cuts and wildcards not considered. */
export const rrsetAt = (zone: Zone, name: Name, type: RecordType): RRset | undefined => nodeAt(zone, name)?.sets.get(type);

/** The start of authority; undefined in a zone that lacks it. */
export const soaOf = (zone: Zone): RRset | undefined => rrsetAt(zone, zone.origin, 'SOA');

const emptyNode = (name: Name): ZoneNode => ({ name, sets: new Map(), signatures: new Map(), below: 0 });

const recordsOf = (node: ZoneNode): ResourceRecord[] => [
  ...[...node.sets.values()].flatMap((set) => set.records),
  ...[...node.signatures.values()].flat(),
];

function byOwner(records: readonly ResourceRecord[]): Iterable<ResourceRecord[]> {
  const groups = new Map<NameKey, ResourceRecord[]>();
  for (const r of records) {
    const group = groups.get(key(r.name));
    if (group) group.push(r);
    else groups.set(key(r.name), [r]);
  }
  return groups.values();
}

/** What a node holds, from all its records: one set a type, the lowest TTL for all of a set (RFC 2181 §5.2). */
function contentOf(records: readonly ResourceRecord[]): Pick<ZoneNode, 'sets' | 'signatures'> {
  const sets = new Map<RecordType, RRset>();
  const signatures = new Map<RecordType, readonly ResourceRecord[]>();
  for (const set of rrsets(records)) {
    const first = set.records[0] as ResourceRecord;
    const distinct = set.records.length > 1 ? withoutDoubles(set.records) : set.records;
    const members = distinct.map((r) => (r.ttl === set.ttl ? r : { ...r, ttl: set.ttl }));
    const covered = dataOf(first, 'RRSIG')?.typeCovered;
    if (covered) signatures.set(covered, members);
    else sets.set(set.type, { ...set, records: members });
  }
  return { sets, signatures };
}

function withoutDoubles(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  const byData = new Map<string, ResourceRecord>();
  for (const r of records) if (!byData.has(dataText(r.type, r.data))) byData.set(dataText(r.type, r.data), r);
  return [...byData.values()];
}

/** Puts a name into the tree, with every name between it and the apex that is not there yet. */
function addNode(nodes: Map<NameKey, ZoneNode>, origin: Name, name: Name): ZoneNode {
  const node = emptyNode(name);
  nodes.set(key(name), node);
  if (sameName(name, origin)) return node;
  const above = parent(name);
  const parentNode = nodes.get(key(above)) ?? addNode(nodes, origin, above);
  nodes.set(key(above), { ...parentNode, below: parentNode.below + 1 });
  return node;
}

/** Takes a name that holds nothing and has nothing below it out of the tree, and so on upwards. The apex stays. */
function removeEmpty(nodes: Map<NameKey, ZoneNode>, origin: Name, name: Name): void {
  for (let at = name; !sameName(at, origin); at = parent(at)) {
    const node = nodes.get(key(at));
    if (!node || node.sets.size > 0 || node.signatures.size > 0 || node.below > 0) return;
    nodes.delete(key(at));
    const above = nodes.get(key(parent(at)));
    if (above) nodes.set(key(parent(at)), { ...above, below: above.below - 1 });
  }
}
