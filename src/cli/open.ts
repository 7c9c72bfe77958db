/** Opens what a command line names: scenarios of the library or of a file, and zone files laid over their worlds. */
import { type Mistake, mistakeText } from '../base/mistake.ts';
import { loadScenario } from '../scenario/load.ts';
import { nearest } from '../scenario/nearest.ts';
import { parseYaml } from '../scenario/parse.ts';
import type { Scenario, World } from '../scenario/schema.ts';
import { readZoneFile, worldWithZone } from '../scenario/zonefile.ts';
import { baseName, complain, folderOf, type Io, readText } from './io.ts';

export interface Opened {
  readonly name: string;
  readonly scenario: Scenario;
}

/** A scenario by its name in the library, or a file; complains and gives nothing when there is none or it has mistakes. */
export function openScenario(io: Io, name: string): Opened | undefined {
  const library = io.library();
  const known = library.find((one) => one.name === name);
  if (!known && !looksLikeFile(name)) {
    const meant = nearest(
      name,
      library.map((one) => one.name),
    );
    complain(
      io,
      `there is no scenario "${name}"${meant === undefined ? '' : `; the nearest is "${meant}"`}. "rootwalk list" names them all.`,
    );
    return undefined;
  }
  const path = known?.path ?? name;
  const text = readText(io, path);
  if (text === undefined) return undefined;
  const { scenario, mistakes } = readScenario(text, known ? `${known.name}.yaml` : path);
  if (scenario) return { name: known?.name ?? baseName(path).replace(/\.(ya?ml|json)$/, ''), scenario };
  report(io, mistakes);
  return undefined;
}

const looksLikeFile = (name: string): boolean => name.includes('/') || /\.(ya?ml|json)$/.test(name);

/** A scenario and everything that is wrong with its text. */
export function readScenario(
  text: string,
  file: string,
): { readonly scenario?: Scenario; readonly mistakes: readonly Mistake[] } {
  const { data, places, mistakes } = parseYaml(text, file);
  return mistakes.length > 0 ? { mistakes } : loadScenario(data, { file, places });
}

export function report(io: Io, mistakes: readonly Mistake[]): void {
  for (const mistake of mistakes) io.err(`${mistakeText(mistake)}\n`);
  if (mistakes.length > 1) io.err(`${mistakes.length} mistakes\n`);
}

/** The layer of a world that a zone file makes; complains and gives nothing when the file has mistakes. */
export function openZone(io: Io, path: string): World | undefined {
  const text = readText(io, path);
  if (text === undefined) return undefined;
  const include = (file: string, from: string): string | undefined => {
    const bytes = io.read(file.startsWith('/') ? file : folderOf(from) + file);
    return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : undefined;
  };
  const { zone, mistakes } = readZoneFile(text, path, include);
  if (!zone) {
    report(io, mistakes);
    return undefined;
  }
  return worldWithZone(zone);
}
