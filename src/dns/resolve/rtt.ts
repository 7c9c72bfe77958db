/** How long servers take, as a resolver remembers it: smoothed round-trip times and the timeouts that follow (RFC 6298 §2). */
import type { Address } from '../../base/address.ts';
import type { Duration, Instant } from '../../base/time.ts';
import { microseconds, milliseconds, seconds } from '../../base/time.ts';
import type { Cookie } from './disguise.ts';

/** What is known of one server's speed and manners. */
export interface Standing {
  /** Smoothed round-trip time and its variation; undefined before the first measurement. */
  readonly srtt: Duration | undefined;
  readonly variation: Duration;
  /** How long the next query waits for its reply. */
  readonly timeout: Duration;
  /** When this was last brought up to date; after `STANDING_LIFE` it is forgotten. */
  readonly at: Instant;
  /** It answered a query with EDNS with an error, and one without it rightly (RFC 6891 §6.2.2). */
  readonly noEdns?: boolean;
  /** It was found not to have these zones. */
  readonly lameFor?: readonly string[];
  /** The cookie to show it the next time (RFC 7873 §5.3). */
  readonly cookie?: Cookie;
}

/** By address. */
export type Standings = ReadonlyMap<Address, Standing>;

/** As Unbound has it: bounds on the timeout, the band within which servers count as equally fast, and how long all this is kept. */
export const SHORTEST_TIMEOUT: Duration = milliseconds(50);
export const LONGEST_TIMEOUT: Duration = seconds(120);
export const RTT_BAND: Duration = milliseconds(400);
const STANDING_LIFE: Duration = seconds(900);

/** What is known of a server at `at`; for an unknown or long unseen one, the first timeout is `unknownTimeout`. */
export function standingOf(standings: Standings, server: Address, at: Instant, unknownTimeout: Duration): Standing {
  const known = standings.get(server);
  if (known && at - known.at < STANDING_LIFE) return known;
  return { srtt: undefined, variation: microseconds(0), timeout: unknownTimeout, at };
}

/** After a reply: the estimate moves an eighth of the way, the variation a quarter (RFC 6298 §2.3). */
export function measured(standing: Standing, roundTrip: Duration, at: Instant): Standing {
  if (standing.srtt === undefined) {
    const variation = microseconds(roundTrip / 2);
    return { ...standing, srtt: roundTrip, variation, timeout: bounded(roundTrip + 4 * variation), at };
  }
  const off = roundTrip - standing.srtt;
  const srtt = microseconds(standing.srtt + off / 8);
  const variation = microseconds(standing.variation + (Math.abs(off) - standing.variation) / 4);
  return { ...standing, srtt, variation, timeout: bounded(srtt + 4 * variation), at };
}

/** After a timeout: the next one is twice as long (RFC 6298 §5.5). */
export const backedOff = (standing: Standing, at: Instant): Standing => ({
  ...standing,
  timeout: bounded(standing.timeout * 2),
  at,
});

const bounded = (timeout: number): Duration => microseconds(Math.min(Math.max(timeout, SHORTEST_TIMEOUT), LONGEST_TIMEOUT));
