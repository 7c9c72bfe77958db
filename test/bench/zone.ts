/** Zone files against bns, and whether a large zone answers as fast as a small one. */
import { query } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import type { RecordType } from '../../src/dns/record.ts';
import { parseMasterFile } from '../../src/dns/zone/masterFile.ts';
import { respond, zoneSet } from '../../src/dns/zone/respond.ts';
import { makeZone } from '../../src/dns/zone/zone.ts';
import type { BenchRow } from './row.ts';
import { ratio } from './row.ts';

const ORIGIN = name('example.com.');

export async function bench(): Promise<BenchRow[]> {
  // Its cryptography looks for a compiled part that is not there; its own switch makes it do without.
  process.env.NODE_BACKEND = 'js';
  const { default: bns } = await import('bns');
  const text = zoneText(5_000);
  const parse = (): number => parseMasterFile(text, { file: 'example.com.zone', origin: ORIGIN }).records.length;
  const parseBns = (): number => bns.wire.fromZone(text, ORIGIN).length;
  if (parse() !== parseBns()) throw new Error('the two parsers read different numbers of records');
  const large = answering(10_000);
  const small = answering(10);
  return [
    {
      what: 'zone file, 5,000 lines',
      measured: ratio(times(10, parse), times(10, parseBns)),
      target: 3.5,
      better: 'higher',
      unit: '× bns',
    },
    {
      what: 'an answer from 10,000 records, time of one from 10',
      measured: ratio(small, large),
      target: 2,
      better: 'lower',
      unit: '×',
    },
  ];
}

/** A zone file as people write them: relative names, blank owners, TTLs and classes here and there, common types. */
function zoneText(lines: number): string {
  const text = [
    '$ORIGIN example.com.',
    '$TTL 3600',
    '@ IN SOA ns1 hostmaster 2026010101 7200 900 1209600 86400',
    '@ NS ns1',
    'ns1 A 192.0.2.1',
  ];
  for (let i = 0; text.length < lines; i++) {
    const kinds = [
      `host${i} 300 IN A 192.0.${(i >> 8) & 255}.${i & 255}`,
      `  IN AAAA 2001:db8:${((i >> 8) + 1).toString(16)}::${(i + 1).toString(16)}`,
      `mail${i} IN MX 10 mail.example.net. ; a comment`,
      `text${i} IN TXT "v=spf1 include:_spf.example.net -all" "second"`,
      `alias${i} 86400 CNAME host${i}`,
      `_sip._tcp.s${i} IN SRV 10 60 5060 host${i}`,
    ];
    text.push(kinds[i % kinds.length] as string);
  }
  return `${text.join('\n')}\n`;
}

/** A round of a thousand answers from a zone of `size` records: addresses, an alias, NODATA and NXDOMAIN. */
function answering(size: number): () => number {
  const { records } = parseMasterFile(zoneText(size), { file: 'example.com.zone', origin: ORIGIN });
  const zones = zoneSet([makeZone(ORIGIN, records)]);
  const questions = (
    [
      ['host0', 'A'],
      ['alias4', 'A'],
      ['host0', 'TXT'],
      ['nothing', 'A'],
    ] as const
  ).map(([owner, type]) => query(1, { name: name(`${owner}.example.com.`), type: type as RecordType, class: 'IN' }));
  return () => {
    for (let i = 0; i < 4_000; i++) respond(zones, questions[i & 3] as (typeof questions)[0]);
    return 4_000;
  };
}

const times = (n: number, work: () => number) => (): number => {
  let done = 0;
  for (let i = 0; i < n; i++) done += work();
  return done;
};
