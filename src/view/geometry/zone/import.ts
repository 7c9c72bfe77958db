/** Files with somebody's own zones, as a scenario: the zones on the four name servers, delegated from above, and asked once. */
import type { Mistake } from '../../../base/mistake.ts';
import { bareName, type Name, parseName } from '../../../dns/name.ts';
import { openBundle, type TextFile } from '../../../route53/formats/bundle.ts';
import { checkChangeBatch } from '../../../route53/formats/changeBatch.ts';
import { isObject, type JsonObject, type JsonValue, parseJson } from '../../../route53/formats/json.ts';
import { detectFormat } from '../../../route53/formats/open.ts';
import { type HostedZone, isPrivate } from '../../../route53/hostedZone.ts';
import { isLightsail } from '../../../route53/lightsail.ts';
import { serviceName } from '../../../route53/names.ts';
import { listedSets } from '../../../route53/table.ts';
import { VPC_CLIENT, worldWithBundle } from '../../../scenario/route53/brought.ts';
import type { HostedZoneLine } from '../../../scenario/route53/zone.ts';
import type { LineOf, Scenario, World } from '../../../scenario/schema.ts';
import { broughtOf } from './export.ts';
import { entriesOf } from './lightsailEntries.ts';

export interface ImportedZone {
  /** Absent when there is a mistake. */
  readonly scenario?: Scenario;
  readonly mistakes: readonly Mistake[];
  /** What is assumed, and which fields are not known, in sentences. */
  readonly notes: readonly string[];
}

/** Reads a zone file, a Route 53 export, a change batch or a Lightsail domain. A batch is named by its file: "example.com.json". */
export const scenarioFromZone = (text: string, file: string): ImportedZone => scenarioFromFiles([{ file, text }]);

/** The same from several files that belong together: records, the list of zones, health checks, a traffic policy. */
export function scenarioFromFiles(files: readonly TextFile[]): ImportedZone {
  const origin = files.map(({ file }) => originIn(file)).find((name) => name !== undefined);
  const { bundle, mistakes, told } = openBundle(files, origin);
  if (!bundle) return { mistakes, notes: [] };
  const { world: plain, notes } = worldWithBundle(bundle, origin);
  const world = withBrought(plain, bundle.zones, files);
  const [zone] = bundle.zones;
  const name = zone?.name ?? origin;
  const sets = (zone ? listedSets(zone.records) : []).filter((set) => !(set.name === zone?.name && set.type === 'NS'));
  const asked =
    sets.find((set) => set.type === 'A' && set.name === `www.${zone?.name}`) ??
    sets.find(({ type }) => type === 'A') ??
    sets.find(({ type }) => type === 'CNAME') ??
    sets[0];
  const ask = asked ? `${serviceName(asked.name)} ${asked.type}` : name === undefined ? undefined : `${name} A`;
  const by = zone && isPrivate(zone) ? { by: VPC_CLIENT } : {};
  return {
    scenario: {
      title: name === undefined ? 'What is in this file?' : `How does ${name.replace(/\.$/, '')} answer?`,
      world,
      stimuli: ask === undefined ? [] : [{ at: 0, ask, ...by }],
    },
    mistakes: [],
    notes: [...told.map((one) => `${one.text}.`), ...notes.map((note) => `${note}.`)],
  };
}

/** The world with what its files say that is answered otherwise here, so that an export gives it back. */
function withBrought(world: World, zones: readonly HostedZone[], files: readonly TextFile[]): World {
  const hostedZones = Object.entries(world.hostedZones ?? {}).map(([word, line]): [string, HostedZoneLine] => {
    const zone = zones.find(({ id }) => id === line.id);
    if (zone === undefined) return [word, line];
    if (isLightsail(zone)) {
      const domain = domainIn(files, zone.name);
      const { records: _records, ...frame } = line;
      return [word, { ...frame, entries: entriesOf(zone), ...(domain ? { brought: { domain } } : {}) }];
    }
    const brought = broughtOf(zone);
    return [word, brought ? { ...line, brought: brought as JsonObject } : line];
  });
  return { ...world, hostedZones: Object.fromEntries(hostedZones) };
}

/** The document of a Lightsail domain among the files. */
function domainIn(files: readonly TextFile[], zone: Name): JsonObject | undefined {
  for (const { text } of files) {
    const parsed = parseJson(text);
    const document: JsonValue | undefined = parsed.ok ? parsed.value : undefined;
    const domain = isObject(document) ? document.domain : undefined;
    const name = isObject(domain) ? domain.name : undefined;
    if (typeof name === 'string' && `${bareName(name)}.` === zone) return document as JsonObject;
  }
  return undefined;
}

function originIn(file: string): Name | undefined {
  const bare = file.replace(/^db\./, '').replace(/\.(zone|db|txt|hosts|json)$/i, '');
  const parsed = bare.includes('.') ? parseName(bare) : undefined;
  return typeof parsed === 'string' ? parsed : undefined;
}

/** A change batch for a zone that is there, ready to be a line; undefined when the text is none, or does not fit the zone. */
export function batchFor(text: string, zone: Name): Pick<LineOf<'change'>, 'Changes' | 'Comment'> | undefined {
  if (detectFormat(text) !== 'change batch' || checkChangeBatch(text, 'batch', zone).mistakes.length > 0) return undefined;
  const parsed = parseJson(text);
  const document: JsonValue | undefined = parsed.ok ? parsed.value : undefined;
  const { Changes, Comment } = isObject(document) ? document : {};
  return {
    Changes: Changes as unknown as LineOf<'change'>['Changes'],
    ...(typeof Comment === 'string' && Comment.trim() !== '' ? { Comment } : {}),
  };
}
