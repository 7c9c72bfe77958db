/** Whether a run shows what its scenario says must be seen: its own expectations, its notes and questions, and the standing ones. */
import type { Message } from '../dns/message.ts';
import { specialAnswer } from '../dns/resolve/special.ts';
import { describeMessage, hostAt, hostOf } from '../trace/describe.ts';
import { bracesIn, braceValue } from '../trace/narration.ts';
import { differences, findAll, fits, type Matcher, type Pattern, partsOf, type Selector } from '../trace/pattern.ts';
import type { FieldValue } from '../trace/patternFields.ts';
import { STANDING, type Telling } from '../trace/standing.ts';
import { rail } from '../trace/steps.ts';
import type { MessageRecord, Trace } from '../trace/trace.ts';
import { visitsOf } from '../trace/visits.ts';
import type { Expectation, Note, Scenario } from './schema.ts';
import { tellingOf } from './telling.ts';

/** An expectation that did not hold. */
export interface Failure {
  /** Where it stands: "expect[3]", "notes[1]", or the name of a standing expectation. */
  readonly where: string;
  /** One sentence: what was found and what was expected. */
  readonly text: string;
}

/** Everything in which a run differs from what its scenario expects. */
export function checkRun(scenario: Scenario, trace: Trace): Failure[] {
  const notes = (scenario.notes ?? []).flatMap((note, i) => at(`notes[${i}]`, checkNote(note, trace)));
  const questions = (scenario.questions ?? []).flatMap((question, i) => at(`questions[${i}]`, occurs(question.before, trace)));
  return [
    ...checkExpectations(scenario.expect ?? [], trace),
    ...notes,
    ...questions,
    ...checkStanding(trace, scenario.unless ?? []),
  ];
}

/** The expectations of a list that do not hold. */
export const checkExpectations = (expectations: readonly Expectation[], trace: Trace): Failure[] =>
  expectations.flatMap((expectation, i) => at(`expect[${i}]`, checkOne(expectation, trace)));

const at = (where: string, texts: readonly string[]): Failure[] => texts.map((text) => ({ where, text }));

function checkOne(expectation: Expectation, trace: Trace): string[] {
  if ('rail' in expectation) return checkRail(expectation.rail, trace);
  if ('received' in expectation)
    return Object.entries(expectation.received).flatMap(([who, wanted]) => checkReceived(who, wanted, expectation.visit, trace));
  if ('order' in expectation) return checkOrder(expectation.order, trace);
  return checkPattern(expectation, trace);
}

/** Compares the rails of all visits. Notes after a comma ("4 twice") count only where the expectation has some. */
function checkRail(wanted: string, trace: Trace): string[] {
  const rails = visitsOf(trace).map(rail);
  const parts = wanted.split('/').map((part) => part.trim().replaceAll(/\s+/g, ' '));
  const found = rails.map((one, i) => (parts[i]?.includes(',') ? one : (one.split(',')[0] as string)));
  return found.join(' / ') === parts.join(' / ') ? [] : [`the rail is ${rails.join(' / ')}, not ${parts.join(' / ')}`];
}

/** How many queries reached a host, or the servers of a zone that were asked about it. */
function checkReceived(who: string, wanted: number, visit: number | undefined, trace: Trace): string[] {
  const selector: Selector = { kind: 'query', to: who, fate: 'delivered', ...(visit === undefined ? {} : { visit }) };
  const found = findAll(trace, { message: selector }).length;
  const when = visit === undefined ? '' : ` in visit ${visit}`;
  return found === wanted ? [] : [`${who} received ${queries(found)}${when}, not ${wanted}`];
}

const queries = (n: number): string => `${n} ${n === 1 ? 'query' : 'queries'}`;

function checkOrder(patterns: readonly Pattern[], trace: Trace): string[] {
  let turn = -1;
  for (const [i, pattern] of patterns.entries()) {
    const next = findAll(trace, pattern).find((one) => one.turn >= turn);
    if (!next) return [`number ${i + 1} of the order (${patternText(pattern)}) does not come after those before it`];
    turn = next.turn;
  }
  return [];
}

function checkPattern(expectation: Pattern & { readonly count?: Matcher; readonly is?: Selector }, trace: Trace): string[] {
  const { count, is } = expectation;
  const found = findAll(trace, expectation);
  const what = patternText(expectation);
  if (count !== undefined && !fits(found.length, count))
    return [`${what} is there ${found.length} times, not ${matcherText(count)}`];
  if (found.length === 0 && count === undefined) return [`${what} is not there`];
  return found.flatMap((one, i) =>
    differences(one.fields, is ?? {}).map(({ field, wanted, found: value }) => {
      const which = found.length === 1 ? '' : ` (number ${i + 1})`;
      return `of ${what}${which}, ${field} is ${valueText(value)}, not ${matcherText(wanted)}`;
    }),
  );
}

const occurs = (pattern: Pattern, trace: Trace): string[] =>
  findAll(trace, pattern).length > 0 ? [] : [`${patternText(pattern)} is not there`];

/** A note must be told somewhere, and its numbers must come out as its author says. */
function checkNote(note: Note, trace: Trace): string[] {
  const standing = [note.standing ?? []].flat().flatMap((n) => {
    const line = STANDING[n - 1];
    return line ? occurs(line.when, trace).map((text) => `standing line ${n}: ${text}`) : [`there is no standing line ${n}`];
  });
  const own = tellingOf(note);
  return own ? [...standing, ...occurs(own.when, trace), ...checkBraces(own, trace)] : standing;
}

function checkBraces({ when, headline, plain = '', term = '' }: Telling, trace: Trace): string[] {
  const first = findAll(trace, when)[0];
  if (!first) return [];
  return bracesIn(`${headline} ${plain} ${term}`).flatMap((brace) => {
    const value = braceValue(brace, first);
    return brace.wanted === undefined || value === brace.wanted ? [] : [`{${brace.field}} is ${value}, not ${brace.wanted}`];
  });
}

// --- what every lesson expects

/** What holds in every run, by name: for each message an objection, or nothing. */
const STANDING_EXPECTATIONS: Readonly<Record<string, (message: MessageRecord, trace: Trace) => string | undefined>> = {
  'stubs-want-recursion': (message, trace) => {
    const { dns, kind } = describeMessage(trace, message.id);
    const isClients = isClient(trace, message) && hostAt(trace, message.to.address)?.role === 'resolver';
    return kind === 'query' && isClients && !dns?.flags.rd ? 'a stub asks with RD 0' : undefined;
  },
  'resolvers-do-not': (message, trace) => {
    const { dns, kind } = describeMessage(trace, message.id);
    return kind === 'query' && hostOf(trace, message.fromHost).role === 'resolver' && dns?.flags.rd
      ? 'a resolver asks upstream with RD 1'
      : undefined;
  },
  'only-zones-speak-with-authority': (message, trace) => {
    const { dns, kind } = describeMessage(trace, message.id);
    if (!dns?.flags.aa) return undefined;
    const { role } = hostOf(trace, message.fromHost);
    if (role === 'resolver' && isOwnWord(dns)) return undefined;
    return role !== 'authoritative' || kind === 'referral' ? `a ${kind} of a ${role} host bears AA 1` : undefined;
  },
  'copies-say-so': (message, trace) => {
    const { dns, kind } = describeMessage(trace, message.id);
    if (!dns || kind === 'query' || hostOf(trace, message.fromHost).role !== 'resolver') return undefined;
    if (isOwnWord(dns)) return dns.flags.aa ? undefined : 'a resolver answers for a special-use name without AA 1';
    return dns.flags.aa || !dns.flags.ra ? 'a resolver answers without AA 0 and RA 1' : undefined;
  },
  'a-resolver-at-one-end': (message, trace) => {
    if (message.protocol !== 'dns') return undefined;
    const roles = [hostOf(trace, message.fromHost).role, hostAt(trace, message.to.address)?.role];
    return roles.includes('resolver') ? undefined : `a DNS message passes between ${roles.join(' and ')}`;
  },
  'pages-come-directly': (message, trace) => {
    if (message.protocol !== 'http') return undefined;
    const roles = [hostOf(trace, message.fromHost).role, hostAt(trace, message.to.address)?.role].sort().join(' and ');
    return roles === 'browser and web' || roles === 'health-checker and web' ? undefined : `HTTP passes between ${roles}`;
  },
};

/** What a resolver says of a special-use name is no copy of what somebody told it. */
const isOwnWord = ({ question: [asked] }: Message): boolean => asked !== undefined && specialAnswer(asked) !== undefined;

const isClient = (trace: Trace, message: MessageRecord): boolean => {
  const { role } = hostOf(trace, message.fromHost);
  return role === 'browser' || role === 'program';
};

function checkStanding(trace: Trace, unless: readonly string[]): Failure[] {
  const failures = Object.entries(STANDING_EXPECTATIONS).flatMap(([where, check]) => {
    const problem = unless.includes(where)
      ? undefined
      : trace.messages.map((message) => check(message, trace)).find((text) => text !== undefined);
    return problem === undefined ? [] : [{ where, text: problem }];
  });
  return unless.includes(FRESH_ID) ? failures : [...failures, ...at(FRESH_ID, freshIds(trace))];
}

const FRESH_ID = 'a-fresh-id-upstream';

/** No query that a resolver sends has the ID of the question that it works on. */
function freshIds(trace: Trace): string[] {
  return visitsOf(trace).flatMap((visit) => {
    const selector: Selector = { kind: 'query', visit: visit.number };
    const all = findAll(trace, { message: selector }).map(({ fields }) => fields);
    const asked = all.filter(({ from }) => !isList(from) || !from.includes('resolver')).map(({ id }) => id);
    const upstream = all.filter(({ from }) => isList(from) && from.includes('resolver')).map(({ id }) => id);
    return upstream.some((id) => asked.includes(id))
      ? [`visit ${visit.number} uses one ID for the stub’s question and for the resolver’s`]
      : [];
  });
}

const isList = (value: FieldValue): value is readonly (string | number)[] => Array.isArray(value);

// --- words

const patternText = (pattern: Pattern): string => {
  const { subject, selector } = partsOf(pattern);
  const fields = Object.entries(selector).map(([field, wanted]) => `${field} ${matcherText(wanted)}`);
  return [subject, fields.join(', ')].join(' ').trim();
};

function matcherText(wanted: Matcher | undefined): string {
  if (typeof wanted !== 'object') return String(wanted);
  if (Array.isArray(wanted)) return wanted.join(' or ');
  const { not, min, max } = wanted as { not?: Matcher; min?: number; max?: number };
  return [
    not === undefined ? '' : `anything but ${matcherText(not)}`,
    min === undefined ? '' : `at least ${min}`,
    max === undefined ? '' : `at most ${max}`,
  ]
    .filter((text) => text !== '')
    .join(' and ');
}

const valueText = (value: FieldValue): string =>
  value === undefined ? 'absent' : Array.isArray(value) ? value.join(', ') || 'none' : String(value);
