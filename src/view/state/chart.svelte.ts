/** The timetable as it is drawn: the axis, the strokes, the signs above and the flags in it. */

import { STEP_NUMBERS, type StepNumber } from '../../trace/steps.ts';
import { type Axis, axisAt, xOf } from '../geometry/axis.ts';
import { shortened, textWidth } from '../geometry/measure.ts';
import { pastSigns, signsOf, whyShort } from '../geometry/signs.ts';
import { chart, quietPlace, type RowPlan } from '../geometry/stringline.ts';
import type { Moment } from './moment.svelte.ts';
import type { Screen } from './screen.svelte.ts';

export class Chart {
  /** The width of the chart's box, measured. */
  width = $state.raw(1440);
  #moment: Moment;
  #screen: Screen;

  constructor(moment: Moment, screen: Screen) {
    this.#moment = moment;
    this.#screen = screen;
  }

  plan: RowPlan = $derived.by(() => (this.#screen.low ? { top: 40, pitch: 17, room: 85 } : { top: 42, pitch: 27, room: 135 }));
  /** As text, so that the chart is laid out anew only when the axis says something else. */
  #axisText = $derived.by(() => {
    const { timeline, visits, now } = this.#moment;
    const left = this.#screen.form === 'wide' ? 176 : 140;
    return JSON.stringify(axisAt(timeline, visits, now, left, Math.max(left + 200, this.width - 28)));
  });
  axis = $derived(JSON.parse(this.#axisText) as Axis);
  nowX = $derived.by(() => Math.min(this.axis.right, xOf(this.axis, this.#moment.now)));
  drawn = $derived.by(() => {
    const { trace, visits, visit } = this.#moment;
    return chart(trace, visits, this.axis, this.plan, visit);
  });
  /** The strokes that have begun. */
  begun = $derived.by(() => {
    const { at, turn } = this.#moment;
    return this.drawn.strokes.filter((stroke) => stroke.sent <= at && stroke.packet.turn <= turn);
  });
  /** Labels wait until there is ink behind all of their letters. */
  #labels = $derived([...this.drawn.labels].sort((a, b) => a.right - b.right));
  #readable = $derived(this.#labels.filter((label) => label.right <= this.nowX).length);
  labels = $derived.by(() => {
    const { at } = this.#moment;
    return this.#labels.filter((label, i) => i < this.#readable || (label.hue !== 'state' && label.from <= at && label.to <= at));
  });

  /** Where the now-line stood when something last happened: words that make way for it do so by events. */
  signs = $derived.by(() => {
    const { scene, stepNames } = this.#moment;
    return signsOf(this.axis, scene, stepNames, (step) => this.#rowOf(step));
  });
  pastSigns = $derived.by(() => pastSigns(this.axis, this.#moment.visits, this.#moment.scene, this.#moment.stepNames));
  firstComing = $derived(this.signs.find((sign) => sign.place === 'coming' && sign.left > this.nowX + 66)?.step);
  /** Why steps were skipped, each on the row that stayed silent. */
  reasons = $derived.by(() => {
    const { scene, cast } = this.#moment;
    return this.signs.flatMap((sign) => {
      if (sign.place !== 'row' || sign.y === undefined) return [];
      const { y, left } = sign;
      const full = `${sign.step} skipped: ${whyShort(scene, cast, sign.step)}`;
      const end = this.axis.stretches.find((stretch) => left < stretch.right)?.right ?? this.axis.right;
      for (const [text, to] of [[full, end] as const, ['skipped', left + 90] as const]) {
        const x = quietPlace(this.#own, this.axis.folds, y, left + 26, to, textWidth(text, 11.5) + 8);
        if (x !== undefined) return [{ step: sign.step, text, x, y: y + 4 }];
      }
      return [];
    });
  });
  /** What the visit at hand has drawn or will draw. */
  #own = $derived.by(() => {
    const turn = this.#moment.visit?.turn ?? 0;
    const { strokes, labels } = this.drawn;
    return { strokes: strokes.filter((stroke) => stroke.packet.turn >= turn), labels };
  });
  /** What-ifs at their instants. */
  flags = $derived.by(() =>
    this.#moment.trace.stimuli.flatMap((stimulus) => {
      if (!stimulus.whatIf || stimulus.action === 'visit' || stimulus.action === 'wait' || stimulus.at > this.#moment.at)
        return [];
      const text = `what if: ${stimulus.text}`;
      const width = Math.min(260, textWidth(text, 12) + 18);
      const x = Math.min(xOf(this.axis, stimulus.at), this.axis.right - width);
      return [{ id: stimulus.id, x, y: this.drawn.rows.at(-2)?.y ?? 150, top: 30, width, text: shortened(text, width - 14, 12) }];
    }),
  );
  /** The nine for the rail that stands apart from the chart. */
  rail = $derived.by(() =>
    STEP_NUMBERS.map((number) => {
      const why = this.#moment.scene.steps[number - 1]?.why;
      const title = this.#moment.stepNames.full(number)[0] ?? '';
      return { number, title, state: this.#moment.stepState(number), ...(why === undefined ? {} : { why }) };
    }),
  );

  #rowOf(step: StepNumber): number | undefined {
    const zone = step >= 3 && step <= 5 ? this.#moment.cast.zones[step - 3]?.zone : undefined;
    return zone === undefined ? undefined : this.drawn.rows.find((row) => row.id === `zone ${zone}`)?.y;
  }
}
