/** Reading one record, or the data of one, from its presentation format (RFC 1035 §5.1). Zone files have `zone/masterFile.ts`. */
import type { Mistake } from '../../base/mistake.ts';
import type { Name } from '../name.ts';
import { ROOT } from '../name.ts';
import type { RecordType, ResourceRecord } from '../record.ts';
import type { Data } from '../wire/rdata.ts';
import type { Cursor } from './cursor.ts';
import { readHead, readOwner } from './entry.ts';
import { readData } from './read.ts';
import { nextEntry, scanner } from './scan.ts';

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
