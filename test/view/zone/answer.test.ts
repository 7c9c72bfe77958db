import { describe, expect, test } from 'vitest';
import { isPrivate } from '../../../src/route53/hostedZone.ts';
import { lastAnswer } from '../../../src/view/geometry/zone/answer.ts';
import { type ShownZone, shownZones } from '../../../src/view/geometry/zone/records.ts';
import { played } from '../runs.ts';

describe('why a private zone answers as it does', () => {
  const trace = played('private-zone');
  const inside = shownZones(trace, trace.end).find(({ zone }) => isPrivate(zone)) as ShownZone;
  const at = (seconds: number) => lastAnswer(trace, { at: (seconds * 1e6) as never }, inside);

  test('what was asked outside is no question to it', () => {
    expect(at(5)).toBeUndefined();
  });

  test('a name that it has is answered inside its VPC', () => {
    expect(at(15)?.slip.kind).toBe('answer');
  });

  test('a name that it lacks gets a no, and the public zone is not asked', () => {
    const story = at(25);
    expect(story?.slip.kind).toBe('negative');
    expect(story?.asked.map(({ question, yes }) => [question, yes])).toEqual([
      ['Which rule or zone fits best?', true],
      ['Does the name exist there?', false],
      ['Is the public zone asked then?', false],
    ]);
  });
});
