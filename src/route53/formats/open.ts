/** Opening a file that somebody brings, whatever its format, as a hosted zone that answers. */
import { DOCUMENTATION_SET } from '../delegation.ts';
import type { Fault } from '../faults.ts';
import type { HostedZone } from '../hostedZone.ts';
import { hostedZoneOf } from '../lightsail.ts';
import { changeWithFile } from './changeBatch.ts';
import type { Imported } from './document.ts';
import { mistakesOf, readDocument } from './document.ts';
import type { JsonPath, JsonValue } from './json.ts';
import { isObject, parseJson } from './json.ts';
import { importDomain } from './lightsail.ts';
import type { ZoneOptions } from './recordSets.ts';
import { importRecordSets, notesOn } from './recordSets.ts';
import { zoneFromFile } from './zoneFile.ts';

export type Format =
  | 'record sets'
  | 'change batch'
  | 'hosted zones'
  | 'traffic policy'
  | 'health checks'
  | 'Lightsail domain'
  | 'JSON'
  | 'zone file';

/** The keys by which each JSON document is known. */
export const FORMAT_KEYS: Readonly<Partial<Record<Format, readonly string[]>>> = {
  'record sets': ['ResourceRecordSets'],
  'change batch': ['Changes'],
  'hosted zones': ['HostedZones', 'HostedZone'],
  'health checks': ['HealthChecks', 'HealthCheck'],
  'traffic policy': ['AWSPolicyFormatVersion'],
  'Lightsail domain': ['domain'],
};
const JSON_FORMATS = Object.entries(FORMAT_KEYS) as [Format, readonly string[]][];

/**
 * What a text looks like: JSON begins with a brace or bracket, everything else is a zone file. A document that puts several
 * lists together (zones beside their records) is of several formats. Never empty.
 */
export function formatsOf(text: string): readonly Format[] {
  if (!/^\uFEFF?\s*[[{]/.test(text)) return ['zone file'];
  const parsed = parseJson(text);
  const document: JsonValue | undefined = parsed.ok ? parsed.value : undefined;
  const has = (key: string): boolean => (isObject(document) ? Object.hasOwn(document, key) : text.includes(`"${key}"`));
  const formats = JSON_FORMATS.flatMap(([format, keys]) => (keys.some(has) ? [format] : []));
  return formats.length > 0 ? formats : ['JSON'];
}

/** The first of a text's formats. */
export const detectFormat = (text: string): Format => formatsOf(text)[0] ?? 'JSON';

/** Reads a text of any format that holds records. */
export function openZone(text: string, options: ZoneOptions): Imported<HostedZone> {
  switch (detectFormat(text)) {
    case 'zone file':
      return zoneFromFile(text, options);
    case 'change batch':
      return changeWithFile(text, options);
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

function openDomain(text: string, options: ZoneOptions): Imported<HostedZone> {
  const domain = importDomain(text, options.file);
  if (!domain.value) return { mistakes: domain.mistakes, unknown: domain.unknown, notes: domain.notes };
  const result = hostedZoneOf(domain.value, options.delegationSet ?? DOCUMENTATION_SET, options.id);
  if (result.ok) return { value: result.zone, mistakes: [], unknown: domain.unknown, notes: notesOn(result.zone, {}) };
  const document = readDocument(text, options.file);
  if ('mistakes' in document) throw new Error('a document that was read is JSON');
  const entries: JsonPath = ['domain', 'domainEntries'];
  const faults = result.faults.map((fault): Fault => ({ ...fault, path: [...entries, ...fault.path] }));
  return { mistakes: mistakesOf(text, options.file, document.value, faults), unknown: domain.unknown, notes: [] };
}
