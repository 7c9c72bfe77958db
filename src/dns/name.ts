/**
 * Domain names: branded strings in presentation format, always absolute, letter case kept.
 *
 * A label may hold any octets. In the text a dot or backslash inside a label is escaped ("\."), and an octet
 * outside 0x21–0x7e is written "\DDD" (RFC 1035 §5.1, RFC 4343 §2.1). Equal octets always give equal text.
 */

/** An absolute domain name in presentation format, with its final dot: "www.Example.com.". */
export type Name = string & { readonly __name: unique symbol };

/** A name in lower case, for maps and comparisons (RFC 4343 §3). */
export type NameKey = string & { readonly __nameKey: unique symbol };

export const ROOT = '.' as Name;

/** The longest label and the longest name in octets on the wire (RFC 1035 §2.3.4). */
export const MAX_LABEL = 63;
export const MAX_NAME = 255;

/** What is wrong with a text that is no domain name. */
export interface NameError {
  /** Where in the text, counted from 0. */
  readonly at: number;
  /** One sentence: what was found and what would be right. */
  readonly problem: string;
}

/** The form in which names are compared: ASCII letters in lower case, all else as it is. */
export const key = (name: Name): NameKey => name.toLowerCase() as string as NameKey;

export const sameName = (a: Name, b: Name): boolean => a === b || key(a) === key(b);

/** A name as people type it, made one text for all ways of typing it: lower case, no space around it, no final dot. */
export const bareName = (text: string): string => text.trim().toLowerCase().replace(/\.$/, '');

/** A name known to be right, for constants and tests; throws on any other text. */
export function name(text: string): Name {
  const parsed = parseName(text);
  if (typeof parsed !== 'string') throw new Error(`"${text}" is no domain name: ${parsed.problem}`);
  return parsed;
}

/**
 * Reads a name in presentation format. A name without a final dot is completed with `origin`
 * (the root by default). Gives the name, or what is wrong with it and where.
 */
export function parseName(text: string, origin: Name = ROOT): Name | NameError {
  if (text === '') return { at: 0, problem: 'a name is empty; "." is the root' };
  if (text === '.') return ROOT;
  if (text === '@') return origin;
  if (PLAIN.test(text)) return withinLimits(text, text.endsWith('.') ? (text as Name) : join(text, origin));
  const labels: string[] = [];
  let label: number[] = [];
  let i = 0;
  for (; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '.') {
      const problem = labelProblem(label);
      if (problem) return { at: i, problem };
      labels.push(labelText(label));
      label = [];
    } else if (c === '\\') {
      const digits = /^\d{3}/.exec(text.slice(i + 1))?.[0];
      if (digits !== undefined) {
        if (Number(digits) > 255) return { at: i, problem: `"\\${digits}" is more than 255` };
        label.push(Number(digits));
        i += 3;
      } else if (i + 1 < text.length && !/\d/.test(text[i + 1] as string)) {
        label.push(...UTF8.encode(String.fromCodePoint(text.codePointAt(i + 1) as number)));
        i += String.fromCodePoint(text.codePointAt(i + 1) as number).length;
      } else return { at: i, problem: 'a backslash takes three digits or one character' };
    } else if (c <= ' ' || c === '\u007f')
      return { at: i, problem: `a blank or control character; write it as \\${decimal(c.charCodeAt(0))}` };
    else {
      const whole = String.fromCodePoint(text.codePointAt(i) as number);
      label.push(...UTF8.encode(whole));
      i += whole.length - 1;
    }
  }
  if (label.length > 0) {
    const problem = labelProblem(label);
    if (problem) return { at: i, problem };
    labels.push(labelText(label));
    return withinLimits(text, join(labels.join('.'), origin));
  }
  return withinLimits(text, `${labels.join('.')}.` as Name);
}

/** The name made of `labels` (escaped text of each, leftmost first). */
export const fromLabels = (labels: readonly string[]): Name => (labels.length === 0 ? ROOT : `${labels.join('.')}.`) as Name;

/** The labels of a name, leftmost first, as escaped text; none for the root. */
export function labels(name: Name): string[] {
  if (name === ROOT) return [];
  if (!name.includes('\\')) return name.slice(0, -1).split('.');
  const parts: string[] = [];
  let start = 0;
  for (let dot = nextDot(name, 0); dot >= 0; dot = nextDot(name, dot + 1)) {
    parts.push(name.slice(start, dot));
    start = dot + 1;
  }
  return parts;
}

/** How many labels a name has, the root not counted. */
export function labelCount(name: Name): number {
  if (name === ROOT) return 0;
  let count = 0;
  for (let dot = nextDot(name, 0); dot >= 0; dot = nextDot(name, dot + 1)) count++;
  return count;
}

/** The name without its leftmost label; the root's parent is the root. Works on keys too. */
export function parent<N extends Name | NameKey>(name: N): N {
  const dot = nextDot(name, 0);
  return (dot < 0 || dot === name.length - 1 ? '.' : name.slice(dot + 1)) as N;
}

/** The ancestor of `name` that has `count` labels: ancestor("www.example.com.", 2) is "example.com.". */
export function ancestor(name: Name, count: number): Name {
  let result = name;
  for (let n = labelCount(name); n > count; n--) result = parent(result);
  return result;
}

/** Whether `name` is `zone` or lies below it (RFC 9499: "subdomain", itself included here). */
export function isSubdomain(name: Name | NameKey, zone: Name | NameKey): boolean {
  if (zone === ROOT) return true;
  if (name.length < zone.length) return false;
  const a = name.toLowerCase();
  const b = zone.toLowerCase();
  if (!a.endsWith(b)) return false;
  const cut = a.length - b.length;
  return cut === 0 || (a[cut - 1] === '.' && !isEscaped(a, cut - 1));
}

/** Whether `name` lies strictly below `zone`. */
export const isBelow = (name: Name, zone: Name): boolean => !sameName(name, zone) && isSubdomain(name, zone);

/** `child` (text of one or more labels, no final dot) in front of `zone`. */
export const join = (child: string, zone: Name): Name => (zone === ROOT ? `${child}.` : `${child}.${zone}`) as Name;

/** The octets of one label, from its escaped text. */
export function labelOctets(text: string): Uint8Array {
  const octets: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\') octets.push(text.charCodeAt(i));
    else if (/\d/.test(text[i + 1] as string)) {
      octets.push(Number(text.slice(i + 1, i + 4)));
      i += 3;
    } else octets.push(text.charCodeAt(++i));
  }
  return Uint8Array.from(octets);
}

/** The escaped text of one label, from its octets. */
export function labelText(octets: ArrayLike<number>): string {
  let text = '';
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    if (octet < 0x21 || octet > 0x7e) text += `\\${decimal(octet)}`;
    else if (MUST_ESCAPE.includes(String.fromCharCode(octet))) text += `\\${String.fromCharCode(octet)}`;
    else text += String.fromCharCode(octet);
  }
  return text;
}

/** The length of a name on the wire without compression, its final zero octet included. */
export function wireLength(name: Name): number {
  if (name === ROOT) return 1;
  if (!name.includes('\\')) return name.length + 1;
  return labels(name).reduce((sum, label) => sum + labelOctets(label).length + 1, 1);
}

/** Canonical DNS order: by labels from the right, each as lower-case octets (RFC 4034 §6.1). */
export function canonicalOrder(a: Name, b: Name): number {
  const x = canonicalKey(a);
  const y = canonicalKey(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A text that sorts, by its code units, as names do in canonical order: made once, it spares splitting at each comparison. */
export const canonicalKey = (name: Name): string => labels(name).reverse().map(labelSortText).join('\0');

/** The lower-case octets of a label. The lowest two are spelled with two characters, since 0 stands between labels. */
function labelSortText(label: string): string {
  const lower = label.toLowerCase();
  if (!lower.includes('\\')) return lower;
  return Array.from(labelOctets(lower), (octet) =>
    octet < 2 ? String.fromCharCode(1, octet + 1) : String.fromCharCode(octet),
  ).join('');
}

const UTF8 = new TextEncoder();
/** Characters that master files give a meaning, escaped in every label so that text reads back the same. */
const MUST_ESCAPE = '.\\"();@$';
/** Text that needs no unescaping: labels of 1 to 63 ordinary characters. */
const PLAIN = /^(?:[\w*/+:<=>?[\]^`{|}~!#%&',-]{1,63}\.)*[\w*/+:<=>?[\]^`{|}~!#%&',-]{1,63}\.?$/;

const decimal = (octet: number): string => octet.toString().padStart(3, '0');
const isEscaped = (text: string, at: number): boolean => {
  let backslashes = 0;
  for (let i = at - 1; i >= 0 && text[i] === '\\'; i--) backslashes++;
  return backslashes % 2 === 1;
};

function nextDot(text: string, from: number): number {
  let dot = text.indexOf('.', from);
  while (dot > 0 && text[dot - 1] === '\\' && isEscaped(text, dot)) dot = text.indexOf('.', dot + 1);
  return dot;
}

function labelProblem(label: readonly number[]): string | undefined {
  if (label.length === 0) return 'a label is empty; two dots stand together';
  return label.length > MAX_LABEL ? `a label has ${label.length} octets; ${MAX_LABEL} is the most` : undefined;
}

function withinLimits(text: string, name: Name): Name | NameError {
  const length = wireLength(name);
  if (length > MAX_NAME) return { at: text.length, problem: `the name takes ${length} octets; ${MAX_NAME} is the most` };
  return name;
}
