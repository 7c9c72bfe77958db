/** A trace as JSON text and back: octets as hexadecimal digits, all else as it is. */
import { hexText, parseHex } from '../base/octets.ts';
import type { Trace } from './trace.ts';

/** How octets stand in the JSON: `{ "$hex": "00ff" }`. */
interface Hex {
  readonly $hex: string;
}

/** The trace as JSON; `indent` spaces for people, none for the smallest text. */
export const writeTrace = (trace: Trace, indent = 0): string =>
  JSON.stringify(
    trace,
    (_key, value: unknown) => (value instanceof Uint8Array ? ({ $hex: hexText(value) } satisfies Hex) : value),
    indent,
  );

/** Reads what `writeTrace` wrote; undefined when the text is not that. */
export function readTrace(text: string): Trace | undefined {
  try {
    const read: unknown = JSON.parse(text, (_key, value: unknown) => (isHex(value) ? (parseHex(value.$hex) ?? value) : value));
    return isTrace(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

const isHex = (value: unknown): value is Hex =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Hex>).$hex === 'string';

const isTrace = (value: unknown): value is Trace => {
  const { version, turns, packets, messages } = (value ?? {}) as Partial<Trace>;
  return version === 1 && [turns, packets, messages].every(Array.isArray);
};
