import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../src/dns/name.ts';
import { encode } from '../../../src/dns/wire/encode.ts';
import { layout } from '../../../src/dns/wire/layout.ts';
import type { Span } from '../../../src/dns/wire/span.ts';
import { message } from './arbitrary.ts';
import { referral, rootReferral, stubQuery } from './examples.ts';
import { spansOf, tiled } from './tiling.ts';

describe('leaves tile every octet exactly once', () => {
  test('for arbitrary messages, of which nothing is left unparsed', () => {
    fc.assert(
      fc.property(message, (m) => {
        const kinds = new Set(spansOf(tiled(encode(m))).map((span) => span.kind));
        expect(kinds.has('unparsed') || kinds.has('trailing')).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test('for arbitrary octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        tiled(bytes);
      }),
      { numRuns: 200 },
    );
  });

  test('for messages cut short or with one octet changed', () => {
    const change = fc.record({ m: message, cut: fc.nat({ max: 2000 }), at: fc.nat({ max: 2000 }), to: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(change, ({ m, cut, at, to }) => {
        const bytes = encode(m).slice(0, cut);
        if (at < bytes.length) bytes[at] = to;
        tiled(bytes);
      }),
      { numRuns: 200 },
    );
  });
});

const find = (bytes: Uint8Array, test: (span: Span) => boolean): Span => {
  const found = spansOf(layout(bytes)).find(test);
  if (found === undefined) throw new Error('no such span');
  return found;
};

test('a compression pointer tells where it leads and which name stands there', () => {
  const pointer = find(encode(referral()), (span) => span.kind === 'pointer');
  expect(pointer).toMatchObject({ start: 33, end: 35, target: 16, value: '16' });
  expect(pointer.about).toContain('example.com.');
});

test('flags are shown bit by bit, opcode and response code as words', () => {
  const flags = find(encode(stubQuery()), (span) => span.label === 'Flags');
  expect(flags.bits?.map((bit) => `${bit.label}${bit.value}`).join(' ')).toBe(
    'QR0 OpcodeQUERY AA0 TC0 RD1 RA0 Z0 AD0 CD0 RcodeNOERROR',
  );
});

test('records are numbered within their section and say what they hold', () => {
  const records = spansOf(layout(encode(rootReferral()))).filter((span) => span.kind === 'record');
  expect(records).toHaveLength(40);
  expect(records[13]).toMatchObject({ label: 'Additional 1 of 27', value: 'a.gtld-servers.net. A 192.5.6.30' });
  expect(records.at(-1)).toMatchObject({ label: 'Additional 27 of 27', value: 'OPT, 1472 octets over UDP' });
});

test('what follows a break in the framing is one span that says why', () => {
  const bytes = encode(referral()).slice(0, 100);
  const last = layout(bytes).children.at(-1);
  expect(last).toMatchObject({ kind: 'unparsed', start: 96, end: 100 });
  expect(last?.about).toContain('10 octets should follow, 4 octets left');
});

test('octets behind the last record are trailing', () => {
  const bytes = Uint8Array.from([...encode(stubQuery()), 1, 2, 3]);
  expect(layout(bytes).children.at(-1)).toMatchObject({ kind: 'trailing', value: '3 octets' });
});

test('a second OPT record is not read as EDNS', () => {
  const bytes = encode({
    ...stubQuery(),
    additional: [{ name: ROOT, type: 'OPT', class: 'IN', ttl: 0, data: { opaque: Uint8Array.of(0, 3, 0, 0) } }],
  });
  // The message's own OPT record is written last, so the first one counts and that one does not.
  const records = spansOf(layout(bytes)).filter((span) => span.kind === 'record');
  expect(records.map((span) => span.value)).toEqual(['OPT, 1 octet over UDP', '. OPT']);
});

test('data unfit for its type is one unparsed span inside its record', () => {
  const bytes = encode({
    ...referral(),
    additional: [{ name: 'a.' as never, type: 'A', class: 'IN', ttl: 1, data: { opaque: Uint8Array.of(1, 2, 3) } }],
  });
  expect(find(bytes, (span) => span.kind === 'unparsed')).toMatchObject({ label: 'Data', value: '\\# 3 010203' });
});
