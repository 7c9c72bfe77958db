/**
 * Which of two pictures the map's place shows while a domain is being registered: the way of the order, or the packets. Between
 * visits it is the order's; while a visit's packets fly it is the map. The reader may choose the other until that changes.
 */
import type { Moment } from './moment.svelte.ts';

export type Shown = 'registration' | 'packets';

const ORDERS = ['register', 'delegate', 'transfer'];
/** For how long, in microseconds of network time, what a visit has found stays before the eye. */
const LOOK = 1_000_000;

export class Registering {
  #moment: Moment;
  #chosen = $state.raw<{ readonly shown: Shown; readonly during: string } | undefined>();
  /** The name with which the order form was opened. */
  form = $state.raw<string | undefined>();

  constructor(moment: Moment) {
    this.#moment = moment;
  }

  #from = $derived.by(() =>
    Math.min(...this.#moment.trace.stimuli.flatMap(({ action, at }) => (ORDERS.includes(action) ? [at] : []))),
  );
  /** Whether somebody has ordered something by now. */
  told = $derived.by(() => this.#moment.turn >= 0 && this.#moment.at >= this.#from);
  #usual: Shown = $derived.by(() => {
    const { visit } = this.#moment.scene;
    const over = visit?.to === undefined ? visit === undefined : this.#moment.ended && this.#moment.now - visit.to > LOOK;
    return over ? 'registration' : 'packets';
  });
  /** The stretch of the story: a choice lasts as long. */
  #stretch = $derived.by(() => `${this.#moment.scene.visit?.number ?? 0} ${this.#usual}`);
  shown: Shown = $derived(this.#chosen?.during === this.#stretch ? this.#chosen.shown : this.#usual);
  /** Whether the registration takes the map's place. */
  covers = $derived.by(() => this.told && this.shown === 'registration');

  choose(shown: Shown): void {
    this.#chosen = { shown, during: this.#stretch };
  }
}
