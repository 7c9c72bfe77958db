/** LOC as it is printed (RFC 1876 §3); `readLocation.ts` reads it back: "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m". */
import type { DataByType } from '../record.ts';

export type Location = DataByType['LOC'];

/** The wire's middle of latitude and longitude: the equator, the prime meridian (RFC 1876 §2). */
export const MIDDLE = 2 ** 31;
/** Altitude counts centimetres from 100 km below the WGS 84 spheroid. */
export const BASE_CENTIMETRES = 10_000_000;

export function locationText(data: Location): string {
  const sizes = [data.size, data.horizontalPrecision, data.verticalPrecision].map((size) => metres(centimetresOf(size)));
  const altitude = metres(data.altitude - BASE_CENTIMETRES);
  return [angleText(data.latitude, 'N', 'S'), angleText(data.longitude, 'E', 'W'), altitude, ...sizes].join(' ');
}

/** Whether a location lies on the globe and its sizes are written in the only way that `readLocation` gives. */
export function hasLocationForm(data: Location): boolean {
  const sizes = [data.size, data.horizontalPrecision, data.verticalPrecision];
  const angles = Math.abs(data.latitude - MIDDLE) <= 324_000_000 && Math.abs(data.longitude - MIDDLE) <= 648_000_000;
  return angles && sizes.every((size) => (size & 15) <= 9 && sizeOctet(centimetresOf(size)) === size);
}

function angleText(wire: number, positive: string, negative: string): string {
  const thousandths = Math.abs(wire - MIDDLE);
  const seconds = `${Math.floor(thousandths / 1_000) % 60}.${(thousandths % 1_000).toString().padStart(3, '0')}`;
  const degrees = Math.floor(thousandths / 3_600_000);
  return `${degrees} ${Math.floor(thousandths / 60_000) % 60} ${seconds} ${wire < MIDDLE ? negative : positive}`;
}

const metres = (centimetres: number): string => `${(centimetres / 100).toFixed(2)}m`;

/** A size is one digit and a power of ten, in centimetres: 0x12 is 1 × 10² (RFC 1876 §2). */
const centimetresOf = (octet: number): number => (octet >> 4) * 10 ** (octet & 15);

export function sizeOctet(centimetres: number): number {
  let exponent = 0;
  let rest = centimetres;
  for (; rest > 9; exponent++) rest = Math.floor(rest / 10);
  return (rest << 4) | exponent;
}
