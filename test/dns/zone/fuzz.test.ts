import fc from 'fast-check';
import { expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import { zoneMistakes } from '../../../src/dns/zone/check.ts';
import { parseMasterFile } from '../../../src/dns/zone/masterFile.ts';
import { printZone } from '../../../src/dns/zone/print.ts';
import { makeZone } from '../../../src/dns/zone/zone.ts';

const ORIGIN = name('example.com.');

/** Reads a text in every way there is: each of its mistakes has a place in it, and what could be read makes a zone. */
function readAll(text: string): void {
  const file = parseMasterFile(text, { file: 'fuzz', origin: ORIGIN, include: (path) => (path.length < 4 ? text : undefined) });
  const lines = text.split('\n').length;
  for (const mistake of [...file.mistakes, ...zoneMistakes(ORIGIN, file)]) {
    expect(mistake.line).toBeLessThanOrEqual(lines);
    expect(mistake.column).toBeGreaterThan(0);
    expect(mistake.expected).not.toBe('');
  }
  printZone(makeZone(ORIGIN, file.records));
}

const word = fc.constantFrom(
  ...[
    '@',
    '.',
    'www',
    'a.b.',
    '*',
    '\\',
    '\\1',
    '\\255',
    '\\999',
    '"',
    '"a b"',
    '(',
    ')',
    ';',
    '\n',
    '\n ',
    '\t',
    '\r\n',
    '\0',
    'é',
    '\ud800',
  ],
  ...[
    '$ORIGIN',
    '$TTL',
    '$INCLUDE',
    '$GENERATE',
    '$',
    '1-9/2',
    '0-99999',
    '{',
    '$'.concat('{0,3,n}'),
    'x.y',
    '300',
    '1h',
    '-1',
    '99999999999',
  ],
  ...[
    'IN',
    'CH',
    'CLASS9',
    'ANY',
    'A',
    'AAAA',
    'NS',
    'SOA',
    'MX',
    'TXT',
    'SVCB',
    'LOC',
    'RRSIG',
    'NSEC',
    'NSEC3',
    'DS',
    'CAA',
    'TYPE7',
    '\\#',
  ],
  ...[
    '192.0.2.1',
    '2001:db8::1',
    '4',
    'C0000201',
    '20300101000000',
    'alpn=h2',
    'key9="',
    'mandatory=',
    '-',
    'N',
    'E',
    '10m',
    'AAAA=',
    '"key=v"',
  ],
);

test('texts made of the words of zone files never throw', () => {
  const text = fc
    .array(fc.tuple(word, fc.constantFrom(' ', ' ', '', '\n')), { maxLength: 60 })
    .map((parts) => parts.flat().join(''));
  fc.assert(fc.property(text, readAll), { numRuns: 1_500, seed: 20_260_101 });
});

test('a right zone file with octets changed, lost or doubled never throws', () => {
  const right = `$TTL 1h\n@ SOA ns1 host ( 1 2h 3 ; c\n 4 5 )\n NS ns1\nns1 A 192.0.2.1\n AAAA 2001:db8::1\nt TXT "a b" c\\032d
s HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.1 key700=ab\nl LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
n NAPTR 1 2 "S" "x" "!a!b!" c\nr RRSIG A 8 2 300 20300101000000 20200101000000 1 @ AAAA\n3 NSEC3 1 0 0 - 2T7B4G4VSA5S A\n$GENERATE 1-3 h$ A 192.0.2.$\n`;
  const change = fc.tuple(fc.nat({ max: right.length }), fc.nat({ max: 3 }), fc.string({ unit: 'binary', maxLength: 2 }));
  const text = fc
    .array(change, { minLength: 1, maxLength: 8 })
    .map((changes) => changes.reduce((so, [at, lost, put]) => so.slice(0, at) + put + so.slice(at + lost), right));
  fc.assert(fc.property(text, readAll), { numRuns: 600, seed: 20_260_102 });
});
