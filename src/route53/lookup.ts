/** What a hosted zone holds for a name: the algorithm of RFC 1034 §4.3.2 over record groups, with RFC 4592's wildcards. */
import type { Explained } from '../base/reason.ts';
import { explained, reason } from '../base/reason.ts';
import type { Name } from '../dns/name.ts';
import { join, key, parent } from '../dns/name.ts';
import type { RecordType } from '../dns/record.ts';
import { serviceName } from './names.ts';
import type { RecordGroup } from './records.ts';
import type { RecordTable } from './table.ts';
import { nameExists } from './table.ts';

export type Found =
  /** The group of the type asked for; for ANY one group of the name (RFC 8482 §4.1; unconfirmed for Route 53). */
  | { readonly kind: 'group'; readonly group: RecordGroup }
  /** The name has a CNAME instead. */
  | { readonly kind: 'cname'; readonly group: RecordGroup }
  /** The name lies at or below a zone cut. */
  | { readonly kind: 'referral'; readonly group: RecordGroup }
  | { readonly kind: 'nodata' }
  | { readonly kind: 'nxdomain' };

/** Looks a name up that lies in `zone`. */
export function lookup(table: RecordTable, zone: Name, asked: Name, type: RecordType): Explained<Found> {
  const name = key(asked) as string as Name;
  const cut = cutAbove(table, zone, name, type);
  if (cut) {
    const text = `${zone} has handed ${serviceName(cut.name)} to other servers`;
    return explained({ kind: 'referral', group: cut }, reason('zone-cut', text, 'RFC 1034 §4.3.2 step 3b'));
  }
  if (nameExists(table, name) || name === zone) return atName(table.groups.get(name) ?? [], asked, type);
  const encloser = closestEncloser(table, zone, name);
  const wildcard = table.groups.get(join('*', encloser));
  if (!wildcard) {
    const text = `${asked} does not exist; the closest name that does is ${encloser}`;
    return explained({ kind: 'nxdomain' }, reason('nxdomain', text, 'RFC 1034 §4.3.2 step 3c'));
  }
  const found = atName(wildcard, asked, type);
  const why = reason('wildcard', `${asked} does not exist, so *.${encloser} stands for it`, 'RFC 4592 §3.3');
  return { value: found.value, reasons: [why, ...found.reasons] };
}

/**
 * The types that a name has, wildcards considered, as an NSEC record lists them: none for a name that is there for those below
 * it only, at a zone cut those of this side, and undefined for a name that does not exist.
 */
export function typesThere(table: RecordTable, zone: Name, asked: Name): readonly RecordType[] | undefined {
  const name = key(asked) as string as Name;
  const isThere = name === zone || nameExists(table, name);
  const groups = table.groups.get(isThere ? name : join('*', closestEncloser(table, zone, name)));
  if (!groups) return isThere ? [] : undefined;
  const types = groups.map(({ type }) => type);
  const isCut = name !== zone && types.includes('NS');
  return isCut ? types.filter((type) => type === 'NS' || type === 'DS') : types;
}

/** The topmost zone cut at or above `name`. The DS set of a cut belongs to this side of it (RFC 4035 §3.1.4.1). */
function cutAbove(table: RecordTable, zone: Name, name: Name, type: RecordType): RecordGroup | undefined {
  let cut: RecordGroup | undefined;
  for (let above = name; above !== zone; above = parent(above)) {
    if (above === name && type === 'DS') continue;
    cut = table.groups.get(above)?.find((group) => group.type === 'NS') ?? cut;
  }
  return cut;
}

/** The longest existing name above `name` (RFC 4592 §3.3.1). */
function closestEncloser(table: RecordTable, zone: Name, name: Name): Name {
  let above = parent(name);
  while (above !== zone && !nameExists(table, above)) above = parent(above);
  return above;
}

function atName(groups: readonly RecordGroup[], asked: Name, type: RecordType): Explained<Found> {
  const group = type === 'ANY' ? groups[0] : groups.find((other) => other.type === type);
  if (group) {
    const count = group.sets.length === 1 ? 'one record' : `${group.sets.length} records`;
    return explained(
      { kind: 'group', group },
      reason('records-match', `Name ${asked}, type ${group.type}: ${count}`, 'RFC 1034 §4.3.2 step 3a'),
    );
  }
  const cname = groups.find((other) => other.type === 'CNAME');
  if (cname)
    return explained({ kind: 'cname', group: cname }, reason('cname', `${asked} has a CNAME`, 'RFC 1034 §4.3.2 step 3a'));
  const empty = groups.length === 0;
  const text = empty ? `${asked} exists only because names lie below it` : `${asked} exists, but has no ${type} records`;
  return explained({ kind: 'nodata' }, reason(empty ? 'empty-non-terminal' : 'nodata', text, 'RFC 2308 §2.2'));
}
