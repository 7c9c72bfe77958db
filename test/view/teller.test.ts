import { describe, expect, test } from 'vitest';
import { type Instant, instant, milliseconds, minutes, seconds } from '../../src/base/time.ts';
import { sceneAt } from '../../src/trace/scene.ts';
import { lineOf, linesOf } from '../../src/view/state/teller.ts';
import { scenarioNamed, traceOf } from '../scenario/library.ts';

const told = (name: string, at: Instant | number) => {
  const trace = traceOf(name);
  return lineOf(trace, linesOf(trace, scenarioNamed(name)), sceneAt(trace, { at: instant(at as number) }));
};

describe('what is told at a moment', () => {
  test('lines that open together are told together, the first as the headline', () => {
    expect(told('alias-at-the-apex', milliseconds(70))).toMatchObject({
      headline: 'The server looks behind the pointer itself.',
      plain: 'The balancer’s addresses go into its answer. No pointer travels. Two addresses and a seal, for 60 s.',
    });
  });

  test('whoever sits down after somebody else is named', () => {
    expect(told('neighbours-visit', 0)?.headline).toBe('You type a name. The network needs a number.');
    expect(told('neighbours-visit', minutes(2))?.headline).toBe('Now the neighbour asks.');
    expect(told('second-visit', seconds(30))?.headline).toBe('You type a name. The network needs a number.');
  });

  test('of several that ask at once, only what belongs to the one shown is told', () => {
    // A and B ask in the same instant; A’s browser goes to its address before B’s has one.
    const trace = traceOf('record-change');
    for (const line of linesOf(trace, scenarioNamed('record-change'))) {
      const scene = sceneAt(trace, { at: line.at, turn: line.turn });
      const now = lineOf(trace, linesOf(trace, scenarioNamed('record-change')), scene);
      if (now?.standing !== undefined) expect(now.visit ?? scene.visit?.number).toBe(scene.visit?.number);
    }
  });
});
