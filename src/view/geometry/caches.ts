/** Every cache of the visit at hand, whole: what each keeps, from where, and for how long still. */
import { instant } from '../../base/time.ts';
import { dataText } from '../../dns/presentation.ts';
import { describeMessage, hostOf } from '../../trace/describe.ts';
import { type CacheEntryScene, entryAt, type Scene } from '../../trace/scene.ts';
import type { MessageId, Trace } from '../../trace/trace.ts';
import type { Cast } from './cast.ts';
import { timeLeft } from './ledger.ts';

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

/** The caches of the resolver, the operating system and the browser at an instant, in this order; those of others are left out. */
export function cacheTables(trace: Trace, scene: Scene, cast: Cast, now: number): CacheTable[] {
  const own = [cast.resolver?.id, cast.client.id];
  return scene.caches
    .filter(({ host }) => own.includes(host))
    .map(({ cache, host, entries }) => ({
      id: cache,
      ...nameOf(cache, hostOf(trace, host).role === 'resolver'),
      // What it was born with comes last: it is long, and says nothing of this visit.
      rows: entries
        .map(({ entry }) => rowOf(trace, entryAt(entry, instant(now))))
        .sort((one, other) => Number(one.message === undefined) - Number(other.message === undefined)),
    }))
    .sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
}

const ORDER = ['Resolver cache', 'Operating system cache', 'Browser cache'];

function nameOf(cache: string, resolver: boolean): Pick<CacheTable, 'name' | 'about'> {
  if (resolver) return { name: 'Resolver cache', about: 'Shared by everybody who asks this resolver.' };
  if (cache.endsWith('/os')) return { name: 'Operating system cache', about: 'Shared by all programs of this computer.' };
  return { name: 'Browser cache', about: 'The browser’s own. It keeps each address for a minute, whatever the record says.' };
}

function rowOf(trace: Trace, { entry, left, fraction, expired }: CacheEntryScene): CacheRow {
  const { kind, name, type, records, rcode, learnedFrom, key } = entry;
  const negative = kind === 'negative' || kind === 'failure';
  const said = rcode === 'NXDOMAIN' ? 'no such name' : kind === 'failure' ? 'no answer to be had' : `no ${type} record`;
  const from = learnedFrom === undefined ? undefined : describeMessage(trace, learnedFrom);
  return {
    id: key,
    name,
    type: negative ? 'none' : `${type} ${records.length}`,
    value: negative ? said : records.map((r) => dataText(r.type, r.data)).join(', '),
    source: from ? `${from.label}, ${from.sender}` : 'the list that it was given',
    ...(learnedFrom === undefined ? {} : { message: learnedFrom, fraction }),
    left: expired ? 'ran out' : learnedFrom === undefined ? 'built in' : timeLeft(left),
    expired,
    negative,
  };
}
