/**
 * DNSSEC signing of a hosted zone as the console shows it: its key, what the zone above says of that key, and whether the two
 * make a chain (Developer Guide, dns-configuring-dnssec).
 */
import { type Instant, START } from '../../../base/time.ts';
import { isBelow, labelCount, type Name, sameName } from '../../../dns/name.ts';
import { dataText } from '../../../dns/presentation.ts';
import { dataOf, type ResourceRecord } from '../../../dns/record.ts';
import { isPrivate } from '../../../route53/hostedZone.ts';
import { serviceName } from '../../../route53/names.ts';
import { type HostedZoneDetail, hostedZoneDetail } from '../../../scenario/route53/hostedZoneDetail.ts';
import { isPromotable } from '../../../scenario/route53/promoted.ts';
import type { Scenario } from '../../../scenario/schema.ts';
import type { Trace, ZoneChange } from '../../../trace/trace.ts';
import type { ShownZone } from '../zone/records.ts';

/** The key-signing key of a zone, as GetDNSSEC has it. */
export type SigningKey = NonNullable<ShownZone['dnssec']>['KeySigningKeys'][number];

/** A DS record that the zone above lists. */
export interface Vouching {
  readonly tag: number;
  /** "31406 13 2 E2D3…". */
  readonly text: string;
  readonly ttl: number;
  /** Whether it is the hash of a key that signs the zone's keys now. */
  readonly fits: boolean;
}

/** The zone above. */
export interface ZoneAbove {
  readonly name: Name;
  /** Whether it is signed itself, so that what it lists can be proven. */
  readonly isSigned: boolean;
  readonly listed: readonly Vouching[];
  /** When its list of DS records became what it is, and the longest TTL of those that it had before; absent if it never changed. */
  readonly changed?: { readonly at: Instant; readonly ttlBefore: number };
  /** The word of the zone when it is one of the account's, where a record is enough; absent for a registry's. */
  readonly word?: string;
}

/** Since when a zone is signed or not. */
export interface SigningSpan {
  readonly at: Instant;
  /** When each of the four servers began. */
  readonly adoptedAt: readonly Instant[];
  /** The record with the longest TTL right before: copies of it may live on for so long. */
  readonly longest: { readonly ttl: number; readonly record: string };
}

export interface SigningFacts {
  readonly zone: Name;
  readonly word: string;
  /** The key that the zone above vouches for, else the first of those that sign; absent while the zone is not signed. */
  readonly key?: SigningKey;
  /** All of them, the oldest first. */
  readonly keys: readonly SigningKey[];
  /** Since when the zone has these keys, on each server. */
  readonly keysFrom: readonly Instant[];
  readonly span: SigningSpan;
  /** Absent when no zone of this world lies above. */
  readonly above?: ZoneAbove;
}

/** The zones that Route 53 may sign: public hosted zones, and those that become one; not Lightsail's. */
export const signable = (zones: readonly ShownZone[], { world = {} }: Scenario): ShownZone[] =>
  zones.filter(({ zone, hosted, lightsail, word }) => !isPrivate(zone) && !lightsail && (hosted || isPromotable([world], word)));

export function signingFacts(
  trace: Trace,
  scenario: Scenario,
  zones: readonly ShownZone[],
  shown: ShownZone,
  now: Instant,
): SigningFacts {
  const { zone, word, dnssec } = shown;
  const keys = dnssec?.KeySigningKeys ?? [];
  const active = keys.filter(isActive);
  const above = aboveOf(trace, scenario, zones, zone.name, active, now);
  const key = active.find(({ DSRecord }) => above?.listed.some(({ text }) => text === DSRecord)) ?? active[0];
  return {
    zone: zone.name,
    word,
    keys,
    keysFrom: sinceWhen(versionsOf(trace, shown, now), (change) => keysIn(change) === keysIn({ detail: { dnssec } })).adoptedAt,
    span: spanOf(trace, shown, now),
    ...(key ? { key } : {}),
    ...(above ? { above } : {}),
  };
}

export const isActive = ({ Status }: SigningKey): boolean => Status === 'ACTIVE';

const versionsOf = (trace: Trace, { zone, hosted }: ShownZone, now: Instant): ZoneChange[] =>
  trace.zoneChanges.filter(
    (change) =>
      change.at <= now &&
      (hosted ? hostedZoneDetail(change)?.id === zone.id : sameName(change.zone, zone.name) && !change.detail),
  );

/** "first ACTIVE, second INACTIVE". */
const keysIn = ({ detail }: Pick<ZoneChange, 'detail'>): string =>
  ((detail as Partial<HostedZoneDetail> | undefined)?.dnssec?.KeySigningKeys ?? [])
    .map(({ Name, Status }) => `${Name} ${Status}`)
    .join();

/** Since which version all are as the last one is, when each server has had it, and the version before that. */
function sinceWhen(versions: readonly ZoneChange[], isSame: (change: ZoneChange) => boolean) {
  const before = versions.findLastIndex((change) => !isSame(change));
  const first = versions[before + 1];
  const at = before < 0 ? START : (first?.at ?? START);
  const adoptedAt = (before < 0 ? undefined : first && hostedZoneDetail(first)?.change.adoptedAt) ?? [at];
  return { at, adoptedAt, copied: versions[before] ?? first };
}

function spanOf(trace: Trace, shown: ShownZone, now: Instant): SigningSpan {
  const isSigned = shown.dnssec !== undefined;
  const { at, adoptedAt, copied } = sinceWhen(
    versionsOf(trace, shown, now),
    (change) => (hostedZoneDetail(change)?.dnssec !== undefined) === isSigned,
  );
  return { at, adoptedAt, longest: longestOf(copied?.records ?? []) };
}

function longestOf(records: readonly ResourceRecord[]): SigningSpan['longest'] {
  const longest = records.reduce<ResourceRecord | undefined>(
    (best, one) => (best && best.ttl >= one.ttl ? best : one),
    undefined,
  );
  return longest ? { ttl: longest.ttl, record: `${longest.type} of ${serviceName(longest.name)}` } : { ttl: 0, record: 'none' };
}

function aboveOf(
  trace: Trace,
  scenario: Scenario,
  zones: readonly ShownZone[],
  name: Name,
  active: readonly SigningKey[],
  now: Instant,
): ZoneAbove | undefined {
  const open = trace.zoneChanges.filter(
    (change) => change.at <= now && hostedZoneDetail(change)?.private !== true && isBelow(name, change.zone),
  );
  const isGone = ({ zone }: ZoneChange): boolean =>
    hostedZoneDetail(open.findLast((one) => sameName(one.zone, zone)) as ZoneChange)?.deleted === true;
  const depth = Math.max(...open.filter((change) => !isGone(change)).map(({ zone }) => labelCount(zone)));
  const versions = open.filter((change) => labelCount(change.zone) === depth && !isGone(change));
  const last = versions.at(-1);
  if (!last) return undefined;
  const lists = versions.map(({ at, records }) => ({ at, signers: signersIn(records, name) }));
  const listed = lists.at(-1)?.signers ?? [];
  const other = lists.findLastIndex(({ signers }) => textOf(signers) !== textOf(listed));
  const changed = other < 0 ? undefined : lists[other + 1];
  const own = zones.find(({ zone, hosted }) => hosted && !isPrivate(zone) && sameName(zone.name, last.zone));
  return {
    name: last.zone,
    isSigned: own?.dnssec !== undefined || isSignedIn(scenario, last.zone),
    listed: listed.map(({ tag, text, ttl }) => ({ tag, text, ttl, fits: active.some(({ DSRecord }) => DSRecord === text) })),
    ...(changed
      ? { changed: { at: changed.at, ttlBefore: Math.max(0, ...(lists[other]?.signers ?? []).map(({ ttl }) => ttl)) } }
      : {}),
    ...(own ? { word: own.word } : {}),
  };
}

type Signer = Omit<Vouching, 'fits'>;

const signersIn = (records: readonly ResourceRecord[], name: Name): Signer[] =>
  records.flatMap((record) => {
    const data = sameName(record.name, name) ? dataOf(record, 'DS') : undefined;
    return data ? [{ tag: data.keyTag, text: dataText('DS', data), ttl: record.ttl }] : [];
  });

const textOf = (signers: readonly Signer[]): string => signers.map(({ text, ttl }) => `${ttl} ${text}`).join();

function isSignedIn({ world }: Scenario, zone: Name): boolean {
  const word = zone === '.' ? 'root' : zone.slice(0, -1);
  return (world?.zones?.[word]?.signed ?? false) !== false;
}

/** How key and DS stand to one another: they fit, they do not, or one of them is missing. */
export interface Link {
  readonly mark: 'holds' | 'broken' | 'open';
  readonly words: string;
}

export function linkOf({ key, above, zone, span }: SigningFacts, now: Instant): Link {
  const parent = above ? serviceName(above.name) : 'the zone above';
  const [listed] = above?.listed ?? [];
  if (!listed)
    return key
      ? {
          mark: 'open',
          words: `${parent} does not vouch for the key yet. Whoever validates takes the zone as it takes an unsigned one.`,
        }
      : { mark: 'open', words: 'The zone is not signed. Whoever asks takes its answers on trust.' };
  if (!key)
    return {
      mark: 'broken',
      words: `${parent} promises a key that ${serviceName(zone)} does not have. Whoever validates believes nothing, and says SERVFAIL.`,
    };
  if (!above?.listed.some(({ fits }) => fits))
    return {
      mark: 'broken',
      words: `${parent} has the hash of key ${listed.tag}, and the zone has key ${key.KeyTag}. Whoever validates says SERVFAIL.`,
    };
  const late = span.adoptedAt.filter((when) => when > now).length;
  if (late > 0)
    return {
      mark: 'broken',
      words: `The hash fits, but ${late} of ${span.adoptedAt.length} servers do not sign yet. Whoever validates believes nothing that those say: it tries another, or says SERVFAIL.`,
    };
  return above.isSigned
    ? { mark: 'holds', words: `The DS of ${parent} is the hash of this key. Whoever validates can prove every answer.` }
    : { mark: 'open', words: `The hash fits, but ${parent} is not signed in this lesson: nothing proves what it lists.` };
}
