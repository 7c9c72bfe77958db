/**
 * The private side: VPCs and the hosted zones that only they see, and what the Resolver of a VPC (the address two above
 * the network's base) does with a name (Developer Guide, hosted-zones-private, resolver).
 */
import type { Address, Cidr } from '../base/address.ts';
import { addressBytes, addressFromBytes, cidrBase } from '../base/address.ts';
import type { Explained } from '../base/reason.ts';
import { explained, reason } from '../base/reason.ts';
import type { Name } from '../dns/name.ts';
import { isSubdomain, labelCount, ROOT, sameName } from '../dns/name.ts';
import type { Fault } from './faults.ts';
import type { HostedZone, PrivateScope, VpcReference } from './hostedZone.ts';
import { LIMITS } from './limits.ts';
import { serviceName } from './names.ts';

export interface Vpc extends VpcReference {
  readonly cidr: Cidr;
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
  /** The account that owns it; a zone of another account needs an authorisation. */
  readonly account?: string;
}

/** Where a VPC's clients ask: the network's base plus two, 10.0.0.2 in 10.0.0.0/16. */
export function resolverAddress(vpc: Vpc): Address {
  const bytes = addressBytes(cidrBase(vpc.cidr));
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] as number) + 2;
  return addressFromBytes(bytes);
}

export type PrivateResult = { readonly ok: true; readonly zone: HostedZone } | { readonly ok: false; readonly fault: Fault };

const refused = (code: Fault['code'], text: string, expected: string, source: string): PrivateResult => ({
  ok: false,
  fault: { code, text, expected, path: [], source },
});

/** Whether a VPC may be tied to a private zone. `others` are the zones that it sees already. */
export function associateVpc(
  zone: HostedZone,
  vpc: Vpc,
  others: readonly HostedZone[],
  account: { readonly owner?: string; readonly authorized?: boolean } = {},
): PrivateResult {
  const source = 'API Reference, AssociateVPCWithHostedZone';
  const page = 'Developer Guide, hosted-zone-private-considerations';
  const { scope } = zone;
  if (scope.kind !== 'private')
    return refused(
      'PublicZoneVPCAssociation',
      'You can not associate a public hosted zone with a VPC',
      'a private hosted zone',
      source,
    );
  if (scope.vpcs.some(({ id }) => id === vpc.id)) return { ok: true, zone };
  if (vpc.account !== account.owner && !account.authorized)
    return refused(
      'AccessDenied',
      `No authorization exists for VPC ${vpc.id} and zone ${zone.id}`,
      'an authorisation by the zone’s owner first',
      source,
    );
  if (!vpc.enableDnsSupport || !vpc.enableDnsHostnames)
    return refused(
      'InvalidInput',
      `VPC ${vpc.id} needs enableDnsHostnames and enableDnsSupport`,
      'both settings of the VPC to be true',
      page,
    );
  const twin = others.find((other) => other.id !== zone.id && sameName(other.name, zone.name) && sees(other, vpc.id));
  if (twin)
    return refused(
      'ConflictingDomainExists',
      `The VPC ${vpc.id} in region ${vpc.region} has already been associated with the hosted zone ${twin.id} with the same domain name.`,
      'one private hosted zone of a name for a VPC',
      source,
    );
  const { most, what } = LIMITS.vpcsPerZone;
  if (scope.vpcs.length >= most)
    return refused('LimitsExceeded', `Limit of ${most} VPCs exceeded`, `at most ${most} ${what}`, source);
  const vpcs = [...scope.vpcs, { region: vpc.region, id: vpc.id }];
  return { ok: true, zone: { ...zone, scope: { kind: 'private', vpcs } } };
}

/** Unties a VPC. The last one cannot go (API Reference, DisassociateVPCFromHostedZone). */
export function disassociateVpc(zone: HostedZone, vpcId: string): PrivateResult {
  const source = 'API Reference, DisassociateVPCFromHostedZone';
  const scope: PrivateScope | undefined = zone.scope.kind === 'private' ? zone.scope : undefined;
  if (!scope?.vpcs.some(({ id }) => id === vpcId))
    return refused(
      'VPCAssociationNotFound',
      `The VPC ${vpcId} is not associated with zone ${zone.id}`,
      'a VPC that is associated',
      source,
    );
  if (scope.vpcs.length === 1)
    return refused(
      'LastVPCAssociation',
      'The VPC that you are trying to disassociate is the last one of the zone',
      'at least one VPC to stay',
      source,
    );
  return { ok: true, zone: { ...zone, scope: { kind: 'private', vpcs: scope.vpcs.filter(({ id }) => id !== vpcId) } } };
}

const sees = (zone: HostedZone, vpcId: string): boolean =>
  zone.scope.kind === 'private' && zone.scope.vpcs.some(({ id }) => id === vpcId);

/** A rule of the Resolver (Resolver API, ResolverRule). */
export interface ResolverRule {
  readonly name: string;
  readonly domain: Name;
  readonly type: 'FORWARD' | 'SYSTEM' | 'RECURSIVE' | 'DELEGATE';
  /** Whom FORWARD asks. */
  readonly targets: readonly { readonly address: Address; readonly port: number }[];
  /** The outbound endpoint whose addresses are the sources: FORWARD and DELEGATE. */
  readonly endpointId?: string;
}

/** An endpoint: addresses in a VPC through which queries come in or go out. */
export interface ResolverEndpoint {
  readonly id: string;
  readonly direction: 'INBOUND' | 'OUTBOUND' | 'INBOUND_DELEGATION';
  readonly vpcId: string;
  /** Two to six, in different availability zones. */
  readonly addresses: readonly Address[];
}

/** What is wrong with an endpoint, if anything. */
export function checkEndpoint(endpoint: ResolverEndpoint): Fault | undefined {
  const { most, source } = LIMITS.endpointAddresses;
  const count = new Set(endpoint.addresses).size;
  if (count >= 2 && count <= most) return undefined;
  return {
    code: 'InvalidInput',
    text: `A Resolver endpoint has 2 to ${most} IP addresses`,
    expected: `2 to ${most} addresses`,
    path: ['IpAddresses'],
    source,
  };
}

/** The Resolver of one VPC. */
export interface VpcResolver {
  readonly vpc: Vpc;
  /** All private zones; those of other VPCs are passed over. */
  readonly zones: readonly HostedZone[];
  /** The rules tied to this VPC. */
  readonly rules: readonly ResolverRule[];
}

/** What the Resolver does with a name. */
export type Route =
  /** Asks other resolvers, through the outbound endpoint. */
  | { readonly kind: 'forward'; readonly rule: ResolverRule }
  /** Follows delegations to name servers on the other network, through the outbound endpoint. */
  | { readonly kind: 'delegate'; readonly rule: ResolverRule }
  /** Answers from a private zone, and from it alone: what it lacks does not exist. */
  | { readonly kind: 'private-zone'; readonly zone: HostedZone }
  /** Answers by itself: names of the VPC, reverse names of private networks, localhost. */
  | { readonly kind: 'internal'; readonly domain: Name }
  /** Resolves on the Internet. */
  | { readonly kind: 'recursive' };

/** Names that the Resolver answers itself, unless a rule says otherwise (Developer Guide, resolver-overview-DSN-queries-to-vpc). */
const INTERNAL = [
  'compute.internal.',
  'ec2.internal.',
  'localhost.',
  'localdomain.',
  '10.in-addr.arpa.',
  ...Array.from({ length: 16 }, (_, i) => `${16 + i}.172.in-addr.arpa.`),
  '168.192.in-addr.arpa.',
  '254.169.254.169.in-addr.arpa.',
  '127.in-addr.arpa.',
  `${'0.'.repeat(32)}ip6.arpa.`,
  `1.${'0.'.repeat(31)}ip6.arpa.`,
] as unknown as readonly Name[];

const RULES_PAGE = 'Developer Guide, resolver-overview-DSN-queries-to-vpc';

/**
 * Picks what answers a name: the most specific domain wins, and for one and the same domain a rule beats a private
 * zone, which beats the automatic rules. A SYSTEM rule takes its domain out of a wider FORWARD rule, and the name then
 * goes to the best that is not a rule.
 */
export function routeFor(resolver: VpcResolver, name: Name): Explained<Route> {
  const zone = privateZoneFor(resolver, name);
  const rule = longest(resolver.rules, (candidate) => candidate.domain, name);
  const internal = longest(INTERNAL, (domain) => domain, name);
  const own = ownRoute(zone, internal, name);
  if (!rule || rule.type === 'RECURSIVE' || labelCount(rule.domain) < own.depth) return own.route;
  const text = `The rule ${rule.name} for ${serviceName(rule.domain)} is the most specific one that fits ${name}`;
  switch (rule.type) {
    case 'FORWARD':
      return explained({ kind: 'forward', rule }, reason('forward-rule', text, RULES_PAGE));
    case 'DELEGATE':
      return explained({ kind: 'delegate', rule }, reason('delegate-rule', text, RULES_PAGE));
    case 'SYSTEM':
      return {
        value: own.route.value,
        reasons: [reason('system-rule', `${text}: it stays in the VPC`, RULES_PAGE), ...own.route.reasons],
      };
  }
}

/** What answers when no rule does, and how specific that is. */
function ownRoute(
  zone: HostedZone | undefined,
  internal: Name | undefined,
  name: Name,
): { route: Explained<Route>; depth: number } {
  const zoneDepth = zone ? labelCount(zone.name) : -1;
  const internalDepth = internal === undefined ? -1 : labelCount(internal);
  if (zone && zoneDepth >= internalDepth) {
    const text = `The private hosted zone ${serviceName(zone.name)} holds ${name}: inside the VPC nothing else is asked`;
    return {
      route: explained(
        { kind: 'private-zone', zone },
        reason('private-zone', text, 'Developer Guide, hosted-zone-private-considerations'),
      ),
      depth: zoneDepth,
    };
  }
  if (internal !== undefined) {
    const text = `${name} lies in ${internal}, which the Resolver answers itself`;
    return {
      route: explained({ kind: 'internal', domain: internal }, reason('internal-name', text, RULES_PAGE)),
      depth: internalDepth,
    };
  }
  const text = `No rule and no private hosted zone fits ${name}: it is resolved on the Internet`;
  return { route: explained({ kind: 'recursive' }, reason('internet-resolver', text, RULES_PAGE)), depth: 0 };
}

/** The private zone with the longest name that holds `name` and is tied to this VPC; overlapping zones are allowed. */
export const privateZoneFor = (resolver: VpcResolver, name: Name): HostedZone | undefined =>
  longest(
    resolver.zones.filter((zone) => sees(zone, resolver.vpc.id)),
    (zone) => zone.name,
    name,
  );

function longest<T>(items: readonly T[], domainOf: (item: T) => Name, name: Name): T | undefined {
  let best: T | undefined;
  for (const item of items) {
    const domain = domainOf(item);
    if (!isSubdomain(name, domain)) continue;
    if (best === undefined || labelCount(domain) > labelCount(domainOf(best))) best = item;
  }
  return best;
}

/** The rule that AWS gives every Resolver: everything else goes to the Internet. */
export const INTERNET_RULE: ResolverRule = { name: 'Internet Resolver', domain: ROOT, type: 'RECURSIVE', targets: [] };
