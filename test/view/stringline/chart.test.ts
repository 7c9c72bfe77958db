import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run } from '../../../src/scenario/run.ts';
import { timelineOf } from '../../../src/trace/timeline.ts';
import { visitsOf } from '../../../src/trace/visits.ts';
import { textWidth } from '../../../src/view/geometry/measure.ts';
import { quietAt, quietStretches } from '../../../src/view/geometry/quiet.ts';
import { spanText } from '../../../src/view/geometry/span.ts';
import { stepNames } from '../../../src/view/geometry/stepNames.ts';
import { axisAt, axisInstant, instantOn, ticksOf, xOf } from '../../../src/view/geometry/stringline/axis.ts';
import { chart } from '../../../src/view/geometry/stringline/chart.ts';
import { AHEAD, placeAhead } from '../../../src/view/geometry/stringline/labels.ts';
import { pastSigns, signsOf, signsUnseen, whyShort } from '../../../src/view/geometry/stringline/signs.ts';
import { endsOf, linesOf, outlineOf } from '../../../src/view/geometry/stringline/strokes.ts';
import { tickAt } from '../../../src/view/geometry/ticks.ts';
import { scenarioNamed } from '../../scenario/library.ts';
import { momentOf, played } from '../runs.ts';

const PLAN = { top: 42, pitch: 27, room: 135 };
const first = played('first-visit');
const later = played('five-minutes-later');
const loss = played('packet-loss');
const tcp = played('truncated-then-tcp');
const axisOf = (trace: typeof first, ms: number) =>
  axisAt(timelineOf(trace), visitsOf(trace), Math.round(ms * 1000) as never, 176, 1412);

describe('a walk for another name', () => {
  const signsAt = (trace: typeof first, ms: number) => {
    const { scene, cast } = momentOf(trace, ms);
    const names = stepNames(scene, cast);
    const own = signsOf(axisOf(trace, ms), scene, names, () => undefined);
    return { own, beside: pastSigns(axisOf(trace, ms), visitsOf(trace), scene, names, own) };
  };

  test('leaves the steps of the first walk the names that they had', () => {
    const { own } = signsAt(played('cname-to-another-zone'), 95);
    expect(own.find(({ step }) => step === 4)?.words).toBe('Ask a .com server');
  });

  test('has its signs where it is under way, for keys as for a CNAME', () => {
    const secure = played('dnssec-secure');
    const third = (ms: number) => signsAt(secure, ms).own.find(({ step }) => step === 3);
    expect(third(90)?.current).toBe(true);
    expect(third(90)?.left).toBeGreaterThan((third(20)?.left ?? 0) + 200);
    expect(signsAt(secure, 90).beside.map(({ number }) => number)).toContain(3);
  });

  test('of another visit has that visit’s names: a page was fetched there, though now a record is asked for', () => {
    const eighth = signsAt(tcp, 300_250).beside.find(({ number }) => number === 8);
    expect(eighth?.words).toMatch(/GET/);
    expect(eighth?.words).not.toMatch(/No/);
  });

  test('asked once more, a step has no words that cover the number of the one that it had led to', () => {
    const lame = played('lame-delegation');
    const { scene, cast } = momentOf(lame, 90);
    const axis = axisAt(timelineOf(lame), visitsOf(lame), 90_000 as never, 176, 1252);
    const own = signsOf(axis, scene, stepNames(scene, cast), () => undefined);
    const [fifth, sixth] = [5, 6].map((number) => own.find(({ step }) => step === number));
    expect(fifth?.current).toBe(true);
    for (const words of fifth?.options ?? [])
      expect((fifth?.left ?? 0) + textWidth(words, 12.5) + 15).toBeLessThanOrEqual(sixth?.left ?? 0);
  });

  test('gives its number up where one of the nine has the place', () => {
    const { own, beside } = signsAt(played('dnssec-bogus'), 200);
    const numbers = [...own.filter(({ place }) => place === 'line'), ...beside.filter(({ number }) => number !== undefined)];
    const lefts = numbers.map(({ left }) => left).sort((a, b) => a - b);
    expect(lefts.length).toBeGreaterThan(8);
    for (const [i, left] of lefts.entries()) expect(left - (lefts[i - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(9);
  });
});

test('the axis stays on the paper, however often time was let pass', () => {
  const whatIf = [
    { wait: '5 min', at: '5000 s' },
    { wait: '1 h', at: '13000 s' },
    { wait: '2 days', at: '17000 s' },
  ];
  const trace = run(scenarioNamed('register-and-wait'), { name: 'register-and-wait', whatIf });
  const line = timelineOf(trace);
  for (const { from, to } of line.pieces)
    for (const now of [from, (from + to) / 2, to]) {
      const { stretches } = axisAt(line, visitsOf(trace), Math.round(now) as never, 176, 1412);
      for (const stretch of stretches) expect(stretch.to).toBeGreaterThan(stretch.from);
      expect(stretches.at(-1)?.right).toBeGreaterThan(176);
    }
});

describe('two visits on one axis', () => {
  const widthsIn = (name: string, number: number) => {
    const trace = played(name);
    const { addressAt = 0, from = 0 } = visitsOf(trace)[number - 1] ?? {};
    const { stretches } = axisOf(trace, Math.max(addressAt, from) / 1000);
    return stretches.map(({ from: begin, to, left, right }) => ({ width: right - left, length: to - begin }));
  };

  test('are at one scale, so that the longer one is longer to the eye', () => {
    const [a, b] = widthsIn('neighbours-visit', 2);
    if (!a || !b) throw new Error('two visits are shown');
    expect(a.width / b.width).toBeCloseTo(a.length / b.length, 6);
  });

  test('have room for their words, however short one is beside the other', () => {
    const [a, b] = widthsIn('no-such-name', 2);
    if (!a || !b) throw new Error('two visits are shown');
    expect(b.width / a.width).toBeGreaterThanOrEqual(0.4499);
  });
});

describe('strokes drawn alike', () => {
  const { strokes } = chart(loss, visitsOf(loss), axisOf(loss, 500), PLAN);

  test('are one path, each stroke a piece of it', () => {
    const lines = linesOf(strokes);
    expect(new Set(lines.map(({ style, hue }) => `${style} ${hue}`)).size).toBe(lines.length);
    expect(lines.flatMap(({ d }) => d.split('M').slice(1)).sort()).toEqual(
      strokes.map(({ x1, y1, x2, y2 }) => `${x1} ${y1}L${x2} ${y2}`).sort(),
    );
  });

  test('end in a dot where they arrive, in a cross where one is lost', () => {
    const lost = strokes.filter((stroke) => stroke.lost);
    const count = (kind: string) => endsOf(strokes).flatMap((end) => (end.kind === kind ? end.d.split('M').slice(1) : [])).length;
    expect(lost.length).toBeGreaterThan(0);
    expect(endsOf(lost).map(({ kind, hue }) => `${kind} ${hue}`)).toEqual(['cross e']);
    expect(count('cross')).toBe(lost.length);
    expect(count('dot')).toBe(strokes.length - lost.length);
  });
});

test('the outline of a stroke keeps the same distance from it on both sides, however it slants', () => {
  for (const stroke of chart(first, visitsOf(first), axisOf(first, 48.6), PLAN).strokes) {
    const { x1, y1, x2, y2 } = stroke;
    const corners = outlineOf(stroke)
      .split(/[MLZ]/)
      .filter(Boolean)
      .map((pair) => pair.split(' ').map(Number) as [number, number]);
    const away = ([x, y]: [number, number]): number =>
      ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) / Math.hypot(x2 - x1, y2 - y1);
    expect(corners.map((corner) => Math.round(away(corner)))).toEqual([6, 6, -6, -6]);
  }
});

describe('the axis', () => {
  test('holds the lookup until the address is known, then makes room for the page', () => {
    expect(axisOf(first, 48.6).stretches[0]?.to).toBe(100_000);
    expect(axisOf(first, 100).stretches[0]?.to).toBeGreaterThan(168_000);
  });

  test('folds idle time between two visits, and shows both at one scale', () => {
    const { stretches, folds } = axisOf(later, 300_215);
    const scale = stretches.map((s) => (s.right - s.left) / (s.to - s.from));
    expect(folds.map((fold) => fold.label)).toEqual(['5 min']);
    expect(scale[0]).toBeCloseTo(scale[1] ?? 0, 6);
  });

  test('a place and its instant belong together, in stretches and in folds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_300_000 }), (at) => {
        const axis = axisOf(later, at / 1000);
        const x = xOf(axis, at);
        expect(xOf(axis, instantOn(axis, x))).toBeCloseTo(x, 1);
      }),
    );
  });

  test('time never runs backwards on it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_300_000 }), fc.integer({ min: 0, max: 1_000_000 }), (at, more) => {
        const axis = axisOf(later, at / 1000);
        expect(xOf(axis, at + more)).toBeGreaterThanOrEqual(xOf(axis, at));
      }),
    );
  });

  test('is the same at the instant that stands for all those around it', () => {
    fc.assert(
      fc.property(fc.constantFrom(first, later, loss), fc.integer({ min: 0, max: 300_300_000 }), (trace, at) => {
        const { value, until } = axisInstant(timelineOf(trace), visitsOf(trace), at as never);
        expect(axisOf(trace, value / 1000)).toEqual(axisOf(trace, at / 1000));
        if (until > at) expect(axisOf(trace, value / 1000)).toEqual(axisOf(trace, (until - 1) / 1000));
      }),
    );
  });

  test('is a pure function of the instant: going back gives the same axis', () => {
    const before = axisOf(later, 150_000);
    axisOf(later, 300_200);
    expect(axisOf(later, 150_000)).toEqual(before);
  });

  test('marks are round numbers, the first with its unit', () => {
    const [stretch] = axisOf(first, 48.6).stretches;
    expect(stretch && ticksOf(stretch).map((tick) => tick.label)).toEqual([
      '0 ms',
      '10',
      '20',
      '30',
      '40',
      '50',
      '60',
      '70',
      '80',
      '90',
      '100',
    ]);
  });

  test('says in a word how long nothing happened', () => {
    expect([300e6, 4e6, 7_200e6, 172_800e6].map(spanText)).toEqual(['5 min', '4 s', '2 h', '2 days']);
  });
});

describe('the stringline chart', () => {
  const drawn = chart(first, visitsOf(first), axisOf(first, 48.6), PLAN);

  test('has a row for every actor, the zones from the root down', () => {
    expect(drawn.rows.map((row) => row.label)).toEqual([
      'Browser',
      'Resolver',
      'Root server',
      '.com server',
      'example.com server',
      'Web server',
    ]);
  });

  test('every message is a stroke from its sender’s row to its receiver’s', () => {
    const rows = new Map(drawn.rows.map((row) => [row.y, row.label]));
    expect(drawn.strokes.slice(0, 5).map((s) => `${rows.get(s.y1)} > ${rows.get(s.y2)} ${s.style}`)).toEqual([
      'Browser > Resolver thin',
      'Resolver > Root server thin',
      'Root server > Resolver thick',
      'Resolver > .com server thin',
      '.com server > Resolver thick',
    ]);
  });

  test('labels neither overlap one another nor leave the chart', () => {
    for (const [i, a] of drawn.labels.entries()) {
      expect(a.right).toBeLessThanOrEqual(1416);
      for (const b of drawn.labels.slice(i + 1))
        expect(Math.abs(a.y - b.y) < 10 && a.x < b.right && b.x < a.right, `${a.text} and ${b.text}`).toBe(false);
    }
  });

  test.each(['first-visit', 'five-minutes-later', 'packet-loss', 'cname-to-another-zone', 'dnssec-secure'])(
    'no stroke runs through the words of another: %s',
    (lesson) => {
      const trace = played(lesson);
      for (const [i, visit] of visitsOf(trace).entries()) {
        const axis = axisAt(timelineOf(trace), visitsOf(trace), (visit.addressAt ?? visit.from) as never, 176, 1412);
        const { labels, strokes } = chart(trace, visitsOf(trace), axis, PLAN, visit);
        expect(labels.length).toBeGreaterThan(i === 0 ? 5 : 1);
        for (const { text, x, right, y, hue } of labels.filter((label) => label.hue !== 'state' && label.hue !== 'e'))
          for (const s of strokes) {
            const part = (s.y2 - s.y1 === 0 ? 0 : (y - 4 - s.y1) / (s.y2 - s.y1)) as number;
            const at = s.x1 + (s.x2 - s.x1) * part;
            expect(part > 0 && part < 1 && at > x && at < right, `${text} ${hue} at ${x}, ${y}`).toBe(false);
          }
      }
    },
  );

  test('a step that was skipped is explained where the now-line has not been yet', () => {
    const [, visit] = visitsOf(later);
    const axis = axisOf(later, 300_215);
    const { strokes, rows } = chart(later, visitsOf(later), axis, PLAN, visit);
    const own = strokes.filter(({ packet }) => packet.turn >= (visit?.turn ?? 0));
    const root = rows.find(({ label }) => label === 'Root server')?.y ?? 0;
    const x = placeAhead(own, root, 0, 1412, 200) ?? 0;
    expect(x).toBe(Math.min(...own.filter(({ y1, y2 }) => y1 < root && y2 > root).map(({ x2 }) => x2)) + AHEAD);
    expect(x).toBeGreaterThan(xOf(axis, 300_215_000));
    expect(placeAhead(own, root, 0, x + 100, 200)).toBeUndefined();
  });

  test('a lost message ends where it died', () => {
    const lost = chart(loss, visitsOf(loss), axisOf(loss, 410), PLAN).strokes.find((stroke) => stroke.lost);
    expect(lost && (lost.y2 - lost.y1) / (69 - lost.y1)).toBeCloseTo(0.5, 1);
  });

  test('brackets measure a timer that ran out and the round trip of a handshake', () => {
    expect(chart(loss, visitsOf(loss), axisOf(loss, 410), PLAN).brackets.map((b) => b.text)).toEqual([
      'waiting for .com: timer, 376 ms',
    ]);
    expect(chart(tcp, visitsOf(tcp), axisOf(tcp, 300_290), PLAN).brackets.map((b) => b.text)).toContain(
      'one round trip more: 30 ms',
    );
  });

  test.each(['stale-answers', 'root-server-down', 'moving-dns-wrongly', 'lame-delegation', 'packet-loss'])(
    'in %s the words of one bracket lie on no other’s',
    (name) => {
      const trace = played(name);
      for (const { from, to = trace.end } of visitsOf(trace))
        for (let ms = from / 1_000; ms <= to / 1_000; ms += 40) {
          const { brackets } = chart(trace, visitsOf(trace), axisOf(trace, ms), PLAN);
          const spans = brackets.map(({ text, middle, y }) => ({ text, y, half: textWidth(text, 11.5) / 2, middle }));
          for (const [i, a] of spans.entries())
            for (const b of spans.slice(i + 1))
              if (a.y === b.y) expect(Math.abs(a.middle - b.middle), `${a.text} | ${b.text}`).toBeGreaterThan(a.half + b.half);
        }
    },
  );
});

describe('the line of steps', () => {
  const signs = (trace: typeof first, ms: number) => {
    const { scene, cast } = momentOf(trace, ms);
    return signsOf(axisOf(trace, ms), scene, stepNames(scene, cast), (step) => 60 + step);
  };

  test('always has all nine, each once', () => {
    for (const [trace, ms] of [
      [first, 4],
      [first, 48.6],
      [later, 300_215],
      [loss, 410],
      [tcp, 300_290],
    ] as const)
      expect(
        signs(trace, ms)
          .map((sign) => sign.step)
          .sort(),
      ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('has all nine by their full names where there is no line for them', () => {
    const { scene, cast } = momentOf(first, 168);
    const all = signsUnseen(scene, stepNames(scene, cast));
    expect(all.map(({ place, step, words }) => `${place} ${step} ${words}`).slice(2, 5)).toEqual([
      'unseen 3 Ask a root server',
      'unseen 4 Ask a .com server',
      'unseen 5 Ask one of the four',
    ]);
    expect(all).toHaveLength(9);
  });

  test('marks the one at hand', () => {
    expect(
      signs(first, 48.6)
        .filter((sign) => sign.current)
        .map((sign) => `${sign.step} ${sign.words}`),
    ).toEqual(['4 Ask a .com server']);
  });

  test.each([
    ['first-visit', 176, 1412],
    ['no-such-name', 176, 1412],
    ['no-such-name', 140, 772],
    ['cname-to-another-zone', 176, 1412],
    ['packet-loss', 140, 996],
    ['dnssec-secure', 176, 1412],
    ['five-minutes-later', 176, 1412],
  ])('always shows the step that comes next, before the now-line: %s from %i to %i', (lesson, left, right) => {
    const trace = played(lesson);
    const visits = visitsOf(trace);
    const [visit] = visits;
    let seen = 0;
    for (let at = visit?.from ?? 0; at < (visit?.to ?? trace.end); at += 500) {
      const now = tickAt(trace, at as never).value;
      const { scene, cast } = momentOf(trace, now / 1000);
      const axis = axisAt(timelineOf(trace), visits, at as never, left, right);
      const all = signsOf(axis, scene, stepNames(scene, cast), (step) => 60 + step);
      const coming = all.filter(({ state }) => state === 'pending');
      if (coming.length === 0) continue;
      seen++;
      expect(coming[0], `${at}`).toMatchObject({ place: 'coming' });
      expect(coming[0]?.left, `${at}`).toBeGreaterThan(xOf(axis, at));
      for (const sign of coming.filter(({ place }) => place === 'coming'))
        expect(sign.left + 8 + (sign.words ? 5 + textWidth(sign.words, 12.5) : 0), `${at}`).toBeLessThanOrEqual(right + 26);
    }
    expect(seen).toBeGreaterThan(3);
  });

  test('a skipped step stands on the row that stayed silent, with its reason', () => {
    const { scene, cast } = momentOf(later, 300_215);
    expect(
      signs(later, 300_215)
        .filter((sign) => sign.place === 'row')
        .map((sign) => sign.step),
    ).toEqual([3, 4]);
    expect(whyShort(scene, cast, 4)).toBe('answered from cache, 47 h 54 m left');
  });
});

describe('quiet stretches', () => {
  test('are those in which nothing is on its way', () => {
    const quiet = quietStretches(loss, 464_000);
    const wait = quiet.find((stretch) => stretch.to - stretch.from > 100_000);
    expect(wait?.from).toBeGreaterThan(45_000);
    expect(wait?.to).toBeLessThan(403_000);
  });

  test('the one at hand or the next is found', () => {
    const stretches = [
      { from: 10, to: 20, shown: 1 },
      { from: 30, to: 40, shown: 1 },
    ];
    expect(quietAt(stretches, 5)).toBe(stretches[0]);
    expect(quietAt(stretches, 20)).toBe(stretches[1]);
    expect(quietAt(stretches, 40)).toBeUndefined();
  });

  test('from Enter to the first slip a viewer waits less than a tenth of a second', () => {
    expect(quietStretches(first, 168_000)[0]).toMatchObject({ from: 0, to: 2_000 });
    expect(quietStretches(first, 168_000)[0]?.shown).toBeLessThan(100);
  });
});

test('a tick is the last instant at which something happened', () => {
  expect(tickAt(first, 48_600 as never)).toEqual({ value: 39_000, until: 51_000 });
  expect(tickAt(first, 39_000 as never).value).toBe(39_000);
});
