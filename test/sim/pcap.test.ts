import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, address, addressFromBytes, isIPv6 } from '../../src/base/address.ts';
import { instant } from '../../src/base/time.ts';
import { encodeFrame } from '../../src/sim/frame.ts';
import type { Outgoing } from '../../src/sim/packet.ts';
import { type Capture, looksLikeCapture, readPcap, type Sighting, writePcap } from '../../src/sim/pcap.ts';
import { flags } from '../../src/sim/segment.ts';
import { A, B, bytes, datagram } from './world.ts';

const SIX = [address('2001:db8::7'), address('2001:db8::53')] as const;

const syn = (from: Address, to: Address): Outgoing => ({
  from: { address: from, port: 40000 },
  to: { address: to, port: 80 },
  transport: 'tcp',
  payload: new Uint8Array(0),
  tcp: { sequence: 0xfffffffe, acknowledgement: 0, flags: flags('syn'), window: 65535 },
});

const anyAddress = (octets: number) => fc.uint8Array({ minLength: octets, maxLength: octets }).map((b) => addressFromBytes(b));
const port = fc.nat(0xffff);
const anyPacket: fc.Arbitrary<Outgoing> = fc
  .tuple(
    fc.constantFrom(4, 16).chain((octets) => fc.tuple(anyAddress(octets), anyAddress(octets))),
    fc.tuple(port, port, fc.uint8Array({ maxLength: 50 })),
    fc.option(
      fc.record({
        sequence: fc.nat(0xffffffff),
        acknowledgement: fc.nat(0xffffffff),
        flags: fc.record({ syn: fc.boolean(), ack: fc.boolean(), fin: fc.boolean(), rst: fc.boolean(), psh: fc.boolean() }),
        window: fc.nat(0xffff),
      }),
      { nil: undefined },
    ),
  )
  .map(([[from, to], [fromPort, toPort, payload], tcp]) => ({
    from: { address: from, port: fromPort },
    to: { address: to, port: toPort },
    transport: tcp ? 'tcp' : 'udp',
    payload,
    ...(tcp ? { tcp } : {}),
  }));

const at = (packet: Outgoing, microseconds = 0): Sighting => ({ packet, at: instant(microseconds) });

const readBack = (file: Uint8Array) => {
  const capture = readPcap(file);
  if (!capture.ok) throw new Error(capture.error.text);
  return capture;
};

const errorOf = (capture: Capture): string | undefined => (capture.ok ? capture.problem?.rule : capture.error.rule);
const problems = (capture: Capture): (string | undefined)[] => (capture.ok ? capture.frames.map((f) => f.problem?.rule) : []);

/** The ones' complement sum of 16-bit words, folded: 0xffff over anything that holds its own right checksum. */
const wordSum = (octets: Iterable<number>): number => {
  const all = [...octets];
  if (all.length % 2 === 1) all.push(0);
  let sum = 0;
  for (let i = 0; i < all.length; i += 2) sum += (all[i] as number) * 256 + (all[i + 1] as number);
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return sum;
};

describe('a written capture', () => {
  it('gives back every packet when it is read', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyPacket, fc.nat(10_000_000)), { maxLength: 6 }), (sightings) => {
        const { frames, problem } = readBack(writePcap(sightings.map(([packet, when]) => at(packet, when))));
        expect(problem).toBeUndefined();
        expect(frames).toEqual(
          sightings.map(([packet, when], i) => ({ number: i + 1, unixMicroseconds: 1_767_225_600_000_000 + when, packet })),
        );
      }),
    );
  });

  it('has right checksums: IPv4 header, UDP and TCP over both IP versions', () => {
    fc.assert(
      fc.property(anyPacket, fc.nat(0xffff), (packet, identification) => {
        const frame = encodeFrame(packet, identification);
        const six = isIPv6(packet.to.address);
        const start = six ? 54 : 34;
        const segment = frame.subarray(start);
        if (!six) expect(wordSum(frame.subarray(14, 34))).toBe(0xffff);
        const addresses = six ? frame.subarray(22, 54) : frame.subarray(26, 34);
        const protocol = packet.tcp ? 6 : 17;
        expect(wordSum([...addresses, 0, protocol, segment.length >> 8, segment.length & 0xff, ...segment])).toBe(0xffff);
      }),
    );
  });

  it('never writes a UDP checksum of zero, which would mean that there is none', () => {
    const plain = encodeFrame(datagram(A, B, '\x00\x00'), 1);
    // With the checksum of this packet as its payload, all words together sum to 0xffff, and their complement is zero.
    const payload = plain.slice(40, 42);
    expect([...encodeFrame({ ...datagram(A, B), payload }, 1).subarray(40, 42)]).toEqual([0xff, 0xff]);
  });

  it('is little-endian, of version 2.4, in microseconds, of Ethernet frames', () => {
    const file = writePcap([at(datagram(A, B), 1_500_000)], 1_000);
    expect(Buffer.from(file.subarray(0, 40)).toString('hex')).toBe(
      'd4c3b2a1020004000000000000000000000004000100000' + '0e903000020a107002f0000002f000000',
    );
  });

  it('numbers IPv4 packets, and names the maximum segment size in a SYN', () => {
    const [first, second] = readBack(writePcap([at(syn(A, B)), at(syn(...SIX))])).frames;
    expect(first?.packet).toEqual(syn(A, B));
    expect(second?.packet).toEqual(syn(...SIX));
    expect([...encodeFrame(syn(A, B), 0x10002).subarray(18, 20)]).toEqual([0, 2]);
    expect([...encodeFrame(syn(A, B), 1).subarray(-4)]).toEqual([2, 4, 0x05, 0xb4]);
    expect([...encodeFrame(syn(...SIX), 1).subarray(-4)]).toEqual([2, 4, 0x05, 0xa0]);
  });

  it('cannot hold a packet between IP versions or one longer than IP allows', () => {
    expect(() => encodeFrame(datagram(A, SIX[0]), 1)).toThrow('another IP version');
    expect(() => encodeFrame({ ...datagram(A, B), payload: new Uint8Array(65_508) }, 1)).toThrow('do not fit');
    expect(encodeFrame({ ...datagram(A, B), payload: new Uint8Array(65_507) }, 1)).toHaveLength(14 + 65_535);
  });
});

describe('reading a capture', () => {
  /** A capture of one frame, header fields in the byte order asked for. */
  const capture = (
    frame: Uint8Array,
    { little = true, magic = 0xa1b2c3d4, link = 1, fraction = 7, whole = frame.length } = {},
  ) => {
    const file = new Uint8Array(40 + frame.length);
    const view = new DataView(file.buffer);
    view.setUint32(0, magic, little);
    view.setUint16(4, 2, little);
    view.setUint16(6, 4, little);
    view.setUint32(20, link, little);
    view.setUint32(24, 9, little);
    view.setUint32(28, fraction, little);
    view.setUint32(32, frame.length, little);
    view.setUint32(36, whole, little);
    file.set(frame, 40);
    return file;
  };
  const frame = encodeFrame(datagram(A, B), 1);
  const changed = (from: Uint8Array, ...changes: readonly (readonly [number, number])[]): Uint8Array => {
    const copy = from.slice();
    for (const [offset, octet] of changes) copy[offset] = octet;
    return copy;
  };

  it('takes either byte order, microseconds and nanoseconds', () => {
    for (const little of [true, false]) {
      expect(readBack(capture(frame, { little })).frames).toEqual([
        { number: 1, unixMicroseconds: 9_000_007, packet: datagram(A, B) },
      ]);
      const nano = capture(frame, { little, magic: 0xa1b23c4d, fraction: 7_999 });
      expect(readBack(nano).frames[0]?.unixMicroseconds).toBe(9_000_007);
    }
  });

  it('finds IP after other link headers and after VLAN tags', () => {
    const ip = frame.subarray(14);
    for (const [link, length] of [
      [0, 4],
      [101, 0],
      [113, 16],
      [276, 20],
    ] as const) {
      expect(readBack(capture(Uint8Array.of(...new Uint8Array(length), ...ip), { link })).frames[0]?.packet).toEqual(
        datagram(A, B),
      );
    }
    const tagged = Uint8Array.of(...frame.subarray(0, 12), 0x81, 0, 0, 5, ...frame.subarray(12));
    expect(readBack(capture(tagged)).frames[0]?.packet).toEqual(datagram(A, B));
  });

  it('leaves out the padding after a short packet', () => {
    const padded = Uint8Array.of(...frame, ...new Uint8Array(13));
    expect(readBack(capture(padded)).frames[0]?.packet).toEqual(datagram(A, B));
  });

  it('passes over IPv6 extension headers', () => {
    const six = encodeFrame(datagram(...SIX), 1);
    const longer = Uint8Array.of(...six.subarray(0, 54), 17, 0, 0, 0, 0, 0, 0, 0, ...six.subarray(54));
    const extended = changed(longer, [19, (six[19] as number) + 8], [20, 60]);
    expect(readBack(capture(extended)).frames[0]?.packet).toEqual(datagram(...SIX));
  });

  it('says of each frame why it holds no packet', () => {
    const cases: [string, Uint8Array][] = [
      ['other-protocol', changed(frame, [12, 0x08], [13, 0x06])],
      ['other-protocol', changed(frame, [23, 1])],
      ['fragment', changed(frame, [20, 0x20])],
      ['malformed', changed(frame, [39, 99])],
      ['malformed', changed(frame, [14, 0x44])],
      ['malformed', changed(encodeFrame(syn(A, B), 1), [46, 0xf0])],
      ['malformed', frame.subarray(0, 13)],
      ['malformed', frame.subarray(0, 14)],
      ['malformed', encodeFrame(datagram(...SIX), 1).subarray(0, 50)],
    ];
    for (const [rule, octets] of cases) expect(problems(readPcap(capture(octets)))).toEqual([rule]);
    expect(problems(readPcap(capture(frame.subarray(0, 40), { whole: frame.length })))).toEqual(['cut-short']);
  });

  it('says of each file why it is no capture that can be read', () => {
    const good = capture(frame);
    expect(errorOf(readPcap(new Uint8Array(0)))).toBe('not-a-capture');
    expect(errorOf(readPcap(bytes('plainly not one')))).toBe('not-a-capture');
    expect(errorOf(readPcap(Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28)))).toBe('pcapng');
    expect(errorOf(readPcap(good.subarray(0, 20)))).toBe('cut-short');
    expect(errorOf(readPcap(capture(frame, { link: 147 })))).toBe('link-type');
    expect(errorOf(readPcap(changed(good, [4, 3])))).toBe('version');
  });

  it('knows a capture from other files by its beginning', () => {
    expect(
      [capture(frame), capture(frame, { little: false }), Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a)].map(looksLikeCapture),
    ).toEqual([true, true, true]);
    expect([bytes('d4c3b2a1'), new Uint8Array(0)].map(looksLikeCapture)).toEqual([false, false]);
  });

  it('gives the frames before the place where the file ends too soon', () => {
    const file = writePcap([at(datagram(A, B)), at(syn(A, B))]);
    for (const cut of [1, 60, 70]) {
      const read = readBack(file.subarray(0, file.length - cut));
      expect(read.frames).toHaveLength(1);
      expect(read.problem?.rule).toBe('cut-short');
    }
  });

  it('gives an outcome for any octets whatever', () => {
    const valid = fc.array(anyPacket, { minLength: 1, maxLength: 4 }).map((packets) => writePcap(packets.map((p) => at(p))));
    const change = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(valid, fc.array(change, { maxLength: 8 }), fc.nat(), (file, changes, end) => {
        const mutated = file.slice(0, end % 2 ? file.length : end % file.length);
        for (const [offset, octet] of changes) mutated[offset % Math.max(1, mutated.length)] = octet;
        const read = readPcap(mutated);
        const frames = read.ok ? read.frames : [];
        for (const { packet, problem } of frames) expect((packet === undefined) !== (problem === undefined)).toBe(true);
        if (!read.ok) expect(read.error.text).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });
});
