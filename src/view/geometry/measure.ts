/**
 * How wide a text will be, without a DOM: enough to place labels and to size slips and plates.
 *
 * The figures are IBM Plex's own advances in thousandths of the type size (Sans Variable at weight 500, width 92 %); other
 * weights differ by less than 2 %, so callers leave a pixel or two of air.
 */
export type Face = 'sans' | 'mono';

/** The width of `text` in pixels at type size `size`. */
export function textWidth(text: string, size: number, face: Face = 'sans'): number {
  if (face === 'mono') return text.length * size * MONO;
  let sum = 0;
  for (const c of text) sum += SANS[c.charCodeAt(0) - 32] ?? OTHER;
  return (sum * size) / 1000;
}

/** `text`, or its beginning and an ellipsis, so that it is no wider than `width` pixels. */
export function shortened(text: string, width: number, size: number, face: Face = 'sans'): string {
  if (textWidth(text, size, face) <= width) return text;
  let end = text.length;
  while (end > 0 && textWidth(`${text.slice(0, end)}…`, size, face) > width) end--;
  return end > 0 ? `${text.slice(0, end).trimEnd()}…` : '…';
}

/** As `shortened`, but the end of a name says more than its middle: "ns-2048…com.". */
export function squeezed(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const tail = Math.min(5, Math.max(2, Math.floor(characters / 3)));
  return `${text.slice(0, characters - tail - 1)}…${text.slice(-tail)}`;
}

const MONO = 0.6;
/** Quotation marks, dashes, multiplication signs: near enough one width. */
const OTHER = 560;
/** Advances of the ASCII characters from the space on. */
const SANS: readonly number[] = (
  '228 291 438 655 579 918 684 246 326 326 502 581 280 388 280 269 581 581 581 581 581 581 581 581 581 581 298 298 581 581 581 472 ' +
  '868 649 638 604 661 575 552 683 692 402 508 640 498 789 692 688 608 688 634 570 577 664 612 902 620 598 573 314 404 314 581 543 ' +
  '581 532 574 488 574 537 333 528 562 258 259 532 271 854 562 544 574 574 371 473 346 562 496 775 513 500 472 345 342 345 581'
)
  .split(' ')
  .map(Number);
