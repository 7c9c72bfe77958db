import { describe, expect, test } from 'vitest';
import { configure } from '../../src/conformance/options.ts';
import { readReplay } from '../../src/conformance/rpl.ts';
import { REPLAY } from './example.ts';

const read = (text: string, dialect: 'unbound' | 'deckard' = 'unbound') => readReplay(text, 'test.rpl', dialect);

function replayOf(text: string, dialect: 'unbound' | 'deckard' = 'unbound') {
  const result = read(text, dialect);
  if (!result.ok) throw new Error(JSON.stringify(result.mistakes));
  return result.replay;
}

describe('a replay file', () => {
  const replay = replayOf(REPLAY);

  test('has a title, ranges by address, and numbered steps', () => {
    expect(replay.title).toBe('a walk of two steps');
    expect(replay.ranges.map(({ first, last, addresses }) => [first, last, ...addresses])).toEqual([
      [0, 100, '192.0.2.1'],
      [0, 100, '192.0.2.2'],
    ]);
    expect(replay.steps.map(({ number, type }) => [number, type])).toEqual([
      [1, 'QUERY'],
      [10, 'CHECK_ANSWER'],
      [20, 'TIME_PASSES'],
      [30, 'QUERY'],
      [40, 'CHECK_ANSWER'],
    ]);
  });

  test('has entries whose records live for an hour unless they say otherwise', () => {
    const referral = replay.ranges[0]?.entries[1]?.message;
    expect(referral?.authority.map(({ name, ttl, type }) => [name, ttl, type])).toEqual([['example.com.', 3600, 'NS']]);
    expect(replay.ranges[1]?.entries[0]?.message.answer[0]?.ttl).toBe(300);
  });

  test('names flags, response codes and EDNS in its REPLY lines', () => {
    const { message } = replay.ranges[1]?.entries[0] ?? {};
    expect(message?.flags).toMatchObject({ qr: true, aa: true, rd: false });
    expect(message?.edns).toBeUndefined();
    expect(replayOf(REPLAY.replace('REPLY RD\n', 'REPLY RD DO\n')).steps[0]).toMatchObject({
      entry: { message: { edns: { do: true, udpSize: 1232 } } },
    });
  });

  test('may give EDNS options as octets', () => {
    const text = REPLAY.replace(
      'REPLY RD\n',
      'REPLY RD\nHEX_EDNSDATA_BEGIN\n000f 0002 ; an extended error\n0016\nHEX_EDNSDATA_END\n',
    );
    expect(replayOf(text).steps[0]).toMatchObject({
      entry: { message: { edns: { options: [{ option: 'extended-error', code: 22 }] } } },
    });
  });

  test('may name a forwarder by its host, and sets what its options say', () => {
    const more =
      'harden-unverified-glue: yes harden-cname-follow: no\nforward-zone: name: "net" forward-host: ns.example.net\nCONFIG_END';
    const { settings, mistakes } = configure(
      replayOf(
        REPLAY.replace('stub-zone:', `${more.split('\n')[0]}\nstub-zone:`).replace(
          'CONFIG_END',
          more.split('\n').slice(1).join('\n'),
        ),
      ),
      'test.rpl',
    );
    expect(mistakes).toEqual([]);
    expect(settings).toMatchObject({ hardenUnverifiedGlue: true, believeChains: true });
    expect(settings.forwardZones[0]?.servers).toEqual([{ name: 'ns.example.net.', addresses: [] }]);
  });

  test('without root servers of its own begins at those that everybody knows', () => {
    const { settings } = configure(replayOf(REPLAY.replace(/stub-zone:\n.*\n.*\n/, '')), 'test.rpl');
    expect(settings.rootHints).toEqual([{ addresses: ['198.41.0.4'] }]);
  });

  test('may put several options of its configuration on one line', () => {
    const { settings, mistakes } = configure(
      replayOf(REPLAY.replace('CONFIG_END', 'forward-zone: name: "net" forward-addr: 192.0.2.9\nCONFIG_END')),
      'test.rpl',
    );
    expect(mistakes).toEqual([]);
    expect(settings.forwardZones).toMatchObject([{ zone: 'net.', servers: [{ addresses: ['192.0.2.9'] }] }]);
    expect(settings.rootHints).toEqual([{ addresses: ['192.0.2.1'] }]);
    expect(settings.minimisation).toBe('off');
  });
});

describe('what is wrong in a replay file is told with its line, all at once', () => {
  test.each([
    ['a record that is none', 'www.example.com. 300 IN A 192.0.2.44', 'www.example.com. 300 IN A 192.0.2.444'],
    ['a flag that is none', 'REPLY QR AA NOERROR', 'REPLY QR AB NOERROR'],
    ['an unknown kind of step', 'STEP 20 TIME_PASSES ELAPSE 100', 'STEP 20 TIME_FLIES'],
    ['a step number that falls', 'STEP 20 TIME_PASSES', 'STEP 5 TIME_PASSES'],
    ['an address that is none', 'ADDRESS 192.0.2.2', 'ADDRESS 192.0.2.x'],
  ])('%s', (_what, right, wrong) => {
    const result = read(REPLAY.replace(right, wrong));
    if (result.ok) throw new Error('was read');
    expect(result.mistakes.map((mistake) => mistake.line)).toEqual([REPLAY.slice(0, REPLAY.indexOf(right)).split('\n').length]);
  });

  test('two mistakes give two', () => {
    const result = read(REPLAY.replace('ADDRESS 192.0.2.2', 'ADDRESS x').replace('REPLY QR AA', 'REPLY QR XX'));
    expect(result.ok ? 0 : result.mistakes.length).toBe(2);
  });

  test('an unknown option is refused loudly', () => {
    const { mistakes } = configure(replayOf(REPLAY.replace('qname-minimisation: no', 'qname-minimisatio: no')), 'test.rpl');
    expect(mistakes.map(({ path, line }) => [path, line])).toEqual([['qname-minimisatio', 3]]);
  });
});

test('each dialect has its own defaults', () => {
  const unbound = configure(
    replayOf('stub-zone: name: "." stub-addr: 192.0.2.1\nCONFIG_END\nSCENARIO_BEGIN x\nSTEP 1 TRAFFIC\nSCENARIO_END'),
    'a',
  ).settings;
  const deckard = configure(
    replayOf('stub-addr: 192.0.2.1\nCONFIG_END\nSCENARIO_BEGIN x\nSTEP 1 TRAFFIC\nSCENARIO_END', 'deckard'),
    'a',
    true,
  ).settings;
  expect([unbound.maxTtl, unbound.minimisationType, unbound.priming]).toEqual([86_400, 'A', true]);
  expect([deckard.minimisation, deckard.minimisationType, deckard.priming]).toEqual(['relaxed', 'NS', false]);
});
