/**
 * The alias part of the record form: which kinds of target there are, which targets this world has, which zone id belongs to
 * them, and what may be said of the target's health (Developer Guide, resource-record-sets-choosing-alias-non-alias).
 */
import { parseName, sameName } from '../../../dns/name.ts';
import {
  type AliasResource,
  type AliasService,
  aliasTtl,
  aliasZoneId,
  resourceHealthy,
  serviceOf,
} from '../../../route53/aliases.ts';
import type { JsonObject } from '../../../route53/formats/json.ts';
import { type HostedZone, isPrivate } from '../../../route53/hostedZone.ts';
import { isNameFault, parseServiceName, serviceName } from '../../../route53/names.ts';
import { REGION_NAMES, type RegionName } from '../../../route53/places/regions.ts';
import type { AliasTarget, Policy, ZoneType } from '../../../route53/records.ts';
import { pointsIntoZone } from '../../../route53/rules.ts';

/** What an alias record may point at, in the order of the console. */
export const TARGET_KINDS = [
  'record',
  'CloudFront',
  'S3 website',
  'load balancer',
  'network load balancer',
  'API Gateway',
  'Global Accelerator',
  'VPC endpoint',
  'Elastic Beanstalk',
] as const satisfies readonly (AliasService | 'record')[];

export type TargetKind = (typeof TARGET_KINDS)[number] | AliasService;

/** An alias, as its fields stand. */
export interface AliasDraft {
  readonly kind: TargetKind;
  /** A DNS name as it is typed. */
  readonly target: string;
  /** The zone id as it was given, where it is none that is worked out. */
  readonly zoneId: string;
  readonly evaluate: boolean;
}

interface KindFacts {
  readonly words: string;
  /** How its names look: what is suggested where this world has none. */
  readonly example: string;
  /** The types that an alias to it may have. */
  readonly types: readonly ZoneType[];
}

const FACTS: Readonly<Partial<Record<TargetKind, KindFacts>>> = {
  record: { words: 'another record of this zone', example: '', types: [] },
  CloudFront: { words: 'a CloudFront distribution', example: 'd222222abcdef8.cloudfront.net', types: ['A', 'AAAA', 'HTTPS'] },
  'S3 website': { words: 'an S3 website', example: 's3-website-us-east-1.amazonaws.com', types: ['A'] },
  'load balancer': {
    words: 'a load balancer',
    example: 'balancer-1234567890.us-east-1.elb.amazonaws.com',
    types: ['A', 'AAAA'],
  },
  'network load balancer': {
    words: 'a network load balancer',
    example: 'network-0123456789abcdef.elb.us-east-1.amazonaws.com',
    types: ['A', 'AAAA'],
  },
  'API Gateway': { words: 'an API of API Gateway', example: 'd-abcde12345.execute-api.us-east-1.amazonaws.com', types: ['A'] },
  'Global Accelerator': { words: 'a Global Accelerator', example: 'a1234567890abcdef.awsglobalaccelerator.com', types: ['A'] },
  'VPC endpoint': {
    words: 'a VPC endpoint',
    example: 'vpce-1234-abcd.s3.us-east-1.vpce.amazonaws.com',
    types: ['A'],
  },
  'Elastic Beanstalk': {
    words: 'an Elastic Beanstalk environment',
    example: 'my-env.us-east-1.elasticbeanstalk.com',
    types: ['A'],
  },
};

/** "a CloudFront distribution". */
export const kindWords = (kind: TargetKind): string => FACTS[kind]?.words ?? kind;

/** The kinds that an alias of a type may have, in a zone; the kind that is chosen always among them. */
export const kindsFor = (type: ZoneType, zone: HostedZone, chosen: TargetKind): readonly TargetKind[] => [
  ...TARGET_KINDS.filter(
    (kind) =>
      kind === chosen || kind === 'record' || (FACTS[kind]?.types.includes(type) && !(isPrivate(zone) && kind === 'CloudFront')),
  ),
  ...((TARGET_KINDS as readonly string[]).includes(chosen) ? [] : [chosen]),
];

/** A new alias: to the first resource there is, else to the first other record of the zone. */
export function newAlias(record: AliasOwner, zone: HostedZone, resources: readonly AliasResource[]): AliasDraft {
  const kind = kindsFor(record.type, zone, 'record').find(
    (one) => one !== 'record' && resources.some(({ service }) => service === one),
  );
  const target = targetsOf('record', record, zone, resources)[0]?.dnsName ?? '';
  const draft: AliasDraft = { kind: 'record', target, zoneId: '', evaluate: false };
  return kind === undefined ? draft : withKind(draft, kind, resources);
}

/** The record that is to be an alias. */
interface AliasOwner {
  readonly type: ZoneType;
  /** In full, with its final dot. */
  readonly name: string;
}

/** Another kind of target, with the first one there is. */
export function withKind(alias: AliasDraft, kind: TargetKind, resources: readonly AliasResource[]): AliasDraft {
  const first = resources.find(({ service }) => service === kind)?.dnsName.slice(0, -1);
  return {
    kind,
    target: first ?? FACTS[kind]?.example ?? '',
    zoneId: '',
    evaluate: kind === 'CloudFront' ? false : alias.evaluate,
  };
}

/** The alias of a record as it stands. */
export function aliasOf(target: AliasTarget, zone: HostedZone): AliasDraft {
  const kind: TargetKind = pointsIntoZone(target, zone) ? 'record' : (serviceOf(target) ?? 'load balancer');
  const dnsName = serviceName(target.dnsName);
  const draft: AliasDraft = { kind, target: dnsName.slice(0, -1), zoneId: '', evaluate: target.evaluateTargetHealth };
  return zoneIdOf(draft, zone) === target.hostedZoneId ? draft : { ...draft, zoneId: target.hostedZoneId };
}

/** The record's `AliasTarget` in the API's shape, right or wrong. */
export function aliasJson(alias: AliasDraft, zone: HostedZone): JsonObject {
  const typed = alias.target.trim();
  const DNSName = typed === '' || typed.endsWith('.') ? typed : `${inZone(alias, typed, zone)}.`;
  return { HostedZoneId: alias.zoneId || zoneIdOf(alias, zone), DNSName, EvaluateTargetHealth: alias.evaluate };
}

/** A record of the zone may be named by its label alone. */
function inZone({ kind }: AliasDraft, typed: string, zone: HostedZone): string {
  const own = serviceName(zone.name).slice(0, -1);
  return kind !== 'record' || typed === own || typed.endsWith(`.${own}`) ? typed : `${typed}.${own}`;
}

/**
 * The id of the zone that a target's name lies in. Where AWS gives the id with the resource and publishes no table (API
 * Gateway, VPC endpoint, network load balancer) an id of ours stands in: any that is not the record's own zone does.
 */
function zoneIdOf({ kind, target }: AliasDraft, zone: HostedZone): string {
  if (kind === 'record') return zone.id ?? '';
  const region = regionIn(target);
  return (
    (region && aliasZoneId(kind, region)) ??
    aliasZoneId(kind, 'us-east-1') ??
    `Z0SIM${kind.toUpperCase().replace(/[^A-Z0-9]/g, '')}`
  );
}

/** The Region that stands in a resource's DNS name. */
export const regionIn = (target: string): RegionName | undefined =>
  [...REGION_NAMES]
    .sort((a, b) => b.length - a.length)
    .find((region) => new RegExp(`(^|[.-])${region}([.]|$)`).test(target.toLowerCase()));

/** A target to choose from. */
export interface TargetChoice {
  readonly dnsName: string;
  /** "192.0.2.61, 192.0.2.62", "healthy". */
  readonly words: string;
}

/** The targets of a kind that there are: resources of this world, or records of the zone with the same type. */
export function targetsOf(
  kind: TargetKind,
  { type, name }: AliasOwner,
  zone: HostedZone,
  resources: readonly AliasResource[],
): TargetChoice[] {
  if (kind !== 'record')
    return resources
      .filter(({ service }) => service === kind)
      .map((resource) => ({ dnsName: resource.dnsName.slice(0, -1), words: resourceWords(resource) }));
  const own = parseServiceName(name);
  return [...zone.records.groups].flatMap(([owner, groups]) =>
    !isNameFault(own) && sameName(owner, own)
      ? []
      : groups.flatMap((group) =>
          group.type === type
            ? [
                {
                  dnsName: serviceName(owner).slice(0, -1),
                  words: `${group.policy}, ${group.sets.length === 1 ? 'one record' : `${group.sets.length} records`}`,
                },
              ]
            : [],
        ),
  );
}

const resourceWords = (resource: AliasResource): string =>
  [...resource.ipv4, ...resource.ipv6].slice(0, 2).join(', ') + (resourceHealthy(resource) ? '' : ', unhealthy');

/** Whether "evaluate target health" may be chosen, and what it means for this target (API Reference, AliasTarget). */
export function healthRule(kind: TargetKind, policy: Policy): { readonly fixed?: boolean; readonly words: string } {
  if (kind === 'CloudFront') return { fixed: false, words: 'Not for CloudFront: a distribution always counts as healthy.' };
  if (policy === 'failover') return { fixed: true, words: 'A failover alias must follow its target’s health.' };
  switch (kind) {
    case 'record':
      return { words: 'Healthy while one of the target’s records is. Without it, Route 53 goes there even if all of them fail.' };
    case 'load balancer':
    case 'network load balancer':
    case 'Elastic Beanstalk':
      return { words: 'Healthy while every target group has a healthy target.' };
    default:
      return { words: 'Allowed; this service practically always counts as healthy.' };
  }
}

/** Why an alias record has no TTL of its own, and what its answers carry instead. */
export function ttlWords(kind: TargetKind): string {
  if (kind === 'record') return 'No TTL of its own: the target record’s counts.';
  return `No TTL of its own: ${kindWords(kind)} sets it, ${aliasTtl(kind as AliasService)} s.`;
}

/** What is to be known of a target that is typed, in a sentence; undefined where there is nothing to say. */
export function targetWords({ kind, target }: AliasDraft, resources: readonly AliasResource[]): string | undefined {
  const typed = target
    .trim()
    .toLowerCase()
    .replace(/^dualstack\./, '')
    .replace(/\.$/, '');
  if (kind === 'record' || typed === '') return undefined;
  const name = parseName(`${typed}.`);
  if (typeof name !== 'string') return undefined;
  const service = serviceOf({ hostedZoneId: '', dnsName: name, evaluateTargetHealth: false });
  if (service !== kind) return `The name of ${kindWords(kind)} looks like ${FACTS[kind]?.example ?? 'another'}.`;
  if (resources.some(({ dnsName }) => sameName(dnsName, name))) return undefined;
  return 'New in this world: saving the record puts it there, with a page behind it.';
}
