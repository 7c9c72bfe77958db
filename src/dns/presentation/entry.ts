/** What stands in front of a record's data: owner, TTL, class and type (RFC 1035 §5.1). */
import { quoted } from '../../base/mistake.ts';
import type { Name } from '../name.ts';
import type { RecordClass, RecordType } from '../record.ts';
import { parseClass, parseType } from '../record.ts';
import type { Cursor } from './cursor.ts';
import { atEnd, domainName, fail, MAX_TTL, span } from './cursor.ts';
import type { Scanner } from './scan.ts';
import { tokenText } from './scan.ts';

export interface Head {
  readonly owner: Name;
  readonly ttl: number | undefined;
  readonly class: RecordClass | undefined;
  readonly type: RecordType;
}

/**
 * Reads owner, TTL, class and type; TTL and class may be absent and come in either order. An entry that starts
 * with a blank has `previous` for its owner. Undefined, with the cursor's `problem` set, when something is wrong.
 */
export function readHead(c: Cursor, previous: Name | undefined): Head | undefined {
  const owner = c.scanner.indented ? (previous ?? fail(c, 'an owner name: no record stands before this one')) : domainName(c);
  if (owner === undefined) return undefined;
  let ttl: number | undefined;
  let inClass: RecordClass | undefined;
  while (!atEnd(c)) {
    const text = tokenText(c.scanner, c.next);
    const first = text.charCodeAt(0);
    if (ttl === undefined && first >= 48 && first <= 57) {
      ttl = span(c, MAX_TTL);
      if (ttl === undefined) return undefined;
      continue;
    }
    const readClass = inClass === undefined ? classOf(text) : undefined;
    if (readClass !== undefined) inClass = readClass;
    else {
      const type = parseType(text);
      if (type === undefined || NOT_STORED.has(type)) break;
      c.next++;
      return { owner, ttl, class: inClass, type };
    }
    c.next++;
  }
  return fail(c, ttl === undefined ? 'a TTL, a class or a record type' : 'a class or a record type');
}

/** Types that only questions ask for (RFC 1035 §3.2.3, RFC 6891 §6.1.1). */
const NOT_STORED: ReadonlySet<RecordType> = new Set<RecordType>(['ANY', 'AXFR', 'IXFR', 'OPT']);

const classOf = (text: string): RecordClass | undefined => {
  if (text === 'IN') return 'IN';
  return text.length === 2 || text.length > 4 ? parseClass(text) : undefined;
};

/** What stands at a place of a scanner's text, in the words of a mistake. */
export function foundAt(s: Scanner, at: number): string {
  for (let i = 0; i < s.count; i++)
    if ((s.starts[i] as number) <= at && at <= (s.ends[i] as number)) return quoted(tokenText(s, i));
  return at >= s.text.length ? 'the end of the text' : 'the end of the record';
}
