/** The map of a phone. */

import { type Rail, rail, type Track } from '../map/rails.ts';
import type { Box, Layout, TerracePlace } from './layout.ts';

/** A vertical line with one rail per server, so that none runs through another. */
export function upright(width: number, height: number): Layout {
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
