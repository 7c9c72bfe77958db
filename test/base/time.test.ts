import { describe, expect, test } from 'vitest';
import { formatDuration, microseconds, parseDuration, seconds, wholeSeconds } from '../../src/base/time.ts';

describe('a duration is read as a person writes it', () => {
  test.each([
    ['0', 0],
    ['376 ms', 376_000],
    ['5 min 0.2 s', 300_200_000],
    ['2 days', 172_800_000_000],
    ['1h', 3_600_000_000],
    ['15us', 15],
    ['1 day 2 hours', 93_600_000_000],
  ])('%s', (text, expected) => expect(parseDuration(text)).toBe(expected));

  test.each(['', '5', 'five minutes', '5 fortnights', '-1 s', '1 s x', '1..5 s'])('"%s" is none', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});

describe('a duration is told in at most two units and rounded down', () => {
  test.each([
    [48_600, '48.6 ms'],
    [88_000, '88.0 ms'],
    [999_999, '999.9 ms'],
    [30_000_000, '30 s'],
    [300_200_000, '5 min 0.2 s'],
    [172_499_000_000, '47 h 54 m'],
    [172_800_000_000, '2 days'],
    [518_399_000_000, '5 days 23 h'],
  ])('%d µs', (given, expected) => expect(formatDuration(microseconds(given))).toBe(expected));
});

test('seconds left are never promised upwards', () => {
  expect(wholeSeconds(microseconds(299_999_999))).toBe(299);
  expect(wholeSeconds(seconds(300))).toBe(300);
});
