import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import type { ZoneType } from '../../src/route53/records.ts';
import { ZONE_TYPES } from '../../src/route53/records.ts';
import { isValueFault, parseValue } from '../../src/route53/values.ts';

const RIGHT: Readonly<Record<ZoneType, readonly string[]>> = {
  A: ['192.0.2.1', '0.0.0.0', '255.255.255.255'],
  AAAA: ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', '::'],
  CAA: ['0 issue "ca.example.net"', '128 issuewild ";"', '0 iodef "mailto:a@example.com"'],
  CNAME: ['target.example.net', 'target.example.net.', '_a.example.net'],
  DS: [`12345 13 2 ${'ab'.repeat(32)}`],
  HTTPS: ['1 . alpn="h2,h3" ipv4hint=192.0.2.44', '0 svc.example.net.'],
  MX: ['10 mail.example.com', '0 mail.example.com.'],
  NAPTR: ['100 50 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .', '10 20 "s" "SIP+D2U" "" _sip._udp.example.com.'],
  NS: ['ns-2048.awsdns-64.com', 'ns-2048.awsdns-64.com.'],
  PTR: ['host.example.com'],
  SOA: ['ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400'],
  SPF: ['"v=spf1 ip4:192.0.2.0/24 -all"'],
  SRV: ['10 5 443 host.example.com'],
  SSHFP: ['4 2 0123456789abcdef'],
  SVCB: ['1 . port=8443'],
  TLSA: ['3 1 1 0123456789abcdef'],
  TXT: ['"part one" "part two"', '"with \\"quotes\\""', '"octal \\351 and ; ( )"', '""'],
};

const WRONG: Readonly<Record<ZoneType, readonly string[]>> = {
  A: ['192.0.2.256', '192.0.2', '192.0.2.01', '2001:db8::1', 'www.example.com', '192.0.2.1 192.0.2.2', '', '192.0.2.1.'],
  AAAA: ['192.0.2.1', '2001:db8::1::2', '2001:db8::1 ::1', ''],
  CAA: ['0 issue ca.example.net', '256 issue "ca"', '0 is-sue "ca"'],
  CNAME: ['two names', 'a..b', '', `${'a'.repeat(64)}.net`],
  DS: ['12345 13 2 abcd', '12345 13 2', `65536 13 2 ${'ab'.repeat(32)}`],
  HTTPS: ['. 1', '1', '65536 .'],
  MX: ['mail.example.com', '65536 mail.example.com', '10 mail a', '10'],
  NAPTR: ['100 50 u E2U+sip x .', '100 50 "u" "E2U+sip" "!a!b!" other.example.com'],
  NS: ['a b', '.a'],
  PTR: [''],
  SOA: ['a. b. 1 2 3 4', 'a. b. 1 2h 3 4 5', 'a. b. 4294967296 1 1 1 1'],
  SPF: ['v=spf1 -all'],
  SRV: ['10 5 host.example.com', '10 5 65536 host.example.com'],
  SSHFP: ['4 2 abc', '4 2 xy'],
  SVCB: ['1 . port=x'],
  TLSA: ['3 1 1', '3 1 256 ab'],
  TXT: ['no quotes', '"open', `"${'x'.repeat(256)}"`, '"é"', ''],
};

describe.each(ZONE_TYPES)('type %s', (type) => {
  test.each(RIGHT[type])('takes %s and keeps its text', (text) => {
    const parsed = parseValue(type, text);
    expect(parsed).toMatchObject({ text });
    expect(isValueFault(parsed)).toBe(false);
  });
  test.each(WRONG[type])('refuses %j', (text) => {
    expect(isValueFault(parseValue(type, text))).toBe(true);
  });
});

describe('values', () => {
  test('a name in a value is fully qualified without its final dot too', () => {
    expect(parseValue('CNAME', 'target.example.net')).toMatchObject({ data: { target: name('target.example.net.') } });
    expect(parseValue('MX', '10 mail.example.com')).toMatchObject({ data: { exchange: name('mail.example.com.') } });
  });

  test('escapes in quoted strings are octal', () => {
    expect(parseValue('TXT', '"\\101\\042"')).toMatchObject({ data: { strings: [new TextEncoder().encode('A"')] } });
  });

  test('a TXT value of 4000 characters is taken, one of 4001 is too long', () => {
    const piece = `"${'x'.repeat(198)}"`;
    const text = new Array(20).fill(piece).join('');
    expect(isValueFault(parseValue('TXT', text))).toBe(true);
    const spaced = new Array(19).fill(`"${'x'.repeat(207)}"`).join(' ');
    expect(isValueFault(parseValue('TXT', spaced.padEnd(4000)))).toBe(false);
    expect(parseValue('TXT', spaced.padEnd(4001))).toMatchObject({ code: 'CharacterStringTooLong' });
  });

  test('an escape counts as one of the 255 characters of a string', () => {
    expect(isValueFault(parseValue('TXT', `"${'\\101'.repeat(255)}"`))).toBe(false);
    expect(isValueFault(parseValue('TXT', `"${'\\101'.repeat(256)}"`))).toBe(true);
  });

  test('a wrong IPv4 address, spaces in it, and text without quotes bear the codes of the service', () => {
    expect(parseValue('A', '192.0.2.300')).toMatchObject({ code: 'ARRDATAIllegalIPv4Address' });
    expect(parseValue('A', '192.0.2.1 192.0.2.2')).toMatchObject({ code: 'ARRDATANotSingleField' });
    expect(parseValue('TXT', 'text')).toMatchObject({ code: 'InvalidCharacterString' });
    expect(parseValue('CNAME', 'a..b')).toMatchObject({ code: 'DomainLabelEmpty' });
  });

  test('a semicolon in a name starts no comment', () => {
    expect(parseValue('MX', '10 a;b.example.com')).toMatchObject({ data: { exchange: name('a\\;b.example.com.') } });
  });
});
