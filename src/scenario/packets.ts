/** Which packets a line of a scenario means, told from the octets while they are sent. */
import type { Address } from '../base/address.ts';
import { isIPv6 } from '../base/address.ts';
import type { Message } from '../dns/message.ts';
import { decode } from '../dns/wire/decode.ts';
import type { Packet } from '../sim/packet.ts';
import type { Matching } from '../sim/rules.ts';
import { dnsKind, segmentKind } from '../trace/describe.ts';
import { actorNames } from '../trace/occurrences.ts';
import { differences, type Selector } from '../trace/pattern.ts';
import type { FieldValue } from '../trace/patternFields.ts';
import type { LivingWorld } from './world.ts';

/** A test for packets that fit a selector of subject "packet". */
export function packetMatcher(selector: Selector, world: LivingWorld): Matching {
  const hosts = new Map(world.hosts.flatMap((host) => host.addresses.map((at) => [at, host] as const)));
  const namesAt = (at: Address, dns: Message | undefined): readonly string[] => {
    const host = hosts.get(at);
    return host ? actorNames(host, dns) : [at];
  };
  return (packet) => {
    const dns = messageIn(packet);
    const fields: { [field: string]: FieldValue } = {
      kind: dns ? dnsKind(dns) : packet.transport === 'tcp' ? textKind(packet) : 'malformed',
      transport: packet.transport,
      from: namesAt(packet.from.address, dns),
      to: namesAt(packet.to.address, dns),
      source: packet.from.address,
      family: isIPv6(packet.to.address) ? 6 : 4,
      port: packet.to.port,
      bytes: packet.payload.length,
      name: dns?.question[0]?.name,
      type: dns?.question[0]?.type,
    };
    return differences(fields, selector).length === 0;
  };
}

/** The DNS message in a datagram, or at the beginning of a segment to or from port 53. */
function messageIn({ transport, payload, from, to }: Packet): Message | undefined {
  if (payload.length < 12 || (from.port !== 53 && to.port !== 53)) return undefined;
  const decoded = decode(transport === 'tcp' ? payload.subarray(2) : payload);
  return decoded.ok ? decoded.message : undefined;
}

function textKind(packet: Packet): string {
  if (packet.payload.length === 0) return segmentKind(packet).kind;
  if (packet.to.port === 80) return 'http-request';
  return packet.from.port === 80 ? 'http-response' : packet.to.port === 25 || packet.from.port === 25 ? 'smtp' : 'tls';
}
