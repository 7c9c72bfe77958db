/**
 * The five hops of the map (client and resolver, resolver and each of three zones, client and web server): what went along
 * each in the visit at hand, and how its two rails are inked at an instant.
 */
import { foregroundPackets, isBackground } from '../../../trace/background.ts';
import {
  describeMessage,
  describePacket,
  hostAt,
  isForged,
  type MessageKind,
  type SegmentKind,
} from '../../../trace/describe.ts';
import { lastIndexWhere } from '../../../trace/intervals.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { StepNumber, Visit } from '../../../trace/steps.ts';
import type { HostId, PacketRecord, Trace } from '../../../trace/trace.ts';
import { type Cast, terraceOf } from '../cast.ts';
import type { Layout } from '../layout/layout.ts';
import { type Point, pointAt, type Rail, railLength, railPath, type Track } from './rails.ts';

export const HOPS = ['stub', 'zone0', 'zone1', 'zone2', 'web'] as const;
export type Hop = (typeof HOPS)[number];
/** The steps whose being skipped makes a hop a phantom line. */
const STEPS_OF: Readonly<Record<Hop, readonly [StepNumber, StepNumber]>> = {
  stub: [2, 7],
  zone0: [3, 3],
  zone1: [4, 4],
  zone2: [5, 6],
  web: [8, 9],
};

/** One packet along a rail. */
export interface Leg {
  readonly packet: PacketRecord;
  readonly kind: MessageKind | SegmentKind;
  readonly direction: 'ask' | 'reply';
  readonly server: HostId;
  /** Arrival, or when it would have arrived. */
  readonly due: number;
  /** Where on the rail it dies, 0 to 1. */
  readonly lostAt?: number;
  /** What its message asks or answers. */
  readonly question?: string;
}

/** What a hop has seen so far in this visit. */
export interface HopStory {
  readonly hop: Hop;
  readonly state: 'todo' | 'live' | 'past' | 'skipped';
  /** The last question and the response to it. */
  readonly ask?: Leg;
  readonly reply?: Leg;
  /** Every question sent, in order; more than one when it was asked again. */
  readonly asks: readonly Leg[];
}

export const trackOf = (layout: Layout, hop: Hop): Track =>
  hop === 'stub' ? layout.tracks.stub : hop === 'web' ? layout.tracks.web : (layout.tracks.zones[Number(hop[4])] as Track);

export const gapOf = (layout: Layout, hop: Hop) =>
  hop === 'stub' ? layout.gaps.stub : hop === 'web' ? layout.gaps.web : layout.gaps.zones;

/** The hop that a packet travels and in which direction; undefined when it is no part of this map. */
export function hopOf(
  trace: Trace,
  cast: Cast,
  packet: PacketRecord,
): { hop: Hop; direction: Leg['direction']; server: HostId } | undefined {
  const from = hostAt(trace, packet.from.address);
  const to = hostAt(trace, packet.to.address);
  if (!from || !to || isBackground(trace, packet.turn)) return undefined;
  for (const [near, far, direction] of [
    [from, to, 'ask'],
    [to, from, 'reply'],
  ] as const) {
    if (near === cast.client && far === cast.resolver) return { hop: 'stub', direction, server: far.id };
    if (near === cast.client && (far.role === 'web' || far.role === 'mail')) return { hop: 'web', direction, server: far.id };
    if (near === cast.resolver && far.role === 'authoritative') {
      const about = packet.message === undefined ? undefined : describeMessage(trace, packet.message).dns?.question[0]?.name;
      const terrace = terraceOf(cast, far, about ?? cast.name);
      return terrace === undefined ? undefined : { hop: `zone${terrace}` as Hop, direction, server: far.id };
    }
  }
  return undefined;
}

/** The story of every hop since the visit began. */
export function hopStories(trace: Trace, scene: Scene, cast: Cast): Record<Hop, HopStory> {
  const legs = new Map<Hop, Leg[]>();
  const { visit, position } = scene;
  if (visit)
    for (const packet of packetsBetween(trace, visit.from, position.at)) {
      if (packet.turn < visit.turn || (position.turn !== undefined && packet.turn > position.turn)) continue;
      const where = hopOf(trace, cast, packet);
      if (!where || (isForged(trace, packet) && !isHeeded(visit, packet))) continue;
      const question = packet.message === undefined ? undefined : describeMessage(trace, packet.message).question;
      const leg: Leg = {
        packet,
        kind: describePacket(trace, packet.id).kind,
        ...(question === undefined ? {} : { question }),
        direction: where.direction,
        server: where.server,
        ...journeyOf(packet),
      };
      const known = legs.get(where.hop);
      if (known) known.push(leg);
      else legs.set(where.hop, [leg]);
    }
  return Object.fromEntries(HOPS.map((hop) => [hop, story(hop, legs.get(hop) ?? [], scene)])) as Record<Hop, HopStory>;
}

/** Whether a message is part of the visit's steps: a forgery that nobody believes is not. */
const isHeeded = (visit: Visit, { message }: PacketRecord): boolean =>
  visit.steps.some(({ passes }) => passes.some(({ messages }) => message !== undefined && messages.includes(message)));

/** One length of ink on the map. */
export interface Ink {
  readonly d: string;
  /** todo, skip, or the hue: q query, r referral, a answer, n firm no, e error, h outside DNS. */
  readonly hue: 'todo' | 'skip' | 'q' | 'r' | 'a' | 'n' | 'e' | 'h';
  readonly weight: 'thin' | 'past' | 'query' | 'reply';
  /** HTTP is a double line. */
  readonly double: boolean;
  /** While something is on its way: this ink is seen only behind its point. */
  readonly behind?: Behind;
}

/** The part of a rail that a packet on its way has behind it. */
export interface Behind {
  readonly packet: number;
  readonly line: Rail;
  /** Whether it goes from the rail's far end to the near one. */
  readonly back: boolean;
}

/** How a hop's rails are inked. `places` gives, for a packet in flight, how much of the rail is behind its point. */
export function railInk(layout: Layout, told: HopStory, places: (leg: Leg) => number | undefined): Ink[] {
  const track = trackOf(layout, told.hop);
  if (told.state === 'skipped') return [ink(railPath(track.middle), 'skip', 'thin')];
  const ink1 = legInk(track.ask, told.ask, told.state === 'past' ? 'past' : 'query', places);
  const ink2 = legInk(track.reply, told.reply, 'past', places);
  return [...ink1, ...ink2];
}

function legInk(line: Rail, leg: Leg | undefined, settled: Ink['weight'], places: (leg: Leg) => number | undefined): Ink[] {
  const back = leg?.direction === 'reply';
  const whole = (from: number, to: number): string => railPath(line, back ? 1 - from : from, back ? 1 - to : to);
  if (!leg) return [ink(railPath(line), 'todo', 'thin')];
  const hue = hueOf(leg.kind);
  const double = leg.kind === 'http-request' || leg.kind === 'http-response';
  const place = places(leg);
  if (place === undefined && leg.lostAt !== undefined)
    return [ink(whole(leg.lostAt, 1), 'todo', 'thin'), ink(whole(0, leg.lostAt), hue, 'past')];
  if (place === undefined || place >= 1)
    return [ink(whole(0, 1), hue, place === undefined ? settled : back ? 'reply' : 'query', double)];
  return [
    ink(railPath(line), 'todo', 'thin'),
    { ...ink(whole(0, 1), hue, 'reply', double), behind: { packet: leg.packet.id, line, back } },
  ];
}

/** A window as large as the map, moved so that only a part of a rail shows in it; in pixels. */
export interface Pane {
  readonly x: number;
  readonly y: number;
}

/**
 * Where the pane stands that shows what of a rail lies behind a packet, when so much of it does (0 to 1). Rails never turn
 * back, so what lies behind a point of one is in one quadrant. Moving a pane costs a browser next to nothing; drawing
 * another path costs it a layout and a painting.
 */
export function paneOf({ line, back }: Behind, inked: number, width: number, height: number): Pane {
  const near = line.corners[0] as Point;
  const far = line.corners.at(-1) as Point;
  const [from, to] = back ? [far, near] : [near, far];
  // The ink ends 6 px short of the point, and the pane shows half a line's width more.
  const along = Math.max(0, inked - (6 + HALF) / railLength(line));
  const at = pointAt(line, back ? 1 - along : along);
  return { x: edge(at.x, from.x, to.x - from.x, width), y: edge(at.y, from.y, to.y - from.y, height) };
}

/** Half of the widest rail, HTTP's on a wall: so much of a bend sticks out of its quadrant. */
const HALF = 7;

/** How far a pane is moved along one axis to show what lies on the side of `from`; not at all where the rail is level. */
function edge(at: number, from: number, way: number, size: number): number {
  if (way > 0) return Math.max(at, from) + HALF - size;
  return way < 0 ? Math.min(at, from) - HALF : 0;
}

const ink = (d: string, hue: Ink['hue'], weight: Ink['weight'], double = false): Ink => ({ d, hue, weight, double });

export function hueOf(kind: MessageKind | SegmentKind): Ink['hue'] {
  switch (kind) {
    case 'query':
      return 'q';
    case 'referral':
      return 'r';
    case 'answer':
    case 'cname':
    case 'truncated':
      return 'a';
    case 'no-such-name':
    case 'no-such-type':
      return 'n';
    case 'failure':
    case 'malformed':
    case 'tcp-reset':
      return 'e';
    default:
      return 'h';
  }
}

function story(hop: Hop, legs: readonly Leg[], scene: Scene): HopStory {
  const all = legs.filter((leg) => leg.direction === 'ask' && matters(leg));
  const ask = all.at(-1);
  // Another question on the same hop, for a CNAME's target or another type, is no second try.
  const question = all.findLast((leg) => leg.question !== undefined)?.question;
  const asks = all.filter((leg) => leg.question === undefined || leg.question === question);
  const last = legs.findLast((leg) => leg.direction === 'reply' && matters(leg));
  const reply = last && ask && last.packet.id > ask.packet.id ? last : undefined;
  const [from, to] = STEPS_OF[hop];
  const skipped = scene.steps.some(({ step, state }) => (step.number === from || step.number === to) && state === 'skipped');
  const finished = ask && hasArrived(reply, scene.position.at);
  const state = ask ? (finished ? 'past' : 'live') : skipped ? 'skipped' : 'todo';
  return { hop, state, asks, ...(ask ? { ask } : {}), ...(reply ? { reply } : {}) };
}

/** Whether a leg has come to its end; one that is lost never does. */
export const hasArrived = (leg: Leg | undefined, now: number): boolean =>
  leg !== undefined && leg.lostAt === undefined && leg.due <= now;

/** Whether a leg is on its way, neither arrived nor lost yet. */
export const isUnderway = (leg: Leg, now: number): boolean =>
  leg.packet.sentAt <= now && (leg.lostAt === undefined ? leg.due > now : leg.packet.fate.at > now);

/** Bare acknowledgements and the closing of a connection are left out: they would hide what carried the message. */
const matters = ({ kind }: Leg): boolean => kind !== 'tcp-ack' && kind !== 'tcp-fin' && kind !== 'copy';

/** When a packet arrives, or would, and where on its way it dies. */
export function journeyOf({ fate, sentAt }: PacketRecord): { due: number; lostAt?: number } {
  if (fate.kind !== 'dropped') return { due: fate.at };
  const due = Math.max(fate.due, fate.at, sentAt + 1);
  return { due, lostAt: Math.min(0.98, Math.max(0.02, (fate.at - sentAt) / (due - sentAt))) };
}

/** Packets sent from `from` to `to`, both included; of probes there may be thousands, and none is part of a hop. */
function packetsBetween(trace: Trace, from: number, to: number): readonly PacketRecord[] {
  const packets = foregroundPackets(trace);
  const before = lastIndexWhere(packets, ({ sentAt }) => sentAt < from);
  const last = lastIndexWhere(packets, ({ sentAt }) => sentAt <= to);
  return packets.slice(before + 1, last + 1);
}
