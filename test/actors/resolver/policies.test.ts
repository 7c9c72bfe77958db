import { describe, expect, it } from 'vitest';
import { address, type Cidr } from '../../../src/base/address.ts';
import { milliseconds, seconds } from '../../../src/base/time.ts';
import { response } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import type { ResolverSettings, StalePolicy } from '../../../src/dns/resolve/settings.ts';
import { dropMatching } from '../../../src/sim/rules.ts';
import { says, server, TWO_SERVERS, tree } from './tree.ts';
import { type Ask, lines, RESOLVER, run } from './world.ts';

const www: Ask = { at: 0, name: 'www.example.com.', type: 'A' };
const later = (at: number, change: Partial<Ask> = {}): Ask => ({ ...www, at, ...change });
const ADDRESS = 'www.example.com. 300 A 192.0.2.44';
const ALL = { first: 1, last: Number.POSITIVE_INFINITY };

/** From that second on, nothing reaches that address. */
const silentAfter = (at: number, own: string) => [
  { name: 'silent', rule: dropMatching((p) => p.to.address === own && p.sentAt >= seconds(at), ALL) },
];

describe('priming (RFC 9609)', () => {
  it('asks a root server for the list of root servers before all else, and again when that has run out', () => {
    const root =
      '@ 900 SOA ns h 1 2 3 4 900\n@ 100 NS root.\nroot. 100 A 198.41.0.4\ncom. 50 NS ns.com.\nns.com. 50 A 192.5.6.30\n';
    const { asked } = run({
      servers: tree({ root }),
      settings: { priming: true },
      asks: [www, later(60, { name: 'x.com.' }), later(110, { name: 'y.com.' })],
    });
    expect(asked.filter((line) => line === 'root . NS')).toHaveLength(2);
    expect(asked[0]).toBe('root . NS');
  });

  it('is not needed by a resolver that starts with the list, for six days', () => {
    const settings = { priming: true };
    const { asked } = run({ servers: tree(), settings, primed: true, asks: [www, later(518_401, { name: 'x.net.' })] });
    expect(asked[0]).toBe('root www.example.com. A');
    expect(asked.filter((line) => line === 'root . NS')).toHaveLength(1);
  });

  it('ends in a failure when no root server is there', () => {
    const rules = silentAfter(0, '198.41.0.4');
    expect(run({ servers: tree(), settings: { priming: true }, asks: [www], rules }).responses[0]?.rcode).toBe('SERVFAIL');
  });
});

describe('a client that may not ask', () => {
  const codes = (accessOtherwise: 'allow' | 'refuse', change: Partial<Ask>) => {
    const [response] = run({ servers: tree(), settings: { accessOtherwise }, asks: [later(0, change)] }).responses;
    const options = response?.edns?.options ?? [];
    return [
      response?.rcode,
      response?.question.length,
      ...options.flatMap((o) => (o.option === 'extended-error' ? [o.code] : [])),
    ];
  };

  it('gets a bare header, or is told why when it knows EDNS (RFC 8914 §4.19)', () => {
    expect(codes('refuse', {})).toEqual(['REFUSED', 0]);
    expect(codes('refuse', { edns: {} })).toEqual(['REFUSED', 1, 18]);
  });

  it('is told that there is nothing to be had without recursion (RFC 8914 §4.21)', () => {
    expect(codes('allow', { rd: false })).toEqual(['REFUSED', 1]);
    expect(codes('allow', { rd: false, edns: {} })).toEqual(['REFUSED', 1, 20]);
  });
});

describe('original TTLs', () => {
  it('are shown as they came, whatever the cache makes of them', () => {
    const settings = {
      serveOriginalTtl: true,
      minTtl: 1_000,
      stale: { maxAge: 86_400, replyTtl: 30, clientTimeout: seconds(0), resetOnFailure: false, recheck: seconds(5) },
    };
    const { responses } = run({ servers: tree(), settings, asks: [www, later(100), later(5_000)] });
    expect(responses.map((r) => r?.answer[0]?.ttl)).toEqual([300, 300, 300]);
  });
});

describe('an odd world', () => {
  it('may give the list of root servers without addresses: those that are built in serve once more', () => {
    const root = server('198.41.0.4', (q) => {
      const asked = q.question[0];
      if (asked?.name === '.') return says(q, { answer: '. 100 NS root.' });
      return says(q, { flags: { aa: false }, authority: 'com. 300 NS ns.com.', additional: 'ns.com. 300 A 192.5.6.30' });
    });
    const { asked, responses } = run({ servers: { ...tree(), root }, settings: { priming: true }, asks: [www] });
    expect(lines(responses[0]?.answer)).toEqual([ADDRESS]);
    expect(asked.slice(0, 2)).toEqual(['root . NS', 'root www.example.com. A']);
  });

  it('may have a name server whose name is an alias: the address behind it serves', () => {
    const com = server('192.5.6.30', (q) => {
      const { name: owner } = q.question[0] ?? {};
      if (owner === 'ns.alias.com.') return says(q, { answer: 'ns.alias.com. 300 CNAME ns.real.com.' });
      if (owner === 'ns.real.com.')
        return says(q, { answer: q.question[0]?.type === 'A' ? 'ns.real.com. 300 A 192.0.2.53' : '' });
      return says(q, { flags: { aa: false }, authority: 'example.com. 300 NS ns.alias.com.' });
    });
    const { responses } = run({ servers: { ...tree(), com }, settings: { useIPv6: false }, asks: [www] });
    expect(lines(responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('may have a server that answers FORMERR to EDNS and sends the OPT record back: it is asked without', () => {
    const odd = server('192.0.2.53', (q) =>
      q.edns ? says(q, { rcode: 'FORMERR', edns: q.edns }) : says(q, { answer: ADDRESS }),
    );
    expect(lines(run({ servers: { ...tree(), example: odd }, asks: [www] }).responses[0]?.answer)).toEqual([ADDRESS]);
  });
});

describe('QNAME minimisation (RFC 9156)', () => {
  const minimised = (change: Partial<ResolverSettings> = {}): Partial<ResolverSettings> => ({
    minimisation: 'relaxed',
    ...change,
  });

  it('shows each zone one label more than it must know, at no cost', () => {
    const { asked, responses } = run({ servers: tree(), settings: minimised(), asks: [www] });
    expect(asked).toEqual(['root com. A', 'com example.com. A', 'example www.example.com. A']);
    expect(lines(responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('asks for the real type only with the whole name, and goes on past names without records', () => {
    const { asked } = run({
      servers: tree(),
      settings: minimised(),
      asks: [later(0, { name: 'a.deep.example.com.', type: 'TXT' })],
    });
    expect(asked.slice(2)).toEqual([
      'example deep.example.com. A',
      'example a.deep.example.com. A',
      'example a.deep.example.com. TXT',
    ]);
  });

  it('keeps the letters of its disguise to itself, when a part of the question meets an alias', () => {
    const shop = later(0, { name: 'shop.example.com.', type: 'AAAA' });
    for (const seed of [1, 2, 3]) {
      const { responses } = run({ servers: tree(), settings: minimised({ randomCase: true }), asks: [shop], seed });
      expect(lines(responses[0]?.answer)).toEqual(['shop.example.com. 300 CNAME store.example.net.']);
    }
  });

  it('does not ask again for a part that the cache knows', () => {
    const asks = [later(0, { name: 'a.deep.example.com.' }), later(1, { name: 'b.deep.example.com.' })];
    const { asked } = run({ servers: tree(), settings: minimised(), asks });
    expect(asked.slice(4)).toEqual(['example b.deep.example.com. A']);
  });

  /** A server that denies names without records of their own, as some wrongly do. */
  const denier = server('192.0.2.53', (q) => {
    const soa = 'example.com. 900 SOA ns.example.com. h.example.com. 1 2 3 4 900';
    const whole = q.question[0]?.name === 'a.deep.example.com.';
    return whole ? says(q, { answer: 'a.deep.example.com. 300 A 192.0.2.46' }) : says(q, { rcode: 'NXDOMAIN', authority: soa });
  });
  const deep = later(0, { name: 'a.deep.example.com.' });

  it('believes a “no such name” about a part only when it is strict', () => {
    const servers = { ...tree(), example: denier };
    expect(run({ servers, settings: minimised(), asks: [deep] }).responses[0]?.rcode).toBe('NOERROR');
    expect(run({ servers, settings: { minimisation: 'strict' }, asks: [deep] }).responses[0]?.rcode).toBe('NXDOMAIN');
  });

  it('does not follow an alias that a part of the name is', () => {
    const example = '+deep 300 CNAME elsewhere.example.net.\n';
    const base = '@ 900 SOA ns h 1 2 3 4 900\n@ 900 NS ns\nns 900 A 192.0.2.53\n';
    const alias = run({ servers: tree({ example: base + example.slice(1) }), settings: minimised(), asks: [deep] });
    expect(alias.asked.some((line) => line.includes('elsewhere'))).toBe(false);
    expect(alias.responses[0]?.rcode).toBe('NXDOMAIN');
  });

  it('falls back to the whole name when a server does not understand, unless it is strict', () => {
    const odd = server('192.0.2.53', (q) =>
      q.question[0]?.name === 'a.deep.example.com.'
        ? says(q, { answer: 'a.deep.example.com. 300 A 192.0.2.46' })
        : response(q, { rcode: 'SERVFAIL' }),
    );
    expect(run({ servers: { ...tree(), example: odd }, settings: minimised(), asks: [deep] }).responses[0]?.rcode).toBe(
      'NOERROR',
    );
    const strict = run({ servers: { ...tree(), example: odd }, settings: { minimisation: 'strict' }, asks: [deep] });
    expect(strict.responses[0]?.rcode).toBe('SERVFAIL');
  });
});

describe('configured zones', () => {
  const upstream = (own: string, answer = ADDRESS) => server(own, (q) => says(q, { answer, flags: { aa: false, ra: true } }));
  const zone = (own: string, change: object = {}) => ({
    zone: name('example.com.'),
    servers: [{ addresses: [address(own)] }],
    first: false,
    tcp: false,
    ...change,
  });

  it('of a forwarder are handed on with RD 1, whole, and its word needs no seal', () => {
    const servers = { ...tree(), other: upstream('198.18.5.5') };
    const forwardZones = [{ ...zone('198.18.5.5'), noCache: false }];
    const { queries, asked, responses } = run({
      servers,
      settings: { forwardZones, minimisation: 'relaxed' },
      asks: [www, later(10)],
    });
    expect(asked).toEqual(['other www.example.com. A']);
    expect(queries[0]?.query.flags.rd).toBe(true);
    expect(lines(responses[1]?.answer)).toEqual(['www.example.com. 290 A 192.0.2.44']);
  });

  it('of a forwarder bring whole chains of aliases, which are believed unless one does not want it', () => {
    const forwarder = server('192.0.2.99', (q) =>
      q.question[0]?.name === 'www.example.com.'
        ? says(q, { flags: { aa: false, ra: true }, answer: 'www.example.com. 60 CNAME b.net.\nb.net. 60 A 192.0.2.1' })
        : says(q, { flags: { aa: false, ra: true }, answer: 'b.net. 60 A 192.0.2.2' }),
    );
    const forwardZones = [
      { zone: name('.'), servers: [{ addresses: [address('192.0.2.99')] }], first: false, tcp: false, noCache: false },
    ];
    const last = (believeChains: boolean) =>
      lines(run({ servers: { forwarder }, settings: { forwardZones, believeChains }, asks: [www] }).responses[0]?.answer).at(-1);
    expect([last(true), last(false)]).toEqual(['b.net. 60 A 192.0.2.1', 'b.net. 60 A 192.0.2.2']);
  });

  it('may be kept out of the cache', () => {
    const servers = { ...tree(), other: upstream('198.18.5.5') };
    const forwardZones = [{ ...zone('198.18.5.5'), noCache: true }];
    expect(run({ servers, settings: { forwardZones }, asks: [www, later(10)] }).asked).toHaveLength(2);
  });

  it('of authoritative servers are asked with RD 0, in place of the servers that the delegations name', () => {
    const servers = { ...tree(), other: server('198.18.5.5', (q) => says(q, { answer: ADDRESS })) };
    const stubZones = [{ ...zone('198.18.5.5'), prime: false }];
    const { queries, asked } = run({ servers, settings: { stubZones }, asks: [www, later(1, { name: 'x.net.' })] });
    expect(asked.slice(0, 2)).toEqual(['other www.example.com. A', 'root x.net. A']);
    expect(queries[0]?.query.flags.rd).toBe(false);
  });

  it('are final, or only the first thing to try', () => {
    const settings = (first: boolean) => ({ forwardZones: [{ ...zone('198.18.5.5', { first }), noCache: false }] });
    const servers = { ...tree(), other: server('198.18.5.5', (q) => response(q, { rcode: 'SERVFAIL' })) };
    expect(run({ servers, settings: settings(false), asks: [www] }).responses[0]?.rcode).toBe('SERVFAIL');
    expect(lines(run({ servers, settings: settings(true), asks: [www] }).responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('may be asked by TCP from the start', () => {
    const servers = { ...tree(), other: upstream('198.18.5.5') };
    const forwardZones = [{ ...zone('198.18.5.5', { tcp: true }), noCache: false }];
    expect(run({ servers, settings: { forwardZones }, asks: [www] }).queries.map(({ transport }) => transport)).toEqual(['tcp']);
  });
});

describe('stale answers (RFC 8767)', () => {
  const policy: StalePolicy = {
    maxAge: 86_400,
    replyTtl: 30,
    clientTimeout: milliseconds(1_000),
    resetOnFailure: false,
    recheck: seconds(30),
  };
  const rules = silentAfter(60, '192.0.2.53');

  it('are lent when the servers do not answer in time, and then for a while without another attempt', () => {
    const { responses, trace, asked } = run({
      servers: tree(),
      settings: { stale: policy, triesPerServer: 9 },
      rules,
      asks: [www, later(400), later(410)],
    });
    expect(responses.map((r) => r?.answer[0]?.ttl)).toEqual([300, 30, 30]);
    const sent = trace.messages.filter((m) => m.fromHost === 'isp' && m.to.port > 5000 && m.to.port < 5010).map((m) => m.sentAt);
    expect(sent[0]).toBeGreaterThanOrEqual(seconds(401));
    expect(sent[0]).toBeLessThan(seconds(401.01));
    expect(sent[1]).toBeLessThan(seconds(410.1));
    const after = asked.length;
    expect(after).toBeGreaterThan(4);
  });

  it('are not lent when the setting is off', () => {
    expect(run({ servers: tree(), rules, asks: [www, later(400)] }).responses[1]?.rcode).toBe('SERVFAIL');
  });

  it('may be lent at once, and are fetched anew behind the response', () => {
    const settings = { stale: { ...policy, clientTimeout: seconds(0) } };
    const { responses, asked } = run({ servers: tree(), settings, asks: [www, later(400, { edns: {} }), later(401)] });
    expect(responses.map((r) => r?.answer[0]?.ttl)).toEqual([300, 30, 299]);
    expect(responses[1]?.edns?.options).toEqual([{ option: 'extended-error', code: 3, text: 'stale answer' }]);
    expect(asked).toHaveLength(4);
  });

  it('may be lent past their age when an attempt to get them fresh has just failed', () => {
    const short = { ...policy, clientTimeout: seconds(0), maxAge: 10 };
    const at400 = (resetOnFailure: boolean) =>
      run({ servers: tree(), settings: { stale: { ...short, resetOnFailure } }, rules, asks: [www, later(400)] }).responses[1]
        ?.rcode;
    expect([at400(false), at400(true)]).toEqual(['SERVFAIL', 'NOERROR']);
  });

  it('are not lent any more when the fresh answer is good for this once only', () => {
    const now = server('192.0.2.53', (q, n) => says(q, { answer: `www.example.com. ${n === 0 ? 5 : 0} A 192.0.2.${n}` }));
    const settings = { stale: { ...policy, clientTimeout: seconds(0) } };
    const { responses } = run({ servers: { ...tree(), example: now }, settings, asks: [www, later(10), later(11)] });
    expect(responses.map((r) => lines(r?.answer))).toEqual([
      ['www.example.com. 5 A 192.0.2.0'],
      ['www.example.com. 5 A 192.0.2.0'],
      ['www.example.com. 0 A 192.0.2.2'],
    ]);
  });
});

describe('prefetching', () => {
  it('renews what is asked for in the last tenth of its life, behind the response', () => {
    const { responses, asked } = run({
      servers: tree(),
      settings: { prefetch: true },
      asks: [www, later(200), later(280), later(290)],
    });
    expect(responses.map((r) => r?.answer[0]?.ttl)).toEqual([300, 100, 20, 290]);
    expect(asked).toHaveLength(4);
  });

  it('leaves the old answer in place when it fails', () => {
    const rules = silentAfter(100, '192.0.2.53');
    const { responses } = run({ servers: tree(), settings: { prefetch: true }, rules, asks: [www, later(280), later(290)] });
    expect(responses.map((r) => r?.answer[0]?.ttl)).toEqual([300, 20, 10]);
  });
});

describe('DNS64 (RFC 6147)', () => {
  const dns64 = { prefix: '64:ff9b::/96' as Cidr, ignoreAaaa: [name('odd.example.com.')] };
  const AAAA = (text: string) => later(0, { name: text, type: 'AAAA' });
  const of = (ask: Ask, example?: string) =>
    run({ servers: tree(example ? { example } : {}), settings: { dns64 }, asks: [ask] }).responses[0];

  it('makes an IPv6 address where there is only an IPv4 one', () => {
    expect(lines(of(AAAA('www.example.com.'))?.answer)).toEqual(['www.example.com. 300 AAAA 64:ff9b::c000:22c']);
    expect(lines(of(AAAA('shop.example.com.'))?.answer).at(-1)).toBe('store.example.net. 60 AAAA 64:ff9b::c633:6450');
  });

  it('leaves a real one alone, unless the name is to be passed over and has an IPv4 address', () => {
    const real = '+six 300 AAAA 2001:db8::6\nodd 300 AAAA 2001:db8::7\n';
    expect(lines(of(AAAA('six.example.com.'), real)?.answer)).toEqual(['six.example.com. 300 AAAA 2001:db8::6']);
    expect(lines(of(AAAA('odd.example.com.'), real)?.answer)).toEqual(['odd.example.com. 300 AAAA 2001:db8::7']);
    expect(lines(of(AAAA('odd.example.com.'), `${real}odd 300 A 192.0.2.7\n`)?.answer)).toEqual([
      'odd.example.com. 300 AAAA 64:ff9b::c000:207',
    ]);
  });

  it('passes a no on when there is no address at all, and does nothing for a client that sets CD', () => {
    expect(of(AAAA('gone.example.com.'))?.rcode).toBe('NXDOMAIN');
    expect(of(AAAA('deep.example.com.'))).toMatchObject({ rcode: 'NOERROR', answer: [] });
    expect(of({ ...AAAA('www.example.com.'), cd: true })?.answer).toEqual([]);
  });
});

describe('client subnets (RFC 7871)', () => {
  const clientSubnet = { servers: [], zones: [name('example.com.')], bitsIPv4: 24, bitsIPv6: 56 };
  /** Answers with the third octet of the client's network, for that network only. */
  const near = server('192.0.2.53', (q) => {
    const sent = q.edns?.options.find((option) => option.option === 'client-subnet');
    if (!sent) return says(q, { answer: 'www.example.com. 300 A 192.0.2.1' });
    const edns = { version: 0, udpSize: 1232, do: false, options: [{ ...sent, scope: 24 }] };
    return says(q, { answer: `www.example.com. 300 A 192.0.2.${sent.subnet.split('.')[2]}`, edns });
  });
  const servers = { ...tree(), example: near };

  it('go to the zones on the list only, and keep each network’s answer apart', () => {
    const asks = [later(0, { from: '198.18.2.7' }), later(1, { from: '198.18.3.7' }), later(2, { from: '198.18.2.9' })];
    const { queries, responses } = run({ servers, settings: { clientSubnet }, asks });
    expect(responses.map((r) => lines(r?.answer)[0]?.split(' ').at(-1))).toEqual(['192.0.2.2', '192.0.2.3', '192.0.2.2']);
    const sent = queries.map(({ to, query }) => `${to} ${query.edns?.options.length}`);
    expect(sent).toEqual(['root 0', 'com 0', 'example 1', 'example 1']);
  });

  it('are not sent for a client that does not wish it', () => {
    const none = { edns: { options: [{ option: 'client-subnet' as const, subnet: '0.0.0.0/0' as Cidr, scope: 0 }] } };
    const { queries } = run({ servers, settings: { clientSubnet }, asks: [later(0, none)] });
    expect(queries.every(({ query }) => query.edns?.options.length === 0)).toBe(true);
  });
});

describe('where data are kept', () => {
  it('a DS set is asked for at the parent, also when one server has parent and child', () => {
    const both = '@ 900 SOA ns h 1 2 3 4 900\n@ 9 NS ns.com.\nns 9 A 192.5.6.30\nexample 9 NS ns.com.\nexample 9 DS 1 13 2 00\n';
    const child = '@ 900 SOA ns h 1 2 3 4 900\n@ 9 NS ns.com.\n';
    const servers = { ...tree(), com: { address: '192.5.6.30', zones: { 'com.': both, 'example.com.': child } } };
    const { responses, asked } = run({ servers, asks: [later(0, { name: 'example.com.', type: 'DS' })] });
    expect(responses[0]?.answer.map(({ type }) => type)).toEqual(['DS']);
    expect(asked.at(-1)).toBe('com example.com. DS');
  });
});

describe('what is believed', () => {
  it('an NS set that a forged answer brings along does not capture the zone, when referrals are checked', () => {
    const forged = (change: Partial<ResolverSettings>) => {
      const zone = server('192.0.2.53', (q) => {
        const asked = q.question[0]?.name;
        if (q.question[0]?.type === 'NS')
          return says(q, { answer: 'example.com. 300 NS ns.example.com.', additional: 'ns.example.com. 300 A 192.0.2.53' });
        if (asked === 'ns.example.com.') return says(q, { answer: 'ns.example.com. 300 A 192.0.2.53' });
        const lie = asked === 'trap.example.com.';
        const authority = lie ? 'example.com. 300 NS trap.example.com.' : '';
        return says(q, { answer: `${asked} 300 A ${lie ? '203.0.113.66' : '192.0.2.44'}`, authority, flags: { aa: false } });
      });
      const trap = server('203.0.113.66', (q) => says(q, { answer: `${q.question[0]?.name} 300 A 203.0.113.66` }));
      const asks = [www, later(1, { name: 'trap.example.com.' }), later(2, { name: 'mail.example.com.' })];
      return lines(run({ servers: { ...tree(), example: zone, trap }, settings: change, asks }).responses[2]?.answer);
    };
    expect(forged({})).toEqual(['mail.example.com. 300 A 203.0.113.66']);
    expect(forged({ hardenReferralPath: true })).toEqual(['mail.example.com. 300 A 192.0.2.44']);
    expect(forged({ scrubPromiscuous: true })).toEqual(['mail.example.com. 300 A 192.0.2.44']);
  });

  it('glue from outside the zone that gives it leads nowhere, unless that is allowed', () => {
    const net = '@ 900 SOA ns h 1 2 3 4 900\n@ 9 NS ns.net.\nns 9 A 192.5.6.31\n';
    const com = server('192.5.6.30', (q) =>
      says(q, {
        authority: 'example.com. 300 NS ns.gone.net.',
        additional: 'ns.gone.net. 300 A 192.0.2.53',
        flags: { aa: false },
      }),
    );
    const rcode = (hardenGlue: boolean) =>
      run({ servers: { ...tree({ net }), com }, settings: { hardenGlue }, asks: [www] }).responses[0]?.rcode;
    expect(rcode(true)).toBe('SERVFAIL');
    expect(rcode(false)).toBe('NOERROR');
  });

  it('an address from a referral counts only when its own name’s zone has said it, if one wants to be sure', () => {
    const servers = {
      ...tree(),
      com: server('192.5.6.30', (q) => {
        const isHost = q.question[0]?.name === 'ns.sibling.com.';
        if (isHost) return says(q, { answer: q.question[0]?.type === 'A' ? 'ns.sibling.com. 300 A 192.0.2.53' : '' });
        return says(q, {
          flags: { aa: false },
          authority: 'example.com. 300 NS ns.sibling.com.',
          additional: 'ns.sibling.com. 300 A 192.0.2.99',
        });
      }),
    };
    const asked = (hardenUnverifiedGlue: boolean) =>
      run({ servers, settings: { hardenUnverifiedGlue, useIPv6: false }, asks: [www] }).asked;
    expect(asked(true)).toEqual([
      'root www.example.com. A',
      'com www.example.com. A',
      'com ns.sibling.com. A',
      'example www.example.com. A',
    ]);
    expect(asked(false)).not.toContain('com ns.sibling.com. A');
  });

  it('a referral past a zone cut whose list has run out makes the way below it free again', () => {
    // The root sends straight to example.com, except for com itself.
    const root = server('198.41.0.4', (q) => {
      const isCom = q.question[0]?.name === 'com.';
      return says(q, {
        flags: { aa: false },
        authority: isCom ? 'com. 10 NS ns.com.' : 'example.com. 86400 NS ns.example.com.',
        additional: isCom ? 'ns.com. 86400 A 192.5.6.30' : 'ns.example.com. 86400 A 192.0.2.53',
      });
    });
    const com: Ask = { at: 0, name: 'com.', type: 'NS' };
    const asks = [com, later(20), later(30, { type: 'TXT' })];
    const { asked } = run({ servers: { ...tree({ com: '@ 10 NS ns.com.\nns 10 A 192.5.6.30\n' }), root }, asks });
    expect(asked.slice(2)).toEqual(['root www.example.com. A', 'example www.example.com. A', 'example www.example.com. TXT']);
  });

  it('an address that only the parent names is used when the zone’s own leads nowhere', () => {
    const moved = '@ 900 SOA ns h 1 2 3 4 900\n@ 300 NS ns\nns 300 A 192.0.2.99\nwww 10 A 192.0.2.44\n';
    const rules = silentAfter(0, '192.0.2.99');
    const asks = [www, later(1, { name: 'ns.example.com.' }), later(20)];
    const { responses } = run({ servers: tree({ example: moved }), settings: { patience: seconds(60) }, asks, rules });
    expect(responses[2]?.rcode).toBe('NOERROR');
  });

  it('of two servers the lame one is found out once', () => {
    const lame = server('192.0.2.53', (q) => says(q, { authority: 'com. 300 NS ns.com.', flags: { aa: false } }));
    const good = server('192.0.2.54', (q) => says(q, { answer: `${q.question[0]?.name} 300 A 192.0.2.44` }));
    const servers = { ...tree({ com: TWO_SERVERS }), example: lame, good };
    const asks = ['www', 'a', 'b', 'c', 'd'].map((label, i) => later(i, { name: `${label}.example.com.` }));
    for (const seed of [1, 2, 3]) {
      const { asked, responses } = run({ servers, asks, seed });
      expect(asked.filter((line) => line.startsWith('example ')).length).toBeLessThanOrEqual(1);
      expect(responses.every((r) => r?.rcode === 'NOERROR')).toBe(true);
    }
  });
});

it('leaves from one port and with one ID, when it is made as careless as that', () => {
  const { queries, trace } = run({ servers: tree(), settings: { fixedPort: 5353, fixedId: 7 }, asks: [www] });
  expect(queries.map(({ query }) => query.id)).toEqual([7, 7, 7]);
  const ports = trace.messages.filter((m) => m.from.address === RESOLVER && m.to.port === 53).map((m) => m.from.port);
  expect(ports).toEqual([5353, 5353, 5353]);
});
