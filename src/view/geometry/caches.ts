/** Every cache of the visit at hand, whole: what each keeps, from where, and for how long still. */
import { instant } from '../../base/time.ts';
import { sameName } from '../../dns/name.ts';
import { dataText } from '../../dns/presentation.ts';
import { describeMessage, hostOf } from '../../trace/describe.ts';
import { type CacheEntryScene, entryAt, type Scene } from '../../trace/scene.ts';
import type { CacheEntry, HostId, MessageId, Trace } from '../../trace/trace.ts';
import type { Cast } from './cast.ts';
import { timeLeft } from './map/ledger.ts';

export interface CacheTable {
  readonly id: string;
  /** Its accessible name: "Resolver cache". */
  readonly name: string;
  readonly about: string;
  readonly rows: readonly CacheRow[];
}

export interface CacheRow {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
  /** Where it was learned, in words, and the message that a click opens. */
  readonly source: string;
  readonly message?: MessageId;
  /** Part of its own TTL that is left, 0 to 1; absent for what was built in. */
  readonly fraction?: number;
  readonly left: string;
  readonly expired: boolean;
  readonly negative: boolean;
}

/** The caches of the browser, the operating system and the resolver at an instant, in the order in which they are looked at. */
export function cacheTables(trace: Trace, scene: Scene, cast: Cast, now: number): CacheTable[] {
  const own = [cast.resolver?.id, cast.client.id];
  return scene.caches
    .filter(({ host }) => own.includes(host))
    .map(({ cache, host, entries }) => ({
      id: cache,
      ...nameOf(cache, hostOf(trace, host).role === 'resolver'),
      // The newest comes first, and what it was born with last: it is long, and says nothing of this visit.
      rows: [...entries]
        .sort(
          (one, other) => bornWith(trace, host, one) - bornWith(trace, host, other) || other.entry.storedAt - one.entry.storedAt,
        )
        .map(({ entry }) => rowOf(trace, host, entryAt(entry, instant(now)))),
    }))
    .sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
}

const bornWith = (trace: Trace, host: HostId, { entry }: CacheEntryScene): number =>
  Number(learnedFrom(trace, host, entry) === undefined);

const ORDER = ['Browser cache', 'Operating system cache', 'Resolver cache'];

function nameOf(cache: string, resolver: boolean): Pick<CacheTable, 'name' | 'about'> {
  if (resolver) return { name: 'Resolver cache', about: 'Shared by everybody who asks this resolver.' };
  if (cache.endsWith('/os')) return { name: 'Operating system cache', about: 'Shared by all programs of this computer.' };
  return { name: 'Browser cache', about: 'The browser’s own. It keeps each address for a minute, whatever the record says.' };
}

/** The message that an entry is from. A browser only hears of it: it is the last answer to that question to come to its computer. */
function learnedFrom(trace: Trace, host: HostId, entry: CacheEntry): MessageId | undefined {
  if (entry.learnedFrom !== undefined || hostOf(trace, host).role === 'resolver') return entry.learnedFrom;
  return trace.messages.findLast((message) => {
    if (message.toHost !== host || message.protocol !== 'dns' || message.sentAt > entry.storedAt) return false;
    const { dns } = describeMessage(trace, message.id);
    const asked = dns?.flags.qr ? dns.question[0] : undefined;
    return asked !== undefined && sameName(asked.name, entry.name) && asked.type === entry.type;
  })?.id;
}

function rowOf(trace: Trace, host: HostId, { entry, left, fraction, expired }: CacheEntryScene): CacheRow {
  const { kind, name, type, records, rcode, key } = entry;
  const negative = kind === 'negative' || kind === 'failure';
  const said = rcode === 'NXDOMAIN' ? 'no such name' : kind === 'failure' ? 'no answer to be had' : `no ${type} record`;
  const message = learnedFrom(trace, host, entry);
  const from = message === undefined ? undefined : describeMessage(trace, message);
  return {
    id: key,
    name,
    type: negative ? 'none' : `${type} ${records.length}`,
    value: negative ? said : records.map((r) => dataText(r.type, r.data)).join(', '),
    source: from ? `${from.label}, ${from.sender}` : 'the list that it was given',
    ...(message === undefined ? {} : { message, fraction }),
    left: expired ? 'ran out' : message === undefined ? 'built in' : timeLeft(left),
    expired,
    negative,
  };
}
