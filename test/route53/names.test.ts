import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Name } from '../../src/dns/name.ts';
import { name, parseName } from '../../src/dns/name.ts';
import { decimalEscapes, octalEscapes, parseServiceName, serviceName } from '../../src/route53/names.ts';

describe('names of Route 53', () => {
  test('escapes are three octal digits, not decimal', () => {
    expect(parseServiceName('\\052.example.com')).toBe(name('*.example.com.'));
    expect(parseServiceName('\\100.example.com')).toBe(name('\\@.example.com.'));
    expect(parseServiceName('a\\056b.example.com')).toBe(name('a\\.b.example.com.'));
    expect(parseServiceName('\\040.example.com')).toBe(name('\\032.example.com.'));
  });

  test('the API writes every character but a-z 0-9 - _ as an escape', () => {
    expect(serviceName(name('*.example.com.'))).toBe('\\052.example.com.');
    expect(serviceName(name('\\@.example.com.'))).toBe('\\100.example.com.');
    expect(serviceName(name('_dmarc.xn--fiqs8s.asia.'))).toBe('_dmarc.xn--fiqs8s.asia.');
    expect(serviceName(name('a\\.b.example.com.'))).toBe('a\\056b.example.com.');
  });

  test('names are stored in lower case', () => {
    expect(parseServiceName('WWW.Example.COM')).toBe('www.example.com.');
    expect(parseServiceName('\\101.example.com')).toBe('a.example.com.');
  });

  test('the final dot may be left out', () => {
    expect(parseServiceName('example.com')).toBe(parseServiceName('example.com.'));
  });

  test.each([
    ['', 'DomainNameEmpty'],
    ['.example.com', 'DomainLabelEmpty'],
    ['a..b', 'DomainLabelEmpty'],
    [`${'x'.repeat(64)}.com`, 'DomainLabelTooLong'],
    [`${`${'x'.repeat(60)}.`.repeat(4)}${'y'.repeat(11)}`, 'DomainNameTooLong'],
    ['ä.example.com', 'UnsupportedCharacter'],
    ['a b.example.com', 'UnsupportedCharacter'],
  ])('%j is refused as %s', (text, code) => {
    expect(parseServiceName(text)).toMatchObject({ code });
  });

  test('a label of 63 and a name of 255 bytes are taken', () => {
    expect(typeof parseServiceName(`${'x'.repeat(63)}.com`)).toBe('string');
    expect(typeof parseServiceName(`${`${'x'.repeat(60)}.`.repeat(4)}${'y'.repeat(9)}`)).toBe('string');
  });

  test('every name that can be written reads back as itself', () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
        const text = labels.map((octets) => [...octets].map((o) => `\\${o.toString(8).padStart(3, '0')}`).join('')).join('.');
        const parsed = parseServiceName(text) as Name;
        expect(parsed).toBe(parseName(parsed));
        expect(parseServiceName(serviceName(parsed))).toBe(parsed);
      }),
    );
  });

  test('decimal and octal escapes turn into each other', () => {
    expect(decimalEscapes('"\\351\\\\ \\""')).toBe('"\\233\\\\ \\""');
    expect(octalEscapes('"\\233\\\\ \\""')).toBe('"\\351\\\\ \\""');
    fc.assert(
      fc.property(fc.nat(255), (octet) => {
        const octal = `\\${octet.toString(8).padStart(3, '0')}`;
        expect(octalEscapes(decimalEscapes(octal))).toBe(octal);
      }),
    );
  });
});
