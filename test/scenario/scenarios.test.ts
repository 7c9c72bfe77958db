import { describe, expect, it } from 'vitest';
import { checkExpectations, checkRun } from '../../src/scenario/check.ts';
import { run } from '../../src/scenario/run.ts';
import { scenarioNamed, scenarioNames, traceOf } from './library.ts';

describe('the lessons', () => {
  it.each(scenarioNames)('%s shows what it says must be seen', (name) => {
    expect(checkRun(scenarioNamed(name), traceOf(name))).toEqual([]);
  });

  const whatIfs = scenarioNames.flatMap((name) => (scenarioNamed(name).whatIf ?? []).map((one) => ({ name, one })));
  it.each(whatIfs)('$name: what if? $one.say', ({ name, one }) => {
    const options = { name, ...(one.lines ? { whatIf: one.lines } : {}), ...(one.world ? { overlay: one.world } : {}) };
    expect(checkExpectations(one.expect ?? [], run(scenarioNamed(name), options))).toEqual([]);
  });

  it.each(scenarioNames)('%s has a title, a place in the library, something to notice, a question and a what-if', (name) => {
    const { lesson, chapter, audience, minutes, notice, questions = [], whatIf = [], expect: wanted = [] } = scenarioNamed(name);
    expect([lesson, chapter, audience, minutes, notice].every((field) => field !== undefined)).toBe(true);
    expect([questions.length, whatIf.length, wanted.length].every((count) => count > 0)).toBe(true);
    for (const { choices } of questions)
      for (const { right, belief } of choices) expect(right === true || belief !== undefined).toBe(true);
  });

  it('have different numbers', () => {
    const numbers = scenarioNames.map((name) => scenarioNamed(name).lesson);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
