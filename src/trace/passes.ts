/** What each of the nine steps is made of: exchanges of messages, and the passes that they are. */
import type { Endpoint } from '../base/address.ts';
import { between, formatDuration } from '../base/time.ts';
import type { Message } from '../dns/message.ts';
import { labelCount, type Name, sameName } from '../dns/name.ts';
import type { RecordType } from '../dns/record.ts';
import type { PacketId } from '../sim/packet.ts';
import type { Causes } from './causes.ts';
import { describeMessage, hostAt } from './describe.ts';
import type { Pass, PassPurpose, StepNumber } from './steps.ts';
import type { HostId, HostRecord, MessageId, MessageRecord, Trace, Turn, TurnId } from './trace.ts';

/** A query, its response if there was one, and where both stand in time. */
export interface Exchange {
  readonly query: MessageRecord;
  readonly dns: Message;
  readonly name: Name;
  readonly type: RecordType;
  readonly server: HostRecord;
  readonly sent: Turn;
  /** The server's turn. */
  readonly read: Turn | undefined;
  readonly response: MessageRecord | undefined;
  /** The turn in which the response was read. */
  readonly heard: Turn | undefined;
}

export function exchangeFrom(trace: Trace, causes: Causes, query: MessageRecord): Exchange | undefined {
  if (query.protocol !== 'dns') return undefined;
  const { dns, kind } = describeMessage(trace, query.id);
  const question = dns?.question[0];
  const server = hostAt(trace, query.to.address);
  if (!dns || kind !== 'query' || !question || !server) return undefined;
  const response = causes.response[query.id];
  const turn = (id: TurnId | undefined): Turn | undefined => (id === undefined ? undefined : trace.turns[id]);
  return {
    query,
    dns,
    name: question.name,
    type: question.type,
    server,
    sent: trace.turns[query.turn] as Turn,
    read: turn(causes.readIn[query.id]),
    response: response === undefined ? undefined : trace.messages[response],
    heard: response === undefined ? undefined : turn(causes.readIn[response]),
  };
}

/** Steps 2 and 7: the client's question to the resolver, and its answer. */
export function clientPasses(trace: Trace, x: Exchange, all: readonly Exchange[], end: Turn | undefined): [StepNumber, Pass][] {
  const purpose = purposeAmong(x, all);
  const about = { purpose, question: `${x.name} ${x.type}` };
  // What was lost on this way is over when it is asked again, or when the client has given up.
  const again = all.slice(all.indexOf(x) + 1).find((y) => sameName(y.name, x.name) && y.type === x.type);
  const over = (since: Turn): Turn | undefined => [again?.sent, end].find((turn) => turn !== undefined && turn.id > since.id);
  const asking: [StepNumber, Pass] = [
    2,
    passBetween({
      ...about,
      from: x.sent,
      to: x.read ?? over(x.sent),
      messages: [x.query.id],
      ...(x.read ? {} : { why: 'The question never reached the resolver.' }),
    }),
  ];
  if (!x.response) return [asking];
  const from = trace.turns[x.response.turn] as Turn;
  const why = x.heard ? {} : { why: 'The answer was lost on its way.' };
  return [asking, [7, passBetween({ ...about, from, to: x.heard ?? over(from), messages: [x.response.id], ...why })]];
}

function purposeAmong(x: Exchange, all: readonly Exchange[]): PassPurpose {
  const before = all.slice(0, all.indexOf(x));
  if (before.some((y) => sameName(y.name, x.name) && y.type === x.type)) return x.query.transport === 'tcp' ? 'tcp' : 'retry';
  return before.some((y) => sameName(y.name, x.name)) ? 'other-type' : 'name';
}

/** Steps 3 to 6: what a resolver asks. By whom it asks: the root, a top-level domain, or anything deeper. */
export function upstreamPasses(
  trace: Trace,
  causes: Causes,
  upstream: readonly Exchange[],
  asked: readonly Exchange[],
  turns: readonly Turn[],
): [StepNumber, Pass][] {
  const found: [StepNumber, Pass][] = [];
  const firstType = (asked[0] ?? upstream[0])?.type;
  const firstName = (asked[0] ?? upstream[0])?.name;
  for (const x of upstream) {
    const step = stepOf(x.server);
    const instance = causes.sender[x.query.id];
    const mine = upstream.filter((y) => y.query.id < x.query.id && causes.sender[y.query.id] === instance);
    const again = mine.filter((y) => stepOf(y.server) === step && sameName(y.name, x.name) && y.type === x.type);
    const purpose: PassPurpose = isErrand(causes, instance)
      ? isForSignatures(x)
        ? 'key'
        : 'errand'
      : x.query.transport === 'tcp' && again.some((y) => y.response && describeMessage(trace, y.response.id).kind === 'truncated')
        ? 'tcp'
        : again.some((y) => !y.heard || failure(trace, y) !== undefined)
          ? 'retry'
          : firstName !== undefined && !related(x.name, firstName)
            ? 'cname'
            : x.type !== firstType && x.name === firstName
              ? 'other-type'
              : 'name';
    const about = { purpose, question: `${x.name} ${x.type}`, server: x.server.id };
    const over = x.heard ?? nextOf(x, turns, causes);
    const why = failure(trace, x) ?? (x.heard ? undefined : silence(x, over));
    const problem = why === undefined ? {} : { why };
    const both = [x.query.id, ...(x.response ? [x.response.id] : [])];
    if (step !== 5) found.push([step, passBetween({ ...about, from: x.sent, to: over, messages: both, ...problem })]);
    else if (purpose === 'tcp') {
      const opening = openingOf(trace, x);
      const from = opening ?? x.sent;
      found.push([6, passBetween({ ...about, from, to: over, messages: both, packets: handshakeOf(trace, x), ...problem })]);
    } else if (!x.read) found.push([5, passBetween({ ...about, from: x.sent, to: over, messages: both, ...problem })]);
    else {
      found.push([5, passBetween({ ...about, from: x.sent, to: x.read, messages: [x.query.id] })]);
      found.push([6, passBetween({ ...about, from: x.read, to: over, messages: both.slice(1), ...problem })]);
    }
  }
  return found;
}

/** The root is step 3, a server of a top-level domain step 4, any other zone's server steps 5 and 6. */
function stepOf(server: HostRecord): 3 | 4 | 5 {
  const depth = labelCount(server.zones?.[0] ?? ('x.y.' as Name));
  return depth === 0 ? 3 : depth === 1 ? 4 : 5;
}

/** Whether one name is the other, or an ancestor that minimisation asks for. */
const related = (asked: Name, wanted: Name): boolean =>
  sameName(asked, wanted) || wanted.toLowerCase().endsWith(`.${asked.toLowerCase()}`) || asked === '.';

/** Nothing else is looked up by its own: a zone's keys, and its parent's word on them (RFC 4035 §5). */
const isForSignatures = ({ type }: Exchange): boolean => type === 'DNSKEY' || type === 'DS';

/** A resolution that another resolution started looks up a server's address. */
function isErrand(causes: Causes, instance: string | undefined): boolean {
  const starts = instance === undefined ? undefined : causes.starts.get(instance);
  const parent = starts?.at(-1)?.by;
  return parent !== undefined && causes.starts.get(parent)?.at(-1)?.machine === starts?.at(-1)?.machine;
}

/** What a response says that makes the resolver turn to another server. */
function failure(trace: Trace, x: Exchange): string | undefined {
  if (!x.response || !x.heard) return undefined;
  const { kind, label, dns } = describeMessage(trace, x.response.id);
  if (kind === 'malformed') return `The response of ${x.server.title} cannot be read.`;
  return kind === 'failure' ? `${x.server.title} says "${label.toLowerCase()}" (${dns?.rcode}).` : undefined;
}

const silence = (x: Exchange, over: Turn | undefined): string =>
  over
    ? `Nothing came from ${x.server.title} within ${formatDuration(between(x.sent.at, over.at))}.`
    : `Nothing came from ${x.server.title}.`;

/** The turn in which a resolver gave up waiting: its next turn for that work. */
function nextOf(x: Exchange, turns: readonly Turn[], causes: Causes): Turn | undefined {
  const instance = causes.sender[x.query.id];
  return turns.find((turn) => turn.id > x.sent.id && turn.cause.kind === 'timer' && turn.cause.instance === instance);
}

/** Packets without a message between the two ends of an exchange over TCP. */
function handshakeOf(trace: Trace, x: Exchange): PacketId[] {
  const { from, to } = x.query;
  return trace.packets
    .filter(
      (p) =>
        p.message === undefined &&
        p.transport === 'tcp' &&
        [p.from.port, p.to.port].includes(from.port) &&
        [p.from.address, p.to.address].includes(to.address),
    )
    .map((p) => p.id);
}

const openingOf = (trace: Trace, x: Exchange): Turn | undefined => {
  const first = handshakeOf(trace, x)[0];
  return first === undefined ? undefined : trace.turns[trace.packets[first]?.turn ?? -1];
};

/** Steps 8 and 9: from the first SYN to the web server reading the request, and from there to the page. */
export function pagePasses(
  trace: Trace,
  causes: Causes,
  client: HostId,
  turns: readonly Turn[],
  messages: readonly MessageRecord[],
): [StepNumber, Pass][] {
  const opens = opensOf(trace, client, turns);
  return opens.flatMap((open, i): [StepNumber, Pass][] => {
    const { turn, to } = open;
    const request = messages.find(
      (m) => m.protocol === 'http' && m.fromHost === client && m.to.address === to.address && m.turn >= turn.id,
    );
    const packets = handshakeFrom(trace, causes, open);
    const purpose: PassPurpose = i === 0 ? 'name' : 'retry';
    const read = request && causes.readIn[request.id];
    if (request && read !== undefined) return pageOf(trace, causes, open, { purpose, packets }, request, read);
    const over = turns.find((t) => t.id > turn.id && t.host === client && t.moves.some((move) => move.event === 'disconnected'));
    const failed = passBetween({
      purpose,
      from: turn,
      to: over ?? opens[i + 1]?.turn,
      messages: request ? [request.id] : [],
      packets,
      server: hostAt(trace, to.address)?.id,
      why: `No connection to ${to.address}.`,
    });
    return [[8, failed]];
  });
}

/** A connection that a client opens to something else than a resolver. */
interface Open {
  readonly turn: Turn;
  readonly to: Endpoint;
}

const opensOf = (trace: Trace, client: HostId, turns: readonly Turn[]): Open[] =>
  turns.flatMap((turn) =>
    turn.host === client
      ? turn.effects.flatMap((e) =>
          e.kind === 'open' && hostAt(trace, e.to.address)?.role !== 'resolver' ? [{ turn, to: e.to }] : [],
        )
      : [],
  );

/** Packets without a message, of the same visit, between a client and the server that it connects to. */
const handshakeFrom = (trace: Trace, causes: Causes, { turn, to }: Open): PacketId[] =>
  trace.packets
    .filter(
      (p) =>
        p.transport === 'tcp' &&
        p.message === undefined &&
        causes.stimulus[p.turn] === causes.stimulus[turn.id] &&
        [p.from.address, p.to.address].includes(to.address),
    )
    .map((p) => p.id);

/** A request that was read, in the turn `read`, and what came of it. */
function pageOf(
  trace: Trace,
  causes: Causes,
  { turn }: Open,
  { purpose, packets }: Pick<Pass, 'purpose' | 'packets'>,
  request: MessageRecord,
  read: TurnId,
): [StepNumber, Pass][] {
  const reading = trace.turns[read] as Turn;
  const response = causes.response[request.id];
  const shown = response === undefined ? undefined : causes.readIn[response];
  const page = shown === undefined ? undefined : trace.turns[shown];
  return [
    [8, passBetween({ purpose, from: turn, to: reading, messages: [request.id], packets })],
    [
      9,
      passBetween({
        purpose,
        from: reading,
        to: page,
        messages: response === undefined ? [] : [response],
        ...(page ? {} : { why: 'The page never arrived.' }),
      }),
    ],
  ];
}

interface PassFields {
  readonly purpose: PassPurpose;
  readonly from: Turn;
  readonly to: Turn | undefined;
  readonly messages: readonly MessageId[];
  readonly packets?: readonly PacketId[];
  readonly question?: string;
  readonly server?: HostId | undefined;
  readonly why?: string;
}

/** A pass between two turns; with `why` it failed. */
export const passBetween = ({ purpose, from, to, messages, packets = [], question, server, why }: PassFields): Pass => ({
  purpose,
  from: from.at,
  fromTurn: from.id,
  ...(to ? { to: to.at, toTurn: to.id } : {}),
  messages,
  packets,
  ...(question === undefined ? {} : { question }),
  ...(server === undefined ? {} : { server }),
  failed: why !== undefined,
  ...(why === undefined ? {} : { why }),
});
