/** How a scenario says what a resolver does otherwise than usual. */
import * as v from 'valibot';
import { parseCidr } from '../base/address.ts';
import { readTrustAnchors } from '../dns/dnssec/anchors.ts';
import { parseName } from '../dns/name.ts';
import { choice, domainName, duration, leaf, list, mapping, named, oneOrMore, text, whole, word, yes } from './words.ts';

const { optional } = v;

const ttl = (what: string) => optional(whole(`a whole number of seconds: ${what}`));
const count = (what: string, least = 0) => optional(whole(`a whole number: ${what}`, least));
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
  resetOnFailure: flag('maxAge is counted from the last failed attempt'),
});
const lends = yes('true or false: whether old answers are lent when no fresh ones are to be had');

const block96 = leaf<string>(
  'a block of 96 bits ("64:ff9b::/96")',
  (input) => typeof input === 'string' && input.endsWith('/96') && parseCidr(input) !== undefined,
  { type: 'string' },
);

const block = leaf<string>(
  'a block of addresses ("10.0.0.0/8")',
  (input) => typeof input === 'string' && parseCidr(input) !== undefined,
  { type: 'string' },
);
const blocks = oneOrMore(block, 'a list of blocks of addresses');
const names = oneOrMore(domainName, 'a list of domain names');

/** IPv6 made of IPv4. */
const dns64 = mapping({
  prefix: block96,
  /** Below these names AAAA records that exist are passed over. */
  ignoreAaaa: optional(names),
});

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
  bogusTtl: ttl('how long it is remembered that something is bogus'),
  hardenStripped: flag('a zone that should be signed and shows no signature is bogus'),
  hardenAlgorithmDowngrade: flag('every algorithm that the DS set names must fit'),
  /** The most rounds of hashing that are checked, by size of the key (RFC 9276 §3.2). */
  nsec3Iterations: optional(
    named(whole('a whole number of rounds'), 'a mapping from size of the key in bits to the most rounds of NSEC3'),
  ),
  /** The instant by which signatures are judged, whatever the clock says. */
  date: optional(whole('a whole number of seconds since 1970: the instant by which signatures are judged')),
});

/** Servers to ask for a zone, or these with how they are asked. */
const servers = oneOrMore(text('a host or an address'), 'a list of hosts or addresses');
const asked = mapping({
  servers,
  first: flag('the zone is resolved as usual when these servers fail'),
  tcp: flag('they are asked by TCP from the start'),
  /** Of forwarding only. */
  noCache: flag('the cache is neither read nor filled for this zone'),
  /** Of stub zones only. */
  prime: flag('these servers are first asked for the zone’s name servers'),
});
const isMapping = (input: unknown): boolean => typeof input === 'object' && input !== null && !Array.isArray(input);

const zones = named(
  choice<string | string[] | v.InferOutput<typeof asked>>((input) => (isMapping(input) ? asked : servers), [servers, asked]),
  'a mapping from zone to the servers that are asked for it',
);

const access = word(['allow', 'snoop', 'refuse', 'deny']);

/** What may be said of a resolver: `ResolverSettings`, as an author writes it. `docs/resolver.md` has the defaults. */
export const resolverSettings = mapping({
  // Where to begin.
  priming: flag('the list of root servers is asked for before first use'),
  /** Zones for which other resolvers are asked, and zones whose servers are known (RFC 9499: forwarding, stub). */
  forward: optional(zones),
  stub: optional(zones),

  // Whom to serve.
  access: optional(named(access, 'a mapping from block of addresses to what its clients may do')),
  accessOtherwise: optional(access),
  discardTimeout: optional(duration),

  // How to respond.
  minimalResponses: flag('only what was asked for is sent'),
  roundRobin: flag('the records of a set change places from response to response'),
  extendedErrors: flag('it says why when it cannot answer'),
  extendedErrorWhenStale: flag('it says of an old answer that it is old'),
  errorReporting: flag('it tells the agent that a zone’s server names of what failed there'),
  minimalAny: flag('a query of type ANY is answered with one set'),
  largestResponse: optional(whole('a whole number of octets: the largest datagram for a client', 512)),

  // How to ask.
  useIPv4: flag('servers are asked over IPv4'),
  useIPv6: flag('servers are asked over IPv6'),
  dnssecOk: flag('signatures are asked for'),
  ignoreClientDo: flag('clients that ask for signatures get none'),
  tcpOnly: flag('it asks by TCP only'),
  fixedPort: optional(whole('a port number: every query leaves from it', 1024, 65_535)),
  fixedId: optional(whole('an ID that every query carries', 0, 65_535)),
  randomCase: flag('names are asked for in random letter case'),
  cookies: flag('queries carry a cookie'),
  /** Send a part of the client's address along to the servers of these zones. */
  clientSubnet: optional(
    mapping({
      zones: optional(names),
      servers: optional(blocks),
      bits: optional(whole('a whole number of bits: how much of an IPv4 address is given away, 24 unless told', 0, 32)),
      bitsIPv6: optional(whole('a whole number of bits: how much of an IPv6 address is given away, 56 unless told', 0, 128)),
    }),
  ),
  minimisation: optional(word(['off', 'relaxed', 'strict'])),
  /** The type asked for while the name is not whole. */
  minimisationType: optional(word(['A', 'NS'])),
  targetFetchPolicy: optional(
    list(
      leaf<number>('a whole number, or -1 for all', (input) => Number.isSafeInteger(input) && (input as number) >= -1, {
        type: 'integer',
        minimum: -1,
      }),
      'a list of numbers: how many addresses of name servers are looked up ahead of need, by depth',
    ),
  ),
  doNotQueryLocalhost: flag('127.0.0.0/8 and ::1 are never asked'),
  doNotQuery: optional(blocks),

  // When to give up.
  unknownServerTimeout: optional(duration),
  triesPerServer: count('how often each address is tried for one question', 1),
  maxSends: count('how many queries may go out between two referrals', 1),
  maxReferrals: count('how many referrals are followed'),
  maxRestarts: count('how many aliases are followed'),
  maxTargets: count('how many addresses of name servers are looked up for one question'),
  maxTargetsPerZone: count('how many addresses of name servers are looked up for one zone'),
  maxTargetFailures: count('how many of those may not exist before the parent’s list of servers is tried'),
  maxTargetFailuresLater: count('how many of those may not exist after that'),
  maxDepth: count('how many look-ups may wait for one another in a row'),
  maxQueries: count('how many queries one question may cause', 1),
  patience: optional(duration),

  // What to believe.
  hardenGlue: flag('only addresses of the zone that sent them are believed'),
  hardenUnverifiedGlue: flag('addresses from outside the zone are looked up before use'),
  hardenReferralPath: flag('what a referral says is looked up for itself'),
  believeChains: flag('a chain of aliases in one answer is believed as far as it stays in the zone'),
  scrubPromiscuous: flag('name servers that ride along with an answer are ignored'),
  scrubNameServers: count('the most name servers kept of one set', 1),
  scrubAliases: count('the most aliases kept of one answer'),
  scrubSignatures: count('the most signatures kept of one set', 1),
  privateAddresses: optional(blocks),
  privateDomains: optional(names),

  // What to keep.
  maxTtl: optional(whole('a whole number of seconds: the longest that anything is kept', 1)),
  minTtl: ttl('the shortest that anything is kept'),
  maxNegativeTtl: ttl('the longest that a no is kept'),
  minNegativeTtl: ttl('the shortest that a no is kept'),
  serveOriginalTtl: flag('TTLs are shown as they came'),
  failureTtl: ttl('how long a failure is kept'),
  maxFailureTtl: ttl('the longest that a failure is kept when it repeats'),
  /** A no for a name holds for all names below it (RFC 8020). */
  nxdomainCut: optional(word(['off', 'validated', 'always'])),
  cacheSize: count('how many sets and messages are kept', 1),
  stale: optional(
    choice<boolean | v.InferOutput<typeof stalePolicy>>(
      (input) => (typeof input === 'boolean' ? lends : stalePolicy),
      [lends, stalePolicy],
    ),
  ),
  prefetch: flag('what is asked for in the last tenth of its life is renewed'),
  dns64: optional(
    choice<string | v.InferOutput<typeof dns64>>((input) => (isMapping(input) ? dns64 : block96), [block96, dns64]),
  ),

  // What to check.
  validation: optional(validation),
});

export type ResolverSettingsLine = v.InferOutput<typeof resolverSettings>;
