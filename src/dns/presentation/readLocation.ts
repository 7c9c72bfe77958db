/** LOC, read from presentation format (RFC 1876 §3). */
import type { Cursor } from './cursor.ts';
import { atEnd, fail, word } from './cursor.ts';
import { BASE_CENTIMETRES, type Location, MIDDLE, sizeOctet } from './location.ts';
import { tokenText } from './scan.ts';

/** Latitude, longitude, altitude and up to three sizes. */
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
