/**
 * Virtual time: whole microseconds since the run began.
 *
 * Nothing below floor 7 reads a clock; an instant is always an argument.
 */

/** A point of virtual time, in whole microseconds since the run began. */
export type Instant = number & { readonly __instant: unique symbol };

/** A length of virtual time, in whole microseconds. */
export type Duration = number & { readonly __duration: unique symbol };

export const START = 0 as Instant;

/** The date of instant 0, in seconds since 1970: midnight of 1 January 2026 (UTC). */
export const START_DATE = 1_767_225_600;

/**
 * The date of an instant as ISO 8601 writes it, in UTC with milliseconds: "2026-01-01T00:00:00.067Z". The calendar is worked
 * out from the days since 1970 ("civil from days"): floors below the view have no clock to ask.
 */
export function isoDate(at: Instant): string {
  const whole = START_DATE + Math.floor(at / 1_000_000);
  const shifted = Math.floor(whole / 86_400) + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1;
  const year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0);
  const digits = (n: number, width = 2): string => String(n).padStart(width, '0');
  const second = whole % 86_400;
  const time = [Math.floor(second / 3_600), Math.floor((second % 3_600) / 60), second % 60].map((n) => digits(n)).join(':');
  const thousandth = digits(Math.floor((at % 1_000_000) / 1_000), 3);
  return `${digits(year, 4)}-${digits(month < 10 ? month + 3 : month - 9)}-${digits(day)}T${time}.${thousandth}Z`;
}

export const microseconds = (n: number): Duration => Math.round(n) as Duration;
export const milliseconds = (n: number): Duration => microseconds(n * 1_000);
export const seconds = (n: number): Duration => microseconds(n * 1_000_000);
export const minutes = (n: number): Duration => seconds(n * 60);
export const days = (n: number): Duration => seconds(n * 86_400);

/** An instant from microseconds since the start. */
export const instant = (n: number): Instant => Math.round(n) as Instant;

export const later = (at: Instant, by: Duration): Instant => (at + by) as Instant;

/** The length from `from` to `to`; negative when `to` is the earlier one. */
export const between = (from: Instant, to: Instant): Duration => (to - from) as Duration;

export const inMilliseconds = (d: Duration | Instant): number => d / 1_000;
export const inSeconds = (d: Duration | Instant): number => d / 1_000_000;

/** Whole seconds of a time left, rounded down: never promise more than is left. */
export const wholeSeconds = (d: Duration): number => Math.floor(d / 1_000_000);

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(us|µs|microseconds?)$/, 1],
  [/^(ms|milliseconds?)$/, 1_000],
  [/^(s|sec|seconds?)$/, 1_000_000],
  [/^(m|min|minutes?)$/, 60_000_000],
  [/^(h|hours?)$/, 3_600_000_000],
  [/^(d|days?)$/, 86_400_000_000],
];

/**
 * Reads a duration as a person writes it: "5 min 0.2 s", "2 days", "376ms".
 * Returns undefined when the text is not one; a bare number has no unit and is refused, except 0.
 */
export function parseDuration(text: string): Duration | undefined {
  const trimmed = text.trim();
  if (trimmed === '0') return 0 as Duration;
  const part = /(\d+(?:\.\d+)?)\s*([a-zµ]+)\s*/gy;
  let total = 0;
  let end = 0;
  for (let found = part.exec(trimmed); found; found = part.exec(trimmed)) {
    const unit = UNITS.find(([pattern]) => pattern.test(found?.[2] as string));
    if (!unit) return undefined;
    total += Number(found[1]) * unit[1];
    end = part.lastIndex;
  }
  return end > 0 && end === trimmed.length ? microseconds(total) : undefined;
}

/**
 * A duration, or an instant as what has passed until it, in the words of the screen and the transcript: "88.0 ms",
 * "5 min 0.2 s", "47 h 54 m". At most two units, rounded down.
 */
export function formatDuration(d: Duration | Instant): string {
  if (d < 0) return `-${formatDuration(-d as Duration)}`;
  if (d < 1_000_000) return `${(Math.floor(d / 100) / 10).toFixed(1)} ms`;
  if (d < 60_000_000) return `${trimZero((Math.floor(d / 1_000) / 1_000).toFixed(3))} s`;
  const whole = Math.floor(d / 1_000_000);
  if (whole < 3_600)
    return pair(Math.floor(whole / 60), 'min', trimZero((Math.floor((d % 60_000_000) / 100_000) / 10).toFixed(1)), 's');
  if (whole < 172_800) return pair(Math.floor(whole / 3_600), 'h', `${Math.floor((whole % 3_600) / 60)}`, 'm');
  return pair(Math.floor(whole / 86_400), 'days', `${Math.floor((whole % 86_400) / 3_600)}`, 'h');
}

const trimZero = (text: string): string => text.replace(/\.?0+$/, '');
const pair = (big: number, bigUnit: string, small: string, smallUnit: string): string =>
  small === '0' ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
