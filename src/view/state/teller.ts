/** What a run is told with: a lesson's own lines first, then those that every lesson can tell. */

import type { Scenario } from '../../scenario/schema.ts';
import { tellingOf } from '../../scenario/telling.ts';
import { type Line, lineAt as lineOf, narrate, STANDING, type Told } from '../../trace/narration.ts';
import type { Position } from '../../trace/scene.ts';
import type { Trace } from '../../trace/trace.ts';

export const linesOf = (trace: Trace, { notes = [] }: Scenario): readonly Line[] =>
  narrate(trace, [...notes.flatMap((note) => tellingOf(note) ?? []), ...STANDING]);

export const lineAt = (trace: Trace, lines: readonly Line[], position: Position): Told => lineOf(trace, lines, position);
