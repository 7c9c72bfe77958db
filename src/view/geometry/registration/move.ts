/** The stops of a domain that gets other name servers, and of one that comes from another registrar. */
import { type Duration, type Instant, later } from '../../../base/time.ts';
import { markOf } from '../cast.ts';
import { dueOf, grouped, type Maker, stop, whenOf } from './stops.ts';

export const delegating: Maker = (story, copies, now) => {
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

export const transferring: Maker = (story) => {
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
          ...(story.news.some(({ rule }) => rule === 'unlocked')
            ? [{ label: 'Transfer lock', value: 'off', tone: 'good' as const }]
            : []),
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
