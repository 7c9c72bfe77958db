import { describe, expect, test } from 'vitest';
import { cacheTables } from '../../src/view/geometry/caches.ts';
import { momentOf, played } from './runs.ts';

const tablesAt = (name: string, ms: number) => {
  const trace = played(name);
  const { scene, cast } = momentOf(trace, ms);
  return cacheTables(trace, scene, cast, ms * 1000);
};

describe('the caches', () => {
  test('show each record with where it was learned and how much of its life is left', () => {
    const resolver = tablesAt('first-visit', 160).find(({ name }) => name === 'Resolver cache');
    const row = resolver?.rows.find(({ name, type }) => name === 'www.example.com.' && type === 'A 1');
    expect(row).toMatchObject({
      value: '192.0.2.44',
      source: 'Answer, example.com server',
      left: '4 m 59 s',
      expired: false,
      negative: false,
    });
    expect(row?.fraction).toBeGreaterThan(0.99);
    expect(row?.message).toBeDefined();
  });

  test('say what was built in, last and without a bar', () => {
    const rows = tablesAt('first-visit', 160).at(-1)?.rows ?? [];
    const builtIn = rows.slice(rows.findIndex(({ left }) => left === 'built in'));
    expect(builtIn.length).toBeGreaterThan(0);
    for (const row of builtIn) expect(row).toMatchObject({ left: 'built in', source: 'the list that it was given' });
    for (const row of builtIn) expect(row.fraction).toBeUndefined();
  });

  test('stand in the order in which they are looked at, each with what is newest first', () => {
    const tables = tablesAt('first-visit', 160);
    expect(tables.map(({ name }) => name)).toEqual(['Browser cache', 'Resolver cache']);
    const names = tables[1]?.rows.map(({ name }) => name) ?? [];
    expect(names.indexOf('www.example.com.')).toBeLessThan(names.indexOf('com.'));
    expect(names.slice(0, 3).sort()).toEqual(['example.com.', 'ns-2048.awsdns-64.com.', 'www.example.com.']);
  });

  test('of the browser are from the resolver’s answer, and run out, too', () => {
    const [row] = tablesAt('first-visit', 160)[0]?.rows ?? [];
    expect(row).toMatchObject({ name: 'www.example.com.', source: 'Answer, resolver', left: '59 s', expired: false });
    expect(row?.message).toBeDefined();
  });

  test('give a firm no a form of its own', () => {
    const rows = tablesAt('no-such-name', 160).at(-1)?.rows ?? [];
    expect(rows.find(({ negative }) => negative)).toMatchObject({ type: 'none', value: 'no such name', expired: false });
  });
});
