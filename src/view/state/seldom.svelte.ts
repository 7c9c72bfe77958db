/**
 * A value that is worked out from the playhead but seldom changes: which event was the last, what the clock says in whole
 * milliseconds. It is looked at in every frame and announced only when it differs, so that a frame in which nothing happens
 * wakes nothing but what moves.
 */
import { untrack } from 'svelte';
import type { Instant } from '../../base/time.ts';

export class Seldom<T extends string | number> {
  #now: () => Instant;
  #make: (now: Instant) => T;
  #last: T | undefined;
  #beat = $state.raw(0);
  /** Worked out anew on a beat, and when anything else that it is made from changes. */
  value: T = $derived.by(() => {
    void this.#beat;
    const value = this.#make(untrack(this.#now));
    this.#last = value;
    return value;
  });

  constructor(now: () => Instant, make: (now: Instant) => T) {
    this.#now = now;
    this.#make = make;
  }

  /** The playhead has moved. Until somebody has read the value, there is nothing to compare with. */
  look(): void {
    if (this.#last === undefined || this.#make(this.#now()) === this.#last) return;
    this.#last = undefined;
    this.#beat++;
  }
}
