/** "Why this answer": what a zone was asked last, the questions that its server put to itself, and what it gave. */

import type { Reason } from '../../../base/reason.ts';
import { between, formatDuration, START } from '../../../base/time.ts';
import type { Message, Question } from '../../../dns/message.ts';
import { isSubdomain, type Name } from '../../../dns/name.ts';
import { dataText } from '../../../dns/presentation.ts';
import { isPrivate } from '../../../route53/hostedZone.ts';
import type { Decision } from '../../../route53/routing/decision.ts';
import { leafOf } from '../../../route53/routing/decision.ts';
import { describeMessage, hostAt, hostOf } from '../../../trace/describe.ts';
import { cursorAt, type Position } from '../../../trace/scene.ts';
import type { DecisionRecord, MessageId, Trace } from '../../../trace/trace.ts';
import { bare, type SlipKind } from '../slips/text.ts';
import { rowId, type ShownZone } from './records.ts';

/** An answer and why it is this one. */
export interface AnswerStory {
  /** "The resolver 198.51.100.53 asked ns-2048 for www.example.com A, at 67.0 ms." */
  readonly sentence: string;
  readonly question: Question;
  readonly asked: DecisionRecord['asked'];
  /** What a routing policy decided; absent where the zone was only looked up. */
  readonly decision?: Decision;
  readonly reasons: readonly Reason[];
  readonly slip: AnswerSlip;
  /** The rows of the table that were given out. */
  readonly rows: ReadonlySet<string>;
  /** Seconds that the answer may be kept; absent when nothing was given. */
  readonly ttl?: number;
  /** Who asked, for asking the same again. */
  readonly asker?: { readonly resolver: string; readonly subnet?: string };
  /** Where it is seen on the map: the turn in which the server answered. */
  readonly position?: Position;
}

export interface AnswerSlip {
  readonly kind: SlipKind;
  readonly title: string;
  readonly lines: readonly string[];
  readonly sealed: boolean;
  readonly crossed: boolean;
}

/** The last answer that a zone gave before a position, from its name servers or inside its VPCs; undefined when nobody has asked. */
export function lastAnswer(
  trace: Trace,
  position: Position,
  shown: Pick<ShownZone, 'zone' | 'servers' | 'vpcs'>,
): AnswerStory | undefined {
  const { zone, servers, vpcs } = shown;
  const cursor = cursorAt(trace, position);
  const isInside = isPrivate(zone);
  for (let i = cursor.turn; i >= 0; i--) {
    const turn = trace.turns[i];
    if (!turn || !(isInside ? vpcs.some(({ id }) => id === turn.host) : servers.includes(turn.host))) continue;
    const effects = i === cursor.turn ? turn.effects.slice(0, cursor.effects) : turn.effects;
    const decisions = effects.flatMap((effect) => (effect.kind === 'decide' ? [effect.decision] : []));
    const find = decisions.find(({ about, message }) => about === (isInside ? 'rule' : 'find') && message !== undefined);
    const question = find?.message === undefined ? undefined : describeMessage(trace, find.message).dns?.question[0];
    if (!find || !question || !isSubdomain(question.name, zone.name)) continue;
    if (isInside && find.outcome !== `the private hosted zone ${bare(zone.name)}`) continue;
    const response = effects.flatMap((effect) =>
      effect.kind === 'transmit' ? (responseIn(trace, effect.message) ?? []) : [],
    )[0];
    if (!response) continue;
    const routes = decisions.filter(({ about }) => about === 'route');
    const route = routes[0];
    const query = trace.messages[find.message as MessageId];
    const who = query && hostAt(trace, query.from.address);
    const asker = who ? `The ${who.role === 'resolver' ? 'resolver' : who.title} ${query.from.address}` : 'Somebody';
    const at = formatDuration(between(START, turn.at));
    return storyOf({
      sentence: `${asker} asked ${hostOf(trace, turn.host).title.split('.')[0]} for ${bare(question.name)} ${question.type}, at ${at}.`,
      question,
      find: isInside ? insideOnly(find, response) : find,
      ...(route ? { route } : {}),
      response,
      ...(query ? { asker: { resolver: query.from.address } } : {}),
      position: { at: turn.at, turn: turn.id },
    });
  }
  return undefined;
}

/**
 * What the Resolver of a VPC found in a private zone. When that zone has nothing, nobody else is asked: there is no falling
 * through to the public zone of the same name (Developer Guide, hosted-zone-private-considerations).
 */
function insideOnly({ asked, reasons }: DecisionRecord, { rcode, answer }: Message): Pick<DecisionRecord, 'asked' | 'reasons'> {
  const exists = rcode !== 'NXDOMAIN';
  const own = [
    ...asked,
    { question: 'Does the name exist there?', found: exists ? 'yes' : 'no', yes: exists },
    ...(answer.length > 0
      ? []
      : [{ question: 'Is the public zone asked then?', found: 'no: a private zone that fits answers alone', yes: false }]),
  ];
  return { asked: own, reasons };
}

function responseIn(trace: Trace, id: MessageId): Message | undefined {
  const { dns } = describeMessage(trace, id);
  return dns?.flags.qr ? dns : undefined;
}

interface Told {
  readonly sentence: string;
  readonly question: Question;
  readonly find: Pick<DecisionRecord, 'asked' | 'reasons'>;
  readonly route?: Pick<DecisionRecord, 'asked' | 'reasons' | 'detail'>;
  readonly response: Message;
  readonly asker?: AnswerStory['asker'];
  readonly position?: Position;
}

/** A simple group needs no policy's questions: the zone was only looked up. */
export function storyOf({ sentence, question, find, route, response, asker, position }: Told): AnswerStory {
  const decision = route?.detail as Decision | undefined;
  const isPolicy = decision !== undefined && (decision.group.policy !== 'simple' || decision.branch !== undefined);
  return {
    sentence,
    question,
    asked: isPolicy ? (route?.asked ?? []) : find.asked,
    ...(isPolicy ? { decision } : {}),
    reasons: [...(route?.reasons ?? find.reasons)],
    slip: slipOf(response, question),
    rows: decision ? rowsGiven(decision) : new Set(response.answer.map(({ name, type }) => `${name.toLowerCase()} ${type} `)),
    ...(response.answer.length > 0 ? { ttl: Math.min(...response.answer.map(({ ttl }) => ttl)) } : {}),
    ...(asker ? { asker } : {}),
    ...(position ? { position } : {}),
  };
}

function rowsGiven(decision: Decision): Set<string> {
  const rows = decision.chosen.map(rowId);
  const { branch } = decision;
  return new Set([...rows, ...(branch?.kind === 'group' ? leafOf(decision).chosen.map(rowId) : [])]);
}

function slipOf({ flags, rcode, answer, authority }: Message, question: Question): AnswerSlip {
  const sealed = flags.aa;
  const about = { sealed, crossed: false };
  const seal = sealed ? ', AA 1' : '';
  if (rcode === 'NXDOMAIN') {
    const keep = authority.find(({ type }) => type === 'SOA')?.ttl;
    return {
      ...about,
      kind: 'negative',
      title: `No such name${seal}`,
      lines: keep === undefined ? [] : [`keep the “no” ${keep} s`],
      crossed: true,
    };
  }
  if (rcode !== 'NOERROR') return { ...about, kind: 'error', title: rcode, lines: ['no answer'] };
  if (answer.length === 0 && !sealed && authority.some(({ type }) => type === 'NS'))
    return { ...about, kind: 'referral', title: 'Referral', lines: [`ask the servers of ${bare(authority[0]?.name as Name)}`] };
  if (answer.length === 0)
    return {
      ...about,
      kind: 'negative',
      title: `No such type${seal}`,
      lines: [`the name is there, ${question.type} is not`],
      crossed: true,
    };
  const values = answer.map(({ type, data }) => `${type === question.type ? '' : `${type} `}${dataText(type, data)}`);
  const shown = values.length > 3 ? [...values.slice(0, 2), `and ${values.length - 2} more`] : values;
  return {
    ...about,
    kind: 'answer',
    title: `Answer${seal}`,
    lines: [...shown, `TTL ${Math.min(...answer.map(({ ttl }) => ttl))}`],
  };
}
