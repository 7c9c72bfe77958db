import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { whereabouts } from '../../../src/view/geometry/slips/flight.ts';

const journey = { sent: 26_500, due: 38_500, busy: 500 };
const PRINT = 2_400;

describe('where a slip is', () => {
  test('its point is as far along as its time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 26_500, max: 38_500 }), (now) => {
        expect(whereabouts(journey, now, PRINT, false)?.place).toBeCloseTo((now - 26_500) / 12_000, 10);
      }),
    );
  });

  test('it is nowhere before it is sent', () => {
    expect(whereabouts(journey, 26_499, PRINT, false)).toBeUndefined();
  });

  test('it is fed in within the time of printing or the receiver’s busy time, whichever is shorter', () => {
    expect(whereabouts(journey, 38_750, PRINT, false)).toMatchObject({ place: 1, fed: 0.5 });
    expect(whereabouts({ ...journey, busy: 10_000 }, 38_500 + 1_200, PRINT, false)).toMatchObject({ fed: 0.5 });
    expect(whereabouts(journey, 39_000, PRINT, false)).toBeUndefined();
  });

  test('one that is lost goes no further than where it dies', () => {
    const lost = { ...journey, lostAt: 0.5 };
    expect(whereabouts(lost, 32_400, PRINT, false)?.place).toBeLessThan(0.5);
    expect(whereabouts(lost, 32_500, PRINT, false)).toBeUndefined();
  });

  test('in steps it stands at the sender, then at the receiver, its path drawn', () => {
    expect(whereabouts(journey, 30_000, PRINT, true)).toEqual({ place: 0, inked: 1, fed: 0, standing: true });
    expect(whereabouts(journey, 38_600, PRINT, true)).toEqual({ place: 1, inked: 1, fed: 0, standing: true });
    expect(whereabouts(journey, 39_000, PRINT, true)).toBeUndefined();
  });
});
