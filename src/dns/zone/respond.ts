/** An authoritative server's responses, from the zones that it has (RFC 1034 §4.3.2). */
import type { Explained, Reason } from '../../base/reason.ts';
import { explained, reason } from '../../base/reason.ts';
import type { Edns, Message, Question, Rcode } from '../message.ts';
import { response } from '../message.ts';
import type { Name, NameKey } from '../name.ts';
import { key, parent, ROOT, sameName } from '../name.ts';
import type { RecordType, ResourceRecord, RRset } from '../record.ts';
import { dataOf, record } from '../record.ts';
import type { Responder } from '../responder.ts';
import type { Finding } from './find.ts';
import { find, renamed } from './find.ts';
import type { Zone } from './zone.ts';
import { nodeAt, rrsetAt, soaOf } from './zone.ts';

export interface RespondOptions {
  /** The UDP payload size that the server's OPT record states; 1232 by default (DNS Flag Day 2020). */
  readonly udpSize?: number;
  /** Whether positive answers carry the zone's NS records in the authority section, as Route 53's do. */
  readonly nameServersInAnswers?: boolean;
  /** Whether aliases are followed only within the zone of the name asked for, as Route 53 does, not into other zones here. */
  readonly aliasesWithinZone?: boolean;
}

/** Zones by the key of their origin. */
export type ZoneSet = ReadonlyMap<NameKey, Zone>;

export const zoneSet = (zones: readonly Zone[]): ZoneSet => new Map(zones.map((zone) => [key(zone.origin), zone]));

/** A responder for a server that has these zones. */
export function zoneResponder(zones: readonly Zone[], options: RespondOptions = {}): Responder {
  const set = zoneSet(zones);
  return (query) => respond(set, query, options);
}

/** The response to `query` of a server that has `zones`. */
export function respond(zones: ZoneSet, query: Message, options: RespondOptions = {}): Explained<Message> {
  const unfit = refusal(query, options);
  if (unfit) return unfit;
  const question = query.question[0] as Question;
  const zone = zoneFor(zones, question.name, question.type);
  if (!zone || (question.class !== zone.class && question.class !== 'ANY'))
    return failure(
      query,
      options,
      'REFUSED',
      reason('not-authoritative', `No zone of this server holds ${question.name}`, 'RFC 9499 §7'),
    );
  return answerFrom(zones, zone, query, question, options);
}

/** The zone with the most labels that holds `name`; the DS set of a zone's apex is its parent's (RFC 4035 §3.1.4.1). */
export function zoneFor(zones: ZoneSet, name: Name, type: RecordType): Zone | undefined {
  if (type === 'DS' && name !== ROOT) {
    const above = zoneFor(zones, parent(name), 'A');
    if (above) return above;
  }
  for (let id = key(name); ; id = parent(id)) {
    const zone = zones.get(id);
    if (zone || id === '.') return zone;
  }
}

/** The response to a query that cannot be answered whatever the zones hold; undefined for an ordinary one. */
export function refusal(query: Message, options: RespondOptions): Explained<Message> | undefined {
  const question = query.question[0];
  if (query.flags.qr)
    return failure(query, options, 'FORMERR', reason('not-a-query', 'The message is a response', 'RFC 1035 §4.1.1'));
  if (query.edns && query.edns.version > 0)
    return failure(
      query,
      options,
      'BADVERS',
      reason('edns-version', `EDNS version ${query.edns.version} is not known`, 'RFC 6891 §6.1.3'),
    );
  if (query.opcode !== 'QUERY')
    return failure(
      query,
      options,
      'NOTIMP',
      reason('opcode', `Only ordinary queries are served, not ${query.opcode}`, 'RFC 1035 §4.1.1'),
    );
  if (!question || query.question.length !== 1)
    return failure(
      query,
      options,
      'FORMERR',
      reason('one-question', `${query.question.length} questions are not one`, 'RFC 9619'),
    );
  if (question.type === 'AXFR' || question.type === 'IXFR')
    return failure(query, options, 'REFUSED', reason('no-transfer', 'Zone transfers are not given to anybody', 'RFC 5936 §5'));
  if (question.type === 'OPT' || question.type === 'TSIG' || question.type === 'TKEY')
    return failure(
      query,
      options,
      'FORMERR',
      reason('no-such-question', `${question.type} cannot be asked for`, 'RFC 6895 §3.1'),
    );
  return undefined;
}

const failure = (query: Message, options: RespondOptions, rcode: Rcode, why: Reason): Explained<Message> =>
  explained(response(query, { rcode, ...ednsFor(query, options) }), why);

/** A response has an OPT record exactly when the query had one; DO is copied (RFC 6891 §6.1.1, RFC 3225 §3). */
function ednsFor(query: Message, options: RespondOptions): { edns?: Edns } {
  if (!query.edns) return {};
  return { edns: { version: 0, udpSize: options.udpSize ?? 1232, do: query.edns.do, options: [] } };
}

/** How many aliases one response follows. */
const MAX_ALIASES = 16;

interface Draft {
  rcode: Rcode;
  readonly answer: ResourceRecord[];
  readonly authority: ResourceRecord[];
  readonly additional: ResourceRecord[];
  readonly reasons: Reason[];
}

/** Follows aliases through the zones of this server until something else is found. */
function answerFrom(
  zones: ZoneSet,
  first: Zone,
  query: Message,
  question: Question,
  options: RespondOptions,
): Explained<Message> {
  const draft: Draft = { rcode: 'NOERROR', answer: [], authority: [], additional: [], reasons: [] };
  const seen = new Set<NameKey>();
  let zone = first;
  let { name } = question;
  for (;;) {
    seen.add(key(name));
    const finding: Explained<Finding> = find(zone, name, question.type);
    draft.reasons.push(...finding.reasons);
    const next = addFinding(draft, zone, name, finding.value);
    if (next === undefined) break;
    name = next;
    // An alias that leads out of these zones, in a circle or on and on: the resolver goes on by itself.
    const following: Zone | undefined = zoneFor(zones, name, question.type);
    if (!following || seen.has(key(name)) || seen.size > MAX_ALIASES) break;
    if (options.aliasesWithinZone && following !== first) break;
    zone = following;
  }
  if (options.nameServersInAnswers) addNameServers(draft, zone);
  const { reasons, ...sections } = draft;
  // A referral alone is not authoritative; an alias before it is (RFC 1035 §4.1.1).
  const aa = draft.answer.length > 0 || draft.authority[0]?.type !== 'NS';
  return explained(response(query, { ...sections, flags: { aa }, ...ednsFor(query, options) }), ...reasons);
}

/** Adds what was found to the response; gives the name to go on with, if it is an alias. */
function addFinding(draft: Draft, zone: Zone, name: Name, finding: Finding): Name | undefined {
  switch (finding.kind) {
    case 'answer':
      draft.answer.push(...owned(finding.rrset, name).records);
      if (finding.rrset.type === 'NS') draft.additional.push(...addressesOf(zone, finding.rrset));
      return undefined;
    case 'cname':
      draft.answer.push(...owned(finding.rrset, name).records);
      return finding.target;
    case 'dname':
      draft.answer.push(...finding.rrset.records);
      if (finding.target === undefined) draft.rcode = 'YXDOMAIN';
      // The alias that the DNAME stands for, for resolvers that do not know DNAME (RFC 6672 §3.1).
      else draft.answer.push(record(name, 'CNAME', finding.rrset.ttl, { target: finding.target }));
      return finding.target;
    case 'referral':
      draft.authority.push(...finding.nameServers.records);
      draft.additional.push(...addressesOf(zone, finding.nameServers));
      return undefined;
    case 'nodata':
    case 'nxdomain':
      if (finding.kind === 'nxdomain') draft.rcode = 'NXDOMAIN';
      draft.authority.push(...negativeSoa(zone));
      return undefined;
    case 'outside':
      return undefined;
  }
}

/** The records under the name as the query wrote it: its letter case is kept (RFC 4343 §4.1). */
const owned = (set: RRset, name: Name): RRset => (set.name === name ? set : renamed(set, name));

/** The SOA record of a negative response, with the TTL that the "no" has (RFC 2308 §3, §5). */
export function negativeSoa(zone: Zone): ResourceRecord[] {
  const soa = soaOf(zone)?.records[0];
  const minimum = soa && dataOf(soa, 'SOA')?.minimum;
  if (!soa || minimum === undefined) return [];
  return [{ ...soa, ttl: Math.min(soa.ttl, minimum) }];
}

/** Puts the zone's NS records under an answer that nothing stands under yet and that does not have them already. */
function addNameServers(draft: Draft, zone: Zone): void {
  const set = rrsetAt(zone, zone.origin, 'NS');
  const isThere = draft.answer.some((r) => r.type === 'NS' && sameName(r.name, zone.origin));
  if (set && !isThere && draft.answer.length > 0 && draft.authority.length === 0) draft.authority.push(...set.records);
}

/**
 * The addresses of name servers as far as this very zone holds them, glue below its cuts included. What other zones
 * of the server know is left out: nobody would believe it from here (RFC 9471 §3, RFC 2181 §5.4.1).
 */
function addressesOf(zone: Zone, nameServers: RRset): ResourceRecord[] {
  return nameServers.records.flatMap((r) => {
    const node = nodeAt(zone, dataOf(r, 'NS')?.nameServer ?? ROOT);
    return [...(node?.sets.get('A')?.records ?? []), ...(node?.sets.get('AAAA')?.records ?? [])];
  });
}
