/**
 * Where everything on the map stands, for one size and form of the screen. Stations stand still: nothing here depends on
 * the trace or the playhead.
 *
 * The measures are those of the drawings: 1068 × 576 beside the narration, 1024 × 404 above it, 390 × 540 on a phone and
 * 1920 × 790 for a projector. Sizes between are interpolated; width beyond lengthens the rails.
 */
import { type Point, type Rail, rail, type Track } from './rails.ts';

export type Form = 'wide' | 'tablet' | 'phone' | 'presenter';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One zone on the map: its terrace, the capsule with its servers, and where its two lines of text begin. */
export interface TerracePlace extends Box {
  readonly capsule: Box;
  readonly head: Point;
  readonly foot: Point;
  /** Where the rails end. */
  readonly station: Point;
}

export interface Layout {
  readonly form: Form;
  readonly width: number;
  readonly height: number;
  /** Little height: smaller type, addresses shortened, no notes between the terraces. */
  readonly compact: boolean;
  readonly name: { readonly x: number; readonly y: number; readonly size: number; readonly label: number; readonly room: number };
  readonly client: { readonly label: Point; readonly window: Box };
  readonly hub: Point & { readonly radius: number; readonly inner: number };
  readonly resolverLabel: Point;
  readonly ledger: Box & { readonly head: number; readonly row: number };
  readonly terraces: readonly [TerracePlace, TerracePlace, TerracePlace];
  readonly web: { readonly sign: Box; readonly label: Point };
  readonly tracks: { readonly stub: Track; readonly zones: readonly [Track, Track, Track]; readonly web: Track };
  /** Stops 1 to 9; one that has no place on this form is absent. */
  readonly stops: ReadonlyMap<number, Point>;
  readonly stopRadius: number;
  /** Where a tag says why a zone is not asked. */
  readonly tags: readonly Box[];
  /** Between which edges a slip on a hop is outside: its body is printed at one and fed in at the other. */
  readonly gaps: { readonly stub: Span; readonly zones: Span; readonly web: Span };
  readonly key?: Point;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

export function layout(form: Form, width: number, height: number): Layout {
  if (form === 'phone') return upright(width, height);
  if (form === 'presenter') return projected();
  // While a window shrinks to a phone's, the map is measured before it takes that form.
  return level(form, Math.max(NARROWEST, width), height);
}

/** Pixels: no map of this form is narrower, in a window of 800. */
const NARROWEST = 780;

/** Beside or above the narration. */
function level(form: Form, width: number, height: number): Layout {
  const tall = within((height - 404) / 172);
  const spare = Math.max(0, height - 576);
  const narrow = within((1068 - width) / 268);
  const extra = Math.max(0, width - 1068);
  const at = (compact: number, full: number): number => Math.round(compact + (full - compact) * tall);

  const window: Box = { x: 28, y: at(148, 168), width: Math.round(208 - 38 * narrow), height: at(148, 158) };
  const right = window.x + window.width;
  const hub = { x: Math.round(right + 216 - 90 * narrow + extra * 0.3), y: at(196, 250) + spare * 0.3, radius: 33, inner: 21 };
  const left = Math.round(hub.x + 316 - 68 * narrow + extra * 0.7 - Math.max(0, extra * 0.3 - 90) * 0.3);
  const pitch = at(104, 160) + spare * 0.3;
  const [top, deep, capsuleAt] = [at(16, 24), at(88, 130), at(46, 66)];
  const terrace = (i: number): TerracePlace => {
    const y = Math.round(top + pitch * i);
    const middle = y + capsuleAt;
    return {
      x: left,
      y,
      width: width - left,
      height: deep,
      capsule: { x: left + 12, y: middle - 13, width: Math.min(255, width - left - 22), height: 26 },
      head: { x: left + 16, y: y + at(8, 13) },
      foot: { x: left + 16, y: y + at(62, 94) },
      station: { x: left + 16, y: middle },
    };
  };
  const terraces = [terrace(0), terrace(1), terrace(2)] as const;
  const webY = height - (tall === 1 ? 54 : at(44, 54));
  const end = left + 16;
  const stub = pair([
    { x: right, y: hub.y },
    { x: hub.x - 36, y: hub.y },
  ]);
  const tracks = {
    stub,
    zones: [branch(hub, terraces[0].station, 36), branch(hub, terraces[1].station, 36), branch(hub, terraces[2].station, 36)],
    web: road(window, webY, end),
  } as const;
  // Where the middle branch is bent its stop stands on the slant, so tags begin behind it.
  const bent = tracks.zones[1].middle.corners.length > 2;
  const tagsFrom = hub.x + (bent ? 84 : 60);
  return {
    form,
    width,
    height,
    compact: tall < 0.6,
    name: { x: 28, y: at(46, 54), size: at(28, 34), label: at(77, 85), room: left - 28 - 40 },
    client: { label: { x: 28, y: at(106, 124) }, window },
    hub,
    resolverLabel: { x: hub.x - 100, y: hub.y - at(100, 106) },
    ledger: ledgerBox(hub, window, at(62, 96), at(54, 64), webY),
    terraces,
    web: { sign: { x: end, y: webY - 14, width: 27, height: 27 }, label: { x: end + 40, y: webY - 19 } },
    tracks,
    stops: new Map([
      [1, { x: window.x, y: window.y + 17 }],
      [2, { x: right + 28 - 8 * narrow, y: hub.y }],
      [3, alongBranch(tracks.zones[0], 86)],
      [4, bent ? { x: hub.x + 66, y: terraces[1].station.y } : alongBranch(tracks.zones[1], 20)],
      [5, alongBranch(tracks.zones[2], 86 - 24 * (1 - tall))],
      [6, { x: left - 12, y: terraces[2].station.y }],
      [7, { x: hub.x - 64 + 8 * narrow, y: hub.y }],
      [8, { x: window.x + 104, y: window.y + window.height + at(32, 62) }],
      [9, { x: left - 12, y: webY }],
    ]),
    stopRadius: 9.5,
    tags: terraces.map(({ station }) => ({
      x: Math.max(tagsFrom, left - 238),
      y: station.y - 19,
      width: Math.min(226, left - 12 - tagsFrom),
      height: 38,
    })),
    gaps: {
      stub: { from: right, to: hub.x - 36 },
      zones: { from: hub.x + 36, to: left + 12 },
      web: { from: 0, to: end },
    },
    ...(height >= 520 ? { key: { x: 28, y: height - 17 } } : {}),
  };
}

/** Pixels: the head of the cache with its rules, and one row. */
const LEDGER = { head: 32, row: 23 } as const;

/** The cache hangs under the resolver, between the road to the web server and the rails; its height is that of whole rows. */
function ledgerBox(hub: Point, window: Box, below: number, right: number, webY: number): Layout['ledger'] {
  const y = hub.y + below;
  // Where it would meet the browser's window it stands beside it.
  const least = y < window.y + window.height + 10 ? window.x + window.width + 12 : window.x + window.width / 2 + 30;
  const x = Math.max(least, hub.x - 198);
  const rows = Math.max(1, Math.floor((webY - 12 - y - LEDGER.head) / LEDGER.row));
  const width = Math.round(Math.min(262, hub.x + right - x));
  return { x: Math.round(x), y, width, height: LEDGER.head + rows * LEDGER.row, ...LEDGER };
}

/** On a phone: a vertical line with one rail per server, so that none runs through another. */
function upright(width: number, height: number): Layout {
  const spare = Math.max(0, height - 540);
  const hub = { x: 104, y: 192 + spare * 0.15, radius: 21, inner: 12 };
  const left = 184;
  const terrace = (i: number): TerracePlace => {
    const y = Math.round(256 + spare * 0.3 + (72 + spare * 0.15) * i);
    return {
      x: left,
      y,
      width: width - left,
      height: 60,
      capsule: { x: left - 7, y: y + 23, width: 14, height: 14 },
      head: { x: 200, y: y + 8 },
      foot: { x: 200, y: y + 32 },
      station: { x: 178, y: y + 30 },
    };
  };
  const terraces = [terrace(0), terrace(1), terrace(2)] as const;
  const window: Box = { x: 16, y: 74, width: width - 32, height: 44 };
  const webY = height - 34;
  /** A column down from the ring and then across: `side` is +1 right of it, 0 under it, -1 left of it. */
  const column = (i: 0 | 1 | 2, side: number): Track => {
    const { x, y } = terraces[i].station;
    const lane = hub.x + side * 32;
    const run = (shift: number): Rail => {
      const start =
        side === 0
          ? [{ x: lane + shift, y: hub.y + 22 }]
          : [
              { x: lane + shift - side * 16, y: hub.y + 18 },
              { x: lane + shift, y: hub.y + 34 },
            ];
      return rail([...start, { x: lane + shift, y: y - shift }, { x, y: y - shift }], 12);
    };
    return { ask: run(-3.5), reply: run(3.5), middle: run(0) };
  };
  return {
    form: 'phone',
    width,
    height,
    compact: true,
    name: { x: 16, y: 32, size: 24, label: 59, room: width - 32 },
    client: { label: { x: 16, y: 74 }, window },
    hub,
    resolverLabel: { x: 200, y: hub.y - 30 },
    ledger: { x: 200, y: hub.y + 22, width: width - 216, height: 20, head: 0, row: 20 },
    terraces,
    web: { sign: { x: 177, y: webY - 8, width: 16, height: 16 }, label: { x: 200, y: webY - 19 } },
    tracks: {
      stub: {
        ask: rail([
          { x: 99, y: 117 },
          { x: 99, y: hub.y - 22 },
        ]),
        reply: rail([
          { x: 109, y: 117 },
          { x: 109, y: hub.y - 22 },
        ]),
        middle: rail([
          { x: 104, y: 117 },
          { x: 104, y: hub.y - 22 },
        ]),
      },
      zones: [column(0, 1), column(1, 0), column(2, -1)],
      web: {
        ask: rail(
          [
            { x: 21, y: 117 },
            { x: 21, y: webY + 3 },
            { x: 177, y: webY + 3 },
          ],
          18,
        ),
        reply: rail(
          [
            { x: 27, y: 117 },
            { x: 27, y: webY - 3 },
            { x: 177, y: webY - 3 },
          ],
          12,
        ),
        middle: rail(
          [
            { x: 24, y: 117 },
            { x: 24, y: webY },
            { x: 177, y: webY },
          ],
          15,
        ),
      },
    },
    stops: new Map([
      [2, { x: 104, y: (117 + hub.y - 22) / 2 }],
      [3, { x: hub.x + 32, y: hub.y + 58 }],
      [4, { x: hub.x, y: hub.y + 58 }],
      [5, { x: hub.x - 32, y: hub.y + 58 }],
    ]),
    stopRadius: 9.5,
    tags: [],
    gaps: { stub: { from: 118, to: hub.y - 21 }, zones: { from: hub.y + 20, to: height }, web: { from: 118, to: height } },
  };
}

/** For a projector: fewer things, nothing under 27 px, drawn once for 1920 × 790 and scaled as a whole. */
function projected(): Layout {
  const hub = { x: 800, y: 402, radius: 62, inner: 38 };
  const terrace = (i: number): TerracePlace => {
    const y = 46 + 252 * i;
    return {
      x: 1366,
      y,
      width: 554,
      height: 208,
      capsule: { x: 1394, y: y + 78, width: 476, height: 52 },
      head: { x: 1400, y: y + 14 },
      foot: { x: 1400, y: y + 144 },
      station: { x: 1400, y: y + 104 },
    };
  };
  const terraces = [terrace(0), terrace(1), terrace(2)] as const;
  const window: Box = { x: 64, y: 286, width: 452, height: 250 };
  const wide = 9;
  return {
    form: 'presenter',
    width: 1920,
    height: 790,
    compact: false,
    name: { x: 64, y: 108, size: 66, label: 175, room: 1240 },
    client: { label: { x: 64, y: 230 }, window },
    hub,
    resolverLabel: { x: 552, y: 230 },
    ledger: { x: 475, y: 557, width: 416, height: 212, head: 60, row: 50 },
    terraces,
    web: { sign: { x: 1148, y: 728, width: 32, height: 32 }, label: { x: 1194, y: 728 } },
    tracks: {
      stub: pair(
        [
          { x: 516, y: hub.y },
          { x: 732, y: hub.y },
        ],
        wide,
      ),
      zones: [
        branch(hub, terraces[0].station, 68, wide, 26),
        branch(hub, terraces[1].station, 68, wide, 26),
        branch(hub, terraces[2].station, 68, wide, 26),
      ],
      web: {
        ask: rail(
          [
            { x: 101, y: 536 },
            { x: 101, y: 750 },
            { x: 1148, y: 750 },
          ],
          26,
        ),
        reply: rail(
          [
            { x: 115, y: 536 },
            { x: 115, y: 738 },
            { x: 1148, y: 738 },
          ],
          20,
        ),
        middle: rail(
          [
            { x: 108, y: 536 },
            { x: 108, y: 744 },
            { x: 1148, y: 744 },
          ],
          23,
        ),
      },
    },
    stops: new Map([
      [2, { x: 578, y: 402 }],
      [3, { x: 984, y: 218 }],
      [4, { x: 926, y: 402 }],
      [5, { x: 984, y: 586 }],
      [6, { x: 1362, y: 654 }],
      [7, { x: 670, y: 402 }],
      [8, { x: 108, y: 640 }],
      [9, { x: 1104, y: 744 }],
    ]),
    stopRadius: 22,
    tags: terraces.map(({ station }) => ({ x: 960, y: station.y - 44, width: 384, height: 88 })),
    gaps: { stub: { from: 516, to: 732 }, zones: { from: 868, to: 1394 }, web: { from: 0, to: 1148 } },
  };
}

/** Two rails side by side along a straight or bent line: the one that asks above or left. */
function pair(corners: readonly Point[], apart = 5, bend = 14): Track {
  const shift = (by: number): Rail =>
    rail(
      corners.map((c) => ({ x: c.x, y: c.y + by })),
      bend,
    );
  return { ask: shift(-apart), reply: shift(apart), middle: shift(0) };
}

/** From the ring to a station: level, or on a slant of 45 degrees and then level. `reach` is the ring's outer radius. */
function branch(hub: Point, station: Point, reach: number, apart = 5, bend = 14): Track {
  const rise = station.y - hub.y;
  if (Math.abs(rise) < 8)
    return pair(
      [
        { x: hub.x + reach, y: hub.y },
        { x: station.x, y: station.y },
      ],
      apart,
      bend,
    );
  const down = Math.sign(rise);
  const steep = Math.abs(rise) > reach;
  const start = steep
    ? { x: hub.x + reach * 0.694, y: hub.y + down * reach * 0.694 }
    : { x: hub.x + reach * 0.96, y: hub.y + down * reach * 0.06 };
  /** The rail beside the middle one: `by` below it on the level, and moved square to the slant on the slant. */
  const run = (by: number): Rail => {
    const slant = (by * Math.SQRT1_2 * 1) as number;
    const from = { x: start.x - slant * down, y: start.y + slant };
    const level = station.y + by;
    const corner = { x: from.x + Math.abs(level - from.y), y: level };
    return rail([from, corner, { x: station.x, y: level }], bend);
  };
  return { ask: run(-apart), reply: run(apart), middle: run(0) };
}

/** From the browser down and along the bottom to the web server; it never touches the ring. */
function road(window: Box, y: number, end: number): Track {
  const bottom = window.y + window.height;
  const x = window.x + 104;
  const run = (by: number, bend: number): Rail =>
    rail(
      [
        { x: x - by, y: bottom },
        { x: x - by, y: y + by },
        { x: end, y: y + by },
      ],
      bend,
    );
  return { ask: run(3, 23), reply: run(-3, 17), middle: run(0, 20) };
}

/** A stop on a branch, `distance` pixels from the ring. */
function alongBranch(track: Track, distance: number): Point {
  const [from, corner] = track.middle.corners as readonly [Point, Point];
  const side = Math.hypot(corner.x - from.x, corner.y - from.y) || 1;
  const part = Math.min(0.62, distance / side);
  return { x: from.x + (corner.x - from.x) * part, y: from.y + (corner.y - from.y) * part };
}

const within = (n: number): number => Math.min(1, Math.max(0, n));
