/**
 * Where everything on the map stands, for one size and form of the screen. Stations stand still: nothing here depends on
 * the trace or the playhead.
 *
 * The measures are those of the drawings: 1068 × 576 beside the narration, 1024 × 404 above it, 390 × 540 on a phone and
 * 1920 × 790 for a projector. Sizes between are interpolated; width beyond lengthens the rails.
 */
import type { Form, Layout } from './layout.ts';
import { level } from './level.ts';
import { projected } from './projected.ts';
import { upright } from './upright.ts';

/** The layout of a form for the size of the map's box, in pixels; a wall has one size. */
export function layout(form: Form, width: number, height: number): Layout {
  if (form === 'phone') return upright(width, height);
  if (form === 'presenter') return projected();
  // While a window shrinks to a phone's, the map is measured before it takes that form.
  return level(form, Math.max(NARROWEST, width), height);
}

/** Pixels: no map of this form is narrower, in a window of 800. */
const NARROWEST = 780;
