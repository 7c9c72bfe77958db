/**
 * Two resolvers, one under the other on one axis of seconds, minutes or days: what each keeps of one name, what its users are told,
 * and when each first hears that the zone gives something else.
 */
import type { Instant } from '../../../base/time.ts';
import { key, type Name } from '../../../dns/name.ts';
import { hostAt, hostOf } from '../../../trace/describe.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { HostRecord, Trace } from '../../../trace/trace.ts';
import { clockAxis } from '../clock/axis.ts';
import { outline } from '../clock/outlines.ts';
import { heightAt, type Wedge, wedgesOf } from '../clock/wedges.ts';
import { type Given, givenOf, shortValues } from '../health/given.ts';
import { type Axis, xOf } from '../stringline/axis.ts';

export type Tone = 'old' | 'new' | 'no';

/** What a resolver keeps, would say, or says: places in pixels. */
export interface Stretch {
  readonly left: number;
  readonly right: number;
  readonly text: string;
  readonly tone: Tone;
}

/** One of the two. */
export interface ResolverLane {
  readonly host: HostRecord;
  readonly kept: readonly Wedge[];
  readonly wedges: readonly {
    readonly d: string;
    readonly tone: Tone;
    readonly left: number;
    readonly right: number;
    readonly text: string;
  }[];
  /** What it would say without asking. */
  readonly says: readonly Stretch[];
  /** Each time one of its users asks, and what that one is told; `reach` is how high above the row's middle the copy then is, in pixels. */
  readonly users: readonly {
    readonly x: number;
    readonly reach: number;
    readonly tone: Tone;
    readonly at: Instant;
    readonly title: string;
  }[];
  /** When it first heard what the zone gives after the change, in microseconds. */
  readonly heard?: number;
  /** What it held at the change: its value, and how long that might still be used. */
  readonly held?: { readonly value: string; readonly left: number };
}

export interface TwoResolvers {
  readonly name: Name;
  readonly axis: Axis;
  readonly lanes: readonly [ResolverLane, ResolverLane];
  /** What the zone gives, in stretches. */
  readonly zone: readonly Stretch[];
  /** When that changes; absent when it does not. */
  readonly change?: Instant;
  /** From the first of the two that hears it to the other: meanwhile they say different things. */
  readonly apart?: { readonly from: number; readonly to: number };
}

/** Height of a fresh wedge, in pixels. */
export const FULL = 26;

/** The resolvers that users of this run ask, in the order in which they first do. */
export function resolversIn(trace: Trace, visits: readonly Visit[]): readonly HostRecord[] {
  return [...new Set(visits.flatMap((visit) => resolverOf(trace, visit) ?? []))];
}

const resolverOf = (trace: Trace, visit: Visit): HostRecord | undefined => {
  const address = hostOf(trace, visit.client).resolvers?.[0];
  return address === undefined ? undefined : hostAt(trace, address);
};

/** Both, between two places in pixels; `y` is the middle of the row of what is kept. */
export function twoResolvers(
  trace: Trace,
  visits: readonly Visit[],
  hosts: readonly [HostRecord, HostRecord],
  name: Name,
  place: { readonly left: number; readonly right: number; readonly y: number },
): TwoResolvers {
  const given = givenOf(trace, name);
  const values = given.map(givenBy);
  const turn = given.findIndex((_, i) => i > 0 && values[i] !== values[i - 1]);
  const change = given[turn]?.at;
  const kept = hosts.map((host) => keptBy(trace, host, name));
  const ends = kept.flat().flatMap(({ to }) => (to <= trace.end * 1.4 ? [to] : []));
  const to = Math.max(trace.end, ...ends) * 1.01;
  const axis = clockAxis({ from: 0, to, before: 0, after: 0 }, place.left, place.right);
  const all = [...new Set([...values, ...kept.flat().map(({ value }) => value)])];
  const short = (value: string): string => shortValues([value], all)[0] ?? value;
  const tone = (value: string, kind: Wedge['kind'] = 'answer'): Tone =>
    kind === 'no' || value === '' ? 'no' : change !== undefined && value === values[turn - 1] ? 'old' : 'new';
  const lanes = hosts.map((host, i) =>
    laneOf({ trace, visits, host, kept: kept[i] ?? [], axis, y: place.y, change, wanted: values[turn], short, tone }),
  ) as [ResolverLane, ResolverLane];
  const heard = lanes.map((lane) => lane.heard);
  const [first, second] = heard;
  return {
    name,
    axis,
    lanes,
    zone: given.map((one, i) => ({
      left: xOf(axis, one.at),
      right: xOf(axis, given[i + 1]?.at ?? to),
      text: i === turn && values[i] !== '' ? `now ${values[i]}` : (values[i] ?? '') || 'no such name',
      tone: tone(values[i] ?? ''),
    })),
    ...(change === undefined ? {} : { change }),
    ...(first === undefined || second === undefined || first === second
      ? {}
      : { apart: { from: Math.min(first, second), to: Math.max(first, second) } }),
  };
}

/** "192.0.2.44": what the zone gives, in any order; empty when it has no such name. */
const givenBy = ({ choices }: Given): string =>
  choices
    .filter(({ live }) => live)
    .flatMap(({ values }) => values)
    .sort()
    .join(', ');

const keptBy = (trace: Trace, { id }: HostRecord, name: Name): Wedge[] =>
  wedgesOf(trace).filter((wedge) => wedge.host === id && wedge.kind !== 'delegation' && key(wedge.name) === key(name));

interface Material {
  readonly trace: Trace;
  readonly visits: readonly Visit[];
  readonly host: HostRecord;
  readonly kept: readonly Wedge[];
  readonly axis: Axis;
  readonly y: number;
  readonly change: Instant | undefined;
  /** What the zone gives after the change. */
  readonly wanted: string | undefined;
  readonly short: (value: string) => string;
  readonly tone: (value: string, kind?: Wedge['kind']) => Tone;
}

function laneOf({ trace, visits, host, kept, axis, y, change, wanted, short, tone }: Material): ResolverLane {
  const x = (at: number): number => xOf(axis, at);
  const own = visits.filter((visit) => resolverOf(trace, visit) === host && visit.name !== undefined);
  const at = (when: number): Wedge | undefined => kept.findLast((wedge) => wedge.from <= when && when <= wedge.to);
  const heard = change === undefined ? undefined : kept.find((wedge) => wedge.from >= change && wedge.value === wanted)?.from;
  const held = change === undefined ? undefined : kept.find((wedge) => wedge.from <= change && change < wedge.to);
  return {
    host,
    kept,
    wedges: kept.map((wedge) => ({
      d: outline(wedge, axis, y, FULL),
      tone: tone(wedge.value, wedge.kind),
      left: x(wedge.from),
      right: x(wedge.to),
      text: `${wedge === held ? 'keeps' : 'hears'} ${short(wedge.value)}${wedge === held ? ', told by nobody' : `, keeps it ${wedge.ttl} s`}`,
    })),
    says: kept.map((wedge) => ({
      left: x(wedge.from),
      right: x(wedge.to),
      text: wedge.value,
      tone: tone(wedge.value, wedge.kind),
    })),
    users: own.flatMap((visit) => {
      const answer = at(visit.addressAt ?? visit.to ?? visit.from);
      // What the browser itself still had, the resolver was not asked for.
      if (!answer || visit.addressAt === undefined) return [];
      return [
        {
          x: x(visit.from),
          reach: Math.max(3, (heightAt(answer, visit.addressAt) * FULL) / 2),
          tone: tone(answer.value, answer.kind),
          at: visit.from,
          title: short(answer.value),
        },
      ];
    }),
    ...(heard === undefined ? {} : { heard }),
    ...(held && change !== undefined ? { held: { value: short(held.value), left: held.to - change } } : {}),
  };
}
