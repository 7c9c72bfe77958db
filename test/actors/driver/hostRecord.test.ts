import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { beginsQuietly } from '../../../src/actors/chart.ts';
import { makeSimulation } from '../../../src/actors/driver/simulation.ts';
import { knowing, laptop, visit, web } from '../world.ts';

const base = setup({
  types: { context: {} as { readonly n: number } },
  actions: { effect: () => {}, set: assign({ n: 1 }) },
  guards: { never: () => false },
  delays: { soon: () => 5 },
});

/** A machine whose first state is `first`. */
const machineOf = (first: object) =>
  base.createMachine({ id: 'one', context: { n: 0 }, initial: 'first', states: { first, second: {} } } as Parameters<
    typeof base.createMachine
  >[0]);

describe('a machine begins quietly', () => {
  it('when its first state does nothing, or only sets its own memory', () => {
    expect(beginsQuietly(machineOf({}))).toBe(true);
    expect(beginsQuietly(machineOf({ entry: 'set' }))).toBe(true);
    expect(beginsQuietly(machineOf({ initial: 'in', states: { in: { entry: 'set' } } }))).toBe(true);
  });

  it('not when it asks for something, waits, moves on or is over', () => {
    for (const first of [
      { entry: 'effect' },
      { entry: ['set', 'effect'] },
      { after: { soon: 'second' } },
      { always: { guard: 'never', target: 'second' } },
      { type: 'final' },
      { initial: 'in', states: { in: { entry: 'effect' } } },
      { type: 'parallel', states: { a: {}, b: { entry: 'effect' } } },
    ])
      expect(beginsQuietly(machineOf(first)), JSON.stringify(first)).toBe(false);
  });
});

describe('a host that is handed nothing', () => {
  it('makes no machine, and stands in the record as it would have begun', () => {
    const begun = new Set<string>();
    const simulation = makeSimulation({
      seed: 1,
      hosts: [laptop(), knowing([]), web()],
      stimuli: [visit(0)],
      record: { name: 'test', title: 'Test' },
      witness: (machine, before) => void (before === undefined && begun.add(machine.id)),
    });
    simulation.run();
    expect(begun.has('webserver')).toBe(false);
    expect(begun.has('authoritative')).toBe(true);
    const record = simulation.trace().hosts.find(({ id }) => id === web().id);
    expect(record?.instances).toEqual([{ path: web().id, machine: 'webserver', state: 'listening' }]);
  });
});
