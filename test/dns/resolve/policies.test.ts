import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { address, type Cidr } from '../../../src/base/address.ts';
import { milliseconds, seconds } from '../../../src/base/time.ts';
import { type Message, query, response } from '../../../src/dns/message.ts';
import { type Name, name, sameName } from '../../../src/dns/name.ts';
import { makeCache, RANK, weigh } from '../../../src/dns/resolve/cache.ts';
import { freshCookie, judgeCookie, plainCase, randomCase } from '../../../src/dns/resolve/disguise.ts';
import { substitute, synthesised } from '../../../src/dns/resolve/dname.ts';
import { embedded, isIgnored, mappedReverse, synthesise } from '../../../src/dns/resolve/dns64.ts';
import { learnAnswer, learnFailure, learnNegative } from '../../../src/dns/resolve/learn.ts';
import { scrub } from '../../../src/dns/resolve/scrub.ts';
import type { StalePolicy } from '../../../src/dns/resolve/settings.ts';
import { restingFailure, staleOutcome } from '../../../src/dns/resolve/stale.ts';
import { clientSubnet, getsSubnet, scopedView, scopeOf, scopeOfResponse } from '../../../src/dns/resolve/subnet.ts';
import { ask, at, lesson, reply, set, settingsWith, sourceAt } from './given.ts';

const WWW = ask('www.example.com.', 'A');

describe('stale answers (RFC 8767)', () => {
  const policy: StalePolicy = {
    maxAge: 86_400,
    replyTtl: 30,
    clientTimeout: milliseconds(1_800),
    resetOnFailure: false,
    recheck: seconds(30),
  };

  function cacheWith(answer: string, rcode: Message['rcode'] = 'NOERROR') {
    const cache = makeCache(100);
    const soa = 'example.com. 900 SOA a. b. 1 2 3 4 900';
    const message = rcode === 'NOERROR' ? reply(WWW, { answer }) : reply(WWW, { rcode, authority: soa });
    const scrubbed = scrub(message, WWW, { zone: name('example.com.'), forwarder: false }, settingsWith({}));
    if (!('message' in scrubbed)) throw new Error(scrubbed.text);
    const learned =
      rcode === 'NOERROR'
        ? learnAnswer(cache.view, scrubbed, WWW, 'answer', lesson(0))
        : learnNegative(cache.view, scrubbed, WWW, 'nxdomain', lesson(0));
    for (const item of [...learned.sets, ...learned.beside, ...(learned.message ? [learned.message] : [])]) cache.remember(item);
    return cache;
  }

  const lent = (cache: ReturnType<typeof makeCache>, now: number, change: Partial<StalePolicy> = {}) =>
    staleOutcome(cache.view, WWW, at(now), settingsWith({ stale: { ...policy, ...change } }));

  it('are lent with the TTL of the policy, or with their own if they never had as much', () => {
    expect(lent(cacheWith('www.example.com. 300 A 192.0.2.44'), 400)?.answer[0]?.ttl).toBe(30);
    expect(lent(cacheWith('www.example.com. 20 A 192.0.2.44'), 400)?.answer[0]?.ttl).toBe(20);
  });

  it('are marked as such, a stale “no such name” with a code of its own', () => {
    expect(lent(cacheWith('www.example.com. 300 A 192.0.2.44'), 400)).toMatchObject({ source: 'stale', errors: [{ code: 3 }] });
    expect(lent(cacheWith('', 'NXDOMAIN'), 1_000)).toMatchObject({ rcode: 'NXDOMAIN', errors: [{ code: 19 }] });
  });

  it('are not lent when they are too old, or when that is not wished', () => {
    const cache = cacheWith('www.example.com. 300 A 192.0.2.44');
    expect(lent(cache, 86_699)).toBeDefined();
    expect(lent(cache, 86_700)).toBeUndefined();
    expect(staleOutcome(cache.view, WWW, at(400), settingsWith({}))).toBeUndefined();
  });

  it('may be lent for longer while all attempts fail', () => {
    const cache = cacheWith('www.example.com. 300 A 192.0.2.44');
    cache.remember(learnFailure(cache.view, WWW, lesson(86_000), []));
    expect(lent(cache, 100_000)).toBeUndefined();
    expect(lent(cache, 100_000, { resetOnFailure: true })).toBeDefined();
  });

  it('give the silent servers some rest after a failed attempt', () => {
    const failure = learnFailure(makeCache(1).view, WWW, lesson(0), []);
    expect(restingFailure(failure, policy, false).expiresAt).toBe(at(30));
    expect(restingFailure(failure, { ...policy, recheck: seconds(1) }, false).expiresAt).toBe(at(5));
    // With an old answer to lend, nobody waits longer than that.
    expect(restingFailure(failure, { ...policy, recheck: seconds(1) }, true).expiresAt).toBe(at(1));
  });
});

describe('DNS64 (RFC 6147)', () => {
  const policy = { prefix: '64:ff9b::/96' as Cidr, ignoreAaaa: [name('broken.example.')] };

  it('puts the IPv4 address into the last 32 bits of the prefix', () => {
    expect(embedded(policy.prefix, address('192.0.2.33'))).toBe('64:ff9b::c000:221');
  });

  const sets = [set('a.example. 60 CNAME b.example.'), set('b.example. 999 A 192.0.2.33')].map((one) => ({
    ...one,
    signatures: [],
  }));
  const soa = set('example. 30 SOA ns.example. admin.example. 1 7200 900 1209600 30');

  it('makes AAAA records of A records, and leaves aliases alone', () => {
    const made = synthesise(sets, undefined, policy);
    expect(made.map(({ type, ttl }) => `${type} ${ttl}`)).toEqual(['CNAME 60', 'AAAA 999']);
    expect(made[1]?.records[0]?.data).toEqual({ address: '64:ff9b::c000:221' });
  });

  it.each([
    ['as long as the no to the question for AAAA', [soa], 30],
    ['600 s where that no has no SOA record', [], 600],
  ])('lets them live at most %s (RFC 6147 §5.1.7)', (_, no, ttl) => {
    const made = synthesise(sets, no, policy)[1];
    expect([made?.ttl, made?.records[0]?.ttl]).toEqual([ttl, ttl]);
  });

  it('finds the reverse name of the IPv4 address in a reverse name under the prefix', () => {
    const nibbles = '1.2.2.0.0.0.0.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.b.9.f.f.4.6.0.0.ip6.arpa.';
    expect(mappedReverse(ask(nibbles, 'PTR'), policy)?.name).toBe('33.2.0.192.in-addr.arpa.');
    expect(mappedReverse(ask(nibbles, 'A'), policy)).toBeUndefined();
    expect(mappedReverse(ask('1.0.0.ip6.arpa.', 'PTR'), policy)).toBeUndefined();
    expect(mappedReverse(ask(nibbles.replace('b.9.f.f', 'b.9.f.e'), 'PTR'), policy)).toBeUndefined();
  });

  it('passes AAAA records over below the names that are set so', () => {
    expect(isIgnored(name('www.broken.example.'), policy)).toBe(true);
    expect(isIgnored(name('www.example.'), policy)).toBe(false);
  });
});

describe('client subnets (RFC 7871)', () => {
  const policy = { servers: ['192.0.2.0/24' as Cidr], zones: [name('example.com.')], bitsIPv4: 24, bitsIPv6: 56 };
  const option = (subnet: string, scope = 0) => ({ option: 'client-subnet' as const, subnet: subnet as Cidr, scope });
  const edns = (subnet: string, scope = 0) => ({ version: 0, udpSize: 1232, do: false, options: [option(subnet, scope)] });

  it('give away 24 bits of an IPv4 and 56 of an IPv6 address, or less if the client names less', () => {
    const plain = query(1, WWW);
    expect(clientSubnet(plain, address('198.18.2.7'), policy)).toBe('198.18.2.0/24');
    expect(clientSubnet(plain, address('2001:db8:1:2ff::1'), policy)).toBe('2001:db8:1:200::/56');
    expect(clientSubnet(query(1, WWW, { edns: edns('10.1.0.0/16') }), address('198.18.2.7'), policy)).toBe('10.1.0.0/16');
    expect(clientSubnet(query(1, WWW, { edns: edns('0.0.0.0/0') }), address('198.18.2.7'), policy)).toBeUndefined();
  });

  it('go only to the servers and zones on the list', () => {
    expect(getsSubnet(address('192.0.2.53'), name('other.'), policy)).toBe(true);
    expect(getsSubnet(address('198.41.0.4'), name('sub.example.com.'), policy)).toBe(true);
    expect(getsSubnet(address('198.41.0.4'), name('.'), policy)).toBe(false);
    expect(getsSubnet(address('192.5.6.30'), name('com.'), policy)).toBe(false);
  });

  it('bound for whom an answer holds; an answer about another network is not believed', () => {
    const sent = '198.18.2.0/24' as Cidr;
    const answered = (subnet: string, scope: number) => response(query(1, WWW), { edns: edns(subnet, scope) });
    expect(scopeOfResponse(answered(sent, 24), sent)).toBe('198.18.2.0/24');
    expect(scopeOfResponse(answered(sent, 16), sent)).toBe('198.18.0.0/16');
    expect(scopeOfResponse(answered(sent, 32), sent)).toBe('198.18.2.0/24');
    expect(scopeOfResponse(answered(sent, 0), sent)).toBeUndefined();
    expect(scopeOfResponse(response(query(1, WWW)), sent)).toBeUndefined();
    expect(scopeOfResponse(answered('198.18.3.0/24', 24), sent)).toBe('mismatch');
  });

  it('let a client see what holds for its network first, and never what holds for another', () => {
    const cache = makeCache(100);
    const plain = set('www.example.com. 300 A 192.0.2.1');
    const scoped = { ...plain, key: `${plain.key} @198.18.0.0/16` as typeof plain.key };
    for (const one of [plain, scoped]) {
      const { keep } = weigh(cache.view, one, sourceAt(0, RANK.authoritative), settingsWith({}));
      if (keep) cache.remember(keep);
    }
    const seen = (subnet: string) => scopeOf((scopedView(cache.view, subnet as Cidr).set(plain.key) as typeof plain).key);
    expect(seen('198.18.2.0/24')).toBe(16);
    expect(seen('198.19.2.0/24')).toBe(0);
  });
});

describe('a disguise', () => {
  it('changes the case of letters and nothing else', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('www.example.com.', 'a1-b2.Example.NET.', '.', 'x.'),
        fc.float({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (text, drawn) => {
          const disguised = randomCase(text as Name, () => drawn);
          expect(sameName(disguised, text as Name)).toBe(true);
          expect(disguised).toHaveLength(text.length);
        },
      ),
    );
    expect(randomCase(name('www.example.com.'), () => 0.5)).not.toBe(randomCase(name('www.example.com.'), () => 0.3));
  });

  it('is taken off a reply before anything is learned of it', () => {
    const plain = name('www.example.com.');
    const asked = 'wWw.ExAmPlE.cOm.' as Name;
    const message = reply(ask(asked, 'A'), { answer: `${asked} 300 A 192.0.2.44` });
    const undisguised = plainCase(message, asked, plain);
    expect(undisguised.answer[0]?.name).toBe(plain);
    expect(undisguised.question[0]?.name).toBe(plain);
  });
});

describe('a cookie (RFC 7873)', () => {
  const cookie = freshCookie((i) => i / 8);
  const server = Uint8Array.from({ length: 16 }, (_, i) => i);
  const answered = (client: Uint8Array) =>
    response(query(1, WWW), { edns: { version: 0, udpSize: 1232, do: false, options: [{ option: 'cookie', client, server }] } });

  it('comes back unchanged, and the server’s own half is shown the next time', () => {
    expect(judgeCookie(answered(cookie.client), cookie)).toEqual({ kind: 'right', cookie: { client: cookie.client, server } });
  });

  it('that is another is wrong, and so is none from a server that has shown its own before', () => {
    expect(judgeCookie(answered(new Uint8Array(8)), cookie).kind).toBe('wrong');
    expect(judgeCookie(response(query(1, WWW)), cookie).kind).toBe('none');
    expect(judgeCookie(response(query(1, WWW)), { ...cookie, server }).kind).toBe('wrong');
  });
});

describe('a DNAME (RFC 6672)', () => {
  it('moves the names below its owner, and not the owner itself', () => {
    expect(substitute(name('a.b.example.com.'), name('example.com.'), name('example.net.'))).toBe('a.b.example.net.');
    expect(substitute(name('a.example.com.'), name('.'), name('example.net.'))).toBe('a.example.com.example.net.');
    expect(substitute(name('a.example.com.'), name('example.com.'), name('.'))).toBe('a.');
    expect(substitute(name('example.com.'), name('example.com.'), name('example.net.'))).toBeUndefined();
    expect(substitute(name('notexample.com.'), name('example.com.'), name('example.net.'))).toBeUndefined();
  });

  it('implies a CNAME of its own TTL, unless the new name is too long', () => {
    const dname = set('example.com. 77 DNAME example.net.');
    expect(synthesised(name('www.example.com.'), dname)).toMatchObject({ type: 'CNAME', ttl: 77 });
    const long = name(`${'x'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(63)}.example.com.`);
    const further = set(`example.com. 77 DNAME ${'w'.repeat(60)}.net.`);
    expect(synthesised(long, further)).toBe('too-long');
  });
});
