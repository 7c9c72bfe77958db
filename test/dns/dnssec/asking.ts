/** Resolves and validates without a resolver: the zone that has the name answers, and the plan's questions likewise. */
import { parseAddress } from '../../../src/base/address.ts';
import { instant } from '../../../src/base/time.ts';
import { readTrustAnchors } from '../../../src/dns/dnssec/anchors.ts';
import type { ValidationRules, Verdict } from '../../../src/dns/dnssec/chain.ts';
import { nextStep } from '../../../src/dns/dnssec/chain.ts';
import type { Reply } from '../../../src/dns/dnssec/delegation.ts';
import type { Subject } from '../../../src/dns/dnssec/judge.ts';
import { memo } from '../../../src/dns/dnssec/memo.ts';
import type { Message, Question } from '../../../src/dns/message.ts';
import { query } from '../../../src/dns/message.ts';
import type { Name } from '../../../src/dns/name.ts';
import { isSubdomain, labelCount, name, parent, sameName } from '../../../src/dns/name.ts';
import { recordText } from '../../../src/dns/presentation.ts';
import type { RecordType, ResourceRecord } from '../../../src/dns/record.ts';
import { dataOf, rrsets } from '../../../src/dns/record.ts';
import { substitute } from '../../../src/dns/resolve/dname.ts';
import type { SignedRRset } from '../../../src/dns/resolve/sets.ts';
import type { Responder } from '../../../src/dns/responder.ts';
import { zoneResponder } from '../../../src/dns/zone/respond.ts';
import type { Zone } from '../../../src/dns/zone/zone.ts';
import type { Internet } from './sample.ts';
import { DATE } from './sample.ts';

/** The sets of a message; signatures go to their set wherever in the message they stand. */
export function signedSections(message: Message): Pick<Subject, 'answer' | 'authority' | 'additional'> {
  const all = [...message.answer, ...message.authority, ...message.additional];
  const covering = (set: { name: Name; type: RecordType }): ResourceRecord[] =>
    all.filter((r) => dataOf(r, 'RRSIG')?.typeCovered === set.type && sameName(r.name, set.name));
  const section = (records: readonly ResourceRecord[]): SignedRRset[] =>
    rrsets(records)
      .filter((set) => set.type !== 'RRSIG' || !records.some((r) => r.type !== 'RRSIG'))
      .map((set) => ({ ...set, signatures: covering(set) }));
  return { answer: section(message.answer), authority: section(message.authority), additional: section(message.additional) };
}

/** The part of a reply that is about the query name, and where an alias leads on. */
export function firstLink(message: Message, question: Question): { subject: Subject; next: Name | undefined } {
  const { answer, authority, additional } = signedSections(message);
  const own = answer.filter((set) => sameName(set.name, question.name));
  const dname = answer.find(
    (set) => set.type === 'DNAME' && isSubdomain(question.name, set.name) && !sameName(set.name, question.name),
  );
  const alias = own.find((set) => set.type === 'CNAME' && question.type !== 'CNAME');
  const target = dname && dataOf(dname.records[0] as ResourceRecord, 'DNAME')?.target;
  const made = dname && target && (substitute(question.name, dname.name, target) as Name);
  const next = made ?? (alias && dataOf(alias.records[0] as ResourceRecord, 'CNAME')?.target);
  const sets = dname ? [dname, ...own.filter((set) => set.type === 'CNAME')] : own;
  return { subject: { question, rcode: message.rcode, answer: sets, authority, additional }, next };
}

export const question = (text: string, type: RecordType): Question => ({ name: name(text), type, class: 'IN' });

export interface Served {
  readonly origin: Name;
  readonly respond: Responder;
}

export const served = (zone: Zone): Served => ({ origin: zone.origin, respond: zoneResponder([zone]) });

export const servers = ({ root, com, example }: Internet): Served[] => [root, com, example].map(({ zone }) => served(zone));

/** What the zone with the most labels that has the name says; the DS set of a name is asked of the zone above. */
export function askZones(zones: readonly Served[], asked: Question): Message {
  const home = asked.type === 'DS' ? parent(asked.name) : asked.name;
  const fitting = zones.filter((zone) => isSubdomain(home, zone.origin));
  const [best] = fitting.sort((a, b) => labelCount(b.origin) - labelCount(a.origin));
  if (!best) throw new Error(`nobody has ${asked.name}`);
  const source = parseAddress('192.0.2.99');
  if (!source) throw new Error('no address');
  const edns = { version: 0, udpSize: 1232, do: true, options: [] };
  return best.respond(query(1, asked, { edns }), { now: instant(0), source, random: () => 0 }).value;
}

export interface Circumstances {
  readonly anchors?: readonly string[];
  readonly insecure?: readonly string[];
  readonly rules?: Partial<ValidationRules>;
  /** Alters a response on its way. */
  readonly tamper?: (message: Message, asked: Question) => Message;
  /** Questions that nobody answers: "com. DS". */
  readonly unanswered?: readonly string[];
}

export interface Validated {
  readonly verdict: Verdict;
  /** The questions that the plan put, in order. */
  readonly asked: readonly string[];
  readonly subject: Subject;
}

const MEMO = memo<boolean>(100_000);

/** Validates the first link of the response to a question. */
export function validate(
  zones: readonly Served[],
  asked: Question,
  given: Circumstances & { anchors: readonly string[] },
): Validated {
  const tamper = given.tamper ?? ((message: Message) => message);
  const { subject } = firstLink(tamper(askZones(zones, asked), asked), asked);
  const read = readTrustAnchors(given.anchors, (given.insecure ?? []).map(name));
  const rules: ValidationRules = {
    anchors: read.anchors,
    date: DATE,
    memo: MEMO,
    hardenAlgorithmDowngrade: false,
    hardenStripped: true,
    nsec3Iterations: [[4096, 150]],
    ...given.rules,
  };
  const replies = new Map<string, Reply>();
  const steps: string[] = [];
  for (let i = 0; i < 40; i++) {
    const step = nextStep(subject, { reply: (n, t) => replies.get(`${n} ${t}`) }, rules);
    if (step.kind === 'verdict') return { verdict: step, asked: steps, subject };
    const id = `${step.name} ${step.type}`;
    steps.push(id);
    const needed: Question = { name: step.name, type: step.type, class: 'IN' };
    const message = tamper(askZones(zones, needed), needed);
    const silent = given.unanswered?.includes(id);
    replies.set(
      id,
      silent
        ? { kind: 'failure', text: 'No server answers.' }
        : { kind: 'reply', rcode: message.rcode, ...signedSections(message) },
    );
  }
  throw new Error('the plan does not end');
}

/** Validates within the small Internet, its root's DS record as the trust anchor. */
export const inInternet = (net: Internet, text: string, type: RecordType, given: Circumstances = {}): Validated =>
  validate(servers(net), question(text, type), { anchors: [recordText(net.anchor)], ...given });
