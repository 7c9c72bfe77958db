/** Health checks as `aws route53 list-health-checks` and `get-health-check` print them: read, and written back the same. */
import { within } from '../faults.ts';
import type { HealthCheckConfig } from '../health/healthCheck.ts';
import { LIMITS } from '../limits.ts';
import type { UnknownField } from '../records.ts';
import type { Imported } from './document.ts';
import { documentText, mistakesOf, readDocument, unknownPaths } from './document.ts';
import type { Draft, Findings } from './fields.ts';
import { keepUnknown, newFindings, readList, readObject, readText, readWhole, refuseKind, restoreUnknown } from './fields.ts';
import { readHealthCheckConfig } from './healthCheck.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';
import { isObject } from './json.ts';

export interface ListedHealthCheck {
  readonly id: string;
  readonly callerReference: string;
  readonly version: number;
  /** As it stood, defaults left out. */
  readonly configJson: JsonObject;
  readonly config: HealthCheckConfig;
}

export interface HealthCheckList {
  /** One check ("HealthCheck") or a list ("HealthChecks"). */
  readonly single: boolean;
  readonly checks: readonly ListedHealthCheck[];
  readonly unknown: readonly UnknownField[];
}

const LIST_KEYS = new Set(['HealthChecks']);
const ONE_KEYS = new Set(['HealthCheck']);
const CHECK_KEYS = new Set(['Id', 'CallerReference', 'HealthCheckConfig', 'HealthCheckVersion']);

/** Reads a list of health checks, or one. */
export function importHealthChecks(text: string, file: string): Imported<HealthCheckList> {
  const document = readDocument(text, file);
  if ('mistakes' in document) return { mistakes: document.mistakes, unknown: [], notes: [] };
  const findings = newFindings();
  const value = readChecks(findings, document.value);
  const unknown = unknownPaths(findings.unknown);
  if (!value || findings.faults.length > 0)
    return { mistakes: mistakesOf(text, file, document.value, findings.faults), unknown, notes: [] };
  return { value, mistakes: [], unknown, notes: [] };
}

function readChecks(findings: Findings, document: JsonValue): HealthCheckList | undefined {
  const outer = readObject(findings, document, 'an object with HealthChecks', []);
  if (!outer) return undefined;
  const single = Object.hasOwn(outer, 'HealthCheck');
  keepUnknown(findings, outer, single ? ONE_KEYS : LIST_KEYS, []);
  const entries = single
    ? [{ entry: outer.HealthCheck as JsonValue, path: ['HealthCheck'] as JsonPath }]
    : (readList(findings, outer.HealthChecks, 'a list of health checks', ['HealthChecks']) ?? []).map((entry, i) => ({
        entry,
        path: ['HealthChecks', i] as JsonPath,
      }));
  const calculated = new Set(entries.flatMap(({ entry }) => calculatedId(entry) ?? []));
  const checks = entries.flatMap(({ entry, path }) => readCheck(findings, entry, path, calculated) ?? []);
  return { single, checks, unknown: findings.unknown };
}

const calculatedId = (entry: JsonValue): string | undefined =>
  isObject(entry) &&
  typeof entry.Id === 'string' &&
  isObject(entry.HealthCheckConfig) &&
  entry.HealthCheckConfig.Type === 'CALCULATED'
    ? entry.Id
    : undefined;

function readCheck(
  findings: Findings,
  entry: JsonValue,
  path: JsonPath,
  calculated: ReadonlySet<string>,
): ListedHealthCheck | undefined {
  const check = readObject(findings, entry, 'an object with Id and HealthCheckConfig', path);
  if (!check) return undefined;
  keepUnknown(findings, check, CHECK_KEYS, path);
  const id = readText(findings, check.Id, 'the id of the health check', [...path, 'Id']);
  if (id !== undefined && id.length > LIMITS.healthCheckId.most)
    refuseKind(findings, check.Id, `an id of at most ${LIMITS.healthCheckId.most} characters`, [...path, 'Id']);
  const callerReference = readText(findings, check.CallerReference, 'the CallerReference', [...path, 'CallerReference']);
  const version = readWhole(findings, check.HealthCheckVersion, 1, Number.MAX_SAFE_INTEGER, [...path, 'HealthCheckVersion']);
  const inner = newFindings();
  const config = readHealthCheckConfig(inner, check.HealthCheckConfig, (child) =>
    calculated.has(child) ? 'calculated' : undefined,
  );
  const place: JsonPath = [...path, 'HealthCheckConfig'];
  findings.faults.push(...inner.faults.map((fault) => within(place, fault)));
  findings.unknown.push(...inner.unknown.map((field) => ({ ...field, path: [...place, ...field.path] })));
  if (id === undefined || callerReference === undefined || version === undefined || !config) return undefined;
  return { id, callerReference, version, configJson: check.HealthCheckConfig as JsonObject, config };
}

/** The checks in the API's shape, unknown fields where they stood. */
export function writeHealthChecks({ single, checks, unknown }: HealthCheckList): JsonObject {
  const entries = checks.map(
    ({ id, callerReference, configJson, version }): Draft => ({
      Id: id,
      CallerReference: callerReference,
      HealthCheckConfig: configJson as Draft,
      HealthCheckVersion: version,
    }),
  );
  const document: { [key: string]: Draft } = single ? { HealthCheck: entries[0] ?? {} } : { HealthChecks: entries };
  restoreUnknown(document, unknown);
  return document as JsonObject;
}

export const exportHealthChecks = (list: HealthCheckList): string => documentText(writeHealthChecks(list));
