/** LOC in presentation format (RFC 1876 §3): "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m". */
import type { DataByType } from '../record.ts';
import type { Cursor } from './cursor.ts';
import { atEnd, fail, word } from './cursor.ts';
import { tokenText } from './scan.ts';

type Location = DataByType['LOC'];

/** The wire's middle of latitude and longitude: the equator, the prime meridian (RFC 1876 §2). */
const MIDDLE = 2 ** 31;
/** Altitude counts centimetres from 100 km below the WGS 84 spheroid. */
const BASE_CENTIMETRES = 10_000_000;

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

export function readLocation(c: Cursor): Location | undefined {
  const latitude = readAngle(c, 90, 'N', 'S');
  const longitude = latitude === undefined ? undefined : readAngle(c, 180, 'E', 'W');
  if (latitude === undefined || longitude === undefined) return undefined;
  const altitude = readMetres(c, -100_000, 42_849_672.95);
  // Where sizes are not written, RFC 1876 §3 gives one metre, ten kilometres, ten metres.
  const size = atEnd(c) ? 100 : readMetres(c, 0, 90_000_000);
  const horizontal = atEnd(c) ? 1_000_000 : readMetres(c, 0, 90_000_000);
  const vertical = atEnd(c) ? 1_000 : readMetres(c, 0, 90_000_000);
  if (altitude === undefined || size === undefined || horizontal === undefined || vertical === undefined) return undefined;
  return {
    version: 0,
    size: sizeOctet(size),
    horizontalPrecision: sizeOctet(horizontal),
    verticalPrecision: sizeOctet(vertical),
    latitude,
    longitude,
    altitude: altitude + BASE_CENTIMETRES,
  };
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

function sizeOctet(centimetres: number): number {
  let exponent = 0;
  let rest = centimetres;
  for (; rest > 9; exponent++) rest = Math.floor(rest / 10);
  return (rest << 4) | exponent;
}

/** Degrees, then perhaps minutes and seconds, then the hemisphere; in thousandths of a second around `MIDDLE`. */
function readAngle(c: Cursor, most: number, positive: string, negative: string): number | undefined {
  const start = c.next;
  const parts: number[] = [];
  for (const pattern of [/^\d{1,3}$/, /^\d{1,2}$/, /^\d{1,2}(?:\.\d{1,3})?$/]) {
    if (atEnd(c) || !pattern.test(tokenText(c.scanner, c.next))) break;
    parts.push(Number(tokenText(c.scanner, c.next++)));
  }
  const [degrees, minutes = 0, seconds = 0] = parts;
  const expected = `degrees (at most ${most}), minutes and seconds`;
  if (degrees === undefined) return fail(c, expected);
  const thousandths = (degrees * 60 + minutes) * 60_000 + Math.round(seconds * 1_000);
  if (minutes > 59 || seconds >= 60 || thousandths > most * 3_600_000) return fail(c, expected, start);
  const side = word(c, `${positive} or ${negative}`)?.toUpperCase();
  if (side === positive) return MIDDLE + thousandths;
  return side === negative ? MIDDLE - thousandths : fail(c, `${positive} or ${negative}`, c.next - 1);
}

/** Metres with at most two decimals, "m" optional; in centimetres. */
function readMetres(c: Cursor, least: number, most: number): number | undefined {
  const expected = `metres from ${least} to ${most}, as in 10.00m`;
  const found = /^(-?\d{1,8}(?:\.\d{1,2})?)m?$/i.exec(atEnd(c) ? '' : tokenText(c.scanner, c.next));
  const value = Number(found?.[1]);
  if (!found || value < least || value > most) return fail(c, expected);
  c.next++;
  return Math.round(value * 100);
}
