/** Records in presentation format (RFC 1035 §5.1): as people write them, print them, and read them back. */
import type { Mistake } from '../base/mistake.ts';
import { hexText } from '../base/octets.ts';
import type { Name } from './name.ts';
import { ROOT } from './name.ts';
import type { Cursor } from './presentation/cursor.ts';
import { readHead, readOwner } from './presentation/entry.ts';
import { readData } from './presentation/read.ts';
import { nextEntry, scanner } from './presentation/scan.ts';
import { fieldsText, hasForm } from './presentation/text.ts';
import type { KnownType, RecordClass, RecordType, ResourceRecord } from './record.ts';
import { isOpaque } from './record.ts';
import { encodeData } from './wire/nameOctets.ts';
import type { Data } from './wire/rdata.ts';

/** One record on one line: "www.example.com. 300 IN A 192.0.2.44". Reads back as the same record. */
export const recordText = (r: ResourceRecord): string =>
  `${r.name} ${r.ttl} ${classText(r.class)} ${r.type} ${dataText(r.type, r.data)}`;

/** ANY is a type too, and a reader takes it for that. */
export const classText = (c: RecordClass): string => (c === 'ANY' ? 'CLASS255' : c);

/** The data of a record: "192.0.2.44", "10 mail.example.com.", or "\# 4 C0000201" when it has no other form (RFC 3597 §5). */
export function dataText(type: RecordType, data: Data): string {
  if (isOpaque(data)) return genericText(data.opaque);
  return hasForm(type as KnownType, data) ? fieldsText(type as KnownType, data) : genericText(encodeData(type, data));
}

const genericText = (octets: Uint8Array): string => `\\# ${octets.length}${octets.length === 0 ? '' : ` ${hexText(octets)}`}`;

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly mistake: Mistake };

/** What completes a record that does not say everything itself. */
export interface RecordDefaults {
  /** Completes names without a final dot; the root by default. */
  readonly origin?: Name;
  /** Seconds; 0 by default. */
  readonly ttl?: number;
  /** The file and line that mistakes name. */
  readonly file?: string;
  readonly line?: number;
}

/**
 * Reads one record, tolerantly: octets at the end may be absent (a signature of zero octets), TTL and class too.
 * For canned messages and trust anchors; zone files have `parseMasterFile`.
 */
export function parseRecord(text: string, defaults: RecordDefaults = {}): Parsed<ResourceRecord> {
  const c = cursorOver(text, defaults);
  c.scanner.indented = false;
  const name = readOwner(c, undefined);
  const head = name && readHead(c);
  const data = head && readData(c, head.type, { emptyOctets: true });
  if (!data || c.problem) return { ok: false, mistake: mistakeOf(c, defaults) };
  const value = { name, type: head.type, class: head.class ?? 'IN', ttl: head.ttl ?? defaults.ttl ?? 0, data };
  return { ok: true, value: value as ResourceRecord };
}

/** Reads the data of one record of a type: "10 mail.example.com". */
export function parseData(type: RecordType, text: string, defaults: RecordDefaults = {}): Parsed<Data> {
  const c = cursorOver(text, defaults);
  const data = readData(c, type, {});
  return data && !c.problem ? { ok: true, value: data } : { ok: false, mistake: mistakeOf(c, defaults) };
}

/** A cursor over the only entry of a text. */
function cursorOver(text: string, defaults: RecordDefaults): Cursor {
  const s = scanner(text);
  nextEntry(s);
  const c: Cursor = { scanner: s, next: 0, origin: defaults.origin ?? ROOT, problem: s.fault };
  if (nextEntry({ ...s, starts: [], ends: [], kinds: [] }))
    c.problem ??= { at: s.at, found: 'another line', expected: 'one record only' };
  return c;
}

function mistakeOf(c: Cursor, defaults: RecordDefaults): Mistake {
  if (!c.problem) throw new Error('a record that cannot be read has a problem that says why');
  const { at, found, expected } = c.problem;
  return { file: defaults.file ?? 'record', line: defaults.line ?? 1, column: at + 1, found, expected };
}
