import Elk from 'elkjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { CHARTS } from '../../../src/actors/machines.ts';
import type { Instant } from '../../../src/base/time.ts';
import { sceneAt } from '../../../src/trace/scene.ts';
import { timelineOf } from '../../../src/trace/timeline.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { visitsOf } from '../../../src/trace/visits.ts';
import { layOut } from '../../../src/view/build/chartLayout.ts';
import { actorsOf, chosenActor, chosenLife, livesShown } from '../../../src/view/geometry/statecharts/actors.ts';
import { type ChartLayout, diagramOf, wrapped } from '../../../src/view/geometry/statecharts/chart.ts';
import { type Life, type LifeScene, lifeAt, walk } from '../../../src/view/geometry/statecharts/lives.ts';
import { roundedPath } from '../../../src/view/geometry/statecharts/path.ts';
import { stateStrip } from '../../../src/view/geometry/statecharts/strip.ts';
import { headline, notesOf } from '../../../src/view/geometry/statecharts/words.ts';
import { axisAt, xOf } from '../../../src/view/geometry/stringline/axis.ts';
import { played } from '../runs.ts';

const chartOf = (machine: string) => {
  const chart = CHARTS.get(machine);
  if (!chart) throw new Error(`no chart of ${machine}`);
  return chart;
};

describe('a diagram', () => {
  test.each([...CHARTS.keys()])(
    'of %s shows every state, and every transition once, in a box or as an arrow from one',
    (machine) => {
      const chart = chartOf(machine);
      const { boxes, arrows } = diagramOf(chart, 28);
      const root = chart.nodes[0]?.id;
      for (const { id } of chart.nodes)
        if (id !== root)
          expect(
            boxes.some((box) => box.id === id),
            id,
          ).toBe(true);
      const rows = boxes.flatMap((box) => box.rows);
      expect(rows.map(({ edge }) => edge).sort()).toEqual(chart.edges.map(({ id }) => id).sort());
      for (const { edge, stays } of rows)
        expect(
          arrows.some((arrow) => arrow.edge === edge),
          edge,
        ).toBe(!stays);
    },
  );

  test('of a part keeps the states that its edges join, and counts what it leaves away', () => {
    const chart = chartOf('resolution');
    const edges = chart.edges.filter(({ source }) => source === 'resolution.checkingCache');
    const only = new Set(edges.slice(-1).map(({ id }) => id));
    const { boxes, arrows } = diagramOf(chart, 28, only);
    expect(arrows.map(({ edge }) => edge)).toEqual(['start', ...only]);
    expect(boxes.find(({ id }) => id === 'resolution.checkingCache')?.rarer).toBe(edges.length - 1);
    expect(boxes.map(({ id }) => id)).not.toContain('resolution.resolving.reading');
  });

  test('breaks words into even lines, none longer than asked', () => {
    expect(wrapped('the connection stands', 19)).toEqual(['the connection', 'stands']);
    expect(wrapped('short', 19)).toEqual(['short']);
    for (const line of wrapped('a reply comes: ID and question match', 20)) expect(line.length).toBeLessThanOrEqual(20);
  });
});

describe('a layout', () => {
  const layouts = new Map<string, ChartLayout>();
  const elk = new Elk() as unknown as Parameters<typeof layOut>[0];
  beforeAll(async () => {
    for (const machine of ['authoritative', 'webserver', 'stub', 'program', 'lookup', 'mailer'])
      layouts.set(machine, await layOut(elk, chartOf(machine)));
  }, 60_000);
  const each = () =>
    [...layouts].map(([machine, layout]) => ({ machine, layout, diagram: diagramOf(chartOf(machine), layout.wrap) }));

  test('gives every box a place, none over another but inside its frame', () => {
    for (const { machine, layout, diagram } of each())
      for (const a of diagram.boxes)
        for (const b of diagram.boxes) {
          if (a.id >= b.id || a.kind === 'frame' || b.kind === 'frame') continue;
          const [ax = 0, ay = 0, aw = 0, ah = 0] = layout.boxes[a.id] ?? [];
          const [bx = 0, by = 0, bw = 0, bh = 0] = layout.boxes[b.id] ?? [];
          const apart = ax + aw <= bx || bx + bw <= ax || ay + ah <= by || by + bh <= ay;
          expect(apart, `${machine}: ${a.id} and ${b.id}`).toBe(true);
        }
  });

  test('runs no arrow through a box', () => {
    for (const { machine, layout, diagram } of each())
      for (const { edge, from, to } of diagram.arrows) {
        const corners = layout.arrows[edge] ?? [];
        for (let i = 2; i < corners.length; i += 2) {
          const [left = 0, right = 0] = [corners[i - 2], corners[i]].map(Number).sort((a, b) => a - b);
          const [top = 0, bottom = 0] = [corners[i - 1], corners[i + 1]].map(Number).sort((a, b) => a - b);
          for (const { id, kind } of diagram.boxes) {
            const own = (id === from && i === 2) || (id === to && i === corners.length - 2);
            const [x = 0, y = 0, w = 0, h = 0] = layout.boxes[id] ?? [];
            const through = right > x + 1 && left < x + w - 1 && bottom > y + 1 && top < y + h - 1;
            expect(through && kind !== 'frame' && !own, `${machine}: ${edge} through ${id}`).toBe(false);
          }
        }
      }
  });

  test('runs every arrow level and upright, from the edge of its source to the edge of its target', () => {
    for (const { machine, layout, diagram } of each())
      for (const { edge, from, to, back } of diagram.arrows) {
        const corners = layout.arrows[edge] ?? [];
        expect(corners.length, `${machine}: ${edge}`).toBeGreaterThanOrEqual(4);
        for (let i = 2; i < corners.length; i += 2)
          expect(corners[i] === corners[i - 2] || corners[i + 1] === corners[i - 1], `${machine}: ${edge}`).toBe(true);
        const [fx = 0, , fw = 0] = layout.boxes[from] ?? [];
        const [tx = 0, , tw = 0] = layout.boxes[to] ?? [];
        expect(corners[0], edge).toBe(back ? fx : fx + fw);
        expect(corners.at(-2), edge).toBe(back ? tx + tw : tx);
      }
  });
});

describe('machines at work, in the first lesson', () => {
  let trace: Trace;
  let life: Life;
  beforeAll(() => {
    trace = played('first-visit');
    const scene = sceneAt(trace, { at: trace.end });
    const resolver = chosenActor(trace, actorsOf(trace, scene), undefined);
    life = chosenLife(livesShown(trace, resolver?.host ?? '', scene), undefined) as Life;
  });
  const at = (ms: number, turn?: number, move?: number) => ({
    at: (ms * 1000) as Instant,
    ...(turn === undefined ? {} : { turn }),
    ...(move === undefined ? {} : { move }),
  });
  /** The position right after the reading of the .com server's referral. */
  const afterReferral = () => {
    const referral = life.moves.filter(({ move }) => move.transitions.some(({ guard }) => guard === 'isReferral'))[1];
    if (!referral) throw new Error('there are not two referrals');
    return { at: referral.turn.at, turn: referral.turn.id, move: referral.nth };
  };
  const known = (position: Parameters<typeof lifeAt>[2]): LifeScene => lifeAt(trace, life, position) as LifeScene;

  test('the actors stand in the order of the map, each with its live state', () => {
    const actors = actorsOf(trace, sceneAt(trace, at(10)));
    expect(actors.map(({ label }) => label)).toEqual([
      'Browser',
      expect.stringContaining('esolver'),
      'Root server',
      '.com server',
      'example.com server',
      'Web server',
    ]);
    expect(actors[0]).toMatchObject({ idle: false, plate: 'waiting for the address' });
    expect(actors[2]).toMatchObject({ idle: true });
  });

  test('the live state, the states visited and the times taken are counted up to the position', () => {
    const scene = known(afterReferral());
    expect(scene.leaf?.name).toBe('choosingServer');
    expect(scene.visited.has('resolution.resolving.reading')).toBe(true);
    expect(scene.visited.has('resolution.answering')).toBe(false);
    expect([...scene.taken].find(([id]) => id.startsWith('resolution.resolving.asking reply'))?.[1]).toBe(2);
  });

  test('the transition just taken comes with the questions that led to it and what it notes', () => {
    const { last } = known(afterReferral());
    expect(last?.because?.about).toBe('classify');
    expect(last?.because?.asked.at(-1)).toMatchObject({ yes: true });
    expect(last?.next?.about).toBe('choose-server');
    expect(last && headline(last)).toBe('It read the reply, and now chooses whom to ask.');
    expect(last && notesOf(trace, last.effects).kept.map(({ text }) => text)).toEqual([
      'example.com. NS 4, for 172 800 s',
      'ns-2048.awsdns-64.com. A 1, for 172 800 s',
    ]);
  });

  test('brackets walk its moves one by one, there and back', () => {
    const there = walk(trace, life, afterReferral(), true);
    expect(there && known(there).leaf?.name).toBe('asking');
    expect(there && walk(trace, life, there, false)).toEqual(afterReferral());
    expect(walk(trace, life, { at: trace.end }, true)).toBeUndefined();
  });

  test('a job that is over has ended in its last state', () => {
    expect(known({ at: trace.end })).toMatchObject({ ended: true, leaf: { name: 'answering' } });
    expect(known(afterReferral()).ended).toBe(false);
  });

  test('state against time goes right, and shows what came and what left', () => {
    const position = afterReferral();
    const axis = axisAt(timelineOf(trace), visitsOf(trace), position.at, 196, 1412);
    const strip = stateStrip(trace, known(position), position, axis, { top: 36, pitch: 26, room: 132, most: 7 });
    expect(strip.rows.filter(({ live }) => live).map(({ id }) => id)).toEqual(['resolution.resolving.choosingServer']);
    expect(strip.marks.map(({ label }) => label).filter((label) => label !== '')).toEqual([
      'query from browser',
      'query to root',
      'referral from root',
      'query to .com',
      'referral from .com',
    ]);
    const places = strip.marks.map(({ x }) => x);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(strip.end.x).toBeGreaterThanOrEqual(xOf(axis, position.at));
  });
});

test('words of the strip stand in no fold between two visits', () => {
  const lesson = played('dnssec-secure');
  const position = { at: 200_000 as Instant };
  const scene = sceneAt(lesson, position);
  const host = chosenActor(lesson, actorsOf(lesson, scene), undefined)?.host ?? '';
  const one = chosenLife(livesShown(lesson, host, scene), undefined) as Life;
  const axis = axisAt(timelineOf(lesson), visitsOf(lesson), position.at, 214, 1412);
  const { marks } = stateStrip(lesson, lifeAt(lesson, one, position) as LifeScene, position, axis, {
    top: 36,
    pitch: 26,
    room: 132,
    most: 7,
  });
  expect(axis.folds.length).toBeGreaterThan(0);
  expect(marks.length).toBeGreaterThan(2);
  for (const { label, labelX, anchor } of marks.filter((mark) => mark.label !== '')) {
    const [left, right] =
      anchor === 'start' ? [labelX, labelX + 8 * label.length * 0.7] : [labelX - 8 * label.length * 0.7, labelX];
    for (const fold of axis.folds) expect(left < fold.right && right > fold.left, label).toBe(false);
  }
});

describe('the path of an arrow', () => {
  test('rounds its corners by at most seven pixels, and by half of a short piece', () => {
    expect(roundedPath([0, 0, 100, 0, 100, 50])).toBe('M0 0L93 0Q100 0 100 7L100 48');
    expect(roundedPath([0, 0, 8, 0, 8, 50])).toBe('M0 0L4 0Q8 0 8 4L8 48');
  });

  test('stops under its head, and is empty where it leads nowhere', () => {
    expect(roundedPath([0, 0, 0, 40])).toBe('M0 0L0 38');
    expect([roundedPath([]), roundedPath([3, 4])]).toEqual(['', '']);
  });
});
