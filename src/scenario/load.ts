/**
 * Plain data to a scenario: everything that is wrong with it is found at once, with its place, what was found and what would
 * be right. The shape is checked against the schema, and what refers to something else (hosts, zones, records) by itself.
 */
import * as v from 'valibot';
import { type Mistake, quoted } from '../base/mistake.ts';
import { mistakeAt, type Origin, valueText } from './mistakes.ts';
import { nearest } from './nearest.ts';
import type { Path } from './parse.ts';
import { checkReferences } from './references.ts';
import { checkRoute53 } from './route53/check.ts';
import { type Scenario, scenarioSchema, type World, worldSchema } from './schema.ts';
import type { About, Schema } from './words.ts';

export interface Loaded {
  /** Absent when anything is wrong. */
  readonly scenario?: Scenario;
  /** In the order of the file. */
  readonly mistakes: readonly Mistake[];
}

/** Validates plain data as a scenario. */
export function loadScenario(data: unknown, origin: Origin): Loaded {
  const result = v.safeParse(scenarioSchema, data);
  const mistakes = [
    ...(result.success ? [] : result.issues.map((issue) => shapeMistake(issue, data, origin))),
    ...checkReferences(data, origin),
    ...checkRoute53(data, origin, worldsIn(data, result.success ? result.output : undefined)),
  ];
  if (mistakes.length > 0 || !result.success)
    return { mistakes: mistakes.sort((a, b) => a.line - b.line || a.column - b.column) };
  return { scenario: result.output, mistakes };
}

/** The world of a scenario and those of its what-ifs, each where its own shape is right, whatever else is wrong. */
function worldsIn(data: unknown, scenario: Scenario | undefined) {
  if (scenario) return { world: scenario.world, overlays: (scenario.whatIf ?? []).map((one) => one.world) };
  const read = (world: unknown): World | undefined => {
    const result = v.safeParse(worldSchema, world);
    return result.success ? result.output : undefined;
  };
  const { world, whatIf } = (data ?? {}) as { world?: unknown; whatIf?: unknown };
  const overlays = Array.isArray(whatIf) ? whatIf.map((one) => read((one as { world?: unknown } | null)?.world)) : [];
  return { world: read(world), overlays };
}

function shapeMistake(issue: v.BaseIssue<unknown>, data: unknown, origin: Origin): Mistake {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const wrong = String(path.at(-1));
    const known = keysOf(schemaAt(scenarioSchema, data, path.slice(0, -1)));
    const meant = nearest(wrong, known);
    const expected = meant === undefined ? issue.message : `"${meant}"`;
    return mistakeAt(origin, path, { found: quoted(wrong), expected, at: 'key' });
  }
  if (issue.received === 'undefined') {
    const missing = path.at(-1);
    const about = wordsOf(schemaAt(scenarioSchema, data, path));
    return mistakeAt(origin, path.slice(0, -1), {
      found: 'nothing',
      expected: `"${missing}"${about === undefined ? '' : `: ${about}`}`,
    });
  }
  const meant = nearestKey(issue.input, schemaAt(scenarioSchema, data, path));
  return mistakeAt(origin, path, { found: valueText(issue.input), expected: meant === undefined ? issue.message : `"${meant}"` });
}

/** The part of the schema that is in charge of a path. */
function schemaAt(root: Schema, data: unknown, path: Path): Schema | undefined {
  let schema: Schema | undefined = bare(root, data);
  let here = data;
  for (const part of path) {
    here = typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[part] : undefined;
    const inner = (schema ?? {}) as { entries?: Record<string, Schema>; item?: Schema; value?: Schema };
    const next: Schema | undefined = inner.entries ? inner.entries[String(part)] : (inner.item ?? inner.value);
    if (!next) return undefined;
    schema = bare(next, here);
  }
  return schema;
}

/** A schema without what is wrapped around it: optional, choices. */
function bare(schema: Schema, input: unknown): Schema {
  const s = schema as Schema & { wrapped?: Schema; getter?: (input: unknown) => Schema };
  if (s.wrapped) return bare(s.wrapped, input);
  return s.getter ? bare(s.getter(input), input) : schema;
}

/** The word that one of the keys of a mapping was probably meant to be, where the schema names words. */
function nearestKey(input: unknown, schema: Schema | undefined): string | undefined {
  const words = (schema as { pipe?: readonly { metadata?: About }[] } | undefined)?.pipe?.find((part) => part.metadata?.words)
    ?.metadata?.words;
  if (!words || typeof input !== 'object' || input === null) return undefined;
  return Object.keys(input)
    .map((found) => nearest(found, words))
    .find((word) => word !== undefined);
}

const keysOf = (schema: Schema | undefined): string[] => Object.keys((schema as { entries?: object } | undefined)?.entries ?? {});
const wordsOf = (schema: Schema | undefined): string | undefined => {
  const message = (schema as { message?: unknown } | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
};
