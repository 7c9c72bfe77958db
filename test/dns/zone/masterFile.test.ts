import { describe, expect, test } from 'vitest';
import { mistakeText } from '../../../src/base/mistake.ts';
import { name } from '../../../src/dns/name.ts';
import { recordText } from '../../../src/dns/presentation.ts';
import type { MasterFile, MasterFileOptions } from '../../../src/dns/zone/masterFile.ts';
import { parseMasterFile } from '../../../src/dns/zone/masterFile.ts';

const read = (text: string, options: Partial<MasterFileOptions> = {}): MasterFile =>
  parseMasterFile(text, { file: 'example.zone', origin: name('example.com.'), defaultTtl: 60, ...options });
const records = (text: string, options: Partial<MasterFileOptions> = {}): string[] => {
  const file = read(text, options);
  expect(file.mistakes.map(mistakeText)).toEqual([]);
  return file.records.map(recordText);
};
const mistakes = (text: string, options: Partial<MasterFileOptions> = {}): string[] =>
  read(text, options).mistakes.map(mistakeText);
const withoutTtl = (text: string): MasterFile => parseMasterFile(text, { file: 'example.zone', origin: name('example.com.') });

describe('entries', () => {
  test('TTL and class come in either order, or not at all', () => {
    expect(records('a 5 IN A 192.0.2.1\na IN 5 A 192.0.2.1\na 5 A 192.0.2.1\na IN A 192.0.2.1\na A 192.0.2.1')).toEqual([
      'a.example.com. 5 IN A 192.0.2.1',
      'a.example.com. 5 IN A 192.0.2.1',
      'a.example.com. 5 IN A 192.0.2.1',
      'a.example.com. 60 IN A 192.0.2.1',
      'a.example.com. 60 IN A 192.0.2.1',
    ]);
  });

  test('a record that starts with a blank has the owner of the one before', () => {
    expect(records('a A 192.0.2.1\n  A 192.0.2.2\n\tA 192.0.2.3')).toHaveLength(3);
    expect(records('a A 192.0.2.1\n ; only a comment\n\n  A 192.0.2.2')[1]).toBe('a.example.com. 60 IN A 192.0.2.2');
  });

  test('@ is the origin, and $ORIGIN changes it, relative to the one before', () => {
    expect(records('@ NS @\n$ORIGIN sub\n@ NS a\n$ORIGIN example.net.\nb NS c.')).toEqual([
      'example.com. 60 IN NS example.com.',
      'sub.example.com. 60 IN NS a.sub.example.com.',
      'b.example.net. 60 IN NS c.',
    ]);
  });

  test('parentheses join lines, comments inside them included', () => {
    expect(records('@ SOA ns1 host ( 1 ; serial\n 2h\n\n 3 4 ) 5 ; end')).toEqual([
      'example.com. 60 IN SOA ns1.example.com. host.example.com. 1 7200 3 4 5',
    ]);
  });

  test('quotation marks hold blanks, semicolons and parentheses', () => {
    expect(records('@ TXT "a ; b ( c" d')).toEqual(['example.com. 60 IN TXT "a ; b ( c" "d"']);
  });

  test('escapes in names and texts mean octets', () => {
    expect(records('a\\.b TXT \\065\\"\\\\')).toEqual(['a\\.b.example.com. 60 IN TXT "A\\"\\\\"']);
    expect(records('\\097 A 192.0.2.1')).toEqual(['a.example.com. 60 IN A 192.0.2.1']);
    expect(records('\\$x TXT \\@')).toEqual(['\\$x.example.com. 60 IN TXT "@"']);
  });

  test('text outside ASCII is UTF-8', () => {
    expect(records('@ TXT é')).toEqual(['example.com. 60 IN TXT "\\195\\169"']);
  });

  test('lines may end in CR LF, the last one in nothing, and a byte order mark may lead', () => {
    expect(records('\ufeffa A 192.0.2.1\r\nb A 192.0.2.2')).toEqual([
      'a.example.com. 60 IN A 192.0.2.1',
      'b.example.com. 60 IN A 192.0.2.2',
    ]);
  });

  test('RFC 3597: any type and class by number, and any data as octets', () => {
    expect(records('a CLASS1 TYPE1 \\# 4 C0 000201\nb TYPE731 \\# 6 abcdef (\n01 23 45 )\nc CLASS32 TYPE731 \\# 0')).toEqual([
      'a.example.com. 60 IN A 192.0.2.1',
      'b.example.com. 60 IN TYPE731 \\# 6 ABCDEF012345',
      'c.example.com. 60 CLASS32 TYPE731 \\# 0',
    ]);
  });

  test('octets that do not fit their type are kept as they are', () => {
    expect(records('a A \\# 3 C00002')).toEqual(['a.example.com. 60 IN A \\# 3 C00002']);
  });
});

describe('TTLs', () => {
  test('$TTL gives the TTL of records without one; a record’s own does not last (RFC 2308 §4)', () => {
    expect(withoutTtl('$TTL 1h30m\na A 192.0.2.1\nb 5 A 192.0.2.1\nc A 192.0.2.1').records.map((r) => r.ttl)).toEqual([
      5_400, 5, 5_400,
    ]);
  });

  test('without $TTL the TTL stated last counts (RFC 1035 §5.1)', () => {
    expect(
      withoutTtl('a 7 A 192.0.2.1\nb A 192.0.2.1\nc 1w2d3h4m5s A 192.0.2.1\nd A 192.0.2.1').records.map((r) => r.ttl),
    ).toEqual([7, 7, 788_645, 788_645]);
  });

  test('an SOA record without any TTL has its minimum, and the records after it too', () => {
    expect(withoutTtl('@ SOA a b 1 2 3 4 900\n@ NS a').records.map((r) => r.ttl)).toEqual([900, 900]);
  });

  test('no TTL at all is a mistake', () => {
    expect(withoutTtl('a A 192.0.2.1').mistakes.map(mistakeText)).toEqual([
      'example.zone:1:3: found "A", expected a TTL: neither the record nor $TTL gives one',
    ]);
  });
});

describe('$INCLUDE', () => {
  const files: Readonly<Record<string, string>> = {
    'hosts.inc': '$ORIGIN deep\nwww A 192.0.2.9\n',
    'same.inc': ' AAAA 2001:db8::1\nlast A 192.0.2.8\n',
    'loop.inc': '$INCLUDE loop.inc\n$INCLUDE loop.inc\n',
    'bad.inc': '\nx A nothing\n',
  };
  const include = (path: string): string | undefined => files[path];

  test('the file’s names are relative to the origin given, and the origin here stays', () => {
    expect(records('$INCLUDE hosts.inc sub\nwww A 192.0.2.1', { include })).toEqual([
      'www.deep.sub.example.com. 60 IN A 192.0.2.9',
      'www.example.com. 60 IN A 192.0.2.1',
    ]);
  });

  test('a blank owner in the file is the one before, and the owner here stays', () => {
    expect(records('www A 192.0.2.1\n$INCLUDE same.inc\n A 192.0.2.2', { include }).map((text) => text.split(' ')[0])).toEqual([
      'www.example.com.',
      'www.example.com.',
      'last.example.com.',
      'www.example.com.',
    ]);
  });

  test('mistakes and records know the file that they are in', () => {
    expect(mistakes('$INCLUDE bad.inc', { include })).toEqual(['bad.inc:2:5: found "nothing", expected an IPv4 address']);
    const file = read('\n$INCLUDE hosts.inc', { include });
    expect(file.placeOf(file.records[0])).toEqual({ file: 'hosts.inc', line: 2, column: 1 });
  });

  test('a file that includes itself ends in one mistake', () => {
    expect(mistakes('$INCLUDE loop.inc', { include })).toEqual([
      'loop.inc:1:10: found "loop.inc", expected at most 16 files inside one another: do they include themselves?',
    ]);
  });

  test('a file that is not there is a mistake', () => {
    expect(mistakes('$INCLUDE none.inc', { include })).toEqual([
      'example.zone:1:10: found "none.inc", expected a file that exists',
    ]);
  });
});

describe('$GENERATE', () => {
  const counter = (modifiers: string): string => '$'.concat('{', modifiers, '}');
  const generated = (line: string): string[] => records(line).map((text) => text.replace(/\.example\.com\. 60 IN/, ''));

  test('the counter goes from start to stop by step', () => {
    expect(generated('$GENERATE 1-7/3 host$ A 192.0.2.$')).toEqual([
      'host1 A 192.0.2.1',
      'host4 A 192.0.2.4',
      'host7 A 192.0.2.7',
    ]);
  });

  test('offset, width and base shape the counter', () => {
    expect(generated(`$GENERATE 9-10 h${counter('1')} A 192.0.2.1`).map((text) => text.split(' ')[0])).toEqual(['h10', 'h11']);
    expect(generated(`$GENERATE 9-10 h${counter('-2,3')} A 192.0.2.1`).map((text) => text.split(' ')[0])).toEqual([
      'h007',
      'h008',
    ]);
    expect(
      generated(
        `$GENERATE 26-26 ${counter('0,4,x')}-${counter('0,4,X')}-${counter('0,0,o')}-${counter('0,2,d')} A 192.0.2.1`,
      ).map((text) => text.split(' ')[0]),
    ).toEqual(['001a-001A-32-26']);
  });

  test('nibbles are hexadecimal digits from the last to the first, their dots counted in the width', () => {
    expect(records(`$ORIGIN ip6.arpa.\n$GENERATE 1-2 ${counter('4094,7,n')} PTR h${counter('0,3,d')}.example.net.`)).toEqual([
      'f.f.f.0.ip6.arpa. 60 IN PTR h001.example.net.',
      '0.0.0.1.ip6.arpa. 60 IN PTR h002.example.net.',
    ]);
  });

  test('data in quotation marks is taken out of them, and $$ or \\$ is a dollar sign', () => {
    expect(generated('$GENERATE 1-1 @ 60 IN MX "10 mx$"')).toEqual(['example.com. 60 IN MX 10 mx1.example.com.']);
    expect(generated('$GENERATE 1-1 a$$ TXT x\\$$')).toEqual(['a\\$ TXT "x$1"']);
  });

  test.each([
    ['$GENERATE 5-1 a$ A 192.0.2.$', 'example.zone:1:11: found "5-1"'],
    ['$GENERATE 0-99999999 a$ A 192.0.2.1', 'example.zone:1:11: found "0-99999999", expected a range of at most 65536 records'],
    [`$GENERATE 1-2 a${counter('0,q')} A 192.0.2.1`, `example.zone:1:16: found "a${counter('0,q')}"`],
    ['$GENERATE 1-2 a$', 'example.zone:1:17: found the end of the text, expected a range, an owner, a type and data'],
    [
      '$GENERATE 255-300 a$ A 192.0.2.$',
      'example.zone:1:1: found "192.0.2.256" in the generated "a256 A 192.0.2.256", expected an IPv4 address',
    ],
  ])('%s is one mistake', (line, expected) => {
    expect(mistakes(line)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('mistakes', () => {
  test('all are reported at once, each with its place, what was found and what was expected', () => {
    const text = [
      'www 300x A 192.0.2.1',
      'www A 192.0.2.256',
      'www AAAA 192.0.2.1',
      'www MX mail 10',
      'a..b A 192.0.2.1',
      '@ TXT "never closed',
      'www FOO 1',
      'www A 192.0.2.1 192.0.2.2',
      'www SRV 1 2 70000 target',
      'www DS 1 8 2 XYZ',
      '@ RRSIG A 8 2 300 20301301000000 20200101000000 1 @ AAAA',
      'www )',
      '$ORIGINS example.net.',
      '$TTL 99999999999',
      'good A 192.0.2.7',
      'www SOA a b ( 1 2',
      'www A 192.0.2.2.',
    ].join('\n');
    expect(mistakes(text)).toEqual([
      'example.zone:1:5: found "300x", expected seconds from 0 to 2147483647, as a number or as in 1h30m',
      'example.zone:2:7: found "192.0.2.256", expected an IPv4 address',
      'example.zone:3:10: found "192.0.2.1", expected an IPv6 address',
      'example.zone:4:8: found "mail", expected a number from 0 to 65535',
      'example.zone:5:3: found "a..b", expected a domain name (a label is empty; two dots stand together)',
      'example.zone:6:7: found a quotation mark without its partner, expected a closing " on the same line',
      'example.zone:7:5: found "FOO", expected a TTL, a class or a record type',
      'example.zone:8:17: found "192.0.2.2", expected the end of the record: A takes no more',
      'example.zone:9:13: found "70000", expected a number from 0 to 65535',
      'example.zone:10:14: found "XYZ", expected octets in hexadecimal',
      'example.zone:11:19: found "20301301000000", expected a time as YYYYMMDDHHmmSS, or seconds since 1970 that the calendar has',
      'example.zone:12:5: found ")" without "(", expected as many "(" before it',
      'example.zone:13:1: found "$ORIGINS", expected $ORIGIN, $TTL, $INCLUDE or $GENERATE',
      'example.zone:14:6: found "99999999999", expected seconds from 0 to 2147483647, as a number or as in 1h30m',
      'example.zone:16:13: found "(" that is never closed, expected ")" before the end of the file',
      'example.zone:17:7: found "192.0.2.2.", expected an IPv4 address',
    ]);
    expect(read(text).records.map(recordText)).toEqual(['good.example.com. 60 IN A 192.0.2.7']);
  });

  test('a wrong owner is one mistake, not one more for each record below it', () => {
    expect(mistakes('a..b A 192.0.2.1\n A 192.0.2.2\n A 192.0.2.3')).toHaveLength(1);
  });

  test('a file of nothing but mistakes is given up after five hundred', () => {
    const found = mistakes('x\n'.repeat(2_000));
    expect(found).toHaveLength(500);
    expect(found[499]).toContain('too many mistakes');
  });
});
