import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/dns/message.ts';
import { isSubdomain, labelCount, name } from '../../../src/dns/name.ts';
import type { RecordType } from '../../../src/dns/record.ts';
import { isPart, nextShown, SHOWING_ALL, SHOWING_FROM_START } from '../../../src/dns/resolve/minimise.ts';
import { ask } from './given.ts';

/** Every question that is put to the servers of one zone, until the real one. */
function steps(question: Question, zone: string, type: RecordType = 'A'): string[] {
  const out: string[] = [];
  let showing = SHOWING_FROM_START;
  for (let i = 0; i < 40; i++) {
    const next = nextShown(question, name(zone), showing, type);
    out.push(`${next.question.name} ${next.question.type}`);
    if (!next.showing.on) return out;
    showing = next.showing;
  }
  throw new Error('it does not end');
}

describe('with minimisation a zone is shown', () => {
  it('one label more than it must know', () => {
    expect(steps(ask('www.example.com.', 'A'), '.')).toEqual(['com. A', 'example.com. A', 'www.example.com. A']);
    expect(steps(ask('www.example.com.', 'A'), 'com.')).toEqual(['example.com. A', 'www.example.com. A']);
  });

  it('the real type only together with the whole name', () => {
    expect(steps(ask('www.example.com.', 'MX'), 'example.com.')).toEqual(['www.example.com. A', 'www.example.com. MX']);
    expect(steps(ask('www.example.com.', 'DS'), 'example.com.')).toEqual(['www.example.com. DS']);
  });

  it('another type, when that is set', () => {
    expect(steps(ask('www.example.com.', 'A'), 'com.', 'NS')).toEqual([
      'example.com. NS',
      'www.example.com. NS',
      'www.example.com. A',
    ]);
  });

  it('nothing less when there is nothing to hide, or when it is switched off', () => {
    expect(steps(ask('.', 'NS'), '.')).toEqual(['. NS']);
    expect(nextShown(ask('www.example.com.', 'A'), name('.'), SHOWING_ALL, 'A').question.name).toBe('www.example.com.');
  });

  it('a long name in ten bites at most, the first four of one label (RFC 9156 §2.3)', () => {
    const long = `${Array.from({ length: 30 }, (_, i) => `l${i}`).join('.')}.`;
    const asked = steps(ask(long, 'A'), '.');
    expect(asked.length).toBeLessThanOrEqual(10);
    expect(asked.slice(0, 4).map((line) => labelCount(name(line.split(' ')[0] as string)))).toEqual([1, 2, 3, 4]);
    expect(asked.at(-1)).toBe(`${long} A`);
  });

  it('ever longer parts of the name, never anything else, and at last the question itself', () => {
    const labels = fc.array(fc.constantFrom('a', 'b', 'www', 'x1'), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(labels, fc.nat(24), fc.constantFrom<RecordType>('A', 'MX', 'DS', 'NS'), (parts, cut, type) => {
        const question = ask(`${parts.join('.')}.`, type);
        const zone = `${parts.slice(Math.min(cut, parts.length)).join('.')}.`;
        const asked = steps(question, zone);
        const counts = asked.map((line) => labelCount(name(line.split(' ')[0] as string)));
        expect(asked.at(-1)).toBe(`${question.name} ${type}`);
        expect(asked.every((line) => isSubdomain(question.name, name(line.split(' ')[0] as string)))).toBe(true);
        expect(counts).toEqual([...counts].sort((a, b) => a - b));
        expect(asked.length).toBeLessThanOrEqual(12);
      }),
    );
  });
});

it('only the whole question is the whole question', () => {
  expect(isPart(ask('example.com.', 'A'), ask('www.example.com.', 'A'))).toBe(true);
  expect(isPart(ask('www.example.com.', 'A'), ask('www.example.com.', 'MX'))).toBe(true);
  expect(isPart(ask('WWW.example.com.', 'A'), ask('www.example.com.', 'A'))).toBe(false);
});
