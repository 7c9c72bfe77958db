/** What NSEC and NSEC3 records prove, and what they only seem to. */
import { describe, expect, test } from 'vitest';
import {
  mostIterations,
  proofsOf,
  proveNoCloser,
  proveNoName,
  proveNoSigner,
  proveNoType,
} from '../../../src/dns/dnssec/denial.ts';
import { hashOf } from '../../../src/dns/dnssec/nsec3.ts';
import { name } from '../../../src/dns/name.ts';
import { parseRecord } from '../../../src/dns/presentation/parse.ts';
import type { RecordType } from '../../../src/dns/record.ts';
import { rrsets } from '../../../src/dns/record.ts';
import type { SignedRRset } from '../../../src/dns/resolve/sets.ts';

const ZONE = name('example.');

function set(text: string, labels?: number): SignedRRset {
  const parsed = parseRecord(text, { ttl: 300 });
  const [found] = parsed.ok ? rrsets([parsed.value]) : [];
  if (!found) throw new Error(text);
  const signature = parseRecord(
    `${found.name} RRSIG ${found.type} 13 ${labels ?? 9} 300 20260101000000 20250101000000 1 example. AAAA`,
  );
  return { ...found, signatures: signature.ok && labels !== undefined ? [signature.value] : [] };
}

const proofs = (...texts: readonly string[]) =>
  proofsOf(
    ZONE,
    texts.map((text) => set(text)),
    100,
  );

describe('NSEC: there is no such name', () => {
  const apex = 'example. NSEC b.example. NS SOA';
  test.each([
    ['the name and the wildcard lie in gaps', 'c.example.', [apex, 'b.example. NSEC d.example. A'], 'secure'],
    ['one gap holds both', 'a.example.', [apex], 'secure'],
    ['the last NSEC leads back to the start of the zone', 'z.example.', [apex, 'y.example. NSEC example. A'], 'secure'],
    ['letter case does not count', 'C.EXAMPLE.', [apex, 'B.example. NSEC d.Example. A'], 'secure'],
    ['the wildcard is not denied', 'c.example.', ['b.example. NSEC d.example. A'], 'no'],
    ['the wildcard exists', 'c.example.', ['*.example. NSEC b.example. A', 'b.example. NSEC d.example. A'], 'no'],
    ['the wildcard of the closest name counts, not the zone’s', 'x.b.example.', [apex, 'b.example. NSEC d.example. A'], 'secure'],
    ['the name exists', 'b.example.', [apex, 'b.example. NSEC d.example. A'], 'no'],
    ['the name is empty, since names lie below it', 'c.example.', [apex, 'b.example. NSEC x.c.example. A'], 'no'],
    ['the gap lies elsewhere', 'e.example.', [apex, 'b.example. NSEC d.example. A'], 'no'],
    ['the zone is cut above the name', 'x.b.example.', [apex, 'b.example. NSEC d.example. NS'], 'no'],
    ['a DNAME stands above the name', 'x.b.example.', [apex, 'b.example. NSEC d.example. DNAME'], 'no'],
    ['the NSEC leaves the zone', 'c.example.', [apex, 'b.example. NSEC net. A'], 'no'],
  ] as const)('%s', (_, text, records, holds) => {
    expect(proveNoName(proofs(...records), name(text)).holds).toBe(holds);
  });

  test('a gap made from a wildcard stands where it says nothing', () => {
    const expanded = proofsOf(ZONE, [set('b.example. NSEC d.example. A', 1), set(apex, 1)], 100);
    expect(proveNoName(expanded, name('c.example.')).holds).toBe('no');
  });
});

describe('NSEC: there is no such type', () => {
  test.each([
    ['the name has other types', 'b.example.', 'MX', ['b.example. NSEC d.example. A'], 'secure'],
    ['the name is empty', 'c.example.', 'A', ['b.example. NSEC x.c.example. A'], 'secure'],
    ['the name has the type', 'b.example.', 'A', ['b.example. NSEC d.example. A'], 'no'],
    ['the name is an alias', 'b.example.', 'A', ['b.example. NSEC d.example. CNAME'], 'no'],
    ['an alias has no DNAME', 'b.example.', 'CNAME', ['b.example. NSEC d.example. DNAME'], 'secure'],
    ['the parent’s side of a cut says nothing about the child', 'b.example.', 'A', ['b.example. NSEC d.example. NS'], 'no'],
    ['the parent’s side speaks for DS', 'b.example.', 'DS', ['b.example. NSEC d.example. NS'], 'secure'],
    ['the child’s side does not speak for DS', 'example.', 'DS', ['example. NSEC d.example. NS SOA'], 'no'],
    [
      'the wildcard lacks the type',
      'c.example.',
      'MX',
      ['b.example. NSEC d.example. A', '*.example. NSEC b.example. A'],
      'secure',
    ],
    ['the wildcard has the type', 'c.example.', 'A', ['b.example. NSEC d.example. A', '*.example. NSEC b.example. A'], 'no'],
    ['the wildcard is empty', 'c.example.', 'A', ['b.example. NSEC d.example. A', 'example. NSEC x.*.example. NS SOA'], 'secure'],
    [
      'a name that is missing has no wildcard',
      'c.example.',
      'A',
      ['example. NSEC b.example. NS SOA', 'b.example. NSEC d.example. A'],
      'no',
    ],
    [
      'a compact proof names only itself (RFC 9824)',
      'c.example.',
      'A',
      ['c.example. NSEC \\000.c.example. RRSIG NSEC TYPE128'],
      'secure',
    ],
  ] as const)('%s', (_, text, type, records, holds) => {
    expect(proveNoType(proofs(...records), name(text), type).holds).toBe(holds);
  });

  test('at the root there is no zone above, so its own NSEC speaks for DS', () => {
    const root = proofsOf(name('.'), [set('. NSEC a. NS SOA')], 100);
    expect(proveNoType(root, name('.'), 'DS').holds).toBe('secure');
  });
});

describe('a wildcard had to serve', () => {
  test.each([
    ['nothing nearer exists', 'c.w.example.', '*.w.example.', ['*.w.example. NSEC z.example. A'], 'secure'],
    [
      'a nearer name exists, which ends the wildcard’s reach',
      'c.b.w.example.',
      '*.w.example.',
      ['b.w.example. NSEC z.example. A'],
      'no',
    ],
    ['the name itself exists', 'c.w.example.', '*.w.example.', ['c.w.example. NSEC z.example. A'], 'no'],
    ['nothing is shown', 'c.w.example.', '*.w.example.', [], 'no'],
  ] as const)('%s', (_, text, wildcard, records, holds) => {
    expect(proveNoCloser(proofs(...records), name(text), name(wildcard)).holds).toBe(holds);
  });
});

describe('a delegation', () => {
  test.each([
    ['is proven unsigned by NS without DS', 'b.example.', ['b.example. NSEC d.example. NS'], 'unsigned'],
    ['is none when the name has no NS', 'b.example.', ['b.example. NSEC d.example. A'], 'none'],
    ['is none at an empty name', 'c.example.', ['b.example. NSEC x.c.example. A'], 'none'],
    ['is none at a name that does not exist', 'c.example.', ['b.example. NSEC d.example. A'], 'none'],
    ['is not proven unsigned when there is a DS bit', 'b.example.', ['b.example. NSEC d.example. NS DS'], 'unproven'],
    ['is not proven unsigned by the child’s own NSEC', 'b.example.', ['b.example. NSEC d.example. NS SOA'], 'unproven'],
    ['is not proven by nothing', 'b.example.', [], 'unproven'],
  ] as const)('%s', (_, text, records, kind) => {
    expect(proveNoSigner(proofs(...records), name(text)).kind).toBe(kind);
  });
});

describe('NSEC3', () => {
  const how = { iterations: 1, salt: Uint8Array.of(0xab) };
  const hash = (text: string): string => hashOf(name(text), how);
  const beside = (text: string, by: 1 | -1): string => {
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
    const last = digits.indexOf(text.slice(-1)) + by;
    return `${text.slice(0, -1)}${digits[last] ?? (by > 0 ? 'V' : '0')}`;
  };
  const at = (text: string, types: string, optOut = 0): string =>
    `${hash(text)}.example. NSEC3 1 ${optOut} 1 AB ${beside(hash(text), 1)} ${types}`;
  const over = (text: string, optOut = 0): string =>
    `${beside(hash(text), -1)}.example. NSEC3 1 ${optOut} 1 AB ${beside(hash(text), 1)} A RRSIG`;
  const apex = at('example.', 'NS SOA RRSIG');

  test.each([
    ['closest name, next closer and wildcard are shown', [apex, over('c.example.'), over('*.example.')], 'secure'],
    ['the wildcard is not denied', [apex, over('c.example.')], 'no'],
    ['the closest name is not shown', [over('c.example.'), over('*.example.')], 'no'],
    ['the gap leaves unsigned delegations out', [apex, over('c.example.', 1), over('*.example.')], 'insecure'],
    ['the name exists', [at('x.c.example.', 'A'), apex, over('*.example.')], 'no'],
  ] as const)('there is no such name: %s', (_, records, holds) => {
    expect(proveNoName(proofs(...records), name('x.c.example.')).holds).toBe(holds);
  });

  test.each([
    ['a cut above the name', 'NS'],
    ['a DNAME above the name', 'DNAME'],
  ])('nothing is proven past %s', (_, types) => {
    const records = [at('c.example.', types), over('x.c.example.'), over('*.c.example.')];
    expect(proveNoName(proofs(...records), name('x.c.example.')).holds).toBe('no');
  });

  test.each([
    ['the name has other types', 'A', [at('c.example.', 'MX')], 'secure'],
    ['the name is empty', 'A', [at('c.example.', '')], 'secure'],
    ['the name has the type', 'MX', [at('c.example.', 'MX')], 'no'],
    ['the name is an alias', 'MX', [at('c.example.', 'CNAME')], 'no'],
    ['the parent’s side of a cut', 'MX', [at('c.example.', 'NS')], 'no'],
    ['the wildcard lacks the type', 'A', [apex, over('c.example.'), at('*.example.', 'MX')], 'secure'],
    ['the wildcard has the type', 'MX', [apex, over('c.example.'), at('*.example.', 'MX')], 'no'],
    ['an opt-out may hide an unsigned delegation', 'DS', [apex, over('c.example.', 1)], 'insecure'],
    ['without an opt-out a missing name has no types', 'DS', [apex, over('c.example.')], 'no'],
  ] as const)('there is no such type: %s', (_, type, records, holds) => {
    expect(proveNoType(proofs(...records), name('c.example.'), type as RecordType).holds).toBe(holds);
  });

  test.each([
    ['next closer is denied', [over('c.example.')], 'secure'],
    ['by an opt-out', [over('c.example.', 1)], 'insecure'],
    ['nothing is shown', [apex], 'no'],
  ] as const)('a wildcard had to serve: %s', (_, records, holds) => {
    expect(proveNoCloser(proofs(...records), name('x.c.example.'), name('*.example.')).holds).toBe(holds);
  });

  test.each([
    ['NS without DS', [at('c.example.', 'NS')], 'unsigned'],
    ['no NS', [at('c.example.', 'A')], 'none'],
    ['an opt-out over the name', [apex, over('c.example.', 1)], 'unsigned'],
    ['a gap over the name', [apex, over('c.example.')], 'none'],
    ['the child’s own record', [at('c.example.', 'NS SOA')], 'unproven'],
  ] as const)('a delegation: %s', (_, records, kind) => {
    expect(proveNoSigner(proofs(...records), name('c.example.')).kind).toBe(kind);
  });

  test('records with other parameters than the first are passed over', () => {
    const odd = over('*.example.').replace(' 1 AB ', ' 2 AB ');
    expect(proveNoName(proofs(apex, over('c.example.'), odd), name('c.example.')).holds).toBe('no');
  });

  test.each([
    ['an unknown hash', (text: string) => text.replace('NSEC3 1 ', 'NSEC3 2 ')],
    ['unknown flags', (text: string) => text.replace('NSEC3 1 0', 'NSEC3 1 2')],
    ['another zone', (text: string) => text.replace('.example. ', '.sub.example. ')],
  ])('records of %s are passed over', (_, change) => {
    expect(proofs(change(apex)).nsec3).toEqual([]);
  });

  test('more rounds of hashing than allowed are not calculated: nothing is said either way (RFC 9276 §3.2)', () => {
    const many = proofsOf(ZONE, [set(apex), set(over('c.example.'))], 0);
    expect(proveNoName(many, name('c.example.'))).toMatchObject({ holds: 'insecure', fault: { code: 27 } });
    expect(proveNoType(many, name('example.'), 'MX').holds).toBe('insecure');
    expect(proveNoCloser(many, name('c.example.'), name('*.example.')).holds).toBe('insecure');
    expect(proveNoSigner(many, name('c.example.')).kind).toBe('unsigned');
  });

  test('how many rounds are allowed depends on the size of the key', () => {
    const limits = [
      [1024, 150],
      [2048, 500],
    ] as const;
    expect([256, 1024, 1025, 4096].map((bits) => mostIterations(limits, bits))).toEqual([150, 150, 500, 500]);
    expect(mostIterations([], 256)).toBe(0);
  });
});
