/** Every packet of every lesson, opened. */
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { decode } from '../../../src/dns/wire/decode.ts';
import { type Field, fieldAt, opening, pathTo, pointersOf } from '../../../src/view/geometry/packets/fields.ts';
import { arrowsOf, columnX, hexGrid, rowY } from '../../../src/view/geometry/packets/hex.ts';
import { type Reading, readPacket } from '../../../src/view/geometry/packets/reading.ts';
import { remarkOn } from '../../../src/view/geometry/packets/remark.ts';
import { played } from '../runs.ts';

const LESSONS = readdirSync(resolve(import.meta.dirname, '../../../scenarios')).map((file) => file.replace('.yaml', ''));
const everyRow = (fields: readonly Field[]): Field[] => fields.flatMap((field) => [field, ...everyRow(field.children)]);

interface Opened {
  readonly reading: Reading;
  readonly answer: string | undefined;
  readonly from: string;
}

/** Octets written twice or more often need not be looked at again. */
function opened(lesson: string): Opened[] {
  const trace = played(lesson);
  const seen = new Set<string>();
  return trace.packets.flatMap((packet) =>
    [false, true].flatMap((arrived) => {
      if (arrived && (packet.fate.kind !== 'delivered' || packet.fate.bytes === undefined)) return [];
      const reading = readPacket(trace, packet, arrived);
      const key = `${reading.title} ${reading.bytes.subarray(2).join(' ')}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ reading, answer: remarkOn(trace, packet, reading.about)?.answer, from: `${lesson}, packet ${packet.id}` }];
    }),
  );
}

/** The name that stands at an octet, read by following its labels and pointers (RFC 1035 §4.1.4), every pointer backwards. */
function nameFrom(bytes: Uint8Array, at: number, before = bytes.length): string {
  const count = bytes[at] ?? 0;
  if (count === 0) return '';
  if (count >= 0xc0) {
    const target = ((count & 0x3f) << 8) | (bytes[at + 1] ?? 0);
    if (target >= Math.min(at, before)) throw new Error(`the pointer at ${at} does not lead back`);
    return nameFrom(bytes, target, target + 1);
  }
  const label = String.fromCharCode(...bytes.subarray(at + 1, at + 1 + count));
  return `${label}.${nameFrom(bytes, at + 1 + count, before)}`;
}

describe.each(LESSONS)('the packets of %s', (lesson) => {
  let all: readonly Opened[] = [];
  beforeAll(() => {
    all = opened(lesson);
  });

  test('say of every field what it is for, in a sentence, and where that is written', () => {
    const faults: string[] = [];
    let count = 0;
    for (const { reading, answer, from } of all) {
      count++;
      if (!/[.!?]$/.test(answer ?? '')) faults.push(`${from} raises no question`);
      for (const { label, value, words, about, source, tone, bits, children } of everyRow(reading.fields)) {
        const wrong = (what: string): number => faults.push(`${from}: ${label} ${value} ${what}`);
        if (!/^[A-Z0-9].{2,}[^.,;: ]$/.test(about)) wrong(`says “${about}”`);
        if (!/^RFC [1-9]\d{2,3}( §[1-9A-C][\d.]*)?$/.test(source)) wrong(`is from “${source}”`);
        if (tone === 'fault') wrong('is not read');
        if (value === '' && words === '' && children.length === 0) wrong('shows nothing');
        if (bits.some((bit) => bit.about === '')) wrong('has a bit without words');
      }
    }
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(3);
  });

  test('show for every octet the field that it belongs to, and open on one that is there', () => {
    const faults: string[] = [];
    for (const { reading, from } of all) {
      const { bytes, fields } = reading;
      for (let offset = 0; offset < bytes.length; offset++) {
        const path = pathTo(fields, offset);
        const last = path.at(-1);
        if (!last || last.start > offset || last.end <= offset || last.children.length > 0)
          faults.push(`${from}: ${offset} belongs to ${last?.label}`);
      }
      const { chosen, open } = opening(fields, reading.kind);
      for (const id of [chosen, ...open]) if (!fieldAt(fields, id)) faults.push(`${from} opens ${id}`);
    }
    expect(faults).toEqual([]);
  });

  test('have an arrow from every pointer to the name that its record bears', () => {
    const faults: string[] = [];
    for (const { reading, from } of all) {
      const { bytes, fields, span } = reading;
      const decoded = decode(bytes);
      if (reading.about?.dns === undefined || !decoded.ok) continue;
      const pointers = pointersOf(span);
      const grid = hexGrid(bytes.length, 812, 600, pointers.length);
      const arrows = arrowsOf(grid, pointers);
      if (arrows.length !== pointers.length) faults.push(`${from} has ${arrows.length} arrows for ${pointers.length} pointers`);
      for (const { pointer, head } of arrows) {
        const x = head.towards === 'right' ? head.x + 3 : head.x - grid.cell / 2;
        const isThere = Math.abs(x - columnX(grid, pointer.target % 16)) < 0.01;
        if (!isThere || Math.abs(head.y - rowY(grid, Math.floor(pointer.target / 16))) >= grid.tall)
          faults.push(`${from}: the arrow from ${pointer.at} does not lead to ${pointer.target}`);
      }
      const { question, answer, authority, additional } = decoded.message;
      const told = fields.filter(({ label }) => /^(Question|Answer|Authority|Additional)/.test(label));
      for (const [i, { name }] of [...question, ...answer, ...authority, ...additional].entries()) {
        const read = nameFrom(bytes, told[i]?.children[0]?.start ?? 0) || '.';
        if (read.toLowerCase() !== name.toLowerCase()) faults.push(`${from}: ${told[i]?.label} is ${read}, not ${name}`);
      }
      for (const { label, pointer, strong } of everyRow(fields)) {
        if (pointer === undefined) continue;
        const read = nameFrom(bytes, pointer.target);
        if (`${strong}.` !== read) faults.push(`${from}: ${label} says ${strong}, and there stands ${read}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
