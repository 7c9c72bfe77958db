/** What the parts of the timetable between visits are drawn on: the axis, the rows, and the room that is left for words. */
import type { Duration } from '../../../base/time.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Name } from '../../../dns/name.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { Trace } from '../../../trace/trace.ts';
import { textWidth } from '../measure.ts';
import type { Axis } from '../stringline/axis.ts';
import type { ClockRow } from './rows.ts';

export interface ClockLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly hue: 'plain' | 'note' | 'r' | 'a' | 'e' | 'n' | 'h' | 'head';
  /** When it may be read: after that instant, and until this one. */
  readonly from: number;
  readonly until?: number;
}

export interface Canvas {
  readonly trace: Trace;
  readonly visits: readonly Visit[];
  readonly name: Name;
  readonly axis: Axis;
  readonly rows: readonly ClockRow[];
  readonly room: Room;
  /** Of a fresh wedge, in pixels. */
  readonly height: number;
}

/** The instants at which what is shown begins and ends. */
export const span = ({ stretches }: Axis): { from: number; to: number } => ({
  from: stretches[0]?.from ?? 0,
  to: stretches.at(-1)?.to ?? 0,
});

/** A left or a right edge, and a base line. */
interface Place {
  readonly left?: number;
  readonly right?: number;
  readonly y: number;
}

/** Labels beside what they name; what finds no room is left out. */
export class Room {
  readonly labels: ClockLabel[] = [];
  readonly #taken: { left: number; right: number; top: number; bottom: number }[] = [];
  readonly #axis: Axis;

  constructor(axis: Axis) {
    this.#axis = axis;
  }

  /** Takes the first of some places that is free; `before` stands there until the words are true. */
  put(
    text: string,
    hue: ClockLabel['hue'],
    from: number,
    places: readonly Place[],
    before?: { readonly text: string; readonly from: number },
  ): boolean {
    const width = textWidth(text, 11.5);
    for (const place of places) {
      const left = place.left ?? (place.right ?? 0) - width;
      const box = { left: left - 3, right: left + width + 3, top: place.y - 9, bottom: place.y + 2 };
      if (left < this.#axis.left - 4 || box.right > this.#axis.right + 24) continue;
      if (this.#taken.some((t) => t.left < box.right && t.right > box.left && t.top < box.bottom && t.bottom > box.top)) continue;
      this.#taken.push(box);
      if (before) this.labels.push({ ...before, x: left, y: place.y, hue, until: from });
      this.labels.push({ text, x: left, y: place.y, hue, from });
      return true;
    }
    return false;
  }

  take(left: number, right: number, top: number, bottom: number): void {
    this.#taken.push({ left, right, top, bottom });
  }
}

/** A time on the clock, short: "37.9 s", "6 min 30 s". */
export const clockTime = (at: number): string =>
  formatDuration((at < 6e7 ? Math.round(at / 1e5) * 1e5 : Math.round(at / 1e6) * 1e6) as Duration);
