/** What the resolvers of a run know of a domain: what they were told and when, and for how long they keep it. */
import { between, formatDuration, type Instant, seconds, wholeSeconds } from '../../../base/time.ts';
import { type Name, sameName } from '../../../dns/name.ts';
import { dataText } from '../../../dns/presentation.ts';
import { hostAt, hostOf, zoneAsked } from '../../../trace/describe.ts';
import { memoised } from '../../../trace/memo.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { CacheEntry, HostRecord, Trace } from '../../../trace/trace.ts';
import { visitsOf } from '../../../trace/visits.ts';
import { markOf } from '../cast.ts';
import { belongs, type DomainStory } from './registered.ts';
import { whenWords } from './time.ts';

export interface ResolverRow {
  readonly host: string;
  readonly title: string;
  readonly address: string;
  /** "asked at −1:00, was told “no”". */
  readonly lines: readonly string[];
  /** What it keeps. */
  readonly kept: {
    readonly kind: 'no' | 'answer' | 'servers' | 'nothing';
    readonly head: string;
    readonly text: string;
    readonly value?: string;
  };
}

/** The resolvers that somebody asks, in the order of the world. */
export function resolverRows(
  trace: Trace,
  scene: Scene,
  story: DomainStory,
  now: Instant,
): { readonly title: string; readonly rows: readonly ResolverRow[] } {
  const visits = visitsOf(trace).filter((visit) => visit.from <= now && belongs(visit.name, story.order.name));
  const rows = askedResolvers(trace).map((host) => ({
    host,
    own: visits.filter((visit) => resolverOf(trace, visit) === host.id),
  }));
  const lasts = rows.map(({ own }) => own.at(-1)?.from);
  const together = lasts.every((at) => at !== undefined && Math.abs(at - (lasts[0] ?? 0)) < 1_000_000);
  const count = NUMBERS[rows.length] ?? `${rows.length}`;
  const who = `${count} ${rows.length === 1 ? 'resolver' : 'resolvers'}`;
  const at =
    together && lasts[0] !== undefined ? `asked ${whenWords(story.order.at, lasts[0]).at}` : whenWords(story.order.at, now).at;
  return { title: `${who}, ${at}`, rows: rows.map(({ host, own }) => rowOf(trace, scene, story, now, host, own)) };
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six'];

const askedResolvers = (trace: Trace): HostRecord[] => {
  const addresses = new Set(
    trace.hosts.flatMap(({ role, resolvers }) => (role === 'browser' || role === 'program' ? (resolvers ?? []).slice(0, 1) : [])),
  );
  const asking = new Set(visitsOf(trace).map(({ client }) => client));
  const used = new Set([...asking].flatMap((id) => hostOf(trace, id).resolvers?.[0] ?? []));
  return trace.hosts.filter(
    ({ role, addresses: own }) => role === 'resolver' && own.some((at) => addresses.has(at) && (used.size === 0 || used.has(at))),
  );
};

function resolverOf(trace: Trace, { client }: Visit): string | undefined {
  const address = hostOf(trace, client).resolvers?.[0];
  return address === undefined ? undefined : hostAt(trace, address)?.id;
}

function rowOf(
  trace: Trace,
  scene: Scene,
  story: DomainStory,
  now: Instant,
  host: HostRecord,
  own: readonly Visit[],
): ResolverRow {
  const { order } = story;
  const kept = keptBy(scene, story, now, host.id);
  const last = own.at(-1);
  const common = { host: host.id, title: host.title, address: host.addresses[0] ?? '', kept };
  if (!last) return { ...common, lines: ['never asked about this name', 'so it keeps nothing of it'] };
  const asked = serversAsked(trace, last, now);
  const told = last.to !== undefined && last.to <= now ? `was told ${wasTold(last)}` : 'is asking';
  const earlier = own.length > 1 ? own[0] : undefined;
  const first =
    earlier === undefined
      ? `asked ${whenWords(order.at, last.from).at}`
      : `asked ${whenWords(order.at, earlier.from).at} and ${again(order.at, earlier.from, last.from)}`;
  const second =
    asked.length > 0
      ? `asked ${asked.join(', ')}`
      : `asked nobody: it ${kept.kind === 'no' ? 'keeps its' : 'had kept'} ${wasTold(last)}`;
  return {
    ...common,
    lines: [`${first}, ${told}`, kept.kind === 'no' && last.from < order.at ? 'no cache is told that it changes' : second],
  };
}

function wasTold({ conclusion }: Visit): string {
  if (conclusion?.kind === 'page' || conclusion?.kind === 'delivered') return 'the address';
  if (conclusion?.kind === 'answered')
    return conclusion.rcode === 'NOERROR' && conclusion.records.length > 0 ? 'the answer' : '“no”';
  return conclusion?.kind === 'error-page' && !conclusion.code.includes('NXDOMAIN') ? 'nothing' : '“no”';
}

/** "5:30"; "on day 14" after "at 1 h 00 m". */
function again(order: Instant, first: Instant, last: Instant): string {
  const [one, two] = [whenWords(order, first), whenWords(order, last)];
  return one.at.slice(0, 2) === two.at.slice(0, 2) ? two.short : two.at;
}

/** "root", ".com", "ns-2048": whom the resolver asked for a visit, each once. */
function serversAsked(trace: Trace, visit: Visit, now: Instant): string[] {
  const passes = visit.steps.filter(({ number }) => number >= 3 && number <= 6).flatMap((step) => step.passes);
  const names = passes
    .filter((pass) => pass.from <= now && pass.server !== undefined)
    .sort((a, b) => a.from - b.from)
    .map(({ server }) => {
      const host = hostOf(trace, server as string);
      const zone = visit.name === undefined ? host.zones?.[0] : zoneAsked(host, visit.name);
      if (zone === '.') return 'root';
      return zone !== undefined && zone.split('.').length === 2 ? `.${zone.slice(0, -1)}` : nameOfServer(host.title);
    });
  return [...new Set(names)];
}

const nameOfServer = (title: string): string => (/^\d+$/.test(markOf(title)) ? `ns-${markOf(title)}` : markOf(title));

/** What a resolver keeps of the domain now. */
function keptBy(scene: Scene, story: DomainStory, now: Instant, host: string): ResolverRow['kept'] {
  const live = entriesOf(scene, host).filter((entry) => entry.expiresAt > now && belongs(entry.name, story.order.name));
  const left = (entry: CacheEntry): string =>
    `kept, ${formatDuration(seconds(wholeSeconds(between(now, entry.expiresAt))))} left`;
  const no = live.find(({ kind }) => kind === 'negative');
  if (no) return { kind: 'no', head: no.rcode === 'NXDOMAIN' ? 'No such name' : 'No such record', text: left(no) };
  const answer = live.find(({ kind, type }) => kind === 'rrset' && (type === 'A' || type === 'AAAA' || type === 'CNAME'));
  const servers = live.find(({ type, name }) => type === 'NS' && sameName(name, story.order.name));
  if (story.order.kind !== 'register' && servers)
    return {
      kind: 'servers',
      head: 'Name servers',
      value: servers.records
        .map((record) => markOf(dataText('NS', record.data)))
        .slice(0, 2)
        .join(', '),
      text: left(servers).replace('kept, ', ''),
    };
  const [record] = answer?.records ?? [];
  if (answer && record)
    return {
      kind: 'answer',
      head: 'Answer',
      value: dataText(record.type, record.data),
      text: left(answer).replace('kept, ', ''),
    };
  return { kind: 'nothing', head: 'Keeps nothing', text: 'asks anew when asked' };
}

const entriesOf = (scene: Scene, host: string): CacheEntry[] =>
  scene.caches.filter((cache) => cache.host === host).flatMap(({ entries }) => entries.map(({ entry }) => entry));

/** Until when resolvers keep what is out of date. */
export interface LastCopy {
  /** When the last of all copies so far ends, or ended; 0 when there never was one. */
  readonly until: number;
  /** Whether one is kept now. */
  readonly live: boolean;
}

/** The last no about a domain, or (with `old`) the last list of its old servers. */
export function lastCopy(trace: Trace, scene: Scene, domain: Name, now: Instant, old?: readonly string[]): LastCopy {
  const isMeant = (entry: CacheEntry): boolean => {
    if (!belongs(entry.name, domain)) return false;
    if (!old) return entry.kind === 'negative';
    return entry.type === 'NS' && entry.records.some((record) => old.includes(dataText('NS', record.data).replace(/\.$/, '')));
  };
  const resolvers = new Set(trace.hosts.filter(({ role }) => role === 'resolver').map(({ id }) => id));
  const ends = remembered(trace).flatMap(({ host, entry }) =>
    resolvers.has(host) && entry.storedAt <= now && isMeant(entry) ? [entry.expiresAt] : [],
  );
  const kept = [...resolvers].flatMap((host) => entriesOf(scene, host));
  return { until: Math.max(0, ...ends), live: kept.some((entry) => entry.expiresAt > now && isMeant(entry)) };
}

const remembered = memoised((trace: Trace) =>
  trace.turns.flatMap(({ host, effects }) =>
    effects.flatMap((effect) => (effect.kind === 'remember' ? [{ host, entry: effect.entry }] : [])),
  ),
);
