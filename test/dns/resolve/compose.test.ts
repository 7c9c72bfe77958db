import { describe, expect, it } from 'vitest';
import type { Cidr } from '../../../src/base/address.ts';
import { type Edns, query } from '../../../src/dns/message.ts';
import { compose, type Outcome, refusal, type Shown } from '../../../src/dns/resolve/compose.ts';
import { sameRecords, signedSets } from '../../../src/dns/resolve/sets.ts';
import type { ResolverSettings } from '../../../src/dns/resolve/settings.ts';
import { ask, records, sets, settingsWith } from './given.ts';

const WWW = ask('www.example.com.', 'A');
const EDNS: Edns = { version: 0, udpSize: 1232, do: false, options: [] };
const RRSIG = 'www.example.com. 300 RRSIG A 13 3 300 20300101000000 20200101000000 1 example.com. AAAA';

const shown = (text: string, ttl?: number): Shown[] => sets(text).map((one) => ({ ...one, ttl: ttl ?? one.ttl }));
const outcome = (change: Partial<Outcome> = {}): Outcome => ({
  rcode: 'NOERROR',
  answer: shown('www.example.com. 300 A 192.0.2.44'),
  authority: [],
  additional: [],
  security: 'unchecked',
  source: 'network',
  errors: [],
  ...change,
});
const composed = (asked: Parameters<typeof query>[2], change: Partial<Outcome> = {}, settings: Partial<ResolverSettings> = {}) =>
  compose(query(7, WWW, asked), outcome(change), settingsWith(settings));

describe('the response to a client', () => {
  it('echoes ID, question, RD and CD, offers recursion, and never bears the seal', () => {
    const message = composed({ rd: true, cd: true });
    expect(message).toMatchObject({ id: 7, question: [WWW] });
    expect(message.flags).toMatchObject({ qr: true, aa: false, rd: true, ra: true, cd: true, ad: false, tc: false });
  });

  it('shows every record with the TTL that is left', () => {
    expect(composed({ rd: true }, { answer: shown('www.example.com. 300 A 192.0.2.44', 180) }).answer[0]?.ttl).toBe(180);
  });

  it('has an OPT record exactly when the query had one, with our size and the client’s DO', () => {
    expect(composed({}).edns).toBeUndefined();
    expect(composed({ edns: { ...EDNS, udpSize: 4096, do: true } }).edns).toEqual({ ...EDNS, do: true });
    expect(composed({ edns: { ...EDNS, do: true } }, {}, { ignoreClientDo: true }).edns?.do).toBe(false);
  });

  it('leaves signatures and proofs out unless the client set DO, or asked for just that', () => {
    const answer = shown(`www.example.com. 300 A 192.0.2.44\n${RRSIG}`);
    const authority = shown('a.example.com. 300 NSEC c.example.com. A');
    const types = (asked: Parameters<typeof query>[2]) => {
      const message = composed(asked, { answer, authority });
      return [...message.answer, ...message.authority].map(({ type }) => type);
    };
    expect(types({ edns: EDNS })).toEqual(['A']);
    expect(types({ edns: { ...EDNS, do: true } })).toEqual(['A', 'RRSIG', 'NSEC']);
  });

  it('says that the data are authentic only when they are, and the client wants to hear it', () => {
    const secure = { security: 'secure' as const };
    expect(composed({ ad: true }, secure).flags.ad).toBe(true);
    expect(composed({ edns: { ...EDNS, do: true } }, secure).flags.ad).toBe(true);
    expect(composed({}, secure).flags.ad).toBe(false);
    expect(composed({ ad: true }).flags.ad).toBe(false);
  });

  it('is empty when it is a failure', () => {
    const message = composed({}, { rcode: 'SERVFAIL', authority: shown('example.com. 300 NS ns.example.com.') });
    expect([...message.answer, ...message.authority]).toEqual([]);
    expect(message.question).toEqual([WWW]);
  });

  it('carries extended errors to clients with EDNS, each kind as the settings say', () => {
    const errors = [
      { code: 22, text: 'no server' },
      { code: 3, text: 'stale' },
    ];
    const codes = (settings: Partial<ResolverSettings>) =>
      composed({ edns: EDNS }, { errors }, settings).edns?.options.map((option) =>
        option.option === 'extended-error' ? option.code : 0,
      );
    expect(codes({})).toEqual([22, 3]);
    expect(codes({ extendedErrors: false })).toEqual([3]);
    expect(codes({ extendedErrorWhenStale: false })).toEqual([22]);
  });

  it('tells a client that named its network for how much of it the answer holds', () => {
    const option = { option: 'client-subnet' as const, subnet: '198.18.2.0/24' as Cidr, scope: 0 };
    const asked = { edns: { ...EDNS, options: [option] } };
    expect(composed(asked, { scope: 24 }).edns?.options).toEqual([{ ...option, scope: 24 }]);
    expect(composed(asked).edns?.options).toEqual([option]);
  });

  it('rotates addresses from query to query, if so set', () => {
    const answer = shown('www.example.com. 300 A 192.0.2.1\nwww.example.com. 300 A 192.0.2.2');
    const first = (settings: Partial<ResolverSettings>) => composed({}, { answer }, settings).answer[0]?.data;
    expect(first({})).toEqual({ address: '192.0.2.1' });
    expect(first({ roundRobin: true })).toEqual({ address: '192.0.2.2' });
  });

  it('answers a query for all types with one set, if so set (RFC 8482)', () => {
    const answer = shown('www.example.com. 300 A 192.0.2.1\nwww.example.com. 300 TXT "x"');
    const all = (settings: Partial<ResolverSettings>) =>
      compose(query(7, ask('www.example.com.', 'ANY')), outcome({ answer }), settingsWith(settings)).answer.length;
    expect(all({})).toBe(2);
    expect(all({ minimalAny: true })).toBe(1);
  });
});

it('a refusal is a bare header, or repeats the question', () => {
  expect(refusal(query(7, WWW), 'REFUSED', { echo: false }, settingsWith({}))).toMatchObject({
    rcode: 'REFUSED',
    question: [],
    flags: { ra: false },
  });
  expect(refusal(query(7, WWW), 'REFUSED', { echo: true }, settingsWith({})).question).toEqual([WWW]);
});

describe('sets', () => {
  it('have the lowest of their records’ TTLs (RFC 2181 §5.2), and equal records once', () => {
    const [one] = sets('a.example. 300 A 192.0.2.1\nA.example. 100 A 192.0.2.2\na.example. 300 A 192.0.2.1');
    expect(one).toMatchObject({ ttl: 100, key: 'a.example. A' });
    expect(one?.records).toHaveLength(2);
  });

  it('carry the signatures that cover them; a signature of nothing is a set of its own', () => {
    const [signed] = sets(`www.example.com. 300 A 192.0.2.44\n${RRSIG}`);
    expect(signed?.signatures).toHaveLength(1);
    expect(sets(RRSIG)[0]).toMatchObject({ type: 'RRSIG' });
  });

  it('are the same whatever the order and letter case of their data', () => {
    const a = records('example. 1 NS a.Example.\nexample. 1 NS b.example.');
    const b = records('example. 9 NS B.example.\nexample. 9 NS a.example.');
    expect(sameRecords(a, b)).toBe(true);
    expect(sameRecords(a, a.slice(1))).toBe(false);
    expect(signedSets(a)).toHaveLength(1);
  });
});
