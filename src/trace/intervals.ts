/** Things that live from one place of an ordered axis to another, and which of them live at a place. */

export interface Lived<T> {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly value: T;
}

export interface Intervals<T> {
  /** What lives at a place (`from` ≤ place < `to`), in order of `from`; O(log n) plus what is found. */
  at(place: number): T[];
}

/** How many beginnings lie between two snapshots. */
const STRIDE = 32;

/**
 * Makes the index: the intervals by their beginning, and every few of them a snapshot of what still lives, so that a query
 * looks at one snapshot and at most `STRIDE` beginnings.
 */
export function makeIntervals<T>(items: readonly Lived<T>[]): Intervals<T> {
  const sorted = items.filter((item) => item.to > item.from).sort((a, b) => a.from - b.from);
  const snapshots: Lived<T>[][] = [];
  let alive: Lived<T>[] = [];
  for (const [i, item] of sorted.entries()) {
    if (i % STRIDE === 0) {
      alive = alive.filter((one) => one.to > item.from);
      snapshots.push(alive.slice());
    }
    alive.push(item);
  }
  return {
    at(place) {
      const low = lastIndexWhere(sorted, (item) => item.from <= place) + 1;
      if (low === 0) return [];
      const block = Math.floor((low - 1) / STRIDE);
      const found: T[] = [];
      for (const one of snapshots[block] as Lived<T>[]) if (one.to > place) found.push(one.value);
      for (let i = block * STRIDE; i < low; i++) {
        const one = sorted[i] as Lived<T>;
        if (one.to > place) found.push(one.value);
      }
      return found;
    },
  };
}

/** The last place in a list of which `holds` is true; those for which it is true come first. -1 when there is none. */
export function lastIndexWhere<T>(items: ArrayLike<T>, holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
