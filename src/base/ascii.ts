/** Octets to text, quickly: the codec makes a short text for every name and address that it meets. */

/** How many octets behind the end of a text must be there to be read, though nothing comes of them. */
export const ASCII_MARGIN = 24;

/**
 * The text of the ASCII octets of `codes` from `start` to `end`, behind which `ASCII_MARGIN` octets of any value lie.
 * One call of `fromCharCode` with all the codes takes a third of the time that `TextDecoder` or adding up single
 * characters take, and gives a text in one piece, which is quick to look up later. Most names need one call.
 */
export function asciiText(codes: Uint8Array, start: number, end: number): string {
  let text = '';
  let i = start;
  for (; end - i > 24; i += 24) text += short(codes, i, 24);
  return text + short(codes, i, end - i);
}

/** The text of `length` octets, 24 at most, from `i`. */
function short(codes: Uint8Array, i: number, length: number): string {
  const a = codes[i] as number;
  const b = codes[i + 1] as number;
  const c = codes[i + 2] as number;
  const d = codes[i + 3] as number;
  const e = codes[i + 4] as number;
  const f = codes[i + 5] as number;
  const g = codes[i + 6] as number;
  const h = codes[i + 7] as number;
  const j = codes[i + 8] as number;
  const k = codes[i + 9] as number;
  const l = codes[i + 10] as number;
  const m = codes[i + 11] as number;
  const n = codes[i + 12] as number;
  const o = codes[i + 13] as number;
  const p = codes[i + 14] as number;
  const q = codes[i + 15] as number;
  const r = codes[i + 16] as number;
  const s = codes[i + 17] as number;
  const t = codes[i + 18] as number;
  const u = codes[i + 19] as number;
  const v = codes[i + 20] as number;
  const w = codes[i + 21] as number;
  const x = codes[i + 22] as number;
  const y = codes[i + 23] as number;
  switch (length) {
    case 0:
      return '';
    case 1:
      return String.fromCharCode(a);
    case 2:
      return String.fromCharCode(a, b);
    case 3:
      return String.fromCharCode(a, b, c);
    case 4:
      return String.fromCharCode(a, b, c, d);
    case 5:
      return String.fromCharCode(a, b, c, d, e);
    case 6:
      return String.fromCharCode(a, b, c, d, e, f);
    case 7:
      return String.fromCharCode(a, b, c, d, e, f, g);
    case 8:
      return String.fromCharCode(a, b, c, d, e, f, g, h);
    case 9:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j);
    case 10:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k);
    case 11:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l);
    case 12:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m);
    case 13:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n);
    case 14:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o);
    case 15:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p);
    case 16:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q);
    case 17:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r);
    case 18:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s);
    case 19:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t);
    case 20:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u);
    case 21:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v);
    case 22:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v, w);
    case 23:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x);
    default:
      return String.fromCharCode(a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y);
  }
}
