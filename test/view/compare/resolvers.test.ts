import { describe, expect, test } from 'vitest';
import type { Name } from '../../../src/dns/name.ts';
import type { HostRecord, Trace } from '../../../src/trace/trace.ts';
import { visitsOf } from '../../../src/trace/visits.ts';
import { resolversIn, type TwoResolvers, twoResolvers } from '../../../src/view/geometry/compare/resolvers.ts';
import { askedWords, resolverRows, resolversLesson } from '../../../src/view/geometry/compare/resolversWords.ts';
import { xOf } from '../../../src/view/geometry/stringline/axis.ts';
import { played } from '../runs.ts';

const PLACE = { left: 164, right: 1040, y: 92 };

function both(trace: Trace, name = 'www.example.com.'): TwoResolvers {
  const visits = visitsOf(trace);
  const [a, b] = resolversIn(trace, visits) as [HostRecord, HostRecord];
  return twoResolvers(trace, visits, [a, b], name as Name, PLACE);
}

describe('a record that changes', () => {
  const trace = played('record-change');
  const two = both(trace);
  const [a, b] = two.lanes;

  test('resolvers come in the order in which they are first asked', () => {
    expect(resolversIn(trace, visitsOf(trace)).map(({ title }) => title)).toEqual(['Resolver A', 'Resolver B']);
  });

  test('the zone changes once, at one instant for both', () => {
    expect(two.change).toBe(100_000_000);
    expect(two.zone.map(({ text, tone }) => [text, tone])).toEqual([
      ['192.0.2.44', 'old'],
      ['now 192.0.2.45', 'new'],
    ]);
  });

  test('each hears of it when it next asks, and not before', () => {
    expect(a.kept.map(({ value }) => value)).toEqual(['192.0.2.44', '192.0.2.45']);
    expect(a.heard).toBe(a.kept[1]?.from);
    expect(a.heard).toBeGreaterThan(310_000_000);
    expect(b.heard).toBeGreaterThan(400_000_000);
    expect(two.apart).toEqual({ from: a.heard, to: b.heard });
  });

  test('users are told what is kept, old or new', () => {
    expect(a.users.map(({ title, tone }) => `${title} ${tone}`)).toEqual(['.44 old', '.44 old', '.45 new', '.45 new']);
    expect(b.users.map(({ title, tone }) => `${title} ${tone}`)).toEqual(['.44 old', '.44 old', '.44 old', '.45 new']);
    for (const user of a.users) expect(user.x).toBeCloseTo(xOf(two.axis, user.at), 6);
  });

  test('it is told in words and figures', () => {
    expect(askedWords(two, a)).toBe('asked before the change');
    expect(resolversLesson(two).headline).toBe('Nothing spreads. Old answers run out.');
    expect(resolverRows(two).rows[0]).toEqual(['held at the change', '.44', '.44']);
    expect(resolverRows(two).total).toEqual(['late by', '3 min 30 s', '5 min']);
  });
});

test('without a change each keeps a copy of its own, and nobody is late', () => {
  const two = both(played('ip-based'), 'net.example.com.');
  expect(two.change).toBeUndefined();
  expect(two.apart).toBeUndefined();
  expect(resolversLesson(two).headline).toBe('Each keeps a copy of its own.');
  expect(resolverRows(two).total).toBeUndefined();
});
