import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointAt, rail, railLength, railPath } from '../../../src/view/geometry/map/rails.ts';

const bent = rail(
  [
    { x: 0, y: 100 },
    { x: 100, y: 0 },
    { x: 300, y: 0 },
  ],
  14,
);

describe('a place on a rail', () => {
  test('begins at the near end and ends at the far one', () => {
    expect(pointAt(bent, 0)).toEqual({ x: 0, y: 100 });
    expect(pointAt(bent, 1)).toEqual({ x: 300, y: 0 });
  });

  test('lies as far along as its part of the length says, bends apart', () => {
    const quarter = pointAt(
      rail([
        { x: 0, y: 0 },
        { x: 200, y: 0 },
      ]),
      0.25,
    );
    expect(quarter).toEqual({ x: 50, y: 0 });
    expect(railLength(bent)).toBeCloseTo(Math.hypot(100, 100) + 200);
  });

  test('moves without a jump, bends included', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (place) => {
        const a = pointAt(bent, place);
        const b = pointAt(bent, place + 0.001);
        expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeLessThan(railLength(bent) * 0.0015);
      }),
    );
  });

  test('outside of 0 to 1 stays at the ends', () => {
    expect(pointAt(bent, -1)).toEqual(pointAt(bent, 0));
    expect(pointAt(bent, 2)).toEqual(pointAt(bent, 1));
  });
});

describe('a length of ink', () => {
  const ends = (path: string): number[] => (path.match(/-?[\d.]+/g) ?? []).map(Number);

  test('runs from one place to the other, rounding the bend', () => {
    const path = railPath(bent, 0, 1);
    expect(path).toMatch(/^M0 100L.*Q.*L300 0$/);
  });

  test('is nothing when it has no length', () => {
    expect(railPath(bent, 0.4, 0.4)).toBe('');
  });

  test('begins and ends where the points are, forwards and backwards', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (from, to) => {
        fc.pre(Math.abs(from - to) > 0.01);
        const numbers = ends(railPath(bent, from, to));
        const [a, b] = [pointAt(bent, from), pointAt(bent, to)];
        expect(Math.hypot((numbers[0] ?? 0) - a.x, (numbers[1] ?? 0) - a.y)).toBeLessThan(0.1);
        expect(Math.hypot((numbers.at(-2) ?? 0) - b.x, (numbers.at(-1) ?? 0) - b.y)).toBeLessThan(0.1);
      }),
    );
  });
});
