import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarioNames } from '../scenario/library.ts';
import { goldenFile, goldenText, SCHEMA_FILE, schemaText } from './texts.ts';

describe('what the project publishes', () => {
  it.each(scenarioNames)('%s plays as its transcript tells', (name) => {
    expect(goldenText(name)).toBe(readFileSync(goldenFile(name), 'utf8'));
  });

  it('has a transcript for every scenario and none besides', () => {
    const kept = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.txt'));
    expect(kept.sort()).toEqual(scenarioNames.map((name) => `${name}.txt`).sort());
  });

  it('has the JSON Schema that the scenario format makes', () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(schemaText());
  });
});
