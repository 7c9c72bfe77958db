/** Runs replay files one after another and adds up what became of them, a tier (folder) at a time. */

import { mistakeText } from '../base/mistake.ts';
import type { Instant } from '../base/time.ts';
import { seconds } from '../base/time.ts';
import type { Trace } from '../trace/trace.ts';
import type { Dialect } from './lines.ts';
import { configure } from './options.ts';
import { readReplay } from './rpl.ts';
import type { MakeResolver } from './runner.ts';
import { play } from './runner.ts';

/** One file's row. */
export interface FileResult {
  /** Path below the folder that was given: "tier1/unbound/iter_resolve.rpl". */
  readonly file: string;
  readonly tier: string;
  readonly full: boolean;
  readonly core: boolean;
  readonly difference?: string;
  readonly unanswered: number;
}

export interface TierTotal {
  readonly tier: string;
  readonly files: number;
  readonly full: number;
  readonly core: number;
}

/** The folder in which a file lies decides its dialect (nothing inside does). */
export const dialectOf = (path: string): Dialect => (/(^|\/)deckard\//.test(path) ? 'deckard' : 'unbound');

/** The folder whose totals a file counts for. */
const tierOf = (path: string): string => /(^|\/)(tier[^/]*)\//.exec(path)?.[2] ?? path.split('/').slice(0, -1).join('/');

/** The row of a file that could not be played, with what is wrong with it. */
export const unreadable = (path: string, problem: string): FileResult => ({
  file: path,
  tier: tierOf(path),
  full: false,
  core: false,
  difference: problem,
  unanswered: 0,
});

/** Plays one file's text. A file that cannot be read fails with its mistakes; it never throws, so that others get their turn. */
export function runFile(path: string, text: string, make: MakeResolver): FileResult & { readonly trace?: Trace } {
  try {
    return played(path, text, make);
  } catch (error) {
    return unreadable(path, `the run broke off: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function played(path: string, text: string, make: MakeResolver): FileResult & { readonly trace?: Trace } {
  const tier = tierOf(path);
  const failed = (difference: string): FileResult => unreadable(path, difference);
  const read = readReplay(text, path, dialectOf(path));
  if (!read.ok) return failed(read.mistakes.map(mistakeText).join('; '));
  const runs = (minimisations(read.replay) as readonly (boolean | undefined)[]).map((minimise) => {
    const { settings, clock, mistakes } = configure(read.replay, path, minimise);
    if (mistakes.length > 0) return failed(mistakes.map(mistakeText).join('; '));
    const outcome = play(read.replay, make(settings, clock), path, seconds(clock) as number as Instant);
    const how = minimise === undefined ? '' : minimise ? 'with minimisation, ' : 'without minimisation, ';
    const { difference, ...rest } = outcome;
    return { file: path, tier, ...rest, ...(difference === undefined ? {} : { difference: `${how}${difference}` }) };
  });
  return runs.find((run) => !run.core) ?? runs.find((run) => !run.full) ?? (runs[0] as FileResult);
}

/** Deckard runs a file with query minimisation and without, unless the file says which. */
const minimisations = (replay: {
  dialect: Dialect;
  configuration: readonly { key: string }[];
}): readonly (boolean | undefined)[] =>
  replay.dialect === 'deckard' && !replay.configuration.some(({ key }) => key === 'query-minimization')
    ? [false, true]
    : [undefined];

/** Sums by tier, in the order in which tiers first appear. */
export function totals(results: readonly FileResult[]): TierTotal[] {
  const sums = new Map<string, TierTotal>();
  for (const { tier, full, core } of results) {
    const sum = sums.get(tier) ?? { tier, files: 0, full: 0, core: 0 };
    sums.set(tier, { tier, files: sum.files + 1, full: sum.full + (full ? 1 : 0), core: sum.core + (core ? 1 : 0) });
  }
  return [...sums.values()];
}

/** A demand on the totals: "full:tier1=12". */
export interface Requirement {
  readonly figure: 'full' | 'core';
  readonly tier: string;
  readonly atLeast: number;
}

/** Reads "full:tier1=12,full:tier2=18"; a text that is none gives the part that is wrong. */
export function parseRequirements(
  text: string,
): { readonly ok: true; readonly value: Requirement[] } | { readonly ok: false; readonly found: string } {
  const value: Requirement[] = [];
  for (const part of text.split(',')) {
    const [, figure, tier, count] = /^(full|core):([^=]+)=(\d+)$/.exec(part.trim()) ?? [];
    if (figure === undefined || tier === undefined) return { ok: false, found: part };
    value.push({ figure: figure as 'full' | 'core', tier, atLeast: Number(count) });
  }
  return { ok: true, value };
}

/** The requirements that the totals do not meet, in words. */
export const unmet = (requirements: readonly Requirement[], sums: readonly TierTotal[]): string[] =>
  requirements.flatMap(({ figure, tier, atLeast }) => {
    const got = sums.find((sum) => sum.tier === tier)?.[figure] ?? 0;
    return got >= atLeast ? [] : [`${tier}: ${got} files are right in ${figure}, ${atLeast} are required`];
  });
