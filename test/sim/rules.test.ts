import { describe, expect, it } from 'vitest';
import { address, cidr } from '../../src/base/address.ts';
import { milliseconds, START } from '../../src/base/time.ts';
import type { Packet, PacketId } from '../../src/sim/packet.ts';
import * as rules from '../../src/sim/rules.ts';
import { A, B, bytes, datagram, ms } from './world.ts';

const packet = (from = A, to = B, text = 'hello'): Packet => ({ ...datagram(from, to, text), id: 1 as PacketId, sentAt: START });
const drawing = (n: number) => () => n;
const delayOf = (rule: rules.Rule, from = A, to = B) => rule(packet(from, to), START, drawing(0))?.delay;
const other = address('198.18.1.7');
const six = [address('2001:db8::7'), address('2001:db8::53')] as const;

describe('latency', () => {
  const place = (a: string) => (a.startsWith('198.18.0.') ? 'city' : a.startsWith('198.18.1.') ? 'coast' : undefined);

  it('is the same there and back', () => {
    const rule = rules.latency([{ ends: [A, B], delay: milliseconds(4) }]);
    expect([delayOf(rule, A, B), delayOf(rule, B, A)]).toEqual([4000, 4000]);
  });

  it('goes by places, and by addresses where those are named', () => {
    const rule = rules.latency(
      [
        { ends: ['city', 'city'], delay: milliseconds(2) },
        { ends: ['city', 'coast'], delay: milliseconds(30) },
        { ends: [B, 'coast'], delay: milliseconds(25) },
        { ends: [A, B], delay: milliseconds(1) },
      ],
      place,
    );
    expect(delayOf(rule, A, B)).toBe(1000);
    expect(delayOf(rule, A, A)).toBe(2000);
    expect(delayOf(rule, A, other)).toBe(30_000);
    expect(delayOf(rule, other, B)).toBe(25_000);
  });

  it('takes an address with any other end before two places', () => {
    const ways: rules.Way[] = [
      { ends: ['city', 'coast'], delay: milliseconds(30) },
      { ends: [other, '*'], delay: milliseconds(9) },
    ];
    expect(delayOf(rules.latency(ways, place), A, other)).toBe(9000);
    expect(delayOf(rules.latency(ways, place, milliseconds(7)), A, B)).toBe(7000);
  });
});

describe('jitter', () => {
  it('adds between nothing and the most, both included', () => {
    const rule = rules.jitter(milliseconds(3));
    expect(rule(packet(), START, drawing(0))?.delay).toBe(0);
    expect(rule(packet(), START, drawing(0.999999))?.delay).toBe(3000);
  });
});

describe('loss', () => {
  it('loses a packet when the draw falls below the probability', () => {
    expect(rules.loss(0.3)(packet(), START, drawing(0.29))?.drop?.rule).toBe('loss');
    expect(rules.loss(0.3)(packet(), START, drawing(0.3))).toBeUndefined();
    expect(rules.loss(1, () => false)(packet(), START, drawing(0))).toBeUndefined();
  });
});

describe('a partition', () => {
  const drops = (cut: rules.Cut, p: Packet, at = START) => rules.partition(cut)(p, at, drawing(0))?.drop?.rule === 'partition';

  it('cuts both directions between the two sets, and nothing inside one', () => {
    const cut: rules.Cut = { between: [[A], [cidr(B, 32), other]] };
    expect([drops(cut, packet(A, B)), drops(cut, packet(B, A)), drops(cut, packet(A, other))]).toEqual([true, true, true]);
    expect(drops(cut, packet(B, other))).toBe(false);
  });

  it('lasts from its first instant up to, and without, its end', () => {
    const cut: rules.Cut = { between: [[A], [B]], from: ms(10), until: ms(20) };
    expect([9, 10, 19, 20].map((n) => drops(cut, packet(), ms(n)))).toEqual([false, true, true, false]);
  });

  it('may be for one transport or one IP version', () => {
    expect(drops({ between: [[A], [B]], transport: 'tcp' }, packet())).toBe(false);
    expect(drops({ between: [[A], [B]], transport: 'udp' }, packet())).toBe(true);
    const all = [cidr(A, 0), cidr(six[0], 0)];
    expect(drops({ between: [all, all], family: 6 }, packet(A, B))).toBe(false);
    expect(drops({ between: [all, all], family: 6 }, packet(...six))).toBe(true);
    expect(drops({ between: [all, all], family: 4 }, packet(...six))).toBe(false);
  });
});

describe('corruption', () => {
  it('turns over exactly as many bits as asked, even when it draws one bit twice', () => {
    const verdict = rules.corruption(1, 3)(packet(), START, drawing(0.5));
    const turned = [...(verdict?.bytes ?? [])].map((octet, i) => octet ^ (bytes('hello')[i] as number));
    expect(turned.map((o) => o.toString(2).replaceAll('0', '').length).reduce((a, b) => a + b)).toBe(3);
  });

  it('turns over no more bits than there are, and leaves an empty payload alone', () => {
    expect(rules.corruption(1, 99)(packet(A, B, '\x00'), START, drawing(0))?.bytes).toEqual(Uint8Array.of(255));
    expect(rules.corruption(1, 1)(packet(A, B, ''), START, drawing(0))).toBeUndefined();
  });

  it('never touches the bytes that were sent', () => {
    const sent = packet();
    rules.corruption(1, 8)(sent, START, drawing(0.2));
    expect(sent.payload).toEqual(bytes('hello'));
  });
});

describe('a slow link', () => {
  it('takes as long as the packet and its headers are, and makes the next one wait', () => {
    const rule = rules.slowLink(8_000);
    const takes = (p: Packet) => rule(p, START, drawing(0))?.delay;
    expect(takes(packet())).toBe((5 + 28) * 1000);
    expect(takes(packet())).toBe(2 * (5 + 28) * 1000);
    expect(takes(packet(B, A))).toBe((5 + 28) * 1000);
  });
});

describe('a rule for chosen packets', () => {
  const toB = (p: Packet) => p.to.address === B;

  it('drops the first one that matches, and no other', () => {
    const rule = rules.dropMatching(toB);
    const outcome = [packet(B, A), packet(), packet()].map((p) => rule(p, START, drawing(0))?.drop?.rule);
    expect(outcome).toEqual([undefined, 'dropped-on-purpose', undefined]);
  });

  it('delays the occurrences it is told to', () => {
    const rule = rules.delayMatching(toB, milliseconds(50), { first: 2, last: 3 });
    expect([1, 2, 3, 4].map(() => rule(packet(), START, drawing(0))?.delay)).toEqual([undefined, 50_000, 50_000, undefined]);
  });
});
