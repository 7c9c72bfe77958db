/** The slips on their way, and those that are being fed into a receiver: printed out of one slit and taken in by another. */
import { describeMessage, describePacket, hostOf, isForged } from '../../../trace/describe.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { PacketRecord, Trace } from '../../../trace/trace.ts';
import { type Cast, markOf } from '../cast.ts';
import type { Layout } from '../layout/layout.ts';
import { gapOf, type Hop, type HopStory, hopOf, type Leg, trackOf } from '../map/hops.ts';
import { type Point, pointAt, type Rail, railLength, type Track } from '../map/rails.ts';
import type { Whereabouts } from './flight.ts';
import { type Heading, type SlipShape, type SlipSize, segmentShape, slipShape } from './slip.ts';
import { type Cut, type DrawnSlip, sizeFor } from './slips.ts';
import { forgedText, resetText, type SlipKind, type SlipText, shortest, slipText } from './text.ts';

/** Beyond every map: no edge. */
const FAR = 100_000;

/** A packet on its way. */
interface Flown {
  readonly packet: PacketRecord;
  readonly hop: Hop;
  readonly direction: Leg['direction'];
  readonly place: Whereabouts;
  /** "to b, second try": what its slip says besides the message. */
  readonly note: string | undefined;
  /** How many slips are at much the same place already. */
  readonly rank: number;
}

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
    const { hop, direction } = where;
    const side = `${hop} ${direction} ${Math.round(place.place * 12)}`;
    const rank = crowd.get(side) ?? 0;
    crowd.set(side, rank + 1);
    const note = retryNote(stories[hop], packet, trace);
    drawn.push(flying(trace, layout, { packet, hop, direction, place, note, rank }));
  }
  return drawn;
}

function flying(trace: Trace, layout: Layout, flown: Flown): DrawnSlip {
  const { packet, hop, direction, place } = flown;
  const track = trackOf(layout, hop);
  const share = direction === 'ask' ? place.place : 1 - place.place;
  const along = pointAt(direction === 'ask' ? track.ask : track.reply, share);
  const point = hop === 'web' ? along : pointAt(track.middle, share);
  const heading = headingOf(layout, hop, direction, along);
  const { kind, shape } = paperOf(trace, layout, flown, heading, point);
  const upright = isUpright(heading);
  const deep = ((upright ? shape.height : shape.width) + 4) * (heading === 'right' || heading === 'down' ? 1 : -1);
  const ahead = place.fed * deep + (place.standing && place.place === 0 ? deep : 0);
  const x = point.x + (upright ? 0 : ahead);
  const y = point.y + (upright ? ahead : 0);
  const { title } = describePacket(trace, packet.id);
  const slip = { packet, kind, title, shape, x, y, hop, turn: 0, cuts: [] };
  if (place.standing) return slip;
  const slanted = heading === 'right' && hop.startsWith('zone') && track.middle.corners.length > 2 && place.fed === 0;
  const turn = slanted ? chord(track.middle, place.place, shape.width) : 0;
  return turn === 0
    ? { ...slip, ...levelEdges(layout, hop, heading, { x, y }, shape) }
    : { ...slip, turn, ...slantedEdges(layout, hop, track, place, shape) };
}

/** What is written on a slip, and the shape that this gives it. */
interface Paper {
  readonly kind: SlipKind;
  readonly shape: SlipShape;
  /** Whether it carries a message's text, whose body may be moved off its rail. */
  readonly written: boolean;
}

/** The paper of a slip, its body moved off the rail as far as the map's edge and its neighbours ask for. */
function paperOf(trace: Trace, layout: Layout, flown: Flown, heading: Heading, point: Point): Paper {
  const { packet, hop, note, rank } = flown;
  const size = sizeFor(layout, hop, heading);
  const most = widest(layout, hop, size);
  const set = (shift: number): Paper =>
    remembered(trace, `${packet.id} ${heading} ${size} ${most} ${shift} ${note ?? ''}`, () => {
      const whole = textOf(trace, packet, note);
      const text = whole && hop === 'stub' && layout.form !== 'phone' ? shortest(whole) : whole;
      if (text) return { kind: text.kind, shape: slipShape(text, heading, size, { most, shift }), written: true };
      const label = describePacket(trace, packet.id).label.replace('TCP ', '');
      return { kind: 'http', shape: segmentShape(label, heading, size), written: false };
    });
  const draft = set(0);
  const beside = rank * (draft.shape.height + 4) * (point.y > layout.height / 2 ? -1 : 1);
  const shift = Math.round(shiftInside(layout, hop, heading, point, draft.shape) + beside);
  return draft.written && shift !== 0 ? set(shift) : draft;
}

/** How wide a slip may be: on the short way to the resolver no wider than that. */
function widest(layout: Layout, hop: Hop, size: SlipSize): number {
  if (layout.form === 'phone') return 172;
  if (hop !== 'stub') return size === 'large' ? 520 : 250;
  const gap = gapOf(layout, hop);
  return gap.to - gap.from - 14;
}

/** The message that a packet begins, in words; undefined for a segment that begins none. */
function textOf(trace: Trace, packet: PacketRecord, note: string | undefined): SlipText | undefined {
  if (describePacket(trace, packet.id).kind === 'tcp-reset') return resetText(trace, packet);
  if (packet.message === undefined || packet.copyOf !== undefined) return undefined;
  const text = slipText(trace, packet.message, note);
  return isForged(trace, packet) ? forgedText(text) : text;
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

/** Text stays level, so a slip heads right or left, except on roads that lead down or up. */
function headingOf(layout: Layout, hop: Hop, direction: Leg['direction'], at: Point): Heading {
  if (layout.form === 'phone') return direction === 'ask' ? 'down' : 'up';
  const level = hop !== 'web' || at.x > layout.client.window.x + layout.client.window.width / 2 + 30;
  if (level) return direction === 'ask' ? 'right' : 'left';
  return direction === 'ask' ? 'down' : 'up';
}

const isUpright = (heading: Heading): boolean => heading === 'up' || heading === 'down';

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

/** A long thin slip lies along its rail like a train: from the point back by its own length. */
function chord(line: Rail, place: number, length: number): number {
  const tip = pointAt(line, place);
  const tail = pointAt(line, Math.max(0, place - length / railLength(line)));
  return Math.hypot(tip.x - tail.x, tip.y - tail.y) < 1
    ? degrees(line.corners[0] as Point, line.corners[1] as Point)
    : degrees(tail, tip);
}

const degrees = (from: Point, to: Point): number => (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;

type Edges = Pick<DrawnSlip, 'cuts' | 'slit'>;

/** Where a slip that is turned along its rail comes out of the sender's slit, or goes into the receiver's. */
function slantedEdges(layout: Layout, hop: Hop, { middle }: Track, { place }: Whereabouts, shape: SlipShape): Edges {
  const [start, corner] = middle.corners as readonly [Point, Point];
  if (railLength(middle) * place >= shape.width) return { cuts: [{ x: gapOf(layout, hop).to, y: 0, angle: 180 }] };
  const angle = degrees(start, corner);
  return { cuts: [{ ...start, angle }], slit: { ...start, angle, length: shape.height + 4 } };
}

/** The slits at both ends of its way, as far as there are any, and the one that its body passes through now. */
function levelEdges(layout: Layout, hop: Hop, heading: Heading, at: Point, shape: SlipShape): Edges {
  const span = clipOf(layout, hop, heading);
  const edges: Cut[] = isUpright(heading)
    ? [
        { x: 0, y: span.from, angle: 90 },
        { x: 0, y: span.to, angle: -90 },
      ]
    : [
        { x: span.from, y: 0, angle: 0 },
        { x: span.to, y: 0, angle: 180 },
      ];
  const cuts = edges.filter((cut) => Math.abs(cut.x) < FAR && Math.abs(cut.y) < FAR);
  return { cuts, ...slitOf(span, isUpright(heading) ? 'y' : 'x', at, shape) };
}

function clipOf(layout: Layout, hop: Hop, heading: Heading): { from: number; to: number } {
  const gap = gapOf(layout, hop);
  if (hop !== 'web') return gap;
  if (isUpright(heading)) {
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
