import { describe, expect, it } from 'vitest';
import { readTrace, writeTrace } from '../../src/trace/archive.ts';
import { transcript } from '../../src/trace/transcript.ts';
import { scenarioNames, traceOf } from '../scenario/library.ts';

describe('an archived trace', () => {
  it.each(scenarioNames)('of %s reads back as the trace it was', (name) => {
    const back = readTrace(writeTrace(traceOf(name)));
    expect(back).toEqual(traceOf(name));
    expect(back && transcript(back)).toBe(transcript(traceOf(name)));
  });

  it('is the same with indentation', () => {
    expect(readTrace(writeTrace(traceOf('first-visit'), 2))).toEqual(traceOf('first-visit'));
  });

  it.each(['', 'null', '[]', '{}', '{"version":2,"turns":[],"packets":[],"messages":[]}', '{"version":1}', 'nonsense'])(
    'is not taken from %j',
    (text) => {
      expect(readTrace(text)).toBeUndefined();
    },
  );
});
