import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, wrap } from '../../../src/actors/driver/framing.ts';
import type { Framing } from '../../../src/actors/effects.ts';

const text = (s: string) => new TextEncoder().encode(s);

/** Cuts a stream that arrives in pieces. */
function read(framing: Framing, pieces: readonly Uint8Array[]): Uint8Array[] {
  const found: Uint8Array[] = [];
  let inbox = new Uint8Array();
  for (const piece of pieces) {
    inbox = Uint8Array.of(...inbox, ...piece);
    for (let one = cut(framing, inbox); one; one = cut(framing, inbox)) {
      found.push(one.message);
      inbox = inbox.slice(one.taken);
    }
  }
  return found;
}

const pieces = (stream: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(stream.length / size) }, (_, i) => stream.slice(i * size, (i + 1) * size));

describe('framing', () => {
  it('finds DNS messages again however the stream is cut into segments', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 1460 }),
        (all, size) => {
          const stream = Uint8Array.from(all.flatMap((message) => [...wrap('dns', message)]));
          expect(read('dns', pieces(stream, size))).toEqual(all);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('puts the length of a DNS message in two octets before it', () => {
    expect(wrap('dns', new Uint8Array(300)).slice(0, 2)).toEqual(Uint8Array.of(1, 44));
    expect(cut('dns', Uint8Array.of(0))).toBeUndefined();
    expect(cut('dns', Uint8Array.of(0, 2, 1))).toBeUndefined();
  });

  it('takes an HTTP message up to its empty line and as much content as its length says', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-LENGTH:  5 \r\n\r\n';
    const all = [text(`${head}hello`), text('GET / HTTP/1.1\r\n\r\n')];
    for (const size of [1, 7, 100])
      expect(read('http', pieces(Uint8Array.of(...(all[0] ?? []), ...(all[1] ?? [])), size))).toEqual(all);
    expect(cut('http', text(`${head}hell`))).toBeUndefined();
  });

  it('takes SMTP line by line, and a lone carriage return for a part of the line', () => {
    expect(read('smtp', [text('HE'), text('LO\r'), text('\na\rb\r\n')])).toEqual([text('HELO\r\n'), text('a\rb\r\n')]);
  });
});
