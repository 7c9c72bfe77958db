/** Opening a file that somebody brings, whatever its format, as a hosted zone that answers. */
import { DOCUMENTATION_SET } from '../delegation.ts';
import type { Fault } from '../faults.ts';
import type { HostedZone } from '../hostedzone.ts';
import { newHostedZone } from '../hostedzone.ts';
import { hostedZoneOf } from '../lightsail.ts';
import { applyChangeDocument } from './changebatch.ts';
import type { Imported } from './document.ts';
import { mistakesOf, readDocument } from './document.ts';
import type { JsonPath, JsonValue } from './json.ts';
import { isObject, parseJson } from './json.ts';
import { importDomain } from './lightsail.ts';
import type { ZoneOptions } from './recordsets.ts';
import { importRecordSets } from './recordsets.ts';
import { zoneFromFile } from './zonefile.ts';

export type Format =
  | 'record sets'
  | 'change batch'
  | 'hosted zones'
  | 'traffic policy'
  | 'Lightsail domain'
  | 'JSON'
  | 'zone file';

/** The key by which each JSON document is known. */
const MARKS: readonly (readonly [key: string, format: Format])[] = [
  ['ResourceRecordSets', 'record sets'],
  ['Changes', 'change batch'],
  ['HostedZones', 'hosted zones'],
  ['AWSPolicyFormatVersion', 'traffic policy'],
  ['domain', 'Lightsail domain'],
];

/** What a text looks like: JSON begins with a brace or bracket, everything else is a zone file. */
export function detectFormat(text: string): Format {
  if (!/^\uFEFF?\s*[[{]/.test(text)) return 'zone file';
  const parsed = parseJson(text);
  const document: JsonValue | undefined = parsed.ok ? parsed.value : undefined;
  const mark = MARKS.find(([key]) => (isObject(document) ? Object.hasOwn(document, key) : text.includes(`"${key}"`)));
  return mark?.[1] ?? 'JSON';
}

/** Reads a text of any format that holds records. */
export function openZone(text: string, options: ZoneOptions): Imported<HostedZone> {
  switch (detectFormat(text)) {
    case 'zone file':
      return zoneFromFile(text, options);
    case 'change batch':
      return openChangeBatch(text, options);
    case 'Lightsail domain':
      return openDomain(text, options);
    case 'record sets':
      return importRecordSets(text, options);
    default: {
      // What is no JSON at all says so itself; any other document is named for what it lacks.
      const read = importRecordSets(text, options);
      const expected = 'records: a list of record sets, a change batch, a Lightsail domain or a zone file';
      return {
        ...read,
        mistakes: read.mistakes.map((mistake) => (mistake.path === 'ResourceRecordSets' ? { ...mistake, expected } : mistake)),
      };
    }
  }
}

/** A batch applied to an empty zone: its name has to be told. */
function openChangeBatch(text: string, options: ZoneOptions): Imported<HostedZone> {
  const document = readDocument(text, options.file);
  if ('mistakes' in document) return { mistakes: document.mistakes, unknown: [], notes: [] };
  if (options.origin === undefined) {
    const expected = 'the zone’s name (--origin): a change batch does not say it';
    return { mistakes: [{ file: options.file, line: 1, column: 1, found: 'a change batch', expected }], unknown: [], notes: [] };
  }
  const zone = newHostedZone({
    id: options.id ?? 'Z0IMPORTED0ZONE',
    name: options.origin,
    callerReference: options.file,
    comment: '',
    scope: { kind: 'public', delegationSet: options.delegationSet ?? DOCUMENTATION_SET },
  });
  const result = applyChangeDocument(zone, document.value);
  if (result.ok) return { value: result.zone, mistakes: [], unknown: [], notes: [] };
  return { mistakes: mistakesOf(text, options.file, document.value, result.faults), unknown: [], notes: [] };
}

function openDomain(text: string, options: ZoneOptions): Imported<HostedZone> {
  const domain = importDomain(text, options.file);
  if (!domain.value) return { mistakes: domain.mistakes, unknown: domain.unknown, notes: domain.notes };
  const result = hostedZoneOf(domain.value, options.delegationSet ?? DOCUMENTATION_SET, options.id);
  if (result.ok) return { value: result.zone, mistakes: [], unknown: domain.unknown, notes: [] };
  const document = readDocument(text, options.file);
  if ('mistakes' in document) throw new Error('a document that was read is JSON');
  const entries: JsonPath = ['domain', 'domainEntries'];
  const faults = result.faults.map((fault): Fault => ({ ...fault, path: [...entries, ...fault.path] }));
  return { mistakes: mistakesOf(text, options.file, document.value, faults), unknown: domain.unknown, notes: [] };
}
