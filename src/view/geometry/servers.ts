/** The web servers at the foot of the map, where a name has two: which they are, and how the road leads to the one at hand. */
import { key, type Name } from '../../dns/name.ts';
import { dataOf } from '../../dns/record.ts';
import { hostAt } from '../../trace/describe.ts';
import type { HostRecord, Trace } from '../../trace/trace.ts';
import type { Box, Layout } from './layout.ts';
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

/** How much lower the second server stands, so that the road to it passes under the first. */
const STEP = 20;

/** The places of two servers. */
export function serverPlaces({ web, width }: Layout): readonly [ServerPlace, ServerPlace] {
  const apart = Math.min(152, (width - web.sign.x - 8) / 2);
  return [
    { sign: web.sign, label: { x: web.sign.x + 34, y: web.label.y } },
    {
      sign: { ...web.sign, x: web.sign.x + apart, y: web.sign.y + STEP },
      label: { x: web.sign.x + apart + 34, y: web.label.y + STEP },
    },
  ];
}

/** The map with its road to the first or the second of two servers. */
export function roadTo(place: Layout, index: number): Layout {
  if (index !== 1 || (place.form !== 'wide' && place.form !== 'tablet')) return place;
  const [, { sign, label }] = serverPlaces(place);
  const { ask, reply, middle } = place.tracks.web;
  const longer = (line: typeof ask, bend: number) => {
    const [first, corner] = line.corners as readonly [Point, Point];
    const y = corner.y + STEP;
    return rail([first, { x: corner.x, y }, { x: sign.x, y }], bend);
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
