/** Opens what a command line names: scenarios of the library or of a file, and zone files laid over their worlds. */
import { type Mistake, mistakeText } from '../base/mistake.ts';
import { isSubdomain, type Name, parseName, ROOT, sameName } from '../dns/name.ts';
import { openBundle } from '../route53/formats/bundle.ts';
import { detectFormat } from '../route53/formats/open.ts';
import { hasRemarks } from '../route53/formats/remarks.ts';
import { isPrivate } from '../route53/hostedZone.ts';
import { listedSets } from '../route53/table.ts';
import { loadScenario } from '../scenario/load.ts';
import { nearest } from '../scenario/nearest.ts';
import { parseYaml } from '../scenario/parse.ts';
import { BROUGHT_VPC, worldWithBundle } from '../scenario/route53/brought.ts';
import type { Scenario, World } from '../scenario/schema.ts';
import { readZoneFile, worldWithZone } from '../scenario/zoneFile.ts';
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

/** Zones that somebody brings: the layer of a world that they make, and where to ask first. */
export interface OpenedZones {
  readonly world: World;
  /** The zones by name, the first file's first. */
  readonly names: readonly Name[];
  /** A name and type that the first zone answers: its www if it has one. */
  readonly ask?: { readonly name: Name; readonly type: string };
}

/** What the options --zone and --origin bring, if anything; complains and gives nothing when they are wrong. */
export function broughtZones(
  io: Io,
  { zone, origin }: { readonly zone?: readonly string[]; readonly origin?: string },
): { readonly zones?: OpenedZones } | undefined {
  if (zone) {
    const zones = openZones(io, zone, origin);
    return zones && { zones };
  }
  if (origin === undefined) return {};
  complain(io, '--origin says the name of a zone that --zone brings; give a file with --zone, or leave it out');
  return undefined;
}

/**
 * Zone files and exports laid over a world; says what is assumed, and complains and gives nothing when a file has mistakes.
 * A zone file is served as it stands, as any authoritative server would; what comes from Route 53 or Lightsail by their rules.
 */
function openZones(io: Io, paths: readonly string[], originText?: string): OpenedZones | undefined {
  const origin = originOf(io, originText);
  if (originText !== undefined && origin === undefined) return undefined;
  const files = paths.flatMap((file) => {
    const text = readText(io, file);
    return text === undefined ? [] : [{ file, text }];
  });
  if (files.length < paths.length) return undefined;
  const plain = files.filter(({ text }) => isWholeZone(text, origin));
  const read = plain.map(({ file, text }) => readZoneFile(text, file, includer(io), origin));
  const { bundle, mistakes, told } = openBundle(
    files.filter((file) => !plain.includes(file)),
    origin,
  );
  const all = [...read.flatMap((one) => one.mistakes), ...mistakes];
  if (!bundle || all.length > 0) {
    report(io, all);
    return undefined;
  }
  for (const { file, text } of told) io.err(`${file}: ${text}.\n`);
  const zones = read.flatMap(({ zone }) => zone ?? []);
  const brought = worldWithBundle(bundle, origin);
  for (const note of brought.notes) io.err(`${note}.\n`);
  if (bundle.zones.some(isPrivate)) io.err(`Ask inside the VPC with --from ${BROUGHT_VPC}.\n`);
  const names = [...zones.map((zone) => zone.origin), ...bundle.zones.map(({ name }) => name), ...(origin ? [origin] : [])];
  const records = [...zones.flatMap((zone) => zone.records), ...bundle.zones.flatMap((zone) => listedSets(zone.records))];
  const ask = firstAsked(names, records);
  const world = zones.length === 0 ? brought.world : merged([brought.world, ...zones.map(worldWithZone)]);
  return { world, names: [...new Set(names)], ...(ask ? { ask } : {}) };
}

/**
 * Whether a text is a zone file that stands for itself. One without an SOA record, whose name is told, is a list of records for
 * a hosted zone, which has NS and SOA of its own; so is one with remarks on routing and alias records.
 */
export const isWholeZone = (text: string, origin: Name | undefined): boolean =>
  detectFormat(text) === 'zone file' && (origin === undefined || /\sSOA\s/i.test(text)) && !hasRemarks(text);

/** The name that --origin gives; complains when it is none. */
export function originOf(io: Io, text: string | undefined): Name | undefined {
  if (text === undefined) return undefined;
  const origin = parseName(text.replace(/\.?$/, '.'));
  if (typeof origin === 'string' && origin !== ROOT) return origin.toLowerCase() as Name;
  const why = typeof origin === 'string' ? 'the root' : `${origin.problem} (at character ${origin.at + 1})`;
  complain(io, `--origin: "${text}" is no name for a zone of one’s own: ${why}`);
  return undefined;
}

/** The first zone's www, else a name of it with an address. */
function firstAsked(names: readonly Name[], records: readonly { readonly name: Name; readonly type: string }[]) {
  const [zone] = names;
  if (zone === undefined) return undefined;
  const own = records.filter(({ name }) => isSubdomain(name, zone) && !name.startsWith('*'));
  const www = own.find(({ name, type }) => sameName(name, `www.${zone}` as Name) && ['A', 'AAAA', 'CNAME'].includes(type));
  const found = www ?? own.find(({ type }) => type === 'A') ?? own.find(({ type }) => type === 'CNAME');
  return found && { name: found.name, type: found.type === 'AAAA' ? 'AAAA' : 'A' };
}

/** Layers as one; what several zone files add to the zone above stands there together. */
function merged(layers: readonly World[]): World {
  const zones: Record<string, NonNullable<World['zones']>[string]> = {};
  for (const [word, line] of layers.flatMap((world) => Object.entries(world.zones ?? {})))
    zones[word] = { ...zones[word], ...line, records: `${zones[word]?.records ?? ''}${line.records ?? ''}\n` };
  return Object.assign({}, ...layers, { zones });
}

/** Reads what `$INCLUDE` names, beside the file that does. */
export const includer =
  (io: Io) =>
  (path: string, from: string): string | undefined => {
    const bytes = io.read(path.startsWith('/') ? path : folderOf(from) + path);
    return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : undefined;
  };
