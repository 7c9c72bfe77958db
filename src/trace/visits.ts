/** The visits of a trace and their nine steps, worked out from what was sent, read and concluded. */
import { between, formatDuration } from '../base/time.ts';
import type { Message } from '../dns/message.ts';
import { labelCount, type Name, sameName } from '../dns/name.ts';
import type { RecordType } from '../dns/record.ts';
import type { PacketId } from '../sim/packet.ts';
import { type Causes, causesOf } from './causes.ts';
import { describeMessage, hostAt } from './describe.ts';
import { memoised } from './memo.ts';
import { type Pass, type PassPurpose, STEP_NUMBERS, type StepNumber, type Visit } from './steps.ts';
import type { HostId, HostRecord, MessageId, MessageRecord, StimulusId, Trace, Turn, TurnId } from './trace.ts';
import { explainSteps, type Unexplained } from './why.ts';

/** All visits of a trace, in order of time; worked out once per trace. */
export const visitsOf: (trace: Trace) => readonly Visit[] = memoised((trace) => {
  const causes = causesOf(trace);
  const turnsOf = new Map<StimulusId, Turn[]>();
  for (const turn of trace.turns) {
    const root = causes.stimulus[turn.id];
    if (root === undefined) continue;
    const turns = turnsOf.get(root);
    if (turns) turns.push(turn);
    else turnsOf.set(root, [turn]);
  }
  const found: Omit<Visit, 'number'>[] = [];
  for (const [stimulus, turns] of turnsOf) {
    const record = trace.stimuli[stimulus];
    if (!record || !isVisitAction(record.action) || record.host === undefined) continue;
    for (const part of partsOf(trace, record.host, turns, record.action))
      found.push(
        visitFrom({ trace, causes, stimulus, client: record.host, action: record.action, subject: record.text, ...part }),
      );
  }
  return found.sort((a, b) => a.turn - b.turn).map((visit, i) => ({ ...visit, number: i + 1 }));
});

const isVisitAction = (action: string): action is Visit['action'] => action === 'visit' || action === 'ask' || action === 'mail';

/** A letter's way is several visits: one for each round of questions that the sender asks. All else is one. */
function partsOf(trace: Trace, client: HostId, turns: readonly Turn[], action: Visit['action']): Part[] {
  if (action !== 'mail') return [{ turns }];
  const asking = turns.filter(
    (turn) =>
      turn.host === client && turn.effects.some((e) => e.kind === 'transmit' && trace.messages[e.message]?.protocol === 'dns'),
  );
  if (asking.length < 2) return [{ turns }];
  return asking.map((turn, i) => {
    const from = i === 0 ? (turns[0] as Turn).id : turn.id;
    const next = asking[i + 1];
    const to = next?.id ?? Number.POSITIVE_INFINITY;
    return { turns: turns.filter(({ id }) => id >= from && id < to), ...(next ? { next } : {}) };
  });
}

interface Part {
  readonly turns: readonly Turn[];
  /** The turn in which this part is concluded and the next one begun. */
  readonly next?: Turn;
}

interface Material {
  readonly trace: Trace;
  readonly causes: Causes;
  readonly stimulus: StimulusId;
  readonly client: HostId;
  readonly action: Visit['action'];
  readonly subject: string;
  readonly turns: readonly Turn[];
  readonly next?: Turn;
}

/** A query, its response if there was one, and where both stand in time. */
interface Exchange {
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

function visitFrom(m: Material): Omit<Visit, 'number'> {
  const { trace, causes, client, turns } = m;
  const first = turns[0] as Turn;
  const ids = new Set(turns.map((turn) => turn.id));
  const messages = trace.messages.filter((message) => ids.has(message.turn));
  const exchanges = messages.flatMap((message) => exchangeFrom(trace, causes, message) ?? []);
  const asked = exchanges.filter((x) => x.query.fromHost === client && x.server.role === 'resolver');
  const upstream = exchanges.filter((x) => x.server.role === 'authoritative');
  const passes = new Map<StepNumber, Pass[]>(STEP_NUMBERS.map((n) => [n, []]));
  const add = (step: StepNumber, pass: Pass): void => void passes.get(step)?.push(pass);

  const forwarded = exchanges.filter((x) => x.server.role === 'resolver' && x.query.fromHost !== client);
  for (const x of asked) for (const [step, pass] of clientPasses(trace, x, asked)) add(step, pass);
  for (const x of forwarded)
    for (const [step, pass] of clientPasses(trace, x, forwarded)) add(step, { ...pass, purpose: 'name' });
  for (const [step, pass] of upstreamPasses(trace, causes, upstream, asked, turns)) add(step, pass);
  if (m.action === 'visit') for (const [step, pass] of pagePasses(trace, causes, client, turns, messages)) add(step, pass);

  const concluded = [...turns, ...(m.next ? [m.next] : [])]
    .filter((turn) => turn.host === client)
    .flatMap((turn) => turn.effects.flatMap((e) => (e.kind === 'conclude' ? [{ turn, conclusion: e.conclusion }] : [])));
  const end = concluded.at(-1);
  const beginning = firstAction(client, turns);
  if (m.action === 'visit') add(1, pass({ from: first, to: beginning ?? end?.turn, messages: [], purpose: 'name' }));

  const heard = asked.findLast((x) => x.heard)?.heard;
  const addressAt = heard?.cause.kind === 'packet' ? heard.cause.arrived : undefined;
  const question = asked[0] ?? upstream[0];
  const unexplained: Unexplained = {
    trace,
    client,
    action: m.action,
    passes,
    first,
    searching: asked[0]?.read,
    question: question && { name: question.name, type: question.type },
    resolver: asked[0]?.server.id,
    answer: asked.findLast((x) => x.response)?.response,
    end: end?.turn,
    conclusion: end?.conclusion,
    beginning,
  };
  return {
    stimulus: m.stimulus,
    client,
    action: m.action,
    subject: m.action === 'mail' && question ? `${m.subject}: ${question.name} ${question.type}` : m.subject,
    from: first.at,
    turn: first.id,
    ...(question ? { name: question.name, type: question.type } : {}),
    ...(end ? { to: end.turn.at, endTurn: end.turn.id } : {}),
    ...(addressAt === undefined ? {} : { addressAt }),
    ...(end ? { conclusion: end.conclusion } : {}),
    steps: explainSteps(unexplained),
  };
}

function exchangeFrom(trace: Trace, causes: Causes, query: MessageRecord): Exchange | undefined {
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
function clientPasses(trace: Trace, x: Exchange, all: readonly Exchange[]): [StepNumber, Pass][] {
  const purpose = purposeAmong(x, all);
  const about = { purpose, question: `${x.name} ${x.type}` };
  const asking: [StepNumber, Pass] = [
    2,
    pass({
      ...about,
      from: x.sent,
      to: x.read,
      messages: [x.query.id],
      ...(x.read ? {} : { why: 'The question never reached the resolver.' }),
    }),
  ];
  if (!x.response) return [asking];
  const from = trace.turns[x.response.turn] as Turn;
  const why = x.heard ? {} : { why: 'The answer was lost on its way.' };
  return [asking, [7, pass({ ...about, from, to: x.heard, messages: [x.response.id], ...why })]];
}

function purposeAmong(x: Exchange, all: readonly Exchange[]): PassPurpose {
  const before = all.slice(0, all.indexOf(x));
  if (before.some((y) => sameName(y.name, x.name) && y.type === x.type)) return x.query.transport === 'tcp' ? 'tcp' : 'retry';
  return before.some((y) => sameName(y.name, x.name)) ? 'other-type' : 'name';
}

/** Steps 3 to 6: what a resolver asks. By whom it asks: the root, a top-level domain, or anything deeper. */
function upstreamPasses(
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
      ? 'errand'
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
    if (step !== 5) found.push([step, pass({ ...about, from: x.sent, to: over, messages: both, ...problem })]);
    else if (purpose === 'tcp') {
      const opening = openingOf(trace, x);
      const from = opening ?? x.sent;
      found.push([6, pass({ ...about, from, to: over, messages: both, packets: handshakeOf(trace, x), ...problem })]);
    } else if (!x.read) found.push([5, pass({ ...about, from: x.sent, to: over, messages: both, ...problem })]);
    else {
      found.push([5, pass({ ...about, from: x.sent, to: x.read, messages: [x.query.id] })]);
      found.push([6, pass({ ...about, from: x.read, to: over, messages: both.slice(1), ...problem })]);
    }
  }
  return found;
}

/** The root is step 3, a server of a top-level domain step 4, any other zone's server steps 5 and 6. */
export function stepOf(server: HostRecord): 3 | 4 | 5 {
  const depth = labelCount(server.zones?.[0] ?? ('x.y.' as Name));
  return depth === 0 ? 3 : depth === 1 ? 4 : 5;
}

/** Whether one name is the other, or an ancestor that minimisation asks for. */
const related = (asked: Name, wanted: Name): boolean =>
  sameName(asked, wanted) || wanted.toLowerCase().endsWith(`.${asked.toLowerCase()}`) || asked === '.';

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
function pagePasses(
  trace: Trace,
  causes: Causes,
  client: HostId,
  turns: readonly Turn[],
  messages: readonly MessageRecord[],
): [StepNumber, Pass][] {
  const found: [StepNumber, Pass][] = [];
  const opens = turns.flatMap((turn) =>
    turn.host === client
      ? turn.effects.flatMap((e) =>
          e.kind === 'open' && hostAt(trace, e.to.address)?.role !== 'resolver' ? [{ turn, to: e.to }] : [],
        )
      : [],
  );
  for (const [i, { turn, to }] of opens.entries()) {
    const request = messages.find(
      (m) => m.protocol === 'http' && m.fromHost === client && m.to.address === to.address && m.turn >= turn.id,
    );
    const packets = trace.packets
      .filter(
        (p) =>
          p.transport === 'tcp' &&
          p.message === undefined &&
          causes.stimulus[p.turn] === causes.stimulus[turn.id] &&
          [p.from.address, p.to.address].includes(to.address),
      )
      .map((p) => p.id);
    const purpose: PassPurpose = i === 0 ? 'name' : 'retry';
    const read = request && causes.readIn[request.id];
    if (!request || read === undefined) {
      const over = turns.find(
        (t) => t.id > turn.id && t.host === client && t.moves.some((move) => move.event === 'disconnected'),
      );
      const next = opens[i + 1]?.turn;
      found.push([
        8,
        pass({
          purpose,
          from: turn,
          to: over ?? next,
          messages: request ? [request.id] : [],
          packets,
          server: hostAt(trace, to.address)?.id,
          why: `No connection to ${to.address}.`,
        }),
      ]);
      continue;
    }
    const reading = trace.turns[read] as Turn;
    found.push([8, pass({ purpose, from: turn, to: reading, messages: [request.id], packets })]);
    const response = causes.response[request.id];
    const shown = response === undefined ? undefined : causes.readIn[response];
    const page = shown === undefined ? undefined : trace.turns[shown];
    found.push([
      9,
      pass({
        purpose,
        from: reading,
        to: page,
        messages: response === undefined ? [] : [response],
        ...(page ? {} : { why: 'The page never arrived.' }),
      }),
    ]);
  }
  return found;
}

/** The turn in which the client first reaches for the network. */
const firstAction = (client: HostId, turns: readonly Turn[]): Turn | undefined =>
  turns.find((turn) => turn.host === client && turn.effects.some((e) => e.kind === 'transmit' || e.kind === 'open'));

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

const pass = ({ purpose, from, to, messages, packets = [], question, server, why }: PassFields): Pass => ({
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
