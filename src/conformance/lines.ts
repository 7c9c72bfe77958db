/** The lines of a replay file, one after another, with what holds for all that follow: `$ORIGIN` and `$TTL`. */
import { type Mistake, quoted } from '../base/mistake.ts';
import { type Name, parseName, ROOT } from '../dns/name.ts';

/** Whose files they are. */
export type Dialect = 'unbound' | 'deckard';

/** Without `$TTL` records live for an hour, in both dialects. */
const DEFAULT_TTL = 3_600;

export interface Reader {
  readonly file: string;
  readonly dialect: Dialect;
  readonly lines: readonly string[];
  /** The line that comes next, counted from 0. */
  at: number;
  origin: Name;
  ttl: number;
  readonly mistakes: Mistake[];
}

export function mistake(r: Reader, found: string, expected: string): void {
  r.mistakes.push({ file: r.file, line: r.at, column: 1, found: quoted(found), expected });
}

/** A reader at the first line. */
export const readerOf = (text: string, file: string, dialect: Dialect): Reader => ({
  file,
  dialect,
  lines: text.split('\n'),
  at: 0,
  origin: ROOT,
  ttl: DEFAULT_TTL,
  mistakes: [],
});

/** The next line that says something, without its comment and outer blanks. */
export function next(r: Reader): string | undefined {
  while (r.at < r.lines.length) {
    const line = withoutComment(r.lines[r.at++] as string).trim();
    if (line !== '') return line;
  }
  return undefined;
}

/** A semicolon outside quotes starts a comment; a hash does at the start of a line. */
function withoutComment(line: string): string {
  if (/^\s*#/.test(line)) return '';
  let inQuotes = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\') i++;
    else if (line[i] === '"') inQuotes = !inQuotes;
    else if (line[i] === ';' && !inQuotes) return line.slice(0, i);
  }
  return line;
}

/** `$ORIGIN` and `$TTL`; all else between ranges and steps is passed over, as the suites' own runners do. */
export function readDirective(r: Reader, line: string): boolean {
  const [word, value] = line.split(/\s+/);
  if (word === '$ORIGIN') {
    const origin = parseName(value ?? '', ROOT);
    if (typeof origin === 'string') r.origin = origin;
    else mistake(r, line, 'a name after $ORIGIN');
  } else if (word === '$TTL') {
    if (/^\d+$/.test(value ?? '')) r.ttl = Number(value);
    else mistake(r, line, 'seconds after $TTL');
  } else return false;
  return true;
}
