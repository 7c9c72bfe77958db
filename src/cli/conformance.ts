/** `rootwalk conformance`: plays replay files of Unbound and Deckard against our resolver, a row per file, totals per folder. */
import { resolverHost } from '../actors/resolver/host.ts';
import { address } from '../base/address.ts';
import { milliseconds } from '../base/time.ts';
import type { FileResult, Requirement, TierTotal } from '../conformance/report.ts';
import { parseRequirements, runFile, totals, unmet, unreadable } from '../conformance/report.ts';
import type { MakeResolver } from '../conformance/runner.ts';
import { story } from '../conformance/story.ts';

import { complain, EXIT, type Exit, type Io, readText } from './io.ts';

export interface ConformanceArguments {
  readonly json?: boolean;
  /** Only files whose path holds this. */
  readonly only?: string;
  /** One file whose whole story is told. */
  readonly trace?: string;
  readonly require?: string;
}

/** The resolver of the lessons at the addresses where the suites' clients look for it; it takes no time to think. */
const LOOPBACK: MakeResolver = (settings) =>
  resolverHost({
    id: 'resolver',
    title: 'resolver',
    addresses: [address('127.0.0.1'), address('::1')],
    place: 'here',
    settings,
    primed: false,
    thinking: milliseconds(0),
  });

export function conformanceCommand(io: Io, folders: readonly string[], options: ConformanceArguments): Exit {
  const requirements = options.require === undefined ? { ok: true as const, value: [] } : parseRequirements(options.require);
  if (!requirements.ok)
    return complain(io, `--require: found "${requirements.found}", expected figure:tier=count, such as full:tier1=12`);
  if (options.trace !== undefined) return tell(io, options.trace);
  if (folders.length === 0) return complain(io, 'found no folder, expected folders or files to play, or --trace and a file');

  const files: string[] = [];
  for (const folder of folders) {
    const found = io.filesBelow(folder);
    if ('problem' in found) return complain(io, `${folder}: ${found.problem}`);
    files.push(...found.files.filter((file) => file.endsWith('.rpl')));
  }
  const wanted = files.filter((file) => options.only === undefined || file.includes(options.only));
  if (wanted.length === 0)
    return complain(
      io,
      `no .rpl file${options.only === undefined ? '' : ` with "${options.only}" in its path`} below ${folders.join(', ')}`,
    );

  const results: FileResult[] = [];
  for (const file of wanted) {
    const bytes = io.read(file);
    const { trace: _trace, ...result } =
      bytes instanceof Uint8Array
        ? runFile(file, new TextDecoder().decode(bytes), LOOPBACK)
        : { ...unreadable(file, bytes.problem), trace: undefined };
    results.push(result);
    if (!options.json) io.out(`${rowText(result)}\n`);
  }
  const sums = totals(results);
  if (options.json) io.out(`${JSON.stringify({ files: results, totals: sums }, null, 2)}\n`);
  else io.out(`\n${sums.map(totalText).join('\n')}\n`);
  return judge(io, requirements.value, sums);
}

function judge(io: Io, requirements: readonly Requirement[], sums: readonly TierTotal[]): Exit {
  const missing = unmet(requirements, sums);
  for (const sentence of missing) io.err(`rootwalk: ${sentence}\n`);
  return missing.length > 0 ? EXIT.failed : EXIT.held;
}

/** The whole story of one file, as our own transcript. */
function tell(io: Io, file: string): Exit {
  const text = readText(io, file);
  if (text === undefined) return EXIT.badInput;
  const { trace, ...result } = runFile(file, text, LOOPBACK);
  if (trace) io.out(`${story(trace)}\n\n`);
  io.out(`${rowText(result)}\n`);
  return EXIT.held;
}

const rowText = ({ file, full, core, difference }: FileResult): string =>
  `${full ? 'pass' : core ? 'core' : 'fail'}  ${file}${difference === undefined ? '' : `\n      ${difference}`}`;

const totalText = ({ tier, files, full, core }: TierTotal): string =>
  `${tier.padEnd(8)} ${files} files: ${full} full, ${core} core`;
