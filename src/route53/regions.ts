/**
 * AWS Regions as the API names them, where they roughly lie, and how long a packet takes to them.
 *
 * AWS publishes neither coordinates nor latencies: both are stand-ins for sample maps, and a table of measurements
 * overrides the model.
 */
import type { Coordinates, Place } from './location.ts';
import { distanceKm } from './location.ts';

/** All Regions that a latency record may name (API Reference, ResourceRecordSetRegion), with approximate coordinates. */
const REGIONS = {
  'us-east-1': [39.0, -77.5],
  'us-east-2': [40.0, -83.0],
  'us-west-1': [37.4, -121.9],
  'us-west-2': [45.8, -119.7],
  'ca-central-1': [45.5, -73.6],
  'ca-west-1': [51.0, -114.1],
  'mx-central-1': [20.6, -100.4],
  'sa-east-1': [-23.5, -46.6],
  'eu-west-1': [53.3, -6.3],
  'eu-west-2': [51.5, -0.1],
  'eu-west-3': [48.9, 2.3],
  'eu-central-1': [50.1, 8.7],
  'eu-central-2': [47.4, 8.5],
  'eu-north-1': [59.3, 18.1],
  'eu-south-1': [45.5, 9.2],
  'eu-south-2': [41.6, -0.9],
  'il-central-1': [32.1, 34.8],
  'me-south-1': [26.1, 50.6],
  'me-central-1': [24.5, 54.4],
  'af-south-1': [-33.9, 18.4],
  'ap-south-1': [19.1, 72.9],
  'ap-south-2': [17.4, 78.5],
  'ap-southeast-1': [1.3, 103.8],
  'ap-southeast-2': [-33.9, 151.2],
  'ap-southeast-3': [-6.2, 106.8],
  'ap-southeast-4': [-37.8, 145.0],
  'ap-southeast-5': [3.1, 101.7],
  'ap-southeast-6': [-36.8, 174.8],
  'ap-southeast-7': [13.8, 100.5],
  'ap-northeast-1': [35.7, 139.7],
  'ap-northeast-2': [37.6, 127.0],
  'ap-northeast-3': [34.7, 135.5],
  'ap-east-1': [22.3, 114.2],
  'ap-east-2': [25.0, 121.5],
  'cn-north-1': [39.9, 116.4],
  'cn-northwest-1': [37.5, 105.2],
  'us-gov-east-1': [40.0, -83.0],
  'us-gov-west-1': [45.8, -119.7],
  'eusc-de-east-1': [52.4, 13.1],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

export type RegionName = keyof typeof REGIONS;

export const REGION_NAMES = Object.keys(REGIONS) as RegionName[];

export const isRegion = (text: string): text is RegionName => Object.hasOwn(REGIONS, text);

/** Approximate coordinates of a Region, in degrees. */
export function regionCoordinates(region: RegionName): Coordinates {
  const [latitude, longitude] = REGIONS[region];
  return { latitude, longitude };
}

/** Round-trip times in milliseconds by city (or by "place" text of a scenario), then by Region. */
export type LatencyTable = Readonly<Record<string, Readonly<Partial<Record<RegionName, number>>>>>;

/**
 * Round-trip time in milliseconds between a place and a Region: the measurement when the table has one, else the
 * model 10 ms + 1 ms per 100 km.
 */
export function latencyMs(place: Place, region: RegionName, measured: LatencyTable = {}): number {
  const row = Object.hasOwn(measured, place.city) ? measured[place.city] : undefined;
  return row?.[region] ?? Math.round(10 + distanceKm(place, regionCoordinates(region)) / 100);
}
