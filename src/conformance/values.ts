/** What the value of an option says: a word, a number, a name, an address. What it does not say is a mistake, with its line. */
import { type Address, type Cidr, cidr, isIPv6, parseAddress, parseCidr } from '../base/address.ts';
import { type Mistake, quoted } from '../base/mistake.ts';
import { type Name, parseName } from '../dns/name.ts';
import type { ConfigurationLine } from './rpl.ts';

/** Where mistakes are collected. */
export interface Complaints {
  readonly file: string;
  readonly mistakes: Mistake[];
}

export function refuse(c: Complaints, line: ConfigurationLine, expected: string): void {
  c.mistakes.push({
    file: c.file,
    line: line.line,
    column: 1,
    path: line.key,
    found: quoted(`${line.key}: ${line.value}`),
    expected,
  });
}

export function yes(c: Complaints, line: ConfigurationLine): boolean {
  const word = line.value.trim().toLowerCase();
  if (!['yes', 'no', 'on', 'off', 'true', 'false'].includes(word)) refuse(c, line, 'yes or no');
  return word === 'yes' || word === 'on' || word === 'true';
}

export function numberOf(c: Complaints, line: ConfigurationLine): number {
  const n = Number(line.value.trim());
  if (!Number.isFinite(n)) refuse(c, line, 'a number');
  return Number.isFinite(n) ? n : 0;
}

export function nameOf(c: Complaints, line: ConfigurationLine): Name | undefined {
  const name = parseName(line.value.trim());
  if (typeof name === 'string') return name;
  return void refuse(c, line, 'a domain name');
}

export function addressOf(c: Complaints, line: ConfigurationLine): Address | undefined {
  const address = parseAddress(line.value.trim().replace(/@\d+$/, ''));
  if (address === undefined) refuse(c, line, 'an IP address');
  return address;
}

export function blockOf(c: Complaints, line: ConfigurationLine, text: string): Cidr | undefined {
  const lone = parseAddress(text.trim());
  const block = lone ? cidr(lone, isIPv6(lone) ? 128 : 32) : parseCidr(text.trim());
  if (block === undefined) refuse(c, line, 'an address or a block of addresses');
  return block;
}
