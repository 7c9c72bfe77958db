/** The decision behind the state "reading the reply": what kind of reply it is, and what it teaches. */
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Message, Question } from '../../dns/message.ts';
import { ROOT, sameName } from '../../dns/name.ts';
import type { CacheView, ExtendedError } from '../../dns/resolve/cache.ts';
import type { AskedQuestion, Classified } from '../../dns/resolve/classify.ts';
import { classify } from '../../dns/resolve/classify.ts';
import type { Delegation } from '../../dns/resolve/delegation.ts';
import { fromReferral } from '../../dns/resolve/delegation.ts';
import { judgeCookie, plainCase, sameCookie } from '../../dns/resolve/disguise.ts';
import type { Learned, Lesson } from '../../dns/resolve/learn.ts';
import { learnAnswer, learnNegative, learnReferral } from '../../dns/resolve/learn.ts';
import { isPart } from '../../dns/resolve/minimise.ts';
import { agentOf } from '../../dns/resolve/report.ts';
import type { Scrubbed } from '../../dns/resolve/scrub.ts';
import { scrub } from '../../dns/resolve/scrub.ts';
import { scopeOfResponse } from '../../dns/resolve/subnet.ts';
import { decode } from '../../dns/wire/decode.ts';
import type { DecisionRecord } from '../../trace/trace.ts';
import type { Given, NetworkEvent } from '../effects.ts';
import type { Job, Pending, ReadReply } from './job.ts';
import type { Reply } from './talk.ts';

type Received = Extract<NetworkEvent, { type: 'received' }>;

/** What came: from the resolver's desk, or, on a connection, from the network. */
function responseOf(event: Reply | Received): { response: Message | undefined; problem: string | undefined } {
  if (event.type === 'reply') return { response: event.reply, problem: event.error?.problem };
  const decoded = decode(event.bytes);
  return decoded.ok ? { response: decoded.message, problem: undefined } : { response: undefined, problem: decoded.error.problem };
}

/** Reads the reply to the pending query (RFC 1034 §5.3.3 step 4). Nothing is decided on what must not be believed. */
export function readReply(job: Job, event: Reply | Received, given: Given<CacheView>): ReadReply {
  const pending = job.pending as Pending;
  const { message } = event;
  const { response: received, problem } = responseOf(event);
  const asked: AskedQuestion[] = [{ question: 'The reply to my query?', found: `ID ${hex(pending.id)} matches`, yes: true }];
  const simple = (kind: ReadReply['kind'], why: Reason, found?: AskedQuestion): ReadReply => {
    if (found) asked.push(found);
    return { kind, onlyPart: false, target: undefined, asked, reasons: [why], ...NOTHING, message };
  };
  if (!received) return simple('malformed', MALFORMED(problem ?? 'it cannot be read'));
  if (event.type === 'reply' && event.misspelt)
    return simple('doubtful', MISSPELT, { question: 'My spelling of the name?', found: 'another', yes: false });
  if (pending.cookie) {
    const judged = judgeCookie(received, pending.cookie);
    if (judged.kind === 'wrong')
      return simple('malformed', WRONG_COOKIE, { question: 'My cookie?', found: 'another', yes: false });
    if (received.rcode === 'BADCOOKIE' && pending.transport === 'udp') {
      const complaint = { question: 'A complaint about the cookie?', found: 'rcode BADCOOKIE', yes: true };
      const isNew = judged.kind === 'right' && !sameCookie(judged.cookie, pending.cookie) && triesAt(job, pending) < MOST_COOKIES;
      return isNew ? simple('bad-cookie', BAD_COOKIE, complaint) : simple('doubtful', COOKIE_REFUSED, complaint);
    }
  }
  if (received.flags.tc) {
    const cut = { question: 'Cut short?', found: 'TC 1', yes: true };
    return pending.transport === 'udp' ? simple('truncated', CUT_SHORT, cut) : simple('throw-away', CUT_TWICE, cut);
  }
  asked.push({ question: 'Cut short?', found: 'TC 0', yes: false });
  if (pending.edns && dislikesEdns(received))
    return simple('no-edns', NO_EDNS, { question: 'A complaint about EDNS?', found: `rcode ${received.rcode}`, yes: true });
  const scope = scopeOfResponse(received, pending.subnet);
  if (scope === 'mismatch') return simple('malformed', OTHER_SUBNET, { question: 'For my client?', found: 'no', yes: false });
  // As it was before its letters were disguised: the name, or the part of it that is asked for.
  const plain = (job.part ?? job.asking).name;
  const response = plainCase(received, pending.question.name, plain);
  const question = plain === pending.question.name ? pending.question : { ...pending.question, name: plain };
  const delegation = job.delegation as Delegation;
  const { zone } = delegation;
  const { forwarder } = pending;
  const scrubbed = scrub(response, question, { zone, forwarder }, job.settings);
  if (!('message' in scrubbed)) return simple('malformed', scrubbed, { question: 'Sound?', found: scrubbed.text, yes: false });
  const classified = classify(scrubbed, { question, zone, forwarder, emptyBefore: job.emptyBefore });
  for (const one of classified.value.asked) asked.push(one);
  const { kind, servers } = classified.value;
  if (kind === 'nodata' && isTooLow(scrubbed, job)) return simple('too-low', TOO_LOW);
  const lesson: Lesson = {
    cache: job.cache,
    at: given.at,
    learnedFrom: message,
    leeway: job.leeway,
    askedAt: pending.sentAt,
    errors: errorsOf(scrubbed),
    scope,
    security: 'unchecked',
    settings: job.settings,
  };
  const onlyPart = isOnlyPart(kind, job, question);
  const isLessonLater = job.checking !== undefined && !onlyPart && CHECKED.has(kind);
  return {
    kind,
    onlyPart,
    target: classified.value.target,
    asked,
    reasons: scrubbed.removed.length === 0 ? classified.reasons : [...classified.reasons, ...scrubbed.removed],
    learned: isLessonLater ? undefined : learn(kind, scrubbed, question, given.view, lesson),
    lesson: isLessonLater ? { scrubbed, question, lesson } : undefined,
    next:
      servers === undefined
        ? undefined
        : fromReferral(servers, [...scrubbed.additional, ...scrubbed.strayGlue], given.view, given.at, job.settings),
    agent: job.settings.errorReporting ? agentOf(received) : undefined,
    message,
  };
}

/** How often a server may ask for yet another cookie before it is asked by TCP, where nobody can forge an address. */
const MOST_COOKIES = 3;
const triesAt = ({ tries }: Job, { target }: Pending): number => tries[target.address]?.times ?? 1;

const NOTHING = { learned: undefined, lesson: undefined, next: undefined, agent: undefined } as const;

/** What is worth a check of its signatures, if any are made: what a client gets to see. */
const CHECKED: ReadonlySet<ReadReply['kind']> = new Set<ReadReply['kind']>(['answer', 'cname', 'nodata', 'nxdomain']);

/** The zone at the name itself says that it has no DS set: of course, its parent has it (RFC 4035 §3.1.4.1). */
const isTooLow = ({ authority }: Scrubbed, { asking, cutNeeded }: Job): boolean =>
  asking.type === 'DS' &&
  cutNeeded === undefined &&
  authority.some((set) => set.type === 'SOA' && sameName(set.name, asking.name)) &&
  asking.name !== ROOT;

/** What of the reply had to be left out and is worth telling the client (RFC 8914 §4.1). */
const errorsOf = ({ removed }: Scrubbed): readonly ExtendedError[] =>
  removed.some(({ rule }) => rule === 'wrong-length') ? MALFORMED_RECORDS : NO_ERRORS;

const NO_ERRORS: readonly ExtendedError[] = [];
const MALFORMED_RECORDS: readonly ExtendedError[] = [{ code: 0, text: 'malformed records were left out' }];

/** With a part of the name asked for, only a referral, an alias of the whole name and, strictly, a "no such name" are final. */
function isOnlyPart(kind: Classified['kind'], job: Job, question: Question): boolean {
  if (!isPart(question, job.asking)) return false;
  if (kind === 'nxdomain') return job.settings.minimisation !== 'strict';
  return kind === 'answer' || kind === 'nodata' || (kind === 'cname' && !isAliasOfWhole(question, job.asking));
}

/** For a question about the alias itself, the alias that a shorter question met is no news. */
const isAliasOfWhole = (question: Question, asking: Question): boolean =>
  sameName(question.name, asking.name) && asking.type !== 'CNAME' && asking.type !== 'ANY' && asking.type !== 'DS';

/** What a reply of some kind teaches. */
export function learn(
  kind: ReadReply['kind'],
  reply: Scrubbed,
  question: Question,
  view: CacheView,
  lesson: Lesson,
): Learned | undefined {
  if (kind === 'referral') return learnReferral(view, reply, lesson);
  if (kind === 'answer' || kind === 'cname') return learnAnswer(view, reply, question, kind, lesson);
  if (kind === 'nodata' || kind === 'nxdomain') return learnNegative(view, reply, question, kind, lesson);
  return undefined;
}

/**
 * A server that does not know EDNS says so by an error, and has no OPT record in its response (RFC 6891 §7). Some send the OPT
 * record back with the FORMERR: what they cannot read is that.
 */
const dislikesEdns = ({ rcode, edns }: Message): boolean =>
  rcode === 'BADVERS' || rcode === 'FORMERR' || (rcode === 'NOTIMP' && !edns);

/** The decision for the record. */
export function readRecord(job: Job): DecisionRecord {
  const { kind, asked, reasons, message, next } = job.reply as ReadReply;
  return {
    about: 'classify',
    outcome: IN_WORDS[kind],
    asked,
    reasons,
    message,
    ...(next ? { detail: { zone: next.zone } } : {}),
  };
}

const IN_WORDS: Readonly<Record<ReadReply['kind'], string>> = {
  answer: 'the answer',
  cname: 'an alias',
  referral: 'referral, nearer to the name',
  nodata: 'no such type',
  nxdomain: 'no such name',
  lame: 'a server that does not have the zone',
  'recursion-lame': 'a resolver where the zone’s server should be',
  'throw-away': 'of no use',
  malformed: 'not a sound reply',
  truncated: 'cut short',
  'no-edns': 'a server that seems not to know EDNS',
  'bad-cookie': 'a server that wants its own cookie back',
  doubtful: 'of the kind that is worth a connection',
  'too-low': 'the child’s word on what the parent has',
};

const hex = (id: number): string => id.toString(16).padStart(4, '0');

const MALFORMED = (problem: string): Reason => reason('malformed', `The reply is no sound message: ${problem}.`, 'RFC 1035 §4.1');
const CUT_SHORT = reason('truncated', 'The answer was too big for a datagram; it is asked for again by TCP.', 'RFC 7766 §5');
const CUT_TWICE = reason('truncated', 'Even by TCP the reply is cut short.', 'RFC 7766 §5');
const WRONG_COOKIE = reason('wrong-cookie', 'It does not show the cookie that it should: it may be forged.', 'RFC 7873 §5.3');
const BAD_COOKIE = reason('bad-cookie', 'The server wants to see its own cookie; it is asked again with it.', 'RFC 7873 §5.3');
const MISSPELT = reason(
  'other-spelling',
  'It does not repeat the letters of the query as they were sent: it may be forged, so the server is asked by TCP.',
  'RFC 5452 §9.1',
);
const COOKIE_REFUSED = reason('bad-cookie', 'No cookie is good enough for the server; it is asked by TCP.', 'RFC 7873 §5.3');
const OTHER_SUBNET = reason('other-subnet', 'It speaks of another network than was asked about.', 'RFC 7871 §7.3');
const TOO_LOW = reason(
  'ds-at-parent',
  'The DS set of a zone is kept by its parent, so the parent is asked.',
  'RFC 4035 §3.1.4.1',
);
const NO_EDNS = reason('no-edns', 'The server seems not to know EDNS; it is asked again without.', 'RFC 6891 §6.2.2');
