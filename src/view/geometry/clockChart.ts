/**
 * The timetable between visits, in seconds, minutes or days: kept entries as wedges, the staircase of how many checkers
 * still say healthy, probes as ticks, what the zone gives, and each visit as one upright stroke. It shows the whole
 * stretch at once; the now-line decides how much of it is inked.
 */
import { key, type Name } from '../../dns/name.ts';
import type { Visit } from '../../trace/steps.ts';
import type { Trace } from '../../trace/trace.ts';
import { type Axis, tenth, xOf } from './axis.ts';
import { type Canvas, type ClockLabel, clockTime, Room, span } from './clockCanvas.ts';
import { type Pin, pinsOf } from './clockPins.ts';
import { type ClockRow, clockRows, namesOf } from './clockRows.ts';
import { type Cut, signsAbove } from './clockSigns.ts';
import { givenOf, givenWords } from './given.ts';
import { type CheckStory, healthOf, probesBetween } from './health.ts';
import { textWidth } from './measure.ts';
import type { RowPlan } from './stringlineRows.ts';
import { heightAt, type Wedge, wedgesOf } from './wedges.ts';

/** A kept entry: `d` is its outline. */
export interface DrawnWedge {
  readonly id: string;
  readonly d: string;
  readonly tone: 'kept' | 'changed' | 'no' | 'delegation';
  /** When it was kept: before that nothing of it is drawn. */
  readonly from: number;
}

/** How many of a check's checkers say healthy: a staircase between two heights, and the line that decides. */
export interface Staircase {
  readonly id: string;
  readonly d: string;
  /** Where more than 18 % would still be healthy. */
  readonly limit?: number;
}

export interface ClockChart {
  readonly rows: readonly ClockRow[];
  readonly wedges: readonly DrawnWedge[];
  readonly bars: readonly { readonly d: string; readonly tone: 'first' | 'later' | 'none' }[];
  readonly stairs: readonly Staircase[];
  /** Probes that passed, that failed, and those that were counted and not sent. */
  readonly probes: { readonly passed: string; readonly missed: string; readonly counted: string };
  /** While a server was stopped. */
  readonly stopped: string;
  readonly pins: readonly Pin[];
  /** Upright dotted lines: something was done to the world, or a check changed. */
  readonly cuts: readonly Cut[];
  readonly labels: readonly ClockLabel[];
}

/** All that the axis shows, for the name at hand. */
export function clockChart(trace: Trace, visits: readonly Visit[], name: Name, axis: Axis, plan: RowPlan): ClockChart {
  const rows = clockRows(trace, visits, name, plan);
  const room = new Room(axis);
  const pitch = (rows[1]?.y ?? plan.top + plan.pitch) - (rows[0]?.y ?? plan.top);
  const canvas: Canvas = { trace, visits, name, axis, rows, room, height: Math.min(14, pitch * 0.56) };
  const above = signsAbove(trace, axis, plan.top);
  const bars = barsOf(canvas);
  const stairs = stairsOf(canvas);
  const wedges = wedgesIn(canvas);
  const pins = pinsOf(canvas);
  const servers = serversOf(canvas);
  return { rows, wedges, bars, stairs, ...servers, pins, cuts: above.cuts, labels: [...above.labels, ...room.labels] };
}

// --- what is kept

function wedgesIn(canvas: Canvas): DrawnWedge[] {
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

function outline(wedge: Wedge, axis: Axis, y: number, full: number): string {
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

// --- what the zone gives

function barsOf({ trace, name, axis, rows, room }: Canvas): ClockChart['bars'] {
  const row = rows.find(({ kind }) => kind === 'zone');
  if (!row) return [];
  const { from, to } = span(axis);
  const all = givenOf(trace, name);
  return all.flatMap((one, i) => {
    const until = all[i + 1]?.at ?? to;
    if (until <= from || one.at >= to) return [];
    const [x1, x2] = [xOf(axis, Math.max(from, one.at)), xOf(axis, Math.min(to, until))];
    const before = all[i - 1];
    const words = givenWords(one, before);
    const changed = before !== undefined && words !== givenWords(before, all[i - 2]);
    if (changed)
      room.put(`${clockTime(one.at)}: ${words}`, 'a', one.at, [
        { left: x1 + 6, y: row.y - 6 },
        { right: x1 - 5, y: row.y - 6 },
        { left: x1 + 6, y: row.y + 13 },
      ]);
    else if (!before) room.put(words, 'a', one.at, [{ left: x1 + 6, y: row.y - 6 }]);
    const empty = one.choices.every(({ values }) => values.length === 0);
    return [
      {
        d: `M${tenth(x1)} ${row.y}H${tenth(x2 - (until < to ? 3 : 0))}`,
        tone: empty ? 'none' : before ? 'later' : 'first',
      } as const,
    ];
  });
}

// --- who checks

/** Above this share of healthy checkers an endpoint is healthy (dns-failover-determining-health-of-endpoints). */
const HEALTHY_SHARE = 0.18;

function stairsOf({ axis, rows, room, height }: Canvas): Staircase[] {
  const { from, to } = span(axis);
  return rows.flatMap(({ check, y }) => {
    if (!check) return [];
    const probed = check.checkers.length > 0;
    const whole = probed ? check.checkers.length : 1;
    const [top, bottom] = [y - height * 0.85, y + height * 0.55];
    const level = (healthy: number): number => bottom - ((bottom - top) * healthy) / whole;
    const steps = probed
      ? check.counts.map(({ at, healthy }) => ({ at, healthy }))
      : [{ at: 0, healthy: check.first ? 1 : 0 }, ...check.statuses.map(({ at, healthy }) => ({ at, healthy: healthy ? 1 : 0 }))];
    const start = steps.findLast((step) => step.at <= from) ?? steps[0];
    let d = `M${tenth(xOf(axis, from))} ${tenth(level(start?.healthy ?? whole))}`;
    for (const step of steps)
      if (step.at > from && step.at <= to) d += `H${tenth(xOf(axis, step.at))}V${tenth(level(step.healthy))}`;
    d += `H${tenth(xOf(axis, to))}`;
    if (probed) {
      room.put(`${start?.healthy} of ${whole} healthy`, 'a', from, [
        { left: axis.left + 8, y: level(start?.healthy ?? whole) - 4 },
      ]);
      room.put('18 %', 'note', 0, [{ right: axis.right + 20, y: level(whole * HEALTHY_SHARE) - 3 }]);
    }
    for (const { at, healthy } of check.statuses)
      if (at > from && at < to)
        room.put(
          probed
            ? `${check.counts.findLast((count) => count.at <= at)?.healthy} of ${whole}: ${healthy ? 'healthy' : 'failing'}`
            : healthy
              ? 'healthy'
              : 'failing',
          healthy ? 'a' : 'e',
          at,
          [
            { left: xOf(axis, at) + 6, y: y + 4 },
            { left: xOf(axis, at) + 6, y: top + 4 },
          ],
        );
    return [{ id: check.id, d, ...(probed ? { limit: tenth(level(whole * HEALTHY_SHARE)) } : {}) }];
  });
}

// --- the servers, and who knocks there

function serversOf({ trace, axis, rows, room }: Canvas): Pick<ClockChart, 'probes' | 'stopped'> {
  const { from, to } = span(axis);
  const probes = { passed: '', missed: '', counted: '' };
  let stopped = '';
  const pixel = (to - from) / Math.max(1, xOf(axis, to) - xOf(axis, from));
  for (const row of rows) {
    const [id] = row.hosts;
    if (row.kind !== 'server' || id === undefined) continue;
    for (const check of healthOf(trace).checks) {
      if (check.target !== id) continue;
      // Where two probes of one checker would be one mark, a tick says nothing.
      if (check.interval / pixel < 6) continue;
      for (const checker of check.checkers)
        for (const probe of probesBetween(check, checker, from, to)) {
          const d = `M${tenth(xOf(axis, probe.at))} ${row.y}v${probe.passes ? -6 : 6}`;
          if (probe.counted) probes.counted += d;
          else if (probe.passes) probes.passed += d;
          else probes.missed += d;
        }
      labelMisses(check, axis, room, row.y);
    }
    for (const [begin, end] of stops(trace, id))
      if (begin < to && end > from)
        stopped += `M${tenth(xOf(axis, Math.max(from, begin)))} ${row.y}H${tenth(xOf(axis, Math.min(to, end)))}`;
  }
  return { probes, stopped };
}

/** "miss 1" over the first misses of all checkers, and so on, up to the one that changes a mind. */
function labelMisses(check: CheckStory, axis: Axis, room: Room, y: number): void {
  const groups = new Map<number, number[]>();
  for (const { probes, minds } of check.checkers) {
    const until = minds.find(({ healthy }) => !healthy)?.at ?? Number.POSITIVE_INFINITY;
    for (const { at, miss } of probes) if (miss > 0 && at <= until) groups.set(miss, [...(groups.get(miss) ?? []), at]);
  }
  const { from, to } = span(axis);
  for (const [miss, all] of groups) {
    const middle = all.reduce((sum, at) => sum + at, 0) / all.length;
    if (middle <= from || middle >= to) continue;
    const text = `miss ${miss}`;
    room.put(text, 'e', Math.min(...all), [{ left: xOf(axis, middle) - textWidth(text, 11.5) / 2, y: y - 6 }]);
  }
}

/** When a host was stopped, from and to. */
function stops(trace: Trace, host: string): [number, number][] {
  const found: [number, number][] = [];
  for (const { action, at, host: whose } of trace.stimuli) {
    if (whose !== host) continue;
    const last = found.at(-1);
    if (action === 'stop' && (!last || last[1] !== Number.POSITIVE_INFINITY)) found.push([at, Number.POSITIVE_INFINITY]);
    if (action === 'start' && last && last[1] === Number.POSITIVE_INFINITY) last[1] = at;
  }
  return found;
}
