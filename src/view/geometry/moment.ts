/**
 * What the narration column says besides its line: the message of the moment with its header bits and sections, the tries
 * when one was in vain, the time that a kept answer saves, and what comes next.
 */
import { between, type Instant } from '../../base/time.ts';
import { opcodeCode, rcodeCode } from '../../dns/message.ts';
import type { ResourceRecord } from '../../dns/record.ts';
import { dataOf } from '../../dns/record.ts';
import { isBackground } from '../../trace/background.ts';
import { describeMessage, hostAt, hostOf, zoneName } from '../../trace/describe.ts';
import type { Vocabulary } from '../../trace/narration.ts';
import type { Scene } from '../../trace/scene.ts';
import type { StepNumber, Visit } from '../../trace/steps.ts';
import type { MessageId, MessageRecord, PacketRecord, Trace } from '../../trace/trace.ts';
import type { Cast } from './cast.ts';
import { calledShort } from './cast.ts';
import type { Hop, HopStory, Leg } from './map/hops.ts';
import { bare } from './slips/text.ts';

export interface MomentMessage {
  readonly id: MessageId;
  readonly number: string;
  readonly size: string;
  readonly bits: readonly { readonly set: boolean; readonly label?: string; readonly wide?: boolean }[];
  readonly sections: readonly { readonly name: string; readonly count: number; readonly text: string }[];
  readonly spoken: string;
}

/** The last DNS message of the visit that has left by now. */
export function messageOfMoment(trace: Trace, sent: readonly MessageId[]): MessageId | undefined {
  return sent.findLast((id) => trace.messages[id]?.protocol === 'dns');
}

export function momentMessage(trace: Trace, id: MessageId): MomentMessage | undefined {
  const record = trace.messages[id] as MessageRecord;
  const { dns, kind } = describeMessage(trace, id);
  if (!dns) return undefined;
  const { flags } = dns;
  const bit = (set: boolean, label?: string, wide = false) => ({ set, ...(label ? { label } : {}), ...(wide ? { wide } : {}) });
  const nibble = (value: number, label: string) =>
    [3, 2, 1, 0].map((n) => bit(((value >> n) & 1) === 1, n === 3 ? label : undefined, true));
  const bits = [
    bit(flags.qr, 'QR'),
    ...nibble(opcodeCode(dns.opcode), 'opcode'),
    bit(flags.aa, 'AA'),
    bit(flags.tc, 'TC'),
    bit(flags.rd, 'RD'),
    bit(flags.ra, 'RA'),
    bit(flags.z, 'Z'),
    bit(flags.ad, 'AD'),
    bit(flags.cd, 'CD'),
    ...nibble(rcodeCode(dns.rcode) & 15, 'rcode'),
  ];
  const question = dns.question[0];
  const additional = dns.additional.length + (dns.edns ? 1 : 0);
  const sections = [
    { name: 'Question', count: dns.question.length, text: question ? `${bare(question.name)} ${question.type}` : 'empty' },
    { name: 'Answer', count: dns.answer.length, text: dns.answer.length > 0 ? summary(dns.answer) : emptyAnswer(kind) },
    {
      name: 'Authority',
      count: dns.authority.length,
      text: dns.authority.length > 0 ? authorityText(kind, dns.authority) : 'empty',
    },
    { name: 'Additional', count: additional, text: additionalText(dns.additional, dns.edns?.udpSize) },
  ];
  const on = ['QR', 'AA', 'TC', 'RD', 'RA', 'AD', 'CD'].filter((name) => flags[name.toLowerCase() as keyof typeof flags]);
  return {
    id,
    number: dns.id.toString(16).padStart(4, '0'),
    size: `${record.bytes.length} bytes, ${record.transport.toUpperCase()}`,
    bits,
    sections,
    spoken: `Header bits set: ${on.join(', ') || 'none'}. Response code ${dns.rcode}. Sections: ${sections.map((s) => `${s.count} ${s.name.toLowerCase()}`).join(', ')}.`,
  };
}

function emptyAnswer(kind: string): string {
  if (kind === 'referral') return 'empty, so this is not the answer';
  if (kind === 'truncated') return 'empty: it would not fit';
  return 'empty';
}

function summary(records: readonly ResourceRecord[]): string {
  const types = [...new Set(records.map((r) => r.type))];
  const first = records[0] as ResourceRecord;
  const address = dataOf(first, 'A')?.address ?? dataOf(first, 'AAAA')?.address;
  if (records.length === 1 && address !== undefined) return `${first.type}: ${address}, for ${first.ttl} s`;
  return `${types.join(', ')}: ${records.length === 1 ? `for ${first.ttl} s` : `${records.length} records`}`;
}

function authorityText(kind: string, records: readonly ResourceRecord[]): string {
  const soa = records.find((r) => r.type === 'SOA');
  if (soa) return 'SOA: the “no” clock';
  if (kind === 'referral') return `${records.length > 4 ? `${records.length} ` : ''}NS: ask one of these`;
  return 'NS: the zone’s own servers';
}

function additionalText(records: readonly ResourceRecord[], udpSize: number | undefined): string {
  const parts: string[] = [];
  const glue = records.filter((r) => r.type === 'A' || r.type === 'AAAA');
  const [first] = glue;
  if (first && glue.length === 1) parts.push(`${first.type}: glue for ${bare(first.name).split('.')[0]}`);
  else if (glue.length > 1) parts.push(`${glue.length} addresses: glue`);
  if (udpSize !== undefined) parts.push(parts.length > 0 ? 'OPT' : `OPT: “I take ${udpSize} over UDP”`);
  return parts.join(', ') || 'empty';
}

export interface Try {
  readonly number: number;
  readonly server: string;
  readonly detail: string;
  /** Part of its timer that is left, 0 to 1. */
  readonly left: number;
  readonly text: string;
  readonly lost: boolean;
}

/** The tries of the hop that is being asked again; empty when nothing was in vain. */
export function triesOf(trace: Trace, scene: Scene, stories: Readonly<Record<Hop, HopStory>>, now: Instant): Try[] {
  const story = (['zone0', 'zone1', 'zone2', 'stub'] as const)
    .map((hop) => stories[hop])
    .find((s) => s.state === 'live' && s.asks.filter((leg) => leg.kind === 'query').length > 1);
  const asks = story?.asks.filter((leg) => leg.kind === 'query' && leg.packet.transport === 'udp') ?? [];
  if (asks.length < 2) return [];
  const timer = scene.timers.filter((t) => t.timer === 'retryTimer').at(-1);
  return asks.slice(-4).map((leg, i, shown) => {
    const last = i === shown.length - 1;
    const { dns } = leg.packet.message === undefined ? {} : describeMessage(trace, leg.packet.message);
    const server = hostOf(trace, leg.server);
    const next = shown[i + 1] as Leg | undefined;
    const said = replyTo(trace, leg, next?.packet.sentAt ?? now);
    const waited = next ? Math.round(between(leg.packet.sentAt, next.packet.sentAt) / 1000) : undefined;
    const ticking = last && !said ? timer : undefined;
    return {
      number: asks.indexOf(leg) + 1,
      server: server.title,
      detail: `port ${leg.packet.from.port}, ID ${dns?.id.toString(16).padStart(4, '0') ?? '?'}; ${storyOf(said, waited)}.`,
      left: ticking ? Math.max(0, (ticking.due - now) / (ticking.due - ticking.setAt)) : 0,
      text: said ?? (ticking ? `${Math.max(0, Math.floor((ticking.due - now) / 1000))} ms left` : untimed(last, story?.hop)),
      lost: said === undefined ? !last : said !== 'answered',
    };
  });
}

/** What became of a try; `waited` until the next one, in milliseconds. */
function storyOf(said: string | undefined, waited: number | undefined): string {
  if (waited === undefined) return 'same question, new message';
  return said === undefined ? `${waited} ms waited in vain` : `asked again after ${waited} ms`;
}

/** A client waits for its resolver by a timer that is not drawn; a resolver without a timer has given up. */
const untimed = (last: boolean, hop: Hop | undefined): string => (last && hop === 'stub' ? 'waiting' : 'ran out');

/** What a server has said to a question by then: "answered", or that it failed; undefined when nothing has come. */
function replyTo(trace: Trace, { packet }: Leg, until: number): string | undefined {
  const reply = trace.packets.find(
    (one) =>
      one.message !== undefined &&
      one.from.address === packet.to.address &&
      one.to.address === packet.from.address &&
      one.to.port === packet.from.port &&
      one.sentAt >= packet.sentAt &&
      one.fate.kind === 'delivered' &&
      one.fate.at <= until &&
      describeMessage(trace, one.message).dns?.id === idOf(trace, packet),
  );
  if (reply?.message === undefined) return undefined;
  const { kind, dns } = describeMessage(trace, reply.message);
  return kind === 'failure' && dns ? dns.rcode : 'answered';
}

const idOf = (trace: Trace, { message }: PacketRecord): number | undefined =>
  message === undefined ? undefined : describeMessage(trace, message).dns?.id;

export interface SavedStep {
  readonly step: StepNumber;
  readonly left: number;
  readonly right: number;
  readonly state: 'past' | 'now' | 'skipped' | 'todo';
}

export interface TimeSaved {
  readonly firstLabel: string;
  readonly firstTime: string;
  readonly first: readonly SavedStep[];
  readonly here: readonly SavedStep[];
  readonly soFar: string;
  readonly skipped: string;
}

/** This visit beside an earlier one that asked more, to one scale; absent when nothing was saved. */
export function timeSaved(visits: readonly Visit[], scene: Scene, now: Instant, width: number): TimeSaved | undefined {
  const { visit } = scene;
  if (!visit || !scene.steps.some((s) => s.state === 'skipped' && s.step.number >= 3 && s.step.number <= 6)) return undefined;
  const before = visits.filter(
    (v) =>
      v.number < visit.number &&
      v.addressAt !== undefined &&
      spans(v).filter((s) => s.length > 0).length > spans(visit).filter((s) => s.length > 0).length,
  );
  const first = before.findLast((v) => v.name === visit.name) ?? before.at(-1);
  if (!first?.addressAt) return undefined;
  const whole = first.addressAt - first.from;
  const scale = width / whole;
  const own = new Map(spans(visit).map((s) => [s.step, s]));
  const told: SavedStep[] = [];
  const here: SavedStep[] = [];
  let skipped = 0;
  for (const span of spans(first)) {
    const left = (span.from - first.from) * scale;
    const right = left + span.length * scale;
    told.push({ step: span.step, left, right, state: 'past' });
    const mine = own.get(span.step);
    const state = scene.steps.find((s) => s.step.number === span.step)?.state;
    if (state === 'skipped') {
      skipped += span.length;
      here.push({ step: span.step, left, right, state: 'skipped' });
    } else if (mine && mine.length > 0 && mine.from <= now) {
      const reached = Math.min(right, left + (Math.min(now, mine.from + mine.length) - mine.from) * scale);
      here.push({ step: span.step, left, right: reached, state: now >= mine.from + mine.length ? 'past' : 'now' });
      if (reached < right - 1 && now < mine.from + mine.length)
        here.push({ step: span.step, left: reached, right, state: 'todo' });
    } else here.push({ step: span.step, left, right, state: 'todo' });
  }
  const end = Math.min(now, visit.addressAt ?? now);
  return {
    firstLabel: first.number === 1 ? 'First visit' : `Visit ${first.number}`,
    firstTime: ms(whole),
    first: told,
    here,
    soFar: `${ms(end - visit.from)} ${visit.addressAt !== undefined && now >= visit.addressAt ? 'in all' : 'so far'},`,
    skipped: `${ms(skipped)} skipped`,
  };
}

/** How long each of the steps 1 to 7 lasted: from its beginning to the next one's. */
function spans(visit: Visit): { step: StepNumber; from: number; length: number }[] {
  const end = visit.addressAt ?? visit.to ?? visit.from;
  const marks = visit.steps
    .filter((step) => step.number <= 7 && step.passes.length > 0 && step.from !== undefined)
    .map((step) => ({ step: step.number, from: step.from as Instant }))
    .sort((a, b) => a.from - b.from || a.step - b.step);
  return marks.map(({ step, from }, i) => ({ step, from, length: Math.max(0, (marks[i + 1]?.from ?? end) - from) }));
}

const ms = (micros: number): string => `${(Math.floor(micros / 100) / 10).toFixed(1)} ms`;

/** Whether a pass is about the keys of a zone (RFC 4035 §5), not about the name itself. */
const asksForKeys = (pass: { readonly question?: string } | undefined): boolean => /\s(DNSKEY|DS)$/.test(pass?.question ?? '');

/** One step ahead and no further: "the resolver asks ns-2048". Absent at the end. */
export function nextWords(trace: Trace, scene: Scene, cast: Cast): string | undefined {
  const { visit } = scene;
  if (!visit) return undefined;
  const now = scene.position.at;
  const coming = visit.steps
    .flatMap((step) => step.passes.map((pass) => ({ number: step.number, pass })))
    .filter(({ pass }) => pass.from > now || (pass.from === now && scene.turn !== undefined && pass.fromTurn > scene.turn.id))
    .sort((a, b) => a.pass.from - b.pass.from)[0];
  if (!coming) return undefined;
  const client = cast.client.role === 'browser' ? 'the browser' : 'the program';
  const server = coming.pass.server === undefined ? undefined : hostOf(trace, coming.pass.server);
  const active = scene.steps.find(({ step, state }) => (step.number === 3 || step.number === 4) && state === 'active');
  const read = active?.step.passes[active.pass - 1];
  const kept =
    !active || coming.pass.purpose === 'retry' ? '' : `${asksForKeys(read) ? 'checks the keys' : 'notes the names'}, then `;
  const wanted = asksForKeys(coming.pass) ? ' for its keys' : '';
  const called = server ? withArticle(unbroken(calledShort(server, cast.name))) : 'one of them';
  const direct = visit.steps[1]?.passes.length === 0;
  switch (coming.number) {
    case 2:
      return `${client} asks its resolver.`;
    case 3:
      return `the resolver ${coming.pass.purpose === 'retry' ? 'asks another root server' : 'asks a root server'}${wanted}.`;
    case 4:
      return `the resolver ${kept}asks ${coming.pass.purpose === 'retry' ? 'another' : 'a'} ${zoneName(cast.zones[1].zone ?? cast.zones[1].wanted)} server${wanted}.`;
    case 5:
      return direct ? `${client} asks ${called} itself.` : `the resolver ${kept}asks ${called}${wanted}.`;
    case 6:
      return coming.pass.purpose === 'tcp' ? 'the resolver asks the same again, by TCP.' : `${called} looks in its zone.`;
    case 7:
      return `the resolver answers ${client}.`;
    case 8:
      return `${client} goes to ${visit.conclusion?.kind === 'page' ? visit.conclusion.address : 'the web server'} itself.`;
    default:
      return 'the web server sends the page.';
  }
}

/** Names of one word stand alone, "ns-2048"; titles do not: "the AWS name server". */
const withArticle = (name: string): string => (name.includes(' ') ? `the ${name}` : name);
/** A server's name is not broken at its hyphen. */
const unbroken = (text: string): string => text.replaceAll('-', '\u2060-\u2060');

/** What is told between the lines of a lesson: who is doing what just now, with the protocol's words. */
export function plainTelling(
  trace: Trace,
  scene: Scene,
  cast: Cast,
): { headline: string; plain: string; term?: string; vocabulary?: Vocabulary; sentence?: boolean } | undefined {
  const own = <T extends { readonly packet: PacketRecord }>(all: readonly T[]): T[] =>
    all.filter((one) => !isBackground(trace, one.packet.turn));
  const flights = own(scene.flights);
  const flight = flights.findLast((f) => f.packet.message !== undefined) ?? flights.at(-1);
  const packet = flight?.packet ?? own(scene.readings).at(-1)?.packet;
  if (!packet) return undefined;
  const from = hostAt(trace, packet.from.address);
  const to = hostAt(trace, packet.to.address);
  if (!from || !to || packet.message === undefined) {
    if (packet.tcp?.flags.syn)
      return {
        headline: 'First they shake hands.',
        plain: 'TCP opens a connection before anything is asked: one round trip.',
        term: 'SYN, SYN-ACK',
        vocabulary: 'TCP',
      };
    return undefined;
  }
  const { kind, dns } = describeMessage(trace, packet.message);
  if (kind !== 'query' || from.role !== 'resolver' || to.role !== 'authoritative') return undefined;
  const called = calledShort(to, dns?.question[0]?.name ?? cast.name);
  const who = called === 'root' ? 'a root server' : called.startsWith('.') ? `a ${called} server` : withArticle(called);
  const wanted = dns?.question[0]?.type;
  if (wanted === 'NS' && called === 'root')
    return {
      headline: 'The resolver asks who the root servers are.',
      plain: 'Its list of them has run out, and so it begins with the addresses built in.',
      term: `A priming query for NS records, to ${packet.to.address} port ${packet.to.port}.`,
      sentence: true,
    };
  if (wanted === 'DNSKEY' || wanted === 'DS')
    return {
      headline: `The resolver asks ${who} for ${wanted === 'DS' ? 'a fingerprint' : 'its keys'}.`,
      plain: 'Nobody has asked it for these. It checks what it has been told.',
      term: `A query for ${wanted} records, to ${packet.to.address} port ${packet.to.port}.`,
      sentence: true,
    };
  return {
    headline: `The resolver asks ${who}.`,
    plain: 'It prints the question again, as a message of its own. The point of the slip marks the exact place.',
    term: `An iterative query, RD ${dns?.flags.rd ? 1 : 0}, to ${packet.to.address} port ${packet.to.port}.`,
    sentence: true,
  };
}
