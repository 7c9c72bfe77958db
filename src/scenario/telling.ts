/** A scenario's notes as lines of a narration; apart from the checks, so that a page can tell before it can check. */
import type { Telling } from '../trace/standing.ts';
import type { Note } from './schema.ts';

/** A scenario's own note as something to tell; undefined when it only names standing lines. */
export function tellingOf({ when, headline, plain, term }: Note): Telling | undefined {
  if (!when || headline === undefined) return undefined;
  return { when, headline, ...(plain === undefined ? {} : { plain }), ...(term === undefined ? {} : { term }) };
}
