/**
 * What kind of reply a reply is: the questions that a resolver asks of it, in order, and the first yes decides.
 *
 * The closed list is that of RFC 1034 §5.3.3 step 4, with the kinds of wrong server told apart as Unbound does.
 */
import type { Explained, Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Question } from '../message.ts';
import type { Name } from '../name.ts';
import { isBelow, isSubdomain, sameName } from '../name.ts';
import type { ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import type { Scrubbed } from './scrub.ts';
import type { SignedSet } from './sets.ts';

/**
 * - `answer`, `nodata`, `nxdomain`: final. `cname`: goes on with `target`. `referral`: servers nearer to the name.
 * - `lame`: the server does not have the zone. `recursion-lame`: a resolver stands where the zone's server should.
 * - `throw-away`: an error, or nothing at all. `malformed`: no sound message, or none that belongs to the question.
 */
export type Kind =
  | 'answer'
  | 'cname'
  | 'referral'
  | 'nodata'
  | 'nxdomain'
  | 'lame'
  | 'recursion-lame'
  | 'throw-away'
  | 'malformed';

export interface Classified {
  readonly kind: Kind;
  /** For `cname`: where it goes on. */
  readonly target?: Name | undefined;
  /** For `referral`: the NS set that leads on. */
  readonly servers?: SignedSet | undefined;
  /** The questions, in order; the last one decided. */
  readonly asked: readonly AskedQuestion[];
}

/** One question of a decision and what was found. */
export interface AskedQuestion {
  readonly question: string;
  readonly found: string;
  readonly yes: boolean;
}

/** The circumstances under which a reply came. */
export interface Expectation {
  readonly question: Question;
  /** The zone whose server was asked. */
  readonly zone: Name;
  /** A resolver was asked, with RD 1: its answers need no AA, and it refers to nobody. */
  readonly forwarder: boolean;
  /** An entirely empty reply was seen before: the second one is taken for what it says. */
  readonly emptyBefore: boolean;
}

/** Decides what kind of reply `reply` is (RFC 1034 §5.3.3 step 4, RFC 2308 §2). */
export function classify(reply: Scrubbed, expectation: Expectation): Explained<Classified> {
  const asked: AskedQuestion[] = [];
  const decided = decide(reply, expectation, asked);
  const { kind, target, servers } = decided.value;
  return { value: { kind, target, servers, asked }, reasons: decided.reasons };
}

type Decided = Explained<Omit<Classified, 'asked'>>;

function decide(reply: Scrubbed, expectation: Expectation, asked: AskedQuestion[]): Decided {
  const { message } = reply;
  const { question, forwarder } = expectation;
  const { rcode } = message;
  const soa = reply.authority.find((set) => set.type === 'SOA' && isSubdomain(question.name, set.name));
  const first = reply.answer[0];
  const alias = first && question.type !== 'CNAME' && question.type !== 'ANY' ? aliasOf(reply.answer, question) : undefined;
  const recursive = message.flags.ra && !message.flags.aa && !forwarder;

  // Of an alias itself it was asked, and the server went on with where it leads.
  const isAliasAsked = question.type === 'CNAME' && first !== undefined;
  if (rcode === 'NXDOMAIN' && alias === undefined && !isAliasAsked) {
    ask(asked, FIRM_NO, 'rcode 3: no such name', true);
    return recursive ? RECURSION_LAME : NXDOMAIN;
  }
  if (rcode !== 'NOERROR' && !((alias !== undefined || isAliasAsked) && (rcode === 'NXDOMAIN' || rcode === 'YXDOMAIN'))) {
    ask(asked, 'A failure?', `rcode ${rcode}`, true);
    return thrownAway(rcode);
  }
  const isNo = first === undefined && soa !== undefined;
  ask(asked, FIRM_NO, isNo ? `rcode 0, SOA of ${soa.name}` : soa ? 'rcode 0' : 'rcode 0, no SOA', isNo);
  if (isNo) return recursive ? RECURSION_LAME : NODATA;

  const answered = first !== undefined && alias === undefined;
  ask(asked, 'The answer?', recordCount(reply.answer), answered);
  if (answered) {
    // A resolver's copy of the answer, with the zone's servers beside it: another of them may be the zone's own.
    const copied = recursive && reply.authority.some((set) => set.type === 'NS' && sameName(set.name, expectation.zone));
    return copied ? RECURSION_LAME : ANSWER;
  }
  ask(asked, 'An alias?', alias === undefined ? 'no CNAME' : `CNAME to ${alias}`, alias !== undefined);
  if (alias !== undefined) return { value: { kind: 'cname', target: alias }, reasons: CNAME_REASONS };
  return serversOrNothing(reply, expectation, asked, recursive);
}

/** No answer, no alias, no SOA: the NS set tells, or there is nothing (RFC 1034 §5.3.3 step 4b). */
function serversOrNothing(reply: Scrubbed, expectation: Expectation, asked: AskedQuestion[], recursive: boolean): Decided {
  const { zone, forwarder } = expectation;
  const servers = reply.authority.find((set) => set.type === 'NS');
  const nearer = servers !== undefined && isBelow(servers.name, zone);
  if (servers)
    ask(asked, NEARER, nearer ? `${servers.name} lies under ${zone}` : `${servers.name} does not lie under ${zone}`, nearer);
  else ask(asked, NEARER, 'no NS records', false);
  if (servers && nearer) return forwarder ? NODATA : { value: { kind: 'referral', servers }, reasons: REFERRAL_REASONS };
  if (servers && sameName(servers.name, zone)) {
    ask(asked, 'The right server?', 'it points to its own zone, without a seal', false);
    if (recursive) return RECURSION_LAME;
    return reply.message.flags.aa || forwarder ? NODATA : { value: { kind: 'throw-away' }, reasons: SELF_REFERRAL };
  }
  if (servers || reply.lostServers) {
    ask(asked, 'The right server?', 'it points away from the name', false);
    return forwarder ? { value: { kind: 'throw-away' }, reasons: UPWARD } : { value: { kind: 'lame' }, reasons: UPWARD };
  }
  const empty = reply.answer.length + reply.authority.length + reply.additional.length === 0;
  if (empty && !expectation.emptyBefore) {
    ask(asked, 'Anything at all?', 'an empty message', false);
    return { value: { kind: 'throw-away' }, reasons: EMPTY };
  }
  ask(asked, 'Nothing, then?', 'no error and no record', true);
  return recursive ? RECURSION_LAME : NODATA;
}

/** Where the links of the reply lead, when the question's own type is not there. */
function aliasOf(answer: readonly SignedSet[], question: Question): Name | undefined {
  let target: Name | undefined;
  for (const set of answer) {
    const at = target ?? question.name;
    if (set.type === question.type && sameName(set.name, at)) return undefined;
    if (set.type === 'CNAME' && sameName(set.name, at))
      target = dataOf(set.records[0] as ResourceRecord, 'CNAME')?.target ?? target;
  }
  // An alias of itself leads nowhere.
  return target !== undefined && sameName(target, question.name) ? undefined : target;
}

const FIRM_NO = 'A firm no?';
const NEARER = 'Servers nearer to the name?';

const ask = (asked: AskedQuestion[], question: string, found: string, yes: boolean): void => {
  asked.push({ question, found, yes });
};

function recordCount(answer: readonly SignedSet[]): string {
  let count = 0;
  for (const set of answer) count += set.records.length;
  return count === 1 ? '1 answer' : `${count} answers`;
}

const decided = (kind: Kind, ...reasons: readonly Reason[]): Decided => ({ value: { kind }, reasons });

const ANSWER = decided('answer', reason('answer', 'The answer section holds what was asked for.', 'RFC 1034 §5.3.3 step 4a'));
const NODATA = decided('nodata', reason('nodata', 'The name exists, but it has no record of this type.', 'RFC 2308 §2.2'));
const NXDOMAIN = decided('nxdomain', reason('nxdomain', 'The zone says that there is no such name.', 'RFC 2308 §2.1'));
const RECURSION_LAME = decided(
  'recursion-lame',
  reason('recursion-lame', 'A resolver answers where the zone’s own server should: RA 1, AA 0.', 'RFC 1034 §5.3.3 step 4d'),
);
const CNAME_REASONS = [reason('cname', 'The name stands for another one; the search goes on there.', 'RFC 1034 §5.3.3 step 4c')];
const REFERRAL_REASONS = [
  reason('referral', 'There is no answer, but a list of servers nearer to the name.', 'RFC 1034 §5.3.3 step 4b'),
];
const SELF_REFERRAL = [reason('lame', 'It points to the zone that it was asked as a server of.', 'RFC 4697 §2.2')];
const UPWARD = [reason('lame', 'It points to a zone that is no nearer to the name.', 'RFC 4697 §2.2')];
const EMPTY = [reason('empty', 'It is entirely empty; another server may have more to say.', 'RFC 2308 §2.2')];

const thrownAway = (rcode: string): Decided =>
  decided(
    'throw-away',
    reason(
      rcode === 'REFUSED' ? 'refused' : 'failure',
      `The server answers ${rcode}, which says nothing about the name.`,
      'RFC 1034 §5.3.3 step 4d',
    ),
  );
