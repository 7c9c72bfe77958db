import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mistakeText } from '../../src/base/mistake.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { parseYaml } from '../../src/scenario/parse.ts';
import { resolverSettings } from '../../src/scenario/resolvers.ts';
import { ROUTE53_ACTIONS, ROUTE53_WORLD } from '../../src/scenario/route53/schema.ts';
import { ACTIONS } from '../../src/scenario/schema.ts';
import { SUBJECTS } from '../../src/trace/patternFields.ts';

const page = (name: string): string => readFileSync(join(import.meta.dirname, '..', '..', 'docs', name), 'utf8');
const guide = page('scenarios.md');
const resolver = page('resolver.md');
const route53 = page('route53.md');
const examplesIn = (text: string): string[] =>
  [...text.matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, example]) => example as string)
    .filter((example) => /^\w+:/m.test(example));

describe('the guide to scenarios', () => {
  it.each([...examplesIn(guide), ...examplesIn(resolver), ...examplesIn(route53)])(
    'has an example without a mistake: %s',
    (example) => {
      const stimuli = /^stimuli:/m.test(example) ? '' : 'stimuli: []\n';
      const text = /^title:/m.test(example) ? example : `title: t\n${stimuli}${example}`;
      const { data, places, mistakes } = parseYaml(text, 'example.yaml');
      const all = mistakes.length > 0 ? mistakes : loadScenario(data, { file: 'example.yaml', places }).mistakes;
      expect(all.map(mistakeText)).toEqual([]);
    },
  );

  it('names every verb of the stimuli and every subject of the patterns', () => {
    for (const verb of Object.keys(ACTIONS).filter((one) => !(one in ROUTE53_ACTIONS))) expect(guide).toContain(`\`${verb}: `);
    for (const subject of Object.keys(SUBJECTS)) expect(guide).toContain(`\`${subject}\``);
  });

  it('names every setting of a resolver', () => {
    const { validation, ...settings } = resolverSettings.entries;
    const names = [...Object.keys(settings), ...Object.keys(validation.wrapped.entries)];
    expect(names.filter((name) => !resolver.includes(`\`${name}\``))).toEqual([]);
  });

  it('names every verb and every field of Route 53', () => {
    expect(Object.keys(ROUTE53_ACTIONS).filter((verb) => !route53.includes(`\`${verb}:`))).toEqual([]);
    expect(Object.keys(ROUTE53_WORLD).filter((field) => !route53.includes(`\`${field}\``))).toEqual([]);
  });
});
