/** What the browser knows during a visit, and how each event changes it; `browser.ts` says when. */
import { type Address, isIPv6 } from '../../base/address.ts';
import { reason } from '../../base/reason.ts';
import { between, type Duration, formatDuration, type Instant, later, wholeSeconds } from '../../base/time.ts';
import type { Question } from '../../dns/message.ts';
import { dataOf, type ResourceRecord } from '../../dns/record.ts';
import type { CacheEntry, CacheId, Conclusion, DecisionRecord, InstancePath } from '../../trace/trace.ts';
import type { ConnectionId, EffectParams, Given, NetworkEvent } from '../effects.ts';
import { getRequest, type HttpResponse, readResponse } from '../http.ts';
import { type AddressCache, entryKey } from './addressCache.ts';
import type { Trouble } from './errorPages.ts';
import { ephemeralPort, type LookupResult } from './lookup.ts';
import type { Found, LookUp } from './stub.ts';
import { readTyped, type Target, type Untypable } from './typed.ts';

/** What the browser reads of its host's memory. */
export interface BrowserView {
  readonly browser: AddressCache;
}

export interface BrowserInput {
  /** Its own path, and the stub's. */
  readonly self: InstancePath;
  readonly stub: InstancePath;
  readonly cache: CacheId;
  /** The host's own addresses: what can be reached from here. */
  readonly addresses: readonly Address[];
  /** Between Enter and the first move. */
  readonly thinking: Duration;
  /** How long it keeps an address, whatever the record's TTL. */
  readonly keeps: Duration;
}

export interface BrowserContext extends BrowserInput, Visiting {
  /** Whether a visit is going on. */
  readonly busy: boolean;
}

/** What begins anew with every visit. */
interface Visiting {
  /** Counts visits; the present one's number names its requests. */
  readonly visits: number;
  readonly typed: string;
  readonly target: Target | undefined;
  readonly untypable: Untypable | undefined;
  /** What the stub has said so far, and how many answers are still to come. */
  readonly results: readonly LookupResult[];
  readonly outstanding: number;
  /** Addresses not yet tried, the next one first. */
  readonly candidates: readonly Address[];
  /** Connections that are being opened, or the one that stands, with their addresses. */
  readonly attempts: Readonly<Record<ConnectionId, Address | undefined>>;
  readonly opened: number;
  readonly connection: ConnectionId | undefined;
  readonly address: Address | undefined;
  readonly redirects: number;
  readonly response: HttpResponse | undefined;
  readonly trouble: Trouble | undefined;
}

/** A new visit. */
export function begin({ visits }: Pick<Visiting, 'visits'>, typed: string): Visiting & { readonly busy: boolean } {
  return { ...freshFor(typed), visits: visits + 1, typed, redirects: 0, busy: true };
}

/** The server says that the page is elsewhere: goes there within the same visit. */
export function follow(context: BrowserContext): Partial<BrowserContext> {
  const location = context.response?.location ?? '';
  const here = context.target?.url;
  const url = here !== undefined && URL.canParse(location, here) ? new URL(location, here).href : location;
  return { ...freshFor(url), visits: context.visits + 1, redirects: context.redirects + 1 };
}

function freshFor(typed: string): Omit<Visiting, 'visits' | 'typed' | 'redirects'> {
  const read = readTyped(typed);
  const target = 'url' in read ? read : undefined;
  return {
    target,
    untypable: 'url' in read ? undefined : read,
    results: [],
    outstanding: 0,
    candidates: [],
    attempts: {},
    opened: 0,
    connection: undefined,
    address: undefined,
    response: undefined,
    trouble: undefined,
  };
}

export const lookUp = ({ visits, self, target }: BrowserContext): LookUp => ({
  type: 'look up',
  request: `v${visits}`,
  replyTo: self,
  name: nameOf(target),
  want: 'addresses',
});

const nameOf = (target: Target | undefined) => {
  if (target?.name === undefined) throw new Error('the browser looks up what is no name');
  return target.name;
};

const addressesIn = (records: readonly ResourceRecord[]): Address[] =>
  records.flatMap((r) => dataOf(r, 'A')?.address ?? dataOf(r, 'AAAA')?.address ?? []);

const questionsFor = ({ target }: BrowserContext): Question[] =>
  target?.name === undefined ? [] : (['AAAA', 'A'] as const).map((type) => ({ name: nameOf(target), type, class: 'IN' }));

const cachedEntries = (context: BrowserContext, { view, at }: Given<BrowserView>): CacheEntry[] =>
  questionsFor(context).flatMap((question) => view.browser.lookup(question, at) ?? []);

/** The addresses that the browser's cache has for the name. */
export const cachedAddresses = (context: BrowserContext, given: Given<BrowserView>): Address[] =>
  cachedEntries(context, given).flatMap(({ records }) => addressesIn(records));

/** Whether the browser's cache spares the question. */
export function cacheDecision(context: BrowserContext, given: Given<BrowserView>): DecisionRecord {
  const { target, keeps } = context;
  const entry = cachedEntries(context, given)[0];
  const question = 'Is the address in the browser’s cache?';
  if (!entry) {
    const text =
      target?.name === undefined ? 'There is no name to look up.' : 'The browser has not kept an address of this name.';
    return {
      about: 'browser-cache',
      outcome: 'miss',
      asked: [{ question, found: 'no', yes: false }],
      reasons: [reason('miss', text)],
    };
  }
  const left = wholeSeconds(between(given.at, entry.expiresAt));
  const text = `The browser keeps an address for ${formatDuration(keeps)}, whatever its TTL; ${left} s are left.`;
  return {
    about: 'browser-cache',
    outcome: 'hit',
    asked: [{ question, found: `yes, for ${left} s more`, yes: true }],
    reasons: [reason('browser-cache', text)],
  };
}

/** An answer of the stub is in: its addresses can be tried. */
export const takeFound = (context: BrowserContext, { result, outstanding }: Found): Partial<BrowserContext> => ({
  results: [...context.results, result],
  outstanding,
  candidates: [...context.candidates, ...(result.kind === 'answered' ? addressesIn(result.records) : [])],
});

/** What the browser's cache keeps: addresses, for a fixed time; of a no it keeps nothing. */
export function entryFor({ cache, keeps }: BrowserContext, { question, result }: Found, at: Instant): CacheEntry | undefined {
  // What the computer knows by itself needs no copy.
  if (result.kind !== 'answered' || result.source === 'local') return undefined;
  const records = result.records.filter((r) => addressesIn([r]).length > 0);
  if (records.length === 0) return undefined;
  const { name, type } = question;
  return {
    cache,
    key: entryKey(question),
    kind: 'rrset',
    name,
    type,
    rcode: 'NOERROR',
    records,
    ttl: wholeSeconds(keeps),
    storedAt: at,
    expiresAt: later(at, keeps),
    trust: 'answer of the operating system',
    reasons: [reason('fixed-lifetime', `The browser keeps every address for ${formatDuration(keeps)}; it does not see the TTL.`)],
  };
}

/** IPv6 and IPv4 by turns, IPv6 first (RFC 8305 §4 with a First Address Family Count of 1). */
export function ordered(addresses: readonly Address[]): Address[] {
  const six = addresses.filter(isIPv6);
  const four = addresses.filter((a) => !isIPv6(a));
  const pairs = Array.from({ length: Math.max(six.length, four.length) }, (_, i) => [six[i], four[i]]);
  return pairs.flat().filter((a) => a !== undefined);
}

/** Whether this computer has an address of that kind itself. */
export const isReachable = ({ addresses }: BrowserInput, address: Address): boolean =>
  addresses.some((own) => isIPv6(own) === isIPv6(address));

/** Opens a connection to the first candidate that can be reached. */
export function attempt(
  context: BrowserContext,
  { draw }: Given,
): { readonly open: EffectParams['open']; readonly change: Partial<BrowserContext> } {
  const { candidates, attempts, visits, target } = context;
  const opened = context.opened + 1;
  const connection = `v${visits}.${opened}`;
  const address = candidates.find((a) => isReachable(context, a)) as Address;
  const own = context.addresses.find((a) => isIPv6(a) === isIPv6(address)) as Address;
  const from = { address: own, port: ephemeralPort(draw(`${connection} port`)) };
  return {
    open: { connection, from, to: { address, port: target?.port ?? 80 }, framing: 'http' },
    change: {
      opened,
      candidates: candidates.filter((a) => a !== address),
      attempts: { ...attempts, [connection]: address },
    },
  };
}

export const requestFor = ({ connection, target }: BrowserContext): EffectParams['transmit'] => ({
  connection: connection as ConnectionId,
  bytes: getRequest(target?.host ?? '', target?.path ?? '/'),
});

export const readPage = ({ bytes }: Extract<NetworkEvent, { type: 'received' }>): HttpResponse | undefined => readResponse(bytes);

/** The page that has come, as the trace keeps it. */
export function pageOf({ target, response, address }: BrowserContext): Conclusion {
  return {
    kind: 'page',
    url: target?.url ?? '',
    status: response?.status ?? 0,
    title: response?.title ?? '',
    body: response?.text ?? '',
    address: address as Address,
  };
}
