/**
 * The checkers of a health check, worked out instead of simulated: while an endpoint's condition stays the same, a
 * checker's probes are evenly spaced, so that whole days of them are one step.
 */
import type { Duration, Instant } from '../../base/time.ts';
import { instant, later, START, seconds } from '../../base/time.ts';
import type { CheckerRegion, EndpointCondition, EndpointConfig } from './healthCheck.ts';
import { judgeProbe } from './healthCheck.ts';

/** Sixteen checkers, two in each Region: a model, since AWS does not publish how many there are. */
const CHECKERS_PER_REGION = 2;

/** Above this share of healthy checkers an endpoint is healthy (dns-failover-determining-health-of-endpoints; may change). */
const HEALTHY_PERCENT = 18;

/** More than 18 % of the checkers say healthy: 3 of 16 (18.75 %) do, 2 of 16 (12.5 %) do not. */
export const enoughHealthy = (healthy: number, checkers: number): boolean => healthy * 100 > HEALTHY_PERCENT * checkers;

export interface Checker {
  readonly region: CheckerRegion;
  /** 1 or 2 within its Region. */
  readonly number: number;
  /** When it sends its first probe. Checkers are not synchronised. */
  readonly firstProbe: Instant;
}

/** The checkers of a check that was created at `created`; `random` spreads their first probes over the interval. */
export function checkersOf(config: EndpointConfig, created: Instant, random: () => number): Checker[] {
  return config.regions.flatMap((region) =>
    Array.from({ length: CHECKERS_PER_REGION }, (_, i) => ({
      region,
      number: i + 1,
      firstProbe: later(created, seconds(random() * config.requestInterval)),
    })),
  );
}

/** What a checker thinks, after its probes so far. */
export interface CheckerState {
  readonly checker: Checker;
  readonly healthy: boolean;
  /** Probes in a row that contradict `healthy`. */
  readonly streak: number;
  readonly nextProbe: Instant;
  /** What the last probe found; absent before the first. */
  readonly lastReason?: string;
  /** Probes sent so far. */
  readonly probes: number;
}

/** A new checker: healthy until there is data. */
export const newChecker = (checker: Checker): CheckerState => ({
  checker,
  healthy: true,
  streak: 0,
  nextProbe: checker.firstProbe,
  probes: 0,
});

/** One checker changed its mind. */
export interface Flip {
  readonly at: Instant;
  readonly checker: Checker;
  readonly healthy: boolean;
}

/**
 * A checker after all probes that start before `until`, the endpoint being in one `condition` all the time; and the
 * flip on the way, if there was one. A flip counts from the instant at which its probe is judged.
 */
export function advanceChecker(
  state: CheckerState,
  config: EndpointConfig,
  condition: EndpointCondition,
  until: Instant,
): { readonly state: CheckerState; readonly flip?: Flip } {
  if (state.nextProbe >= until) return { state };
  const { passes, after, why } = judgeProbe(config, condition);
  const step = seconds(config.requestInterval) + after;
  const probes = Math.ceil((until - state.nextProbe) / step);
  const next = { ...state, probes: state.probes + probes, nextProbe: instant(state.nextProbe + probes * step), lastReason: why };
  if (passes === state.healthy) return { state: { ...next, streak: 0 } };
  const needed = config.failureThreshold - state.streak;
  if (probes < needed) return { state: { ...next, streak: state.streak + probes } };
  const at = instant(state.nextProbe + (needed - 1) * step + after);
  return { state: { ...next, healthy: passes, streak: 0 }, flip: { at, checker: state.checker, healthy: passes } };
}

/** What happened to an endpoint: its condition from an instant on. In order of time; before the first it answers. */
export type EndpointHistory = readonly { readonly from: Instant; readonly condition: EndpointCondition }[];

const WELL: EndpointCondition = { kind: 'answers', status: 200, body: '' };

/** Stretches of constant condition up to `until`. */
function stretches(history: EndpointHistory, until: Instant): { condition: EndpointCondition; until: Instant }[] {
  const result: { condition: EndpointCondition; until: Instant }[] = [];
  let condition = WELL;
  for (const change of history) {
    if (change.from >= until) break;
    if (change.from > START) result.push({ condition, until: change.from });
    condition = change.condition;
  }
  result.push({ condition, until });
  return result;
}

/** The state of every checker at `until`, probes that start then not included, and all flips so far in order of time. */
export function checkersAt(
  checkers: readonly Checker[],
  config: EndpointConfig,
  history: EndpointHistory,
  until: Instant,
): { readonly states: readonly CheckerState[]; readonly flips: readonly Flip[] } {
  const flips: Flip[] = [];
  const parts = stretches(history, until);
  const states = checkers.map((checker) => {
    let state = newChecker(checker);
    for (const part of parts) {
      const step = advanceChecker(state, config, part.condition, part.until);
      state = step.state;
      if (step.flip) flips.push(step.flip);
    }
    return state;
  });
  return { states, flips: flips.sort((a, b) => a.at - b.at) };
}

/**
 * When a lasting fault is noticed: the quickest and the slowest checker, from the fault on. A checker needs
 * u + (threshold − 1) · (interval + t) + t, u from 0 to the interval, t the time until a probe is judged. The check
 * flips when at most 18 % of the checkers still say healthy, so close to the slow end.
 */
export function noticedAfter(
  config: EndpointConfig,
  condition: EndpointCondition,
): { readonly earliest: Duration; readonly latest: Duration } {
  const { after } = judgeProbe(config, condition);
  const interval = seconds(config.requestInterval);
  const earliest = (config.failureThreshold - 1) * (interval + after) + after;
  return { earliest: earliest as Duration, latest: (earliest + interval) as Duration };
}
