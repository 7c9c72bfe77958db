import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, ROW, TITLE } from '../../src/view/geometry/lessonColumns.ts';

const chapter = (name: string, lessons: number) => ({ name, cards: Array.from({ length: lessons }, (_, i) => i) });
const shown = (columns: ReturnType<typeof columnsOf<ReturnType<typeof chapter>>>) =>
  columns.map((column) => column.map((one) => `${one.chapter.name} ${one.chapter.cards.length}/${one.rows}`).join(', '));

describe('the lesson index', () => {
  it('puts short chapters under one another and a long one side by side under its heading', () => {
    const chapters = [chapter('a', 2), chapter('b', 5), chapter('c', 11), chapter('d', 2), chapter('e', 1)];
    expect(shown(columnsOf(chapters, 190))).toEqual(['a 2/2, b 5/5', 'c 11/6', 'd 2/2, e 1/1']);
  });

  it('keeps every chapter once, in order, within the height', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }),
        fc.integer({ min: 60, max: 400 }),
        (sizes, height) => {
          const chapters = sizes.map((size, i) => chapter(String(i), size));
          const columns = columnsOf(chapters, height);
          expect(columns.flat().map((one) => one.chapter)).toEqual(chapters);
          for (const column of columns)
            expect(column.reduce((sum, one) => sum + TITLE + one.rows * ROW, 0)).toBeLessThanOrEqual(height);
        },
      ),
    );
  });
});
