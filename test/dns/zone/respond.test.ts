import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/dns/message.ts';
import { query } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import { recordText } from '../../../src/dns/presentation.ts';
import type { RecordType, ResourceRecord } from '../../../src/dns/record.ts';
import { parseMasterFile } from '../../../src/dns/zone/masterFile.ts';
import type { RespondOptions } from '../../../src/dns/zone/respond.ts';
import { respond, zoneSet } from '../../../src/dns/zone/respond.ts';
import type { Zone } from '../../../src/dns/zone/zone.ts';
import { makeZone } from '../../../src/dns/zone/zone.ts';

const zone = (origin: string, text: string): Zone => {
  const { records, mistakes } = parseMasterFile(text, { file: `${origin}zone`, origin: name(origin) });
  expect(mistakes).toEqual([]);
  return makeZone(name(origin), records);
};

const com = zone(
  'com.',
  `$TTL 172800
@ 900 SOA a.gtld-servers.net. nstld.verisign-grs.com. 1 1800 900 604800 900
@ NS a.gtld-servers.net.
example NS ns-2048.awsdns-64.com.
example NS ns-2049.awsdns-65.net.
awsdns-64 NS g-ns-1.awsdns-64
g-ns-1.awsdns-64 A 205.251.192.1
ns-2048.awsdns-64 A 205.251.200.0
signed NS ns.signed
ns.signed AAAA 2001:db8::53
ns.signed A 192.0.2.53
`,
);
const net = zone(
  'net.',
  '@ 900 SOA a.gtld-servers.net. nstld.verisign-grs.com. 1 2 3 4 900\n@ NS a.gtld-servers.net.\nns-2049.awsdns-65 A 205.251.200.1\n',
);
const example = zone(
  'example.com.',
  `$TTL 300
@ 900 SOA ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400
@ 172800 NS ns-2048.awsdns-64.com.
@ 172800 NS ns-2049.awsdns-65.net.
www A 192.0.2.44
alias CNAME www
twice CNAME alias
away CNAME www.example.net.
gone CNAME missing
round CNAME about
about CNAME round
a.b A 192.0.2.1
*.wild TXT "wild"
old DNAME new.example.net.
mail MX 10 www
sub NS ns.sub
ns.sub A 192.0.2.9
intosub CNAME host.sub
`,
);

const ask = (zones: readonly Zone[], text: string, options: RespondOptions = {}, change: Partial<Message> = {}): Message => {
  const [qname, type] = text.split(' ') as [string, RecordType];
  return respond(zoneSet(zones), { ...query(7, { name: name(qname), type, class: 'IN' }), ...change }, options).value;
};
const texts = (records: readonly ResourceRecord[]): string[] => records.map(recordText);

describe('answers', () => {
  test('an answer is authoritative, keeps ID and RD, and never offers recursion', () => {
    const m = ask([example], 'www.example.com. A', {}, { flags: { ...query(0, example as never).flags, rd: true } });
    expect(texts(m.answer)).toEqual(['www.example.com. 300 IN A 192.0.2.44']);
    expect(m).toMatchObject({
      id: 7,
      rcode: 'NOERROR',
      flags: { qr: true, aa: true, rd: true, ra: false },
      authority: [],
      additional: [],
    });
  });

  test('the letter case of the question is kept', () => {
    const m = ask([example], 'wWw.exAMPLE.com. A');
    expect(m.question[0]?.name).toBe('wWw.exAMPLE.com.');
    expect(texts(m.answer)).toEqual(['wWw.exAMPLE.com. 300 IN A 192.0.2.44']);
  });

  test('the zone’s NS records stand under an answer only where the option says so', () => {
    expect(texts(ask([example], 'www.example.com. A', { nameServersInAnswers: true }).authority)).toEqual([
      'example.com. 172800 IN NS ns-2048.awsdns-64.com.',
      'example.com. 172800 IN NS ns-2049.awsdns-65.net.',
    ]);
    expect(ask([example], 'example.com. NS', { nameServersInAnswers: true }).authority).toEqual([]);
  });

  test('ANY is answered with one RRset (RFC 8482)', () => {
    expect(new Set(ask([example], 'example.com. ANY').answer.map((r) => r.type)).size).toBe(1);
  });

  test('an MX answer does not carry addresses', () => {
    expect(ask([example], 'mail.example.com. MX').additional).toEqual([]);
  });

  test('an NS answer carries the addresses that the zone holds, as a root server’s priming response does', () => {
    const root = zone(
      '.',
      '@ 86400 SOA a. b. 1 2 3 4 86400\n@ 518400 NS a.root-servers.net.\na.root-servers.net. 518400 A 198.41.0.4\n',
    );
    expect(texts(ask([root], '. NS').additional)).toEqual(['a.root-servers.net. 518400 IN A 198.41.0.4']);
  });
});

describe('aliases', () => {
  test('a chain of aliases inside the zone ends in its answer', () => {
    expect(texts(ask([example], 'twice.example.com. A').answer)).toEqual([
      'twice.example.com. 300 IN CNAME alias.example.com.',
      'alias.example.com. 300 IN CNAME www.example.com.',
      'www.example.com. 300 IN A 192.0.2.44',
    ]);
  });

  test('an alias out of the zones is given alone', () => {
    const m = ask([example], 'away.example.com. A');
    expect([m.rcode, m.answer.length, m.authority.length, m.flags.aa]).toEqual(['NOERROR', 1, 0, true]);
  });

  test('an alias into another zone of the server is followed, unless the option keeps to one zone', () => {
    const other = zone('example.net.', '@ 300 SOA a. b. 1 2 3 4 5\n@ NS a.\nwww A 192.0.2.77\n');
    expect(ask([example, other], 'away.example.com. A').answer).toHaveLength(2);
    expect(ask([example, other], 'away.example.com. A', { aliasesWithinZone: true }).answer).toHaveLength(1);
  });

  test('an alias of a missing name is NXDOMAIN for the target (RFC 6604 §3)', () => {
    const m = ask([example], 'gone.example.com. A');
    expect([m.rcode, m.answer.length, m.authority[0]?.type]).toEqual(['NXDOMAIN', 1, 'SOA']);
  });

  test('a circle of aliases is given once round', () => {
    expect(ask([example], 'round.example.com. A').answer).toHaveLength(2);
  });

  test('an alias into a delegated part is followed by its referral, and stays authoritative', () => {
    const m = ask([example], 'intosub.example.com. A');
    expect([m.flags.aa, m.answer.length, m.authority[0]?.type, m.additional.length]).toEqual([true, 1, 'NS', 1]);
  });

  test('a DNAME comes with the alias made from it', () => {
    expect(texts(ask([example], 'x.y.old.example.com. A').answer)).toEqual([
      'old.example.com. 300 IN DNAME new.example.net.',
      'x.y.old.example.com. 300 IN CNAME x.y.new.example.net.',
    ]);
  });

  test('a DNAME that makes too long a name is YXDOMAIN (RFC 6672 §2.2)', () => {
    const long = `${'a'.repeat(60)}.`.repeat(3);
    const narrow = zone('ab.', `@ 1 SOA a. b. 1 2 3 4 5\n@ NS a.\n@ DNAME ${long}${'c'.repeat(60)}.\n`);
    expect(ask([narrow], `${long}ab. A`).rcode).toBe('YXDOMAIN');
  });
});

describe('negative responses', () => {
  test('NXDOMAIN carries the SOA with the lower of its TTL and minimum (RFC 2308 §5)', () => {
    const m = ask([example], 'nothing.example.com. A', { nameServersInAnswers: true });
    expect([m.rcode, m.flags.aa, m.answer.length, m.authority.map((r) => [r.type, r.ttl])]).toEqual([
      'NXDOMAIN',
      true,
      0,
      [['SOA', 900]],
    ]);
    const short = zone('short.', '@ 3600 SOA a. b. 1 2 3 4 60\n@ 3600 NS a.\n');
    expect(ask([short], 'nothing.short. A').authority).toMatchObject([{ type: 'SOA', ttl: 60 }]);
    expect(ask([short], 'short. SOA').answer).toMatchObject([{ type: 'SOA', ttl: 3600 }]);
  });

  test('an empty non-terminal is NODATA, never NXDOMAIN', () => {
    expect([ask([example], 'b.example.com. A').rcode, ask([example], 'b.example.com. A').authority[0]?.type]).toEqual([
      'NOERROR',
      'SOA',
    ]);
  });

  test('a wildcard answers under the name asked for, and NODATA for other types', () => {
    expect(texts(ask([example], 'x.y.wild.example.com. TXT').answer)).toEqual(['x.y.wild.example.com. 300 IN TXT "wild"']);
    expect(ask([example], 'x.wild.example.com. A')).toMatchObject({ rcode: 'NOERROR', answer: [] });
  });
});

describe('referrals', () => {
  test('.com gives four names and vouches only for addresses below .com', () => {
    const m = ask([com, net], 'www.example.com. A');
    expect([m.flags.aa, m.rcode, m.answer.length]).toEqual([false, 'NOERROR', 0]);
    expect(texts(m.authority)).toEqual([
      'example.com. 172800 IN NS ns-2048.awsdns-64.com.',
      'example.com. 172800 IN NS ns-2049.awsdns-65.net.',
    ]);
    expect(texts(m.additional)).toEqual(['ns-2048.awsdns-64.com. 172800 IN A 205.251.200.0']);
  });

  test('a question for the cut’s own name is referred too, and its DS is the parent’s', () => {
    expect(ask([com], 'signed.com. NS').flags.aa).toBe(false);
    expect(ask([com], 'signed.com. DS')).toMatchObject({ flags: { aa: true }, authority: [{ type: 'SOA' }] });
  });

  test('glue has A before AAAA', () => {
    expect(ask([com], 'signed.com. A').additional.map((r) => r.type)).toEqual(['A', 'AAAA']);
  });

  test('the closest zone of the server answers; its DS comes from the zone above', () => {
    expect(ask([com, example], 'www.example.com. A').flags.aa).toBe(true);
    expect(ask([com, example], 'example.com. DS').authority[0]?.name).toBe('com.');
    expect(ask([example], 'example.com. DS').authority[0]?.name).toBe('example.com.');
  });
});

describe('what is not answered', () => {
  test.each<[string, Message['rcode'], string, Partial<Message>]>([
    ['a name outside of the zones', 'REFUSED', 'www.example.org. A', {}],
    ['a zone transfer', 'REFUSED', 'example.com. AXFR', {}],
    ['another opcode', 'NOTIMP', 'example.com. SOA', { opcode: 'NOTIFY' }],
    ['no question', 'FORMERR', 'example.com. A', { question: [] }],
    ['a later EDNS version', 'BADVERS', 'www.example.com. A', { edns: { version: 1, udpSize: 1232, do: false, options: [] } }],
    ['a type that only messages have', 'FORMERR', 'example.com. TSIG', {}],
    ['a mark of denial (RFC 9824 §3.5)', 'FORMERR', 'example.com. TYPE128', {}],
    [
      'two OPT records (RFC 6891 §6.1.1)',
      'FORMERR',
      'www.example.com. A',
      { additional: [{ name: name('.'), type: 'OPT', class: 'IN', ttl: 0, data: { opaque: new Uint8Array(0) } }] },
    ],
    [
      'another class',
      'REFUSED',
      'www.example.com. A',
      { question: [{ name: name('www.example.com.'), type: 'A', class: 'CH' }] },
    ],
  ])('%s', (_what, rcode, text, change) => {
    expect(ask([example], text, {}, change)).toMatchObject({ rcode, answer: [], authority: [], flags: { aa: false } });
  });

  test('CD is no matter of an authoritative server, and does not come back (RFC 4035 §3.1.6)', () => {
    const flags = { qr: false, aa: false, tc: false, rd: false, ra: false, z: false, ad: true, cd: true };
    expect(ask([example], 'www.example.com. A', {}, { flags }).flags).toMatchObject({ cd: false, ad: false });
  });

  test('the response has EDNS exactly when the query had it, with the server’s own size', () => {
    const edns = { version: 0, udpSize: 512, do: true, options: [] };
    expect(ask([example], 'www.example.com. A', {}, { edns }).edns).toEqual({ version: 0, udpSize: 1232, do: true, options: [] });
    expect(ask([example], 'www.example.com. A', { udpSize: 4096 }, { edns }).edns?.udpSize).toBe(4096);
    expect(ask([example], 'www.example.com. A').edns).toBeUndefined();
  });
});
