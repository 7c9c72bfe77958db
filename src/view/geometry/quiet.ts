/** Stretches of a trace in which nothing is on its way and nobody is busy: playing hurries through them. */
import { foregroundPackets, isBackground } from '../../trace/background.ts';
import { lastIndexWhere } from '../../trace/intervals.ts';
import type { Trace } from '../../trace/trace.ts';

/** From and to in microseconds. */
export interface Quiet {
  readonly from: number;
  readonly to: number;
  /** How long it lasts on screen, in milliseconds. */
  readonly shown: number;
}

/** Milliseconds on screen for a quiet stretch (`--m-jump`), and from Enter to the first slip. */
const HURRY = 900;
const START = 40;
/** Shorter waits are shown at their own pace. */
const LEAST = 20_000;
/** What is left of a quiet stretch at both ends, so that nothing starts in a rush. */
const MARGIN = 3_000;

export function quietStretches(trace: Trace, end: number): Quiet[] {
  const packets = foregroundPackets(trace);
  const busy = [
    ...packets.map((p) => [p.sentAt, p.fate.kind === 'underway' ? p.sentAt : p.fate.at] as const),
    ...trace.turns
      .filter(({ id }) => !isBackground(trace, id))
      .map((turn) => [turn.cause.kind === 'packet' ? turn.cause.arrived : turn.at, turn.at] as const),
    ...trace.stimuli.map((stimulus) => [stimulus.at, stimulus.at] as const),
    [end, end] as const,
  ].sort(([a], [b]) => a - b);
  const probed = packets.length < trace.packets.length;
  const quiet: Quiet[] = [];
  let until = 0;
  for (const [from, to] of busy) {
    if (from - until > LEAST)
      quiet.push({ from: until + MARGIN, to: from - MARGIN, shown: probed ? watched(from - until) : HURRY });
    until = Math.max(until, to);
  }
  return [...quiet, ...beginnings(trace)].sort((a, b) => a.from - b.from);
}

/** Where probes go on one wants to see how they add up: so many milliseconds on screen for each second, up to a limit. */
const WATCHED = 130;
const LONGEST = 6_000;
const watched = (micros: number): number => Math.max(HURRY, Math.min(LONGEST, (micros / 1e6) * WATCHED));

/** From Enter to the first packet: somebody presses a key and wants to see something go. */
function beginnings(trace: Trace): Quiet[] {
  return trace.stimuli.flatMap(({ action, at }) => {
    const first = action === 'visit' || action === 'ask' ? trace.packets.find((packet) => packet.sentAt >= at) : undefined;
    return first && first.sentAt > at && first.sentAt - at <= LEAST ? [{ from: at, to: first.sentAt, shown: START }] : [];
  });
}

/** The quiet stretch at `at`, or the next one. */
export const quietAt = (stretches: readonly Quiet[], at: number): Quiet | undefined =>
  stretches[lastIndexWhere(stretches, ({ to }) => to <= at) + 1];
