/**
 * A value that is worked out from the playhead but seldom changes: which event was the last, what the clock says in whole
 * milliseconds. It tells how long it will stand, so that a frame in which nothing happens compares two numbers and wakes
 * nothing but what moves.
 */
import { untrack } from 'svelte';
import type { Instant } from '../../base/time.ts';

/** A value, and the first instant at which it may be another; before `from` it may be another, too. */
export interface Standing<T> {
  readonly value: T;
  readonly until: number;
}

export class Seldom<T extends string | number> {
  #now: () => Instant;
  #make: (now: Instant) => Standing<T>;
  #last: T | undefined;
  #from = 0;
  #until = 0;
  #beat = $state.raw(0);
  /** Worked out anew on a beat, and when anything else that it is made from changes. */
  value: T = $derived.by(() => {
    void this.#beat;
    return this.#worked(untrack(this.#now));
  });

  constructor(now: () => Instant, make: (now: Instant) => Standing<T>) {
    this.#now = now;
    this.#make = make;
  }

  /** The playhead has moved. Until somebody has read the value, there is nothing to compare with. */
  look(): void {
    const now = this.#now();
    if ((now >= this.#from && now < this.#until) || this.#last === undefined) return;
    const last = this.#last;
    if (this.#worked(now) === last) return;
    this.#last = undefined;
    this.#beat++;
  }

  #worked(now: Instant): T {
    const { value, until } = this.#make(now);
    this.#last = value;
    this.#from = now;
    this.#until = until;
    return value;
  }
}

/** The instant rounded down to whole steps, while time flows; else the instant itself. */
export function inSteps(now: Instant, step: number, flowing: boolean): Standing<number> {
  const value = flowing ? Math.floor(now / step) * step : now;
  return { value, until: flowing ? value + step : now };
}
