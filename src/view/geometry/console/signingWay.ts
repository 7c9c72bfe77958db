/**
 * The way to a signed zone and the way back, step by step: what is done, what may be done now, and for how long to wait, since
 * the wrong order makes a zone vanish for all who validate (Developer Guide, dns-configuring-dnssec-enable-signing and
 * dns-configuring-dnssec-disable).
 */

import { formatDuration, type Instant, later, seconds } from '../../../base/time.ts';
import { bareName } from '../../../dns/name.ts';
import { serviceName } from '../../../route53/names.ts';
import type { Line } from '../../../scenario/schema.ts';
import type { Trace } from '../../../trace/trace.ts';
import { keyChange } from './keyChange.ts';
import type { SigningFacts } from './signing.ts';
import {
  type Drawn,
  inTurn,
  isListed,
  type Pending,
  parentOf,
  pendingOrder,
  type SigningStep,
  setOf,
  since,
  toGo,
} from './signingSteps.ts';

export interface SigningWays {
  readonly on: readonly SigningStep[];
  /** Another key in place of the first; empty before there is one that the zone above vouches for. */
  readonly change: readonly SigningStep[];
  /** Empty where there is nothing to switch off. */
  readonly off: readonly SigningStep[];
}

/** Both ways at an instant; `ttl` is that of the DS record that would be listed. */
export function signingWays(trace: Trace, facts: SigningFacts, now: Instant, ttl: number): SigningWays {
  const pending = pendingOrder(trace, facts, now);
  const { key, above } = facts;
  const wasListed = (above?.listed.length ?? 0) > 0 || (above?.changed?.ttlBefore ?? 0) > 0;
  return {
    on: inTurn([
      keepShort(facts),
      switchOn(facts, now),
      letRunOut(facts, now),
      list(facts, now, ttl, pending),
      whole(facts, now),
    ]),
    change: inTurn(keyChange(facts, now, ttl, pending)),
    off: key || wasListed ? inTurn([takeOut(facts, now, pending), forget(facts, now), switchOff(facts, now)]) : [],
  };
}

/** When the last server gives signatures, and when the last copy without one has run out. */
function signedFrom({ span }: SigningFacts): { readonly everywhere: Instant; readonly safe: Instant } {
  const everywhere = Math.max(...span.adoptedAt) as Instant;
  return { everywhere, safe: everywhere === 0 ? everywhere : later(everywhere, seconds(span.longest.ttl)) };
}

/** When the last copy of the DS that was taken out has run out; undefined while one is listed, or when there never was one. */
function forgottenFrom({ above }: SigningFacts): Instant | undefined {
  const { changed, listed = [] } = above ?? {};
  return changed && listed.length === 0 && changed.ttlBefore > 0 ? later(changed.at, seconds(changed.ttlBefore)) : undefined;
}

// --- switching on

function keepShort({ key, span: { longest } }: SigningFacts): Drawn {
  const lives = formatDuration(seconds(longest.ttl));
  return {
    title: 'Keep copies short',
    when: '',
    isDone: key !== undefined || longest.ttl <= 3600,
    words: key
      ? `The longest TTL was ${lives} (${longest.record}).`
      : `A copy without a signature may live for ${lives} after the change (${longest.record}). To wait less, lower the longest TTLs to an hour first.`,
  };
}

function switchOn({ key, span, word, zone }: SigningFacts, now: Instant): Drawn {
  const has = span.adoptedAt.filter((when) => when <= now).length;
  const partly = key !== undefined && has < span.adoptedAt.length;
  return {
    title: 'Switch signing on',
    when: key ? since(span.at) : '',
    isDone: key !== undefined,
    words: key
      ? `There is a key-signing key, ${key.KeyTag}, and every answer has a signature${partly ? `, so far from ${has} of ${span.adoptedAt.length} servers` : ''}.`
      : 'Route 53 makes a key-signing key and a zone-signing key, and signs every answer as it gives it. TTLs above a week are served as a week.',
    ...(key ? {} : { act: { label: 'Enable DNSSEC signing', line: { sign: word }, words: `signing of ${serviceName(zone)}` } }),
  };
}

function letRunOut(facts: SigningFacts, now: Instant): Drawn {
  const { safe, everywhere } = signedFrom(facts);
  const isSigned = facts.key !== undefined;
  const isWaiting = isSigned && now < safe;
  return {
    title: 'Let the old copies run out',
    when: isWaiting ? toGo(safe, now) : '',
    isDone: isSigned && !isWaiting,
    words: !isSigned
      ? 'Four servers begin within a minute, and then copies without signatures live out their TTL.'
      : !isWaiting
        ? 'Nobody has a copy without a signature any more.'
        : now < everywhere
          ? 'The change is not on all four servers yet.'
          : 'All four servers sign. Some resolvers still have copies without signatures.',
    ...(isWaiting && isListed(facts)
      ? { warning: 'The DS is listed already: whoever validates may believe none of those copies.' }
      : {}),
  };
}

function list(facts: SigningFacts, now: Instant, ttl: number, pending: Pending | undefined): Drawn {
  const { key, above, zone } = facts;
  const parent = parentOf(above);
  const fits = above?.listed.some((one) => one.fits) === true;
  const isOrdered = pending !== undefined && !pending.removes;
  const line: Line | undefined =
    !key || !above || fits || isOrdered
      ? undefined
      : above.word === undefined
        ? { ds: bareName(zone), ttl }
        : { change: above.word, Changes: [{ Action: 'UPSERT', ResourceRecordSet: setOf(zone, ttl, [key.DSRecord]) }] };
  const isEarly = key !== undefined && now < signedFrom(facts).safe;
  const { changed } = above ?? {};
  return {
    title: `Have ${parent} list the DS`,
    when: fits ? since(changed?.at ?? (0 as Instant)) : isOrdered ? toGo(pending.due, now) : '',
    isDone: fits,
    words: fits
      ? `${parent} has the hash of key ${key?.KeyTag}, with a TTL of ${above?.listed[0]?.ttl} s.`
      : isOrdered
        ? 'The registrar has the order; the registry lists the record then.'
        : !above
          ? 'No zone of this world lies above: there is nobody to vouch for the key.'
          : above.word === undefined
            ? `${parent} is run by a registry: the registrar passes the DS record on. A short TTL lets you turn back quickly.`
            : `${parent} is a zone of this account: the DS is a record there.`,
    ...(line && isEarly
      ? { warning: `Too early: resolvers may still have copies without signatures, and with a DS they must not believe those.` }
      : {}),
    ...(line
      ? {
          act: {
            label: above?.word === undefined ? 'Hand over the DS' : 'Create the DS record',
            line,
            words: `DS of ${serviceName(zone)} in ${parent}`,
          },
        }
      : {}),
  };
}

function whole(facts: SigningFacts, now: Instant): Drawn {
  const { key, above } = facts;
  const fits = key !== undefined && above?.listed.some((one) => one.fits) === true;
  return {
    title: 'Every link holds',
    when: '',
    isDone: fits && above?.isSigned === true && now >= signedFrom(facts).everywhere,
    words:
      fits && !above?.isSigned
        ? `${parentOf(above)} itself is not signed in this lesson, so nobody can prove what it lists.`
        : 'Resolvers that validate prove each answer, and say so with the AD bit. For all others nothing changes.',
  };
}

// --- switching off

function takeOut(facts: SigningFacts, now: Instant, pending: Pending | undefined): Drawn {
  const { above, zone } = facts;
  const parent = parentOf(above);
  const [first] = above?.listed ?? [];
  const isOrdered = pending?.removes === true;
  const line: Line | undefined =
    !first || !above || isOrdered
      ? undefined
      : above.word === undefined
        ? { ds: bareName(zone), remove: true }
        : {
            change: above.word,
            Changes: [
              {
                Action: 'DELETE',
                ResourceRecordSet: setOf(
                  zone,
                  first.ttl,
                  above.listed.map(({ text }) => text),
                ),
              },
            ],
          };
  return {
    title: `Have ${parent} take the DS out`,
    when: isOrdered
      ? toGo(pending.due, now)
      : !first && forgottenFrom(facts) !== undefined
        ? since(above?.changed?.at as Instant)
        : '',
    isDone: !first,
    words: first
      ? isOrdered
        ? 'The registrar has the order; the registry takes the record out then.'
        : `First the promise goes, then the key. ${parent} promises key ${first.tag}.`
      : `${parent} promises no key.`,
    ...(line ? { act: { label: 'Take the DS out', line, words: `removal of the DS of ${serviceName(zone)}` } } : {}),
  };
}

function forget(facts: SigningFacts, now: Instant): Drawn {
  const from = forgottenFrom(facts);
  const [first] = facts.above?.listed ?? [];
  return {
    title: 'Wait until it is forgotten',
    when: from !== undefined && now < from ? toGo(from, now) : '',
    isDone: !first && (from === undefined || now >= from),
    words: first
      ? `Resolvers keep the DS for its TTL, ${formatDuration(seconds(first.ttl))}, and go on asking for signatures.`
      : from !== undefined && now < from
        ? 'Some resolvers still have the DS.'
        : 'No resolver has a DS any more.',
  };
}

function switchOff(facts: SigningFacts, now: Instant): Drawn {
  const { key, word, zone, above } = facts;
  const from = forgottenFrom(facts);
  const warning = isListed(facts)
    ? `Route 53 refuses as long as ${parentOf(above)} has the hash of the key.`
    : from !== undefined && now < from
      ? 'Too early: whoever still has the DS takes answers without signatures for forged, and says SERVFAIL.'
      : undefined;
  return {
    title: 'Switch signing off',
    when: key || facts.span.at === 0 ? '' : since(facts.span.at),
    isDone: key === undefined,
    words: key ? 'The keys go, and answers have no signatures any more.' : 'Answers have no signatures.',
    ...(key && warning !== undefined ? { warning } : {}),
    ...(key
      ? { act: { label: 'Disable DNSSEC signing', line: { unsign: word }, words: `end of signing of ${serviceName(zone)}` } }
      : {}),
  };
}
