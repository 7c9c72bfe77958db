/** EDNS options: code, length, value (RFC 6891 §6.1.2). */
import { addressBytes, addressFromBytes, cidr, cidrBase, cidrPrefix, isIPv6 } from '../../base/address.ts';
import type { EdnsOption } from '../message.ts';
import type { Reader } from './reader.ts';
import { has, octets, u16 } from './reader.ts';
import type { Writer } from './writer.ts';
import { beginLength, endLength, put8, put16, putOctets } from './writer.ts';

/** Option codes (IANA, "DNS EDNS0 Option Codes"). */
export const OPTION_CODES = {
  nsid: 3,
  'client-subnet': 8,
  cookie: 10,
  keepalive: 11,
  padding: 12,
  'extended-error': 15,
} as const satisfies Record<Exclude<EdnsOption['option'], 'other'>, number>;

/**
 * Why an OPT record in this place is not the message's EDNS: it belongs into the additional section, once, at the
 * root (RFC 6891 §6.1.1). Undefined when it is in its place.
 */
export function misplacedOpt(inAdditional: boolean, isFirst: boolean, atRoot: boolean): string | undefined {
  if (!inAdditional) return 'an OPT record belongs into the additional section';
  if (!isFirst) return 'a message has one OPT record, and this is another';
  return atRoot ? undefined : 'the owner name of an OPT record is the root';
}

/** The options in the octets up to `end`. A length that runs over the end is noted as the reader's problem. */
export function readOptions(r: Reader, end: number): EdnsOption[] {
  const options: EdnsOption[] = [];
  while (r.at < end && r.problem === '') {
    r.steps++;
    if (!has(r, 4, end)) break;
    const code = u16(r);
    const length = u16(r);
    if (has(r, length, end)) options.push(optionOf(code, octets(r, length)));
  }
  return options;
}

/** One option from its code and octets; octets unfit for the code stay as they are, with the reason. */
function optionOf(code: number, data: Uint8Array): EdnsOption {
  const unfit = (why: string): EdnsOption => ({ option: 'other', code, data, unfit: why });
  switch (code) {
    case OPTION_CODES.nsid:
      return { option: 'nsid', id: data };
    case OPTION_CODES['client-subnet']:
      return clientSubnet(data, unfit);
    case OPTION_CODES.cookie:
      if (data.length === 8) return { option: 'cookie', client: data };
      if (data.length < 16 || data.length > 40) return unfit(`a cookie has 8 or 16 to 40 octets, not ${data.length}`);
      return { option: 'cookie', client: data.slice(0, 8), server: data.slice(8) };
    case OPTION_CODES.keepalive:
      if (data.length === 0) return { option: 'keepalive' };
      if (data.length !== 2) return unfit(`a keepalive has 0 or 2 octets, not ${data.length}`);
      return { option: 'keepalive', timeout: pair(data, 0) };
    case OPTION_CODES.padding:
      return { option: 'padding', length: data.length };
    case OPTION_CODES['extended-error']: {
      if (data.length < 2) return unfit(`an extended error has at least 2 octets, not ${data.length}`);
      const text = utf8(data.subarray(2));
      return text === undefined
        ? unfit('the text of the error is not UTF-8')
        : { option: 'extended-error', code: pair(data, 0), text };
    }
    default:
      return { option: 'other', code, data };
  }
}

/** RFC 7871 §6: no more octets than the prefix needs, the bits behind it zero. */
function clientSubnet(data: Uint8Array, unfit: (why: string) => EdnsOption): EdnsOption {
  if (data.length < 4) return unfit(`a client subnet has at least 4 octets, not ${data.length}`);
  const family = pair(data, 0);
  if (family !== 1 && family !== 2) return unfit(`address family ${family} is neither 1 (IPv4) nor 2 (IPv6)`);
  const size = family === 1 ? 4 : 16;
  const prefix = data[2] as number;
  const scope = data[3] as number;
  if (prefix > size * 8 || scope > size * 8) return unfit(`a prefix is longer than ${size * 8} bits`);
  if (data.length - 4 !== Math.ceil(prefix / 8)) return unfit(`${data.length - 4} octets of address do not match ${prefix} bits`);
  const whole = new Uint8Array(size);
  whole.set(data.subarray(4));
  const base = addressFromBytes(whole);
  const subnet = cidr(base, prefix);
  if (cidrBase(subnet) !== base) return unfit(`bits are set behind the first ${prefix}`);
  return { option: 'client-subnet', subnet, scope };
}

export function writeOptions(w: Writer, options: readonly EdnsOption[]): void {
  for (const option of options) {
    put16(w, option.option === 'other' ? option.code : OPTION_CODES[option.option]);
    const begin = beginLength(w);
    writeOption(w, option);
    endLength(w, begin);
  }
}

function writeOption(w: Writer, option: EdnsOption): void {
  switch (option.option) {
    case 'nsid':
      putOctets(w, option.id);
      break;
    case 'client-subnet': {
      const base = cidrBase(option.subnet);
      const prefix = cidrPrefix(option.subnet);
      put16(w, isIPv6(base) ? 2 : 1);
      put8(w, prefix);
      put8(w, option.scope);
      putOctets(w, addressBytes(base).subarray(0, Math.ceil(prefix / 8)));
      break;
    }
    case 'cookie':
      putOctets(w, option.client);
      if (option.server) putOctets(w, option.server);
      break;
    case 'keepalive':
      if (option.timeout !== undefined) put16(w, option.timeout);
      break;
    case 'padding':
      putOctets(w, new Uint8Array(option.length));
      break;
    case 'extended-error':
      put16(w, option.code);
      putOctets(w, UTF8.encode(option.text));
      break;
    case 'other':
      putOctets(w, option.data);
  }
}

const UTF8 = new TextEncoder();
const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const pair = (data: Uint8Array, at: number): number => ((data[at] as number) << 8) | (data[at + 1] as number);

/** The text that octets spell in UTF-8, or undefined when they spell none. */
export function utf8(data: Uint8Array): string | undefined {
  try {
    return STRICT_UTF8.decode(data);
  } catch {
    return undefined;
  }
}
