/**
 * AWS Regions as the API names them, where they roughly lie, and how long a packet takes to them.
 *
 * AWS publishes neither coordinates nor latencies: both are stand-ins for sample maps, and a table of measurements
 * overrides the model.
 */
import type { Place } from './location.ts';
import { distanceKm } from './location.ts';

/** All Regions that a latency record may name (API Reference, ResourceRecordSetRegion), with approximate coordinates, country and state. */
const REGIONS = {
  'us-east-1': [39.0, -77.5, 'US', 'VA'],
  'us-east-2': [40.0, -83.0, 'US', 'OH'],
  'us-west-1': [37.4, -121.9, 'US', 'CA'],
  'us-west-2': [45.8, -119.7, 'US', 'OR'],
  'ca-central-1': [45.5, -73.6, 'CA'],
  'ca-west-1': [51.0, -114.1, 'CA'],
  'mx-central-1': [20.6, -100.4, 'MX'],
  'sa-east-1': [-23.5, -46.6, 'BR'],
  'eu-west-1': [53.3, -6.3, 'IE'],
  'eu-west-2': [51.5, -0.1, 'GB'],
  'eu-west-3': [48.9, 2.3, 'FR'],
  'eu-central-1': [50.1, 8.7, 'DE'],
  'eu-central-2': [47.4, 8.5, 'CH'],
  'eu-north-1': [59.3, 18.1, 'SE'],
  'eu-south-1': [45.5, 9.2, 'IT'],
  'eu-south-2': [41.6, -0.9, 'ES'],
  'il-central-1': [32.1, 34.8, 'IL'],
  'me-south-1': [26.1, 50.6, 'BH'],
  'me-central-1': [24.5, 54.4, 'AE'],
  'af-south-1': [-33.9, 18.4, 'ZA'],
  'ap-south-1': [19.1, 72.9, 'IN'],
  'ap-south-2': [17.4, 78.5, 'IN'],
  'ap-southeast-1': [1.3, 103.8, 'SG'],
  'ap-southeast-2': [-33.9, 151.2, 'AU'],
  'ap-southeast-3': [-6.2, 106.8, 'ID'],
  'ap-southeast-4': [-37.8, 145.0, 'AU'],
  'ap-southeast-5': [3.1, 101.7, 'MY'],
  'ap-southeast-6': [-36.8, 174.8, 'NZ'],
  'ap-southeast-7': [13.8, 100.5, 'TH'],
  'ap-northeast-1': [35.7, 139.7, 'JP'],
  'ap-northeast-2': [37.6, 127.0, 'KR'],
  'ap-northeast-3': [34.7, 135.5, 'JP'],
  'ap-east-1': [22.3, 114.2, 'HK'],
  'ap-east-2': [25.0, 121.5, 'TW'],
  'cn-north-1': [39.9, 116.4, 'CN'],
  'cn-northwest-1': [37.5, 105.2, 'CN'],
  'us-gov-east-1': [40.0, -83.0, 'US', 'OH'],
  'us-gov-west-1': [45.8, -119.7, 'US', 'OR'],
  'eusc-de-east-1': [52.4, 13.1, 'DE'],
} as const satisfies Readonly<Record<string, readonly [latitude: number, longitude: number, country: string, state?: string]>>;

export type RegionName = keyof typeof REGIONS;

export const REGION_NAMES = Object.keys(REGIONS) as RegionName[];

export const isRegion = (text: string): text is RegionName => Object.hasOwn(REGIONS, text);

/** Where a Region lies, roughly: its data centres, or the VPCs that are asked from within (routing-policy-edns0). */
export function regionPlace(region: RegionName): Place {
  const [latitude, longitude, country, subdivision] = REGIONS[region];
  return { city: region, country, latitude, longitude, ...(subdivision === undefined ? {} : { subdivision }) };
}

/** Round-trip times in milliseconds by city (or by "place" text of a scenario), then by Region. */
export type LatencyTable = Readonly<Record<string, Readonly<Partial<Record<RegionName, number>>>>>;

/**
 * Round-trip time in milliseconds between a place and a Region: the measurement when the table has one, else the
 * model 10 ms + 1 ms per 100 km.
 */
export function latencyMs(place: Place, region: RegionName, measured: LatencyTable = {}): number {
  const row = Object.hasOwn(measured, place.city) ? measured[place.city] : undefined;
  return row?.[region] ?? Math.round(10 + distanceKm(place, regionPlace(region)) / 100);
}
