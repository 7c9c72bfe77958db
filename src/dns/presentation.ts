/** Records in presentation format (RFC 1035 §5.1), as they are printed; `presentation/parse.ts` reads them back. */
import { hexText } from '../base/octets.ts';
import { fieldsText, hasForm } from './presentation/text.ts';
import type { KnownType, RecordClass, RecordType, ResourceRecord } from './record.ts';
import { isOpaque } from './record.ts';
import { encodeData } from './wire/nameOctets.ts';
import type { Data } from './wire/rdata.ts';

/** One record on one line: "www.example.com. 300 IN A 192.0.2.44". Reads back as the same record. */
export const recordText = (r: ResourceRecord): string =>
  `${r.name} ${r.ttl} ${classText(r.class)} ${r.type} ${dataText(r.type, r.data)}`;

/** ANY is a type too, and a reader takes it for that. */
export const classText = (c: RecordClass): string => (c === 'ANY' ? 'CLASS255' : c);

/** The data of a record: "192.0.2.44", "10 mail.example.com.", or "\# 4 C0000201" when it has no other form (RFC 3597 §5). */
export function dataText(type: RecordType, data: Data): string {
  if (isOpaque(data)) return genericText(data.opaque);
  return hasForm(type as KnownType, data) ? fieldsText(type as KnownType, data) : genericText(encodeData(type, data));
}

const genericText = (octets: Uint8Array): string => `\\# ${octets.length}${octets.length === 0 ? '' : ` ${hexText(octets)}`}`;
