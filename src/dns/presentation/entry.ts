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
    const readClass = inClass === undefined ? classAt(s, c.next) : undefined;
    if (readClass !== undefined) inClass = readClass;
    else {
      const type = parseType(tokenText(s, c.next));
      if (type === undefined || NOT_STORED.has(type)) break;
      c.next++;
      return { ttl, class: inClass, type };
    }
    c.next++;
  }
  return fail(c, ttl === undefined ? 'a TTL, a class or a record type' : 'a class or a record type');
}

/** Types that only questions ask for (RFC 1035 §3.2.3, RFC 6891 §6.1.1). */
const NOT_STORED: ReadonlySet<RecordType> = new Set<RecordType>(['ANY', 'AXFR', 'IXFR', 'OPT']);

/** The class that token `i` names. Only lengths that no common type has are looked up. */
function classAt(s: Scanner, i: number): RecordClass | undefined {
  const start = s.starts[i] as number;
  const length = (s.ends[i] as number) - start;
  if (length === 2 && s.text.charCodeAt(start) === 73 && s.text.charCodeAt(start + 1) === 78) return 'IN';
  return length === 2 || length > 5 ? parseClass(tokenText(s, i)) : undefined;
}
