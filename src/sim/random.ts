/**
 * Seeded randomness: named streams, and draws that depend on nothing but their name and number.
 *
 * A stream is seeded by (seed, name), so asking for one more never reshuffles another. All arithmetic is on 32-bit
 * integers, so every platform draws alike.
 */

/** A sequence of numbers that seed and name determine. */
export interface Stream {
  /** The next number, 0 or more and below 1. */
  next(): number;
  /** The next whole number, 0 or more and below `n`. */
  integer(n: number): number;
}

/** All streams of one seed. */
export interface Random {
  readonly seed: number;
  /** The stream of that name ("isp/ids"); the same one, going on, whenever it is asked for. */
  stream(name: string): Stream;
}

export function makeRandom(seed: number): Random {
  const streams = new Map<string, Stream>();
  return {
    seed,
    stream(name) {
      let found = streams.get(name);
      if (!found) {
        found = makeStream(`${seed}/${name}`);
        streams.set(name, found);
      }
      return found;
    },
  };
}

/**
 * One number, 0 or more and below 1, as a pure function of its arguments: the `counter`-th draw that `label` makes under
 * `seed`. For whatever must be drawn alike however many other things are drawn.
 */
export function draw(seed: number, label: string, counter: number): number {
  const state = hash(`${seed}/${label}#${counter}`);
  for (let i = 0; i < 3; i++) step(state);
  return step(state) / 0x1_0000_0000;
}

function makeStream(name: string): Stream {
  const state = hash(name);
  // The first dozen values still look like the seed; PractRand's author discards as many.
  for (let i = 0; i < 12; i++) step(state);
  const next = (): number => step(state) / 0x1_0000_0000;
  return { next, integer: (n) => Math.floor(next() * n) };
}

/** Four 32-bit words. */
type State = [number, number, number, number];

/** cyrb128 (bryc, public domain): spreads a text over 128 bits. */
function hash(text: string): State {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ unit, 597399067);
    b = c ^ Math.imul(b ^ unit, 2869860233);
    c = d ^ Math.imul(c ^ unit, 951274213);
    d = a ^ Math.imul(d ^ unit, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  a ^= b ^ c ^ d;
  return [a, b ^ a, c ^ a, d ^ a];
}

/** sfc32 (Chris Doty-Humphrey's small fast counting generator): the next 32 bits, as an unsigned number. */
function step(state: State): number {
  const [a, b, c, d] = state;
  const sum = (a + b + d) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
  state[3] = (d + 1) | 0;
  return sum >>> 0;
}
