import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encode } from '../../../src/dns/wire/encode.ts';
import { layout } from '../../../src/dns/wire/layout.ts';
import { fieldsOf, opening } from '../../../src/view/geometry/packets/fields.ts';
import { hasBits, LINE, paperFields, paperOctets } from '../../../src/view/geometry/packets/paper.ts';
import { message } from '../../dns/wire/arbitrary.ts';
import { referral, rootReferral } from '../../dns/wire/examples.ts';

/** Under the sheet's head, and beside the fields (A4 and Letter, lying). */
const HIGH = 592;
const WIDE = 520;

test('octets fit on the sheet however many there are, and those that do not are counted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 65_535 }), (count) => {
      const { grid, blocks, width, left } = paperOctets(count, [], []);
      expect(width).toBeLessThanOrEqual(WIDE);
      expect(grid.height).toBeLessThanOrEqual(HIGH);
      expect(blocks.map(({ from }) => from)).toEqual([0, ...blocks.slice(0, -1).map(({ to }) => to)]);
      const room = (blocks.at(-1)?.to ?? 0) * 16;
      expect(room - count < 16 && left === Math.max(0, count - room)).toBe(true);
    }),
  );
});

test('a response of two thousand octets is printed whole', () => {
  expect(paperOctets(2024, [], []).left).toBe(0);
});

test('every octet of a message is washed once in print, too', () => {
  const bytes = encode(rootReferral());
  const { grid, washes } = paperOctets(bytes.length, fieldsOf({ span: layout(bytes), bytes, kind: 'referral' }), []);
  expect(washes.reduce((sum, { width }) => sum + width / grid.cell, 0)).toBeCloseTo(bytes.length);
});

test('as many fields as there is room for are unfolded, and no record is left out while all have a line', () => {
  fc.assert(
    fc.property(
      message.map((m) => encode(m)),
      (bytes) => {
        const fields = fieldsOf({ span: layout(bytes), bytes, kind: 'answer' });
        const { rows, left } = paperFields(fields, opening(fields, 'answer').open);
        const lines = rows.reduce((sum, row) => sum + (hasBits(row) ? 3 : 1), left > 0 ? 1 : 0);
        expect(lines * LINE).toBeLessThanOrEqual(HIGH - 4 * LINE);
        expect(rows.filter(({ depth }) => depth === 1).length + left).toBe(fields.length);
      },
    ),
    { numRuns: 60 },
  );
  const bytes = encode(referral());
  const fields = fieldsOf({ span: layout(bytes), bytes, kind: 'referral' });
  const { rows } = paperFields(fields, new Set());
  expect(rows.length).toBeGreaterThan(35);
});
