/** Spans: which octets of a message are what, as a tree. */

import { labelText } from '../name.ts';
import type { Reader } from './reader.ts';
import { readName } from './reader.ts';

export type SpanKind =
  | 'message'
  | 'header'
  | 'section'
  | 'question'
  | 'record'
  | 'data'
  /** A name, made of labels and at most one pointer. */
  | 'name'
  | 'label'
  | 'pointer'
  /** The zero octet that ends a name. */
  | 'root'
  /** A number, an address, a text: one value. */
  | 'field'
  /** A count of octets that follow. */
  | 'length'
  /** Several values that belong together: texts, an EDNS option, a service parameter. */
  | 'group'
  /** Octets that could not be read as what belongs here; `about` says why. */
  | 'unparsed'
  /** Octets behind the message's end. */
  | 'trailing';

/**
 * A piece of a message. Its children, when it has any, lie in it in order, without gaps; so the leaves of a tree
 * cover every octet exactly once.
 */
export interface Span {
  readonly kind: SpanKind;
  /** What it is called: "TTL". */
  readonly label: string;
  /** What it holds, as text: "172800". Empty when the children say it. */
  readonly value: string;
  /** One plain sentence, or empty. */
  readonly about: string;
  /** Where the rule is written: "RFC 1035 §4.1.3". */
  readonly source: string;
  /** The first octet, and the octet behind the last. */
  readonly start: number;
  readonly end: number;
  /** Of a pointer: the octet that it leads to. */
  readonly target?: number;
  /** Of a leaf whose bits mean different things: what they are, from the left, without gaps. */
  readonly bits?: readonly BitField[];
  readonly children: readonly Span[];
}

export interface BitField {
  /** The first bit, counted from the left of the span's first octet, and the bit behind the last. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly value: string;
  readonly about: string;
  readonly source: string;
}

/** What a span says besides where it is. */
export interface Caption {
  readonly label: string;
  readonly value?: string;
  readonly about?: string;
  readonly source?: string;
}

export function leaf(
  kind: SpanKind,
  start: number,
  end: number,
  caption: Caption,
  more: Partial<Pick<Span, 'target' | 'bits'>> = {},
): Span {
  return { kind, value: '', about: '', source: '', ...caption, start, end, ...more, children: [] };
}

/** A span around `children`, of which there is at least one. */
export function around(kind: SpanKind, children: readonly Span[], caption: Caption): Span {
  const start = (children[0] as Span).start;
  const end = (children.at(-1) as Span).end;
  return { kind, value: '', about: '', source: '', ...caption, start, end, children };
}

/** The bits `from` to `to` of a number that is `width` bits wide. */
export function bitField(number: number, width: number, from: number, to: number, caption: Caption): BitField {
  const value = String((number >>> (width - to)) & ((1 << (to - from)) - 1));
  return { from, to, value, about: '', source: '', ...caption };
}

/**
 * The name that begins at the reader and lies before `end`; the reader then stands behind it. When it is broken, the
 * reader has a problem, stands behind the labels that are whole, and the span covers those; undefined when none is.
 */
export function nameSpan(r: Reader, end: number, caption: Caption): Span | undefined {
  const start = r.at;
  const name = readName(r, end);
  const after = r.problem === '' ? r.at : end;
  const parts: Span[] = [];
  for (let at = start; at < after; ) {
    const count = r.bytes[at] as number;
    if (count === 0) {
      parts.push(
        leaf('root', at, at + 1, {
          label: 'End of the name',
          value: '.',
          about: 'The root, which has no label',
          source: 'RFC 1035 §3.1',
        }),
      );
      break;
    }
    if (count >= 64) {
      if (r.problem === '') parts.push(pointerSpan(r, at));
      break;
    }
    if (at + 1 + count > end) break;
    parts.push(labelSpan(r, at, count));
    at += 1 + count;
  }
  if (r.problem !== '') r.at = parts.at(-1)?.end ?? start;
  if (parts.length === 0) return undefined;
  return around('name', parts, { source: 'RFC 1035 §3.1', ...caption, value: r.problem === '' ? name : '' });
}

function labelSpan(r: Reader, at: number, count: number): Span {
  const text = labelText(r.bytes.subarray(at + 1, at + 1 + count));
  return around(
    'label',
    [
      leaf('length', at, at + 1, {
        label: 'Length',
        value: String(count),
        about: `${count === 1 ? 'One octet follows' : `${count} octets follow`}`,
        source: 'RFC 1035 §3.1',
      }),
      leaf('field', at + 1, at + 1 + count, {
        label: 'Letters',
        value: text,
        about: 'The label itself; capital letters count as small ones',
        source: 'RFC 4343 §3',
      }),
    ],
    { label: 'Label', value: text, about: 'One part of the name, which dots divide when it is written', source: 'RFC 1035 §3.1' },
  );
}

function pointerSpan(r: Reader, at: number): Span {
  const source = 'RFC 1035 §4.1.4';
  const number = (((r.bytes[at] as number) << 8) | (r.bytes[at + 1] as number)) >>> 0;
  const target = number & 0x3fff;
  const bits = [
    bitField(number, 16, 0, 2, { label: 'Pointer', value: '11', about: 'Two set bits: this is no label but a pointer', source }),
    bitField(number, 16, 2, 16, { label: 'Offset', about: `Counted from the start of the message`, source }),
  ];
  const back = r.at;
  r.at = target;
  const name = readName(r, r.bytes.length);
  r.at = back;
  return leaf(
    'pointer',
    at,
    at + 2,
    {
      label: 'Pointer',
      value: String(target),
      about: `The name goes on at octet ${target}, with ${name}; it is not written twice`,
      source,
    },
    { target, bits },
  );
}
