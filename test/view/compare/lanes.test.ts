import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../../src/base/time.ts';
import type { Visit } from '../../../src/trace/steps.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { visitsOf } from '../../../src/trace/visits.ts';
import { type Lanes, lanesOf, nowIn, shortcutOf, threadsOf } from '../../../src/view/geometry/compare/lanes.ts';
import { figuresOf } from '../../../src/view/geometry/compare/table.ts';
import { lessonOf, roughly, situationOf, titleOf } from '../../../src/view/geometry/compare/words.ts';
import { xOf } from '../../../src/view/geometry/stringline/axis.ts';
import { played } from '../runs.ts';

const PLAN = { top: 40, pitch: 30, room: 150, type: 1 };
const LEFT = 164;
const RIGHT = 1034;

function pair(trace: Trace, a = 1, b = 2): Lanes {
  const visits = visitsOf(trace);
  return lanesOf(trace, [visits[a - 1] as Visit, visits[b - 1] as Visit], LEFT, RIGHT, PLAN);
}
const words = (lanes: Lanes) => threadsOf(lanes, roughly, (text) => text.length * 6).map(({ text }) => text);

describe('five minutes later', () => {
  const trace = played('five-minutes-later');
  const lanes = pair(trace);
  const [a, b] = lanes;

  test('both begin at the same zero and have one scale', () => {
    for (const { axis, visit } of lanes) {
      expect(xOf(axis, visit.from)).toBe(LEFT);
      expect(xOf(axis, visit.from + 40_000)).toBeCloseTo(xOf(a.axis, a.visit.from + 40_000), 6);
    }
  });

  test('what only the first has is washed: the root and .com', () => {
    expect(b.washes).toEqual([]);
    expect(a.washes).toHaveLength(1);
    const [wash] = a.washes;
    expect(wash?.left).toBeCloseTo(xOf(a.axis, a.visit.from + 7_000), 6);
    expect(wash?.right).toBeCloseTo(xOf(a.axis, a.visit.from + 52_000), 6);
    expect(b.skipped.map(({ step }) => step)).toEqual([3, 4]);
  });

  test('the table tells what was saved, and that the rest is the same', () => {
    const { steps, total, messages } = figuresOf(trace, lanes);
    expect(steps.map(({ title, a: mine, b: others, saved }) => [title, mine, others, saved])).toEqual([
      ['1, 2 Type, ask', '7.0', '7.0', '0'],
      ['3 Ask a root server', '19.5', 'skipped', '19.5'],
      ['4 Ask a .com server', '25.5', 'skipped', '25.5'],
      ['5, 6 Ask one of the four', '32.0', '32.0', '0'],
      ['7 Return', '4.0', '4.0', '0'],
    ]);
    expect(total).toEqual({ title: 'Time to the address', a: '88.0', b: '43.0', saved: '45.0', same: false });
    expect(messages.map(({ title, a: mine, b: others }) => [title, mine, others])).toEqual([
      ['DNS messages', '8', '4'],
      ['with root and .com', '4', '0'],
      ['with the web server', '2', '2'],
    ]);
  });

  test('threads join the address and the page of both', () => {
    expect(words(lanes)).toEqual(['the address, 45 ms sooner', 'the page, 45 ms sooner']);
    expect(shortcutOf(lanes)?.micros).toBe(45_000);
    expect(shortcutOf(lanes)?.at).toBeCloseTo(xOf(b.axis, b.visit.from + 7_000), 6);
  });

  test('the lesson is said in words', () => {
    expect(lessonOf(trace, lanes)).toEqual({
      headline: 'Half the way to the address was asking whom to ask.',
      plain:
        'The second visit knows the four servers of example.com, so root and .com are left out. Everything else is done as before.',
      term: ['The cache holds the ', 'delegation', ', for another 47 h 54 m, but not the answer.'],
    });
    const visits = visitsOf(trace);
    expect(titleOf(b.visit, a.visit)).toBe('Second visit');
    expect(situationOf(trace, visits, a.visit, a.visit)).toBe('every cache empty');
    expect(situationOf(trace, visits, b.visit, a.visit)).toBe('5 min later: the answer has run out, the delegation has not');
  });

  test('the playhead stands in the visit of the moment, and at its end after that', () => {
    const inFirst = (a.visit.from + 20_000) as Instant;
    expect(nowIn(a, inFirst, b.visit.from)).toBeCloseTo(xOf(a.axis, inFirst), 6);
    expect(nowIn(b, inFirst, undefined)).toBeUndefined();
    const long = (b.visit.from + 10_000_000) as Instant;
    expect(nowIn(a, long, b.visit.from)).toBeUndefined();
    expect(nowIn(b, long, undefined)).toBeCloseTo(xOf(b.axis, b.visit.to as number), 6);
  });
});

const headline = (lesson: string, a = 1, b = 2): string => {
  const trace = played(lesson);
  return lessonOf(trace, pair(trace, a, b)).headline;
};

test.each([
  ['second-visit', 'Nobody is asked at all.'],
  ['neighbours-visit', 'Most of the way to the address was asking others.'],
  ['no-such-name', 'A “no” is remembered, too.'],
  ['two-days-later', 'The same way, twice.'],
])('%s teaches: %s', (lesson, said) => {
  expect(headline(lesson)).toBe(said);
});

test('a resolver that nobody has asked yet keeps nothing', () => {
  const trace = played('record-change');
  const visits = visitsOf(trace);
  expect(situationOf(trace, visits, visits[1] as Visit, visits[0] as Visit)).toBe(
    '2 min later, at another resolver: every cache empty',
  );
});

test('two who ask at once are answered by one question', () => {
  expect(headline('stale-answers', 1, 3)).toBe('One question for both.');
});

test('with an address in the browser its time is that until it is used', () => {
  const trace = played('second-visit');
  expect(figuresOf(trace, pair(trace)).total).toMatchObject({ a: '88.0', b: '2.0' });
});

test('two names are told apart, and what is not a page is an answer', () => {
  const trace = played('truncated-then-tcp');
  const lanes = pair(trace);
  expect(titleOf(lanes[1].visit, lanes[0].visit)).toBe('Second question, txt.example.com TXT');
  expect(words(lanes)[0]).toBe('the answer, 17 ms later');
});

describe('every lesson with two visits or more', () => {
  const names = readdirSync(resolve(import.meta.dirname, '../../../scenarios'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -5));

  test.each(names)('%s: what the steps took adds up to the time to the answer, in both', (name) => {
    const trace = played(name);
    const visits = visitsOf(trace);
    for (const [i, b] of visits.slice(1, 8).entries()) {
      const lanes = lanesOf(trace, [visits[i] as Visit, b], LEFT, RIGHT, PLAN);
      const { steps, total } = figuresOf(trace, lanes);
      if (!total) continue;
      for (const side of ['a', 'b'] as const) {
        const sum = steps.reduce((all, row) => all + (row[side] === 'skipped' ? 0 : Number(row[side])), 0);
        expect(sum).toBeCloseTo(Number(total[side]), 0);
      }
      for (const { axis, strokes, segments } of lanes) {
        for (const { x1, x2 } of strokes) expect(Math.max(x1, x2)).toBeLessThanOrEqual(axis.right + 0.1);
        for (const [k, { from }] of segments.slice(1).entries()) expect(from).toBe(segments[k]?.to);
      }
    }
  });
});
