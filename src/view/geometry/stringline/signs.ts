/** The line of steps above the chart: what each stretch of time was for, what was skipped, what is to come. */

import type { Scene } from '../../../trace/scene.ts';
import type { Pass, StepAt, StepNumber, StepState, Visit } from '../../../trace/steps.ts';
import type { Cast } from '../cast.ts';
import { timeLeftInWords } from '../map/ledger.ts';
import { textWidth } from '../measure.ts';
import type { StepNames } from '../stepNames.ts';
import { type Axis, xOf } from './axis.ts';

export interface Sign {
  readonly step: StepNumber;
  readonly state: StepState;
  readonly title: string;
  readonly why?: string;
  /** Where its line and its words stand; a step to come has words only. */
  readonly left: number;
  /** Where its line begins, if its words had to make room at the chart's end. */
  readonly lineLeft?: number;
  readonly right: number;
  /** What fits beside the number. */
  readonly words: string;
  /** For the step at hand, whose words wait until the now-line has made room: from the fullest to the shortest. */
  readonly options?: readonly string[];
  readonly place: 'line' | 'row' | 'coming' | 'unseen';
  readonly y?: number;
  readonly current: boolean;
  /** Of the first step to come, if there is room for it: "to come" stands before it. */
  readonly called?: boolean;
}

/** The nine of the visit at hand, one sign each. */
export function signsOf(axis: Axis, scene: Scene, names: StepNames, rowOf: (step: StepNumber) => number | undefined): Sign[] {
  const { visit, steps } = scene;
  if (!visit) return [];
  const now = scene.position.at;
  const starts = steps.flatMap(({ step }) => step.passes.map((pass) => pass.from)).sort((a, b) => a - b);
  const signs: Sign[] = [];
  const coming: StepAt[] = [];
  for (const at of steps) {
    const { step, state } = at;
    const begun = step.passes.filter((pass) => pass.from <= now && state !== 'pending');
    const pass = begun.at(-1);
    const common = { step: step.number, state, title: step.title, ...(at.why === undefined ? {} : { why: at.why }) };
    if (pass) {
      const shown = shownPass(at, begun) as Pass;
      const called = names.full(step.number, shown.question);
      const next = starts.find((start) => start > shown.from);
      const left = xOf(axis, shown.from) + 1;
      const right =
        xOf(
          axis,
          Math.min(
            next ?? Number.POSITIVE_INFINITY,
            shown.to ?? visit.to ?? now,
            state === 'active' ? now : Number.POSITIVE_INFINITY,
          ),
        ) - 1;
      const room = (next === undefined ? axis.right : xOf(axis, next)) - left - 8;
      const active = state === 'active';
      // What it had led to before it was asked once more has a sign of its own already, which keeps its place.
      const options = next !== undefined && next <= now ? called.filter((words) => fitting([words], room) === words) : called;
      signs.push({
        ...common,
        left,
        right: Math.max(left, right),
        words: fitting(options, active ? 400 : room),
        ...(active ? { options } : {}),
        place: 'line',
        current: active,
      });
    } else if (state === 'skipped') {
      const y = rowOf(step.number);
      if (y !== undefined)
        signs.push({ ...common, left: xOf(axis, visit.from) + 4, right: 0, words: '', place: 'row', y, current: false });
      else signs.push(unseen(at));
    } else coming.push(at);
  }
  const kept = signs.findLast((sign) => sign.current);
  return [
    ...apart(signs, axis).map((sign) => ({ ...sign, current: sign.step === kept?.step })),
    ...toCome(axis, coming, names, edgeOf(axis, scene, coming)),
  ];
}

/** The pass that a step's sign stands at: the first, or, on a walk for another name, the one under way. */
function shownPass({ state }: StepAt, begun: readonly Pass[]): Pass | undefined {
  const last = begun.at(-1);
  if (last && state === 'active' && isAnotherWalk(last)) return last;
  return begun.find((pass) => !isAnotherWalk(pass)) ?? begun[0];
}

const isWalk = (pass: Pass): boolean => pass.purpose === 'name' || isAnotherWalk(pass);
const isAnotherWalk = ({ purpose }: Pass): boolean => purpose === 'cname' || purpose === 'errand' || purpose === 'key';

/** Numbers keep a distance from one another, and words end where the chart ends. */
function apart(signs: readonly Sign[], axis: Axis): Sign[] {
  let free = Number.NEGATIVE_INFINITY;
  const lefts = new Map<Sign, number>();
  for (const sign of signs.filter(({ place }) => place === 'line').sort((a, b) => a.left - b.left)) {
    const left = Math.min(Math.max(sign.left, free), axis.right - (sign.options ? 0 : textWidth(sign.words, 13) + 14));
    lefts.set(sign, left);
    free = left + NUMBER;
  }
  return signs.map((sign) => ({
    ...sign,
    left: lefts.get(sign) ?? sign.left,
    ...(lefts.has(sign) ? { lineLeft: sign.left } : {}),
  }));
}

/** Pixels that a number needs for itself. */
const NUMBER = 11;

/** Signs beside the nine, which have no list of their own: other visits on the axis, and walks for another name. */
export function pastSigns(
  axis: Axis,
  visits: readonly Visit[],
  scene: Scene,
  names: StepNames,
  nine: readonly Sign[],
): { left: number; right: number; number: StepNumber | undefined; words: string }[] {
  const isTaken = (left: number): boolean => nine.some((sign) => sign.place === 'line' && Math.abs(sign.left - left) < NUMBER);
  const now = scene.position.at;
  const shown = visits.filter(
    (visit) =>
      visit.from <= now &&
      (visit.number === scene.visit?.number || !areAtOnce(visit, scene.visit)) &&
      axis.stretches.some((s) => visit.from >= s.from && visit.from <= s.to),
  );
  let taken = Number.NEGATIVE_INFINITY;
  return shown.flatMap((visit) => {
    const own = visit.number === scene.visit?.number;
    const passes = visit.steps
      .flatMap((step) => step.passes.map((pass) => ({ number: step.number, pass })))
      .sort((a, b) => a.pass.from - b.pass.from || a.number - b.number);
    return passes.flatMap(({ number, pass }, i) => {
      if (own && !isBeside(scene, number, pass)) return [];
      const next = passes[i + 1]?.pass.from ?? pass.to ?? visit.to ?? pass.from;
      const left = xOf(axis, pass.from) + 1;
      const right = xOf(axis, next) - 1;
      const bare = left < taken || isTaken(left);
      const words = fitting(names.full(number, pass.question, visit), right - left - 10);
      if (!bare) taken = left + 9 + (words ? textWidth(words, 12.5) + 7 : 0);
      return right - left < 3 ? [] : [{ left, right, number: bare ? undefined : number, words: bare ? '' : words }];
    });
  });
}

/** Two visits whose signs would stand in one another's place. */
const areAtOnce = (a: Visit, b: Visit | undefined): boolean =>
  b !== undefined && a.from < (b.to ?? Number.POSITIVE_INFINITY) && (a.to ?? Number.POSITIVE_INFINITY) > b.from;

/** Whether a pass of the visit at hand has begun and has no sign among the nine. */
function isBeside(scene: Scene, step: StepNumber, pass: Pass): boolean {
  const at = scene.steps[step - 1];
  if (!at || at.state === 'pending' || pass.from > scene.position.at) return false;
  const begun = at.step.passes.filter(({ from }) => from <= scene.position.at);
  return isWalk(pass) && begun.some(isAnotherWalk) && pass.from !== shownPass(at, begun)?.from;
}

/**
 * Right-aligned, so that nothing moves while they come nearer, and all to the right of where the now-line will stand when the
 * next of them begins: it is seen until then, whatever must give way for it.
 */
function toCome(axis: Axis, coming: readonly StepAt[], names: StepNames, edge: number): Sign[] {
  const [first] = coming;
  if (!first) return [];
  const room = axis.right - edge - 14;
  const worded = (level: number) => (at: StepAt) => {
    const all = names.full(at.step.number);
    return { at, words: all[at.step.number === 8 ? level + 1 : level] ?? all.at(-1) ?? '' };
  };
  const bare = (at: StepAt) => ({ at, words: '' });
  const rest = coming.slice(1);
  const ways = [
    { called: true, signs: coming.map(worded(0)) },
    { called: true, signs: coming.map(worded(1)) },
    { called: true, signs: [worded(0)(first), ...rest.map(bare)] },
    { called: false, signs: [worded(0)(first), ...rest.map(bare)] },
    { called: false, signs: [worded(1)(first), ...rest.map(bare)] },
    { called: false, signs: coming.map(bare) },
    { called: false, signs: [bare(first)] },
  ];
  const widthOf = ({ words }: { readonly words: string }): number => textWidth(words, 12.5) + 12 + (words ? 16 : 6);
  const total = (signs: readonly { readonly words: string }[]): number => signs.reduce((sum, sign) => sum + widthOf(sign), 0);
  const last = ways.length - 1;
  const { called, signs } = ways.find(
    (way, i) => i === last || total(way.signs) + (way.called ? CALLED : 0) <= room,
  ) as (typeof ways)[0];
  // Where the chart ends with the step itself, its number stands in the margin.
  let x = Math.min(Math.max(axis.right - total(signs), edge + 8), axis.right + MARGIN);
  return coming.map((at, i) => {
    const sign = signs[i];
    if (!sign) return unseen(at);
    const left = x;
    x += widthOf(sign);
    const { step, state, why } = at;
    return {
      step: step.number,
      state,
      title: step.title,
      ...(why === undefined ? {} : { why }),
      left,
      right: x,
      words: sign.words,
      place: 'coming',
      current: false,
      ...(called && i === 0 ? { called } : {}),
    };
  });
}

/** Pixels that "to come" needs in front of the first. */
const CALLED = 70;
/** How far right of the axis a number may stand. */
const MARGIN = 8;

/** Where the now-line will stand when the next of some steps begins; where none will, where it ends. */
function edgeOf(axis: Axis, { visit, position }: Scene, coming: readonly StepAt[]): number {
  const next = Math.min(
    ...coming.flatMap(({ step }) => step.passes.map(({ from }) => from).filter((from) => from >= position.at)),
    visit?.to ?? Number.POSITIVE_INFINITY,
  );
  return xOf(axis, Number.isFinite(next) ? next : position.at);
}

/** The nine where there is no line for them to stand on, so that they can be found by name all the same. */
export const signsUnseen = ({ visit, steps }: Scene, names: StepNames): Sign[] =>
  visit ? steps.map((at) => ({ ...unseen(at), words: names.full(at.step.number)[0] ?? '' })) : [];

const unseen = ({ step, state, why }: StepAt): Sign => ({
  step: step.number,
  state,
  title: step.title,
  ...(why === undefined ? {} : { why }),
  left: 0,
  right: 0,
  words: '',
  place: 'unseen',
  current: false,
});

/** The fullest of some wordings that fits beside a number. */
export const fitting = (texts: readonly string[], room: number): string =>
  texts.find((text) => textWidth(text, 12.5) + 15 <= room) ?? '';

/** "no need to ask where com. is", "answered from cache, 47 h 54 m left": why a step was skipped, for its row of the chart. */
export function whyShort(scene: Scene, cast: Cast, step: StepNumber): string {
  const at = scene.steps[step - 1];
  const kept = at?.step.kept;
  const why = at?.why ?? 'not needed';
  if (!kept) return why.charAt(0).toLowerCase() + why.slice(1).replace(/\.$/, '');
  const left = timeLeftInWords(kept.left);
  const because = at?.step.because;
  if (because === 'delegation' && step === 3 && scene.steps[3]?.state === 'skipped')
    return `no need to ask where ${cast.zones[1].zone ?? 'it'} is`;
  if (because === 'no-such-name' || because === 'no-such-type') return `the “no” is still kept, ${left} left`;
  return `answered from cache, ${left} left`;
}
