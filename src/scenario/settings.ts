/** The settings of a resolver that come of what a scenario says of it. */
import type { Address } from '../base/address.ts';
import { parseAddress, parseCidr } from '../base/address.ts';
import { milliseconds, seconds, wholeSeconds } from '../base/time.ts';
import type {
  ClientSubnetPolicy,
  ConfiguredZone,
  Dns64Policy,
  ResolverSettings,
  StalePolicy,
  ValidationSettings,
} from '../dns/resolve/settings.ts';
import { DEFAULT_SETTINGS } from '../dns/resolve/settings.ts';
import { zoneWord } from './references.ts';
import { isZone, type ResolverSettingsLine } from './resolvers.ts';
import { anchorOf, type Signable } from './signing.ts';
import { durationOf } from './words.ts';
import { originOf } from './zones.ts';

/** What the settings of a resolver may refer to. */
export interface Surroundings {
  readonly zones: readonly Signable[];
  addressesOf(host: string): readonly Address[];
}

/** Settings that an author writes as the resolver has them. */
const SAME = [
  'priming',
  'accessOtherwise',
  'minimalResponses',
  'roundRobin',
  'extendedErrors',
  'extendedErrorWhenStale',
  'errorReporting',
  'minimalAny',
  'largestResponse',
  'useIPv4',
  'useIPv6',
  'dnssecOk',
  'ignoreClientDo',
  'tcpOnly',
  'fixedPort',
  'fixedId',
  'randomCase',
  'cookies',
  'minimisation',
  'minimisationType',
  'targetFetchPolicy',
  'doNotQueryLocalhost',
  'triesPerServer',
  'maxSends',
  'maxReferrals',
  'maxRestarts',
  'maxTargets',
  'maxTargetsPerZone',
  'maxTargetFailures',
  'maxTargetFailuresLater',
  'maxDepth',
  'maxQueries',
  'hardenGlue',
  'hardenUnverifiedGlue',
  'hardenReferralPath',
  'believeChains',
  'scrubPromiscuous',
  'scrubNameServers',
  'scrubAliases',
  'scrubSignatures',
  'maxTtl',
  'minTtl',
  'maxNegativeTtl',
  'minNegativeTtl',
  'serveOriginalTtl',
  'failureTtl',
  'maxFailureTtl',
  'nxdomainCut',
  'cacheSize',
  'prefetch',
] as const satisfies readonly (keyof ResolverSettingsLine & keyof ResolverSettings)[];

/** Settings that are lengths of time. */
const TIMES = ['discardTimeout', 'unknownServerTimeout', 'patience'] as const satisfies readonly (keyof ResolverSettingsLine)[];

/** Settings that are blocks of addresses, one or several. */
const BLOCKS = ['doNotQuery', 'privateAddresses'] as const satisfies readonly (keyof ResolverSettingsLine)[];

/** The settings that an author names, as a resolver has them. */
export function changedSettings(line: ResolverSettingsLine, around: Surroundings): Partial<ResolverSettings> {
  const { access, clientSubnet, stale, dns64, forward, stub, privateDomains } = line;
  return {
    ...defined(pick(line, SAME)),
    ...read(pick(line, TIMES), durationOf),
    ...read(pick(line, BLOCKS), (said) => [said].flat().map(blockOf)),
    ...(access ? { accessControl: Object.entries(access).map(([block, may]) => ({ block: blockOf(block), access: may })) } : {}),
    ...(clientSubnet === undefined ? {} : { clientSubnet: subnetPolicy(clientSubnet) }),
    ...(stale === undefined ? {} : { stale: stale === false ? undefined : stalePolicyOf(stale === true ? {} : stale) }),
    ...(dns64 === undefined ? {} : { dns64: dns64PolicyOf(typeof dns64 === 'string' ? { prefix: dns64 } : dns64) }),
    ...(forward
      ? { forwardZones: zonesIn(forward, around).map(({ asked, ...zone }) => ({ ...zone, noCache: asked.noCache ?? false })) }
      : {}),
    ...(stub ? { stubZones: zonesIn(stub, around).map(({ asked, ...zone }) => ({ ...zone, prime: asked.prime ?? false })) } : {}),
    ...(privateDomains ? { privateDomains: [privateDomains].flat().map((name) => originOf(name)) } : {}),
    ...(line.validation ? { validation: validationOf(line.validation, around.zones) } : {}),
  };
}

const pick = <K extends keyof ResolverSettingsLine>(
  line: ResolverSettingsLine,
  fields: readonly K[],
): Pick<ResolverSettingsLine, K> =>
  Object.fromEntries(fields.map((field) => [field, line[field]])) as Pick<ResolverSettingsLine, K>;

/** Without the fields that are undefined. */
const defined = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };

/** The fields that are there, each as the resolver has it. */
const read = <T extends object, V>(fields: T, as: (said: NonNullable<T[keyof T]>) => V): { [K in keyof T]?: V } =>
  Object.fromEntries(Object.entries(defined(fields)).map(([field, said]) => [field, as(said as NonNullable<T[keyof T]>)])) as {
    [K in keyof T]?: V;
  };

/** What `resolverSettings` has let pass can be read. */
function blockOf(said: string) {
  const block = parseCidr(said);
  if (block === undefined) throw new Error(`"${said}" is no block of addresses`);
  return block;
}

function subnetPolicy(said: NonNullable<ResolverSettingsLine['clientSubnet']>): ClientSubnetPolicy {
  // RFC 7871 §11.1: 56 bits of an IPv6 address say as much as 24 of an IPv4 one.
  const { zones = [], servers = [], bits = 24, bitsIPv6 = bits === 0 ? 0 : 56 } = said;
  return {
    servers: [servers].flat().map(blockOf),
    zones: [zones].flat().map((zone) => originOf(zone)),
    bitsIPv4: bits,
    bitsIPv6,
  };
}

/** RFC 8767 §5: 1.8 s for the client, 30 s of rest for silent servers, 30 s for what is lent; one day is the least that §4 advises. */
function stalePolicyOf({
  maxAge,
  replyTtl = 30,
  patience,
  recheck,
  resetOnFailure = false,
}: Exclude<NonNullable<ResolverSettingsLine['stale']>, boolean>): StalePolicy {
  return {
    maxAge: maxAge === undefined ? 86_400 : wholeSeconds(durationOf(maxAge)),
    replyTtl,
    clientTimeout: patience === undefined ? milliseconds(1_800) : durationOf(patience),
    resetOnFailure,
    recheck: recheck === undefined ? seconds(30) : durationOf(recheck),
  };
}

const dns64PolicyOf = ({
  prefix,
  ignoreAaaa = [],
}: Exclude<NonNullable<ResolverSettingsLine['dns64']>, string>): Dns64Policy => ({
  prefix: blockOf(prefix),
  ignoreAaaa: [ignoreAaaa].flat().map((name) => originOf(name)),
});

type Asked = Exclude<NonNullable<ResolverSettingsLine['forward']>[string], string | string[]>;

function zonesIn(
  said: NonNullable<ResolverSettingsLine['forward']>,
  around: Surroundings,
): (ConfiguredZone & { readonly asked: Asked })[] {
  return Object.entries(said).map(([zone, how]) => {
    const asked: Asked = typeof how === 'string' || Array.isArray(how) ? { servers: how } : how;
    return {
      zone: originOf(zone),
      servers: [asked.servers].flat().map((one) => {
        const address = parseAddress(one);
        return { addresses: address === undefined ? around.addressesOf(one) : [address] };
      }),
      first: asked.first ?? false,
      tcp: asked.tcp ?? false,
      asked,
    };
  });
}

function validationOf(
  said: NonNullable<ResolverSettingsLine['validation']>,
  worldZones: readonly Signable[],
): ValidationSettings {
  const anchors = [said.anchors ?? []].flat().flatMap((one) => {
    if (!isZone(one)) return [one];
    const found = worldZones.find(({ zone }) => zoneWord(zone.origin) === zoneWord(one));
    return found?.signing ? [anchorOf(found.zone.origin, found.signing)] : [];
  });
  return {
    ...DEFAULT_SETTINGS.validation,
    trustAnchors: anchors,
    insecureZones: [said.insecure ?? []].flat().map((zone) => originOf(zone)),
    ...defined({
      aggressiveNsec: said.aggressive,
      retries: said.retries,
      bogusTtl: said.bogusTtl,
      hardenStripped: said.hardenStripped,
      hardenAlgorithmDowngrade: said.hardenAlgorithmDowngrade,
      date: said.date,
      nsec3Iterations:
        said.nsec3Iterations && Object.entries(said.nsec3Iterations).map(([bits, rounds]) => [Number(bits), rounds] as const),
    }),
  };
}
