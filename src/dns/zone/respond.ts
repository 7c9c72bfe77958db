/** An authoritative server's responses, from the zones that it has (RFC 1034 §4.3.2). */
import type { Explained, Reason } from '../../base/reason.ts';
import { explained, reason } from '../../base/reason.ts';
import type { Message, Question, Rcode } from '../message.ts';
import { response } from '../message.ts';
import type { Name, NameKey } from '../name.ts';
import { key, parent, ROOT, sameName } from '../name.ts';
import type { RecordType, ResourceRecord, RRset } from '../record.ts';
import { dataOf, record } from '../record.ts';
import type { Responder } from '../responder.ts';
import { proveExpansion, proveNoName, proveNoType, proveNoWildcardType } from './denial.ts';
import type { Finding } from './find.ts';
import { find } from './find.ts';
import { ednsFor, failure, refusal } from './refusal.ts';
import type { Zone, ZoneNode } from './zone.ts';
import { nodeAt, soaOf } from './zone.ts';

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
  const udpSize = options.udpSize ?? 1232;
  const refused = refusal(query, udpSize);
  if (refused) return refused;
  const question = query.question[0] as Question;
  const zone = zoneFor(zones, question.name, question.type);
  if (!zone || (question.class !== zone.class && question.class !== 'ANY'))
    return failure(query, udpSize, 'REFUSED', reason('not-authoritative', `No zone here holds ${question.name}`, 'RFC 9499 §7'));
  const { reasons, aa, ...sections } = answerFrom(zones, zone, query, question, options);
  return explained(response(query, { ...sections, flags: { aa }, ...ednsFor(query, udpSize) }), ...reasons);
}

/** The zone, of any kind, with the most labels that holds `name`; the DS set of an apex is its parent's (RFC 4035 §3.1.4.1). */
export function zoneFor<Z>(zones: ReadonlyMap<NameKey, Z>, name: Name, type: RecordType): Z | undefined {
  if (type === 'DS' && name !== ROOT) {
    const above = zoneFor(zones, parent(name), 'A');
    if (above) return above;
  }
  for (let id = key(name); ; id = parent(id)) {
    const zone = zones.get(id);
    if (zone || id === '.') return zone;
  }
}

/** How many aliases one response follows. */
const MAX_ALIASES = 16;

interface Draft {
  rcode: Rcode;
  /** A referral alone is not authoritative; an alias before it is (RFC 1035 §4.1.1). */
  aa: boolean;
  readonly answer: ResourceRecord[];
  readonly authority: ResourceRecord[];
  readonly additional: ResourceRecord[];
  readonly reasons: Reason[];
}

/** Follows aliases through the zones of this server until something else is found. */
function answerFrom(zones: ZoneSet, first: Zone, query: Message, question: Question, options: RespondOptions): Draft {
  const draft: Draft = { rcode: 'NOERROR', aa: true, answer: [], authority: [], additional: [], reasons: [] };
  const dnssec = query.edns?.do === true;
  const seen = new Set<NameKey>();
  let zone = first;
  let { name } = question;
  for (;;) {
    seen.add(key(name));
    const finding: Explained<Finding> = find(zone, name, question.type);
    draft.reasons.push(...finding.reasons);
    const next = addFinding(draft, zone, name, finding.value, dnssec);
    // Who asks for the alias itself has it when a DNAME makes one.
    if (next === undefined || question.type === 'CNAME') break;
    name = next;
    // An alias that leads out of these zones, in a circle or on and on: the resolver goes on by itself.
    const following: Zone | undefined = zoneFor(zones, name, question.type);
    if (!following || seen.has(key(name)) || seen.size > MAX_ALIASES) break;
    if (options.aliasesWithinZone && following !== first) break;
    zone = following;
  }
  if (options.nameServersInAnswers) addNameServers(draft, zone, dnssec);
  return draft;
}

/** Adds what was found to the response, with signatures and proofs for who asks for them; gives an alias's target to go on with. */
function addFinding(draft: Draft, zone: Zone, name: Name, finding: Finding, dnssec: boolean): Name | undefined {
  switch (finding.kind) {
    case 'answer':
    case 'cname':
      draft.answer.push(...owned(finding.rrset.records, name));
      if (dnssec) draft.answer.push(...owned(finding.signatures, name));
      if (dnssec && finding.wildcard !== undefined) draft.authority.push(...proveExpansion(zone, name, parent(finding.wildcard)));
      if (finding.kind === 'cname') return finding.target;
      if (finding.rrset.type === 'NS') draft.additional.push(...addressesOf(zone, finding.rrset, dnssec));
      return undefined;
    case 'dname':
      draft.answer.push(...finding.rrset.records);
      if (dnssec) draft.answer.push(...finding.signatures);
      if (finding.target === undefined) draft.rcode = 'YXDOMAIN';
      // The alias that the DNAME stands for, for resolvers that do not know DNAME (RFC 6672 §3.1).
      else draft.answer.push(record(name, 'CNAME', finding.rrset.ttl, { target: finding.target }));
      return finding.target;
    case 'referral':
      draft.aa = draft.answer.length > 0;
      draft.authority.push(...finding.nameServers.records);
      if (dnssec) draft.authority.push(...delegationProof(zone, finding.cut));
      draft.additional.push(...addressesOf(zone, finding.nameServers, dnssec));
      return undefined;
    case 'nodata':
      draft.authority.push(...negativeSoa(zone, dnssec));
      if (dnssec) draft.authority.push(...absenceProof(zone, name, finding));
      return undefined;
    case 'nxdomain':
      draft.rcode = 'NXDOMAIN';
      draft.authority.push(...negativeSoa(zone, dnssec));
      if (dnssec) draft.authority.push(...proveNoName(zone, name, finding.closestEncloser));
      return undefined;
    case 'outside':
      return undefined;
  }
}

/** The records under the name as the query wrote it: its letter case is kept (RFC 4343 §4.1). */
const owned = (records: readonly ResourceRecord[], name: Name): readonly ResourceRecord[] =>
  records.every((r) => r.name === name) ? records : records.map((r) => ({ ...r, name }));

/** The SOA record of a negative response, with the TTL that the "no" has (RFC 2308 §3, §5). */
function negativeSoa(zone: Zone, dnssec: boolean): ResourceRecord[] {
  const soa = soaOf(zone)?.records[0];
  const minimum = soa && dataOf(soa, 'SOA')?.minimum;
  if (!soa || minimum === undefined) return [];
  const ttl = Math.min(soa.ttl, minimum);
  const signatures = (dnssec && nodeAt(zone, zone.origin)?.signatures.get('SOA')) || [];
  return [soa, ...signatures].map((r) => ({ ...r, ttl }));
}

/** The DS records of a cut, or the proof that it has none (RFC 4035 §3.1.4). */
const delegationProof = (zone: Zone, cut: ZoneNode): readonly ResourceRecord[] =>
  cut.sets.has('DS') ? withSignatures(cut, 'DS', true) : proveNoType(zone, cut.name);

const absenceProof = (zone: Zone, name: Name, { node, wildcard }: Extract<Finding, { kind: 'nodata' }>): ResourceRecord[] =>
  wildcard ? proveNoWildcardType(zone, name, node.name) : proveNoType(zone, name);

/** Puts the zone's NS records under an answer that nothing stands under yet and that does not have them already. */
function addNameServers(draft: Draft, zone: Zone, dnssec: boolean): void {
  const isThere = draft.answer.some((r) => r.type === 'NS' && sameName(r.name, zone.origin));
  const isNegative = draft.answer.length === 0 || draft.authority.some((r) => r.type === 'SOA' || r.type === 'NS');
  if (!isThere && !isNegative) draft.authority.unshift(...withSignatures(nodeAt(zone, zone.origin), 'NS', dnssec));
}

/**
 * The addresses of name servers as far as this very zone holds them, glue below its cuts included. What other zones
 * of the server know is left out: nobody would believe it from here (RFC 9471 §3, RFC 2181 §5.4.1).
 */
function addressesOf(zone: Zone, nameServers: RRset, dnssec: boolean): ResourceRecord[] {
  return nameServers.records.flatMap((r) => {
    const node = nodeAt(zone, dataOf(r, 'NS')?.nameServer ?? ROOT);
    return [...withSignatures(node, 'A', dnssec), ...withSignatures(node, 'AAAA', dnssec)];
  });
}

/** The records of one type at a node, their signatures after them where they are wanted (RFC 4035 §3.1.1). */
const withSignatures = (node: ZoneNode | undefined, type: RecordType, dnssec: boolean): readonly ResourceRecord[] => {
  const records = node?.sets.get(type)?.records ?? [];
  return dnssec ? [...records, ...(node?.signatures.get(type) ?? [])] : records;
};
