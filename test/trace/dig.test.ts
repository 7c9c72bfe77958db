import { describe, expect, it } from 'vitest';
import { parseCidr } from '../../src/base/address.ts';
import { name } from '../../src/dns/name.ts';
import { record } from '../../src/dns/record.ts';
import { digLines, optionText } from '../../src/trace/dig.ts';
import { message } from './messages.ts';

const a = (last: number) => record(name('www.example.com.'), 'A', 300, { address: `192.0.2.${last}` as never });

describe('a message as dig prints it', () => {
  it('has header, flags, counts, OPT, question and sections', () => {
    const edns = { version: 0, udpSize: 1232, do: true, options: [] };
    const lines = digLines(message({ flags: { qr: true, rd: true, ra: true }, answer: [a(44)], edns }));
    expect(lines.join('\n')).toBe(
      [
        ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4711',
        ';; flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1',
        '',
        ';; OPT PSEUDOSECTION:',
        '; EDNS: version: 0, flags: do; udp: 1232',
        '',
        ';; QUESTION SECTION:',
        ';www.example.com.  IN  A',
        '',
        ';; ANSWER SECTION:',
        'www.example.com.  300  IN  A  192.0.2.44',
      ].join('\n'),
    );
  });

  it('shows the first records of a long section and says how many more there are; one more is no long section', () => {
    const answer = Array.from({ length: 6 }, (_, i) => a(i));
    expect(digLines(message({ answer }), { most: 4 }).at(-1)).toBe('; and 2 more');
    expect(digLines(message({ answer: answer.slice(0, 5) }), { most: 4 }).at(-1)).toContain('192.0.2.4');
  });

  it('names EDNS options as dig does', () => {
    const bytes = Uint8Array.of(1, 2);
    expect(optionText({ option: 'client-subnet', subnet: parseCidr('198.18.2.0/24') as never, scope: 24 })).toBe(
      'CLIENT-SUBNET: 198.18.2.0/24/24',
    );
    expect(optionText({ option: 'cookie', client: bytes, server: bytes })).toBe('COOKIE: 01020102');
    expect(optionText({ option: 'extended-error', code: 3, text: 'stale' })).toBe('EDE: 3: (stale)');
    expect(optionText({ option: 'padding', length: 5 })).toBe('PADDING: 5 octets');
    expect(optionText({ option: 'keepalive', timeout: 100 })).toBe('KEEPALIVE: 10 s');
    expect(optionText({ option: 'nsid', id: bytes })).toBe('NSID: 0102');
    expect(optionText({ option: 'other', code: 65001, data: bytes })).toBe('OPT=65001: 0102');
  });
});
