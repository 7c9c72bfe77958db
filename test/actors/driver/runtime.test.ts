import { describe, expect, it } from 'vitest';
import { assign, createMachine, enqueueActions, raise, setup } from 'xstate';
import { attacker } from '../../../src/actors/attacker.ts';
import { makeRuntime, type Witness } from '../../../src/actors/driver/runtime.ts';
import { makeSimulation } from '../../../src/actors/driver/simulation.ts';
import type { HostDefinition } from '../../../src/actors/host.ts';
import type { Stimulus } from '../../../src/actors/world.ts';
import { address } from '../../../src/base/address.ts';
import { milliseconds } from '../../../src/base/time.ts';
import { dropMatching } from '../../../src/sim/rules.ts';
import { sameAsPublic } from '../same.ts';
import { a, aaaa, handing, knowing, LAPTOP, LAPTOP6, laptop, places, RESOLVER, visit, web } from '../world.ts';

const seen = new Map<string, number>();
const witness: Witness = (machine, before, handed, step) => {
  seen.set(machine.id, (seen.get(machine.id) ?? 0) + 1);
  sameAsPublic(machine, before, handed, step);
};

const play = (stimuli: readonly Stimulus[], hosts: readonly HostDefinition[], drop = 0): void => {
  makeSimulation({
    seed: 1,
    hosts,
    stimuli,
    rules: [
      { name: 'latency', rule: places },
      ...(drop ? [{ name: 'drop', rule: dropMatching(() => true, { first: 1, last: drop }) }] : []),
    ],
    record: { name: 'test', title: 'Test' },
    witness,
  }).run();
};

describe('driving machines as pure functions', () => {
  it('gives what XState’s public functions give, along a visit with IPv4 and IPv6', () => {
    play(
      [visit(0), visit(30_000), visit(31_000, 'wwww.example.com')],
      [laptop({ addresses: [LAPTOP, LAPTOP6] }), knowing([a(), aaaa()]), web()],
    );
    expect([...seen.keys()].sort()).toEqual(['authoritative', 'browser', 'lookup', 'mailer', 'program', 'stub', 'webserver']);
  });

  it('gives the same when packets are lost and timers ring', () => {
    play(
      [visit(0), handing(0, 'laptop', 'laptop/mail', { type: 'send', to: 'user@www.example.com' })],
      [laptop(), knowing([a()])],
      4,
    );
  });

  it('gives the same for an attacker', () => {
    const host: HostDefinition = {
      id: 'attacker',
      role: 'attacker',
      title: 'Attacker',
      addresses: [address('203.0.113.66')],
      place: 'elsewhere',
      thinking: milliseconds(0),
      machines: [attacker],
      instances: [{ path: 'attacker', machine: 'attacker', title: 'Attacker', input: {} }],
    };
    const forgery = { from: { address: RESOLVER, port: 53 }, to: { address: LAPTOP, port: 50_000 }, bytes: Uint8Array.of(1) };
    play(
      [handing(0, 'attacker', 'attacker', { type: 'forge', forgeries: [forgery, forgery], every: milliseconds(1) })],
      [host, laptop()],
    );
    expect(seen.get('attacker')).toBe(4);
  });

  it('gives the same for raised events, nested finals, parallel regions and re-entry', () => {
    const machine = setup({
      types: { context: {} as { n: number } },
      actions: { effect: () => {} },
      delays: { soon: () => 5 },
    }).createMachine({
      id: 'odd',
      context: { n: 0 },
      type: 'parallel',
      states: {
        left: {
          initial: 'a',
          states: {
            a: { entry: 'effect', exit: 'effect', on: { go: { target: 'b', actions: raise({ type: 'inner' }) } } },
            b: { initial: 'x', states: { x: { on: { inner: 'y' } }, y: { type: 'final' } }, onDone: 'c' },
            c: { after: { soon: 'a' }, on: { back: { target: 'c', reenter: true } } },
          },
        },
        right: {
          on: { go: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
          entry: enqueueActions(({ enqueue, check }) => {
            if (check(() => true)) enqueue('effect');
          }),
        },
      },
    });
    const runtime = makeRuntime({ inspect: true });
    let step = runtime.begin(machine, {});
    sameAsPublic(machine, undefined, {}, step);
    for (const type of ['go', 'back', 'xstate.after.soon.odd.left.c', 'unknown', 'go']) {
      const before = step.snapshot;
      step = runtime.advance(machine, before, { type });
      sameAsPublic(machine, before, { type }, step);
    }
    expect(step.snapshot.value).toEqual({ left: 'c', right: {} });
  });

  it('throws what goes wrong inside a machine, at the start as well', () => {
    const failing = createMachine({
      context: () => {
        throw new Error('no context');
      },
    });
    expect(() => makeRuntime({ inspect: false }).begin(failing, {})).toThrow('no context');
  });

  it('ends a machine that goes round in circles', () => {
    const circle = createMachine({
      options: { maxIterations: 100 },
      initial: 'a',
      states: { a: { on: { go: 'b' } }, b: { always: 'c' }, c: { always: 'b' } },
    });
    const runtime = makeRuntime({ inspect: false });
    const { snapshot } = runtime.begin(circle, {});
    expect(() => runtime.advance(circle, snapshot, { type: 'go' })).toThrow('Infinite loop');
  });
});
