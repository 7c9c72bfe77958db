import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAll, fits, type Pattern } from '../../src/trace/pattern.ts';
import { SUBJECTS, type Subject } from '../../src/trace/patternFields.ts';
import { scenarioNames, traceOf } from '../scenario/library.ts';

const count = (name: string, pattern: Pattern): number => findAll(traceOf(name), pattern).length;

describe('matching one field', () => {
  it('compares text without letter case and final dots, numbers as numbers', () => {
    expect(fits('www.Example.com.', 'WWW.example.COM')).toBe(true);
    expect(fits('.', '.')).toBe(true);
    expect(fits(300, 300)).toBe(true);
    expect(fits(300, 301)).toBe(false);
    expect(fits(undefined, 'x')).toBe(false);
  });

  it('takes any of several values, all but one, and ranges', () => {
    expect(fits('b', ['a', 'b'])).toBe(true);
    expect(fits('c', ['a', 'b'])).toBe(false);
    expect(fits('c', { not: ['a', 'b'] })).toBe(true);
    expect(fits(5, { min: 5, max: 6 })).toBe(true);
    expect(fits(7, { min: 5, max: 6 })).toBe(false);
    expect(fits(undefined, { min: 0 })).toBe(false);
  });

  it('takes a thing that goes by several names by any of them', () => {
    expect(fits(['ns-2048', 'example.com', 'authoritative'], 'example.com')).toBe(true);
    expect(fits(['ns-2048', 'example.com'], { not: 'example.com' })).toBe(false);
  });

  it('takes a flag as 0 or 1, or as false or true', () => {
    expect([fits(1, true), fits(0, false), fits(1, 1), fits(0, true)]).toEqual([true, true, true, false]);
  });
});

describe('finding', () => {
  it('picks messages by kind, ends, step, flags and sections', () => {
    expect(count('first-visit', { message: {} })).toBe(10);
    expect(count('first-visit', { message: { kind: 'referral' } })).toBe(2);
    expect(count('first-visit', { message: { kind: 'referral', from: 'root', glue: 26 } })).toBe(1);
    expect(count('first-visit', { message: { to: 'isp', kind: ['referral', 'answer'] } })).toBe(3);
    expect(count('first-visit', { message: { step: { min: 3, max: 6 }, rd: 0 } })).toBe(6);
    expect(count('first-visit', { message: { aa: 1 } })).toBe(1);
  });

  it('counts among those that fit with "nth"', () => {
    const [second] = findAll(traceOf('packet-loss'), { message: { kind: 'query', step: 4, nth: 2 } });
    expect(second?.fields.after).toBe(402.5);
  });

  it('picks packets, states, decisions, timers, stimuli, entries kept and held, steps and visits', () => {
    expect(count('packet-loss', { packet: { fate: 'lost', reason: 'dropped-on-purpose' } })).toBe(1);
    expect(count('first-visit', { state: { machine: 'authoritative', state: 'finding' } })).toBe(3);
    expect(count('first-visit', { decision: { about: 'classify' } })).toBe(3);
    expect(count('packet-loss', { timer: { machine: 'resolution', took: 376 } })).toBe(1);
    expect(count('root-server-down', { stimulus: { action: 'visit' } })).toBe(3);
    expect(count('first-visit', { kept: { cache: 'isp', type: 'NS' } })).toBe(3);
    expect(count('five-minutes-later', { held: { visit: 2, cache: 'isp', expired: 1, type: 'A' } })).toBe(1);
    expect(count('another-host', { step: { outcome: 'skipped', because: 'delegation' } })).toBe(2);
    expect(count('no-such-name', { visit: { outcome: 'error-page' } })).toBe(3);
    expect(count('no-such-name', { end: { rcode: 'NXDOMAIN' } })).toBe(3);
  });

  it('gives what it finds in order of time', () => {
    for (const subject of Object.keys(SUBJECTS) as Subject[])
      for (const name of scenarioNames) {
        const times = findAll(traceOf(name), { [subject]: {} }).map(({ at }) => at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
  });

  it('gives every field that it documents in at least one lesson, and no others', () => {
    for (const [subject, fields] of Object.entries(SUBJECTS)) {
      const seen = new Set<string>();
      for (const name of scenarioNames)
        for (const one of findAll(traceOf(name), { [subject]: {} }))
          for (const [field, value] of Object.entries(one.fields)) if (value !== undefined) seen.add(field);
      expect([...seen, 'nth'].sort(), subject).toEqual(Object.keys(fields).sort());
    }
  });

  it('finds the same with more fields, or less', () => {
    const fields = fc.record(
      {
        kind: fc.constantFrom('query', 'answer', 'referral'),
        visit: fc.constantFrom(1, 2),
        step: fc.integer({ min: 1, max: 9 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        const trace = traceOf('another-host');
        const both = findAll(trace, { message: { ...a, ...b } }).length;
        expect(both).toBeLessThanOrEqual(findAll(trace, { message: b }).length);
      }),
    );
  });
});
