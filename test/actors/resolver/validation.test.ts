import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import { nameToWire } from '../../../src/dns/wire/nameOctets.ts';
import { type Bend, lying, type Signing, signedTree, stripped } from './signed.ts';
import { type Ask, lines, run } from './world.ts';

const DO = { edns: { do: true } };
const ask = (owner: string, change: Partial<Ask> = {}): Ask => ({ at: 0, name: owner, type: 'A', ...DO, ...change });
const www = ask('www.example.com.');

/** A validating resolver is asked. */
function play(asks: readonly Ask[], signing: Signing = {}, bent: { first?: Bend; second?: Bend } = {}, change = {}) {
  const { servers, validation } = signedTree(signing, bent);
  return run({ servers, settings: { validation: { ...validation, ...change } }, asks });
}

const errors = (message: Message | undefined): number[] =>
  (message?.edns?.options ?? []).flatMap((option) => (option.option === 'extended-error' ? [option.code] : []));
const types = (records: Message['answer'] | undefined): string[] => (records ?? []).map((r) => r.type);

describe('a query of a resolver that checks signatures', () => {
  it('sets CD, so that no resolver on the way keeps back what it would judge otherwise (RFC 6840 §5.9)', () => {
    expect(play([www]).queries.every(({ query }) => query.flags.cd && query.edns?.do)).toBe(true);
  });

  it('sets it for a client that sets it, in a resolver that does not check (RFC 4035 §3.2.2)', () => {
    const { servers } = signedTree();
    const flags = (cd: boolean) => run({ servers, asks: [{ ...www, cd }] }).queries.map(({ query }) => query.flags.cd);
    expect([...flags(true), ...flags(false)]).toEqual([true, true, true, false, false, false]);
  });
});

describe('what is signed', () => {
  it('is handed out as authentic when a chain of keys leads to it from the trust anchor (RFC 4035 §5)', () => {
    const { responses, asked } = play([www]);
    expect(responses[0]).toMatchObject({ rcode: 'NOERROR', flags: { ad: true } });
    expect(types(responses[0]?.answer)).toEqual(['A', 'RRSIG']);
    expect(asked.slice(3).map((line) => line.replace(/^\S+ /, ''))).toEqual(['. DNSKEY', 'com. DNSKEY', 'example.com. DNSKEY']);
  });

  it('comes without signatures to a client that sets AD and not DO (RFC 6840 §5.7)', () => {
    const [response] = play([{ at: 0, name: 'www.example.com.', type: 'A', ad: true }]).responses;
    expect(response?.flags.ad).toBe(true);
    expect(types(response?.answer)).toEqual(['A']);
  });

  it('is not called authentic to a client that shows no interest', () => {
    expect(play([{ at: 0, name: 'www.example.com.', type: 'A' }]).responses[0]?.flags.ad).toBe(false);
  });

  it('is checked once and then known as authentic for the rest of its TTL', () => {
    const { responses, asked } = play([www, { ...www, at: 100 }]);
    expect(lines(responses[1]?.answer)[0]).toBe('www.example.com. 200 A 192.0.2.44');
    expect(responses[1]?.flags.ad).toBe(true);
    expect(asked).toHaveLength(6);
  });

  it('needs the keys of its zones once only', () => {
    expect(play([www, ask('shop.example.com.', { at: 1 })]).asked.filter((line) => line.endsWith('DNSKEY'))).toHaveLength(3);
  });

  it.each<[string, Signing]>([
    ['NSEC', {}],
    ['NSEC3', { denial: { kind: 'nsec3', optOut: false, iterations: 0, salt: new Uint8Array(0) } }],
  ])('can be a no, proven by %s', (_, signing) => {
    const [noName, noType] = play(
      [ask('nothing.example.com.'), ask('www.example.com.', { at: 1, type: 'TXT' })],
      signing,
    ).responses;
    expect(noName).toMatchObject({ rcode: 'NXDOMAIN', flags: { ad: true } });
    expect(noType).toMatchObject({ rcode: 'NOERROR', answer: [], flags: { ad: true } });
  });

  it('can be made from a wildcard, and comes with the proof that it had to be', () => {
    const [response] = play([ask('any.wild.example.com.')]).responses;
    expect(response).toMatchObject({ rcode: 'NOERROR', flags: { ad: true } });
    expect(types(response?.authority)).toContain('NSEC');
  });

  it.each<[string, Signing]>([
    ['NSEC', {}],
    ['NSEC3', { denial: { kind: 'nsec3', optOut: false, iterations: 0, salt: new Uint8Array(0) } }],
  ])('can be an alias made from a wildcard, whose %s proof comes along from the cache as well', (type, signing) => {
    const any = ask('any.alias.example.com.');
    // The address is asked for by itself in between, so that nothing but the alias needs a proof.
    const { responses, asked } = play([any, { ...any, at: 100 }, { ...any, at: 101, edns: { do: false } }], signing);
    for (const response of responses.slice(0, 2)) {
      expect(response).toMatchObject({ rcode: 'NOERROR', flags: { ad: true } });
      expect(types(response?.answer)).toEqual(['CNAME', 'RRSIG', 'A', 'RRSIG']);
      expect(types(response?.authority)).toContain(type);
    }
    expect(types(responses[2]?.authority)).toEqual([]);
    expect(asked.filter((line) => line.includes('any.alias'))).toHaveLength(3);
  });

  it('can be an alias, or one that a DNAME makes', () => {
    const [alias, moved] = play([ask('shop.example.com.'), ask('www.sub.example.com.', { at: 1 })]).responses;
    expect(types(alias?.answer)).toEqual(['CNAME', 'RRSIG', 'A', 'RRSIG']);
    expect(alias?.flags.ad).toBe(true);
    expect(types(moved?.answer)).toEqual(['DNAME', 'RRSIG', 'CNAME', 'A', 'RRSIG']);
    expect(moved?.flags.ad).toBe(true);
  });

  it('can be asked for the very types that lead on', () => {
    const [dname, alias, made, signature] = play([
      ask('x.sub.example.com.', { type: 'DNAME' }),
      ask('x.sub.example.com.', { type: 'CNAME', at: 1 }),
      ask('shop.example.com.', { type: 'CNAME', at: 2 }),
      ask('www.example.com.', { type: 'RRSIG', at: 3 }),
    ]).responses;
    // A DNAME record says nothing of its own name, but for names below it even a question for DNAME is led on (RFC 6672 §2.3).
    expect(dname).toMatchObject({ rcode: 'NXDOMAIN', flags: { ad: true } });
    expect(types(dname?.answer)).toEqual(['DNAME', 'RRSIG', 'CNAME']);
    expect(alias).toMatchObject({ rcode: 'NOERROR', flags: { ad: true } });
    expect(types(alias?.answer)).toEqual(['DNAME', 'RRSIG', 'CNAME']);
    expect(types(made?.answer)).toEqual(['CNAME', 'RRSIG']);
    // Nobody signs signatures, so nothing can be said of them (RFC 4035 §2.2).
    expect(signature).toMatchObject({ rcode: 'NOERROR', flags: { ad: false } });
    expect(new Set(types(signature?.answer))).toEqual(new Set(['RRSIG']));
  });

  it('cannot be an alias of itself (RFC 1034 §3.6.2)', () => {
    expect(play([ask('loop.example.com.')]).responses[0]?.rcode).toBe('SERVFAIL');
  });
});

describe('what nobody has signed', () => {
  it('is handed out, not as authentic, when its parent proves that it has no keys (RFC 4035 §4.3)', () => {
    const [response] = play([ask('www.example.net.')]).responses;
    expect(response).toMatchObject({ rcode: 'NOERROR', flags: { ad: false } });
  });

  it('makes the whole answer not authentic when an alias leads there', () => {
    const [response] = play([ask('store.example.com.')]).responses;
    expect(response?.rcode).toBe('NOERROR');
    expect(response?.flags.ad).toBe(false);
  });

  it('is all there is to a resolver without a trust anchor, which fetches no keys', () => {
    const { responses, asked, decisions } = play([www], {}, {}, { trustAnchors: [] });
    expect(responses[0]?.flags.ad).toBe(false);
    expect(asked).toHaveLength(3);
    expect(decisions.filter((one) => one.startsWith('validate'))).toEqual([]);
  });

  it('is what lies below a negative trust anchor (RFC 7646)', () => {
    const [response] = play([www], { wrongKey: true }, {}, { insecureZones: ['example.com.'] }).responses;
    expect(response).toMatchObject({ rcode: 'NOERROR', flags: { ad: false } });
  });
});

describe('what does not fit', () => {
  it('is withheld, and the client is told why (RFC 8914 §4)', () => {
    const [response] = play([www], {}, { first: lying, second: lying }).responses;
    expect(response).toMatchObject({ rcode: 'SERVFAIL', answer: [], flags: { ad: false } });
    expect(errors(response)).toEqual([6]);
  });

  it('is asked of another server first', () => {
    for (const bent of [{ first: lying }, { second: lying }, { first: stripped }, { second: stripped }]) {
      const [response] = play([www], {}, bent).responses;
      expect(response).toMatchObject({ rcode: 'NOERROR', flags: { ad: true } });
      expect(lines(response?.answer)[0]).toBe('www.example.com. 300 A 192.0.2.44');
    }
  });

  it('is not asked of another server when the settings say so', () => {
    const { responses, asked } = play([www], {}, { first: lying, second: lying }, { retries: 0 });
    expect(responses[0]?.rcode).toBe('SERVFAIL');
    expect(asked.filter((line) => line.endsWith('www.example.com. A'))).toHaveLength(3);
  });

  it.each<[string, Signing, number]>([
    ['a key that the parent does not mean', { wrongKey: true }, 9],
    ['a signature that has run out', { until: 10 }, 7],
  ])('may be %s', (_, signing, code) => {
    const [response] = play([ask('www.example.com.', { at: 60 })], signing).responses;
    expect(response?.rcode).toBe('SERVFAIL');
    expect(errors(response)).toEqual([code]);
  });

  it('may be that signatures are missing everywhere', () => {
    const [response] = play([www], {}, { first: stripped, second: stripped }).responses;
    expect(response?.rcode).toBe('SERVFAIL');
  });

  it('is remembered for a minute, with what the client is told (RFC 4035 §4.7)', () => {
    const { responses, queries } = play([www, { ...www, at: 50 }, { ...www, at: 70 }], { wrongKey: true });
    const between = (from: number, to: number): number => queries.filter(({ at }) => at >= from * 1e6 && at < to * 1e6).length;
    expect(responses.map((one) => one?.rcode)).toEqual(['SERVFAIL', 'SERVFAIL', 'SERVFAIL']);
    expect(errors(responses[1])).toEqual([9]);
    expect(between(50, 60)).toBe(0);
    expect(between(70, 80)).toBeGreaterThan(0);
  });

  it('is followed through its aliases for a client that sets CD, though none of them fits (RFC 4035 §3.2.2)', () => {
    const shop = ask('shop.example.com.', { cd: true });
    const away = ask('store.example.com.', { cd: true, at: 1 });
    const { responses } = play([shop, away], { wrongKey: true });
    expect(responses.map((r) => [r?.rcode, types(r?.answer).filter((type) => type !== 'RRSIG')])).toEqual([
      ['NOERROR', ['CNAME', 'A']],
      ['NOERROR', ['CNAME', 'A']],
    ]);
    expect(responses.map((r) => r?.flags.ad)).toEqual([false, false]);
  });

  it('is handed out as it came to a client that checks by itself, CD 1 (RFC 4035 §3.2.2), and never as authentic', () => {
    const { responses } = play([www, ask('www.example.com.', { at: 1, cd: true }), { ...www, at: 2 }], { wrongKey: true });
    expect(responses.map((one) => one?.rcode)).toEqual(['SERVFAIL', 'NOERROR', 'SERVFAIL']);
    expect(responses[1]?.flags).toMatchObject({ ad: false, cd: true });
    expect(lines(responses[1]?.answer)[0]).toBe('www.example.com. 300 A 192.0.2.44');
  });

  it('leaves nothing behind in the cache but the failure and the keys', () => {
    const { trace } = play([www], {}, { first: lying, second: lying });
    const kept = trace.turns.flatMap(({ effects }) => effects.flatMap((e) => (e.kind === 'remember' ? [e.entry] : [])));
    expect(kept.filter(({ name, kind }) => name === 'www.example.com.' && kind !== 'failure')).toEqual([]);
    expect(kept.filter(({ kind }) => kind === 'failure')).toHaveLength(1);
  });
});

describe('what was validated', () => {
  it('answers for other names that a proof covers (RFC 8198), unless the settings forbid it', () => {
    const asks = [ask('nothing.example.com.'), ask('nothing2.example.com.', { at: 1 })];
    const questions = (change: object): number =>
      play(asks, {}, {}, change).asked.filter((line) => line.includes('nothing2')).length;
    expect(questions({})).toBe(0);
    expect(questions({ aggressiveNsec: false })).toBe(1);
    expect(play(asks).responses[1]).toMatchObject({ rcode: 'NXDOMAIN', flags: { ad: true } });
  });

  it('says of a whole subtree that it is not there (RFC 8020)', () => {
    const asks = [ask('nothing.example.com.'), ask('deep.nothing.example.com.', { at: 1 })];
    const { asked, responses } = play(asks, {}, {}, { aggressiveNsec: false });
    expect(asked.filter((line) => line.includes('deep'))).toEqual([]);
    expect(responses[1]?.rcode).toBe('NXDOMAIN');
  });

  it('as a DNAME serves for every name below it (RFC 6672 §3.4)', () => {
    const asks = [ask('www.sub.example.com.'), ask('ftp.sub.example.com.', { at: 10 })];
    const { asked, responses } = play(asks);
    expect(asked.filter((line) => line.includes('ftp.sub'))).toEqual([]);
    expect(types(responses[1]?.answer).slice(0, 3)).toEqual(['DNAME', 'RRSIG', 'CNAME']);
  });
});

describe('a client’s own question for a key or a server’s address', () => {
  it('is checked even when the cache has the data from the way to another answer', () => {
    const { responses, asked } = play([www, ask('example.com.', { at: 1, type: 'DNSKEY' }), ask('com.', { at: 2, type: 'DS' })]);
    expect(responses.slice(1).map((one) => one?.flags.ad)).toEqual([true, true]);
    expect(asked.filter((line) => line.endsWith('example.com. DNSKEY'))).toHaveLength(1);
  });
});

describe('what does not fit', () => {
  const told = (errorReporting: boolean, bent: Bend, asks: readonly Ask[] = [www]): string[] => {
    const { servers, validation } = signedTree({}, { first: bent, second: bent });
    const { asked } = run({ servers, settings: { validation, errorReporting }, asks });
    return asked.filter((line) => line.includes('_er.'));
  };
  const naming: Bend = (said) => ({
    ...said,
    ...(said.edns
      ? { edns: { ...said.edns, options: [{ option: 'other', code: 18, data: nameToWire(name('example.net.')) }] } }
      : {}),
  });
  const report = '_er.1.www.example.com.6._er.example.net. TXT';

  it('is told to the agent that the zone’s server names, once for as long as the agent’s word is kept (RFC 9567 §6.1)', () => {
    expect(told(true, (said) => naming(lying(said)), [www, { ...www, at: 61 }])).toEqual([
      `root ${report}`,
      `net ${report}`,
      `store ${report}`,
    ]);
  });

  it('is told to nobody unless the settings say so, somebody is named, and something is wrong', () => {
    expect(told(false, (said) => naming(lying(said)))).toEqual([]);
    expect(told(true, lying)).toEqual([]);
    expect(told(true, naming)).toEqual([]);
  });
});

describe('the record of a check', () => {
  it('holds the chain of trust link by link, from the anchor down', () => {
    const { trace } = play([www]);
    const records = trace.turns.flatMap(({ effects }) =>
      effects.flatMap((e) => (e.kind === 'decide' && e.decision.about === 'validate' ? [e.decision] : [])),
    );
    expect(records.map(({ outcome }) => outcome)).toEqual([
      'first needs . DNSKEY',
      'first needs com. DNSKEY',
      'first needs example.com. DNSKEY',
      'secure: every link holds',
    ]);
    expect(records.at(-1)?.detail).toMatchObject({
      kind: 'chain-of-trust',
      status: 'secure',
      chain: [
        { zone: '.', vouchedBy: 'anchor', status: 'secure', signs: { name: 'com.', type: 'DS', holds: true } },
        { zone: 'com.', vouchedBy: 'parent', status: 'secure', signs: { name: 'example.com.', type: 'DS', holds: true } },
        {
          zone: 'example.com.',
          vouchedBy: 'parent',
          status: 'secure',
          signs: { name: 'www.example.com.', type: 'A', holds: true },
        },
      ],
    });
  });
});
