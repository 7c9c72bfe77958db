/** Plays a replay file against our resolver and says what became of it. */
import type { HostDefinition } from '../actors/host.ts';
import type { Instant } from '../base/time.ts';
import { seconds } from '../base/time.ts';
import type { Message } from '../dns/message.ts';
import { rcodeCode } from '../dns/message.ts';
import { sameName } from '../dns/name.ts';
import type { ResolverSettings } from '../dns/resolve/settings.ts';
import { encode } from '../dns/wire/encode.ts';
import type { Trace } from '../trace/trace.ts';
import type { Entry } from './entry.ts';
import { compare, queryFits } from './match.ts';
import type { Replay, Step } from './rpl.ts';
import type { Pending, Stage } from './stage.ts';
import { makeStage } from './stage.ts';

export interface Outcome {
  /** Everything that the file compares is as expected. */
  readonly full: boolean;
  /** The resolution itself is right: response code, flags, question, answer, and the proof of a no. */
  readonly core: boolean;
  /** The first difference, as an engineer would tell it: step, expected, got. */
  readonly difference?: string;
  /** Queries that were still waiting at the end. */
  readonly unanswered: number;
  readonly trace: Trace;
}

/** How a resolver's host is made from settings; `clock` is the run's start in seconds since 1970. */
export type MakeResolver = (settings: ResolverSettings, clock: number) => HostDefinition;

/** Plays a file. */
export function play(replay: Replay, host: HostDefinition, name: string, start: Instant): Outcome {
  const p: Play = {
    replay,
    stage: makeStage(host, name, start),
    now: 0,
    scripted: [],
    oneShots: new Set(),
    sentBefore: 0,
    core: undefined,
    full: undefined,
  };
  try {
    (replay.dialect === 'unbound' ? playUnbound : playDeckard)(p);
  } catch (error) {
    if (!(error instanceof Stuck)) throw error;
    note(p, error.message, error.message);
  }
  const difference = p.core ?? p.full;
  return {
    full: p.full === undefined && p.core === undefined,
    core: p.core === undefined,
    unanswered: p.stage.pending.length,
    trace: p.stage.trace(),
    ...(difference === undefined ? {} : { difference }),
  };
}

interface Play {
  readonly replay: Replay;
  readonly stage: Stage;
  /** Index of the step that comes next (Unbound) or is being done (Deckard). */
  now: number;
  /** `REPLY` entries that wait for a query (Unbound). */
  readonly scripted: Entry[];
  readonly oneShots: Set<Step>;
  /** How many queries the resolver had sent when the last client asked. */
  sentBefore: number;
  core: string | undefined;
  full: string | undefined;
}

/** The script cannot go on. */
class Stuck extends Error {}

/** How often queries without an answer may time out before a step gives up. */
const PATIENCE = 400;

function note(p: Play, core: string | undefined, full: string | undefined): void {
  p.core ??= core;
  p.full ??= full;
}

function playUnbound(p: Play): void {
  const { steps } = p.replay;
  let timeouts = 0;
  for (let rounds = 0; p.now < steps.length; rounds++) {
    if (rounds > 5_000) throw new Stuck('the script does not end');
    const step = steps[p.now] as Step;
    if (step.type === 'CHECK_OUT_QUERY') {
      checkOutQuery(p, step.entry, step.number);
      continue;
    }
    if (step.type === 'CHECK_ANSWER' && p.stage.answers.length > 0) {
      checkAnswer(p, step.entry, step.number);
      p.now++;
      timeouts = 0;
      continue;
    }
    if (deliver(p)) continue;
    if (step.type !== 'CHECK_ANSWER') {
      perform(p, step);
      continue;
    }
    const oldest = p.stage.pending[0];
    const rang = timeouts++ < PATIENCE && (oldest ? p.stage.timeOut(oldest) : p.stage.timeOutAny());
    if (!rang && !oldest) throw new Stuck(`step ${step.number}: no response to the client`);
    if (timeouts > PATIENCE) throw new Stuck(`step ${step.number}: no response to the client after ${PATIENCE} timeouts`);
  }
  while (deliver(p)) if (p.stage.sent.length > 5_000) throw new Stuck('the resolver does not stop asking');
  const unchecked = p.stage.answers[0];
  if (unchecked) note(p, `a response that no step expects: ${questionOf(unchecked)}`, undefined);
}

/** A pending query that the script answers, newest first (FORMAT §6). Whether there was one. */
function deliver(p: Play): boolean {
  const step = p.replay.steps[p.now]?.number ?? p.replay.steps.at(-1)?.number ?? 0;
  for (const query of [...p.stage.pending].reverse()) {
    const scripted = p.scripted.findIndex((entry) => sameQuestion(query.query, entry.message));
    const entry = scripted >= 0 ? p.scripted.splice(scripted, 1)[0] : cannedUnbound(p, query, step);
    if (!entry) continue;
    p.stage.answer(query, responseOf(entry, query.query, scripted >= 0));
    return true;
  }
  return false;
}

function cannedUnbound(p: Play, query: Pending, step: number): Entry | undefined {
  for (const range of [...p.replay.ranges].reverse()) {
    if (step < range.first || step > range.last) continue;
    if (range.addresses.length > 0 && !range.addresses.includes(query.to.address)) continue;
    const entry = range.entries.find((candidate) => queryFits(query.query, candidate, query.transport));
    if (entry) return entry;
  }
  return undefined;
}

function perform(p: Play, step: Step): void {
  if (step.type === 'TIME_PASSES') {
    p.stage.pass(seconds(step.seconds));
    p.now++;
    return;
  }
  p.now++;
  if (step.type === 'QUERY') ask(p, step);
  else if (step.type === 'REPLY') {
    const query = [...p.stage.pending].reverse().find((candidate) => sameQuestion(candidate.query, step.entry.message));
    if (query) p.stage.answer(query, responseOf(step.entry, query.query, true));
    else p.scripted.push(step.entry);
  } else if (step.type === 'TIMEOUT' || step.type === 'ERROR') {
    const query = p.stage.pending.at(-1);
    if (query) p.stage.timeOut(query);
  }
}

function ask(p: Play, step: Extract<Step, { type: 'QUERY' }>): void {
  const { entry, address } = step;
  p.sentBefore = p.stage.sent.length;
  p.stage.ask(entry.octets ?? encode(queryOf(entry, p)), address, entry.match.includes('TCP') ? 'tcp' : 'udp');
}

/** Deckard's clients always use EDNS (FORMAT §3). */
function queryOf(entry: Entry, p: Play): Message {
  if (p.replay.dialect === 'unbound' || entry.message.edns) return entry.message;
  return { ...entry.message, edns: { version: 0, udpSize: 4096, do: false, options: [] } };
}

/** Satisfied by a matching query that is pending, newest first; `copy_id` makes the entry its answer too. */
function checkOutQuery(p: Play, entry: Entry, number: number): void {
  const fits = (query: Pending): boolean => queryFits(query.query, entry, query.transport);
  const waiting = [...p.stage.pending].reverse().find(fits);
  const earlier = waiting ?? p.stage.sent.slice(p.sentBefore).find(fits);
  if (!earlier) {
    if (deliver(p)) return;
    throw new Stuck(
      `step ${number}: expected a query for ${questionOf(entry.message)}, got ${p.stage.pending.map((q) => questionOf(q.query)).join(', ') || 'none'}`,
    );
  }
  p.now++;
  if (waiting && entry.adjust.includes('copy_id')) p.stage.answer(waiting, responseOf(entry, waiting.query, true));
}

function checkAnswer(p: Play, entry: Entry, number: number): void {
  const results = p.stage.answers.map((answer) => compare(answer, entry, p.replay.dialect));
  const at = Math.max(
    0,
    results.findIndex((result) => result.full === undefined),
  );
  const { core, full } = results[at] as (typeof results)[number];
  const asked = questionOf(p.stage.answers[at] as Message);
  p.stage.answers.splice(at, 1);
  note(p, core && `step ${number} (${asked}): ${core}`, full && `step ${number} (${asked}): ${full}`);
}

function playDeckard(p: Play): void {
  const { steps } = p.replay;
  for (p.now = 0; p.now < steps.length; p.now++) {
    const step = steps[p.now] as Step;
    if (step.type === 'TIME_PASSES') p.stage.pass(seconds(step.seconds));
    else if (step.type === 'QUERY') {
      p.stage.answers.length = 0;
      ask(p, step);
      for (let round = 0; p.stage.pending.length > 0; round++) {
        if (round > 5_000) throw new Stuck(`step ${step.number}: the resolver does not stop asking`);
        const query = p.stage.pending.at(-1) as Pending;
        const bytes = cannedDeckard(p, query, step.number);
        if (bytes) p.stage.answer(query, bytes);
        else p.stage.timeOut(query);
        // What was thrown away is as good as never sent.
        if (p.stage.pending.length === 0 && p.stage.answers.length === 0) p.stage.timeOutAny();
      }
    } else if (step.type === 'CHECK_ANSWER') {
      if (p.stage.answers.length === 0) throw new Stuck(`step ${step.number}: no response to the client`);
      checkAnswer(p, step.entry, step.number);
    }
  }
}

/** The first range in force that has the address decides alone (FORMAT §6); undefined when the script swallows the query. */
function cannedDeckard(p: Play, query: Pending, step: number): Uint8Array | undefined {
  const inForce = p.replay.ranges.filter((range) => step >= range.first && step <= range.last);
  const known = p.replay.ranges.some((range) => range.addresses.includes(query.to.address));
  const range = known ? inForce.find(({ addresses }) => addresses.includes(query.to.address)) : inForce[0];
  const entry =
    range?.entries.find((candidate) => queryFits(query.query, candidate, query.transport)) ??
    (range ? undefined : oneShot(p, query));
  if (entry?.adjust.includes('do_not_answer')) return undefined;
  if (entry) return responseOf(entry, query.query, false, query.query.edns !== undefined);
  const failed: Message = { ...query.query, rcode: 'SERVFAIL', flags: { ...query.query.flags, qr: true } };
  return encode(failed);
}

function oneShot(p: Play, query: Pending): Entry | undefined {
  for (const step of p.replay.steps.slice(p.now)) {
    if (step.type !== 'REPLY' || p.oneShots.has(step) || !queryFits(query.query, step.entry, query.transport)) continue;
    p.oneShots.add(step);
    return step.entry;
  }
  return undefined;
}

/** The octets of a canned response to a query: adjusted as the entry says, its question in the letter case of the query. */
function responseOf(entry: Entry, query: Message, copyId: boolean, edns?: boolean): Uint8Array {
  const own = entry.message.question[0];
  const asked = query.question[0];
  const echo = own && asked && sameName(own.name, asked.name) ? [{ ...own, name: asked.name }] : entry.message.question;
  const question = entry.adjust.includes('copy_query') ? query.question : echo;
  const id = copyId || entry.adjust.includes('copy_id') ? query.id : 0;
  if (entry.octets) return withId(entry.octets, id);
  const message: Message = { ...entry.message, id, question };
  if (edns === undefined || (edns && message.edns)) return encode(message);
  const { edns: _none, ...plain } = message;
  return encode(
    edns || rcodeCode(message.rcode) > 15 ? { ...plain, edns: { version: 0, udpSize: 4096, do: false, options: [] } } : plain,
  );
}

function withId(octets: Uint8Array, id: number): Uint8Array {
  const copy = octets.slice();
  if (copy.length >= 2) copy.set([id >> 8, id & 0xff]);
  return copy;
}

function sameQuestion(a: Message, b: Message): boolean {
  const x = a.question[0];
  const y = b.question[0];
  return x !== undefined && y !== undefined && x.type === y.type && sameName(x.name, y.name);
}

const questionOf = (m: Message): string => m.question.map((q) => `${q.name} ${q.type}`).join(', ') || 'no question';
