/** The resolver's desk: which questions are open, who waits for each, and what is sent when one is done. */
import type { Cidr } from '../../base/address.ts';
import { reason } from '../../base/reason.ts';
import type { Duration, Instant } from '../../base/time.ts';
import { between } from '../../base/time.ts';
import type { Message, Question } from '../../dns/message.ts';
import { ROOT } from '../../dns/name.ts';
import { type CacheView, fresh } from '../../dns/resolve/cache.ts';
import { compose, type Outcome, ownAnswer, refusal } from '../../dns/resolve/compose.ts';
import { rootHints } from '../../dns/resolve/delegation.ts';
import { judgeCookie } from '../../dns/resolve/disguise.ts';
import { failureKey, messageKey } from '../../dns/resolve/learn.ts';
import { measured, type Standing, standingOf } from '../../dns/resolve/rtt.ts';
import { clientSubnet } from '../../dns/resolve/subnet.ts';
import { datagramLimit, encode, LONGEST_MESSAGE } from '../../dns/wire/encode.ts';
import type { DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { type Arrival, type EffectParams, type EffectRequest, type Given, respond } from '../effects.ts';
import type { Pending, Purpose, ResolutionInput } from './job.ts';
import { snoop } from './snoop.ts';
import type { Sorted } from './sort.ts';
import type { Desk, OpenQuestion, Waiting } from './state.ts';
import type { Asked, Finished, Lent, Needed, Noticed, Resolved } from './talk.ts';

/** What a move of the resolver asks for, and what it changes. */
export interface Move {
  readonly effects: readonly EffectRequest[];
  readonly change: Partial<Desk>;
}

type SortedQuestion = Extract<Sorted, { kind: 'question' | 'snoop' }>;
type SortedReply = Extract<Sorted, { kind: 'reply' }>;

/** Whether the question is under way already: then one walk serves both (RFC 5452 §5 warns of asking twice). */
export const isAskedAlready = (desk: Desk, sorted: Sorted): boolean =>
  sorted.kind === 'question' && underWay(desk, clientKey(desk, sorted)) !== undefined;

const clientKey = (desk: Desk, asked: SortedQuestion): string => {
  const subnet = subnetOf(desk, asked);
  // What is looked up on the way to a server is not checked, so no client may have it as its answer.
  const checked = desk.settings.validation.trustAnchors.length > 0 ? ' checked' : '';
  return keyOf(asked.question, asked.query.flags.cd, subnet ? `${checked} @${subnet}` : checked);
};

const subnetOf = ({ settings }: Desk, { query, arrival }: SortedQuestion): Cidr | undefined =>
  settings.clientSubnet && clientSubnet(query, arrival.from.address, settings.clientSubnet);

const keyOf = (question: Question, cd: boolean, special: string): string =>
  cd || special !== '' ? `${messageKey(question)}${cd ? ' cd' : ''}${special}` : messageKey(question);

function underWay(desk: Desk, key: string): [InstancePath, OpenQuestion] | undefined {
  for (const entry of desk.open) if (entry[1].key === key) return entry;
  return undefined;
}

/** A client's question: a resolution is started for it. */
export function openForClient(desk: Desk, sorted: Sorted, at: Instant): Move {
  const asked = sorted as SortedQuestion;
  const client: Waiting = { kind: 'client', arrival: asked.arrival, query: asked.query, since: at };
  const { maxQueries } = desk.settings;
  const start = { depth: 0, quota: maxQueries, checkingDisabled: asked.query.flags.cd, subnet: subnetOf(desk, asked) };
  return open(desk, asked.question, clientKey(desk, asked), 'client', [client], start, desk.path);
}

interface Start {
  readonly depth: number;
  readonly quota: number;
  readonly delegation?: ResolutionInput['delegation'];
  readonly checkingDisabled?: boolean;
  readonly leeway?: Duration;
  readonly subnet?: Cidr | undefined;
  readonly instead?: ResolutionInput['instead'];
}

const NO_TIME = 0 as Duration;

function open(
  desk: Desk,
  question: Question,
  key: string,
  purpose: Purpose,
  waiting: readonly Waiting[],
  start: Start,
  parent: InstancePath,
): Move {
  const path = `${parent}/q${desk.opened + 1}`;
  const input: ResolutionInput = {
    path,
    resolver: desk.path,
    cache: desk.cache,
    settings: desk.settings,
    addresses: desk.addresses,
    question,
    purpose,
    standings: desk.standings,
    checkingDisabled: start.checkingDisabled ?? false,
    leeway: start.leeway ?? NO_TIME,
    subnet: start.subnet,
    depth: start.depth,
    quota: start.quota,
    delegation: start.delegation,
    instead: start.instead,
  };
  const title = `${question.name} ${question.type}`;
  const effect: EffectRequest = { type: 'start', params: { path, machine: 'resolution', input, title } };
  const opened: OpenQuestion = {
    question,
    key,
    purpose,
    waiting,
    checkingDisabled: start.checkingDisabled ?? false,
    subnet: start.subnet,
    query: undefined,
  };
  return { effects: [effect], change: { open: new Map(desk.open).set(path, opened), opened: desk.opened + 1 } };
}

/** A client that asks with RD 0: what the cache has. Only when that is nothing at all, a root server is asked for the root's. */
export function lookForClient(desk: Desk, sorted: Sorted, { view, at }: Given<CacheView>): Move {
  const { arrival, query, question } = sorted as SortedQuestion;
  const outcome = snoop(view, question, at, desk.settings);
  if (outcome) {
    const response = responding(desk, arrival, query, compose(query, outcome, desk.settings));
    const renewed =
      outcome.source === 'stale'
        ? renew(desk, { question, checkingDisabled: query.flags.cd, subnet: undefined }, NO_TIME)
        : NO_MOVE;
    return { effects: [{ type: 'transmit', params: response }, ...renewed.effects], change: renewed.change };
  }
  const waiting: Waiting = { kind: 'client', arrival, query, since: at };
  return openErrand(desk, waiting, {
    question: { name: ROOT, type: 'NS', class: 'IN' },
    purpose: 'priming',
    depth: 0,
    quota: desk.settings.maxQueries,
    leeway: NO_TIME,
    delegation: rootHints(desk.settings),
    by: desk.path,
  });
}

/** Another client with the same question. */
export function waitToo(desk: Desk, sorted: Sorted, at: Instant): Partial<Desk> {
  const asked = sorted as SortedQuestion;
  const found = underWay(desk, clientKey(desk, asked));
  if (!found) return {};
  const [path, question] = found;
  const client: Waiting = { kind: 'client', arrival: asked.arrival, query: asked.query, since: at };
  return { open: new Map(desk.open).set(path, { ...question, waiting: [...question.waiting, client] }) };
}

/** A resolution needs another question answered: joins the one under way, unless that would be to wait for itself. */
export function openErrand(desk: Desk, waiting: Waiting, needed: Omit<Needed, 'type'>): Move {
  const { question, purpose, by, depth, quota, delegation, leeway, detached, instead } = needed;
  const key = keyOf(question, false, errandKey(needed));
  const found = underWay(desk, key);
  if (detached)
    return found || depth > desk.settings.maxDepth
      ? NO_MOVE
      : open(desk, question, key, purpose, [], { depth, quota, leeway }, by);
  if (depth > desk.settings.maxDepth || (found && waitsFor(desk, found[0], by)))
    return { effects: [tellResolved(desk, by, { question, outcome: undefined, queries: 0 })], change: {} };
  if (!found) return open(desk, question, key, purpose, [waiting], { depth, quota, delegation, leeway, instead }, by);
  const [path, other] = found;
  return { effects: [], change: { open: new Map(desk.open).set(path, { ...other, waiting: [...other.waiting, waiting] }) } };
}

/** Errands of different kinds are done apart. */
function errandKey({ purpose, instead }: Pick<Needed, 'purpose' | 'instead'>): string {
  if (purpose === 'server-address') return '';
  return instead ? ` ${purpose} not of ${instead.avoid.join(' ')}` : ` ${purpose}`;
}

/** Whether `path` is `other`, or waits for it, perhaps through others. */
function waitsFor(desk: Desk, path: InstancePath, other: InstancePath): boolean {
  if (path === other) return true;
  for (const [supplier, { waiting }] of desk.open)
    if (waiting.some((w) => w.kind === 'resolution' && w.path === path) && waitsFor(desk, supplier, other)) return true;
  return false;
}

const tellResolved = (desk: Desk, to: InstancePath, resolved: Omit<Resolved, 'type' | 'standings'>): EffectRequest => {
  const event: Resolved = { type: 'resolved', ...resolved, standings: desk.standings };
  return { type: 'tell', params: { to, event } };
};

/** A query has left: its reply is expected from now on. */
export function noteQuery(desk: Desk, { by, query }: Asked): Partial<Desk> {
  const question = desk.open.get(by);
  return question ? { open: new Map(desk.open).set(by, withQuery(question, query)) } : {};
}

/** Spelt out, since V8 gives each copy made by spreading a hidden class of its own. */
const withQuery = (open: OpenQuestion, query: Pending | undefined): OpenQuestion => ({
  question: open.question,
  key: open.key,
  purpose: open.purpose,
  waiting: open.waiting,
  checkingDisabled: open.checkingDisabled,
  subnet: open.subnet,
  query,
});

export const noteStanding = (desk: Desk, { server, standing }: Noticed): Partial<Desk> => ({
  standings: new Map(desk.standings).set(server, standing),
});

/** A reply: its round-trip time is noted, and it goes to the resolution that asked. */
export function handOn(desk: Desk, sorted: Sorted, at: Instant): Move {
  const { to, query, reply } = sorted as SortedReply;
  const { address } = query.target;
  const before = standingOf(desk.standings, address, at, desk.settings.unknownServerTimeout);
  const roundTrip: Duration = between(query.sentAt, at);
  const standing = withCookie(measured(before, roundTrip, at), query, reply);
  const standings = new Map(desk.standings).set(address, standing);
  const question = desk.open.get(to) as OpenQuestion;
  return {
    effects: [{ type: 'tell', params: { to, event: replyEvent(sorted as SortedReply, standings) } }],
    change: { standings, open: new Map(desk.open).set(to, withQuery(question, undefined)) },
  };
}

/** A server that has shown a cookie of its own gets to see it the next time (RFC 7873 §5.3). */
function withCookie(standing: Standing, query: Pending, reply: Message | undefined): Standing {
  const judged = reply && query.cookie ? judgeCookie(reply, query.cookie) : undefined;
  return judged?.kind === 'right' ? { ...standing, cookie: judged.cookie } : standing;
}

const replyEvent = ({ reply, error, misspelt = false, arrival }: SortedReply, standings: Desk['standings']) => ({
  type: 'reply',
  reply,
  error,
  misspelt,
  message: arrival.message,
  standings,
});

/** A resolution is done: everyone who waits is answered. What was about to run out is fetched anew behind it. */
export function answerAll(desk: Desk, finished: Finished, { view, at }: Given<CacheView>): Move {
  const { by, outcome, queries, server } = finished;
  const question = desk.open.get(by);
  if (!question) return NO_MOVE;
  const effects: EffectRequest[] = [];
  for (const waiting of question.waiting) {
    if (waiting.kind === 'resolution')
      effects.push(tellResolved(desk, waiting.path, { question: question.question, outcome, queries, server }));
    else if (!isTooLate(desk, waiting.since, at)) effects.push(responseTo(desk, waiting, outcome));
  }
  const left = new Map(desk.open);
  left.delete(by);
  const closed = { ...desk, open: left };
  const failing = fresh(view.message(failureKey(question.question)), at) !== undefined;
  if (finished.renew === undefined || failing) return { effects, change: { open: left } };
  const renewed = renew(closed, question, finished.renew);
  return { effects: [...effects, ...renewed.effects], change: { open: left, ...renewed.change } };
}

const NO_MOVE: Move = { effects: [], change: {} };

const responseTo = (desk: Desk, client: Extract<Waiting, { kind: 'client' }>, outcome: Outcome): EffectRequest => {
  const message = compose(client.query, outcome, desk.settings);
  return { type: 'transmit', params: responding(desk, client.arrival, client.query, message) };
};

const isTooLate = ({ settings }: Desk, since: Instant, at: Instant): boolean =>
  settings.discardTimeout !== undefined && between(since, at) > settings.discardTimeout;

/** Fetches something anew that is still in the cache, unless that is being done. */
function renew(desk: Desk, renewed: Pick<OpenQuestion, 'question' | 'checkingDisabled' | 'subnet'>, leeway: Duration): Move {
  const { question, checkingDisabled, subnet } = renewed;
  const key = keyOf(question, checkingDisabled, subnet ? ` renewal @${subnet}` : ' renewal');
  if (underWay(desk, key)) return NO_MOVE;
  const start = { depth: 0, quota: desk.settings.maxQueries, checkingDisabled, leeway, subnet };
  return open(desk, question, key, 'renewal', [], start, desk.path);
}

/** An old answer for those who wait; the work goes on. */
export function lend(desk: Desk, { by, outcome }: Lent): Move {
  const question = desk.open.get(by);
  if (!question) return NO_MOVE;
  const effects: EffectRequest[] = [];
  for (const waiting of question.waiting) if (waiting.kind === 'client') effects.push(responseTo(desk, waiting, outcome));
  const waiting = question.waiting.filter(({ kind }) => kind !== 'client');
  return { effects, change: { open: new Map(desk.open).set(by, { ...question, waiting }) } };
}

/** A response that needs no work. */
export function refuse(desk: Desk, sorted: Sorted): EffectParams['transmit'] {
  const { arrival, query, rcode, how } = sorted as Extract<Sorted, { kind: 'refuse' }>;
  return responding(desk, arrival, query, refusal(query, rcode, how, desk.settings));
}

/** The response to a question about a special-use name: the resolver's own word, AA 1 (RFC 6761 §6). */
export function answerItself(desk: Desk, sorted: Sorted): Move {
  const { arrival, query, special } = sorted as Extract<Sorted, { kind: 'special' }>;
  const { rule, source } = special;
  const decision: DecisionRecord = {
    about: 'rule',
    outcome: rule,
    asked: [{ question: 'Is it a special-use name?', found: rule, yes: true }],
    reasons: [reason('special-use', 'Nobody else is asked for such a name.', source)],
    detail: { kind: 'own' },
    message: arrival.message,
  };
  return {
    effects: [
      { type: 'decide', params: { decision } },
      { type: 'transmit', params: responding(desk, arrival, query, ownAnswer(query, special, desk.settings)) },
    ],
    change: {},
  };
}

function responding(desk: Desk, arrival: Arrival, query: Message, message: Message): EffectParams['transmit'] {
  const limit = arrival.type === 'received' ? LONGEST_MESSAGE : datagramLimit(query, desk.settings.largestResponse);
  return respond(arrival, encode(message, limit));
}

/** Why something that came is thrown away (RFC 5452 §9.1). */
export function strayRecord(sorted: Sorted): EffectParams['decide'] {
  const { arrival, asked, rule, why } = sorted as Extract<Sorted, { kind: 'stray' }>;
  const decision: DecisionRecord = {
    about: 'accept',
    outcome: 'thrown away',
    asked,
    reasons: [reason(rule, why, 'RFC 5452 §9.1')],
    packet: arrival.packet,
    message: arrival.message,
  };
  return { decision };
}
