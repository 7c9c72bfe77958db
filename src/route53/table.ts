/** The records of a hosted zone, by name, with what a lookup needs: which names exist though they have no records. */
import type { Name } from '../dns/name.ts';
import { labels, parent } from '../dns/name.ts';
import type { RecordGroup, RecordSet, ZoneType } from './records.ts';
import { setIdentifierOf } from './records.ts';

/** All keys are lower case, as Route 53 stores names. */
export interface RecordTable {
  readonly groups: ReadonlyMap<Name, readonly RecordGroup[]>;
  /** How many owner names lie strictly below a name; absent where none does. */
  readonly below: ReadonlyMap<Name, number>;
  /** How many record sets there are. */
  readonly size: number;
}

/** A table while it is being changed. */
export interface TableDraft {
  readonly groups: Map<Name, readonly RecordGroup[]>;
  readonly below: Map<Name, number>;
  size: number;
}

export const newTable = (): TableDraft => ({ groups: new Map(), below: new Map(), size: 0 });

export const copyTable = (table: RecordTable): TableDraft => ({
  groups: new Map(table.groups),
  below: new Map(table.below),
  size: table.size,
});

/** Puts `groups` at `name`, which lies in `zone`, in place of what is there; none removes the name. Names above count it. */
export function putGroups(table: TableDraft, zone: Name, name: Name, groups: readonly RecordGroup[]): void {
  const before = table.groups.get(name);
  for (const group of before ?? []) table.size -= group.sets.length;
  for (const group of groups) table.size += group.sets.length;
  if (groups.length > 0) table.groups.set(name, groups);
  else table.groups.delete(name);
  const change = (groups.length > 0 ? 1 : 0) - (before === undefined ? 0 : 1);
  if (change === 0) return;
  for (let above = name; above !== zone; ) {
    above = parent(above);
    const count = (table.below.get(above) ?? 0) + change;
    if (count > 0) table.below.set(above, count);
    else table.below.delete(above);
  }
}

export function groupAt(table: RecordTable, name: Name, type: ZoneType): RecordGroup | undefined {
  return table.groups.get(name)?.find((group) => group.type === type);
}

export function setAt(table: RecordTable, name: Name, type: ZoneType, setIdentifier?: string): RecordSet | undefined {
  const sets: readonly RecordSet[] | undefined = groupAt(table, name, type)?.sets;
  return sets?.find((set) => setIdentifierOf(set) === setIdentifier);
}

/** Whether a name exists: it has records, or a name below it does (an empty non-terminal, RFC 4592 §2.2.2). */
export const nameExists = (table: RecordTable, name: Name): boolean => table.groups.has(name) || table.below.has(name);

export function* allSets(table: RecordTable): Generator<RecordSet> {
  for (const groups of table.groups.values()) for (const group of groups) yield* group.sets;
}

/**
 * All sets in the order of the API (ListResourceRecordSets): names with their labels reversed, as ASCII text of the
 * API's form, then type; sets of one group keep their order of creation.
 */
export function listedSets(table: RecordTable): RecordSet[] {
  const names = [...table.groups.keys()].map((name) => ({ name, reversed: labels(name).reverse().join('\0') }));
  names.sort((a, b) => compareText(a.reversed, b.reversed));
  return names.flatMap(({ name }) =>
    [...(table.groups.get(name) ?? [])].sort((a, b) => compareText(a.type, b.type)).flatMap((group) => [...group.sets]),
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
