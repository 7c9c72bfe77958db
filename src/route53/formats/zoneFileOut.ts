/**
 * A hosted zone as a master file (RFC 1035 §5). Route 53 has no such export: what a master file cannot say, routing policies and
 * alias records, stands beside it as comments after the convention of cli53 (`; AWS routing="WEIGHTED" weight=90 …`).
 */
import type { HostedZone } from '../hostedZone.ts';
import { decimalEscapes, serviceName } from '../names.ts';
import type { RecordSet } from '../records.ts';
import { listedSets } from '../table.ts';
import { remarkOf } from './remarks.ts';

export interface ZoneFileText {
  readonly text: string;
  /** What the file cannot say, in words; empty when it says all. */
  readonly lost: readonly string[];
}

/** The zone as text, its SOA and NS records first, the others in the order of the API. */
export function zoneFileOf(zone: HostedZone): ZoneFileText {
  const sets = listedSets(zone.records);
  const isApex = (set: RecordSet, type: string): boolean => set.name === zone.name && set.type === type;
  const rank = (set: RecordSet): number => (isApex(set, 'SOA') ? 0 : isApex(set, 'NS') ? 1 : 2);
  const ordered = sets.map((set, i) => ({ set, i })).sort((a, b) => rank(a.set) - rank(b.set) || a.i - b.i);
  const lines = ordered.flatMap(({ set }) => linesOf(set, zone));
  const aliases = sets.filter(({ content }) => content.kind === 'alias').length;
  const policies = new Set(sets.flatMap(({ routing }) => (routing.policy === 'simple' ? [] : [routing.policy])));
  const bound = sets.filter(({ content }) => content.kind === 'policy-record').length;
  const lost = [
    ...(aliases > 0
      ? [`${count(aliases, 'alias record stands', 'alias records stand')} there as a comment, which this page and cli53 read`]
      : []),
    ...(policies.size > 0
      ? [`the routing of ${[...policies].join(', ')} records is a comment: other programs read one simple record`]
      : []),
    ...(bound > 0 ? [`${count(bound, 'policy record is', 'policy records are')} left out`] : []),
  ];
  return { text: `$ORIGIN ${serviceName(zone.name)}\n${lines.join('\n')}\n`, lost };
}

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

function linesOf(set: RecordSet, zone: HostedZone): string[] {
  const owner = set.name === zone.name ? '@' : ownerText(set, zone);
  const { content, type } = set;
  if (content.kind === 'alias') {
    const { dnsName, hostedZoneId, evaluateTargetHealth } = content.target;
    const own = hostedZoneId === zone.id ? '$self' : hostedZoneId;
    return [`; ${owner} AWS ALIAS ${type} ${serviceName(dnsName)} ${own} ${evaluateTargetHealth}${remark(set)}`];
  }
  if (content.kind === 'policy-record') return [`; ${owner} ${type} traffic policy ${content.trafficPolicyInstanceId}`];
  const note = remark(set);
  return content.values.map(({ text }) => `${owner}\t${content.ttl}\tIN\t${type}\t${decimalEscapes(text)}${note}`);
}

/** The owner without the zone's name; a wildcard as the star that it is. */
const ownerText = (set: RecordSet, zone: HostedZone): string =>
  decimalEscapes(serviceName(set.name).slice(0, -serviceName(zone.name).length - 1)).replace(/^\\042(?=\.|$)/, '*');

function remark(set: RecordSet): string {
  const text = remarkOf(set);
  return text === '' ? '' : ` ; ${text}`;
}
