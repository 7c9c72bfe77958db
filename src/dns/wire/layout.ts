/** Layout: which octets of a message are what, for eyes. Only made when somebody opens a packet. */
import { capital, octetCount } from '../../base/text.ts';
import { formatDuration, seconds } from '../../base/time.ts';
import { opcodeName, rcodeName } from '../message.ts';
import { ROOT } from '../name.ts';
import type { RecordType } from '../record.ts';
import { className, typeName } from '../record.ts';
import { dataSpan, optionsSpan } from './layoutData.ts';
import { misplacedOpt, readOptions } from './options.ts';
import type { Reader } from './reader.ts';
import { has, reader, readName, u16, u32 } from './reader.ts';
import type { BitField, Caption, Span } from './span.ts';
import { around, bitField, leaf, nameSpan } from './span.ts';
import { CLASS_WORDS, FLAGS, OPCODE_WORDS, RCODE_WORDS, TYPE_WORDS } from './words.ts';

/**
 * The spans of `bytes` as a DNS message (RFC 1035 §4.1). Total: for any octets whatever, the leaves tile every octet
 * exactly once. What cannot be read is one span of kind 'unparsed', which says why; octets behind the last record
 * are 'trailing'. An empty array gives a message without children.
 */
export function layout(bytes: Uint8Array): Span {
  const r = reader(bytes);
  const total = bytes.length;
  const children: Span[] = [];
  const header = headerSpans(r);
  if (header.length > 0)
    children.push(
      around('header', header, {
        label: 'Header',
        about: 'A number, the flags, and how many of each follow',
        source: 'RFC 1035 §4.1.1',
      }),
    );
  if (r.problem === '') {
    const counts = [4, 6, 8, 10].map((at) => ((bytes[at] as number) << 8) | (bytes[at + 1] as number)) as [
      number,
      number,
      number,
      number,
    ];
    addSection(children, r, counts[0], 'Question', 'What is asked', questionSpan);
    addSection(children, r, counts[1], 'Answer', 'The records that were asked for', recordSpan);
    addSection(children, r, counts[2], 'Authority', 'Who has authority, or that there is nothing', recordSpan);
    addSection(children, r, counts[3], 'Additional', 'What may help to use the rest', additionalSpan());
  }
  const rest = children.at(-1)?.end ?? 0;
  if (r.problem !== '') {
    const about = `Cannot be read: ${r.problem}`;
    if (rest < total)
      children.push(
        leaf('unparsed', rest, total, { label: 'Unparsed', value: octetCount(total - rest), about, source: r.problemSource }),
      );
  } else if (rest < total)
    children.push(
      leaf('trailing', rest, total, {
        label: 'Trailing octets',
        value: octetCount(total - rest),
        about: 'The message ends before these; nobody reads them',
      }),
    );
  const whole = { label: 'Message', value: octetCount(total), source: 'RFC 1035 §4.1' };
  return { kind: 'message', about: '', ...whole, start: 0, end: total, children };
}

/** The header's fields, as many as are whole. */
function headerSpans(r: Reader): Span[] {
  const spans: Span[] = [];
  const counts = ['Questions', 'Answers', 'Authority records', 'Additional records'];
  const header = 'RFC 1035 §4.1.1';
  while (r.at < 12 && has(r, 2, r.bytes.length)) {
    const at = r.at;
    const number = u16(r);
    if (at === 0)
      spans.push(
        leaf('field', 0, 2, {
          label: 'ID',
          value: String(number),
          about: 'The response bears the number of its query',
          source: header,
        }),
      );
    else if (at === 2) spans.push(flagsSpan(number));
    else
      spans.push(
        leaf('field', at, at + 2, {
          label: counts[at / 2 - 2] as string,
          value: String(number),
          about: 'How many follow',
          source: header,
        }),
      );
  }
  return spans;
}

/** The header's second pair of octets, bit by bit. */
function flagsSpan(number: number): Span {
  const source = 'RFC 1035 §4.1.1';
  const opcode = opcodeName((number >> 11) & 15);
  const rcode = rcodeName(number & 15);
  const single = FLAGS.map((flag): BitField => {
    const on = ((number >> (15 - flag.bit)) & 1) === 1;
    return bitField(number, 16, flag.bit, flag.bit + 1, {
      label: flag.name,
      about: on ? flag.on : flag.off,
      source: flag.source,
    });
  });
  const [qr, ...others] = single as [BitField, ...BitField[]];
  const bits = [
    qr,
    bitField(number, 16, 1, 5, {
      label: 'Opcode',
      value: opcode,
      about: capital(OPCODE_WORDS[opcode] ?? 'a kind of query without a name'),
      source,
    }),
    ...others,
    bitField(number, 16, 12, 16, {
      label: 'Rcode',
      value: rcode,
      about: capital(RCODE_WORDS[rcode] ?? 'a response code without a name'),
      source,
    }),
  ];
  const set = FLAGS.filter((flag) => (number >> (15 - flag.bit)) & 1).map((flag) => flag.name);
  return leaf(
    'field',
    2,
    4,
    {
      label: 'Flags',
      value: [...set, opcode, rcode].join(' '),
      about: qr.value === '1' ? `${qr.about}: ${RCODE_WORDS[rcode] ?? rcode}` : qr.about,
      source,
    },
    { bits },
  );
}

/** Reads one thing of a section; undefined when nothing of it is whole. */
type Item = (r: Reader, label: string, nth: number) => Span | undefined;

function addSection(spans: Span[], r: Reader, count: number, label: string, about: string, item: Item): void {
  const items: Span[] = [];
  for (let i = 0; i < count && r.problem === ''; i++) {
    const span = item(r, count === 1 ? label : `${label} ${i + 1} of ${count}`, i);
    if (span) items.push(span);
  }
  const source = label === 'Question' ? 'RFC 1035 §4.1.2' : 'RFC 1035 §4.1.3';
  const value = `${items.length} ${label === 'Question' ? 'question' : 'record'}${items.length === 1 ? '' : 's'}`;
  if (items.length > 0) spans.push(around('section', items, { label: `${label} section`, value, about, source }));
}

function questionSpan(r: Reader, label: string): Span | undefined {
  const total = r.bytes.length;
  const name = nameSpan(r, total, { label: 'Name', about: 'The name that is asked about' });
  if (name === undefined) return undefined;
  const parts = [name];
  if (r.problem === '' && has(r, 4, total)) parts.push(typeSpan(r, 'RFC 1035 §4.1.2'), classSpan(r, 'RFC 1035 §4.1.2'));
  const value = parts.map((part) => part.value).join(' ');
  return around('question', parts, { label, value, about: 'A name, a type and a class', source: 'RFC 1035 §4.1.2' });
}

function typeSpan(r: Reader, source: string): Span {
  const { at } = r;
  const code = u16(r);
  const type = typeName(code);
  return leaf('field', at, at + 2, {
    label: 'Type',
    value: type,
    about: `${code}: ${TYPE_WORDS[type] ?? 'a type that Rootwalk carries as octets'}`,
    source,
  });
}

function classSpan(r: Reader, source: string): Span {
  const { at } = r;
  const code = u16(r);
  const name = className(code);
  return leaf('field', at, at + 2, {
    label: 'Class',
    value: name,
    about: `${code}: ${CLASS_WORDS[name] ?? 'a class without a name'}`,
    source,
  });
}

/** Reads records of the additional section, the first sound OPT as EDNS. */
function additionalSpan(): Item {
  let edns = false;
  return (r, label) => {
    const { at } = r;
    const sound = !edns && isSoundOpt(r);
    r.at = at;
    edns ||= sound;
    return sound ? optSpan(r, label) : recordSpan(r, label);
  };
}

/** Whether an OPT record stands here that is the message's EDNS, if it is the first. */
function isSoundOpt(r: Reader): boolean {
  const total = r.bytes.length;
  const name = readName(r, total);
  let sound = false;
  if (r.problem === '' && has(r, 10, total) && typeName(u16(r)) === 'OPT') {
    r.at += 6;
    const end = u16(r) + r.at;
    if (end <= total && misplacedOpt(true, true, name === ROOT) === undefined) {
      readOptions(r, end);
      sound = r.problem === '';
    }
  }
  r.problem = '';
  return sound;
}

const RECORD = 'RFC 1035 §4.1.3';

function recordSpan(r: Reader, label: string): Span | undefined {
  const total = r.bytes.length;
  const name = nameSpan(r, total, { label: 'Name', about: 'The owner name: what the record is about' });
  if (name === undefined) return undefined;
  const parts = [name];
  let value = name.value;
  if (r.problem === '' && has(r, 10, total)) {
    const type = typeSpan(r, RECORD);
    parts.push(type, classSpan(r, RECORD), ttlSpan(r), lengthSpan(r));
    const end = r.at + (((r.bytes[r.at - 2] as number) << 8) | (r.bytes[r.at - 1] as number));
    if (has(r, end - r.at, total)) {
      const data = r.at < end ? dataOf(r, type.value as RecordType, end) : undefined;
      if (data) parts.push(data);
      value = `${name.value} ${type.value}${data ? ` ${data.value}` : ''}`;
    }
  }
  const about = 'A record: what is so of a name, and for how long that may be kept';
  return around('record', parts, { label, value, about, source: RECORD });
}

/** The data of a record; that of an OPT record which is not the message's EDNS is left alone. */
function dataOf(r: Reader, type: RecordType, end: number): Span {
  if (type !== 'OPT') return dataSpan(r, type, end);
  const { at } = r;
  r.at = end;
  const about = 'Not read: a message has one OPT record, in the additional section, at the root, with whole options';
  return leaf('unparsed', at, end, { label: 'Data', value: octetCount(end - at), about, source: 'RFC 6891 §6.1.1' });
}

function ttlSpan(r: Reader): Span {
  const { at } = r;
  const ttl = u32(r);
  const kept =
    ttl > 0x7fffffff ? 'Its highest bit is set, so it counts as 0' : `It may be kept for ${formatDuration(seconds(ttl))}`;
  const about = ttl === 0 ? 'It may be used now and not kept' : kept;
  return leaf('field', at, at + 4, { label: 'TTL', value: `${ttl} s`, about, source: 'RFC 2181 §8' });
}

function lengthSpan(r: Reader): Span {
  const { at } = r;
  const count = u16(r);
  return leaf('length', at, at + 2, {
    label: 'Length',
    value: String(count),
    about: `The data has ${octetCount(count)}`,
    source: RECORD,
  });
}

/** An OPT record, whose class and TTL mean other things than in any other record (RFC 6891 §6.1.2, §6.1.3). */
function optSpan(r: Reader, label: string): Span | undefined {
  const source = 'RFC 6891 §6.1.2';
  const name = nameSpan(r, r.bytes.length, { label: 'Name', about: 'Always the root' });
  if (name === undefined) return undefined;
  const parts = [name, typeSpan(r, source)];
  const field = (size: number, caption: Caption, bits?: readonly BitField[]): number => {
    const { at } = r;
    parts.push(leaf('field', at, at + size, { source, ...caption }, bits ? { bits } : {}));
    r.at += size;
    return at;
  };
  const udpSize = peek16(r);
  field(2, { label: 'UDP size', value: String(udpSize), about: `The sender takes up to ${octetCount(udpSize)} over UDP` });
  field(1, {
    label: 'Extended rcode',
    value: String(r.bytes[r.at]),
    about: 'Eight more bits, to stand before the four of the response code',
    source: 'RFC 6891 §6.1.3',
  });
  field(1, {
    label: 'Version',
    value: String(r.bytes[r.at]),
    about: 'Version of EDNS; only 0 exists',
    source: 'RFC 6891 §6.1.3',
  });
  const flags = peek16(r);
  const isResponse = ((r.bytes[2] as number) & 0x80) !== 0;
  const wanted = (flags & 0x8000) !== 0;
  // A response repeats the bit of its query (RFC 3225 §3).
  const about = isResponse
    ? `Repeats the query: signatures were ${wanted ? '' : 'not '}wanted along`
    : `The sender wants ${wanted ? 'signatures along' : 'no signatures'}`;
  field(2, { label: 'EDNS flags', value: wanted ? 'DO' : '', about, source: 'RFC 6891 §6.1.4' }, [
    bitField(flags, 16, 0, 1, { label: 'DO', about, source: 'RFC 3225 §3' }),
    bitField(flags, 16, 1, 16, { label: 'Z', about: 'Reserved', source: 'RFC 6891 §6.1.4' }),
  ]);
  const length = lengthSpan(r);
  parts.push(length);
  const end = r.at + Number(length.value);
  if (r.at < end) parts.push(optionsSpan(r, end));
  return around('record', parts, {
    label,
    value: `OPT, ${octetCount(udpSize)} over UDP`,
    about: 'EDNS: more than the header has room for',
    source,
  });
}

const peek16 = (r: Reader): number => ((r.bytes[r.at] as number) << 8) | (r.bytes[r.at + 1] as number);
