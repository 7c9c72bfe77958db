/**
 * Values of records: the text syntax of each type (Developer Guide, ResourceRecordTypes), checked and understood.
 *
 * A value is one string. Names in it are always fully qualified, final dot or not; escapes are octal.
 */
import type { Address } from '../base/address.ts';
import { isIPv6, parseAddress } from '../base/address.ts';
import { ROOT } from '../dns/name.ts';
import { parseData } from '../dns/presentation/parse.ts';
import type { DataByType, DelegationSigner, ResourceRecord } from '../dns/record.ts';
import { LIMITS } from './limits.ts';
import { decimalEscapes, isNameFault, parseServiceName } from './names.ts';
import type { RecordValue, ZoneType } from './records.ts';

/** What is wrong with a value: the service's code and meaning, and what would be right. */
export interface ValueFault {
  readonly code: string;
  readonly meaning: string;
  readonly expected: string;
}

/** Reads one value of a record of type `type`. */
export function parseValue(type: ZoneType, text: string): RecordValue | ValueFault {
  if (text.length > LIMITS.valueCharacters.most)
    return fault('CharacterStringTooLong', 'Value is too long', `at most ${LIMITS.valueCharacters.most} characters`);
  const data = READERS[type](text);
  return 'expected' in data ? data : { text, data };
}

export const isValueFault = (parsed: RecordValue | ValueFault): parsed is ValueFault => 'expected' in parsed;

type Data = ResourceRecord['data'];
type Reader = (text: string) => Data | ValueFault;

const fault = (code: string, meaning: string, expected: string): ValueFault => ({ code, meaning, expected });

const readA: Reader = (text) => {
  if (text.includes(' ')) return fault('ARRDATANotSingleField', 'Value contains spaces', 'one IPv4 address, such as 192.0.2.1');
  if (IPV4.test(text)) return { address: text as Address };
  return fault('ARRDATAIllegalIPv4Address', 'Value is not a valid IPv4 address', 'an IPv4 address, such as 192.0.2.1');
};

/** Canonical dotted form: the text is the address. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

const readAAAA: Reader = (text) => {
  if (text.includes(' '))
    return fault('AAAARRDATANotSingleField', 'Value contains spaces', 'one IPv6 address, such as 2001:db8::1');
  const address = parseAddress(text);
  if (address !== undefined && isIPv6(address)) return { address };
  return fault('AAAARRDATAIllegalIPv6Address', 'Value is not a valid IPv6 address', 'an IPv6 address, such as 2001:db8::1');
};

/** Types whose value is one domain name. */
const readName =
  (type: string, field: 'target' | 'nameServer'): Reader =>
  (text) => {
    if (/\s/.test(text)) return fault(`${type}RRDATANotSingleField`, 'Value contains spaces', 'one domain name');
    const name = parseServiceName(text);
    if (isNameFault(name)) return fault(name.code, NAME_MEANINGS[name.code], `a domain name (${name.words})`);
    return (field === 'target' ? { target: name } : { nameServer: name }) as Data;
  };

export const NAME_MEANINGS = {
  DomainNameEmpty: 'Domain name is empty',
  DomainLabelEmpty: 'Domain label is empty',
  DomainLabelTooLong: 'Domain label is too long',
  DomainNameTooLong: 'Domain name is too long',
  UnsupportedCharacter: 'Value contains unsupported characters',
} as const;

/** One or more quoted strings with blanks between, each of at most 255 characters, escapes counted as one. */
const readTexts =
  (type: 'TXT' | 'SPF'): Reader =>
  (text) => {
    const unsupported = unsupportedCharacter(text);
    if (unsupported) return unsupported;
    if (!QUOTED_STRINGS.test(text))
      return fault(
        'InvalidCharacterString',
        'Value should be enclosed in quotation marks',
        'text in quotation marks: "like this"',
      );
    for (const [, body] of text.matchAll(QUOTED_STRING))
      if ((body as string).replace(ESCAPE, 'x').length > LIMITS.characterString.most)
        return fault(
          'CharacterStringTooLong',
          'Value is too long',
          `strings of at most ${LIMITS.characterString.most} characters; a longer text is cut into several, each in quotation marks`,
        );
    return byFields(type, 'text in quotation marks')(text);
  };

const QUOTED_STRINGS = /^\s*"(?:[^"\\]|\\[\s\S])*"(?:\s+"(?:[^"\\]|\\[\s\S])*")*\s*$/;
const QUOTED_STRING = /"((?:[^"\\]|\\[\s\S])*)"/g;
const ESCAPE = /\\(?:[0-3][0-7]{2}|[\s\S])/g;

/** Types read by the fields of their RDATA, with `form` as the pattern that the documentation gives. */
const byFields =
  (type: ZoneType, form: string, shape?: RegExp, check?: (data: Data) => string | undefined): Reader =>
  (text) => {
    const unsupported = unsupportedCharacter(text);
    if (unsupported) return unsupported;
    const wrong = (why: string): ValueFault => fault('InvalidRRDATA', `Value is not valid for type ${type}`, `${form}${why}`);
    if (shape && !shape.test(text)) return wrong('');
    const parsed = parseData(type, zoneFileForm(text.trim()));
    if (!parsed.ok) return wrong(` (expected ${parsed.mistake.expected})`);
    const why = check?.(parsed.value);
    return why === undefined ? parsed.value : wrong(`, ${why}`);
  };

/** The same text for a reader of zone files: decimal escapes, and no meaning for ";", "(", ")" and "@" outside quotes. */
const zoneFileForm = (text: string): string =>
  decimalEscapes(text).replace(/"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[;()@]/g, (found) =>
    /^[;()@]$/.test(found) ? `\\${found}` : found,
  );

/** Octets of each digest type (IANA, "DS RR Type Digest Algorithms"). */
const DIGEST_OCTETS: Readonly<Record<number, number>> = { 1: 20, 2: 32, 4: 48 };

const digestLength = (data: Data): string | undefined => {
  const { digestType, digest } = data as DelegationSigner;
  const octets = DIGEST_OCTETS[digestType];
  return octets === undefined || digest.length === octets
    ? undefined
    : `with ${octets * 2} hexadecimal digits for digest type ${digestType}`;
};

/** Developer Guide, ResourceRecordTypes (NAPTR): either a regular expression or a replacement. */
const eitherRewrite = (data: Data): string | undefined => {
  const { regexp, replacement } = data as DataByType['NAPTR'];
  return regexp.length > 0 && replacement !== ROOT ? 'with "." as replacement when there is a regular expression' : undefined;
};

/** Characters outside printable ASCII stand as octal escapes only. */
function unsupportedCharacter(text: string): ValueFault | undefined {
  if (/^[\x20-\x7e\t]*$/.test(text)) return undefined;
  return fault(
    'UnsupportedCharacter',
    NAME_MEANINGS.UnsupportedCharacter,
    'printable ASCII; any other octet as a backslash and three octal digits',
  );
}

/** Numbers are plain digits here: the times with units and the mnemonics of zone files are not Route 53's. */
const READERS: Readonly<Record<ZoneType, Reader>> = {
  A: readA,
  AAAA: readAAAA,
  CAA: byFields('CAA', '0 issue "ca.example.net"', /^\s*\d{1,3}\s+[A-Za-z0-9]+\s+"(?:[^"\\]|\\[\s\S])*"\s*$/),
  CNAME: readName('CNAME', 'target'),
  DS: byFields('DS', '12345 13 2 and the digest in hexadecimal', /^\s*\d+\s+\d+\s+\d+\s+[0-9A-Fa-f\s]+$/, digestLength),
  HTTPS: byFields('HTTPS', '1 . alpn="h2"', /^\s*\d+\s+\S+/),
  MX: byFields('MX', '10 mail.example.com', /^\s*\d+\s+\S+\s*$/),
  NAPTR: byFields(
    'NAPTR',
    '100 50 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .',
    /^\s*\d+\s+\d+\s+(?:"(?:[^"\\]|\\[\s\S])*"\s+){3}\S+\s*$/,
    eitherRewrite,
  ),
  NS: readName('NS', 'nameServer'),
  PTR: readName('PTR', 'target'),
  SOA: byFields('SOA', 'mname rname serial refresh retry expire minimum', /^\s*\S+\s+\S+(?:\s+\d+){5}\s*$/),
  SPF: readTexts('SPF'),
  SRV: byFields('SRV', '10 5 443 host.example.com', /^\s*(?:\d+\s+){3}\S+\s*$/),
  SSHFP: byFields('SSHFP', '4 2 and the fingerprint in hexadecimal', /^\s*\d+\s+\d+\s+[0-9A-Fa-f\s]+$/),
  SVCB: byFields('SVCB', '1 . alpn="h2"', /^\s*\d+\s+\S+/),
  TLSA: byFields('TLSA', '3 1 1 and the data in hexadecimal', /^\s*(?:\d+\s+){3}[0-9A-Fa-f\s]+$/),
  TXT: readTexts('TXT'),
};
