import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import { type Classified, classify, type Expectation } from '../../../src/dns/resolve/classify.ts';
import { scrub } from '../../../src/dns/resolve/scrub.ts';
import { ask, reply, settingsWith } from './given.ts';

const WWW = ask('www.example.com.', 'A');
const ADDRESS = 'www.example.com. 300 A 192.0.2.44';
const SOA = 'example.com. 900 SOA ns.example.com. h.example.com. 1 2 3 4 86400';
const NS = 'example.com. 300 NS ns.example.com.';

function classified(message: Message, change: Partial<Expectation> & { zone?: never; at?: string } = {}): Classified {
  const { at = 'example.com.', ...rest } = change;
  const expectation: Expectation = { question: WWW, zone: name(at), forwarder: false, emptyBefore: false, ...rest };
  const asked = { zone: expectation.zone, forwarder: expectation.forwarder };
  const scrubbed = scrub(message, expectation.question, asked, settingsWith({}));
  if (!('message' in scrubbed)) throw new Error(scrubbed.text);
  return classify(scrubbed, expectation).value;
}

const kindOf = (message: Message, change: Parameters<typeof classified>[1] = {}): string => classified(message, change).kind;

describe('a reply is', () => {
  it('an answer when it holds what was asked for', () => {
    expect(kindOf(reply(WWW, { answer: ADDRESS }))).toBe('answer');
    expect(kindOf(reply(WWW, { answer: ADDRESS, flags: { aa: false } }))).toBe('answer');
  });

  it('an alias when the name stands for another, and says where that leads', () => {
    const alias = classified(reply(WWW, { answer: 'www.example.com. 60 CNAME web.example.net.' }));
    expect(alias).toMatchObject({ kind: 'cname', target: 'web.example.net.' });
    const question = ask('www.example.com.', 'CNAME');
    expect(kindOf(reply(question, { answer: 'www.example.com. 60 CNAME web.example.net.' }), { question })).toBe('answer');
  });

  it('an answer when a chain of aliases in the zone ends at what was asked for, an alias to its end when not', () => {
    const links = 'www.example.com. 60 CNAME a.example.com.\na.example.com. 60 CNAME b.example.com.';
    expect(kindOf(reply(WWW, { answer: `${links}\nb.example.com. 300 A 192.0.2.44` }))).toBe('answer');
    expect(classified(reply(WWW, { answer: links }))).toMatchObject({ kind: 'cname', target: 'b.example.com.' });
  });

  it('an alias also with the response code of where the alias leads (RFC 6604 §3)', () => {
    expect(kindOf(reply(WWW, { answer: 'www.example.com. 60 CNAME web.example.net.', rcode: 'NXDOMAIN' }))).toBe('cname');
  });

  it('all there is when the name is an alias of itself', () => {
    expect(kindOf(reply(WWW, { answer: 'www.example.com. 60 CNAME www.example.com.' }))).toBe('answer');
  });

  it('a firm no: no such name, or a name without this type', () => {
    expect(kindOf(reply(WWW, { authority: SOA, rcode: 'NXDOMAIN' }))).toBe('nxdomain');
    expect(kindOf(reply(WWW, { authority: SOA }))).toBe('nodata');
  });

  it('no firm no when the SOA record is of a zone that does not hold the name', () => {
    const told = (authority: string) => classified(reply(WWW, { authority }), { at: 'com.' }).asked[0];
    expect(told(SOA)).toMatchObject({ question: 'A firm no?', yes: true });
    expect(told(SOA.replace('example.com.', 'other.com.'))).toMatchObject({ question: 'A firm no?', yes: false });
  });

  it('a referral when it names servers nearer to the name, with the seal or without', () => {
    const referral = classified(reply(WWW, { authority: NS, flags: { aa: false } }), { at: 'com.' });
    expect(referral.kind).toBe('referral');
    expect(referral.servers?.name).toBe('example.com.');
    expect(kindOf(reply(WWW, { authority: NS }), { at: 'com.' })).toBe('referral');
  });

  it('lame when it points up or away from the name', () => {
    expect(kindOf(reply(WWW, { authority: 'com. 300 NS ns.com.', flags: { aa: false } }))).toBe('lame');
    expect(kindOf(reply(WWW, { authority: '. 300 NS a.root.', flags: { aa: true } }))).toBe('lame');
  });

  it('of no use when it points to the very zone that was asked, without the seal', () => {
    expect(kindOf(reply(WWW, { authority: NS, flags: { aa: false } }))).toBe('throw-away');
  });

  it('a resolver’s word where the zone’s own is wanted: RA 1, AA 0', () => {
    const flags = { aa: false, ra: true };
    expect(kindOf(reply(WWW, { authority: SOA, flags }))).toBe('recursion-lame');
    expect(kindOf(reply(WWW, { authority: SOA, rcode: 'NXDOMAIN', flags }))).toBe('recursion-lame');
    expect(kindOf(reply(WWW, { answer: ADDRESS, authority: NS, flags }))).toBe('recursion-lame');
    expect(kindOf(reply(WWW, { authority: SOA, flags }), { forwarder: true })).toBe('nodata');
    expect(kindOf(reply(WWW, { authority: NS, flags }), { at: 'com.' })).toBe('referral');
  });

  it('of no use when it is a failure', () => {
    for (const rcode of ['SERVFAIL', 'REFUSED', 'NOTIMP', 'NOTAUTH'] as const)
      expect(kindOf(reply(WWW, { rcode }))).toBe('throw-away');
  });

  it('of no use when it is entirely empty, but only the first time', () => {
    expect(kindOf(reply(WWW, {}))).toBe('throw-away');
    expect(kindOf(reply(WWW, {}), { emptyBefore: true })).toBe('nodata');
  });

  it('never a referral when a resolver was asked to do it all', () => {
    expect(kindOf(reply(WWW, { authority: NS, flags: { aa: false } }), { at: '.', forwarder: true })).toBe('nodata');
  });
});

describe('the questions that lead to the kind', () => {
  it('come in the order that the chart shows, and the last one decides', () => {
    const { asked } = classified(reply(WWW, { authority: NS, flags: { aa: false } }), { at: 'com.' });
    expect(asked.map(({ question, yes }) => `${question} ${yes ? 'yes' : 'no'}`)).toEqual([
      'A firm no? no',
      'The answer? no',
      'An alias? no',
      'Servers nearer to the name? yes',
    ]);
    expect(asked.at(-1)?.found).toBe('example.com. lies under com.');
  });

  it('stop at the first yes', () => {
    const { asked } = classified(reply(WWW, { answer: ADDRESS }));
    expect(asked.filter(({ yes }) => yes)).toHaveLength(1);
    expect(asked.at(-1)).toEqual({ question: 'The answer?', found: '1 answer', yes: true });
  });
});

describe('for any reply whatever', () => {
  const line = fc.constantFrom(
    ADDRESS,
    SOA,
    NS,
    'www.example.com. 60 CNAME x.example.com.',
    'com. 300 NS ns.com.',
    'a.www.example.com. 300 A 192.0.2.1',
  );
  const section = fc.array(line, { maxLength: 3 }).map((all) => all.join('\n'));
  const rcodes = fc.constantFrom<Message['rcode']>('NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'YXDOMAIN');

  it('there is exactly one kind with a reason, and a referral leads strictly nearer to the name', () => {
    fc.assert(
      fc.property(
        section,
        section,
        rcodes,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('.', 'com.', 'example.com.'),
        (answer, authority, rcode, aa, ra, at) => {
          const { kind, asked, servers } = classified(reply(WWW, { answer, authority, rcode, flags: { aa, ra } }), { at });
          expect(asked.length).toBeGreaterThan(0);
          if (kind === 'referral') expect(servers?.name.length).toBeGreaterThan(at === '.' ? 1 : at.length);
        },
      ),
    );
  });
});
