import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, milliseconds, minutes, seconds } from '../../src/base/time.ts';
import { run } from '../../src/scenario/run.ts';
import type { Position } from '../../src/trace/scene.ts';
import {
  BEGINNING,
  FOLD_WIDTH,
  instantAt,
  nextMove,
  nextStep,
  nextTurn,
  placeOf,
  previousMove,
  previousStep,
  previousTurn,
  stepPosition,
  timelineOf,
} from '../../src/trace/timeline.ts';
import { scenarioNamed, scenarioNames, traceOf } from '../scenario/library.ts';

describe('the time axis', () => {
  it.each(scenarioNames)('of %s has no gaps and no overlaps, from the beginning to the end', (name) => {
    const { pieces, length } = timelineOf(traceOf(name));
    expect(pieces[0]).toMatchObject({ from: 0, start: 0 });
    for (const [i, piece] of pieces.entries()) {
      expect(piece.end).toBeGreaterThan(piece.start);
      const next = pieces[i + 1];
      if (next) expect([next.from, next.start]).toEqual([piece.to, piece.end]);
    }
    expect(pieces.at(-1)?.end).toBe(length);
    expect(pieces.at(-1)?.to).toBeGreaterThanOrEqual(traceOf(name).end);
  });

  it('folds the idle time between two visits, and says how much that is', () => {
    const folds = timelineOf(traceOf('five-minutes-later')).pieces.filter(({ kind }) => kind === 'fold');
    expect(folds).toMatchObject([{ label: '4 min 59.9 s' }]);
    expect((folds[0]?.end ?? 0) - (folds[0]?.start ?? 0)).toBe(FOLD_WIDTH);
  });

  it('does not fold the time that a resolver waits for a lost packet', () => {
    expect(timelineOf(traceOf('packet-loss')).pieces.map(({ kind }) => kind)).toEqual(['activity']);
  });

  it.each(scenarioNames)('of %s leads from an instant to a place and back', (name) => {
    const line = timelineOf(traceOf(name));
    fc.assert(
      fc.property(fc.nat({ max: traceOf(name).end }), (at) => {
        const piece = line.pieces.find(({ from, to }) => from <= at && at <= to);
        const off = Math.abs(instantAt(line, placeOf(line, instant(at))) - at);
        expect(off).toBeLessThanOrEqual(piece?.kind === 'fold' ? (piece.to - piece.from) / 1000 : 0);
      }),
      { numRuns: 50 },
    );
  });

  it('never goes backwards', () => {
    const line = timelineOf(traceOf('two-days-later'));
    fc.assert(
      fc.property(fc.nat({ max: line.length }), fc.nat({ max: line.length }), (a, b) => {
        if (a <= b) expect(instantAt(line, a)).toBeLessThanOrEqual(instantAt(line, b));
      }),
    );
  });

  it('stays where it was before the instant at which a what-if begins', () => {
    const scenario = scenarioNamed('five-minutes-later');
    const [before, after] = [run(scenario), run(scenario, { whatIf: [{ at: '2 min', visit: 'www.example.com' }] })].map(
      timelineOf,
    );
    if (!before || !after) throw new Error('two axes were to be made');
    for (const at of [0, milliseconds(50), milliseconds(168), milliseconds(200)])
      expect(placeOf(after, instant(at))).toBe(placeOf(before, instant(at)));
    expect(placeOf(after, instant(minutes(5)))).toBeGreaterThan(placeOf(before, instant(minutes(5))));
  });
});

/** All stops from a position on. */
function walk(from: Position, next: (position: Position) => Position | undefined): Position[] {
  const stops: Position[] = [];
  for (let here = next(from); here && stops.length < 10_000; here = next(here)) stops.push(here);
  return stops;
}

describe('the stops', () => {
  it.each(scenarioNames)('of %s visit every turn forwards, and the same ones backwards', (name) => {
    const trace = traceOf(name);
    const forwards = walk(BEGINNING, (position) => nextTurn(trace, position));
    expect(forwards.map(({ turn }) => turn)).toEqual(trace.turns.map(({ id }) => id));
    const backwards = walk(forwards.at(-1) as Position, (position) => previousTurn(trace, position));
    expect(backwards.map(({ turn }) => turn)).toEqual([
      ...trace.turns
        .map(({ id }) => id)
        .slice(0, -1)
        .reverse(),
      -1,
    ]);
  });

  it('visit every move of every turn', () => {
    const trace = traceOf('first-visit');
    const moves = walk(BEGINNING, (position) => nextMove(trace, position));
    const wanted = trace.turns.reduce((sum, turn) => sum + Math.max(1, turn.moves.length), 0);
    expect(moves).toHaveLength(wanted);
    for (const [i, stop] of moves.entries()) {
      const back = previousMove(trace, stop);
      const before = moves[i - 1];
      if (stop.move !== undefined && stop.move > 1) expect(back).toEqual(before);
      else expect(back?.turn).toBe(before?.turn ?? -1);
    }
  });

  it('lead from step to step, over all visits, and back', () => {
    const trace = traceOf('another-host');
    const forwards = walk(BEGINNING, (position) => nextStep(trace, position));
    const times = forwards.map(({ at }) => at / 1000);
    expect(times.slice(0, 9)).toEqual([0, 2, 7, 26.5, 52, 68, 84, 90, 148]);
    expect(times.slice(9, 12)).toEqual([10_000, 10_002, 10_007]);
    expect(previousStep(trace, forwards[4] as Position)).toEqual(forwards[3]);
    expect(previousStep(trace, { at: instant(milliseconds(60)) })).toEqual(forwards[4]);
    expect(previousStep(trace, forwards[0] as Position)).toEqual(BEGINNING);
  });

  it('lead to a step of the visit at hand; to none when it was skipped', () => {
    const trace = traceOf('another-host');
    expect(stepPosition(trace, { at: instant(milliseconds(5)) }, 4)?.at).toBe(milliseconds(26.5));
    expect(stepPosition(trace, { at: instant(seconds(11)) }, 4)).toBeUndefined();
    expect(stepPosition(trace, BEGINNING, 1)?.at).toBe(0);
  });

  it('end at the ends', () => {
    const trace = traceOf('first-visit');
    expect(nextTurn(trace, { at: trace.end })).toBeUndefined();
    expect(previousTurn(trace, BEGINNING)).toBeUndefined();
    expect(nextMove(trace, { at: trace.end })).toBeUndefined();
    expect(previousMove(trace, BEGINNING)).toBeUndefined();
    expect(nextStep(trace, { at: trace.end })).toBeUndefined();
    expect(previousStep(trace, BEGINNING)).toBeUndefined();
  });
});
