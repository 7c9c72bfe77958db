/**
 * The event queue: what is due, in the one order that every run of a seed repeats.
 *
 * The order is (due, rank, sequence). The rank sets items of one instant apart by kind, lower first; the sequence counts
 * within a rank. Stimuli get a rank of their own, so that a stimulus added to a scenario takes no number away from
 * anything else: what came before it keeps its order and its numbers.
 */

import type { Instant } from '../base/time.ts';

/** Something that waits for its instant; also the handle by which it is cancelled. */
export interface Queued<T> {
  readonly due: Instant;
  readonly rank: number;
  /** Counted from 0 within the rank, in the order of pushing. */
  readonly sequence: number;
  readonly payload: T;
}

/** A queue of items by (due, rank, sequence). */
export interface EventQueue<T> {
  /** Puts an item in; the answer cancels it. The rank is a small whole number, 0 unless told. */
  push(due: Instant, payload: T, rank?: number): Queued<T>;
  /** Takes an item out before its time; false when it has left the queue already. */
  cancel(item: Queued<T>): boolean;
  /** The next item, left in the queue. */
  peek(): Queued<T> | undefined;
  /** The next item, taken out. */
  pop(): Queued<T> | undefined;
  /** How many items wait. */
  size(): number;
}

/** An empty queue: a binary heap whose items know their place, so that cancelling is O(log n) and keeps nothing behind. */
export function makeQueue<T>(): EventQueue<T> {
  const heap: Placed<T>[] = [];
  const counted: number[] = [];

  const place = (item: Placed<T>, index: number): void => {
    heap[index] = item;
    item.index = index;
  };

  const rise = (item: Placed<T>, from: number): void => {
    let index = from;
    while (index > 0) {
      const parent = heap[(index - 1) >> 1] as Placed<T>;
      if (!isBefore(item, parent)) break;
      place(parent, index);
      index = (index - 1) >> 1;
    }
    place(item, index);
  };

  const sink = (item: Placed<T>, from: number): void => {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const first = heap[left];
      if (!first) break;
      const second = heap[left + 1];
      const child = second && isBefore(second, first) ? second : first;
      if (!isBefore(child, item)) break;
      const next = child.index;
      place(child, index);
      index = next;
    }
    place(item, index);
  };

  const removeAt = (index: number): void => {
    const gone = heap[index] as Placed<T>;
    const last = heap.pop() as Placed<T>;
    if (last !== gone) {
      sink(last, index);
      rise(last, last.index);
    }
    gone.index = -1;
  };

  return {
    push(due, payload, rank = 0) {
      const sequence = counted[rank] ?? 0;
      counted[rank] = sequence + 1;
      const item: Placed<T> = { due, rank, sequence, payload, index: -1 };
      rise(item, heap.length);
      return item;
    },
    cancel(item) {
      const { index } = item as Placed<T>;
      if (heap[index] !== item) return false;
      removeAt(index);
      return true;
    },
    peek: () => heap[0],
    pop() {
      const first = heap[0];
      if (first) removeAt(0);
      return first;
    },
    size: () => heap.length,
  };
}

interface Placed<T> extends Queued<T> {
  index: number;
}

const isBefore = <T>(a: Queued<T>, b: Queued<T>): boolean =>
  a.due !== b.due ? a.due < b.due : a.rank !== b.rank ? a.rank < b.rank : a.sequence < b.sequence;
