/** The timetable as it is drawn: the axis, the strokes, the signs above and the flags in it; or, between visits, a clock. */
import type { Instant } from '../../base/time.ts';
import type { StepNumber } from '../../trace/steps.ts';
import { clockAxis, clockInstant, clockTicks, clockWindowAt } from '../geometry/clock/axis.ts';
import { clockChart } from '../geometry/clock/chart.ts';
import { nameOfVisits } from '../geometry/clock/rows.ts';
import { shortened, textWidth } from '../geometry/measure.ts';
import { type Axis, axisAt, axisInstant, instantOn, ticksOf, xOf } from '../geometry/stringline/axis.ts';
import { chart } from '../geometry/stringline/chart.ts';
import { AHEAD, type ChartLabel, placeAhead, quietPlace } from '../geometry/stringline/labels.ts';
import type { RowPlan } from '../geometry/stringline/rows.ts';
import { pastSigns, type Sign, signsOf, signsUnseen, whyShort } from '../geometry/stringline/signs.ts';
import type { Stroke } from '../geometry/stringline/strokes.ts';
import type { Moment } from './moment.svelte.ts';
import type { Player } from './player.svelte.ts';
import type { Screen } from './screen.svelte.ts';
import type { Seldom } from './seldom.svelte.ts';

/** How far the number and the words of the step at hand reach to the right. */
const wordsWidth = (words: string): number => 9 + 1.04 * (textWidth(words, 12.5) + 15);

export class Chart {
  /** The width of the chart's box, measured. */
  width = $state.raw(1440);
  #moment: Moment;
  #screen: Screen;

  #axisNow: Seldom<number>;
  #clockNow: Seldom<number>;
  #edge: Seldom<number>;

  constructor(moment: Moment, player: Player, screen: Screen) {
    this.#moment = moment;
    this.#screen = screen;
    this.#axisNow = player.seldom((now) => axisInstant(moment.timeline, moment.visits, now));
    this.#clockNow = player.seldom((now) => clockInstant(moment.trace, moment.visits, now));
    this.#edge = player.seldom((now) => {
      if (this.#window) return { value: 0, until: Number.POSITIVE_INFINITY };
      const x = xOf(this.axis, now);
      const next = this.#edges.findIndex((edge) => edge > x);
      const passed = next < 0 ? this.#edges.at(-1) : this.#edges[next - 1];
      const ahead = this.#edges[next];
      return { value: passed ?? 0, until: ahead === undefined ? Number.POSITIVE_INFINITY : instantOn(this.axis, ahead) };
    });
  }

  plan: RowPlan = $derived.by(() => (this.#screen.low ? { top: 40, pitch: 17, room: 85 } : { top: 42, pitch: 27, room: 135 }));
  /** The name that the clock is about: the one at hand. */
  #name = $derived.by(() => nameOfVisits(this.#moment.visits, this.#moment.visit));
  /** Between visits the chart is a clock, which shows seconds, minutes or days. */
  #window = $derived.by(() => {
    const { trace, visits } = this.#moment;
    return this.#name === undefined ? undefined : clockWindowAt(trace, visits, this.#clockNow.value);
  });
  axis: Axis = $derived.by(() => {
    const { timeline, visits } = this.#moment;
    const left = this.#screen.form === 'wide' ? 176 : 140;
    const right = Math.max(left + 200, this.width - 28);
    if (this.#window) return clockAxis(this.#window, left, right);
    return axisAt(timeline, visits, this.#axisNow.value as Instant, left, right);
  });
  /** What is shown between visits, instead of strokes and signs. */
  clocked = $derived.by(() => {
    const { trace, visits } = this.#moment;
    const name = this.#name;
    return this.#window && name !== undefined ? clockChart(trace, visits, name, this.axis, this.plan) : undefined;
  });
  /** The marks of each stretch of the axis. */
  ticks = $derived.by(() =>
    this.axis.stretches.map((stretch) => ({ stretch, marks: this.#window ? clockTicks(stretch) : ticksOf(stretch) })),
  );
  nowX = $derived.by(() => Math.min(this.axis.right, xOf(this.axis, this.#moment.now)));
  drawn = $derived.by(() => {
    const { trace, visits, visit } = this.#moment;
    return chart(trace, visits, this.axis, this.plan, visit);
  });
  hasBegun = ({ sent, packet }: Stroke): boolean => sent <= this.#moment.at && packet.turn <= this.#moment.turn;
  /** The places at which words appear or make way as the now-line passes them, from left to right. */
  #edges = $derived.by(() =>
    [
      ...this.drawn.labels.map(({ right }) => right),
      ...this.drawn.brackets.map(({ right }) => right),
      ...this.reasons.map(({ until }) => until).filter(Number.isFinite),
      ...this.signs.flatMap(({ left, options = [] }) => options.map((words) => left + wordsWidth(words))),
    ].sort((a, b) => a - b),
  );
  /** The last of these places that the now-line has passed. */
  edge = $derived.by(() => this.#edge.value);
  /** Words wait until there is ink behind all of their letters, or until what they name is over. */
  isNamed = ({ right, from, to, hue }: Pick<ChartLabel, 'right' | 'from' | 'to'> & Partial<ChartLabel>): boolean => {
    const { at } = this.#moment;
    return right <= this.edge || (hue !== 'state' && from <= at && to <= at);
  };
  /** The words of the step at hand come when they no longer stand in the now-line's way. */
  wordsOf = (sign: Sign): string =>
    sign.options ? (sign.options.find((words) => sign.left + wordsWidth(words) <= this.edge) ?? '') : sign.words;

  /** Where the now-line stood when something last happened: words that make way for it do so by events. */
  signs = $derived.by(() => {
    const { scene, stepNames } = this.#moment;
    if (this.#window) return signsUnseen(scene, stepNames);
    return signsOf(this.axis, scene, stepNames, (step) => this.#rowOf(step));
  });
  pastSigns = $derived.by(() => {
    const { visits, scene, stepNames } = this.#moment;
    return pastSigns(this.axis, visits, scene, stepNames, this.signs);
  });
  /** Why steps were skipped, each on the row that stayed silent: right of the now-line at first, then in a quiet place if any. */
  reasons = $derived.by(() => {
    const { scene, cast } = this.#moment;
    return this.signs.flatMap((sign) => {
      if (sign.place !== 'row' || sign.y === undefined) return [];
      const { y, left } = sign;
      const end = this.axis.stretches.find((stretch) => left < stretch.right)?.right ?? this.axis.right;
      const said = (text: string, x: number | undefined, from: number, until: number) =>
        x === undefined ? undefined : { step: sign.step, text, x, y: y + 4, from, until };
      const ahead = (text: string) => {
        const x = placeAhead(this.#own.strokes, y, left + 26, end, textWidth(text, 11.5) + 8);
        return said(text, x, 0, (x ?? 0) - AHEAD + 1);
      };
      const quiet = (text: string, to: number) => {
        const x = quietPlace(this.#own, this.axis.folds, y, left + 26, to, textWidth(text, 11.5) + 8);
        return said(text, x, 0, Number.POSITIVE_INFINITY);
      };
      const short = `${sign.step} skipped`;
      const full = `${short}: ${whyShort(scene, cast, sign.step)}`;
      const early = ahead(full) ?? ahead(short);
      const late = quiet(full, end) ?? quiet('skipped', left + 90);
      if (!early || (late && late.x <= early.x)) return late ?? [];
      return late ? [early, { ...late, from: early.until }] : [early];
    });
  });
  /** Some stand only while the now-line has not come to them, and others only from then on. */
  isAt = ({ from, until }: { readonly from: number; readonly until: number }): boolean => from <= this.edge && this.edge < until;
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
  #rowOf(step: StepNumber): number | undefined {
    const zone = step >= 3 && step <= 5 ? this.#moment.cast.zones[step - 3]?.zone : undefined;
    return zone === undefined ? undefined : this.drawn.rows.find((row) => row.id === `zone ${zone}`)?.y;
  }
}
