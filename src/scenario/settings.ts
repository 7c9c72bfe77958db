/** The settings of a resolver that come of what a scenario says of it. */
import type { Address } from '../base/address.ts';
import { parseAddress, parseCidr } from '../base/address.ts';
import { milliseconds, parseDuration, seconds, wholeSeconds } from '../base/time.ts';
import type {
  ClientSubnetPolicy,
  ConfiguredZone,
  ResolverSettings,
  StalePolicy,
  ValidationSettings,
} from '../dns/resolve/settings.ts';
import { DEFAULT_SETTINGS } from '../dns/resolve/settings.ts';
import { zoneWord } from './references.ts';
import { isZone, type ResolverSettingsLine } from './resolvers.ts';
import { anchorOf, type Signable } from './signing.ts';
import { originOf } from './zones.ts';

/** What the settings of a resolver may refer to. */
export interface Surroundings {
  readonly zones: readonly Signable[];
  addressesOf(host: string): readonly Address[];
}

/** Settings that are called the same in a scenario and in a resolver. */
const SAME = [
  'maxTtl',
  'minTtl',
  'maxNegativeTtl',
  'largestResponse',
  'minimisation',
  'minimisationType',
  'prefetch',
  'nxdomainCut',
  'randomCase',
  'cookies',
  'fixedPort',
  'fixedId',
  'tcpOnly',
  'minimalResponses',
  'minimalAny',
  'extendedErrors',
  'hardenGlue',
  'hardenReferralPath',
] as const satisfies readonly (keyof ResolverSettingsLine & keyof ResolverSettings)[];

/** The settings that an author names, as a resolver has them. */
export function changedSettings(line: ResolverSettingsLine, around: Surroundings): Partial<ResolverSettings> {
  const { clientSubnet, stale, dns64, forward, stub, privateAddresses } = line;
  const same = Object.fromEntries(SAME.flatMap((field) => (line[field] === undefined ? [] : [[field, line[field]]])));
  return {
    ...same,
    ...(clientSubnet === undefined ? {} : { clientSubnet: subnetPolicy(clientSubnet) }),
    ...(stale === undefined ? {} : { stale: stale === false ? undefined : stalePolicyOf(stale === true ? {} : stale) }),
    ...(dns64 === undefined ? {} : { dns64: { prefix: blockOf(dns64), ignoreAaaa: [] } }),
    ...(forward ? { forwardZones: zonesIn(forward, around).map((zone) => ({ ...zone, noCache: false })) } : {}),
    ...(stub ? { stubZones: zonesIn(stub, around).map((zone) => ({ ...zone, prime: false })) } : {}),
    ...(privateAddresses ? { privateAddresses: [privateAddresses].flat().map(blockOf) } : {}),
    ...(line.validation ? { validation: validationOf(line.validation, around.zones) } : {}),
  };
}

/** What `resolverSettings` has let pass can be read. */
function blockOf(said: string) {
  const block = parseCidr(said);
  if (block === undefined) throw new Error(`"${said}" is no block of addresses`);
  return block;
}

function subnetPolicy({ zones: said, bits = 24 }: NonNullable<ResolverSettingsLine['clientSubnet']>): ClientSubnetPolicy {
  // RFC 7871 §11.1: 56 bits of an IPv6 address say as much as 24 of an IPv4 one.
  const names = [said].flat().map((zone) => originOf(zone));
  return { servers: [], zones: names, bitsIPv4: bits, bitsIPv6: bits === 0 ? 0 : 56 };
}

/** RFC 8767 §5: 1.8 s for the client, 30 s of rest for silent servers, 30 s for what is lent; one day is the least that §4 advises. */
function stalePolicyOf({
  maxAge,
  replyTtl = 30,
  patience,
  recheck,
}: Exclude<NonNullable<ResolverSettingsLine['stale']>, boolean>): StalePolicy {
  return {
    maxAge: maxAge === undefined ? 86_400 : wholeSeconds(parseDuration(String(maxAge)) ?? seconds(86_400)),
    replyTtl,
    clientTimeout: (patience === undefined ? undefined : parseDuration(String(patience))) ?? milliseconds(1_800),
    resetOnFailure: false,
    recheck: (recheck === undefined ? undefined : parseDuration(String(recheck))) ?? seconds(30),
  };
}

function zonesIn(said: NonNullable<ResolverSettingsLine['forward']>, around: Surroundings): ConfiguredZone[] {
  return Object.entries(said).map(([zone, servers]) => ({
    zone: originOf(zone),
    servers: [servers].flat().map((one) => {
      const address = parseAddress(one);
      return { addresses: address === undefined ? around.addressesOf(one) : [address] };
    }),
    first: false,
    tcp: false,
  }));
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
    ...(said.aggressive === undefined ? {} : { aggressiveNsec: said.aggressive }),
    ...(said.retries === undefined ? {} : { retries: said.retries }),
  };
}
