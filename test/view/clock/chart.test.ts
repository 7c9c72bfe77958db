import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, seconds } from '../../../src/base/time.ts';
import { parseName } from '../../../src/dns/name.ts';
import { visitsOf } from '../../../src/trace/visits.ts';
import { clockAxis, clockInstant, clockTicks, clockWindowAt } from '../../../src/view/geometry/clock/axis.ts';
import { clockChart } from '../../../src/view/geometry/clock/chart.ts';
import { heightAt, wedgesOf } from '../../../src/view/geometry/clock/wedges.ts';
import { givenAt, givenOf, givenWords, shortValues } from '../../../src/view/geometry/health/given.ts';
import { countAt, healthOf, mindAt, probesBetween, statusAt } from '../../../src/view/geometry/health/health.ts';
import { xOf } from '../../../src/view/geometry/stringline/axis.ts';
import { played } from '../runs.ts';

const failover = played('failover');
const change = played('record-change');
const register = played('register-and-wait');
const twoDays = played('two-days-later');
const calculated = played('calculated-check');
const multivalue = played('multivalue');
const name = (text: string) => parseName(text) as never;
const PLAN = { top: 42, pitch: 27, room: 135 };

const windowOf = (trace: typeof failover, at: number) => clockWindowAt(trace, visitsOf(trace), seconds(at));
function chartOf(trace: typeof failover, at: number, about: string) {
  const window = windowOf(trace, at);
  if (!window) throw new Error('no clock then');
  const axis = clockAxis(window, 176, 1412);
  return { axis, ...clockChart(trace, visitsOf(trace), name(about), axis, PLAN) };
}

describe('the clock between visits', () => {
  test('shows no clock in a visit, nor right after it', () => {
    expect([0, 0.1, 1, 45.02, 75.05].map((at) => windowOf(failover, at))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(windowOf(failover, 29)).toMatchObject({ from: 0, before: 0, after: 0 });
  });

  test('is the same object as long as it shows the same', () => {
    expect(windowOf(failover, 29)).toBe(windowOf(failover, 20));
    expect(windowOf(failover, 50)).toBe(windowOf(failover, 20));
  });

  test('is the same at the instant that stands for all those around it, and as long as that one says', () => {
    fc.assert(
      fc.property(fc.constantFrom(failover, change, twoDays), fc.double({ min: 0, max: 200_000, noNaN: true }), (trace, at) => {
        const now = instant(seconds(at));
        const { value, until } = clockInstant(trace, visitsOf(trace), now);
        const shown = clockWindowAt(trace, visitsOf(trace), now);
        expect(now).toBeLessThan(until);
        expect(value).toBeLessThanOrEqual(now);
        expect(clockWindowAt(trace, visitsOf(trace), value)).toBe(shown);
        expect(clockWindowAt(trace, visitsOf(trace), (now + Math.min(until, 1e12)) / 2)).toBe(shown);
        if (Number.isFinite(until)) expect(clockInstant(trace, visitsOf(trace), instant(until)).value).toBe(until);
      }),
    );
  });

  test('reaches to the end of the last answer that is kept', () => {
    expect(windowOf(failover, 29)?.to).toBeGreaterThan(seconds(135));
  });

  test('begins with the run where the first visit is late', () => {
    expect(windowOf(calculated, 3)?.from).toBe(0);
  });

  test('folds away what would leave too little room, and says how much', () => {
    const trace = played('failover', [{ at: '3 days', visit: 'api.example.com' }]);
    const window = windowOf(trace, 20);
    expect(window?.to).toBeLessThan(seconds(300));
    if (!window) throw new Error('no clock then');
    expect(clockAxis(window, 176, 1412).folds.map(({ label }) => label)).toEqual(['3 days']);
  });

  test('any instant between visits lies in its window, and the present stretch has room', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 110, noNaN: true }), (at) => {
        const window = windowOf(failover, at);
        if (!window) return;
        expect(window.from).toBeLessThanOrEqual(seconds(at));
        expect(window.to).toBeGreaterThanOrEqual(seconds(at));
      }),
    );
  });

  test('counts in the unit that suits: seconds, minutes, hours', () => {
    const labels = (trace: typeof failover, at: number) => {
      const window = windowOf(trace, at);
      const [stretch] = window ? clockAxis(window, 176, 1412).stretches : [];
      return stretch ? clockTicks(stretch).map(({ label }) => label) : [];
    };
    expect(labels(failover, 29).slice(0, 3)).toEqual(['0 s', '10 s', '20 s']);
    expect(labels(register, 200).slice(0, 3)).toEqual(['0 min', '2 min', '4 min']);
    expect(labels(twoDays, 3600).slice(0, 3)).toEqual(['0 h', '6 h', '12 h']);
  });
});

describe('wedges', () => {
  test('are one for each entry, cut where another takes its place, and pointed where it ends', () => {
    const own = wedgesOf(failover).filter((wedge) => wedge.cache === 'isp' && wedge.kind === 'answer');
    expect(own.map(({ from, end, value, ttl }) => [Math.round(from / 1e6), Math.round(end / 1e6), value, ttl])).toEqual([
      [0, 60, '192.0.2.60', 60],
      [75, 135, '192.0.2.61', 60],
    ]);
    const [first] = own;
    if (!first) throw new Error('no wedge');
    expect([first.from, (first.from + first.end) / 2, first.end].map((at) => heightAt(first, at))).toEqual([1, 0.5, 0]);
  });

  test('tell a new value from the first, in whatever cache', () => {
    const answers = wedgesOf(change).filter(({ kind, host }) => kind === 'answer' && (host === 'isp' || host === 'b'));
    expect(answers.map(({ host, change: n }) => `${host} ${n}`)).toEqual(['isp 0', 'b 0', 'isp 1', 'b 1']);
  });

  test('of a “no” are told apart, with the time it may be repeated', () => {
    expect(wedgesOf(register).find(({ kind }) => kind === 'no')).toMatchObject({ value: 'no such name', ttl: 900 });
  });

  test('of delegations last two days; addresses of name servers have none', () => {
    const kinds = wedgesOf(twoDays).filter(({ cache }) => cache === 'isp');
    expect(kinds.map(({ kind, name: of }) => `${kind} ${of}`)).toEqual([
      'delegation com.',
      'delegation example.com.',
      'answer www.example.com.',
      'delegation com.',
      'delegation example.com.',
      'answer www.example.com.',
    ]);
  });
});

describe('health', () => {
  const [check] = healthOf(failover).checks;
  if (!check) throw new Error('no check');

  test('has sixteen checkers in eight Regions, each with its misses counted from the first', () => {
    expect(check.checkers.map(({ region, number }) => `${region}/${number}`).slice(0, 4)).toEqual([
      'us-east-1/1',
      'us-east-1/2',
      'us-west-1/1',
      'us-west-1/2',
    ]);
    for (const checker of check.checkers) {
      const misses = probesBetween(check, checker, seconds(10), seconds(40)).map(({ miss }) => miss);
      expect(misses).toEqual([1, 2, 3]);
    }
  });

  test('is a staircase that ends with the check’s own status', () => {
    const [status] = check.statuses;
    expect(status).toMatchObject({ healthy: false });
    expect(countAt(check, status?.turn ?? 0)).toBe(2);
    expect(countAt(check, (status?.turn ?? 0) - 1)).toBe(3);
    const turn = status?.turn ?? 0;
    expect(check.checkers.filter((checker) => mindAt(checker, turn))).toHaveLength(2);
    expect(statusAt(check, turn)).toMatchObject({ healthy: false, since: status?.at });
    expect(statusAt(check, turn - 1)).toEqual({ healthy: true });
  });

  test('goes on in quiet stretches: probes that were counted and not sent come every interval', () => {
    const [checker] = check.checkers;
    const last = checker?.probes.at(-1);
    if (!checker || !last) throw new Error('no probe');
    const later = probesBetween(check, checker, last.at + 1, last.at + seconds(35));
    expect(later.map(({ counted, miss }) => [counted, miss - last.miss])).toEqual([
      [true, 1],
      [true, 2],
      [true, 3],
    ]);
  });

  test('knows whom it probes, what it was before the run, and who was told', () => {
    expect(check.target).toBe('primary');
    expect(
      healthOf(multivalue)
        .checks.filter(({ first }) => !first)
        .map(({ id }) => id),
    ).toEqual(['m4-check']);
    expect(healthOf(failover).news.map(({ text }) => text)).toEqual([
      'Ana is told: ALARM. Health check api-1 has been unhealthy for 1 min',
    ]);
    expect(healthOf(played('first-visit')).checks).toEqual([]);
  });
});

describe('what a zone gives', () => {
  test('follows the health of a failover pair', () => {
    const all = givenOf(failover, name('api.example.com'));
    expect(all.map((one, i) => givenWords(one, all[i - 1]))).toEqual(['gives .60', 'gives .61 from now on']);
    expect(givenAt(failover, name('api.example.com'), seconds(60))?.choices).toMatchObject([
      { id: 'primary', role: 'primary', healthy: false, live: false, host: 'primary' },
      { id: 'secondary', role: 'secondary', healthy: true, live: true, host: 'secondary' },
    ]);
  });

  test('is everything when nothing is healthy', () => {
    const both = played('active-active', [{ at: '21 s', stop: 'two', how: 'refusing' }]);
    const all = givenOf(both, name('api.example.com'));
    expect(all.map(({ choices }) => choices.map(({ healthy, live }) => `${healthy} ${live}`).join())).toEqual([
      'true true,true true',
      expect.stringMatching(/^(true true,false false|false false,true true)$/),
      'false true,false true',
    ]);
  });

  test('changes with an edit of the zone', () => {
    const all = givenOf(change, name('www.example.com'));
    expect(all.map((one, i) => [one.at / 1e6, givenWords(one, all[i - 1])])).toEqual([
      [0, 'gives .44'],
      [100, 'gives .45 from now on'],
    ]);
  });

  test('leaves out the sick of many', () => {
    const [only] = givenOf(multivalue, name('multi.example.com'));
    expect(only?.choices.filter(({ live }) => !live).map(({ id }) => id)).toEqual(['m4']);
    expect(only && givenWords(only, undefined)).toBe('gives 9 of 10');
  });

  test('shortens addresses of one network only', () => {
    expect(shortValues(['192.0.2.60', '192.0.2.61'])).toEqual(['.60', '.61']);
    expect(shortValues(['192.0.2.60', '198.51.100.61'])).toEqual(['192.0.2.60', '198.51.100.61']);
    expect(shortValues(['2001:db8::1'])).toEqual(['2001:db8::1']);
  });
});

describe('the chart between visits', () => {
  const drawn = chartOf(failover, 29, 'api.example.com.');

  test('has a row for the browsers, the resolver, the zone, the health check and each server', () => {
    expect(drawn.rows.map(({ label }) => label)).toEqual([
      'Browsers',
      'Resolver',
      'example.com zone',
      'Health check',
      'Primary .60',
      'Secondary .61',
    ]);
  });

  test('has one for each resolver whose answers differ', () => {
    expect(chartOf(change, 250, 'www.example.com.').rows.map(({ label }) => label)).toEqual([
      'Browsers',
      'Resolver A',
      'Resolver B',
      'example.com zone',
      'Web server .44',
      'New web server .45',
    ]);
  });

  test('a server’s title that has no room beside its row gives way to what it is', () => {
    const rows = chartOf(played('moving-dns'), 60 * 60, 'www.example.net.').rows.map(({ label }) => label);
    expect(rows.at(-1)).toBe('Server .80');
    expect(rows.every((label) => label.length < 20)).toBe(true);
  });

  test('says when the switch comes, when the old answer ends, and which miss is which', () => {
    expect(drawn.labels.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        '37.9 s: gives .61 from now on',
        'runs out at 1 min',
        'miss 1',
        'miss 2',
        'miss 3',
        'Primary stops',
        'Route 53 switches',
        'refused',
      ]),
    );
  });

  test('calls an answer old only from the instant at which it is', () => {
    const [before, after] = drawn.labels.filter(({ text }) => text.includes('TTL 60 s') && text.includes('.60'));
    expect([before?.text, after?.text]).toEqual(['192.0.2.60, TTL 60 s', 'old answer, 192.0.2.60, TTL 60 s']);
    expect(before?.until).toBe(after?.from);
    expect(after?.from).toBe(healthOf(failover).checks[0]?.statuses[0]?.at);
  });

  test('its labels never lie on one another', () => {
    for (const trace of [failover, change, register, calculated, twoDays])
      for (const at of [3, 30, 60, 250, 500]) {
        const window = windowOf(trace, at);
        if (!window) continue;
        const { labels } = chartOf(
          trace,
          at,
          trace === failover ? 'api.example.com.' : trace === calculated ? 'store.example.com.' : 'www.example.com.',
        );
        const boxes = labels
          .filter(({ until }) => until === undefined)
          .map(({ text, x, y }) => ({ text, x, y, right: x + text.length * 5 }));
        for (const [i, a] of boxes.entries())
          for (const b of boxes.slice(i + 1))
            expect(a.x < b.right && a.right > b.x && Math.abs(a.y - b.y) < 8, `${a.text} | ${b.text}`).toBe(false);
      }
  });

  test('each visit is one upright stroke to all that it reached', () => {
    expect(drawn.pins.map(({ visit, strokes }) => `${visit} ${strokes.map(({ style }) => style).join('')}`)).toEqual([
      '1 qah',
      '2 qe',
      '3 qah',
      '4 qh',
    ]);
    for (const { at, strokes } of drawn.pins)
      for (const { end } of strokes) expect(Math.abs(end.x - xOf(drawn.axis, at))).toBeLessThan(5);
  });
});
