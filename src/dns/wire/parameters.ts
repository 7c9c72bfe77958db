/** The parameters of SVCB and HTTPS: key, length, value, in the order of their keys (RFC 9460 §2.2, §7). */

import type { Address } from '../../base/address.ts';
import { octetCount } from '../../base/text.ts';
import type { CharacterString, ServiceParameter } from '../record.ts';
import type { Reader } from './reader.ts';
import { address, fail, has, octets, u8, u16 } from './reader.ts';
import type { Writer } from './writer.ts';
import { beginLength, endLength, put8, put16, putAddress, putOctets } from './writer.ts';

/** The code of each key (RFC 9460 §14.3.2; dohpath: RFC 9461 §5). */
const KEYS = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath'] as const;

/** The code of a parameter's key. */
export function parameterCode(key: ServiceParameter['key']): number {
  const known = (KEYS as readonly string[]).indexOf(key);
  return known >= 0 ? known : Number(key.slice(3));
}

/** The key with this code: "port", or "key65400" for one without a name. */
export const parameterKey = (code: number): ServiceParameter['key'] => KEYS[code] ?? `key${code}`;

/** The parameters in the octets up to `end`. One that does not fit its key spoils the whole record (RFC 9460 §2.2). */
export function readParameters(r: Reader, end: number): ServiceParameter[] {
  const parameters: ServiceParameter[] = [];
  let last = -1;
  while (r.at < end && r.problem === '') {
    r.steps++;
    if (!has(r, 4, end)) break;
    const code = u16(r);
    const length = u16(r);
    if (code <= last) fail(r, `parameter ${code} does not come after parameter ${last}`, r.at - 4);
    if (r.problem !== '' || !has(r, length, end)) break;
    last = code;
    const stop = r.at + length;
    parameters.push(readParameter(r, code, stop));
    if (r.problem === '' && r.at !== stop) fail(r, `${octetCount(stop - r.at)} left over in parameter "${parameterKey(code)}"`);
  }
  return parameters;
}

function readParameter(r: Reader, code: number, end: number): ServiceParameter {
  const length = end - r.at;
  const key = parameterKey(code);
  switch (key) {
    case 'mandatory':
      return { key, keys: list(r, key, 2, end, u16) };
    case 'alpn': {
      const ids: CharacterString[] = [];
      if (length === 0) fail(r, 'the list of protocols is empty');
      while (r.at < end && r.problem === '') {
        r.steps++;
        const count = u8(r);
        if (count === 0) fail(r, 'a protocol has an empty name', r.at - 1);
        else if (has(r, count, end)) ids.push(octets(r, count));
      }
      return { key, ids };
    }
    case 'no-default-alpn':
      return { key };
    case 'port':
      return { key, port: has(r, 2, end) ? u16(r) : 0 };
    case 'ipv4hint':
      return { key, addresses: list(r, key, 4, end, (x) => address(x, 4)) };
    case 'ipv6hint':
      return { key, addresses: list(r, key, 16, end, (x) => address(x, 16)) };
    case 'ech':
      return { key, config: octets(r, length) };
    case 'dohpath':
      return { key, template: octets(r, length) };
    default:
      return { key, value: octets(r, length) };
  }
}

/** One or more things of `size` octets each. */
function list<T>(r: Reader, key: string, size: number, end: number, read: (r: Reader) => T): T[] {
  const items: T[] = [];
  if (r.at === end) fail(r, `parameter "${key}" is empty`);
  while (r.at + size <= end) {
    r.steps++;
    items.push(read(r));
  }
  return items;
}

export function writeParameters(w: Writer, parameters: readonly ServiceParameter[]): void {
  const inOrder = [...parameters].sort((a, b) => parameterCode(a.key) - parameterCode(b.key));
  for (const parameter of inOrder) {
    put16(w, parameterCode(parameter.key));
    const begin = beginLength(w);
    writeParameter(w, parameter);
    endLength(w, begin);
  }
}

function writeParameter(w: Writer, parameter: ServiceParameter): void {
  switch (parameter.key) {
    case 'mandatory':
      for (const key of parameter.keys) put16(w, key);
      break;
    case 'alpn':
      for (const id of parameter.ids) {
        put8(w, id.length);
        putOctets(w, id);
      }
      break;
    case 'no-default-alpn':
      break;
    case 'port':
      put16(w, parameter.port);
      break;
    case 'ipv4hint':
    case 'ipv6hint':
      for (const hint of parameter.addresses as readonly Address[]) putAddress(w, hint);
      break;
    case 'ech':
      putOctets(w, parameter.config);
      break;
    case 'dohpath':
      putOctets(w, parameter.template);
      break;
    default:
      putOctets(w, parameter.value);
  }
}
