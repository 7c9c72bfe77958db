/**
 * The slips on the map at an instant: those on their way, those being fed into a receiver, and those that lie beside a rail
 * because they were lost or cut short.
 */
import { between, formatDuration, type Instant } from '../../base/time.ts';
import { describeMessage, describePacket, hostOf, isForged } from '../../trace/describe.ts';
import type { Scene } from '../../trace/scene.ts';
import type { PacketRecord, Trace } from '../../trace/trace.ts';
import { type Cast, markOf } from './cast.ts';
import { type Whereabouts, whereabouts } from './flight.ts';
import { gapOf, type Hop, type HopStory, hasArrived, hopOf, type Leg, trackOf } from './hops.ts';
import type { Layout } from './layout.ts';
import { type Point, pointAt, type Rail, railLength } from './rails.ts';
import { type Heading, type SlipShape, type SlipSize, segmentShape, slipShape } from './slip.ts';
import { forgedText, lostText, resetText, type SlipKind, shortest, slipText } from './slipText.ts';

export interface DrawnSlip {
  readonly packet: PacketRecord;
  readonly kind: SlipKind;
  /** The accessible name: kind, sender, receiver, size. */
  readonly title: string;
  readonly shape: SlipShape;
  /** Where its point is. */
  readonly x: number;
  readonly y: number;
  readonly hop: Hop;
  /** Degrees by which it is turned: a question follows its rail down or up a slant. */
  readonly turn: number;
  /** The half-planes outside of its slits; empty for a slip that stands or lies. */
  readonly cuts: readonly Cut[];
  /** Where paper passes through a slit: a short stroke at the station. */
  readonly slit?: Cut & { readonly length: number };
  /** For one that lies beside its rail: the place it is tied to, and whether a cross marks it. */
  readonly tied?: Point & { readonly crossed: boolean };
}

/** An edge at which paper is cut off: a point of it, and the direction in which the paper is seen, in degrees. */
export interface Cut extends Point {
  readonly angle: number;
}

/** How the manner of playing bears on slips. `print` is in microseconds of virtual time. */
export interface Manner {
  readonly print: number;
  readonly stepped: boolean;
}

/** Beyond every map: no edge. */
const FAR = 100_000;
/** Half the height of the largest answer there is, so that what lies beside its rail keeps clear of it. */
const ANSWER_HALF = 54;

/** Where each packet on the map is at this instant; the rails are inked by it too. */
export function placesOf(scene: Scene, now: Instant, manner: Manner): ReadonlyMap<number, Whereabouts> {
  const places = new Map<number, Whereabouts>();
  const put = (packet: PacketRecord, due: number, busy: number, lostAt: number | undefined): void => {
    const where = whereabouts(
      { sent: packet.sentAt, due, busy, ...(lostAt === undefined ? {} : { lostAt }) },
      now,
      manner.print,
      manner.stepped,
    );
    if (where) places.set(packet.id, where);
  };
  for (const flight of scene.flights) put(flight.packet, flight.due, 0, flight.lostAt);
  for (const reading of scene.readings) put(reading.packet, reading.from, reading.to - reading.from, undefined);
  return places;
}

/** The slips on their way, and those that are being fed into a receiver. */
export function flyingSlips(
  trace: Trace,
  scene: Scene,
  cast: Cast,
  layout: Layout,
  stories: Readonly<Record<Hop, HopStory>>,
  places: ReadonlyMap<number, Whereabouts>,
): DrawnSlip[] {
  const drawn: DrawnSlip[] = [];
  const crowd = new Map<string, number>();
  let forged = 0;
  for (const { packet } of [...scene.readings, ...scene.flights]) {
    const place = places.get(packet.id);
    const where = place && hopOf(trace, cast, packet);
    if (!place || !where) continue;
    // A flood of forgeries is shown by its first: all are alike, and the true answer must be seen.
    if (isForged(trace, packet) && ++forged > 1) continue;
    const { kind } = describePacket(trace, packet.id);
    if (kind === 'tcp-ack' || kind === 'tcp-fin' || isLaterPart(trace, packet)) continue;
    const side = `${where.hop} ${where.direction} ${Math.round(place.place * 12)}`;
    const rank = crowd.get(side) ?? 0;
    crowd.set(side, rank + 1);
    drawn.push(
      flying(trace, packet, where.hop, where.direction, place, layout, retryNote(stories[where.hop], packet, trace), rank),
    );
  }
  return drawn;
}

/** Whether two lists show the same slips with the same edges, wherever these are. */
export const sameSlips = (before: readonly DrawnSlip[], after: readonly DrawnSlip[]): boolean =>
  before.length === after.length &&
  before.every((one, i) => {
    const other = after[i] as DrawnSlip;
    return (
      one.packet === other.packet &&
      one.shape === other.shape &&
      one.tied === other.tied &&
      one.slit?.x === other.slit?.x &&
      one.slit?.y === other.slit?.y &&
      one.cuts.length === other.cuts.length &&
      one.cuts.every((cut, k) => cut.x === other.cuts[k]?.x && cut.y === other.cuts[k]?.y && cut.angle === other.cuts[k]?.angle)
    );
  });

interface Paper {
  readonly kind: SlipKind;
  readonly shape: SlipShape;
  /** Whether it carries a message's text, whose body may be moved off its rail. */
  readonly written: boolean;
}
const papers = new WeakMap<Trace, Map<string, Paper>>();

/** What is written on a slip and its shape do not change while it flies, so they are set once. */
function remembered(trace: Trace, key: string, make: () => Paper): Paper {
  const memory = papers.get(trace) ?? new Map<string, Paper>();
  papers.set(trace, memory);
  let paper = memory.get(key);
  if (!paper) {
    paper = make();
    memory.set(key, paper);
  }
  return paper;
}

/** A later segment of a message whose first one has its slip already. */
const isLaterPart = (trace: Trace, packet: PacketRecord): boolean =>
  packet.message !== undefined && packet.copyOf === undefined && trace.messages[packet.message]?.packets[0] !== packet.id;

function flying(
  trace: Trace,
  packet: PacketRecord,
  hop: Hop,
  direction: Leg['direction'],
  place: Whereabouts,
  layout: Layout,
  note: string | undefined,
  rank: number,
): DrawnSlip {
  const track = trackOf(layout, hop);
  const line = direction === 'ask' ? track.ask : track.reply;
  const at = pointAt(track.middle, direction === 'ask' ? place.place : 1 - place.place);
  const along = pointAt(line, direction === 'ask' ? place.place : 1 - place.place);
  const heading = headingOf(layout, hop, direction, along);
  const about = describePacket(trace, packet.id);
  const first =
    packet.message !== undefined && packet.copyOf === undefined && trace.messages[packet.message]?.packets[0] === packet.id;
  const size = sizeFor(layout, hop, heading);
  const gap = gapOf(layout, hop);
  const brief = hop === 'stub' && layout.form !== 'phone';
  const most =
    hop === 'stub' && layout.form !== 'phone'
      ? gap.to - gap.from - 14
      : layout.form === 'phone'
        ? 172
        : size === 'large'
          ? 520
          : 250;
  const set = (shift: number): Paper =>
    remembered(trace, `${packet.id} ${heading} ${size} ${most} ${shift} ${note ?? ''}`, () => {
      const whole =
        about.kind === 'tcp-reset'
          ? resetText(trace, packet)
          : first && packet.message !== undefined
            ? isForged(trace, packet)
              ? forgedText(slipText(trace, packet.message, note))
              : slipText(trace, packet.message, note)
            : undefined;
      const text = whole && brief ? shortest(whole) : whole;
      return text
        ? { kind: text.kind, shape: slipShape(text, heading, size, { most, shift }), written: true }
        : { kind: 'http', shape: segmentShape(about.label.replace('TCP ', ''), heading, size), written: false };
    });
  const draft = set(0);
  const point = hop === 'web' ? along : at;
  const shift = Math.round(
    shiftInside(layout, hop, heading, point, draft.shape) +
      (rank > 0 ? rank * (draft.shape.height + 4) * (point.y > layout.height / 2 ? -1 : 1) : 0),
  );
  const { shape, kind } = draft.written && shift !== 0 ? set(shift) : draft;
  const upright = heading === 'up' || heading === 'down';
  const sign = heading === 'right' || heading === 'down' ? 1 : -1;
  const deep = (upright ? shape.height : shape.width) + 4;
  const fed = place.fed * deep * sign;
  const standing = place.standing && place.place === 0 ? deep * sign : 0;
  const x = point.x + (upright ? 0 : fed + standing);
  const y = point.y + (upright ? fed + standing : 0);
  const slanted = heading === 'right' && hop.startsWith('zone') && track.middle.corners.length > 2;
  const turn = slanted && !place.standing && place.fed === 0 ? chord(track.middle, place.place, shape.width) : 0;
  const base = { packet, kind, title: about.title, shape, x, y, hop, turn, cuts: [] };
  if (place.standing) return base;
  if (turn !== 0) {
    const [start, corner] = track.middle.corners as readonly [Point, Point];
    const angle = degrees(start, corner);
    const printing = railLength(track.middle) * place.place < shape.width;
    const far: Cut = { x: gap.to, y: 0, angle: 180 };
    return printing
      ? { ...base, cuts: [{ ...start, angle }], slit: { ...start, angle, length: shape.height + 4 } }
      : { ...base, cuts: [far] };
  }
  const span = clipOf(layout, hop, heading, gap);
  const edges: Cut[] = upright
    ? [
        { x: 0, y: span.from, angle: 90 },
        { x: 0, y: span.to, angle: -90 },
      ]
    : [
        { x: span.from, y: 0, angle: 0 },
        { x: span.to, y: 0, angle: 180 },
      ];
  const cuts = edges.filter((cut) => Math.abs(cut.x) < FAR && Math.abs(cut.y) < FAR);
  return { ...base, cuts, ...slitOf(span, upright ? 'y' : 'x', { x, y }, shape) };
}

/** A long thin slip lies along its rail like a train: from the point back by its own length. */
function chord(line: Rail, place: number, length: number): number {
  const tip = pointAt(line, place);
  const tail = pointAt(line, Math.max(0, place - length / railLength(line)));
  return Math.hypot(tip.x - tail.x, tip.y - tail.y) < 1
    ? degrees(line.corners[0] as Point, line.corners[1] as Point)
    : degrees(tail, tip);
}

const degrees = (from: Point, to: Point): number => (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;

/** Text stays level, so a slip heads right or left, except on roads that lead down or up. */
function headingOf(layout: Layout, hop: Hop, direction: Leg['direction'], at: Point): Heading {
  if (layout.form === 'phone') return direction === 'ask' ? 'down' : 'up';
  const level = hop !== 'web' || at.x > layout.client.window.x + layout.client.window.width / 2 + 30;
  if (level) return direction === 'ask' ? 'right' : 'left';
  return direction === 'ask' ? 'down' : 'up';
}

function sizeFor(layout: Layout, hop?: Hop, heading?: Heading): SlipSize {
  if (layout.form === 'phone') return 'small';
  if (layout.form === 'presenter') return hop === 'stub' ? 'medium' : 'large';
  // On the road along the bottom only the strip under the cache is free.
  return layout.compact && hop === 'web' && (heading === 'left' || heading === 'right') ? 'tight' : 'full';
}

/** How far the body must move so that all of it stays on the map, and on the road to the web server under the cache. */
function shiftInside(layout: Layout, hop: Hop, heading: Heading, at: Point, shape: SlipShape): number {
  const below = hop === 'web';
  const margin = below ? 3 : 6;
  if (heading === 'left' || heading === 'right') {
    const over = at.y + shape.top + shape.height + margin - layout.height;
    const under =
      (below && layout.form !== 'presenter' ? layout.ledger.y + layout.ledger.height + 3 : margin) - (at.y + shape.top);
    return over > 0 ? -over : under > 0 ? under : 0;
  }
  const right = layout.form === 'phone' ? layout.terraces[0].x : hop === 'web' ? layout.ledger.x : layout.width;
  const over = at.x + shape.left + shape.width + margin - right;
  const under = margin - (at.x + shape.left);
  return over > 0 ? -over : under > 0 ? under : 0;
}

function clipOf(layout: Layout, hop: Hop, heading: Heading, gap: { from: number; to: number }): { from: number; to: number } {
  if (hop !== 'web') return gap;
  if (heading === 'down' || heading === 'up') {
    const { window } = layout.client;
    return { from: layout.form === 'phone' ? gap.from : window.y + window.height, to: FAR };
  }
  return { from: 8, to: gap.to };
}

/** The slit shows while the body passes through it. */
function slitOf(span: { from: number; to: number }, axis: 'x' | 'y', at: Point, shape: SlipShape): Pick<DrawnSlip, 'slit'> {
  const start = (axis === 'x' ? at.x + shape.left : at.y + shape.top) + 1;
  const end = start + (axis === 'x' ? shape.width : shape.height) - 2;
  const edge = start < span.from && end > span.from ? span.from + 1 : end > span.to && start < span.to ? span.to - 1 : undefined;
  if (edge === undefined) return {};
  const length = (axis === 'x' ? shape.height : shape.width) + 4;
  const middle = axis === 'x' ? at.y + shape.top + shape.height / 2 : at.x + shape.left + shape.width / 2;
  return { slit: { x: axis === 'x' ? edge : middle, y: axis === 'x' ? middle : edge, angle: axis === 'x' ? 0 : 90, length } };
}

/** What was lost lies off its rail, tied to the cross where it died; so does an answer that was cut short, until all is there. */
export function lyingSlips(
  trace: Trace,
  scene: Scene,
  cast: Cast,
  layout: Layout,
  stories: Readonly<Record<Hop, HopStory>>,
): DrawnSlip[] {
  const now = scene.position.at;
  const size = sizeFor(layout);
  const drawn: DrawnSlip[] = [];
  for (const loss of scene.losses.slice(-2)) {
    const where = hopOf(trace, cast, loss.packet);
    const story = where && stories[where.hop];
    if (!where || hasArrived(story?.reply, now)) continue;
    const track = trackOf(layout, where.hop);
    const at = pointAt(
      where.direction === 'ask' ? track.ask : track.reply,
      where.direction === 'ask' ? loss.fraction : 1 - loss.fraction,
    );
    const heading: Heading = where.direction === 'ask' ? 'right' : 'left';
    const after = formatDuration(between(loss.packet.sentAt, loss.at));
    const server = hostOf(trace, where.server);
    const note =
      where.direction === 'ask' ? `to ${markOf(server.title)}, after ${after}` : `from ${markOf(server.title)}, after ${after}`;
    const shape = slipShape(lostText(trace, loss.packet.message, note), heading, size, {});
    drawn.push(
      besideRail(
        loss.packet,
        where.hop,
        'error',
        `${describePacket(trace, loss.packet.id).title}, lost on the way`,
        shape,
        at,
        layout,
        true,
      ),
    );
  }
  const cut = stories.zone2.asks.length > 0 ? cutShort(trace, scene, cast) : undefined;
  if (cut) {
    const { station } = layout.terraces[2];
    const shape = slipShape(slipText(trace, cut.message), 'left', size, {});
    const beside = besideRail(
      cut.packet,
      'zone2',
      'cut',
      describePacket(trace, cut.packet.id).title,
      shape,
      station,
      layout,
      false,
    );
    // The whole answer comes along the rail: what was cut short lies clear of it, above, or where rails are near, below.
    const { form } = layout;
    const half = form === 'presenter' ? 75 : form === 'phone' ? 42 : ANSWER_HALF;
    const wished = station.y - half - 4 - shape.height;
    const above = form !== 'phone' && wished > layout.terraces[1].station.y + (form === 'presenter' ? 20 : 24);
    const top = above ? wished : Math.min(station.y + half + 4, layout.height - 4 - shape.height);
    drawn.push({ ...beside, x: form === 'phone' ? 6 - shape.left : beside.x - (above ? 30 : 0), y: top - shape.top });
  }
  return drawn;
}

function besideRail(
  packet: PacketRecord,
  hop: Hop,
  kind: SlipKind,
  title: string,
  shape: SlipShape,
  at: Point,
  layout: Layout,
  crossed: boolean,
): DrawnSlip {
  const middle = shape.left + shape.width / 2;
  const gap = hop === 'web' ? { from: 0, to: layout.width } : gapOf(layout, hop);
  const wished = at.x - middle;
  const phone = layout.form === 'phone';
  const x = Math.min(
    (phone ? layout.width : gap.to) - 6 - (shape.left + shape.width),
    Math.max((phone ? 6 : gap.from + 6) - shape.left, wished),
  );
  const above = at.y - shape.height / 2 - 32;
  const y = above - shape.height / 2 < 8 ? at.y + shape.height / 2 + 32 : above;
  return { packet, hop, kind, title, shape, x, y, turn: 0, cuts: [], tied: { ...at, crossed } };
}

/** The last response with TC that the resolver holds while it asks again. */
function cutShort(trace: Trace, scene: Scene, cast: Cast): { packet: PacketRecord; message: number } | undefined {
  const { visit, position } = scene;
  if (!visit) return undefined;
  const passes = visit.steps.flatMap((step) => (step.number === 6 ? step.passes : []));
  const ids = passes
    .flatMap((pass) => pass.messages)
    .filter((id) => (trace.messages[id]?.sentAt ?? Number.POSITIVE_INFINITY) <= position.at);
  const id = ids.findLast((m) => describeMessage(trace, m).kind === 'truncated');
  const packet = id === undefined ? undefined : trace.packets[trace.messages[id]?.packets[0] ?? -1];
  if (id === undefined || !packet || packet.fate.at >= position.at || hopOf(trace, cast, packet)?.hop !== 'zone2')
    return undefined;
  const answered = ids.some((m) => m > id && describeMessage(trace, m).kind !== 'query' && arrivedBy(trace, m, position.at));
  return answered ? undefined : { packet, message: id };
}

const arrivedBy = (trace: Trace, id: number, at: number): boolean =>
  trace.messages[id]?.packets.every((p) => (trace.packets[p]?.fate.at ?? Number.POSITIVE_INFINITY) <= at) ?? false;

/** "to b, second try": when the same question has gone out on this hop before. */
function retryNote(story: HopStory, packet: PacketRecord, trace: Trace): string | undefined {
  const n = story.asks.findIndex((leg) => leg.packet.id === packet.id);
  if (n < 1) return undefined;
  const before = story.asks.slice(0, n).filter((leg) => leg.kind === 'query');
  const question = packet.message === undefined ? undefined : describeMessage(trace, packet.message).question;
  const same = before.filter(
    (leg) => leg.packet.message !== undefined && describeMessage(trace, leg.packet.message).question === question,
  ).length;
  if (same === 0) return undefined;
  const server = hostOf(trace, (story.asks[n] as Leg).server);
  if (packet.transport === 'tcp') return 'once more, by TCP';
  return `to ${markOf(server.title)}, ${['first', 'second', 'third', 'fourth', 'fifth'][same] ?? `${same + 1}th`} try`;
}
