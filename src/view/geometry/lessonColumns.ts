/** The lesson index: chapters one under the other in columns, a chapter that is too long for one in several side by side. */

/** Heights in CSS pixels, as Lessons.svelte draws them. */
export const TITLE = 20;
export const ROW = 19.5;
export const BELOW = 5;

export interface Placed<T> {
  readonly chapter: T;
  /** How many rows its lessons take: a long chapter stands in several columns under one heading. */
  readonly rows: number;
}

/**
 * Chapters in reading order, down and then across, in columns of `height` pixels. A heading never stands without its lessons,
 * and lessons never stand without their heading.
 */
export function columnsOf<T extends { readonly cards: readonly unknown[] }>(
  chapters: readonly T[],
  height: number,
): readonly (readonly Placed<T>[])[] {
  const most = Math.max(1, Math.floor((height - TITLE) / ROW));
  const columns: Placed<T>[][] = [];
  let left = 0;
  for (const chapter of chapters) {
    const beside = Math.ceil(chapter.cards.length / most);
    const rows = Math.ceil(chapter.cards.length / beside);
    const needed = TITLE + rows * ROW;
    const column = columns.at(-1);
    if (column && needed <= left) column.push({ chapter, rows });
    else {
      columns.push([{ chapter, rows }]);
      left = height;
    }
    left -= needed + BELOW;
  }
  return columns;
}
