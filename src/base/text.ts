/** Pieces of text, as sentences and lists are put together from them. */

/** The text with a capital in front. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The text, cut off behind so many characters, "…" included. */
export const shortened = (text: string, most = 40): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** "1 octet", "2 octets". */
export const octetCount = (count: number): string => (count === 1 ? '1 octet' : `${count} octets`);

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];

/** "first" to "ninth", then "10th". */
export const ordinal = (n: number): string => ORDINALS[n - 1] ?? `${n}th`;
