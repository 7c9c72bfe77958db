/**
 * Cuts presentation format into tokens, one entry (a record or directive, parentheses joined) at a time.
 *
 * Tokens are offsets into the text, kept in arrays that every entry fills anew: a zone of ten thousand lines
 * makes no garbage here. Escapes stay as written; who reads a token decides what they mean (RFC 1035 §5.1).
 */

/** A text being cut. The arrays hold the tokens of the entry read last. */
export interface Scanner {
  readonly text: string;
  /** Where the next entry starts. */
  at: number;
  /** Whether the entry starts with a blank: its owner is the one before. */
  indented: boolean;
  /** How many tokens the entry has. */
  count: number;
  readonly starts: number[];
  readonly ends: number[];
  readonly kinds: TokenKind[];
  /** Where the entry ends: where "nothing more" is found. */
  end: number;
  /** What is wrong with the entry's punctuation. Such an entry is not worth reading. */
  fault: ScanFault | undefined;
}

/** `PLAIN`: a domain name or word without escapes, special characters, empty labels or characters outside ASCII. */
export type TokenKind = typeof PLAIN | typeof OTHER | typeof QUOTED;
export const PLAIN = 0;
export const OTHER = 1;
export const QUOTED = 2;

export interface ScanFault {
  readonly at: number;
  readonly found: string;
  readonly expected: string;
}

export function scanner(text: string, at = 0): Scanner {
  return { text, at, indented: false, count: 0, starts: [], ends: [], kinds: [], end: at, fault: undefined };
}

/** The text of token `i`: without its quotes, escapes as written. */
export const tokenText = (s: Scanner, i: number): string => s.text.slice(s.starts[i], s.ends[i]);

/** Reads the next entry that has tokens; false at the end of the text. */
export function nextEntry(s: Scanner): boolean {
  while (s.at < s.text.length) {
    s.at = readEntry(s);
    if (s.count > 0 || s.fault) return true;
  }
  return false;
}

/** What a character is to the scanner. */
const NAME = 0;
const DOT = 1;
const BLANK = 2;
const NEWLINE = 3;
const SPECIAL = 4;
const UNUSUAL = 5;
const CLASSES = ((): Uint8Array => {
  const classes = new Uint8Array(128).fill(UNUSUAL);
  const set = (characters: string, to: number) => {
    for (const c of characters) classes[c.charCodeAt(0)] = to;
  };
  set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*/+:<=>?[]^`{|}~!#%&',", NAME);
  set('.', DOT);
  set(' \t\r\f', BLANK);
  set('\n', NEWLINE);
  set('();"', SPECIAL);
  return classes;
})();
const classAt = (text: string, i: number): number => {
  const code = text.charCodeAt(i);
  return code < 128 ? (CLASSES[code] as number) : UNUSUAL;
};

const OPEN = 40;
const SEMICOLON = 59;
const QUOTE = 34;
const BACKSLASH = 92;
const EQUALS = 61;

/** Fills `s` with the tokens of the entry at `s.at`; gives where the next one starts. */
function readEntry(s: Scanner): number {
  const { text } = s;
  const start = s.at;
  let i = start;
  let depth = 0;
  let opened = start;
  s.count = 0;
  s.fault = undefined;
  s.indented = classAt(text, i) === BLANK;
  while (i < text.length) {
    const c = classAt(text, i);
    if (c === BLANK) i++;
    else if (c === NEWLINE) {
      if (depth === 0) return finish(s, i, i + 1);
      i++;
    } else if (c === SPECIAL) {
      const code = text.charCodeAt(i);
      if (code === SEMICOLON) i = lineEnd(text, i);
      else if (code === QUOTE) {
        const close = closingQuote(text, i + 1);
        if (close < 0) {
          s.fault = { at: i, found: 'a quotation mark without its partner', expected: 'a closing " on the same line' };
          const end = lineEnd(text, i);
          return finish(s, end, end + 1);
        }
        push(s, i + 1, close, QUOTED);
        i = close + 1;
      } else if (code === OPEN) {
        if (depth++ === 0) opened = i;
        i++;
      } else if (depth > 0) {
        depth--;
        i++;
      } else {
        s.fault = { at: i, found: '")" without "("', expected: 'as many "(" before it' };
        const end = lineEnd(text, i);
        return finish(s, end, end + 1);
      }
    } else i = readWord(s, i, c);
  }
  if (depth === 0) return finish(s, i, i);
  // Reading goes on with the line after the parenthesis, so that the mistakes below it are found too.
  s.fault = { at: opened, found: '"(" that is never closed', expected: '")" before the end of the file' };
  return finish(s, i, lineEnd(text, opened) + 1);
}

/** Reads an unquoted token from `start`, whose first character is of class `first`; gives where it ends. */
function readWord(s: Scanner, start: number, first: number): number {
  const { text } = s;
  let i = start;
  let kind: TokenKind = first === DOT ? OTHER : PLAIN;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const c = code < 128 ? CLASSES[code] : UNUSUAL;
    if (c === NAME) continue;
    if (c === DOT) {
      if (text.charCodeAt(i + 1) === 46) kind = OTHER;
      continue;
    }
    if (c === UNUSUAL) {
      kind = OTHER;
      if (code === BACKSLASH && i + 1 < text.length && text.charCodeAt(i + 1) !== 10) i++;
      continue;
    }
    // alpn="h2,h3": a value in quotes belongs to its key (RFC 9460 §2.1).
    if (code === QUOTE && text.charCodeAt(i - 1) === EQUALS) {
      const close = closingQuote(text, i + 1);
      if (close > 0) {
        kind = OTHER;
        i = close;
        continue;
      }
    }
    break;
  }
  push(s, start, i, kind);
  return i;
}

function push(s: Scanner, start: number, end: number, kind: TokenKind): void {
  s.starts[s.count] = start;
  s.ends[s.count] = end;
  s.kinds[s.count++] = kind;
}

function finish(s: Scanner, end: number, next: number): number {
  s.end = end;
  return next;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Where the quoted string that starts at `from` is closed; -1 when its line ends first. */
function closingQuote(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i;
    if (code === 10) return -1;
    if (code === BACKSLASH && text.charCodeAt(i + 1) !== 10) i++;
  }
  return -1;
}
