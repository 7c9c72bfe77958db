import { describe, expect, test } from 'vitest';
import type { Address } from '../../../src/base/address.ts';
import { name } from '../../../src/dns/name.ts';
import { parseRecord } from '../../../src/dns/presentation/parse.ts';
import type { Conclusion } from '../../../src/trace/trace.ts';
import { outcomeOf } from '../../../src/view/geometry/map/outcome.ts';

type Answered = Conclusion & { kind: 'answered' };

function answered(lines: readonly string[], rcode: Answered['rcode'] = 'NOERROR'): Answered {
  const records = lines.map((line) => {
    const parsed = parseRecord(line);
    if (!parsed.ok) throw new Error(`no record: ${line}`);
    return parsed.value;
  });
  return { kind: 'answered', question: 'shop.example.com. A', rcode, records, source: 'network' };
}

const A = (last: number): string => `shop.example.com. 60 IN A 192.0.2.${last}`;

describe('the window of a program that is no browser', () => {
  test('is empty while nothing has been found out, and where a page says it', () => {
    expect(outcomeOf(undefined, 'A')).toBeUndefined();
    expect(
      outcomeOf(
        { kind: 'page', url: 'http://shop.example.com/', status: 200, title: '', body: '', address: '192.0.2.1' as Address },
        'A',
      ),
    ).toBeUndefined();
  });

  test('lists the records that were asked for, as data', () => {
    expect(outcomeOf(answered([A(1)]), 'A')).toEqual({ head: 'One A record', lines: ['192.0.2.1'], mono: true });
    expect(outcomeOf(answered([A(1), A(2), A(3)]), 'A')).toEqual({
      head: '3 A records',
      lines: ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
      mono: true,
    });
  });

  test('counts the records for which there is no room', () => {
    expect(outcomeOf(answered([A(1), A(2), A(3), A(4)]), 'A')).toMatchObject({
      head: '4 A records',
      lines: ['192.0.2.1', '192.0.2.2', 'and 2 more'],
    });
  });

  test('leaves out the alias on the way, which was not asked for', () => {
    const chain = ['shop.example.com. 60 IN CNAME store.example.net.', 'store.example.net. 60 IN A 192.0.2.9'];
    expect(outcomeOf(answered(chain), 'A')).toMatchObject({ head: 'One A record', lines: ['192.0.2.9'] });
    expect(outcomeOf(answered(chain), 'ANY')?.lines).toHaveLength(2);
  });

  test('tells a name without such records from a name that does not exist', () => {
    expect(outcomeOf(answered([]), 'MX')).toEqual({
      head: 'There are no MX records.',
      lines: ['The name exists, with records of other types.'],
      mono: false,
    });
    expect(outcomeOf(answered([], 'NXDOMAIN'), 'MX')?.head).toBe('There is no such name.');
  });

  test('names the code of a response that is no answer', () => {
    expect(outcomeOf(answered([], 'SERVFAIL'), 'A')).toEqual({
      head: 'The question was not answered.',
      lines: ['SERVFAIL'],
      mono: false,
    });
  });

  test('gives the first reason when nobody answered', () => {
    const reasons = ['Nobody answered in time.', 'The second server was not tried.'].map((text) => ({ text, source: '' }));
    expect(outcomeOf({ kind: 'failed', question: 'shop.example.com. A', reasons: reasons as never }, 'A')).toEqual({
      head: 'There was no answer.',
      lines: ['Nobody answered in time.'],
      mono: false,
    });
  });

  test('says to which host a letter went', () => {
    const delivered = { kind: 'delivered', to: 'ann@example.com', host: name('mail.example.com.') } as const;
    expect(outcomeOf({ ...delivered, address: '192.0.2.25' as Address }, undefined)).toEqual({
      head: 'The letter is delivered',
      lines: ['To mail.example.com, at 192.0.2.25.'],
      mono: false,
    });
  });
});
