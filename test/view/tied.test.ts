import { expect, test } from 'vitest';
import { tied } from '../../src/view/geometry/tied.ts';

test('a number and its unit stay on one line, and other words may part', () => {
  const shown = (text: string): string => tied(text).replaceAll('\u00a0', '~');
  expect(shown('The dead address: 15 s left.')).toBe('The dead address: 15~s left.');
  expect(shown('47 h 59 m, 12.5 % of 199 bytes, 2 days, 481 km')).toBe('47~h 59~m, 12.5~% of 199~bytes, 2~days, 481~km');
  expect(shown('4 servers, 13 names, the 3 steps, Route 53 says')).toBe('4 servers, 13 names, the 3 steps, Route 53 says');
});
