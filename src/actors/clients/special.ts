/** Names that a computer never asks the resolver for: the special-use domain names (RFC 6761). */
import type { Address } from '../../base/address.ts';
import { isSubdomain, type Name, name } from '../../dns/name.ts';
import { LOOPBACK } from '../../dns/resolve/special.ts';

interface Special {
  readonly domain: Name;
  readonly addresses: readonly Address[];
  /** Why nobody is asked, in a sentence or two, for the error page. */
  readonly why: string;
}

const SPECIAL: readonly Special[] = [
  {
    domain: name('localhost.'),
    addresses: LOOPBACK,
    why: 'localhost always means this computer itself (RFC 6761), and no web server listens here.',
  },
  {
    domain: name('invalid.'),
    addresses: [],
    why: 'Names under .invalid never exist, and every computer may know it (RFC 6761).',
  },
  {
    domain: name('onion.'),
    addresses: [],
    why: 'Names under .onion belong to Tor (RFC 7686), which this browser does not speak. In DNS they do not exist.',
  },
  {
    domain: name('local.'),
    addresses: [],
    why: 'Names under .local are asked of the network around you (RFC 6762), and nobody has it.',
  },
];

/**
 * What is special about a name: its addresses here, none for a name that has none, and why. "test." is left to the
 * resolver, as RFC 6761 §6.2 wants it of computers.
 */
export const specialUse = (wanted: Name): Special | undefined => SPECIAL.find(({ domain }) => isSubdomain(wanted, domain));

/** Whether an address means the computer that uses it (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export const isLoopback = (address: Address): boolean => address.startsWith('127.') || address === '::1';
