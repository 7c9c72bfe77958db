import { describe, expect, it } from 'vitest';
import { chartOf } from '../../../src/actors/chart.ts';
import { resolution } from '../../../src/actors/resolver/resolution.ts';
import { resolver } from '../../../src/actors/resolver/resolver.ts';
import { type Address, address, type Cidr } from '../../../src/base/address.ts';
import { milliseconds, seconds } from '../../../src/base/time.ts';
import { type Message, query, response } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import { encode } from '../../../src/dns/wire/encode.ts';
import { dropMatching, latency } from '../../../src/sim/rules.ts';
import { says, server, TWO_SERVERS, tree } from './tree.ts';
import { type Ask, lines, RESOLVER, run } from './world.ts';

const www: Ask = { at: 0, name: 'www.example.com.', type: 'A' };
const later = (at: number, change: Partial<Ask> = {}): Ask => ({ ...www, at, ...change });
const ALL = { first: 1, last: Number.POSITIVE_INFINITY };
const ADDRESS = 'www.example.com. 300 A 192.0.2.44';

describe('a recursive resolver', () => {
  it('walks from the root to the zone that has the name, and answers', () => {
    const { asked, responses } = run({ servers: tree(), asks: [www] });
    expect(asked).toEqual(['root www.example.com. A', 'com www.example.com. A', 'example www.example.com. A']);
    expect(lines(responses[0]?.answer)).toEqual([ADDRESS]);
    expect(responses[0]?.flags).toMatchObject({ qr: true, aa: false, rd: true, ra: true, ad: false });
  });

  it('asks with RD 0, EDNS, and a fresh ID and port every time', () => {
    const { queries, trace } = run({ servers: tree(), asks: [www] });
    expect(queries.map(({ query: q }) => [q.flags.rd, q.edns?.udpSize, q.edns?.do])).toEqual(Array(3).fill([false, 1232, false]));
    expect(new Set(queries.map(({ query: q }) => q.id)).size).toBe(3);
    const ports = trace.messages.filter((m) => m.fromHost === 'isp' && m.to.port === 53).map((m) => m.from.port);
    expect(new Set(ports).size).toBe(3);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(1024);
  });

  it('says of each reply which questions it asked of it, and what it remembers', () => {
    const { decisions, trace } = run({ servers: tree(), asks: [www] });
    expect(decisions).toEqual([
      'cache: not in the cache',
      'choose-server: asks root. at 198.41.0.4',
      'classify: referral, nearer to the name',
      'choose-server: asks ns.com. at 192.5.6.30',
      'classify: referral, nearer to the name',
      'choose-server: asks ns.example.com. at 192.0.2.53',
      'classify: the answer',
    ]);
    const entries = trace.turns.flatMap((t) =>
      t.effects.flatMap((e) => (e.kind === 'remember' ? [`${e.entry.key} ${e.entry.kind}`] : [])),
    );
    expect(entries.slice(0, 4)).toEqual([
      'com. NS delegation',
      'ns.com. A rrset',
      'example.com. NS delegation',
      'ns.example.com. A rrset',
    ]);
    expect(entries).toContain('www.example.com. A rrset');
  });

  it('answers for special-use names itself, and asks nobody (RFC 6761 §6, RFC 7686 §2)', () => {
    const asks = (['localhost. A', 'a.localhost. AAAA', 'localhost. MX', 'x.y.invalid. TXT', 'x.onion. A'] as const).map(
      (text, at): Ask => {
        const [own, type] = text.split(' ') as [string, 'A'];
        return { at, name: own, type };
      },
    );
    const { asked, responses } = run({ servers: tree(), asks });
    expect(asked).toEqual([]);
    expect(responses.map((r) => `${r?.rcode} ${lines(r?.answer)}`)).toEqual([
      'NOERROR localhost. 10800 A 127.0.0.1',
      'NOERROR a.localhost. 10800 AAAA ::1',
      'NOERROR ',
      'NXDOMAIN ',
      'NXDOMAIN ',
    ]);
    expect(responses.map((r) => `${r?.flags.aa} ${r?.authority.map(({ type }) => type)}`)).toEqual([
      'true ',
      'true ',
      ...Array(3).fill('true SOA'),
    ]);
  });

  it('answers from the cache with the time that is left, and starts as deep as it can for another name', () => {
    const { asked, responses } = run({ servers: tree(), asks: [www, later(120), later(130, { name: 'a.deep.example.com.' })] });
    expect(lines(responses[1]?.answer)).toEqual(['www.example.com. 180 A 192.0.2.44']);
    expect(asked.slice(3)).toEqual(['example a.deep.example.com. A']);
  });

  it('follows an alias into another zone, from the root if need be', () => {
    const { asked, responses } = run({ servers: tree(), asks: [later(0, { name: 'shop.example.com.' })] });
    expect(lines(responses[0]?.answer)).toEqual([
      'shop.example.com. 300 CNAME store.example.net.',
      'store.example.net. 60 A 198.51.100.80',
    ]);
    expect(asked.slice(3)).toEqual(['root store.example.net. A', 'net store.example.net. A', 'store store.example.net. A']);
  });

  it('keeps a no for the name and a no for the type apart', () => {
    const asks = [
      later(0, { name: 'gone.example.com.' }),
      later(1, { name: 'gone.example.com.', type: 'MX' }),
      later(2, { type: 'AAAA' }),
      later(3, { type: 'MX' }),
    ];
    const { asked, responses } = run({ servers: tree(), asks });
    expect(responses.map((r) => r?.rcode)).toEqual(['NXDOMAIN', 'NXDOMAIN', 'NOERROR', 'NOERROR']);
    expect(responses.map((r) => r?.authority[0]?.ttl)).toEqual([900, 899, 900, 900]);
    expect(asked.slice(3)).toEqual(['example www.example.com. AAAA', 'example www.example.com. MX']);
  });

  it('asks once for all who ask the same at the same time', () => {
    const asks = [www, later(0.001, { from: '198.18.0.8' }), later(0.002, { from: '198.18.0.9', type: 'TXT' })];
    const { asked, responses } = run({ servers: tree(), asks });
    expect(asked.filter((line) => line.endsWith(' A'))).toHaveLength(3);
    expect(responses.map((r) => r?.answer.length)).toEqual([1, 1, 1]);
    expect(responses.map((r) => r?.id)).toEqual([1, 2, 3]);
  });

  it('is not led in circles by aliases', () => {
    const loop = '+one 300 CNAME two\ntwo 300 CNAME one\nself 300 CNAME self\n';
    const asks = [later(0, { name: 'one.example.com.', edns: {} }), later(1, { name: 'self.example.com.' })];
    const { responses, asked } = run({ servers: tree({ example: loop }), asks });
    expect(responses[0]?.rcode).toBe('SERVFAIL');
    // Every server was reached, so "no reachable authority" (22) would be untrue (RFC 8914 §4.23).
    expect(responses[0]?.edns?.options).toMatchObject([{ option: 'extended-error', code: 0 }]);
    expect(lines(responses[1]?.answer)).toEqual(['self.example.com. 300 CNAME self.example.com.']);
    expect(asked.length).toBeLessThan(8);
  });
});

describe('name servers without a known address', () => {
  const elsewhere = { com: '@ 900 SOA ns h 1 2 3 4 900\n@ 9 NS ns.com.\nns 9 A 192.5.6.30\nexample 9 NS store.example.net.\n' };

  it('are looked up in a walk of its own', () => {
    const servers = {
      ...tree(elsewhere),
      store: server('198.51.100.53', (q) => {
        const own = q.question[0]?.name === 'store.example.net.';
        return says(q, { answer: own ? 'store.example.net. 60 A 198.51.100.53' : ADDRESS });
      }),
    };
    const { asked, responses } = run({ servers, asks: [www] });
    expect(asked).toEqual([
      'root www.example.com. A',
      'com www.example.com. A',
      'root store.example.net. A',
      'net store.example.net. A',
      'store store.example.net. A',
      'store www.example.com. A',
    ]);
    expect(lines(responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('lead to a failure when each is needed to find the other', () => {
    const circle = {
      com: '@ 900 SOA ns h 1 2 3 4 900\n@ 9 NS ns.com.\nns 9 A 192.5.6.30\nexample 9 NS ns.example.net.\n',
      net: '@ 900 SOA ns h 1 2 3 4 900\n@ 9 NS ns.net.\nns 9 A 192.5.6.31\nexample 9 NS ns.example.com.\n',
    };
    const { responses, asked, rules } = run({ servers: tree(circle), asks: [www] });
    expect(responses[0]?.rcode).toBe('SERVFAIL');
    expect(asked.length).toBeLessThan(12);
    expect(rules).toContain('no-server-left');
  });

  it('full of names that do not exist stop the search after a few (NXNS)', () => {
    const many = Array.from({ length: 20 }, (_, i) => `example 9 NS no${i}.example.net.`).join('\n');
    const { asked, responses } = run({
      servers: tree({ com: `@ 900 SOA ns h 1 2 3 4 900\n@ 9 NS ns.com.\nns 9 A 192.5.6.30\n${many}\n` }),
      asks: [www],
    });
    expect(responses[0]?.rcode).toBe('SERVFAIL');
    expect(asked.filter((line) => line.includes(' no')).length).toBeLessThanOrEqual(18);
  });

  it('may be looked up ahead of need, as many as the policy says', () => {
    const com = '+example 172800 NS store.example.net.\n';
    const ahead = (policy: number[]) =>
      run({ servers: tree({ com }), settings: { targetFetchPolicy: policy }, asks: [www] }).asked.filter((l) =>
        l.includes('store.'),
      );
    expect(ahead([0, 0, 0])).toEqual([]);
    expect(ahead([1, 0, 0]).at(-1)).toBe('store store.example.net. A');
  });
});

describe('when servers fail', () => {
  const lost = (match: (to: Address) => boolean) => [
    { name: 'lost', rule: dropMatching((p) => p.from.address === RESOLVER && match(p.to.address), ALL) },
  ];

  it('its own timer rings after 376 ms, and it asks another one', () => {
    const servers = { ...tree({ com: TWO_SERVERS }), second: { ...(tree().example as object), address: '192.0.2.54' } as never };
    let first: Address | undefined;
    const rules = lost((to) => {
      if (to.startsWith('192.0.2.')) first ??= to;
      return to === first;
    });
    const { queries, responses } = run({ servers, asks: [www], rules });
    const [one, two] = queries.slice(2);
    expect((two?.at as number) - (one?.at as number)).toBe(milliseconds(376));
    expect(two?.to).not.toBe(one?.to);
    expect(responses[0]?.rcode).toBe('NOERROR');
  });

  it('it passes over one that refuses, tells nobody, and does not ask it again', () => {
    const servers = {
      ...tree({ com: TWO_SERVERS }),
      example: server('192.0.2.53', (q) => response(q, { rcode: 'REFUSED' })),
      second: server('192.0.2.54', (q) => says(q, { answer: `${q.question[0]?.name} 300 A 192.0.2.44` })),
    };
    for (const seed of [1, 2, 3, 4]) {
      const names = ['www', 'a', 'b', 'c'].map((label, i) => later(i, { name: `${label}.example.com.` }));
      const { responses, asked } = run({ servers, asks: names, seed });
      expect(responses.map((r) => r?.rcode)).toEqual(Array(4).fill('NOERROR'));
      expect(asked.filter((line) => line.startsWith('example '))).toHaveLength(
        asked.some((l) => l.startsWith('example ')) ? 1 : 0,
      );
    }
  });

  it('it gives up with SERVFAIL after three tries (RFC 9520 §3.1), and leaves the question in peace for some seconds', () => {
    const rules = lost((to) => to === '192.0.2.53');
    const { responses, asked, trace } = run({ servers: tree(), asks: [www, later(6), later(30)], rules });
    expect(responses.map((r) => r?.rcode)).toEqual(['SERVFAIL', 'SERVFAIL', 'SERVFAIL']);
    const first = trace.messages.find((m) => m.fromHost === 'isp' && m.to.port === 5000)?.sentAt as number;
    // 376 ms, and twice as long each time.
    expect(first).toBeGreaterThanOrEqual(seconds(2.6));
    expect(first).toBeLessThanOrEqual(seconds(2.7));
    const failures = trace.turns.flatMap((t) =>
      t.effects.flatMap((e) => (e.kind === 'remember' && e.entry.kind === 'failure' ? [e.entry.ttl] : [])),
    );
    expect(failures).toEqual([5, 5]);
    // Half a minute later the server still counts as slow, and patience ends before the third try.
    expect(asked.filter((line) => line.startsWith('example'))).toHaveLength(3 + 2);
  });

  it('it gives up when its patience ends, however many tries are left', () => {
    const rules = lost((to) => to === '192.0.2.53');
    const { trace } = run({ servers: tree(), settings: { triesPerServer: 9 }, asks: [www], rules });
    const first = trace.messages.find((m) => m.fromHost === 'isp' && m.to.port === 5000)?.sentAt as number;
    expect(first).toBeGreaterThanOrEqual(seconds(5));
    expect(first).toBeLessThanOrEqual(seconds(5.1));
  });

  it('it tells a client with EDNS why (RFC 8914)', () => {
    const { responses } = run({ servers: tree(), asks: [later(0, { edns: {} })], rules: lost((to) => to === '192.0.2.53') });
    expect(responses[0]?.edns?.options).toEqual([{ option: 'extended-error', code: 22, text: expect.stringContaining('') }]);
  });

  it('it asks again without EDNS when that was the trouble, and remembers it', () => {
    const old = server('192.0.2.53', (q) =>
      q.edns ? response(q, { rcode: 'FORMERR' }) : says(q, { answer: `${q.question[0]?.name} 300 A 192.0.2.44` }),
    );
    const { queries, responses } = run({
      servers: { ...tree(), example: old },
      asks: [www, later(1, { name: 'a.example.com.' })],
    });
    expect(queries.slice(2).map(({ query: q }) => q.edns !== undefined)).toEqual([true, false, false]);
    expect(responses.map((r) => r?.answer.length)).toEqual([1, 1]);
  });

  it('it asks by TCP when the reply was cut short', () => {
    const text = Array.from({ length: 7 }, (_, i) => `big 300 TXT "${String(i).repeat(250)}"`).join('\n');
    const big = later(0, { name: 'big.example.com.', type: 'TXT', edns: { udpSize: 4096 } });
    const { queries, trace } = run({ servers: tree({ example: `+${text}\n` }), asks: [big] });
    expect(queries.slice(2).map(({ to, transport }) => `${to} ${transport}`)).toEqual(['example udp', 'example tcp']);
    const remembered = trace.turns.flatMap((t) => t.effects.filter((e) => e.kind === 'remember' && e.entry.type === 'TXT'));
    expect(remembered).toHaveLength(1);
  });

  it('it goes on using EDNS with a server that finds fault with something else: without, the answer was no better', () => {
    const picky = server('192.0.2.53', (q) =>
      q.question[0]?.type === 'HINFO' ? response(q, { rcode: 'FORMERR' }) : says(q, { answer: ADDRESS }),
    );
    const { queries } = run({ servers: { ...tree(), example: picky }, asks: [later(0, { type: 'HINFO' }), later(20)] });
    expect(queries.slice(2).map(({ query: q }) => q.edns !== undefined)).toEqual([true, false, true]);
  });

  it('it gives a server that it knows well the time for two round trips by TCP: a handshake comes first', () => {
    const text = Array.from({ length: 7 }, (_, i) => `big 300 TXT "${String(i).repeat(250)}"`).join('\n');
    const far = latency([{ ends: [RESOLVER, address('192.0.2.53')], delay: milliseconds(100) }]);
    // After many replies that all took as long, the timeout is hardly more than one round trip.
    const before = Array.from({ length: 40 }, (_, i) => later(i, { name: `h${i}.example.com.` }));
    const big = later(100, { name: 'big.example.com.', type: 'TXT', edns: { udpSize: 4096 } });
    const { queries } = run({
      servers: tree({ example: `+${text}\n` }),
      asks: [...before, big],
      rules: [{ name: 'far', rule: far }],
    });
    const last = queries.filter(({ at }) => at >= seconds(100));
    expect(last.map(({ to, transport }) => `${to} ${transport}`)).toEqual(['example udp', 'example tcp']);
  });

  it('an empty reply counts only when no other server has more to say', () => {
    const empty = server('192.0.2.53', (q) => says(q, {}));
    expect(run({ servers: { ...tree(), example: empty }, asks: [www] }).responses[0]).toMatchObject({
      rcode: 'NOERROR',
      answer: [],
    });
    const servers = {
      ...tree({ com: TWO_SERVERS }),
      example: empty,
      second: server('192.0.2.54', (q) => says(q, { answer: ADDRESS })),
    };
    for (const seed of [1, 2, 3]) expect(lines(run({ servers, asks: [www], seed }).responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('a resolver in the place of the zone’s server is the last choice, and then is asked with RD 1', () => {
    const copy = 'example.com. 300 NS ns.example.com.';
    const servers = {
      ...tree(),
      example: server('192.0.2.53', (q) => says(q, { answer: ADDRESS, authority: copy, flags: { ra: true } })),
    };
    const { queries, responses } = run({ servers, asks: [www] });
    expect(queries.slice(2).map(({ query: q }) => q.flags.rd)).toEqual([false, true]);
    expect(lines(responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('whatever the servers say, it asks no more than its budget allows', () => {
    const down = server('192.0.2.53', (q) => says(q, { answer: `${q.question[0]?.name} 0 CNAME x${q.question[0]?.name}` }));
    const { asked, responses } = run({ servers: { ...tree(), example: down }, asks: [www] });
    expect(responses[0]?.rcode).toBe('SERVFAIL');
    expect(asked.length).toBeLessThanOrEqual(15);
    const few = run({ servers: tree(), settings: { maxQueries: 2 }, asks: [www] });
    expect(few.responses[0]?.rcode).toBe('SERVFAIL');
    expect(few.asked).toHaveLength(2);
  });
});

describe('forged replies', () => {
  const truth = server('192.0.2.53', (q) => says(q, { answer: ADDRESS }));
  const outcome = (change: (asked: Message) => Partial<Message>) => {
    const lie = server('192.0.2.53', (q, n) =>
      n === 0 ? { ...says(q, { answer: 'www.example.com. 300 A 203.0.113.66' }), ...change(q) } : says(q, { answer: ADDRESS }),
    );
    return run({ servers: { ...tree(), example: lie }, asks: [www] });
  };

  it('with another ID or question are thrown away, with the first thing that did not fit', () => {
    const otherId = outcome((q) => ({ id: (q.id + 1) & 0xffff }));
    expect(otherId.rules).toContain('other-id');
    expect(lines(otherId.responses[0]?.answer)).toEqual([ADDRESS]);
    const otherQuestion = outcome(() => ({ question: [{ name: name('mail.example.com.'), type: 'A', class: 'IN' }] }));
    expect(otherQuestion.rules).toContain('other-question');
    expect(lines(otherQuestion.responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('in a letter case that was not asked are thrown away, when the case is drawn', () => {
    const folded = (randomCase: boolean) => {
      const lie = server('192.0.2.53', (q, n) => ({
        ...says(q, { answer: n === 0 ? 'www.example.com. 300 A 203.0.113.66' : ADDRESS }),
        ...(n === 0 ? { question: q.question.map((one) => ({ ...one, name: name(one.name.toLowerCase()) })) } : {}),
      }));
      return run({ servers: { ...tree(), example: lie }, settings: { randomCase }, asks: [www] });
    };
    expect(lines(folded(false).responses[0]?.answer)).toEqual(['www.example.com. 300 A 203.0.113.66']);
    const drawn = folded(true);
    expect(drawn.queries.some(({ query: q }) => q.question[0]?.name !== 'www.example.com.')).toBe(true);
    expect(lines(drawn.responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('in another spelling of the name are asked for again by TCP, since some servers know small letters only', () => {
    const small = server('192.0.2.53', (q) => ({
      ...says(q, { answer: ADDRESS }),
      question: q.question.map((one) => ({ ...one, name: name(one.name.toLowerCase()) })),
    }));
    const { queries, responses } = run({ servers: { ...tree(), example: small }, settings: { randomCase: true }, asks: [www] });
    expect(queries.slice(2).map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
    expect(lines(responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('without the cookie are not believed; a server’s own cookie is shown to it the next time', () => {
    const own = Uint8Array.from({ length: 8 }, (_, i) => i);
    const wise = server('192.0.2.53', (q) => {
      const sent = q.edns?.options.find((o) => o.option === 'cookie');
      if (!sent) return says(q, { answer: ADDRESS });
      const edns = { version: 0, udpSize: 1232, do: false, options: [{ ...sent, server: own }] };
      return sent.server ? says(q, { answer: ADDRESS, edns }) : says(q, { rcode: 'BADCOOKIE', edns });
    });
    const { queries, responses } = run({ servers: { ...tree(), example: wise }, settings: { cookies: true }, asks: [www] });
    const cookies = queries.slice(2).map(({ query: q }) => q.edns?.options.find((o) => o.option === 'cookie'));
    expect(cookies.map((cookie) => cookie?.server !== undefined)).toEqual([false, true]);
    expect(lines(responses[0]?.answer)).toEqual([ADDRESS]);
  });

  it('with another cookie of the server’s, which has a new secret, are answered with that (RFC 7873 §5.3)', () => {
    let secret = 1;
    const wise = server('192.0.2.53', (q, asked) => {
      if (asked === 2) secret = 2;
      const own = new Uint8Array(8).fill(secret);
      const sent = q.edns?.options.find((o) => o.option === 'cookie');
      if (sent?.option !== 'cookie') return undefined;
      const edns = {
        version: 0,
        udpSize: 1232,
        do: false,
        options: [{ option: 'cookie', client: sent.client, server: own }],
      } as const;
      if (sent.server?.[0] !== secret) return says(q, { rcode: 'BADCOOKIE', edns });
      return says(q, { answer: `${q.question[0]?.name} 300 A 192.0.2.44`, edns });
    });
    const asks = [www, later(10, { name: 'a.example.com.' })];
    const { queries, responses } = run({ servers: { ...tree(), example: wise }, settings: { cookies: true }, asks });
    const shown = queries.slice(2).map(({ query: q }) => q.edns?.options.find((o) => o.option === 'cookie')?.server?.[0]);
    expect(shown).toEqual([undefined, 1, 1, 2]);
    expect(responses.map((r) => r?.rcode)).toEqual(['NOERROR', 'NOERROR']);
  });

  it('that call even the server’s newest cookie bad are a reason to ask by TCP (RFC 7873 §5.3)', () => {
    const stubborn = server('192.0.2.53', (q) => {
      const sent = q.edns?.options.find((o) => o.option === 'cookie');
      if (sent?.option !== 'cookie') return undefined;
      const options = [{ option: 'cookie', client: sent.client, server: new Uint8Array(8).fill(9) }] as const;
      return says(q, { rcode: 'BADCOOKIE', edns: { version: 0, udpSize: 1232, do: false, options } });
    });
    const { queries } = run({ servers: { ...tree(), example: stubborn }, settings: { cookies: true }, asks: [www] });
    expect(queries.slice(2).map(({ transport }) => transport)).toEqual(['udp', 'udp', 'tcp']);
  });

  it('the true reply is believed whenever it comes', () => {
    expect(lines(run({ servers: { ...tree(), example: truth }, asks: [www] }).responses[0]?.answer)).toEqual([ADDRESS]);
  });
});

describe('who may ask what', () => {
  const raw = (change: object): Ask =>
    later(0, {
      bytes: encode({ ...query(1, { name: name('www.example.com.'), type: 'A', class: 'IN' }, { rd: true }), ...change }),
    });
  const rcode = (ask: Ask, settings = {}) => run({ servers: tree(), asks: [ask], settings }).responses[0];

  it('a client outside the blocks that are served is refused, or hears nothing', () => {
    const accessControl = [{ block: '198.18.0.0/24' as Cidr, access: 'refuse' as const }];
    expect(rcode(www, { accessControl })).toMatchObject({ rcode: 'REFUSED', question: [] });
    const most = [...accessControl, { block: '198.18.0.7/32' as Cidr, access: 'allow' as const }];
    expect(rcode(www, { accessControl: most })?.rcode).toBe('NOERROR');
    expect(rcode(www, { accessOtherwise: 'deny' })).toBeUndefined();
  });

  it('without RD only those may ask who may look into the cache, and nothing is asked for them', () => {
    expect(rcode(later(0, { rd: false }))?.rcode).toBe('REFUSED');
    const settings = { accessOtherwise: 'snoop' as const };
    const { asked, responses } = run({
      servers: tree(),
      settings,
      asks: [www, later(10, { rd: false }), later(20, { rd: false, name: 'other.example.com.' })],
    });
    expect(asked).toHaveLength(3);
    expect(lines(responses[1]?.answer)).toEqual(['www.example.com. 290 A 192.0.2.44']);
    expect(lines(responses[2]?.authority)[0]).toBe('example.com. 172780 NS ns.example.com.');
    expect(lines(responses[2]?.additional)).toEqual(['ns.example.com. 172780 A 192.0.2.53']);
  });

  it('zone transfers, odd opcodes, odd question counts and unknown EDNS versions are turned down', () => {
    expect(rcode(later(0, { type: 'AXFR' }))).toMatchObject({ rcode: 'REFUSED' });
    expect(rcode(raw({ opcode: 'NOTIFY' }))?.rcode).toBe('NOTIMP');
    expect(rcode(raw({ question: [] }))?.rcode).toBe('FORMERR');
    expect(rcode(raw({ edns: { version: 1, udpSize: 1232, do: false, options: [] } }))?.rcode).toBe('BADVERS');
    const garbage = run({ servers: tree(), asks: [later(0, { bytes: Uint8Array.of(1, 2, 3) })], until: 1 });
    expect(garbage.responses[0]).toBeUndefined();
  });

  it('a response too big for the client’s datagram is cut short, and says so', () => {
    const text = Array.from({ length: 4 }, (_, i) => `big 300 TXT "${String(i).repeat(250)}"`).join('\n');
    const big = { name: 'big.example.com.', type: 'TXT' } as const;
    const { responses } = run({
      servers: tree({ example: `+${text}\n` }),
      asks: [later(0, big), later(1, { ...big, edns: { udpSize: 1232 } })],
    });
    expect(responses[0]?.flags.tc).toBe(true);
    expect(responses[1]).toMatchObject({ flags: { tc: false } });
    expect(responses[1]?.answer).toHaveLength(4);
  });

  it('a client that has waited too long gets no response', () => {
    const rules = [{ name: 'lost', rule: dropMatching((p) => p.to.address === '192.0.2.53', ALL) }];
    const { responses } = run({ servers: tree(), settings: { discardTimeout: seconds(1) }, asks: [www], rules, until: 20 });
    expect(responses[0]).toBeUndefined();
  });
});

describe('the charts', () => {
  it('say of every state in plain words what it does, and where that is written', () => {
    for (const machine of [resolver, resolution])
      for (const { id, description, ref, parent } of chartOf(machine).nodes) {
        expect(description, id).not.toBe('');
        if (parent !== undefined) expect(ref, id).toMatch(/^RFC \d+/);
      }
  });

  it('have a name for every choice', () => {
    for (const machine of [resolver, resolution]) {
      const { edges } = chartOf(machine);
      for (const edge of edges) {
        const rivals = edges.filter(({ source, event }) => source === edge.source && event === edge.event);
        if (rivals.length > 1 && rivals.at(-1) !== edge) expect(edge.guard, edge.id).toBeDefined();
      }
    }
  });
});

it('runs alike every time', () => {
  const once = () => run({ servers: tree(), asks: [www, later(120), later(130, { name: 'shop.example.com.' })] }).trace;
  expect(once()).toEqual(once());
});

it('keeps each response in one piece: every question of a client gets exactly one', () => {
  const asks = Array.from({ length: 12 }, (_, i) => later(i % 3, { name: i % 2 ? 'www.example.com.' : 'shop.example.com.' }));
  const { trace } = run({ servers: tree(), asks });
  const answered = trace.messages
    .filter((m) => m.fromHost === 'isp' && m.to.port >= 5000 && m.to.port < 5100)
    .map((m) => m.to.port);
  expect([...answered].sort()).toEqual(asks.map((_, i) => 5000 + i));
  expect(address('198.18.0.53')).toBe(RESOLVER);
});
