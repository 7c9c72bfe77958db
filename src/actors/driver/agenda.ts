/** The stimuli of a scenario: when each is due, and when what it began has ended, for those that wait for that. */
import { type Duration, type Instant, later } from '../../base/time.ts';
import type { InstancePath, StimulusId, StimulusRecord } from '../../trace/trace.ts';
import type { Stimulus, World } from '../world.ts';

export interface Agenda {
  /** Puts the stimuli of fixed instants into the queue, and the first one even if its instant is relative. */
  begin(): void;
  apply(id: StimulusId): void;
  /** An instance has concluded something. */
  concluded(path: InstancePath): void;
  /** Nothing else is left to happen: what still waits for an end need not wait. False when nothing waits. */
  hurry(): boolean;
}

export interface AgendaServices {
  now(): Instant;
  schedule(id: StimulusId, at: Instant): void;
  record(stimulus: StimulusRecord): void;
  /** `hands` is called for every instance that the stimulus hands an event. */
  worldFor(id: StimulusId, hands: (path: InstancePath) => void): World;
}

/** An agenda whose stimuli are not yet scheduled. */
export function makeAgenda(stimuli: readonly Stimulus[], services: AgendaServices): Agenda {
  /** What each instance has been handed and not concluded, oldest first. */
  const busy = new Map<InstancePath, StimulusId[]>();
  const open = new Map<StimulusId, number>();
  /** The next stimulus that has a relative instant and is not scheduled. */
  let waiting = stimuli.findIndex(isRelative);

  function schedule(id: StimulusId, at: Instant): void {
    const { apply: _, ...record } = stimuli[id] as Stimulus;
    services.record({ ...record, id, at });
    services.schedule(id, at);
  }

  function scheduleWaiting(): void {
    const { at } = stimuli[waiting] as Stimulus & { at: { after: Duration } };
    const id = waiting;
    waiting = stimuli.findIndex((stimulus, i) => i > id && isRelative(stimulus));
    schedule(id, later(services.now(), at.after));
  }

  function settle(id: StimulusId): void {
    const left = (open.get(id) ?? 1) - 1;
    if (left > 0) open.set(id, left);
    else open.delete(id);
    if (left === 0 && waiting === id + 1) scheduleWaiting();
  }

  function release(path: InstancePath): void {
    const id = busy.get(path)?.shift();
    if (id !== undefined) settle(id);
  }

  return {
    begin() {
      for (const [id, { at }] of stimuli.entries()) if (typeof at === 'number') schedule(id, at);
      if (waiting === 0) scheduleWaiting();
    },
    apply(id) {
      // One more than the instances handed something, so that it does not end before it is through.
      open.set(id, 1);
      const world = services.worldFor(id, (path) => {
        busy.set(path, [...(busy.get(path) ?? []), id]);
        open.set(id, (open.get(id) ?? 0) + 1);
      });
      (stimuli[id] as Stimulus).apply(world);
      settle(id);
    },
    concluded: release,
    hurry() {
      if (waiting < 0) return false;
      scheduleWaiting();
      return true;
    },
  };
}

const isRelative = ({ at }: Stimulus): boolean => typeof at !== 'number';
