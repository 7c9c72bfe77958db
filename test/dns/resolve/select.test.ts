import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, address, type Cidr } from '../../../src/base/address.ts';
import { reason } from '../../../src/base/reason.ts';
import { milliseconds, type seconds } from '../../../src/base/time.ts';
import { name } from '../../../src/dns/name.ts';
import type { Delegation } from '../../../src/dns/resolve/delegation.ts';
import {
  backedOff,
  LONGEST_TIMEOUT,
  measured,
  SHORTEST_TIMEOUT,
  type Standing,
  standingOf,
} from '../../../src/dns/resolve/rtt.ts';
import { type Chooser, chooseServer, takeBack } from '../../../src/dns/resolve/select.ts';
import { at, settingsWith } from './given.ts';

const A = address('192.0.2.1');
const B = address('192.0.2.2');
const C = address('192.0.2.3');

const delegation = (...addresses: Address[]): Delegation => ({
  zone: name('example.com.'),
  servers: addresses.map((own, i) => ({ name: name(`ns${i}.example.com.`), addresses: [own] })),
  origin: 'cache',
  parentSide: true,
});
const unknown: Standing = standingOf(new Map(), A, at(0), milliseconds(376));
const fast = (ms: number): Standing => measured(unknown, milliseconds(ms), at(0));

const choose = (change: Partial<Chooser>) =>
  chooseServer({
    delegation: delegation(A, B, C),
    tries: {},
    standings: new Map(),
    at: at(0),
    settings: settingsWith({}),
    draw: () => 0,
    ...change,
  }).value;

/** Which addresses chance may lead to. */
function possible(change: Partial<Chooser>): string[] {
  const seen = new Set<string>();
  for (let i = 0; i < 20; i++) seen.add(choose({ ...change, draw: () => i / 20 }).target?.address ?? 'none');
  return [...seen].sort();
}

describe('a server is chosen', () => {
  it('by chance among all that were never asked', () => {
    expect(possible({})).toEqual([A, B, C]);
  });

  it('by chance among those within 400 ms of the fastest', () => {
    const standings = new Map([
      [A, fast(10)],
      [B, fast(30)],
      [C, fast(900)],
    ]);
    expect(possible({ standings })).toEqual([A, B]);
  });

  it('among those tried least often', () => {
    expect(possible({ tries: { [A]: { times: 1 } } })).toEqual([B, C]);
    expect(possible({ tries: { [A]: { times: 1 }, [B]: { times: 2 }, [C]: { times: 1 } } })).toEqual([A, C]);
  });

  it('not when it was tried five times, or found to be of no use', () => {
    const out = { times: 1, out: reason('failure', 'It failed.') };
    expect(possible({ tries: { [A]: { times: 5 }, [B]: out } })).toEqual([C]);
    expect(choose({ tries: { [A]: { times: 5 }, [B]: out, [C]: out } }).target).toBeUndefined();
  });

  it('among those not known to lack the zone, as long as there are others', () => {
    const lame = { ...unknown, lameFor: ['example.com.'] };
    expect(possible({ standings: new Map([[A, lame]]) })).toEqual([B, C]);
    expect(possible({ delegation: delegation(A), standings: new Map([[A, lame]]) })).toEqual([A]);
    expect(possible({ standings: new Map([[A, { ...lame, lameFor: ['example.net.'] }]]) })).toEqual([A, B, C]);
  });

  it('never at an address of this machine, of a banned block or of an unused family, when the network named it', () => {
    const local = delegation(address('127.0.0.1'), address('::1'), A);
    expect(possible({ delegation: local })).toEqual([A]);
    expect(possible({ delegation: local, settings: settingsWith({ doNotQueryLocalhost: false, useIPv6: false }) })).toEqual([
      '127.0.0.1',
      A,
    ]);
    expect(possible({ settings: settingsWith({ doNotQuery: ['192.0.2.0/31' as Cidr] }) })).toEqual([B, C]);
  });

  it('and servers without an address are named, so that they can be looked for', () => {
    const servers = [{ name: name('ns9.example.net.'), addresses: [] }];
    expect(choose({ delegation: { ...delegation(), servers } })).toEqual({ target: undefined, unknown: ['ns9.example.net.'] });
  });
});

it('servers that were put aside are taken back when all others have failed, once', () => {
  const empty = { times: 1, out: reason('empty', 'Empty.'), aside: 'empty' as const };
  const again = takeBack({ [A]: empty, [B]: { times: 1, out: reason('failure', 'It failed.') } });
  expect(again?.[A]).toEqual({ times: 1, aside: 'empty' });
  expect(again?.[B]?.out).toBeDefined();
  expect(again && takeBack(again)).toBeUndefined();
});

describe('the timeout for a server', () => {
  it('is 376 ms before it was ever asked, and is forgotten after a quarter of an hour', () => {
    expect(unknown.timeout).toBe(milliseconds(376));
    const standings = new Map([[A, fast(10)]]);
    expect(standingOf(standings, A, at(899), milliseconds(376)).srtt).toBe(milliseconds(10));
    expect(standingOf(standings, A, at(900), milliseconds(376)).srtt).toBeUndefined();
  });

  it('is the smoothed round-trip time and four times its variation (RFC 6298 §2)', () => {
    const first = measured(unknown, milliseconds(100), at(0));
    expect(first).toMatchObject({ srtt: milliseconds(100), variation: milliseconds(50), timeout: milliseconds(300) });
    const second = measured(first, milliseconds(180), at(1));
    expect(second).toMatchObject({ srtt: milliseconds(110), variation: milliseconds(57.5), timeout: milliseconds(340) });
  });

  it('doubles with every timeout', () => {
    expect(backedOff(backedOff(unknown, at(0)), at(1)).timeout).toBe(milliseconds(1_504));
  });

  it('stays between 50 ms and 120 s whatever happens', () => {
    const event = fc.oneof(fc.constant('timeout' as const), fc.nat(200_000_000));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let standing = unknown;
        for (const one of events)
          standing =
            one === 'timeout' ? backedOff(standing, at(0)) : measured(standing, one as ReturnType<typeof seconds>, at(0));
        if (events.length === 0) return;
        expect(standing.timeout).toBeGreaterThanOrEqual(SHORTEST_TIMEOUT);
        expect(standing.timeout).toBeLessThanOrEqual(LONGEST_TIMEOUT);
      }),
    );
  });
});
