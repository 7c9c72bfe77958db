/** The scenario format as JSON Schema (draft 2020-12), for editors: made from `schema.ts`, so that the two never differ. */
import { scenarioSchema } from './schema.ts';
import type { About, Schema } from './words.ts';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What valibot's schema objects are made of, as far as the format uses it. */
interface Inside {
  readonly type?: string;
  readonly message?: unknown;
  readonly wrapped?: Schema;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly value?: Schema;
  readonly pipe?: readonly { readonly metadata?: About }[];
}

/** The published schema, at `public/scenario.schema.json`. */
export function scenarioJsonSchema(): JsonSchema {
  const uses = new Map<Schema, number>();
  countUses(scenarioSchema as Schema, uses);
  const shared = [...uses].filter(([, times]) => times > 1).map(([schema]) => schema);
  const names: Names = new Map(shared.map((schema, i) => [schema, `part${i + 1}`]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Rootwalk scenario',
    description: 'A small Internet, what people do in it, what breaks, and what must be seen.',
    ...convert(scenarioSchema as Schema, names, true),
    $defs: Object.fromEntries(shared.map((schema) => [names.get(schema), convert(schema, names, true)])),
  };
}

/** What is used in several places is written once, under this name. */
type Names = ReadonlyMap<Schema, string>;

/** Counts how often each schema with parts of its own is used. */
function countUses(schema: Schema, uses: Map<Schema, number>): void {
  const parts = partsOf(schema);
  if (parts.length === 0) return;
  const times = (uses.get(schema) ?? 0) + 1;
  uses.set(schema, times);
  if (times === 1) for (const part of parts) countUses(part, uses);
}

const aboutOf = (schema: Schema): About | undefined => (schema as Inside).pipe?.find((part) => part.metadata)?.metadata;

function partsOf(schema: Schema): readonly Schema[] {
  const { wrapped, entries, item, value } = schema as Inside;
  const options = aboutOf(schema)?.options ?? [];
  return [...options, ...Object.values(entries ?? {}), ...[wrapped, item, value].filter((one) => one !== undefined)].map(
    unwrapped,
  );
}

const unwrapped = (schema: Schema): Schema => {
  const { wrapped } = schema as Inside;
  return wrapped ? unwrapped(wrapped) : schema;
};

function convert(outer: Schema, names: Names, whole = false): JsonSchema {
  const schema = unwrapped(outer);
  const name = names.get(schema);
  if (name !== undefined && !whole) return { $ref: `#/$defs/${name}` };
  const { type, entries, item, value, message } = schema as Inside;
  const about = aboutOf(schema);
  const words = typeof message === 'string' ? { description: message } : {};
  if (about?.options) return { anyOf: about.options.map((option) => convert(option, names)) };
  if (about?.json) return { ...about.json };
  if (entries) return objectSchema(entries, names);
  if (item) return { type: 'array', items: convert(item, names), ...words };
  if (value) return { type: 'object', additionalProperties: convert(value, names), ...words };
  throw new Error(`the scenario format uses a schema of type "${type}", which has no JSON Schema here`);
}

function objectSchema(entries: Readonly<Record<string, Schema>>, names: Names): JsonSchema {
  const keys = Object.keys(entries);
  const required = keys.filter((key) => (entries[key] as Inside).wrapped === undefined);
  return {
    type: 'object',
    properties: Object.fromEntries(keys.map((key) => [key, convert(entries[key] as Schema, names)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}
