/** The slips that lie beside a rail: what was lost, and an answer that was cut short, until all of it is there. */
import { between, formatDuration } from '../../../base/time.ts';
import { describeMessage, describePacket, hostOf } from '../../../trace/describe.ts';
import type { Loss } from '../../../trace/lifetimes.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { MessageId, PacketRecord, Trace } from '../../../trace/trace.ts';
import { type Cast, markOf } from '../cast.ts';
import type { Layout } from '../layout/layout.ts';
import { gapOf, type Hop, type HopStory, hasArrived, hopOf, trackOf } from '../map/hops.ts';
import { pointAt } from '../map/rails.ts';
import { slipShape } from './slip.ts';
import { type DrawnSlip, sizeFor } from './slips.ts';
import { lostText, slipText } from './text.ts';

/** Half the height of the largest answer there is, so that what lies beside its rail keeps clear of it. */
const ANSWER_HALF = 54;

export function lyingSlips(
  trace: Trace,
  scene: Scene,
  cast: Cast,
  layout: Layout,
  stories: Readonly<Record<Hop, HopStory>>,
): DrawnSlip[] {
  const lost = scene.losses.slice(-2).flatMap((loss) => lostSlip(trace, scene, cast, layout, stories, loss) ?? []);
  const cut = stories.zone2.asks.length > 0 ? cutShort(trace, scene, cast) : undefined;
  return cut ? [...lost, cutSlip(trace, layout, cut)] : lost;
}

/** What was lost, tied to the cross where it died; undefined when the reply has come all the same. */
function lostSlip(
  trace: Trace,
  scene: Scene,
  cast: Cast,
  layout: Layout,
  stories: Readonly<Record<Hop, HopStory>>,
  { packet, at, fraction }: Loss,
): DrawnSlip | undefined {
  const where = hopOf(trace, cast, packet);
  if (!where || hasArrived(stories[where.hop].reply, scene.position.at)) return undefined;
  const { hop } = where;
  const isQuestion = where.direction === 'ask';
  const track = trackOf(layout, hop);
  const place = isQuestion ? pointAt(track.ask, fraction) : pointAt(track.reply, 1 - fraction);
  const after = formatDuration(between(packet.sentAt, at));
  const note = `${isQuestion ? 'to' : 'from'} ${markOf(hostOf(trace, where.server).title)}, after ${after}`;
  const shape = slipShape(lostText(trace, packet.message, note), isQuestion ? 'right' : 'left', sizeFor(layout), {});
  const title = `${describePacket(trace, packet.id).title}, lost on the way`;
  return besideRail({ packet, hop, kind: 'error', title, shape }, { ...place, crossed: true }, layout);
}

/** The whole answer comes along the rail: what was cut short lies clear of it, above, or where rails are near, below. */
function cutSlip(trace: Trace, layout: Layout, { packet, message }: CutShort): DrawnSlip {
  const { form } = layout;
  const { station } = layout.terraces[2];
  const said = slipText(trace, message);
  // On a wall it is too narrow for both halves of the sentence: that it holds nothing its torn end says.
  const rows = said.rows.map((row) => (form === 'presenter' && row.role === 'note' ? { ...row, text: 'come by TCP' } : row));
  const shape = slipShape({ ...said, rows }, 'left', sizeFor(layout), {});
  const { title } = describePacket(trace, packet.id);
  const beside = besideRail({ packet, hop: 'zone2', kind: 'cut', title, shape }, { ...station, crossed: false }, layout);
  const half = form === 'presenter' ? 75 : form === 'phone' ? 42 : ANSWER_HALF;
  const wished = station.y - half - 4 - shape.height;
  const above = form !== 'phone' && wished > layout.terraces[1].station.y + (form === 'presenter' ? 20 : 24);
  const top = above ? wished : Math.min(station.y + half + 4, layout.height - 4 - shape.height);
  return { ...beside, x: form === 'phone' ? 6 - shape.left : beside.x - (above ? 30 : 0), y: top - shape.top };
}

/** A slip above the place that it is tied to, or below where it would leave the map. */
function besideRail(
  slip: Pick<DrawnSlip, 'packet' | 'hop' | 'kind' | 'title' | 'shape'>,
  tied: NonNullable<DrawnSlip['tied']>,
  layout: Layout,
): DrawnSlip {
  const { shape, hop } = slip;
  const phone = layout.form === 'phone';
  const gap = phone || hop === 'web' ? { from: 0, to: layout.width } : gapOf(layout, hop);
  const wished = tied.x - (shape.left + shape.width / 2);
  const x = Math.min(gap.to - 6 - (shape.left + shape.width), Math.max(gap.from + 6 - shape.left, wished));
  const above = tied.y - shape.height / 2 - 32;
  const y = above - shape.height / 2 < 8 ? tied.y + shape.height / 2 + 32 : above;
  return { ...slip, x, y, turn: 0, cuts: [], tied };
}

interface CutShort {
  readonly packet: PacketRecord;
  readonly message: MessageId;
}

/** The last response with TC that the resolver holds while it asks again. */
function cutShort(trace: Trace, scene: Scene, cast: Cast): CutShort | undefined {
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
