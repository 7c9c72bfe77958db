import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../../src/trace/timeline.ts';
import { visitsOf } from '../../../src/trace/visits.ts';
import type { Form } from '../../../src/view/geometry/layout/layout.ts';
import { layout } from '../../../src/view/geometry/layout/layouts.ts';
import { serversOf } from '../../../src/view/geometry/map/servers.ts';
import { futuresOf, letterSize, lettersOnMap } from '../../../src/view/geometry/question/places.ts';
import { offeredIn, type Question, type Stop, stopOf } from '../../../src/view/geometry/question/prediction.ts';
import { axisAt, xOf } from '../../../src/view/geometry/stringline/axis.ts';
import { chart } from '../../../src/view/geometry/stringline/chart.ts';
import { scenarioNamed, scenarioNames, traceOf } from '../../scenario/library.ts';
import { momentOf } from '../runs.ts';

const FORMS: readonly (readonly [Form, number, number])[] = [
  ['wide', 1068, 576],
  ['wide', 1068, 468],
  ['tablet', 1024, 404],
  ['phone', 390, 540],
  ['presenter', 1920, 790],
];
const asked = scenarioNames.flatMap((name) =>
  (scenarioNamed(name).questions ?? [])
    .filter(({ choices }) => choices.some(({ at }) => at !== undefined))
    .map((question) => ({ name, question })),
);

/** The letters of a question on the map of that form and size, when it is asked. */
function letters(name: string, question: Question, [form, width, height]: (typeof FORMS)[number], guess?: number) {
  const trace = traceOf(name);
  const { cast } = momentOf(trace, (stopOf(trace, question) as Stop).position.at / 1000);
  const servers = serversOf(trace, cast.name, cast.goal);
  const stations = { cast, layout: layout(form, width, height), servers, cleared: false, pointed: false };
  return lettersOnMap(offeredIn(question, guess), stations);
}

/** The futures of a question in a timetable 1412 pixels wide. */
function futures(name: string, question: Question, guess?: number) {
  const trace = traceOf(name);
  const stop = stopOf(trace, question) as Stop;
  const axis = axisAt(timelineOf(trace), visitsOf(trace), stop.position.at, 176, 1412);
  const { rows } = chart(trace, visitsOf(trace), axis, { top: 42, pitch: 27, room: 135 });
  const nowX = xOf(axis, stop.position.at);
  return {
    rows,
    nowX,
    futures: futuresOf(offeredIn(question, guess), question, stop, trace, rows, { nowX, right: axis.right, side: 20 }),
  };
}

const first = scenarioNamed('first-visit').questions?.[0] as Question;
const letterOf = (who: string): string => offeredIn(first, undefined).find(({ choice }) => choice.text === who)?.letter ?? '';

describe('the letters of choices on the map', () => {
  it.each(asked)('$name: they lie on it and apart from one another', ({ name, question }) => {
    for (const form of FORMS) {
      const side = letterSize(form[0]);
      const placed = letters(name, question, form);
      for (const { x, y } of placed) {
        expect(Math.min(x, y, form[1] - x, form[2] - y), form.join()).toBeGreaterThanOrEqual(side / 2);
        expect(placed.filter((one) => Math.abs(one.x - x) < side && Math.abs(one.y - y) < side)).toHaveLength(1);
      }
    }
  });

  it('stand at every station of a choice: here the root’s and .com’s', () => {
    const placed = letters('first-visit', first, FORMS[0] as (typeof FORMS)[number]);
    const { terraces } = layout('wide', 1068, 576);
    const heights = terraces.map(({ station }) => station.y);
    const where = (letter: string): number[] => placed.flatMap((one) => (one.letter === letter ? [heights.indexOf(one.y)] : []));
    expect(where(letterOf('a root or .com server'))).toEqual([0, 1]);
    expect([where(letterOf('ns-2048')), where(letterOf('ns-2049'))]).toEqual([[2], [2]]);
  });

  it.each(['second-visit', 'moving-dns'])('leave the marks of many servers to be read: %s', (name) => {
    const question = scenarioNamed(name).questions?.[0] as Question;
    for (const form of FORMS.slice(0, 3)) {
      const placed = letters(name, question, form);
      for (const { capsule } of layout(...form).terraces)
        for (const { x, y } of placed.filter((one) => Math.abs(one.y - capsule.y - capsule.height / 2) < 40 && one.x > capsule.x))
          expect(x - 10 >= capsule.x + capsule.width || y + 10 <= capsule.y, `${form} ${x} ${y}`).toBe(true);
    }
  });

  it('are left out for whom the map does not show', () => {
    const question = { ...first, choices: [{ text: 'shop', at: 'shop' }] };
    expect(letters('first-visit', question, FORMS[0] as (typeof FORMS)[number])).toEqual([]);
  });
});

describe('the futures in the timetable', () => {
  it('lead from whoever asks to the row of whom each choice is about, and tell nothing before a guess', () => {
    const { rows, nowX, futures: open } = futures('first-visit', first);
    const y = (id: string) => rows.find((row) => row.id === id)?.y;
    expect(open.map(({ letter, y: at }) => `${letter} ${at}`).sort()).toEqual(
      [
        `${letterOf('a root or .com server')} ${y('zone .')}`,
        `${letterOf('a root or .com server')} ${y('zone com.')}`,
        `${letterOf('ns-2048')} ${y('zone example.com.')}`,
        `${letterOf('ns-2049')} ${y('zone example.com.')}`,
      ].sort(),
    );
    for (const { from, words, state, x } of open) {
      expect(from ?? { x: nowX, y: y('isp') }).toEqual({ x: nowX, y: y('isp') });
      expect([words, state]).toEqual([undefined, 'open']);
      expect(x).toBeGreaterThan(nowX);
    }
    expect(open.filter(({ from }) => from)).toHaveLength(3);
  });

  it('tell of what happens, and of what was guessed, once there is a guess', () => {
    const guess = offeredIn(first, undefined).findIndex(({ choice }) => choice.text === 'ns-2049');
    const { futures: told } = futures('first-visit', first, guess);
    expect(told.flatMap(({ words, state }) => (words ? [`${state} ${words.text.slice(3)}`] : []))).toEqual([
      'right the answer comes at once',
      'guess three questions more before it can be asked',
    ]);
    expect(told.filter(({ from, state }) => from && state === 'right')).toHaveLength(1);
  });

  it('have no strokes where the question is not who is asked', () => {
    const question = scenarioNamed('packet-loss').questions?.[0] as Question;
    const { rows, futures: open } = futures('packet-loss', question);
    expect(open.map(({ y }) => rows.find((row) => row.y === y)?.id)).toEqual(['browser', 'isp', 'zone com.']);
    expect(open.filter(({ from }) => from)).toEqual([]);
  });

  it('are not drawn where the chart ends', () => {
    const trace = traceOf('first-visit');
    const stop = stopOf(trace, first) as Stop;
    const { rows } = futures('first-visit', first);
    expect(futuresOf(offeredIn(first, undefined), first, stop, trace, rows, { nowX: 1400, right: 1412, side: 20 })).toEqual([]);
  });
});
