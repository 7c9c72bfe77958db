import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mistakeText } from '../../src/base/mistake.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { parseYaml } from '../../src/scenario/parse.ts';
import { ROUTE53_ACTIONS } from '../../src/scenario/route53/schema.ts';
import { ACTIONS } from '../../src/scenario/schema.ts';
import { SUBJECTS } from '../../src/trace/pattern-fields.ts';

const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'scenarios.md'), 'utf8');
const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)]
  .map(([, text]) => text as string)
  .filter((text) => /^\w+:/m.test(text));

describe('the guide to scenarios', () => {
  it.each(examples)('has an example without a mistake: %s', (example) => {
    const text = /^title:/m.test(example) ? example : `title: t\nstimuli: []\n${example}`;
    const { data, places, mistakes } = parseYaml(text, 'example.yaml');
    const all = mistakes.length > 0 ? mistakes : loadScenario(data, { file: 'example.yaml', places }).mistakes;
    expect(all.map(mistakeText)).toEqual([]);
  });

  it('names every verb of the stimuli and every subject of the patterns', () => {
    for (const verb of Object.keys(ACTIONS).filter((one) => !(one in ROUTE53_ACTIONS))) expect(guide).toContain(`\`${verb}: `);
    for (const subject of Object.keys(SUBJECTS)) expect(guide).toContain(`\`${subject}\``);
  });
});
