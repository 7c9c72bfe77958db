/**
 * What of a reply may be believed: only what answers the question, belongs to the zone that was asked, and has its place.
 *
 * A server speaks for its own zone. Whatever else it adds, by mistake or by malice, is left out before anything is decided
 * or remembered (RFC 2181 §5.4.1, RFC 5452 §6).
 */
import type { Cidr } from '../../base/address.ts';
import { contains } from '../../base/address.ts';
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Message, Question } from '../message.ts';
import type { Name } from '../name.ts';
import { isSubdomain, key, sameName } from '../name.ts';
import type { ResourceRecord } from '../record.ts';
import { dataOf, isOpaque } from '../record.ts';
import { synthesised } from './dname.ts';
import type { SignedSet } from './sets.ts';
import { signedSections, UNSIGNED } from './sets.ts';
import type { ResolverSettings } from './settings.ts';

/** A reply with what may be believed of it. */
export interface Scrubbed {
  readonly message: Message;
  readonly answer: readonly SignedSet[];
  readonly authority: readonly SignedSet[];
  readonly additional: readonly SignedSet[];
  /** Addresses from outside the zone: they may serve to reach a server, but are no data (only without `hardenGlue`). */
  readonly strayGlue: readonly SignedSet[];
  /** The whole chain of aliases led to a name that is too long (RFC 6672 §2.2). */
  readonly tooLong: boolean;
  /** NS records were there and all had to go. */
  readonly lostServers: boolean;
  /** What was left out, each with its reason. */
  readonly removed: readonly Reason[];
}

/** Whom the reply comes from: which zone was asked, and whether as a forwarder. */
export interface Asked {
  readonly zone: Name;
  readonly forwarder: boolean;
}

/**
 * Reduces a reply to what may be believed. Gives a reason instead when the message is no reply to `question` at all:
 * no response, several questions, another question, or none where there must be one (RFC 5452 §9.1, RFC 9619).
 */
export function scrub(message: Message, question: Question, asked: Asked, settings: ResolverSettings): Scrubbed | Reason {
  const problem = mismatch(message, question);
  if (problem) return problem;
  const removed: Reason[] = [];
  if (message.rcode !== 'NOERROR' && message.rcode !== 'NXDOMAIN' && message.rcode !== 'YXDOMAIN')
    return { message, ...NO_RECORDS, strayGlue: [], tooLong: false, lostServers: false, removed };
  const sections = signedSections(message);
  const chain = answerChain(sections.answer, question, settings, removed);
  const authority = authoritySets(message, sections.authority, question, chain.last, chain.sets, asked, settings, removed);
  const named = namesOfServers([...chain.sets, ...authority]);
  const additional = additionalSets(sections.additional, named, removed);
  const inside = (set: SignedSet): boolean => insideZone(set, asked.zone, removed);
  const usable = (set: SignedSet): SignedSet | undefined => sound(set, settings, removed);
  const believed = (sets: readonly SignedSet[]): SignedSet[] => {
    const out: SignedSet[] = [];
    for (const set of sets) {
      const good = inside(set) ? usable(set) : undefined;
      if (good) out.push(good);
    }
    return out;
  };
  const strayGlue = settings.hardenGlue ? [] : additional.filter((set) => !isSubdomain(set.name, asked.zone));
  const hadServers = message.authority.some((r) => r.type === 'NS');
  const kept = believed(authority);
  return {
    message,
    answer: believed(
      believesChain(message, asked, settings) ? setsWithin(chain.sets, question, asked.zone) : ownSets(chain.sets, question),
    ),
    authority: kept,
    additional: believed(additional),
    strayGlue,
    tooLong: chain.tooLong,
    lostServers: hadServers && !kept.some((set) => set.type === 'NS'),
    removed,
  };
}

const NO_RECORDS = { answer: [], authority: [], additional: [] } as const;

function mismatch(message: Message, question: Question): Reason | undefined {
  if (!message.flags.qr) return reason('no-response', 'It is a query, not a response.', 'RFC 1035 §4.1.1');
  const [first, second] = message.question;
  if (second) return reason('several-questions', 'It has more than one question.', 'RFC 9619 §3');
  if (!first) {
    if (message.rcode !== 'NOERROR' && message.rcode !== 'NXDOMAIN' && message.rcode !== 'YXDOMAIN') return undefined;
    return reason('no-question', 'It does not say which question it answers.', 'RFC 5452 §9.1');
  }
  if (first.type === question.type && first.class === question.class && sameName(first.name, question.name)) return undefined;
  return reason('other-question', `It answers another question: ${first.name} ${first.type}.`, 'RFC 5452 §9.1');
}

interface Chain {
  readonly sets: readonly SignedSet[];
  /** Where the aliases of this reply end. */
  readonly last: Name;
  readonly tooLong: boolean;
}

/** The sets that lie on the chain from the query name, in the order of the chain (RFC 1034 §3.6.2, RFC 6672 §3.2). */
function answerChain(sets: readonly SignedSet[], question: Question, settings: ResolverSettings, removed: Reason[]): Chain {
  const out: SignedSet[] = [];
  let at = question.name;
  let aliases = 0;
  for (let i = 0; i < sets.length; i++) {
    const set = sets[i] as SignedSet;
    if (set.class !== question.class) {
      removed.push(leftOut(set, 'other-class', 'is of another class than the question'));
      continue;
    }
    if (set.type === 'DNAME' && !sameName(at, set.name) && isSubdomain(at, set.name)) {
      const alias = synthesised(at, set);
      if (alias === 'too-long') return { sets: [...out, set], last: at, tooLong: true };
      if (!alias || aliases++ >= settings.scrubAliases) continue;
      out.push(set, alias);
      const next = sets[i + 1];
      if (next && next.type === 'CNAME' && sameName(next.name, at)) i++;
      at = targetOf(alias) ?? at;
      continue;
    }
    const here = sameName(set.name, at);
    if (here && (set.type === question.type || question.type === 'ANY')) {
      out.push(set);
      continue;
    }
    const target = here && set.type === 'CNAME' ? targetOf(set) : undefined;
    if (target !== undefined && aliases++ < settings.scrubAliases) {
      out.push(set.records.length > 1 ? { ...set, records: set.records.slice(0, 1) } : set);
      at = target;
    } else removed.push(leftOut(set, 'not-asked', 'does not lie on the way from the question to its answer'));
  }
  return { sets: out, last: at, tooLong: false };
}

const targetOf = (set: SignedSet): Name | undefined => dataOf(set.records[0] as ResourceRecord, 'CNAME')?.target;

/** A check of signatures looks at one name at a time. A forwarder has the whole chain from its own walk. */
const believesChain = (
  { flags, rcode }: Message,
  { forwarder }: { readonly forwarder: boolean },
  { believeChains, validation }: ResolverSettings,
): boolean => believeChains && (flags.aa || forwarder) && rcode === 'NOERROR' && validation.trustAnchors.length === 0;

/** The chain as far as it stays in the zone of the server asked and does not come back to where it was. */
function setsWithin(sets: readonly SignedSet[], question: Question, zone: Name): SignedSet[] {
  const out: SignedSet[] = [];
  const seen = new Set([key(question.name)]);
  for (const set of sets) {
    if (out.length > 0 && !isSubdomain(set.name, zone)) break;
    const target = set.type === 'CNAME' && question.type !== 'CNAME' && question.type !== 'ANY' ? targetOf(set) : undefined;
    if (target !== undefined && out.some(({ type }) => type === 'CNAME') && seen.has(key(target))) break;
    if (target !== undefined) seen.add(key(target));
    out.push(set);
  }
  return out;
}

/** Of a chain only the first link is believed: the rest is asked anew, of servers that have its zone. */
function ownSets(sets: readonly SignedSet[], question: Question): SignedSet[] {
  const first = sets[0];
  if (!first) return [];
  const own = key(question.name);
  if (first.type === 'DNAME' && key(first.name) !== own) return sets.slice(0, 2);
  return sets.filter((set) => key(set.name) === own);
}

function authoritySets(
  message: Message,
  sets: readonly SignedSet[],
  question: Question,
  last: Name,
  answer: readonly SignedSet[],
  asked: Asked,
  settings: ResolverSettings,
  removed: Reason[],
): SignedSet[] {
  const out: SignedSet[] = [];
  const hasSoa = sets.some((set) => set.type === 'SOA');
  let servers = false;
  for (const set of sets) {
    const why = authorityProblem(set);
    if (why) removed.push(leftOut(set, 'out-of-place', why));
    else if (set.type === 'NS') {
      servers = true;
      out.push(
        set.records.length > settings.scrubNameServers
          ? { ...set, records: set.records.slice(0, settings.scrubNameServers) }
          : set,
      );
    } else out.push(set);
  }
  return out;

  function authorityProblem(set: SignedSet): string | undefined {
    if (set.class !== question.class) return 'is of another class than the question';
    if (set.type === 'A' || set.type === 'AAAA' || set.type === 'CNAME' || set.type === 'DNAME')
      return 'has no place in the authority section';
    if (set.type !== 'NS') return undefined;
    if (servers) return 'is a second list of name servers';
    if (!isSubdomain(last, set.name) && !isSubdomain(question.name, set.name))
      return 'names servers of a zone that was not asked about';
    if (message.rcode === 'NXDOMAIN') return 'names servers beside a “no such name”';
    if (answer.length === 0 && hasSoa) return 'names servers beside a “no such record”';
    if (!settings.scrubPromiscuous) return undefined;
    if (answer.length > 0) return 'names servers beside an answer, unasked';
    return message.flags.aa && !isReferral(set, asked) ? 'names servers, unasked' : undefined;
  }
}

const isReferral = (set: SignedSet, asked: Asked): boolean =>
  isSubdomain(set.name, asked.zone) && !sameName(set.name, asked.zone);

/** Names whose addresses may stand in the additional section: those that the other records name (RFC 1035 §3.3). */
function namesOfServers(sets: readonly SignedSet[]): Set<string> {
  const names = new Set<string>();
  for (const set of sets) {
    if (set.type !== 'NS' && set.type !== 'MX' && set.type !== 'SRV' && set.type !== 'SVCB' && set.type !== 'HTTPS') continue;
    for (const r of set.records) {
      const target =
        dataOf(r, 'NS')?.nameServer ??
        dataOf(r, 'MX')?.exchange ??
        dataOf(r, 'SRV')?.target ??
        (dataOf(r, 'HTTPS') ?? dataOf(r, 'SVCB'))?.target;
      if (target !== undefined) names.add(key(target));
    }
  }
  return names;
}

function additionalSets(sets: readonly SignedSet[], named: ReadonlySet<string>, removed: Reason[]): SignedSet[] {
  const out: SignedSet[] = [];
  for (const set of sets) {
    if ((set.type === 'A' || set.type === 'AAAA') && set.class === 'IN' && named.has(key(set.name))) out.push(set);
    else removed.push(leftOut(set, 'not-asked', 'is no address of a name in this message'));
  }
  return out;
}

function insideZone(set: SignedSet, zone: Name, removed: Reason[]): boolean {
  if (isSubdomain(set.name, zone)) return true;
  removed.push(leftOut(set, 'out-of-zone', `lies outside ${zone}, for which this server speaks`));
  return false;
}

/** The set without what cannot be right: addresses of a wrong length, private ones, proofs that leave their zone. */
function sound(set: SignedSet, settings: ResolverSettings, removed: Reason[]): SignedSet | undefined {
  let good = set;
  if (set.type === 'A' || set.type === 'AAAA') {
    good = without(good, (r) => isOpaque(r.data), 'wrong-length', 'has an address of impossible length', removed);
    if (settings.privateAddresses.length > 0 && !settings.privateDomains.some((domain) => isSubdomain(set.name, domain)))
      good = without(
        good,
        (r) => isPrivate(r, settings.privateAddresses),
        'private-address',
        'is an address of a private network',
        removed,
      );
  } else if ((set.type === 'SVCB' || set.type === 'HTTPS') && settings.privateAddresses.length > 0) {
    good = without(
      good,
      (r) => hasPrivateHint(r, settings.privateAddresses),
      'private-address',
      'hints at a private network',
      removed,
    );
  } else if (set.type === 'NSEC') {
    const leaves = (r: ResourceRecord): boolean => {
      const signer = set.signatures[0] && dataOf(set.signatures[0], 'RRSIG')?.signer;
      const next = dataOf(r, 'NSEC')?.next;
      return signer !== undefined && next !== undefined && !isSubdomain(next, signer);
    };
    good = without(good, leaves, 'proof-leaves-zone', 'proves something of another zone', removed);
  }
  if (good.records.length === 0) return undefined;
  if (good.signatures.length <= settings.scrubSignatures) return good;
  return { ...good, signatures: good.signatures.slice(0, settings.scrubSignatures) };
}

function without(set: SignedSet, bad: (r: ResourceRecord) => boolean, rule: string, why: string, removed: Reason[]): SignedSet {
  if (!set.records.some(bad)) return set;
  removed.push(leftOut(set, rule, why));
  const records = set.records.filter((r) => !bad(r));
  return { ...set, records, signatures: records.length === 0 ? UNSIGNED : set.signatures };
}

function isPrivate(r: ResourceRecord, blocks: readonly Cidr[]): boolean {
  const found = (dataOf(r, 'A') ?? dataOf(r, 'AAAA'))?.address;
  return found !== undefined && blocks.some((block) => contains(block, found));
}

function hasPrivateHint(r: ResourceRecord, blocks: readonly Cidr[]): boolean {
  const parameters = (dataOf(r, 'HTTPS') ?? dataOf(r, 'SVCB'))?.parameters ?? [];
  return parameters.some(
    (parameter) => 'addresses' in parameter && parameter.addresses.some((hint) => blocks.some((block) => contains(block, hint))),
  );
}

const leftOut = (set: SignedSet, rule: string, why: string): Reason =>
  reason(rule, `${set.name} ${set.type} ${why}, so it is left out.`, 'RFC 5452 §6');
