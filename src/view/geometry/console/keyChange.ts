/**
 * The way from one key-signing key to another while every answer stays proven: both sign the keys until the zone above has
 * vouched for the second for long enough (RFC 6781 §4.1.2, double signature).
 */

import { formatDuration, type Instant, later, seconds } from '../../../base/time.ts';
import { bareName } from '../../../dns/name.ts';
import { serviceName } from '../../../route53/names.ts';
import type { Line } from '../../../scenario/schema.ts';
import { isActive, type SigningFacts, type SigningKey } from './signing.ts';
import { type Drawn, type Pending, parentOf, setOf, since, toGo } from './signingSteps.ts';

/** How long a resolver may keep the zone's key set, in seconds (`dns/dnssec/online.ts`). */
const KEY_TTL = 3600;

/** Nothing, as long as there is one key only and nobody vouches for it. */
export function keyChange(facts: SigningFacts, now: Instant, ttl: number, pending: Pending | undefined): Drawn[] {
  const { keys, above } = facts;
  const [old, next] = keys;
  if (!old || (!next && !above?.listed.some(({ fits }) => fits))) return [];
  return [
    make(facts, old, next),
    settle(facts, next, now),
    swap(facts, old, next, now, ttl, pending),
    forget(facts, old, next, now),
    retire(facts, old, next, now),
  ];
}

function make({ word, zone, keys }: SigningFacts, old: SigningKey, next: SigningKey | undefined): Drawn {
  const create = nameAfter(keys);
  return {
    title: 'Make a second key',
    when: '',
    isDone: next !== undefined,
    words: next
      ? `${next.Name} is there beside ${old.Name}: key ${next.KeyTag}.`
      : 'A zone may have two key-signing keys. Both sign the keys, so either of them proves the zone.',
    ...(next
      ? {}
      : {
          act: { label: 'Create a second key', line: { signingKey: word, create }, words: `second key of ${serviceName(zone)}` },
        }),
  };
}

/** "example_com_ksk_2" after "example_com_ksk". */
function nameAfter(keys: readonly SigningKey[]): string {
  const [, stem = '', number = '1'] = /^(.*?)(?:_(\d+))?$/.exec(keys.at(-1)?.Name ?? '') ?? [];
  return `${stem}_${Number(number) + 1}`;
}

/** When nobody has a key set any more in which the second key is missing. */
const settledFrom = ({ keysFrom }: SigningFacts): Instant => {
  const everywhere = Math.max(...keysFrom) as Instant;
  return everywhere === 0 ? everywhere : later(everywhere, seconds(KEY_TTL));
};

function settle(facts: SigningFacts, next: SigningKey | undefined, now: Instant): Drawn {
  const safe = settledFrom(facts);
  // Once the first key is retired, the key set is a new one again, and that needs no waiting.
  const isWaiting = next !== undefined && facts.keys.every(isActive) && now < safe;
  return {
    title: 'Let the old key set run out',
    when: isWaiting ? toGo(safe, now) : '',
    isDone: next !== undefined && !isWaiting,
    words: !next
      ? `Resolvers keep the keys of the zone for ${formatDuration(seconds(KEY_TTL))}.`
      : isWaiting
        ? 'Some resolvers have a key set in which the second key is missing.'
        : 'Whoever has the keys of the zone has both.',
  };
}

const has = ({ above }: SigningFacts, key: SigningKey | undefined): boolean =>
  above?.listed.some(({ text }) => text === key?.DSRecord) === true;

function swap(
  facts: SigningFacts,
  old: SigningKey,
  next: SigningKey | undefined,
  now: Instant,
  ttl: number,
  pending: Pending | undefined,
): Drawn {
  const { above, zone } = facts;
  const parent = parentOf(above);
  const isDone = has(facts, next) && !has(facts, old);
  const isOrdered = next !== undefined && !isDone && pending !== undefined && !pending.removes;
  const line: Line | undefined =
    !next || !above || isDone || isOrdered
      ? undefined
      : above.word === undefined
        ? { ds: bareName(zone), only: next.Name, ttl }
        : { change: above.word, Changes: [{ Action: 'UPSERT', ResourceRecordSet: setOf(zone, ttl, [next.DSRecord]) }] };
  const isEarly = line !== undefined && now < settledFrom(facts);
  return {
    title: `Have ${parent} list its DS instead`,
    when: isDone ? since(above?.changed?.at ?? (0 as Instant)) : isOrdered ? toGo(pending.due, now) : '',
    isDone,
    words: isDone
      ? `${parent} vouches for key ${next?.KeyTag}.`
      : isOrdered
        ? 'The registrar has the order; the registry lists the record then.'
        : `One hash takes the place of the other: ${parent} vouches for the second key.`,
    ...(isEarly ? { warning: 'Too early: whoever has the new DS and the old key set finds that they do not fit.' } : {}),
    ...(line ? { act: { label: 'Hand over the new DS', line, words: `DS of the second key of ${serviceName(zone)}` } } : {}),
  };
}

/** When the last copy of the first key's DS has run out; undefined while it is listed. */
function forgottenFrom(facts: SigningFacts, old: SigningKey, next: SigningKey | undefined): Instant | undefined {
  const changed = facts.above?.changed;
  return changed && has(facts, next) && !has(facts, old) ? later(changed.at, seconds(changed.ttlBefore)) : undefined;
}

function forget(facts: SigningFacts, old: SigningKey, next: SigningKey | undefined, now: Instant): Drawn {
  const from = forgottenFrom(facts, old, next);
  const isWaiting = from !== undefined && now < from;
  return {
    title: 'Let the old DS run out',
    when: isWaiting ? toGo(from, now) : '',
    isDone: from !== undefined && !isWaiting,
    words:
      from === undefined
        ? 'Resolvers keep the old DS for its TTL. So long, the first key must stay.'
        : isWaiting
          ? 'Some resolvers still have the DS of the first key.'
          : 'No resolver has the DS of the first key any more.',
  };
}

function retire(facts: SigningFacts, old: SigningKey, next: SigningKey | undefined, now: Instant): Drawn {
  const { word, zone } = facts;
  const from = forgottenFrom(facts, old, next);
  const warning = has(facts, old)
    ? `Route 53 refuses as long as ${parentOf(facts.above)} has the hash of this key.`
    : from !== undefined && now < from && isActive(old)
      ? 'Too early: whoever still has the old DS finds no key to it, and says SERVFAIL.'
      : undefined;
  const name = old.Name;
  return {
    title: 'Retire the first key',
    when: '',
    isDone: false,
    words: isActive(old)
      ? 'A key is deactivated first, and then it can be deleted. The last active one has to stay.'
      : `${name} signs no more.`,
    ...(next && warning !== undefined ? { warning } : {}),
    ...(!next
      ? {}
      : isActive(old)
        ? {
            act: {
              label: 'Deactivate the first key',
              line: { signingKey: word, deactivate: name },
              words: `end of ${name} of ${serviceName(zone)}`,
            },
          }
        : { act: { label: 'Delete the first key', line: { signingKey: word, delete: name }, words: `deletion of ${name}` } }),
  };
}
