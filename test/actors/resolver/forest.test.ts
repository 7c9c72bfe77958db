/** Properties of validation: what is signed resolves to what it would resolve to unsigned, and nobody can make it something else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/base/time.ts';
import type { Message } from '../../../src/dns/message.ts';
import { recordText } from '../../../src/dns/presentation.ts';
import { dataOf } from '../../../src/dns/record.ts';
import type { Rule } from '../../../src/sim/rules.ts';
import { asked, planted, tree, trust } from './forest.ts';
import { signedTree } from './signed.ts';
import { type Ask, run } from './world.ts';

const SIGNING = new Set(['RRSIG', 'NSEC', 'NSEC3']);

/** What a client makes of a response, signatures and the order of records left out. */
const meaning = (message: Message | undefined) => ({
  rcode: message?.rcode,
  answer: (message?.answer ?? [])
    .filter(({ type }) => !SIGNING.has(type))
    .map((r) => recordText(r))
    .sort(),
});

const questions = fc.array(fc.tuple(asked, fc.constantFrom<'A' | 'AAAA' | 'TXT'>('A', 'AAAA', 'TXT')), {
  minLength: 1,
  maxLength: 5,
});
const asks = (all: readonly (readonly [string, 'A' | 'AAAA' | 'TXT'])[]): Ask[] =>
  all.map(([name, type], i) => ({ at: i, name, type, edns: { do: true } }));

/** The names that an answer goes through. */
const through = (question: string, { answer = [] }: Partial<Message>): string[] => [
  question,
  ...answer.flatMap((r) => dataOf(r, 'CNAME')?.target ?? []),
];

describe('a tree of zones, of which some are signed', () => {
  test('resolves to what it would resolve to if none were, and says truly what could be checked', () => {
    fc.assert(
      fc.property(tree, questions, (grown, all) => {
        const { servers, validation } = planted(grown);
        const checked = run({ servers, settings: { validation }, asks: asks(all) }).responses;
        const bare = run({ servers: planted(grown, true).servers, asks: asks(all) }).responses;
        for (const [i, [name]] of all.entries()) {
          const response = checked[i];
          expect(meaning(response)).toEqual(meaning(bare[i]));
          const links = through(name, response ?? {}).map((one) => trust(grown, one));
          if (links.includes('none')) expect(response?.flags.ad, `${name} lies below an unsigned cut`).toBe(false);
          else if (!links.includes('partly')) expect(response?.flags.ad, `${name} is signed all the way`).toBe(true);
        }
      }),
      { numRuns: 25, seed: 3 },
    );
  });
});

describe('one bit that is turned over on the way', () => {
  const { servers, validation } = signedTree();
  const names = [
    'www.example.com.',
    'shop.example.com.',
    'any.wild.example.com.',
    'www.sub.example.com.',
    'nothing.example.com.',
  ];
  const right = new Map(
    names.map((name) => {
      const [response] = run({
        servers,
        settings: { validation },
        asks: [{ at: 0, name, type: 'A', edns: { do: true } }],
      }).responses;
      return [name, { ...meaning(response), rcode: response?.rcode }];
    }),
  );

  /** Turns over a bit of every response of the servers whose number, counted from 0, is the given one or any, if so wished. */
  const turning = (place: number, which: number, always: boolean): Rule => {
    let seen = 0;
    return (packet) => {
      if (packet.from.port !== 53 || packet.to.address !== '198.18.0.53') return undefined;
      if (!always && seen++ !== which) return undefined;
      const bytes = packet.payload.slice();
      const at = place % (bytes.length * 8);
      bytes[at >> 3] = (bytes[at >> 3] as number) ^ (0x80 >> (at & 7));
      return { bytes };
    };
  };

  const answersRight = (name: string, response: Message | undefined) => {
    const wanted = right.get(name);
    if (!response || response.rcode === 'SERVFAIL') return;
    const got = meaning(response);
    const bare = (lines: readonly string[]) => lines.map((line) => line.replace(/ \d+ /, ' '));
    expect({ rcode: got.rcode, answer: bare(got.answer) }).toEqual({ rcode: wanted?.rcode, answer: bare(wanted?.answer ?? []) });
    for (const r of response.answer) expect(r.ttl).toBeLessThanOrEqual(300);
  };

  test.each([
    ['of one response', false],
    ['of every response', true],
  ])('%s never makes anything else of what is signed', (_, always) => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(12_000), fc.nat(8), (name, place, which) => {
        const ask: Ask = { at: 0, name, type: 'A', edns: { do: true } };
        const rules = [{ name: 'turning', rule: turning(place, which, always) }];
        const { responses } = run({ servers, settings: { validation, patience: seconds(20) }, asks: [ask], rules });
        answersRight(name, responses[0]);
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});
