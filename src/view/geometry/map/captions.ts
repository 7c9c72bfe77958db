/** Short notes along the rails, for the hops that have room: what was asked in what manner, and how long it took. */
import { between, formatDuration, type Instant } from '../../../base/time.ts';
import { describeMessage } from '../../../trace/describe.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { Trace } from '../../../trace/trace.ts';
import { visitsOf } from '../../../trace/visits.ts';
import type { Layout } from '../layout/layout.ts';
import { type Hop, type HopStory, hasArrived, hueOf, type Ink } from './hops.ts';

export interface Caption {
  readonly id: Hop;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly hue: Ink['hue'];
}

export function captions(
  trace: Trace,
  scene: Scene,
  stories: Readonly<Record<Hop, HopStory>>,
  layout: Layout,
  busy: ReadonlySet<Hop>,
): Caption[] {
  if (layout.form !== 'wide' || layout.compact) return [];
  const now = scene.position.at;
  const notes: Caption[] = [];
  const { ask } = stories.stub;
  if (
    !busy.has('stub') &&
    ask &&
    ask.packet.sentAt <= now &&
    ask.packet.message !== undefined &&
    layout.gaps.stub.to - layout.gaps.stub.from > 130
  ) {
    const { dns } = describeMessage(trace, ask.packet.message);
    const before = visitsOf(trace).some(
      (v) =>
        scene.visit &&
        v.number < scene.visit.number &&
        v.name === scene.visit.name &&
        v.type === scene.visit.type &&
        v.client === scene.visit.client,
    );
    const text = before ? 'same question, again' : `“find it for me” (RD ${dns?.flags.rd ? 1 : 0})`;
    notes.push({ id: 'stub', text, x: layout.gaps.stub.from + 6, y: layout.hub.y - 17, hue: 'q' });
  }
  for (const hop of ['zone0', 'zone2'] as const) {
    const { ask: asked, reply } = stories[hop];
    if (!asked || !reply || !hasArrived(reply, now)) continue;
    const took = formatDuration(between(asked.packet.sentAt, reply.due as Instant));
    const { station } = layout.terraces[hop === 'zone0' ? 0 : 2];
    const verb =
      reply.kind === 'referral'
        ? 'referred on'
        : reply.kind === 'answer'
          ? 'answered'
          : reply.kind === 'cname'
            ? 'another name'
            : undefined;
    if (!verb) continue;
    notes.push({
      id: hop,
      text: `${verb}, in ${took}`,
      x: station.x - 162,
      y: hop === 'zone0' ? station.y - 16 : station.y + 25,
      hue: hueOf(reply.kind),
    });
  }
  return notes;
}
