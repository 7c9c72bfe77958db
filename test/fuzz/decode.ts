/**
 * Mutated and truncated messages: `npx tsx test/fuzz/decode.ts [count] [seed]`.
 *
 * Whatever the octets, decoding gives a message or a form error within 64 steps an octet, whatever decodes can be
 * encoded, and the layout tiles. The first message that breaks this is thrown, in hexadecimal.
 */
import { fileURLToPath } from 'node:url';
import { hexText } from '../../src/base/octets.ts';
import { decode } from '../../src/dns/wire/decode.ts';
import { encode } from '../../src/dns/wire/encode.ts';
import { seeds } from '../dns/wire/examples.ts';
import { tiled } from '../dns/wire/tiling.ts';

/** What `fuzzDecode` met. */
export interface Fuzzed {
  readonly messages: number;
  readonly formErrors: number;
  /** Of those that decoded: with data unfit for its type, with octets behind the end. */
  readonly unfit: number;
  readonly trailing: number;
  /** The most steps that decoding took, an octet. */
  readonly worst: number;
}

/** Decodes `count` messages made from `seed`; every 64th is laid out too. */
export function fuzzDecode(count: number, seed: number): Fuzzed {
  const draw = random(seed);
  const whole = seeds().map((message) => encode(message));
  const met = { messages: 0, formErrors: 0, unfit: 0, trailing: 0, worst: 0 };
  for (let i = 0; i < count; i++) {
    const bytes = draw(40) === 0 ? pointers(draw) : mutated(whole[draw(whole.length)] as Uint8Array, draw);
    try {
      examine(bytes, met, i % 64 === 0);
    } catch (error) {
      throw new Error(`message ${i} of seed ${seed}: ${hexText(bytes)}`, { cause: error });
    }
  }
  return met;
}

type Met = { -readonly [K in keyof Fuzzed]: number };

function examine(bytes: Uint8Array, met: Met, withLayout: boolean): void {
  const work = { steps: 0 };
  const decoded = decode(bytes, work);
  if (work.steps > 64 * bytes.length) throw new Error(`${work.steps} steps for ${bytes.length} octets`);
  met.messages++;
  met.worst = Math.max(met.worst, work.steps / Math.max(1, bytes.length));
  if (decoded.ok) {
    const { message } = decoded;
    const { answer, authority, additional } = message;
    if ([...answer, ...authority, ...additional].some((record) => 'unfit' in record.data)) met.unfit++;
    if (message.trailing !== undefined) met.trailing++;
    encode(message);
  } else {
    met.formErrors++;
    if (decoded.error.offset > bytes.length || decoded.error.problem === '')
      throw new Error('the form error does not say where or what');
    if ((decoded.error.partial === undefined) !== bytes.length < 12) throw new Error('the part that parsed is missing');
    if (decoded.error.partial) encode(decoded.error.partial);
  }
  if (withLayout) tiled(bytes);
}

type Draw = (below: number) => number;

/** Whole numbers below a bound, from a seed (Marsaglia, "Xorshift RNGs"). */
function random(seed: number): Draw {
  let state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A copy with up to four changes, each of a kind that broken or hostile software makes. */
function mutated(original: Uint8Array, draw: Draw): Uint8Array {
  let bytes = original.slice();
  for (let changes = 1 + draw(4); changes > 0; changes--) {
    const at = draw(Math.max(1, bytes.length));
    switch (draw(8)) {
      case 0:
        bytes = bytes.slice(0, at);
        break;
      case 1:
        bytes[at] = draw(256);
        break;
      case 2:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8));
        break;
      case 3:
        bytes[at] = 0xc0 | draw(4);
        bytes[at + 1] = draw(256);
        break;
      case 4:
        bytes[4 + draw(8)] = draw(2) === 0 ? 0xff : draw(4);
        break;
      case 5:
        bytes.copyWithin(at, draw(Math.max(1, bytes.length)), draw(Math.max(1, bytes.length)));
        break;
      case 6: {
        const more = Uint8Array.from({ length: bytes.length + 1 + draw(12) }, (_, i) => bytes[i] ?? draw(256));
        bytes = more;
        break;
      }
      default:
        bytes[at] = [0, 1, 63, 64, 128, 191, 192, 255][draw(8)] as number;
    }
  }
  return bytes;
}

/** A message made to cost the most: a long chain of labels and pointers, and many names that go down different parts of it. */
function pointers(draw: Draw): Uint8Array {
  const labels = draw(3);
  const segments: number[] = [];
  const chain: number[] = [];
  for (let i = 10 + draw(400); i > 0; i--) {
    const back = segments.at(-1);
    segments.push(23 + chain.length);
    for (let n = 0; n < labels && draw(8) > 0; n++) chain.push(1, 97 + draw(26));
    if (back === undefined) chain.push(0);
    else chain.push(0xc0 | (back >> 8), back & 0xff);
  }
  const carrier = [0, 0xff, 0, 0, 1, 0, 0, 0, 0, chain.length >> 8, chain.length & 0xff];
  const records: number[] = [];
  const count = 1 + draw(300);
  for (let i = 0; i < count; i++) {
    const [owner, server] = [segments[draw(segments.length)] as number, segments[draw(segments.length)] as number];
    records.push(0xc0 | (owner >> 8), owner & 0xff, 0, 2, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0 | (server >> 8), server & 0xff);
  }
  const header = [0, 0, 0, 0, 0, 0, (count + 1) >> 8, (count + 1) & 0xff, 0, 0, 0, 0];
  return Uint8Array.from([...header, ...carrier, ...chain, ...records]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 1_000_000, seed = 1] = process.argv.slice(2).map(Number);
  const start = performance.now();
  console.log(fuzzDecode(count, seed), `${((performance.now() - start) / 1000).toFixed(1)} s`);
}
