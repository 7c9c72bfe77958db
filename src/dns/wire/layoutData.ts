/** Layout of RDATA: the fields of every type, and of EDNS options, as spans. */

import { hexText } from '../../base/octets.ts';
import { capital } from '../../base/text.ts';
import type { EdnsOption } from '../message.ts';
import { quotedText } from '../presentation/octets.ts';
import { fieldText } from '../presentation/text.ts';
import { dataText } from '../presentation.ts';
import type { KnownType, RecordType } from '../record.ts';
import { isOpaque, typeCode, typeName } from '../record.ts';
import { ABOUT, type FieldWords } from './about.ts';
import { isKnownType } from './fields.ts';
import { readOptions } from './options.ts';
import { parameterKey, readParameters } from './parameters.ts';
import type { WireField } from './rdata.ts';
import { readData, readField, wireFields } from './rdata.ts';
import type { Reader } from './reader.ts';
import { u8, u16 } from './reader.ts';
import type { Caption, Span } from './span.ts';
import { around, leaf, nameSpan } from './span.ts';
import { EXTENDED_ERRORS, OPTION_WORDS, PARAMETER_WORDS, TYPE_WORDS } from './words.ts';

/** The data of a record, at least one octet up to `end`; the reader then stands at `end`, without a problem. */
export function dataSpan(r: Reader, type: RecordType, end: number): Span {
  const start = r.at;
  const data = readData(r, typeCode(type), end);
  const source = isKnownType(type) ? ABOUT[type].source : 'RFC 3597 §3';
  const caption: Caption = {
    label: 'Data',
    value: dataText(type, data),
    about: capital(TYPE_WORDS[type] ?? ''),
    source,
  };
  if (isOpaque(data)) {
    if (data.unfit === undefined)
      return leaf('data', start, end, { ...caption, about: 'Rootwalk carries these octets as they are' });
    return leaf('unparsed', start, end, { ...caption, about: `Not what the type says: ${data.unfit}` });
  }
  r.at = start;
  const spans = wireFields(type as KnownType).flatMap((field) =>
    fieldSpans(r, field, end, aboutField(type as KnownType, field.name)),
  );
  r.at = end;
  return around('data', spans, caption);
}

/** What a field is for, what its values mean, and where that is written. */
interface AboutField {
  readonly about: string;
  readonly source: string;
  readonly values?: ReadonlyMap<number, string>;
}

function aboutField(type: KnownType, field: string): AboutField {
  const { source, fields } = ABOUT[type];
  const found = (fields as Readonly<Record<string, FieldWords>>)[field] ?? '';
  return typeof found === 'string' ? { about: found, source } : { source, ...found };
}

/** One field, already known to be sound; none when it has no octets. */
function fieldSpans(r: Reader, field: WireField, end: number, { about: plain, source, values }: AboutField): Span[] {
  const start = r.at;
  const value = readField(r, field.kind, end);
  const stop = r.at;
  if (stop === start) return [];
  const meaning = typeof value === 'number' ? values?.get(value) : undefined;
  const about = meaning === undefined ? plain : `${value}: ${meaning}`;
  const caption = { label: words(field.name), value: fieldText(field, value), about, source };
  r.at = start;
  switch (field.kind) {
    case 'compressible-name':
    case 'name': {
      const span = nameSpan(r, end, caption);
      return span ? [span] : [];
    }
    case 'string':
    case 'counted-hex':
    case 'counted-base32':
      return [countedSpan(r, caption)];
    case 'strings':
      return [
        around(
          'group',
          until(r, stop, () => countedSpan(r, { label: 'Text', about: 'One piece of the text', source })),
          caption,
        ),
      ];
    case 'types':
      return [
        around(
          'group',
          until(r, stop, () => windowSpan(r)),
          caption,
        ),
      ];
    case 'service-parameters':
      return [
        around(
          'group',
          until(r, stop, () => parameterSpan(r)),
          caption,
        ),
      ];
    default:
      r.at = stop;
      return [leaf('field', start, stop, caption)];
  }
}

function until(r: Reader, end: number, next: () => Span): Span[] {
  const spans: Span[] = [];
  while (r.at < end) spans.push(next());
  return spans;
}

/** A count of octets, and that many. */
function countedSpan(r: Reader, caption: Caption): Span {
  const at = r.at;
  const count = u8(r);
  const end = at + 1 + count;
  const text = caption.value || quotedText(r.bytes.subarray(at + 1, end));
  const parts = [
    leaf('length', at, at + 1, {
      label: 'Length',
      value: String(count),
      about: 'How many octets follow',
      source: caption.source ?? '',
    }),
  ];
  if (count > 0) parts.push(leaf('field', at + 1, end, { ...caption, value: text }));
  r.at = end;
  return around('group', parts, { ...caption, value: text });
}

/** One window of a type bitmap (RFC 4034 §4.1.2). */
function windowSpan(r: Reader): Span {
  const source = 'RFC 4034 §4.1.2';
  const at = r.at;
  const window = u8(r);
  const count = u8(r);
  const end = r.at + count;
  const types: string[] = [];
  for (let i = 0; i < count * 8; i++)
    if ((r.bytes[r.at + (i >> 3)] as number) & (0x80 >> (i & 7))) types.push(typeName(window * 256 + i));
  r.at = end;
  const value = types.join(' ');
  return around(
    'group',
    [
      leaf('field', at, at + 1, {
        label: 'Window',
        value: String(window),
        about: `Types ${window * 256} to ${window * 256 + 255}`,
        source,
      }),
      leaf('length', at + 1, at + 2, { label: 'Length', value: String(count), about: 'How many octets of bits follow', source }),
      leaf('field', at + 2, end, { label: 'Bits', value, about: 'One bit for each type, set when the type exists here', source }),
    ],
    { label: 'Types', value, about: 'Those of one window of 256 types', source },
  );
}

/** One service parameter: key, length, value (RFC 9460 §2.2). */
function parameterSpan(r: Reader): Span {
  const source = 'RFC 9460 §2.2';
  const at = r.at;
  const code = u16(r);
  const count = u16(r);
  const end = r.at + count;
  const key = parameterKey(code);
  r.at = at;
  const value = fieldText({ name: 'parameters', kind: 'service-parameters' }, readParameters(r, end));
  const about = PARAMETER_WORDS[key] ?? 'A parameter that Rootwalk carries as octets';
  r.at = end;
  return keyLengthValue(
    at,
    end,
    { label: 'Key', value: `${key} (${code})`, about: 'Which parameter this is', source },
    [{ size: end - at - 4, label: 'Value', value, about }],
    { label: key, value, about, source },
  );
}

/** The options of an OPT record, at least one octet up to `end`, already known to be sound. */
export function optionsSpan(r: Reader, end: number): Span {
  const spans = until(r, end, () => optionSpan(r));
  return around('data', spans, {
    label: 'Options',
    value: spans.map((span) => span.label).join(', '),
    about: 'What does not fit into the fields before',
    source: OPTIONS,
  });
}

function optionSpan(r: Reader): Span {
  const at = r.at;
  const code = u16(r);
  const count = u16(r);
  const end = r.at + count;
  r.at = at;
  const [option] = readOptions(r, end);
  r.at = end;
  const [label, about, source] = OPTION_WORDS.get(code) ?? [
    `Option ${code}`,
    'An option that Rootwalk carries as octets',
    OPTIONS,
  ];
  const unfit = option?.option === 'other' ? option.unfit : undefined;
  const value = option ? optionText(option) : '';
  const caption = { label, value, about: unfit ? `Not what the code says: ${unfit}` : about, source };
  const which = { label: 'Code', value: String(code), about: `Option ${code}: ${label.toLowerCase()}`, source: OPTIONS };
  const parts = option ? partsOf(option, r.bytes.subarray(at + 4, end)) : undefined;
  return keyLengthValue(at, end, which, parts ?? [{ size: count, label: 'Value', value, about: caption.about }], caption, unfit);
}

const OPTIONS = 'RFC 6891 §6.1.2';

/** One of the values in an option: how many octets, and what they are. */
interface Part {
  readonly size: number;
  readonly label: string;
  readonly value: string;
  readonly about: string;
}

/** The values that an option is made of, where it has several. */
function partsOf(option: EdnsOption, data: Uint8Array): Part[] | undefined {
  const part = (size: number, label: string, value: string, about: string): Part => ({ size, label, value, about });
  switch (option.option) {
    case 'client-subnet': {
      const six = data[1] === 2;
      return [
        part(2, 'Family', six ? '2' : '1', `Family ${six ? '2: IPv6' : '1: IPv4'}`),
        part(1, 'Source prefix', String(data[2]), 'How many bits of the client’s address are told'),
        part(
          1,
          'Scope prefix',
          String(data[3]),
          'In a response, for how many bits it holds; 0 is for everybody, and in every query',
        ),
        part(data.length - 4, 'Address', option.subnet, 'That many bits of the address, and no more'),
      ];
    }
    case 'cookie':
      return [
        part(8, 'Client cookie', hexText(option.client), 'Drawn by the client; it must come back'),
        part(
          data.length - 8,
          'Server cookie',
          hexText(option.server ?? new Uint8Array(0)),
          'Made by the server from the client’s address',
        ),
      ];
    case 'extended-error':
      return [
        part(2, 'Info code', String(option.code), `${option.code}: ${EXTENDED_ERRORS[option.code] ?? 'an error without a name'}`),
        part(data.length - 2, 'Extra text', option.text, 'The same for people'),
      ];
    default:
      return undefined;
  }
}

/** A key, the count of octets that follow, and those. */
function keyLengthValue(
  at: number,
  end: number,
  key: Caption,
  values: readonly Part[],
  caption: Caption & { source: string },
  unfit?: string,
): Span {
  const { source } = caption;
  const parts = [
    leaf('field', at, at + 2, key),
    leaf('length', at + 2, at + 4, {
      label: 'Length',
      value: String(end - at - 4),
      about: 'How many octets follow',
      source: key.source ?? source,
    }),
  ];
  let from = at + 4;
  for (const { size, ...said } of values) {
    if (size > 0) parts.push(leaf(unfit === undefined ? 'field' : 'unparsed', from, from + size, { ...said, source }));
    from += size;
  }
  return around('group', parts, caption);
}

/** An option's value as text. */
function optionText(option: EdnsOption): string {
  switch (option.option) {
    case 'client-subnet':
      return `${option.subnet}, scope ${option.scope}`;
    case 'cookie':
      return `${hexText(option.client)}${option.server ? ` ${hexText(option.server)}` : ''}`;
    case 'extended-error':
      return `${option.code}${option.text === '' ? '' : ` "${option.text}"`}`;
    case 'padding':
      return `${option.length} octets`;
    case 'keepalive':
      return option.timeout === undefined ? '' : `${option.timeout / 10} s`;
    case 'nsid':
      return quotedText(option.id);
    case 'other':
      return hexText(option.data);
  }
}

/** "nameServer" as "Name server". */
const words = (name: string): string =>
  capital(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)).replace(' ttl', ' TTL');
