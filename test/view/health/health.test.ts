import { describe, expect, test } from 'vitest';
import { instant, seconds } from '../../../src/base/time.ts';
import { parseName } from '../../../src/dns/name.ts';
import { lastTurnAt, sceneAt } from '../../../src/trace/scene.ts';
import { visitsOf } from '../../../src/trace/visits.ts';
import { givenAt } from '../../../src/view/geometry/health/given.ts';
import { healthOf } from '../../../src/view/geometry/health/health.ts';
import { checkersBox, givenPoints, probePath } from '../../../src/view/geometry/health/map.ts';
import { checkersPanel, verdictWords } from '../../../src/view/geometry/health/panel.ts';
import { betweenVisits, movesOf } from '../../../src/view/geometry/health/say.ts';
import { layout } from '../../../src/view/geometry/layout/layouts.ts';
import { hueOf } from '../../../src/view/geometry/map/hops.ts';
import { roadTo, serverPlaces, serversOf } from '../../../src/view/geometry/map/servers.ts';
import { textWidth } from '../../../src/view/geometry/measure.ts';
import { plainTelling } from '../../../src/view/geometry/moment.ts';
import { resetText } from '../../../src/view/geometry/slips/text.ts';
import { momentOf, played } from '../runs.ts';

const failover = played('failover');
const silent = played('failover', [{ at: '9.9 s', cut: ['health', 'primary'] }]);
const again = played('failover', [{ at: '80 s', start: 'primary' }]);
const calculated = played('calculated-check');
const multivalue = played('multivalue');
const api = parseName('api.example.com') as never;
const BOX = { x: 560, y: 76, width: 508, height: 248 };

const at = (trace: typeof failover, second: number) => {
  const now = instant(seconds(second));
  return { trace, turn: lastTurnAt(trace, now), at: now, name: api, resolver: 'isp' };
};
const panelAt = (trace: typeof failover, second: number, box = BOX) => {
  const { turn, at: now } = at(trace, second);
  return checkersPanel(trace, healthOf(trace), turn, now, box);
};
const ticks = (d: string): number => d.split('M').length - 1;

describe('the health checkers on the map', () => {
  test('are sixteen in eight Regions, and say how often they ask', () => {
    const { about, rows, cells } = panelAt(failover, 5);
    expect(about).toBe('16 in 8 Regions, each asks every 10 s by itself');
    expect(rows.map(({ name }) => name)).toEqual([
      'N. Virginia',
      'N. California',
      'Oregon',
      'Ireland',
      'Singapore',
      'Sydney',
      'Tokyo',
      'São Paulo',
    ]);
    expect(cells).toHaveLength(16);
  });

  test('number their misses from the first, and draw what they have found so far', () => {
    const { missed, passed, numbers, cuts } = panelAt(failover, 40);
    expect([ticks(passed), ticks(missed)]).toEqual([16, 48]);
    expect(numbers.filter(({ text }) => text === '3')).toHaveLength(16);
    expect(cuts).toHaveLength(2);
  });

  test('draw nothing that has not happened', () => {
    expect(ticks(panelAt(failover, 9.9).missed)).toBe(0);
    for (const second of [5, 25, 40, 74, 109]) {
      const { missed, passed, counted } = panelAt(failover, second);
      const places = [...`${missed}${passed}${counted}`.matchAll(/M([\d.]+)/g)].map(([, x]) => Number(x));
      expect(Math.max(...places)).toBeLessThanOrEqual(BOX.width - 316 + 158 + 92);
    }
  });

  test('come to a verdict with the share that decides', () => {
    expect(panelAt(failover, 5).verdict).toBe('16 of 16 say healthy: 100 %. More than 18 % is enough.');
    expect(panelAt(failover, 37.9).verdict).toBe('2 of 16 say healthy: 12.5 %. Healthy would need more than 18 %.');
    expect(verdictWords(3, 16, true)).toBe('3 of 16 say healthy: 18.8 %. More than 18 % is enough.');
  });

  test('leave a line to each other check that is ill, to who was told and to what a function did', () => {
    const { others, told } = panelAt(calculated, 90);
    expect(others).toEqual([{ id: 'search', why: 'Alarm slow search is ALARM', healthy: false }]);
    expect(told).toEqual(['Ana was told at 1 min 18 s: ALARM', 'A function ran at 1 min 18 s: edit example.com']);
    expect(panelAt(calculated, 60).told).toEqual([]);
  });

  test('of which none probes are told in one line', () => {
    expect(panelAt(multivalue, 0.1)).toMatchObject({ verdict: '9 of 10 healthy; m4-check failing', rows: [], healthy: false });
  });

  test('fit into little room', () => {
    const { rows, verdictY } = panelAt(calculated, 90, { x: 528, y: 34, width: 496, height: 170 });
    expect(rows.at(-1)?.y ?? 0).toBeLessThan(verdictY - 8);
    expect(verdictY).toBeLessThanOrEqual(170);
  });
});

describe('two web servers', () => {
  const place = layout('wide', 1068, 576);

  test('are those that the zone names for the name, the one at hand always among them', () => {
    expect(serversOf(failover, api, undefined).map(({ id }) => id)).toEqual(['primary', 'secondary']);
    expect(serversOf(played('first-visit'), parseName('www.example.com') as never, undefined)).toEqual([]);
    const policy = played('traffic-policy');
    const goal = policy.hosts.find(({ id }) => id === 'eu');
    expect(serversOf(policy, parseName('app.example.com') as never, goal).every(({ role }) => role === 'web')).toBe(true);
  });

  const titled = (first: string) => [{ title: first }, { title: 'Secondary' }];

  test('stand level, and the road to the second passes under the first and rises before its own', () => {
    for (const [width, height] of [
      [1068, 576],
      [949, 548],
      [1024, 404],
    ] as const) {
      const desk = layout(width === 1024 ? 'tablet' : 'wide', width, height);
      const [first, second] = serverPlaces(desk, titled('Primary'));
      const { tracks } = roadTo(desk, titled('Primary'), 1);
      expect(roadTo(desk, titled('Primary'), 0)).toBe(desk);
      expect(second.sign.y, `${width}`).toBe(first.sign.y);
      expect(second.label.x + textWidth('Secondary', 14)).toBeLessThan(width - 4);
      for (const line of [tracks.web.ask, tracks.web.reply, tracks.web.middle]) {
        expect(line.corners.at(-1)).toMatchObject({ x: second.sign.x });
        expect(line.corners[1]?.y).toBeGreaterThan(first.sign.y + first.sign.height);
        expect(line.corners[2]?.x).toBeGreaterThan(first.label.x + textWidth('192.0.2.60', 12, 'mono'));
      }
    }
  });

  test('give one another room: beside a long title the second stands lower', () => {
    const long = titled('Server for everyone else');
    const [first, second] = serverPlaces(place, long);
    expect(second.label.y).toBeGreaterThanOrEqual(first.label.y + 17);
    expect(second.sign.y + second.sign.height).toBeLessThan(place.height);
    expect(roadTo(place, long, 1).tracks.web.reply.corners.at(-1)?.y).toBeGreaterThan(first.sign.y + first.sign.height);
  });
});

describe('a refused connection', () => {
  const reset = failover.packets.find(({ tcp, sentAt }) => tcp?.flags.rst && sentAt > seconds(45) && sentAt < seconds(46));

  test('is torn, and says who refuses', () => {
    if (!reset) throw new Error('nobody refused');
    expect(resetText(failover, reset)).toMatchObject({
      kind: 'error',
      rows: [{ text: 'Refused' }, { text: 'TCP RST from 192.0.2.60' }],
    });
  });

  test('is red on the road and on the chart', () => {
    const { stories } = momentOf(failover, ((reset?.sentAt ?? 0) + 5_000) / 1000);
    expect(stories.web.reply?.kind).toBe('tcp-reset');
    expect(hueOf('tcp-reset')).toBe('e');
  });
});

describe('what is told between visits', () => {
  const headline = (trace: typeof failover, second: number) => betweenVisits(at(trace, second))?.headline;

  test('begins when a probed server stops', () => {
    expect(headline(failover, 9)).toBeUndefined();
    expect(headline(failover, 10.5)).toBe('Primary has stopped. Nobody tells the checkers.');
  });

  test('counts the checkers that have changed their minds', () => {
    expect(betweenVisits(at(failover, 20))?.plain).toBe(
      'Each of the 16 finds out by itself, at its own time. Three misses in a row change a checker’s mind.',
    );
    expect(betweenVisits(at(failover, 37.8))?.plain).toBe(
      '13 of 16 have changed their minds. Three still say healthy, and three are enough.',
    );
  });

  test('says who still has the old answer, and for how long', () => {
    expect(betweenVisits(at(failover, 40))).toMatchObject({
      headline: 'Route 53 has switched. The resolver has not.',
      plain:
        'All 16 checkers have changed their minds, so the primary is out. New questions get the secondary. The resolver still holds the old answer, for 20 s.',
      since: '30 s since Primary stopped',
    });
    expect(headline(failover, 62)).toBe('Route 53 has switched. The old answer has run out.');
    expect(headline(failover, 80)).toBe('Route 53 has switched, and so has the resolver.');
  });

  test('goes on when the server comes back', () => {
    expect(headline(again, 85)).toBe('Primary is back. The checkers count again.');
    expect(headline(again, 112)).toBe('Route 53 has switched back.');
  });

  test('does not take a probe on its way for something of the visit', () => {
    const probing = failover.packets.find(({ sentAt, from }) => sentAt > seconds(20) && from.address.startsWith('198.19.'));
    const now = ((probing?.sentAt ?? 0) + 5_000) / 1000;
    const { scene, cast } = momentOf(failover, now);
    expect(sceneAt(failover, { at: instant(now * 1000) }).flights).not.toEqual([]);
    expect(plainTelling(failover, scene, cast)).toBeUndefined();
  });
});

describe('how long until users move', () => {
  const visits = visitsOf(failover);

  test('adds up three clocks and what it took this time', () => {
    expect(movesOf(at(failover, 100), visits)).toEqual({
      lines: [
        { what: '3 misses, 10 s apart', time: '20 to 30 s' },
        { what: 'then the old answer drains', time: 'at most 60 s' },
        { what: 'the browser’s own copy', time: 'at most 60 s' },
      ],
      total: { what: 'this time, from stop to page', time: '1 min 5.1 s' },
    });
  });

  test('does not know the end before it has come, and nothing before the stop', () => {
    expect(movesOf(at(failover, 60), visits)?.total.time).toBe('not yet');
    expect(movesOf(at(failover, 5), visits)).toBeUndefined();
  });

  test('allows for the patience with a silent server', () => {
    const [line] = movesOf(at(silent, 100), visitsOf(silent))?.lines ?? [];
    expect(line).toEqual({ what: '3 misses, 10 s apart', time: '32 to 42 s' });
  });
});

describe('what health has to do with the rest of the map', () => {
  const place = layout('wide', 1068, 576);
  const givenThen = (trace: typeof failover, name: string, second: number) =>
    givenAt(trace, parseName(name) as never, instant(seconds(second))) as NonNullable<ReturnType<typeof givenAt>>;

  test('the checkers leave the zone at hand its terrace', () => {
    for (const form of [place, layout('tablet', 1024, 404), layout('phone', 390, 540)]) {
      const { y, height } = checkersBox(form);
      expect(y + height).toBeLessThan(form.terraces[2].y);
    }
  });
  test('the track leads to the one that is given, and says since when the other is out', () => {
    const before = givenPoints(givenThen(failover, 'api.example.com', 5), true, place);
    expect(before.map(({ label, state }) => `${label}: ${state}`)).toEqual(['primary: given', 'secondary: in reserve']);
    const after = givenPoints(givenThen(failover, 'api.example.com', 100), true, place);
    expect(after.map(({ label, choice }) => `${label} ${choice.live}`)).toEqual(['primary false', 'secondary true']);
    expect(after[0]?.state).toBe('failing');
    expect(after[1]?.state).toBe('since 37.9 s');
  });
  test('of many, one that is out and one that is given stand for all', () => {
    const points = givenPoints(givenThen(multivalue, 'multi.example.com', 300), true, place);
    expect(points.length).toBeLessThanOrEqual(2);
    expect(points.at(-1)?.label).toMatch(/ and \d+ more$/);
  });
  test('the probes go along the foot of the map to each server', () => {
    const servers = serverPlaces(place, [{ title: 'Primary' }]);
    const path = probePath(checkersBox(place), place, servers);
    expect(path.match(/M/g)).toHaveLength(3);
    for (const { sign } of servers) expect(path).toContain(`M${sign.x + sign.width / 2} `);
  });
});
