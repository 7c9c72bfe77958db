import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draw, makeRandom } from '../../src/sim/random.ts';

const take = (n: number, next: () => number): number[] => Array.from({ length: n }, next);

describe('seeded randomness', () => {
  it('gives the same numbers for the same seed and name, on every platform', () => {
    expect(take(4, () => makeRandom(1).stream('isp/ids').integer(65536))).toEqual(new Array(4).fill(PINNED[0]));
    const stream = makeRandom(1).stream('isp/ids');
    expect(take(4, () => stream.integer(65536))).toEqual(PINNED);
  });

  it('gives other numbers for another seed or another name', () => {
    const first = (seed: number, name: string) => makeRandom(seed).stream(name).next();
    expect(new Set([first(1, 'a'), first(2, 'a'), first(1, 'b'), first(2, 'b')]).size).toBe(4);
  });

  it('goes on with a stream when it is asked for again', () => {
    const random = makeRandom(7);
    const straight = makeRandom(7).stream('a');
    expect([random.stream('a').next(), random.stream('a').next()]).toEqual([straight.next(), straight.next()]);
  });

  it('does not reshuffle a stream when another one is added', () => {
    const alone = makeRandom(3).stream('isp/ports');
    const random = makeRandom(3);
    const beside = random.stream('isp/ports');
    const numbers = take(10, () => {
      random.stream('other/ports').next();
      return beside.next();
    });
    expect(numbers).toEqual(take(10, alone.next));
  });

  it('keeps every draw at 0 or more and below its bound', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.nat(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, name, counter, n) => {
        const stream = makeRandom(seed).stream(name);
        for (const x of [draw(seed, name, counter), stream.next()]) expect(x >= 0 && x < 1).toBe(true);
        const i = stream.integer(n);
        expect(Number.isInteger(i) && i >= 0 && i < n).toBe(true);
      }),
    );
  });

  it('spreads a stream, and the draws of a label, evenly over sixteen parts', () => {
    const stream = makeRandom(11).stream('even');
    for (const next of [stream.next, numberedDraws()]) {
      const parts = new Array<number>(16).fill(0);
      for (const x of take(16_000, next)) parts[Math.floor(x * 16)] = (parts[Math.floor(x * 16)] as number) + 1;
      for (const count of parts) expect(Math.abs(count - 1000)).toBeLessThan(150);
    }
  });

  it('makes a draw depend on seed, label and counter alone', () => {
    expect(draw(1, 'x', 5)).toBe(draw(1, 'x', 5));
    expect(new Set([draw(1, 'x', 5), draw(2, 'x', 5), draw(1, 'y', 5), draw(1, 'x', 6)]).size).toBe(4);
  });
});

const PINNED = [9544, 41066, 51872, 11154];

/** Draws of one label, one number after another. */
const numberedDraws = () => {
  let n = 0;
  return () => draw(11, 'even', n++);
};
