import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import { recordText } from '../../../src/dns/presentation.ts';
import type { RecordType, ResourceRecord } from '../../../src/dns/record.ts';
import type { Finding } from '../../../src/dns/zone/find.ts';
import { find } from '../../../src/dns/zone/find.ts';
import { parseMasterFile } from '../../../src/dns/zone/masterFile.ts';
import { printZone } from '../../../src/dns/zone/print.ts';
import type { Zone } from '../../../src/dns/zone/zone.ts';
import { makeZone, withoutRRset, withRecords, zoneRecords } from '../../../src/dns/zone/zone.ts';

const ORIGIN = name('example.');
const read = (text: string): ResourceRecord[] => {
  const { records, mistakes } = parseMasterFile(text, { file: 'zone', origin: ORIGIN, defaultTtl: 300 });
  expect(mistakes).toEqual([]);
  return [...records];
};
const zone = (text: string): Zone => makeZone(ORIGIN, read(text));
const look = (z: Zone, owner: string, type: RecordType): Finding => find(z, name(owner), type).value;

describe('wildcards: the zone and the table of RFC 4592 §2.2.1', () => {
  const z = zone(`@ SOA ns hostmaster 1 2 3 4 5
@ NS ns.example.com.
@ NS ns.example.net.
*.example. TXT "this is a wildcard"
*.example. MX 10 host1.example.
sub.*.example. TXT "this is not a wildcard"
host1.example. A 192.0.2.1
_ssh._tcp.host1.example. SRV 0 0 22 host1
_ssh._tcp.host2.example. SRV 0 0 22 host2
subdel.example. NS ns.example.com.
subdel.example. NS ns.example.net.
`);
  test.each<[string, RecordType, Finding['kind'], string | undefined]>([
    ['host3.example.', 'MX', 'answer', '*.example.'],
    ['host3.example.', 'A', 'nodata', undefined],
    ['foo.bar.example.', 'TXT', 'answer', '*.example.'],
    ['host1.example.', 'MX', 'nodata', undefined],
    ['sub.*.example.', 'MX', 'nodata', undefined],
    ['_telnet._tcp.host1.example.', 'SRV', 'nxdomain', undefined],
    ['host.subdel.example.', 'A', 'referral', undefined],
    ['ghost.*.example.', 'MX', 'nxdomain', undefined],
    ['*.example.', 'MX', 'answer', undefined],
    ['_tcp.host1.example.', 'SRV', 'nodata', undefined],
  ])('%s %s is %s', (owner, type, kind, wildcard) => {
    const finding = look(z, owner, type);
    expect(finding.kind).toBe(kind);
    expect('wildcard' in finding && typeof finding.wildcard === 'string' ? finding.wildcard : undefined).toBe(wildcard);
  });

  test('what a wildcard gives carries the name asked for', () => {
    const finding = look(z, 'host3.example.', 'MX');
    expect(finding.kind === 'answer' && finding.rrset.records.map(recordText)).toEqual([
      'host3.example. 300 IN MX 10 host1.example.',
    ]);
  });
});

describe('lookup', () => {
  const z = zone(`@ SOA ns hostmaster 1 2 3 4 5
@ NS ns
a.b.c A 192.0.2.1
alias CNAME a.b.c
alias NSEC b CNAME NSEC
*.w CNAME a.b.c
*.empty.w.x TXT "x"
cut NS ns.cut
cut DS 1 8 2 AA
ns.cut A 192.0.2.2
deep.ns.cut NS elsewhere.
old DNAME new
beside.old A 192.0.2.3
`);
  test.each<[string, RecordType, Finding['kind'], string]>([
    ['A.B.C.example.', 'A', 'answer', 'answer'],
    ['b.c.example.', 'A', 'nodata', 'empty-non-terminal'],
    ['x.c.example.', 'A', 'nxdomain', 'nxdomain'],
    ['alias.example.', 'A', 'cname', 'cname'],
    ['alias.example.', 'CNAME', 'answer', 'answer'],
    ['alias.example.', 'NSEC', 'answer', 'answer'],
    ['alias.example.', 'ANY', 'answer', 'answer'],
    ['any.w.example.', 'A', 'cname', 'cname'],
    ['q.empty.w.x.example.', 'A', 'nodata', 'nodata'],
    ['cut.example.', 'NS', 'referral', 'zone-cut'],
    ['cut.example.', 'DS', 'answer', 'answer'],
    ['ns.cut.example.', 'A', 'referral', 'zone-cut'],
    ['x.cut.example.', 'DS', 'referral', 'zone-cut'],
    ['x.deep.ns.cut.example.', 'A', 'referral', 'zone-cut'],
    ['old.example.', 'A', 'nodata', 'nodata'],
    ['old.example.', 'DNAME', 'answer', 'answer'],
    ['x.old.example.', 'A', 'dname', 'dname'],
    ['beside.old.example.', 'A', 'dname', 'dname'],
    ['example.', 'SOA', 'answer', 'answer'],
    ['com.', 'A', 'outside', 'outside-zone'],
    ['badexample.', 'A', 'outside', 'outside-zone'],
  ])('%s %s is %s because of %s', (owner, type, kind, rule) => {
    const { value, reasons } = find(z, name(owner), type);
    expect([value.kind, reasons.at(-1)?.rule]).toEqual([kind, rule]);
  });

  test('the topmost of two cuts refers', () => {
    const finding = look(z, 'x.deep.ns.cut.example.', 'A');
    expect(finding.kind === 'referral' && finding.cut.name).toBe('cut.example.');
  });

  test('the closest encloser of a missing name is the longest name that exists', () => {
    const finding = look(z, 'x.y.b.c.example.', 'A');
    expect(finding.kind === 'nxdomain' && finding.closestEncloser).toBe('b.c.example.');
  });

  test('names with dots inside labels are not mistaken for names below', () => {
    const dotted = zone('@ SOA ns h 1 2 3 4 5\na\\.b A 192.0.2.1\n');
    expect(look(dotted, 'b.example.', 'A').kind).toBe('nxdomain');
    expect(look(dotted, 'a\\.b.example.', 'A').kind).toBe('answer');
  });
});

describe('what a zone keeps', () => {
  test('a record given twice is kept once, and the lowest TTL counts for its RRset', () => {
    const z = zone('@ SOA a b 1 2 3 4 5\nx 30 A 192.0.2.1\nx 20 A 192.0.2.1\nx 10 A 192.0.2.2\n');
    expect(
      zoneRecords(z)
        .filter((r) => r.type === 'A')
        .map(recordText),
    ).toEqual(['x.example. 10 IN A 192.0.2.1', 'x.example. 10 IN A 192.0.2.2']);
  });

  test('records outside of the zone or of another class are left out', () => {
    expect(zoneRecords(zone('@ SOA a b 1 2 3 4 5\nx.com. A 192.0.2.1\nx CH A \\# 0\n'))).toHaveLength(1);
  });

  test('a zone is printed with its SOA first and names in canonical order', () => {
    expect(printZone(zone('b A 192.0.2.1\na.b A 192.0.2.2\n@ TXT "t"\n@ NS a\n@ SOA a b 1 2 3 4 5\n'))).toBe(`$ORIGIN example.
@   300 IN SOA a.example. b.example. 1 2 3 4 5
@   300 IN NS  a.example.
@   300 IN TXT "t"
b   300 IN A   192.0.2.1
a.b 300 IN A   192.0.2.2
`);
  });
});

describe('edits give another zone', () => {
  const z = zone('@ SOA ns h 1 2 3 4 5\n@ NS ns\nwww A 192.0.2.1\n');

  test('records are added, and the zone before is as it was', () => {
    const edited = withRecords(z, read('a.b.c A 192.0.2.9\nwww A 192.0.2.2\n'));
    expect(look(edited, 'b.c.example.', 'A').kind).toBe('nodata');
    expect(look(edited, 'www.example.', 'A')).toMatchObject({ rrset: { records: [{}, {}] } });
    expect(look(z, 'b.c.example.', 'A').kind).toBe('nxdomain');
    expect(look(z, 'www.example.', 'A')).toMatchObject({ rrset: { records: [{}] } });
  });

  test('with its last record a name goes, and the empty names above it', () => {
    const edited = withRecords(z, read('a.b.c A 192.0.2.9\nc TXT "here"\n'));
    const without = withoutRRset(edited, name('a.b.c.example.'), 'A');
    expect([look(without, 'a.b.c.example.', 'A').kind, look(without, 'b.c.example.', 'A').kind]).toEqual([
      'nxdomain',
      'nxdomain',
    ]);
    expect(look(without, 'c.example.', 'TXT').kind).toBe('answer');
    expect(look(edited, 'b.c.example.', 'A').kind).toBe('nodata');
  });

  test('a zone made by edits is the zone made at once', () => {
    const labels = fc.constantFrom('a', 'b', '*', 'a.b', 'b.a', 'x.a.b');
    const edits = fc.array(fc.record({ owner: labels, type: fc.constantFrom<RecordType>('A', 'TXT'), keep: fc.boolean() }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(edits, (steps) => {
        let edited = z;
        const held = new Map<string, string>();
        for (const { owner, type, keep } of steps) {
          const line = `${owner} ${type} ${type === 'A' ? '192.0.2.7' : '"t"'}`;
          if (keep) {
            edited = withRecords(edited, read(line));
            if (!held.has(`${owner} ${type}`)) held.set(`${owner} ${type}`, line);
          } else {
            edited = withoutRRset(edited, name(`${owner}.example.`), type);
            held.delete(`${owner} ${type}`);
          }
        }
        const atOnce = withRecords(z, read([...held.values()].join('\n')));
        expect(printZone(edited)).toBe(printZone(atOnce));
        expect([...edited.nodes.entries()].map(([id, node]) => `${id} ${node.below}`).sort()).toEqual(
          [...atOnce.nodes.entries()].map(([id, node]) => `${id} ${node.below}`).sort(),
        );
      }),
      { numRuns: 100, seed: 4 },
    );
  });
});
