/**
 * The instants at which anything changes in a way that is not mere movement: turns, sendings, arrivals, losses. Between two
 * of them only slips, bars and the now-line move, so everything else need not be worked out again.
 */
import type { Instant } from '../../base/time.ts';
import { lastIndexWhere } from '../../trace/intervals.ts';
import type { Trace } from '../../trace/trace.ts';

const known = new WeakMap<Trace, Float64Array>();

/** All such instants of a trace, in order, each once. */
function ticksOf(trace: Trace): Float64Array {
  let ticks = known.get(trace);
  if (!ticks) {
    const all = new Set<number>();
    for (const turn of trace.turns) all.add(turn.at);
    for (const stimulus of trace.stimuli) all.add(stimulus.at);
    for (const packet of trace.packets) all.add(packet.sentAt).add(packet.fate.at);
    ticks = Float64Array.from(all).sort();
    known.set(trace, ticks);
  }
  return ticks;
}

/** The last such instant that is not later than `at` (`at` itself before the first), and until when it is the last. */
export function tickAt(trace: Trace, at: Instant): { readonly value: Instant; readonly until: number } {
  const ticks = ticksOf(trace);
  const next = lastIndexWhere(ticks, (tick) => tick <= at) + 1;
  return { value: (ticks[next - 1] ?? at) as Instant, until: ticks[next] ?? Number.POSITIVE_INFINITY };
}
