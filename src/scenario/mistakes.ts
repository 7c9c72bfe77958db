/** Mistakes in plain data: their place in the author's file and their words. */
import { type Mistake, quoted } from '../base/mistake.ts';
import type { Path, Places } from './parse.ts';

/** Where a file's parts stand; without it (data that is no file's) everything stands in the first line. */
export interface Origin {
  readonly file: string;
  readonly places?: Places;
}

/** A path as people write it: "stimuli[2].visit". */
export const pathText = (path: Path): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');

/** A mistake about the value (or, with `at: 'key'`, the key) at a path. */
export function mistakeAt(origin: Origin, path: Path, what: { found: string; expected: string; at?: 'key' | 'value' }): Mistake {
  const place = origin.places?.[what.at ?? 'value'](path) ?? { line: 1, column: 1 };
  const at = path.length === 0 ? {} : { path: pathText(path) };
  return { file: origin.file, ...place, ...at, found: what.found, expected: what.expected };
}

/** A value as a mistake shows it. */
export function valueText(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    return keys.length === 0
      ? 'an empty mapping'
      : `a mapping with ${keys
          .slice(0, 4)
          .map((k) => `"${k}"`)
          .join(', ')}`;
  }
  return typeof value === 'string' ? quoted(value) : String(value);
}
