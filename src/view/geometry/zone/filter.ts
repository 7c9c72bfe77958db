/** Finding records in a long table. */
import type { RecordRow } from './records.ts';

/** The rows in which every word stands: in the name, the type, the policy, the value or what tells the record apart. */
export function filteredRows(rows: readonly RecordRow[], text: string): readonly RecordRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  const found = rows.filter(({ set, label, apart, value }) => {
    const values = set.content.kind === 'values' ? set.content.values.map((one) => one.text).join(' ') : '';
    const all = `${label} ${set.type} ${set.routing.policy} ${apart} ${value} ${values} ${set.healthCheckId ?? ''}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  // A name stands once, above the records that it has: also where the first of them is not among those found.
  return found.map((row, i) => ({ ...row, first: found[i - 1]?.set.name !== row.set.name }));
}
