/** Data of any shape, looked into without a fault: what is not there, or is something else, is empty. */
import type { Path } from './parse.ts';

export type Data = Readonly<Record<string, unknown>>;

export const asMap = (value: unknown): Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const asOneOrMore = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Where the i-th of one or more values stands. */
export const listPath = (path: Path, field: string, value: unknown, i: number): Path =>
  Array.isArray(value) ? [...path, field, i] : [...path, field];
