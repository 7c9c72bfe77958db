/** Service parameters of SVCB and HTTPS as they are printed (RFC 9460 §2.1, App. A); `readService.ts` reads them back. */
import { base64Text } from '../../base/octets.ts';
import type { ServiceParameter } from '../record.ts';
import { parameterCode, parameterKey } from '../wire/parameters.ts';
import { octetsText, quotedText } from './octets.ts';

export const serviceParametersText = (parameters: readonly ServiceParameter[]): string => parameters.map(parameterText).join(' ');

/** Whether the printed parameters read back: those of a broken record, octets on the wire, may contradict one another. */
export function hasParametersForm(parameters: readonly ServiceParameter[]): boolean {
  const keys = parameters.map((p) => p.key);
  return new Set(keys).size === keys.length && parameters.every(hasForm) && inconsistency(parameters) === undefined;
}

/** Whether one parameter has a value that its key allows; key65535 is reserved and never read (RFC 9460 §14.3.1). */
function hasForm(p: ServiceParameter): boolean {
  switch (p.key) {
    case 'mandatory':
      return p.keys.length > 0 && new Set(p.keys).size === p.keys.length && p.keys.every((code) => code > 0 && code < 0xffff);
    case 'alpn':
      return p.ids.length > 0 && p.ids.every((id) => id.length > 0 && id.length < 256);
    case 'ipv4hint':
    case 'ipv6hint':
      return p.addresses.length > 0;
    case 'ech':
      return p.config.length > 0;
    case 'dohpath':
      return p.template.length > 0;
    case 'no-default-alpn':
    case 'port':
      return true;
    default:
      return parameterCode(p.key) < 0xffff;
  }
}

/** What RFC 9460 §7.1.1 and §8 ask of the parameters together: what is missing, or undefined when they agree. */
export function inconsistency(parameters: readonly ServiceParameter[]): string | undefined {
  const present = new Set(parameters.map((p) => p.key));
  const mandatory = parameters.find((p) => p.key === 'mandatory');
  const missing = mandatory?.keys.map(parameterKey).find((key) => !present.has(key));
  if (missing !== undefined) return `${missing} as well, since it is mandatory`;
  return present.has('no-default-alpn') && !present.has('alpn') ? 'alpn= as well, since no-default-alpn is there' : undefined;
}

function parameterText(p: ServiceParameter): string {
  switch (p.key) {
    case 'mandatory':
      return `mandatory=${p.keys.map(parameterKey).join(',')}`;
    case 'alpn':
      return `alpn=${valueText(listOctets(p.ids))}`;
    case 'no-default-alpn':
      return p.key;
    case 'port':
      return `port=${p.port}`;
    case 'ipv4hint':
    case 'ipv6hint':
      return `${p.key}=${p.addresses.join(',')}`;
    case 'ech':
      return `ech=${base64Text(p.config)}`;
    case 'dohpath':
      return `dohpath=${valueText(p.template)}`;
    default:
      return p.value.length === 0 ? p.key : `${p.key}=${valueText(p.value)}`;
  }
}

/** A value without quotation marks where none are needed. */
function valueText(octets: Uint8Array): string {
  const text = octetsText(octets);
  return /^[^\s"();]+$/.test(text) ? text : quotedText(octets);
}

/** Items of a list with commas between; commas and backslashes inside an item are escaped (RFC 9460 App. A.1). */
function listOctets(items: readonly Uint8Array[]): Uint8Array {
  const octets: number[] = [];
  for (const [i, item] of items.entries()) {
    if (i > 0) octets.push(COMMA);
    for (const octet of item) {
      if (octet === COMMA || octet === BACKSLASH) octets.push(BACKSLASH);
      octets.push(octet);
    }
  }
  return Uint8Array.from(octets);
}

const COMMA = 44;
const BACKSLASH = 92;
