/** What is told beside the picture of a registration: where it stands, what takes how long, what comes next. */
import type { Instant } from '../../../base/time.ts';
import type { DomainStory, OrderKind } from './registered.ts';
import { grouped } from './stops.ts';
import type { RegistrationPicture } from './story.ts';
import { whenWords } from './time.ts';

export interface RegistrationWords {
  readonly letter: string;
  /** "of five, a to e". */
  readonly of: string;
  readonly headline: string;
  readonly plain: string;
  /** Words of the trade, and what they mean. */
  readonly terms: { readonly terms: readonly string[]; readonly text: string };
  readonly delays: readonly { readonly what: string; readonly time: string; readonly more?: string }[];
  readonly next?: string;
}

const COUNTS = ['none', 'one', 'two', 'three', 'four', 'five'];

export function registrationWords(picture: RegistrationPicture, now: Instant): RegistrationWords {
  const { stops, at, kind, story } = picture;
  const last = stops.at(-1)?.letter ?? 'a';
  const letter = stops[at]?.letter ?? 'a';
  const [headline, plain] = toldOf(picture, letter);
  const next = nextOf(picture, now);
  return {
    letter,
    of: `of ${COUNTS[stops.length] ?? stops.length}, a to ${last}`,
    headline,
    plain,
    terms: TERMS[kind],
    delays: delaysOf(story, kind, now),
    ...(next === undefined ? {} : { next }),
  };
}

type Told = readonly [headline: string, plain: string];

function toldOf(picture: RegistrationPicture, letter: string): Told {
  const { kind, story, onHold } = picture;
  const tld = story.registry.slice(0, -1);
  const { domain, refusal } = story.order;
  const unlocked = story.news.some(({ rule }) => rule === 'unlocked');
  if (refusal !== undefined && unlocked)
    return [
      'The lock is off.',
      'The old registrar has opened it and given out the authorization code. The order can be made again.',
    ];
  if (refusal !== undefined) return ['The order is refused.', `${refusal}.`];
  if (onHold)
    return [
      `The name is on hold. .${tld} has taken it out.`,
      `Nobody has verified the contact, so .${tld} says that ${domain} does not exist. Your zone is as it was.`,
    ];
  if (kind === 'delegate') return DELEGATING[letter]?.(domain, tld) ?? NOTHING;
  if (kind === 'transfer') return TRANSFERRING[letter]?.(domain, tld) ?? NOTHING;
  return REGISTERING[letter]?.(domain, tld) ?? NOTHING;
}

const NOTHING: Told = ['Nothing has happened yet.', ''];
type Tellings = Readonly<Record<string, (domain: string, tld: string) => Told>>;

const REGISTERING: Tellings = {
  a: (domain, tld) => [
    'The name is ordered. Nobody can find it yet.',
    `The registrar has asked the registry whether ${domain} is free, and has reserved it. No zone has it, and .${tld} goes on saying no.`,
  ],
  b: (_, tld) => [
    'A zone appears. Nobody is sent to it.',
    `Route 53 makes a hosted zone and gives it four name servers. They would answer, but .${tld} does not name them yet.`,
  ],
  c: (_, tld) => [
    `Four names enter .${tld}’s zone. Nothing goes to any resolver.`,
    `Whoever asks .${tld} from now on is sent to your four servers. Your zone holds NS and SOA only, so there is no page yet.`,
  ],
  d: (_, tld) => [
    'The zone is published. Nobody has to be told.',
    `You added a record, and .${tld} points to your four servers. Whoever asks now finds it. Whoever was told “no” waits for that “no” to end.`,
  ],
  e: () => ['From now on everybody finds it.', 'The last “no” has run out. Whoever asks is told what your zone says.'],
};

const DELEGATING: Tellings = {
  a: () => [
    'Other servers are named. Nobody asks them yet.',
    'The order is on its way to the registry. Until it has published, everybody is sent to the old servers.',
  ],
  b: (_, tld) => [`.${tld} names the new servers from now on.`, 'Who asks for the first time is sent there.'],
  c: (domain) => [
    'For two days both are asked.',
    `Who knows the old servers of ${domain} goes on asking them until that copy runs out. Both must answer, and alike.`,
  ],
  d: () => [
    'Nobody knows the old servers any more.',
    'The last copy of the old list has run out. The old service may be switched off.',
  ],
};

const TRANSFERRING: Tellings = {
  a: (domain) => ['The transfer is ordered.', `The registry tells the present registrar of ${domain}.`],
  b: () => [
    'The old registrar has five days. Resolvers notice nothing.',
    'Only the contract is on its way. The list of name servers stays as it is, and so does every answer.',
  ],
  c: (_, tld) => [
    'The name has changed hands. The servers have not.',
    `.${tld} names the same servers as before, and so nobody asks anybody else.`,
  ],
};

const TERMS: Readonly<Record<OrderKind, RegistrationWords['terms']>> = {
  register: {
    terms: ['Registrar', 'registry', 'DNS host'],
    text: 'three jobs. Route 53 takes the order and hosts the zone; the registry is somebody else’s.',
  },
  delegate: {
    terms: ['Delegation'],
    text: 'the list of name servers in the zone above. Who runs them is the DNS host, not the registrar.',
  },
  transfer: {
    terms: ['Registrar of record'],
    text: 'whoever may order changes at the registry. Who has the authorization code may take the name away.',
  },
};

function delaysOf(story: DomainStory, kind: OrderKind, now: Instant): RegistrationWords['delays'] {
  const { order, noTtl, listed, registry, versions } = story;
  const old = { what: 'an old delegation', time: `up to ${spanOf(listed?.ttl ?? 172_800)}` };
  if (kind === 'transfer')
    return [
      { what: 'the old registrar may object', time: 'up to 5 days' },
      { what: 'until it can move again', time: '60 days' },
      { what: 'for resolvers', time: 'nothing changes' },
    ];
  const publish = { what: 'registry publishes', time: 'minutes', more: `assumed: ${order.takes}` };
  if (kind === 'delegate') return [publish, old];
  const change = versions.length > 1 ? versions.at(-1) : undefined;
  const all = change && Math.max(...change.detail.change.adoptedAt);
  const took = change && all !== undefined && all <= now ? { more: `took ${Math.ceil((all - change.at) / 1e6)} s` } : {};
  return [
    publish,
    { what: 'record on all four servers', time: 'up to 60 s', ...took },
    { what: `an old “no” from .${registry.slice(0, -1)}`, time: `up to ${grouped(noTtl)} s` },
    { ...old, what: 'an old delegation (none here)' },
    ...(order.verified ? [] : [{ what: 'verifying the contact', time: 'within 15 days' }]),
  ];
}

const spanOf = (seconds: number): string =>
  seconds % 86_400 === 0
    ? `${seconds / 86_400} ${seconds === 86_400 ? 'day' : 'days'}`
    : seconds % 3_600 === 0
      ? `${seconds / 3_600} h`
      : `${grouped(seconds)} s`;

/** What comes next, by itself or by the reader's hand. */
function nextOf({ stops, at, story, onHold, resolvers, kind }: RegistrationPicture, now: Instant): string | undefined {
  if (onHold) return 'somebody follows the link in the e-mail, and the registry lists the name again.';
  const { order } = story;
  const next = stops[at + 1];
  const change = story.versions.length > 1 ? story.versions.at(-1) : undefined;
  const open = change?.detail.change.adoptedAt.filter((one) => one > now).length ?? 0;
  const no = resolvers.some(({ kept }) => kept.kind === 'no');
  const parts: string[] = [];
  if (kind === 'register' && open > 0)
    parts.push(
      open === 1 ? 'the last server takes the record' : `${open < 4 ? 'the last ' : ''}${COUNTS[open]} servers take the record`,
    );
  if (next?.due !== undefined && next.due > now) {
    const { at: time, short } = whenWords(order.at, next.due);
    if (next.letter === 'e') {
      if (no) parts.push(`${time} the kept “no” ends`);
    } else if (kind === 'delegate' && next.letter === 'd') parts.push(`by ${short} the last old copy ends`);
    else parts.push(`${time}: ${lower(next.title)}`);
  } else if (kind === 'register' && next?.letter === 'd') parts.push('add a record, so that there is something to find');
  return parts.length === 0 ? undefined : `${parts.join('; ')}.`;
}

const lower = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
