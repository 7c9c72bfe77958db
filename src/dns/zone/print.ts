/** Zones as master files (RFC 1035 §5.1), for people to read and for `parseMasterFile` to read back. */
import type { Name } from '../name.ts';
import { canonicalKey, isSubdomain, ROOT } from '../name.ts';
import { classText, dataText } from '../presentation.ts';
import type { ResourceRecord } from '../record.ts';
import { typeCode } from '../record.ts';
import type { Zone } from './zone.ts';
import { zoneRecords } from './zone.ts';

/** A zone in canonical order of its names, SOA first and then by type; owners relative to the origin. */
export function printZone(zone: Zone): string {
  const keyed = zoneRecords(zone).map((record) => ({ record, at: canonicalKey(record.name) }));
  keyed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : rank(a.record) - rank(b.record)));
  return printRecords(
    keyed.map(({ record }) => record),
    zone.origin,
  );
}

/** Records in the order given, owners relative to `origin`, one line each. */
export function printRecords(records: readonly ResourceRecord[], origin: Name): string {
  const heads = records.map((r) => [relative(r.name, origin), String(r.ttl), classText(r.class), r.type] as const);
  const widths = [0, 1, 2, 3].map((i) => heads.reduce((most, head) => Math.max(most, (head[i] as string).length), 0));
  const lines = records.map((r, i) => {
    const head = (heads[i] as readonly string[]).map((text, column) => text.padEnd(Math.min(widths[column] as number, 32)));
    return `${head.join(' ')} ${dataText(r.type, r.data)}`;
  });
  return [`$ORIGIN ${origin}`, ...lines, ''].join('\n');
}

/** SOA, then NS, then by code. */
const rank = (r: ResourceRecord): number => (r.type === 'SOA' ? -2 : r.type === 'NS' ? -1 : typeCode(r.type));

function relative(name: Name, origin: Name): string {
  if (name === origin) return '@';
  // A name that spells the origin in another letter case is left whole, to keep its own.
  if (origin === ROOT || !isSubdomain(name, origin) || !name.endsWith(origin) || name.length === origin.length) return name;
  return name.slice(0, -origin.length - 1);
}
