/** What stands in front of a record's data: owner, TTL, class and type (RFC 1035 §5.1). */
import type { Name } from '../name.ts';
import type { RecordClass, RecordType } from '../record.ts';
import { parseClass, parseType } from '../record.ts';
import type { Cursor } from './cursor.ts';
import { atEnd, domainName, fail, MAX_TTL, span } from './cursor.ts';
import type { Scanner } from './scan.ts';
import { tokenText } from './scan.ts';

export interface Head {
  readonly ttl: number | undefined;
  readonly class: RecordClass | undefined;
  readonly type: RecordType;
}

/** Reads the owner; an entry that starts with a blank has `previous` for it. Undefined, with the cursor's `problem` set, when there is none. */
export const readOwner = (c: Cursor, previous: Name | undefined): Name | undefined =>
  c.scanner.indented ? (previous ?? fail(c, 'an owner name: no record stands before this one')) : domainName(c);

/**
 * Reads what stands between owner and data: TTL and class may be absent and come in either order. Undefined, with
 * the cursor's `problem` set, when something is wrong.
 */
export function readHead(c: Cursor): Head | undefined {
  const s = c.scanner;
  let ttl: number | undefined;
  let inClass: RecordClass | undefined;
  while (!atEnd(c)) {
    const first = s.text.charCodeAt(s.starts[c.next] as number);
    if (ttl === undefined && first >= 48 && first <= 57) {
      ttl = span(c, MAX_TTL);
      if (ttl === undefined) return undefined;
      continue;
    }
    // A type before a class: ANY is both, and here it is the type.
    const type = isIn(s, c.next) ? undefined : parseType(tokenText(s, c.next));
    if (type !== undefined) {
      c.next++;
      return { ttl, class: inClass, type };
    }
    const stated = inClass === undefined ? classAt(s, c.next) : undefined;
    if (stated === undefined) break;
    inClass = stated;
    c.next++;
  }
  return fail(c, ttl === undefined ? 'a TTL, a class or a record type' : 'a class or a record type');
}

/** Whether token `i` is the class that nearly all records have. */
function isIn(s: Scanner, i: number): boolean {
  const start = s.starts[i] as number;
  return (s.ends[i] as number) - start === 2 && s.text.charCodeAt(start) === 73 && s.text.charCodeAt(start + 1) === 78;
}

const classAt = (s: Scanner, i: number): RecordClass | undefined => (isIn(s, i) ? 'IN' : parseClass(tokenText(s, i)));
