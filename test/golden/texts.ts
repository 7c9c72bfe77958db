/** The texts that are kept, and where. */
import { join } from 'node:path';
import { scenarioJsonSchema } from '../../src/scenario/jsonSchema.ts';
import { transcript } from '../../src/trace/transcript.ts';
import { traceOf } from '../scenario/library.ts';

export const goldenFile = (name: string): string => join(import.meta.dirname, `${name}.txt`);
export const goldenText = (name: string): string => transcript(traceOf(name));

export const SCHEMA_FILE = join(import.meta.dirname, '..', '..', 'public', 'scenario.schema.json');
export const schemaText = (): string => `${JSON.stringify(scenarioJsonSchema(), null, 1)}\n`;
