import { describe, expect, it } from 'vitest';
import { address } from '../../../src/base/address.ts';
import { name } from '../../../src/dns/name.ts';
import { RANK } from '../../../src/dns/resolve/cache.ts';
import { deepestDelegation, fromReferral, parentSideOf, rootHints } from '../../../src/dns/resolve/delegation.ts';
import type { ForwardZone, ResolverSettings, StubZone } from '../../../src/dns/resolve/settings.ts';
import { at, cacheOf, set, sets, settingsWith } from './given.ts';

const com = { text: 'com. 172800 NS a.gtld.net.\na.gtld.net. 172800 A 192.5.6.30', rank: RANK.glue };
const example = { text: 'example.com. 3600 NS ns.example.com.\nns.example.com. 3600 A 192.0.2.53', rank: RANK.glue };
const found = (
  cache: ReturnType<typeof cacheOf>,
  wanted: string,
  seconds = 0,
  change: Partial<ResolverSettings> = {},
  above = false,
) => deepestDelegation(cache.view, name(wanted), at(seconds), settingsWith(change), { above })?.value;

const stub = (zone: string, own: string): StubZone => ({
  zone: name(zone),
  servers: [{ addresses: [address(own)] }],
  first: false,
  tcp: false,
  prime: false,
});
const forward = (zone: string, own: string): ForwardZone => ({ ...stub(zone, own), noCache: false });

describe('the servers to ask are those of', () => {
  it('the deepest zone on the way to the name whose servers are known', () => {
    const cache = cacheOf(com, example);
    expect(found(cache, 'www.example.com.')?.zone).toBe('example.com.');
    expect(found(cache, 'www.example.com.')?.servers).toEqual([{ name: 'ns.example.com.', addresses: ['192.0.2.53'] }]);
    expect(found(cache, 'other.com.')?.zone).toBe('com.');
    expect(found(cache, 'example.net.')).toBeUndefined();
  });

  it('its parent when the zone’s own delegation has run out', () => {
    expect(found(cacheOf(com, example), 'www.example.com.', 3600)?.zone).toBe('com.');
  });

  it('its parent when what is asked for is kept there', () => {
    expect(found(cacheOf(com, example), 'example.com.', 0, {}, true)?.zone).toBe('com.');
  });

  it('no zone below one whose delegation has run out: its parent may have dropped it', () => {
    const cache = cacheOf({ ...com, text: 'com. 100 NS a.gtld.net.\na.gtld.net. 100 A 192.5.6.30' }, example);
    expect(found(cache, 'www.example.com.', 50)?.zone).toBe('example.com.');
    expect(found(cache, 'www.example.com.', 100)).toBeUndefined();
  });

  it('the parent when all servers have names in the zone itself, and no address is known', () => {
    const cache = cacheOf(com, { text: 'example.com. 3600 NS ns.example.com.', rank: RANK.referral });
    expect(found(cache, 'www.example.com.')?.zone).toBe('com.');
    const elsewhere = cacheOf(com, { text: 'example.com. 3600 NS ns.example.net.', rank: RANK.referral });
    expect(found(elsewhere, 'www.example.com.')?.zone).toBe('example.com.');
  });

  it('a configured zone, unless the cache knows a cut below it; the most specific one wins', () => {
    const stubZones = [stub('example.com.', '192.0.2.99')];
    expect(found(cacheOf(com), 'www.example.com.', 0, { stubZones })?.origin).toBe('stub');
    const below = { text: 'sub.example.com. 3600 NS ns.other.\nns.other. 3600 A 192.0.2.1', rank: RANK.glue };
    expect(found(cacheOf(com, below), 'www.sub.example.com.', 0, { stubZones })?.zone).toBe('sub.example.com.');
    const forwardZones = [forward('.', '192.0.2.98')];
    expect(found(cacheOf(com), 'www.example.com.', 0, { stubZones, forwardZones })?.origin).toBe('stub');
    expect(found(cacheOf(com), 'www.example.net.', 0, { stubZones, forwardZones })?.origin).toBe('forward');
  });
});

describe('addresses of servers', () => {
  it('come from the referral first, and else from the cache', () => {
    const cache = cacheOf({ text: 'ns1.example.com. 300 A 192.0.2.1\nns2.example.com. 300 A 192.0.2.2' });
    const referral = set('example.com. 300 NS ns1.example.com.\nexample.com. 300 NS ns2.example.com.');
    const { servers } = fromReferral(referral, sets('ns1.example.com. 300 A 192.0.2.11'), cache.view, at(0), settingsWith({}));
    expect(servers.map(({ addresses }) => addresses)).toEqual([['192.0.2.11'], ['192.0.2.2']]);
  });

  it('of a family that is not used do not count', () => {
    const referral = set('example.com. 300 NS ns.example.com.');
    const glue = sets('ns.example.com. 300 A 192.0.2.11\nns.example.com. 300 AAAA 2001:db8::11');
    const of = (change: Partial<ResolverSettings>) =>
      fromReferral(referral, glue, cacheOf().view, at(0), settingsWith(change)).servers[0]?.addresses;
    expect(of({ useIPv6: false })).toEqual(['192.0.2.11']);
    expect(of({ useIPv4: false })).toEqual(['2001:db8::11']);
  });

  it('named by a referral for a server elsewhere wait to be confirmed, when that is wished', () => {
    const referral = set('example.com. 300 NS ns.example.net.\nexample.com. 300 NS ns.example.com.');
    const glue = sets('ns.example.net. 300 A 192.0.2.11\nns.example.com. 300 A 192.0.2.12');
    const settings = settingsWith({ hardenUnverifiedGlue: true });
    const [outside, inside] = fromReferral(referral, glue, cacheOf().view, at(0), settings).servers;
    expect(outside).toEqual({ name: 'ns.example.net.', addresses: [], unverified: ['192.0.2.11'] });
    expect(inside?.addresses).toEqual(['192.0.2.12']);
  });
});

describe('the parent’s own list', () => {
  it('is found behind the zone’s list, with the addresses that the parent gave', () => {
    const cache = cacheOf(
      { text: 'example.com. 300 NS ns.example.com.', rank: RANK.referral, parental: true },
      { text: 'ns.example.com. 300 A 192.0.2.53', rank: RANK.glue, parental: true },
      { text: 'example.com. 100 NS other.example.com.', rank: RANK.authority, seconds: 1 },
      { text: 'ns.example.com. 100 A 192.0.2.54', seconds: 1 },
    );
    const parents = parentSideOf(cache.view, name('example.com.'), at(2), settingsWith({}));
    expect(parents?.servers).toEqual([{ name: 'ns.example.com.', addresses: ['192.0.2.53', '192.0.2.54'] }]);
    expect(parentSideOf(cache.view, name('example.com.'), at(300), settingsWith({}))).toBeUndefined();
  });

  it('still leads to the zone when the zone’s own list has run out', () => {
    const cache = cacheOf(
      { text: 'example.com. 300 NS ns.example.com.', rank: RANK.referral, parental: true },
      { text: 'ns.example.com. 300 A 192.0.2.53', rank: RANK.glue, parental: true },
      { text: 'example.com. 100 NS ns.example.com.', rank: RANK.authority, seconds: 1 },
      { text: 'ns.example.com. 100 A 192.0.2.53', seconds: 1 },
    );
    expect(found(cache, 'www.example.com.', 200)?.servers[0]?.addresses).toEqual(['192.0.2.53']);
  });
});

it('the root servers that are built in serve when nothing else is known', () => {
  const hints = [{ name: name('a.root-servers.net.'), addresses: [address('198.41.0.4')] }];
  expect(rootHints(settingsWith({ rootHints: hints }))).toMatchObject({ zone: '.', origin: 'hints', servers: hints });
});
