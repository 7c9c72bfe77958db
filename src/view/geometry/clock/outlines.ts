/** What is kept, between visits: each entry a wedge on the row of whoever keeps it, pointed where it runs out. */
import { key } from '../../../dns/name.ts';
import { givenOf } from '../health/given.ts';
import { textWidth } from '../measure.ts';
import { type Axis, tenth, xOf } from '../stringline/axis.ts';
import { type Canvas, clockTime, span } from './canvas.ts';
import { namesOf } from './rows.ts';
import { heightAt, type Wedge, wedgesOf } from './wedges.ts';

/** A kept entry: `d` is its outline. */
export interface DrawnWedge {
  readonly id: string;
  readonly d: string;
  readonly tone: 'kept' | 'changed' | 'no' | 'delegation';
  /** When it was kept: before that nothing of it is drawn. */
  readonly from: number;
}

/** The wedges of all rows, each with its words where there is room for them. */
export function wedgesIn(canvas: Canvas): DrawnWedge[] {
  const { trace, visits, axis, rows, height } = canvas;
  const { from, to } = span(axis);
  const names = namesOf(visits);
  const drawn: DrawnWedge[] = [];
  for (const row of rows) {
    if (row.kind !== 'resolver' && row.kind !== 'clients') continue;
    const kept = wedgesOf(trace).filter(
      (wedge) => row.hosts.includes(wedge.host) && !wedge.cache.endsWith('/os') && wedge.from < to && wedge.to > from,
    );
    const own = kept.filter((wedge) => wedge.kind !== 'delegation' && names.has(key(wedge.name)));
    const cuts =
      row.kind === 'resolver' && to - from > LONG
        ? gathered(
            kept.filter((wedge) => leadsTo(wedge, names)),
            to - from,
          )
        : [];
    const lanes = [...lanesOf(own, row.kind === 'clients' ? 1 : 2), ...lanesOf(cuts, 1)];
    const count = Math.max(1, lanes.length);
    // The browsers' own copies are thinner: the resolver's are what decides.
    const full = (row.kind === 'clients' ? 0.45 : 1) * (count === 1 ? height : height * 0.62);
    for (const [i, lane] of lanes.entries()) {
      const y = row.y + (i - (count - 1) / 2) * (full + 3);
      for (const wedge of lane) {
        drawn.push({ id: wedge.id, d: outline(wedge, axis, y, full), tone: toneOf(wedge), from: wedge.from });
        if (row.kind === 'resolver') labelWedge(canvas, wedge, y, full, i > 0);
      }
    }
  }
  return drawn;
}

/** Delegations live for days: they are drawn where that can be seen. */
const LONG = 1.8e9;
const leadsTo = ({ kind, name }: Wedge, names: ReadonlySet<string>): boolean =>
  kind === 'delegation' && [...names].some((one) => one === key(name) || one.endsWith(`.${key(name)}`));

/** Delegations that are learned in one lookup run out together: one wedge for all of them. */
function gathered(wedges: readonly Wedge[], length: number): Wedge[] {
  const groups: [Wedge, ...Wedge[]][] = [];
  for (const wedge of wedges) {
    const group = groups.find(
      ([first]) => Math.abs(first.from - wedge.from) < length / 200 && Math.abs(first.to - wedge.to) < length / 200,
    );
    if (group) group.push(wedge);
    else groups.push([wedge]);
  }
  return groups.map((group) => ({ ...group[0], value: `where to ask about ${group.map(({ name }) => name).join(' and ')}` }));
}

/** Entries that overlap in time lie one under the other; what finds no lane is left out. */
function lanesOf(wedges: readonly Wedge[], most: number): Wedge[][] {
  const lanes: Wedge[][] = [];
  for (const wedge of wedges) {
    const free = lanes.find((lane) => lane.every((other) => other.to <= wedge.from || other.from >= wedge.to));
    if (free) free.push(wedge);
    else if (lanes.length < most) lanes.push([wedge]);
  }
  return lanes;
}

/** A wedge as a path, its middle at `y`, `full` pixels high when fresh. */
export function outline(wedge: Wedge, axis: Axis, y: number, full: number): string {
  const { from, to } = span(axis);
  const [start, end] = [Math.max(from, wedge.from), Math.min(to, wedge.to)];
  const [x1, x2] = [xOf(axis, start), Math.max(xOf(axis, end), xOf(axis, start) + 1.5)];
  const [h1, h2] = [(heightAt(wedge, start) * full) / 2, (heightAt(wedge, end) * full) / 2];
  return `M${tenth(x1)} ${tenth(y - h1)}L${tenth(x2)} ${tenth(y - h2)}V${tenth(y + h2)}L${tenth(x1)} ${tenth(y + h1)}Z`;
}

const toneOf = ({ kind, change }: Wedge): DrawnWedge['tone'] =>
  kind === 'no' ? 'no' : kind === 'delegation' ? 'delegation' : change > 0 ? 'changed' : 'kept';

function labelWedge({ trace, visits, axis, room }: Canvas, wedge: Wedge, y: number, full: number, below: boolean): void {
  const { from, to } = span(axis);
  const x1 = xOf(axis, Math.max(from, wedge.from));
  const x2 = xOf(axis, Math.min(to, wedge.to));
  const told = givenOf(trace, wedge.name);
  // From the instant at which the zone gives something else, this is the old answer.
  const aged = wedge.kind === 'answer' ? told.find(({ at }) => at > wedge.from && at < wedge.to)?.at : undefined;
  const about = wedge.kind !== 'delegation' && namesOf(visits).size > 1 ? `${wedge.name.replace(/\.$/, '')} ` : '';
  const value = wedge.value.length > 34 && wedge.kind === 'answer' ? `${wedge.value.split(', ').length} values` : wedge.value;
  const whole = `${about}${value}, TTL ${ttlText(wedge.ttl)}`;
  const hue = wedge.kind === 'no' ? 'n' : wedge.kind === 'delegation' ? 'r' : wedge.change > 0 ? 'a' : 'plain';
  const above = { left: x1 + 6, y: y - full / 2 - 3 };
  const under = { left: x1 + 6, y: y + full / 2 + 11 };
  const fits = (text: string): boolean => textWidth(text, 11.5) < Math.max(x2 - x1, 150);
  const words = [whole, `${about}${value}`].filter(fits);
  for (const text of words) {
    const old = `old answer, ${text}`;
    const place = below ? [under, above] : [above, under];
    if (aged === undefined ? room.put(text, hue, wedge.from, place) : room.put(old, hue, aged, place, { text, from: wedge.from }))
      break;
  }
  if (wedge.to >= wedge.end && wedge.end < to && x2 - x1 > 60)
    room.put(`runs out at ${clockTime(wedge.end)}`, 'note', wedge.from, [
      { left: x2 + 4, y: y + 4 },
      { right: x2 - 4, y: y + full / 2 + 11 },
    ]);
}

const ttlText = (ttl: number): string =>
  ttl >= 86_400 && ttl % 86_400 === 0 ? `${ttl / 86_400} ${ttl === 86_400 ? 'day' : 'days'}` : `${ttl} s`;
