/**
 * A message's layout as the packet view lists it: sections and records at the outer level, their fields inside, and in each
 * row the words that stand beside the value. Pure, from the spans and the octets.
 */
import { hexText } from '../../../base/octets.ts';
import type { BitField, Span } from '../../../dns/wire/span.ts';
import type { MessageKind, SegmentKind } from '../../../trace/describe.ts';

/** Which wash and line a piece of a message has. */
export type Tone = 'header' | 'question' | 'answer' | 'authority' | 'no' | 'additional' | 'fault' | 'body';

/** One row of the tree. */
export interface Field {
  /** Its place in the tree, "3.0.1". */
  readonly id: string;
  readonly depth: number;
  readonly tone: Tone;
  readonly label: string;
  readonly value: string;
  /** The plain phrase beside the value. */
  readonly words: string;
  /** Spoken after `words` and set in bold: the name that a pointer leads to. */
  readonly strong: string;
  /** The whole sentence, and where the rule is written. */
  readonly about: string;
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly bits: readonly BitField[];
  /** Of a pointer, or of a name that ends in one: where it leads. */
  readonly pointer?: Pointer;
  readonly children: readonly Field[];
}

export interface Pointer {
  /** The first octet of the two that point. */
  readonly at: number;
  readonly target: number;
}

/** What the rows of a message are made from. */
export interface Read {
  readonly span: Span;
  readonly bytes: Uint8Array;
  readonly kind: MessageKind | SegmentKind;
}

/** The rows of a message: header, question, each record, and what could not be read. */
export function fieldsOf(read: Read): Field[] {
  return outer(read.span).map(({ span, tone }, i) => fieldOf(read, span, tone(read.kind), `${i}`, 1));
}

/** All rows that show when the rows in `open` are unfolded, in order. */
export function shownFields(fields: readonly Field[], open: ReadonlySet<string>): Field[] {
  return fields.flatMap((field) => [field, ...(open.has(field.id) ? shownFields(field.children, open) : [])]);
}

/** The path of rows from the outer level down to the innermost one that holds an octet. */
export function pathTo(fields: readonly Field[], offset: number): Field[] {
  const field = fields.find(({ start, end }) => start <= offset && offset < end);
  return field ? [field, ...pathTo(field.children, offset)] : [];
}

/** The row with an id, if any. */
export function fieldAt(fields: readonly Field[], id: string | undefined): Field | undefined {
  if (id === undefined) return undefined;
  let level = fields;
  let found: Field | undefined;
  for (const [depth] of id.split('.').entries()) {
    const prefix = id.split('.', depth + 1).join('.');
    found = level.find((field) => field.id === prefix);
    if (!found) return undefined;
    level = found.children;
  }
  return found;
}

/** The rows that are unfolded and the one that is chosen when a message is opened: what it is about, and no more. */
export function opening(
  fields: readonly Field[],
  kind: MessageKind | SegmentKind,
): { open: ReadonlySet<string>; chosen?: string } {
  const open = new Set<string>();
  if (kind === 'http-request' || kind === 'http-response' || kind === 'smtp' || kind.startsWith('tcp')) {
    const telling = fields
      .flatMap(({ children }) => children)
      .find(({ label }) => ['Host', 'Status', 'Flags', 'Code'].includes(label));
    const chosen = telling ?? fields[0];
    return { open: new Set(fields.map(({ id }) => id)), ...(chosen ? { chosen: chosen.id } : {}) };
  }
  const first = (...tones: Tone[]): Field | undefined => fields.find(({ tone }) => tones.includes(tone));
  const told = first('fault') ?? first('answer', 'authority', 'no') ?? (kind === 'query' ? first('question') : first('body'));
  for (const field of [first('header'), first('question'), told]) if (field) open.add(field.id);
  const pointing = told?.children.find((field) => field.pointer?.at === field.start);
  const named = (field: Field | undefined, ...labels: string[]): Field | undefined =>
    field?.children.find(({ label }) => labels.includes(label));
  const chosen =
    kind === 'truncated' || kind === 'failure' || kind === 'no-such-name'
      ? named(first('header'), 'Flags')
      : kind === 'answer'
        ? (named(told, 'Address') ?? told?.children.at(-1))
        : (pointing ?? told?.children[0] ?? told);
  return chosen ? { open, chosen: chosen.id } : { open };
}

/** Every pointer of a message, in order. */
export function pointersOf(span: Span): Pointer[] {
  if (span.target !== undefined) return [{ at: span.start, target: span.target }];
  return span.children.flatMap(pointersOf);
}

/** The octet behind the labels that begin at `target`: behind the root, or behind the next pointer. */
export function endOfName(bytes: Uint8Array, target: number): number {
  let at = target;
  while (at < bytes.length) {
    const count = bytes[at] as number;
    if (count === 0) return at + 1;
    if (count >= 64) return Math.min(at + 2, bytes.length);
    at += 1 + count;
  }
  return bytes.length;
}

/** How many octets the message would have if no name pointed at another. */
export function uncompressedLength(span: Span, bytes: Uint8Array): number {
  return pointersOf(span).reduce((sum, { target }) => sum + spelledOut(bytes, target) - 2, bytes.length);
}

function spelledOut(bytes: Uint8Array, target: number): number {
  let length = 0;
  let at = target;
  for (let hop = 0; hop < 128 && at < bytes.length; ) {
    const count = bytes[at] as number;
    if (count === 0) return length + 1;
    if (count >= 64) {
      at = ((count & 0x3f) << 8) | (bytes[at + 1] ?? 0);
      hop++;
    } else {
      length += 1 + count;
      at += 1 + count;
    }
  }
  return length;
}

/** An offset as the margin prints it. */
export const offsetText = (offset: number): string => offset.toString(16).padStart(4, '0');

// --- rows

interface Outer {
  readonly span: Span;
  readonly tone: (kind: Read['kind']) => Tone;
}

/** Sections dissolve into their records; everything else stays. */
function outer(message: Span): Outer[] {
  return message.children.flatMap((span): Outer[] => {
    const tone = toneOf(span);
    return span.kind === 'section' ? span.children.map((child) => ({ span: child, tone })) : [{ span, tone }];
  });
}

function toneOf(span: Span): Outer['tone'] {
  if (span.kind === 'unparsed' || span.kind === 'trailing') return () => 'fault';
  if (span.label.startsWith('Question')) return () => 'question';
  if (span.label.startsWith('Answer')) return () => 'answer';
  if (span.label.startsWith('Additional')) return () => 'additional';
  if (span.label.startsWith('Authority'))
    return (kind) => (kind === 'no-such-name' || kind === 'no-such-type' ? 'no' : 'authority');
  return span.kind === 'data' ? () => 'body' : () => 'header';
}

function fieldOf(read: Read, span: Span, tone: Tone, id: string, depth: number): Field {
  const inside = childrenOf(span);
  const own = span.kind === 'unparsed' ? 'fault' : tone;
  const children = inside.map((child, i) => fieldOf(read, child, own, `${id}.${i}`, depth + 1));
  const pointer = span.kind === 'name' || span.kind === 'pointer' ? pointerIn(span) : undefined;
  return {
    id,
    depth,
    tone: own,
    label: span.label,
    start: span.start,
    end: span.end,
    about: span.about,
    source: span.source,
    bits:
      span.bits ??
      span.children.find((child) => span.kind === 'name' && child.start === pointer?.at && child.start === span.start)?.bits ??
      [],
    ...(pointer ? { pointer } : {}),
    ...wordsOf(read, span),
    children,
  };
}

/** Data is its fields; a name that is nothing but a pointer needs no row inside. */
function childrenOf(span: Span): readonly Span[] {
  if (span.kind === 'name' && span.children.length === 1) return [];
  return span.children.flatMap((child) => (child.kind === 'data' && child.children.length > 0 ? child.children : [child]));
}

const pointerIn = (span: Span): Pointer | undefined => pointersOf(span).at(-1);

type Words = Pick<Field, 'value' | 'words' | 'strong'>;

function wordsOf({ bytes, kind }: Read, span: Span): Words {
  const raw = (): string =>
    hexText(bytes.subarray(span.start, span.end))
      .toLowerCase()
      .replace(/..(?=.)/g, '$& ');
  const words = (value: string, text: string, strong = ''): Words => ({ value, words: text, strong });
  if (span.kind === 'name') {
    const last = span.children.at(-1);
    if (last?.kind === 'pointer' && span.children.length === 1)
      return words(
        raw(),
        `${span.value.length > 14 ? '' : 'a pointer: '}reads on at ${offsetText(last.target ?? 0)}, `,
        bare(span.value),
      );
    if (last?.kind === 'pointer')
      return words(bare(span.value), `ends in a pointer to ${offsetText(last.target ?? 0)}, `, nameAt(bytes, last.target ?? 0));
    if (span.children.length === 1) return words(span.value, 'the root: a name without a label');
    return words(bare(span.value), spelling(span));
  }
  if (span.kind === 'pointer')
    return words(raw(), `reads on at ${offsetText(span.target ?? 0)}, `, nameAt(bytes, span.target ?? 0));
  if (span.label === 'ID')
    return words(
      raw().replace(' ', ''),
      kind === 'query' ? 'the response will bear it too' : 'the number of the query it answers',
    );
  if (span.kind === 'question' || span.kind === 'record') return words(span.value, '');
  if (span.bits && span.bits.length > 1) return words(raw().replace(' ', ''), small(span.about));
  if (span.label === 'Type' || span.label === 'Class') return words(span.value, span.about.replace(/^(\d+): /, '$1, '));
  if (span.label === 'TTL') return words(`${grouped(Number.parseInt(span.value, 10))} s`, ttlWords(span));
  if (span.label in COUNTS && span.source === 'RFC 1035 §4.1.1') return words(span.value, countWords(span, kind));
  // "13: ECDSA" beside the value 13 says its number once.
  const about = span.about.startsWith(`${span.value}: `) ? span.about.slice(span.value.length + 2) : span.about;
  return words(span.value, small(about));
}

const COUNTS: Readonly<Record<string, string>> = {
  Questions: 'what is asked',
  Answers: '',
  'Authority records': '',
  'Additional records': '',
};

function countWords({ label, value }: Span, kind: Read['kind']): string {
  const count = Number(value);
  if (label === 'Questions') return count === 1 ? 'what is asked' : '';
  if (label === 'Answers') return count > 0 ? 'what was asked for' : kind === 'query' ? '' : 'no answer inside';
  if (label === 'Authority records')
    return count === 0
      ? ''
      : kind === 'referral'
        ? 'ask one of these'
        : kind.startsWith('no-such')
          ? 'who says no, and for how long'
          : 'who speaks for the zone';
  return count === 0 ? '' : 'what may help';
}

/** "keep it two days". */
const ttlWords = ({ about }: Span): string =>
  small(
    about.replace('It may be kept for ', 'keep it ').replace('It may be used now and not kept', 'use it now, do not keep it'),
  );

/** "3 www 7 example 3 com 0". */
const spelling = (span: Span): string =>
  span.children.map((part) => (part.kind === 'root' ? '0' : `${part.children[0]?.value ?? ''} ${part.value}`)).join(' ');

function nameAt(bytes: Uint8Array, target: number): string {
  const labels: string[] = [];
  let at = target;
  for (let hop = 0; hop < 128 && at < bytes.length; hop++) {
    const count = bytes[at] as number;
    if (count === 0) break;
    if (count >= 64) at = ((count & 0x3f) << 8) | (bytes[at + 1] ?? 0);
    else {
      labels.push(ascii(bytes.subarray(at + 1, at + 1 + count)));
      at += 1 + count;
    }
  }
  return labels.join('.') || 'the root';
}

/** Octets as a terminal would print them: what is not a visible character is a dot. */
export const ascii = (bytes: Uint8Array): string =>
  Array.from(bytes, (octet) => (octet > 32 && octet < 127 ? String.fromCharCode(octet) : '·')).join('');

const bare = (name: string): string => (name.length > 1 && name.endsWith('.') ? name.slice(0, -1) : name);
const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ' ');
/** A sentence as a phrase beside a value: no capital in front, unless it is an abbreviation's. */
const small = (text: string): string => (/^(A |[A-Z][a-z])/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
