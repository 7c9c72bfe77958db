/** Why a step was skipped or failed: from what the caches held when the resolver, or the browser, looked. */
import { between, type Duration, formatDuration, type Instant } from '../base/time.ts';
import { type Name, parent, ROOT } from '../dns/name.ts';
import { dataOf, type RecordType } from '../dns/record.ts';
import { entriesOfHost, entryFor } from './caches.ts';
import { describeMessage, type MessageKind, zoneName } from './describe.ts';
import { type Pass, type SkipCause, STEP_NUMBERS, STEP_TITLES, type Step, type StepNumber, type Visit } from './steps.ts';
import type { CacheEntry, Conclusion, HostId, MessageRecord, Trace, Turn } from './trace.ts';

/** A visit whose passes are known. */
export interface Unexplained {
  readonly trace: Trace;
  readonly client: HostId;
  readonly action: Visit['action'];
  readonly passes: ReadonlyMap<StepNumber, readonly Pass[]>;
  readonly first: Turn;
  /** The client's turn in which it first reached for the network. */
  readonly beginning: Turn | undefined;
  /** The resolver's turn in which it searched its cache. */
  readonly searching: Turn | undefined;
  readonly resolver: HostId | undefined;
  readonly question: { readonly name: Name; readonly type: RecordType } | undefined;
  /** The resolver's last response to the client. */
  readonly answer: MessageRecord | undefined;
  readonly end: Turn | undefined;
  readonly conclusion: Conclusion | undefined;
}

/** The nine steps, each with its passes or the reason why it has none. */
export function explainSteps(visit: Unexplained): Step[] {
  return STEP_NUMBERS.map((number) => {
    const passes = visit.passes.get(number) ?? [];
    const title = STEP_TITLES[number];
    if (passes.length > 0) return { number, title, ...ending(passes), passes };
    const skip = whySkipped(number, visit);
    if (!skip) return { number, title, outcome: 'pending', passes };
    const { turn, because, why, kept } = skip;
    return {
      number,
      title,
      outcome: 'skipped',
      from: turn.at,
      fromTurn: turn.id,
      to: turn.at,
      because,
      why,
      ...(kept ? { kept } : {}),
      passes,
    };
  });
}

function ending(passes: readonly Pass[]): Pick<Step, 'outcome' | 'from' | 'fromTurn' | 'to' | 'why'> {
  const first = passes.reduce((a, b) => (b.fromTurn < a.fromTurn ? b : a));
  const own = passes.filter((pass) => pass.purpose !== 'errand' && pass.purpose !== 'key');
  const last = (own.length > 0 ? own : passes).at(-1) as Pass;
  const begin = { from: first.from, fromTurn: first.fromTurn };
  if (last.to === undefined && !last.failed) return { outcome: 'pending', ...begin };
  const to = passes.reduce<Instant | undefined>(
    (latest, { to: t }) => (t !== undefined && t > (latest ?? -1) ? t : latest),
    undefined,
  );
  const over = to === undefined ? {} : { to };
  return { outcome: last.failed ? 'failed' : 'done', ...begin, ...over, ...(last.why === undefined ? {} : { why: last.why }) };
}

interface Skip {
  /** The turn from which on it was known. */
  readonly turn: Turn;
  readonly because: SkipCause;
  readonly why: string;
  readonly kept?: { readonly entry: CacheEntry; readonly left: Duration };
}

/** Undefined when the run ended before it was known. */
function whySkipped(step: StepNumber, visit: Unexplained): Skip | undefined {
  const { action, searching, end, beginning, first } = visit;
  const happened = (n: StepNumber): boolean => (visit.passes.get(n)?.length ?? 0) > 0;
  if (step === 1) return { turn: first, because: 'no-browser', why: 'A program asks; nobody types anything.' };
  if (step >= 8) return whyNoPage(visit);
  if (!happened(2)) {
    const turn = beginning ?? end;
    if (!turn) return undefined;
    if (action === 'ask' && happened(5)) return { turn, because: 'not-reached', why: 'The server itself was asked.' };
    if (knownHere(visit)) return { turn, because: 'not-reached', why: 'This computer knows it by itself.' };
    const kept = inBrowser(visit, turn);
    if (kept)
      return {
        turn,
        because: 'browser-cache',
        why: `The browser still knows the address, for ${formatDuration(kept.left)}.`,
        kept,
      };
    return { turn, because: 'not-reached', why: action === 'visit' ? 'There is no name to ask for.' : 'Nobody was asked.' };
  }
  if (!searching || step === 2) return undefined;
  if (step === 7) return end && { turn: end, because: 'not-reached', why: 'The resolver never answered.' };
  if (![3, 4, 5, 6].some((n) => happened(n as StepNumber))) return whyNobodyAsked(visit, searching);
  const deeper = STEP_NUMBERS.filter((n) => n > step && n <= 6).some(happened);
  if (deeper) return whyNotFromAbove(step, visit, searching);
  const said = visit.answer && describeMessage(visit.trace, visit.answer.id).kind;
  const turn = visit.answer ? visit.trace.turns[visit.answer.turn] : end;
  if (!turn) return undefined;
  const above = step <= 4 ? 'above' : happened(4) ? 'in step 4' : 'in step 3';
  if (said === 'no-such-name')
    return {
      turn,
      because: 'no-such-name',
      why: `The name does not exist, as the server asked ${above} has said: there is nobody else to ask.`,
    };
  return { turn, because: 'not-reached', why: `Nobody ${above} could say whom to ask.` };
}

/** Whether the system had its answer from the hosts file, or because the name is a special one (RFC 6761). */
const knownHere = ({ trace, client, first, end }: Unexplained): boolean =>
  trace.turns
    .slice(first.id, (end?.id ?? first.id) + 1)
    .some(
      ({ host, effects }) =>
        host === client &&
        effects.some((e) => e.kind === 'conclude' && e.conclusion.kind === 'answered' && e.conclusion.source === 'local'),
    );

function whyNoPage({ action, end, passes }: Unexplained): Skip | undefined {
  if (!end) return undefined;
  if (action === 'ask') return { turn: end, because: 'no-browser', why: 'A program asked; it wants records, not a page.' };
  if (action === 'mail')
    return { turn: end, because: 'no-browser', why: 'This is a letter: SMTP brings it, and no page is fetched.' };
  const failed = passes.get(8)?.some((pass) => pass.failed);
  return failed
    ? { turn: end, because: 'not-reached', why: 'There is no connection, so no page.' }
    : { turn: end, because: 'no-address', why: 'There is no address to go to.' };
}

const NOS: Readonly<Partial<Record<MessageKind, { because: SkipCause; what: string }>>> = {
  'no-such-name': { because: 'no-such-name', what: 'that there is no such name' },
  'no-such-type': { because: 'no-such-type', what: 'that the name has no record of this type' },
  failure: { because: 'failure', what: 'that this failed' },
};

/** The resolver answered without asking anybody. */
function whyNobodyAsked({ trace, resolver, question, answer, end }: Unexplained, searching: Turn): Skip | undefined {
  if (!resolver || !question) return undefined;
  if (!answer) return end && { turn: searching, because: 'not-reached', why: 'The resolver asked nobody.' };
  const said = describeMessage(trace, answer.id).kind;
  const no = NOS[said];
  const found = keptAnswer(
    entriesOfHost(trace, resolver, searching.id),
    question.name,
    question.type,
    searching.at,
    no !== undefined,
  );
  if (!found)
    return (
      atHome(searching) ?? { turn: searching, because: 'shared', why: 'The resolver is already asking this for somebody else.' }
    );
  const kept = withLeft(found, searching.at);
  const left = formatDuration(kept.left);
  return no
    ? { turn: searching, because: no.because, why: `The resolver still knows ${no.what}, for ${left}.`, kept }
    : { turn: searching, because: 'answer', why: `The resolver still has the answer, for ${left}.`, kept };
}

/** A house's Resolver answered by itself, or handed the question on. */
function atHome(turn: Turn): Skip | undefined {
  const rule = turn.effects.flatMap((e) => (e.kind === 'decide' && e.decision.about === 'rule' ? [e.decision] : []))[0];
  const { kind } = (rule?.detail ?? {}) as { kind?: string };
  if (!rule || (kind !== 'own' && kind !== 'forward')) return undefined;
  return kind === 'own'
    ? { turn, because: 'own-zone', why: `The resolver answers this itself: ${rule.outcome}.` }
    : { turn, because: 'forwarded', why: `The resolver hands this on, ${rule.outcome}.` };
}

/** The resolver knew servers deeper down, so nobody above them was asked. */
function whyNotFromAbove(step: StepNumber, visit: Unexplained, searching: Turn): Skip {
  const { trace, resolver, question } = visit;
  const entries = resolver === undefined ? [] : entriesOfHost(trace, resolver, searching.id);
  const entry = question && deepestServers(entries, question.name, searching.at);
  if (!entry) return { turn: searching, because: 'delegation', why: 'The resolver already knows whom to ask further down.' };
  const kept = withLeft(entry, searching.at);
  const count = entry.records.filter((r) => r.type === 'NS').length;
  const asksTld = step === 3 && (visit.passes.get(4)?.length ?? 0) > 0;
  const whom = asksTld
    ? `the servers of ${zoneName(entry.name)}`
    : count === 1
      ? 'this server'
      : `these ${numberWord(count)} servers`;
  return {
    turn: searching,
    because: 'delegation',
    why: `The resolver still knows ${whom}, for ${formatDuration(kept.left)}.`,
    kept,
  };
}

function inBrowser({ trace, client, conclusion }: Unexplained, turn: Turn): Skip['kept'] {
  const address = conclusion?.kind === 'page' ? conclusion.address : undefined;
  const entry = entriesOfHost(trace, client, turn.id).find(
    (e) =>
      turn.at < e.expiresAt &&
      (address === undefined || e.records.some((r) => (dataOf(r, 'A') ?? dataOf(r, 'AAAA'))?.address === address)),
  );
  return entry && withLeft(entry, turn.at);
}

/** The entry that answers a question, through CNAMEs: the one that runs out first. */
function keptAnswer(
  entries: readonly CacheEntry[],
  name: Name,
  type: RecordType,
  at: Instant,
  no: boolean,
): CacheEntry | undefined {
  const good = entries.filter((e) => at < e.expiresAt);
  let soonest: CacheEntry | undefined;
  let here = name;
  for (let hop = 0; hop < 16; hop++) {
    const own = no
      ? (entryFor(
          good.filter((e) => e.kind !== 'rrset'),
          here,
          type,
        ) ??
        entryFor(
          good.filter((e) => e.kind !== 'rrset'),
          here,
          'ANY',
        ))
      : entryFor(
          good.filter((e) => e.kind === 'rrset'),
          here,
          type,
        );
    const alias = own ? undefined : entryFor(good, here, 'CNAME');
    const entry = own ?? alias;
    if (!entry) return undefined;
    if (!soonest || entry.expiresAt < soonest.expiresAt) soonest = entry;
    const target = alias?.records[0] && dataOf(alias.records[0], 'CNAME')?.target;
    if (target === undefined) return soonest;
    here = target;
  }
  return soonest;
}

function deepestServers(entries: readonly CacheEntry[], name: Name, at: Instant): CacheEntry | undefined {
  const servers = entries.filter((e) => at < e.expiresAt && (e.kind === 'rrset' || e.kind === 'delegation'));
  for (let zone = name; ; zone = parent(zone)) {
    const entry = entryFor(servers, zone, 'NS');
    if (entry || zone === ROOT) return entry;
  }
}

const withLeft = (entry: CacheEntry, at: Instant): { entry: CacheEntry; left: Duration } => ({
  entry,
  left: between(at, entry.expiresAt),
});

const WORDS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
/** Small numbers as words. */
export const numberWord = (n: number): string => WORDS[n] ?? String(n);
