/**
 * Delegation sets: the four name servers of a hosted zone, one each under .com, .net, .org and .co.uk, and the
 * formula that ties a server's name to its addresses.
 */
import type { Address } from '../base/address.ts';
import { address } from '../base/address.ts';
import type { Name } from '../dns/name.ts';
import { name } from '../dns/name.ts';

/** Four server names, in the order com, net, org, co.uk. */
export type NameServers = readonly [Name, Name, Name, Name];

export interface DelegationSet {
  readonly nameServers: NameServers;
  /** Present on a reusable delegation set: "N1PA6795SAMPLE". */
  readonly id?: string;
  readonly callerReference?: string;
}

/** How many server numbers each top-level domain has, and in which order (Developer Guide, SOA-NSrecords; public samples). */
const SUFFIXES = ['com', 'net', 'org', 'co.uk'] as const;
const NUMBERS_PER_SUFFIX = 512;

/** Number of the first documentation server; 2048 to 2051 lie outside the ranges in use. */
const DOCUMENTATION = 2048;

/**
 * The name of server number `n` (0 to 2047, and the documentation servers 2048 to 2051): "ns-98.awsdns-12.com.".
 * The second number is floor((n mod 512) / 8), two digits; those of the documentation servers are 64 to 67.
 */
export function serverName(n: number): Name {
  if (n >= DOCUMENTATION && n < DOCUMENTATION + SUFFIXES.length) {
    const i = n - DOCUMENTATION;
    return name(`ns-${n}.awsdns-${64 + i}.${SUFFIXES[i]}.`);
  }
  const suffix = SUFFIXES[Math.floor(n / NUMBERS_PER_SUFFIX)];
  if (!Number.isInteger(n) || n < 0 || suffix === undefined) throw new Error(`there is no Route 53 server number ${n}`);
  const group = Math.floor((n % NUMBERS_PER_SUFFIX) / 8);
  return name(`ns-${n}.awsdns-${group.toString().padStart(2, '0')}.${suffix}.`);
}

/** The number in a server's name, "g-ns-1832.awsdns-36.co.uk." included; undefined when it is no Route 53 server. */
export function serverNumber(server: Name): number | undefined {
  const found = /^(?:g-)?ns-(\d{1,4})\.awsdns-\d{2}\.(?:com|net|org|co\.uk)\.$/i.exec(server);
  return found ? Number(found[1]) : undefined;
}

/** The addresses of server number `n`: 205.251.(192 + n/256).(n mod 256) and 2600:9000:53HH:LL00::1. */
export function serverAddresses(n: number): { readonly ipv4: Address; readonly ipv6: Address } {
  const high = Math.floor(n / 256);
  const low = n % 256;
  const hex = (x: number): string => x.toString(16).padStart(2, '0');
  return {
    ipv4: address(`205.251.${192 + high}.${low}`),
    ipv6: address(`2600:9000:53${hex(high)}:${hex(low)}00::1`),
  };
}

/** The set of the sample zone: ns-2048 to ns-2051 (Developer Guide, SOA-NSrecords). */
export const DOCUMENTATION_SET: DelegationSet = {
  nameServers: [serverName(2048), serverName(2049), serverName(2050), serverName(2051)],
};

/** What a private zone shows; never asked, never given to a public zone (Developer Guide, hosted-zones-private). */
export const PRIVATE_SET: DelegationSet = {
  nameServers: [
    name('ns-0.awsdns-00.com.'),
    name('ns-512.awsdns-00.net.'),
    name('ns-1024.awsdns-00.org.'),
    name('ns-1536.awsdns-00.co.uk.'),
  ],
};

/**
 * Draws a set, one server of each of the four ranges. Numbers 0, 512, 1024 and 1536 belong to private zones.
 * `random` gives a number from 0 up to 1, one per server.
 */
export function drawDelegationSet(random: () => number): DelegationSet {
  const draw = (range: number): Name =>
    serverName(range * NUMBERS_PER_SUFFIX + 1 + Math.floor(random() * (NUMBERS_PER_SUFFIX - 1)));
  return { nameServers: [draw(0), draw(1), draw(2), draw(3)] };
}

/** Whether two sets have a server in common: forbidden for zones of one name, or parent and child (API, CreateHostedZone). */
export const shareServer = (a: DelegationSet, b: DelegationSet): boolean =>
  a.nameServers.some((server) => b.nameServers.includes(server));
