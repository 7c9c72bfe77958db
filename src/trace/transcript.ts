/**
 * A run as text: what a person with `dig` at every wire would write down. The nine steps of each visit with the messages that
 * make them up, what was learned, what was skipped and why.
 */

import { endpointText } from '../base/address.ts';
import { shortened } from '../base/text.ts';
import { between, formatDuration, type Instant, wholeSeconds } from '../base/time.ts';
import { dataText } from '../dns/presentation.ts';
import { describeMessage, describePacket } from './describe.ts';
import { digLines } from './dig.ts';
import { type Happening, happeningsOf } from './happenings.ts';
import { whyLines } from './routes.ts';
import type { Pass, Step, Visit } from './steps.ts';
import { rail } from './steps.ts';
import type { CacheEntry, Conclusion, MessageId, PacketRecord, StimulusRecord, Trace, Turn, TurnId } from './trace.ts';
import { visitsOf } from './visits.ts';

/** A section with more records than this shows the first of them only. */
const MOST_RECORDS = 4;

/** The transcript of a whole run, its lines ended by newlines. Equal traces give equal text. */
export function transcript(trace: Trace): string {
  const { name, title, seed } = trace.scenario;
  const lines = [`; ${title}`, `; ${name}, seed ${seed}`];
  const visits = visitsOf(trace);
  const happenings = happeningsOf(trace);
  for (const stimulus of [...trace.stimuli].sort((a, b) => a.at - b.at || a.id - b.id)) {
    while (happenings[0] && happenings[0].at < stimulus.at) lines.push(...happeningLines(happenings.shift()));
    const own = visits.filter((visit) => visit.stimulus === stimulus.id);
    if (own.length === 0) lines.push('', `;; ${clock(stimulus.at)}: ${stimulusText(stimulus)}`);
    for (const visit of own) lines.push('', ...visitLines(trace, visit));
  }
  for (const happening of happenings) lines.push(...happeningLines(happening));
  lines.push('', `; The run ends at ${clock(trace.end)}.`);
  return `${lines.join('\n')}\n`;
}

const happeningLines = (happening: Happening | undefined): string[] =>
  happening ? ['', `;; ${clock(happening.at)}: ${happening.text}.`] : [];

const clock = (at: Instant): string => (at === 0 ? '0 ms' : formatDuration(at));

const stimulusText = ({ text, whatIf }: StimulusRecord): string => `${whatIf ? 'What if: ' : ''}${text}`;

function visitLines(trace: Trace, visit: Visit): string[] {
  const who = trace.hosts.find(({ id }) => id === visit.client)?.title ?? visit.client;
  return [
    `;; VISIT ${visit.number} at ${clock(visit.from)}: ${who} ${visit.subject}`,
    ...entriesOf(visit).flatMap(({ step, pass, nth }) => (pass ? passText(trace, visit, { step, pass, nth }) : skipLines(step))),
    ...restOf(trace, visit),
    '',
    `;; ${outcome(visit)}`,
    `;; steps ${rail(visit)}${visit.addressAt === undefined ? '' : `, address after ${since(visit, visit.addressAt)}`}`,
  ];
}

const since = (visit: Visit, at: Instant): string => formatDuration(between(visit.from, at));

interface Entry {
  readonly step: Step;
  /** Absent when the step was skipped. */
  readonly pass?: Pass;
  /** Which pass of the step. */
  readonly nth: number;
}

/** Passes of all steps and the steps without one, in order of time. */
function entriesOf(visit: Visit): Entry[] {
  const entries = visit.steps.flatMap((step): Entry[] =>
    step.passes.length > 0
      ? shownPasses(step).map((pass, i) => ({ step, pass, nth: i + 1 }))
      : step.outcome === 'skipped'
        ? [{ step, nth: 0 }]
        : [],
  );
  const turn = ({ pass, step }: Entry): number => pass?.fromTurn ?? step.fromTurn ?? Number.POSITIVE_INFINITY;
  return entries.sort((a, b) => turn(a) - turn(b) || a.step.number - b.step.number);
}

/** A step gone through more often than this is told twice, and the rest summed up. */
const MOST_PASSES = 20;
const shownPasses = ({ passes }: Step): readonly Pass[] => (passes.length > MOST_PASSES ? passes.slice(0, 2) : passes);

/** What the passes brought that are not told one by one: each kind of answer, and how often it came. */
function restOf(trace: Trace, visit: Visit): string[] {
  return visit.steps.flatMap((step) => {
    const rest = step.passes.slice(shownPasses(step).length);
    const counts = new Map<string, number>();
    for (const id of rest.flatMap(({ messages }) => messages)) {
      const { dns, kind } = describeMessage(trace, id);
      if (!dns || kind === 'query') continue;
      const data = dns.answer.map((record) => dataText(record.type, record.data)).sort();
      const text = data.length === 0 ? dns.rcode : data.join(' ');
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const rows = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([text, n]) => `   ${n} times ${text}`);
    return rows.length === 0 ? [] : ['', `=${step.number}  ${step.title}, ${rest.length} more times`, ...rows];
  });
}

const skipLines = ({ number, title, why = '' }: Step): string[] => ['', `-${number}  ${title}: skipped. ${why}`];

function passText(trace: Trace, visit: Visit, { step, pass, nth }: Required<Entry>): string[] {
  const again = step.passes.length > 1 ? ` (pass ${nth}, ${PURPOSES[pass.purpose]})` : '';
  const why = pass.why === undefined ? [] : [`   ${pass.why}`];
  return ['', `=${step.number}  ${step.title}${again}, ${since(visit, pass.from)}`, ...passLines(trace, visit, pass), ...why];
}

const PURPOSES: Readonly<Record<Pass['purpose'], string>> = {
  name: 'for the name',
  cname: 'for the CNAME’s target',
  errand: 'errand, for a server’s address',
  key: 'to check signatures',
  retry: 'once more',
  tcp: 'by TCP',
  'other-type': 'for the other type',
};

function passLines(trace: Trace, visit: Visit, pass: Pass): string[] {
  const opening = pass.packets.length > 0 ? [handshakeLine(trace, visit, pass)] : [];
  const messages = pass.messages.flatMap((id) => [...messageLines(trace, visit, id), ...answerWhy(trace, id)]);
  return [...opening, ...messages, ...learned(trace, pass)];
}

/** Why a Route 53 server answered as it did. */
function answerWhy(trace: Trace, id: MessageId): string[] {
  const message = trace.messages[id];
  const turn = message && trace.turns[message.turn];
  return message?.answers === undefined || !turn ? [] : whyLines(turn).map((line) => `   ${line}`);
}

/** How a connection was opened: its first segments. */
function handshakeLine(trace: Trace, visit: Visit, { packets }: Pass): string {
  const first = trace.packets[packets[0] as number] as PacketRecord;
  const segments = packets
    .slice(0, 3)
    .map((id) => `${describePacket(trace, id).label} ${since(visit, (trace.packets[id] as PacketRecord).sentAt)}`);
  return `   ${endpointText(first.from)} to ${endpointText(first.to)}: ${segments.join(', ')}`;
}

function messageLines(trace: Trace, visit: Visit, id: MessageId): string[] {
  const message = trace.messages[id];
  if (!message) return [];
  const { title, dns, line, problem } = describeMessage(trace, id);
  const packet = trace.packets[message.packets.at(-1) ?? -1];
  const fate =
    packet?.fate.kind === 'dropped'
      ? `, lost: ${packet.fate.reason.text}`
      : packet?.fate.kind === 'delivered'
        ? `, arrives ${since(visit, packet.fate.at)}`
        : '';
  const way = `${endpointText(message.from)} to ${endpointText(message.to)}, ${message.transport.toUpperCase()}`;
  const body = dns
    ? digLines(dns, { most: MOST_RECORDS })
    : [line ?? '', ...(problem === undefined ? [] : [problem])].filter((l) => l !== '');
  return [
    `   ${title}`,
    `   ${way}, sent ${since(visit, message.sentAt)}${fate}`,
    ...body.map((l) => (l === '' ? '' : `     ${shortened(l, LONGEST_LINE)}`)),
  ];
}

const LONGEST_LINE = 120;

/** What was put into caches when the pass was over, one line for each entry. */
function learned(trace: Trace, pass: Pass): string[] {
  const turn: Turn | undefined = pass.toTurn === undefined ? undefined : trace.turns[pass.toTurn];
  if (!turn) return [];
  const entries = turn.effects.flatMap((effect) => (effect.kind === 'remember' ? [effect.entry] : []));
  const groups = new Map<string, CacheEntry[]>();
  for (const entry of entries) {
    const group = `${entry.cache} ${entry.kind} ${entry.type} ${entry.ttl} ${entry.kind === 'rrset' && isAddress(entry) ? 'address' : entry.name}`;
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return [...groups.values()].map((group) => `   ${keeper(trace, turn.id, group[0] as CacheEntry)} keeps ${entryText(group)}`);
}

const isAddress = ({ type }: CacheEntry): boolean => type === 'A' || type === 'AAAA';

const keeper = (trace: Trace, turn: TurnId, entry: CacheEntry): string => {
  const host = trace.hosts.find(({ id }) => id === trace.turns[turn]?.host);
  return host?.title ?? entry.cache;
};

function entryText(group: readonly CacheEntry[]): string {
  const [entry] = group as readonly [CacheEntry];
  const life = `${wholeSeconds(between(entry.storedAt, entry.expiresAt))} s`;
  if (entry.kind === 'negative')
    return `a no: ${entry.name} ${entry.type === 'ANY' ? 'does not exist' : `has no ${entry.type}`} (${entry.rcode}), for ${life}`;
  if (entry.kind === 'failure') return `a failure: ${entry.name} ${entry.type} (${entry.rcode}), for ${life}`;
  const names = group.length === 1 ? entry.name : `${entry.name} and ${group.length - 1} more`;
  const count = group.reduce((sum, one) => sum + one.records.length, 0);
  return `${names} ${entry.type}, ${count} ${count === 1 ? 'record' : 'records'}, for ${life}`;
}

function outcome(visit: Visit): string {
  const { conclusion, to } = visit;
  const when = to === undefined ? '' : ` after ${since(visit, to)}`;
  return conclusion ? `${conclusionText(conclusion)}${when}` : 'The run ended before this did.';
}

/** How a visit ended, in one sentence without its full stop. */
export function conclusionText(conclusion: Conclusion): string {
  switch (conclusion.kind) {
    case 'answered':
      return `Answered ${conclusion.question}: ${conclusion.rcode}, ${conclusion.records.length} ${conclusion.records.length === 1 ? 'record' : 'records'}`;
    case 'failed':
      return `Failed ${conclusion.question}${conclusion.rcode === undefined ? '' : `: ${conclusion.rcode}`}`;
    case 'page':
      return `Page "${conclusion.title}" (${conclusion.status}) from ${conclusion.address} shown`;
    case 'error-page':
      return `Error page "${conclusion.headline}" (${conclusion.code}) shown`;
    case 'delivered':
      return `Letter to ${conclusion.to} taken by ${conclusion.host} at ${conclusion.address}`;
  }
}
