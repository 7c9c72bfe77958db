/** $GENERATE: many records from one line, as BIND has it. */
import type { Cursor } from '../presentation/cursor.ts';
import { atEnd, fail, word } from '../presentation/cursor.ts';
import { QUOTED, tokenText } from '../presentation/scan.ts';

/**
 * The lines that "$GENERATE start-stop[/step] owner [ttl] [class] type data" stands for; `$` and `${offset,width,base}`
 * become the counter. Undefined, with the cursor's `problem` set, when the line is wrong or makes more than `most`.
 */
export function generate(c: Cursor, most: number): string[] | undefined {
  const range = word(c, 'a range: start-stop or start-stop/step');
  if (range === undefined) return undefined;
  const found = /^(\d{1,10})-(\d{1,10})(?:\/(\d{1,10}))?$/.exec(range);
  const [first, last, step] = [Number(found?.[1]), Number(found?.[2]), Number(found?.[3] ?? 1)];
  if (!found || last < first || step < 1 || last > 0x7fffffff)
    return fail(c, 'a range: start-stop or start-stop/step, stop not below start, step at least 1', c.next - 1);
  if (Math.floor((last - first) / step) + 1 > most) return fail(c, `a range of at most ${most} records`, c.next - 1);
  const template = templateOf(c);
  if (template === undefined) return undefined;
  const lines: string[] = [];
  for (let i = first; i <= last; i += step)
    lines.push(template.map((part) => (typeof part === 'string' ? part : part(i))).join(''));
  return lines;
}

type Part = string | ((counter: number) => string);

/** The rest of the entry as one line. Data that is one quoted text is taken out of its quotes, as BIND does. */
function templateOf(c: Cursor): Part[] | undefined {
  const parts: Part[] = [];
  const s = c.scanner;
  if (s.count - c.next < 3) return fail(c, 'a range, an owner, a type and data', s.count);
  const unquote = s.kinds[s.count - 1] === QUOTED && s.kinds[s.count - 2] !== QUOTED;
  for (; !atEnd(c); c.next++) {
    const isQuoted = s.kinds[c.next] === QUOTED && !(unquote && c.next === s.count - 1);
    const inner = substitutions(c, tokenText(s, c.next));
    if (inner === undefined) return undefined;
    if (isQuoted) parts.push('"', ...inner, '" ');
    else parts.push(...inner, ' ');
  }
  return parts;
}

/** Text with its counters: "host-${0,3,d}" is "host-" and a counter of three digits. */
function substitutions(c: Cursor, text: string): Part[] | undefined {
  const parts: Part[] = [];
  let plain = '';
  for (let i = 0; i < text.length; i++) {
    const two = text.slice(i, i + 2);
    if (two[0] === '\\' || two === '$$') {
      plain += two === '$$' ? '\\$' : two;
      i++;
    } else if (two === '${') {
      const found = /^\$\{([+-]?\d{1,10})(?:,(\d{1,3})(?:,([doxXnN]))?)?\}/.exec(text.slice(i));
      if (!found) return fail(c, '$ and {offset,width,base}, the base being d, o, x, X, n or N', c.next, i);
      const [whole, offset, width = '0', base = 'd'] = found;
      if (Number(width) > 255) return fail(c, 'a width of at most 255', c.next, i);
      parts.push(plain, (counter) => numeral(counter + Number(offset), Number(width), base));
      plain = '';
      i += whole.length - 1;
    } else if (two[0] === '$') {
      parts.push(plain, String);
      plain = '';
    } else plain += two[0];
  }
  parts.push(plain);
  return parts;
}

/** A number in BIND's bases; n and N are hexadecimal digits, the last one first, with dots between and the dots counted. */
function numeral(value: number, width: number, base: string): string {
  const lower = base.toLowerCase();
  const radix = lower === 'd' ? 10 : lower === 'o' ? 8 : 16;
  // As C prints them: a negative number has a sign only in decimal.
  const digits = radix === 10 ? Math.abs(value).toString() : (value >>> 0).toString(radix);
  const cased = base === 'X' || base === 'N' ? digits.toUpperCase() : digits;
  if (lower === 'n') {
    const nibbles = [...cased].reverse();
    while (nibbles.length * 2 - 1 < width) nibbles.push('0');
    return nibbles.join('.');
  }
  const sign = radix === 10 && value < 0 ? '-' : '';
  return sign + cased.padStart(width - sign.length, '0');
}
