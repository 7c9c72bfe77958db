/**
 * What a master file cannot say of a record set, as a comment behind its records, after the convention of cli53 (its README):
 * `app 60 IN A 192.0.2.10 ; AWS routing="WEIGHTED" weight=90 identifier="blue"`, and alias records as lines of their own:
 * `www 86400 AWS ALIAS A target. ZONEID|$self true|false`. What cli53 has no word for is written in the same manner.
 */
import type { RecordSet } from '../records.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { isObject } from './json.ts';
import { writeRecordSet } from './recordSet.ts';

/** The remark of a set, without the semicolon; empty for a simple one without a health check. */
export function remarkOf(set: RecordSet): string {
  const json = writeRecordSet(set);
  const fields = ROUTINGS.flatMap(([routing, field, names]) => {
    const value = json[field];
    if (value === undefined) return [];
    const inside = isObject(value) ? flat(value) : { [field]: value };
    return [
      `routing="${routing}"`,
      ...names.flatMap(([word, name]) => (inside[name] === undefined ? [] : [wordText(word, inside[name])])),
    ];
  });
  const { SetIdentifier, HealthCheckId } = json;
  const all = [
    ...fields,
    ...(SetIdentifier === undefined ? [] : [wordText('identifier', SetIdentifier)]),
    ...(HealthCheckId === undefined ? [] : [wordText('healthCheckId', HealthCheckId)]),
  ];
  return all.length === 0 ? '' : `AWS ${all.join(' ')}`;
}

const wordText = (word: string, value: JsonValue): string =>
  `${word}=${typeof value === 'number' ? value : JSON.stringify(String(value))}`;

/** The routing's word, the API's field for it, and what stands in that field, by the words of a remark. */
const ROUTINGS: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  ['WEIGHTED', 'Weight', [['weight', 'Weight']]],
  ['LATENCY', 'Region', [['region', 'Region']]],
  ['FAILOVER', 'Failover', [['failover', 'Failover']]],
  ['MULTIVALUE', 'MultiValueAnswer', []],
  [
    'GEOLOCATION',
    'GeoLocation',
    [
      ['continentCode', 'ContinentCode'],
      ['countryCode', 'CountryCode'],
      ['subdivisionCode', 'SubdivisionCode'],
    ],
  ],
  [
    'GEOPROXIMITY',
    'GeoProximityLocation',
    [
      ['awsRegion', 'AWSRegion'],
      ['localZoneGroup', 'LocalZoneGroup'],
      ['latitude', 'Latitude'],
      ['longitude', 'Longitude'],
      ['bias', 'Bias'],
    ],
  ],
  [
    'CIDR',
    'CidrRoutingConfig',
    [
      ['collectionId', 'CollectionId'],
      ['locationName', 'LocationName'],
    ],
  ],
];

const flat = (value: JsonObject): JsonObject =>
  Object.assign({}, ...Object.entries(value).map(([key, inner]) => (isObject(inner) ? flat(inner) : { [key]: inner })));

const PAIR = String.raw`\w+=(?:"(?:[^"\\]|\\.)*"|[^\s"]+)`;
const REMARK = new RegExp(String.raw`;\s*AWS\s+(${PAIR}(?:\s+${PAIR})*)\s*$`);

/** The remark at the end of a line, as fields of the API's record set; undefined without one. */
export function fieldsAt(line: string): JsonObject | undefined {
  const remark = REMARK.exec(line)?.[1];
  if (remark === undefined) return undefined;
  const words = new Map<string, JsonValue>();
  for (const [, word = '', value = ''] of remark.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|[^\s"]+)/g))
    words.set(word, value.startsWith('"') ? textIn(value) : /^-?\d+$/.test(value) ? Number(value) : value);
  const fields: { [key: string]: JsonValue } = {};
  const [, field, names] = ROUTINGS.find(([routing]) => routing === words.get('routing')) ?? [];
  if (field !== undefined && names) {
    const inside = Object.fromEntries(
      names.flatMap(([word, name]) => (words.has(word) ? [[name, words.get(word) as JsonValue]] : [])),
    );
    fields[field] = field === 'MultiValueAnswer' ? true : field in inside ? (inside[field] as JsonValue) : nested(inside);
  } else if (words.has('routing') && words.get('routing') !== 'SIMPLE') fields[`routing ${words.get('routing')}`] = true;
  if (words.has('identifier')) fields.SetIdentifier = String(words.get('identifier'));
  if (words.has('healthCheckId')) fields.HealthCheckId = String(words.get('healthCheckId'));
  return fields;
}

/** A quoted text; as it stands when its escapes are not JSON's. */
function textIn(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}

/** Coordinates stand one level deeper. */
function nested({ Latitude, Longitude, ...others }: { [key: string]: JsonValue }): JsonObject {
  if (Latitude === undefined && Longitude === undefined) return others;
  const coordinates = Object.fromEntries(
    Object.entries({ Latitude, Longitude }).flatMap(([k, v]) => (v === undefined ? [] : [[k, String(v)]])),
  );
  return { Coordinates: coordinates, ...others };
}

/** An alias record as a line of a zone file has it, or a comment. */
export interface AliasLine {
  /** Counted from 1. */
  readonly line: number;
  /** As it stands: "@", "www", "www.example.com.". */
  readonly owner: string;
  readonly type: string;
  readonly target: string;
  readonly zoneId: string;
  readonly evaluates: boolean;
  /** Fields of the remark behind it. */
  readonly more: JsonObject;
}

const ALIAS = /^;?\s*(\S+)\s+(?:\d+\s+)?AWS\s+ALIAS\s+(\S+)\s+(\S+)\s+(\S+)\s+(true|false)\s*(;.*)?$/i;

/** The alias lines of a zone file, and the file without them, all other lines where they were. */
export function aliasLinesIn(text: string): { readonly text: string; readonly aliases: readonly AliasLine[] } {
  if (!/\bAWS\s+ALIAS\b/i.test(text)) return { text, aliases: [] };
  const aliases: AliasLine[] = [];
  const rest = text.split('\n').map((line, i) => {
    const found = ALIAS.exec(line.trimEnd());
    if (!found) return line;
    const [, owner = '@', type = 'A', target = '', zoneId = '', evaluates, remark = ''] = found;
    aliases.push({
      line: i + 1,
      owner,
      type: type.toUpperCase(),
      target,
      zoneId,
      evaluates: evaluates?.toLowerCase() === 'true',
      more: fieldsAt(remark) ?? {},
    });
    return '';
  });
  return { text: rest.join('\n'), aliases };
}

/** Whether a zone file says more than its records do. */
export const hasRemarks = (text: string): boolean => /;\s*AWS\s+\w+=|\bAWS\s+ALIAS\b/i.test(text);
