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
    why: 'Names under .invalid never exist (RFC 6761). So the resolver is not asked.',
  },
  {
    domain: name('onion.'),
    addresses: [],
    why: 'Names under .onion belong to Tor (RFC 7686), which this browser does not speak. The resolver is not asked.',
  },
  {
    domain: name('local.'),
    addresses: [],
    why: 'Names under .local belong to the network around you (RFC 6762). The resolver is not asked.',
  },
];

/**
 * What is special about a name: its addresses here, none for a name that has none, and why. "test." is left to the
 * resolver, as RFC 6761 §6.2 wants it of computers.
 */
export const specialUse = (wanted: Name): Special | undefined => SPECIAL.find(({ domain }) => isSubdomain(wanted, domain));

/** Whether an address means the computer that uses it (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export const isLoopback = (address: Address): boolean => address.startsWith('127.') || address === '::1';
