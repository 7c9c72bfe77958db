/**
 * The query log of a public hosted zone, read from a trace: a line for each query that reached one of its name servers
 * (Developer Guide, query-logs). What a resolver answered from its cache never came here, so that no line tells of it.
 */
import type { Address } from '../../base/address.ts';
import { type Instant, isoDate } from '../../base/time.ts';
import { bareName, isSubdomain, type Name, sameName } from '../../dns/name.ts';
import type { JsonObject } from '../../route53/formats/json.ts';
import { locateBuiltIn } from '../../route53/places/location.ts';
import type { Vpc } from '../../route53/private.ts';
import { queryLogEntry, queryLogLine, resolverLogEntry } from '../../route53/queryLog.ts';
import { describeMessage } from '../../trace/describe.ts';
import type { HostId, Trace, ZoneChange } from '../../trace/trace.ts';
import { hostedZoneDetail } from './hostedZoneDetail.ts';

/** One line of the log, and the message that it is about. */
export interface LoggedQuery {
  readonly at: Instant;
  /** The ten fields, blanks between: "1.0 2026-01-01T00:00:00.067Z Z0… www.example.com A NOERROR UDP CDG50 198.18.0.53 -". */
  readonly line: string;
  /** The response, by its id in the trace. */
  readonly message: number;
}

/** What a plain zone on Route 53's servers is called in its log: it has no id of its own. */
const PLAIN_ZONE_ID = 'Z0SIMZONE0EXAMPLE1';

/**
 * The log of a zone up to an instant, oldest first. `zone` is the zone's id, the word that the scenario uses for it, or its
 * name. Empty for a private zone, whose queries the log of the VPC's Resolver has, and for a zone that is not there.
 */
export function queryLog(trace: Trace, zone: string, until: Instant = trace.end): LoggedQuery[] {
  const name = `${bareName(zone)}.`;
  const changes = trace.zoneChanges.filter((change) => hostedZoneDetail(change)?.private !== true);
  const wanted =
    changes.find((change) => isCalled(change, zone)) ?? changes.find((change) => sameName(change.zone, name as unknown as Name));
  if (!wanted) return [];
  const zoneId = hostedZoneDetail(wanted)?.id ?? PLAIN_ZONE_ID;
  const logged: LoggedQuery[] = [];
  for (const { id, answers, fromHost, protocol, sentAt, to, transport } of trace.messages) {
    if (answers === undefined || protocol !== 'dns' || sentAt > until) continue;
    const dns = describeMessage(trace, id).dns;
    const question = dns?.question[0];
    if (!question || dns?.rcode === 'REFUSED' || !isSubdomain(question.name, wanted.zone)) continue;
    const asked = zoneAsked(changes, fromHost, question, sentAt);
    if (!asked || identity(asked) !== identity(wanted)) continue;
    const about = { timestamp: isoDate(sentAt), zoneId, edge: edgeFor(to.address), resolver: to.address };
    const entry = queryLogEntry(dns, { ...about, protocol: transport === 'tcp' ? 'TCP' : 'UDP' });
    if (entry) logged.push({ at: sentAt, line: queryLogLine(entry), message: id });
  }
  return logged;
}

/** One entry of the log of a VPC's Resolver: JSON, with the answers in it (Developer Guide, resolver-query-logs-format). */
export interface ResolverLogged {
  readonly at: Instant;
  readonly entry: JsonObject;
}

/** Sample account number of the documentation. */
const ACCOUNT = '111122223333';

/**
 * What the Resolver of a VPC was asked until an instant, oldest first: by the VPC's own computers, and through its inbound
 * endpoint. Here answers from its cache do appear, for this log is written where the question comes in.
 */
export function resolverLog(trace: Trace, vpc: Vpc, inbound: readonly string[], until: Instant = trace.end): ResolverLogged[] {
  return trace.messages.flatMap(({ id, answers, fromHost, protocol, sentAt, to, from, transport }): ResolverLogged[] => {
    if (answers === undefined || protocol !== 'dns' || fromHost !== vpc.id || sentAt > until) return [];
    const dns = describeMessage(trace, id).dns;
    const isInbound = inbound.includes(from.address);
    const entry =
      dns &&
      resolverLogEntry(dns, {
        account: ACCOUNT,
        vpc,
        timestamp: isoDate(sentAt).replace(/\.\d{3}Z$/, 'Z'),
        source: to.address,
        sourcePort: to.port,
        transport: transport === 'tcp' ? 'TCP' : 'UDP',
        from: isInbound
          ? { kind: 'resolver_endpoint', id: `rslvr-in-${vpc.id}` }
          : { kind: 'instance', id: instanceOf(trace, to.address) },
      });
    return entry ? [{ at: sentAt, entry }] : [];
  });
}

const instanceOf = (trace: Trace, at: Address): string =>
  `i-${trace.hosts.find(({ addresses }) => addresses.includes(at))?.id ?? 'unknown'}`;

const isCalled = (change: ZoneChange, word: string): boolean => {
  const detail = hostedZoneDetail(change);
  return detail !== undefined && (detail.id === word || detail.key === word);
};
const identity = (change: ZoneChange): string => hostedZoneDetail(change)?.id ?? change.zone.toLowerCase();

/** The zone of a server that a question is about: the one with the longest name; for DS the one above it (RFC 4035 §3.1.4.1). */
function zoneAsked(
  changes: readonly ZoneChange[],
  server: HostId,
  question: { readonly name: Name; readonly type: string },
  at: Instant,
): ZoneChange | undefined {
  let best: ZoneChange | undefined;
  for (const change of changes) {
    if (change.at > at || !change.servers.includes(server) || !isSubdomain(question.name, change.zone)) continue;
    if (question.type === 'DS' && sameName(question.name, change.zone)) continue;
    if (!best || change.zone.length >= best.zone.length) best = change;
  }
  return best;
}

/** The airport nearest to each built-in city; edge locations are called after airports (Developer Guide, query-logs). */
const AIRPORTS: Readonly<Record<string, string>> = {
  Lyon: 'CDG',
  Dublin: 'DUB',
  Sydney: 'SYD',
  Nairobi: 'NBO',
  Paris: 'CDG',
  Austin: 'DFW',
  'San Francisco': 'SFO',
  'São Paulo': 'GRU',
  Frankfurt: 'FRA',
  Lisbon: 'LIS',
  London: 'LHR',
  'New York': 'JFK',
  Tokyo: 'NRT',
  Singapore: 'SIN',
  Mumbai: 'BOM',
  'Cape Town': 'CPT',
  Toronto: 'YTO',
  'Mexico City': 'QRO',
  Stockholm: 'ARN',
  Dubai: 'DXB',
  Auckland: 'AKL',
  'Buenos Aires': 'EZE',
  Seoul: 'ICN',
};

/** The edge location that a resolver reaches: the nearest; in Virginia when nobody knows where the resolver stands. */
const edgeFor = (resolver: Address): string => `${AIRPORTS[locateBuiltIn(resolver)?.city ?? ''] ?? 'IAD'}50`;
