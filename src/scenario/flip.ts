/** A response that arrives otherwise than it was sent: what a signature is there to show. */
import type { Address } from '../base/address.ts';
import { reason } from '../base/reason.ts';
import type { ResourceRecord } from '../dns/record.ts';
import { dataOf } from '../dns/record.ts';
import { decode } from '../dns/wire/decode.ts';
import { encode } from '../dns/wire/encode.ts';
import type { Matching, Rule } from '../sim/rules.ts';

/** In the next `times` datagrams that fit, the last bit of the first IPv4 address among the answers is turned over. */
export function flipAddress(matching: Matching, times: number): Rule {
  let seen = 0;
  return (packet) => {
    if (seen >= times || packet.transport !== 'udp' || !matching(packet)) return undefined;
    const bytes = withOtherAddress(packet.payload);
    if (!bytes) return undefined;
    seen++;
    return { bytes, reason: FLIPPED };
  };
}

const FLIPPED = reason('flipped', 'On the way, one bit of the address in it is turned over.');

function withOtherAddress(payload: Uint8Array): Uint8Array | undefined {
  const decoded = decode(payload);
  if (!decoded.ok) return undefined;
  const { message } = decoded;
  const place = message.answer.findIndex((r) => dataOf(r, 'A') !== undefined);
  const found = message.answer[place];
  const address = found && dataOf(found, 'A')?.address;
  if (!found || address === undefined) return undefined;
  const other = { ...found, data: { address: neighbourOf(address) } } as ResourceRecord;
  return encode({ ...message, answer: message.answer.with(place, other) });
}

function neighbourOf(address: Address): Address {
  const [a, b, c, d] = address.split('.').map(Number);
  return [a, b, c, (d as number) ^ 1].join('.') as Address;
}
