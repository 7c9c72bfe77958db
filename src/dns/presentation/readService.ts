/** Service parameters of SVCB and HTTPS, read from presentation format (RFC 9460 §2.1, App. A). */
import { isIPv6, parseAddress } from '../../base/address.ts';
import { parseBase64 } from '../../base/octets.ts';
import type { ServiceParameter } from '../record.ts';
import { parameterCode, parameterKey } from '../wire/parameters.ts';
import type { Cursor } from './cursor.ts';
import { atEnd, fail } from './cursor.ts';
import { octetsOf } from './octets.ts';
import { tokenText } from './scan.ts';
import { inconsistency } from './service.ts';

type Key = ServiceParameter['key'];

/** Parameters up to the end, in the order of their keys as on the wire (RFC 9460 §2.2). */
export function readServiceParameters(c: Cursor): ServiceParameter[] | undefined {
  const start = c.next;
  const found = new Map<Key, ServiceParameter>();
  for (; !atEnd(c); c.next++) {
    const token = tokenText(c.scanner, c.next);
    const equals = token.indexOf('=');
    const key = parseKey(equals < 0 ? token : token.slice(0, equals));
    if (key === undefined) return fail(c, 'a service parameter: alpn=h2,h3, port=443, key667=text');
    if (found.has(key)) return fail(c, `${key} only once`);
    const octets = equals < 0 ? new Uint8Array(0) : octetsOf(withoutQuotes(token.slice(equals + 1)));
    const parameter = octets && parameterOf(key, octets, equals >= 0);
    if (parameter === undefined) return fail(c, VALUES[key] ?? 'a text whose escapes are right');
    found.set(key, parameter);
  }
  const parameters = [...found.values()].sort((a, b) => parameterCode(a.key) - parameterCode(b.key));
  const problem = inconsistency(parameters);
  return problem === undefined ? parameters : fail(c, problem, start);
}

const withoutQuotes = (text: string): string =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;

const VALUES: Readonly<Record<string, string>> = {
  mandatory: 'mandatory= and the names of other keys, each once, with commas between',
  alpn: 'alpn= and protocols of 1 to 255 octets, with commas between',
  'no-default-alpn': 'no-default-alpn without a value',
  port: 'port= and a number from 0 to 65535',
  ipv4hint: 'ipv4hint= and IPv4 addresses, with commas between',
  ech: 'ech= and octets in base64',
  ipv6hint: 'ipv6hint= and IPv6 addresses, with commas between',
  dohpath: 'dohpath= and a URI template',
};

/** Reads "alpn" or "key667", any letter case; undefined for any other text, and for key65535, which is reserved. */
function parseKey(text: string): Key | undefined {
  const lower = text.toLowerCase();
  const code = /^key(?:0|[1-9]\d{0,4})$/.test(lower) ? Number(lower.slice(3)) : parameterCode(lower as Key);
  return code < 0xffff && (lower.startsWith('key') || parameterKey(code) === lower) ? parameterKey(code) : undefined;
}

function parameterOf(key: Key, octets: Uint8Array, hasValue: boolean): ServiceParameter | undefined {
  if (key === 'no-default-alpn') return hasValue ? undefined : { key };
  if (octets.length === 0) return key.startsWith('key') ? { key: key as `key${number}`, value: octets } : undefined;
  switch (key) {
    case 'mandatory': {
      const keys = asciiText(octets).split(',').map(parseKey);
      if (keys.includes(undefined) || keys.includes('mandatory') || new Set(keys).size < keys.length) return undefined;
      return { key, keys: (keys as Key[]).map(parameterCode).sort((a, b) => a - b) };
    }
    case 'alpn': {
      const ids = listItems(octets);
      return ids.every((id) => id.length > 0 && id.length < 256) ? { key, ids } : undefined;
    }
    case 'port': {
      const text = asciiText(octets);
      return /^\d{1,5}$/.test(text) && Number(text) <= 0xffff ? { key, port: Number(text) } : undefined;
    }
    case 'ipv4hint':
    case 'ipv6hint': {
      const texts = asciiText(octets).split(',');
      const addresses = texts.flatMap((text) => parseAddress(text) ?? []);
      const fits = addresses.length === texts.length && addresses.every((a) => isIPv6(a) === (key === 'ipv6hint'));
      return fits ? { key, addresses } : undefined;
    }
    case 'ech': {
      const config = parseBase64(asciiText(octets));
      return config && { key, config };
    }
    case 'dohpath':
      return { key, template: octets };
    default:
      return { key, value: octets };
  }
}

function listItems(octets: Uint8Array): Uint8Array[] {
  const items: number[][] = [[]];
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    const item = items.at(-1) as number[];
    if (octet === COMMA) items.push([]);
    else item.push(octet === BACKSLASH && i + 1 < octets.length ? (octets[++i] as number) : octet);
  }
  return items.map((item) => Uint8Array.from(item));
}

const COMMA = 44;
const BACKSLASH = 92;

const asciiText = (octets: Uint8Array): string => {
  let text = '';
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
};
