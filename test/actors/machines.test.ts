import { describe, expect, it } from 'vitest';
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { chartOf } from '../../src/actors/chart.ts';
import { effectActions } from '../../src/actors/effects.ts';
import { CHARTS, MACHINES } from '../../src/actors/machines.ts';

/** A caption: no sentence, and short enough for a box or an arrow. */
const FEW_WORDS = /^.{2,60}[^.]$/;

const nodesOf = (machine: AnyStateMachine): AnyStateNode[] => {
  const all: AnyStateNode[] = [];
  const visit = (node: AnyStateNode): void => {
    all.push(node);
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(machine.root);
  return all;
};
const transitionsOf = (node: AnyStateNode): AnyTransitionDefinition[] => [
  ...(node.always ?? []),
  ...[...node.transitions.values()].flat(),
];

describe.each(MACHINES.map((machine) => [machine.id, machine] as const))('the machine "%s"', (_, machine) => {
  const { implementations } = machine;

  it('says in a sentence what it is, and in a few words what each state and each transition is', () => {
    const { description, nodes, edges } = chartOf(machine);
    expect(description).toMatch(/^[A-Z].*\.$/);
    for (const node of nodes.slice(1)) expect(node.description, node.id).toMatch(FEW_WORDS);
    for (const edge of edges) expect(edge.description, edge.id).toMatch(FEW_WORDS);
    for (const { note, id } of nodes) if (note !== undefined) expect(note, id).toMatch(/^[A-Z].*[.?]$/);
  });

  it('cites a source in every reference', () => {
    for (const { ref } of chartOf(machine).nodes) if (ref !== undefined) expect(ref).toMatch(/^(RFC \d+|[A-Z])/);
  });

  it('has a limit of microsteps, so that a loop ends', () => {
    expect(machine.options.maxIterations).toBeLessThanOrEqual(1000);
  });

  it('names all its guards, delays and actions, and implements each', () => {
    for (const node of nodesOf(machine)) {
      for (const { guard, actions } of transitionsOf(node)) {
        if (guard !== undefined) expect(Object.keys(implementations.guards)).toContain(nameOf(guard));
        for (const action of actions) checkAction(action, node.id);
      }
      for (const action of [...node.entry, ...node.exit]) checkAction(action, node.id);
      for (const { delay } of node.after) expect(Object.keys(implementations.delays)).toContain(delay);
    }
  });

  const checkAction = (action: unknown, where: string): void => {
    const name = nameOf(action);
    // XState adds its own for "after": a raise on entry, a cancel on exit.
    if (name.startsWith('xstate.')) expect(['xstate.raise', 'xstate.cancel'], where).toContain(name);
    else expect(Object.keys({ ...effectActions, ...implementations.actions }), where).toContain(name);
  };

  it('has a chart of its own id whose arrows lead from box to box', () => {
    const { nodes, edges, machine: id } = chartOf(machine);
    const ids = new Set(nodes.map((node) => node.id));
    expect(CHARTS.get(machine.id)?.machine).toBe(id);
    expect(nodes).toHaveLength(nodesOf(machine).length);
    expect(new Set(edges.map((edge) => edge.id)).size).toBe(edges.length);
    for (const { source, targets } of edges) for (const end of [source, ...targets]) expect(ids).toContain(end);
    for (const node of nodes.slice(1)) expect(ids).toContain(node.parent);
  });
});

const nameOf = (thing: unknown): string => (typeof thing === 'string' ? thing : ((thing as { type?: string }).type ?? ''));

describe('the chart', () => {
  it('gives timers as edges with the name of their delay, and effects by name', () => {
    const chart = CHARTS.get('lookup');
    const timeout = chart?.edges.find(({ delay }) => delay === 'patience');
    expect(timeout).toMatchObject({ source: 'lookup.asking', event: 'after patience', index: 0, targets: ['lookup.choosing'] });
    expect(chart?.nodes.find(({ id }) => id === 'lookup.asking')).toMatchObject({
      name: 'asking',
      parent: 'lookup',
      type: 'compound',
      initial: false,
      entry: ['countTry', 'transmit'],
    });
  });

  it('says where each state with parts begins', () => {
    const initial = CHARTS.get('browser')?.nodes.filter((node) => node.initial);
    expect(initial?.map(({ name }) => name)).toEqual(['idle', 'waiting', 'choosing']);
  });
});
