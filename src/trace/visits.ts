/** The visits of a trace and their nine steps, worked out from what was sent, read and concluded. */
import { type Causes, causesOf } from './causes.ts';
import { memoised } from './memo.ts';
import { clientPasses, exchangeFrom, pagePasses, passBetween, upstreamPasses } from './passes.ts';
import { type Pass, STEP_NUMBERS, type StepNumber, type Visit } from './steps.ts';
import type { HostId, StimulusId, Trace, Turn } from './trace.ts';
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

  const concluded = [...turns, ...(m.next ? [m.next] : [])]
    .filter((turn) => turn.host === client)
    .flatMap((turn) => turn.effects.flatMap((e) => (e.kind === 'conclude' ? [{ turn, conclusion: e.conclusion }] : [])));
  const end = concluded.at(-1);
  const forwarded = exchanges.filter((x) => x.server.role === 'resolver' && x.query.fromHost !== client);
  for (const x of asked) for (const [step, pass] of clientPasses(trace, x, asked, end?.turn)) add(step, pass);
  for (const x of forwarded)
    for (const [step, pass] of clientPasses(trace, x, forwarded, end?.turn)) add(step, { ...pass, purpose: 'name' });
  for (const [step, pass] of upstreamPasses(trace, causes, upstream, asked, turns)) add(step, pass);
  if (m.action === 'visit') for (const [step, pass] of pagePasses(trace, causes, client, turns, messages)) add(step, pass);

  const beginning = firstAction(client, turns);
  if (m.action === 'visit') add(1, passBetween({ from: first, to: beginning ?? end?.turn, messages: [], purpose: 'name' }));

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

/** The turn in which the client first reaches for the network. */
const firstAction = (client: HostId, turns: readonly Turn[]): Turn | undefined =>
  turns.find((turn) => turn.host === client && turn.effects.some((e) => e.kind === 'transmit' || e.kind === 'open'));
