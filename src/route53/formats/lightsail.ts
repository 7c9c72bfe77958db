/** Lightsail's `get-domain` as JSON: read, and written back the same. */
import type { DomainEntry, LightsailZone } from '../lightsail.ts';
import { isNameFault, parseServiceName } from '../names.ts';
import type { UnknownField } from '../records.ts';
import type { Imported } from './document.ts';
import { documentText, mistakesOf, readDocument, unknownPaths } from './document.ts';
import type { Draft, Findings } from './fields.ts';
import { keepUnknown, newFindings, readFlag, readList, readObject, readText, refuseKind, restoreUnknown } from './fields.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';

/** A domain as `get-domain` shows it. */
export interface DomainDocument extends LightsailZone {
  /** The name as it stood. */
  readonly nameText: string;
  readonly unknown: readonly UnknownField[];
}

const DOCUMENT_KEYS = new Set(['domain']);
const DOMAIN_KEYS = new Set(['name', 'domainEntries']);
const ENTRY_KEYS = new Set(['id', 'name', 'target', 'isAlias', 'type']);

/** Reads a domain. */
export function importDomain(text: string, file: string): Imported<DomainDocument> {
  const document = readDocument(text, file);
  if ('mistakes' in document) return { mistakes: document.mistakes, unknown: [], notes: [] };
  const findings = newFindings();
  const value = readDomain(findings, document.value);
  const unknown = unknownPaths(findings.unknown);
  if (!value || findings.faults.length > 0)
    return { mistakes: mistakesOf(text, file, document.value, findings.faults), unknown, notes: [] };
  return { value, mistakes: [], unknown, notes: [] };
}

function readDomain(findings: Findings, value: JsonValue): DomainDocument | undefined {
  const outer = readObject(findings, value, 'an object with domain', []);
  const domain = outer && readObject(findings, outer.domain, 'an object with name and domainEntries', ['domain']);
  if (!outer || !domain) return undefined;
  keepUnknown(findings, outer, DOCUMENT_KEYS, []);
  keepUnknown(findings, domain, DOMAIN_KEYS, ['domain']);
  const nameText = readText(findings, domain.name, 'the name of the domain', ['domain', 'name']);
  const name = nameText === undefined ? undefined : parseServiceName(nameText);
  if (name !== undefined && isNameFault(name))
    refuseKind(findings, domain.name, `a domain name (${name.words})`, ['domain', 'name']);
  const list = readList(findings, domain.domainEntries, 'a list of entries', ['domain', 'domainEntries']) ?? [];
  const entries = list.flatMap((entry, i) => readEntry(findings, entry, ['domain', 'domainEntries', i]) ?? []);
  if (name === undefined || isNameFault(name) || nameText === undefined) return undefined;
  return { name, nameText, entries, unknown: findings.unknown };
}

function readEntry(findings: Findings, value: JsonValue, path: JsonPath): DomainEntry | undefined {
  const entry = readObject(findings, value, 'an object with name, type and target', path);
  if (!entry) return undefined;
  keepUnknown(findings, entry, ENTRY_KEYS, path);
  const id = entry.id === undefined ? undefined : readText(findings, entry.id, 'the id as text', [...path, 'id']);
  const name = readText(findings, entry.name, 'the name of the entry', [...path, 'name']);
  const target = readText(findings, entry.target, 'the target of the entry', [...path, 'target']);
  const type = readText(findings, entry.type, 'the type of the entry', [...path, 'type']);
  const isAlias = readFlag(findings, entry.isAlias, [...path, 'isAlias']);
  if (name === undefined || target === undefined || type === undefined || isAlias === undefined) return undefined;
  return { ...(id === undefined ? {} : { id }), name, target, isAlias, type };
}

/** The domain in the API's shape, unknown fields where they stood. */
export function writeDomain(domain: DomainDocument): JsonObject {
  const document: { [key: string]: Draft } = {
    domain: { name: domain.nameText, domainEntries: domain.entries.map((entry): Draft => ({ ...entry })) },
  };
  restoreUnknown(document, domain.unknown);
  return document as JsonObject;
}

export const exportDomain = (domain: DomainDocument): string => documentText(writeDomain(domain));
