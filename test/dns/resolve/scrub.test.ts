import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cidr } from '../../../src/base/address.ts';
import type { Message } from '../../../src/dns/message.ts';
import { isSubdomain, name } from '../../../src/dns/name.ts';
import { dataOf } from '../../../src/dns/record.ts';
import { type Scrubbed, scrub } from '../../../src/dns/resolve/scrub.ts';
import type { ResolverSettings } from '../../../src/dns/resolve/settings.ts';
import { ask, label, records, reply, settingsWith } from './given.ts';

const WWW = ask('www.example.com.', 'A');

function scrubbed(message: Message, change: Partial<ResolverSettings> = {}, zone = 'example.com.', question = WWW): Scrubbed {
  const result = scrub(message, question, { zone: name(zone), forwarder: false }, settingsWith(change));
  if (!('message' in result)) throw new Error(result.text);
  return result;
}

const refusedFor = (message: Message): string => {
  const result = scrub(message, WWW, { zone: name('example.com.'), forwarder: false }, settingsWith({}));
  return 'message' in result ? 'accepted' : result.rule;
};

describe('a reply that is none', () => {
  const good = reply(WWW, { answer: 'www.example.com. 300 A 192.0.2.44' });

  it('is one without the response bit, with another question, with two, or with none although it answers', () => {
    expect(refusedFor(good)).toBe('accepted');
    expect(refusedFor({ ...good, flags: { ...good.flags, qr: false } })).toBe('no-response');
    expect(refusedFor({ ...good, question: [ask('mail.example.com.', 'A')] })).toBe('other-question');
    expect(refusedFor({ ...good, question: [WWW, WWW] })).toBe('several-questions');
    expect(refusedFor({ ...good, question: [] })).toBe('no-question');
  });

  it('a failure need not repeat the question, and letter case does not count', () => {
    expect(refusedFor({ ...good, question: [], rcode: 'FORMERR' })).toBe('accepted');
    expect(refusedFor({ ...good, question: [ask('WWW.Example.COM.', 'A')] })).toBe('accepted');
  });
});

describe('of the answer section', () => {
  it('only what answers the question or lies on the way to it stays', () => {
    const { answer, removed } = scrubbed(
      reply(WWW, {
        answer: 'www.example.com. 300 A 192.0.2.44\nmail.example.com. 300 A 192.0.2.25\nwww.example.com. 300 TXT "x"',
      }),
    );
    expect(answer.map(label)).toEqual(['www.example.com. A']);
    expect(removed.map(({ rule }) => rule)).toEqual(['not-asked', 'not-asked']);
  });

  it('records of another type than asked for are no answer', () => {
    const question = ask('www.example.com.', 'AAAA');
    const message = reply(question, { answer: 'www.example.com. 300 A 192.0.2.44' });
    expect(scrubbed(message, {}, 'example.com.', question).answer).toEqual([]);
  });

  const chain =
    'www.example.com. 60 CNAME a.example.com.\na.example.com. 60 CNAME b.example.com.\nb.example.com. 300 A 192.0.2.44';
  const only = ['www.example.com. CNAME'];

  it('a chain of aliases in an authoritative answer stays, with the record at its end', () => {
    const { answer } = scrubbed(reply(WWW, { answer: chain }));
    expect(answer.map(label)).toEqual(['www.example.com. CNAME', 'a.example.com. CNAME', 'b.example.com. A']);
  });

  it('of a chain only the first link stays when its server does not have the zone, or when links are not to be believed', () => {
    expect(scrubbed(reply(WWW, { answer: chain, flags: { aa: false } })).answer.map(label)).toEqual(only);
    expect(scrubbed(reply(WWW, { answer: chain, rcode: 'NXDOMAIN' })).answer.map(label)).toEqual(only);
    expect(scrubbed(reply(WWW, { answer: chain }), { believeChains: false }).answer.map(label)).toEqual(only);
    const validation = { ...settingsWith({}).validation, trustAnchors: ['. DS 1 8 2 00'] };
    expect(scrubbed(reply(WWW, { answer: chain }), { validation }).answer.map(label)).toEqual(only);
  });

  it('a chain is believed as far as it stays in the zone, even if it comes back to it', () => {
    const away =
      'www.example.com. 60 CNAME a.example.com.\na.example.com. 60 CNAME b.example.net.\nb.example.net. 60 CNAME c.example.com.\nc.example.com. 300 A 192.0.2.44';
    expect(scrubbed(reply(WWW, { answer: away })).answer.map(label)).toEqual(['www.example.com. CNAME', 'a.example.com. CNAME']);
  });

  it('a chain that runs in a circle is believed up to where it closes', () => {
    const circle = 'www.example.com. 60 CNAME a.example.com.\na.example.com. 60 CNAME www.example.com.';
    expect(scrubbed(reply(WWW, { answer: circle })).answer.map(label)).toEqual(only);
  });

  it('the same alias twice is one alias, and a second alias of one name is none', () => {
    const { answer } = scrubbed(
      reply(WWW, { answer: 'www.example.com. 60 CNAME a.example.com.\nwww.example.com. 60 CNAME b.example.com.' }),
    );
    expect(answer[0]?.records).toHaveLength(1);
  });

  it('a DNAME gets the CNAME that it implies, whatever CNAME the server sent along', () => {
    const message = reply(WWW, { answer: 'example.com. 60 DNAME example.net.\nwww.example.com. 60 CNAME evil.example.com.' });
    const { answer } = scrubbed(message);
    expect(answer.map(label)).toEqual(['example.com. DNAME', 'www.example.com. CNAME']);
    expect(answer[1]?.records[0]?.data).toEqual({ target: 'www.example.net.' });
  });

  it('a DNAME whose result would be too long leads nowhere', () => {
    const long = `${Array.from({ length: 4 }, () => 'x'.repeat(62)).join('.')}.`;
    const { tooLong } = scrubbed(reply(WWW, { answer: `example.com. 60 DNAME ${long}` }));
    expect(tooLong).toBe(true);
  });

  it('addresses of impossible length, and private ones where they are unwelcome, go; the others of the set stay', () => {
    const broken = scrubbed(reply(WWW, { answer: 'www.example.com. 300 A \\# 3 C00002\nwww.example.com. 300 A 192.0.2.44' }));
    expect(broken.answer[0]?.records).toHaveLength(1);
    expect(broken.removed.map(({ rule }) => rule)).toEqual(['wrong-length']);
    const text = 'www.example.com. 300 A 10.0.0.1\nwww.example.com. 300 A 192.0.2.44';
    const change = { privateAddresses: ['10.0.0.0/8' as Cidr] };
    expect(scrubbed(reply(WWW, { answer: text }), change).answer[0]?.records).toEqual(records(text).slice(1));
    const allowed = { ...change, privateDomains: [name('example.com.')] };
    expect(scrubbed(reply(WWW, { answer: text }), allowed).answer[0]?.records).toHaveLength(2);
  });
});

describe('of the other sections', () => {
  const NS = 'example.com. 300 NS ns.example.com.';

  it('NS sets ride along with an answer unless that is forbidden', () => {
    const message = reply(WWW, { answer: 'www.example.com. 300 A 192.0.2.44', authority: NS });
    expect(scrubbed(message).authority.map(label)).toEqual(['example.com. NS']);
    expect(scrubbed(message, { scrubPromiscuous: true }).authority).toEqual([]);
  });

  it('a referral keeps its NS set in any case, even when it wrongly bears the seal', () => {
    const message = reply(WWW, { authority: NS, flags: { aa: true } });
    expect(scrubbed(message, { scrubPromiscuous: true }, 'com.').authority.map(label)).toEqual(['example.com. NS']);
  });

  it('NS sets beside a no, of a zone that was not asked about, or after another one go', () => {
    const soa = 'example.com. 900 SOA ns.example.com. h.example.com. 1 2 3 4 5';
    expect(scrubbed(reply(WWW, { authority: `${soa}\n${NS}`, rcode: 'NXDOMAIN' })).authority.map(label)).toEqual([
      'example.com. SOA',
    ]);
    expect(scrubbed(reply(WWW, { authority: `${soa}\n${NS}` })).authority.map(label)).toEqual(['example.com. SOA']);
    expect(scrubbed(reply(WWW, { authority: 'other.example.com. 300 NS ns.example.com.' })).authority).toEqual([]);
    expect(scrubbed(reply(WWW, { authority: `${NS}\ncom. 300 NS ns.com.` }), {}, 'com.').authority.map(label)).toEqual([
      'example.com. NS',
    ]);
  });

  it('addresses and aliases have no place in the authority section', () => {
    const text = 'www.example.com. 300 A 192.0.2.1\nexample.com. 300 CNAME evil.example.com.';
    expect(scrubbed(reply(WWW, { authority: text })).authority).toEqual([]);
  });

  it('additional records are addresses of names that the message names, and nothing else', () => {
    const message = reply(WWW, {
      authority: NS,
      additional: 'ns.example.com. 300 A 192.0.2.53\nwww.example.com. 300 A 192.0.2.66\nns.example.com. 300 NS evil.example.com.',
    });
    expect(scrubbed(message, {}, 'com.').additional.map(label)).toEqual(['ns.example.com. A']);
  });

  it('whatever lies outside the zone that was asked goes; such glue may at most lead to a server', () => {
    const message = reply(WWW, {
      authority: 'example.com. 300 NS ns.example.net.',
      additional: 'ns.example.net. 300 A 192.0.2.53',
    });
    expect(scrubbed(message, {}, 'com.').additional).toEqual([]);
    expect(scrubbed(message, {}, 'com.').strayGlue).toEqual([]);
    const lenient = scrubbed(message, { hardenGlue: false }, 'com.');
    expect(lenient.additional).toEqual([]);
    expect(lenient.strayGlue.map(label)).toEqual(['ns.example.net. A']);
  });

  it('a proof that reaches beyond the zone of its signer proves nothing', () => {
    const rrsig = 'a.example.com. 300 RRSIG NSEC 13 3 300 20300101000000 20200101000000 1 example.com. AAAA';
    const message = reply(WWW, { rcode: 'NXDOMAIN', authority: `a.example.com. 300 NSEC z.example.org. A\n${rrsig}` });
    expect(scrubbed(message).authority).toEqual([]);
  });

  it('of an NS set only so many names are kept', () => {
    const many = Array.from({ length: 30 }, (_, i) => `example.com. 300 NS ns${i}.example.com.`).join('\n');
    expect(scrubbed(reply(WWW, { authority: many }), {}, 'com.').authority[0]?.records).toHaveLength(20);
  });
});

describe('for any records whatever', () => {
  const owner = fc.constantFrom(
    'www.example.com.',
    'example.com.',
    'com.',
    'evil.example.',
    'a.www.example.com.',
    'x.example.com.',
  );
  const line = fc
    .tuple(
      owner,
      fc.constantFrom(
        'A 192.0.2.1',
        'NS www.example.com.',
        'CNAME x.example.com.',
        'DNAME x.example.com.',
        'TXT "t"',
        'MX 10 www.example.com.',
      ),
    )
    .map(([o, data]) => `${o} 300 ${data}`);
  const section = fc.array(line, { maxLength: 5 }).map((all) => all.join('\n'));
  const zones = fc.constantFrom('.', 'com.', 'example.com.');

  it('nothing outside the zone asked is believed, and the answer section is about the name asked or where it leads', () => {
    fc.assert(
      fc.property(section, section, section, zones, fc.boolean(), (answer, authority, additional, zone, aa) => {
        const result = scrubbed(reply(WWW, { answer, authority, additional, flags: { aa } }), {}, zone);
        for (const set of [...result.answer, ...result.authority, ...result.additional])
          expect(isSubdomain(set.name, name(zone))).toBe(true);
        const reached = [WWW.name];
        for (const set of result.answer) {
          expect(reached.some((at) => isSubdomain(at, set.name))).toBe(true);
          for (const r of set.records) reached.push(dataOf(r, 'CNAME')?.target ?? WWW.name);
        }
        expect(result.authority.filter((set) => set.type === 'NS').length).toBeLessThanOrEqual(1);
        expect(result.additional.every((set) => set.type === 'A' || set.type === 'AAAA')).toBe(true);
      }),
    );
  });
});
