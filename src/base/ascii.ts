/** Octets to text, quickly: the codec makes a short text for every name and address that it meets. */

/**
 * The text of the ASCII octets from `start` to `end`. Handing many codes at once to `fromCharCode` takes a third of
 * the time that `TextDecoder` or adding up single characters take on texts this short.
 */
export function asciiText(c: Uint8Array, start: number, end: number): string {
  let text = '';
  let i = start;
  for (; i + 16 <= end; i += 16)
    text += join(
      c[i],
      c[i + 1],
      c[i + 2],
      c[i + 3],
      c[i + 4],
      c[i + 5],
      c[i + 6],
      c[i + 7],
      c[i + 8],
      c[i + 9],
      c[i + 10],
      c[i + 11],
      c[i + 12],
      c[i + 13],
      c[i + 14],
      c[i + 15],
    );
  if (i + 8 <= end) {
    text += join(c[i], c[i + 1], c[i + 2], c[i + 3], c[i + 4], c[i + 5], c[i + 6], c[i + 7]);
    i += 8;
  }
  switch (end - i) {
    case 0:
      return text;
    case 1:
      return text + join(c[i]);
    case 2:
      return text + join(c[i], c[i + 1]);
    case 3:
      return text + join(c[i], c[i + 1], c[i + 2]);
    case 4:
      return text + join(c[i], c[i + 1], c[i + 2], c[i + 3]);
    case 5:
      return text + join(c[i], c[i + 1], c[i + 2], c[i + 3], c[i + 4]);
    case 6:
      return text + join(c[i], c[i + 1], c[i + 2], c[i + 3], c[i + 4], c[i + 5]);
    default:
      return text + join(c[i], c[i + 1], c[i + 2], c[i + 3], c[i + 4], c[i + 5], c[i + 6]);
  }
}

/** The compiler cannot know that no index lies outside. */
const join = String.fromCharCode as (...codes: (number | undefined)[]) => string;
