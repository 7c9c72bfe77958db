import { expect } from 'vitest';
import { type AnyMachineSnapshot, getInitialMicrosteps, getMicrosteps, initialTransition, transition } from 'xstate';
import type { Witness } from '../../src/actors/driver/runtime.ts';

/** Asserts that our macrostep is what XState's public functions make of the same machine, snapshot and event. */
export const sameAsPublic: Witness = (machine, before, handed, ours) => {
  const event = handed as { type: string };
  const [snapshot, actions] = before ? transition(machine, before, event) : initialTransition(machine, handed);
  const { value, context, status, historyValue } = snapshot as AnyMachineSnapshot;
  expect(ours.snapshot.value).toEqual(value);
  expect(ours.snapshot.context).toEqual(context);
  expect(ours.snapshot.status).toBe(status);
  expect(ours.snapshot.historyValue).toEqual(historyValue);
  expect(ours.asked.map(({ type, ...rest }) => ({ type, ...('params' in rest ? { params: rest.params } : {}) }))).toEqual(
    (actions as { type: string; params?: unknown }[]).flatMap(({ type, params }) => {
      if (type === 'xstate.cancel') return [{ type: 'cancel' }];
      if (type !== 'xstate.raise') return [{ type, params }];
      return (params as { delay?: number }).delay === undefined ? [] : [{ type: 'timer' }];
    }),
  );
  // The initial microstep is not inspected; it is what the initial state of the chart says.
  const steps = before ? getMicrosteps(machine, before, event) : getInitialMicrosteps(machine, handed).slice(1);
  const real = steps.filter(([step, performed], i) => step !== (i === 0 ? before : steps[i - 1]?.[0]) || performed.length > 0);
  expect(ours.microsteps.map(({ to }) => to)).toEqual(real.map(([step]) => (step as AnyMachineSnapshot).value));
};
