/**
 * Where a question comes from: places, the built-in cities of 198.18.0.0/15, and distances over the globe.
 *
 * Route 53 takes the client subnet of the query if there is one, else the address of the recursive resolver
 * (Developer Guide, routing-policy-edns0).
 */
import type { Address, Cidr } from '../../base/address.ts';
import { cidr, cidrBase, cidrPrefix, contains, isIPv6 } from '../../base/address.ts';
import type { ContinentCode } from './continents.ts';

/** Degrees: latitude -90 to 90, longitude -180 to 180. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** A place as a location database would give it. */
export interface Place extends Coordinates {
  readonly city: string;
  /** ISO 3166-1 alpha-2; the continent follows from it. */
  readonly country: string;
  /** A state of the United States; absent when it is not known. */
  readonly subdivision?: string;
  /** For an address of which only the continent is known. */
  readonly continent?: ContinentCode;
}

/** Looks up the place of an address; undefined when it is not mapped. */
export type Locate = (address: Address) => Place | undefined;

const city = (name: string, country: string, latitude: number, longitude: number, subdivision?: string): Place =>
  subdivision === undefined
    ? { city: name, country, latitude, longitude }
    : { city: name, country, subdivision, latitude, longitude };

/** The city of 198.18.N.0/24 stands at index N. Network 9 is a second one in Dublin. */
export const CITIES: readonly Place[] = [
  city('Lyon', 'FR', 45.8, 4.8),
  city('Dublin', 'IE', 53.3, -6.3),
  city('Sydney', 'AU', -33.9, 151.2),
  city('Nairobi', 'KE', -1.3, 36.8),
  city('Paris', 'FR', 48.9, 2.3),
  city('Austin', 'US', 30.3, -97.7, 'TX'),
  city('San Francisco', 'US', 37.8, -122.4, 'CA'),
  city('São Paulo', 'BR', -23.5, -46.6),
  city('Frankfurt', 'DE', 50.1, 8.7),
  city('Dublin', 'IE', 53.3, -6.3),
  city('Lisbon', 'PT', 38.7, -9.1),
  city('London', 'GB', 51.5, -0.1),
  city('New York', 'US', 40.7, -74.0, 'NY'),
  city('Tokyo', 'JP', 35.7, 139.7),
  city('Singapore', 'SG', 1.3, 103.8),
  city('Mumbai', 'IN', 19.1, 72.9),
  city('Cape Town', 'ZA', -33.9, 18.4),
  city('Toronto', 'CA', 43.7, -79.4),
  city('Mexico City', 'MX', 19.4, -99.1),
  city('Stockholm', 'SE', 59.3, 18.1),
  city('Dubai', 'AE', 25.2, 55.3),
  city('Auckland', 'NZ', -36.8, 174.8),
  city('Buenos Aires', 'AR', -34.6, -58.4),
  city('Seoul', 'KR', 37.6, 127.0),
  city('Ashburn', 'US', 39.0, -77.5, 'VA'),
];

/** The built-in world's location database: 198.18.N.0/24 lies in city N; all other addresses are unmapped. */
export const locateBuiltIn: Locate = (address) => {
  const found = /^198\.18\.(\d+)\./.exec(address);
  return found ? CITIES[Number(found[1])] : undefined;
};

/** The first built-in client network of a city, by its name in any letter case: "Sydney" gives 198.18.2.0/24. */
export function networkOf(cityName: string): Cidr | undefined {
  const n = CITIES.findIndex((place) => place.city.toLowerCase() === cityName.toLowerCase());
  return n < 0 ? undefined : (`198.18.${n}.0/24` as Cidr);
}

/** A location database from a table of blocks, the longest matching block first; what it lacks is left to `otherwise`. */
export function locateIn(
  table: readonly { readonly block: Cidr; readonly place: Place }[],
  otherwise: Locate = locateBuiltIn,
): Locate {
  const longestFirst = [...table].sort((a, b) => cidrPrefix(b.block) - cidrPrefix(a.block));
  return (address) => longestFirst.find((row) => contains(row.block, address))?.place ?? otherwise(address);
}

/** Whose address decides, and that address as a block: the client's subnet, or the resolver's own address. */
export interface Asker {
  readonly by: 'client-subnet' | 'resolver-address';
  readonly address: Address;
  readonly block: Cidr;
}

/**
 * The asker of a query. A client subnet of length 0 says "do not use my address" (RFC 7871 §7.1.2), so that the
 * resolver's address counts again.
 */
export function askerOf(source: Address, subnet?: Cidr): Asker {
  if (subnet !== undefined && cidrPrefix(subnet) > 0) return { by: 'client-subnet', address: cidrBase(subnet), block: subnet };
  return { by: 'resolver-address', address: source, block: cidr(source, isIPv6(source) ? 128 : 32) };
}

const EARTH_RADIUS_KM = 6_371;

/** Great-circle distance in kilometres (haversine formula on a sphere). */
export function distanceKm(a: Coordinates, b: Coordinates): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (x: number, y: number): number => Math.sin(radians(y - x) / 2) ** 2;
  const h =
    half(a.latitude, b.latitude) + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}
