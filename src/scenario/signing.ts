/**
 * Zones of a world that are signed: which keys they have, what their parents say of them, and the signed zone as its servers
 * have it. A zone is written and edited without signatures; they are made when it is served.
 */
import * as v from 'valibot';
import { hexText } from '../base/octets.ts';
import type { Duration, Instant } from '../base/time.ts';
import { days, parseDuration, START_DATE } from '../base/time.ts';
import { delegationSigner } from '../dns/dnssec/keys.ts';
import { memo } from '../dns/dnssec/memo.ts';
import { type DenialPolicy, signZone } from '../dns/dnssec/sign.ts';
import { type SignatureWindow, signingKey } from '../dns/dnssec/signing.ts';
import { isBelow, labelCount, type Name, ROOT } from '../dns/name.ts';
import type { DelegationSigner, ResourceRecord } from '../dns/record.ts';
import { record } from '../dns/record.ts';
import type { Responder } from '../dns/responder.ts';
import { rrsetAt, withRecords, type Zone } from '../dns/zone/zone.ts';
import { choice, duration, mapping, text, whole, word, yes } from './words.ts';

const { optional } = v;

/** What the parent of a zone says of its keys. */
const vouching = mapping({
  keys: optional(text('a word that chooses the keys of which the parent has the hash')),
  ttl: optional(whole('a whole number of seconds: the TTL of the DS record')),
});
const isVouchedFor = yes('true or false: whether the parent has a DS record');
const ds = choice<boolean | v.InferOutput<typeof vouching>>(
  (input) => (typeof input === 'boolean' ? isVouchedFor : vouching),
  [isVouchedFor, vouching],
);

const signing = mapping({
  /** How it proves what is not there; NSEC unless told. */
  denial: optional(word(['nsec', 'nsec3', 'opt-out'])),
  /** Which keys it has: another text gives others, as after a rollover. */
  keys: optional(text('a word that chooses the keys')),
  /** How long its signatures are good, counted from the start; unless told, they are made anew every week. */
  until: optional(duration),
  ds: optional(ds),
});
const isSigned = yes('true or false: whether the zone is signed');

/** Of a hosted zone: it signs each answer as it is given, so there is less to choose. */
const signingOnline = mapping({ keys: signing.entries.keys, ds: signing.entries.ds });
export const signedOnline = choice<boolean | v.InferOutput<typeof signingOnline>>(
  (input) => (typeof input === 'boolean' ? isSigned : signingOnline),
  [isSigned, signingOnline],
);

/** How a zone is signed, as a scenario says it. */
export type SigningLine = v.InferOutput<typeof signing>;

export const signed = choice<boolean | SigningLine>(
  (input) => (typeof input === 'boolean' ? isSigned : signing),
  [isSigned, signing],
);

/** A zone with its signing, if it has one. */
export interface Signable {
  readonly zone: Zone;
  readonly signing?: SigningLine | undefined;
}

/** The DS TTL of the large registries. */
export const DS_TTL = 86_400;
const SEED = 'rootwalk';

/** A name at which a signed zone begins. */
interface SignedName {
  readonly origin: Name;
  readonly signing: SigningLine;
}

/** The zones, each with DS records for those signed zones that it delegates, `others` included. Records of the author's own stay. */
export function withSigners<Z extends Signable>(zones: readonly Z[], others: readonly SignedName[]): Z[] {
  const out = [...zones];
  const own = zones.flatMap(({ zone: { origin }, signing }) => (signing ? [{ origin, signing }] : []));
  for (const { origin, signing } of [...own, ...others]) {
    const at = parentOf(origin, out);
    const parent = at === undefined ? undefined : out[at];
    const signer = signerFor(origin, signing);
    if (at === undefined || !parent || !signer || rrsetAt(parent.zone, origin, 'DS')) continue;
    out[at] = { ...parent, zone: withRecords(parent.zone, [signer]) };
  }
  return out;
}

/** The index of the zone that delegates another; undefined when none here does. */
function parentOf(origin: Name, zones: readonly Signable[]): number | undefined {
  let best: number | undefined;
  for (const [i, { zone }] of zones.entries())
    if (isBelow(origin, zone.origin) && labelCount(zone.origin) >= labelCount(zones[best ?? -1]?.zone.origin ?? ROOT)) best = i;
  return best;
}

function signerFor(origin: Name, { keys, ds = true }: SigningLine): ResourceRecord | undefined {
  if (ds === false) return undefined;
  const { keys: named = keys, ttl = DS_TTL } = ds === true ? {} : ds;
  return record(origin, 'DS', ttl, signerOf(origin, named));
}

/** The DS data for the keys that a word chooses. */
export const signerOf = (origin: Name, keys: string | undefined): DelegationSigner => {
  const ksk = signingKey(seedOf(keys), origin, 'ksk');
  return delegationSigner(origin, ksk.data) as DelegationSigner;
};

/** What chooses a zone's keys. */
export const seedOf = (keys: string | undefined): string => (keys === undefined ? SEED : `${SEED} ${keys}`);

/** The trust anchor for a signed zone, as a resolver's settings have it. */
export function anchorOf(origin: Name, { keys }: SigningLine): string {
  const { keyTag, algorithm, digestType, digest } = signerOf(origin, keys);
  return `${origin} DS ${keyTag} ${algorithm} ${digestType} ${hexText(digest)}`;
}

/** A server's responder for zones of which some are signed: `make` makes the one for zones as they are for a while. */
export function signedResponder(zones: readonly Signable[], make: (zones: readonly Zone[]) => Responder): Responder {
  if (zones.every(({ signing }) => !signing)) return make(zones.map(({ zone }) => zone));
  const made = new Map<string, Responder>();
  return (query, asking) => {
    const periods = zones.map(({ signing }) => (signing ? periodAt(signing, asking.now) : 0)).join();
    const responder = made.get(periods) ?? make(zones.map((one) => servedAt(one, asking.now)));
    made.set(periods, responder);
    return responder(query, asking);
  };
}

/** The zone as its servers have it at an instant. */
function servedAt({ zone, signing }: Signable, at: Instant): Zone {
  if (!signing) return zone;
  const known = served.get(zone) ?? new Map<number, Zone>();
  served.set(zone, known);
  const period = periodAt(signing, at);
  const signed =
    known.get(period) ??
    signZone(zone, {
      seed: seedOf(signing.keys),
      window: windowOf(signing, period),
      denial: DENIALS[signing.denial ?? 'nsec'],
      keyTtl: keyTtl(zone.origin),
      memo: signatures,
    }).zone;
  known.set(period, signed);
  return signed;
}

/** As the root, .com and Route 53 have it. */
function keyTtl(origin: Name): number {
  const depth = labelCount(origin);
  return depth === 0 ? 172_800 : depth === 1 ? 86_400 : 3_600;
}

/** When another set of signatures comes into use: every zone of a world signs on the same days. */
const periodAt = ({ until }: SigningLine, at: Instant): number => (until === undefined ? Math.floor(at / WEEK) : 0);

const WEEK: Duration = days(7);
const DAY_IN_SECONDS = 86_400;

/** Signatures begin a day before their week, for clocks that are late, and outlast it by a week. */
function windowOf({ until }: SigningLine, period: number): SignatureWindow {
  const start = START_DATE + period * 7 * DAY_IN_SECONDS;
  const length = until === undefined ? 14 * DAY_IN_SECONDS : Math.floor((parseDuration(String(until)) ?? 0) / 1_000_000);
  return { inception: start - DAY_IN_SECONDS, expiration: start + length };
}

/** When signatures are good that are made while answering. */
export const windowAt = (at: Instant): SignatureWindow => windowOf({}, periodAt({}, at));

/** RFC 9276 §3.1: no salt, and no more than one round. */
const PLAIN_HASH = { iterations: 0, salt: new Uint8Array(0) } as const;
const DENIALS: Readonly<Record<NonNullable<SigningLine['denial']>, DenialPolicy>> = {
  nsec: { kind: 'nsec' },
  nsec3: { kind: 'nsec3', optOut: false, ...PLAIN_HASH },
  'opt-out': { kind: 'nsec3', optOut: true, ...PLAIN_HASH },
};

/** Signatures made before serve again; they depend on nothing but what is signed. */
export const signatures = memo<Uint8Array>(20_000);
const served = new WeakMap<Zone, Map<number, Zone>>();
