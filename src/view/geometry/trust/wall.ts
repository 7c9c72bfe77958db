/** The chain of trust for a wall, where no type may be small: the same zones and keys, and of each only what can be read from afar. */
import { squeezed } from '../measure.ts';
import type { TrustPicture, TrustZone } from './trust.ts';

/** Pixels of the wall that are the map's. */
export const WALL = { width: 1920, height: 790 } as const;
/** The boxes' places, the height of each, and where the terraces begin. */
export const WALL_BOXES = [
  { x: 750, width: 340 },
  { x: 1200, width: 190 },
  { x: 1500, width: 400 },
] as const;
export const WALL_BOX = 92;
export const WALL_LEFT = 470;

/** The least room between two terraces: for the way of a DS, and for words above it. */
const GAP = 52;
const TOP = 24;
/** Below them stands what the marks mean. */
const BELOW = 84;
/** How far below a terrace the way of its DS runs. */
const ROAD = 40;

export interface WallTerrace {
  readonly zone: TrustZone;
  /** Upper edge and height of the terrace, middle of its boxes. */
  readonly y: number;
  readonly height: number;
  readonly middle: number;
  /** The zone's name, its middle left out where it is long, and the size of its type. */
  readonly name: string;
  readonly size: number;
  readonly verdict: TrustPicture['verdicts'][number];
  /** Where the way to the next zone runs. */
  readonly road: number;
}

/** The terraces from the root down, in the pixels of a wall. */
export function wallTerraces({ zones, verdicts }: TrustPicture): readonly WallTerrace[] {
  const height = Math.min(196, (WALL.height - TOP - BELOW - GAP * (zones.length - 1)) / zones.length);
  return zones.flatMap((zone, i) => {
    const verdict = verdicts[i];
    if (!verdict) return [];
    const y = TOP + i * (height + GAP);
    const name = squeezed(zone.name, 14);
    const size = Math.min(38, 238 / (name.length * 0.6));
    return [{ zone, y, height, middle: y + height / 2, name, size, verdict, road: y + height + ROAD }];
  });
}
