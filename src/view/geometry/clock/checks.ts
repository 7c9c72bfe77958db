/** Who checks, between visits: how many checkers still say healthy, their probes, and when a server was stopped. */
import type { Trace } from '../../../trace/trace.ts';
import { type CheckStory, healthOf, probesBetween } from '../health/health.ts';
import { textWidth } from '../measure.ts';
import { type Axis, tenth, xOf } from '../stringline/axis.ts';
import { type Canvas, type Room, span } from './canvas.ts';

/** How many of a check's checkers say healthy: a staircase between two heights, and the line that decides. */
export interface Staircase {
  readonly id: string;
  readonly d: string;
  /** Where more than 18 % would still be healthy. */
  readonly limit?: number;
}

/** Above this share of healthy checkers an endpoint is healthy (dns-failover-determining-health-of-endpoints). */
const HEALTHY_SHARE = 0.18;

/** The staircases of all checks, with what was counted at each change of status. */
export function stairsOf({ axis, rows, room, height }: Canvas): Staircase[] {
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

/** What is drawn on the servers' rows, each as one path. */
export interface DrawnServers {
  /** Probes that passed, that failed, and those that were counted and not sent. */
  readonly probes: { readonly passed: string; readonly missed: string; readonly counted: string };
  /** While a server was stopped. */
  readonly stopped: string;
}

/** Who knocks at the servers, and when nobody opens. */
export function serversOf({ trace, axis, rows, room }: Canvas): DrawnServers {
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
