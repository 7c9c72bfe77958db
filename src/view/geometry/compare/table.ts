/** Two visits in figures: what each step took, and how many messages were sent. */
import type { StepNumber, Visit } from '../../../trace/steps.ts';
import type { MessageId, Trace } from '../../../trace/trace.ts';
import { goalOf, type Lane, type Lanes } from './lanes.ts';
import { zoneWords } from './words.ts';

export interface Row {
  readonly title: string;
  readonly a: string;
  readonly b: string;
  readonly saved: string;
  /** Rows that tell nothing new recede. */
  readonly same: boolean;
}

export interface Figures {
  readonly steps: readonly Row[];
  readonly total?: Row;
  readonly messages: readonly Row[];
}

/** Steps that are told together. */
const GROUPS: readonly (readonly StepNumber[])[] = [[1, 2], [3], [4], [5, 6], [7]];

export function figuresOf(trace: Trace, lanes: Lanes): Figures {
  const [a, b] = lanes;
  const steps = GROUPS.flatMap((group) => (isOne(a, group) && isOne(b, group) ? [group] : group.map((step) => [step]))).flatMap(
    (group) => {
      const [mine, others] = [timeIn(a, group), timeIn(b, group)];
      if (mine === undefined && others === undefined) return [];
      const named = mine === undefined ? b : a;
      return [
        row(
          titleOf(
            named,
            group.filter((step) => goesThrough(named, step)),
          ),
          mine,
          others,
          tenths,
        ),
      ];
    },
  );
  const total =
    a.answered === undefined || b.answered === undefined
      ? undefined
      : row(`Time to the ${goalOf(a.visit, b.visit)}`, a.answered, b.answered, tenths);
  const count = (visit: Visit, from: StepNumber, to: StepNumber): number => messagesIn(trace, visit, from, to).size;
  const compared = (title: string, from: StepNumber, to: StepNumber): Row =>
    row(title, count(a.visit, from, to), count(b.visit, from, to), String);
  const web = compared('with the web server', 8, 9);
  return {
    steps,
    ...(total ? { total } : {}),
    messages: [
      compared('DNS messages', 2, 7),
      compared(`with ${zoneWords(trace, a.visit)}`, 3, 4),
      ...(web.a === '0' && web.b === '0' ? [] : [web]),
    ],
  };
}

const goesThrough = ({ segments }: Lane, step: StepNumber): boolean => segments.some((segment) => segment.step === step);

/** Whether all of some steps are gone through, or none. */
const isOne = (lane: Lane, steps: readonly StepNumber[]): boolean =>
  new Set(steps.filter((step) => step > 1).map((step) => goesThrough(lane, step))).size < 2 &&
  (!steps.includes(1) || goesThrough(lane, 2));

/** Microseconds that steps took until the answer was there; undefined when none of them was gone through. */
function timeIn({ segments, answered = Number.POSITIVE_INFINITY }: Lane, steps: readonly StepNumber[]): number | undefined {
  const own = segments.filter(({ step, from }) => steps.includes(step) && from < answered);
  return own.length === 0 ? undefined : own.reduce((sum, { from, to }) => sum + Math.min(to, answered) - from, 0);
}

function titleOf({ names }: Lane, steps: readonly StepNumber[]): string {
  // The last two are one thing to those who wait: somebody is asked, and looks.
  const told = steps[0] === 5 ? [5 as const] : steps;
  const words = told.map((step, i) => {
    const word = names.full(step)[0] ?? '';
    return i === 0 ? word : word.toLowerCase();
  });
  return `${steps.join(', ')} ${words.join(', ')}`;
}

function row(title: string, a: number | undefined, b: number | undefined, said: (n: number) => string): Row {
  const [mine, others] = [a === undefined ? '' : said(a), b === undefined ? '' : said(b)];
  const saved = said(Math.abs((a ?? 0) - (b ?? 0)));
  const same = mine === others;
  return {
    title,
    a: a === undefined ? 'skipped' : mine,
    b: b === undefined ? 'skipped' : others,
    saved: same ? '0' : `${(a ?? 0) < (b ?? 0) ? '−' : ''}${saved}`,
    same,
  };
}

/** Tenths of a millisecond, without the unit. */
const tenths = (micros: number): string => (Math.round(micros / 100) / 10).toFixed(1);

function messagesIn(trace: Trace, visit: Visit, from: StepNumber, to: StepNumber): Set<MessageId> {
  const passes = visit.steps.filter(({ number }) => number >= from && number <= to).flatMap((step) => step.passes);
  return new Set(passes.flatMap(({ messages }) => messages).filter((id) => to > 7 || trace.messages[id]?.protocol === 'dns'));
}
