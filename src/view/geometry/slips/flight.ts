/**
 * Where a slip is: point = from + (to − from) × (now − sent) ÷ (due − sent), and nothing else moves a slip.
 *
 * After its arrival it is fed into the receiver, for as long as printing takes on screen or as the receiver is busy with
 * it, whichever is shorter. With stepped motion it stands at the sender and then at the receiver.
 */

/** All times in microseconds of virtual time. */
export interface Journey {
  readonly sent: number;
  readonly due: number;
  /** How long the receiver is busy with it after its arrival. */
  readonly busy: number;
  /** Where it is lost, 0 to 1; absent when it arrives. */
  readonly lostAt?: number;
}

export interface Whereabouts {
  /** Place of the point on the rail, 0 to 1. */
  readonly place: number;
  /** How much of the rail behind it is inked, 0 to 1. */
  readonly inked: number;
  /** How much of the slip has been fed into the receiver, 0 to 1. */
  readonly fed: number;
  /** Stepped motion: drawn in full beside the station, not clipped by its slit. */
  readonly standing: boolean;
}

/** `print` is how long feeding takes, in microseconds of virtual time at the speed of playing; undefined when not on the way. */
export function whereabouts(journey: Journey, now: number, print: number, stepped: boolean): Whereabouts | undefined {
  const { sent, due, busy, lostAt } = journey;
  if (now < sent) return undefined;
  const fraction = due > sent ? Math.min(1, (now - sent) / (due - sent)) : 1;
  if (lostAt !== undefined && fraction >= lostAt) return undefined;
  if (stepped) {
    if (now >= due + busy && now > due) return undefined;
    return { place: now < due ? 0 : 1, inked: 1, fed: 0, standing: true };
  }
  if (now <= due) return { place: fraction, inked: fraction, fed: 0, standing: false };
  const feeding = Math.min(print, busy);
  const fed = feeding > 0 ? (now - due) / feeding : 1;
  return fed >= 1 ? undefined : { place: 1, inked: 1, fed, standing: false };
}
