import { describe, expect, test } from 'vitest';
import type { Instant } from '../../../src/base/time.ts';
import { name } from '../../../src/dns/name.ts';
import type { Line } from '../../../src/scenario/schema.ts';
import { sceneAt } from '../../../src/trace/scene.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import {
  isElsewhere,
  nameFault,
  offered,
  orderFaults,
  orderLine,
  recordLine,
  transferLine,
} from '../../../src/view/geometry/registration/registrable.ts';
import { type RegistrationPicture, registrationPicture, waitUntil } from '../../../src/view/geometry/registration/story.ts';
import { whenWords } from '../../../src/view/geometry/registration/time.ts';
import { registrationWords } from '../../../src/view/geometry/registration/words.ts';
import { played } from '../runs.ts';

const at = (s: number): Instant => Math.round(s * 1e6) as Instant;
const sceneOf = (trace: Trace, s: number) => sceneAt(trace, { at: at(s) });
function picture(trace: Trace, s: number): RegistrationPicture {
  const found = registrationPicture(trace, sceneOf(trace, s), at(s));
  if (!found) throw new Error('there is no registration yet');
  return found;
}
const states = ({ stops }: RegistrationPicture): string => stops.map(({ letter, state }) => `${letter} ${state}`).join(', ');
const body = (drawn: RegistrationPicture, letter: string) => drawn.stops.find((stop) => stop.letter === letter)?.body;
const lesson = played('register-and-wait');

describe('the picture of a registration', () => {
  test('is there from the order on', () => {
    expect(registrationPicture(lesson, sceneOf(lesson, 59), at(59))).toBeUndefined();
    expect(states(picture(lesson, 61))).toBe('a now, b todo, c todo, d todo, e todo');
  });
  test('inks only what has happened', () => {
    expect(states(picture(lesson, 200))).toBe('a done, b now, c todo, d todo, e todo');
    expect(states(picture(lesson, 310))).toBe('a done, b done, c now, d todo, e todo');
    expect(states(picture(lesson, 370))).toBe('a done, b done, c done, d now, e todo');
    expect(states(picture(lesson, 902))).toBe('a done, b done, c done, d done, e now');
  });
  test('counts its times from the order, and pencils those that are known to come', () => {
    const { stops, ownWords } = picture(lesson, 370);
    expect(stops.map(({ when }) => when)).toEqual(['at 0:00 min', 'at 2:10 min', 'at 4:00 min', 'at 5:00 min', 'by 14:00 min']);
    expect(ownWords).toBe('yours since 4:00');
  });
  test('shows the zone as it is, a record that has come since as new', () => {
    expect(body(picture(lesson, 200), 'b')).toMatchObject({
      rows: [
        { type: 'NS', ttl: '172\u202f800' },
        { type: 'SOA', ttl: '900' },
      ],
    });
    expect(body(picture(lesson, 370), 'b')).toMatchObject({
      rows: [{ fresh: false }, { fresh: false }, { type: 'A', owner: 'www', values: ['192.0.2.44'], ttl: '300', fresh: true }],
    });
  });
  test('fills a square for each server that has the change, and is INSYNC with the last', () => {
    expect(body(picture(lesson, 370), 'd')).toMatchObject({
      status: 'PENDING',
      servers: [{ mark: '2048' }, { mark: '2049', at: '5:09' }, { mark: '2050', at: '5:00' }, { mark: '2051' }],
    });
    expect(body(picture(lesson, 401), 'd')).toMatchObject({ status: 'INSYNC' });
  });
  test('says what each resolver was told, and how long it keeps it', () => {
    const { resolversTitle, resolvers } = picture(lesson, 391);
    expect(resolversTitle).toBe('Two resolvers, asked at 5:30');
    expect(resolvers.map(({ kept }) => kept)).toEqual([
      { kind: 'no', head: 'No such name', text: 'kept, 8 min 29 s left' },
      { kind: 'answer', head: 'Answer', value: '192.0.2.44', text: '4 min 59 s left' },
    ]);
    expect(resolvers.map(({ lines }) => lines[1])).toEqual(['asked nobody: it keeps its “no”', 'asked root, .com, ns-2048']);
  });
  test('rounds what is left down to whole seconds', () => {
    expect(picture(lesson, 1200).resolvers.map(({ kept }) => kept.text)).toEqual(['1 s left', 'asks anew when asked']);
  });
  test('tells the stop, the delays and what comes next', () => {
    const words = registrationWords(picture(lesson, 370), at(370));
    expect(words).toMatchObject({
      letter: 'd',
      of: 'of five, a to e',
      headline: 'The zone is published. Nobody has to be told.',
      next: 'the last two servers take the record; at 14:00 the kept “no” ends.',
    });
    expect(words.delays.map(({ time }) => time)).toEqual(['minutes', 'up to 60 s', 'up to 900 s', 'up to 2 days']);
  });
});

describe('other orders have stops of their own', () => {
  test('new name servers: both are asked until the last old copy has run out', () => {
    const moving = played('moving-dns');
    expect(states(picture(moving, 61))).toBe('a now, b todo, c todo, d todo');
    expect(states(picture(moving, 700))).toBe('a done, b done, c now, d todo');
    expect(picture(moving, 700).resolvers.map(({ kept }) => kept.value)).toEqual(['ns1, ns2', '2048, 2049']);
    expect(states(picture(moving, 180_000))).toBe('a done, b done, c done, d now');
  });
  test('a transfer: refused while locked, then five days, then the same servers', () => {
    const moved = played('transfer-domain');
    expect(registrationWords(picture(moved, 61), at(61)).headline).toBe('The order is refused.');
    expect(picture(moved, 700).ownWords).toBe('with another registrar');
    expect(picture(moved, 500_000).ownWords).toBe('with Route 53 since day 5');
    expect(body(picture(moved, 500_000), 'c')).toMatchObject({ entry: 'example.net. NS 2' });
  });
  test('a domain that nobody answers for is taken out, and stays so until somebody does', () => {
    const held = played('never-verified');
    const on = picture(held, 1_400_000);
    expect([on.ownWords, on.stops[2]?.title, on.stops[2]?.when]).toEqual(['on hold', 'The registry takes it out', 'on day 15']);
    expect(picture(held, 1_470_000).onHold).toBe(false);
  });
});

describe('what one may order', () => {
  const trace = played('first-visit', [{ at: '1 s', register: 'blue-otter.com' }]);
  const fault = (text: string, s = 0.5) => nameFault(trace, sceneOf(trace, s), text);
  test('a name that nobody has, below a registry of this Internet', () => {
    expect(fault('red-otter.com')).toBeUndefined();
    expect(fault('Red-Otter.CO.UK.')).toBeUndefined();
  });
  test.each([
    ['', 'Type the name'],
    ['com', 'it belongs to a registry'],
    ['co.uk', 'it belongs to a registry'],
    ['example.com', 'somebody has registered it'],
    ['www.red-otter.com', 'it lies below red-otter.com'],
    ['red-otter.xyz', 'Sold here: .com, .net, .org'],
    ['red otter.com', 'cannot be registered'],
    ['-otter.com', 'letters, digits and inner hyphens'],
  ])('not %j, in words', (text, words) => {
    expect(fault(text)).toContain(words);
  });
  test('not what one has ordered oneself', () => {
    expect(fault('blue-otter.com')).toBeUndefined();
    expect(fault('blue-otter.com', 1.5)).toContain('you have ordered it already');
  });
  test('the page for a name that does not exist offers the domain above it', () => {
    expect(offered(trace, sceneOf(trace, 0.5), name('www.blue-otter.com.'))).toBe('blue-otter.com');
    expect(offered(trace, sceneOf(trace, 0.5), name('nowhere.example.com.'))).toBeUndefined();
    expect(offered(trace, sceneOf(trace, 0.5), name('printer.'))).toBeUndefined();
  });
  test('a name that somebody has may be transferred, one’s own may not', () => {
    expect(isElsewhere(trace, sceneOf(trace, 0.5), 'example.com')).toBe(true);
    expect(isElsewhere(trace, sceneOf(trace, 0.5), 'red-otter.com')).toBe(false);
    expect(isElsewhere(trace, sceneOf(trace, 1.5), 'blue-otter.com')).toBe(false);
    const lines: Line[] = [
      { ...transferLine('Example.net', ' Heron-7 '), at: '1 s' },
      { at: '2 s', unlock: 'example.net' },
      { ...transferLine('example.net', 'Heron-7'), at: '3 s' },
      { at: '6 days', visit: 'www.example.net' },
    ];
    const run = played('first-visit', lines);
    expect(registrationWords(picture(run, 2.5), at(2.5)).headline).toBe('The lock is off.');
    expect(picture(run, 500_000).ownWords).toBe('with Route 53 since day 5');
  });
  test('only with an address to write to', () => {
    const draft = { name: 'red-otter.com', contact: 'you', verified: true };
    expect(orderFaults(trace, sceneOf(trace, 0), draft).contact).toContain('e-mail address');
    expect(orderFaults(trace, sceneOf(trace, 0), { ...draft, contact: 'you@example.net' })).toEqual({});
  });
  test('its lines lead from the order to a page', () => {
    const lines: Line[] = [
      { ...orderLine({ name: 'Red-Otter.com', contact: ' you@example.net ', verified: true }), at: '1 s' },
      { ...recordLine('red-otter.com', 'www.red-otter.com', '192.0.2.44'), at: '5 min' },
      { at: '7 min', visit: 'www.red-otter.com' },
    ];
    const run = played('first-visit', lines);
    expect(states(picture(run, 430))).toBe('a done, b done, c done, d done, e now');
    expect(picture(run, 421).resolvers[0]?.kept).toMatchObject({ kind: 'answer', value: '192.0.2.44' });
  });
});

describe('times of a registration', () => {
  test.each([
    [0, 0, '0:00'],
    [60, 0, '−1:00'],
    [0, 130.9, '2:10'],
    [0, 3_600, '1 h 00 m'],
    [0, 15 * 86_400, 'day 15'],
  ])('%d s to %d s is %s', (order, then, words) => {
    expect(whenWords(at(order), at(then)).short).toBe(words);
  });
  test('one never waits for what is past', () => {
    expect(waitUntil(at(5), at(3))).toBe(0);
  });
});
