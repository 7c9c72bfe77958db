/**
 * Where the letters of a question's choices stand: at the stations of the map that they are about, and in the future of the
 * timetable, on the rows of whom they are about.
 */
import { type Name, ROOT, sameName } from '../../../dns/name.ts';
import { zoneName } from '../../../trace/describe.ts';
import type { Trace } from '../../../trace/trace.ts';
import type { Cast } from '../cast.ts';
import type { Box, Layout, TerracePlace } from '../layout/layout.ts';
import type { Point } from '../map/rails.ts';
import { serverPlaces } from '../map/servers.ts';
import { textWidth } from '../measure.ts';
import type { Offered, Question, Stop } from './prediction.ts';

/** A letter in its square; `x` and `y` are its middle. */
export interface Letter extends Point {
  readonly letter: string;
  readonly state: Offered['state'];
}

/** What of the map the letters depend on. */
export interface Stations {
  readonly cast: Cast;
  readonly layout: Layout;
  /** The two web servers with a drawing of their own, if there are two. */
  readonly servers: readonly { readonly id: string; readonly title: string }[];
  /** Whether the two upper terraces have made way. */
  readonly cleared: boolean;
  /** Whether the zone's terrace shows which records it gives, instead of its servers. */
  readonly pointed: boolean;
}

/** The side of a square, in pixels of that form of the map. */
export const letterSize = (form: Layout['form']): number => (form === 'presenter' ? 40 : 20);

/** The letters on the map. Whoever has no station there gets none. */
export function lettersOnMap(offered: readonly Offered[], stations: Stations): readonly Letter[] {
  const side = letterSize(stations.layout.form);
  const placed: { readonly letter: string; readonly state: Offered['state']; readonly station: Station }[] = [];
  for (const { letter, choice, state } of offered)
    for (const who of [choice.at ?? []].flat()) {
      const station = stationOf(who, stations);
      const again = placed.some((one) => one.letter === letter && isSame(one.station, station));
      if (station && !again) placed.push({ letter, state, station });
    }
  return placed.map(({ letter, state, station }, i) => {
    const before = placed.slice(0, i).filter((one) => isSame(one.station, station)).length * side * 1.2;
    return { letter, state, x: station.x - (station.upwards ? 0 : before), y: station.y - (station.upwards ? before : 0) };
  });
}

/** Where letters stand: several of them side by side, or one above the other. */
interface Station extends Point {
  readonly upwards?: true;
}

const isSame = (a: Point, b: Point | undefined): boolean => a.x === b?.x && a.y === b.y;

function stationOf(who: string, { cast, layout, servers, cleared, pointed }: Stations): Station | undefined {
  const { hub, client, web, terraces, form, width } = layout;
  const side = letterSize(form);
  if (who === cast.resolver?.id)
    return form === 'phone'
      ? { x: hub.x - 36, y: hub.y - 8 }
      : { x: hub.x - hub.radius - side * 0.2, y: hub.y + hub.radius + side * 0.2 };
  const { window } = client;
  if (who === cast.client.id) return { x: Math.min(window.x + window.width, width - side / 2 - 2), y: window.y };
  const server = servers.findIndex(({ id }) => id === who);
  const sign = server >= 0 && form !== 'phone' && form !== 'presenter' ? serverPlaces(layout, servers)[server]?.sign : undefined;
  if (sign) return above(sign);
  if (who === cast.goal?.id) return above(web.sign);
  for (const role of cast.zones) {
    const terrace = terraces[role.index];
    if (cleared && role.index < 2) continue;
    if (role.zone !== undefined && sameName(role.zone, zoneNamed(who))) return besideCapsule(terrace, layout);
    const i = role.servers.findIndex(({ host }) => host === who);
    if (i < 0) continue;
    if (form === 'phone' || role.servers.length > 4 || (pointed && role.index === 2)) return besideCapsule(terrace, layout);
    // At the beginning of its place in the capsule, before its mark.
    const { capsule } = terrace;
    return { x: capsule.x + 4 + ((capsule.width - 8) / role.servers.length) * i + side * 0.3, y: capsule.y + capsule.height / 2 };
  }
  return undefined;
}

const above = ({ x, y, width }: Box): Point => ({ x: x + width / 2, y: y - 6 });

/** Behind the capsule, or above its end where that leaves no room; on a phone in the terrace's corner. */
function besideCapsule({ capsule, x, y, width, height }: TerracePlace, { form }: Layout): Station {
  const side = letterSize(form);
  const middle = capsule.y + capsule.height / 2;
  if (form === 'phone') return { x: x + width - side, y: y + height - side * 0.8 };
  // On a wall of many servers only the one asked is drawn.
  if (form === 'presenter') return { x: x + width - side * 1.6, y: middle };
  const behind = capsule.x + capsule.width + side * 0.9;
  return behind + side * 0.6 <= x + width
    ? { x: behind, y: middle, upwards: true }
    : { x: capsule.x + capsule.width - side * 0.5, y: capsule.y - side * 0.65 };
}

/** A zone as scenarios name it: "root", "com", "example.com". */
const zoneNamed = (who: string): Name => (who === 'root' ? ROOT : (`${who.toLowerCase()}.` as Name));

/** A row of the timetable, of either kind. */
export interface FutureRow {
  readonly id: string;
  readonly label: string;
  readonly y: number;
  readonly hosts?: readonly string[];
}

/** What would come next if a choice were right. */
export interface Future extends Letter {
  /** The stroke that would lead there, from the now-line. */
  readonly from?: Point;
  readonly words?: Point & { readonly text: string };
}

/** Pixels from the now-line to the letters, and from one letter to the next on a row. */
const AHEAD = 84;
const APART = 8;

/**
 * The futures that a question leaves open, right of the now-line at `nowX` and left of `right`: one letter on the row of whom
 * each is about, with a stroke to it where the question is who is asked. What is then seen is told of the right one and the guess.
 */
export function futuresOf(
  offered: readonly Offered[],
  { before }: Question,
  { turn }: Stop,
  trace: Trace,
  rows: readonly FutureRow[],
  { nowX, right, side }: { readonly nowX: number; readonly right: number; readonly side: number },
): readonly Future[] {
  const first = Math.min(nowX + AHEAD, right - side);
  if (first < nowX + side) return [];
  const kind = 'message' in before ? before.message.kind : undefined;
  const origin = kind === 'query' ? rowOf(rows, trace, trace.turns[turn]?.host ?? '') : undefined;
  const letters = offered.flatMap(({ letter, choice, state }) => {
    const own = new Set([choice.at ?? []].flat().flatMap((who) => rowOf(rows, trace, who) ?? []));
    return [...own].map(({ y }, i) => ({ letter, state, y, seen: i === 0 ? choice.seen : undefined }));
  });
  // The right one comes first on its row, so that its stroke ends at it.
  const sorted = [...letters].sort((a, b) => a.y - b.y || Number(b.state === 'right') - Number(a.state === 'right'));
  const ends = new Map<number, number>();
  const placed = sorted.map(({ letter, state, y, seen }) => {
    const x = (ends.get(y) ?? first - side / 2) + side / 2;
    ends.set(y, x + side / 2 + APART);
    return { letter, state, x, y, seen };
  });
  return placed.map(({ letter, state, x, y, seen }) => {
    const leads = origin !== undefined && origin.y !== y && x === first;
    const text = seen !== undefined && (state === 'right' || state === 'guess') ? `${letter}: ${seen}` : undefined;
    const at = ends.get(y) ?? x;
    const fits = text !== undefined && at + textWidth(text, 11.5) < right + 20;
    if (fits) ends.set(y, at + textWidth(text, 11.5) + 18);
    return {
      letter,
      state,
      x,
      y,
      ...(leads ? { from: { x: nowX, y: origin.y } } : {}),
      ...(fits ? { words: { x: at, y: y + 4, text } } : {}),
    };
  });
}

function rowOf(rows: readonly FutureRow[], trace: Trace, who: string): FutureRow | undefined {
  const zone = zoneNamed(who);
  const own = rows.find(
    ({ id, hosts, label }) =>
      id === who || hosts?.includes(who) || id === `zone ${zone}` || (id === 'zone' && label === `${zoneName(zone)} zone`),
  );
  if (own) return own;
  const host = trace.hosts.find(({ id }) => id === who);
  if (host?.role === 'web' || host?.role === 'mail') return rows.find(({ id }) => id === host.role);
  // A server's row is that of the deepest of its zones that has one.
  const zones = [...(host?.zones ?? [])].sort((a, b) => b.length - a.length);
  return zones.flatMap((one) => rows.find(({ id }) => id === `zone ${one}`) ?? []).at(0);
}
