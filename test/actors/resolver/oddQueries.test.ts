/** Queries that a recursive resolver does not take to the Internet, and how it says so. */
import { describe, expect, it } from 'vitest';
import { type Edns, type Message, type Question, query } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import type { RecordType } from '../../../src/dns/record.ts';
import { encode } from '../../../src/dns/wire/encode.ts';
import { tree } from './tree.ts';
import { lines, run } from './world.ts';

const EDNS: Edns = { version: 0, udpSize: 1232, do: false, options: [] };
const www: Question = { name: name('www.example.com.'), type: 'A', class: 'IN' };

/** The response to one query, and whom the resolver asked for it. */
function answered(asked: Message): { response: Message | undefined; asked: readonly string[] } {
  const happened = run({ servers: tree(), asks: [{ at: 0, name: 'any.', type: 'A', bytes: encode(asked) }] });
  return { response: happened.responses[0], asked: happened.asked };
}
const plain = (question: Partial<Question>, edns?: Edns): Message =>
  query(7, { ...www, ...question }, { rd: true, ...(edns ? { edns } : {}) });

describe('a query that is not resolved', () => {
  it.each<[string, Message, string]>([
    ['a zone transfer', plain({ type: 'AXFR' }, EDNS), 'REFUSED'],
    ['another opcode', { ...plain({}, EDNS), opcode: 'STATUS' }, 'NOTIMP'],
    ['no question', { ...plain({}, EDNS), question: [] }, 'FORMERR'],
    ['another class', plain({ class: 'CH' }, EDNS), 'REFUSED'],
  ])('(%s) is answered with an OPT record, since it has one itself (RFC 6891 §6.1.1)', (_, asking, rcode) => {
    const { response, asked } = answered(asking);
    expect([response?.rcode, response?.edns?.version, asked]).toEqual([rcode, 0, []]);
  });

  it('has no OPT record in its answer when it brought none', () => {
    for (const question of [{ type: 'AXFR' }, { class: 'CH' }] as const)
      expect(answered(plain(question)).response?.edns).toBeUndefined();
  });

  it('is one about a class of which no servers are known, for the root servers are those of the Internet’s class', () => {
    const { response, asked } = answered(plain({ name: name('version.bind.'), type: 'TXT', class: 'CH' }));
    expect([response?.rcode, response?.flags.ra, asked]).toEqual(['REFUSED', true, []]);
  });

  it.each<[RecordType, string]>([
    ['OPT', 'RFC 6891 §6.1.1'],
    ['TSIG', 'RFC 8945 §4.2'],
    ['TKEY', 'RFC 2930 §2'],
    ['TYPE128', 'RFC 9824 §3.5'],
    ['TYPE200', 'RFC 6895 §3.1'],
    ['TYPE253', 'RFC 6895 §3.1'],
  ])('is one for %s, which no zone holds (%s)', (type) => {
    const { response, asked } = answered(plain({ type }, EDNS));
    expect([response?.rcode, asked]).toEqual(['FORMERR', []]);
    expect(response?.edns?.options).toMatchObject([{ option: 'extended-error', code: 30 }]);
  });

  it('is one with two OPT records (RFC 6891 §6.1.1)', () => {
    const second = { name: name('.'), type: 'OPT', class: 'IN', ttl: 0, data: { opaque: new Uint8Array(0) } } as const;
    const { response, asked } = answered({ ...plain({}, EDNS), additional: [second] });
    expect([response?.rcode, asked]).toEqual(['FORMERR', []]);
  });
});

describe('a special-use name', () => {
  it('is one however it is written (RFC 4343)', () => {
    expect(answered(plain({ name: name('INVALID.') })).response?.rcode).toBe('NOERROR');
    expect(answered(plain({ name: name('A.Invalid.') })).response?.rcode).toBe('NXDOMAIN');
  });

  it('shows all that there is of it to who asks for all', () => {
    const { response } = answered(plain({ name: name('localhost.'), type: 'ANY' }));
    expect(lines(response?.answer)).toEqual(['localhost. 10800 A 127.0.0.1', 'localhost. 10800 AAAA ::1']);
  });
});
