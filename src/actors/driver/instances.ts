/**
 * The machine instances of one host: hands them events, performs the effects they ask for, keeps their timers.
 * See `host.ts` for the rules that this carries out.
 */
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { type Instant, later } from '../../base/time.ts';
import { draw } from '../../sim/random.ts';
import type { Recorder } from '../../trace/recorder.ts';
import type { Effect, InstancePath, StateValue } from '../../trace/trace.ts';
import { initialState, timerName } from '../chart.ts';
import type { EffectParams, EffectRequest, Given } from '../effects.ts';
import type { HostDefinition, InstanceDefinition } from '../host.ts';
import type { Asked, Macrostep, Runtime, TimerStart } from './runtime.ts';

/** One machine at work. */
export interface Instance {
  readonly path: InstancePath;
  readonly machine: AnyStateMachine;
  snapshot: AnyMachineSnapshot;
  /** Handles of the timers that run, by the timer's id. */
  readonly timers: Map<string, TimerHandle>;
}

/** What the clock's owner gives for a timer and takes back to cancel it. */
export type TimerHandle = object;

/** What the instances of a host need from outside. */
export interface InstanceServices {
  readonly seed: number;
  readonly runtime: Runtime;
  /** Where the present turn is written down; undefined when nothing is. */
  recorder(): Recorder | undefined;
  now(): Instant;
  startTimer(instance: Instance, id: string, due: Instant, event: EventObject): TimerHandle;
  cancelTimer(handle: TimerHandle): void;
  /** Performs `transmit`, `open` and `close`, and writes them down. */
  perform(path: InstancePath, request: NetworkRequest): void;
  /** An instance has ended: its connections are to be closed. */
  ended(path: InstancePath): void;
  concluded(path: InstancePath): void;
  /** Something is to happen in the world when this turn is over. */
  trigger(what: EffectParams['trigger']): void;
}

export type NetworkRequest = Extract<EffectRequest, { type: 'transmit' | 'open' | 'close' }>;

export interface Instances {
  /** To be called when a turn of this host begins: what its machines are given is made anew. */
  beginTurn(): void;
  /** Hands an event to an instance and works off all that follows from it; false when there is no such instance. */
  hand(path: InstancePath, event: EventObject): boolean;
  /** A timer of an instance has rung. */
  rang(instance: Instance, id: string, event: EventObject): void;
  forget(by: InstancePath, what: EffectParams['forget']): void;
  /** Starts what the definition says runs from the start. */
  startAll(): void;
  stopAll(): void;
  has(path: InstancePath): boolean;
  running(): readonly Instance[];
}

/** How many events the machines of one host may hand one another in one turn. */
const TURN_BUDGET = 10_000;

/** The instances of one host; `boot` starts them. */
export function makeInstances(definition: HostDefinition, services: InstanceServices): Instances {
  const { runtime } = services;
  const machines = new Map(definition.machines.map((machine) => [machine.id, machine]));
  const instances = new Map<InstancePath, Instance>();
  /** Events and starts that wait in line in this turn. */
  let line: Waiting[] = [];
  let turns = 0;
  let given = giveFor(turns);

  function giveFor(turn: number): Given {
    return {
      at: services.now(),
      view: definition.memory?.view,
      draw: (label) => draw(services.seed, `${definition.id}/${label}`, turn),
    };
  }

  const note = (effect: Effect): void => void services.recorder()?.effect(effect);

  function begin(path: InstancePath, machineId: string, input: object): void {
    if (instances.has(path)) throw new Error(`"${path}" is started while it runs`);
    const machine = machines.get(machineId);
    if (!machine) throw new Error(`host "${definition.id}" has no machine "${machineId}"`);
    const step = runtime.begin(machine, withGiven(input, given));
    const instance: Instance = { path, machine, snapshot: step.snapshot, timers: new Map() };
    instances.set(path, instance);
    settle(instance, step, undefined);
  }

  function advance(path: InstancePath, event: EventObject): void {
    const instance = instances.get(path);
    if (!instance) return;
    const before = instance.snapshot;
    const step = runtime.advance(instance.machine, before, withGiven(event, given));
    instance.snapshot = step.snapshot;
    settle(instance, step, before);
  }

  function settle(instance: Instance, step: Macrostep, before: AnyMachineSnapshot | undefined): void {
    const recorder = services.recorder();
    if (recorder && step.microsteps.length > 0)
      settleRecorded(recorder, instance, step, before ? before.value : initialState(instance.machine));
    else for (const asked of step.asked) performOne(instance, asked);
    if (instance.snapshot.status !== 'active' && instances.get(instance.path) === instance) end(instance);
  }

  /** The moves are written when their effects have been: each says how many there were when it ended. */
  function settleRecorded(recorder: Recorder, instance: Instance, step: Macrostep, initial: StateValue): void {
    const counts = [recorder.effectCount()];
    for (const asked of step.asked) {
      performOne(instance, asked);
      counts.push(recorder.effectCount());
    }
    let from = initial;
    for (const { event, to, transitions, askedSoFar } of step.microsteps) {
      const effectsSoFar = counts[askedSoFar] as number;
      recorder.move({ instance: instance.path, machine: instance.machine.id, event, from, to, transitions, effectsSoFar });
      from = to;
    }
  }

  function performOne(instance: Instance, asked: Asked): void {
    const { path } = instance;
    switch (asked.type) {
      case 'timer':
        startTimer(instance, asked);
        break;
      case 'cancel':
        cancelTimer(instance, asked.id);
        break;
      case 'transmit':
      case 'open':
      case 'close':
        services.perform(path, asked);
        break;
      case 'tell':
        line.push({ path: asked.params.to, event: asked.params.event });
        note({ kind: 'tell', instance: path, to: asked.params.to, event: asked.params.event.type });
        break;
      case 'start':
        enlist(asked.params, path);
        break;
      case 'stop': {
        const gone = instances.get(asked.params.path);
        if (gone) end(gone);
        break;
      }
      case 'decide':
        note({ kind: 'decide', instance: path, decision: asked.params.decision });
        break;
      case 'remember': {
        const { entry, store } = asked.params;
        definition.memory?.remember?.(entry, store, given.at);
        note({ kind: 'remember', instance: path, entry });
        break;
      }
      case 'forget':
        forget(path, asked.params);
        break;
      case 'conclude':
        note({ kind: 'conclude', instance: path, conclusion: asked.params.conclusion });
        services.concluded(path);
        break;
      case 'trigger':
        services.trigger(asked.params);
        break;
      default:
        throw new Error(`"${instance.machine.id}" asks for "${(asked as { type: string }).type}", which is no effect`);
    }
  }

  function forget(by: InstancePath, { cache, key, reason }: EffectParams['forget']): void {
    definition.memory?.forget?.(cache, key, reason, given.at);
    note({ kind: 'forget', instance: by, cache, ...(key === undefined ? {} : { key }), reason });
  }

  function enlist({ path, machine, input, title }: InstanceDefinition, by: InstancePath): void {
    line.push({ path, machine, input });
    const known = machines.get(machine);
    if (known) note({ kind: 'start', instance: path, machine, state: initialState(known), title, by });
  }

  function startTimer(instance: Instance, { id, delay, event }: TimerStart): void {
    const running = instance.timers.get(id);
    if (running) services.cancelTimer(running);
    const due = later(given.at, delay);
    instance.timers.set(id, services.startTimer(instance, id, due, event));
    note({ kind: 'timer', instance: instance.path, timer: timerName(id), due });
  }

  function cancelTimer(instance: Instance, id: string): void {
    const running = instance.timers.get(id);
    if (!running) return;
    instance.timers.delete(id);
    services.cancelTimer(running);
    note({ kind: 'cancel', instance: instance.path, timer: timerName(id) });
  }

  function end(instance: Instance): void {
    instances.delete(instance.path);
    for (const running of instance.timers.values()) services.cancelTimer(running);
    instance.timers.clear();
    services.ended(instance.path);
    note({ kind: 'stop', instance: instance.path });
  }

  function workOff(): void {
    for (let i = 0; i < line.length; i++) {
      if (i === TURN_BUDGET) throw new Error(`the machines of "${definition.id}" talk to one another without end`);
      const next = line[i] as Waiting;
      if ('event' in next) advance(next.path, next.event);
      else begin(next.path, next.machine, next.input);
    }
    line = [];
  }

  return {
    beginTurn() {
      given = giveFor(++turns);
    },
    hand(path, event) {
      if (!instances.has(path)) return false;
      line.push({ path, event });
      workOff();
      return true;
    },
    rang(instance, id, event) {
      instance.timers.delete(id);
      line.push({ path: instance.path, event });
      workOff();
    },
    forget,
    startAll() {
      for (const instance of definition.instances) enlist(instance, instance.path);
      workOff();
    },
    stopAll() {
      for (const instance of [...instances.values()]) end(instance);
    },
    has: (path) => instances.has(path),
    running: () => [...instances.values()],
  };
}

type Waiting =
  | { readonly path: InstancePath; readonly event: EventObject }
  | { readonly path: InstancePath; readonly machine: string; readonly input: object };

/**
 * The same thing with what it is given. Not by spreading: where things of many shapes pass, V8 gives each object made so a
 * hidden class of its own, which no garbage collection of the young takes away.
 */
const withGiven = <T extends object>(thing: T, given: Given): T & { given: Given } => Object.assign({ given }, thing);
