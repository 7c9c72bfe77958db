/** What two visits side by side teach, in words: worked out from what each of them skipped, and why. */
import { ordinal } from '../../../base/text.ts';
import { type Duration, formatDuration } from '../../../base/time.ts';
import { ROOT } from '../../../dns/name.ts';
import { hostOf, zoneName } from '../../../trace/describe.ts';
import type { Step, Visit } from '../../../trace/steps.ts';
import type { Trace } from '../../../trace/trace.ts';
import { castOf } from '../cast.ts';
import { timeLeftInWords } from '../map/ledger.ts';
import { bare } from '../slips/text.ts';
import { spanText } from '../span.ts';
import { goalOf, type Lane, type Lanes } from './lanes.ts';

export interface Lesson {
  readonly headline: string;
  readonly plain: string;
  /** The protocol's word, with what stands before and after it. */
  readonly term?: readonly [before: string, term: string, after: string];
}

/** A length of time beside another. */
export const said = (micros: number): string => formatDuration(micros as Duration);
/** The same within a sentence, where "45.0" tells no more than "45", and of minutes whole seconds are enough. */
export const roughly = (micros: number): string =>
  said(micros < 1e7 ? micros : Math.round(micros / 1e6) * 1e6).replace(/\.0(?= )/, '');

/** "First visit"; with what was asked for, where the two are about different things. */
export function titleOf(visit: Visit, other: Visit | undefined): string {
  const what = visit.action === 'ask' ? 'question' : visit.action === 'mail' ? 'round' : 'visit';
  const title = `${capital(ordinal(visit.number))} ${what}`;
  const differs = other !== undefined && (other.name !== visit.name || other.type !== visit.type);
  return differs && visit.name !== undefined
    ? `${title}, ${bare(visit.name)}${visit.type === 'A' ? '' : ` ${visit.type}`}`
    : title;
}

/** How things stood when a visit began: "5 min later: the answer has run out, the delegation has not". */
export function situationOf(trace: Trace, visits: readonly Visit[], visit: Visit, since: Visit): string {
  const told = keptAt(trace, visits, visit);
  const gap = visit.from - since.from;
  if (visit === since || gap < 1_000) return told;
  const elsewhere = sameResolver(trace, visit, since) ? '' : ', at another resolver';
  return `${spanText(gap)} later${elsewhere}: ${told}`;
}

const sameResolver = (trace: Trace, a: Visit, b: Visit): boolean =>
  hostOf(trace, a.client).resolvers?.[0] === hostOf(trace, b.client).resolvers?.[0];

function keptAt(trace: Trace, visits: readonly Visit[], visit: Visit): string {
  const before = visits.findLast((one) => one.number < visit.number && one.name === visit.name && one.type === visit.type);
  switch (keptFirst(visit)?.because) {
    case 'browser-cache':
      return 'the browser still has the address';
    case 'answer':
      return 'the resolver still has the answer';
    case 'no-such-name':
    case 'no-such-type':
      return 'the resolver still has the “no”';
    case 'failure':
      return 'the resolver remembers that it failed';
    case 'shared':
      return 'somebody else is just asking the same';
    case 'delegation':
      if (!skips(visit, 4)) return `it is known where ${zoneName(castOf(trace, visit, visit.name ?? ROOT).zones[1].wanted)} is`;
      if (!before) return 'the zone’s servers are known';
      return `the ${before.conclusion?.kind === 'page' ? 'answer' : 'last answer'} has run out, the delegation has not`;
    default:
      return visits.some((one) => one.number < visit.number && sameResolver(trace, one, visit))
        ? 'nothing of use is left'
        : 'every cache empty';
  }
}

/** The step at which something kept made the walk shorter: one that stopped further on was told so by others. */
const keptFirst = (visit: Visit): Step | undefined =>
  visit.steps.find(({ number, because }) => (number === 2 || number === 3) && because !== undefined && skips(visit, number));

const skips = (visit: Visit, step: number): boolean => visit.steps[step - 1]?.passes.length === 0;

/** "root and .com": the zones above the one that answers. */
export function zoneWords(trace: Trace, visit: Visit): string {
  const { zones } = visit.name === undefined ? { zones: undefined } : castOf(trace, visit, visit.name);
  return zones ? `root and ${zoneName(zones[1].zone ?? zones[1].wanted)}` : 'root and top-level servers';
}

/** The lesson of two lanes. */
export function lessonOf(trace: Trace, [a, b]: Lanes): Lesson {
  const less = onlySteps(a).filter((step) => skips(b.visit, step));
  const more = onlySteps(b);
  const who = `The ${titleOf(b.visit, undefined).toLowerCase()}`;
  const saved = a.answered === undefined || b.answered === undefined ? undefined : a.answered - b.answered;
  if (less.length > 0 && more.length === 0) return shorter(trace, a, b, who, saved);
  if (more.length > 0 && onlySteps(a).length === 0) return longer(b, who, saved);
  if (more.length > 0 || onlySteps(a).length > 0)
    return {
      headline: 'Two different ways.',
      plain:
        `${whyMore(b) ?? 'Each has something that the other need not do: it is washed yellow.'} ${saved === undefined ? '' : verdict(who, saved)}`.trim(),
    };
  return {
    headline: 'The same way, twice.',
    plain: `Both ask the same questions in the same order. ${whyAlike(trace, a.visit, b.visit, saved)}`,
  };
}

function whyAlike(trace: Trace, a: Visit, b: Visit, saved: number | undefined): string {
  if (saved !== undefined && Math.abs(saved) >= 100) return 'Only the distances differ.';
  if (!sameResolver(trace, a, b)) return 'Each resolver keeps what it was told, and tells no other.';
  return keptFirst(b) === undefined ? 'What was kept has run out by then.' : 'The same is kept both times.';
}

const onlySteps = ({ segments }: Lane): number[] => [
  ...new Set(segments.filter(({ only, step }) => only && step <= 7).map(({ step }) => step)),
];

function shorter(trace: Trace, a: Lane, b: Lane, who: string, saved: number | undefined): Lesson {
  const first = keptFirst(b.visit);
  const share = saved === undefined || !a.answered ? undefined : shareWords(saved / a.answered);
  const goal = goalOf(a.visit, b.visit);
  switch (first?.because) {
    case 'delegation':
      return delegationKept(
        trace,
        a,
        b,
        who,
        share === undefined ? undefined : `${share} the way to the ${goal} was asking whom to ask.`,
      );
    case 'shared':
      return {
        headline: 'One question for both.',
        plain: `The resolver is asking already. ${who} waits for the same answer.`,
      };
    case 'answer':
      return {
        headline: share === undefined ? 'Nobody else is asked.' : `${share} the way to the ${goal} was asking others.`,
        plain: `${who} finds the answer at the resolver. Only the way there and back is left.`,
        ...hit(first, 'answer'),
      };
    case 'browser-cache':
      return {
        headline: 'Nobody is asked at all.',
        plain: `${who} finds the address in the browser itself, so no DNS message is sent.`,
        ...hit(first, 'address'),
      };
    case 'no-such-name':
    case 'no-such-type':
      return {
        headline: 'A “no” is remembered, too.',
        plain: `${who} is told “no” by the resolver itself. Nobody else is asked.`,
        term: ['This is ', 'negative caching', ': the zone says how long its “no” may be repeated.'],
      };
    default:
      return { headline: `${who} takes a shorter way.`, plain: 'What only the other has is washed yellow.' };
  }
}

function delegationKept(trace: Trace, a: Lane, b: Lane, who: string, headline: string | undefined): Lesson {
  const { zones } = castOf(trace, b.visit, b.visit.name ?? ROOT);
  const both = skips(b.visit, 4);
  const top = zoneName(zones[1].zone ?? zones[1].wanted);
  const known = both
    ? `the ${zones[2].servers.length === 1 ? 'server' : `${counted(zones[2].servers.length)} servers`} of ${bare(zones[2].zone ?? zones[2].wanted)}, so root and ${top} are left out`
    : `where ${top} is, so the root is left out`;
  const left = b.visit.steps[both ? 3 : 2]?.kept?.left;
  const alike = a.segments.every(({ only, step }) => !only || step > 7 || skips(b.visit, step));
  return {
    headline: headline ?? 'Whom to ask is known already.',
    plain: `${who} knows ${known}.${alike ? ' Everything else is done as before.' : ''}`,
    term: [
      'The cache holds the ',
      'delegation',
      `${left === undefined ? '' : `, for another ${timeLeftInWords(left)}`}, but not the answer.`,
    ],
  };
}

const hit = (step: Step, what: string): Pick<Lesson, 'term'> =>
  step.kept === undefined
    ? {}
    : { term: ['This is a ', 'cache hit', `: the ${what} may be used for another ${timeLeftInWords(step.kept.left)}.`] };

function longer(b: Lane, who: string, saved: number | undefined): Lesson {
  return {
    headline: saved === undefined || saved > -100 ? `${who} goes further.` : `${who} takes ${roughly(-saved)} longer.`,
    plain: whyMore(b) ?? 'It asks where the other need not ask: that is washed yellow.',
  };
}

/** Why a visit asks more than another; undefined when nothing out of the ordinary happens in it. */
function whyMore({ visit }: Lane): string | undefined {
  const purposes = new Set(visit.steps.flatMap(({ passes }) => passes.map(({ purpose }) => purpose)));
  if (purposes.has('tcp')) return 'The answer does not fit, so the resolver fetches it once more, by TCP.';
  if (purposes.has('retry')) return 'A message is lost or a server keeps silent, so the resolver asks once more.';
  return purposes.has('cname') ? 'The name is another’s alias, so that other name is looked up, too.' : undefined;
}

const verdict = (who: string, saved: number): string =>
  Math.abs(saved) < 100
    ? 'They take the same time.'
    : `${who} has its answer ${roughly(Math.abs(saved))} ${saved > 0 ? 'sooner' : 'later'}.`;

/** "Half", "A third of": for a headline. */
function shareWords(part: number): string {
  if (part > 0.9) return 'Nearly all';
  if (part > 0.8) return 'Most of';
  if (part > 0.71) return 'Three quarters of';
  if (part > 0.62) return 'Two thirds of';
  if (part > 0.55) return 'More than half';
  if (part > 0.45) return 'Half';
  if (part > 0.36) return 'Four tenths of';
  if (part > 0.29) return 'A third of';
  return part > 0.2 ? 'A quarter of' : 'Part of';
}

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const counted = (n: number): string => COUNTS[n] ?? String(n);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
