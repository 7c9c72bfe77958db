import { expect, test } from 'vitest';
import { mistakeText } from '../../../src/base/mistake.ts';
import { name } from '../../../src/dns/name.ts';
import { zoneMistakes, zoneProblems } from '../../../src/dns/zone/check.ts';
import type { MasterFile } from '../../../src/dns/zone/masterFile.ts';
import { parseMasterFile } from '../../../src/dns/zone/masterFile.ts';

const ORIGIN = name('example.com.');
const RIGHT = '@ SOA ns.example.net. h 1 2 3 4 5\n@ NS ns.example.net.\n';
const file = (text: string): MasterFile => parseMasterFile(text, { file: 'example.zone', origin: ORIGIN, defaultTtl: 60 });
const rules = (text: string): string[] => zoneProblems(ORIGIN, file(text).records).map((p) => `${p.severity} ${p.rule}`);

test('a zone with SOA, NS, aliases, a delegation with glue and a signed cut has no problem', () => {
  expect(
    rules(`${RIGHT}www CNAME host
host A 192.0.2.1
* TXT "x"
sub NS ns.sub
sub NS other.example.net.
sub DS 1 8 2 AA
ns.sub A 192.0.2.2
old DNAME new
`),
  ).toEqual([]);
});

test.each([
  ['@ NS ns.example.net.\n', ['error no-soa']],
  ['@ SOA a. b. 1 2 3 4 5\n', ['error no-name-servers']],
  [`${RIGHT}@ SOA a. b. 2 2 3 4 5\n`, ['error several-soa']],
  [`${RIGHT}x SOA a. b. 2 2 3 4 5\n`, ['error soa-below-apex']],
  [`${RIGHT}x CNAME y\nx A 192.0.2.1\n`, ['error cname-and-other-data']],
  [`${RIGHT}x CNAME y\nx CNAME z\n`, ['error several-aliases']],
  [`${RIGHT}x DNAME y\nx DNAME z\n`, ['error several-aliases']],
  [`${RIGHT}x.example.net. A 192.0.2.1\n`, ['error outside-zone']],
  [`${RIGHT}x CH TXT "x"\n`, ['error other-class']],
  [`${RIGHT}x 5 A 192.0.2.1\nx 6 A 192.0.2.2\nx 7 A 192.0.2.3\n`, ['warning unequal-ttls']],
  [`${RIGHT}x NS ns.x\n`, ['warning missing-glue']],
  [`${RIGHT}x NS y\ny CNAME z\n`, ['warning alias-as-target']],
  [`${RIGHT}@ MX 1 y\ny CNAME z\n`, ['warning alias-as-target']],
  [`${RIGHT}x NS a.\nb.x TXT "hidden"\n`, ['warning below-cut']],
  [`${RIGHT}x NS a.\nx TXT "hidden"\n`, ['warning at-cut']],
  [`${RIGHT}x DNAME a.\nb.x A 192.0.2.1\n`, ['warning below-dname']],
  [`${RIGHT}x DS 1 8 2 AA\n`, ['warning ds-without-cut']],
  [`${RIGHT}x A \\# 3 C00002\n`, ['warning unfit-data']],
])('%j has %j', (text, expected) => expect(rules(text)).toEqual(expected));

test('errors become mistakes at the lines of their records', () => {
  expect(
    zoneMistakes(ORIGIN, file('@ NS ns.example.net.\n\nwww CNAME x\nwww A 192.0.2.1\nwww 5 A 192.0.2.2\n')).map(mistakeText),
  ).toEqual([
    'example.zone:1:1: found no SOA record at example.com., expected one SOA record there',
    'example.zone:3:1: found A beside a CNAME at www.example.com., expected nothing beside a CNAME',
  ]);
});
