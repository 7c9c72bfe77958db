/** How fast messages are decoded and encoded, as a ratio to dns-packet, which neither compresses nor types as much. */
import { fileURLToPath } from 'node:url';
import dnsPacket from 'dns-packet';
import type { Message } from '../../src/dns/message.ts';
import { decode } from '../../src/dns/wire/decode.ts';
import { encode } from '../../src/dns/wire/encode.ts';
import { cnameAnswer, referral, rootReferral, stubQuery } from '../dns/wire/examples.ts';
import type { BenchRow } from './row.ts';
import { ratio } from './row.ts';

const MESSAGES: readonly (readonly [what: string, message: Message, decode: number, encode: number])[] = [
  ['query', stubQuery(), 3, 3.5],
  ['referral', referral(), 4.5, 3.5],
  ['CNAME answer', cnameAnswer(), 4.5, 3],
  ['root referral with 26 glue records', rootReferral(), 8, 3.5],
];

/** Rows of the bench table. */
export function bench(): BenchRow[] {
  const unit = '× dns-packet';
  const row = (what: string, target: number, measured: number): BenchRow => ({ what, measured, target, better: 'higher', unit });
  const decoding = MESSAGES.map(([what, message, target]) => {
    const ours = new Uint8Array(encode(message));
    const theirs = Buffer.from(ours);
    return row(
      `decode ${what}`,
      target,
      ratio(
        repeated(() => decode(ours)),
        repeated(() => dnsPacket.decode(theirs), 4),
      ),
    );
  });
  const many = Array.from({ length: 2_048 }, (_, i) => new Uint8Array(encode(referral(`example-${i}.com.`, i % 512))));
  const buffers = many.map((bytes) => Buffer.from(bytes));
  const distinct = row('decode 2,048 distinct referrals', 4, ratio(each(many, decode), each(buffers, dnsPacket.decode), 21));
  const encoding = MESSAGES.map(([what, message, , target]) => {
    const theirs = dnsPacket.decode(Buffer.from(encode(message)));
    return row(
      `encode ${what}`,
      target,
      ratio(
        repeated(() => encode(message)),
        repeated(() => dnsPacket.encode(theirs), 4),
      ),
    );
  });
  return [...decoding, distinct, ...encoding];
}

/** The work done often enough to be measured; `share` makes a slow peer take about as long. */
function repeated(work: () => unknown, share = 1): () => number {
  const times = 20_000 / share;
  return () => {
    for (let i = 0; i < times; i++) sink = work();
    return times;
  };
}

const each =
  <T>(items: readonly T[], work: (item: T) => unknown): (() => number) =>
  () => {
    for (const item of items) sink = work(item);
    return items.length;
  };

/** Where results go, so that no work is optimised away. */
let sink: unknown;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { what, measured, target } of bench())
    console.log(`${what.padEnd(45)} ${measured.toFixed(2).padStart(6)}   target ${target}`);
  if (sink === undefined) throw new Error('nothing was measured');
}
