/** What is wrong in a file that a person wrote: collected, all at once, never thrown. */
import { shortened } from './text.ts';

/** One mistake: where it stands, what stands there, and what would be right. */
export interface Mistake {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in characters. */
  readonly column: number;
  /** Where in a structured file: "world.hosts[2].address". */
  readonly path?: string;
  /** What stands there: a short piece of the file in quotes, or words ("the end of the line"). */
  readonly found: string;
  /** What would be right, so that it reads well after "expected". */
  readonly expected: string;
}

/** A mistake on one line: "example.zone:3:14: found "300x", expected a TTL (300, 1h30m)". */
export const mistakeText = (m: Mistake): string =>
  `${m.file}:${m.line}:${m.column}: ${m.path === undefined ? '' : `${m.path}: `}found ${m.found}, expected ${m.expected}`;

/** A piece of a file as `Mistake.found` shows it: in quotes, on one line, shortened, without what would move a terminal's cursor. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '\ufffd');
  return `"${shortened(line)}"`;
}
