import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CachedSet, freshSet, makeCache, RANK, type Rank, secondsLeft, weigh } from '../../../src/dns/resolve/cache.ts';
import type { SetKey } from '../../../src/dns/resolve/sets.ts';
import { DEFAULT_SETTINGS } from '../../../src/dns/resolve/settings.ts';
import { at, cacheOf, set, settingsWith, sourceAt } from './given.ts';

const WWW = 'www.example.com. A' as SetKey;
const NS = 'example.com. NS' as SetKey;
const kept = (cache: ReturnType<typeof cacheOf>, key: SetKey): CachedSet => cache.view.set(key) as CachedSet;

describe('an RRset in the cache', () => {
  it('counts its TTL down in whole seconds, rounded down, and is gone when the TTL is over', () => {
    const cache = cacheOf({ text: 'www.example.com. 300 A 192.0.2.44' });
    expect(secondsLeft(kept(cache, WWW), at(0))).toBe(300);
    expect(secondsLeft(kept(cache, WWW), at(120))).toBe(180);
    expect(secondsLeft(kept(cache, WWW), at(120.5))).toBe(179);
    expect(freshSet(cache.view, WWW, at(299.999))).toBeDefined();
    expect(freshSet(cache.view, WWW, at(300))).toBeUndefined();
  });

  it('is replaced by data of a higher rank, never by data of a lower one (RFC 2181 §5.4.1)', () => {
    const glue = { text: 'www.example.com. 300 A 192.0.2.1', rank: RANK.glue };
    const answer = { text: 'www.example.com. 300 A 192.0.2.44' };
    expect(kept(cacheOf(glue, answer), WWW).records[0]?.data).toEqual({ address: '192.0.2.44' });
    expect(kept(cacheOf(answer, glue), WWW).records[0]?.data).toEqual({ address: '192.0.2.44' });
  });

  it('gives way to data of any rank once it has run out', () => {
    const cache = cacheOf(
      { text: 'www.example.com. 300 A 192.0.2.44' },
      { text: 'www.example.com. 300 A 192.0.2.1', rank: RANK.glue, seconds: 300 },
    );
    expect(kept(cache, WWW).rank).toBe(RANK.glue);
  });

  it('is not renewed by the same data of the same rank', () => {
    const cache = cacheOf(
      { text: 'example.com. 100 NS ns.example.com.', rank: RANK.authority },
      { text: 'example.com. 200 NS ns.example.com.', rank: RANK.authority, seconds: 50 },
    );
    expect(secondsLeft(kept(cache, NS), at(50))).toBe(50);
  });

  it('is shown by the message that repeats it with the TTL that is left', () => {
    const cache = cacheOf({ text: 'example.com. 100 NS ns.example.com.', rank: RANK.authority });
    const again = weigh(cache.view, set('example.com. 200 NS ns.example.com.'), sourceAt(40, RANK.authority), DEFAULT_SETTINGS);
    expect(again.keep).toBeUndefined();
    expect(secondsLeft(again.shown, at(40))).toBe(60);
  });

  it('has its TTL clamped by the settings when it is stored', () => {
    const clamped = (ttl: number, change: { maxTtl?: number; minTtl?: number }) =>
      kept(cacheOf({ text: `www.example.com. ${ttl} A 192.0.2.44`, ttlSettings: change }), WWW).ttl;
    expect(clamped(172_800, { maxTtl: 86_400 })).toBe(86_400);
    expect(clamped(1, { minTtl: 30 })).toBe(30);
    expect(clamped(1_000_000, {})).toBe(604_800);
  });

  it('counts as run out, for a renewal, when it has no more left than what is renewed', () => {
    const cache = cacheOf({ text: 'www.example.com. 100 A 192.0.2.44' });
    const source = { ...sourceAt(95, RANK.authoritative), leeway: 5_000_000 as never };
    expect(weigh(cache.view, set('www.example.com. 100 A 192.0.2.44'), source, DEFAULT_SETTINGS).keep?.expiresAt).toBe(at(195));
  });

  it('a zone’s own list of servers does not last longer for an answer that was asked for in time and comes too late', () => {
    const cache = cacheOf({ text: 'example.com. 100 NS ns.example.com.', rank: RANK.authority });
    const late = { ...sourceAt(105, RANK.authority), askedAt: at(95) };
    const weighed = weigh(cache.view, set('example.com. 100 NS ns.example.com.'), late, DEFAULT_SETTINGS);
    expect(weighed.keep).toBeUndefined();
    expect(weighed.shown.ttl).toBe(100);
    const inTime = { ...late, askedAt: at(101) };
    expect(weigh(cache.view, set('example.com. 100 NS ns.example.com.'), inTime, DEFAULT_SETTINGS).keep?.expiresAt).toBe(at(205));
  });
});

describe('a zone that its parent has dropped', () => {
  const delegation = { text: 'example.com. 100 NS ns.example.com.', rank: RANK.referral, parental: true };
  const glue = { text: 'ns.example.com. 100 A 192.0.2.53', rank: RANK.glue, parental: true };

  it('cannot make its own NS set outlive the delegation, whatever TTL it sends', () => {
    const cache = cacheOf(delegation, { text: 'example.com. 9999 NS ns.example.com.', rank: RANK.authority, seconds: 10 });
    expect(kept(cache, NS).expiresAt).toBe(at(100));
    const changed = cacheOf(delegation, { text: 'example.com. 9999 NS other.example.com.', rank: RANK.authority, seconds: 10 });
    expect(kept(changed, NS).expiresAt).toBe(at(100));
  });

  it('cannot stretch its server’s address beyond the glue', () => {
    const cache = cacheOf(glue, { text: 'ns.example.com. 9999 A 192.0.2.53', seconds: 10 });
    expect(kept(cache, 'ns.example.com. A' as SetKey).expiresAt).toBe(at(100));
  });

  it('may shorten both', () => {
    const cache = cacheOf(delegation, { text: 'example.com. 20 NS ns.example.com.', rank: RANK.authority, seconds: 10 });
    expect(kept(cache, NS).expiresAt).toBe(at(30));
  });

  it('keeps behind its own data what the parent said, as the way back', () => {
    const cache = cacheOf(delegation, { text: 'example.com. 20 NS other.example.com.', rank: RANK.authority, seconds: 10 });
    expect(kept(cache, NS).parentSide?.expiresAt).toBe(at(100));
    const laterReferral = cacheOf({ text: 'example.com. 20 NS other.example.com.', rank: RANK.authority }, delegation);
    expect(kept(laterReferral, NS).parentSide?.records).toHaveLength(1);
  });

  it('renews what the parent said by a referral that says something else, or comes after it has run out', () => {
    const own = { text: 'example.com. 500 NS other.example.com.', rank: RANK.authority };
    const moved = { ...delegation, text: 'example.com. 100 NS new.example.com.' };
    const behind = (next: typeof delegation, seconds: number) =>
      kept(cacheOf(own, delegation, { ...next, seconds }), NS).parentSide;
    expect(behind(delegation, 50)?.expiresAt).toBe(at(100));
    expect(behind(moved, 50)).toMatchObject({ expiresAt: at(150), records: [{ data: { nameServer: 'new.example.com.' } }] });
    expect(behind(delegation, 100)?.expiresAt).toBe(at(200));
  });
});

describe('properties of the cache', () => {
  const ranks = fc.constantFrom<Rank>(...(Object.values(RANK) as Rank[]));
  const step = fc.record({
    after: fc.integer({ min: 0, max: 200 }),
    ttl: fc.integer({ min: 0, max: 500 }),
    rank: ranks,
    parental: fc.boolean(),
    type: fc.constantFrom('A', 'NS'),
    data: fc.constantFrom('a', 'b'),
  });
  const text = (type: string, ttl: number, data: string): string =>
    type === 'NS' ? `example.com. ${ttl} NS ${data}.example.` : `example.com. ${ttl} A 192.0.2.${data === 'a' ? 1 : 2}`;

  it('while an entry is good, only data of at least its rank take its place, and an NS set never lasts longer', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const cache = makeCache(100);
        let now = 0;
        for (const { after, ttl, rank, parental, type, data } of steps) {
          now += after;
          const key = `example.com. ${type}` as SetKey;
          const before = freshSet(cache.view, key, at(now));
          const source = sourceAt(now, rank, parental && rank <= RANK.referral);
          const { keep, shown } = weigh(cache.view, set(text(type, ttl, data)), source, settingsWith({}));
          if (keep) cache.remember(keep);
          const current = cache.view.set(key) as CachedSet;
          expect(shown.expiresAt).toBeLessThanOrEqual(at(now + ttl));
          if (!before) continue;
          expect(current.rank).toBeGreaterThanOrEqual(before.rank);
          if (type === 'NS') expect(current.expiresAt).toBeLessThanOrEqual(before.expiresAt);
        }
      }),
    );
  });

  it('what is left of a TTL never grows as time goes on', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(2_000_000_000), fc.nat(2_000_000_000), (ttl, a, b) => {
        const entry = kept(cacheOf({ text: `www.example.com. ${ttl} A 192.0.2.44` }), WWW);
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        expect(secondsLeft(entry, second as never)).toBeLessThanOrEqual(secondsLeft(entry, first as never));
        expect(secondsLeft(entry, second as never)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each([
    ['what was first in goes first', [1, 2, 3], [2, 3]],
    ['what has been stored anew stays', [1, 2, 1, 3], [1, 3]],
  ])('never holds more than its size; %s', (_, stored, left) => {
    const cache = makeCache(2);
    for (const [i, n] of stored.entries()) {
      const at = sourceAt(i * 301, RANK.answer);
      const { keep } = weigh(cache.view, set(`h${n}.example. 300 A 192.0.2.${n}`), at, DEFAULT_SETTINGS);
      if (keep) cache.remember(keep);
    }
    expect(cache.size()).toBe(2);
    expect([1, 2, 3].filter((n) => cache.view.set(`h${n}.example. A` as SetKey))).toEqual(left);
  });
});
