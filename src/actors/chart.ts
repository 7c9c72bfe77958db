/** The chart of a machine, computed from the machine itself: what the statechart view draws and what a recorded move names. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { MachineId, StateValue, TransitionTaken } from '../trace/trace.ts';

/** A machine as a picture: boxes inside boxes, and arrows. */
export interface Chart {
  readonly machine: MachineId;
  /** What the machine is, in one sentence. */
  readonly description: string;
  /** The root first, then in document order; a parent before its children. */
  readonly nodes: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
}

export interface ChartNode {
  /** XState's id of the state node: "resolution.reading". */
  readonly id: string;
  /** The last part of the id: "reading". */
  readonly name: string;
  readonly parent?: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Whether its parent begins here. */
  readonly initial: boolean;
  /** The caption: a few plain words, "waiting for the address". */
  readonly description: string;
  /** The same in a sentence. */
  readonly note?: string;
  /** Where the behaviour is written: "RFC 1034 §5.3.3". */
  readonly ref?: string;
  /** Effects asked for on entering and on leaving, by name. */
  readonly entry: readonly string[];
  readonly exit: readonly string[];
}

export interface ChartEdge {
  /** Stable within the chart: source, event and index. */
  readonly id: string;
  readonly source: string;
  /** As `TransitionTaken.event`. */
  readonly event: string;
  /** As `TransitionTaken.index`. */
  readonly index: number;
  readonly guard?: string;
  /** The source itself when the transition stays. */
  readonly targets: readonly string[];
  /** Name of the delay, for an edge that time takes. */
  readonly delay?: string;
  readonly actions: readonly string[];
  /** What is written along the arrow: "in the cache". */
  readonly description: string;
}

/** The chart of a machine. */
export function chartOf(machine: AnyStateMachine): Chart {
  const nodes: ChartNode[] = [];
  const edges: ChartEdge[] = [];
  const visit = (node: AnyStateNode): void => {
    nodes.push(nodeOf(node));
    for (const transition of transitionsOf(node)) edges.push(edgeOf(transition));
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(machine.root);
  return { machine: machine.id, description: machine.root.description ?? '', nodes, edges };
}

/** The value of a machine's snapshot before its first microstep. */
export const initialState = (machine: AnyStateMachine): StateValue => initialValue(machine.root) ?? {};

/**
 * Whether a machine's first macrostep asks for nothing and goes no further than the initial state: no timer, no move of itself,
 * no effect; its own memory may be set. Such a machine may as well be made when the first event comes.
 */
export function beginsQuietly(machine: AnyStateMachine): boolean {
  let known = quiet.get(machine);
  if (known === undefined) {
    known = isQuiet(machine.root, machine);
    quiet.set(machine, known);
  }
  return known;
}
const quiet = new WeakMap<AnyStateMachine, boolean>();

function isQuiet(node: AnyStateNode, machine: AnyStateMachine): boolean {
  if (node.type === 'final' || node.always?.length || node.after.length > 0 || node.invoke.length > 0) return false;
  if (![...node.entry, ...(node.type === 'compound' ? node.initial.actions : [])].every((a) => isAssignment(a, machine)))
    return false;
  if (node.type === 'parallel') return Object.values(node.states).every((child) => isQuiet(child, machine));
  return node.type !== 'compound' || isQuiet(node.initial.target[0] as AnyStateNode, machine);
}

/** Whether an action, given by itself or by its name, only sets the machine's context. */
function isAssignment(action: unknown, { implementations }: AnyStateMachine): boolean {
  const found = typeof action === 'function' ? action : (implementations.actions as Record<string, unknown>)[nameOf(action)];
  return (found as { type?: string } | undefined)?.type === 'xstate.assign';
}

/** A transition as the trace records it. Made once for each transition of a machine. */
export function taken(transition: AnyTransitionDefinition): TransitionTaken {
  let known = takenBefore.get(transition);
  if (!known) {
    const { source, guard } = transition;
    const rivals = transition.eventType === '' ? source.always : source.transitions.get(transition.eventType);
    known = {
      source: source.id,
      event: eventName(transition.eventType),
      index: rivals?.indexOf(transition) ?? 0,
      ...(guard === undefined ? {} : { guard: nameOf(guard) }),
      targets: (transition.target ?? [source]).map((node: AnyStateNode) => node.id),
    };
    takenBefore.set(transition, known);
  }
  return known;
}

/** The name of an event in words: XState's own events get shorter ones ("after timeout", "done", "init"). */
export function eventName(type: string): string {
  if (!type.startsWith('xstate.')) return type;
  if (type.startsWith(AFTER)) return `after ${delayName(type)}`;
  return type.startsWith('xstate.done.') ? 'done' : type.slice('xstate.'.length);
}

/** The name under which a timer is recorded: the delay's name for XState's `after`, else the timer's own id. */
export const timerName = (id: string): string => (id.startsWith(AFTER) ? delayName(id) : id);

const takenBefore = new WeakMap<AnyTransitionDefinition, TransitionTaken>();

/** XState names the event of an `after` "xstate.after.<delay>.<state node's id>"; names of delays have no dot. */
const AFTER = 'xstate.after.';
const delayName = (type: string): string => type.slice(AFTER.length, type.indexOf('.', AFTER.length));

function initialValue(node: AnyStateNode): StateValue | undefined {
  if (node.type === 'parallel')
    return Object.fromEntries(Object.values(node.states).map((child) => [child.key, initialValue(child) ?? {}]));
  if (node.type !== 'compound') return undefined;
  const first = node.initial.target[0] as AnyStateNode;
  const inner = initialValue(first);
  return inner === undefined ? first.key : { [first.key]: inner };
}

function nodeOf(node: AnyStateNode): ChartNode {
  const { ref, note } = (node.meta ?? {}) as { ref?: string; note?: string };
  return {
    id: node.id,
    name: node.key,
    ...(node.parent ? { parent: node.parent.id } : {}),
    type: node.type,
    initial: node.parent?.type === 'compound' && node.parent.initial.target[0] === node,
    description: node.description ?? '',
    ...(note === undefined ? {} : { note }),
    ...(ref === undefined ? {} : { ref }),
    entry: namesOf(node.entry),
    exit: namesOf(node.exit),
  };
}

function transitionsOf(node: AnyStateNode): AnyTransitionDefinition[] {
  const all = [...node.transitions.values()].flat();
  return node.always ? [...node.always, ...all.filter((t) => t.eventType !== '')] : all;
}

function edgeOf(transition: AnyTransitionDefinition): ChartEdge {
  const { source, event, index, guard, targets } = taken(transition);
  return {
    id: `${source} ${event} ${index}`,
    source,
    event,
    index,
    ...(guard === undefined ? {} : { guard }),
    targets,
    ...(transition.eventType.startsWith(AFTER) ? { delay: delayName(transition.eventType) } : {}),
    actions: namesOf(transition.actions),
    description: transition.description ?? '',
  };
}

/** Effects and other named actions; XState's own (assign, raise, cancel) are not for people. */
const namesOf = (actions: readonly unknown[]): string[] =>
  actions.map(nameOf).filter((name) => name !== '' && !name.startsWith('xstate.'));

const nameOf = (thing: unknown): string =>
  typeof thing === 'string' ? thing : ((thing as { type?: string } | undefined)?.type ?? '');
