/** The map of a wall. */

import { rail } from '../map/rails.ts';
import type { Box, Layout, TerracePlace } from './layout.ts';
import { branch, pair } from './rails.ts';

/** For a projector: fewer things, nothing under 27 px, drawn once for 1920 × 790 and scaled as a whole. */
export function projected(): Layout {
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
    name: { x: 64, y: 108, size: 66, label: 175, room: 880 },
    client: { label: { x: 64, y: 230 }, window },
    hub,
    resolverLabel: { x: 552, y: 230 },
    // Beside the browser's window, which grows down past its upper edge.
    ledger: { x: 526, y: 557, width: 400, height: 212, head: 60, row: 50 },
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
