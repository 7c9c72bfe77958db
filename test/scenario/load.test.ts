import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mistake, mistakeText } from '../../src/base/mistake.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { nearest } from '../../src/scenario/nearest.ts';
import { parseYaml } from '../../src/scenario/parse.ts';
import { scenarioNamed, scenarioNames } from './library.ts';

function mistakesIn(text: string): readonly Mistake[] {
  const { data, places, mistakes } = parseYaml(text, 'a.yaml');
  return mistakes.length > 0 ? mistakes : loadScenario(data, { file: 'a.yaml', places }).mistakes;
}
const told = (text: string): string[] => mistakesIn(text).map(mistakeText);
/** The mistakes of a scenario that is right but for these lines. */
const inside = (lines: string): string[] => told(`title: t\nstimuli:\n  - { at: 0, visit: www.example.com }\n${lines}`);

/** A question with a choice of these fields. */
const asked = (fields: string): string =>
  `questions:\n  - before: { step: {} }\n    ask: a\n    because: b\n    choices:\n      - { text: a, right: true }\n      - { text: b, ${fields} }`;

const TEN = `titel: x
minutes: many
world:
  hosts:
    newbie: { addresses: 198.18.0.7 }
    browser: { resolvers: isb }
  zones:
    example.com:
      records: |
        www 300 A 192.0.2.999
stimuli:
  - at: soon
    visit: www.example.com
  - vist: x
  - { at: 0, stop: exmaple.com }
notes:
  - when: { message: { knd: query } }
    headline: x
`;

describe('loading a scenario', () => {
  it.each(scenarioNames)('takes %s', (name) => {
    expect(scenarioNamed(name).title).not.toBe('');
  });

  it('reports all ten mistakes of a scenario with ten mistakes, each with line and column, in order', () => {
    const mistakes = mistakesIn(TEN);
    expect(mistakes.map(({ line, column, path }) => `${line}:${column} ${path ?? ''}`.trim())).toEqual([
      '1:1',
      '1:1 titel',
      '2:10 minutes',
      '5:5 world.hosts.newbie',
      '5:26 world.hosts.newbie.addresses',
      '6:27 world.hosts.browser.resolvers',
      '10:19 world.zones.example.com.records',
      '12:9 stimuli[0].at',
      '14:5 stimuli[1]',
      '15:20 stimuli[2].stop',
      '17:24 notes[0].when.message.knd',
    ]);
    for (const mistake of mistakes)
      expect([mistake.file, mistake.found, mistake.expected].every((words) => words !== '')).toBe(true);
  });

  it('names the nearest of the words that would be right', () => {
    expect(told(TEN)[1]).toBe('a.yaml:1:1: titel: found "titel", expected "title"');
    expect(told(TEN)[5]).toContain('perhaps "isp"');
    expect(told(TEN)[8]).toContain('expected "visit"');
    expect(told(TEN)[9]).toContain('perhaps "example.com"');
    expect(told(TEN)[10]).toContain('expected "kind"');
  });

  it('names every verb where a line has none, and the one that was meant where it was mistyped', () => {
    const [none, mistyped] = told('title: t\nstimuli:\n  - at: 5 min\n  - at: 3 s\n    vist: a.example\n');
    expect(none).toContain('expected a line with visit, ask, ');
    expect(mistyped).toContain('found a mapping with "at", "vist", expected "visit"');
  });

  it('says what is missing, and what it would be', () => {
    expect(told('stimuli: []')).toEqual(['a.yaml:1:1: found nothing, expected "title": a title, as a question if it can be one']);
    expect(told('')[0]).toContain('found nothing, expected a mapping with title');
  });

  it('reports a mistake in a block of records at its own line of the file', () => {
    const [mistake] = mistakesIn(
      'title: t\nworld:\n  zones:\n    example.com:\n      records: |\n\n        www 300 A 192.0.2.1\n        shop 300 A nonsense\nstimuli:\n  - { at: 0, wait: 1 s }\n',
    );
    expect(mistake).toMatchObject({ line: 8, column: 20 });
  });

  it('reports YAML that cannot be read, at its place', () => {
    expect(told('title: [\n')).toHaveLength(1);
    expect(told('title: a\ntitle: b\nstimuli: []')[0]).toMatch(/^a\.yaml:2:1: found "title: b", expected YAML: /);
  });

  it.each([
    ['expect:\n  - rail: 7', 'expected the steps of each visit'],
    ['expect:\n  - { received: { root: x } }', 'expected a whole number: how many queries'],
    ['expect:\n  - { mesage: {} }', 'expected "message"'],
    ['expect:\n  - { message: { answer: two } }', 'expected a number'],
    ['notes:\n  - { headline: x }', 'found a note without words'],
    [
      'questions:\n  - { before: { step: {} }, ask: a, because: b, choices: [{ text: a, right: true }, { text: b, right: true }] }',
      '2 choices that are right',
    ],
    [asked('at: nobody'), 'expected a host or a zone of this world'],
    [asked('try: { say: x, line: { stop: nobody } }'), 'expected a host or a zone of this world'],
    [asked('try: { say: x, line: { at: 1 s, clear: isp } }'), 'expected no time: it happens when the question is asked'],
    [asked('try: { say: x, line: { health: nothing, is: healthy } }'), 'expected a health check of this world'],
    ['world: { zones: { foo.example: {} } }', 'a new zone without "servers"'],
    ['world: { zones: { foo.example: { servers: [web] } } }', '"web", whose role is web'],
    ['world: { links: [{ between: [browser] }] }', 'a list of 1'],
    ['world: { links: [{ between: [browser, web], loss: 2 }] }', 'expected a share of 0 to 1'],
    ['whatIf:\n  - { say: x, lines: [{ stop: nobody }] }', 'expected a host or a zone of this world'],
  ])('finds fault with %j', (lines, words) => {
    expect(inside(lines).join('\n')).toContain(words);
  });

  it('knows the hosts that a what-if adds in its own lines', () => {
    expect(
      inside(
        'whatIf:\n  - say: x\n    world: { hosts: { other: { role: resolver, addresses: 198.18.0.54 } } }\n    lines: [{ at: 0, stop: other }]',
      ),
    ).toEqual([]);
  });

  it('does not let a file grow without bound by aliases', () => {
    const bomb = `a: &a [x, x]\n${'bcdefghij'
      .split('')
      .map((c, i) => `${c}: &${c} [${`*${'abcdefghij'[i]}, `.repeat(9)}*${'abcdefghij'[i]}]`)
      .join('\n')}`;
    expect(mistakesIn(bomb).length).toBeGreaterThan(0);
  });

  it('takes no harm from keys that JavaScript knows', () => {
    expect(told('__proto__: { title: x }\nconstructor: 1\ntitle: t\nstimuli: []').length).toBeGreaterThan(0);
    expect(({} as { title?: string }).title).toBeUndefined();
  });

  const json = fc.jsonValue({ maxDepth: 4 });
  it('gives mistakes or a scenario for any data, and never throws', () => {
    const key = fc.constantFrom(
      'title',
      'world',
      'stimuli',
      'notes',
      'questions',
      'whatIf',
      'expect',
      'hosts',
      'zones',
      'seed',
      'x',
    );
    const data = fc.oneof(json, fc.dictionary(key, fc.oneof(json, fc.dictionary(key, json), fc.array(fc.dictionary(key, json)))));
    fc.assert(
      fc.property(data, (value) => {
        const { scenario, mistakes } = loadScenario(value, { file: 'x' });
        expect(scenario === undefined).toBe(mistakes.length > 0);
      }),
    );
  });

  it('gives mistakes or data for any text, and never throws', () => {
    const scraps = fc.constantFrom(
      'title: t',
      'stimuli:',
      '  - visit: x',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '|',
      '&a',
      '*a',
      '"',
      "'",
      '\t',
      '?',
      ': ',
      '#',
      '!!',
      '---',
      '\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(scraps).map((parts) => parts.join('\n')),
          fc.array(scraps).map((parts) => parts.join('')),
        ),
        (text) => {
          for (const mistake of mistakesIn(text))
            expect([mistake.line, mistake.column].every((n) => Number.isInteger(n) && n >= 1)).toBe(true);
        },
      ),
    );
  });
});

describe('the nearest word', () => {
  it.each([
    ['frist-visit', 'first-visit'],
    ['neighbors-visit', 'neighbours-visit'],
    ['packetloss', 'packet-loss'],
    ['FIRST-VISIT', 'first-visit'],
  ])('to %s is %s', (found, meant) => {
    expect(nearest(found, scenarioNames)).toBe(meant);
  });

  it('is none when nothing is near', () => {
    expect(nearest('zzzzzzzzzz', scenarioNames)).toBeUndefined();
    expect(nearest('at', ['ask', 'cut'])).toBeUndefined();
  });
});
