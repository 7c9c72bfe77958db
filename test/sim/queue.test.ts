import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/base/time.ts';
import { makeQueue } from '../../src/sim/queue.ts';

const drain = <T>(queue: ReturnType<typeof makeQueue<T>>): T[] => {
  const out: T[] = [];
  for (let item = queue.pop(); item; item = queue.pop()) out.push(item.payload);
  return out;
};

describe('the event queue', () => {
  it('gives what is due first, first', () => {
    const queue = makeQueue<string>();
    queue.push(instant(30), 'c');
    queue.push(instant(10), 'a');
    queue.push(instant(20), 'b');
    expect(queue.peek()?.payload).toBe('a');
    expect(drain(queue)).toEqual(['a', 'b', 'c']);
    expect(queue.pop()).toBeUndefined();
  });

  it('keeps the order of pushing among items of one instant', () => {
    const queue = makeQueue<number>();
    for (let i = 0; i < 100; i++) queue.push(instant(5), i);
    expect(drain(queue)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('puts a lower rank before a higher one at the same instant only', () => {
    const queue = makeQueue<string>();
    queue.push(instant(5), 'late stimulus', 1);
    queue.push(instant(4), 'early stimulus', 1);
    queue.push(instant(5), 'packet');
    expect(drain(queue)).toEqual(['early stimulus', 'packet', 'late stimulus']);
  });

  it('numbers each rank by itself, so one more stimulus takes no number from a packet', () => {
    const without = makeQueue<string>();
    const withOne = makeQueue<string>();
    withOne.push(instant(9), 'stimulus', 1);
    expect(withOne.push(instant(5), 'packet').sequence).toBe(without.push(instant(5), 'packet').sequence);
  });

  it('cancels an item once, and no item that has left', () => {
    const queue = makeQueue<string>();
    const a = queue.push(instant(1), 'a');
    const b = queue.push(instant(2), 'b');
    expect(queue.cancel(b)).toBe(true);
    expect(queue.cancel(b)).toBe(false);
    expect(queue.pop()).toBe(a);
    expect(queue.cancel(a)).toBe(false);
    expect(queue.size()).toBe(0);
  });

  it('equals a sorted list under any pushes, pops and cancels', () => {
    const command = fc.oneof(
      fc.record({ do: fc.constant('push' as const), due: fc.nat(20), rank: fc.nat(2) }),
      fc.record({ do: fc.constant('pop' as const) }),
      fc.record({ do: fc.constant('cancel' as const), which: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
        const queue = makeQueue<number>();
        const model: ReturnType<typeof queue.push>[] = [];
        const inOrder = () => model.sort((a, b) => a.due - b.due || a.rank - b.rank || a.sequence - b.sequence);
        commands.forEach((c, i) => {
          if (c.do === 'push') model.push(queue.push(instant(c.due), i, c.rank));
          else if (c.do === 'pop') expect(queue.pop()).toBe(inOrder().shift());
          else for (const item of model.splice(c.which % (model.length + 1), 1)) expect(queue.cancel(item)).toBe(true);
          expect(queue.size()).toBe(model.length);
        });
        expect(drain(queue)).toEqual(inOrder().map((item) => item.payload));
      }),
    );
  });
});
