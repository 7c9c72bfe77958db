import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/route53/formats/json.ts';
import { locate, parseJson, pathText, placeOf, valueAt } from '../../src/route53/formats/json.ts';

describe('JSON with places', () => {
  test('reads what the platform reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = parseJson(text);
        if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text));
        // Only a whole number that cannot be kept exactly is refused.
        else expect(parsed.fault.expected).toContain('number');
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['', 0, 'the end of the file'],
    ['{"a":1,}', 7, '"}"'],
    ['{"a" 1}', 5, '"1"'],
    ['[1 2]', 3, '"2"'],
    ['[1,]', 3, '"]"'],
    ["{'a':1}", 1, `"'"`],
    ['{"a":tru}', 5, '"tru"'],
    ['{"a":01}', 5, '"01"'],
    ['"abc', 4, 'the end of the file'],
    ['"a\nb"', 2, '" "'],
    ['"\\x"', 1, '"\\"'],
    ['{"a":1} x', 8, '"x"'],
    ['{"a":1,"b":{"c":1,"c":2}}', 18, '"c" a second time'],
    ['[12345678901234567890]', 1, '"12345678901234567890"'],
  ])('%j is refused at offset %i', (text, at, found) => {
    expect(parseJson(text)).toMatchObject({ ok: false, fault: { at, found } });
  });

  test('nesting has a bound', () => {
    expect(parseJson('['.repeat(100_000)).ok).toBe(false);
  });

  test('a key __proto__ is kept as data', () => {
    const parsed = parseJson('{"__proto__":{"a":1}}');
    expect(parsed.ok && JSON.stringify(parsed.value)).toBe('{"__proto__":{"a":1}}');
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  test('every value of a document is found at its place', () => {
    const paths = (value: JsonValue, path: readonly (string | number)[]): (readonly (string | number)[])[] => [
      path,
      ...(Array.isArray(value)
        ? value.flatMap((item: JsonValue, i) => paths(item, [...path, i]))
        : typeof value === 'object' && value !== null
          ? Object.entries(value).flatMap(([key, item]) => paths(item, [...path, key]))
          : []),
    ];
    const value = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(value, fc.nat(3), (document, indent) => {
        const text = JSON.stringify(document, null, indent);
        const all = paths(document, []).filter((path) => !path.includes('__proto__'));
        const offsets = locate(text, all);
        for (const [i, path] of all.entries()) {
          const shown = JSON.stringify(valueAt(document, path));
          expect(text.slice(offsets[i], (offsets[i] ?? 0) + 1)).toBe(shown?.[0]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('a path that leads nowhere gives the deepest value on the way', () => {
    expect(locate('{"a":{"b":1}}', [['a', 'x', 'y']])).toEqual([5]);
  });

  test('lines and columns count from 1, characters as people see them', () => {
    expect(placeOf('{\n  "ä": 1\n}', 9)).toEqual({ line: 2, column: 8 });
    expect(placeOf('{\n"😀": 1}', 8)).toEqual({ line: 2, column: 6 });
  });

  test('paths read as people write them', () => {
    expect(pathText(['ResourceRecordSets', 2, 'AliasTarget', 'DNSName'])).toBe('ResourceRecordSets[2].AliasTarget.DNSName');
  });
});
