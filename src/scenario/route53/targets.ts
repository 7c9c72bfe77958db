/**
 * What alias records point at, as parts of the world: a web server behind each resource, and a name server that knows the
 * resource's own DNS name, so that a CNAME to it leads somewhere as well.
 */
import { capital } from '../../base/text.ts';
import { labels, name as nameOf, parseName } from '../../dns/name.ts';
import { serviceOf, standInResource } from '../../route53/aliases.ts';
import type { HostLine, Line, World } from '../schema.ts';
import { entriesOf } from './holdings.ts';

/** The name server of all service domains (amazonaws.com, cloudfront.net …): the next number after the zones' own servers. */
const SERVICE_HOST = 'ns-aws';
const SERVICE_ADDRESS = '205.251.200.8';
const TWO_DAYS = 172_800;
/** Seconds, of the resource's own name. */
const TARGET_TTL = 60;

type ResourceLine = NonNullable<World['resources']>[string];

/**
 * Resources that stand behind alias records which change batches make to services of which the world says nothing, so that
 * such a record answers and leads to a page. By the first label of their names.
 */
export function resourcesInLines(
  known: ReadonlyMap<string, Pick<ResourceLine, 'DNSName'>>,
  lines: readonly Line[],
): Map<string, ResourceLine> {
  const made = new Map<string, ResourceLine>();
  const named = new Set([...known.values()].map(({ DNSName }) => bare(DNSName)));
  for (const { hostedZoneId, dnsName } of lines.flatMap(aliasesIn)) {
    const target = { hostedZoneId, dnsName: nameOf(`${bare(dnsName)}.`), evaluateTargetHealth: false };
    if (named.has(bare(dnsName)) || serviceOf(target) === undefined) continue;
    named.add(bare(dnsName));
    const label = labels(target.dnsName)[0] ?? 'target';
    const id = known.has(label) || made.has(label) ? `${label}-${made.size + 1}` : label;
    const { ipv4, ipv6 } = standInResource(target);
    made.set(id, { DNSName: bare(dnsName), addresses: [...ipv4, ...ipv6] });
  }
  return made;
}

const bare = (dnsName: string): string =>
  dnsName
    .toLowerCase()
    .replace(/^dualstack\./, '')
    .replace(/\.$/, '');

/** The alias targets that a change batch names, as far as they are names at all. */
function aliasesIn(line: Line): { readonly hostedZoneId: string; readonly dnsName: string }[] {
  if (!('change' in line)) return [];
  return line.Changes.flatMap(({ ResourceRecordSet: set }) => {
    const target = (set as { readonly AliasTarget?: { readonly HostedZoneId?: unknown; readonly DNSName?: unknown } })
      .AliasTarget;
    const { HostedZoneId: hostedZoneId, DNSName: dnsName } = target ?? {};
    const isName = typeof dnsName === 'string' && typeof parseName(`${bare(dnsName)}.`) === 'string';
    return isName && typeof hostedZoneId === 'string' ? [{ hostedZoneId, dnsName }] : [];
  });
}

/** The layer of a world that its resources make; undefined when there are none. */
export function targetLayer(layers: readonly World[], lines: readonly Line[]): World | undefined {
  const described = new Map(entriesOf(layers, 'resources'));
  const standIns = resourcesInLines(described, lines);
  const resources = [...described, ...standIns];
  if (resources.length === 0) return undefined;
  const owned = new Set(
    layers.flatMap(({ hosts = {} }) => Object.values(hosts).flatMap(({ addresses = [] }) => [addresses].flat())),
  );
  const named = new Set(layers.flatMap(({ hosts = {} }) => Object.keys(hosts)));
  const hosts: Record<string, HostLine> = {
    [SERVICE_HOST]: {
      role: 'authoritative',
      title: 'AWS name server',
      addresses: SERVICE_ADDRESS,
      place: 'dns',
      thinking: '1 ms',
    },
  };
  const zones: Record<string, { servers?: string[]; records: string }> = {};
  const add = (zone: string, text: string, servers?: string[]): void => {
    zones[zone] = { ...(servers ? { servers } : {}), records: `${zones[zone]?.records ?? ''}${text}\n` };
  };
  for (const [id, { DNSName, addresses = [] }] of resources) {
    const later = lines.flatMap((line) => ('resource' in line && line.resource === id ? (line.addresses ?? []) : []));
    const own = [...new Set([...addresses, ...later])].filter((at) => !owned.has(at));
    if (!named.has(id) && own.length > 0) hosts[id] = { role: 'web', title: titleOf(id), addresses: own };
    const domain = serviceDomain(DNSName);
    const top = domain.slice(domain.indexOf('.') + 1);
    if (zones[domain] === undefined) {
      const server = `ns.${domain}.`;
      add(top, `${domain}. ${TWO_DAYS} NS ${server}\n${server} ${TWO_DAYS} A ${SERVICE_ADDRESS}`);
      add(
        domain,
        `${domain}. 900 SOA ${server} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400\n${domain}. ${TWO_DAYS} NS ${server}\n${server} ${TWO_DAYS} A ${SERVICE_ADDRESS}`,
        [SERVICE_HOST],
      );
    }
    add(domain, targetRecords(DNSName, addresses), [SERVICE_HOST]);
  }
  return { hosts, zones, ...(standIns.size > 0 ? { resources: Object.fromEntries(standIns) } : {}) };
}

const titleOf = (id: string): string => capital(id.replaceAll('-', ' '));

/** The zone in which a resource's own name stands: "amazonaws.com". */
export const serviceDomain = (dnsName: string): string =>
  labels(nameOf(dnsName.toLowerCase().replace(/\.?$/, '.')))
    .slice(-2)
    .join('.');

/** The address records of a resource's own name. */
export const targetRecords = (dnsName: string, addresses: readonly string[]): string =>
  addresses
    .map((at) => `${dnsName.toLowerCase().replace(/\.?$/, '.')} ${TARGET_TTL} ${at.includes(':') ? 'AAAA' : 'A'} ${at}`)
    .join('\n');
