/**
 * IP addresses and CIDR blocks, as canonical text: equal addresses are equal strings, so they serve as map keys.
 */

import { ipv4Text, ipv6Text, putAddressOctets } from './addressOctets.ts';

/** An IPv4 ("192.0.2.44") or IPv6 address (RFC 5952 form, "2001:db8::1"). */
export type Address = string & { readonly __address: unique symbol };

/** A block of addresses, host bits zero: "198.18.1.0/24". */
export type Cidr = string & { readonly __cidr: unique symbol };

/** An address and a port. */
export interface Endpoint {
  readonly address: Address;
  readonly port: number;
}

export const endpointText = (e: Endpoint): string => (isIPv6(e.address) ? `[${e.address}]:${e.port}` : `${e.address}:${e.port}`);

export const isIPv6 = (address: Address): boolean => address.includes(':');

/** Reads an IPv4 or IPv6 address; undefined when the text is neither. Leading zeros in IPv4 are refused. */
export function parseAddress(text: string): Address | undefined {
  if (CANONICAL_IPV4.test(text) || CANONICAL_IPV6.test(text)) return text as Address;
  const bytes = text.includes(':') ? bytesOfIPv6(text) : bytesOfIPv4(text);
  return bytes && addressFromBytes(bytes);
}

/** Texts that are canonical for sure, and spare the way through octets. Others may be canonical too. */
const CANONICAL_IPV4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
/** Groups that are not zero around one "::", which stands for two groups at least: so there are no seven colons. */
const CANONICAL_IPV6 = /^(?!(?:[^:]*:){7})[1-9a-f][\da-f]{0,3}(?::[1-9a-f][\da-f]{0,3})*:(?::[1-9a-f][\da-f]{0,3})+$/;

/** An address known to be right, for constants; throws on any other text. */
export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`"${text}" is no IP address`);
  return parsed;
}

/** The 4 or 16 octets of an address. */
export function addressBytes(a: Address): Uint8Array {
  const bytes = new Uint8Array(isIPv6(a) ? 16 : 4);
  putAddressOctets(a, bytes, 0);
  return bytes;
}

/** The canonical text of 4 or 16 octets. */
export function addressFromBytes(bytes: Uint8Array, start = 0, length = bytes.length - start): Address {
  if (length === 4) return ipv4Text(bytes, start) as Address;
  if (length !== 16) throw new Error(`an address has 4 or 16 octets, not ${length}`);
  return ipv6Text(bytes, start) as Address;
}

/** Reads "198.18.1.0/24"; host bits are cleared. Undefined when the text is no block. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.lastIndexOf('/');
  if (slash < 0 || !/^\d{1,3}$/.test(text.slice(slash + 1))) return undefined;
  const base = parseAddress(text.slice(0, slash));
  const prefix = Number(text.slice(slash + 1));
  if (base === undefined || prefix > (isIPv6(base) ? 128 : 32)) return undefined;
  return cidr(base, prefix);
}

/** The block of `prefix` bits that holds `base`. */
export function cidr(base: Address, prefix: number): Cidr {
  const bytes = addressBytes(base);
  for (let i = 0; i < bytes.length; i++) {
    const keep = Math.max(0, Math.min(8, prefix - i * 8));
    bytes[i] = (bytes[i] as number) & (0xff << (8 - keep)) & 0xff;
  }
  return `${addressFromBytes(bytes)}/${prefix}` as Cidr;
}

export const cidrPrefix = (block: Cidr): number => Number(block.slice(block.lastIndexOf('/') + 1));
export const cidrBase = (block: Cidr): Address => block.slice(0, block.lastIndexOf('/')) as Address;

/** Whether `inner` (an address or a block) lies wholly inside `outer`. */
export function contains(outer: Cidr, inner: Address | Cidr): boolean {
  const isBlock = inner.includes('/');
  const base = isBlock ? cidrBase(inner as Cidr) : (inner as Address);
  if (isIPv6(base) !== isIPv6(cidrBase(outer))) return false;
  const prefix = cidrPrefix(outer);
  if (isBlock && cidrPrefix(inner as Cidr) < prefix) return false;
  return cidr(base, prefix) === outer;
}

function bytesOfIPv4(text: string): Uint8Array | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!found) return undefined;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    const part = found[i + 1] as string;
    if (Number(part) > 255 || (part.length > 1 && part[0] === '0')) return undefined;
    bytes[i] = Number(part);
  }
  return bytes;
}

function bytesOfIPv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] as string);
  const tail = halves.length === 2 ? groupsOf(halves[1] as string) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(Math.max(0, missing)).fill(0), ...tail];
  const bytes = new Uint8Array(16);
  groups.forEach((group, i) => {
    bytes[i * 2] = group >> 8;
    bytes[i * 2 + 1] = group & 0xff;
  });
  return bytes;
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (part.includes('.')) {
      const v4 = i === parts.length - 1 ? bytesOfIPv4(part) : undefined;
      if (!v4) return undefined;
      groups.push(((v4[0] as number) << 8) | (v4[1] as number), ((v4[2] as number) << 8) | (v4[3] as number));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
