import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box, Layout } from '../../../src/view/geometry/layout/layout.ts';
import { layout } from '../../../src/view/geometry/layout/layouts.ts';
import { pointAt } from '../../../src/view/geometry/map/rails.ts';

const sizes = fc.oneof(
  fc.record({
    form: fc.constant('wide' as const),
    width: fc.integer({ min: 890, max: 2200 }),
    height: fc.integer({ min: 404, max: 1100 }),
  }),
  fc.record({
    form: fc.constant('tablet' as const),
    width: fc.integer({ min: 800, max: 1199 }),
    height: fc.integer({ min: 404, max: 1000 }),
  }),
);
const everyLevel = (check: (place: Layout) => void): void =>
  fc.assert(fc.property(sizes, ({ form, width, height }) => check(layout(form, width, height))));

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe('the map at the size of the drawings', () => {
  const place = layout('wide', 1068, 576);

  test('stands on the drawings’ own measures', () => {
    expect(place.client.window).toEqual({ x: 28, y: 168, width: 208, height: 158 });
    expect(place.hub).toMatchObject({ x: 452, y: 250, radius: 33 });
    expect(place.terraces.map(({ x, y, height }) => [x, y, height])).toEqual([
      [768, 24, 130],
      [768, 184, 130],
      [768, 344, 130],
    ]);
    expect(place.terraces[0].capsule).toEqual({ x: 780, y: 77, width: 255, height: 26 });
    expect(place.ledger).toMatchObject({ x: 254, y: 346, width: 262 });
  });

  test('bends the rails to the root where the drawings do', () => {
    expect(place.tracks.zones[0].ask.corners.map(({ x, y }) => [Math.round(x), Math.round(y)])).toEqual([
      [473, 221],
      [610, 85],
      [784, 85],
    ]);
  });
});

describe('at every size', () => {
  test('the terraces lie one under the other, inside of the map', () => {
    everyLevel(({ terraces, width, height }) => {
      for (const [i, box] of terraces.entries()) {
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
        if (i > 0) expect(box.y).toBeGreaterThan((terraces[i - 1] as Box).y + (terraces[i - 1] as Box).height);
      }
    });
  });

  test('the cache stands clear of the browser, the terraces and the road below', () => {
    everyLevel(({ ledger, client, terraces, tracks }) => {
      expect(ledger.width).toBeGreaterThan(150);
      expect(apart(ledger, client.window)).toBe(true);
      for (const box of terraces) expect(apart(ledger, box)).toBe(true);
      expect(ledger.y + ledger.height).toBeLessThan(pointAt(tracks.web.reply, 1).y);
    });
  });

  test('a star: every DNS rail begins at the ring or ends there, and none joins two servers', () => {
    everyLevel(({ hub, tracks }) => {
      const near = (x: number, y: number): boolean => Math.abs(Math.hypot(x - hub.x, y - hub.y) - 36) < 6;
      for (const track of tracks.zones)
        for (const line of [track.ask, track.reply, track.middle])
          expect(near(line.corners[0]?.x ?? 0, line.corners[0]?.y ?? 0)).toBe(true);
      const end = tracks.stub.middle.corners.at(-1);
      expect(near(end?.x ?? 0, end?.y ?? 0)).toBe(true);
    });
  });

  test('the road to the web server never touches the ring', () => {
    everyLevel(({ hub, tracks }) => {
      for (let place = 0; place <= 1; place += 0.02) {
        const { x, y } = pointAt(tracks.web.middle, place);
        expect(Math.hypot(x - hub.x, y - hub.y)).toBeGreaterThan(hub.radius + 8);
      }
    });
  });

  test('a slip of full width fits between the ring and the zones', () => {
    everyLevel(({ gaps }) => {
      expect(gaps.zones.to - gaps.zones.from).toBeGreaterThan(200);
    });
  });
});

test('on a phone every zone has a rail of its own, so that none runs through another', () => {
  const { tracks } = layout('phone', 390, 540);
  const lanes = tracks.zones.map((track) => track.middle.corners.at(-2)?.x);
  expect(new Set(lanes).size).toBe(3);
});
