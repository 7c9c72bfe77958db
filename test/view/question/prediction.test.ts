import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkExpectations } from '../../../src/scenario/check.ts';
import { parseYaml } from '../../../src/scenario/parse.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { cursorAt } from '../../../src/trace/scene.ts';
import { textWidth } from '../../../src/view/geometry/measure.ts';
import { choicesOf, hasHappened, type Question, stopOf } from '../../../src/view/geometry/question/prediction.ts';

const folder = resolve(import.meta.dirname, '../../../scenarios');
const lessons = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => ({ file, scenario: parseYaml(readFileSync(resolve(folder, file), 'utf8'), file).data as Scenario }));

describe('questions before the thing happens', () => {
  it.each(lessons)('$file: the run stops before each, when it has not happened yet', ({ scenario }) => {
    const trace = run(scenario);
    for (const question of scenario.questions ?? []) {
      const stop = stopOf(trace, question);
      expect(stop, question.ask).toBeDefined();
      if (!stop) continue;
      expect(hasHappened(trace, stop, stop.position), question.ask).toBe(false);
      expect(cursorAt(trace, stop.position).turn, question.ask).toBe(stop.turn - 1);
      expect(hasHappened(trace, stop, { at: trace.turns[stop.turn]?.at ?? trace.end }), question.ask).toBe(true);
    }
  });

  it('offers every choice once, the right one in no fixed place', () => {
    const questions = lessons.flatMap(({ scenario }) => scenario.questions ?? []);
    for (const question of questions) expect(new Set(choicesOf(question))).toEqual(new Set(question.choices));
    const ofThree = questions.filter(({ choices }) => choices.length === 3);
    const places = ofThree.map((question) => choicesOf(question).findIndex((choice) => choice.right));
    for (const place of [0, 1, 2]) expect(places.filter((one) => one === place).length).toBeLessThan((ofThree.length * 2) / 3);
  });

  it.each(lessons)('$file: what is told of one choice is told of all, and takes one line', ({ scenario }) => {
    for (const { ask, choices } of scenario.questions ?? []) {
      const facts = choices.flatMap(({ fact }) => fact ?? []);
      expect([0, choices.length], ask).toContain(facts.length);
      // The column of words is 316 pixels wide; a letter stands before it, and a tick or "your guess" behind.
      for (const fact of facts) expect(textWidth(fact, 13.5), fact).toBeLessThan(256);
    }
  });

  it('asks whom the resolver asks next when the referral has come, and before anything shows who it is', () => {
    const { scenario } = lessons.find(({ file }) => file === 'first-visit.yaml') as (typeof lessons)[number];
    expect(stopOf(run(scenario), scenario.questions?.[0] as Question)).toMatchObject({ step: 5, position: { at: 51_000 } });
  });

  const tries = lessons.flatMap(({ file, scenario }) =>
    (scenario.questions ?? []).flatMap((question) =>
      question.choices.flatMap((choice) =>
        choice.try ? [{ file, scenario, question, text: choice.text, tried: choice.try }] : [],
      ),
    ),
  );
  it.each(tries)('$file: "$text" can be tried, and then comes about', ({ scenario, question, tried }) => {
    const at = stopOf(run(scenario), question)?.position.at;
    const line = { ...tried.line, at: `${at} us` };
    expect(tried.expect?.length).toBeGreaterThan(0);
    expect(checkExpectations(tried.expect ?? [], run(scenario))).not.toEqual([]);
    expect(checkExpectations(tried.expect ?? [], run(scenario, { whatIf: [line] }))).toEqual([]);
  });

  it('does not stop for what does not happen', () => {
    const { scenario } = lessons.find(({ file }) => file === 'first-visit.yaml') as (typeof lessons)[number];
    const question: Question = { before: { message: { kind: 'no-such-name' } }, ask: '?', choices: [], because: '' };
    expect(stopOf(run(scenario), question)).toBeUndefined();
  });
});
