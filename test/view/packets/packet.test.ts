import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../../src/base/time.ts';
import { wireLength } from '../../../src/dns/name.ts';
import { decode } from '../../../src/dns/wire/decode.ts';
import { encode } from '../../../src/dns/wire/encode.ts';
import { layout } from '../../../src/dns/wire/layout.ts';
import type { Span } from '../../../src/dns/wire/span.ts';
import type { Line } from '../../../src/scenario/schema.ts';
import type { Packet } from '../../../src/sim/packet.ts';
import { flags } from '../../../src/sim/segment.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import {
  endOfName,
  type Field,
  fieldAt,
  fieldsOf,
  opening,
  pathTo,
  pointersOf,
  shownFields,
  uncompressedLength,
} from '../../../src/view/geometry/packets/fields.ts';
import { arrowsOf, columnX, hexGrid, octetFrom, paint, rowY } from '../../../src/view/geometry/packets/hex.ts';
import { journeyText, packetOfMoment, packetsSoFar } from '../../../src/view/geometry/packets/list.ts';
import { readPacket } from '../../../src/view/geometry/packets/reading.ts';
import { remarkOn } from '../../../src/view/geometry/packets/remark.ts';
import { segmentBytes, segmentLayout } from '../../../src/view/geometry/packets/tcp.ts';
import { httpLayout, smtpLayout } from '../../../src/view/geometry/packets/text.ts';
import { message } from '../../dns/wire/arbitrary.ts';
import { referral, rootReferral } from '../../dns/wire/examples.ts';
import { played } from '../runs.ts';

const read = (bytes: Uint8Array, kind: Parameters<typeof fieldsOf>[0]['kind'] = 'referral') =>
  fieldsOf({ span: layout(bytes), bytes, kind });
const everyRow = (fields: readonly Field[]): Field[] => fields.flatMap((field) => [field, ...everyRow(field.children)]);

/** Leaves of a layout, which must follow one another without a gap. */
function expectTiled(span: Span, length: number): void {
  const leaves = (s: Span): Span[] => (s.children.length > 0 ? s.children.flatMap(leaves) : [s]);
  let at = 0;
  for (const leaf of length === 0 ? [] : leaves(span)) {
    expect(leaf.start).toBe(at);
    at = leaf.end;
  }
  expect(at).toBe(length);
}

describe('rows of the field tree', () => {
  test('tile the message at the outer level, whatever the octets', () => {
    const octets = fc.oneof(
      message.map((m) => encode(m)),
      fc.uint8Array({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(octets, (bytes) => {
        let at = 0;
        for (const field of read(bytes)) {
          expect(field.start).toBe(at);
          at = field.end;
        }
        expect(at).toBe(bytes.length);
      }),
      { numRuns: 100 },
    );
  });

  test('lie inside their parents, and can be found by their ids', () => {
    const fields = read(encode(rootReferral()));
    for (const field of everyRow(fields)) {
      expect(fieldAt(fields, field.id)).toBe(field);
      for (const child of field.children) {
        expect(child.start).toBeGreaterThanOrEqual(field.start);
        expect(child.end).toBeLessThanOrEqual(field.end);
      }
    }
  });

  test('show no more than what is unfolded', () => {
    const fields = read(encode(referral()));
    expect(shownFields(fields, new Set())).toEqual(fields);
    const header = fields[0] as Field;
    expect(shownFields(fields, new Set([header.id])).length).toBe(fields.length + header.children.length);
  });

  test('lead from the outside to any octet', () => {
    const bytes = encode(referral());
    const fields = read(bytes);
    for (let offset = 0; offset < bytes.length; offset++) {
      const path = pathTo(fields, offset);
      expect(path.length).toBeGreaterThan(0);
      for (const { start, end } of path) expect(start <= offset && offset < end).toBe(true);
    }
  });

  test('say of a name that is only a pointer where it reads on, and what stands there', () => {
    const bytes = encode(referral());
    const owner = read(bytes).find(({ tone }) => tone === 'authority')?.children[0] as Field;
    expect(owner.value).toBe('c0 10');
    expect(`${owner.words}${owner.strong}`).toBe('a pointer: reads on at 0010, example.com');
    expect(owner.pointer).toEqual({ at: owner.start, target: 16 });
  });

  test('open on the first record of a referral, its pointer chosen', () => {
    const fields = read(encode(referral()));
    const { open, chosen } = opening(fields, 'referral');
    expect([...open].map((id) => fieldAt(fields, id)?.label)).toEqual(['Header', 'Question', 'Authority 1 of 4']);
    expect(fieldAt(fields, chosen)?.label).toBe('Name');
  });

  test('show what cannot be read as such', () => {
    const cut = encode(referral()).slice(0, 60);
    expect(read(cut, 'malformed').at(-1)).toMatchObject({ tone: 'fault', label: 'Unparsed', end: 60 });
  });

  test('give the authority section of a firm no its own hue', () => {
    const tones = read(encode(referral()), 'no-such-name').map(({ tone }) => tone);
    expect(tones).toContain('no');
    expect(tones).not.toContain('authority');
  });
});

describe('compression', () => {
  test('is measured against every name spelled out', () => {
    const bytes = encode(referral());
    const decoded = decode(bytes);
    if (!decoded.ok) throw new Error(decoded.error.problem);
    const { question, authority, additional, edns } = decoded.message;
    const records = [...authority, ...additional];
    const names = records.reduce(
      (sum, r) =>
        sum + wireLength(r.name) + 10 + (r.type === 'NS' ? wireLength((r.data as { nameServer: typeof r.name }).nameServer) : 4),
      0,
    );
    const whole = 12 + question.reduce((sum, q) => sum + wireLength(q.name) + 4, 0) + names + (edns ? 11 : 0);
    expect(uncompressedLength(layout(bytes), bytes)).toBe(whole);
  });

  test('ends a name at the root or behind a pointer', () => {
    const bytes = Uint8Array.of(1, 0x61, 0, 1, 0x62, 0xc0, 0, 9);
    expect(endOfName(bytes, 0)).toBe(3);
    expect(endOfName(bytes, 3)).toBe(7);
  });
});

describe('the grid of bytes', () => {
  const bytes = encode(rootReferral());
  const span = layout(bytes);

  test('has sixteen to a row where there is room, else eight', () => {
    expect(hexGrid(199, 812, 600).columns).toBe(16);
    expect(hexGrid(199, 360, 600)).toMatchObject({ columns: 8, rows: 25 });
  });

  test('is no wider than its box', () => {
    for (let width = 340; width < 1100; width += 7) {
      const grid = hexGrid(840, width, 500);
      expect(columnX(grid, grid.columns - 1) + grid.cell, String(width)).toBeLessThan(grid.asciiLeft);
      expect(grid.width, String(width)).toBeLessThanOrEqual(width);
    }
  });

  test('washes every octet once and underlines every field', () => {
    const grid = hexGrid(bytes.length, 812, 600);
    const { washes, rules } = paint(grid, read(bytes));
    const cells = (runs: readonly { width: number }[], extra: number): number =>
      runs.reduce((sum, { width }) => sum + (width + extra) / grid.cell, 0);
    expect(cells(washes, 0)).toBeCloseTo(bytes.length);
    expect(cells(rules, 3)).toBeCloseTo(bytes.length);
  });

  test('has an arrow for every pointer, with its head at the name', () => {
    const grid = hexGrid(bytes.length, 812, 600, 1);
    const pointers = pointersOf(span);
    const arrows = arrowsOf(grid, pointers);
    expect(arrows.length).toBe(pointers.length);
    for (const { pointer, head } of arrows) {
      const row = Math.floor(pointer.target / 16);
      const x = columnX(grid, pointer.target % 16);
      expect(head.towards === 'right' ? head.x + 3 : head.x - grid.cell / 2).toBe(x);
      expect(Math.abs(head.y - rowY(grid, row))).toBeLessThan(grid.tall);
    }
  });

  test('rests only arrows that do not share a lane with others', () => {
    const grid = hexGrid(bytes.length, 812, 600, 1);
    const resting = arrowsOf(grid, pointersOf(span)).filter((arrow) => arrow.resting);
    expect(new Set(resting.map(({ pointer }) => pointer.target)).size).toBe(2);
  });
});

describe('keys on the bytes', () => {
  const wide = hexGrid(199, 812, 600);
  const to = (key: string, at = 37, whole = false) => octetFrom(wide, 199, at, key, whole);

  test('arrows lead to the next octet and the next row, even out of the grid', () => {
    expect(['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'].map((key) => to(key))).toEqual([38, 36, 53, 21]);
    expect([to('ArrowLeft', 0), to('ArrowRight', 198)]).toEqual([-1, 199]);
  });

  test('Home and End mean the row; with Control, all octets', () => {
    expect([to('Home'), to('End'), to('End', 195)]).toEqual([32, 47, 198]);
    expect([to('Home', 37, true), to('End', 37, true)]).toEqual([0, 198]);
  });

  test('Page keys walk eight rows and stop at the ends; other keys lead nowhere', () => {
    expect([to('PageDown'), to('PageDown', 180), to('PageUp'), to('PageUp', 180)]).toEqual([165, 198, 0, 52]);
    expect(to('x')).toBeUndefined();
  });
});

describe('other protocols', () => {
  const text = (s: string): Uint8Array => new TextEncoder().encode(s);

  test('are laid out so that leaves tile every octet, whatever they are', () => {
    const lines = fc.array(
      fc.oneof(fc.string({ maxLength: 12 }), fc.constant('Host: a'), fc.constant('\r\n'), fc.constant('\n')),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, (parts) => {
        const bytes = text(parts.join(''));
        expectTiled(httpLayout(bytes), bytes.length);
        expectTiled(smtpLayout(bytes), bytes.length);
      }),
      { numRuns: 150 },
    );
  });

  test('HTTP is a start line, fields and content', () => {
    const bytes = text('GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\nbody');
    const fields = fieldsOf({ span: httpLayout(bytes), bytes, kind: 'http-request' });
    expect(fields.map(({ label }) => label)).toEqual(['Request line', 'Fields', 'Content']);
    expect(fields[1]?.children.map(({ label, value }) => `${label} ${value}`.trim())).toEqual([
      'Host www.example.com',
      'Empty line',
    ]);
  });

  test('a segment without a message shows its header, the flags by bit', () => {
    const segment = {
      id: 3,
      from: { address: '198.18.0.7', port: 60236 },
      to: { address: '192.0.2.44', port: 80 },
      transport: 'tcp',
      payload: new Uint8Array(0),
      tcp: { sequence: 7, acknowledgement: 0, flags: flags('syn'), window: 65535 },
      sentAt: 0,
    } as unknown as Packet;
    const bytes = segmentBytes(segment);
    const span = segmentLayout(segment, bytes);
    expectTiled(span, 24);
    const row = fieldsOf({ span, bytes, kind: 'tcp-syn' })[0]?.children.find(({ label }) => label === 'Flags');
    expect(row?.bits.filter(({ value }) => value !== '0').map(({ label }) => label)).toEqual(['words', 'SYN']);
  });
});

describe('the packets of a run', () => {
  const trace = played('first-visit');
  const at = (ms: number) => ({ at: (ms * 1000) as Instant });
  const items = (ms: number) => packetsSoFar(trace, at(ms), undefined).items;

  test('are listed when they have left, and not before', () => {
    expect(items(1)).toEqual([]);
    expect(items(48.6).map(({ step, route }) => `${step} ${route}`)).toEqual([
      '2 Browser to resolver',
      '3 Resolver to root',
      '3 Root to resolver',
      '4 Resolver to .com',
      '4 .com to resolver',
    ]);
    expect(items(48.6).at(-1)).toMatchObject({ hue: 'r', back: true, facts: '39.0 ms, 199 bytes' });
  });

  test('are left out from the old end when there are many, but never the one that is open', () => {
    const few = packetsSoFar(trace, { at: trace.end }, undefined, 4);
    expect(few.items.length).toBeLessThanOrEqual(4);
    expect(few.earlier).toBeGreaterThan(0);
    expect(packetsSoFar(trace, { at: trace.end }, 1, 4).items[0]?.packet.id).toBe(1);
  });

  test('open on the message of the moment', () => {
    expect(packetOfMoment(trace, at(48.6))).toMatchObject({ message: 4 });
    expect(packetOfMoment(trace, at(1))).toBeUndefined();
  });

  test('have a heading in words, and say how far they have come', () => {
    const packet = packetOfMoment(trace, at(48.6));
    if (!packet) throw new Error('no packet has been sent');
    expect(readPacket(trace, packet, false)).toMatchObject({
      title: 'Referral from a .com server to the resolver',
      size: '199 bytes on the wire',
      saving: 'Six pointers make this message 199 bytes instead of 267.',
    });
    expect(journeyText(trace, packet, at(48.6))).toBe('Sent at 39.0 ms, due at 51.0 ms.');
    expect(journeyText(trace, packet, at(60))).toBe('Sent at 39.0 ms, arrived at 51.0 ms.');
  });

  test('each raise a question of their own, and the referral why only one address is enclosed', () => {
    for (const packet of trace.packets) {
      const { about, fields } = readPacket(trace, packet, false);
      expect(fields.length).toBeGreaterThan(0);
      expect(remarkOn(trace, packet, about)?.answer, `${packet.id}`).toMatch(/[.!?]$/);
    }
    const packet = packetOfMoment(trace, at(48.6));
    expect(packet && remarkOn(trace, packet, readPacket(trace, packet, false).about)?.answer).toBe(
      'The .com zone may vouch for ns-2048, whose name ends in com. The other three live under net, org and co.uk, and those zones must be asked about them.',
    );
    // ns-2048.awsdns-64.com lies under com, but not under example.com (RFC 9499 §7).
    expect(packet && remarkOn(trace, packet, readPacket(trace, packet, false).about)?.term).toBe('glue, of a sibling domain.');
  });

  const remarks = (trace: Trace) =>
    trace.packets.flatMap((packet) => remarkOn(trace, packet, readPacket(trace, packet, false).about) ?? []);

  test('a question for a key is no shortened question for the name (RFC 9156)', () => {
    const terms = remarks(played('dnssec-secure')).map(({ term }) => term);
    expect(terms).toContain('DNSKEY record, RFC 4035 §5.');
    expect(terms.filter((term) => term.startsWith('QNAME minimisation'))).toEqual([]);
  });

  test('an address that only the zone itself could tell, and that did not come, is told as forgotten (RFC 9471)', () => {
    const lines: Line[] = [
      { at: '20 s', edit: 'org', set: 'example.org. 172800 NS ns1.example.org.' },
      { at: '21 s', ask: 'www.example.org A' },
    ];
    const answers = remarks(played('missing-glue', lines)).map(({ answer }) => answer);
    expect(answers.some((answer) => answer.startsWith('It has been forgotten.'))).toBe(true);
    expect(answers.some((answer) => answer.includes('.org zone may not vouch for names that end in org'))).toBe(false);
  });

  test('tell of a query only what its zone does with it, and who has sent it', () => {
    const said = (lesson: string, title: RegExp): string[] => {
      const run = played(lesson);
      return run.packets.flatMap((packet) => {
        const reading = readPacket(run, packet, false);
        return title.test(reading.title) ? [remarkOn(run, packet, reading.about)?.answer ?? ''] : [];
      });
    };
    expect(said('first-visit', /^Query from the resolver to a .com server/)[0]).toContain('will only say who knows more');
    expect(said('first-visit', /^Query from the resolver to the example.com server/)[0]).toContain('is where it belongs');
    expect(said('active-active', /^Query from the browser to the example.com server/)[0]).toContain('comes from no cache');
    expect(said('lame-delegation', /^Query from the resolver to ns1.example.net/)[0]).toContain('shows when it replies');
    expect(said('far-resolver', /^Query from the resolver in Dublin to a root server/).join(' ')).toContain(
      'the list as it is today',
    );
    const forged = said('spoofed-answers', /^Forged answer to the resolver, as if from the example.com server/);
    expect(forged.length).toBeGreaterThan(10);
    expect(forged[0]).toContain('Somebody else');
  });
});

describe('what the values of DNSSEC and EDNS mean', () => {
  const rows = (lesson: string): Field[] => {
    const run = played(lesson);
    return run.packets.flatMap((packet) => everyRow(readPacket(run, packet, false).fields));
  };
  const told = (all: readonly Field[], label: string): string[] => [
    ...new Set(all.filter((row) => row.label === label).map(({ value, words }) => `${value}, ${words}`)),
  ];

  test('keys, digests and algorithms by name, each from its own section', () => {
    const all = rows('dnssec-secure');
    expect(told(all, 'Algorithm')).toEqual(['13, ECDSA on the curve P-256 with SHA-256']);
    expect(told(all, 'Digest type')).toEqual(['2, SHA-256']);
    expect(told(all, 'Flags').filter((text) => text.includes('key'))).toEqual([
      '257, a key of the zone, for its parent to vouch for',
      '256, a key of the zone',
    ]);
    expect(all.find(({ label }) => label === 'Signer')?.source).toBe('RFC 4034 §3.1.7');
    expect(told(all, 'Original TTL').length).toBeGreaterThan(1);
  });

  test('a response repeats what its query wanted, and a query is no success', () => {
    const all = rows('dnssec-secure');
    expect(told(all, 'EDNS flags')).toContain('8000, the sender wants signatures along');
    expect(told(all, 'EDNS flags')).toContain('8000, repeats the query: signatures were wanted along');
    expect(told(all, 'Flags')).toContain('0120, this is a query');
  });

  test('a client subnet is taken apart', () => {
    const run = played('far-resolver');
    const parts = run.packets
      .flatMap((packet) => everyRow(readPacket(run, packet, false).fields))
      .find(({ label, children }) => label === 'Client subnet' && children.length > 0)
      ?.children.map(({ label, value }) => `${label} ${value}`);
    expect(parts).toEqual(['Code 8', 'Length 7', 'Family 1', 'Source prefix 24', 'Scope prefix 0', 'Address 198.18.2.0/24']);
  });
});
