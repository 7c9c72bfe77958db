/** Traffic policies at an instant: their versions, the names that use them, and the documents as a person edits them. */
import type { Mistake } from '../../../base/mistake.ts';
import type { Instant } from '../../../base/time.ts';
import type { Account } from '../../../route53/account.ts';
import { newFindings } from '../../../route53/formats/fields.ts';
import { type JsonObject, type JsonValue, parseJson } from '../../../route53/formats/json.ts';
import { exportTrafficPolicy, importTrafficPolicy, readPolicyDocument } from '../../../route53/formats/trafficPolicy.ts';
import { CITIES } from '../../../route53/places/location.ts';
import type { PolicyDocument, PolicyRecord, TrafficPolicy } from '../../../route53/trafficPolicy.ts';
import type { PolicyDetail } from '../../../scenario/route53/policyLines.ts';
import type { Scenario } from '../../../scenario/schema.ts';
import type { Trace } from '../../../trace/trace.ts';
import { holdingsOf, takenLines } from '../zone/account.ts';

/** The account with the policies and policy records that there are at an instant; the rest is as at the start. */
export function policyAccountAt(trace: Trace, scenario: Scenario, at: Instant): Account {
  const { account } = holdingsOf(scenario);
  const trafficPolicies = new Map(account.trafficPolicies);
  const policyRecords = new Map(account.policyRecords);
  for (const { turn } of takenLines(trace, at))
    for (const effect of trace.turns[turn]?.effects ?? []) {
      if (effect.kind !== 'decide') continue;
      const told = (effect.decision.detail as Partial<PolicyDetail> | undefined)?.trafficPolicy;
      if (!told) continue;
      trafficPolicies.set(told.id, policyOf(told));
      for (const [id, record] of policyRecords) if (record.trafficPolicyId === told.id) policyRecords.delete(id);
      for (const record of told.records) policyRecords.set(record.id, record);
    }
  return { ...account, trafficPolicies, policyRecords };
}

function policyOf({ id, nextVersion, versions }: PolicyDetail['trafficPolicy']): TrafficPolicy {
  const read = versions.flatMap(({ version, document }): [number, { document: PolicyDocument; comment: string }][] => {
    const understood = readPolicyDocument(newFindings(), document);
    return understood ? [[version, { document: understood, comment: '' }]] : [];
  });
  return { id, name: id, nextVersion, versions: new Map(read) };
}

export interface ShownPolicy {
  readonly policy: TrafficPolicy;
  /** The newest last. */
  readonly versions: readonly number[];
  /** The version that its records use; the newest while it has none. */
  readonly used: number;
  readonly records: readonly PolicyRecord[];
}

export function policiesIn({ trafficPolicies, policyRecords }: Account): ShownPolicy[] {
  return [...trafficPolicies.values()].map((policy) => {
    const versions = [...policy.versions.keys()].sort((a, b) => a - b);
    const records = [...policyRecords.values()].filter(({ trafficPolicyId }) => trafficPolicyId === policy.id);
    return { policy, versions, used: records[0]?.version ?? versions.at(-1) ?? 1, records };
  });
}

/** A document as a person edits it. */
export const documentTextOf = (document: PolicyDocument): string => exportTrafficPolicy(document);

export interface ReadDocument {
  readonly document?: PolicyDocument;
  /** What becomes part of the line: the JSON as it was typed. */
  readonly json?: JsonObject;
  readonly mistakes: readonly Mistake[];
  /** Fields that are not known here, and are kept. */
  readonly unknown: readonly string[];
}

/** Reads what stands in the editor; every mistake has its line and column. */
export function readDocumentText(text: string): ReadDocument {
  const { value, mistakes, unknown } = importTrafficPolicy(text, 'document');
  if (!value) return { mistakes, unknown };
  const parsed = parseJson(text);
  const json: JsonValue | undefined = parsed.ok ? parsed.value : undefined;
  return { document: value, json: json as JsonObject, mistakes, unknown };
}

/** Where in a text a line and column are, in characters from its beginning. */
export function offsetOf(text: string, { line, column }: Pick<Mistake, 'line' | 'column'>): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}

/** What a new policy begins with: one rule that a person can see through. */
export const NEW_DOCUMENT = `${JSON.stringify(
  {
    AWSPolicyFormatVersion: '2015-10-01',
    RecordType: 'A',
    StartRule: 'by-weight',
    Endpoints: { one: { Type: 'value', Value: '192.0.2.44' }, other: { Type: 'value', Value: '192.0.2.45' } },
    Rules: {
      'by-weight': {
        RuleType: 'weighted',
        Items: [
          { Weight: 3, EndpointReference: 'one' },
          { Weight: 1, EndpointReference: 'other' },
        ],
      },
    },
  },
  null,
  4,
)}\n`;

/** Resolvers in the built-in cities, one each, to ask from. */
export const ASKERS: readonly { readonly city: string; readonly address: string }[] = [
  ...new Set(CITIES.map(({ city }) => city)),
].map((city) => ({ city, address: `198.18.${CITIES.findIndex((place) => place.city === city)}.53` }));
