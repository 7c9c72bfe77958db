import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/scenario/parse.ts';
import { isPromotable } from '../../src/scenario/route53/promoted.ts';
import { run } from '../../src/scenario/run.ts';
import type { Line, Scenario } from '../../src/scenario/schema.ts';

const file = resolve(import.meta.dirname, '../../scenarios/first-visit.yaml');
const lesson = parseYaml(readFileSync(file, 'utf8'), file).data as Scenario;
const pair = (SetIdentifier: string, Weight: number, Value: string) => ({
  Action: 'CREATE',
  ResourceRecordSet: { Name: 'pair.example.com', Type: 'A', SetIdentifier, Weight, TTL: 60, ResourceRecords: [{ Value }] },
});
const change: Line = {
  at: '2 s',
  change: 'example.com',
  Changes: [pair('blue', 1, '192.0.2.44'), pair('green', 0, '192.0.2.45')],
};

describe('a change batch of a plain zone on the four servers', () => {
  const before = run(lesson);
  const after = run(lesson, { whatIf: [change, { at: '3 min', visit: 'pair.example.com' }] });

  test('leaves the past as it was, octet by octet', () => {
    const sent = (trace: typeof before) =>
      trace.messages.filter(({ sentAt }) => sentAt < 2e6).map(({ sentAt, from, to, bytes }) => [sentAt, from, to, [...bytes]]);
    expect(sent(after)).toEqual(sent(before));
  });

  test('makes records that routing policies choose among', () => {
    const routes = after.turns.flatMap(({ effects }) =>
      effects.flatMap((effect) =>
        effect.kind === 'decide' && effect.decision.about === 'route' ? [effect.decision.outcome] : [],
      ),
    );
    expect(routes).toContain('blue');
  });
});

test.each([
  ['example.com', {}, true],
  ['example.com', { zones: { 'example.com': { signed: true } } }, false],
  ['example.com', { hostedZones: { 'example.com': {} } }, false],
  ['example.com', { base: 'nothing' }, false],
  ['example.com', { zones: { 'example.com': { servers: ['ns1'] } } }, false],
  ['example.net', {}, false],
  ['com', {}, false],
])('%s in a world with %o may become a hosted zone: %s', (word, world, may) => {
  expect(isPromotable([world as never], word)).toBe(may);
});
