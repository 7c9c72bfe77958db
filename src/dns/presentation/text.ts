/** RDATA to presentation format: the printing half of `read.ts`, over the same field table. */
import { base32Text, base64Text, hexText } from '../../base/octets.ts';
import type { DataByType, KnownType, RecordType, ServiceParameter } from '../record.ts';
import type { Field } from '../wire/fields.ts';
import { FIELDS } from '../wire/fields.ts';
import { hasLocationForm, locationText } from './location.ts';
import { quotedText } from './octets.ts';
import { hasParametersForm, serviceParametersText } from './service.ts';
import { signatureTimeText } from './signatureTime.ts';

/** The fields of a record's data as tokens with a blank between. */
export function fieldsText(type: KnownType, data: DataByType[KnownType]): string {
  if (type === 'LOC') return locationText(data as DataByType['LOC']);
  const values = data as unknown as Readonly<Record<string, unknown>>;
  return (FIELDS[type].fields as readonly Field[])
    .map((field) => fieldText(field, values[field.name]))
    .filter((text) => text !== '')
    .join(' ');
}

/** One field of a record’s data as a token, or several with a blank between. */
export function fieldText(field: Pick<Field, 'kind'> & { readonly name: string }, value: unknown): string {
  switch (field.kind) {
    case 'string':
      // The tag of CAA is a bare word (RFC 8659 §4.1); other character-strings stand in quotation marks.
      return field.name === 'tag' ? bareText(value as Uint8Array) : quotedText(value as Uint8Array);
    case 'text':
      return quotedText(value as Uint8Array);
    case 'strings':
      return (value as readonly Uint8Array[]).map(quotedText).join(' ');
    case 'types':
      return (value as readonly RecordType[]).join(' ');
    case 'time':
      return signatureTimeText(value as number);
    case 'hex':
      return hexText(value as Uint8Array);
    case 'base64':
      return base64Text(value as Uint8Array);
    case 'counted-hex':
      return (value as Uint8Array).length === 0 ? '-' : hexText(value as Uint8Array);
    case 'counted-base32':
      return (value as Uint8Array).length === 0 ? '-' : base32Text(value as Uint8Array);
    case 'service-parameters':
      return serviceParametersText(value as readonly ServiceParameter[]);
    default:
      return String(value);
  }
}

const bareText = (octets: Uint8Array): string => {
  const text = quotedText(octets);
  return /^"[\w-]+"$/.test(text) ? text.slice(1, -1) : text;
};

/**
 * Whether data can be written field by field and read back the same. What cannot (a signature of zero octets, a
 * LOC outside of the globe, service parameters that contradict one another) is printed as octets.
 */
export function hasForm(type: KnownType, data: DataByType[KnownType]): boolean {
  if (type === 'LOC') return hasLocationForm(data as DataByType['LOC']);
  if (type === 'SVCB' || type === 'HTTPS') return hasParametersForm((data as DataByType['SVCB']).parameters);
  const last = FIELDS[type].fields.at(-1);
  if (last?.kind !== 'hex' && last?.kind !== 'base64') return true;
  return ((data as unknown as Readonly<Record<string, Uint8Array>>)[last.name] as Uint8Array).length > 0;
}
