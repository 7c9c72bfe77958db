/** What a run is told with: a lesson's own lines first, then those that every lesson can tell. */

import type { Scenario } from '../../scenario/schema.ts';
import { tellingOf } from '../../scenario/telling.ts';
import { hostOf } from '../../trace/describe.ts';
import { type Line, lineAt, narrate } from '../../trace/narration.ts';
import type { Scene } from '../../trace/scene.ts';
import { STANDING } from '../../trace/standing.ts';
import type { Visit } from '../../trace/steps.ts';
import type { Trace } from '../../trace/trace.ts';
import { visitsOf } from '../../trace/visits.ts';

export const linesOf = (trace: Trace, { notes = [] }: Scenario): readonly Line[] =>
  narrate(trace, [...notes.flatMap((note) => tellingOf(note) ?? []), ...STANDING]);

/**
 * What is told of a scene: a lesson's own lines before the standing ones; of these the most special, which stands last, and
 * only of the visit that is shown, since several people may ask at once.
 */
export function lineOf(trace: Trace, lines: readonly Line[], { position, visit }: Scene): Line | undefined {
  const here = lines.filter((line) => line.standing === undefined || line.visit === undefined || line.visit === visit?.number);
  const last = lineAt(trace, here, position).line;
  if (!last) return undefined;
  const rivals = here.filter(({ turn }) => turn === last.turn);
  const own = rivals.filter(
    (line, i) => line.standing === undefined && rivals.findIndex((one) => one.headline === line.headline) === i,
  );
  if (own.length > 0) return together(own as [Line, ...Line[]]);
  const line = rivals.findLast(({ standing = 0 }) => standing >= 10) ?? last;
  return line.standing === 1 && visit ? byWhom(trace, line, visit) : line;
}

/** Between lines that open in one turn there is no time to read: the first one's headline, and what the others say after its words. */
function together([first, ...others]: readonly [Line, ...Line[]]): Line {
  if (others.length === 0) return first;
  const plain = [first.plain, ...others.flatMap((line) => [line.headline, line.plain])].filter((text) => text !== undefined);
  return { ...first, plain: plain.join(' '), until: Math.max(first.until, ...others.map(({ until }) => until)) as Line['until'] };
}

/** Somebody else than before sits down and types. */
function byWhom(trace: Trace, line: Line, visit: Visit): Line {
  const before = visitsOf(trace)[visit.number - 2];
  if (!before || before.client === visit.client) return line;
  const title = hostOf(trace, visit.client).title;
  return { ...line, headline: `Now the ${title.charAt(0).toLowerCase()}${title.slice(1)} asks.` };
}
