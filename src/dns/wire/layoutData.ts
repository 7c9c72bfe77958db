/** Layout of RDATA: the fields of every type, and of EDNS options, as spans. */

import { hexText } from '../../base/octets.ts';
import { capital } from '../../base/text.ts';
import type { EdnsOption } from '../message.ts';
import { quotedText } from '../presentation/octets.ts';
import { fieldText } from '../presentation/text.ts';
import { dataText } from '../presentation.ts';
import type { KnownType, RecordType } from '../record.ts';
import { isOpaque, typeCode, typeName } from '../record.ts';
import { ABOUT } from './about.ts';
import { isKnownType } from './fields.ts';
import { readOptions } from './options.ts';
import { parameterKey, readParameters } from './parameters.ts';
import type { WireField } from './rdata.ts';
import { readData, readField, wireFields } from './rdata.ts';
import type { Reader } from './reader.ts';
import { u8, u16 } from './reader.ts';
import type { Caption, Span } from './span.ts';
import { around, leaf, nameSpan } from './span.ts';
import { OPTION_WORDS, PARAMETER_WORDS, TYPE_WORDS } from './words.ts';

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
    fieldSpans(r, field, end, aboutField(type as KnownType, field.name), source),
  );
  r.at = end;
  return around('data', spans, caption);
}

const aboutField = (type: KnownType, field: string): string =>
  (ABOUT[type].fields as Readonly<Record<string, string>>)[field] ?? '';

/** One field, already known to be sound; none when it has no octets. */
function fieldSpans(r: Reader, field: WireField, end: number, about: string, source: string): Span[] {
  const start = r.at;
  const value = readField(r, field.kind, end);
  const stop = r.at;
  if (stop === start) return [];
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
          until(r, stop, () => countedSpan(r, { label: 'Text', source })),
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
    { label: 'Types', value, source },
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
  return keyLengthValue(at, end, 'Key', `${key} (${code})`, { label: key, value, about, source });
}

/** The options of an OPT record, at least one octet up to `end`, already known to be sound. */
export function optionsSpan(r: Reader, end: number): Span {
  const spans = until(r, end, () => optionSpan(r));
  return around('data', spans, {
    label: 'Options',
    value: spans.map((span) => span.label).join(', '),
    source: 'RFC 6891 §6.1.2',
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
    'RFC 6891 §6.1.2',
  ];
  const unfit = option?.option === 'other' ? option.unfit : undefined;
  const value = option ? optionText(option) : '';
  return keyLengthValue(
    at,
    end,
    'Code',
    String(code),
    { label, value, about: unfit ? `Not what the code says: ${unfit}` : about, source },
    unfit !== undefined,
  );
}

function keyLengthValue(
  at: number,
  end: number,
  key: string,
  code: string,
  caption: Caption & { source: string },
  unfit = false,
): Span {
  const { source } = caption;
  const parts = [
    leaf('field', at, at + 2, { label: key, value: code, source }),
    leaf('length', at + 2, at + 4, { label: 'Length', value: String(end - at - 4), about: 'How many octets follow', source }),
  ];
  if (at + 4 < end) parts.push(leaf(unfit ? 'unparsed' : 'field', at + 4, end, { ...caption, label: 'Value' }));
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
const words = (name: string): string => capital(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
