/**
 * Drives XState machines as pure functions: a snapshot and an event go in; the next snapshot, the effects asked for and the
 * microsteps passed through come out. No actor is ever started, nothing waits and nothing is performed here.
 *
 * A machine's own `transition` is called with a scope of ours, which XState's public `transition()` does as well, but builds
 * anew each time; that is three times slower. A test holds both to the same results.
 */
import {
  type AnyActorScope,
  type AnyEventObject,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyTransitionDefinition,
  createActor,
  createMachine,
  type EventObject,
} from 'xstate';
import type { Duration } from '../../base/time.ts';
import type { StateValue, TransitionTaken } from '../../trace/trace.ts';
import { eventName, taken } from '../chart.ts';
import type { EffectRequest } from '../effects.ts';

/** What one event made of a machine. */
export interface Macrostep {
  readonly snapshot: AnyMachineSnapshot;
  /** In the order in which they were asked for. */
  readonly asked: readonly Asked[];
  /** Empty when the runtime does not inspect. A microstep without transitions (an event that nothing handles) is left out. */
  readonly microsteps: readonly Microstep[];
}

/** Something that a machine asks of its host: an effect, or XState's own wish to start or cancel a timer. */
export type Asked = EffectRequest | TimerStart | TimerCancel;

export interface TimerStart {
  readonly type: 'timer';
  /** Unique within the instance; starting a timer again replaces it. */
  readonly id: string;
  readonly delay: Duration;
  /** What the machine is to be handed when the delay is over. */
  readonly event: EventObject;
}

export interface TimerCancel {
  readonly type: 'cancel';
  readonly id: string;
}

export interface Microstep {
  readonly event: string;
  readonly to: StateValue;
  readonly transitions: readonly TransitionTaken[];
  /** How many things had been asked for in this macrostep when this microstep ended. */
  readonly askedSoFar: number;
}

export interface Runtime {
  /** The initial macrostep of a new instance. */
  begin(machine: AnyStateMachine, input: object): Macrostep;
  /** Hands an event to a machine. An event that it does not handle leaves the snapshot as it is. */
  advance(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: EventObject): Macrostep;
}

/** Sees every macrostep: the snapshot before (none at the start), and the event, or the input at the start. */
export type Witness = (machine: AnyStateMachine, before: AnyMachineSnapshot | undefined, handed: object, step: Macrostep) => void;

/** A runtime; with `inspect` it also tells the microsteps, which costs about a quarter more time. */
export function makeRuntime({ inspect, witness }: { readonly inspect: boolean; readonly witness?: Witness }): Runtime {
  const self = createActor(createMachine({}));
  let asked: Asked[] = [];
  let microsteps: Microstep[] = [];

  if (inspect)
    self.system.inspect((inspected) => {
      if (inspected.type !== '@xstate.microstep' || inspected._transitions.length === 0) return;
      microsteps.push({
        event: eventName(inspected.event.type),
        to: (inspected.snapshot as AnyMachineSnapshot).value,
        transitions: inspected._transitions.map((t: AnyTransitionDefinition) => taken(t)),
        askedSoFar: asked.length,
      });
    });

  const scope: AnyActorScope = {
    self,
    system: self.system,
    id: 'machine',
    sessionId: 'machine',
    logger: () => {},
    emit: refuse,
    defer: refuse,
    stopChild: refuse,
    actionExecutor(action: { type: string; params?: unknown }) {
      if (action.type === 'xstate.raise') {
        // Without a delay XState has already put the event into the queue of this macrostep.
        const { delay, event, id } = action.params as { delay?: Duration; event: EventObject; id?: string };
        if (delay !== undefined) asked.push({ type: 'timer', id: id ?? event.type, delay, event });
      } else if (action.type === 'xstate.cancel')
        asked.push({ type: 'cancel', id: (action.params as { sendId: string }).sendId });
      else asked.push({ type: action.type, params: action.params } as EffectRequest);
    },
  };

  const finish = (snapshot: AnyMachineSnapshot): Macrostep => {
    if (snapshot.status === 'error') throw snapshot.error;
    return { snapshot, asked, microsteps };
  };

  return {
    begin(machine, input) {
      asked = [];
      microsteps = [];
      const step = finish(machine.getInitialSnapshot(scope, input));
      witness?.(machine, undefined, input, step);
      return step;
    },
    advance(machine, snapshot, event) {
      asked = [];
      microsteps = [];
      const step = finish(machine.transition(snapshot, event as AnyEventObject, scope));
      witness?.(machine, snapshot, event, step);
      return step;
    },
  };
}

/** Machines reach others by effects only; XState's ways of spawning, sending and emitting are not for them. */
function refuse(): never {
  throw new Error('a machine may only raise events to itself and ask for effects');
}
