/**
 * Lightsail's DNS zones: a second, simpler face on the same engine. Entries instead of records, a fixed TTL, no routing
 * policies, no health checks (Lightsail Developer Guide, understanding-dns-in-amazon-lightsail).
 */
import type { Address } from '../base/address.ts';
import { isIPv6 } from '../base/address.ts';
import type { Name } from '../dns/name.ts';
import { key } from '../dns/name.ts';
import type { AliasService } from './aliases.ts';
import { aliasZoneId, CLOUDFRONT_ZONE, serviceOf } from './aliases.ts';
import { applyChanges } from './changes.ts';
import type { DelegationSet } from './delegation.ts';
import type { Fault } from './faults.ts';
import { newFindings } from './formats/fields.ts';
import type { JsonObject } from './formats/json.ts';
import { readRecordSet } from './formats/recordSet.ts';
import type { HostedZone } from './hostedZone.ts';
import { DEFAULT_NS_TTL, DEFAULT_SOA_TTL, newHostedZone } from './hostedZone.ts';
import { LIMITS } from './limits.ts';
import { isNameFault, parseServiceName, serviceName } from './names.ts';
import { isRegion } from './places/regions.ts';
import type { RecordSet } from './records.ts';

/** The types that a person may create; an SOA entry is there but not user-made. */
export const LIGHTSAIL_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'] as const;

/** Seconds, for every entry; cannot be configured. */
export const LIGHTSAIL_TTL = 60;

/** One entry, in the words of `get-domain`: one value, texts as they are given. */
export interface DomainEntry {
  readonly id?: string;
  /** With or without its final dot. */
  readonly name: string;
  readonly target: string;
  readonly isAlias: boolean;
  readonly type: string;
}

export interface LightsailZone {
  readonly name: Name;
  readonly entries: readonly DomainEntry[];
}

const PAGE = 'Lightsail Developer Guide, lightsail-how-to-create-dns-entry';

/** The name that an entry field means: "@" is the apex, "www" stands below it, a full name stays (Lightsail's console). */
export function entryName(field: string, zone: Name): string {
  const bare = serviceName(zone).slice(0, -1);
  const typed = field.trim();
  if (typed === '@' || typed === '') return bare;
  return typed === bare || typed.replace(/\.$/, '').endsWith(`.${bare}`) ? typed : `${typed}.${bare}`;
}

/** What the hosted zones below Lightsail zones are known by. */
const LIGHTSAIL_REFERENCE = 'lightsail';

/** Whether a hosted zone was made in Lightsail's console. */
export const isLightsail = (zone: HostedZone | undefined): boolean => zone?.callerReference === LIGHTSAIL_REFERENCE;

export type LightsailResult =
  | { readonly ok: true; readonly zone: HostedZone }
  /** Paths start with the index of the entry. */
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** The hosted zone that a Lightsail zone is underneath: what its name servers answer from. */
export function hostedZoneOf(lightsail: LightsailZone, delegationSet: DelegationSet, id = 'Z0LIGHTSAILZONE'): LightsailResult {
  const base = newHostedZone({
    id,
    name: lightsail.name,
    callerReference: LIGHTSAIL_REFERENCE,
    comment: '',
    scope: { kind: 'public', delegationSet },
  });
  const faults: Fault[] = [];
  const groups = new Map<string, { first: number; json: JsonObject; values: string[] }>();
  for (const [i, entry] of lightsail.entries.entries()) {
    const wrong = checkEntry(entry, lightsail.name);
    if (wrong) {
      faults.push({ ...wrong, path: [i, ...wrong.path] });
      continue;
    }
    const name = parseServiceName(entry.name);
    const group = `${isNameFault(name) ? entry.name : key(name)} ${entry.type}`;
    const present = groups.get(group);
    if (entry.isAlias || !present)
      groups.set(entry.isAlias ? `${group} ${i}` : group, {
        first: i,
        json: setJson(entry, base.name),
        values: [routeValue(entry)],
      });
    else present.values.push(routeValue(entry));
  }
  const sets = [...groups.values()].map(({ first, json, values }) => {
    const findings = newFindings();
    const full = 'AliasTarget' in json ? json : { ...json, ResourceRecords: values.map((Value) => ({ Value })) };
    const set = readRecordSet(full, { zoneName: base.name, isPrivate: false, action: 'CREATE' }, findings);
    faults.push(...findings.faults.map((fault) => ({ ...fault, path: [first] })));
    return { first, set };
  });
  if (faults.length > 0) return { ok: false, faults };
  const changes = sets.flatMap(({ set }) =>
    set ? [{ action: atApex(set, base.name) ? ('UPSERT' as const) : ('CREATE' as const), set }] : [],
  );
  const result = applyChanges(base, changes);
  if (result.ok) return result;
  return { ok: false, faults: result.faults.map((fault) => ({ ...fault, path: [sets[Number(fault.path[1])]?.first ?? 0] })) };
}

/** The NS and SOA entries of a zone stand for the records that it starts with. */
const atApex = (set: RecordSet, zone: Name): boolean => set.name === zone && (set.type === 'NS' || set.type === 'SOA');

/** What Lightsail itself asks of an entry; the rest is the engine's business. */
function checkEntry(entry: DomainEntry, zone: Name): Fault | undefined {
  const deny = (text: string, expected: string, field: string): Fault => ({
    code: 'InvalidInput',
    text,
    expected,
    path: [field],
    source: PAGE,
  });
  const types: readonly string[] = [...LIGHTSAIL_TYPES, 'SOA'];
  if (!types.includes(entry.type))
    return deny(`Invalid DNS record type ${entry.type}`, `one of ${LIGHTSAIL_TYPES.join(', ')}`, 'type');
  if (!entry.isAlias) return undefined;
  if (entry.type !== 'A' && entry.type !== 'AAAA')
    return deny('Only A and AAAA entries can be an alias', 'type A or AAAA for an alias', 'isAlias');
  const dnsName = parseServiceName(entry.target);
  const service = isNameFault(dnsName) ? undefined : serviceOf({ hostedZoneId: '', dnsName, evaluateTargetHealth: false });
  if (service !== undefined && ALIAS_SERVICES.has(service)) return undefined;
  return deny(
    `${entry.target} is not a valid alias target for ${serviceName(zone)}`,
    'the DNS name of a load balancer (.elb.amazonaws.com), a distribution (.cloudfront.net) or a container service (.cs.amazonlightsail.com)',
    'target',
  );
}

const ALIAS_SERVICES: ReadonlySet<AliasService> = new Set<AliasService>([
  'load balancer',
  'network load balancer',
  'CloudFront',
  'Lightsail container service',
]);

function setJson(entry: DomainEntry, zone: Name): JsonObject {
  const frame = { Name: entry.name, Type: entry.type };
  if (!entry.isAlias) return { ...frame, TTL: ttlOf(entry, zone) };
  return {
    ...frame,
    AliasTarget: { HostedZoneId: targetZone(entry.target), DNSName: entry.target, EvaluateTargetHealth: false },
  };
}

/** Sixty seconds, but the apex keeps the NS and SOA records of every hosted zone. */
function ttlOf(entry: DomainEntry, zone: Name): number {
  if (parseServiceName(entry.name) !== zone) return LIGHTSAIL_TTL;
  return entry.type === 'NS' ? DEFAULT_NS_TTL : entry.type === 'SOA' ? DEFAULT_SOA_TTL : LIGHTSAIL_TTL;
}

function targetZone(target: string): string {
  const lower = target.toLowerCase();
  if (/\.cloudfront\.net\.?$/.test(lower)) return CLOUDFRONT_ZONE;
  const region = /\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(lower)?.[1] ?? '';
  const service = /\.cs\.amazonlightsail\.com\.?$/.test(lower) ? 'Lightsail container service' : 'load balancer';
  return (isRegion(region) ? aliasZoneId(service, region) : undefined) ?? 'ZUNPUBLISHED';
}

/** The value in Route 53's form: text without quotation marks gets them, in pieces of 255. */
function routeValue({ type, target }: DomainEntry): string {
  if (type !== 'TXT' || target.trimStart().startsWith('"')) return target;
  const escaped = target.replace(/[\\"]/g, '\\$&');
  const pieces = escaped.match(/(?:\\[\s\S]|[^\\]){1,255}/g) ?? [''];
  return pieces.map((piece) => `"${piece}"`).join(' ');
}

/** The entries that a zone has from the start, as `get-domain` lists them: four NS, one SOA. */
export function initialEntries(zone: Name, delegationSet: DelegationSet): DomainEntry[] {
  const apex = serviceName(zone).slice(0, -1);
  const servers = delegationSet.nameServers.map((server) => server.replace(/\.$/, ''));
  return [
    { name: apex, target: `${servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`, isAlias: false, type: 'SOA' },
    ...servers.map((target) => ({ name: apex, target, isAlias: false, type: 'NS' })),
  ];
}

/** One more zone in an account that has `count`: at most six. */
export function checkZoneCount(count: number): Fault | undefined {
  const { most, what, source } = LIMITS.lightsailZones;
  if (count < most) return undefined;
  return {
    code: 'LimitsExceeded',
    text: `You have reached the maximum of ${most} DNS zones`,
    expected: `at most ${most} ${what}`,
    path: [],
    source,
  };
}

/** Something that a domain can be assigned to. */
export type LightsailResource =
  /** Its public address changes when it stops and starts, unless a static IP is attached. */
  | {
      readonly kind: 'instance';
      readonly name: string;
      readonly publicIp: Address;
      readonly ipv6?: Address;
      readonly staticIp?: Address;
    }
  | { readonly kind: 'load balancer' | 'distribution' | 'container service'; readonly name: string; readonly dnsName: string };

/** The entries that assign `field` ("@", "www") of a zone to a resource. */
export function assignEntries(field: string, zone: Name, resource: LightsailResource): DomainEntry[] {
  const name = entryName(field, zone);
  if (resource.kind !== 'instance') return [{ name, target: resource.dnsName, isAlias: true, type: 'A' }];
  const addresses = [addressOf(resource), ...(resource.ipv6 === undefined ? [] : [resource.ipv6])];
  return addresses.map((address) => ({ name, target: address, isAlias: false, type: isIPv6(address) ? 'AAAA' : 'A' }));
}

type Instance = Extract<LightsailResource, { kind: 'instance' }>;

/** The IPv4 address under which an instance is reached now. */
export const addressOf = (instance: Instance): Address => instance.staticIp ?? instance.publicIp;

/** The instance after a stop and start: another public address, the same static one. */
export const restarted = (instance: Instance, newPublicIp: Address): Instance => ({ ...instance, publicIp: newPublicIp });

/** Static IPs per account. */
export const MOST_STATIC_IPS = 5;

/** The instance with a static IP; an account may hold five, and an instance one. */
export function attachStaticIp(
  instance: Instance,
  staticIp: Address,
  held: number,
): { readonly ok: true; readonly instance: Instance } | { readonly ok: false; readonly fault: Fault } {
  const source = 'Lightsail Developer Guide, lightsail-create-static-ip';
  const fault = (text: string, expected: string): { ok: false; fault: Fault } => ({
    ok: false,
    fault: { code: 'LimitsExceeded', text, expected, path: [], source },
  });
  if (held >= MOST_STATIC_IPS)
    return fault(`You have reached the maximum of ${MOST_STATIC_IPS} static IPs`, `at most ${MOST_STATIC_IPS} static IPs`);
  if (instance.staticIp !== undefined)
    return fault(`${instance.name} already has a static IP`, 'an instance without a static IP');
  return { ok: true, instance: { ...instance, staticIp } };
}
