/**
 * What an alias record may point at: the services with their fixed hosted zone ids, and the resources behind them in
 * the simulated world (Developer Guide, resource-record-sets-choosing-alias-non-alias; AWS CDK region-info).
 */
import type { Address } from '../base/address.ts';
import { address } from '../base/address.ts';
import type { Name } from '../dns/name.ts';
import type { RegionName } from './places/regions.ts';
import type { AliasTarget } from './records.ts';

export type AliasService =
  | 'CloudFront'
  | 'S3 website'
  | 'load balancer'
  | 'network load balancer'
  | 'API Gateway'
  | 'Global Accelerator'
  | 'VPC endpoint'
  | 'Elastic Beanstalk'
  | 'AppSync'
  | 'App Runner'
  | 'Lightsail container service'
  | 'Lightsail instance';

/** How a service answers behind an alias record. */
interface ServiceFacts {
  /** How its DNS names look. */
  readonly names: RegExp;
  /** Seconds; cannot be set by the owner of the record. */
  readonly ttl: number;
  /** Where the TTL is written; absent where it is a default of ours. */
  readonly ttlSource?: string;
  /** How many addresses a stand-in of this service has. */
  readonly addresses: number;
  readonly ipv6: boolean;
}

const ELB_TTL = 'API Reference, ResourceRecordSet';

const SERVICES: Readonly<Record<AliasService, ServiceFacts>> = {
  CloudFront: { names: /\.cloudfront\.net\.$/, ttl: 60, addresses: 4, ipv6: true },
  'S3 website': {
    names: /(?:^|\.)s3-website[.-][a-z0-9-]+\.amazonaws\.com\.$/,
    ttl: 60,
    ttlSource: 'FAQ',
    addresses: 1,
    ipv6: false,
  },
  'load balancer': {
    names: /\.[a-z]{2}[a-z-]*-\d\.elb\.amazonaws\.com\.$/,
    ttl: 60,
    ttlSource: ELB_TTL,
    addresses: 2,
    ipv6: false,
  },
  'network load balancer': {
    names: /\.elb\.[a-z0-9-]+\.amazonaws\.com\.$/,
    ttl: 60,
    ttlSource: ELB_TTL,
    addresses: 2,
    ipv6: false,
  },
  'API Gateway': { names: /\.execute-api\.[a-z0-9-]+\.amazonaws\.com\.$/, ttl: 60, addresses: 2, ipv6: false },
  'Global Accelerator': { names: /\.awsglobalaccelerator\.com\.$/, ttl: 300, addresses: 2, ipv6: false },
  'VPC endpoint': { names: /\.vpce\.amazonaws\.com\.$/, ttl: 60, addresses: 2, ipv6: false },
  'Elastic Beanstalk': { names: /\.elasticbeanstalk\.com\.$/, ttl: 60, addresses: 1, ipv6: false },
  AppSync: { names: /\.appsync-api\.[a-z0-9-]+\.amazonaws\.com\.$/, ttl: 60, addresses: 2, ipv6: false },
  'App Runner': { names: /\.awsapprunner\.com\.$/, ttl: 60, addresses: 2, ipv6: false },
  'Lightsail container service': { names: /\.cs\.amazonlightsail\.com\.$/, ttl: 60, addresses: 2, ipv6: false },
  // Lightsail records point at an instance by its address; no alias names one.
  'Lightsail instance': { names: /^(?!)/, ttl: 60, addresses: 1, ipv6: true },
};

/** The zone of all CloudFront names, API Gateway's edge-optimised ones included. */
export const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';
/** The zone of all Global Accelerator names. */
export const ACCELERATOR_ZONE = 'Z2BJ6XQ5FK7U4H';

type RegionalService = 'S3 website' | 'load balancer' | 'Elastic Beanstalk';

/** Per Region: S3 website, ALB and CLB, Elastic Beanstalk. */
const REGIONAL_ZONES: Readonly<Partial<Record<RegionName, Readonly<Record<RegionalService, string>>>>> = {
  'us-east-1': zones('Z3AQBSTGFYJSTF', 'Z35SXDOTRQ7X7K', 'Z117KPS5GTRQ2G'),
  'us-east-2': zones('Z2O1EMRO9K5GLX', 'Z3AADJGX6KTTL2', 'Z14LCN19Q5QHIC'),
  'us-west-1': zones('Z2F56UZL2M1ACD', 'Z368ELLRRE2KJ0', 'Z1LQECGX5PH1X'),
  'us-west-2': zones('Z3BJ6K6RIION7M', 'Z1H1FL5HABSF5', 'Z38NKT9BP95V3O'),
  'eu-west-1': zones('Z1BKCTXD74EZPE', 'Z32O12XQLNTSW2', 'Z2NYPWQ7DFZAZH'),
  'eu-central-1': zones('Z21DNDUVLTQW6Q', 'Z215JYRZR1TBD5', 'Z1FRNW7UH4DEZJ'),
  'ap-southeast-1': zones('Z3O0J2DXBE1FTB', 'Z1LMS91P8CMLE5', 'Z16FZ9L249IFLT'),
  'ap-southeast-2': zones('Z1WCIGYICN2BYD', 'Z1GM3OXH4ZPM65', 'Z2PCDNR3VC2G1N'),
  'ap-northeast-1': zones('Z2M4EHUR26P7ZW', 'Z14GRHDCWA56QT', 'Z1R25G3KIG2GBW'),
  'sa-east-1': zones('Z7KQH4QJS55SO', 'Z2P70J7HTTTPLU', 'Z10X7K2B4QSOFV'),
};

function zones(website: string, balancer: string, beanstalk: string): Readonly<Record<RegionalService, string>> {
  return { 'S3 website': website, 'load balancer': balancer, 'Elastic Beanstalk': beanstalk };
}

/** Lightsail container services, as far as their zone ids are published. */
const CONTAINER_ZONES: Readonly<Partial<Record<RegionName, string>>> = {
  'us-west-2': 'Z0959753D43BBB908BAV',
  'us-east-1': 'Z06246771KYU0IRHI74W4',
  'eu-west-1': 'Z0624732FELAMMKW3Y21',
  'eu-central-1': 'Z06137433FV04OY4EC6L0',
};

/** The hosted zone id that an alias to `service` in `region` names; undefined where none is published. */
export function aliasZoneId(service: AliasService, region: RegionName): string | undefined {
  if (service === 'CloudFront') return CLOUDFRONT_ZONE;
  if (service === 'Global Accelerator') return ACCELERATOR_ZONE;
  if (service === 'Lightsail container service') return CONTAINER_ZONES[region];
  return service in (REGIONAL_ZONES['us-east-1'] as object) ? REGIONAL_ZONES[region]?.[service as RegionalService] : undefined;
}

/** The hosted zone id in which a DNS name of a service lies; undefined where none is published, or it is none of a service. */
export function aliasZoneOf(dnsName: Name): string | undefined {
  const service = SERVICE_ENTRIES.find(([, facts]) => facts.names.test(dnsName))?.[0];
  const region = /(?:^|[.-])([a-z]{2}-(?:gov-)?[a-z]+-\d)\./.exec(dnsName)?.[1];
  return service && aliasZoneId(service, (region ?? '') as RegionName);
}

/** The ids that belong to services: an alias that names another id points into a hosted zone. */
export const SERVICE_ZONES: ReadonlySet<string> = new Set([
  CLOUDFRONT_ZONE,
  ACCELERATOR_ZONE,
  ...Object.values(REGIONAL_ZONES).flatMap((row) => Object.values(row)),
  ...Object.values(CONTAINER_ZONES),
]);

const SERVICE_ENTRIES = Object.entries(SERVICES) as [AliasService, ServiceFacts][];

/** Which service an alias points at, by its DNS name, else by its zone id; undefined for a record of a hosted zone. */
export function serviceOf(target: AliasTarget): AliasService | undefined {
  const byName = SERVICE_ENTRIES.find(([, facts]) => facts.names.test(target.dnsName))?.[0];
  if (byName !== undefined) return byName;
  if (target.hostedZoneId === CLOUDFRONT_ZONE) return 'CloudFront';
  return target.hostedZoneId === ACCELERATOR_ZONE ? 'Global Accelerator' : undefined;
}

/** What "evaluate target health" reads of a resource. Services that are not balancers count as always healthy. */
export type ResourceHealth =
  | { readonly kind: 'always' }
  /** ALB and NLB. */
  | { readonly kind: 'target-groups'; readonly groups: readonly { readonly registered: number; readonly healthy: number }[] }
  /** CLB. */
  | { readonly kind: 'instances'; readonly balancerUp: boolean; readonly healthy: number };

/** A resource of the simulated world that an alias record may point at. */
export interface AliasResource {
  readonly service: AliasService;
  readonly dnsName: Name;
  readonly ipv4: readonly Address[];
  readonly ipv6: readonly Address[];
  readonly health: ResourceHealth;
  /** The names that the resource accepts: alternate domain names, custom domains, or the bucket's name. Absent: any. */
  readonly accepts?: readonly Name[];
  /** Set on a resource that stands in for one that this world does not have. */
  readonly standIn?: true;
}

/** Seconds that an answer from this service may be kept, whatever the zone says. */
export const aliasTtl = (service: AliasService): number => SERVICES[service].ttl;

/** Where that TTL is written; a default of ours where no source is known. */
export const aliasTtlSource = (service: AliasService): string => SERVICES[service].ttlSource ?? 'Rootwalk default (unconfirmed)';

/**
 * Whether a resource is healthy for an alias that evaluates target health (API Reference, AliasTarget): every target
 * group needs a healthy target, and one without registered targets is unhealthy.
 */
export function resourceHealthy({ health }: AliasResource): boolean {
  if (health.kind === 'always') return true;
  if (health.kind === 'instances') return health.balancerUp && health.healthy > 0;
  return health.groups.length > 0 && health.groups.every((group) => group.registered > 0 && group.healthy > 0);
}

/**
 * A resource for a target that this world does not have, so that an imported zone answers: addresses from
 * 198.51.100.0/24 and 2001:db8::/32 that depend on the target's name only. Always healthy, and marked.
 */
export function standInResource(target: AliasTarget): AliasResource {
  const service = serviceOf(target) ?? 'load balancer';
  const facts = SERVICES[service];
  const seed = hash(target.dnsName);
  const numbers = Array.from({ length: facts.addresses }, (_, i) => ((seed + i) % 254) + 1);
  return {
    service,
    dnsName: target.dnsName,
    ipv4: numbers.map((n) => address(`198.51.100.${n}`)),
    ipv6: facts.ipv6 ? numbers.map((n) => address(`2001:db8:a1:a5::${n.toString(16)}`)) : [],
    health: { kind: 'always' },
    standIn: true,
  };
}

/** FNV-1a over the characters. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}
