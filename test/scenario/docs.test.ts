import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { mistakeText } from '../../src/base/mistake.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { parseYaml } from '../../src/scenario/parse.ts';
import { resolverSettings } from '../../src/scenario/resolvers.ts';
import { ROUTE53_ACTIONS, ROUTE53_WORLD } from '../../src/scenario/route53/schema.ts';
import { ACTIONS } from '../../src/scenario/schema.ts';
import { SUBJECTS } from '../../src/trace/patternFields.ts';
import { scenarioNames } from './library.ts';

const root = join(import.meta.dirname, '..', '..');
const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8');
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

test('the page on testing names every suite of the browser', () => {
  const suites = readdirSync(join(root, 'test', 'browser')).flatMap((file) => /^(.*)\.spec\.ts$/.exec(file)?.[1] ?? []);
  const told = page('testing.md');
  expect(suites.length).toBeGreaterThan(10);
  expect(suites.filter((suite) => !told.includes(`\`${suite}\``))).toEqual([]);
});

describe('every page of the docs', () => {
  const decisions = readdirSync(join(root, 'docs', 'decisions')).map((file) => `docs/decisions/${file}`);
  const guides = readdirSync(join(root, 'docs')).flatMap((file) => (file.endsWith('.md') ? [`docs/${file}`] : []));
  const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...guides, ...decisions];

  it.each(pages)('%s links and refers to files that are there', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => join(dirname(file), target as string));
    const paths = [...text.matchAll(/`(\w+\/[\w./]+\.(?:ts|svelte|yaml|json))`/g)].map(([, path]) => path as string);
    const isThere = (path: string) => [path, `src/${path}`, `test/${path}`].some((one) => existsSync(join(root, one)));
    expect([...links.filter((link) => !existsSync(join(root, link))), ...paths.filter((path) => !isThere(path))]).toEqual([]);
  });

  it.each(pages)('%s names lessons that are there', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const named = [...text.matchAll(/rootwalk (?:run|serve) ([a-z][\w-]+)(?![\w.-])|"rootwalk\/#([\w-]+)/g)].map(
      (found) => found[1] ?? found[2],
    );
    expect(named.filter((name) => name !== undefined && !scenarioNames.includes(name))).toEqual([]);
  });
});
