/**
 * What health checks have found, as the map and the timetable tell it: each checker's probes with its misses counted, how
 * many checkers say healthy, when a check changed its status, and who was told.
 */
import type { StatusDetail } from '../../../actors/servers/healthcheck.ts';
import type { ProbeDetail } from '../../../actors/servers/healthchecker.ts';
import type { Address } from '../../../base/address.ts';
import type { Instant } from '../../../base/time.ts';
import { hostAt } from '../../../trace/describe.ts';
import { happeningsOf } from '../../../trace/happenings.ts';
import { lastIndexWhere } from '../../../trace/intervals.ts';
import { memoised } from '../../../trace/memo.ts';
import type { HostId, HostRecord, InstancePath, Trace, TurnId } from '../../../trace/trace.ts';

/** One probe of one checker. */
export interface Probe {
  readonly at: Instant;
  readonly passes: boolean;
  /** Which miss in a row this is, counted from 1; 0 when it passed. */
  readonly miss: number;
  /** "Connection refused". */
  readonly found: string;
  /** Of a quiet stretch: like those before and after it, so that it was counted and not sent. */
  readonly counted: boolean;
}

export interface CheckerStory {
  readonly region: string;
  /** 1 or 2 within its Region. */
  readonly number: number;
  readonly probes: readonly Probe[];
  /** When it changed its mind; healthy before the first. */
  readonly minds: readonly Change[];
}

interface Change {
  readonly at: Instant;
  readonly turn: TurnId;
  readonly healthy: boolean;
}

export interface Status extends Change {
  /** "2 of 16 checkers say healthy; more than 18 % needed". */
  readonly why: string;
}

export interface CheckStory {
  readonly id: string;
  /** Whether it was healthy when the run began. */
  readonly first: boolean;
  readonly statuses: readonly Status[];
  /** Sorted by Region as a map of the world is read, then by number; none when nobody probes. */
  readonly checkers: readonly CheckerStory[];
  /** How many checkers say healthy, from an instant on. */
  readonly counts: readonly { readonly at: Instant; readonly turn: TurnId; readonly healthy: number }[];
  /** Microseconds from one probe of a checker to its next. */
  readonly interval: number;
  /** The same in whole seconds, as it is set. */
  readonly every: number;
  /** So many results in a row change a checker's mind; 0 when nobody probes. */
  readonly threshold: number;
  /** The host that is probed; absent when nobody probes, or when nobody has the address. */
  readonly target?: HostId;
}

/** Somebody was told of an alarm, or a function ran. */
export interface News {
  readonly at: Instant;
  readonly turn: TurnId;
  readonly about: 'told' | 'function';
  readonly text: string;
}

export interface HealthStory {
  readonly checks: readonly CheckStory[];
  readonly news: readonly News[];
}

/** Regions in the order in which the console lists them, as people call them (AWS General Reference). */
export const REGION_NAMES: Readonly<Record<string, string>> = {
  'us-east-1': 'N. Virginia',
  'us-west-1': 'N. California',
  'us-west-2': 'Oregon',
  'eu-west-1': 'Ireland',
  'ap-southeast-1': 'Singapore',
  'ap-southeast-2': 'Sydney',
  'ap-northeast-1': 'Tokyo',
  'sa-east-1': 'São Paulo',
};

const CHECKER = /^[^/]+\/(.+)\/([a-z]+-[a-z]+-\d+)\/(\d+)$/;

/** The host of the health checkers; absent in a world without health checks. */
const checkersHost = (trace: Trace): HostRecord | undefined => trace.hosts.find((host) => host.role === 'health-checker');

/** The story of every health check of a trace; worked out once. */
export const healthOf: (trace: Trace) => HealthStory = memoised((trace) => {
  const host = checkersHost(trace);
  if (!host) return { checks: [], news: [] };
  const book = readTurns(trace, host.id);
  const paths = new Map<InstancePath, boolean>();
  for (const { path, machine, state } of host.instances) if (machine === 'healthcheck') paths.set(path, state !== 'unhealthy');
  for (const path of book.created) if (!paths.has(path)) paths.set(path, true);
  const checks = [...paths].map(([path, first]): CheckStory => {
    const id = path.slice(host.id.length + 1);
    const checkers = [...book.checkers.values()].filter((one) => one.check === id).sort(byPlace);
    const interval = intervalOf(checkers);
    const told = checkers.map((one) => story(one, interval));
    const target = checkers.flatMap(({ target: found }) => found ?? [])[0];
    const known = target === undefined ? undefined : hostAt(trace, target)?.id;
    return {
      id,
      first,
      statuses: book.statuses.get(id) ?? [],
      checkers: told,
      counts: countsOf(told),
      interval,
      every: Math.round(Math.min(...gapsOf(checkers).map(({ idle }) => idle)) / 1e6),
      threshold: Math.max(0, ...checkers.map((one) => one.threshold)),
      ...(known === undefined ? {} : { target: known }),
    };
  });
  const news = happeningsOf(trace).flatMap((one) =>
    one.about === 'told' || one.about === 'function' ? [{ ...one, about: one.about } satisfies News] : [],
  );
  return { checks, news };
});

interface RawChecker {
  readonly check: string;
  readonly region: string;
  readonly number: number;
  readonly probes: Omit<Probe, 'miss' | 'counted'>[];
  readonly minds: Change[];
  target?: Address;
  threshold: number;
}

interface Book {
  readonly checkers: Map<InstancePath, RawChecker>;
  readonly statuses: Map<string, Status[]>;
  readonly created: Set<InstancePath>;
}

function readTurns(trace: Trace, host: HostId): Book {
  const book: Book = { checkers: new Map(), statuses: new Map(), created: new Set() };
  const checker = (path: InstancePath): RawChecker | undefined => {
    const known = book.checkers.get(path);
    if (known) return known;
    const [, check, region, number] = CHECKER.exec(path) ?? [];
    if (check === undefined || region === undefined) return undefined;
    const made: RawChecker = { check, region, number: Number(number), probes: [], minds: [], threshold: 0 };
    book.checkers.set(path, made);
    return made;
  };
  for (const { path, machine } of trace.hosts.find(({ id }) => id === host)?.instances ?? [])
    if (machine === 'healthchecker') checker(path);
  for (const turn of trace.turns) {
    if (turn.host !== host) continue;
    for (const effect of turn.effects) {
      if (effect.kind === 'start' && effect.machine === 'healthcheck') book.created.add(effect.instance);
      if (effect.kind === 'start' && effect.machine === 'healthchecker') checker(effect.instance);
      if (effect.kind === 'open') {
        const one = checker(effect.instance);
        if (one) one.target ??= effect.to.address;
      }
      if (effect.kind === 'tell' && effect.event === 'report') {
        const one = checker(effect.instance);
        if (one) one.minds.push({ at: turn.at, turn: turn.id, healthy: one.minds.at(-1)?.healthy === false });
      }
      if (effect.kind !== 'decide') continue;
      const { about, detail, outcome, asked } = effect.decision;
      if (about === 'probe') {
        const { passes, needed } = detail as ProbeDetail;
        const one = checker(effect.instance);
        one?.probes.push({ at: turn.at, passes, found: outcome });
        if (one) one.threshold = needed;
      }
      if (about === 'health') {
        const { id, healthy } = detail as StatusDetail;
        const known = book.statuses.get(id) ?? [];
        book.statuses.set(id, [...known, { at: turn.at, turn: turn.id, healthy, why: asked[0]?.found ?? '' }]);
      }
    }
  }
  return book;
}

const ORDER = Object.keys(REGION_NAMES);
const byPlace = (a: RawChecker, b: RawChecker): number =>
  ORDER.indexOf(a.region) - ORDER.indexOf(b.region) || a.number - b.number;

/** From the end of each probe of a checker to that of its next; and less the time that the next one waited in vain. */
const gapsOf = (checkers: readonly RawChecker[]): { readonly whole: number; readonly idle: number }[] =>
  checkers.flatMap(({ probes }) =>
    probes.slice(1).map((probe, i) => {
      const whole = probe.at - (probes[i]?.at ?? 0);
      return { whole, idle: whole - patienceIn(probe.found) * 1e6 };
    }),
  );

/** Seconds that a probe waited before it was given up: "No connection within 4 seconds". */
export const patienceIn = (found: string): number => Number(/(\d+) seconds/.exec(found)?.[1] ?? 0);

/** How far apart the probes of a checker are: the middle one of all distances. */
function intervalOf(checkers: readonly RawChecker[]): number {
  const gaps = gapsOf(checkers).sort((a, b) => a.whole - b.whole);
  return gaps[gaps.length >> 1]?.whole ?? Number.POSITIVE_INFINITY;
}

/** How many probes were counted and not sent between one that was sent and the next. */
const unsent = (from: number, to: number, interval: number): number => Math.max(0, Math.ceil((to - from) / interval - 1.5));

/** A checker's probes that were sent, misses numbered with those in between that were not. */
function story({ region, number, probes, minds }: RawChecker, interval: number): CheckerStory {
  let miss = 0;
  const all = probes.map((probe, i): Probe => {
    const before = probes[i - 1];
    if (before && !before.passes) miss += unsent(before.at, probe.at, interval);
    miss = probe.passes ? 0 : miss + 1;
    return { ...probe, miss, counted: false };
  });
  return { region, number, probes: all, minds };
}

/** No more than this many probes of one checker can be told apart anywhere. */
const MOST = 200;

/** A checker's probes from one instant to another, both included: those of its quiet stretches are put in where they belong. */
export function probesBetween({ interval }: CheckStory, { probes }: CheckerStory, from: number, to: number): readonly Probe[] {
  const found: Probe[] = [];
  const first = Math.max(
    0,
    lastIndexWhere(probes, (probe) => probe.at < from),
  );
  for (let i = first; i < probes.length && found.length < MOST; i++) {
    const probe = probes[i] as Probe;
    if (probe.at > to) break;
    if (probe.at >= from) found.push(probe);
    const next = probes[i + 1];
    const more = next ? unsent(probe.at, next.at, interval) : Math.floor((to - probe.at) / interval);
    for (let n = Math.max(1, Math.ceil((from - probe.at) / interval)); n <= more && found.length < MOST; n++) {
      const at = (probe.at + n * interval) as Instant;
      if (at > to) break;
      found.push({ ...probe, at, miss: probe.passes ? 0 : probe.miss + n, counted: true });
    }
  }
  return found;
}

function countsOf(checkers: readonly CheckerStory[]): CheckStory['counts'] {
  let healthy = checkers.length;
  const flips = checkers.flatMap(({ minds }) => minds).sort((a, b) => a.turn - b.turn);
  return [
    { at: 0 as Instant, turn: -1, healthy },
    ...flips.map(({ at, turn, healthy: well }) => {
      healthy += well ? 1 : -1;
      return { at, turn, healthy };
    }),
  ];
}

/** What a checker thinks at a turn. */
export const mindAt = ({ minds }: CheckerStory, turn: TurnId): boolean =>
  minds[lastIndexWhere(minds, (mind) => mind.turn <= turn)]?.healthy ?? true;

/** A check's status at a turn, and since when; from the beginning without an instant. */
export function statusAt(
  { statuses, first }: CheckStory,
  turn: TurnId,
): { readonly healthy: boolean; readonly since?: Instant; readonly why?: string } {
  const last = statuses[lastIndexWhere(statuses, (status) => status.turn <= turn)];
  return last ? { healthy: last.healthy, since: last.at, why: last.why } : { healthy: first };
}

/** How many of a check's checkers say healthy at a turn. */
export const countAt = ({ counts }: CheckStory, turn: TurnId): number =>
  counts[lastIndexWhere(counts, (count) => count.turn <= turn)]?.healthy ?? 0;
