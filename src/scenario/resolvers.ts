/** How a scenario says what a resolver does otherwise than usual. */
import * as v from 'valibot';
import { parseCidr } from '../base/address.ts';
import { readTrustAnchors } from '../dns/dnssec/anchors.ts';
import { parseName } from '../dns/name.ts';
import { choice, domainName, duration, leaf, mapping, named, oneOrMore, text, whole, word, yes } from './words.ts';

const { optional } = v;

const ttl = (what: string) => optional(whole(`a whole number of seconds: ${what}`));
const flag = (what: string) => optional(yes(`true or false: whether ${what}`));

const stalePolicy = mapping({
  /** Past its expiry; what is older is not lent. */
  maxAge: optional(duration),
  /** The TTL that it shows. */
  replyTtl: ttl('the TTL that an old answer shows'),
  /** How long a client waits for a fresh answer first. */
  patience: optional(duration),
  /** After a failed attempt nothing is tried for so long. */
  recheck: optional(duration),
});
const lends = yes('true or false: whether old answers are lent when no fresh ones are to be had');

const block96 = leaf<string>(
  'a block of 96 bits ("64:ff9b::/96")',
  (input) => typeof input === 'string' && input.endsWith('/96') && parseCidr(input) !== undefined,
  { type: 'string' },
);

const anchor = leaf<string>(
  'a signed zone of this world ("root"), or a DS or DNSKEY record',
  (input) => typeof input === 'string' && (isZone(input) || readTrustAnchors([input]).mistakes.length === 0),
  { type: 'string' },
);
/** Whether a trust anchor is said by the name of a zone. */
export const isZone = (input: string): boolean => input.trim() === 'root' || typeof parseName(input.trim()) === 'string';

const validation = mapping({
  /** What it believes without proof; without any, nothing is checked. */
  anchors: optional(oneOrMore(anchor, 'a list of zones or records')),
  /** Below these names nothing is checked (RFC 7646). */
  insecure: optional(oneOrMore(domainName, 'a list of domain names')),
  /** Answer from proofs that came with earlier answers (RFC 8198). */
  aggressive: flag('proofs that are there serve for other questions too'),
  /** How often something that does not fit is asked of another server. */
  retries: optional(whole('a whole number: how often it asks again for what does not fit')),
});

const zones = named(
  oneOrMore(text('a host or an address'), 'a list of hosts or addresses'),
  'a mapping from zone to the servers that are asked for it',
);

/** What may be said of a resolver. */
export const resolverSettings = mapping({
  maxTtl: optional(whole('a whole number of seconds: the longest that anything is kept', 1)),
  minTtl: ttl('the shortest that anything is kept'),
  maxNegativeTtl: ttl('the longest that a no is kept'),
  largestResponse: optional(whole('a whole number of octets: the largest datagram for a client', 512)),
  minimisation: optional(word(['off', 'relaxed', 'strict'])),
  /** The type asked for while the name is not whole. */
  minimisationType: optional(word(['A', 'NS'])),
  /** Send a part of the client's address along to the servers of these zones. */
  clientSubnet: optional(
    mapping({
      zones: oneOrMore(domainName, 'a list of zones'),
      bits: optional(whole('a whole number of bits: how much of an IPv4 address is given away, 24 unless told')),
    }),
  ),
  /** Zones for which other resolvers are asked, and zones whose servers are known (RFC 9499: forwarding, stub). */
  forward: optional(zones),
  stub: optional(zones),
  stale: optional(
    choice<boolean | v.InferOutput<typeof stalePolicy>>(
      (input) => (typeof input === 'boolean' ? lends : stalePolicy),
      [lends, stalePolicy],
    ),
  ),
  prefetch: flag('what is asked for in the last tenth of its life is renewed'),
  dns64: optional(block96),
  /** A no for a name holds for all names below it (RFC 8020). */
  nxdomainCut: optional(word(['off', 'validated', 'always'])),
  randomCase: flag('names are asked for in random letter case'),
  cookies: flag('queries carry a cookie'),
  fixedPort: optional(whole('a port number: every query leaves from it', 1024, 65_535)),
  fixedId: optional(whole('an ID that every query carries', 0, 65_535)),
  tcpOnly: flag('it asks by TCP only'),
  minimalResponses: flag('only what was asked for is sent'),
  minimalAny: flag('a query of type ANY is answered with one set'),
  extendedErrors: flag('it says why when it cannot answer'),
  hardenGlue: flag('only addresses of the zone that sent them are believed'),
  hardenReferralPath: flag('what a referral says is looked up for itself'),
  privateAddresses: optional(oneOrMore(text('a block of addresses ("10.0.0.0/8")'), 'a list of blocks')),
  validation: optional(validation),
});

export type ResolverSettingsLine = v.InferOutput<typeof resolverSettings>;
