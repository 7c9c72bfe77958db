import { describe, expect, it } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { record } from '../../src/dns/record.ts';
import { describeMessage, describePacket, dnsKind, endOfChain, zoneName } from '../../src/trace/describe.ts';
import { traceOf } from '../scenario/library.ts';
import { type Message, message, type ResourceRecord } from './messages.ts';

const www = name('www.example.com.');
const a: ResourceRecord = record(www, 'A', 300, { address: '192.0.2.44' as never });
const cname = (from: string, to: string): ResourceRecord => record(name(from), 'CNAME', 300, { target: name(to) });
const ns: ResourceRecord = record(name('example.com.'), 'NS', 172800, { nameServer: name('ns1.example.com.') });
const soa: ResourceRecord = record(name('example.com.'), 'SOA', 900, {
  primary: name('ns1.example.com.'),
  mailbox: name('hostmaster.example.com.'),
  serial: 1,
  refresh: 7200,
  retry: 900,
  expire: 1209600,
  minimum: 86400,
});

describe('the kind of a DNS message', () => {
  const cases: readonly [string, Message, string][] = [
    ['a question', message({ flags: {} }), 'query'],
    ['records of the type asked for', message({ answer: [a], flags: { qr: true, aa: true } }), 'answer'],
    [
      'records at the end of a chain of aliases',
      message({ answer: [cname('www.example.com.', 'x.example.com.'), { ...a, name: name('x.example.com.') }] }),
      'answer',
    ],
    ['a chain whose end is elsewhere', message({ answer: [cname('www.example.com.', 'store.example.net.')] }), 'cname'],
    [
      'a chain to a name without such a record',
      message({ answer: [cname('www.example.com.', 'x.example.com.')], authority: [soa] }),
      'no-such-type',
    ],
    ['NS records below, without a seal', message({ authority: [ns] }), 'referral'],
    ['an SOA record alone', message({ authority: [soa], flags: { qr: true, aa: true } }), 'no-such-type'],
    ['nothing at all', message({}), 'no-such-type'],
    ['NXDOMAIN', message({ rcode: 'NXDOMAIN', authority: [soa] }), 'no-such-name'],
    ['SERVFAIL', message({ rcode: 'SERVFAIL' }), 'failure'],
    ['TC', message({ flags: { qr: true, tc: true } }), 'truncated'],
  ];
  it.each(cases)('with %s is told', (_what, dns, kind) => {
    expect(dnsKind(dns)).toBe(kind);
  });

  it('does not go round a circle of aliases for ever', () => {
    const circle = [cname('www.example.com.', 'b.example.com.'), cname('b.example.com.', 'www.example.com.')];
    expect(endOfChain(circle, www, 'A')).toBe('www.example.com.');
  });
});

describe('titles', () => {
  it('name kind, sender, receiver and size', () => {
    const trace = traceOf('first-visit');
    expect(trace.messages.map(({ id }) => describeMessage(trace, id).title)).toEqual([
      'Query, browser to resolver, 33 bytes',
      'Query, resolver to root server, 44 bytes',
      'Referral, root server to resolver, 840 bytes',
      'Query, resolver to .com server, 44 bytes',
      'Referral, .com server to resolver, 199 bytes',
      'Query, resolver to example.com server, 44 bytes',
      'Answer, example.com server to resolver, 199 bytes',
      'Answer, resolver to browser, 49 bytes',
      'HTTP request, browser to web server, 105 bytes',
      'HTTP response, web server to browser, 208 bytes',
    ]);
  });

  it('name TCP’s own segments', () => {
    const trace = traceOf('first-visit');
    const segments = trace.packets
      .filter(({ message: carried }) => carried === undefined)
      .map(({ id }) => describePacket(trace, id));
    expect(segments[0]?.title).toBe('TCP SYN, browser to web server, 0 bytes');
    expect(segments.map(({ kind }) => kind).slice(0, 3)).toEqual(['tcp-syn', 'tcp-syn-ack', 'tcp-ack']);
  });

  it('call a server by the zone that it is asked about', () => {
    const trace = traceOf('cname-to-another-zone');
    const senders = trace.messages
      .map(({ id }) => describeMessage(trace, id))
      .filter(({ kind }) => kind === 'referral')
      .map(({ sender }) => sender);
    expect(senders).toEqual(['root server', '.com server', 'root server', '.net server']);
  });

  it('say of a failure which one it is', () => {
    const trace = traceOf('root-server-down');
    expect(trace.messages.map(({ id }) => describeMessage(trace, id)).find(({ kind }) => kind === 'failure')?.label).toBe(
      'Server failure',
    );
  });

  it.each([
    ['.', 'root'],
    ['com.', '.com'],
    ['co.uk.', '.co.uk'],
    ['example.com.', 'example.com'],
  ])('call %s %s', (zone, words) => {
    expect(zoneName(name(zone))).toBe(words);
  });
});
