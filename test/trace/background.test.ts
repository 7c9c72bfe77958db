import { describe, expect, it } from 'vitest';
import { foregroundPackets, isBackground, isEvent } from '../../src/trace/background.ts';
import { timelineOf } from '../../src/trace/timeline.ts';
import { visitsOf } from '../../src/trace/visits.ts';
import { scenarioNames, traceOf } from '../scenario/library.ts';

const failover = traceOf('failover');
const calculated = traceOf('calculated-check');

describe('the background', () => {
  it('is empty where nobody checks anybody’s health', () => {
    const trace = traceOf('first-visit');
    expect(trace.turns.some(({ id }) => isBackground(trace, id))).toBe(false);
    expect(foregroundPackets(trace)).toEqual(trace.packets);
  });

  it('holds every probe, and what a resolver does for one', () => {
    const asked = calculated.packets.filter(({ from, turn }) => from.address === '198.18.0.53' && isBackground(calculated, turn));
    expect(asked.length).toBeGreaterThan(0);
    for (const { from, to } of foregroundPackets(failover)) expect(`${from.address} ${to.address}`).not.toMatch(/198\.19\./);
  });

  it.each(scenarioNames)('of %s holds nothing of a visit', (name) => {
    const trace = traceOf(name);
    for (const visit of visitsOf(trace))
      for (const step of visit.steps) for (const pass of step.passes) expect(isBackground(trace, pass.fromTurn)).toBe(false);
  });

  it('does not hold the turn in which a check changes its status, nor the one in which somebody is told', () => {
    const news = failover.turns.filter(({ effects }) =>
      effects.some((effect) => effect.kind === 'decide' && ['health', 'told'].includes(effect.decision.about)),
    );
    expect(news).toHaveLength(2);
    expect(news.map(({ id }) => isBackground(failover, id))).toEqual([false, false]);
  });

  it('has stops only where a checker changes its mind', () => {
    const stops = failover.turns.filter(({ id }) => isBackground(failover, id) && isEvent(failover, id));
    // The fourteenth changes the status, which is news.
    expect(stops).toHaveLength(15);
  });

  it('is idle time on the axis', () => {
    const folds = timelineOf(failover).pieces.filter(({ kind }) => kind === 'fold');
    expect(folds.map(({ label }) => label)).toEqual(expect.arrayContaining(['9.793 s', '27.867 s']));
    expect(folds).toHaveLength(6);
  });
});
