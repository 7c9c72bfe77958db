import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reason } from '../../src/base/reason.ts';
import { milliseconds, START } from '../../src/base/time.ts';
import { corruption, dropMatching, duplication, jitter, latency, loss } from '../../src/sim/rules.ts';
import { A, B, bytes, datagram, makeWorld, ms, NOWHERE } from './world.ts';

const tenMilliseconds = latency([], undefined, milliseconds(10));
const why = reason('test', 'The test wants it so.');

describe('the network', () => {
  it('delivers a packet after the delay that the rules give, with their reasons', () => {
    const world = makeWorld();
    world.network.addRule('latency', tenMilliseconds);
    world.network.addRule('more', () => ({ delay: milliseconds(5), reason: why }));
    const packet = world.send(datagram(A, B));
    world.run();
    expect(world.delivered).toEqual([{ packet, at: ms(15) }]);
    expect(world.fates).toEqual([
      { kind: 'delivered', packet: packet.id, at: ms(15), reasons: [reason('latency', 'The way takes 10.0 ms.'), why] },
    ]);
  });

  it('counts packets from 0 in each run', () => {
    for (let run = 0; run < 2; run++) {
      const world = makeWorld();
      expect([world.send(datagram(A, B)).id, world.send(datagram(B, A)).id]).toEqual([0, 1]);
    }
  });

  it('loses a packet when any rule drops it, half way, for the first reason given', () => {
    const world = makeWorld();
    world.network.addRule('latency', tenMilliseconds);
    world.network.addRule('first', () => ({ drop: why }));
    world.network.addRule('second', () => ({ drop: reason('other', 'Another reason.') }));
    const { id } = world.send(datagram(A, B));
    world.run();
    expect(world.fates).toEqual([{ kind: 'dropped', packet: id, at: ms(5), due: ms(10), reason: why }]);
    expect(world.delivered).toEqual([]);
  });

  it('writes no fate before its instant', () => {
    const world = makeWorld();
    world.network.addRule('latency', tenMilliseconds);
    world.network.addRule('loss', loss(1));
    world.send(datagram(A, B));
    world.run(ms(4));
    expect(world.fates).toEqual([]);
  });

  it('drops what is sent to an address that no host has', () => {
    const world = makeWorld();
    world.send(datagram(A, NOWHERE));
    world.run();
    expect(world.ends()).toEqual(['no-such-host']);
  });

  it('asks whether a host is up when the packet arrives, not when it is sent', () => {
    const world = makeWorld();
    world.network.addRule('latency', tenMilliseconds);
    world.send(datagram(A, B));
    world.at(ms(3), () => world.network.setHost(B, 'down'));
    world.at(ms(5), () => world.send(datagram(A, B)));
    world.at(ms(12), () => world.network.setHost(B, 'up'));
    world.run();
    expect(world.ends()).toEqual(['host-down', 'delivered']);
  });

  it('makes duplicates, each with an identity and a fate of its own', () => {
    const world = makeWorld();
    world.network.addRule('twice more', duplication(1, 2));
    const packet = world.send(datagram(A, B));
    world.run();
    expect(world.delivered.map(({ packet: p, at }) => [p.id, p.copyOf, at])).toEqual([
      [packet.id, undefined, START],
      [1, packet.id, ms(1)],
      [2, packet.id, ms(2)],
    ]);
    expect(world.fates.map((fate) => fate.packet)).toEqual([0, 1, 2]);
  });

  it('hands over the altered bytes, keeps the sent ones on the packet, and writes both down', () => {
    const world = makeWorld();
    world.network.addRule('altered', () => ({ bytes: bytes('hallo'), reason: why }));
    world.network.addRule('again', (packet) => ({ bytes: Uint8Array.of(...packet.payload, 33) }));
    const packet = world.send(datagram(A, B));
    world.run();
    expect(packet.payload).toEqual(bytes('hello'));
    expect(world.delivered[0]?.packet.payload).toEqual(bytes('hallo!'));
    expect(world.fates).toMatchObject([{ kind: 'delivered', bytes: bytes('hallo!'), reasons: [why] }]);
  });

  it('applies an added or removed rule to packets sent from then on', () => {
    const world = makeWorld();
    world.network.addRule('latency', tenMilliseconds);
    world.send(datagram(A, B));
    world.at(ms(1), () => world.network.addRule('cut', () => ({ drop: why })));
    world.at(ms(2), () => world.send(datagram(A, B)));
    world.at(ms(3), () => world.network.removeRule('cut'));
    world.at(ms(4), () => world.send(datagram(A, B)));
    world.run();
    expect(world.ends()).toEqual(['test', 'delivered', 'delivered']);
  });

  it('loses a packet in flight when told to, once, and leaves the past alone', () => {
    const world = makeWorld();
    world.network.addRule('latency', tenMilliseconds);
    const first = world.send(datagram(A, B));
    const second = world.send(datagram(A, B));
    world.at(ms(7), () => {
      expect(world.network.underway()).toEqual([first, second]);
      expect(world.network.intercept(first.id, world.now(), why)).toBe(true);
      expect(world.network.intercept(first.id, world.now(), why)).toBe(false);
    });
    world.run();
    expect(world.fates).toMatchObject([
      { kind: 'dropped', packet: first.id, at: ms(7), reason: why },
      { kind: 'delivered', packet: second.id, at: ms(10) },
    ]);
  });

  it('draws for one direction independently of every other direction and of every other rule', () => {
    const fatesOf = (
      prepare: (world: ReturnType<typeof makeWorld>) => void,
      disturb: (w: ReturnType<typeof makeWorld>) => void,
    ) => {
      const world = makeWorld(5);
      prepare(world);
      const ids = Array.from({ length: 40 }, () => {
        disturb(world);
        return world.send(datagram(A, B)).id;
      });
      world.run();
      return ids.map((id) => world.fates.find((fate) => fate.packet === id)?.kind);
    };
    const lossy = (world: ReturnType<typeof makeWorld>) => world.network.addRule('loss', loss(0.5));
    const plain = fatesOf(lossy, () => {});
    expect(new Set(plain)).toEqual(new Set(['delivered', 'dropped']));
    expect(fatesOf(lossy, (world) => world.send(datagram(B, A)))).toEqual(plain);
    const withJitter = (world: ReturnType<typeof makeWorld>) => {
      world.network.addRule('jitter', jitter(milliseconds(3)));
      lossy(world);
    };
    expect(fatesOf(withJitter, () => {})).toEqual(plain);
  });

  it('has every packet under way or with exactly one fate, and for every seed one run, whatever the rules', () => {
    fc.assert(
      fc.property(
        fc.record({ seed: fc.nat(), loss: fc.double({ min: 0, max: 1, noNaN: true }), copies: fc.nat(2), end: fc.nat(30) }),
        fc.array(fc.tuple(fc.constantFrom(A, B), fc.constantFrom(A, B, NOWHERE), fc.nat(20)), { maxLength: 20 }),
        (settings, sends) => {
          const play = () => {
            const world = makeWorld(settings.seed);
            world.network.addRule('latency', tenMilliseconds);
            world.network.addRule('jitter', jitter(milliseconds(20)));
            world.network.addRule('loss', loss(settings.loss));
            world.network.addRule('duplication', duplication(0.5, settings.copies));
            world.network.addRule('corruption', corruption(0.5, 3));
            world.network.addRule(
              'drop',
              dropMatching((packet) => packet.to.address === B, { first: 2, last: 3 }),
            );
            for (const [from, to, at] of sends) world.at(ms(at), () => world.send(datagram(from, to)));
            world.at(ms(15), () => world.network.setHost(B, 'down'));
            world.run(ms(settings.end));
            return world;
          };
          const world = play();
          const accounted = [...world.fates.map((fate) => fate.packet), ...world.network.underway().map((packet) => packet.id)];
          expect(accounted.sort((a, b) => a - b)).toEqual(world.sent.map((_, i) => i));
          expect(play().fates).toEqual(world.fates);
        },
      ),
      { numRuns: 50 },
    );
  });
});
