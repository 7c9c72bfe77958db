import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../src/base/octets.ts';
import { labelText, name, ROOT } from '../../../src/dns/name.ts';
import type { FormError } from '../../../src/dns/wire/decode.ts';
import { decode } from '../../../src/dns/wire/decode.ts';
import { encode } from '../../../src/dns/wire/encode.ts';
import { MAX_POINTERS } from '../../../src/dns/wire/reader.ts';
import { everything, referral, stubQuery } from './examples.ts';

/** Octets from hexadecimal with blanks. */
const hex = (...parts: string[]): Uint8Array => parseHex(parts.join('').replaceAll(' ', '')) as Uint8Array;

/** A header with these counts. */
const header = (questions = 0, answers = 0, authority = 0, additional = 0): string =>
  `1234 8180 ${[questions, answers, authority, additional].map((n) => n.toString(16).padStart(4, '0')).join('')}`;

const messageOf = (bytes: Uint8Array) => {
  const decoded = decode(bytes);
  if (!decoded.ok) throw new Error(decoded.error.problem);
  return decoded.message;
};

const errorOf = (bytes: Uint8Array): FormError => {
  const decoded = decode(bytes);
  if (decoded.ok) throw new Error('it decoded');
  return decoded.error;
};

test('a header’s bits become flags, opcode and response code', () => {
  const message = messageOf(hex('abcd a4b3 0000 0000 0000 0000'));
  expect(message).toMatchObject({ id: 0xabcd, opcode: 'NOTIFY', rcode: 'NXDOMAIN' });
  expect(message.flags).toEqual({ qr: true, aa: true, tc: false, rd: false, ra: true, z: false, ad: true, cd: true });
});

describe('names', () => {
  const question = (labels: string): Uint8Array => hex(header(1), labels, '0001 0001');
  const nameIn = (labels: string): string | undefined => messageOf(question(labels)).question[0]?.name;

  test('keep their letter case', () => expect(nameIn('03 577757 00')).toBe('WwW.'));
  test('may hold any octets: dots, blanks, zeros and octets above 127 are escaped', () =>
    expect(nameIn('06 612e 20 00 ff 5c 00')).toBe('a\\.\\032\\000\\255\\\\.'));
  test('may be the root', () => expect(nameIn('00')).toBe(ROOT));
  test('may have 255 octets', () => {
    const label = `3f${'61'.repeat(63)}`;
    expect(nameIn(`${label.repeat(3)}3d${'62'.repeat(61)}00`)?.length).toBe(254);
  });
  test('of 256 octets break the message', () => {
    const label = `3f${'61'.repeat(63)}`;
    expect(errorOf(question(`${label.repeat(3)}3e${'62'.repeat(62)}00`))).toMatchObject({
      offset: 12,
      problem: 'a name is longer than 255 octets',
    });
  });
  test('break the message with a label of the reserved kinds 01 and 10', () => {
    expect(errorOf(question('41 61 00'))).toMatchObject({
      offset: 12,
      problem: 'a label begins with the bits 01, which mean nothing',
    });
    expect(errorOf(question('81 61 00')).problem).toContain('bits 10');
  });
});

describe('pointers', () => {
  test('lead to names before them, of which they are the tail', () => {
    const bytes = hex(header(2), '03777777 0361626300 0001 0001', '026e73 c010 0001 0001');
    expect(messageOf(bytes).question.map((q) => q.name)).toEqual(['www.abc.', 'ns.abc.']);
  });
  test('may lead to pointers', () => {
    const bytes = hex(header(3), '0361626300 0001 0001', 'c00c 0001 0001', 'c015 0001 0001');
    expect(messageOf(bytes).question[2]?.name).toBe('abc.');
  });
  test.each([
    ['forward', 'c010'],
    ['to themselves', 'c00c'],
  ])('%s break the message', (_, pointer) => {
    expect(errorOf(hex(header(1), pointer, '0361626300 0001 0001'))).toMatchObject({ offset: 12 });
  });
  test('to the beginning of their own labels break the message', () => {
    expect(errorOf(hex(header(1), '0161 c00c 0001 0001'))).toMatchObject({
      offset: 14,
      problem: 'a pointer leads to octet 12, not to before its own labels',
    });
  });
  test.each([
    [MAX_POINTERS, true],
    [MAX_POINTERS + 1, false],
  ])('may be followed up to a bound: %i of them', (count, ok) => {
    // The chain lies in data that nobody understands; the second record's owner leads to its end.
    const chain = ['00', ...Array.from({ length: count - 1 }, (_, i) => (0xc017 + Math.max(0, i * 2 - 1)).toString(16))];
    const last = 0xc017 + Math.max(0, (count - 1) * 2 - 1);
    const octets = chain.join('');
    const carrier = `00 ff00 0001 00000000 ${(octets.length / 2).toString(16).padStart(4, '0')} ${octets}`;
    expect(decode(hex(header(0, 2), carrier, last.toString(16), 'ff00 0001 00000000 0000')).ok).toBe(ok);
  });
  test.each([
    [MAX_POINTERS, true],
    [MAX_POINTERS + 1, false],
  ])('count behind a name that was met before, too: %i of them', (count, ok) => {
    // As above, but the second record's owner has a label of its own, and the third one's is a pointer to it.
    const chain = ['00', ...Array.from({ length: count - 2 }, (_, i) => (0xc017 + Math.max(0, i * 2 - 1)).toString(16))];
    const last = 0xc017 + Math.max(0, (count - 2) * 2 - 1);
    const octets = chain.join('');
    const carrier = `00 ff00 0001 00000000 ${(octets.length / 2).toString(16).padStart(4, '0')} ${octets}`;
    const met = 0xc000 + 23 + octets.length / 2;
    const rest = 'ff00 0001 00000000 0000';
    const bytes = hex(header(0, 3), carrier, '0161', last.toString(16), rest, met.toString(16), rest);
    expect(decode(bytes).ok).toBe(ok);
  });
});

describe('records', () => {
  const answer = (type: string, data: string, ttl = '0000012c'): Uint8Array =>
    hex(header(0, 1), '0161 00', type, '0001', ttl, (data.replaceAll(' ', '').length / 2).toString(16).padStart(4, '0'), data);
  const dataIn = (type: string, data: string) => messageOf(answer(type, data)).answer[0]?.data;

  test('of a type without a name keep their data as octets', () =>
    expect(messageOf(answer('ff10', '0102')).answer[0]).toMatchObject({
      type: 'TYPE65296',
      data: { opaque: Uint8Array.of(1, 2) },
    }));
  test('with a TTL above 2^31 − 1 count as TTL 0', () =>
    expect(messageOf(answer('0001', '01020304', '80000000')).answer[0]?.ttl).toBe(0));

  test.each([
    ['A of 3 octets', '0001', '010203', '4 octets should follow, 3 octets left'],
    ['A of 5 octets', '0001', '0102030405', '1 octet too many for a record of type A'],
    ['AAAA of 4 octets', '001c', '01020304', '16 octets should follow'],
    ['NS with a name that runs over its data', '0002', '0361', 'a label of 3 octets runs over the end'],
    ['NS with a forward pointer', '0002', 'c0ff', 'a pointer leads to octet 255'],
    ['NS with something behind its name', '0002', '00 01', '1 octet too many'],
    ['MX without a name', '000f', '000a', 'a name runs over the end'],
    ['TXT without a text', '0010', '', '1 octet should follow'],
    ['TXT whose text runs over', '0010', '05 61', '5 octets should follow, 1 octet left'],
    ['CAA with an empty tag', '0101', '00 00 61', 'the tag is empty'],
    ['LOC of an unknown version', '001d', `01 ${'00'.repeat(15)}`, 'version 1'],
    ['NSEC with an empty window', '002f', '00 00 00', '0 octets, 1 to 32 are right'],
    ['NSEC with windows out of order', '002f', '00 0101 80 0001 40', 'does not come after window 1'],
    ['NSEC with a window that ends in zero', '002f', '00 0002 4000', 'ends in a zero octet'],
    [
      'SVCB with parameters out of order',
      '0040',
      '0001 00 0003 0002 01bb 0002 0000',
      'parameter 2 does not come after parameter 3',
    ],
    ['SVCB with a port of one octet', '0040', '0001 00 0003 0001 01', '2 octets should follow, 1 octet left'],
    ['SVCB with half an address', '0040', '0001 00 0004 0006 010203040506', '2 octets left over in parameter "ipv4hint"'],
    ['SVCB with an empty list of protocols', '0040', '0001 00 0001 0000', 'the list of protocols is empty'],
    [
      'SVCB with a default that is not taken and has a value',
      '0040',
      '0001 00 0002 0001 00',
      'left over in parameter "no-default-alpn"',
    ],
  ])('unfit for their type keep their data as octets and say why: %s', (_, type, data, why) => {
    expect(dataIn(type, data)).toEqual({ opaque: hex(data), unfit: expect.stringContaining(why) });
  });

  test('may have a compressed name in types that do not compress when sent', () => {
    expect(dataIn('0021', '0001 0002 0003 c00c')).toEqual({ priority: 1, weight: 2, port: 3, target: 'a.' });
  });

  test('that announce more data than is left break the message, and the rest of it is given', () => {
    const bytes = hex(
      header(1, 2),
      '0161 00 0001 0001',
      'c00c 0001 0001 0000012c 0004 c0000201',
      'c00c 0001 0001 0000012c 0005 c0000201',
    );
    const error = errorOf(bytes);
    expect(error).toMatchObject({ offset: 45, problem: '5 octets of data announced, 4 octets left' });
    expect(error.partial).toMatchObject({ id: 0x1234, question: [{ name: 'a.' }], answer: [{ data: { address: '192.0.2.1' } }] });
  });
});

describe('EDNS', () => {
  const additional = (...records: string[]): Uint8Array => hex(header(0, 0, 0, records.length), ...records);
  const opt = (options: string, ttl = '00000000'): string =>
    `00 0029 04d0 ${ttl} ${(options.replaceAll(' ', '').length / 2).toString(16).padStart(4, '0')} ${options}`;
  const optionIn = (options: string) => messageOf(additional(opt(options))).edns?.options;

  test('is taken out of the additional section, its upper rcode bits joined to the header’s', () => {
    const message = messageOf(additional(opt('', '01008001')));
    expect(message).toMatchObject({ rcode: 'BADVERS', additional: [] });
    expect(message.edns).toEqual({ version: 0, udpSize: 1232, do: true, z: 1, options: [] });
  });
  test('a second OPT record stays where it is', () => {
    const { edns, additional: rest } = messageOf(additional(opt(''), opt('')));
    expect(edns?.udpSize).toBe(1232);
    expect(rest).toMatchObject([{ type: 'OPT', data: { unfit: 'a message has one OPT record, and this is another' } }]);
  });
  test('an OPT record that is not at the root is not EDNS', () => {
    const { edns, additional: rest } = messageOf(additional(`0161${opt('')}`));
    expect(edns).toBeUndefined();
    expect(rest).toMatchObject([{ data: { unfit: 'the owner name of an OPT record is the root' } }]);
  });
  test('an OPT record in another section is not EDNS', () => {
    expect(messageOf(hex(header(0, 1), opt(''))).answer).toMatchObject([{ type: 'OPT', data: { unfit: expect.any(String) } }]);
  });
  test('an option that runs over the end makes the OPT record unfit', () => {
    expect(messageOf(additional(opt('000a 0009 0102'))).additional).toMatchObject([
      { data: { unfit: '9 octets should follow, 2 octets left' } },
    ]);
  });
  test.each([
    ['a cookie of 9 octets', '000a 0009 010203040506070809'],
    ['a client subnet with bits behind its prefix', '0008 0007 0001 17 00 c00003'],
    ['a client subnet with too many octets', '0008 0008 0001 18 00 c0000201'],
    ['a client subnet of an unknown family', '0008 0004 0003 00 00'],
    ['a prefix longer than an address', '0008 0009 0001 21 00 c000020100'],
    ['an extended error of one octet', '000f 0001 00'],
    ['an extended error whose text is not UTF-8', '000f 0003 0000 ff'],
    ['a keepalive of one octet', '000b 0001 00'],
  ])('an option unfit for its code keeps its octets and says why: %s', (_, option) => {
    const octets = hex(option);
    expect(optionIn(option)).toEqual([{ option: 'other', code: octets[1], data: octets.slice(4), unfit: expect.any(String) }]);
  });
});

describe('octets that are no message', () => {
  test.each([0, 1, 11])('%i octets are less than a header', (length) => {
    expect(errorOf(new Uint8Array(length))).toMatchObject({ offset: length });
    expect(errorOf(new Uint8Array(length)).partial).toBeUndefined();
  });
  test('every message cut short is a form error whose partial message is a beginning of the whole', () => {
    const bytes = encode(everything());
    const whole = messageOf(bytes);
    for (let length = 12; length < bytes.length; length += 7) {
      const { partial, offset } = errorOf(bytes.slice(0, length));
      expect(offset).toBeLessThanOrEqual(length);
      expect(whole.answer.slice(0, partial?.answer.length)).toEqual(partial?.answer);
      expect(whole.authority.slice(0, partial?.authority.length)).toEqual(partial?.authority);
    }
  });
  test('counts above what is there are a form error at the end', () => {
    const bytes = encode(stubQuery()).slice();
    bytes.set([0xff, 0xff], 6);
    expect(errorOf(bytes)).toMatchObject({ problem: 'a name runs over the end' });
  });
});

test('octets behind the last record are counted', () => {
  const bytes = Uint8Array.from([...encode(referral()), 1, 2, 3]);
  expect(messageOf(bytes)).toEqual({ ...referral(), trailing: 3 });
});

test('a decoded record does not share memory with its packet', () => {
  const bytes = encode(everything()).slice();
  const before = messageOf(bytes);
  const copy = structuredClone(before);
  bytes.fill(0xff);
  expect(before).toEqual(copy);
});

test('a label’s octets give the same text in a message as on their own', () => {
  for (let octet = 0; octet < 256; octet++) {
    const bytes = Uint8Array.from([...hex(header(1)), 1, octet, 0, 0, 1, 0, 1]);
    expect(messageOf(bytes).question[0]?.name).toBe(name(`${labelText([octet])}.`));
  }
});
