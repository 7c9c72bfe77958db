const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];

/** "first" to "ninth", then "10th". */
export const ordinal = (n: number): string => ORDINALS[n - 1] ?? `${n}th`;
