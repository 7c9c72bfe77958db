/** The changes that turn one version of a zone into another: for undo, and for showing what a batch did. */
import type { Change } from './changes.ts';
import { writeRecordSet } from './formats/recordSet.ts';
import type { HostedZone } from './hostedZone.ts';
import type { RecordSet } from './records.ts';
import { setIdentifierOf } from './records.ts';
import { allSets, setAt } from './table.ts';

/**
 * Changes from `before` to `after`: deletions first, so that a new policy finds its name free. Applied to `before` they
 * give the records of `after`; swapped, they undo it.
 */
export function difference(before: HostedZone, after: HostedZone): Change[] {
  const deletions: Change[] = [];
  const additions: Change[] = [];
  for (const set of allSets(before.records)) if (!counterpart(after, set)) deletions.push({ action: 'DELETE', set });
  for (const set of allSets(after.records)) {
    const old = counterpart(before, set);
    if (old === set) continue;
    if (!old) additions.push({ action: 'CREATE', set });
    else if (JSON.stringify(writeRecordSet(old)) !== JSON.stringify(writeRecordSet(set)))
      additions.push({ action: 'UPSERT', set });
  }
  return [...deletions, ...additions];
}

/** The set of the same name, type and identifier. */
const counterpart = (zone: HostedZone, set: RecordSet): RecordSet | undefined =>
  setAt(zone.records, set.name, set.type, setIdentifierOf(set));
