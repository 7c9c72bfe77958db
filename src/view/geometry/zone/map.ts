/** A map of the world for routing by place: the cities that ask, where records stand, and which record each city gets. */

import type { Coordinates } from '../../../route53/places/location.ts';
import { regionPlace } from '../../../route53/places/regions.ts';
import { type RecordGroup, type RecordSet, setLabel } from '../../../route53/records.ts';
import { siteCoordinates } from '../../../route53/routing/policiesByPlace.ts';
import { textWidth } from '../measure.ts';
import { coastPath } from './coast.ts';
import type { Getter } from './where.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The sheet, in its own units: all longitudes, and the latitudes where people live. */
const WIDTH = 412;
const NORTH = 79;
const SOUTH = -57;
const SCALE = WIDTH / 360;
export const MAP_SIZE = { width: WIDTH, height: Math.round((NORTH - SOUTH) * SCALE) } as const;

/** Equirectangular: a degree is as wide as it is high. */
export const pointAt = ({ latitude, longitude }: Coordinates): Point => ({
  x: (longitude + 180) * SCALE,
  y: (NORTH - latitude) * SCALE,
});

/** A record that stands somewhere. */
export interface Site extends Point {
  readonly label: string;
  /** On which side of its mark the label stands. */
  readonly anchor: 'start' | 'end';
  readonly labelY: number;
}

/** A city, and the record that it gets: its place in the group, or -1 for nothing. */
export interface AskingCity extends Point {
  readonly city: string;
  readonly record: number;
  /** From the city to the record; absent where records have no place. */
  readonly line?: string;
}

export interface GeoPicture {
  readonly coast: string;
  readonly grid: string;
  readonly sites: readonly Site[];
  readonly cities: readonly AskingCity[];
  /** The records by their place in the group, and how many cities get each. */
  readonly legend: readonly { readonly record: number; readonly label: string; readonly cities: number }[];
  /** What the picture shows, in a sentence. */
  readonly words: string;
}

/** Coasts and grid are the same in every picture. */
const COAST = coastPath((longitude, latitude) => pointAt({ latitude, longitude: Math.min(180, longitude) }));
const GRID = [-120, -60, 0, 60, 120]
  .map((longitude) => `M${pointAt({ latitude: 0, longitude }).x.toFixed(1)} 0V${MAP_SIZE.height}`)
  .concat([60, 30, 0, -30].map((latitude) => `M0 ${pointAt({ latitude, longitude: 0 }).y.toFixed(1)}H${WIDTH}`))
  .join('');

/** The picture of what all cities would get of a group. */
export function geoPicture(group: RecordGroup, getters: readonly Getter[]): GeoPicture {
  const sets: readonly RecordSet[] = group.sets;
  const labels = sets.map(setLabel);
  const places = sets.map(siteOf);
  const cities = getters.flatMap(({ city, place, label }): AskingCity[] => {
    if (!place) return [];
    const at = pointAt(place);
    const record = label === undefined ? -1 : labels.indexOf(label);
    const site = places[record];
    return [{ city, ...at, record, ...(site ? { line: arc(at, pointAt(site)) } : {}) }];
  });
  const counted = labels.map((label, record) => ({
    record,
    label,
    cities: cities.filter((one) => one.record === record).length,
  }));
  const none = cities.filter(({ record }) => record < 0).length;
  const legend = none > 0 ? [...counted, { record: -1, label: 'nothing', cities: none }] : counted;
  return {
    coast: COAST,
    grid: GRID,
    sites: placed(labels, places),
    cities,
    legend,
    words: `Of ${cities.length} cities, ${legend.map((one) => `${one.cities} get ${one.label}`).join(', ')}.`,
  };
}

function siteOf({ routing }: RecordSet): Coordinates | undefined {
  if (routing.policy === 'latency') return regionPlace(routing.region);
  return routing.policy === 'geoproximity' ? siteCoordinates(routing.geoProximityLocation) : undefined;
}

const LABEL_SIZE = 11;

/** Sites with their labels, which give way to one another downwards. */
function placed(labels: readonly string[], places: readonly (Coordinates | undefined)[]): Site[] {
  const taken: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  return places.flatMap((place, i): Site[] => {
    if (!place) return [];
    const { x, y } = pointAt(place);
    const label = labels[i] ?? '';
    const width = textWidth(label, LABEL_SIZE) + 8;
    const anchor = x + width + 6 > WIDTH ? 'end' : 'start';
    const [from, to] = anchor === 'end' ? [x - width, x] : [x, x + width];
    let labelY = y + 4;
    while (taken.some((other) => from < other.to && to > other.from && Math.abs(other.y - labelY) < LABEL_SIZE + 1))
      labelY += LABEL_SIZE + 1;
    taken.push({ from, to, y: labelY });
    return [{ x, y, label, anchor, labelY }];
  });
}

/** A line that bends towards the pole, the more the longer it is. */
function arc(from: Point, to: Point): string {
  const lift = Math.min(40, Math.hypot(to.x - from.x, to.y - from.y) * 0.18);
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2 - lift];
  return `M${from.x.toFixed(1)} ${from.y.toFixed(1)}Q${x.toFixed(1)} ${y.toFixed(1)} ${to.x.toFixed(1)} ${to.y.toFixed(1)}`;
}
