import { describe, expect, test } from 'vitest';
import { mistakeText } from '../../src/base/mistake.ts';
import { name } from '../../src/dns/name.ts';
import { parseData, parseRecord } from '../../src/dns/presentation/parse.ts';
import { dataText, recordText } from '../../src/dns/presentation.ts';
import type { RecordType } from '../../src/dns/record.ts';
import { encodeData } from '../../src/dns/wire/nameOctets.ts';

/** What a text says, printed again; or the mistake in it. */
function again(type: RecordType, text: string): string {
  const parsed = parseData(type, text, { origin: name('example.com.') });
  return parsed.ok ? dataText(type, parsed.value) : mistakeText(parsed.mistake);
}
const hex = (type: RecordType, text: string): string => {
  const parsed = parseData(type, text, { origin: name('example.com.') });
  return parsed.ok ? Buffer.from(encodeData(type, parsed.value)).toString('hex') : mistakeText(parsed.mistake);
};

describe('data of each type', () => {
  test.each<[RecordType, string, string]>([
    ['A', '192.0.2.44', '192.0.2.44'],
    ['AAAA', '2001:DB8:0:0::1', '2001:db8::1'],
    ['NS', 'ns1', 'ns1.example.com.'],
    ['MX', '10 mail.example.net.', '10 mail.example.net.'],
    ['SOA', 'ns1 host.mail 1 1d 2H 3w 15m', 'ns1.example.com. host.mail.example.com. 1 86400 7200 1814400 900'],
    ['TXT', 'one "two three" "q\\"uote" \\065', '"one" "two three" "q\\"uote" "A"'],
    ['HINFO', 'PC "Linux 6"', '"PC" "Linux 6"'],
    ['SRV', '0 5 5060 sip', '0 5 5060 sip.example.com.'],
    ['NAPTR', '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .', '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .'],
    ['CAA', '128 issue letsencrypt.org', '128 issue "letsencrypt.org"'],
    ['URI', '10 1 "https://example.com/a b"', '10 1 "https://example.com/a b"'],
    ['DS', '60485 DSA SHA-1 2BB183AF5F22588179A53B0A 98631FAD1A292118', '60485 3 1 2BB183AF5F22588179A53B0A98631FAD1A292118'],
    ['DNSKEY', '257 3 RSASHA1 AQPSKmyn fzW4kyBv015MUG2DeIQ3', '257 3 5 AQPSKmynfzW4kyBv015MUG2DeIQ3'],
    [
      'RRSIG',
      'A 5 3 86400 20030322173103 20030220173103 2642 @ oJB1W6WN',
      'A 5 3 86400 20030322173103 20030220173103 2642 example.com. oJB1W6WN',
    ],
    [
      'RRSIG',
      'A ECDSAP256SHA256 3 1d 1048354263 1045762263 2642 . AAAA',
      'A 13 3 86400 20030322173103 20030220173103 2642 . AAAA',
    ],
    ['NSEC', 'host TYPE1234 NSEC A MX RRSIG', 'host.example.com. A MX RRSIG NSEC TYPE1234'],
    [
      'NSEC3',
      '1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY',
      '1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MX DNSKEY',
    ],
    ['NSEC3PARAM', '1 0 0 -', '1 0 0 -'],
    ['TLSA', 'DANE-EE SPKI SHA2-256 0c72ac70', '3 1 1 0C72AC70'],
    ['SSHFP', '4 2 123456789abcdef67890', '4 2 123456789ABCDEF67890'],
    ['LOC', '42 21 54 N 71 06 18 W -24m 30m', '42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m'],
    ['LOC', '32 7 19 S 116 2 25.015 E 10', '32 7 19.000 S 116 2 25.015 E 10.00m 1.00m 10000.00m 10.00m'],
    ['TYPE65280', '\\# 3 abcd ef', '\\# 3 ABCDEF'],
  ])('%s %s', (type, text, printed) => expect(again(type, text)).toBe(printed));

  test('octets of a known type are understood where they fit it, and kept where they do not (RFC 3597 §5)', () => {
    expect(again('MX', '\\# 4 000A 0000')).toBe('\\# 4 000A0000');
    expect(again('MX', '\\# 3 000A 00')).toBe('10 .');
  });

  test('times go round the 32 bits of their field and know leap years', () => {
    expect(again('RRSIG', 'A 8 1 1 21060207062815 20240229235959 1 . AAAA')).toBe(
      'A 8 1 1 21060207062815 20240229235959 1 . AAAA',
    );
    expect(again('RRSIG', 'A 8 1 1 21060207062816 19700101000000 1 . AAAA')).toBe(
      'A 8 1 1 19700101000000 19700101000000 1 . AAAA',
    );
  });
});

describe('service parameters: the examples of RFC 9460 App. D', () => {
  test.each([
    ['0 foo.example.com.', '000003666f6f076578616d706c6503636f6d00'],
    ['1 .', '000100'],
    ['16 foo.example.com. port=53', '001003666f6f076578616d706c6503636f6d00000300020035'],
    ['1 foo.example.com. key667=hello', '000103666f6f076578616d706c6503636f6d00029b000568656c6c6f'],
    ['1 foo.example.com. key667="hello\\210qoo"', '000103666f6f076578616d706c6503636f6d00029b000968656c6c6fd2716f6f'],
    [
      '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
      '000103666f6f076578616d706c6503636f6d0000060020' + '20010db8000000000000000000000001' + '20010db8000000000000000000530001',
    ],
    [
      '16 foo.example.org. (alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1)',
      '001003666f6f076578616d706c65036f7267000000000400010004' + '000100090268320568332d3139' + '00040004c0000201',
    ],
    [
      '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"',
      '001003666f6f076578616d706c65036f726700' + '0001000c08665c6f6f2c626172026832',
    ],
    [
      '16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2',
      '001003666f6f076578616d706c65036f726700' + '0001000c08665c6f6f2c626172026832',
    ],
  ])('%s', (text, octets) => {
    expect(hex('SVCB', text)).toBe(octets);
    expect(hex('HTTPS', again('HTTPS', text))).toBe(octets);
  });

  test.each([
    ['1 foo key123=abc key123=def', 'key123 only once'],
    ['1 foo mandatory', 'mandatory= and the names of other keys'],
    ['1 foo alpn', 'alpn= and protocols'],
    ['1 foo port=65536', 'port= and a number'],
    ['1 foo ipv4hint=2001:db8::1', 'ipv4hint= and IPv4 addresses'],
    ['1 foo no-default-alpn=abc', 'no-default-alpn without a value'],
    ['1 foo no-default-alpn', 'alpn= as well'],
    ['1 foo mandatory=key123', 'key123 as well, since it is mandatory'],
    ['1 foo mandatory=mandatory', 'mandatory= and the names of other keys'],
    ['1 foo mandatory=key123,key123 key123=abc', 'each once'],
    ['1 foo key65535=x', 'a service parameter'],
  ])('%s is a mistake', (text, expected) => expect(again('SVCB', text)).toContain(expected));
});

describe('one record on its own', () => {
  test('TTL, class and origin may be absent', () => {
    const parsed = parseRecord('www A 192.0.2.1 ; {id = 7}', { origin: name('example.com.'), ttl: 3_600 });
    expect(parsed.ok && recordText(parsed.value)).toBe('www.example.com. 3600 IN A 192.0.2.1');
  });

  test('a signature may have no octets at all, and is then printed as octets', () => {
    const parsed = parseRecord('a. RRSIG A 5 3 86400 20030322173103 20030220173103 2642 .');
    expect(parsed.ok && parsed.value.data).toMatchObject({ typeCovered: 'A', signature: new Uint8Array(0) });
    expect(parsed.ok && recordText(parsed.value)).toMatch(/^a\. 0 IN RRSIG \\# 19 0001/);
    expect(again('RRSIG', 'A 5 3 86400 20030322173103 20030220173103 2642 .')).toContain('expected octets in base64');
  });

  test('types that only messages have are read too', () => {
    expect(parseRecord('a. 5 NULL \\# 1 00').ok).toBe(true);
  });

  test('a mistake names file and line as given, and the column', () => {
    const parsed = parseRecord('www MX mail', { file: 'a.rpl', line: 12 });
    expect(parsed.ok || mistakeText(parsed.mistake)).toBe('a.rpl:12:8: found "mail", expected a number from 0 to 65535');
  });

  test('nothing, and two records, are mistakes', () => {
    expect(parseRecord('').ok).toBe(false);
    expect(parseRecord('a. A 192.0.2.1\nb. A 192.0.2.1').ok).toBe(false);
  });
});
