/** The stops of a new name: order, zone, delegation, record, and that all can resolve it. */
import { type Duration, type Instant, later } from '../../../base/time.ts';
import { dataText } from '../../../dns/presentation.ts';
import { dataOf, rrsets } from '../../../dns/record.ts';
import { markOf } from '../cast.ts';
import type { DomainStory, ZoneVersion } from './registered.ts';
import { type Drawn, dueOf, grouped, type Maker, type StopBody, stop, whenOf, type ZoneRow } from './stops.ts';
import { whenWords } from './time.ts';

export const registering: Maker = (story, copies, now) => {
  const { order, versions } = story;
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
    listing(story, listed),
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
          : story.heldSince !== undefined
            ? 'While it is on hold, nobody finds it any more once the copies have run out.'
            : 'When the last “no” has run out, no cache remembers the time before.',
      },
      reached ? (Math.min(resolvable, now) as Instant) : undefined,
      story.heldSince === undefined ? resolvable : undefined,
    ),
  ];
};

/** What the registry has made of it. */
function listing(story: DomainStory, listed: Instant | undefined): Drawn {
  const { order, registry, heldSince } = story;
  const tld = registry.slice(0, -1);
  const title = 'The registry publishes';
  if (heldSince !== undefined)
    return stop(
      'c',
      'The registry takes it out',
      order.at,
      {
        kind: 'listing',
        text: `Nobody has verified the contact in time. The name is on hold, and out of ${registry}:`,
        entry: `nothing for ${order.name}`,
        ttl: 'clientHold',
        note: `.${tld} says “no such name” again. Your zone and its servers are as they were; nobody is sent to them.`,
      },
      heldSince,
    );
  if (listed === undefined) {
    const text = `The registry of .${tld} will write the four names into its zone. Until then it says “no such name”.`;
    return stop('c', title, order.at, { kind: 'words', text }, undefined, dueOf(story, 'listingDelay'));
  }
  return stop(
    'c',
    title,
    order.at,
    {
      kind: 'listing',
      text: `The registrar sends the four names to the registry. It writes them into ${registry}:`,
      entry: `${order.name} NS ${story.listed?.servers.length ?? 0}`,
      ttl: `${grouped(story.listed?.ttl ?? 172_800)} s`,
      note: `Only names go up, no addresses of yours. From now on .${tld} refers; before, it said “no such name”.`,
    },
    listed,
  );
}

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
    note: `NS and SOA are there from the start. ${noWords(version)}${more > 0 ? ` And ${more} more records.` : ''}`,
  };
}
/** For how long a no of the zone is kept: the lesser of the SOA's TTL and minimum (RFC 2308 §5). */
function noWords({ records }: ZoneVersion): string {
  const soa = records.find(({ type }) => type === 'SOA');
  const minimum = soa && dataOf(soa, 'SOA')?.minimum;
  if (!soa || minimum === undefined) return '';
  return `A “no” of this zone lasts min(${grouped(soa.ttl)}, ${grouped(minimum)}) = ${grouped(Math.min(soa.ttl, minimum))} s.`;
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
