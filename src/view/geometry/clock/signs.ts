/** Above the timetable between visits: what was done to the world and what came of it, each at its instant. */
import type { Instant } from '../../../base/time.ts';
import { hostOf } from '../../../trace/describe.ts';
import type { StimulusRecord, Trace } from '../../../trace/trace.ts';
import { healthOf } from '../health/health.ts';
import { shortened, textWidth } from '../measure.ts';
import { type Axis, xOf } from '../stringline/axis.ts';
import type { ClockLabel } from './canvas.ts';

/** An upright dotted line: something was done to the world, or a check changed. */
export interface Cut {
  readonly x: number;
  readonly at: number;
  readonly bad: boolean;
}

interface Sign {
  readonly at: Instant;
  readonly text: string;
  readonly bad: boolean;
  /** What is more important gets its place first. */
  readonly weight: number;
}

/** Words in the line above the rows, and dotted lines down through them. */
export function signsAbove(
  trace: Trace,
  axis: Axis,
  top: number,
): { readonly cuts: readonly Cut[]; readonly labels: readonly ClockLabel[] } {
  const from = axis.stretches[0]?.from ?? 0;
  const to = axis.stretches.at(-1)?.to ?? 0;
  const signs = [
    ...trace.stimuli.flatMap((one) =>
      stimulusSign(trace, one).map((sign) => (one.whatIf ? { ...sign, text: `what if: ${sign.text}`, weight: 5 } : sign)),
    ),
    ...healthSigns(trace),
  ].filter(({ at }) => at >= from && at <= to);
  const taken: { left: number; right: number }[] = [];
  const labels: ClockLabel[] = [];
  for (const { at, text: whole } of [...signs].sort((a, b) => b.weight - a.weight || a.at - b.at)) {
    const text = shortened(whole, 210, 12);
    const x = xOf(axis, at);
    const width = textWidth(text, 12.5);
    for (const left of [x - 2, x - width + 2]) {
      const [a, b] = [left - 8, left + width + 8];
      if (left < axis.left - 8 || b > axis.right + 28 || taken.some((t) => t.left < b && t.right > a)) continue;
      taken.push({ left: a, right: b });
      labels.push({ text, x: left, y: Math.min(15, top - 22), hue: 'head', from: at });
      break;
    }
  }
  return { cuts: signs.map(({ at, bad }) => ({ x: Math.round(xOf(axis, at) * 10) / 10, at, bad })), labels };
}

function stimulusSign(trace: Trace, { action, host, at, text, line }: StimulusRecord): Sign[] {
  if (['visit', 'ask', 'mail', 'wait'].includes(action)) return [];
  const title = host === undefined ? '' : hostOf(trace, host).title;
  if (action === 'stop') return [{ at, text: `${title} stops`, bad: true, weight: 3 }];
  if (action === 'start') return [{ at, text: `${title} starts again`, bad: false, weight: 3 }];
  if (action === 'health') {
    const { health, is } = line as { health: string; is: string };
    return [{ at, text: `${health} is ${is === 'unhealthy' ? 'failing' : is}`, bad: is === 'unhealthy', weight: 2 }];
  }
  if (action === 'edit')
    return [{ at, text: `${text.replace(/^edit /, '').replace(/:.*$/, '')} is edited`, bad: false, weight: 2 }];
  return [{ at, text, bad: false, weight: 2 }];
}

function healthSigns(trace: Trace): Sign[] {
  const { checks, news } = healthOf(trace);
  return [
    ...checks.flatMap(({ id, statuses, checkers }) =>
      statuses.map(({ at, healthy }) => ({
        at,
        text:
          checkers.length > 0
            ? healthy
              ? 'Route 53 switches back'
              : 'Route 53 switches'
            : `${id} is ${healthy ? 'well' : 'failing'}`,
        bad: false,
        weight: checkers.length > 0 ? 4 : 1,
      })),
    ),
    ...news.map(({ at, text }) => ({ at, text: text.replace(/[:.].*$/, ''), bad: false, weight: 2 })),
  ];
}
