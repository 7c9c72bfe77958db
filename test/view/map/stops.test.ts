import { describe, expect, test } from 'vitest';
import { layout } from '../../../src/view/geometry/layout/layouts.ts';
import { lifted, lostOver } from '../../../src/view/geometry/map/stops.ts';
import { flyingSlips } from '../../../src/view/geometry/slips/flying.ts';
import { lyingSlips } from '../../../src/view/geometry/slips/lying.ts';
import { placesOf } from '../../../src/view/geometry/slips/slips.ts';
import { momentOf, played } from '../runs.ts';

const first = played('first-visit');
const wide = layout('wide', 1068, 576);
const slipsAt = (ms: number) => {
  const { scene, cast, stories, position } = momentOf(first, ms);
  return flyingSlips(first, scene, cast, wide, stories, placesOf(scene, position.at, { print: 2400, stepped: false }));
};

describe('a stop at hand', () => {
  test('stands at its place while no slip covers it', () => {
    const place = wide.stops.get(4) as { x: number; y: number };
    expect(lifted(place, [], wide)).toEqual(place);
    expect(lifted(place, slipsAt(1), wide)).toEqual(place);
  });

  test('stands at its place when a slip lies along another part of its rail', () => {
    const [slip] = slipsAt(10);
    if (!slip || slip.turn === 0) throw new Error('a question goes up the slant to the root');
    const far = [...wide.stops.values()].filter(
      ({ x, y }) => Math.hypot(x - slip.x, y - slip.y) > slip.shape.width + slip.shape.height + wide.stopRadius,
    );
    expect(far.length).toBeGreaterThan(4);
    for (const place of far) expect(lifted(place, [slip], wide)).toEqual(place);
  });

  test('is lifted clear of the slip that covers it, at every instant of the first visit', () => {
    let moved = 0;
    for (let ms = 1; ms < 165; ms++) {
      const slips = slipsAt(ms);
      for (const place of wide.stops.values()) {
        const spot = lifted(place, slips, wide);
        if (spot.x === place.x && spot.y === place.y) continue;
        moved++;
        const level = slips.find(
          ({ shape, x, y, turn }) =>
            turn === 0 &&
            spot.x > x + shape.left &&
            spot.x < x + shape.left + shape.width &&
            Math.abs(spot.y - (y + shape.top + shape.height / 2)) < shape.height / 2 + wide.stopRadius - 1,
        );
        expect(level, `${ms} ms`).toBeUndefined();
      }
    }
    expect(moved).toBeGreaterThan(10);
  });
});

test('what was lost lies over the places that its shape covers, and over no other', () => {
  const loss = played('packet-loss');
  const { scene, cast, stories } = momentOf(loss, 300);
  const lying = lyingSlips(loss, scene, cast, wide, stories);
  const crossed = lying.find((slip) => slip.tied?.crossed);
  if (!crossed) throw new Error('nothing was lost');
  const { shape, x, y } = crossed;
  expect(lostOver({ x: x + shape.left + shape.width / 2, y: y + shape.top + shape.height / 2 }, lying)).toBe(true);
  expect(lostOver({ x: x + shape.left - 20, y }, lying)).toBe(false);
});
