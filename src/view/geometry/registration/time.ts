/** Times counted from an order: minutes and seconds at first, then hours, then days. */
import type { Instant } from '../../../base/time.ts';

export interface WhenWords {
  /** "2:10", "−1:00", "3 h 05 m", "day 15". */
  readonly short: string;
  /** "2:10 min": with the unit, where it does not go without saying. */
  readonly long: string;
  /** "at 2:10", "on day 15". */
  readonly at: string;
}

const HOUR = 3_600;

/** When something is, seen from an order: rounded down to the second, as clocks are. */
export function whenWords(order: Instant, at: Instant): WhenWords {
  const seconds = Math.floor(Math.abs(at - order) / 1_000_000);
  const sign = at < order && seconds > 0 ? '−' : '';
  if (seconds < HOUR) {
    const short = `${sign}${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
    return { short, long: `${short} min`, at: `at ${short}` };
  }
  if (seconds < 48 * HOUR) {
    const short = `${sign}${Math.floor(seconds / HOUR)} h ${two(Math.floor((seconds % HOUR) / 60))} m`;
    return { short, long: short, at: `at ${short}` };
  }
  const short = `day ${sign}${Math.floor(seconds / (24 * HOUR))}`;
  return { short, long: short, at: `on ${short}` };
}

const two = (n: number): string => String(n).padStart(2, '0');
