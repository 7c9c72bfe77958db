/** The map of a desk or a tablet, beside or above the narration. */

import type { Point } from '../map/rails.ts';
import type { Box, Form, Layout, TerracePlace } from './layout.ts';
import { alongBranch, branch, pair, road } from './rails.ts';

/** A map of this width and height; below 576 pixels of height everything stands closer. */
export function level(form: Form, width: number, height: number): Layout {
  const tall = within((height - 404) / 172);
  const spare = Math.max(0, height - 576);
  const narrow = within((1068 - width) / 268);
  const extra = Math.max(0, width - 1068);
  const at = (compact: number, full: number): number => Math.round(compact + (full - compact) * tall);

  const window: Box = { x: 28, y: at(148, 168), width: Math.round(208 - 38 * narrow), height: at(148, 158) };
  const right = window.x + window.width;
  const hubX = Math.round(right + 216 - 90 * narrow + extra * 0.3);
  const left = Math.round(hubX + 316 - 68 * narrow + extra * 0.7 - Math.max(0, extra * 0.3 - 90) * 0.3);
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
  const wished = at(196, 250) + spare * 0.3;
  const beside = terraces[1].station.y;
  // The middle line is level, unless the ring stands well below it.
  const hub = { x: hubX, y: Math.abs(wished - beside) < 8 ? beside : wished, radius: 33, inner: 21 };
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
  const tagsFrom = Math.max(hub.x + (bent ? 84 : 60), left - 238);
  return {
    form,
    width,
    height,
    compact: tall < 0.6,
    name: { x: 28, y: at(46, 54), size: at(28, 34), label: at(77, 85), room: (tagsFrom - 36) / 0.9 },
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
      x: tagsFrom,
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
  // It stands beside the browser's window, which grows with what it shows; on the narrowest map partly under it.
  const beside = window.x + window.width + 12;
  const least = y < window.y + window.height + 10 ? beside : Math.min(beside, hub.x + right - 220);
  const x = Math.max(least, hub.x - 198);
  const rows = Math.max(1, Math.floor((webY - 12 - y - LEDGER.head) / LEDGER.row));
  const width = Math.round(Math.min(262, hub.x + right - x));
  return { x: Math.round(x), y, width, height: LEDGER.head + rows * LEDGER.row, ...LEDGER };
}

const within = (n: number): number => Math.min(1, Math.max(0, n));
