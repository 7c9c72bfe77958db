/** The web servers at the foot of the map, where a name has two: which they are, and how the road leads to the one at hand. */
import { key, type Name } from '../../../dns/name.ts';
import { dataOf } from '../../../dns/record.ts';
import { hostAt } from '../../../trace/describe.ts';
import type { HostRecord, Trace } from '../../../trace/trace.ts';
import type { Box, Layout } from '../layout/layout.ts';
import { textWidth } from '../measure.ts';
import { type Point, rail } from './rails.ts';

/** Two web servers that the zones of a run name for a name, in the order of its records; `goal` is always one of them. */
export function serversOf(trace: Trace, name: Name, goal: HostRecord | undefined): readonly HostRecord[] {
  const found = new Set<HostRecord>();
  for (const { records } of trace.zoneChanges)
    for (const record of records) {
      const address =
        key(record.name) === key(name) ? (dataOf(record, 'A')?.address ?? dataOf(record, 'AAAA')?.address) : undefined;
      const host = address === undefined ? undefined : hostAt(trace, address);
      if (host?.role === 'web') found.add(host);
    }
  const all = [...found];
  if (all.length < 2) return [];
  const [first, second] = all as [HostRecord, HostRecord];
  return goal && all.indexOf(goal) > 1 ? [first, goal] : [first, second];
}

/** Where a web server stands. */
export interface ServerPlace {
  readonly sign: Box;
  readonly label: Point;
}

/** How much lower the road to the second server runs, so that it passes under the first and its address. */
const STEP = 20;
/** The room before the second sign in which that road rises to it. */
const RISE = 24;
/** Pixels from a sign's left edge to its words. */
const LABEL = 34;

/** Whether both stand level. Where the first one's title reaches too far, the second stands lower, and its road beside it. */
const standsLevel = (first: string, apart: number): boolean =>
  LABEL + Math.max(textWidth(first, 14) * 1.03, ADDRESS) + RISE <= apart;
/** The width of an IPv4 address of ten characters in the type of the map. */
const ADDRESS = 72;

/** The places of two servers. */
export function serverPlaces(
  { web, width }: Layout,
  [first]: readonly Pick<HostRecord, 'title'>[],
): readonly [ServerPlace, ServerPlace] {
  const room = width - web.sign.x;
  const apart = Math.min(152, Math.max((room - 8) / 2, room - LABEL - 86));
  const lower = standsLevel(first?.title ?? '', apart) ? 0 : STEP;
  return [
    { sign: web.sign, label: { x: web.sign.x + LABEL, y: web.label.y } },
    {
      sign: { ...web.sign, x: web.sign.x + apart, y: web.sign.y + lower },
      label: { x: web.sign.x + apart + LABEL, y: web.label.y + lower },
    },
  ];
}

/** The map with its road to the first or the second of two servers. */
export function roadTo(place: Layout, servers: readonly Pick<HostRecord, 'title'>[], index: number): Layout {
  if (index !== 1 || (place.form !== 'wide' && place.form !== 'tablet')) return place;
  const [, { sign, label }] = serverPlaces(place, servers);
  const { ask, reply, middle } = place.tracks.web;
  const rises = sign.y === place.web.sign.y;
  /** `by` below the middle of the road, which on the rise is as much to the right of it. */
  const longer = (line: typeof ask, bend: number) => {
    const [from, corner] = line.corners as readonly [Point, Point];
    const by = corner.y - (middle.corners[1] as Point).y;
    const y = corner.y + STEP;
    const foot = { x: sign.x - RISE / 2 + by, y };
    const end = { x: sign.x, y: rises ? corner.y : y };
    return rail([from, { x: corner.x, y }, ...(rises ? [foot, { ...foot, y: end.y }] : []), end], bend);
  };
  const ninth = place.stops.get(9);
  return {
    ...place,
    web: { sign, label },
    tracks: { ...place.tracks, web: { ask: longer(ask, 23), reply: longer(reply, 17), middle: longer(middle, 20) } },
    stops: ninth ? new Map([...place.stops, [9, { x: ninth.x, y: ninth.y + STEP }]]) : place.stops,
    gaps: { ...place.gaps, web: { ...place.gaps.web, to: sign.x } },
  };
}
