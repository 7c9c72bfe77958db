/** Plays the validator against the canned responses of a conformance file, without a resolver: whoever answers a question answers it here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Entry } from '../../../src/conformance/entry.ts';
import type { Replay } from '../../../src/conformance/rpl.ts';
import { readReplay } from '../../../src/conformance/rpl.ts';
import { readTrustAnchors } from '../../../src/dns/dnssec/anchors.ts';
import type { ValidationRules, Verdict } from '../../../src/dns/dnssec/chain.ts';
import { nextStep } from '../../../src/dns/dnssec/chain.ts';
import type { Reply } from '../../../src/dns/dnssec/delegation.ts';
import type { Subject } from '../../../src/dns/dnssec/judge.ts';
import type { SignatureMemo } from '../../../src/dns/dnssec/memo.ts';
import { memo } from '../../../src/dns/dnssec/memo.ts';
import type { Message, Question } from '../../../src/dns/message.ts';
import type { Name } from '../../../src/dns/name.ts';
import { isSubdomain, name, sameName } from '../../../src/dns/name.ts';
import { firstLink, signedSections } from './asking.ts';

const folder = resolve(import.meta.dirname, '../../../../shared/conformance/rpl/tier5');

export interface ReplayFile {
  readonly file: string;
  readonly replay: Replay;
}

/** The files of tier 5; none when the folder is not there. */
export const replayFiles: readonly ReplayFile[] = !existsSync(folder)
  ? []
  : (['unbound', 'deckard'] as const).flatMap((dialect) =>
      readdirSync(resolve(folder, dialect))
        .filter((file) => file.endsWith('.rpl'))
        .map((file) => {
          const read = readReplay(readFileSync(resolve(folder, dialect, file), 'utf8'), file, dialect);
          if (!read.ok) throw new Error(`${file} cannot be read`);
          return { file: `${dialect}/${file.slice(0, -4)}`, replay: read.replay };
        }),
    );

export interface Played {
  readonly status: Verdict['status'] | 'no reply';
  readonly verdicts: readonly Verdict[];
  /** The questions that the validator put. */
  readonly asked: readonly string[];
}

/** Answers `question` from the file's responses, follows aliases, and validates each link; a bogus link is tried again with the next reply. */
export function play({ replay }: ReplayFile, question: Question): Played {
  const known = memo<boolean>();
  const verdicts: Verdict[] = [];
  const asked: string[] = [];
  let at = question;
  for (let links = 0; links < 12; links++) {
    const found = bestOf(replay, at, known, asked);
    if (!found) return { status: 'no reply', verdicts, asked };
    verdicts.push(found.verdict);
    if (found.verdict.status === 'bogus' || found.next === undefined) break;
    at = { ...at, name: found.next };
  }
  const states = verdicts.map((v) => v.status);
  const status = (['bogus', 'indeterminate', 'insecure'] as const).find((s) => states.includes(s)) ?? 'secure';
  return { status, verdicts, asked };
}

function bestOf(
  replay: Replay,
  question: Question,
  known: SignatureMemo,
  asked: string[],
): { verdict: Verdict; next: Name | undefined } | undefined {
  let last: { verdict: Verdict; next: Name | undefined } | undefined;
  for (const message of repliesTo(replay, question)) {
    const { subject, next } = firstLink(message, question);
    last = { verdict: validate(replay, subject, known, asked), next };
    if (last.verdict.status !== 'bogus') return last;
  }
  return last;
}

/** Runs the plan to its end; each question may be answered by any fitting response, good ones first. */
function validate(replay: Replay, subject: Subject, memo: SignatureMemo, asked: string[]): Verdict {
  const rules = rulesOf(replay, memo);
  const evidence = new Map<string, Reply>();
  for (let i = 0; i < 40; i++) {
    const step = nextStep(subject, { reply: (n, t) => evidence.get(`${n.toLowerCase()} ${t}`) }, rules);
    if (step.kind === 'verdict') return step;
    const id = `${step.name.toLowerCase()} ${step.type}`;
    asked.push(id);
    evidence.set(id, replyFor(replay, step.name, step.type));
  }
  throw new Error('the plan does not end');
}

function replyFor(replay: Replay, at: Name, type: 'DNSKEY' | 'DS'): Reply {
  const fitting = repliesTo(replay, { name: at, type, class: 'IN' }).filter(
    (m) => type === 'DS' || m.answer.some((r) => r.type === type),
  );
  const signed = fitting.find((m) => [...m.answer, ...m.authority].some((r) => r.type === 'RRSIG')) ?? fitting[0];
  const referral = entriesOf(replay).find((m) => m.authority.some((r) => r.type === type && sameName(r.name, at)));
  if (signed) return { kind: 'reply', rcode: signed.rcode, ...signedSections(signed) };
  if (!referral) return { kind: 'failure', text: 'No server answers.' };
  const answer = signedSections(referral).authority.filter((set) => set.type === type);
  return { kind: 'reply', rcode: 'NOERROR', answer, authority: [] };
}

const entriesOf = (replay: Replay): Message[] => replay.ranges.flatMap((range) => range.entries.map((e) => e.message));

/** Whether a response of the file is for this very question. */
export const isScripted = ({ replay }: ReplayFile, question: Question): boolean =>
  entriesOf(replay).some((m) => m.question.some((q) => q.type === question.type && sameName(q.name, question.name)));

const matches = (entry: Entry, question: Question): boolean => {
  const [asked] = entry.message.question;
  if (!asked) return false;
  const byType = !entry.match.includes('qtype') || asked.type === question.type;
  if (entry.match.includes('subdomain')) return byType && isSubdomain(question.name, asked.name);
  return byType && (!entry.match.includes('qname') || sameName(asked.name, question.name));
};

/** Responses that answer, positively or negatively: no referrals, no failures. */
function repliesTo(replay: Replay, question: Question): Message[] {
  return replay.ranges
    .flatMap((range) => range.entries.filter((entry) => matches(entry, question)))
    .map((entry) => entry.message)
    .filter((m) => m.rcode === 'NOERROR' || m.rcode === 'NXDOMAIN')
    .filter(
      (m) => m.answer.length > 0 || m.rcode === 'NXDOMAIN' || m.authority.some((r) => r.type === 'SOA' || /^NSEC/.test(r.type)),
    )
    .filter(
      (m) =>
        m.answer.length > 0 ||
        m.rcode === 'NXDOMAIN' ||
        m.authority.some((r) => r.type === 'SOA') ||
        !m.authority.some((r) => r.type === 'NS'),
    );
}

function rulesOf({ configuration }: Replay, memo: SignatureMemo): ValidationRules {
  const values = (wanted: string): string[] => configuration.filter((c) => c.key === wanted).map((c) => c.value);
  const anchors = values('trust-anchor');
  const read = readTrustAnchors(
    anchors,
    values('domain-insecure').map((text) => name(text)),
  );
  if (read.mistakes.length > 0) throw new Error(JSON.stringify(read.mistakes));
  const [date] = [...values('val-override-date'), ...values('val-override-timestamp')];
  return {
    anchors: read.anchors,
    date: secondsOf(date ?? '0'),
    memo,
    hardenAlgorithmDowngrade: false,
    hardenStripped: true,
    nsec3Iterations: [[4096, 150]],
  };
}

/** YYYYMMDDHHMMSS or seconds since 1970. */
function secondsOf(text: string): number {
  const [, year, ...rest] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return Number(text);
  const [month, day, hour, minute, second] = rest.map(Number) as [number, number, number, number, number];
  return Date.UTC(Number(year), month - 1, day, hour, minute, second) / 1000;
}
