/**
 * Every choice that a recursive resolver leaves to whoever runs it, with our defaults.
 *
 * Durations are in microseconds, TTLs in seconds, as everywhere. A scenario and a conformance file set the same fields.
 */
import type { Address, Cidr } from '../../base/address.ts';
import type { Duration } from '../../base/time.ts';
import { milliseconds, START_DATE, seconds } from '../../base/time.ts';
import type { Name } from '../name.ts';
import type { RecordType } from '../record.ts';

/** A name server as configuration gives it. Without a name only its addresses are known. */
export interface ConfiguredServer {
  readonly name?: Name;
  readonly addresses: readonly Address[];
}

/** Servers to be asked for a zone and all below it, instead of those that the delegations name. */
export interface ConfiguredZone {
  readonly zone: Name;
  readonly servers: readonly ConfiguredServer[];
  /** When these servers fail, resolve as if the zone were not configured. */
  readonly first: boolean;
  /** Query over TCP from the start. */
  readonly tcp: boolean;
}

/** Authoritative servers of a zone (queries go with RD 0). */
export interface StubZone extends ConfiguredZone {
  /** Ask these servers for the zone's NS set first, and use that. */
  readonly prime: boolean;
}

/** Resolvers that do the whole work for a zone (queries go with RD 1). */
export interface ForwardZone extends ConfiguredZone {
  /** Neither look in the cache for this zone nor put anything there. */
  readonly noCache: boolean;
}

/**
 * What a client may do: `allow` recursive queries (RD 0 is refused), `snoop` also in the cache with RD 0, be told that it may
 * not (`refuse`), or get no response (`deny`).
 */
export type Access = 'allow' | 'snoop' | 'refuse' | 'deny';

export interface ResolverSettings {
  // Where to begin.

  /** The root servers that are built in (RFC 9609 §2). */
  readonly rootHints: readonly ConfiguredServer[];
  /** Ask a root server for the list of root servers before first use and when that list has run out (RFC 9609 §3). */
  readonly priming: boolean;
  readonly stubZones: readonly StubZone[];
  readonly forwardZones: readonly ForwardZone[];

  // Whom to serve.

  /** The most specific block decides; for all other clients `accessOtherwise`. */
  readonly accessControl: readonly { readonly block: Cidr; readonly access: Access }[];
  readonly accessOtherwise: Access;
  /** A client that has waited longer gets no response; undefined: every client gets one. */
  readonly discardTimeout: Duration | undefined;

  // How to respond.

  /** Leave out authority and additional records that the client did not ask for. */
  readonly minimalResponses: boolean;
  /** Rotate the records of a set from response to response. */
  readonly roundRobin: boolean;
  /** Attach extended DNS errors (RFC 8914) to responses of clients that use EDNS. */
  readonly extendedErrors: boolean;
  /** Attach the error "stale answer" to stale answers. */
  readonly extendedErrorWhenStale: boolean;
  /** Tell the agent that a zone's server names of what failed there (RFC 9567). */
  readonly errorReporting: boolean;
  /** Answer queries of type ANY with one set only (RFC 8482 §4.1). */
  readonly minimalAny: boolean;
  /** The largest datagram sent to a client, whatever it would take (DNS Flag Day 2020). */
  readonly largestResponse: number;

  // How to ask.

  readonly useIPv4: boolean;
  readonly useIPv6: boolean;
  /** The UDP payload that we announce (RFC 6891 §6.2.5). */
  readonly ednsSize: number;
  /** Set DO, so that signatures come along (RFC 3225 §3). */
  readonly dnssecOk: boolean;
  /** Take DO in clients' queries for absent. */
  readonly ignoreClientDo: boolean;
  /** Query over TCP from the start. */
  readonly tcpOnly: boolean;
  /** Which source port queries leave from; undefined: a random one for each (RFC 5452 §9.2). */
  readonly fixedPort: number | undefined;
  /** Which ID queries carry; undefined: a random one for each. */
  readonly fixedId: number | undefined;
  /** Random letter case in query names, to be echoed by the server ("0x20"). */
  readonly randomCase: boolean;
  /** Send a cookie and expect it back (RFC 7873). */
  readonly cookies: boolean;
  /** Send a part of the client's address along to these servers or zones (RFC 7871); undefined: to none. */
  readonly clientSubnet: ClientSubnetPolicy | undefined;
  /**
   * Show each zone only one label more than it must know (RFC 9156). `strict`: never fall back to the whole name after an error.
   */
  readonly minimisation: 'off' | 'relaxed' | 'strict';
  /** The type asked for while the name is not whole. */
  readonly minimisationType: RecordType;
  /** How many missing addresses of name servers to look up ahead of need, by depth of the dependency; -1: all. */
  readonly targetFetchPolicy: readonly number[];
  readonly doNotQueryLocalhost: boolean;
  readonly doNotQuery: readonly Cidr[];

  // When to give up.

  /** The first timeout for a server that was never asked before. */
  readonly unknownServerTimeout: Duration;
  /** How often each address is tried for one question: three times at most (RFC 9520 §3.1); Unbound's default is 5. */
  readonly triesPerServer: number;
  /** Queries between two referrals or restarts. */
  readonly maxSends: number;
  readonly maxReferrals: number;
  /** How many aliases are followed. */
  readonly maxRestarts: number;
  /** Look-ups of name servers' addresses, for one question and for one zone. */
  readonly maxTargets: number;
  readonly maxTargetsPerZone: number;
  /** How many of those may end in NXDOMAIN before the parent's list of servers is tried, and then how many more. */
  readonly maxTargetFailures: number;
  readonly maxTargetFailuresLater: number;
  /** How many look-ups may wait for one another in a row. */
  readonly maxDepth: number;
  /** All queries that one client's question may cause, those for name servers' addresses included. */
  readonly maxQueries: number;
  /** How long one walk down the tree may take. */
  readonly patience: Duration;

  // What to believe.

  /** Believe addresses only when they lie in the zone that sent them. */
  readonly hardenGlue: boolean;
  /** Look up out-of-zone glue before use, and keep the given one as a fallback. */
  readonly hardenUnverifiedGlue: boolean;
  /** Look up NS sets and addresses on the way for themselves. */
  readonly hardenReferralPath: boolean;
  /**
   * Believe the whole chain of aliases in an authoritative answer, and the records at its end, as far as it stays in the zone
   * asked (RFC 1034 §4.3.2 step 3a, RFC 2181 §5.4.1): BIND's way. Otherwise only the first link, as Unbound: the rest is asked
   * anew. Where signatures are checked each link is asked for, whatever stands here.
   */
  readonly believeChains: boolean;
  /** Ignore NS sets that ride along with positive answers. */
  readonly scrubPromiscuous: boolean;
  /** The most name servers kept of one NS set, aliases of one answer, signatures of one set. */
  readonly scrubNameServers: number;
  readonly scrubAliases: number;
  readonly scrubSignatures: number;
  /** Addresses that must not come from outside, and the zones that may contain them nevertheless. */
  readonly privateAddresses: readonly Cidr[];
  readonly privateDomains: readonly Name[];

  // What to keep.

  /** Bounds on TTLs as stored (RFC 2181 §8, RFC 8767 §4); the upper one is BIND's week. */
  readonly maxTtl: number;
  readonly minTtl: number;
  /** Bounds on how long a "no" is kept (RFC 2308 §5); the upper one is BIND's three hours. */
  readonly maxNegativeTtl: number;
  readonly minNegativeTtl: number;
  /** Show TTLs as they came, not what is left of them. */
  readonly serveOriginalTtl: boolean;
  /** How long a failure is kept, and the most when it repeats (RFC 9520 §3.2). */
  readonly failureTtl: number;
  readonly maxFailureTtl: number;
  /** NXDOMAIN holds for all names below (RFC 8020): never, when validated, always. */
  readonly nxdomainCut: 'off' | 'validated' | 'always';
  /** How many sets, and how many messages, are kept; what was stored longest ago goes first. */
  readonly cacheSize: number;
  /** Lend expired data when no fresh ones are to be had (RFC 8767); undefined: never. */
  readonly stale: StalePolicy | undefined;
  /** Renew what is asked for in the last tenth of its life. */
  readonly prefetch: boolean;
  /** Synthesise AAAA records from A records (RFC 6147); undefined: do not. */
  readonly dns64: Dns64Policy | undefined;

  // What to check.

  readonly validation: ValidationSettings;
}

export interface StalePolicy {
  /** Seconds past expiry; what is older is not lent. */
  readonly maxAge: number;
  /** The TTL that a stale answer shows. */
  readonly replyTtl: number;
  /** How long a client waits for fresh data first; 0: it gets the stale ones at once. */
  readonly clientTimeout: Duration;
  /** Count `maxAge` from the last failed attempt. */
  readonly resetOnFailure: boolean;
  /** After a failed attempt, stale data are lent for so long without another (RFC 8767 §5). */
  readonly recheck: Duration;
}

export interface Dns64Policy {
  /** A block of 96 bits. */
  readonly prefix: Cidr;
  /** Below these names existing AAAA records are passed over. */
  readonly ignoreAaaa: readonly Name[];
}

export interface ClientSubnetPolicy {
  /** Servers and zones that get it. */
  readonly servers: readonly Cidr[];
  readonly zones: readonly Name[];
  /** How much of an address is given away (RFC 7871 §11.1). */
  readonly bitsIPv4: number;
  readonly bitsIPv6: number;
}

/** What the validator needs to know; without trust anchors nothing is validated. */
export interface ValidationSettings {
  /** DS and DNSKEY records in presentation form. */
  readonly trustAnchors: readonly string[];
  /** The instant for signature checks, in seconds since 1970; undefined: the run's own clock. */
  readonly date: number | undefined;
  /** What the run's own clock shows at instant 0, in seconds since 1970. */
  readonly startDate: number;
  readonly insecureZones: readonly Name[];
  /** A zone with a trust anchor whose keys are missing or do not fit is bogus; otherwise it counts as unsigned then. */
  readonly hardenStripped: boolean;
  /** Insist that every algorithm of the DS set fits, though RFC 6840 §5.11 has validators accept any one path that does. */
  readonly hardenAlgorithmDowngrade: boolean;
  /** Answer from validated NSEC records (RFC 8198). */
  readonly aggressiveNsec: boolean;
  /** Pairs of key size and the most NSEC3 iterations that are checked with it. */
  readonly nsec3Iterations: readonly (readonly [bits: number, iterations: number])[];
  /** How often something that does not fit is asked of another server. */
  readonly retries: number;
  /** How long it is kept that data are bogus, in seconds (RFC 4035 §4.7). */
  readonly bogusTtl: number;
}

/** The defaults: of today's resolvers where they agree, and of BIND or Unbound where they do not, as each line says. */
export const DEFAULT_SETTINGS: ResolverSettings = {
  rootHints: [],
  priming: true,
  stubZones: [],
  forwardZones: [],
  accessControl: [],
  accessOtherwise: 'allow',
  discardTimeout: undefined,
  minimalResponses: true,
  roundRobin: false,
  extendedErrors: true,
  extendedErrorWhenStale: true,
  errorReporting: false,
  minimalAny: false,
  largestResponse: 1232,
  useIPv4: true,
  useIPv6: true,
  ednsSize: 1232,
  dnssecOk: false,
  ignoreClientDo: false,
  tcpOnly: false,
  fixedPort: undefined,
  fixedId: undefined,
  randomCase: false,
  cookies: false,
  clientSubnet: undefined,
  minimisation: 'off',
  minimisationType: 'A',
  targetFetchPolicy: [0, 0, 0, 0, 0],
  doNotQueryLocalhost: true,
  doNotQuery: [],
  unknownServerTimeout: milliseconds(376),
  triesPerServer: 3,
  maxSends: 32,
  maxReferrals: 130,
  maxRestarts: 11,
  maxTargets: 64,
  maxTargetsPerZone: 16,
  maxTargetFailures: 5,
  maxTargetFailuresLater: 10,
  maxDepth: 7,
  maxQueries: 200,
  patience: seconds(5),
  hardenGlue: true,
  hardenUnverifiedGlue: false,
  hardenReferralPath: false,
  believeChains: true,
  scrubPromiscuous: false,
  scrubNameServers: 20,
  scrubAliases: 11,
  scrubSignatures: 8,
  privateAddresses: [],
  privateDomains: [],
  maxTtl: 604_800,
  minTtl: 0,
  maxNegativeTtl: 10_800,
  minNegativeTtl: 0,
  serveOriginalTtl: false,
  failureTtl: 5,
  maxFailureTtl: 300,
  nxdomainCut: 'validated',
  cacheSize: 100_000,
  stale: undefined,
  prefetch: false,
  dns64: undefined,
  validation: {
    trustAnchors: [],
    date: undefined,
    startDate: START_DATE,
    insecureZones: [],
    hardenStripped: true,
    hardenAlgorithmDowngrade: false,
    aggressiveNsec: true,
    nsec3Iterations: [
      [1024, 150],
      [2048, 150],
      [4096, 150],
    ],
    retries: 5,
    bogusTtl: 60,
  },
};
