/** The list of zones: what each is, who serves it, whether the registry sends anybody there, and what a new one would be called. */
import type { Instant } from '../../../base/time.ts';
import { isSubdomain, labelCount, type Name, parseName, sameName } from '../../../dns/name.ts';
import { dataOf } from '../../../dns/record.ts';
import { holdsOnlyDefaults, isPrivate } from '../../../route53/hostedZone.ts';
import { isNameFault, parseServiceName } from '../../../route53/names.ts';
import type { Trace, ZoneChange } from '../../../trace/trace.ts';
import type { ShownZone } from '../zone/records.ts';

export interface ZoneRow {
  readonly word: string;
  /** With its final dot. */
  readonly name: string;
  readonly kind: 'public' | 'private' | 'Lightsail' | 'built in';
  readonly id: string;
  readonly records: number;
  /** The four names, or the VPCs. */
  readonly servers: readonly string[];
  readonly standing: Standing;
  /** Why it cannot be deleted now; absent when it can. */
  readonly keeps?: string;
}

/** Whether the world is sent to this zone. */
export type Standing =
  | { readonly kind: 'inside'; readonly words: string }
  | { readonly kind: 'listed'; readonly words: string }
  | { readonly kind: 'unlisted'; readonly words: string }
  /** The zone above lists other servers: a warning. */
  | { readonly kind: 'elsewhere'; readonly words: string; readonly listed: readonly string[] };

export const zoneRows = (trace: Trace, zones: readonly ShownZone[], at: Instant): ZoneRow[] =>
  zones.map((shown) => {
    const { word, zone, hosted } = shown;
    const kept = keptBy(shown);
    return {
      word,
      name: zone.name,
      kind: !hosted ? 'built in' : isPrivate(zone) ? 'private' : shown.lightsail ? 'Lightsail' : 'public',
      id: hosted ? zone.id : '',
      records: zone.records.size,
      servers: isPrivate(zone) ? shown.vpcs.map(({ id }) => id) : shown.nameServers,
      standing: standingOf(trace, shown, at),
      ...(kept === undefined ? {} : { keeps: kept }),
    };
  });

function keptBy({ hosted, zone, lightsail, dnssec }: ShownZone): string | undefined {
  if (!hosted) return 'part of the built-in world';
  if (lightsail) return undefined;
  const others = zone.records.size - 2;
  const records = holdsOnlyDefaults(zone) ? [] : [`${others} ${others === 1 ? 'record' : 'records'} besides NS and SOA`];
  const keys = dnssec ? ['a key-signing key'] : [];
  return records.length + keys.length > 0 ? [...records, ...keys].join(', and ') : undefined;
}

function standingOf(trace: Trace, { zone, nameServers }: ShownZone, at: Instant): Standing {
  if (isPrivate(zone)) return { kind: 'inside', words: 'answers inside its VPCs only' };
  const above = listedFor(trace, zone.name, at);
  if (!above) return { kind: 'unlisted', words: 'no zone above lists it: nobody is sent here yet' };
  const isSame = above.servers.length === nameServers.length && above.servers.every((one) => nameServers.includes(one));
  if (isSame) return { kind: 'listed', words: `listed by ${above.by}` };
  return {
    kind: 'elsewhere',
    words: `${above.by} lists other name servers: nobody is sent here`,
    listed: above.servers,
  };
}

/** The name servers that the nearest zone above lists for a name, and which zone that is. */
export function listedFor(
  trace: Trace,
  name: Name,
  at: Instant,
): { readonly by: string; readonly servers: readonly string[] } | undefined {
  let above: ZoneChange | undefined;
  for (const change of trace.zoneChanges) {
    if (change.at > at || change.servers.length === 0 || sameName(name, change.zone) || !isSubdomain(name, change.zone)) continue;
    if (!above || labelCount(change.zone) >= labelCount(above.zone)) above = change;
  }
  const servers = (above?.records ?? [])
    .filter((record) => sameName(record.name, name))
    .flatMap((record) => dataOf(record, 'NS')?.nameServer.toLowerCase() ?? []);
  return above && servers.length > 0
    ? { by: above.zone === '.' ? 'the root' : `.${above.zone.slice(0, -1)}`, servers }
    : undefined;
}

/** What speaks against a name for a new zone, in words; undefined when nothing does. An empty field is no fault yet. */
export function zoneNameFault(text: string): string | undefined {
  const typed = text.trim();
  if (typed === '') return undefined;
  const name = parseServiceName(typed);
  if (isNameFault(name)) return `Needed: a domain name (${name.words}).`;
  if (labelCount(name) < 2) return 'Needed: a name below a top-level domain. Zones of top-level domains are their registries’.';
  return name.startsWith('*') ? 'Needed: a name that does not begin with a star.' : undefined;
}

/** Whether a zone of a name would be the second one of it, and so get four other servers. */
export function twinOf(zones: readonly ShownZone[], text: string, isPublic: boolean): ShownZone | undefined {
  const name = parseName(text.trim().toLowerCase());
  return typeof name === 'string' && isPublic
    ? zones.find(({ zone }) => !isPrivate(zone) && sameName(zone.name, name))
    : undefined;
}
