/** What each subject of the pattern language finds in a trace: the occurrences and their fields. */
import { isIPv6 } from '../base/address.ts';
import { between, type Instant, inMilliseconds, inSeconds, wholeSeconds } from '../base/time.ts';
import type { Message } from '../dns/message.ts';
import { dataText } from '../dns/presentation.ts';
import { dataOf, type ResourceRecord } from '../dns/record.ts';
import { cacheHistories, entriesAt } from './caches.ts';
import { causesOf } from './causes.ts';
import { describeMessage, describePacket, hostAt, hostOf, zoneAsked, zoneName } from './describe.ts';
import { memoised } from './memo.ts';
import type { FieldValue, Occurrence, Subject } from './patternFields.ts';
import { figuresOf, routeIn } from './routes.ts';
import { type Pass, rail, type Visit } from './steps.ts';
import type { HostRecord, MessageRecord, PacketRecord, StateValue, StimulusId, Trace, Turn, TurnId } from './trace.ts';
import { visitsOf } from './visits.ts';

type Fields = { [field: string]: FieldValue };

/** All occurrences of a subject, in order of time. */
export const occurrencesOf = (trace: Trace, subject: Subject): Occurrence[] =>
  FINDERS[subject](trace).sort((a, b) => a.turn - b.turn || a.effect - b.effect);

const FINDERS: Readonly<Record<Subject, (trace: Trace) => Occurrence[]>> = {
  message: (trace) => trace.messages.map((message) => ofMessage(trace, message)),
  packet: (trace) => trace.packets.map((packet) => ofPacket(trace, packet)),
  state: (trace) => trace.turns.flatMap((turn) => statesOf(trace, turn)),
  decision: (trace) => trace.turns.flatMap((turn) => decisionsOf(trace, turn)),
  kept: (trace) => trace.turns.flatMap((turn) => keptIn(trace, turn)),
  held: (trace) => visitsOf(trace).flatMap((visit) => heldIn(trace, visit)),
  step: (trace) => visitsOf(trace).flatMap((visit) => stepsOf(visit)),
  timer: (trace) => trace.turns.flatMap((turn) => timersOf(trace, turn)),
  stimulus: (trace) => trace.turns.flatMap((turn) => stimuliOf(trace, turn)),
  visit: (trace) => visitsOf(trace).map((visit) => ofVisit(trace, visit)),
  end: (trace) => visitsOf(trace).flatMap((visit) => endOf(trace, visit)),
};

/** Names by which an actor goes: its id, its role, its title, and the zone that it is asked about. */
const namesOf = (host: HostRecord | undefined, dns?: Message): readonly string[] => (host ? actorNames(host, dns) : ['nobody']);

export function actorNames(host: Pick<HostRecord, 'id' | 'role' | 'title' | 'zones'>, dns?: Message): readonly string[] {
  if (host.role !== 'authoritative') return [host.id, host.role];
  const zone = zoneAsked(host, dns?.question[0]?.name);
  const word = zone === undefined ? [] : [zone === '.' ? 'root' : zone.slice(0, -1)];
  return [host.id, host.title, ...word, host.role];
}

/** The fields that every occurrence has. */
function common(trace: Trace, turn: TurnId, at: Instant): Fields {
  const visit = visitOf(trace, turn);
  return visit ? { visit: visit.number, after: inMilliseconds(between(visit.from, at)) } : {};
}

/** The visit that a turn goes back to. */
export function visitOf(trace: Trace, turn: TurnId): Visit | undefined {
  const stimulus = causesOf(trace).stimulus[turn];
  return stimulus === undefined
    ? undefined
    : visitsByStimulus(trace)
        .get(stimulus)
        ?.findLast((visit) => visit.turn <= turn);
}

const visitsByStimulus: (trace: Trace) => ReadonlyMap<StimulusId, readonly Visit[]> = memoised((trace) => {
  const groups = new Map<StimulusId, Visit[]>();
  for (const visit of visitsOf(trace)) groups.set(visit.stimulus, [...(groups.get(visit.stimulus) ?? []), visit]);
  return groups;
});

/** Which pass of which step each message belongs to. */
const placesInSteps: (trace: Trace) => ReadonlyMap<number, { step: number; nth: number; pass: Pass }> = memoised((trace) => {
  const places = new Map<number, { step: number; nth: number; pass: Pass }>();
  for (const visit of visitsOf(trace))
    for (const step of visit.steps)
      for (const [i, pass] of step.passes.entries())
        for (const message of pass.messages) places.set(message, { step: step.number, nth: i + 1, pass });
  return places;
});

function ofMessage(trace: Trace, message: MessageRecord): Occurrence {
  const { kind, dns, line, bytes } = describeMessage(trace, message.id);
  const place = placesInSteps(trace).get(message.id);
  const readIn = causesOf(trace).readIn[message.id];
  const over = readIn === undefined ? undefined : trace.turns[readIn];
  const fields: Fields = {
    ...common(trace, message.turn, message.sentAt),
    kind,
    protocol: message.protocol,
    transport: message.transport,
    from: namesOf(hostOf(trace, message.fromHost), dns),
    to: namesOf(hostAt(trace, message.to.address), dns),
    bytes,
    fate: fateOf(trace.packets[message.packets.at(-1) ?? -1]),
    line,
    host: /^host: *(\S+)/im.exec(line === undefined ? '' : new TextDecoder().decode(message.bytes))?.[1],
    ...(place ? { step: place.step, pass: place.nth, purpose: place.pass.purpose } : {}),
    ...(dns ? dnsFields(dns) : {}),
    zone: zoneOf(trace, message, dns),
  };
  return {
    at: message.sentAt,
    turn: message.turn,
    effect: causesOf(trace).effect[message.id] ?? 0,
    until: over?.at ?? message.sentAt,
    untilTurn: over?.id ?? message.turn,
    fields,
  };
}

/** The zone that the authoritative server at one end is asked about. */
function zoneOf(trace: Trace, message: MessageRecord, dns: Message | undefined): string | undefined {
  const server = [message.from.address, message.to.address]
    .map((at) => hostAt(trace, at))
    .find((host) => host?.role === 'authoritative');
  const zone = server && zoneAsked(server, dns?.question[0]?.name);
  return zone && zoneName(zone);
}

function dnsFields(dns: Message): Fields {
  const { flags, question, answer, authority, additional, edns } = dns;
  const bit = (set: boolean): number => (set ? 1 : 0);
  const soa = authority.find((r) => r.type === 'SOA');
  const cut = answer.length === 0 && !soa ? authority.find((r) => r.type === 'NS') : undefined;
  const first = answer[0] ?? soa ?? authority[0];
  return {
    name: question[0]?.name,
    type: question[0]?.type,
    rcode: dns.rcode,
    id: dns.id,
    qr: bit(flags.qr),
    aa: bit(flags.aa),
    tc: bit(flags.tc),
    rd: bit(flags.rd),
    ra: bit(flags.ra),
    ad: bit(flags.ad),
    cd: bit(flags.cd),
    answer: answer.length,
    authority: authority.length,
    additional: additional.length + (edns ? 1 : 0),
    ns: authority.filter((r) => r.type === 'NS').length,
    glue: additional.filter(isAddress).length,
    edns: edns?.udpSize ?? 0,
    ...subnetFields(dns),
    ttl: first?.ttl,
    minimum: soa && dataOf(soa, 'SOA')?.minimum,
    address: answer.flatMap((r) => addressIn(r) ?? []),
    ttls: answer.map((r) => r.ttl),
    value: answer.map((r) => dataText(r.type, r.data)),
    cut: cut && zoneName(cut.name),
    types: answer.map((r) => r.type),
  };
}

function subnetFields({ edns, flags }: Message): Fields {
  const option = edns?.options.find((one) => one.option === 'client-subnet');
  return option ? { subnet: option.subnet, ...(flags.qr ? { scope: option.scope } : {}) } : {};
}

const isAddress = (r: ResourceRecord): boolean => r.type === 'A' || r.type === 'AAAA';
const addressIn = (r: ResourceRecord): string | undefined => (dataOf(r, 'A') ?? dataOf(r, 'AAAA'))?.address;

const fateOf = (packet: PacketRecord | undefined): string =>
  packet === undefined ? 'unsent' : packet.fate.kind === 'dropped' ? 'lost' : packet.fate.kind;

function ofPacket(trace: Trace, packet: PacketRecord): Occurrence {
  const { kind } = describePacket(trace, packet.id);
  const { fate, sentAt, turn } = packet;
  const dns = packet.message === undefined ? undefined : describeMessage(trace, packet.message).dns;
  const fields: Fields = {
    ...common(trace, turn, sentAt),
    kind,
    transport: packet.transport,
    from: namesOf(hostAt(trace, packet.from.address), dns),
    to: namesOf(hostAt(trace, packet.to.address), dns),
    family: isIPv6(packet.to.address) ? 6 : 4,
    source: packet.from.address,
    port: packet.to.port,
    bytes: packet.payload.length,
    fate: fateOf(packet),
    reason: fate.kind === 'dropped' ? fate.reason.rule : undefined,
    name: dns?.question[0]?.name,
    type: dns?.question[0]?.type,
  };
  return { at: sentAt, turn, effect: causesOf(trace).effect[packet.message ?? -1] ?? 0, until: fate.at, untilTurn: turn, fields };
}

const inTurn = (trace: Trace, turn: Turn, fields: Fields, effect = 0): Occurrence => ({
  at: turn.at,
  turn: turn.id,
  effect,
  until: turn.at,
  untilTurn: turn.id,
  fields: { ...common(trace, turn.id, turn.at), ...fields },
});

const statesOf = (trace: Trace, turn: Turn): Occurrence[] =>
  turn.moves
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to))
    .map(({ machine, to, effectsSoFar }) =>
      inTurn(trace, turn, { machine, state: leaves(to), host: namesOf(hostOf(trace, turn.host)) }, effectsSoFar),
    );

/** The names in a state's value: "overTcp", "waiting". */
const leaves = (state: StateValue): string[] =>
  typeof state === 'string' ? [state] : Object.entries(state).flatMap(([region, inner]) => [region, ...leaves(inner)]);

const decisionsOf = (trace: Trace, turn: Turn): Occurrence[] =>
  turn.effects.flatMap((effect, i) => {
    if (effect.kind !== 'decide') return [];
    const { about, outcome, reasons } = effect.decision;
    const host = namesOf(hostOf(trace, turn.host));
    const route = routeIn(effect.decision);
    const figures: Fields = route ? { ...figuresOf(route) } : {};
    const fields = { about, outcome, rule: reasons.map((r) => r.rule), host, seconds: inSeconds(turn.at), ...figures };
    return [inTurn(trace, turn, fields, i + 1)];
  });

const keptIn = (trace: Trace, turn: Turn): Occurrence[] =>
  turn.effects.flatMap((effect, i) => {
    if (effect.kind !== 'remember') return [];
    const { cache, kind, name, type, rcode, ttl, trust, records } = effect.entry;
    return [
      inTurn(trace, turn, { cache: [cache, turn.host], kind, name, type, rcode, ttl, trust, count: records.length }, i + 1),
    ];
  });

/** Every entry of the caches that a visit meets, at the moment when they are searched. */
function heldIn(trace: Trace, visit: Visit): Occurrence[] {
  return [...cacheHistories(trace)].flatMap(([cache, history]) => {
    const host = cache.split('/')[0] as string;
    const turn = searchingTurn(trace, visit, host);
    if (!turn) return [];
    return entriesAt(history, { turn: turn.id, effects: 0 }).map((entry) => {
      const left = Math.max(0, wholeSeconds(between(turn.at, entry.expiresAt)));
      const { kind, name, type, ttl, records } = entry;
      const expired = turn.at >= entry.expiresAt ? 1 : 0;
      return inTurn(trace, turn, {
        visit: visit.number,
        cache: [cache, host],
        kind,
        name,
        type,
        ttl,
        left,
        expired,
        count: records.length,
      });
    });
  });
}

/** The turn in which a visit's question reaches a host; for the client itself, the first one. */
function searchingTurn(trace: Trace, visit: Visit, host: string): Turn | undefined {
  if (host === visit.client) return trace.turns[visit.turn];
  const asking = visit.steps[1]?.passes.find((pass) => pass.toTurn !== undefined && trace.turns[pass.toTurn]?.host === host);
  return asking?.toTurn === undefined ? undefined : trace.turns[asking.toTurn];
}

const stepsOf = (visit: Visit): Occurrence[] =>
  visit.steps.flatMap((step) => {
    if (step.from === undefined || step.fromTurn === undefined) return [];
    const { number, outcome, because, kept, passes, from, fromTurn } = step;
    const fields: Fields = {
      visit: visit.number,
      after: inMilliseconds(between(visit.from, from)),
      number,
      outcome,
      because,
      passes: passes.length,
      left: kept && wholeSeconds(kept.left),
      ttl: kept?.entry.ttl,
    };
    const last = passes.at(-1);
    return [{ at: from, turn: fromTurn, effect: 0, until: step.to ?? from, untilTurn: last?.toTurn ?? fromTurn, fields }];
  });

function timersOf(trace: Trace, turn: Turn): Occurrence[] {
  const { cause } = turn;
  if (cause.kind !== 'timer') return [];
  const set = turn.causedBy === undefined ? undefined : trace.turns[turn.causedBy];
  const machine = turn.moves[0]?.machine;
  const took = set && inMilliseconds(between(set.at, turn.at));
  return [inTurn(trace, turn, { timer: cause.timer, machine, host: namesOf(hostOf(trace, turn.host)), took })];
}

function stimuliOf(trace: Trace, turn: Turn): Occurrence[] {
  if (turn.cause.kind !== 'stimulus') return [];
  const { stimulus: id } = turn.cause;
  const packets = packetsOf(trace).get(id) ?? 0;
  return [inTurn(trace, turn, { action: trace.stimuli[id]?.action, host: namesOf(hostOf(trace, turn.host)), packets })];
}

/** How many packets go back to each stimulus. */
const packetsOf: (trace: Trace) => ReadonlyMap<StimulusId, number> = memoised((trace) => {
  const { stimulus } = causesOf(trace);
  const counts = new Map<StimulusId, number>();
  for (const { turn } of trace.packets) {
    const id = stimulus[turn];
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
});

function ofVisit(trace: Trace, visit: Visit): Occurrence {
  const messages = trace.messages.filter((message) => visitOf(trace, message.turn) === visit);
  const described = messages.map((message) => ({ message, ...describeMessage(trace, message.id) }));
  const queries = described.filter(({ kind }) => kind === 'query');
  const answers = described.filter(({ message }) => message.to.port !== 53 && message.protocol === 'dns');
  const answer = answers.findLast(({ message }) => message.toHost === visit.client)?.dns;
  const { conclusion } = visit;
  const ms = (until: Instant | undefined): number | undefined =>
    until === undefined ? undefined : inMilliseconds(between(visit.from, until));
  const fields: Fields = {
    visit: visit.number,
    number: visit.number,
    after: 0,
    client: namesOf(hostOf(trace, visit.client)),
    rail: rail(visit),
    outcome: conclusion?.kind,
    code: conclusion?.kind === 'error-page' ? conclusion.code : undefined,
    status: conclusion?.kind === 'page' ? conclusion.status : undefined,
    rcode: answer?.rcode,
    address: ms(visit.addressAt),
    shown: conclusion?.kind === 'page' || conclusion?.kind === 'error-page' ? ms(visit.to) : undefined,
    dns: described.filter(({ message }) => message.protocol === 'dns').length,
    queries: queries.length,
    upstream: queries.filter(({ message }) => message.fromHost !== visit.client).length,
    ids: new Set(queries.map(({ dns }) => dns?.id)).size,
    drawn: drawnIn(trace, visit),
    requests: described.filter(({ kind }) => kind === 'http-request').length,
    at: conclusion?.kind === 'page' || conclusion?.kind === 'delivered' ? conclusion.address : undefined,
  };
  return { at: visit.from, turn: visit.turn, effect: 0, until: visit.to ?? trace.end, untilTurn: visit.turn, fields };
}

/** How often each record was given in a visit, the one given most often first; undefined when Route 53 chose nothing. */
function drawnIn(trace: Trace, visit: Visit): string | undefined {
  const times = new Map<string, number>();
  for (const turn of trace.turns)
    for (const effect of turn.effects) {
      const route = effect.kind === 'decide' && visitOf(trace, turn.id) === visit ? routeIn(effect.decision) : undefined;
      for (const label of route ? figuresOf(route).chosen : []) times.set(label, (times.get(label) ?? 0) + 1);
    }
  const told = [...times].sort((a, b) => b[1] - a[1]).map(([label, n]) => `${label} ${n === 1 ? 'once' : `${n} times`}`);
  return told.length === 0 ? undefined : told.join(', ');
}

/** A visit as an occurrence of its end. */
function endOf(trace: Trace, visit: Visit): Occurrence[] {
  if (visit.to === undefined || visit.endTurn === undefined) return [];
  return [
    {
      ...ofVisit(trace, visit),
      at: visit.to,
      turn: visit.endTurn,
      effect: trace.turns[visit.endTurn]?.effects.length ?? 0,
      until: visit.to,
      untilTurn: visit.endTurn,
    },
  ];
}
