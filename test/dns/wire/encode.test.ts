import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { address } from '../../../src/base/address.ts';
import type { Message } from '../../../src/dns/message.ts';
import { response } from '../../../src/dns/message.ts';
import type { Name } from '../../../src/dns/name.ts';
import { name, ROOT } from '../../../src/dns/name.ts';
import type { ResourceRecord } from '../../../src/dns/record.ts';
import { record } from '../../../src/dns/record.ts';
import { decode } from '../../../src/dns/wire/decode.ts';
import { datagramLimit, encode, LONGEST_MESSAGE } from '../../../src/dns/wire/encode.ts';
import { FIELDS, isKnownType } from '../../../src/dns/wire/fields.ts';
import { layout } from '../../../src/dns/wire/layout.ts';
import { encodeData, nameToWire } from '../../../src/dns/wire/nameOctets.ts';
import { message } from './arbitrary.ts';
import { cnameAnswer, everything, priming, referral, rootReferral, stubQuery } from './examples.ts';
import { spansOf } from './tiling.ts';

const decoded = (bytes: Uint8Array): Message => {
  const result = decode(bytes);
  if (!result.ok) throw new Error(result.error.problem);
  return result.message;
};

test.each([
  ['512 octets without EDNS', undefined, 512],
  ['what we send, when the asker takes more', 4096, 1232],
  ['what the asker takes, when we would send more', 800, 800],
  ['512 octets, when the asker says less', 100, 512],
])('a datagram may be %s', (_what, udpSize, limit) => {
  const { edns: _, ...asked } = stubQuery();
  const edns = udpSize === undefined ? {} : { edns: { version: 0, udpSize, do: false, options: [] } };
  expect(datagramLimit({ ...asked, ...edns }, 1232)).toBe(limit);
});

describe('compression', () => {
  test.each([
    ['query', stubQuery(), 44],
    ['referral', referral(), 191],
    ['CNAME answer', cnameAnswer(), 225],
    ['root referral', rootReferral(), 840],
    ['priming answer', priming(), 228],
  ])('makes the %s as small as it can be', (_, m, size) => expect(encode(m).length).toBe(size));

  test('points to the longest tail that stands before it, in every message', () => {
    fc.assert(
      fc.property(message, (m) => {
        expectOptimal(encode(m));
      }),
      { numRuns: 200 },
    );
  });

  test('is optimal in messages longer than a pointer reaches', () => {
    const texts = (from: number) =>
      Array.from({ length: 40 }, (_, i) =>
        record(name(`t${from + i}.example.com.`), 'TXT', 1, { strings: [new Uint8Array(200), new Uint8Array(219)] }),
      );
    const late = record(name('late.example.org.'), 'NS', 1, { nameServer: name('ns.late.example.org.') });
    const bytes = encode({ ...referral(), answer: [...texts(0), late, ...texts(20), late] });
    expect(bytes.length).toBeGreaterThan(0x4000);
    expectOptimal(bytes);
  });

  test('keeps the letter case of every name: only equal octets are shared', () => {
    const m = response(stubQuery('WWW.Example.COM.'), {
      answer: [record(name('www.example.COM.'), 'CNAME', 1, { target: name('WWW.Example.COM.') })],
    });
    expect(decoded(encode(m))).toEqual(m);
    expect(encode(m).length).toBe(12 + 17 + 4 + (4 + 8 + 2) + 10 + 2);
  });

  test('leaves names alone in the data of types younger than RFC 1035, and lets others point to them', () => {
    const srv = record(name('example.com.'), 'SRV', 1, { priority: 1, weight: 1, port: 1, target: name('sip.example.com.') });
    const a = record(name('sip.example.com.'), 'A', 1, { address: address('192.0.2.1') });
    const bytes = encode(response(stubQuery('example.com.'), { answer: [srv], additional: [a] }));
    expect(bytes.length).toBe(12 + 17 + (2 + 10 + 6 + 17) + (2 + 10 + 4));
  });
});

/** Looks at every name of a message: no label is written out where a pointer could have stood. */
function expectOptimal(bytes: Uint8Array): void {
  const standing = new Set<string>();
  const entries = layout(bytes).children.flatMap((section) => (section.kind === 'section' ? section.children : []));
  for (const entry of entries) {
    const type = entry.children.find((part) => part.label === 'Type')?.value ?? '';
    const compresses = isKnownType(type) && FIELDS[type].fields.some((field) => field.kind === 'compressible-name');
    for (const span of spansOf(entry).filter((part) => part.kind === 'name')) {
      const labels = span.children.filter((part) => part.kind === 'label');
      const tails = labels.map((label) => [label.start, tailAt(bytes, label.start)] as const);
      const again = tails.find(([, tail]) => standing.has(tail));
      if (again && (compresses || span === entry.children[0])) throw new Error(`"${again[1]}" is written out again`);
      for (const [at, tail] of tails) if (at < 0x4000) standing.add(tail);
    }
  }
}

/** The octets of the name at `at`, pointers followed, as text. */
function tailAt(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = at; ; ) {
    const count = bytes[i] as number;
    if (count === 0) return text;
    if (count >= 192) i = ((count & 63) << 8) | (bytes[i + 1] as number);
    else {
      text += `${[...bytes.subarray(i, i + 1 + count)]},`;
      i += 1 + count;
    }
  }
}

describe('a size limit', () => {
  const zone = name('example.com.');
  const a = (owner: Name, last: number): ResourceRecord => record(owner, 'A', 1, { address: address(`192.0.2.${last}`) });
  const counts = (m: Message): number[] => [m.answer.length, m.authority.length, m.additional.length];
  /** An answer with `n` addresses, two name servers, and their addresses as optional extras. */
  const answer = (n: number): Message => {
    const servers = [name('ns1.example.com.'), name('ns2.example.com.')];
    return response(stubQuery(), {
      flags: { aa: true },
      answer: Array.from({ length: n }, (_, i) => a(name('www.example.com.'), i)),
      authority: servers.map((nameServer) => record(zone, 'NS', 1, { nameServer })),
      additional: servers.flatMap((server, i) => [a(server, 100 + i), a(server, 200 + i)]),
      edns: { version: 0, udpSize: 1232, do: false, options: [] },
    });
  };

  test('that suffices changes nothing', () => {
    const whole = encode(answer(3));
    expect(encode(answer(3), whole.length)).toEqual(whole);
  });

  test('drops optional additional RRsets whole and without TC', () => {
    const size = encode(answer(3)).length;
    for (const [limit, left] of [
      [size - 1, 2],
      [size - 32, 2],
      [size - 33, 0],
      [size - 64, 0],
    ] as const) {
      const m = decoded(encode(answer(3), limit));
      expect(counts(m)).toEqual([3, 2, left]);
      expect(m.flags.tc).toBe(false);
    }
  });

  test('keeps a small optional RRset behind one that is too large', () => {
    const large = Array.from({ length: 20 }, (_, i) => a(name('ns1.example.com.'), i));
    const m = { ...answer(1), additional: [...large, a(name('ns2.example.com.'), 200)] };
    expect(decoded(encode(m, 200)).additional).toEqual([a(name('ns2.example.com.'), 200)]);
  });

  test('forgets the names of what was dropped, so that nothing points to them', () => {
    const owner = name('shared.tail.example.net.');
    const text = record(owner, 'TXT', 60, { strings: [new Uint8Array(255)] });
    const short = record(owner, 'A', 60, { address: address('192.0.2.7') });
    const whole = response(stubQuery(), { additional: [text, short] });
    const m = decoded(encode(whole, 150));
    expect(m.flags.tc).toBe(false);
    expect(m.additional).toEqual([short]);
  });

  test('sets TC when the authority section does not fit', () => {
    const m = decoded(encode(answer(3), encode(answer(3)).length - 65));
    expect(counts(m)).toEqual([3, 0, 0]);
    expect(m.flags.tc).toBe(true);
  });

  test('sets TC when the answer does not fit, and leaves no part of an RRset', () => {
    const m = decoded(encode(answer(60), 512));
    expect(counts(m)).toEqual([0, 0, 0]);
    expect(m).toMatchObject({ flags: { tc: true, aa: true, qr: true }, question: answer(60).question });
  });

  test('leaves the RRsets of an answer that fit before the first that does not', () => {
    const alias = record(name('www.example.com.'), 'CNAME', 1, { target: name('web.example.com.') });
    const many = Array.from({ length: 60 }, (_, i) => a(name('web.example.com.'), i));
    const m = decoded(encode({ ...answer(0), answer: [alias, ...many] }, 512));
    expect(m.answer).toEqual([alias]);
    expect(m.flags.tc).toBe(true);
  });

  test('never drops OPT', () => {
    for (const limit of [12, 44, 100, 512]) expect(decoded(encode(answer(60), limit)).edns).toEqual(answer(60).edns);
  });

  describe('on a referral', () => {
    const servers = Array.from({ length: 8 }, (_, i) => name(`ns${i}.example.com.`));
    const delegation = (glue: readonly ResourceRecord[]): Message =>
      response(stubQuery(), { authority: servers.map((nameServer) => record(zone, 'NS', 1, { nameServer })), additional: glue });

    test('sets TC when in-domain glue does not fit, after as much of it as does', () => {
      const m = delegation(servers.map((server, i) => a(server, i)));
      const cut = decoded(encode(m, encode(m).length - 1));
      expect(counts(cut)).toEqual([0, 8, 7]);
      expect(cut.flags.tc).toBe(true);
    });

    test('puts in-domain glue before what is optional', () => {
      const other = Array.from({ length: 4 }, (_, i) => a(name(`other${i}.example.net.`), i));
      const m = delegation([...other, a(servers[0] as Name, 9)]);
      const cut = decoded(encode(m, encode(m).length - 1));
      expect(cut.additional[0]).toEqual(a(servers[0] as Name, 9));
      expect(counts(cut)).toEqual([0, 8, 4]);
      expect(cut.flags.tc).toBe(false);
    });

    test('drops glue for servers outside of the delegated zone without TC', () => {
      const sibling = name('ns.example.net.');
      const m = { ...delegation([a(sibling, 1)]), authority: [record(zone, 'NS', 1, { nameServer: sibling })] };
      const cut = decoded(encode(m, encode(m).length - 1));
      expect([counts(cut), cut.flags.tc]).toEqual([[0, 1, 0], false]);
    });
  });

  test('holds for arbitrary messages, which lose whole RRsets only', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 512, max: 1500 }), (m, limit) => {
        const bare = encode({ ...m, answer: [], authority: [], additional: [] }).length;
        const bytes = encode(m, limit);
        expect(bytes.length).toBeLessThanOrEqual(Math.max(limit, bare));
        const left = decoded(bytes);
        if (left.answer.length + left.authority.length < m.answer.length + m.authority.length) expect(left.flags.tc).toBe(true);
        for (const kept of left.additional) expect(m.additional).toContainEqual(kept);
      }),
      { numRuns: 150 },
    );
  });

  test(`is ${LONGEST_MESSAGE} octets when none is given`, () => {
    const m = {
      ...stubQuery(),
      answer: Array.from({ length: 300 }, (_, i) => record(name(`t${i}.`), 'TXT', 1, { strings: [new Uint8Array(255)] })),
    };
    const bytes = encode(m);
    expect(bytes.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
    expect(decoded(bytes).flags.tc).toBe(true);
  });
});

test('messages do not disturb one another, though they share memory', () => {
  const many = Array.from({ length: 500 }, (_, i) => referral(`example-${i}.com.`, i % 512));
  const encoded = many.map((m) => encode(m));
  expect(encoded.map(decoded)).toEqual(many);
});

test('the length of a message does not matter to the next: short ones follow one of many chunks', () => {
  const long = {
    ...stubQuery(),
    answer: Array.from({ length: 200 }, (_, i) => record(name(`t${i}.`), 'TXT', 1, { strings: [new Uint8Array(255)] })),
  };
  for (const m of [stubQuery(), long, stubQuery(), everything(), long]) expect(decoded(encode(m))).toEqual(m);
});

describe('what has no wire form is refused', () => {
  const withAnswer = (r: unknown): Message => ({ ...stubQuery(), answer: [r as ResourceRecord] });
  test.each([
    ['an extended response code without EDNS', { ...response(stubQuery()), rcode: 'BADVERS' as const }],
    ['a text of 256 octets', withAnswer(record(ROOT, 'TXT', 1, { strings: [new Uint8Array(256)] }))],
    [
      'a label of 64 octets',
      stubQuery().question.length > 0
        ? { ...stubQuery(), question: [{ name: `${'a'.repeat(64)}.` as Name, type: 'A', class: 'IN' }] }
        : stubQuery(),
    ],
    [
      'a name of more than 255 octets',
      withAnswer(record(`${'a.'.repeat(128)}` as Name, 'A', 1, { address: address('192.0.2.1') })),
    ],
    ['a name without its final dot', withAnswer(record('a' as Name, 'A', 1, { address: address('192.0.2.1') }))],
    ['data for a type that has none', withAnswer({ name: ROOT, type: 'TYPE65280', class: 'IN', ttl: 1, data: { text: 'x' } })],
  ])('%s', (_, m) => expect(() => encode(m as Message)).toThrow());
});

test('a name and data on their own are not compressed', () => {
  expect([...nameToWire(name('a.B\\.c.'))]).toEqual([1, 97, 3, 66, 46, 99, 0]);
  expect([...nameToWire(ROOT)]).toEqual([0]);
  const soa = encodeData('SOA', {
    primary: name('a.b.'),
    mailbox: name('b.'),
    serial: 1,
    refresh: 2,
    retry: 3,
    expire: 4,
    minimum: 5,
  });
  expect([...soa.slice(0, 8)]).toEqual([1, 97, 1, 98, 0, 1, 98, 0]);
});
