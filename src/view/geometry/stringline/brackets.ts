/** The brackets of the stringline chart: how long a timer ran, how long a handshake took. */
import { describePacket, hostAt } from '../../../trace/describe.ts';
import type { Trace, Turn } from '../../../trace/trace.ts';
import { textWidth } from '../measure.ts';
import { type Axis, xOf } from './axis.ts';
import type { ChartRow } from './rows.ts';
import type { Stroke } from './strokes.ts';
import { waitingText } from './words.ts';

/** A measure of time along a row: how long a timer ran, how long a handshake took. */
export interface Bracket {
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  /** Its feet, downwards or upwards. */
  readonly leg: number;
  readonly text: string;
  readonly middle: number;
  readonly right: number;
  readonly from: number;
  readonly to: number;
}

/** Timers that ran out, over the resolver's row; TCP's handshake, under the last row. */
export function bracketsOf(trace: Trace, strokes: readonly Stroke[], axis: Axis, rows: readonly ChartRow[]): Bracket[] {
  const made: Bracket[] = [];
  const add = (from: number, to: number, y: number, leg: number, wordings: readonly string[]): void => {
    const [x1, x2] = [xOf(axis, from), xOf(axis, to)];
    const middle = (x1 + x2) / 2;
    for (const text of wordings) {
      const half = textWidth(text, 11.5) / 2;
      const isFree = made.every(
        (other) => other.y !== y || other.right + 4 < middle - half || 2 * other.middle - other.right > middle + half + 4,
      );
      // What cannot be said shorter may stand out a little on both sides.
      if (x2 - x1 <= half * (text === wordings.at(-1) ? 1.4 : 2) || !isFree) continue;
      made.push({ x1, x2, y, leg, text, middle, right: middle + half, from, to });
      return;
    }
  };
  for (const stroke of strokes) {
    const turn = trace.turns[stroke.packet.turn];
    const before = ringing(trace, stroke);
    const { kind } = describePacket(trace, stroke.packet.id);
    if (turn && before) {
      const waited = strokes.find((s) => s.packet.turn === before.id);
      const time = `${Math.round((turn.at - before.at) / 1000)} ms`;
      const what = (waited && waitingText(trace, waited)) ?? 'waiting';
      add(before.at, turn.at, stroke.y1 - 9, 4, [`${what}: timer, ${time}`, `timer, ${time}`, time]);
    }
    if (kind === 'tcp-syn' && hostAt(trace, stroke.packet.from.address)?.role === 'resolver') {
      const back = strokes.find(
        (s) => s.packet.id > stroke.packet.id && s.y2 === stroke.y1 && describePacket(trace, s.packet.id).kind === 'tcp-syn-ack',
      );
      if (back && !back.lost)
        add(stroke.sent, back.due, Math.max(...rows.map((row) => row.y)) - 11, -5, [
          `one round trip more: ${Math.round((back.due - stroke.sent) / 1000)} ms`,
        ]);
    }
  }
  return made;
}

/** The turn that set the timer because of which a question went out once more. */
export function ringing(trace: Trace, stroke: Stroke): Turn | undefined {
  const turn = trace.turns[stroke.packet.turn];
  if (turn?.cause.kind !== 'timer' || turn.cause.timer !== 'retryTimer' || turn.causedBy === undefined) return undefined;
  return describePacket(trace, stroke.packet.id).kind === 'query' ? trace.turns[turn.causedBy] : undefined;
}
