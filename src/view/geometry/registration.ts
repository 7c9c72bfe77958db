/**
 * Registering, as a picture: a few stops from the order to a name that all can resolve, each with the thing that exists because
 * of it. Only what has happened is inked. Times are counted from the order.
 */
import { between, type Duration, type Instant, later } from '../../base/time.ts';
import { dataText } from '../../dns/presentation.ts';
import { rrsets } from '../../dns/record.ts';
import type { Scene } from '../../trace/scene.ts';
import type { Trace } from '../../trace/trace.ts';
import { markOf } from './cast.ts';
import { type DomainStory, domainStory, type OrderKind, type ZoneVersion } from './registered.ts';
import { type LastCopy, lastCopy, type ResolverRow, resolverRows } from './registrationResolvers.ts';
import { whenWords } from './registrationTime.ts';

export interface Stop {
  readonly letter: string;
  readonly title: string;
  /** "at 2:10 min", "by 14:00 min", "to come". */
  readonly when: string;
  readonly state: 'done' | 'now' | 'todo';
  readonly body: StopBody;
  /** The instant at which it comes by itself, if it is still to come. */
  readonly due?: Instant;
}

export type StopBody =
  | { readonly kind: 'words'; readonly text: string; readonly note?: string }
  | { readonly kind: 'facts'; readonly rows: readonly Fact[]; readonly note: string }
  | { readonly kind: 'zone'; readonly name: string; readonly rows: readonly ZoneRow[]; readonly note: string }
  | { readonly kind: 'listing'; readonly text: string; readonly entry: string; readonly ttl: string; readonly note: string }
  | {
      readonly kind: 'record';
      /** "www.blue-otter.com A 192.0.2.44". */
      readonly record: string;
      readonly text: string;
      readonly servers: readonly { readonly mark: string; readonly at?: string }[];
      readonly status: 'PENDING' | 'INSYNC';
      readonly note: string;
    };

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly tone?: 'good' | 'bad';
  readonly mono?: boolean;
}

export interface ZoneRow {
  readonly type: string;
  readonly owner?: string;
  readonly values: readonly string[];
  readonly ttl: string;
  /** It came with the last change. */
  readonly fresh: boolean;
}

export interface RegistrationPicture {
  readonly story: DomainStory;
  readonly kind: OrderKind;
  /** "blue-otter." and "com." */
  readonly own: string;
  readonly above: string;
  /** "yours since 4:00". */
  readonly ownWords: string;
  readonly aboveWords: string;
  readonly stops: readonly Stop[];
  /** Which stop is at hand, counted from 0. */
  readonly at: number;
  /** How far the line is inked between the stop at hand and the next, 0 to 1. */
  readonly reached: number;
  /** "Two resolvers, asked at 5:30". */
  readonly resolversTitle: string;
  readonly resolvers: readonly ResolverRow[];
  /** Whether the registry has taken the name out again. */
  readonly onHold: boolean;
}

/** The picture at a moment; undefined before anybody has ordered anything. */
export function registrationPicture(trace: Trace, scene: Scene, now: Instant): RegistrationPicture | undefined {
  const story = domainStory(trace, scene, now);
  if (!story) return undefined;
  const { order, registry } = story;
  const stops = STOPS[order.kind](story, (old) => lastCopy(trace, scene, order.name, now, old), now);
  const at = Math.max(
    0,
    stops.findLastIndex((stop) => stop.state !== 'todo'),
  );
  const [here, next] = [timeOf(stops[at], order.at), timeOf(stops[at + 1], order.at)];
  const onHold = story.news.findLast(({ rule }) => rule === 'on-hold' || rule === 'listed')?.rule === 'on-hold';
  const { title, rows } = resolverRows(trace, scene, story, now);
  return {
    story,
    kind: order.kind,
    own: `${order.domain.slice(0, order.domain.indexOf('.'))}.`,
    above: registry,
    ownWords: ownWords(story, onHold),
    aboveWords: 'run by its registry',
    stops: stops.map((stop, i) => ({ ...stop, state: stop.state === 'todo' ? 'todo' : i === at ? 'now' : 'done' })),
    at,
    reached:
      next === undefined || here === undefined || next <= here
        ? 0.35
        : Math.min(0.9, Math.max(0.1, (now - here) / (next - here))),
    resolversTitle: title,
    resolvers: rows,
    onHold,
  };
}

/** When a stop came or comes. */
const timeOf = (stop: Drawn | undefined, order: Instant): Instant | undefined =>
  stop?.at ?? stop?.due ?? (stop ? order : undefined);

function ownWords({ order, news }: DomainStory, onHold: boolean): string {
  const since = news.find(({ rule }) => rule === 'listed')?.at;
  if (order.refusal !== undefined) return 'refused';
  if (onHold) return 'on hold';
  if (order.kind === 'register') return since === undefined ? 'ordered' : `yours since ${whenWords(order.at, since).short}`;
  if (order.kind === 'delegate') return 'yours';
  const moved = news.find(({ rule }) => rule === 'transferred')?.at;
  return moved === undefined ? 'with another registrar' : `with Route 53 since ${whenWords(order.at, moved).short}`;
}

type Drawn = Stop & { readonly at?: Instant };
type Maker = (story: DomainStory, copies: (old?: readonly string[]) => LastCopy, now: Instant) => readonly Drawn[];

/** A stop from when it came, or is to come. */
function stop(letter: string, title: string, order: Instant, body: StopBody, at: Instant | undefined, due?: Instant): Drawn {
  const due_ = at === undefined && due !== undefined ? { due } : {};
  const when =
    at !== undefined ? `at ${whenWords(order, at).long}` : due !== undefined ? `by ${whenWords(order, due).long}` : 'to come';
  return { letter, title, when, state: at === undefined ? 'todo' : 'done', body, ...(at === undefined ? {} : { at }), ...due_ };
}

const whenOf = ({ news }: DomainStory, rule: string): Instant | undefined => news.find((one) => one.rule === rule)?.at;
const dueOf = ({ timers }: DomainStory, timer: string): Instant | undefined => timers.find((one) => one.timer === timer)?.due;

// --- registering

const registering: Maker = (story, copies, now) => {
  const { order, versions, registry } = story;
  const tld = registry.slice(0, -1);
  const appeared = whenOf(story, 'zone-appears');
  const listed = whenOf(story, 'listed');
  const [first, ...changes] = versions.filter(({ at }) => appeared !== undefined && at >= appeared);
  const last = changes.at(-1);
  const insync = last && inSyncAt(last);
  const no = copies();
  const resolvable =
    last && listed !== undefined && insync !== undefined ? (Math.max(listed, insync, no.until) as Instant) : undefined;
  const isListed = story.listed !== undefined && listed !== undefined && insync !== undefined && Math.max(listed, insync) <= now;
  const reached = resolvable !== undefined && isListed && !no.live;
  return [
    stop('a', 'You order the name', order.at, orderFacts(story), order.at),
    stop(
      'b',
      'A hosted zone appears',
      order.at,
      first
        ? zoneBody(story, first, last, now)
        : { kind: 'words', text: 'Route 53 will make a public zone of the same name, with four name servers.' },
      appeared,
      dueOf(story, 'zoneDelay'),
    ),
    stop(
      'c',
      'The registry publishes',
      order.at,
      listed === undefined
        ? {
            kind: 'words',
            text: `The registry of .${tld} will write the four names into its zone. Until then it says “no such name”.`,
          }
        : {
            kind: 'listing',
            text: `The registrar sends the four names to the registry. It writes them into ${registry}:`,
            entry: `${order.name} NS ${story.listed?.servers.length ?? 0}`,
            ttl: `${grouped(story.listed?.ttl ?? 172_800)} s`,
            note: `Only names go up, no addresses of yours. From now on .${tld} refers; before, it said “no such name”.`,
          },
      listed,
      dueOf(story, 'listingDelay'),
    ),
    stop(
      'd',
      'You add a record',
      order.at,
      last ? recordBody(story, first, last, now) : { kind: 'words', text: 'With NS and SOA alone nobody finds a page.' },
      last?.at,
    ),
    stop(
      'e',
      'All can resolve',
      order.at,
      {
        kind: 'words',
        text: reached
          ? 'No cache remembers the time before.'
          : 'When the last “no” has run out, no cache remembers the time before.',
      },
      reached ? (Math.min(resolvable, now) as Instant) : undefined,
      resolvable,
    ),
  ];
};

function orderFacts(story: DomainStory): StopBody {
  const { order, news } = story;
  const verified = news.some(({ rule }) => rule === 'verified');
  const late = news.some(({ rule }) => rule === 'not-verified');
  const tld = order.domain.slice(order.domain.indexOf('.'));
  return {
    kind: 'facts',
    rows: [
      { label: 'Domain', value: order.domain, mono: true },
      { label: 'For', value: order.years === 1 ? '1 year' : `${order.years} years` },
      order.refusal !== undefined
        ? { label: 'Order', value: 'refused', tone: 'bad' }
        : {
            label: 'Contact e-mail',
            value: verified ? 'verified' : late ? 'never verified' : 'not verified',
            tone: verified ? 'good' : 'bad',
          },
    ],
    note:
      order.refusal ??
      (verified
        ? `Not verified, the name would be put on hold and vanish from ${tld}.`
        : `Not verified in 15 days, the name is put on hold and vanishes from ${tld} again.`),
  };
}

const inSyncAt = ({ detail }: ZoneVersion): Instant => Math.max(...detail.change.adoptedAt) as Instant;

/** The zone as it stands: NS and SOA, and what has come since. */
function zoneBody(story: DomainStory, first: ZoneVersion, last: ZoneVersion | undefined, now: Instant): StopBody {
  const version = last ?? first;
  const pending = last !== undefined && now < later(last.at, MINUTES);
  const before = new Set(previous(story, version)?.records.map(identity));
  const rows = rrsets(version.records).map(({ name, type, ttl, records }): ZoneRow => {
    const owner = name === story.order.name ? undefined : name.slice(0, -story.order.name.length - 1);
    return {
      type,
      ...(owner === undefined ? {} : { owner }),
      values: records.map((record) =>
        type === 'SOA' ? dataText(type, record.data).split(' ').slice(2).join(' ') : dataText(type, record.data),
      ),
      ttl: grouped(ttl),
      fresh: pending && records.some((record) => !before.has(identity(record))),
    };
  });
  const rank = (type: string): number => ['NS', 'SOA'].indexOf(type) + 1 || 3;
  const sorted = rows.sort((a, b) => rank(a.owner === undefined ? a.type : '') - rank(b.owner === undefined ? b.type : ''));
  const more = sorted.length - MOST_ROWS;
  return {
    kind: 'zone',
    name: story.order.name,
    rows: sorted.slice(0, MOST_ROWS),
    note: `NS and SOA are there from the start. A “no” of this zone lasts min(900, 86 400) = 900 s.${more > 0 ? ` And ${more} more.` : ''}`,
  };
}
/** For how long a record counts as new. */
const MINUTES = 600_000_000 as Duration;
const MOST_ROWS = 6;
const identity = (record: {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly data: unknown;
}): string => `${record.name} ${record.type} ${record.ttl} ${JSON.stringify(record.data)}`;
const previous = ({ versions }: DomainStory, version: ZoneVersion): ZoneVersion | undefined =>
  versions[versions.indexOf(version) - 1];

/** The last change, and how far it has come. */
function recordBody(story: DomainStory, first: ZoneVersion | undefined, last: ZoneVersion, now: Instant): StopBody {
  const before = new Set((previous(story, last) ?? first)?.records.map(identity));
  const added = last.records.find((record) => !before.has(identity(record)));
  const { adoptedAt } = last.detail.change;
  const servers = last.records
    .filter(({ type, name }) => type === 'NS' && name === story.order.name)
    .map((record) => markOf(dataText('NS', record.data)));
  const done = adoptedAt.every((at) => at <= now);
  return {
    kind: 'record',
    record: added ? `${added.name.slice(0, -1)} ${added.type} ${dataText(added.type, added.data)}` : 'A record goes',
    text: 'The four servers take it over one by one.',
    servers: adoptedAt.map((at, i) => ({
      mark: servers[i] ?? `${i + 1}`,
      ...(at <= now ? { at: whenWords(story.order.at, at).short } : {}),
    })),
    status: done ? 'INSYNC' : 'PENDING',
    note: done ? `since ${whenWords(story.order.at, inSyncAt(last)).short}: all four answer alike.` : 'then INSYNC: within 60 s.',
  };
}

// --- other name servers

const delegating: Maker = (story, copies, now) => {
  const { order, before, registry } = story;
  const tld = registry.slice(0, -1);
  const listed = whenOf(story, 'listed');
  const ttl = story.listed?.ttl ?? 172_800;
  const last = listed === undefined ? undefined : later(listed, (ttl * 1_000_000) as Duration);
  const copy = copies(before);
  const end = last === undefined ? undefined : copy.live ? (copy.until as Instant) : last;
  const isOver = last !== undefined && now >= last;
  return [
    stop(
      'a',
      'You name other servers',
      order.at,
      {
        kind: 'facts',
        rows: [
          { label: 'Domain', value: order.domain, mono: true },
          { label: 'Until now', value: serversText(before), mono: true },
          { label: 'From now on', value: serversText(order.servers), mono: true },
        ],
        note: order.refusal ?? 'The new servers must have the zone before anybody is sent to them.',
      },
      order.at,
    ),
    stop(
      'b',
      'The registry publishes',
      order.at,
      listed === undefined
        ? {
            kind: 'words',
            text: `The registry of .${tld} will write the new names into its zone. Until then it refers to the old ones.`,
          }
        : {
            kind: 'listing',
            text: `From now on ${registry} refers to the new servers:`,
            entry: `${order.name} NS ${story.listed?.servers.length ?? 0}`,
            ttl: `${grouped(ttl)} s`,
            note: 'Nobody who knows the old servers is told.',
          },
      listed,
      dueOf(story, 'listingDelay'),
    ),
    stop(
      'c',
      'Both are asked',
      order.at,
      {
        kind: 'words',
        text: isOver
          ? 'Nobody holds the old list any more.'
          : 'Who asks for the first time is sent to the new servers. Who keeps the old list goes on asking the old ones.',
        note: isOver ? 'The old service may go.' : 'Both services must answer, and alike.',
      },
      listed,
    ),
    stop(
      'd',
      'All ask the new ones',
      order.at,
      {
        kind: 'words',
        text: `A copy of the old list lives ${grouped(ttl)} s, two days. When the last has run out, the old servers may go.`,
      },
      isOver ? last : undefined,
      end,
    ),
  ];
};

const serversText = (servers: readonly string[]): string =>
  servers.length === 0
    ? 'none'
    : servers.length > 2
      ? `${markOf(servers[0] ?? '')} … ${markOf(servers.at(-1) ?? '')}`
      : servers.map(markOf).join(', ');

// --- another registrar

const transferring: Maker = (story) => {
  const { order, before, registry } = story;
  const moved = whenOf(story, 'transferred');
  const taken = order.refusal === undefined ? order.at : undefined;
  return [
    stop(
      'a',
      'You order the transfer',
      order.at,
      {
        kind: 'facts',
        rows: [
          { label: 'Domain', value: order.domain, mono: true },
          { label: 'Order', value: taken === undefined ? 'refused' : 'accepted', tone: taken === undefined ? 'bad' : 'good' },
          { label: 'Name servers', value: serversText(before), mono: true },
        ],
        note: order.refusal ?? 'The lock was off, and the authorization code was right.',
      },
      order.at,
    ),
    stop(
      'b',
      'The old registrar may object',
      order.at,
      {
        kind: 'words',
        text: 'The registry has told the present registrar, which has five days. Its silence is consent.',
        note: 'Resolvers notice nothing: the list of name servers stays.',
      },
      taken,
    ),
    stop(
      'c',
      'The name changes hands',
      order.at,
      moved === undefined
        ? { kind: 'words', text: 'Then Route 53 is the registrar, and the name is yours for a year more.' }
        : {
            kind: 'listing',
            text: `Route 53 is the registrar now, for a year more. In ${registry} stands what stood there before:`,
            entry: `${order.name} NS ${story.listed?.servers.length ?? 0}`,
            ttl: `${grouped(story.listed?.ttl ?? 172_800)} s`,
            note: 'Moving the DNS is another order. Do it first if the old registrar also runs the name servers.',
          },
      moved,
      dueOf(story, 'objectionTime'),
    ),
  ];
};

const STOPS: Readonly<Record<OrderKind, Maker>> = { register: registering, delegate: delegating, transfer: transferring };

/** "172 800": thousands set apart by a thin blank. */
export const grouped = (n: number): string => String(n).replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202f');

/** How long it is from one instant to another, for what one waits for; never negative. */
export const waitUntil = (now: Instant, due: Instant): Duration => Math.max(0, between(now, due)) as Duration;
