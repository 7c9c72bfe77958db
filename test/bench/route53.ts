/** Hosted zones: how fast a large one is read, and whether its size is felt when it answers. */
import { address } from '../../src/base/address.ts';
import { START } from '../../src/base/time.ts';
import type { Message } from '../../src/dns/message.ts';
import { query } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { importRecordSets } from '../../src/route53/formats/recordSets.ts';
import type { HostedZone } from '../../src/route53/hostedZone.ts';
import { locateBuiltIn } from '../../src/route53/places/location.ts';
import { bareServices, hostedZoneResponder, hostedZoneSet } from '../../src/route53/respond.ts';
import type { BenchRow } from './row.ts';
import { rate, ratio } from './row.ts';

const LARGE = 10_000;
const SMALL = 10;
const QUESTIONS = 2_000;

/** A zone of `count` records as `list-resource-record-sets` prints it. */
function documentOf(count: number): string {
  const apex = [
    { Name: 'example.com.', Type: 'NS', TTL: 172_800, ResourceRecords: [{ Value: 'ns-2048.awsdns-64.com.' }] },
    {
      Name: 'example.com.',
      Type: 'SOA',
      TTL: 900,
      ResourceRecords: [{ Value: 'ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400' }],
    },
  ];
  const hosts = Array.from({ length: count - apex.length }, (_, i) => ({
    Name: `host-${i}.example.com.`,
    Type: 'A',
    TTL: 300,
    ResourceRecords: [{ Value: `192.0.${(i >> 8) & 255}.${i & 255}` }],
  }));
  return JSON.stringify({ ResourceRecordSets: [...apex, ...hosts] }, null, 4);
}

function zoneOf(text: string): HostedZone {
  const { value } = importRecordSets(text, { file: 'bench.json' });
  if (!value) throw new Error('the benchmark’s own zone is wrong');
  return value;
}

/** Answers a round of questions, all for names that exist. */
function answering(zone: HostedZone, count: number): () => number {
  const responder = hostedZoneResponder(hostedZoneSet([zone]), bareServices(locateBuiltIn));
  const asking = { now: START, source: address('198.18.1.53'), random: () => 0.5 };
  const queries: Message[] = Array.from({ length: QUESTIONS }, (_, i) =>
    query(i, { name: name(`host-${(i * 7919) % (count - 2)}.example.com.`), type: 'A', class: 'IN' }),
  );
  return () => {
    let answers = 0;
    for (const message of queries) answers += responder(message, asking).value.answer.length;
    return answers;
  };
}

export function bench(): BenchRow[] {
  const text = documentOf(LARGE);
  const large = answering(zoneOf(text), LARGE);
  const small = answering(zoneOf(documentOf(SMALL)), SMALL);
  const importing = () => zoneOf(text).records.size;
  for (let i = 0; i < 5; i++) importing();
  return [
    {
      what: 'route53: import of a zone of 10,000 records',
      measured: rate(importing, 15),
      target: 200_000,
      better: 'higher',
      unit: 'records/s',
    },
    {
      what: 'route53: an answer from 10,000 records against one from ten',
      measured: ratio(small, large, 15),
      target: 2,
      better: 'lower',
      unit: '× the time',
    },
  ];
}
