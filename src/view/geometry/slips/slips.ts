/**
 * The slips on the map at an instant: what is drawn of each, and where its packet is. Those on their way are made in
 * `flying.ts`, those that lie beside a rail in `lying.ts`.
 */
import type { Instant } from '../../../base/time.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { PacketRecord } from '../../../trace/trace.ts';
import type { Layout } from '../layout/layout.ts';
import type { Hop } from '../map/hops.ts';
import type { Point } from '../map/rails.ts';
import { type Whereabouts, whereabouts } from './flight.ts';
import type { Heading, SlipShape, SlipSize } from './slip.ts';
import type { SlipKind } from './text.ts';

export interface DrawnSlip {
  readonly packet: PacketRecord;
  readonly kind: SlipKind;
  /** The accessible name: kind, sender, receiver, size. */
  readonly title: string;
  readonly shape: SlipShape;
  /** Where its point is. */
  readonly x: number;
  readonly y: number;
  readonly hop: Hop;
  /** Degrees by which it is turned: a question follows its rail down or up a slant. */
  readonly turn: number;
  /** The half-planes outside of its slits; empty for a slip that stands or lies. */
  readonly cuts: readonly Cut[];
  /** Where paper passes through a slit: a short stroke at the station. */
  readonly slit?: Cut & { readonly length: number };
  /** For one that lies beside its rail: the place it is tied to, and whether a cross marks it. */
  readonly tied?: Point & { readonly crossed: boolean };
}

/** An edge at which paper is cut off: a point of it, and the direction in which the paper is seen, in degrees. */
export interface Cut extends Point {
  readonly angle: number;
}

/** How the manner of playing bears on slips. `print` is in microseconds of virtual time. */
export interface Manner {
  readonly print: number;
  readonly stepped: boolean;
}

/** Where each packet on the map is at this instant; the rails are inked by it too. */
export function placesOf(scene: Scene, now: Instant, manner: Manner): ReadonlyMap<number, Whereabouts> {
  const places = new Map<number, Whereabouts>();
  const put = (packet: PacketRecord, due: number, busy: number, lostAt: number | undefined): void => {
    const where = whereabouts(
      { sent: packet.sentAt, due, busy, ...(lostAt === undefined ? {} : { lostAt }) },
      now,
      manner.print,
      manner.stepped,
    );
    if (where) places.set(packet.id, where);
  };
  for (const flight of scene.flights) put(flight.packet, flight.due, 0, flight.lostAt);
  for (const reading of scene.readings) put(reading.packet, reading.from, reading.to - reading.from, undefined);
  return places;
}

/** Whether two lists show the same slips with the same edges, wherever these are. */
export const sameSlips = (before: readonly DrawnSlip[], after: readonly DrawnSlip[]): boolean =>
  before.length === after.length &&
  before.every((one, i) => {
    const other = after[i] as DrawnSlip;
    return (
      one.packet === other.packet &&
      one.shape === other.shape &&
      one.tied === other.tied &&
      one.slit?.x === other.slit?.x &&
      one.slit?.y === other.slit?.y &&
      one.cuts.length === other.cuts.length &&
      one.cuts.every((cut, k) => cut.x === other.cuts[k]?.x && cut.y === other.cuts[k]?.y && cut.angle === other.cuts[k]?.angle)
    );
  });

/** How large a slip is printed on this map; by its hop and heading where these matter. */
export function sizeFor(layout: Layout, hop?: Hop, heading?: Heading): SlipSize {
  if (layout.form === 'phone') return 'small';
  if (layout.form === 'presenter') return hop === 'stub' ? 'medium' : 'large';
  // On the road along the bottom only the strip under the cache is free.
  return layout.compact && hop === 'web' && (heading === 'left' || heading === 'right') ? 'tight' : 'full';
}
